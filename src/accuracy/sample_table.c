/* sample_table.c: rows and design out of a labelled sample. */
#include "accuracy/sample_table.h"

#include <stdlib.h>
#include <string.h>

#include "accuracy/sample_file.h"
#include "base/memory.h"
#include "base/table.h"
#include "raster/vector.h"

static enum lu_status copy_text(const char *text, char **out, struct lu_error *err)
{
	*out = text != NULL ? lu_strdup(text) : NULL;
	return text == NULL || *out != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: the sample");
}

/* The fields that matter, by number; -1: not there. */
struct columns {
	int reference, map, stratum, weight, probability;
};

static enum lu_status find_columns(const struct lu_sample_source *source, const struct lu_vector_reader *reader,
				   struct columns *columns, struct lu_error *err)
{
	const char *reference = source->reference_field != NULL ? source->reference_field : LU_SAMPLE_REFERENCE;
	const struct {
		const char *name;
		int *column;
		bool needed;
	} wanted[] = {{reference, &columns->reference, true},
		      {source->map_field, &columns->map, true},
		      {source->stratum_field, &columns->stratum, true}};

	columns->map = lu_vector_find(reader, "map");
	if (columns->map < 0)
		columns->map = lu_vector_find(reader, "class");
	columns->stratum = lu_vector_find(reader, LU_SAMPLE_STRATUM);
	columns->weight = lu_vector_find(reader, "weight");
	columns->probability = lu_vector_find(reader, LU_SAMPLE_PROBABILITY);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (wanted[i].name == NULL)
			continue;
		*wanted[i].column = lu_vector_find(reader, wanted[i].name);
		if (*wanted[i].column < 0)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "%s: no field '%s' (it has: %s; .reference_field = NAME)", source->path,
				       wanted[i].name, lu_vector_field_names(reader));
	}
	return LU_OK;
}

static enum lu_status read_rows(struct lu_vector_reader *reader, const struct columns *columns,
				struct lu_sample_table *table, struct lu_error *err)
{
	bool more = true;
	enum lu_status status;

	for (;;) {
		LU_TRY(lu_vector_next(reader, &more, err));
		if (!more)
			break;
		LU_TRY(lu_grow(&table->rows, table->count + 1, sizeof(*table->rows), "the sample", err));
		struct lu_sample_row *row = &table->rows[table->count++];
		*row = (struct lu_sample_row){0};
		LU_TRY(copy_text(lu_vector_get(reader, columns->reference), &row->reference, err));
		LU_TRY(copy_text(lu_vector_get(reader, columns->map), &row->map, err));
		LU_TRY(copy_text(lu_vector_get(reader, columns->stratum), &row->stratum, err));
		const char *weight = lu_vector_get(reader, columns->weight);
		if (weight == NULL || !lu_table_number(weight, &row->weight))
			row->weight = 0;
		const char *probability = lu_vector_get(reader, columns->probability);
		if (probability == NULL || !lu_table_number(probability, &row->probability))
			row->probability = -1;
		row->has_place = lu_vector_place(reader, &row->place);
	}
out:
	return status;
}

static double number_of(struct lu_vector_reader *reader, const char *field, double otherwise)
{
	const char *text = lu_vector_get(reader, lu_vector_find(reader, field));
	double number;

	return text != NULL && lu_table_number(text, &number) ? number : otherwise;
}

typedef enum lu_status (*take_row)(struct lu_vector_reader *reader, struct lu_sample_table *table,
				   struct lu_error *err);

static enum lu_status take_stratum(struct lu_vector_reader *reader, struct lu_sample_table *table, struct lu_error *err)
{
	enum lu_status status =
		lu_grow(&table->strata, table->stratum_count + 1, sizeof(*table->strata), "strata", err);

	if (status != LU_OK)
		return status;
	struct lu_design_stratum *stratum = &table->strata[table->stratum_count++];
	*stratum = (struct lu_design_stratum){.cells = number_of(reader, "cells", 0),
					      .area_ha = number_of(reader, "area_ha", -1),
					      .sampled = number_of(reader, "sampled", -1)};
	return copy_text(lu_vector_get(reader, lu_vector_find(reader, LU_SAMPLE_STRATUM)), &stratum->name, err);
}

static enum lu_status take_class(struct lu_vector_reader *reader, struct lu_sample_table *table, struct lu_error *err)
{
	const double stratum = number_of(reader, LU_SAMPLE_STRATUM, 0);
	enum lu_status status =
		lu_grow(&table->classes, table->class_count + 1, sizeof(*table->classes), "classes", err);

	if (status != LU_OK)
		return status;
	table->classes[table->class_count++] =
		(struct lu_design_class){.value = (uint16_t)number_of(reader, "class", 0),
					 .cells = number_of(reader, "cells", 0),
					 .area_ha = number_of(reader, "area_ha", 0),
					 .probability = number_of(reader, LU_SAMPLE_PROBABILITY, -1),
					 .stratum = stratum >= 1 ? (size_t)stratum - 1 : 0};
	return LU_OK;
}

static enum lu_status take_fact(struct lu_vector_reader *reader, struct lu_sample_table *table, struct lu_error *err)
{
	char fact[64] = "";
	const char *text = lu_vector_get(reader, lu_vector_find(reader, "fact"));

	if (text != NULL)
		strncpy(fact, text, sizeof(fact) - 1);
	text = lu_vector_get(reader, lu_vector_find(reader, "value"));
	if (text != NULL && strcmp(fact, "strata") == 0)
		table->change = strcmp(text, "change") == 0;
	if (text != NULL && strcmp(fact, LU_SAMPLE_OF) == 0)
		table->flags = strcmp(text, LU_SAMPLE_OF_FLAGS) == 0;
	if (text != NULL && strcmp(fact, "map_sha256") == 0 && strlen(text) == LU_SHA256_HEX - 1)
		memcpy(table->map_sha256, text, LU_SHA256_HEX);
	const struct {
		const char *fact;
		char **to;
	} texts[] = {{LU_SAMPLE_DATE, &table->date},
		     {LU_SAMPLE_DATE_LATER, &table->later},
		     {LU_SAMPLE_SCHEME, &table->scheme}};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (*texts[i].to == NULL && strcmp(fact, texts[i].fact) == 0)
			return copy_text(text, texts[i].to, err);
	return LU_OK;
}

static enum lu_status read_layer(const char *path, const char *layer, take_row take, struct lu_sample_table *table,
				 struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	bool more = true;
	enum lu_status status;

	LU_TRY(lu_vector_open(path, LU_NAMED, layer, NULL, &reader, err));
	for (;;) {
		LU_TRY(lu_vector_next(reader, &more, err));
		if (!more)
			break;
		LU_TRY(take(reader, table, err));
	}
out:
	lu_vector_close(reader);
	return status;
}

static enum lu_status read_design(const char *path, struct lu_sample_table *table, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(read_layer(path, LU_SAMPLE_DESIGN, take_stratum, table, err));
	LU_TRY(read_layer(path, LU_SAMPLE_CLASSES, take_class, table, err));
	LU_TRY(read_layer(path, LU_SAMPLE_FACTS, take_fact, table, err));
	for (size_t i = 0; i < table->class_count; i++)
		if (table->classes[i].stratum >= table->stratum_count) {
			status = lu_fail(err, LU_ERROR_FORMAT,
					 "%s: class %u is in stratum %zu of %zu (is the table %s damaged?)", path,
					 table->classes[i].value, table->classes[i].stratum + 1, table->stratum_count,
					 LU_SAMPLE_CLASSES);
			goto out;
		}
	table->knows_probability = table->class_count > 0;
	for (size_t i = 0; i < table->class_count; i++)
		table->knows_probability = table->knows_probability && table->classes[i].probability >= 0;
out:
	table->has_design = table->stratum_count > 0;
	return status;
}

/* Strata in the order they are met, sizes by their weights. */
enum lu_status lu_sample_table_infer(struct lu_sample_table *table, struct lu_error *err)
{
	if (table->has_design)
		return LU_OK;
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].stratum == NULL || table->rows[i].weight <= 0)
			return LU_OK;
	for (size_t i = 0; i < table->count; i++) {
		const struct lu_sample_row *row = &table->rows[i];
		if (row->repeated)
			continue;
		int64_t number = lu_sample_table_stratum(table, row);
		if (number < 0) {
			enum lu_status status = lu_grow(&table->strata, table->stratum_count + 1,
							sizeof(*table->strata), "strata", err);
			if (status != LU_OK)
				return status;
			number = (int64_t)table->stratum_count++;
			table->strata[number] = (struct lu_design_stratum){.area_ha = -1, .sampled = -1};
			status = copy_text(row->stratum, &table->strata[number].name, err);
			if (status != LU_OK)
				return status;
		}
		table->strata[number].cells += row->weight;
	}
	table->has_design = table->count > 0;
	return LU_OK;
}

enum lu_status lu_sample_table_read(const struct lu_sample_source *source, struct lu_sample_table *out,
				    struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	struct columns columns;
	bool designed = false;
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_vector_open(source->path, LU_NAMED, source->layer, LU_SAMPLE_LAYER, &reader, err));
	LU_TRY(find_columns(source, reader, &columns, err));
	out->has_map_field = columns.map >= 0;
	designed = lu_vector_has_layer(reader, LU_SAMPLE_DESIGN) && lu_vector_has_layer(reader, LU_SAMPLE_CLASSES) &&
		   lu_vector_has_layer(reader, LU_SAMPLE_FACTS) && columns.stratum >= 0;
	LU_TRY(copy_text(lu_vector_crs(reader), &out->crs_wkt, err));
	LU_TRY(read_rows(reader, &columns, out, err));
	lu_vector_close(reader);
	reader = NULL;
	if (designed)
		LU_TRY(read_design(source->path, out, err));
	if (out->count == 0)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: no rows: expected a sample", source->path);
out:
	lu_vector_close(reader);
	if (status != LU_OK)
		lu_sample_table_release(out);
	return status;
}

void lu_sample_table_release(struct lu_sample_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		lu_free(table->rows[i].reference);
		lu_free(table->rows[i].map);
		lu_free(table->rows[i].stratum);
	}
	for (size_t h = 0; h < table->stratum_count; h++)
		lu_free(table->strata[h].name);
	lu_free(table->rows);
	lu_free(table->strata);
	lu_free(table->classes);
	lu_free(table->crs_wkt);
	lu_free(table->date);
	lu_free(table->later);
	lu_free(table->scheme);
	memset(table, 0, sizeof(*table));
}

int64_t lu_sample_table_stratum(const struct lu_sample_table *table, const struct lu_sample_row *row)
{
	for (size_t h = 0; row->stratum != NULL && h < table->stratum_count; h++)
		if (table->strata[h].name != NULL && strcmp(table->strata[h].name, row->stratum) == 0)
			return (int64_t)h;
	return -1;
}
