/* rows.c: what is known of rows before a fit. See rows.h. */
#include "learn/rows.h"

#include <math.h>

void lu_balanced_weights(const struct lu_rows *rows, double *weights)
{
	double all = 0;

	for (size_t k = 0; k < rows->class_count; k++)
		weights[k] = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const double weight = rows->weights != NULL ? rows->weights[i] : 1;
		weights[rows->classes[i]] += weight;
		all += weight;
	}
	for (size_t k = 0; k < rows->class_count; k++)
		if (weights[k] > 0)
			weights[k] = all / ((double)rows->class_count * weights[k]);
}

enum lu_status lu_standardise(const struct lu_rows *rows, double *mean, double *inverse, struct lu_error *err)
{
	for (size_t f = 0; f < rows->features; f++)
		mean[f] = inverse[f] = 0;
	/* Welford 1962 */
	for (size_t i = 0; i < rows->count; i++) {
		for (size_t f = 0; f < rows->features; f++) {
			const double delta = (double)rows->rows[i][f] - mean[f];
			mean[f] += delta / (double)(i + 1);
			inverse[f] += delta * ((double)rows->rows[i][f] - mean[f]);
		}
	}
	for (size_t f = 0; f < rows->features; f++) {
		const double deviation = sqrt(inverse[f] / (double)rows->count);
		if (!isfinite(deviation) || !isfinite(mean[f]))
			return lu_fail(err, LU_ERROR_ARGUMENT, "feature %zu is not a number in some chip", f);
		inverse[f] = deviation > 1e-8 * (1 + fabs(mean[f])) ? 1 / deviation : 0;
	}
	return LU_OK;
}

void lu_standardised(const float *restrict row, size_t features, const double *restrict mean,
		     const double *restrict inverse, float *restrict z)
{
	for (size_t f = 0; f < features; f++)
		z[f] = (float)((row[f] - mean[f]) * inverse[f]);
}
