/* timelines.c: rows of several stores, turned cell by cell. */
#include "change/timelines.h"

#include <string.h>

#include "base/memory.h"

struct lu_timelines {
	struct lu_store *const *stores;
	size_t dates, classes;
	int64_t rows, cols;
	double *blend; /* NULL: answers are taken as they are */
	float *answers; /* one row of one date */
	float *cells; /* one row of all dates */
};

enum lu_status lu_timelines_new(struct lu_store *const *stores, size_t dates, int64_t rows, int64_t cols,
				const double *blend, struct lu_timelines **out, struct lu_error *err)
{
	struct lu_timelines *timelines;
	const size_t classes = lu_store_classes(stores[0]);
	enum lu_status status = lu_alloc(&timelines, 1, sizeof(*timelines), "timelines", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	*timelines =
		(struct lu_timelines){.stores = stores, .dates = dates, .classes = classes, .rows = rows, .cols = cols};
	status = lu_alloc(&timelines->answers, (size_t)cols, classes * sizeof(float), "a row of answers", err);
	if (status == LU_OK)
		status = lu_alloc(&timelines->cells, (size_t)cols, dates * classes * sizeof(float),
				  "a row of timelines", err);
	if (status == LU_OK && blend != NULL) {
		status = lu_alloc(&timelines->blend, classes * classes, sizeof(double), "confusions", err);
		if (status == LU_OK)
			memcpy(timelines->blend, blend, classes * classes * sizeof(double));
	}
	if (status != LU_OK) {
		lu_timelines_free(timelines);
		return status;
	}
	*out = timelines;
	return LU_OK;
}

void lu_timelines_free(struct lu_timelines *timelines)
{
	if (timelines == NULL)
		return;
	lu_free(timelines->blend);
	lu_free(timelines->answers);
	lu_free(timelines->cells);
	lu_free(timelines);
}

size_t lu_timelines_dates(const struct lu_timelines *timelines)
{
	return timelines->dates;
}

size_t lu_timelines_classes(const struct lu_timelines *timelines)
{
	return timelines->classes;
}

int64_t lu_timelines_rows(const struct lu_timelines *timelines)
{
	return timelines->rows;
}

int64_t lu_timelines_cols(const struct lu_timelines *timelines)
{
	return timelines->cols;
}

static void blend_answer(const double *blend, size_t classes, const float *answer, float *out)
{
	for (size_t k = 0; k < classes; k++) {
		double sum = 0;
		for (size_t j = 0; j < classes; j++)
			sum += (double)answer[j] * blend[j * classes + k];
		out[k] = (float)sum;
	}
}

enum lu_status lu_timelines_row(struct lu_timelines *timelines, int64_t row, const float **cells, struct lu_error *err)
{
	const size_t classes = timelines->classes;

	for (size_t d = 0; d < timelines->dates; d++) {
		const enum lu_status status = lu_store_rows(timelines->stores[d], row, 1, timelines->answers, err);
		if (status != LU_OK)
			return status;
		for (size_t col = 0; col < (size_t)timelines->cols; col++) {
			const float *answer = timelines->answers + col * classes;
			float *out = timelines->cells + (col * timelines->dates + d) * classes;
			if (timelines->blend != NULL)
				blend_answer(timelines->blend, classes, answer, out);
			else
				memcpy(out, answer, classes * sizeof(float));
		}
	}
	*cells = timelines->cells;
	return LU_OK;
}

static bool comparable(const struct lu_timelines *timelines, const float *cell)
{
	size_t mapped = 0;

	for (size_t d = 0; d < timelines->dates; d++)
		mapped += lu_store_mapped(cell + d * timelines->classes, timelines->classes);
	return mapped >= 2;
}

/* Visit every comparable cell in row order; take those whose number is a multiple of 'every' (0: none, only count). */
static enum lu_status visit(struct lu_timelines *timelines, uint64_t every, float *cells, uint64_t *count,
			    struct lu_error *err)
{
	const size_t size = timelines->dates * timelines->classes;
	const float *row_cells;

	*count = 0;
	for (int64_t row = 0; row < timelines->rows; row++) {
		const enum lu_status status = lu_timelines_row(timelines, row, &row_cells, err);
		if (status != LU_OK)
			return status;
		for (size_t col = 0; col < (size_t)timelines->cols; col++) {
			const float *cell = row_cells + col * size;
			if (!comparable(timelines, cell))
				continue;
			if (every > 0 && *count % every == 0)
				memcpy(cells + *count / every * size, cell, size * sizeof(float));
			++*count;
		}
	}
	return LU_OK;
}

enum lu_status lu_timelines_sample(struct lu_timelines *timelines, float **cells, size_t *count, struct lu_error *err)
{
	uint64_t all;
	enum lu_status status = visit(timelines, 0, NULL, &all, err);

	*cells = NULL;
	*count = 0;
	if (status != LU_OK)
		return status;
	const uint64_t every = all / LU_TIMELINES_SAMPLE + 1;
	const size_t taken = (size_t)((all + every - 1) / every);
	status =
		lu_alloc(cells, taken, timelines->dates * timelines->classes * sizeof(float), "a sample of cells", err);
	if (status == LU_OK)
		status = visit(timelines, every, *cells, &all, err);
	if (status != LU_OK) {
		lu_free(*cells);
		*cells = NULL;
		return status;
	}
	*count = taken;
	return LU_OK;
}
