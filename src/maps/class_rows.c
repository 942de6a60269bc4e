/* class_rows.c: arg-max over a store's records, row by row. */
#include "maps/class_rows.h"

#include <string.h>

#include "base/memory.h"

struct lu_score_rows {
	struct lu_store *store;
	const struct lu_regroup *regroup;
	int64_t cols;
	int64_t row; /* the one below; -1: none */
	uint16_t *values;
	uint8_t *percents;
};

enum lu_status lu_score_rows_new(struct lu_store *store, const struct lu_regroup *regroup, int64_t cols,
				 struct lu_score_rows **out, struct lu_error *err)
{
	struct lu_score_rows *rows;
	enum lu_status status = lu_alloc(&rows, 1, sizeof(*rows), "a row of scores", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	*rows = (struct lu_score_rows){.store = store, .regroup = regroup, .cols = cols, .row = -1};
	LU_TRY(lu_alloc(&rows->values, (size_t)cols, sizeof(*rows->values), "a row of classes", err));
	LU_TRY(lu_alloc(&rows->percents, (size_t)cols, 1, "a row of classes", err));
out:
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
	lu_free(rows->values);
	lu_free(rows->percents);
	lu_free(rows);
}

static enum lu_status read_row(struct lu_score_rows *rows, int64_t row, struct lu_error *err)
{
	const size_t classes = lu_store_classes(rows->store);
	const float *scores;
	enum lu_status status = LU_OK;

	if (rows->row == row)
		return LU_OK;
	rows->row = -1;
	LU_TRY(lu_store_row(rows->store, row, &scores, err));
	for (int64_t col = 0; col < rows->cols; col++) {
		const float *record = scores + (size_t)col * classes;
		rows->percents[col] = 0;
		rows->values[col] = lu_store_mapped(record, classes)
					    ? lu_regroup_best(rows->regroup, record, &rows->percents[col])
					    : 0;
	}
out:
	rows->row = status == LU_OK ? row : -1;
	return status;
}

static enum lu_status read_scores(void *user, int64_t row0, int64_t count, uint16_t *values, uint8_t *confidence,
				  struct lu_error *err)
{
	struct lu_score_rows *rows = user;
	const size_t cols = (size_t)rows->cols;

	for (int64_t row = 0; row < count; row++) {
		const enum lu_status status = read_row(rows, row0 + row, err);
		if (status != LU_OK)
			return status;
		memcpy(values + (size_t)row * cols, rows->values, cols * sizeof(*values));
		if (confidence != NULL)
			memcpy(confidence + (size_t)row * cols, rows->percents, cols);
	}
	return LU_OK;
}

struct lu_class_rows lu_score_rows_source(struct lu_score_rows *rows)
{
	return (struct lu_class_rows){read_scores, rows};
}
