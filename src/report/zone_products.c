/* zone_products.c: zones.gpkg: an outline a zone with what a map of it needs, and two tables with every figure. */
#include <string.h>

#include "base/memory.h"
#include "maps/zones.h"
#include "raster/form.h"
#include "report/county_gpkg_parts.h"

/*
 * Columns of the outlines: name, two areas, and of every class its hectares at the first and the last date and their net
 * change, so that their number does not grow with the dates: what lies between is in the tables, a row a figure.
 */
enum { FIRST = 3, OF_A_CLASS = 3 };

/* The columns of one file. */
struct columns {
	const struct lu_county_statistics *statistics;
	const struct lu_pair_statistics *pair; /* from the first date to the last; NULL: nobody asked for it */
	struct lu_vector_field *fields;
	struct lu_form_name *titles; /* what a person reads for them */
	char **texts; /* what both point to */
	size_t count, text_count;
};

/* A column's name is a word, so that expressions need no quotes; takes 'name' and 'title' over. */
static enum lu_status add_column(struct columns *columns, char *name, char *title, enum lu_vector_type type,
				 struct lu_error *err)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

	columns->texts[columns->text_count++] = name;
	columns->texts[columns->text_count++] = title;
	if (name == NULL || title == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a column");
	/* Bytes above 127 are parts of letters. */
	for (char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < 128 && strchr(plain, *c) == NULL)
			*c = '_';
	columns->titles[columns->count] = (struct lu_form_name){name, title};
	columns->fields[columns->count++] = (struct lu_vector_field){name, type};
	return LU_OK;
}

static bool has_net(const struct columns *columns, size_t class)
{
	const struct lu_county_statistics *s = columns->statistics;

	return columns->pair != NULL && s->classes[class].value != s->uncertain;
}

static enum lu_status add_class(struct columns *columns, size_t k, struct lu_error *err)
{
	const struct lu_county_statistics *s = columns->statistics;
	const char *class = s->classes[k].name, *first = s->dates[0].label, *last = s->dates[s->date_count - 1].label;
	enum lu_status status;

	LU_TRY(add_column(columns, lu_sprintf("%s_%s_ha", class, first), lu_sprintf("%s %s, ha", class, first),
			  LU_VECTOR_REAL, err));
	if (s->date_count > 1)
		LU_TRY(add_column(columns, lu_sprintf("%s_%s_ha", class, last), lu_sprintf("%s %s, ha", class, last),
				  LU_VECTOR_REAL, err));
	if (has_net(columns, k))
		LU_TRY(add_column(columns, lu_sprintf("%s_%s_%s_net_ha", class, first, last),
				  lu_sprintf("%s, change %s to %s, ha", class, first, last), LU_VECTOR_REAL, err));
out:
	return status;
}

static enum lu_status make_columns(struct columns *columns, struct lu_error *err)
{
	const struct lu_county_statistics *s = columns->statistics;
	const size_t room = FIRST + s->class_count * OF_A_CLASS;
	enum lu_status status;

	for (size_t i = 0; i < s->pair_count; i++)
		if (s->pairs[i].earlier == 0 && s->pairs[i].later + 1 == s->date_count)
			columns->pair = &s->pairs[i];
	LU_TRY(lu_alloc(&columns->fields, room, sizeof(*columns->fields), "columns", err));
	LU_TRY(lu_alloc(&columns->titles, room, sizeof(*columns->titles), "columns", err));
	LU_TRY(lu_alloc(&columns->texts, 2 * room, sizeof(*columns->texts), "columns", err));
	LU_TRY(add_column(columns, lu_strdup("name"), lu_strdup("Zone"), LU_VECTOR_TEXT, err));
	LU_TRY(add_column(columns, lu_strdup("own_area_ha"), lu_strdup("Its own area, ha"), LU_VECTOR_REAL, err));
	LU_TRY(add_column(columns, lu_strdup("area_ha"), lu_strdup("In the county, ha"), LU_VECTOR_REAL, err));
	for (size_t k = 0; k < s->class_count; k++)
		LU_TRY(add_class(columns, k, err));
out:
	return status;
}

static void release_columns(struct columns *columns)
{
	for (size_t i = 0; i < columns->text_count; i++)
		lu_free(columns->texts[i]);
	lu_free(columns->texts);
	lu_free(columns->titles);
	lu_free(columns->fields);
}

static void fill_row(const struct columns *columns, const struct lu_zone_statistics *zone,
		     struct lu_vector_value *value)
{
	const struct lu_county_statistics *s = columns->statistics;
	const size_t last = s->date_count - 1;

	*value++ = lu_vector_text(zone->name);
	*value++ = lu_hectares(zone->own_area_m2);
	*value++ = lu_hectares(zone->area_m2);
	/* Tables of zones have row k + 1 for class k. */
	for (size_t k = 1; k <= s->class_count; k++) {
		*value++ = lu_hectares(lu_transition_area_m2(zone->dates[0].map, k, k));
		if (last > 0)
			*value++ = lu_hectares(lu_transition_area_m2(zone->dates[last].map, k, k));
		if (has_net(columns, k - 1)) {
			const size_t pair = (size_t)(columns->pair - s->pairs);
			*value++ = lu_hectares(lu_transition_class(zone->pairs[pair].transition, k, LU_UNIT_M2).net);
		}
	}
}

static enum lu_status write_outlines(struct lu_vector_writer *writer, const struct lu_zones *zones,
				     const struct columns *columns, struct lu_error *err)
{
	const struct lu_county_statistics *s = columns->statistics;
	struct lu_vector_value *values = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&values, columns->count, sizeof(*values), "a row", err));
	LU_TRY(lu_vector_layer_of_areas(writer, "zones", s->cells->crs_wkt, columns->fields, columns->count, err));
	for (size_t i = 0; i < s->zones->count; i++) {
		fill_row(columns, &s->zones->zones[i], values);
		LU_TRY(lu_vector_add_polygon(writer, lu_zones_outline(zones, i), values, err));
	}
out:
	lu_free(values);
	return status;
}

static enum lu_status write_areas(struct lu_vector_writer *writer, const struct lu_county_statistics *s,
				  struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {
		{"zone", LU_VECTOR_TEXT},           {"date", LU_VECTOR_TEXT},
		{"class_code", LU_VECTOR_INTEGER},  {"class", LU_VECTOR_TEXT},
		{"area_ha", LU_VECTOR_REAL},        {"sampled_area_ha", LU_VECTOR_REAL},
		{"sampled_low_ha", LU_VECTOR_REAL}, {"sampled_high_ha", LU_VECTOR_REAL},
		{"sampled_way", LU_VECTOR_TEXT}};
	enum lu_status status;

	LU_TRY(lu_vector_layer(writer, "class_areas", NULL, fields, sizeof(fields) / sizeof(fields[0]), err));
	for (size_t i = 0; i < s->zones->count; i++) {
		const struct lu_zone_statistics *zone = &s->zones->zones[i];
		for (size_t d = 0; d < s->date_count; d++)
			for (size_t k = 0; k < s->class_count; k++) {
				struct lu_vector_value values[LU_ZONE_AREA_COLUMNS];
				lu_zone_area_row(s, zone, d, k, values);
				LU_TRY(lu_vector_add(writer, NULL, values, err));
			}
	}
out:
	return status;
}

static enum lu_status write_changes(struct lu_vector_writer *writer, const struct lu_county_statistics *s,
				    struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {
		{"zone", LU_VECTOR_TEXT},          {"earlier", LU_VECTOR_TEXT}, {"later", LU_VECTOR_TEXT},
		{"class_code", LU_VECTOR_INTEGER}, {"class", LU_VECTOR_TEXT},   {"gain_ha", LU_VECTOR_REAL},
		{"loss_ha", LU_VECTOR_REAL},       {"net_ha", LU_VECTOR_REAL},  {"swap_ha", LU_VECTOR_REAL}};
	enum lu_status status = LU_OK;

	if (s->pair_count > 0)
		LU_TRY(lu_vector_layer(writer, "class_changes", NULL, fields, sizeof(fields) / sizeof(fields[0]), err));
	for (size_t row = 0; row < s->zones->count * s->pair_count * s->class_count; row++) {
		const size_t k = row % s->class_count, p = row / s->class_count % s->pair_count;
		const struct lu_zone_statistics *zone = &s->zones->zones[row / s->class_count / s->pair_count];
		if (s->classes[k].value == s->uncertain)
			continue;
		const struct lu_class_change c = lu_transition_class(zone->pairs[p].transition, k + 1, LU_UNIT_M2);
		const struct lu_vector_value values[] = {lu_vector_text(zone->name),
							 lu_vector_text(s->dates[s->pairs[p].earlier].label),
							 lu_vector_text(s->dates[s->pairs[p].later].label),
							 lu_vector_integer(s->classes[k].value),
							 lu_vector_text(s->classes[k].name),
							 lu_hectares(c.gain),
							 lu_hectares(c.loss),
							 lu_hectares(c.net),
							 lu_hectares(c.swap)};
		LU_TRY(lu_vector_add(writer, NULL, values, err));
	}
out:
	return status;
}

enum lu_status lu_zones_write(const struct lu_zones *zones, const char *folder,
			      const struct lu_county_statistics *statistics, struct lu_outputs *outputs,
			      struct lu_error *err)
{
	struct columns columns = {.statistics = statistics};
	struct lu_vector_writer *writer = NULL;
	char *path = lu_sprintf("%s/zones.gpkg", folder), *qml = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? make_columns(&columns, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_vector_create(path, &writer, err));
	LU_TRY(write_outlines(writer, zones, &columns, err));
	LU_TRY(write_areas(writer, statistics, err));
	LU_TRY(write_changes(writer, statistics, err));
	const struct lu_outline outline = {
		.width = "0.4", .broken = true, .label = "name", .names = columns.titles, .name_count = columns.count};
	LU_TRY(lu_outline_qml(&outline, &qml, err));
	LU_TRY(lu_vector_style(writer, "zones", qml, err));
	LU_TRY(lu_vector_finish(writer, err));
	LU_TRY(lu_outputs_add(outputs, err, "zones.gpkg"));
out:
	lu_vector_drop(writer);
	release_columns(&columns);
	lu_free(qml);
	lu_free(path);
	return status;
}
