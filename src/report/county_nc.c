/* county_nc.c: rows of the maps of every date, into raster/stack.h. See county_nc.h. */
#include "report/county_nc.h"

#include <math.h>

#include "base/memory.h"
#include "grid/date_labels.h"
#include "raster/map.h"
#include "raster/stack.h"

enum { NOT_MAPPED = 255 };

struct reading {
	struct lu_map **maps, **sure; /* one a date */
	size_t dates;
	int64_t width;
	uint16_t *row;
};

static enum lu_status read_rows(void *user, size_t date, int64_t row0, int64_t rows, uint8_t *classes, uint8_t *percent,
				struct lu_error *err)
{
	struct reading *r = user;
	enum lu_status status = LU_OK;

	for (int64_t i = 0; i < rows; i++, classes += r->width, percent += r->width) {
		LU_TRY(lu_map_read_rows(r->maps[date], row0 + i, 1, r->row, err));
		for (int64_t k = 0; k < r->width; k++)
			classes[k] = (uint8_t)r->row[k];
		LU_TRY(lu_map_read_rows(r->sure[date], row0 + i, 1, r->row, err));
		for (int64_t k = 0; k < r->width; k++)
			percent[k] = classes[k] != 0 ? (uint8_t)r->row[k] : NOT_MAPPED;
	}
out:
	return status;
}

static enum lu_status open_map(const char *folder, const char *date, const char *name, struct lu_map **out,
			       struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s/%s", folder, date, name);
	const enum lu_status status =
		path != NULL ? lu_map_open(path, out, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	lu_free(path);
	return status;
}

/* Days from 1970-01-01 to the first of January of a year, in the Gregorian calendar. */
static double days_to(int year)
{
	const int y = year - 1;

	return 365.0 * (year - 1970) + (y / 4 - y / 100 + y / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

/* The time that a label states; false: none. A year alone is its middle. */
static bool day_of(const char *label, double *day)
{
	const double time = lu_date_label_year(label);
	const int year = (int)floor(time);

	if (time < 0)
		return false;
	*day = floor(days_to(year) + (time - year) * (days_to(year + 1) - days_to(year)) + 0.5);
	return true;
}

static enum lu_status write_stack(const char *folder, const struct lu_county_statistics *s, struct reading *r,
				  struct lu_error *err)
{
	const char **labels = NULL;
	double *days = NULL;
	bool timed = true;
	char *path = lu_sprintf("%s/" LU_COUNTY_NC, folder),
	     *title = lu_sprintf("Land use of %s", s->county_name != NULL ? s->county_name : "the county"),
	     *source = lu_sprintf("landuse %s, model %s, class scheme %s", s->software_version,
				  s->model_name != NULL ? s->model_name : "-",
				  s->scheme_name != NULL ? s->scheme_name : "-");
	enum lu_status status;

	LU_TRY(path != NULL && title != NULL && source != NULL
		       ? LU_OK
		       : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_alloc(&labels, s->date_count, sizeof(*labels), "dates", err));
	LU_TRY(lu_alloc(&days, s->date_count, sizeof(*days), "dates", err));
	for (size_t i = 0; i < s->date_count; i++) {
		labels[i] = s->dates[i].label;
		timed = day_of(labels[i], &days[i]) && timed;
	}
	const struct lu_stack_spec spec = {.frame = s->cells,
					   .labels = labels,
					   .days = timed ? days : NULL,
					   .dates = s->date_count,
					   .classes = s->classes,
					   .class_count = s->class_count,
					   .title = title,
					   .source = source};
	LU_TRY(lu_stack_write(path, &spec, read_rows, r, err));
out:
	lu_free((void *)(uintptr_t)labels);
	lu_free(days);
	lu_free(path);
	lu_free(title);
	lu_free(source);
	return status;
}

enum lu_status lu_county_nc_write(const char *folder, const struct lu_county_statistics *statistics,
				  struct lu_error *err)
{
	const size_t dates = statistics->date_count;
	struct reading r = {.dates = dates, .width = statistics->cells->width};
	enum lu_status status;

	LU_TRY(lu_alloc(&r.maps, dates, sizeof(struct lu_map *), "maps", err));
	LU_TRY(lu_alloc(&r.sure, dates, sizeof(struct lu_map *), "maps", err));
	LU_TRY(lu_alloc(&r.row, (size_t)r.width, sizeof(*r.row), "a row", err));
	for (size_t i = 0; i < dates; i++) {
		LU_TRY(open_map(folder, statistics->dates[i].label, "landuse.tif", &r.maps[i], err));
		LU_TRY(open_map(folder, statistics->dates[i].label, "confidence.tif", &r.sure[i], err));
	}
	LU_TRY(write_stack(folder, statistics, &r, err));
out:
	for (size_t i = 0; i < dates && r.maps != NULL && r.sure != NULL; i++) {
		lu_map_close(r.maps[i]);
		lu_map_close(r.sure[i]);
	}
	lu_free(r.maps);
	lu_free(r.sure);
	lu_free(r.row);
	return status;
}
