/* rows.c: counting classes. See rows.h. */
#include "learn/rows.h"

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
