/*
 * training.h: inside landuse train: from a labelled set to a head, step by step.
 *
 *	lu_training_prepare	which chips are learned from, which validate, and that nothing leaks
 *	lu_training_fit		the head: strength of the penalty and temperature chosen on held-out chips
 *	lu_package_write	one ONNX model of backbone and head, with its model.json
 */
#ifndef LU_JOB_TRAINING_H
#define LU_JOB_TRAINING_H

#include "job/learning/features.h"
#include "job/learning/left_out.h"
#include "landuse.h"
#include "learn/logistic.h"
#include "learn/metrics.h"

enum { LU_MOST_L2 = 16 };

/* One strength of the penalty, on the held-out chips. */
struct lu_l2_trial {
	double l2, accuracy, log_loss, temperature; /* log loss at that temperature */
};

struct lu_training {
	const struct lu_train_options *options; /* borrowed, as the next three */
	const struct lu_classifier *backbone;
	const struct lu_labelled_set *set;
	const struct lu_features *features;
	size_t pose_count;
	int threads;

	/* After prepare: 'count' chips, in the set's order. */
	size_t *chips; /* index into the set */
	size_t *classes;
	int *folds; /* the fold that a chip validates; -1: it is only learned from */
	size_t count;
	int fold_count; /* 1: the set's own validate split */
	size_t blocks; /* that the folds were made of; 0: the set's own split */
	struct lu_left_out left_out;
	size_t learned; /* chips that the final head is fitted to */

	/* After fit. */
	struct lu_l2_trial trials[LU_MOST_L2];
	size_t trial_count, chosen;
	double temperature, ece_before;
	struct lu_metrics metrics; /* of the held-out chips, after scaling */
	struct lu_logistic head; /* temperature folded in */
	double fit_seconds;
};

/*
 * LU_ERROR_MISMATCH: fewer than two classes, a class with fewer than two readable pictures, or a
 * block or picture on both sides of the set's own split; the message names them.
 */
enum lu_status lu_training_prepare(struct lu_training *training, struct lu_error *err);
enum lu_status lu_training_fit(struct lu_training *training, struct lu_error *err);
void lu_training_release(struct lu_training *training);

/* Write options->output: model.onnx, scheme.yaml, README.md, left_out.csv, and last model.json. */
enum lu_status lu_package_write(const struct lu_training *training, struct lu_error *err);

/*
 * Its model.json at 'path', for the network that is there at 'onnx'. 'scheme' is what the item says
 * of it: a name, "./scheme.yaml", or NULL for none.
 */
enum lu_status lu_package_item_write(const struct lu_training *training, const char *onnx, const char *scheme,
				     const char *path, struct lu_error *err);
/* The model's name, and the ground metres a pixel that its package says. */
const char *lu_package_name(const struct lu_training *training);
double lu_package_gsd_m(const struct lu_training *training);

#endif
