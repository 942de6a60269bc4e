/* error_model.c: columns by counts, rows by Bayes' rule. */
#include "change/error_model.h"

static const double jeffreys = 0.5;

/* P(j said | k true). */
static double said_given_true(const double *counts, size_t classes, size_t j, size_t k)
{
	double sum = 0;

	for (size_t i = 0; i < classes; i++)
		sum += counts[i * classes + k];
	if (sum <= 0)
		return j == k ? 1 : 0;
	return (counts[j * classes + k] + jeffreys) / (sum + jeffreys * (double)classes);
}

void lu_error_model(const double *counts, size_t classes, const double *trained, double *blend)
{
	for (size_t j = 0; j < classes; j++) {
		double sum = 0;
		for (size_t k = 0; k < classes; k++) {
			blend[j * classes + k] = said_given_true(counts, classes, j, k) * trained[k];
			sum += blend[j * classes + k];
		}
		for (size_t k = 0; k < classes; k++)
			blend[j * classes + k] /= sum;
	}
}
