/* normalise_keys.c: the table of keys under 'normalise'. */
#include "job/normalise_keys.h"

static const char *const methods[] = {[LU_RADIOMETRY_NONE] = "none",
				      [LU_RADIOMETRY_REGRESSION] = "regression",
				      [LU_RADIOMETRY_HISTOGRAM] = "histogram"};

enum lu_status lu_normalise_keys_read(struct lu_yaml_at at, const char *const *labels, size_t count,
				      struct lu_normalise_keys *keys, struct lu_error *err)
{
	enum { TO, METHOD, KEYS };
	static const struct lu_yaml_key known[KEYS] = {{"to", true}, {"method", false}};
	struct lu_yaml_at value[KEYS];
	int method = LU_RADIOMETRY_REGRESSION, to = 0;

	*keys = (struct lu_normalise_keys){0};
	if (at.node == 0)
		return LU_OK;
	enum lu_status status = lu_yaml_map(at, "'normalise'", known, KEYS, value, err);
	if (status == LU_OK)
		status = lu_yaml_choice(value[TO], "to", labels, count, &to, err);
	if (status == LU_OK)
		status = lu_yaml_choice(value[METHOD], "method", methods, sizeof(methods) / sizeof(methods[0]), &method,
					err);
	*keys = (struct lu_normalise_keys){.method = (enum lu_radiometry_method)method, .to = (size_t)to};
	return status;
}

const char *lu_normalise_method_name(enum lu_radiometry_method method)
{
	return methods[method];
}
