/* smooth_keys.c: the tables of keys under 'smooth'. */
#include "job/county/smooth_keys.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const methods[] = {
	[LU_SMOOTH_NONE] = "none", [LU_SMOOTH_MRF] = "mrf", [LU_SMOOTH_PLURALITY] = "plurality"};

static enum lu_status read_unit(struct lu_yaml_at at, struct lu_smooth_keys *keys, struct lu_error *err)
{
	enum { CELLS, HECTARES, CORNERS };
	static const struct lu_yaml_key known[] = {{"cells", false}, {"hectares", false}, {"corners", false}};
	struct lu_yaml_at value[COUNT(known)];
	enum lu_status status = lu_yaml_map(at, "'min_mapping_unit'", known, COUNT(known), value, err);

	if (status == LU_OK && (value[CELLS].node != 0) == (value[HECTARES].node != 0))
		status = lu_yaml_fail(at, err,
				      "'min_mapping_unit' should say one of cells and hectares (for example {hectares: 1})");
	if (status == LU_OK)
		status = lu_yaml_integer(value[CELLS], "cells", 2, 1000000000, &keys->min_cells, err);
	if (status == LU_OK)
		status = lu_yaml_number(value[HECTARES], "hectares", 1e-6, 1e9, &keys->min_hectares, err);
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
		status = lu_yaml_fail(at, err,
				      "'smooth' should have a method and a weight, or neither (for example method: mrf, "
				      "weight: 1)");
	/* At 0 a field changes nothing; nine votes keep every centre. */
	if (status == LU_OK && method == LU_SMOOTH_MRF)
		status = lu_yaml_number(value[WEIGHT], "weight", 1e-6, 100, &keys->weight, err);
	else if (status == LU_OK)
		status = lu_yaml_number(value[WEIGHT], "weight", 0, 9, &keys->weight, err);
	if (status == LU_OK && value[UNIT].node != 0)
		status = read_unit(value[UNIT], keys, err);
	return status;
}

bool lu_smooth_wanted(const struct lu_smooth_keys *keys)
{
	return keys->method != LU_SMOOTH_NONE || keys->min_cells > 0 || keys->min_hectares > 0;
}

const char *lu_smooth_method_name(enum lu_smooth_method method)
{
	return methods[method];
}
