/* reach.c: statistics of training chips, kept and used. See reach.h. */
#include "models/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "chips/appearance.h"
#include "models/model_record.h"

void lu_reach_release(struct lu_reach *reach)
{
	lu_free(reach->mean);
	lu_free(reach->deviation);
	lu_free(reach->factor);
	*reach = (struct lu_reach){0};
}

static enum lu_status make(size_t count, struct lu_reach *out, struct lu_error *err)
{
	enum lu_status status;

	*out = (struct lu_reach){.count = count};
	LU_TRY(lu_alloc(&out->mean, count, sizeof(double), "statistics", err));
	LU_TRY(lu_alloc(&out->deviation, count, sizeof(double), "statistics", err));
	LU_TRY(lu_alloc(&out->factor, count * count, sizeof(double), "statistics", err));
out:
	return status;
}

static bool read_numbers(const json_t *list, size_t count, double *to)
{
	bool ok = json_array_size(list) == count;

	for (size_t i = 0; i < count && ok; i++) {
		ok = json_is_number(json_array_get(list, i));
		to[i] = json_number_value(json_array_get(list, i));
	}
	return ok;
}

static bool read_all(const json_t *object, struct lu_reach *r)
{
	const json_t *rows = json_object_get(object, "factor");
	bool ok = read_numbers(json_object_get(object, "mean"), r->count, r->mean) &&
		  read_numbers(json_object_get(object, "deviation"), r->count, r->deviation) &&
		  json_array_size(rows) == r->count;

	/* Row i ends on the diagonal. */
	for (size_t i = 0; i < r->count && ok; i++)
		ok = read_numbers(json_array_get(rows, i), i + 1, r->factor + i * r->count) && r->deviation[i] > 0 &&
		     r->factor[i * r->count + i] > 0;
	r->distance = json_number_value(json_object_get(object, "distance"));
	r->chips = (uint64_t)json_integer_value(json_object_get(object, "chips"));
	return ok && r->distance > 0;
}

enum lu_status lu_reach_read(const char *path, const json_t *properties, size_t bands, struct lu_reach *out,
			     struct lu_error *err)
{
	const json_t *object = json_object_get(properties, LU_REACH_KEY);
	enum lu_status status;

	*out = (struct lu_reach){0};
	if (object == NULL)
		return LU_OK;
	LU_TRY(make(lu_appearance_count(bands), out, err));
	if (!read_all(object, out))
		status =
			lu_fail(err, LU_ERROR_FORMAT,
				"%s: properties." LU_REACH_KEY " should be %zu numbers as mean and as deviation, their "
				"factor and a distance above 0, as landuse train writes it",
				path, out->count);
out:
	if (status != LU_OK)
		lu_reach_release(out);
	return status;
}

static json_t *numbers_json(const double *numbers, size_t count, bool *ok)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		/* Six digits: what is lost is far below what one chip more would change. */
		const double unit = pow(10, numbers[i] != 0 ? floor(log10(fabs(numbers[i]))) - 5 : 0);
		*ok = json_array_append_new(list, json_real(round(numbers[i] / unit) * unit)) == 0 && *ok;
	}
	return list;
}

json_t *lu_reach_json(const struct lu_reach *r)
{
	bool ok = true;
	json_t *rows = json_array();

	for (size_t i = 0; i < r->count; i++)
		ok = json_array_append_new(rows, numbers_json(r->factor + i * r->count, i + 1, &ok)) == 0 && ok;
	json_t *object = json_pack(
		"{s:s, s:I, s:f, s:o, s:o, s:o}", "description",
		"colours, contrast and texture of chips (mean, deviation, Cholesky factor of the correlation) and "
		"the distance within which 99.9 % of them lie",
		"chips", (json_int_t)r->chips, "distance", round(r->distance * 1e4) / 1e4, "mean",
		numbers_json(r->mean, r->count, &ok), "deviation", numbers_json(r->deviation, r->count, &ok), "factor",
		rows);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

enum lu_status lu_reach_record(const char *folder, const struct lu_reach *reach, const char *set, size_t in_training,
			       struct lu_error *err)
{
	json_t *record = lu_reach_json(reach);
	const bool whole = record != NULL && json_object_set_new(record, "set", json_string(set)) == 0 &&
			   json_object_set_new(record, "in_training", json_integer((json_int_t)in_training)) == 0;
	const enum lu_status status = lu_model_record(folder, LU_REACH_KEY, whole ? record : NULL,
						      JSON_INDENT(1) | JSON_REAL_PRECISION(9), err);

	json_decref(record);
	return status;
}

double lu_reach_distance(const struct lu_reach *r, const double *row, double *scratch)
{
	double sum = 0;

	for (size_t i = 0; i < r->count; i++) {
		const double *factor = r->factor + i * r->count;
		double rest = (row[i] - r->mean[i]) / r->deviation[i];
		for (size_t k = 0; k < i; k++)
			rest -= factor[k] * scratch[k];
		scratch[i] = rest / factor[i];
		sum += scratch[i] * scratch[i];
	}
	return sqrt(sum);
}

/* The lower Cholesky factor of a positive definite matrix, in place; what is above the diagonal becomes 0. */
static void factorise(double *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k <= i; k++) {
			double rest = a[i * n + k];
			for (size_t m = 0; m < k; m++)
				rest -= a[i * n + m] * a[k * n + m];
			/* The shrunk diagonal keeps it above this. */
			a[i * n + k] = k < i ? rest / a[k * n + k] : sqrt(fmax(rest, LU_REACH_SHRINK / 2));
		}
		for (size_t k = i + 1; k < n; k++)
			a[i * n + k] = 0;
	}
}

enum lu_status lu_reach_statistics(const double *rows, const bool *use, size_t n, size_t count, struct lu_reach *out,
				   struct lu_error *err)
{
	size_t used = 0;
	enum lu_status status;

	LU_TRY(make(count, out, err));
	/* Welford 1962 */
	for (size_t i = 0; i < n; i++) {
		if (use != NULL && !use[i])
			continue;
		used++;
		for (size_t f = 0; f < count; f++) {
			const double delta = rows[i * count + f] - out->mean[f];
			out->mean[f] += delta / (double)used;
			out->deviation[f] += delta * (rows[i * count + f] - out->mean[f]);
		}
	}
	out->chips = used;
	for (size_t f = 0; f < count; f++)
		out->deviation[f] = fmax(sqrt(out->deviation[f] / (double)(used > 0 ? used : 1)), 1e-6);
	for (size_t i = 0; i < n; i++) {
		if (use != NULL && !use[i])
			continue;
		for (size_t f = 0; f < count; f++) {
			const double z = (rows[i * count + f] - out->mean[f]) / out->deviation[f];
			for (size_t k = 0; k <= f; k++)
				out->factor[f * count + k] +=
					z * (rows[i * count + k] - out->mean[k]) / out->deviation[k] / (double)used;
		}
	}
	/* A number that never varies has no correlation, not even with itself. */
	for (size_t f = 0; f < count; f++)
		for (size_t k = 0; k <= f; k++)
			out->factor[f * count + k] = f == k ? 1 : (1 - LU_REACH_SHRINK) * out->factor[f * count + k];
	factorise(out->factor, count);
out:
	return status;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Distances of the rows that some fold holds out, each by the rows outside its fold; returns how many. */
static enum lu_status held_out(const double *rows, const int *folds, size_t n, size_t count, double *distances,
			       size_t *found, struct lu_error *err)
{
	bool *use = NULL;
	double *scratch = NULL;
	int most = -1;
	enum lu_status status;

	LU_TRY(lu_alloc(&use, n, sizeof(*use), "statistics", err));
	LU_TRY(lu_alloc(&scratch, count, sizeof(*scratch), "statistics", err));
	for (size_t i = 0; i < n; i++)
		most = folds[i] > most ? folds[i] : most;
	for (int fold = 0; fold <= most; fold++) {
		struct lu_reach others = {0};
		size_t learned = 0;
		for (size_t i = 0; i < n; i++)
			learned += use[i] = folds[i] != fold;
		status = learned > 1 ? lu_reach_statistics(rows, use, n, count, &others, err) : LU_OK;
		for (size_t i = 0; i < n && learned > 1 && status == LU_OK; i++)
			if (!use[i])
				distances[(*found)++] = lu_reach_distance(&others, rows + i * count, scratch);
		lu_reach_release(&others);
		if (status != LU_OK)
			break;
	}
out:
	lu_free(use);
	lu_free(scratch);
	return status;
}

enum lu_status lu_reach_find(const double *rows, const int *folds, size_t n, size_t count, struct lu_reach *out,
			     struct lu_error *err)
{
	double *distances = NULL;
	size_t found = 0;
	enum lu_status status;

	*out = (struct lu_reach){0};
	if (n < LU_REACH_FEWEST)
		return LU_OK;
	LU_TRY(lu_alloc(&distances, n, sizeof(*distances), "statistics", err));
	LU_TRY(held_out(rows, folds, n, count, distances, &found, err));
	if (found == 0)
		goto out;
	qsort(distances, found, sizeof(*distances), ascending);
	const size_t at = (size_t)ceil(LU_REACH_SHARE * (double)found);
	LU_TRY(lu_reach_statistics(rows, NULL, n, count, out, err));
	out->distance = distances[(at > 0 ? at : 1) - 1];
out:
	if (status != LU_OK)
		lu_reach_release(out);
	lu_free(distances);
	return status;
}
