/* same_grid.c: corners, coordinate systems and schemes compared with each other. */
#include "maps/same_grid.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "grid/date_labels.h"
#include "raster/crs.h"

/* Corners may differ by this part of a cell: what text forms of a georeference round away. */
static const double same_corner = 1e-3;

enum lu_status lu_same_grid(const struct lu_map *first, const char *first_path, const struct lu_map *second,
			    const char *second_path, struct lu_error *err)
{
	const struct lu_frame *a = lu_map_frame(first), *b = lu_map_frame(second);
	const double tolerance = same_corner * fabs(a->transform[1]);
	const double far_a = a->transform[0] + (double)a->width * a->transform[1];
	const double far_b = b->transform[0] + (double)b->width * b->transform[1];
	const double low_a = a->transform[3] + (double)a->height * a->transform[5];
	const double low_b = b->transform[3] + (double)b->height * b->transform[5];
	static const char remedy[] = "warp one to the other's grid first (gdalwarp -r mode -t_srs -te -ts)";

	if (a->width != b->width || a->height != b->height)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: %lld x %lld cells, %s has %lld x %lld (%s)", second_path,
			       (long long)b->width, (long long)b->height, first_path, (long long)a->width,
			       (long long)a->height, remedy);
	if ((a->crs_wkt != NULL && a->crs_wkt[0] != '\0') != (b->crs_wkt != NULL && b->crs_wkt[0] != '\0') ||
	    (a->crs_wkt != NULL && a->crs_wkt[0] != '\0' && !lu_crs_same(a->crs_wkt, b->crs_wkt)))
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: another coordinate system than %s (%s)", second_path,
			       first_path, remedy);
	if (fabs(a->transform[0] - b->transform[0]) > tolerance ||
	    fabs(a->transform[3] - b->transform[3]) > tolerance || fabs(far_a - far_b) > tolerance ||
	    fabs(low_a - low_b) > tolerance)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: its corners differ from those of %s (%s)", second_path,
			       first_path, remedy);
	return LU_OK;
}

/* Is 'map' of the very date that another map was normalised to ("to 2016 by regression")? */
static bool is_reference(const struct lu_map *map, const char *normalised)
{
	static const char to[] = "to ", by[] = " by ";
	const char *date = lu_map_metadata(map, "LANDUSE_DATE");
	const size_t length = date != NULL ? strlen(date) : 0;

	return length > 0 && strncmp(normalised, to, strlen(to)) == 0 &&
	       strncmp(normalised + strlen(to), date, length) == 0 &&
	       strncmp(normalised + strlen(to) + length, by, strlen(by)) == 0;
}

/* Two flights as they were, two normalised to one, or one normalised to the other's. */
static enum lu_status same_light(const struct lu_map *first, const char *first_path, const struct lu_map *second,
				 const char *second_path, struct lu_error *err)
{
	const char *a = lu_map_metadata(first, "LANDUSE_NORMALISED"),
		   *b = lu_map_metadata(second, "LANDUSE_NORMALISED");

	if ((a == NULL && b == NULL) || (a != NULL && b != NULL && strcmp(a, b) == 0) ||
	    (a == NULL && is_reference(first, b)) || (b == NULL && is_reference(second, a)))
		return LU_OK;
	return lu_fail(
		err, LU_ERROR_MISMATCH,
		"%s: its imagery was normalised otherwise (%.80s) than that of %s (%.80s): differences would not be "
		"change alone (map both dates in one job, with one 'normalise' or none)",
		second_path, b != NULL ? b : "not at all", first_path, a != NULL ? a : "not at all");
}

enum lu_status lu_same_scheme(const struct lu_map *first, const char *first_path, const struct lu_map *second,
			      const char *second_path, struct lu_error *err)
{
	static const char *const keys[] = {"LANDUSE_SCHEME", "LANDUSE_SCHEME_VERSION", "LANDUSE_MODEL_SHA256"};
	static const char *const words[] = {"class scheme", "version of the class scheme", "model"};

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		const char *a = lu_map_metadata(first, keys[k]);
		const char *b = lu_map_metadata(second, keys[k]);
		if (a != NULL && b != NULL && strcmp(a, b) != 0)
			return lu_fail(err, LU_ERROR_MISMATCH,
				       "%s: made with another %s (%.40s) than %s (%.40s): differences would not be "
				       "change (map both dates in one job)",
				       second_path, words[k], b, first_path, a);
	}
	/* Of maps that are not ours nothing is known of how they were made. */
	if (lu_map_metadata(first, "LANDUSE_SOFTWARE") == NULL || lu_map_metadata(second, "LANDUSE_SOFTWARE") == NULL)
		return LU_OK;
	const char *a = lu_map_metadata(first, "LANDUSE_SMOOTHED"), *b = lu_map_metadata(second, "LANDUSE_SMOOTHED");
	if ((a != NULL || b != NULL) && (a == NULL || b == NULL || strcmp(a, b) != 0))
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: smoothed otherwise (%.80s) than %s (%.80s): differences would not be change alone "
			       "(compare the maps called landuse_raw.tif, or smooth both alike)",
			       second_path, b != NULL ? b : "not at all", first_path, a != NULL ? a : "not at all");
	return same_light(first, first_path, second, second_path, err);
}

char *lu_map_date(const struct lu_map *map, const char *path)
{
	static const char blanks[] = " \t\r\n";
	const char *stated = lu_map_metadata(map, "LANDUSE_DATE"), *name = lu_path_name(path);

	if (stated == NULL)
		return lu_date_label_of(name, strcspn(name, "."));
	stated += strspn(stated, blanks);
	size_t length = strlen(stated);
	while (length > 0 && strchr(blanks, stated[length - 1]) != NULL)
		length--;
	return lu_strndup(stated, length);
}

enum lu_status lu_same_order(const struct lu_map *first, const char *first_path, const struct lu_map *second,
			     const char *second_path, struct lu_error *err)
{
	char *dates[2] = {lu_map_date(first, first_path), lu_map_date(second, second_path)};
	enum lu_status status = dates[0] != NULL && dates[1] != NULL
					? lu_date_labels_order((const char *const *)dates, 2, "maps", err)
					: lu_fail(err, LU_ERROR_MEMORY, "out of memory: dates");

	lu_free(dates[0]);
	lu_free(dates[1]);
	return status;
}
