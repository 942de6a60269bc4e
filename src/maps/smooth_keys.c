/* smooth_keys.c: the tables of keys under 'smooth', and their short forms. */
#include "maps/smooth_keys.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* At 0 a field changes nothing; nine votes keep every centre. */
static const struct range {
	double low, high;
} weights[] = {[LU_SMOOTH_NONE] = {0, 9}, [LU_SMOOTH_MRF] = {1e-6, 100}, [LU_SMOOTH_PLURALITY] = {0, 9}},
  hectares = {1e-6, 1e9};
#define UNIT_FORM "2 cells or more, or hectares such as 0.5ha"
enum { LEAST_CELLS = 2, MOST_CELLS = 1000000000 };

static const char *const methods[] = {
	[LU_SMOOTH_NONE] = "none", [LU_SMOOTH_MRF] = "mrf", [LU_SMOOTH_PLURALITY] = "plurality"};

static bool parse_unit(const char *text, struct lu_smooth_keys *keys);

/* The long form, or the short one that --mmu takes. */
static enum lu_status read_unit(struct lu_yaml_at at, struct lu_smooth_keys *keys, struct lu_error *err)
{
	enum { CELLS, HECTARES, CORNERS };
	static const struct lu_yaml_key known[] = {{"cells", false}, {"hectares", false}, {"corners", false}};
	struct lu_yaml_at value[COUNT(known)];
	const char *word = lu_yaml_word(at);

	if (word != NULL && parse_unit(word, keys))
		return LU_OK;
	if (word != NULL)
		return lu_yaml_fail(at, err, "'min_mapping_unit' is '%s', it should be " UNIT_FORM, word);
	enum lu_status status = lu_yaml_map(at, "'min_mapping_unit'", known, COUNT(known), value, err);

	if (status == LU_OK && (value[CELLS].node != 0) == (value[HECTARES].node != 0))
		status = lu_yaml_fail(
			at, err, "'min_mapping_unit' should say one of cells and hectares (for example {hectares: 1})");
	if (status == LU_OK)
		status = lu_yaml_integer(value[CELLS], "cells", LEAST_CELLS, MOST_CELLS, &keys->min_cells, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[HECTARES], "hectares", hectares.low, hectares.high, &keys->min_hectares,
					err);
	if (status == LU_OK)
		status = lu_yaml_boolean(value[CORNERS], "corners", &keys->corners, err);
	return status;
}

enum lu_status lu_smooth_keys_read(struct lu_yaml_at at, struct lu_smooth_keys *keys, struct lu_error *err)
{
	enum { METHOD, WEIGHT, UNIT };
	static const struct lu_yaml_key known[] = {{"method", false}, {"weight", false}, {"min_mapping_unit", false}};
	struct lu_yaml_at value[COUNT(known)];
	int method = LU_SMOOTH_NONE;

	*keys = (struct lu_smooth_keys){0};
	if (at.node == 0)
		return LU_OK;
	enum lu_status status = lu_yaml_map(at, "'smooth'", known, COUNT(known), value, err);
	if (status == LU_OK)
		status = lu_yaml_choice(value[METHOD], "method", methods, COUNT(methods), &method, err);
	keys->method = (enum lu_smooth_method)method;
	if (status == LU_OK && (value[WEIGHT].node != 0) != (method != LU_SMOOTH_NONE))
		status =
			lu_yaml_fail(at, err,
				     "'smooth' should have a method and a weight, or neither (for example method: mrf, "
				     "weight: 1)");
	if (status == LU_OK)
		status = lu_yaml_number(value[WEIGHT], "weight", weights[method].low, weights[method].high,
					&keys->weight, err);
	if (status == LU_OK && value[UNIT].node != 0)
		status = read_unit(value[UNIT], keys, err);
	return status;
}

/* "plurality:3" or, for weight 1, "plurality". */
static bool parse_method(const char *text, struct lu_smooth_keys *keys)
{
	const size_t length = strcspn(text, ":");
	char *end = NULL;

	for (size_t k = LU_SMOOTH_NONE + 1; k < COUNT(methods); k++)
		if (strlen(methods[k]) == length && strncmp(methods[k], text, length) == 0)
			keys->method = (enum lu_smooth_method)k;
	keys->weight = text[length] == ':' ? strtod(text + length + 1, &end) : 1;
	return keys->method != LU_SMOOTH_NONE && (end == NULL || (end != text + length + 1 && *end == '\0')) &&
	       keys->weight >= weights[keys->method].low && keys->weight <= weights[keys->method].high;
}

/* "4" cells, or "1.5ha". */
static bool parse_unit(const char *text, struct lu_smooth_keys *keys)
{
	char *end;
	const double number = strtod(text, &end);

	if (end != text)
		end += strspn(end, " ");
	if (end != text && strcasecmp(end, "ha") == 0) {
		keys->min_hectares = number;
		return number >= hectares.low && number <= hectares.high;
	}
	keys->min_cells = number >= LEAST_CELLS && number <= MOST_CELLS ? (int)number : 0;
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
	if (unit != NULL && !parse_unit(unit, keys))
		return lu_fail(err, LU_ERROR_ARGUMENT, "minimum mapping unit is '%s', it should be " UNIT_FORM, unit);
	if (corners && unit == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       "corners join the cells of a minimum mapping unit, and none is named");
	return LU_OK;
}

bool lu_smooth_wanted(const struct lu_smooth_keys *keys)
{
	return keys->method != LU_SMOOTH_NONE || keys->min_cells > 0 || keys->min_hectares > 0;
}

const char *lu_smooth_method_name(enum lu_smooth_method method)
{
	return methods[method];
}
