/* class_view.c: names bound to names. See class_view.h. */
#include "models/class_view.h"

#include <string.h>

#include "base/memory.h"
#include "base/yaml.h"
#include "models/answers.h"
#include "models/locate.h"
#include "models/scheme.h"

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: classes");
}

static bool among(char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The scheme's class that 'name' is or belongs to; -1: unmapped in writing, -2: unknown. */
static int place_in_scheme(const struct lu_scheme *scheme, const char *name)
{
	for (size_t k = 0; k < scheme->class_count; k++)
		if (strcmp(scheme->classes[k].name, name) == 0)
			return (int)k;
	for (size_t k = 0; k < scheme->class_count; k++)
		if (among(scheme->members[k].from, scheme->members[k].from_count, name))
			return (int)k;
	return among(scheme->unmapped, scheme->unmapped_count, name) ? -1 : -2;
}

static int place_in_model(const struct lu_model *model, const char *name)
{
	for (size_t k = 0; k < model->class_count; k++)
		if (strcmp(model->classes[k], name) == 0)
			return (int)k;
	return -2;
}

static enum lu_status read_scheme(const char *name, struct lu_scheme **scheme, struct lu_error *err)
{
	char *path = NULL;
	enum lu_status status;

	LU_TRY(lu_locate_scheme(name, ".", &path, err));
	LU_TRY(lu_scheme_read(path, scheme, err));
out:
	lu_free(path);
	return status;
}

/* Names, and which view class each model class goes to. */
static enum lu_status fill(const struct lu_model *model, const struct lu_scheme *scheme, struct lu_class_view *view,
			   int *member_of, struct lu_error *err)
{
	view->name = lu_strdup(scheme != NULL ? scheme->name : model->name);
	if (view->name == NULL)
		return no_memory(err);
	for (size_t k = 0; k < view->class_count; k++) {
		view->classes[k] = lu_strdup(scheme != NULL ? scheme->classes[k].name : model->classes[k]);
		if (view->classes[k] == NULL)
			return no_memory(err);
	}
	if (scheme != NULL)
		return lu_scheme_bind(scheme, (const char *const *)model->classes, model->class_count, member_of, err);
	for (size_t k = 0; k < view->class_count; k++)
		member_of[k] = (int)k;
	return LU_OK;
}

enum lu_status lu_class_view_make(const struct lu_model *model, const char *scheme_name, char *const *set_classes,
				  size_t set_class_count, struct lu_class_view *out, struct lu_error *err)
{
	struct lu_scheme *scheme = NULL;
	int *member_of = NULL;
	uint8_t *values = NULL;
	enum lu_status status = LU_OK;

	*out = (struct lu_class_view){.complete = true};
	if (scheme_name != NULL)
		LU_TRY(read_scheme(scheme_name, &scheme, err));
	const size_t classes = scheme != NULL ? scheme->class_count : model->class_count;
	LU_TRY(lu_alloc(&out->classes, classes, sizeof(char *), "classes", err));
	out->class_count = classes;
	LU_TRY(lu_alloc(&out->of_set, set_class_count, sizeof(int), "classes", err));
	LU_TRY(lu_alloc(&member_of, model->class_count, sizeof(int), "classes", err));
	LU_TRY(lu_alloc(&values, classes, 1, "classes", err));
	LU_TRY(fill(model, scheme, out, member_of, err));
	for (size_t i = 0; i < set_class_count; i++) {
		const int place = scheme != NULL ? place_in_scheme(scheme, set_classes[i])
						 : place_in_model(model, set_classes[i]);
		out->of_set[i] = place < 0 ? -1 : place;
		if (place == -2 && out->complete) {
			out->complete = false;
			out->unknown = lu_strdup(set_classes[i]);
		}
	}
	/* lu_regroup keeps map values in bytes; only sums are wanted here, and a model may have more classes. */
	if (scheme != NULL) {
		for (size_t k = 0; k < classes; k++)
			values[k] = (uint8_t)(k + 1);
		LU_TRY(lu_regroup_new(member_of, model->class_count, values, classes, &out->regroup, err));
		out->regroup->alone = lu_answers_alone(model);
	}
out:
	lu_free(member_of);
	lu_free(values);
	lu_scheme_free(scheme);
	return status;
}

void lu_class_view_release(struct lu_class_view *view)
{
	lu_texts_free(view->classes, view->class_count);
	lu_regroup_free(view->regroup);
	lu_free(view->of_set);
	lu_free(view->name);
	lu_free(view->unknown);
	*view = (struct lu_class_view){0};
}

size_t lu_class_view_best(const struct lu_class_view *view, const float *scores, float *sums, float *confidence)
{
	size_t best = 0;

	if (view->regroup != NULL)
		lu_regroup_sum(view->regroup, scores, sums);
	else
		memcpy(sums, scores, view->class_count * sizeof(float));
	for (size_t k = 1; k < view->class_count; k++)
		if (sums[k] > sums[best])
			best = k;
	*confidence = sums[best];
	return best;
}
