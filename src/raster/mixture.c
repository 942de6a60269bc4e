/*
 * mixture.c: files of one date that are of different resolutions, or were flown in different seasons.
 *
 * Both are read as they are asked for, and both make maps that differ from file to file for no reason on the ground. The
 * day of a flight is told by names alone, as NAIP's (m_4209363_nw_15_1_20100623.tif): the date in a TIFF is mostly
 * that of its last conversion.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/ground.h"
#include "raster/imagery_internal.h"

/* Resolutions of a larger ratio differ; flights that are further apart, in days, were in another season. */
static const double same_resolution = 1.2;
enum { SAME_SEASON = 92 };

static double step_of(const struct lu_member *member)
{
	return hypot(member->transform[1], member->transform[4]);
}

/* Metres of a pixel of the member's, where all of its CRS have the same. */
static enum lu_status ground_of(const struct lu_imagery *imagery, const struct lu_member *member, double *gsd_m,
				struct lu_error *err)
{
	struct lu_frame frame = {
		.crs_wkt = imagery->crs[member->crs], .width = member->width, .height = member->height};

	memcpy(frame.transform, member->transform, sizeof(frame.transform));
	return lu_frame_gsd_m(&frame, gsd_m, err);
}

static enum lu_status note_resolutions(struct lu_imagery *imagery, struct lu_error *err)
{
	const struct lu_member *first = &imagery->members[0], *other = NULL;
	double *per_step = NULL, first_m = 0, other_m = 0;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&per_step, imagery->crs_count, sizeof(*per_step), "resolutions", err));
	for (size_t i = 0; i < imagery->count; i++) {
		const struct lu_member *member = &imagery->members[i];
		double *metres = &per_step[member->crs];
		if (*metres <= 0) {
			LU_TRY(ground_of(imagery, member, metres, err));
			*metres /= step_of(member);
		}
		const double gsd_m = *metres * step_of(member);
		first_m = i == 0 ? gsd_m : first_m;
		if (fmax(gsd_m, first_m) <= same_resolution * fmin(gsd_m, first_m))
			continue;
		other = count++ == 0 ? member : other;
		other_m = count == 1 ? gsd_m : other_m;
	}
	if (other != NULL) {
		char more[48] = "";
		if (count > 1)
			snprintf(more, sizeof(more), " (and %zu more)", count - 1);
		status = lu_imagery_add_note(imagery, LU_LEVEL_WARNING,
					     lu_sprintf("%s has pixels of %.3g m, %s%s of %.3g m: all are read at the "
							"first one's (list one resolution a date)",
							first->path, first_m, other->path, more, other_m),
					     err);
	}
out:
	lu_free(per_step);
	return status;
}

/* Days of the proleptic Gregorian calendar, counted from some day. */
static int day_number(int year, int month, int day)
{
	const int y = month > 2 ? year : year - 1, m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day;
}

/* The first eight digits in a row that are a day, of a file's name; 0: there are none. */
static int flown(const char *path, char day[16])
{
	static const char digits[] = "0123456789";

	for (const char *c = strpbrk(lu_path_name(path), digits); c != NULL; c = strpbrk(c, digits)) {
		const size_t length = strspn(c, digits);
		int year, month, date;
		if (length == 8 && sscanf(c, "%4d%2d%2d", &year, &month, &date) == 3 && year >= 1930 && year < 2100 &&
		    month >= 1 && month <= 12 && date >= 1 && date <= 31) {
			snprintf(day, 16, "%04d-%02d-%02d", year, month, date);
			return day_number(year, month, date);
		}
		c += length;
	}
	return 0;
}

static enum lu_status note_seasons(struct lu_imagery *imagery, struct lu_error *err)
{
	const struct lu_member *first = NULL, *last = NULL;
	int earliest = 0, latest = 0;
	char from[16] = "", to[16] = "", day[16];

	for (size_t i = 0; i < imagery->count; i++) {
		const int number = flown(imagery->members[i].path, day);
		if (number == 0)
			continue;
		if (first == NULL || number < earliest) {
			first = &imagery->members[i];
			earliest = number;
			memcpy(from, day, sizeof(day));
		}
		if (last == NULL || number > latest) {
			last = &imagery->members[i];
			latest = number;
			memcpy(to, day, sizeof(day));
		}
	}
	if (latest - earliest <= SAME_SEASON)
		return LU_OK;
	return lu_imagery_add_note(
		imagery, LU_LEVEL_WARNING,
		lu_sprintf("%s is of %s and %s of %s, by their names: another season looks like another "
			   "kind of land (list one flight a date)",
			   first->path, from, last->path, to),
		err);
}

enum lu_status lu_imagery_note_mixture(struct lu_imagery *imagery, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(note_resolutions(imagery, err));
	LU_TRY(note_seasons(imagery, err));
out:
	return status;
}
