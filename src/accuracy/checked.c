/* checked.c: reviewed patches counted by kind of change. */
#include "accuracy/checked.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/table.h"
#include "raster/vector.h"

/* The fields that matter, by number; -1: not there. */
struct columns {
	int checked, from, to, area, probability, patch;
};

static enum lu_status find_columns(const struct lu_vector_reader *reader, const char *path, struct columns *columns,
				   struct lu_error *err)
{
	*columns = (struct columns){.checked = lu_vector_find(reader, LU_REVIEW_STATUS),
				    .from = lu_vector_find(reader, "from_name"),
				    .to = lu_vector_find(reader, "to_name"),
				    .area = lu_vector_find(reader, "area_ha"),
				    .probability = lu_vector_find(reader, "probability"),
				    .patch = lu_vector_find(reader, "patch")};
	if (columns->checked < 0)
		columns->checked = lu_vector_find(reader, LU_REVIEW_STATUS_FORMERLY);
	if (columns->checked >= 0)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "%s: no field '%s' (it has: %s; name a layer of candidates, such as new_development.gpkg of "
		       "landuse run)",
		       path, LU_REVIEW_STATUS, lu_vector_field_names(reader));
}

/* The number of the review status in lu_review_statuses, or -1 for none. */
static enum lu_status read_status(const char *path, uint64_t row, const char *text, int *review, struct lu_error *err)
{
	double number;

	*review = -1;
	if (text == NULL)
		return LU_OK;
	const bool is_number = lu_table_number(text, &number);
	for (int k = 0; k < LU_REVIEW_STATUSES && *review < 0; k++)
		if (is_number ? number == (double)lu_review_statuses[k].value
			      : strcasecmp(text, lu_review_statuses[k].name) == 0)
			*review = k;
	if (*review >= 0)
		return LU_OK;
	return lu_fail(err, LU_ERROR_FORMAT,
		       "%s: row %" PRIu64
		       ": '%s' is '%.40s', it should be 1 (change), 2 (no change), 3 (unsure) or empty",
		       path, row, LU_REVIEW_STATUS, text);
}

/* The kind of that name, added where it is new. */
static enum lu_status find_kind(struct lu_checked *checked, const char *name, struct lu_checked_kind **out,
				struct lu_error *err)
{
	for (size_t i = 0; i < checked->kind_count; i++) {
		*out = &checked->kinds[i];
		if (strcmp((*out)->name, name) == 0)
			return LU_OK;
	}
	enum lu_status status;

	LU_TRY(lu_grow(&checked->kinds, checked->kind_count + 1, sizeof(*checked->kinds), "kinds of change", err));
	char *copy = lu_strdup(name);
	LU_TRY(copy != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: kinds of change"));
	*out = &checked->kinds[checked->kind_count++];
	**out = (struct lu_checked_kind){.name = copy};
out:
	return status;
}

static void count(struct lu_checked_counts *counts, int review, double area_ha)
{
	counts->patches++;
	counts->patches_ha += area_ha;
	if (review >= 0) {
		counts->by_status[review]++;
		counts->by_status_ha[review] += area_ha;
	}
}

/* A field's number, or 0 where there is none. */
static double number_in(struct lu_vector_reader *reader, int field)
{
	const char *text = lu_vector_get(reader, field);
	double number = 0;

	return text != NULL && lu_table_number(text, &number) ? number : 0;
}

/* "Forest to Developed", "? to ?" where the layer does not tell. */
static enum lu_status kind_of(struct lu_checked *checked, struct lu_vector_reader *reader,
			      const struct columns *columns, struct lu_checked_kind **kind, struct lu_error *err)
{
	/* A text of the reader is gone with the next one. */
	const char *from = lu_vector_get(reader, columns->from);
	char *name = lu_strdup(from != NULL ? from : "?");
	const char *to = lu_vector_get(reader, columns->to);
	char *both = name != NULL ? lu_sprintf("%s to %s", name, to != NULL ? to : "?") : NULL;
	const enum lu_status status = both != NULL ? find_kind(checked, both, kind, err)
						   : lu_fail(err, LU_ERROR_MEMORY, "out of memory: kinds of change");

	lu_free(name);
	lu_free(both);
	return status;
}

/* '*last' is the place in the list, counted from 1, of the last patch that was checked. */
static enum lu_status read_rows(struct lu_checked *checked, struct lu_vector_reader *reader,
				const struct columns *columns, uint64_t *last, struct lu_error *err)
{
	bool more = true;
	enum lu_status status;

	LU_TRY(lu_vector_next(reader, &more, err));
	for (uint64_t row = 1; more; row++) {
		struct lu_checked_kind *kind = NULL;
		const double area = number_in(reader, columns->area);
		const double probability = number_in(reader, columns->probability);
		const double place = columns->patch >= 0 ? number_in(reader, columns->patch) : (double)row;
		int review;
		LU_TRY(read_status(checked->path, row, lu_vector_get(reader, columns->checked), &review, err));
		LU_TRY(kind_of(checked, reader, columns, &kind, err));
		count(&kind->counts, review, area);
		count(&checked->all, review, area);
		checked->list_probability += probability;
		checked->checked_probability += review >= 0 ? probability : 0;
		checked->decided_probability += review >= 0 && review != LU_REVIEWED_UNSURE ? probability : 0;
		if (review >= 0 && place > (double)*last)
			*last = (uint64_t)place;
		LU_TRY(lu_vector_next(reader, &more, err));
	}
out:
	return status;
}

enum lu_status lu_checked_read(const char *path, const char *layer, struct lu_checked *out, struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	struct columns columns;
	uint64_t last = 0;
	enum lu_status status;

	*out = (struct lu_checked){.path = path};
	LU_TRY(lu_vector_open(path, LU_NAMED, layer, NULL, &reader, err));
	LU_TRY(find_columns(reader, path, &columns, err));
	LU_TRY(read_rows(out, reader, &columns, &last, err));
	out->has_areas = columns.area >= 0;
	out->has_probabilities = columns.probability >= 0;
	const uint64_t checked = lu_checked_count(&out->all);
	if (checked == 0)
		status = lu_fail(err, LU_ERROR_ARGUMENT,
				 "%s: none of its %" PRIu64 " patches is reviewed (open it in QGIS and fill in '%s')",
				 path, out->all.patches, LU_REVIEW_STATUS);
	out->part = checked == out->all.patches ? LU_CHECKED_ALL : checked == last ? LU_CHECKED_FIRST : LU_CHECKED_SOME;
out:
	lu_vector_close(reader);
	return status;
}

void lu_checked_release(struct lu_checked *checked)
{
	for (size_t i = 0; i < checked->kind_count; i++)
		lu_free(checked->kinds[i].name);
	lu_free(checked->kinds);
	*checked = (struct lu_checked){0};
}

uint64_t lu_checked_count(const struct lu_checked_counts *counts)
{
	uint64_t sum = 0;

	for (int k = 0; k < LU_REVIEW_STATUSES; k++)
		sum += counts->by_status[k];
	return sum;
}
