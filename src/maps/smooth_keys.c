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

void lu_smooth_weights(enum lu_smooth_method method, double *low, double *high)
{
	*low = weights[method].low;
	*high = weights[method].high;
}

/* "plurality:3" or, for weight 1, "plurality". */
static bool parse_method(const char *text, struct lu_smooth_keys *keys)
{
	const size_t length = strcspn(text, ":");
	char *end = NULL;

	for (size_t k = LU_SMOOTH_NONE + 1; k < COUNT(weights); k++)
		if (strlen(lu_smooth_methods[k]) == length && strncmp(lu_smooth_methods[k], text, length) == 0)
			keys->method = (enum lu_smooth_method)k;
	keys->weight = text[length] == ':' ? strtod(text + length + 1, &end) : 1;
	return keys->method != LU_SMOOTH_NONE && (end == NULL || (end != text + length + 1 && *end == '\0')) &&
	       keys->weight >= weights[keys->method].low && keys->weight <= weights[keys->method].high;
}

bool lu_smooth_unit_parse(const char *text, struct lu_smooth_keys *keys)
{
	char *end;
	const double number = strtod(text, &end);

	if (end != text)
		end += strspn(end, " ");
	if (end != text && strcasecmp(end, "ha") == 0) {
		keys->min_hectares = number;
		return number >= LU_SMOOTH_LEAST_HECTARES && number <= LU_SMOOTH_MOST_HECTARES;
	}
	keys->min_cells = number >= LU_SMOOTH_LEAST_CELLS && number <= LU_SMOOTH_MOST_CELLS ? (int)number : 0;
	return end != text && *end == '\0' && keys->min_cells > 0 && (double)keys->min_cells == number;
}

enum lu_status lu_smooth_keys_parse(const char *method, const char *unit, bool corners, struct lu_smooth_keys *keys,
				    struct lu_error *err)
{
	*keys = (struct lu_smooth_keys){.corners = corners};
	if (method != NULL && !parse_method(method, keys))
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"smoothing is '%s', it should be plurality or plurality:WEIGHT with a weight of 0 to 9, or "
			"mrf:WEIGHT with one of up to 100",
			method);
	if (unit != NULL && !lu_smooth_unit_parse(unit, keys))
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "minimum mapping unit is '%s', it should be " LU_SMOOTH_UNIT_FORM, unit);
	if (corners && unit == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "corners join the cells of a minimum mapping unit, and none is named");
	return LU_OK;
}

bool lu_smooth_wanted(const struct lu_smooth_keys *keys)
{
	return keys->method != LU_SMOOTH_NONE || keys->min_cells > 0 || keys->min_hectares > 0;
}
