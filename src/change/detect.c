/* detect.c: a chain, scores, drawn changes, a threshold. */
#include "change/detect.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "change/prior.h"
#include "change/timeline.h"

enum { DRAWS = 65536 };

/* Where the estimate of the rate begins, and what the even class shares weigh, in cells. */
static const double usual_rate = 0.01, even_cells = 5;
/* Log-odds beyond these say no more than "certain". */
static const double most_odds = 30;

struct lu_detector {
	struct lu_timelines *timelines;
	size_t dates, classes;
	struct lu_detect_options options;
	double *share; /* classes */
	double *trained; /* classes */
	struct lu_timeline *chain;
	double *pair; /* scratch: classes x classes */
	const float *sample; /* count x dates x classes, the timelines' own */
	size_t count;
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

static enum lu_status make_chain(struct lu_detector *detector, struct lu_error *err)
{
	const size_t size = detector->classes * detector->classes;
	const double rate = detector->options.rate > 0 ? detector->options.rate : usual_rate;
	double *step;
	enum lu_status status = lu_alloc(&step, (detector->dates - 1) * size, sizeof(*step), "transitions", err);

	if (status != LU_OK)
		return status;
	for (size_t d = 0; d + 1 < detector->dates; d++)
		lu_timeline_prior(detector->classes, detector->share, detector->options.allow, rate, step + d * size);
	status = lu_timeline_new(detector->classes, detector->dates, detector->share, detector->trained, step,
				 &detector->chain, err);
	lu_free(step);
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
	LU_TRY(lu_alloc(&detector->share, classes, sizeof(double), "class shares", err));
	LU_TRY(lu_alloc(&detector->trained, classes, sizeof(double), "class shares", err));
	LU_TRY(lu_alloc(&detector->pair, classes * classes, sizeof(double), "pairs of classes", err));
	LU_TRY(lu_alloc(&detector->row, (size_t)lu_timelines_cols(timelines), sizeof(*detector->row), "a row", err));
	memcpy(detector->trained, trained, classes * sizeof(double));
	detector->sample = lu_timelines_sample(timelines, &detector->count);
	LU_TRY(fit_shares(detector, err));
	LU_TRY(make_chain(detector, err));
out:
	if (status != LU_OK) {
		lu_detector_free(detector);
		return status;
	}
	*out = detector;
	return LU_OK;
}

void lu_detector_free(struct lu_detector *detector)
{
	if (detector == NULL)
		return;
	lu_timeline_free(detector->chain);
	lu_free(detector->share);
	lu_free(detector->trained);
	lu_free(detector->pair);
	lu_free(detector->row);
	lu_free(detector);
}

/*
 * Log-odds that the cell's two dates differ, and its most probable classes if they do (earlier x classes +
 * later); leaves the pairs' probabilities in detector->pair. False when the answers fit no allowed sequence
 * at all.
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
	const double odds = log(different / same);
	scored->score = isnan(odds) ? 0 : fmin(fmax(odds, -most_odds), most_odds);
	scored->weight = 1;
	return true;
}

static bool mapped_at(const struct lu_detector *detector, const float *cell, size_t date)
{
	return lu_store_mapped(cell + date * detector->classes, detector->classes);
}

/*
 * The class of a cell if it never changed, from all its dates, and how sure it is that this is its class and
 * that it never changed: a date that would rather have another class speaks against it by as much as it
 * would.
 */
static size_t steady_class(const struct lu_detector *detector, const float *cell, double *certainty)
{
	const size_t n = detector->classes;
	double *belief = detector->pair, sum = 0;
	size_t best = 0;

	for (size_t k = 0; k < n; k++)
		belief[k] = detector->share[k];
	for (size_t d = 0; d < detector->dates; d++) {
		sum = 0;
		for (size_t k = 0; k < n && mapped_at(detector, cell, d); k++)
			sum += belief[k] *= (double)cell[d * n + k] / detector->trained[k];
		for (size_t k = 0; k < n && sum > 0; k++)
			belief[k] /= sum;
	}
	for (size_t k = 1; k < n; k++)
		best = belief[k] > belief[best] ? k : best;
	*certainty = belief[best];
	for (size_t d = 0; d < detector->dates; d++) {
		const float *said = cell + d * n;
		float most = 0;
		for (size_t k = 0; k < n; k++)
			most = said[k] > most ? said[k] : most;
		if (most > 0)
			*certainty *= (double)(said[best] / most);
	}
	return best;
}

/* The sample's cells that are mapped at both dates, by number, with their steady class. */
struct comparable {
	uint32_t cell;
	uint16_t class;
	float certainty;
};

static size_t list_comparable(const struct lu_detector *detector, size_t earlier, size_t later, struct comparable *list)
{
	const size_t size = detector->dates * detector->classes;
	size_t count = 0;

	for (size_t i = 0; i < detector->count; i++) {
		const float *cell = detector->sample + i * size;
		double certainty;
		if (!mapped_at(detector, cell, earlier) || !mapped_at(detector, cell, later))
			continue;
		const size_t class = steady_class(detector, cell, &certainty);
		list[count++] = (struct comparable){(uint32_t)i, (uint16_t) class, (float)certainty};
	}
	return count;
}

/*
 * Changes as they would look: one cell's dates up to some step between the two, another cell's from there
 * on, where the two cells' classes differ. Returns how many of the draws did.
 */
static size_t draw_changes(struct lu_detector *detector, const struct lu_detection *pair, const struct comparable *list,
			   size_t count, float *spliced, struct lu_scored *drawn)
{
	const size_t size = detector->dates * detector->classes;
	uint64_t random = UINT64_C(20170101);
	size_t made = 0;

	for (int i = 0; i < DRAWS && count > 1; i++) {
		const struct comparable *a = &list[lu_random_next(&random) % count],
					*b = &list[lu_random_next(&random) % count];
		const size_t step = pair->earlier + 1 + lu_random_next(&random) % (pair->later - pair->earlier);
		if (a->class == b->class)
			continue;
		const size_t kept = step * detector->classes;
		memcpy(spliced, detector->sample + a->cell * size, kept * sizeof(float));
		memcpy(spliced + kept, detector->sample + b->cell * size + kept, (size - kept) * sizeof(float));
		if (score(detector, spliced, pair->earlier, pair->later, &drawn[made]))
			drawn[made++].weight = (double)a->certainty * (double)b->certainty;
	}
	return made;
}

/* Fit out->groups to the sample. */
static enum lu_status fit_groups(struct lu_detector *detector, struct lu_detection *out, struct lu_error *err)
{
	const size_t size = detector->dates * detector->classes;
	const double steps = (double)(out->later - out->earlier);
	struct comparable *list = NULL;
	struct lu_scored *observed = NULL, *drawn = NULL;
	float *spliced = NULL;
	size_t count = 0, seen = 0;
	enum lu_status status;

	LU_TRY(lu_alloc(&list, detector->count, sizeof(*list), "a sample of cells", err));
	LU_TRY(lu_alloc(&observed, detector->count, sizeof(*observed), "scores of change", err));
	LU_TRY(lu_alloc(&drawn, DRAWS, sizeof(*drawn), "scores of change", err));
	LU_TRY(lu_alloc(&spliced, size, sizeof(*spliced), "a timeline", err));
	count = list_comparable(detector, out->earlier, out->later, list);
	for (size_t i = 0; i < count; i++)
		seen += score(detector, detector->sample + list[i].cell * size, out->earlier, out->later,
			      &observed[seen]);
	const size_t made = draw_changes(detector, out, list, count, spliced, drawn);
	const bool stated = detector->options.rate > 0;
	const double rate = 1 - pow(1 - (stated ? detector->options.rate : usual_rate), steps);
	LU_TRY(lu_two_groups_fit(observed, seen, detector->classes * detector->classes, drawn, made,
				 (struct lu_two_groups_prior){.rate = rate, .rate_is_stated = stated}, &out->groups,
				 err));
out:
	lu_free(list);
	lu_free(observed);
	lu_free(drawn);
	lu_free(spliced);
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
	LU_TRY(lu_fdr_new(&out->fdr, err));
out:
	return status;
}

enum lu_status lu_detector_add(struct lu_detector *detector, struct lu_detection *detection, int64_t row,
			       struct lu_error *err)
{
	const enum lu_status status = lu_detector_row(detector, detection, row, detector->row, err);

	for (int64_t col = 0; col < lu_timelines_cols(detector->timelines) && status == LU_OK; col++) {
		const float changed = detector->row[col].changed;
		lu_fdr_add(detection->fdr, &changed, 1);
		detection->cells += changed >= 0;
	}
	return status;
}

void lu_detector_choose(const struct lu_detector *detector, struct lu_detection *detection)
{
	detection->choice = lu_fdr_choose(detection->fdr, detector->options.false_discovery_rate,
					  detector->options.min_probability);
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
