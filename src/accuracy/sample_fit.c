/* sample_fit.c: dates, scheme, classes and labels of a sample, compared with a county's. See sample_fit.h. */
#include "accuracy/sample_fit.h"

#include <math.h>
#include <string.h>

#include "accuracy/classed.h"
#include "accuracy/sample_file.h"
#include "base/words.h"
#include "maps/transition.h"

enum { LIST = 300 };

/* Areas that differ by more are of different ground. */
static const double same_ground = 0.01;

static enum lu_status find_date(const char *path, const struct lu_sample_maps *maps, const char *date, size_t *number,
				struct lu_error *err)
{
	char list[LIST];

	for (*number = 0; *number < maps->dates; (*number)++)
		if (strcmp(maps->labels[*number], date) == 0)
			return LU_OK;
	return lu_fail(err, LU_ERROR_MISMATCH,
		       "%s: a sample of the map of %s, and the job's dates are %s (draw one of these)", path, date,
		       lu_name_list(maps->labels, maps->dates, list, sizeof(list)));
}

/* A sample that speaks for more than the county would have its areas told as the county's. */
static enum lu_status check_ground(const char *path, const struct lu_sample_maps *maps,
				   const struct lu_sample_table *table, struct lu_error *err)
{
	double area_ha = 0;

	for (size_t h = 0; h < table->stratum_count; h++)
		area_ha += fmax(table->strata[h].area_ha, 0);
	if (maps->county_ha <= 0 || area_ha <= maps->county_ha * (1 + same_ground))
		return LU_OK;
	return lu_fail(err, LU_ERROR_MISMATCH,
		       "%s: drawn from %.2f ha, and the county has %.2f (landuse sample with the county's boundary)",
		       path, area_ha, maps->county_ha);
}

/* Which maps: as the sample says, else the only ones that there are. */
static enum lu_status find_dates(const char *path, const struct lu_sample_maps *maps,
				 const struct lu_sample_table *table, struct lu_sample_fit *out, struct lu_error *err)
{
	enum lu_status status;

	out->earlier = 0;
	out->later = table->change ? 1 : 0;
	if (table->date != NULL && (table->later != NULL || !table->change)) {
		LU_TRY(find_date(path, maps, table->date, &out->earlier, err));
		LU_TRY(find_date(path, maps, table->change ? table->later : table->date, &out->later, err));
		return LU_OK;
	}
	if (maps->dates == out->later + 1)
		return LU_OK;
	status = lu_fail(
		err, LU_ERROR_MISMATCH,
		"%s: does not say of which date it is, and the job has %zu (draw it from the run's own maps: landuse "
		"sample)",
		path, maps->dates);
out:
	return status;
}

/* The numbers of the ends of a change, or of a class twice. */
static void ends_of(bool change, uint16_t value, uint16_t ends[2])
{
	ends[0] = ends[1] = value;
	if (change)
		lu_change_decode(value, &ends[0], &ends[1]);
}

/* The single classes that the map had when the sample was drawn. */
static enum lu_status check_classes(const char *path, const struct lu_sample_maps *maps,
				    const struct lu_sample_table *table, struct lu_error *err)
{
	if (table->scheme != NULL && maps->scheme != NULL && strcmp(table->scheme, maps->scheme) != 0)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: a sample of a map in scheme %s, and the job's is %s (draw another)", path,
			       table->scheme, maps->scheme);
	for (size_t i = 0; i < table->class_count; i++) {
		uint16_t ends[2];
		ends_of(table->change, table->classes[i].value, ends);
		for (int k = 0; k < 2; k++)
			if (lu_legend_find(maps->legend, ends[k]) == NULL)
				return lu_fail(err, LU_ERROR_MISMATCH,
					       "%s: a sample of a map with class %u, which scheme %s does not have "
					       "(draw another)",
					       path, ends[k], maps->scheme != NULL ? maps->scheme : "(none)");
	}
	return LU_OK;
}

/* A number may be anybody's. */
static enum lu_status check_label(const char *path, const struct lu_sample_maps *maps, bool change, size_t row,
				  uint16_t value, struct lu_error *err)
{
	uint16_t ends[2];

	ends_of(change, value, ends);
	for (int k = 0; k < 2 && value != 0; k++)
		if (lu_legend_find(maps->legend, ends[k]) == NULL)
			return lu_fail(err, LU_ERROR_MISMATCH, "%s: row %zu: label %u is no class of scheme %s", path,
				       row, ends[k], maps->scheme != NULL ? maps->scheme : "(none)");
	return LU_OK;
}

/* Are there labels, and are they the county's classes? */
static enum lu_status check_labels(const char *path, const struct lu_sample_maps *maps,
				   const struct lu_sample_table *table, struct lu_error *err)
{
	const struct lu_classed classed = {
		.legend = *maps->legend, .change = table->change, .by_number = table->has_design};
	size_t labelled = 0;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < table->count; i++) {
		const char *label = table->rows[i].reference;
		uint16_t value;
		if (label == NULL)
			continue;
		if (lu_classed_find(&classed, label, &value, err) != LU_OK)
			return lu_fail(err, LU_ERROR_MISMATCH, "%s: row %zu: %.300s", path, i + 1, err->text);
		LU_TRY(check_label(path, maps, table->change, i + 1, value, err));
		labelled += value != 0;
	}
	if (labelled == 0)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: none of its %zu cells is labelled yet (fill in '" LU_SAMPLE_REFERENCE
			       "', or leave 'accuracy' out of the job)",
			       path, table->count);
out:
	return status;
}

static void add_text(struct lu_sha256 *hash, const char *text)
{
	lu_sha256_add(hash, text != NULL ? text : "", (text != NULL ? strlen(text) : 0) + 1);
}

/* The labels and the design; a file's bytes change when somebody only looks at it in QGIS. */
static enum lu_status digest(const struct lu_sample_table *table, char hex[LU_SHA256_HEX], struct lu_error *err)
{
	struct lu_sha256 *hash = NULL;
	enum lu_status status;

	LU_TRY(lu_sha256_new(&hash, err));
	for (size_t i = 0; i < table->count; i++) {
		const struct lu_sample_row *row = &table->rows[i];
		add_text(hash, row->reference);
		add_text(hash, row->map);
		add_text(hash, row->stratum);
		lu_sha256_add(hash, &row->weight, sizeof(row->weight));
		lu_sha256_add(hash, &row->probability, sizeof(row->probability));
		if (row->has_place)
			lu_sha256_add(hash, &row->place, sizeof(row->place));
	}
	for (size_t h = 0; h < table->stratum_count; h++) {
		add_text(hash, table->strata[h].name);
		lu_sha256_add(hash, &table->strata[h].cells, sizeof(double));
		lu_sha256_add(hash, &table->strata[h].area_ha, sizeof(double));
		lu_sha256_add(hash, &table->strata[h].sampled, sizeof(double));
	}
	for (size_t k = 0; k < table->class_count; k++) {
		lu_sha256_add(hash, &table->classes[k].value, sizeof(uint16_t));
		lu_sha256_add(hash, &table->classes[k].area_ha, sizeof(double));
	}
	add_text(hash, table->date);
	add_text(hash, table->later);
	add_text(hash, table->map_sha256);
	lu_sha256_hex(hash, hex);
out:
	lu_sha256_free(hash);
	return status;
}

enum lu_status lu_sample_fit(const char *path, const struct lu_sample_maps *maps, struct lu_sample_fit *out,
			     struct lu_error *err)
{
	const struct lu_sample_source source = {.path = path};
	struct lu_sample_table table = {0};
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_sample_table_read(&source, &table, err));
	if (table.flags)
		LU_TRY(lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: a check of flagged cells, which says nothing of the others (landuse assess tells "
			       "it; here a "
			       "sample of maps is expected)",
			       path));
	LU_TRY(find_dates(path, maps, &table, out, err));
	LU_TRY(check_ground(path, maps, &table, err));
	LU_TRY(check_classes(path, maps, &table, err));
	LU_TRY(check_labels(path, maps, &table, err));
	LU_TRY(digest(&table, out->sha256, err));
	out->change = table.change;
	memcpy(out->map_sha256, table.map_sha256, LU_SHA256_HEX);
out:
	lu_sample_table_release(&table);
	return status;
}
