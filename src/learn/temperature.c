/* temperature.c: one number by golden section. See temperature.h. */
#include "learn/temperature.h"

#include <math.h>

/* log sum exp of logits / temperature; '*best' is the place of the highest. */
static double log_sum(const double *logits, size_t class_count, double temperature, size_t *best)
{
	double sum = 0;

	*best = 0;
	for (size_t k = 1; k < class_count; k++)
		if (logits[k] > logits[*best])
			*best = k;
	for (size_t k = 0; k < class_count; k++)
		sum += exp((logits[k] - logits[*best]) / temperature);
	return logits[*best] / temperature + log(sum);
}

double lu_log_loss(const double *logits, const size_t *truth, size_t n, size_t class_count, double temperature)
{
	double loss = 0;
	size_t best;

	for (size_t i = 0; i < n; i++) {
		const double *row = logits + i * class_count;
		loss += log_sum(row, class_count, temperature, &best) - row[truth[i]] / temperature;
	}
	return n > 0 ? loss / (double)n : NAN;
}

/* Log loss against truths that 'doubt' spreads evenly over all classes. */
static double doubtful_loss(const double *logits, const size_t *truth, size_t n, size_t class_count, double temperature)
{
	const double doubt = 1 / ((double)n + 2);
	double loss = 0;

	for (size_t i = 0; i < n; i++) {
		const double *row = logits + i * class_count;
		double mean = 0;
		size_t best;
		for (size_t k = 0; k < class_count; k++)
			mean += row[k] / (double)class_count;
		loss += log_sum(row, class_count, temperature, &best) -
			((1 - doubt) * row[truth[i]] + doubt * mean) / temperature;
	}
	return loss / (double)n;
}

double lu_temperature_fit(const double *logits, const size_t *truth, size_t n, size_t class_count)
{
	/* The loss is convex in 1 / T, so it has one minimum in log T too: golden section finds it. */
	const double ratio = (sqrt(5) - 1) / 2;
	double low = log(0.05), high = log(20);
	double left = high - ratio * (high - low), right = low + ratio * (high - low);

	if (n == 0)
		return 1;
	double at_left = doubtful_loss(logits, truth, n, class_count, exp(left));
	double at_right = doubtful_loss(logits, truth, n, class_count, exp(right));
	while (high - low > 1e-4) {
		if (at_left < at_right) {
			high = right;
			right = left;
			at_right = at_left;
			left = high - ratio * (high - low);
			at_left = doubtful_loss(logits, truth, n, class_count, exp(left));
		} else {
			low = left;
			left = right;
			at_left = at_right;
			right = low + ratio * (high - low);
			at_right = doubtful_loss(logits, truth, n, class_count, exp(right));
		}
	}
	return exp((low + high) / 2);
}

size_t lu_softmax_best(const double *logits, size_t class_count, double temperature, float *confidence)
{
	size_t best;
	const double sum = log_sum(logits, class_count, temperature, &best);

	*confidence = (float)exp(logits[best] / temperature - sum);
	return best;
}
