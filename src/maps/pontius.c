/*
 * pontius.c: quantity, exchange and shift.
 */
#include "maps/pontius.h"

#include <math.h>

struct lu_pontius lu_pontius_class(const double *matrix, size_t n, size_t j)
{
	struct lu_pontius p = {0};
	double gain = 0.0, loss = 0.0;

	for (size_t i = 0; i < n; i++) {
		if (i == j)
			continue;
		gain += matrix[i * n + j];
		loss += matrix[j * n + i];
		p.exchange += 2.0 * fmin(matrix[i * n + j], matrix[j * n + i]);
	}
	p.difference = gain + loss;
	p.quantity = fabs(gain - loss);
	/* Never negative but for rounding: exchange is at most 2 min(gain, loss). */
	p.shift = fmax(0.0, p.difference - p.quantity - p.exchange);
	return p;
}

struct lu_pontius lu_pontius_total(const double *matrix, size_t n)
{
	struct lu_pontius total = {0};

	for (size_t j = 0; j < n; j++) {
		const struct lu_pontius p = lu_pontius_class(matrix, n, j);

		total.difference += p.difference / 2.0;
		total.quantity += p.quantity / 2.0;
		total.exchange += p.exchange / 2.0;
		total.shift += p.shift / 2.0;
	}
	return total;
}
