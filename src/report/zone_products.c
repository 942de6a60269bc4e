/* zone_products.c: zones.gpkg. */
#include <string.h>

#include "base/memory.h"
#include "maps/zones.h"
#include "raster/form.h"
#include "raster/vector.h"

/* Columns: name, two areas, then these of every class: its hectares at each date, and these four of each pair. */
static const char *const changes[] = {"gain", "loss", "net", "swap"};
enum { CHANGES = sizeof(changes) / sizeof(changes[0]), FIRST = 3 };

/* The columns of one file. */
struct columns {
	const struct lu_statistics *statistics;
	struct lu_vector_field *fields;
	char **names;
	size_t count;
};

/* A column's name is a word, so that expressions need no quotes; takes 'name' over. */
static enum lu_status add_column(struct columns *columns, char *name, enum lu_vector_type type, struct lu_error *err)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a column");
	/* Bytes above 127 are parts of letters. */
	for (char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < 128 && strchr(plain, *c) == NULL)
			*c = '_';
	columns->names[columns->count] = name;
	columns->fields[columns->count++] = (struct lu_vector_field){name, type};
	return LU_OK;
}

static enum lu_status make_columns(struct columns *columns, struct lu_error *err)
{
	const struct lu_statistics *s = columns->statistics;
	const size_t room = FIRST + s->class_count * (s->date_count + CHANGES * s->pair_count);
	enum lu_status status;

	LU_TRY(lu_alloc(&columns->fields, room, sizeof(*columns->fields), "columns", err));
	LU_TRY(lu_alloc(&columns->names, room, sizeof(*columns->names), "columns", err));
	LU_TRY(add_column(columns, lu_strdup("name"), LU_VECTOR_TEXT, err));
	LU_TRY(add_column(columns, lu_strdup("own_area_ha"), LU_VECTOR_REAL, err));
	LU_TRY(add_column(columns, lu_strdup("area_ha"), LU_VECTOR_REAL, err));
	for (size_t k = 0; k < s->class_count; k++) {
		const char *class = s->classes[k].name;
		for (size_t d = 0; d < s->date_count; d++)
			LU_TRY(add_column(columns, lu_sprintf("%s_%s_ha", class, s->dates[d].label), LU_VECTOR_REAL,
					  err));
		for (size_t i = 0; s->classes[k].value != s->uncertain && i < s->pair_count * CHANGES; i++) {
			const struct lu_pair_statistics *pair = &s->pairs[i / CHANGES];
			LU_TRY(add_column(columns,
					  lu_sprintf("%s_%s_%s_%s_ha", class, s->dates[pair->earlier].label,
						     s->dates[pair->later].label, changes[i % CHANGES]),
					  LU_VECTOR_REAL, err));
		}
	}
out:
	return status;
}

static void fill_row(const struct lu_statistics *s, const struct lu_zone_statistics *zone,
		     struct lu_vector_value *value)
{
	*value++ = lu_vector_text(zone->name);
	*value++ = lu_vector_rounded(zone->own_area_m2 / 1e4, 6);
	*value++ = lu_vector_rounded(zone->area_m2 / 1e4, 6);
	/* Tables of zones have row k + 1 for class k. */
	for (size_t k = 1; k <= s->class_count; k++) {
		for (size_t d = 0; d < s->date_count; d++)
			*value++ = lu_vector_rounded(lu_transition_area_m2(zone->dates[d].map, k, k) / 1e4, 6);
		for (size_t p = 0; s->classes[k - 1].value != s->uncertain && p < s->pair_count; p++) {
			const struct lu_class_change c = lu_transition_class(zone->pairs[p].transition, k, LU_UNIT_M2);
			const double m2[CHANGES] = {c.gain, c.loss, c.net, c.swap};
			for (size_t i = 0; i < CHANGES; i++)
				*value++ = lu_vector_rounded(m2[i] / 1e4, 6);
		}
	}
}

enum lu_status lu_zones_write(const struct lu_zones *zones, const char *folder, const struct lu_statistics *statistics,
			      struct lu_outputs *outputs, struct lu_error *err)
{
	struct columns columns = {.statistics = statistics};
	struct lu_vector_writer *writer = NULL;
	struct lu_vector_value *values = NULL;
	char *path = lu_sprintf("%s/zones.gpkg", folder), *qml = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? make_columns(&columns, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_alloc(&values, columns.count, sizeof(*values), "a row", err));
	LU_TRY(lu_vector_create(path, &writer, err));
	LU_TRY(lu_vector_layer_of_areas(writer, "zones", statistics->cells->crs_wkt, columns.fields, columns.count,
					err));
	for (size_t i = 0; i < statistics->zones->count; i++) {
		fill_row(statistics, &statistics->zones->zones[i], values);
		LU_TRY(lu_vector_add_polygon(writer, lu_zones_outline(zones, i), values, err));
	}
	LU_TRY(lu_outline_qml("0.4", true, "name", &qml, err));
	LU_TRY(lu_vector_style(writer, "zones", qml, err));
	LU_TRY(lu_vector_finish(writer, err));
	LU_TRY(lu_outputs_add(outputs, err, "zones.gpkg"));
out:
	lu_vector_drop(writer);
	for (size_t i = 0; i < columns.count; i++)
		lu_free(columns.names[i]);
	lu_free(columns.names);
	lu_free(columns.fields);
	lu_free(values);
	lu_free(qml);
	lu_free(path);
	return status;
}
