/*
 * round_weights.h: weights as integers whose layer answers as before, not only each weight.
 *
 * A layer's result is off by e'x, where e are the errors of one output channel's weights, in steps, and x what the layer
 * reads. Rounding each weight to the nearest integer makes e small; it is the mean square of e'x that should be small.
 * With the covariance C of x that is e'Ce, once the bias has taken up e'mean(x) (Banner et al. 2019), and some weights
 * are better rounded the other way (Nagel et al. 2020). Here one weight after the other takes the integer that is best
 * with all others as they are, until none moves: on ResNet-20 e'Ce falls to a third to a half.
 *
 * Sums are of integers, so that they do not depend on the order in which anything was seen.
 */
#ifndef LU_NN_QUANTIZE_ROUND_WEIGHTS_H
#define LU_NN_QUANTIZE_ROUND_WEIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
	LU_MOMENTS_DEEPEST = 2304, /* 42 MB of products; for deeper inputs only the bias is corrected */
	LU_MOMENTS_ROWS = 64, /* at once */
};

/* Sums over rows of 'depth' integers. */
struct lu_moments {
	int64_t depth, count;
	int64_t *sums;
	int64_t *products; /* depth x depth, of which element (i, j) with j <= i is kept; NULL: too deep */
};

enum lu_status lu_moments_init(struct lu_moments *moments, int64_t depth, struct lu_error *err);
void lu_moments_release(struct lu_moments *moments);
/* 'n' rows, at most LU_MOMENTS_ROWS; number k of row i is x[k * LU_MOMENTS_ROWS + i], -255 to 255, and 0 for i >= n. */
void lu_moments_add(struct lu_moments *moments, const int16_t *x, int n);

/* Weight k of channel c lies at c * by_channel + k * by_depth, its integer likewise. */
struct lu_rounding {
	int64_t channels, by_channel, by_depth;
	const float *weights;
	const float *steps; /* by channel */
	int8_t *integers; /* -127 to 127 */
	double *gains; /* by channel: what the bias is to gain, in steps of weights times steps of x; NULL: no bias */
};

/* All channels that read the same inputs. Without a bias the mean square is made small instead of the variance. */
enum lu_status lu_round_weights(const struct lu_moments *moments, const struct lu_rounding *rounding,
				struct lu_error *err);

#endif
