/*
 * guard.h: which layers of a network in integers stay in float32, so that it keeps its labels.
 *
 * A label changes where the error between the two best answers exceeds their margin. How many do cannot be counted on a
 * few hundred pictures, and the small margins that it depends on are too few to tell; the mean error as a share of the
 * mean margin can be measured on as many, and tells which networks are worse.
 *
 * Where it is above a limit, each layer is tried as the only one in integers. Those that err most stay in float32, one
 * after the other, until the error of the whole is below, or as many, up to a quarter, as make it least: errors that are
 * spread over all layers are not worth it. (One by one, none but those that help at once would miss two that only help
 * together, such as both layers of ResNet-20's first block, which read the same tensor.)
 */
#ifndef LU_MODELS_GUARD_H
#define LU_MODELS_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct lu_guard {
	size_t pictures, classes;
	const float *before; /* pictures x classes, in float32 */
	int layers;
	double limit;
	/* The answers with these layers left in float32, to each 'every'-th picture from the first on, at its place. */
	enum lu_status (*answer)(void *user, const bool *left, size_t every, float *after, struct lu_error *err);
	void *user;
};

/*
 * A picture's answers, made fit for comparing: probabilities become their logarithms, which differ as the numbers before
 * Softmax do. Between probabilities, errors would vanish where the network is sure.
 */
void lu_guard_scores(float *answers, size_t classes);

/* The mean error between the two best answers as a share of their mean margin. */
double lu_guard_error(const struct lu_guard *guard, const float *after);

/* 'left' has a place for each layer; '*error' is what remains. */
enum lu_status lu_guard_choose(const struct lu_guard *guard, bool *left, double *error, struct lu_error *err);

#endif
