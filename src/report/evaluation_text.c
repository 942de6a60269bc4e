/* evaluation_text.c: an evaluation as a person reads it in a terminal. See evaluation.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "report/evaluation.h"

/* Matrices of more classes than this are told by their most frequent confusions. */
enum { WIDEST_MATRIX = 12, CONFUSIONS_TOLD = 10 };

/* Of so many chips a share is known to 15 points either way. */
enum { FEW_CHIPS = 30 };

bool lu_evaluation_balanced(const struct lu_metrics *metrics)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (size_t k = 0; k < metrics->class_count; k++) {
		const uint64_t support = metrics->classes[k].support;
		if (support == 0)
			continue;
		least = support < least ? support : least;
		most = support > most ? support : most;
	}
	return most > 0 && (double)most <= 1.1 * (double)least;
}

/* "Water (12), Barren (3)": the classes of the first view with few chips; NULL where there are none, or memory is out. */
static char *few_chips(const struct lu_evaluation *evaluation)
{
	const struct lu_evaluation_view *v = &evaluation->views[0];
	char *list = NULL;

	for (size_t k = 0; k < v->view.class_count; k++) {
		const uint64_t support = v->metrics.classes[k].support;
		if (support == 0 || support >= FEW_CHIPS)
			continue;
		char *more = lu_sprintf("%s%s%s (%" PRIu64 ")", list != NULL ? list : "", list != NULL ? ", " : "",
					v->view.classes[k], support);
		lu_free(list);
		list = more;
	}
	return list;
}

char *lu_evaluation_note(const struct lu_evaluation *evaluation, size_t i)
{
	if (evaluation->in_training > 0 && i-- == 0)
		return lu_sprintf("%zu of %" PRIu64 " chips were in the model's training: the figures flatter it",
				  evaluation->in_training, evaluation->views[0].metrics.n);
	if (evaluation->unreadable > 0 && i-- == 0)
		return lu_sprintf("%zu pictures could not be read and are in no figure", evaluation->unreadable);
	if (lu_labelled_set_passed_over(evaluation->set) > 0 && i-- == 0)
		return lu_sprintf("%zu files and folders that are no chips were passed over",
				  lu_labelled_set_passed_over(evaluation->set));
	if (evaluation->set->repeated.count > 0 && i-- == 0)
		return lu_sprintf("%zu chips stood there before and counted once (%s)", evaluation->set->repeated.count,
				  evaluation->set->repeated.example);
	if (evaluation->copies > 0 && i-- == 0)
		return lu_sprintf("%zu chips are copies of others, byte for byte: they count again",
				  evaluation->copies);
	if (evaluation->balanced && i-- == 0)
		return lu_strdup(
			"the set is balanced (as many chips of every class): classes that are rare on the ground "
			"count as much as common ones");
	char *few = few_chips(evaluation);
	char *note = few != NULL && i == 0
			     ? lu_sprintf("fewer than %d chips of %s: what is said of these classes may be 15 "
					  "points off or more",
					  FEW_CHIPS, few)
			     : NULL;
	i -= few != NULL && i > 0;
	lu_free(few);
	if (note != NULL)
		return note;
	return i == 0 ? lu_strdup("chips picked for one class each are purer than the ground: this is not a map's "
				  "accuracy "
				  "(landuse sample and landuse assess estimate that)")
		      : NULL;
}

static void print_share(FILE *to, double share)
{
	if (isfinite(share))
		fprintf(to, "  %9.4f", share);
	else
		fprintf(to, "  %9s", "-");
}

static int widest(const struct lu_class_view *view)
{
	int width = 5;

	for (size_t k = 0; k < view->class_count; k++) {
		const int length = snprintf(NULL, 0, "%s", view->classes[k]);
		width = length > width ? length : width;
	}
	return width < 32 ? width : 32;
}

static void print_classes(FILE *to, const struct lu_evaluation_view *v)
{
	const int width = widest(&v->view);

	fprintf(to, "\n%-*s  %9s  %9s  %9s  %9s  %9s\n", width, "class", "support", "predicted", "precision", "recall",
		"F1");
	for (size_t k = 0; k < v->view.class_count; k++) {
		const struct lu_class_metrics *class = &v->metrics.classes[k];
		fprintf(to, "%-*.*s  %9" PRIu64 "  %9" PRIu64, width, width, v->view.classes[k], class->support,
			class->predicted);
		print_share(to, class->precision);
		print_share(to, class->recall);
		print_share(to, class->f1);
		fputc('\n', to);
	}
}

static void print_matrix(FILE *to, const struct lu_evaluation_view *v)
{
	const int width = widest(&v->view);
	const size_t classes = v->view.class_count;

	fprintf(to, "\nconfusion, chips: rows = map (predicted), columns = reference\n%-*s", width, "");
	for (size_t k = 0; k < classes; k++)
		fprintf(to, "  %8.8s", v->view.classes[k]);
	fputc('\n', to);
	for (size_t row = 0; row < classes; row++) {
		fprintf(to, "%-*.*s", width, width, v->view.classes[row]);
		for (size_t col = 0; col < classes; col++)
			fprintf(to, "  %8" PRIu64, v->metrics.confusion[row * classes + col]);
		fputc('\n', to);
	}
}

/* The cells off the diagonal, largest first, found one after the other: there are few to tell. */
static void print_confusions(FILE *to, const struct lu_evaluation_view *v)
{
	const size_t classes = v->view.class_count, cells = classes * classes;
	uint64_t last_count = UINT64_MAX;
	size_t last_cell = 0;
	int told = 0;

	while (told < CONFUSIONS_TOLD) {
		size_t best = cells;
		for (size_t i = 0; i < cells; i++) {
			const uint64_t n = v->metrics.confusion[i];
			if (i / classes == i % classes || n == 0 || n > last_count ||
			    (n == last_count && i <= last_cell))
				continue;
			if (best == cells || n > v->metrics.confusion[best])
				best = i;
		}
		if (best == cells)
			break;
		if (told++ == 0)
			fputs("\nmost frequent confusions\n", to);
		fprintf(to, "  %5" PRIu64 "  %s taken for %s\n", v->metrics.confusion[best],
			v->view.classes[best % classes], v->view.classes[best / classes]);
		last_count = v->metrics.confusion[best];
		last_cell = best;
	}
}

static void print_view(FILE *to, const struct lu_evaluation_view *v)
{
	const struct lu_metrics *m = &v->metrics;
	char kappa[LU_FIGURE_TEXT], f1[LU_FIGURE_TEXT];

	fprintf(to, "\n%s, %zu classes\n", v->view.name, v->view.class_count);
	fprintf(to, "overall accuracy  %.4f  (95 %% interval %.4f to %.4f; %" PRIu64 " of %" PRIu64 " chips)\n",
		m->accuracy, m->low, m->high, m->right, m->n);
	if (v->has_blocks)
		fprintf(to,
			"by blocks         95 %% interval %.4f to %.4f  (%zu blocks, design effect %.1f: chips of a "
			"block "
			"are alike)\n",
			v->by_blocks.low, v->by_blocks.high, v->by_blocks.blocks, v->by_blocks.design_effect);
	fprintf(to, "kappa             %s\nmacro F1          %s\n", lu_figure_text(m->kappa, kappa),
		lu_figure_text(m->macro_f1, f1));
	fprintf(to, "calibration error %.4f  (mean confidence %.4f; by chance alone %.4f on as many chips)\n", m->ece,
		m->mean_confidence, v->ece_by_chance);
	if (v->left_out > 0)
		fprintf(to, "left out          %zu chips of classes that the scheme does not map\n", v->left_out);
	print_classes(to, v);
	if (v->view.class_count <= WIDEST_MATRIX)
		print_matrix(to, v);
	else
		print_confusions(to, v);
}

enum lu_status lu_evaluation_text(const struct lu_evaluation *evaluation, char **text, struct lu_error *err)
{
	struct lu_text_stream stream;
	char *note;
	const enum lu_status status = lu_text_begin(&stream, "a report", err);

	*text = NULL;
	if (status != LU_OK)
		return status;
	FILE *to = stream.to;
	fprintf(to,
		"model  %s\nset    %s, %s chips\nscored %" PRIu64
		" chips in %.2f s (%.0f chips/s, decoding included)\n",
		evaluation->model->name, evaluation->set->path, lu_choice_word(LU_CHOICE_SPLIT, evaluation->split),
		evaluation->views[0].metrics.n, evaluation->seconds, evaluation->chips_per_second);
	if (evaluation->agreement.of > 0)
		fprintf(to, "precision %s: %zu of %zu labels as in fp32 (%.2f %%), whose overall accuracy is %.4f\n",
			lu_choice_word(LU_CHOICE_PRECISION, evaluation->precision), evaluation->agreement.same,
			evaluation->agreement.of,
			100 * (double)evaluation->agreement.same / (double)evaluation->agreement.of,
			evaluation->exact_accuracy);
	for (size_t i = 0; i < evaluation->view_count; i++)
		print_view(to, &evaluation->views[i]);
	fputc('\n', to);
	for (size_t i = 0; (note = lu_evaluation_note(evaluation, i)) != NULL; i++) {
		fprintf(to, "note: %s\n", note);
		lu_free(note);
	}
	return lu_text_finish(&stream, text, err);
}
