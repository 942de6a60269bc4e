/* evaluate.c: a model against a labelled set, from files to figures. See evaluation.h. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/team.h"
#include "base/words.h"
#include "commands/record.h"
#include "commands/accuracy_result.h"
#include "learn/set_leaks.h"
#include "learn/set_reach.h"
#include "models/answers.h"
#include "models/training_chips.h"
#include "report/evaluation.h"
#include "landuse/commands.h"
#include "landuse/records.h"

/* Everything on the way from options to an evaluation. */
struct evaluate {
	const struct lu_evaluate_options *options;
	int threads;
	struct lu_classifier classifier;
	struct lu_labelled_set *set;
	size_t *chosen; /* chips of the wanted split: index into the set */
	struct lu_picture_item *items; /* one for each */
	size_t count;
	float *scores; /* count x classes: probabilities */
	struct lu_classifier exact; /* the same in float32, where labels are to be compared with it */
	float *exact_scores;
	char (*sha256)[LU_SHA256_HEX]; /* of each chip of the set that was scored; else "" */
	bool *unreadable; /* count entries; also chips whose scores are not numbers */
	struct lu_evaluation result;
};

static void evaluate_release(struct evaluate *e)
{
	for (size_t i = 0; i < e->result.view_count; i++) {
		struct lu_evaluation_view *v = &e->result.views[i];
		lu_class_view_release(&v->view);
		lu_metrics_release(&v->metrics);
		lu_free(v->chips);
		lu_free(v->reference);
		lu_free(v->predicted);
		lu_free(v->confidence);
	}
	lu_free(e->result.views);
	lu_free(e->unreadable);
	lu_free(e->sha256);
	lu_free(e->scores);
	lu_free(e->exact_scores);
	lu_classifier_close(&e->exact);
	lu_free(e->items);
	lu_free(e->chosen);
	lu_labelled_set_free(e->set);
	lu_classifier_close(&e->classifier);
}

/* The split that was asked for, or the one held out furthest: test, validate, everything. */
static enum lu_status choose_split(struct evaluate *e, struct lu_error *err)
{
	const size_t *counts = e->set->counts;
	enum lu_split split = e->options->split;

	if (split == LU_SPLIT_HELD_OUT)
		split = counts[LU_SPLIT_TEST] > 0       ? LU_SPLIT_TEST
			: counts[LU_SPLIT_VALIDATE] > 0 ? LU_SPLIT_VALIDATE
							: LU_SPLIT_NONE;
	else if (split != LU_SPLIT_NONE && counts[split] == 0)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: has no chips in split %s", e->set->path,
			       lu_choice_word(LU_CHOICE_SPLIT, (int)split));
	e->result.split = split;
	return LU_OK;
}

/* A model that was trained on the set's own train chips knows its blocks. */
static enum lu_status warn_of_leaks(const struct evaluate *e, struct lu_error *err)
{
	const struct lu_labelled_set *set = e->set;
	bool leaks = false;
	size_t a = 0, b = 0;
	enum lu_status status;

	LU_TRY(lu_set_leak(set, NULL, &leaks, &a, &b, err));
	if (leaks)
		lu_log(e->options->hooks, LU_LEVEL_WARNING,
		       "%s: block '%s' is in split %s and in split %s: figures may be by memory (put each block on "
		       "one side)",
		       set->path, set->chips[a].block, lu_choice_word(LU_CHOICE_SPLIT, set->chips[a].split),
		       lu_choice_word(LU_CHOICE_SPLIT, set->chips[b].split));
out:
	return status;
}

static enum lu_status choose_chips(struct evaluate *e, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_alloc(&e->chosen, e->set->chip_count, sizeof(size_t), "chips", err));
	LU_TRY(lu_alloc(&e->items, e->set->chip_count, sizeof(*e->items), "chips", err));
	for (size_t i = 0; i < e->set->chip_count; i++) {
		if (e->result.split != LU_SPLIT_NONE && e->set->chips[i].split != e->result.split)
			continue;
		e->chosen[e->count] = i;
		e->items[e->count++] = (struct lu_picture_item){.path = e->set->chips[i].path};
	}
out:
	return status;
}

/* Of the views that were asked for, those that can be; the first must know every class of the set. */
static enum lu_status make_views(struct evaluate *e, struct lu_error *err)
{
	const struct lu_model *model = e->classifier.model;
	const char *const *schemes = e->options->schemes;
	size_t count = e->options->scheme_count;
	char *unknown = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&e->result.views, count + 2, sizeof(*e->result.views), "views", err));
	for (size_t i = 0; i < count + 1 && status == LU_OK; i++) {
		struct lu_evaluation_view *v = &e->result.views[e->result.view_count];
		const char *scheme = i > 0 ? schemes[i - 1] : NULL;

		status = lu_class_view_make(model, scheme, e->set->classes, e->set->class_count, &v->view, err);
		if (status == LU_OK && v->view.complete) {
			e->result.view_count++;
			continue;
		}
		if (unknown == NULL && v->view.unknown != NULL)
			unknown = lu_strdup(v->view.unknown);
		if (status == LU_OK && i > 0 && e->options->scheme_count > 0)
			status = lu_fail(err, LU_ERROR_MISMATCH, "%s: class '%s' is in no class of scheme %s",
					 e->set->path, v->view.unknown, v->view.name);
		lu_class_view_release(&v->view);
		/* Labels of a map's classes: the model's own scheme may know them. */
		if (status == LU_OK && i == 0 && count == 0 && model->default_scheme != NULL) {
			schemes = (const char *const *)&model->default_scheme;
			count = 1;
		}
	}
	if (status != LU_OK)
		goto out;
	if (e->result.view_count == 0) {
		const char *name = unknown != NULL ? unknown : "";
		char list[500];
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"%.200s: class '%.100s' is not one of model %s%s: name a .scheme that has it, or rename the "
			"folder",
			e->set->path, name, model->name,
			lu_known_names(name, (const char *const *)model->classes, model->class_count, list,
				       sizeof(list)));
	}
out:
	lu_free(unknown);
	return status;
}

/* Where the scores of one classifier go. */
struct scoring {
	const struct lu_classifier *classifier;
	float *scores;
	bool *unreadable;
	struct lu_answers answers; /* changes only inside "omp critical (answers)" */
};

/* A sink of lu_score_pictures: each item has its own row, so threads do not meet. */
static enum lu_status keep(void *user, size_t item, const float *outputs, struct lu_error *err)
{
	struct scoring *s = user;
	const size_t classes = s->classifier->outputs;
	float *row = s->scores + item * classes;

	struct lu_answers own = {0};
	bool finite = true;

	memcpy(row, outputs, classes * sizeof(float));
	const enum lu_status status = lu_answers_take(s->classifier->model, row, &own, &finite, err);
	s->unreadable[item] |= !finite;
#pragma omp critical(answers)
	{
		s->answers.numbers += own.numbers;
		s->answers.probable += own.probable;
	}
	return status;
}

static enum lu_status score_with(struct evaluate *e, const struct lu_classifier *classifier, const char *stage,
				 float **scores, struct lu_picture_result *done, struct lu_error *err)
{
	const enum lu_status status = lu_alloc(scores, e->count, classifier->outputs * sizeof(float), "scores", err);

	if (status != LU_OK)
		return status;
	struct scoring scoring = {.classifier = classifier, .scores = *scores, .unreadable = e->unreadable};
	const struct lu_picture_task task = {.classifier = classifier,
					     .items = e->items,
					     .count = e->count,
					     .fit = e->result.fit,
					     .range = e->result.range,
					     .threads = e->threads,
					     .sink = keep,
					     .user = &scoring,
					     .unreadable = e->unreadable,
					     .hooks = e->options->hooks,
					     .stage = stage};
	const enum lu_status scored = lu_score_pictures(&task, done, err);
	if (scored == LU_OK)
		lu_answers_tell(classifier->model, &scoring.answers, e->options->hooks);
	return scored;
}

static enum lu_status score(struct evaluate *e, struct lu_error *err)
{
	struct lu_picture_result done, again;
	enum lu_status status;

	LU_TRY(lu_alloc(&e->unreadable, e->count, sizeof(bool), "scores", err));
	LU_TRY(score_with(e, &e->classifier, "pictures", &e->scores, &done, err));
	if (e->exact.plan != NULL)
		LU_TRY(score_with(e, &e->exact, "pictures in fp32", &e->exact_scores, &again, err));
	e->result.seconds = done.seconds;
	e->result.chips_per_second = done.seconds > 0 ? (double)e->count / done.seconds : 0;
	e->result.unreadable = done.unreadable;
	size_t lost = 0;
	for (size_t i = 0; i < e->count; i++)
		lost += e->unreadable[i];
	if (lost > done.unreadable)
		lu_log(e->options->hooks, LU_LEVEL_WARNING,
		       "%zu chips got scores that are not numbers: they are in no figure", lost - done.unreadable);
	if (lost == e->count)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: none of the %zu pictures could be scored", e->set->path,
			       e->count);
out:
	return status;
}

static size_t best_of(const float *scores, size_t count)
{
	size_t best = 0;

	for (size_t k = 1; k < count; k++)
		if (scores[k] > scores[best])
			best = k;
	return best;
}

/* Labels beside those in float32, and how often these are right. */
static enum lu_status compare(struct evaluate *e, struct lu_error *err)
{
	const struct lu_evaluation_view *v = &e->result.views[0];
	const size_t classes = e->classifier.outputs;
	struct lu_agreement *agreement = &e->result.agreement;
	float *sums = NULL, confidence;
	size_t right = 0;

	if (e->exact.plan == NULL)
		return LU_OK;
	enum lu_status status;

	LU_TRY(lu_alloc(&sums, v->view.class_count, sizeof(float), "figures", err));
	for (size_t i = 0; i < e->count; i++) {
		const float *exact = e->exact_scores + i * classes;
		const int reference = v->view.of_set[e->set->chips[e->chosen[i]].class];
		if (e->unreadable[i])
			continue;
		agreement->same += best_of(exact, classes) == best_of(e->scores + i * classes, classes);
		agreement->of++;
		right += reference >= 0 && lu_class_view_best(&v->view, exact, sums, &confidence) == (size_t)reference;
	}
	agreement->in_training = e->result.in_training;
	e->result.exact_accuracy = (double)right / (double)v->metrics.n;
out:
	lu_free(sums);
	return status;
}

/* The agreement into the package, with a word on what follows from it. */
static enum lu_status keep_agreement(const struct evaluate *e, struct lu_error *err)
{
	const struct lu_agreement *a = &e->result.agreement;
	const double share = (double)a->same / (double)a->of;
	const char *precision = lu_choice_word(LU_CHOICE_PRECISION, e->result.precision);
	const enum lu_status status = lu_agreement_record(e->classifier.model->folder, e->result.precision, a,
							  lu_path_name(e->set->path), err);

	if (status == LU_OK && a->in_training > 0)
		lu_log(e->options->hooks, LU_LEVEL_WARNING,
		       "%zu of %zu chips were in the model's training, and are surer than others: show "
		       ".keep_agreement new ones",
		       a->in_training, a->of);
	if (status == LU_OK && !lu_agreement_is_enough(share, e->result.precision))
		lu_log(e->options->hooks, LU_LEVEL_WARNING,
		       "%s keeps %.2f %% of the labels, less than 99.9 %%: precision auto will not use it", precision,
		       100 * share);
	else if (status == LU_OK)
		lu_log(e->options->hooks, LU_LEVEL_INFO,
		       "precision auto uses %s for %s where the processor is fast at it", precision,
		       e->classifier.model->name);
	return status;
}

/* What the chips look like into the package. */
static enum lu_status keep_reach(const struct evaluate *e, struct lu_error *err)
{
	const struct lu_set_reach_task task = {.classifier = &e->classifier,
					       .set = e->set,
					       .chips = e->chosen,
					       .count = e->count,
					       .fit = e->result.fit,
					       .range = e->result.range,
					       .threads = e->threads,
					       .hooks = e->options->hooks};
	struct lu_reach reach = {0};
	enum lu_status status;

	LU_TRY(lu_set_reach(&task, &reach, err));
	if (reach.count == 0)
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "%s: %zu chips are too few to say what the model knows (.keep_reach needs %d)",
				 e->set->path, e->count, LU_REACH_FEWEST);
	else
		status = lu_reach_record(e->classifier.model->folder, &reach, lu_path_name(e->set->path),
					 e->result.in_training, err);
out:
	lu_reach_release(&reach);
	return status;
}

/* Chips of one block are right or wrong together; one without a block is a block of its own. */
static enum lu_status measure_blocks(const struct evaluate *e, struct lu_evaluation_view *v, struct lu_error *err)
{
	const size_t n = (size_t)v->metrics.n;
	struct lu_block_chip *chips = NULL;
	bool any = false;
	enum lu_status status;

	v->ece_by_chance = lu_calibration_error_by_chance(v->confidence, n);
	LU_TRY(lu_alloc(&chips, n, sizeof(*chips), "figures", err));
	for (size_t i = 0; i < n; i++) {
		const struct lu_labelled_chip *chip = &e->set->chips[v->chips[i]];
		any = any || chip->block[0] != '\0';
		chips[i] = (struct lu_block_chip){chip->block[0] != '\0' ? chip->block : chip->path,
						  v->predicted[i] == v->reference[i]};
	}
	if (any)
		v->by_blocks = lu_accuracy_by_blocks(chips, n);
	v->has_blocks = any && v->by_blocks.blocks < n;
out:
	lu_free(chips);
	return status;
}

static enum lu_status measure(const struct evaluate *e, struct lu_evaluation_view *v, struct lu_error *err)
{
	const size_t classes = e->classifier.outputs;
	float *sums = NULL;
	size_t n = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&v->chips, e->count, sizeof(size_t), "figures", err));
	LU_TRY(lu_alloc(&v->reference, e->count, sizeof(size_t), "figures", err));
	LU_TRY(lu_alloc(&v->predicted, e->count, sizeof(size_t), "figures", err));
	LU_TRY(lu_alloc(&v->confidence, e->count, sizeof(float), "figures", err));
	LU_TRY(lu_alloc(&sums, v->view.class_count, sizeof(float), "figures", err));
	for (size_t i = 0; i < e->count; i++) {
		const int reference = v->view.of_set[e->set->chips[e->chosen[i]].class];
		if (e->unreadable[i])
			continue;
		if (reference < 0) {
			v->left_out++;
			continue;
		}
		v->chips[n] = e->chosen[i];
		v->reference[n] = (size_t)reference;
		v->predicted[n] = lu_class_view_best(&v->view, e->scores + i * classes, sums, &v->confidence[n]);
		n++;
	}
	lu_free(sums);
	LU_TRY(lu_metrics_make(v->reference, v->predicted, v->confidence, n, v->view.class_count, &v->metrics, err));
	if (n > 0)
		LU_TRY(measure_blocks(e, v, err));
out:
	return status;
}

/* How many of the scored chips the model's package lists as learned from. */
static enum lu_status count_training(struct evaluate *e, struct lu_error *err)
{
	struct lu_training_chips known;
	const enum lu_status status = lu_training_chips_read(e->classifier.model, &known, err);

	for (size_t i = 0; i < e->count && status == LU_OK; i++)
		e->result.in_training += !e->unreadable[i] && lu_training_chips_have(&known, e->sha256[e->chosen[i]]);
	lu_training_chips_release(&known);
	return status;
}

/* The same bytes under two names count twice; under two classes one of them is wrong. */
static enum lu_status count_copies(struct evaluate *e, struct lu_error *err)
{
	const struct lu_labelled_set *set = e->set;
	size_t a, b;
	const enum lu_status status =
		lu_set_copies(set, (const char(*)[LU_SHA256_HEX])e->sha256, &e->result.copies, &a, &b, err);

	if (status == LU_OK && a != b)
		lu_log(e->options->hooks, LU_LEVEL_WARNING,
		       "%s (%s) and %s (%s) are the same picture: one label is wrong, both count", set->chips[a].path,
		       set->classes[set->chips[a].class], set->chips[b].path, set->classes[set->chips[b].class]);
	return status;
}

/* Hashes of the scored pictures, each at its chip's place in the set. */
static enum lu_status hash_chosen(struct evaluate *e, struct lu_error *err)
{
	char(*hex)[LU_SHA256_HEX] = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&hex, e->count, sizeof(*hex), "hashes", err));
	LU_TRY(lu_alloc(&e->sha256, e->set->chip_count, sizeof(*e->sha256), "hashes", err));
	LU_TRY(lu_hash_pictures(e->items, e->count, e->threads, hex, e->options->hooks, err));
	for (size_t i = 0; i < e->count; i++)
		if (!e->unreadable[i])
			memcpy(e->sha256[e->chosen[i]], hex[i], sizeof(hex[i]));
out:
	lu_free(hex);
	return status;
}

static void record(const struct evaluate *e)
{
	const struct lu_history_run run = {.kind = "evaluate",
					   .name = e->result.model->name,
					   .model = e->options->model,
					   .model_sha256 = e->result.model->sha256,
					   .chips = e->count,
					   .seconds = e->result.seconds};

	lu_record(e->options->history, &run, e->set, (const char(*)[LU_SHA256_HEX])e->sha256,
		  &e->result.views[0].metrics,
		  json_pack("{s:s, s:s, s:s}", "split", lu_choice_word(LU_CHOICE_SPLIT, e->result.split), "fit",
			    lu_fit_name(e->result.fit), "scheme", e->result.views[0].view.name),
		  e->options->hooks);
}

static enum lu_status open_all(struct evaluate *e, struct lu_error *err)
{
	const struct lu_evaluate_options *o = e->options;
	struct lu_classifier_options options = {.model = o->model,
						.mean = o->mean,
						.std = o->std,
						.mean_count = o->mean_count,
						.std_count = o->std_count,
						.class_names = o->class_names,
						.class_name_count = o->class_name_count,
						.output_name = o->output_name,
						.engine = lu_choice_word(LU_CHOICE_ENGINE, (int)o->engine),
						.precision = o->precision,
						.hooks = o->hooks};
	enum lu_status status;

	const bool half_precision = options.precision == LU_PRECISION_BF16 || options.precision == LU_PRECISION_FP16;
	struct lu_plan_facts facts;
	size_t unnumbered;

	if (o->keep_agreement && !half_precision)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			".keep_agreement is for .precision = bf16 or fp16, whose labels are compared with fp32's");
	LU_TRY(lu_labelled_set_read(o->set, NULL, &e->set, err));
	lu_labelled_set_tell(e->set, o->hooks);
	LU_TRY(lu_classifier_open(&options, &e->classifier, err));
	if ((o->keep_agreement || o->keep_reach) && e->classifier.bare) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: %s is for packages, which have a model.json", o->model,
				 o->keep_reach ? ".keep_reach" : ".keep_agreement");
		goto out;
	}
	if (o->keep_reach)
		LU_TRY(lu_labelled_set_number_blocks(e->set, LU_BLOCK_NUMBERS, &unnumbered, err));
	options.precision = LU_PRECISION_FP32;
	if (half_precision)
		LU_TRY(lu_classifier_open(&options, &e->exact, err));
	LU_TRY(lu_model_range(e->classifier.model, o->range, &e->result.range, err));
	lu_plan_facts(e->classifier.plan, &facts);
	e->result.precision = facts.precision;
	e->threads = lu_team_size(o->threads);
	e->result.model = e->classifier.model;
	e->result.set = e->set;
	e->result.fit = o->crop ? LU_FIT_CROP : LU_FIT_RESIZE;
out:
	return status;
}

/* No file that is read may be written over by the report. */
static enum lu_status guard_inputs(const struct evaluate *e, struct lu_error *err)
{
	struct lu_inputs inputs = {0};
	struct lu_output_names names = {0};
	enum lu_status status;

	LU_TRY(lu_model_inputs(e->classifier.model, &inputs, err));
	LU_TRY(lu_labelled_set_inputs(e->set, &inputs, err));
	LU_TRY(lu_evaluation_names(&names, err));
	LU_TRY(lu_inputs_guard(&inputs, e->options->output, &names, err));
	lu_output_names_sweep(&names, e->options->output);
out:
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
	return status;
}

enum lu_status lu_evaluate(const struct lu_evaluate_options *options, char **text, struct lu_error *err)
{
	struct evaluate e = {.options = options};
	enum lu_status status;

	*text = NULL;
	if (options->accuracy != NULL)
		*options->accuracy = NULL;
	LU_TRY(open_all(&e, err));
	if (options->output != NULL)
		LU_TRY(guard_inputs(&e, err));
	LU_TRY(choose_split(&e, err));
	LU_TRY(warn_of_leaks(&e, err));
	LU_TRY(choose_chips(&e, err));
	LU_TRY(make_views(&e, err));
	LU_TRY(score(&e, err));
	for (size_t i = 0; i < e.result.view_count; i++)
		LU_TRY(measure(&e, &e.result.views[i], err));
	LU_TRY(hash_chosen(&e, err));
	LU_TRY(count_training(&e, err));
	LU_TRY(count_copies(&e, err));
	LU_TRY(compare(&e, err));
	e.result.balanced = lu_evaluation_balanced(&e.result.views[0].metrics);
	if (options->output != NULL)
		LU_TRY(lu_evaluation_write(&e.result, options->output, err));
	if (options->keep_agreement)
		LU_TRY(keep_agreement(&e, err));
	if (options->keep_reach)
		LU_TRY(keep_reach(&e, err));
	if (options->record)
		record(&e);
	LU_TRY(options->form == LU_REPORT_JSON  ? lu_evaluation_json(&e.result, text, err)
	       : options->form == LU_REPORT_CSV ? lu_evaluation_csv(&e.result, text, err)
						: lu_evaluation_text(&e.result, text, err));
	if (options->accuracy != NULL)
		status = lu_accuracy_of_evaluation(&e.result, options->accuracy, err);
	if (status != LU_OK) {
		lu_free(*text);
		*text = NULL;
	}
out:
	evaluate_release(&e);
	return status;
}
