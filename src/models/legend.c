/* legend.c: the classes of a map, ascending by value. */
#include "models/legend.h"

#include <string.h>

#include "base/memory.h"
#include "models/locate.h"

enum lu_status lu_legend_add(struct lu_legend *legend, struct lu_class class, struct lu_error *err)
{
	size_t at = 0;

	while (at < legend->count && legend->classes[at].value < class.value)
		at++;
	if (at < legend->count && legend->classes[at].value == class.value)
		return LU_OK;
	char *copy = lu_strdup(class.name);
	if (copy == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a legend");
	const enum lu_status status =
		lu_grow(&legend->classes, legend->count + 1, sizeof(*legend->classes), "a legend", err);
	if (status != LU_OK) {
		lu_free(copy);
		return status;
	}
	memmove(&legend->classes[at + 1], &legend->classes[at], (legend->count - at) * sizeof(*legend->classes));
	legend->classes[at] = class;
	legend->classes[at].name = copy;
	legend->count++;
	return LU_OK;
}

enum lu_status lu_legend_of_scheme(const struct lu_scheme *scheme, struct lu_legend *out, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	*out = (struct lu_legend){0};
	for (size_t i = 0; i < scheme->class_count; i++)
		LU_TRY(lu_legend_add(out, scheme->classes[i], err));
out:
	if (status != LU_OK)
		lu_legend_release(out);
	return status;
}

enum lu_status lu_legend_add_uncertain(struct lu_legend *legend, struct lu_error *err)
{
	legend->uncertain = LU_UNCERTAIN;
	return lu_legend_add(legend, (struct lu_class){LU_UNCERTAIN, "Uncertain", 158, 150, 172}, err);
}

enum lu_status lu_legend_add_map(struct lu_legend *legend, const struct lu_map *map, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	double nodata;
	size_t count;
	const struct lu_class *entries = lu_map_entries(map, &count);
	const bool declared = lu_map_nodata(map, &nodata);

	if (lu_map_metadata(map, LU_MIN_CONFIDENCE) != NULL)
		legend->uncertain = LU_UNCERTAIN;
	for (size_t k = 0; k < count; k++) {
		if (entries[k].value == 0 || entries[k].name == NULL || entries[k].name[0] == '\0' ||
		    (declared && entries[k].value == nodata))
			continue;
		LU_TRY(lu_legend_add(legend, entries[k], err));
	}
out:
	return status;
}

enum lu_status lu_legend_read_scheme(const char *name, struct lu_legend *out, struct lu_error *err)
{
	struct lu_scheme *scheme = NULL;
	char *path = NULL;
	enum lu_status status;

	*out = (struct lu_legend){0};
	LU_TRY(lu_locate_scheme(name, ".", &path, err));
	LU_TRY(lu_scheme_read(path, &scheme, err));
	LU_TRY(lu_legend_of_scheme(scheme, out, err));
out:
	lu_scheme_free(scheme);
	lu_free(path);
	return status;
}

const struct lu_class *lu_legend_find(const struct lu_legend *legend, uint16_t value)
{
	for (size_t i = 0; i < legend->count; i++)
		if (legend->classes[i].value == value)
			return &legend->classes[i];
	return NULL;
}

void lu_legend_release(struct lu_legend *legend)
{
	for (size_t i = 0; i < legend->count; i++)
		lu_free((char *)legend->classes[i].name);
	lu_free(legend->classes);
	*legend = (struct lu_legend){0};
}
