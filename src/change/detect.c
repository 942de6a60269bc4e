/* detect.c: a chain, scores, drawn changes, a threshold. */
#include "change/detect.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "change/drawn_changes.h"
#include "change/likeness.h"
#include "change/prior.h"
#include "change/timeline.h"

/* Where the estimate of the rate begins, and what the even class shares weigh, in cells. */
static const double usual_rate = 0.01, even_cells = 5;
/* Log-odds beyond these say no more than "certain". */
static const double most_odds = 30;
/* Where hardly anything of change is seen, nobody can say how much there is. */
static const double least_seen = 0.2;
/* Answers below it say no more than "not this class". */
static const double least_answer = 1e-9;
/* A step of the chain, between never and as good as always. */
static const double least_rate = 1e-12, most_rate = 0.5;

struct lu_detector {
	struct lu_timelines *timelines;
	size_t dates, classes;
	struct lu_detect_options options;
	double *share; /* classes */
	double *trained; /* classes */
	double *rates; /* of the chain's steps */
	struct lu_timeline *chain;
	double *pair; /* scratch: classes x classes */
	const float *sample; /* count x dates x classes, the timelines' own */
	size_t count;
	bool chain_only; /* scores are the chain's log-odds */
	struct lu_detected *row; /* scratch: one row */
};

/* The mean over the dates of the class shares that EM finds at each. */
static enum lu_status fit_shares(struct lu_detector *detector, struct lu_error *err)
{
	const size_t classes = detector->classes;
	double *of_date = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&of_date, classes, sizeof(*of_date), "class shares", err));
	for (size_t d = 0; d < detector->dates; d++) {
		LU_TRY(lu_class_prior_fit(detector->sample + d * classes, detector->dates * classes, detector->count,
					  classes, detector->trained, even_cells, of_date, err));
		for (size_t k = 0; k < classes; k++)
			detector->share[k] += of_date[k] / (double)detector->dates;
	}
out:
	lu_free(of_date);
	return status;
}

/* A chain whose steps have the detector's rates; it takes the place of the one that is there. */
static enum lu_status make_chain(struct lu_detector *detector, struct lu_error *err)
{
	const size_t size = detector->classes * detector->classes;
	double *step;
	enum lu_status status = lu_alloc(&step, (detector->dates - 1) * size, sizeof(*step), "transitions", err);

	if (status != LU_OK)
		return status;
	for (size_t d = 0; d + 1 < detector->dates; d++)
		lu_timeline_prior(detector->classes, detector->share, detector->options.allow, detector->rates[d],
				  step + d * size);
	lu_timeline_free(detector->chain);
	status = lu_timeline_new(detector->classes, detector->dates, detector->share, detector->trained, step,
				 &detector->chain, err);
	lu_free(step);
	return status;
}

static enum lu_status fit_groups(struct lu_detector *detector, struct lu_detection *out, struct lu_error *err);

/* The rates of the steps, fitted by several threads at once. */
struct fitting {
	const struct lu_detector *detector; /* as it was before */
	double *rates; /* each written by the thread that fits its step */
};
struct fitter {
	struct lu_detector *twin;
};

static enum lu_status begin_fitter(void *context, void *worker, struct lu_error *err)
{
	const struct fitting *fitting = context;
	struct fitter *fitter = worker;

	const enum lu_status status = lu_detector_twin(fitting->detector, &fitter->twin, err);

	if (status == LU_OK)
		fitter->twin->chain_only = true;
	return status;
}

static void release_fitter(void *worker)
{
	struct fitter *fitter = worker;

	lu_detector_free(fitter->twin);
}

static enum lu_status find_rate(void *context, void *worker, int64_t step, struct lu_error *err)
{
	struct fitting *fitting = context;
	struct fitter *fitter = worker;
	struct lu_detection pair = {.earlier = (size_t)step, .later = (size_t)step + 1};
	const enum lu_status status = fit_groups(fitter->twin, &pair, err);
	const double rate = fitting->detector->rates[step];
	const double odds = log(rate / (1 - rate)) - lu_two_groups_even(&pair.groups);

	fitting->rates[step] = fmin(fmax(1 / (1 + exp(-odds)), least_rate), most_rate);
	lu_detection_release(&pair);
	return status;
}

/*
 * Rates of the steps by which the chain believes in a change where the county's own scores do: what moves the odds of every
 * cell alike is the rate. A county that changes much gets higher ones, a pair of flights whose errors are sure of
 * themselves lower ones; so trajectories and flags agree.
 */
static enum lu_status find_rates(struct lu_detector *detector, struct lu_error *err)
{
	struct fitting fitting = {.detector = detector};
	enum lu_status status;

	LU_TRY(lu_alloc(&fitting.rates, detector->dates, sizeof(double), "rates of change", err));
	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = detector->options.threads,
						  .parts = (int64_t)detector->dates - 1,
						  .context = &fitting,
						  .worker_bytes = sizeof(struct fitter),
						  .begin = begin_fitter,
						  .release = release_fitter,
						  .part = find_rate},
			   err));
	memcpy(detector->rates, fitting.rates, (detector->dates - 1) * sizeof(double));
out:
	lu_free(fitting.rates);
	return status;
}

static enum lu_status fit_chain(struct lu_detector *detector, struct lu_error *err)
{
	const bool stated = detector->options.rate > 0;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d + 1 < detector->dates; d++)
		detector->rates[d] = stated ? detector->options.rate : usual_rate;
	LU_TRY(make_chain(detector, err));
	/* Of two dates nothing but the odds is taken, which a rate moves all alike. */
	if (detector->dates > 2 && !stated) {
		LU_TRY(find_rates(detector, err));
		LU_TRY(make_chain(detector, err));
	}
out:
	return status;
}

static enum lu_status make_room(struct lu_detector *detector, struct lu_error *err)
{
	const size_t classes = detector->classes;
	enum lu_status status;

	LU_TRY(lu_alloc(&detector->share, classes, sizeof(double), "class shares", err));
	LU_TRY(lu_alloc(&detector->trained, classes, sizeof(double), "class shares", err));
	LU_TRY(lu_alloc(&detector->rates, detector->dates, sizeof(double), "rates of change", err));
	LU_TRY(lu_alloc(&detector->pair, classes * classes, sizeof(double), "pairs of classes", err));
	LU_TRY(lu_alloc(&detector->row, (size_t)lu_timelines_cols(detector->timelines), sizeof(*detector->row), "a row",
			err));
out:
	return status;
}

enum lu_status lu_detector_new(struct lu_timelines *timelines, const double *trained,
			       const struct lu_detect_options *options, struct lu_detector **out, struct lu_error *err)
{
	struct lu_detector *detector;
	const size_t classes = lu_timelines_classes(timelines);
	enum lu_status status = lu_alloc(&detector, 1, sizeof(*detector), "change detection", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	*detector = (struct lu_detector){.timelines = timelines,
					 .dates = lu_timelines_dates(timelines),
					 .classes = classes,
					 .options = *options};
	LU_TRY(make_room(detector, err));
	memcpy(detector->trained, trained, classes * sizeof(double));
	detector->sample = lu_timelines_sample(timelines, &detector->count);
	LU_TRY(fit_shares(detector, err));
	LU_TRY(fit_chain(detector, err));
out:
	if (status != LU_OK) {
		lu_detector_free(detector);
		return status;
	}
	*out = detector;
	return LU_OK;
}

enum lu_status lu_detector_twin(const struct lu_detector *detector, struct lu_detector **out, struct lu_error *err)
{
	struct lu_detector *twin = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&twin, 1, sizeof(*twin), "change detection", err));
	*twin = (struct lu_detector){.timelines = detector->timelines,
				     .dates = detector->dates,
				     .classes = detector->classes,
				     .options = detector->options,
				     .sample = detector->sample,
				     .count = detector->count};
	LU_TRY(make_room(twin, err));
	memcpy(twin->share, detector->share, twin->classes * sizeof(double));
	memcpy(twin->trained, detector->trained, twin->classes * sizeof(double));
	memcpy(twin->rates, detector->rates, twin->dates * sizeof(double));
	LU_TRY(make_chain(twin, err));
	*out = twin;
	twin = NULL; /* now the caller's */
out:
	lu_detector_free(twin);
	return status;
}

void lu_detector_free(struct lu_detector *detector)
{
	if (detector == NULL)
		return;
	lu_timeline_free(detector->chain);
	lu_free(detector->share);
	lu_free(detector->trained);
	lu_free(detector->rates);
	lu_free(detector->pair);
	lu_free(detector->row);
	lu_free(detector);
}

/*
 * How far the answers moved from the one class of 'kind' to the other, in log-odds. The chain takes the errors of two dates for
 * independent. They are not: what is doubtful ground at one date is so at the other, and its answers stay where they are,
 * while those of a boundary that moves do not.
 */
static double moved(const struct lu_detector *detector, const float *cell, size_t earlier, size_t later, uint32_t kind)
{
	const size_t n = detector->classes, from = kind / n, to = kind % n;
	const float *before = cell + earlier * n, *after = cell + later * n;

	return log(fmax((double)before[from], least_answer) / fmax((double)before[to], least_answer)) -
	       log(fmax((double)after[from], least_answer) / fmax((double)after[to], least_answer));
}

/*
 * The mean of the chain's log-odds that the cell's two dates differ and of how far its answers moved, and its most probable
 * classes if they differ (earlier x classes + later); leaves the pairs' probabilities in detector->pair. What may not happen,
 * and all of a detector with chain_only, keeps the chain's log-odds. False when the answers fit no allowed sequence at all.
 */
static bool score(struct lu_detector *detector, const float *cell, size_t earlier, size_t later,
		  struct lu_scored *scored)
{
	const size_t n = detector->classes;
	double same = 0, different = 0, most = -1;

	if (!lu_timeline_pair(detector->chain, cell, earlier, later, detector->pair))
		return false;
	for (size_t i = 0; i < n * n; i++) {
		const double p = detector->pair[i];
		if (i / n == i % n) {
			same += p;
			continue;
		}
		different += p;
		if (p > most) {
			most = p;
			scored->kind = (uint32_t)i;
		}
	}
	double odds = log(different / same);
	odds = isnan(odds) ? 0 : fmin(fmax(odds, -most_odds), most_odds);
	if (!detector->chain_only && different > 0)
		odds = (odds + moved(detector, cell, earlier, later, scored->kind)) / 2;
	scored->score = fmin(fmax(odds, -most_odds), most_odds);
	scored->weight = 1;
	return true;
}

static bool mapped_at(const struct lu_detector *detector, const float *cell, size_t date)
{
	return lu_store_mapped(cell + date * detector->classes, detector->classes);
}

/* The mean of P(changed) over drawn changes. */
static double seen_of(const struct lu_two_groups *groups, const struct lu_scored *drawn, size_t count)
{
	double sum = 0, weight = 0;

	for (size_t i = 0; i < count; i++) {
		sum += drawn[i].weight * lu_two_groups_probability(groups, drawn[i].kind, drawn[i].score);
		weight += drawn[i].weight;
	}
	return weight > 0 ? sum / weight : 0;
}

static bool score_cell(void *user, const float *cell, size_t earlier, size_t later, struct lu_scored *scored)
{
	return score(user, cell, earlier, later, scored);
}

/* Fit out->groups to the sample, and find out->seen. */
static enum lu_status fit_groups(struct lu_detector *detector, struct lu_detection *out, struct lu_error *err)
{
	const struct lu_drawing drawing = {.sample = detector->sample,
					   .count = detector->count,
					   .dates = detector->dates,
					   .classes = detector->classes,
					   .share = detector->share,
					   .trained = detector->trained,
					   .score = score_cell,
					   .user = detector};
	const bool stated = detector->options.rate > 0;
	const double rate =
		1 - pow(1 - (stated ? detector->options.rate : usual_rate), (double)(out->later - out->earlier));
	struct lu_drawn_changes changes;
	enum lu_status status;

	LU_TRY(lu_drawn_changes_make(&drawing, out->earlier, out->later, &changes, err));
	LU_TRY(lu_two_groups_fit(changes.observed, changes.observed_count, detector->classes * detector->classes,
				 changes.drawn, changes.drawn_count,
				 (struct lu_two_groups_prior){.rate = rate, .rate_is_stated = stated}, &out->groups,
				 err));
	const double whole = seen_of(&out->groups, changes.drawn, changes.drawn_count),
		     all = seen_of(&out->groups, changes.told, changes.drawn_count);
	out->seen = whole > 0 ? fmin(fmax(all / whole, least_seen), 1) : 1;
out:
	lu_drawn_changes_release(&changes);
	return status;
}

/* Everything but the flag. */
static struct lu_detected judge(struct lu_detector *detector, const struct lu_detection *detection, const float *cell)
{
	const size_t n = detector->classes;
	struct lu_detected answer = {.changed = -1};
	struct lu_scored scored = {0};

	if (!mapped_at(detector, cell, detection->earlier) || !mapped_at(detector, cell, detection->later))
		return answer;
	if (!score(detector, cell, detection->earlier, detection->later, &scored))
		return answer;
	answer.changed = (float)lu_two_groups_probability(&detection->groups, scored.kind, scored.score);
	answer.from = (uint16_t)(scored.kind / n);
	answer.to = (uint16_t)(scored.kind % n);
	return answer;
}

enum lu_status lu_detector_row(struct lu_detector *detector, const struct lu_detection *detection, int64_t row,
			       struct lu_detected *cells, struct lu_error *err)
{
	const size_t size = detector->dates * detector->classes;
	const float *row_cells;
	const enum lu_status status = lu_timelines_row(detector->timelines, row, &row_cells, err);

	for (int64_t col = 0; col < lu_timelines_cols(detector->timelines) && status == LU_OK; col++) {
		cells[col] = judge(detector, detection, row_cells + (size_t)col * size);
		cells[col].flagged =
			cells[col].changed >= 0 && (double)cells[col].changed >= detection->choice.threshold;
	}
	return status;
}

enum lu_status lu_detector_begin(struct lu_detector *detector, size_t earlier, size_t later, struct lu_detection *out,
				 struct lu_error *err)
{
	enum lu_status status;

	*out = (struct lu_detection){.earlier = earlier, .later = later};
	LU_TRY(fit_groups(detector, out, err));
	LU_TRY(lu_likeness(detector->sample, detector->count, detector->dates, detector->classes, earlier, later,
			   &out->likeness, err));
	out->refused = out->likeness < LU_LEAST_LIKENESS;
	LU_TRY(lu_fdr_new(&out->fdr, err));
out:
	return status;
}

enum lu_status lu_detector_add(struct lu_detector *detector, struct lu_detection *detection, int64_t row,
			       const bool *may, struct lu_error *err)
{
	const enum lu_status status = lu_detector_row(detector, detection, row, detector->row, err);

	for (int64_t col = 0; col < lu_timelines_cols(detector->timelines) && status == LU_OK; col++) {
		const float changed = detector->row[col].changed;
		detection->cells += changed >= 0;
		if (may == NULL || may[col])
			lu_fdr_add(detection->fdr, &changed, 1);
		if (changed > 0)
			*(may == NULL || may[col] ? &detection->within : &detection->beyond) += (double)changed;
	}
	return status;
}

void lu_detector_choose(const struct lu_detector *detector, struct lu_detection *detection)
{
	detection->choice = lu_fdr_choose(detection->fdr, detector->options.false_discovery_rate,
					  detector->options.min_probability);
	if (detection->refused)
		detection->choice = (struct lu_fdr_choice){.threshold = 2};
	/* Nobody sees all of what moves within cells: less is found than whole cells promise, and more has changed. */
	detection->choice.expected_found *= detection->seen;
	if (detection->beyond > 0)
		detection->choice.expected_found *= detection->within / (detection->within + detection->beyond);
	detection->rate = detection->groups.rate;
	if (!(detector->options.rate > 0))
		detection->rate = fmin(detection->rate / detection->seen, 1);
	lu_fdr_free(detection->fdr);
	detection->fdr = NULL;
}

enum lu_status lu_detector_paths(struct lu_detector *detector, int64_t row, uint16_t *paths, struct lu_error *err)
{
	const size_t size = detector->dates * detector->classes;
	const float *row_cells;
	const enum lu_status status = lu_timelines_row(detector->timelines, row, &row_cells, err);

	for (int64_t col = 0; col < lu_timelines_cols(detector->timelines) && status == LU_OK; col++) {
		const float *cell = row_cells + (size_t)col * size;
		uint16_t *path = paths + (size_t)col * detector->dates;
		const bool fits = lu_timeline_path(detector->chain, cell, path);
		for (size_t d = 0; d < detector->dates; d++)
			if (!fits || !mapped_at(detector, cell, d))
				path[d] = LU_NOT_MAPPED;
	}
	return status;
}

void lu_detection_release(struct lu_detection *detection)
{
	lu_two_groups_release(&detection->groups);
	lu_fdr_free(detection->fdr);
}
