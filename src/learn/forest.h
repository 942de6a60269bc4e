/*
 * forest.h: a random forest on features, grown by xgboost.
 *
 *	score of class k		s_k(x) = mean over trees of class k of the leaf that x falls into
 *	probabilities			softmax(s(x) / temperature), the temperature found on held-out chips
 *
 * xgboost grows its trees by gradients, one tree a class at a time: here all at once, from the same
 * start (one boosting round, learning rate 1, num_parallel_tree trees a class), which is a random
 * forest. Every tree sees 63.2 % of the rows, the share of different ones in a bootstrap sample, and
 * chooses each split among sqrt(features) features that are drawn for the node (Breiman, Random
 * forests, Machine Learning 45, 2001). Leaves are Newton steps -G / (H + 1) of the softmax loss.
 * Features had better be few (directions.h): xgboost adds up all of them for every node.
 *
 * Not boosted: on 1,352 UC Merced chips of 21 classes, 100 rounds of depth 3 take as long as 100
 * trees of depth 5 and leave the same share of held-out chips wrong; trees that do not wait for each
 * other keep every core busy.
 *
 * A forest is made of subforests: a few trees a class with a seed of their own, on one thread. xgboost's
 * sums depend on how many threads share them; subforests do not, so a forest has the same bytes
 * whatever the number of threads that grow its subforests.
 */
#ifndef LU_LEARN_FOREST_H
#define LU_LEARN_FOREST_H

#include "learn/rows.h"

/* The rows as xgboost wants them: each feature in one of 64 bins of its distribution, one byte each. */
struct lu_binned;
struct lu_subforest;

/*
 * Read 'rows' a thousand at a time. 'class_weights' has class_count entries, NULL: all 1.
 * LU_ERROR_ARGUMENT: no rows, or features that are not finite. LU_ERROR_UNSUPPORTED: built without
 * xgboost. Serves one thread at a time.
 */
enum lu_status lu_binned_new(const struct lu_rows *rows, const double *class_weights, struct lu_binned **out,
			     struct lu_error *err);
void lu_binned_free(struct lu_binned *binned);

/* Grow 'trees' trees of at most 'depth' levels of splits for every class. One thread; several may grow at a time. */
enum lu_status lu_subforest_grow(struct lu_binned *binned, int trees, int depth, uint64_t seed,
				 struct lu_subforest **out, struct lu_error *err);
void lu_subforest_free(struct lu_subforest *subforest);

/* The score of every class for each of 'n' rows: n x class_count. One thread a subforest. */
enum lu_status lu_subforest_scores(struct lu_subforest *subforest, const float *const *rows, size_t n, float *scores,
				   struct lu_error *err);

/* The trees as xgboost's JSON; lu_free '*json'. */
enum lu_status lu_subforest_json(struct lu_subforest *subforest, char **json, struct lu_error *err);

/* An upper bound of the bytes that growing one subforest takes. */
double lu_subforest_bytes(size_t rows, size_t features, int depth);

#endif
