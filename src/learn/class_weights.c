/* class_weights.c: what a task says of weights, for the classes of a set. See training.h. */
#include <math.h>
#include <stdlib.h>
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

/* One "NAME=W", which is cut at the last '='. */
static enum lu_status take(struct lu_training *t, char *entry, struct lu_error *err)
{
	char *equals = strrchr(entry, '='), *end = NULL;
	size_t k = 0;

	if (equals == NULL)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			".class_weights has '%s', it should be balanced, none, or NAME=WEIGHT with commas between",
			entry);
	*equals = '\0';
	while (k < t->set->class_count && strcmp(t->set->classes[k], entry) != 0)
		k++;
	if (k == t->set->class_count)
		return no_class(t->set, entry, err);
	t->class_weights[k] = strtod(equals + 1, &end);
	if (end == equals + 1 || *end != '\0' || !isfinite(t->class_weights[k]) || t->class_weights[k] <= 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".class_weights gives class '%s' '%s', it should be above 0",
			       entry, equals + 1);
	return LU_OK;
}

enum lu_status lu_training_weigh(struct lu_training *t, struct lu_error *err)
{
	const char *text = t->task->class_weights;
	char *copy = NULL, *rest = NULL;

	t->balanced = text == NULL || strcmp(text, "balanced") == 0;
	if (t->balanced || strcmp(text, "none") == 0)
		return LU_OK;
	enum lu_status status = lu_alloc(&t->class_weights, t->set->class_count, sizeof(double), "weights", err);
	if (status != LU_OK)
		return status;
	for (size_t k = 0; k < t->set->class_count; k++)
		t->class_weights[k] = 1;
	copy = lu_strdup(text);
	if (copy == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: weights");
	for (char *entry = copy != NULL ? strtok_r(copy, ",", &rest) : NULL; entry != NULL && status == LU_OK;
	     entry = strtok_r(NULL, ",", &rest))
		status = take(t, entry, err);
	lu_free(copy);
	return status;
}
