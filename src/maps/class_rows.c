/* class_rows.c: arg-max over a store's records, row by row. */
#include "maps/class_rows.h"

#include "base/memory.h"

struct lu_score_rows {
	const struct lu_store *store;
	const struct lu_regroup *regroup;
	int64_t cols;
	float *scores; /* one row */
};

enum lu_status lu_score_rows_new(const struct lu_store *store, const struct lu_regroup *regroup, int64_t cols,
				 struct lu_score_rows **out, struct lu_error *err)
{
	struct lu_score_rows *rows;
	enum lu_status status = lu_alloc(&rows, 1, sizeof(*rows), "a row of scores", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	*rows = (struct lu_score_rows){.store = store, .regroup = regroup, .cols = cols};
	status = lu_alloc(&rows->scores, (size_t)cols, sizeof(float) * lu_store_classes(store), "a row of scores", err);
	if (status != LU_OK) {
		lu_score_rows_free(rows);
		return status;
	}
	*out = rows;
	return LU_OK;
}

void lu_score_rows_free(struct lu_score_rows *rows)
{
	if (rows == NULL)
		return;
	lu_free(rows->scores);
	lu_free(rows);
}

/* A record of zeros is "not mapped": real probabilities sum to something. */
static bool is_mapped(const float *record, size_t classes)
{
	for (size_t k = 0; k < classes; k++)
		if (record[k] > 0)
			return true;
	return false;
}

static enum lu_status read_scores(void *user, int64_t row0, int64_t count, uint16_t *values, uint8_t *confidence,
				  struct lu_error *err)
{
	const struct lu_score_rows *rows = user;
	const size_t classes = lu_store_classes(rows->store);

	for (int64_t row = 0; row < count; row++) {
		const enum lu_status status = lu_store_rows(rows->store, row0 + row, 1, rows->scores, err);
		if (status != LU_OK)
			return status;
		for (int64_t col = 0; col < rows->cols; col++) {
			const float *record = rows->scores + (size_t)col * classes;
			const int64_t at = row * rows->cols + col;
			uint8_t percent = 0;
			values[at] = is_mapped(record, classes) ? lu_regroup_best(rows->regroup, record, &percent) : 0;
			if (confidence != NULL)
				confidence[at] = percent;
		}
	}
	return LU_OK;
}

struct lu_class_rows lu_score_rows_source(struct lu_score_rows *rows)
{
	return (struct lu_class_rows){read_scores, rows};
}
