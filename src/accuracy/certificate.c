/* certificate.c: a tail of the hypergeometric distribution, turned round by bisection. */
#include "accuracy/certificate.h"

#include <math.h>

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* The chance to find at most 'found' wrong ones among 'drawn' of 'all', of which 'wrong' are. */
static double chance(double all, double wrong, double drawn, double found)
{
	double sum = 0;

	for (double k = fmax(0, drawn - (all - wrong)); k <= fmin(found, wrong); k++)
		sum += exp(log_choose(wrong, k) + log_choose(all - wrong, drawn - k) - log_choose(all, drawn));
	return sum;
}

double lu_certified_share(uint64_t all, uint64_t drawn, uint64_t wrong, double percent)
{
	const double least = 1 - percent / 100;
	/* The members that were not drawn may be wrong or not: 'low' still could be, 'high' could not. */
	uint64_t low = wrong, high = all - (drawn - wrong) + 1;

	if (all == 0)
		return 0;
	while (high - low > 1) {
		const uint64_t middle = low + (high - low) / 2;
		if (chance((double)all, (double)middle, (double)drawn, (double)wrong) > least)
			low = middle;
		else
			high = middle;
	}
	return 1 - (double)low / (double)all;
}
