/*
 * evaluation_json.c: an evaluation for programs. See evaluation.h.
 *
 * Keys at the top are those of the first view; 'schemes' holds the same keys for each further one.
 * Shares are rounded to 6 decimals; what is not a number is null.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/evaluation.h"

/* jansson's _new functions take their value also when it is NULL and then fail: 'ok' collects that. */
static void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	*ok = json_object_set_new(object, key, value) == 0 && *ok;
}

static void push(json_t *array, json_t *value, bool *ok)
{
	*ok = json_array_append_new(array, value) == 0 && *ok;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(round(value * 1e6) / 1e6 + 0.0) : json_null();
}

static json_t *count(uint64_t n)
{
	return json_integer((json_int_t)n);
}

/* The matrix as rows; with 'shares' each cell as a part of its column's sum (of the reference class). */
static json_t *matrix(const struct lu_metrics *m, bool shares, bool *ok)
{
	json_t *rows = json_array();

	for (size_t row = 0; row < m->class_count; row++) {
		json_t *cells = json_array();
		for (size_t col = 0; col < m->class_count; col++) {
			const uint64_t n = m->confusion[row * m->class_count + col];
			push(cells, shares ? number((double)n / (double)m->classes[col].support) : count(n), ok);
		}
		push(rows, cells, ok);
	}
	return rows;
}

static json_t *per_class(const struct lu_evaluation_view *v, bool *ok)
{
	json_t *list = json_array();

	for (size_t k = 0; k < v->view.class_count; k++) {
		const struct lu_class_metrics *class = &v->metrics.classes[k];
		json_t *one = json_object();
		set(one, "name", json_string(v->view.classes[k]), ok);
		set(one, "support", count(class->support), ok);
		set(one, "predicted", count(class->predicted), ok);
		set(one, "correct", count(class->right), ok);
		set(one, "precision", number(class->precision), ok);
		set(one, "recall", number(class->recall), ok);
		set(one, "f1", number(class->f1), ok);
		push(list, one, ok);
	}
	return list;
}

static void set_view(json_t *object, const struct lu_evaluation_view *v, bool *ok)
{
	const struct lu_metrics *m = &v->metrics;
	json_t *interval = json_array(), *classes = json_array(), *axes = json_object();

	set(object, "n", count(m->n), ok);
	set(object, "correct", count(m->right), ok);
	set(object, "overall_accuracy", number(m->accuracy), ok);
	push(interval, number(m->low), ok);
	push(interval, number(m->high), ok);
	set(object, "overall_accuracy_interval_95", interval, ok);
	if (v->has_blocks) {
		json_t *by_blocks = json_array();
		push(by_blocks, number(v->by_blocks.low), ok);
		push(by_blocks, number(v->by_blocks.high), ok);
		set(object, "overall_accuracy_interval_95_by_blocks", by_blocks, ok);
		set(object, "blocks", count(v->by_blocks.blocks), ok);
		set(object, "design_effect", number(v->by_blocks.design_effect), ok);
	}
	set(object, "kappa", number(m->kappa), ok);
	set(object, "macro_f1", number(m->macro_f1), ok);
	set(object, "ece", number(m->ece), ok);
	set(object, "ece_by_chance", number(v->ece_by_chance), ok);
	set(object, "mean_confidence", number(m->mean_confidence), ok);
	set(object, "left_out", count(v->left_out), ok);
	for (size_t k = 0; k < v->view.class_count; k++)
		push(classes, json_string(v->view.classes[k]), ok);
	set(object, "classes", classes, ok);
	set(axes, "rows", json_string("map (predicted)"), ok);
	set(axes, "columns", json_string("reference"), ok);
	set(object, "confusion_axes", axes, ok);
	set(object, "confusion", matrix(m, false, ok), ok);
	set(object, "confusion_shares_of_reference", matrix(m, true, ok), ok);
	set(object, "per_class", per_class(v, ok), ok);
}

enum lu_status lu_evaluation_json(const struct lu_evaluation *e, char **text, struct lu_error *err)
{
	json_t *object = json_object(), *schemes = json_object(), *notes = json_array();
	bool ok = true;
	char *dump = NULL, *note;

	set(object, "software", json_string(lu_version()), &ok);
	set(object, "model", json_string(e->model->name), &ok);
	set(object, "model_sha256", json_string(e->model->sha256), &ok);
	set(object, "set", json_string(e->set->path), &ok);
	set(object, "split", json_string(lu_choice_word(LU_CHOICE_SPLIT, e->split)), &ok);
	set(object, "fit", json_string(lu_fit_name(e->fit)), &ok);
	if (e->range != NULL)
		set(object, "range", json_pack("[f,f]", e->range[0], e->range[1]), &ok);
	set(object, "scheme", json_string(e->views[0].view.name), &ok);
	set(object, "precision", json_string(lu_choice_word(LU_CHOICE_PRECISION, e->precision)), &ok);
	if (e->agreement.of > 0)
		set(object, "fp32",
		    json_pack("{s:I, s:I, s:o}", "same_labels", (json_int_t)e->agreement.same, "labels",
			      (json_int_t)e->agreement.of, "overall_accuracy", number(e->exact_accuracy)),
		    &ok);
	set_view(object, &e->views[0], &ok);
	for (size_t i = 1; i < e->view_count; i++) {
		json_t *one = json_object();
		set_view(one, &e->views[i], &ok);
		set(schemes, e->views[i].view.name, one, &ok);
	}
	set(object, "schemes", schemes, &ok);
	set(object, "unreadable", count(e->unreadable), &ok);
	set(object, "passed_over", count(lu_labelled_set_passed_over(e->set)), &ok);
	set(object, "repeated", count(e->set->repeated.count), &ok);
	set(object, "copies", count(e->copies), &ok);
	set(object, "in_training", count(e->in_training), &ok);
	set(object, "balanced", json_boolean(e->balanced), &ok);
	set(object, "map_accuracy", json_false(), &ok);
	for (size_t i = 0; (note = lu_evaluation_note(e, i)) != NULL; i++) {
		push(notes, json_string(note), &ok);
		lu_free(note);
	}
	set(object, "notes", notes, &ok);
	set(object, "seconds", number(e->seconds), &ok);
	set(object, "chips_per_second", number(e->chips_per_second), &ok);
	if (ok)
		dump = json_dumps(object, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	*text = dump != NULL ? lu_sprintf("%s\n", dump) : NULL;
	free(dump);
	json_decref(object);
	return *text != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a report");
}
