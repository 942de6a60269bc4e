/* map_classes.c: bands counted, and zeros that seem to be a class. See map_classes.h. */
#include "raster/map_classes.h"

#include <stdio.h>

#include "base/hooks.h"
#include "base/words.h"

/* A band of classes alone, or with the alpha that says where it holds. */
static enum lu_status check_bands(const char *path, const struct lu_map *map, struct lu_error *err)
{
	const int bands = lu_map_bands(map);

	if (bands == 1 || (bands == 2 && lu_map_has_alpha(map)))
		return LU_OK;
	return lu_fail(
		err, LU_ERROR_MISMATCH,
		"%s: has %d bands, a class map has one (a picture of a map, or imagery? export the raw data; one band "
		"of several: gdal_translate -b 1)",
		path, bands);
}

bool lu_map_names_nothing(const char *name)
{
	static const char *const words[] = {"",         "0",       "unclassified", "not classified", "background",
					    "no data",  "nodata",  "no-data",      "not mapped",     "unmapped",
					    "no class", "class 0", "unknown",      "undefined",      "none",
					    "outside",  "masked",  "fill",         "fill value",     "missing",
					    "null",     "na",      "n/a",          "empty"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lu_same_name(name, words[i]))
			return true;
	return false;
}

/* The number that class 0 could have: the highest below 100 that no cell has. */
static int free_number(const struct lu_map_zeros *zeros)
{
	int number = 99;

	while (number > 1 && zeros->seen[number])
		number--;
	return number;
}

static enum lu_status warn_of_zeros(const char *path, struct lu_map *map, const struct lu_hooks *hooks,
				    struct lu_error *err)
{
	const char *name = lu_map_class_name(map, 0);
	const bool named = name != NULL && !lu_map_names_nothing(name);
	const struct lu_frame *frame = lu_map_frame(map);
	struct lu_map_zeros zeros;
	double nodata = 0;
	const bool declared = lu_map_nodata(map, &nodata);
	char why[200];

	/* The file says itself that 0 is none, or says nothing of it. */
	if ((declared && nodata == 0) || (!named && (!declared || name != NULL)))
		return LU_OK;
	const enum lu_status status = lu_map_count_zeros(map, &zeros, err);
	if (status != LU_OK || zeros.cells == 0)
		return status;
	if (named)
		snprintf(why, sizeof(why), "which the file calls '%.150s'", name);
	else
		snprintf(why, sizeof(why), "and the file's nodata value is %g", nodata);
	lu_log(hooks, LU_LEVEL_WARNING,
	       "%s: %llu of %lld cells have value 0, %s: 0 is never a class, so they are left out as not mapped (to "
	       "keep "
	       "them, give them another number: gdal_calc.py -A %s --calc \"where(A==0,%d,A)\" --outfile NEW.tif)",
	       path, (unsigned long long)zeros.cells, (long long)(frame->width * frame->height), why, path,
	       free_number(&zeros));
	return LU_OK;
}

enum lu_status lu_map_open_classes(const char *path, const struct lu_hooks *hooks, struct lu_map **out,
				   struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_map_open(path, out, err));
	LU_TRY(check_bands(path, *out, err));
	LU_TRY(warn_of_zeros(path, *out, hooks, err));
out:
	if (status != LU_OK) {
		lu_map_close(*out);
		*out = NULL;
	}
	return status;
}
