/* accuracy_result.c: figures of an assessment or an evaluation in the caller's own memory. */
#include "commands/accuracy_result.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "landuse/statistics.h"

static const struct lu_accuracy_figure unknown = {NAN, NAN, NAN, NAN};

/* The whole, without figures: arrays in blocks of their own. */
static enum lu_status make(size_t classes, struct lu_accuracy **out, struct lu_error *err)
{
	struct lu_accuracy *accuracy = NULL;
	struct lu_accuracy_class *list = NULL;
	uint64_t *counts = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&accuracy, 1, sizeof(*accuracy), "figures", err));
	*accuracy = (struct lu_accuracy){.overall = unknown, .kappa = NAN};
	LU_TRY(lu_alloc(&list, classes, sizeof(*list), "figures", err));
	accuracy->classes = list;
	accuracy->class_count = classes;
	LU_TRY(lu_alloc(&counts, classes * classes, sizeof(*counts), "figures", err));
	accuracy->counts = counts;
	*out = accuracy;
	accuracy = NULL;
out:
	lu_accuracy_free(accuracy);
	return status;
}

void lu_accuracy_free(const struct lu_accuracy *accuracy)
{
	if (accuracy == NULL)
		return;
	for (size_t i = 0; i < accuracy->class_count; i++)
		lu_free((void *)(uintptr_t)accuracy->classes[i].name);
	lu_free((void *)(uintptr_t)accuracy->classes);
	lu_free((void *)(uintptr_t)accuracy->counts);
	lu_free((void *)(uintptr_t)accuracy);
}

static struct lu_accuracy_figure figure_of(struct lu_figure figure)
{
	return (struct lu_accuracy_figure){.value = figure.known ? figure.value : NAN,
					   .se = figure.known && figure.se_known ? figure.se : NAN,
					   .low = figure.known && figure.bounded ? figure.within.low : NAN,
					   .high = figure.known && figure.bounded ? figure.within.high : NAN};
}

static enum lu_status name_class(struct lu_accuracy_class *class, const char *name, struct lu_error *err)
{
	class->name = lu_strdup(name);
	return class->name != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: figures");
}

enum lu_status lu_accuracy_of_assessment(const struct lu_assessment *a, const struct lu_accuracy **out,
					 struct lu_error *err)
{
	struct lu_accuracy *made = NULL;
	enum lu_status status;

	LU_TRY(make(a->count, &made, err));
	struct lu_accuracy_class *classes = (struct lu_accuracy_class *)(uintptr_t)made->classes;
	memcpy((uint64_t *)(uintptr_t)made->counts, a->counts, a->count * a->count * sizeof(*a->counts));
	made->labelled = a->labelled;
	made->probability_sample = a->probability_sample;
	made->overall = figure_of(a->overall);
	made->kappa = a->wants_kappa && a->kappa.known ? a->kappa.value : NAN;
	for (size_t i = 0; i < a->count; i++) {
		const struct lu_assessed_class *from = &a->classes[i];
		classes[i] = (struct lu_accuracy_class){.value = from->value,
							.map_sample = from->map_sample,
							.reference_sample = from->reference_sample,
							.users = figure_of(from->users),
							.producers = figure_of(from->producers),
							.mapped_ha = from->mapped_ha >= 0 ? from->mapped_ha : NAN,
							.area_ha = a->has_areas ? figure_of(from->area_ha) : unknown};
		LU_TRY(name_class(&classes[i], from->name, err));
	}
	*out = made;
	made = NULL;
out:
	lu_accuracy_free(made);
	return status;
}

enum lu_status lu_accuracy_of_evaluation(const struct lu_evaluation *evaluation, const struct lu_accuracy **out,
					 struct lu_error *err)
{
	const struct lu_evaluation_view *view = &evaluation->views[0];
	const struct lu_metrics *m = &view->metrics;
	struct lu_accuracy *made = NULL;
	enum lu_status status;

	LU_TRY(make(m->class_count, &made, err));
	struct lu_accuracy_class *classes = (struct lu_accuracy_class *)(uintptr_t)made->classes;
	memcpy((uint64_t *)(uintptr_t)made->counts, m->confusion,
	       m->class_count * m->class_count * sizeof(*m->confusion));
	made->labelled = m->n;
	made->overall = (struct lu_accuracy_figure){m->accuracy, NAN, m->low, m->high};
	made->kappa = m->kappa;
	for (size_t k = 0; k < m->class_count; k++) {
		const struct lu_class_metrics *from = &m->classes[k];
		classes[k] = (struct lu_accuracy_class){.map_sample = from->predicted,
							.reference_sample = from->support,
							.users = {from->precision, NAN, NAN, NAN},
							.producers = {from->recall, NAN, NAN, NAN},
							.mapped_ha = NAN,
							.area_ha = unknown};
		LU_TRY(name_class(&classes[k], view->view.classes[k], err));
	}
	*out = made;
	made = NULL;
out:
	lu_accuracy_free(made);
	return status;
}
