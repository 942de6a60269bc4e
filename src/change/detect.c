/* detect.c: a chain, scores, drawn changes, a threshold. */
#include "change/detect.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "change/drawn_changes.h"
#include "change/likeness.h"
#include "change/movement.h"
#include "change/prior.h"
#include "change/timeline.h"

/* Where the estimate of the rate begins, and what the even class shares weigh, in cells. */
static const double usual_rate = 0.01, even_cells = 5;
/* Log-odds beyond these say no more than "certain". */
static const double most_odds = 30;
/* Where hardly anything of change is seen, nobody can say how much there is. */
static const double least_seen = 0.2;
/* Of a score: what the answers' movement counts beside the chain's odds, and what the sum is divided by. */
static const double movement_weight = 4, score_parts = 3;
/* A step of the chain, between never and as good as always. */
static const double least_rate = 1e-6, most_rate = 0.5;

/* What the county's own scores say of two neighbouring dates. */
struct step {
	struct lu_two_groups groups;
	double seen; /* as of a detection */
	double likeness;
};

/* A cell at a step. */
struct told {
	struct lu_detected answer;
	double tilt; /* how much more the chain should think of a change there for it to find the answer's probability */
	double turn; /* the same, for its most probable sequence to turn where the answer says more probably than not */
};

struct lu_detector {
	struct lu_timelines *timelines;
	bool is_twin;
	size_t dates, classes;
	struct lu_detect_options options;
	double *share; /* classes */
	double *trained; /* classes */
	double *usual; /* movements, see change/movement.h; of a twin the detector's own */
	double *rates; /* of the chain's steps */
	struct lu_timeline *chain;
	double *pair; /* scratch: classes x classes */
	const float *sample; /* count x dates x classes, the timelines' own */
	size_t count;
	struct step *steps; /* dates - 1; of a twin the detector's own */
	struct lu_detected *row; /* scratch: one row */
	struct told *told; /* a row: cols x steps; NULL: none was told */
	int64_t told_row; /* its number; -1: none */
	double *tilt; /* scratch: one a step */
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

static enum lu_status fit_groups(struct lu_detector *detector, size_t earlier, size_t later, struct step *out,
				 struct lu_error *err);

/* The steps, fitted by several threads at once. */
struct fitter {
	struct lu_detector *twin;
};

static enum lu_status begin_fitter(void *context, void *worker, struct lu_error *err)
{
	return lu_detector_twin(context, &((struct fitter *)worker)->twin, err);
}

static void release_fitter(void *worker)
{
	lu_detector_free(((struct fitter *)worker)->twin);
}

static enum lu_status fit_step(void *context, void *worker, int64_t step, struct lu_error *err)
{
	struct lu_detector *detector = context;
	struct step *out = &detector->steps[step];

	lu_two_groups_release(&out->groups);
	return fit_groups(((struct fitter *)worker)->twin, (size_t)step, (size_t)step + 1, out, err);
}

static enum lu_status fit_steps(struct lu_detector *detector, struct lu_error *err)
{
	return lu_pool_run(&(struct lu_pool_task){.threads = detector->options.threads,
						  .parts = (int64_t)detector->dates - 1,
						  .context = detector,
						  .worker_bytes = sizeof(struct fitter),
						  .begin = begin_fitter,
						  .release = release_fitter,
						  .part = fit_step},
			   err);
}

/*
 * The steps have the rates that the county's own scores tell, so that each date helps to judge the others as much as it
 * should; then they are told anew by the chain that has them. Of two dates a rate moves all odds alike: once does.
 */
static enum lu_status fit_chain(struct lu_detector *detector, struct lu_error *err)
{
	const bool stated = detector->options.rate > 0;
	enum lu_status status = LU_OK;

	for (size_t d = 0; d + 1 < detector->dates; d++)
		detector->rates[d] = stated ? detector->options.rate : usual_rate;
	LU_TRY(make_chain(detector, err));
	LU_TRY(fit_steps(detector, err));
	if (detector->dates == 2 || stated)
		goto out;
	for (size_t d = 0; d + 1 < detector->dates; d++)
		detector->rates[d] = fmin(fmax(detector->steps[d].groups.rate, least_rate), most_rate);
	LU_TRY(make_chain(detector, err));
	LU_TRY(fit_steps(detector, err));
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
	LU_TRY(lu_alloc(&detector->tilt, detector->dates, sizeof(double), "changes of class", err));
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
					 .told_row = -1,
					 .options = *options};
	LU_TRY(make_room(detector, err));
	memcpy(detector->trained, trained, classes * sizeof(double));
	detector->sample = lu_timelines_sample(timelines, &detector->count);
	LU_TRY(lu_alloc(&detector->steps, detector->dates, sizeof(*detector->steps), "steps of the chain", err));
	LU_TRY(lu_alloc(&detector->usual, (detector->dates - 1) * classes * classes, sizeof(double), "usual movements",
			err));
	LU_TRY(lu_movement_usual(detector->sample, detector->count, detector->dates, classes, detector->usual, err));
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
				     .is_twin = true,
				     .told_row = -1,
				     .steps = detector->steps,
				     .usual = detector->usual,
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
	for (size_t d = 0; !detector->is_twin && detector->steps != NULL && d < detector->dates; d++)
		lu_two_groups_release(&detector->steps[d].groups);
	if (!detector->is_twin) {
		lu_free(detector->steps);
		lu_free(detector->usual);
	}
	lu_timeline_free(detector->chain);
	lu_free(detector->share);
	lu_free(detector->trained);
	lu_free(detector->rates);
	lu_free(detector->pair);
	lu_free(detector->tilt);
	lu_free(detector->told);
	lu_free(detector->row);
	lu_free(detector);
}

/* Within what logarithms can hold, and nothing where both sides are nothing. */
static double within_odds(double odds)
{
	return isnan(odds) ? 0 : fmin(fmax(odds, -most_odds), most_odds);
}

/* The odds that two dates differ, by the probabilities of pairs in detector->pair, and the most probable pair that does. */
static double odds_of_pair(const struct lu_detector *detector, uint32_t *kind, bool *may_differ)
{
	const size_t n = detector->classes;
	double same = 0, different = 0, most = -1;

	for (size_t i = 0; i < n * n; i++) {
		const double p = detector->pair[i];
		if (i / n == i % n) {
			same += p;
			continue;
		}
		different += p;
		if (p > most) {
			most = p;
			*kind = (uint32_t)i;
		}
	}
	*may_differ = different > 0;
	return within_odds(log(different / same));
}

/*
 * What speaks for a change: the chain's log-odds that the cell's two dates differ, and how far its answers moved. The chain takes
 * the errors of two dates for independent, which they are not. Its most probable classes if it changed are the kind (earlier x
 * classes + later). What may not happen keeps the chain's log-odds. False when the answers fit no allowed sequence at all.
 */
static bool score(struct lu_detector *detector, const float *cell, size_t earlier, size_t later,
		  struct lu_scored *scored, double *odds)
{
	bool may_differ;

	if (!lu_timeline_pair(detector->chain, cell, NULL, earlier, later, detector->pair))
		return false;
	*odds = odds_of_pair(detector, &scored->kind, &may_differ);
	scored->score = *odds;
	if (may_differ)
		scored->score = (*odds + movement_weight * lu_movement_distance(detector->usual, cell, earlier, later,
										detector->classes)) /
				score_parts;
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
	double odds;

	return score(user, cell, earlier, later, scored, &odds);
}

/* Fit what the sample says of two dates. */
static enum lu_status fit_groups(struct lu_detector *detector, size_t earlier, size_t later, struct step *out,
				 struct lu_error *err)
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
	const double rate = 1 - pow(1 - (stated ? detector->options.rate : usual_rate), (double)(later - earlier));
	struct lu_drawn_changes changes;
	enum lu_status status;

	LU_TRY(lu_drawn_changes_make(&drawing, earlier, later, &changes, err));
	LU_TRY(lu_two_groups_fit(changes.observed, changes.observed_count, detector->classes * detector->classes,
				 changes.drawn, changes.drawn_count,
				 (struct lu_two_groups_prior){.rate = rate, .rate_is_stated = stated}, &out->groups,
				 err));
	const double whole = seen_of(&out->groups, changes.drawn, changes.drawn_count),
		     all = seen_of(&out->groups, changes.told, changes.drawn_count);
	out->seen = whole > 0 ? fmin(fmax(all / whole, least_seen), 1) : 1;
	LU_TRY(lu_likeness(detector->sample, detector->count, detector->dates, detector->classes, earlier, later,
			   &out->likeness, err));
out:
	lu_drawn_changes_release(&changes);
	return status;
}

/* Whether the chain's steps between two dates may tell of change: both of each show one place. */
static bool steps_tell(const struct lu_detector *detector, size_t earlier, size_t later)
{
	for (size_t d = earlier; d < later; d++)
		if (detector->steps[d].likeness < LU_LEAST_LIKENESS)
			return false;
	return true;
}

/* Everything but the flag, by the scores of the two dates alone; false: not mapped at both. */
static bool judge_by_scores(struct lu_detector *detector, const struct lu_two_groups *groups, const float *cell,
			    size_t earlier, size_t later, struct lu_detected *answer, double *odds)
{
	const size_t n = detector->classes;
	struct lu_scored scored = {0};

	*answer = (struct lu_detected){.changed = -1};
	if (!mapped_at(detector, cell, earlier) || !mapped_at(detector, cell, later) ||
	    !score(detector, cell, earlier, later, &scored, odds))
		return false;
	answer->changed = (float)(groups->width > 0 ? lu_two_groups_probability(groups, scored.kind, scored.score)
						    : 1 / (1 + exp(-*odds))); /* nothing was learnt */
	answer->from = (uint16_t)(scored.kind / n);
	answer->to = (uint16_t)(scored.kind % n);
	return true;
}

/* Of the steps from one date at which a cell is mapped to the next, of which the last may change it. */
static void heed(struct told *told, size_t steps, double changed, double odds, double turn)
{
	const double wanted = within_odds(log(changed / (1 - changed)));

	for (size_t i = 0; i + 1 < steps; i++)
		told[i].tilt = told[i].turn = -2 * most_odds;
	told[steps - 1].tilt = wanted - odds;
	told[steps - 1].turn = wanted - within_odds(turn);
}

/*
 * What a cell's neighbouring dates tell, and how the chain is to heed it. Dates at which the cell is not mapped are passed over: it
 * changes when it is seen again, if it does. Of two dates that show two places the chain is left to its own odds.
 */
static void tell_cell(struct lu_detector *detector, const float *cell, struct told *told)
{
	const size_t steps = detector->dates - 1;
	size_t before = SIZE_MAX;
	double *turns = detector->tilt;

	for (size_t d = 0; d < steps; d++)
		told[d] = (struct told){.answer.changed = -1};
	if (!lu_timeline_turns(detector->chain, cell, turns))
		return;
	for (size_t d = 0; d < detector->dates; d++) {
		struct lu_detected answer;
		double odds;
		if (!mapped_at(detector, cell, d))
			continue;
		if (before != SIZE_MAX &&
		    judge_by_scores(detector, &detector->steps[d - 1].groups, cell, before, d, &answer, &odds)) {
			if (before + 1 == d)
				told[d - 1].answer = answer;
			if (steps_tell(detector, before, d))
				heed(told + before, d - before, (double)answer.changed, odds, turns[d - 1]);
		}
		before = d;
	}
}

/* Everything but the flag, by the chain as its steps tell it. */
static struct lu_detected judge_by_steps(struct lu_detector *detector, const struct lu_detection *detection,
					 const float *cell, const struct told *told)
{
	const size_t n = detector->classes;
	uint32_t kind = 0;
	bool may_differ;

	if (detection->later == detection->earlier + 1)
		return told[detection->earlier].answer;
	if (!mapped_at(detector, cell, detection->earlier) || !mapped_at(detector, cell, detection->later))
		return (struct lu_detected){.changed = -1};
	for (size_t d = 0; d + 1 < detector->dates; d++)
		detector->tilt[d] = told[d].tilt;
	if (!lu_timeline_pair(detector->chain, cell, detector->tilt, detection->earlier, detection->later,
			      detector->pair))
		return (struct lu_detected){.changed = -1};
	const double odds = odds_of_pair(detector, &kind, &may_differ);
	return (struct lu_detected){
		.changed = (float)(1 / (1 + exp(-odds))), .from = (uint16_t)(kind / n), .to = (uint16_t)(kind % n)};
}

/* A row's cells, with what their neighbouring dates tell in detector->told. */
static enum lu_status tell_row(struct lu_detector *detector, int64_t row, const float **cells, struct lu_error *err)
{
	const size_t size = detector->dates * detector->classes, steps = detector->dates - 1;
	const size_t cols = (size_t)lu_timelines_cols(detector->timelines);
	enum lu_status status;

	LU_TRY(lu_timelines_row(detector->timelines, row, cells, err));
	if (detector->told_row == row)
		goto out;
	if (detector->told == NULL)
		LU_TRY(lu_alloc(&detector->told, cols, steps * sizeof(*detector->told), "a row", err));
	for (size_t col = 0; col < cols; col++)
		tell_cell(detector, *cells + col * size, detector->told + col * steps);
	detector->told_row = row;
out:
	return status;
}

enum lu_status lu_detector_row(struct lu_detector *detector, const struct lu_detection *detection, int64_t row,
			       struct lu_detected *cells, struct lu_error *err)
{
	const size_t size = detector->dates * detector->classes, steps = detector->dates - 1;
	const float *row_cells;
	const enum lu_status status = tell_row(detector, row, &row_cells, err);
	double odds;

	for (size_t col = 0; col < (size_t)lu_timelines_cols(detector->timelines) && status == LU_OK; col++) {
		const float *cell = row_cells + col * size;
		if (detection->is_own)
			judge_by_scores(detector, &detection->groups, cell, detection->earlier, detection->later,
					&cells[col], &odds);
		else
			cells[col] = judge_by_steps(detector, detection, cell, detector->told + col * steps);
		cells[col].flagged =
			cells[col].changed >= 0 && (double)cells[col].changed >= detection->choice.threshold;
	}
	return status;
}

enum lu_status lu_detector_begin(struct lu_detector *detector, size_t earlier, size_t later, struct lu_detection *out,
				 struct lu_error *err)
{
	enum lu_status status;

	struct step between = {.seen = 0};

	*out = (struct lu_detection){.earlier = earlier, .later = later};
	out->is_own = later > earlier + 1 && !steps_tell(detector, earlier, later);
	if (out->is_own) {
		status = fit_groups(detector, earlier, later, &between, err);
		out->groups = between.groups;
		out->seen = between.seen;
		if (status != LU_OK)
			goto out;
	}
	for (size_t d = earlier; d < later && !out->is_own; d++)
		out->seen += detector->steps[d].seen / (double)(later - earlier);
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

/* The part of the cells that changed: as stated, as the two dates' own scores tell, or as the steps between add up to. */
static double rate_of(const struct lu_detector *detector, const struct lu_detection *detection)
{
	if (detector->options.rate > 0)
		return 1 - pow(1 - detector->options.rate, (double)(detection->later - detection->earlier));
	double rate = detection->is_own ? detection->groups.rate : detector->steps[detection->earlier].groups.rate;
	if (!detection->is_own && detection->later > detection->earlier + 1 && detection->cells > 0)
		rate = (detection->within + detection->beyond) / (double)detection->cells;
	return fmin(rate / detection->seen, 1);
}

void lu_detector_choose(const struct lu_detector *detector, struct lu_detection *detection)
{
	detection->choice = lu_fdr_choose(detection->fdr, detector->options.false_discovery_rate,
					  detector->options.min_probability);
	/* Nobody sees all of what moves within cells: more has changed than all cells' probabilities add up to. */
	detection->rate = rate_of(detector, detection);
	const double flagged = detection->choice.expected_found * detection->within,
		     changed = detection->rate * (double)detection->cells;
	detection->choice.expected_found = changed > 0 ? fmin(flagged / changed, 1) : 0;
	/* Of two places nothing is known of change: neither how much there is nor what was found of it. */
	if (detection->refused) {
		detection->choice =
			(struct lu_fdr_choice){.threshold = 2, .expected_false = NAN, .expected_found = NAN};
		detection->rate = NAN;
	}
	lu_fdr_free(detection->fdr);
	detection->fdr = NULL;
}

enum lu_status lu_detector_paths(struct lu_detector *detector, int64_t row, uint16_t *paths, struct lu_error *err)
{
	const size_t size = detector->dates * detector->classes, steps = detector->dates - 1;
	const float *row_cells;
	const enum lu_status status = tell_row(detector, row, &row_cells, err);

	for (size_t col = 0; col < (size_t)lu_timelines_cols(detector->timelines) && status == LU_OK; col++) {
		const float *cell = row_cells + col * size;
		uint16_t *path = paths + col * detector->dates;
		for (size_t d = 0; d < steps; d++)
			detector->tilt[d] = detector->told[col * steps + d].turn;
		const bool fits = lu_timeline_path(detector->chain, cell, detector->tilt, path);
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
