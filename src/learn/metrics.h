/*
 * metrics.h: how well predicted classes match reference classes.
 *
 * The confusion matrix has a row for each predicted (map) class and a column for each reference
 * class: confusion[row * classes + column]. Everything follows from it and the confidences:
 *
 *	precision (user's accuracy)	diagonal / row sum
 *	recall (producer's accuracy)	diagonal / column sum
 *	F1				2 diagonal / (row sum + column sum)
 *	overall accuracy		sum of the diagonal / n, with Wilson's interval
 *					(J. Am. Stat. Assoc. 22, 1927)
 *	kappa				(accuracy - chance) / (1 - chance), chance = sum row x column / n^2
 *					(Cohen, Educ. Psychol. Meas. 20, 1960)
 *	ECE				sum over bins of (bin's n / n) |accuracy - mean confidence|,
 *					15 bins of equal width (Naeini et al. 2015; Guo et al. 2017)
 *
 * These are figures of the chips at hand. They are a map's accuracy only when the chips were drawn
 * from the map by chance; otherwise landuse sample and landuse assess are the way.
 */
#ifndef LU_LEARN_METRICS_H
#define LU_LEARN_METRICS_H

#include "base/error.h"

enum { LU_ECE_BINS = 15 };

struct lu_class_metrics {
	uint64_t support; /* chips of this reference class */
	uint64_t predicted; /* chips mapped to it */
	uint64_t right; /* both */
	double precision, recall, f1; /* NAN where the denominator is 0 */
};

struct lu_metrics {
	size_t class_count;
	uint64_t n, right;
	double accuracy, low, high; /* 95 % interval */
	double kappa; /* NAN where chance alone is always right */
	double macro_f1; /* mean over the classes with support */
	double ece, mean_confidence;
	uint64_t *confusion; /* class_count x class_count */
	struct lu_class_metrics *classes;
};

/*
 * From 'n' chips: reference and predicted class (below 'class_count') and the probability of the
 * predicted one. 'n' of 0 gives NAN for every share. Release with lu_metrics_release. Any thread.
 */
enum lu_status lu_metrics_make(const size_t *reference, const size_t *predicted, const float *confidence, size_t n,
			       size_t class_count, struct lu_metrics *out, struct lu_error *err);
void lu_metrics_release(struct lu_metrics *metrics);

/* Expected calibration error of 'n' predictions: 'right' says which are. NAN for n = 0. */
double lu_calibration_error(const float *confidence, const bool *right, size_t n);

/*
 * What that error would be on average for 'n' chips with these confidences if every one of them meant what it says: few chips
 * show an error by chance alone. The mean of 200 draws with a fixed seed (J. Vaicenavicius et al., Evaluating model calibration in
 * classification, AISTATS 2019). NAN for n = 0.
 */
double lu_calibration_error_by_chance(const float *confidence, size_t n);

/*
 * Chips of one block are alike: they are right or wrong together, and an interval that takes them for independent is too
 * narrow. 'design_effect' is the variance of the accuracy between blocks over what independent chips would have, 1 at least (L.
 * Kish, Survey Sampling, 1965), and the 95 % interval is Wilson's for n over it chips. Where every chip is right, or
 * none, blocks cannot be told apart: each then counts as one chip.
 */
struct lu_by_blocks {
	size_t blocks;
	double design_effect;
	double low, high;
};

struct lu_block_chip {
	const char *block; /* its name */
	bool right;
};
/* 'chips' are sorted by block. n is above 0. */
struct lu_by_blocks lu_accuracy_by_blocks(struct lu_block_chip *chips, size_t n);

/* Standard errors to either end of a 95 % interval: the normal distribution's quantile at 0.975. */
#define LU_WILSON_Z95 1.959963984540054

/* A figure with four decimals into 'text', which is returned; "-" where there is none (a class without chips has no recall). */
enum { LU_FIGURE_TEXT = 32 };
const char *lu_figure_text(double figure, char text[LU_FIGURE_TEXT]);

#endif
