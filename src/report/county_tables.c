/* county_tables.c: the tables of county.gpkg: a row a figure. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "grid/date_labels.h"
#include "report/county_gpkg_parts.h"
#include "report/evidence.h"

#define COUNT(array) (sizeof(array) / sizeof(array[0]))
#define DATE(name, words)                                                                                              \
	{                                                                                                              \
		name, LU_VECTOR_TEXT, "dates(date)", NULL, words                                                       \
	}
#define CLASS(name, words)                                                                                             \
	{                                                                                                              \
		name, LU_VECTOR_INTEGER, "classes(class_code)", LU_CLASS_CODES, words                                  \
	}
#define TEXT(name, words)                                                                                              \
	{                                                                                                              \
		name, LU_VECTOR_TEXT, NULL, NULL, words                                                                \
	}
#define NUMBER(name, words)                                                                                            \
	{                                                                                                              \
		name, LU_VECTOR_REAL, NULL, NULL, words                                                                \
	}
#define CELLS(name, words)                                                                                             \
	{                                                                                                              \
		name, LU_VECTOR_INTEGER, NULL, NULL, words                                                             \
	}

static const struct lu_vector_value none = {0};

static enum lu_status add_classes(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				  struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		CELLS("class_code", "its value in the rasters"), TEXT("class", "its name"),
		TEXT("color", "in maps and charts, #rrggbb"),
		CELLS("is_class", "0: cells that are sure enough of no class, in no figure of change")};
	enum lu_status status;

	LU_TRY(lu_vector_table(writer, "classes", "The classes of the scheme", columns, COUNT(columns), 1, err));
	for (size_t i = 0; i < s->class_count; i++) {
		const struct lu_class *class = &s->classes[i];
		char colour[8];
		snprintf(colour, sizeof(colour), "#%02x%02x%02x", class->red, class->green, class->blue);
		const struct lu_vector_value values[] = {lu_vector_integer(class->value), lu_vector_text(class->name),
							 lu_vector_text(colour),
							 lu_vector_integer(class->value != s->uncertain)};
		LU_TRY(lu_vector_row(writer, values, err));
	}
out:
	return status;
}

static enum lu_status add_dates(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		TEXT("date", "as the job calls it"), NUMBER("year", "the time that it states, in years; NULL: none"),
		CELLS("not_mapped_cells", "cells in the county without a class"),
		NUMBER("not_mapped_ha", "hectares of the county without a class"),
		NUMBER("mean_confidence_percent", "mean probability of the mapped class, by the model; percent")};
	enum lu_status status;

	LU_TRY(lu_vector_table(writer, "dates", "The dates of the maps", columns, COUNT(columns), 1, err));
	for (size_t i = 0; i < s->date_count; i++) {
		const struct lu_date_statistics *date = &s->dates[i];
		const double year = lu_date_label_year(date->label);
		const struct lu_vector_value values[] = {
			lu_vector_text(date->label), year >= 0 ? lu_vector_rounded(year, 3) : none,
			lu_vector_integer((int64_t)lu_transition_cells(date->map, 0, 0)),
			lu_hectares(lu_statistics_not_mapped_m2(date)),
			date->mean_confidence >= 0 ? lu_vector_rounded(100 * date->mean_confidence, 2) : none};
		LU_TRY(lu_vector_row(writer, values, err));
	}
out:
	return status;
}

static enum lu_status add_areas(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		DATE("date", "of the map"),
		CLASS("class_code", "the class"),
		TEXT("class", "its name"),
		CELLS("cells", "cells that have it"),
		NUMBER("area_ha", "hectares as mapped, inside the county, on the ellipsoid"),
		NUMBER("share_percent", "of the county, percent"),
		NUMBER("sampled_area_ha", "hectares by a labelled sample of the map; NULL: there is none"),
		NUMBER("sampled_low_ha", "lower end of its 95 % interval"),
		NUMBER("sampled_high_ha", "upper end of its 95 % interval")};
	enum lu_status status;

	LU_TRY(lu_vector_table(writer, "class_areas", "Area of every class at every date", columns, COUNT(columns), 2,
			       err));
	for (size_t d = 0; d < s->date_count; d++) {
		const struct lu_transition *map = s->dates[d].map;
		for (size_t k = 1; k < map->count; k++) {
			const double m2 = lu_transition_area_m2(map, k, k);
			const struct lu_figure *f = lu_evidence_area(s->evidence, s->dates[d].label, map->values[k]);
			char buffer[16];
			const struct lu_vector_value values[] = {
				lu_vector_text(s->dates[d].label),
				lu_vector_integer(map->values[k]),
				lu_vector_text(lu_statistics_name(s, map->values[k], buffer)),
				lu_vector_integer((int64_t)lu_transition_cells(map, k, k)),
				lu_hectares(m2),
				s->county_area_m2 > 0 ? lu_vector_rounded(100 * m2 / s->county_area_m2, 4) : none,
				lu_sampled_ha(f),
				lu_sampled_low_ha(f),
				lu_sampled_high_ha(f)};
			LU_TRY(lu_vector_row(writer, values, err));
		}
	}
out:
	return status;
}

/* The same pair in another table, which has a row only for what occurs there: cells and square metres. */
static void look_up(const struct lu_transition *t, uint16_t from, uint16_t to, uint64_t *cells, double *m2)
{
	*cells = 0;
	*m2 = 0;
	for (size_t i = 1; i < t->count; i++)
		for (size_t j = 1; j < t->count; j++)
			if (t->values[i] == from && t->values[j] == to) {
				*cells = lu_transition_cells(t, i, j);
				*m2 = lu_transition_area_m2(t, i, j);
			}
}

static enum lu_status add_pair_transitions(const struct lu_county_statistics *s, const struct lu_pair_statistics *pair,
					   struct lu_vector_writer *writer, struct lu_error *err)
{
	const struct lu_transition *t = pair->transition;
	enum lu_status status = LU_OK;

	for (size_t at = 0; at < t->count * t->count; at++) {
		const size_t i = at / t->count, j = at % t->count;
		char from[16], to[16];
		uint64_t flagged = 0;
		double flagged_m2 = 0;
		if (i == 0 || j == 0 || lu_transition_cells(t, i, j) == 0)
			continue;
		if (pair->flags != NULL)
			look_up(pair->flags->table, t->values[i], t->values[j], &flagged, &flagged_m2);
		const struct lu_vector_value values[] = {lu_vector_text(s->dates[pair->earlier].label),
							 lu_vector_text(s->dates[pair->later].label),
							 lu_vector_integer(t->values[i]),
							 lu_vector_integer(t->values[j]),
							 lu_vector_text(lu_statistics_name(s, t->values[i], from)),
							 lu_vector_text(lu_statistics_name(s, t->values[j], to)),
							 lu_vector_integer((int64_t)lu_transition_cells(t, i, j)),
							 lu_hectares(lu_transition_area_m2(t, i, j)),
							 pair->flags != NULL ? lu_vector_integer((int64_t)flagged)
									     : none,
							 pair->flags != NULL ? lu_hectares(flagged_m2) : none};
		LU_TRY(lu_vector_row(writer, values, err));
	}
out:
	return status;
}

static enum lu_status add_transitions(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				      struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		DATE("earlier", "the earlier date"),
		DATE("later", "the later date"),
		CLASS("from_code", "class at the earlier date"),
		CLASS("to_code", "class at the later date"),
		TEXT("from_class", "name of from_code"),
		TEXT("to_class", "name of to_code"),
		CELLS("cells", "cells that went this way, by the two maps"),
		NUMBER("area_ha", "hectares that went this way, by the two maps"),
		CELLS("flagged_cells", "of these, significant change; NULL: not judged"),
		NUMBER("flagged_ha", "hectares of these")};
	enum lu_status status;

	LU_TRY(lu_vector_table(
		writer, "transitions",
		"From class to class between every pair of dates, unchanged too; what does not occur has no row",
		columns, COUNT(columns), 4, err));
	for (size_t p = 0; p < s->pair_count; p++)
		LU_TRY(add_pair_transitions(s, &s->pairs[p], writer, err));
out:
	return status;
}

/* What the sample of a pair says of a class's growth; NULL: nothing. */
static const struct lu_figure *sampled_growth(const struct lu_county_statistics *s,
					      const struct lu_pair_statistics *pair, const char *name)
{
	for (size_t i = 0; s->evidence != NULL && i < s->evidence->map_count; i++) {
		const struct lu_assessed_map *map = &s->evidence->maps[i];
		const struct lu_assessed_table *growth = &map->assessment.tables[LU_ASSESSED_TABLES - 1];
		if (map->date != s->dates[pair->earlier].label || map->later != s->dates[pair->later].label)
			continue;
		for (size_t k = 0; map->assessment.table_count == LU_ASSESSED_TABLES && k < growth->count; k++)
			if (strcmp(growth->rows[k].name, name) == 0 && growth->rows[k].area_ha.known)
				return &growth->rows[k].area_ha;
	}
	return NULL;
}

static enum lu_status add_pair_changes(const struct lu_county_statistics *s, const struct lu_pair_statistics *pair,
				       struct lu_vector_writer *writer, struct lu_error *err)
{
	const struct lu_flag_statistics *flags = pair->flags;
	enum lu_status status = LU_OK;

	for (size_t k = 1; k < pair->transition->count; k++) {
		const uint16_t value = pair->transition->values[k];
		char buffer[16];
		if (!lu_transition_is_class(pair->transition, k))
			continue;
		const char *name = lu_statistics_name(s, value, buffer);
		const struct lu_class_change c = lu_transition_class(pair->transition, k, LU_UNIT_M2);
		const struct lu_figure *f = sampled_growth(s, pair, name);
		const struct lu_bounded expected =
			flags != NULL ? lu_statistics_expected_net_m2(flags, value) : (struct lu_bounded){0};
		const struct lu_vector_value values[] = {
			lu_vector_text(s->dates[pair->earlier].label),
			lu_vector_text(s->dates[pair->later].label),
			lu_vector_integer(value),
			lu_vector_text(name),
			lu_hectares(c.gain),
			lu_hectares(c.loss),
			lu_hectares(c.net),
			lu_hectares(c.swap),
			flags != NULL ? lu_hectares(lu_statistics_flagged_net_m2(flags, value)) : none,
			flags != NULL ? lu_hectares(expected.value) : none,
			flags != NULL ? lu_hectares(expected.within.low) : none,
			flags != NULL ? lu_hectares(expected.within.high) : none,
			lu_sampled_ha(f),
			lu_sampled_low_ha(f),
			lu_sampled_high_ha(f)};
		LU_TRY(lu_vector_row(writer, values, err));
	}
out:
	return status;
}

static enum lu_status add_changes(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				  struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		DATE("earlier", "the earlier date"),
		DATE("later", "the later date"),
		CLASS("class_code", "the class"),
		TEXT("class", "its name"),
		NUMBER("gain_ha", "hectares won, by the two maps"),
		NUMBER("loss_ha", "hectares lost, by the two maps"),
		NUMBER("net_ha", "gain less loss"),
		NUMBER("swap_ha", "change of place without change of total: twice the smaller of gain and loss"),
		NUMBER("flagged_net_ha", "gain less loss by significant change alone; NULL: not judged, or refused"),
		NUMBER("expected_net_ha", "the same by every cell as far as it probably changed"),
		NUMBER("expected_net_low_ha", "lower end of its 95 % interval, if the probabilities hold"),
		NUMBER("expected_net_high_ha", "upper end of it"),
		NUMBER("sampled_net_ha", "gain less loss by a labelled sample of the change; NULL: there is none"),
		NUMBER("sampled_low_ha", "lower end of its 95 % interval"),
		NUMBER("sampled_high_ha", "upper end of its 95 % interval")};
	enum lu_status status;

	LU_TRY(lu_vector_table(writer, "class_changes", "What every class won and lost between every pair of dates",
			       columns, COUNT(columns), 3, err));
	for (size_t p = 0; p < s->pair_count; p++)
		LU_TRY(add_pair_changes(s, &s->pairs[p], writer, err));
out:
	return status;
}

/* The first tables of each zone. */
void lu_zone_area_row(const struct lu_county_statistics *s, const struct lu_zone_statistics *zone, size_t date,
		      size_t class, struct lu_vector_value values[LU_ZONE_AREA_COLUMNS])
{
	const char *way = NULL;
	const struct lu_figure *f =
		lu_evidence_zone_area(s->evidence, s->dates[date].label, zone->name, s->classes[class].value, &way);
	/* Tables of zones have row k + 1 for class k. */
	const struct lu_vector_value row[LU_ZONE_AREA_COLUMNS] = {
		lu_vector_text(zone->name),
		lu_vector_text(s->dates[date].label),
		lu_vector_integer(s->classes[class].value),
		lu_vector_text(s->classes[class].name),
		lu_hectares(lu_transition_area_m2(zone->dates[date].map, class + 1, class + 1)),
		lu_sampled_ha(f),
		lu_sampled_low_ha(f),
		lu_sampled_high_ha(f),
		lu_vector_text(f != NULL ? way : NULL)};

	memcpy(values, row, sizeof(row));
}

static enum lu_status add_zone_areas(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				     struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {
		{"zone", LU_VECTOR_TEXT, "zones(zone)", NULL, "see zones"},
		DATE("date", "of the map"),
		CLASS("class_code", "the class"),
		TEXT("class", "its name"),
		NUMBER("area_ha", "hectares of it in the zone, as mapped"),
		NUMBER("sampled_area_ha", "hectares by a labelled sample of the map; NULL: there is none"),
		NUMBER("sampled_low_ha", "lower end of its 95 % interval"),
		NUMBER("sampled_high_ha", "upper end of its 95 % interval"),
		TEXT("sampled_way", "post-stratified: by the zone's own places; synthetic: by the county's, if the map "
				    "errs here as there")};
	enum lu_status status;

	LU_TRY(lu_vector_table(writer, "zone_class_areas", "Area of every class at every date in every zone", columns,
			       COUNT(columns), 3, err));
	for (size_t z = 0; z < s->zones->count; z++) {
		const struct lu_zone_statistics *zone = &s->zones->zones[z];
		for (size_t row = 0; row < s->date_count * s->class_count; row++) {
			struct lu_vector_value values[LU_ZONE_AREA_COLUMNS];
			lu_zone_area_row(s, zone, row / s->class_count, row % s->class_count, values);
			LU_TRY(lu_vector_row(writer, values, err));
		}
	}
out:
	return status;
}

static enum lu_status add_zone_changes(const struct lu_county_statistics *s, struct lu_vector_writer *writer,
				       struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {{"zone", LU_VECTOR_TEXT, "zones(zone)", NULL, "see zones"},
							  DATE("earlier", "the earlier date"),
							  DATE("later", "the later date"),
							  CLASS("class_code", "the class"),
							  TEXT("class", "its name"),
							  NUMBER("gain_ha", "hectares won, by the two maps"),
							  NUMBER("loss_ha", "hectares lost, by the two maps"),
							  NUMBER("net_ha", "gain less loss")};
	enum lu_status status;

	LU_TRY(lu_vector_table(writer, "zone_class_changes", "What every class won and lost in every zone", columns,
			       COUNT(columns), 4, err));
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
							 lu_hectares(c.net)};
		LU_TRY(lu_vector_row(writer, values, err));
	}
out:
	return status;
}

/* What the file is, and what it does not have. */
static enum lu_status add_about(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				struct lu_error *err)
{
	static const struct lu_vector_column columns[] = {TEXT("fact", "what is told"),
							  TEXT("value", "in words or figures")};
	const struct lu_county_statistics *s = task->statistics;
	char county[40], cells[200];
	enum lu_status status;

	snprintf(county, sizeof(county), "%.4f", s->county_area_m2 / 1e4);
	if (lu_county_cells_wanted(task))
		snprintf(cells, sizeof(cells), "in the layer cells");
	else
		snprintf(cells, sizeof(cells), "left out: %" PRId64 " cells; the job's geopackage: cells has them here",
			 lu_coverage_cells(task->ground->coverage));
	const struct {
		const char *fact, *value;
	} facts[] = {
		{"county", s->county_name},
		{"county_area_ha", county},
		{"crs", s->crs},
		{"scheme", s->scheme_name},
		{"model", s->model_name},
		{"model_sha256", s->model_sha256},
		{"software", "landuse"},
		{"software_version", s->software_version},
		{"cells", cells},
		{"areas",
		 "hectares on the ellipsoid of the CRS; a cell that the county's line cuts counts by its part inside"}};
	LU_TRY(lu_vector_table(writer, "about", "What this file is", columns, COUNT(columns), 1, err));
	for (size_t i = 0; i < COUNT(facts); i++)
		if (facts[i].value != NULL)
			LU_TRY(lu_vector_row(writer,
					     (struct lu_vector_value[]){lu_vector_text(facts[i].fact),
									lu_vector_text(facts[i].value)},
					     err));
out:
	return status;
}

enum lu_status lu_county_tables_add(const struct lu_county_gpkg *task, struct lu_vector_writer *writer,
				    struct lu_error *err)
{
	const struct lu_county_statistics *s = task->statistics;
	enum lu_status status;

	LU_TRY(add_about(task, writer, err));
	LU_TRY(add_classes(s, writer, err));
	LU_TRY(add_dates(s, writer, err));
	LU_TRY(add_areas(s, writer, err));
	if (s->pair_count > 0) {
		LU_TRY(add_transitions(s, writer, err));
		LU_TRY(add_changes(s, writer, err));
	}
	if (s->zones != NULL)
		LU_TRY(add_zone_areas(s, writer, err));
	if (s->zones != NULL && s->pair_count > 0)
		LU_TRY(add_zone_changes(s, writer, err));
out:
	return status;
}
