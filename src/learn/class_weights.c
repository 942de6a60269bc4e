/* class_weights.c: what a task says of weights, for the classes of a set. See training.h. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"
#include "learn/training.h"

static enum lu_status no_class(const struct lu_labelled_set *set, const char *name, struct lu_error *err)
{
	char list[500];

	return lu_fail(err, LU_ERROR_ARGUMENT, ".class_weights: %.200s has no class '%.100s'%s", set->path, name,
		       lu_known_names(name, (const char *const *)set->classes, set->class_count, list, sizeof(list)));
}

enum lu_status lu_training_weigh(struct lu_training *t, struct lu_error *err)
{
	t->balanced = t->task->weighing == LU_WEIGHING_BALANCED;
	if (t->task->weighing != LU_WEIGHING_NAMED)
		return LU_OK;
	const enum lu_status status = lu_alloc(&t->class_weights, t->set->class_count, sizeof(double), "weights", err);
	if (status != LU_OK)
		return status;
	for (size_t k = 0; k < t->set->class_count; k++)
		t->class_weights[k] = 1;
	for (size_t i = 0; i < t->task->class_weight_count; i++) {
		const struct lu_class_number *weight = &t->task->class_weights[i];
		size_t k = 0;

		if (weight->name == NULL)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       ".class_weights has '%g', it should be balanced, none, or NAME=WEIGHT with "
				       "commas between",
				       weight->number);
		while (k < t->set->class_count && strcmp(t->set->classes[k], weight->name) != 0)
			k++;
		if (k == t->set->class_count)
			return no_class(t->set, weight->name, err);
		if (!(weight->number > 0) || !isfinite(weight->number))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       ".class_weights gives class '%s' '%g', it should be above 0", weight->name,
				       weight->number);
		t->class_weights[k] = weight->number;
	}
	return LU_OK;
}
