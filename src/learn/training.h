/*
 * training.h: inside landuse train: from a labelled set to a head, step by step.
 *
 *	lu_training_prepare	which chips are learned from, which validate, and that nothing leaks
 *	lu_training_fit		the head: its setting and the temperature chosen on held-out chips
 *	lu_package_write	one ONNX model of backbone and head, with its model.json
 */
#ifndef LU_LEARN_TRAINING_H
#define LU_LEARN_TRAINING_H

#include <jansson.h>

#include "learn/features.h"
#include "learn/head.h"
#include "learn/left_out.h"
#include "learn/metrics.h"
#include "models/reach.h"
#include "models/training_chips.h"

/* One setting of the head, on the held-out chips. */
struct lu_trial {
	struct lu_head_setting setting;
	double accuracy, log_loss, temperature; /* log loss at that temperature */
	double tried,
		ece_tried; /* the temperature that was found, and the calibration error of chips it was not found on;
				    where that is above the error without, 'temperature' is 1 */
};

/* How to learn, and where to. Borrowed; 0 and NULL are the usual ones. */
struct lu_training_task {
	const char *output; /* the package's folder */
	struct lu_head_trials trials;
	enum lu_weighing weighing;
	const struct lu_class_number *class_weights; /* LU_WEIGHING_NAMED */
	size_t class_weight_count;
	unsigned augment; /* constants of enum lu_augment */
	bool crop; /* the picture's centre is taken */
	bool dedupe; /* leave out pictures whose perceptual hash is within 'dedupe_bits' of another's */
	int dedupe_bits;
	double sample_frac; /* of each class's chips; 0: all */
	int folds; /* not used where the set has a validate split */
	uint64_t seed;
	double gsd_m; /* ground metres a pixel; 0: the backbone's */
	const struct lu_hooks *hooks;
};

struct lu_training {
	const struct lu_training_task *task; /* borrowed, as the next four */
	const struct lu_classifier *backbone;
	const struct lu_labelled_set *set;
	const struct lu_features *features;
	const struct lu_head_kind *kind;
	size_t pose_count;
	const double *range; /* of chips with more than 8 bits; NULL: none */
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
	struct lu_training_chips known; /* what the backbone has learned from */
	double *class_weights; /* as the task names them; NULL: balanced, or none */
	bool balanced;

	/* After fit. */
	struct lu_trial trials[LU_MOST_SETTINGS];
	size_t trial_count, chosen;
	double temperature, ece_before;
	double score_scale; /* of the answers at that temperature, see models/score_scale.h */
	size_t held_out_known; /* held-out chips that the backbone has learned from: their answers flatter the model */
	struct lu_metrics metrics; /* of the held-out chips, after scaling */
	double ece_by_chance; /* what a calibrated model would show on as few */
	struct lu_by_blocks by_blocks; /* their accuracy; a chip without a block is one of its own */
	struct lu_head head; /* its scores are still to be divided by the temperature */
	double fit_seconds;
	struct lu_reach reach; /* what the chips look like; count 0: too few to say */
};

/*
 * LU_ERROR_MISMATCH: fewer than two classes, a class with fewer than two readable pictures, or a
 * block or picture on both sides of the set's own split; the message names them.
 */
enum lu_status lu_training_prepare(struct lu_training *training, struct lu_error *err);
/* Read task->class_weights for the set's classes. LU_ERROR_ARGUMENT: no such class, with the nearest. */
enum lu_status lu_training_weigh(struct lu_training *training, struct lu_error *err);
enum lu_status lu_training_fit(struct lu_training *training, struct lu_error *err);
void lu_training_release(struct lu_training *training);

/* What lu_package_write writes. */
enum { LU_PACKAGE_FILES = 5 };
extern const char *const lu_package_files[LU_PACKAGE_FILES];

/* Write task->output: model.onnx, scheme.yaml, README.md, left_out.csv, and last model.json. */
enum lu_status lu_package_write(const struct lu_training *training, struct lu_error *err);

/*
 * Its model.json at 'path', for the network that is there at 'onnx'. 'scheme' is what the item says
 * of it: a name, "./scheme.yaml", or NULL for none.
 */
enum lu_status lu_package_item_write(const struct lu_training *training, const char *onnx, const char *scheme,
				     const char *path, struct lu_error *err);
/* What the head was fitted with, as a JSON object; '*ok' is cleared when memory is out. */
json_t *lu_training_parameters(const struct lu_training *training, bool *ok);
/* The model's name, and the ground metres a pixel that its package says. */
const char *lu_package_name(const struct lu_training *training);
double lu_package_gsd_m(const struct lu_training *training);

#endif
