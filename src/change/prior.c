/* prior.c: expectation-maximisation over class shares. */
#include "change/prior.h"

#include <string.h>

#include "base/memory.h"

enum { STEPS = 50 };

/* Add the corrected answers of all cells to 'sum'; returns how many count. */
static double add_answers(const float *probability, size_t stride, size_t cells, size_t classes, const double *factor,
			  double *sum)
{
	double counted = 0.0;

	for (size_t c = 0; c < cells; c++) {
		const float *p = probability + c * stride;
		double total = 0.0;

		for (size_t k = 0; k < classes; k++)
			total += (double)p[k] * factor[k];
		if (!(total > 0.0))
			continue;
		for (size_t k = 0; k < classes; k++)
			sum[k] += (double)p[k] * factor[k] / total;
		counted += 1.0;
	}
	return counted;
}

enum lu_status lu_class_prior_fit(const float *probability, size_t stride, size_t cells, size_t classes,
				  const double *trained, double strength, double *share, struct lu_error *err)
{
	double *factor = NULL;
	const enum lu_status status = lu_alloc(&factor, classes, sizeof(*factor), "class prior", err);

	if (status != LU_OK)
		return status;
	for (size_t k = 0; k < classes; k++)
		share[k] = 1.0 / (double)classes;
	for (int step = 0; step < STEPS; step++) {
		for (size_t k = 0; k < classes; k++) {
			factor[k] = share[k] / trained[k];
			share[k] = strength / (double)classes;
		}
		const double counted = add_answers(probability, stride, cells, classes, factor, share);

		for (size_t k = 0; k < classes; k++)
			share[k] = counted + strength > 0.0 ? share[k] / (counted + strength) : 1.0 / (double)classes;
	}
	lu_free(factor);
	return LU_OK;
}
