/* timelines.c: rows of several stores, turned cell by cell. */
#include "change/timelines.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "models/regroup.h"

struct lu_timelines {
	struct lu_store *const *stores;
	size_t dates, classes;
	int64_t rows, cols;
	float least; /* no class reaches it: not mapped */
	double *blend; /* NULL: answers are taken as they are */
	double scale;
	float *cells; /* one row of all dates */
	int64_t row; /* its number; -1: none */
	float *sample; /* room for two samples' cells */
	uint64_t comparable, every, kept; /* cells seen, of which each 'every'-th is kept */
};

enum lu_status lu_timelines_new(struct lu_store *const *stores, size_t dates, int64_t rows, int64_t cols, float least,
				const double *blend, double scale, struct lu_timelines **out, struct lu_error *err)
{
	struct lu_timelines *timelines;
	const size_t classes = lu_store_classes(stores[0]);
	enum lu_status status = lu_alloc(&timelines, 1, sizeof(*timelines), "timelines", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	*timelines = (struct lu_timelines){.stores = stores,
					   .dates = dates,
					   .classes = classes,
					   .rows = rows,
					   .cols = cols,
					   .scale = scale,
					   .row = -1,
					   .least = least,
					   .every = 1};
	LU_TRY(lu_alloc(&timelines->cells, (size_t)cols, dates * classes * sizeof(float), "a row of timelines", err));
	if (blend != NULL) {
		LU_TRY(lu_alloc(&timelines->blend, classes * classes, sizeof(double), "confusions", err));
		memcpy(timelines->blend, blend, classes * classes * sizeof(double));
	}
out:
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
	lu_free(timelines->cells);
	lu_free(timelines->sample);
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

/* As if the network's temperature were 1 / scale times what it is. An answer that says nothing goes on saying nothing. */
static void scale_answer(double scale, size_t classes, float *answer)
{
	double most = 0, sum = 0;

	for (size_t k = 0; k < classes; k++)
		most = fmax(most, (double)answer[k]);
	for (size_t k = 0; k < classes && most > 0; k++) {
		const double p = pow((double)answer[k] / most, scale);
		answer[k] = (float)p;
		sum += p;
	}
	for (size_t k = 0; k < classes && most > 0; k++)
		answer[k] = (float)((double)answer[k] / sum);
}

enum lu_status lu_timelines_row(struct lu_timelines *timelines, int64_t row, const float **cells, struct lu_error *err)
{
	const size_t classes = timelines->classes;

	*cells = timelines->cells;
	if (timelines->row == row)
		return LU_OK;
	timelines->row = -1;
	for (size_t d = 0; d < timelines->dates; d++) {
		const float *answers;
		const enum lu_status status = lu_store_row(timelines->stores[d], row, &answers, err);
		if (status != LU_OK)
			return status;
		for (size_t col = 0; col < (size_t)timelines->cols; col++) {
			const float *answer = answers + col * classes;
			float *out = timelines->cells + (col * timelines->dates + d) * classes;
			if (lu_regroup_doubts(answer, classes, timelines->least))
				memset(out, 0, classes * sizeof(float));
			else if (timelines->blend != NULL)
				blend_answer(timelines->blend, classes, answer, out);
			else
				memcpy(out, answer, classes * sizeof(float));
			if (timelines->scale != 1)
				scale_answer(timelines->scale, classes, out);
		}
	}
	timelines->row = row;
	return LU_OK;
}

static bool comparable(const struct lu_timelines *timelines, const float *cell)
{
	size_t mapped = 0;

	for (size_t d = 0; d < timelines->dates; d++)
		mapped += lu_store_mapped(cell + d * timelines->classes, timelines->classes);
	return mapped >= 2;
}

/* Half of the sample goes: those whose number is no multiple of twice the step. */
static void thin(struct lu_timelines *timelines)
{
	const size_t size = timelines->dates * timelines->classes;

	for (uint64_t i = 1; 2 * i < timelines->kept; i++)
		memcpy(timelines->sample + i * size, timelines->sample + 2 * i * size, size * sizeof(float));
	timelines->kept = (timelines->kept + 1) / 2;
	timelines->every *= 2;
}

enum lu_status lu_timelines_sample_row(struct lu_timelines *timelines, int64_t row, struct lu_error *err)
{
	const size_t size = timelines->dates * timelines->classes;
	const float *cells;
	enum lu_status status;

	LU_TRY(lu_timelines_row(timelines, row, &cells, err));
	for (size_t col = 0; col < (size_t)timelines->cols; col++, cells += size) {
		if (!comparable(timelines, cells) || timelines->comparable++ % timelines->every != 0)
			continue;
		if (timelines->kept == 2 * LU_TIMELINES_SAMPLE) {
			/* This cell's number is a multiple of the doubled step, too: 2 x SAMPLE is even. */
			thin(timelines);
		}
		if (timelines->sample == NULL)
			LU_TRY(lu_alloc(&timelines->sample, 2 * LU_TIMELINES_SAMPLE, size * sizeof(float),
					"a sample of cells", err));
		memcpy(timelines->sample + timelines->kept++ * size, cells, size * sizeof(float));
	}
out:
	return status;
}

const float *lu_timelines_sample(struct lu_timelines *timelines, size_t *count)
{
	if (timelines->kept > LU_TIMELINES_SAMPLE)
		thin(timelines);
	*count = (size_t)timelines->kept;
	return timelines->sample;
}
