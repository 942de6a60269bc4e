/*
 * head.h: the kinds of classifier that train puts on a backbone's features, one row of a table each.
 *
 * A kind lists the settings to try, fits a head with one of them, scores rows, and writes itself into
 * an ONNX file. Probabilities are softmax(scores / temperature) for every kind.
 */
#ifndef LU_LEARN_HEAD_H
#define LU_LEARN_HEAD_H

#include "landuse/types.h"
#include "learn/forest_trees.h"
#include "learn/directions.h"
#include "learn/forest.h"
#include "learn/logistic.h"
#include "nn/onnx_write.h"

enum { LU_MOST_SETTINGS = 16 };

/* What a head of some kind is fitted with; a kind reads what is its own. */
struct lu_head_setting {
	double l2;
	int trees, depth;
};

/* What is to be tried; none: what the kind usually tries. Borrowed. */
struct lu_head_trials {
	const double *l2; /* logistic: strengths of the penalty */
	size_t l2_count;
	int trees; /* forest: of each class; 0: the usual number */
	const int *depth; /* forest: levels of splits */
	size_t depth_count;
};

struct lu_head {
	const struct lu_head_kind *kind;
	struct lu_logistic logistic;
	struct lu_directions directions; /* what the trees ask about; none: the features themselves */
	struct lu_subforest **subforests;
	int subforest_count, trees; /* trees of each class, over all subforests */
	struct lu_forest_trees settled; /* all of them, once settled */
	size_t class_count;
};

struct lu_head_task {
	const struct lu_rows *rows;
	const double *class_weights; /* NULL: all 1 */
	struct lu_head_setting setting;
	const struct lu_head *start; /* of the same rows and another setting, to begin at; or NULL */
	uint64_t seed;
	int threads; /* at least 1 */
	const struct lu_hooks *hooks;
};

struct lu_head_kind {
	const char *name; /* as LU_CHOICE_HEAD has it */
	const char *title; /* "softmax regression" */
	/* Does one fit use many threads? Those of other kinds are made side by side. */
	bool spreads;
	/* The settings to try, at most LU_MOST_SETTINGS; LU_ERROR_ARGUMENT. */
	enum lu_status (*list)(const struct lu_head_trials *trials, struct lu_head_setting *settings, size_t *count,
			       struct lu_error *err);
	/* "l2 0.1", "100 trees of depth 5". */
	void (*describe)(const struct lu_head_setting *setting, char text[64]);
	/* An upper bound of the bytes that one thread takes to fit, the features themselves left out. */
	double (*bytes)(const struct lu_rows *rows, const struct lu_head_setting *setting);
	enum lu_status (*fit)(const struct lu_head_task *task, struct lu_head *out, struct lu_error *err);
	/* n x class_count scores. */
	enum lu_status (*score)(const struct lu_head *head, const float *const *rows, size_t n, double *scores,
				struct lu_error *err);
	/* The rows that it was fitted to are seen for the last time: get ready to be written. NULL: nothing to do. */
	enum lu_status (*settle)(struct lu_head *head, const struct lu_rows *rows, struct lu_error *err);
	/* A settled head into a network that is cut at its features. */
	enum lu_status (*append)(const struct lu_head *head, double temperature, struct lu_onnx *onnx,
				 struct lu_error *err);
	void (*release)(struct lu_head *head);
};

extern const struct lu_head_kind lu_head_logistic, lu_head_forest, lu_head_forest_2017;

/* The kind of that form. */
const struct lu_head_kind *lu_head_of(enum lu_head_form form);

/* Fit; release with lu_head_release. LU_ERROR_CANCELLED. */
enum lu_status lu_head_fit(const struct lu_head_kind *kind, const struct lu_head_task *task, struct lu_head *out,
			   struct lu_error *err);
void lu_head_release(struct lu_head *head);

#endif
