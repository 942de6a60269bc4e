/* smooth_keys.c: smoothing in the words of people: methods, weights, units. */
#include "maps/smooth_keys.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* At 0 a field changes nothing; nine votes keep every centre. */
static const struct range {
	double low, high;
} weights[] = {[LU_SMOOTH_NONE] = {0, 9}, [LU_SMOOTH_MRF] = {1e-6, 100}, [LU_SMOOTH_PLURALITY] = {0, 9}};

const char *const lu_smooth_methods[] = {
	[LU_SMOOTH_NONE] = "none", [LU_SMOOTH_MRF] = "mrf", [LU_SMOOTH_PLURALITY] = "plurality", NULL};

void lu_smooth_weights(enum lu_smoothing_method method, double *low, double *high)
{
	*low = weights[method].low;
	*high = weights[method].high;
}

static bool weight_fits(const struct lu_smoothing *keys)
{
	return keys->weight >= weights[keys->method].low && keys->weight <= weights[keys->method].high;
}

enum lu_status lu_smoothing_parse(const char *text, struct lu_smoothing *out, struct lu_error *err)
{
	const size_t length = strcspn(text, ":");
	struct lu_smoothing keys = *out;
	char *end = NULL;

	keys.method = LU_SMOOTH_NONE;
	for (size_t k = LU_SMOOTH_NONE + 1; k < COUNT(weights); k++)
		if (strlen(lu_smooth_methods[k]) == length && strncmp(lu_smooth_methods[k], text, length) == 0)
			keys.method = (enum lu_smoothing_method)k;
	keys.weight = text[length] == ':' ? strtod(text + length + 1, &end) : 1;
	if (keys.method == LU_SMOOTH_NONE || (end != NULL && (end == text + length + 1 || *end != '\0')) ||
	    !weight_fits(&keys))
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"smoothing is '%s', it should be plurality or plurality:WEIGHT with a weight of 0 to 9, or "
			"mrf:WEIGHT with one of up to 100",
			text);
	*out = keys;
	return LU_OK;
}

/* A unit in cells or in hectares, or none. */
static bool unit_fits(const struct lu_smoothing *keys)
{
	const bool cells = keys->min_cells != 0, hectares = keys->min_hectares != 0;

	return !(cells && hectares) &&
	       (!cells || (keys->min_cells >= LU_SMOOTH_LEAST_CELLS && keys->min_cells <= LU_SMOOTH_MOST_CELLS)) &&
	       (!hectares ||
		(keys->min_hectares >= LU_SMOOTH_LEAST_HECTARES && keys->min_hectares <= LU_SMOOTH_MOST_HECTARES));
}

enum lu_status lu_mapping_unit_parse(const char *text, struct lu_smoothing *out, struct lu_error *err)
{
	struct lu_smoothing keys = *out;
	char *end;
	const double number = strtod(text, &end);
	bool sound = end != text && number > 0 && number <= LU_SMOOTH_MOST_CELLS;

	end += sound ? strspn(end, " ") : 0;
	const bool hectares = sound && strcasecmp(end, "ha") == 0;
	keys.min_hectares = hectares ? number : 0;
	keys.min_cells = sound && !hectares ? (int)number : 0;
	sound = sound && unit_fits(&keys) && (hectares || (*end == '\0' && (double)keys.min_cells == number));
	if (!sound)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "minimum mapping unit is '%s', it should be " LU_SMOOTH_UNIT_FORM, text);
	*out = keys;
	return LU_OK;
}

enum lu_status lu_smoothing_check(const struct lu_smoothing *keys, struct lu_error *err)
{
	if (keys->method != LU_SMOOTH_NONE && !weight_fits(keys))
		return lu_fail(err, LU_ERROR_ARGUMENT, "smoothing has a weight of %g, it should be %g to %g",
			       keys->weight, weights[keys->method].low, weights[keys->method].high);
	if (!unit_fits(keys))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "minimum mapping unit is %d cells and %g ha, it should be " LU_SMOOTH_UNIT_FORM,
			       keys->min_cells, keys->min_hectares);
	if (keys->corners && keys->min_cells == 0 && keys->min_hectares == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "corners join the cells of a minimum mapping unit, and none is named");
	return LU_OK;
}

bool lu_smooth_wanted(const struct lu_smoothing *keys)
{
	return keys->method != LU_SMOOTH_NONE || keys->min_cells > 0 || keys->min_hectares > 0;
}
