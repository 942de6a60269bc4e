/*
 * timeline.c: forward-backward and Viterbi.
 *
 * The forward pass is scaled at every date, so that long timelines do not underflow; Viterbi works
 * in logarithms, where a forbidden step is minus infinity.
 */
#include "change/timeline.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

struct lu_timeline {
	size_t classes, dates;
	double *start; /* classes */
	double *trained; /* classes; all 1 when balanced */
	double *step, *log_step; /* (dates - 1) x classes x classes */
	double *seen, *forward, *backward; /* scratch: dates x classes */
	double *product; /* scratch: classes */
	double *factor; /* scratch: of a change of class at each step, dates - 1 */
	uint16_t *from; /* scratch: dates x classes, Viterbi's best predecessors */
};

static enum lu_status copy_rows(double *to, const double *from, size_t rows, size_t classes, const char *what,
				struct lu_error *err)
{
	for (size_t r = 0; r < rows; r++) {
		double sum = 0.0;

		for (size_t k = 0; k < classes; k++) {
			const double p = from[r * classes + k];

			if (!isfinite(p) || p < 0.0)
				return lu_fail(err, LU_ERROR_ARGUMENT, "%s %g in row %zu: must not be negative", what,
					       p, r % classes + 1);
			sum += p;
		}
		if (!(sum > 0.0))
			return lu_fail(err, LU_ERROR_ARGUMENT, "%s: row %zu is all zeros: a class must go somewhere",
				       what, r % classes + 1);
		for (size_t k = 0; k < classes; k++)
			to[r * classes + k] = from[r * classes + k] / sum;
	}
	return LU_OK;
}

enum lu_status lu_timeline_new(size_t classes, size_t dates, const double *start, const double *trained,
			       const double *transition, struct lu_timeline **out, struct lu_error *err)
{
	struct lu_timeline *t = NULL;
	enum lu_status status;

	*out = NULL;
	if (classes < 1 || classes > UINT16_MAX || dates < 1 || dates > LU_MAX_DATES)
		return lu_fail(err, LU_ERROR_ARGUMENT, "timeline of %zu classes and %zu dates: 1 to %d dates", classes,
			       dates, LU_MAX_DATES);
	LU_TRY(lu_alloc(&t, 1, sizeof(*t), "timeline", err));
	t->classes = classes;
	t->dates = dates;
	const struct {
		double **array;
		size_t count;
	} arrays[] = {
		{&t->start, classes},
		{&t->trained, classes},
		{&t->step, (dates - 1) * classes * classes},
		{&t->log_step, (dates - 1) * classes * classes},
		{&t->seen, dates * classes},
		{&t->forward, dates * classes},
		{&t->backward, dates * classes},
		{&t->product, classes},
		{&t->factor, dates},
	};

	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
		LU_TRY(lu_alloc(arrays[i].array, arrays[i].count, sizeof(double), "timeline", err));
	LU_TRY(lu_alloc(&t->from, dates * classes, sizeof(*t->from), "timeline", err));
	LU_TRY(copy_rows(t->start, start, 1, classes, "class prior", err));
	LU_TRY(copy_rows(t->step, transition, (dates - 1) * classes, classes, "transition prior", err));
	for (size_t i = 0; i < (dates - 1) * classes * classes; i++)
		t->log_step[i] = log(t->step[i]);
	for (size_t k = 0; k < classes; k++) {
		t->trained[k] = trained != NULL ? trained[k] : 1.0;
		if (!isfinite(t->trained[k]) || !(t->trained[k] > 0.0)) {
			status = lu_fail(
				err, LU_ERROR_ARGUMENT,
				"class prior %g of class %zu: the classifier cannot know a class it was not trained on",
				t->trained[k], k);
			goto out;
		}
	}
	*out = t;
	t = NULL;
out:
	lu_timeline_free(t);
	return status;
}

void lu_timeline_free(struct lu_timeline *timeline)
{
	if (timeline == NULL)
		return;
	lu_free(timeline->start);
	lu_free(timeline->trained);
	lu_free(timeline->step);
	lu_free(timeline->log_step);
	lu_free(timeline->seen);
	lu_free(timeline->forward);
	lu_free(timeline->backward);
	lu_free(timeline->product);
	lu_free(timeline->factor);
	lu_free(timeline->from);
	lu_free(timeline);
}

/* Likelihoods up to a factor a date; a date that says nothing says the same of every class. */
static void look(struct lu_timeline *t, const float *probability)
{
	for (size_t d = 0; d < t->dates; d++) {
		double *seen = t->seen + d * t->classes;
		double sum = 0.0;

		for (size_t k = 0; k < t->classes; k++) {
			seen[k] = (double)probability[d * t->classes + k] / t->trained[k];
			sum += seen[k];
		}
		for (size_t k = 0; k < t->classes; k++)
			seen[k] = sum > 0.0 ? seen[k] / sum : 1.0;
	}
}

static bool scale(double *row, size_t classes)
{
	double sum = 0.0;

	for (size_t k = 0; k < classes; k++)
		sum += row[k];
	if (!(sum > 0.0) || !isfinite(sum))
		return false;
	for (size_t k = 0; k < classes; k++)
		row[k] /= sum;
	return true;
}

/* The probability of a step from date d - 1 on, up to the scale of its rows. */
static double step_to(const struct lu_timeline *t, size_t d, size_t i, size_t j)
{
	return t->step[((d - 1) * t->classes + i) * t->classes + j] * (i == j ? 1.0 : t->factor[d - 1]);
}

/* Scaled forward messages of dates 0 .. last; false when nothing allowed fits. */
static bool pass_forward(struct lu_timeline *t, size_t last)
{
	const size_t n = t->classes;

	for (size_t d = 0; d <= last; d++) {
		double *now = t->forward + d * n;

		for (size_t j = 0; j < n; j++) {
			double reach = d == 0 ? t->start[j] : 0.0;

			for (size_t i = 0; i < n && d > 0; i++)
				reach += t->forward[(d - 1) * n + i] * step_to(t, d, i, j);
			now[j] = reach * t->seen[d * n + j];
		}
		if (!scale(now, n))
			return false;
	}
	return true;
}

/* Scaled backward messages of the last date down to 'first'. */
static void pass_backward(struct lu_timeline *t, size_t first)
{
	const size_t n = t->classes;

	for (size_t d = t->dates; d-- > first;) {
		double *now = t->backward + d * n;

		for (size_t i = 0; i < n; i++) {
			now[i] = d + 1 == t->dates ? 1.0 : 0.0;
			for (size_t j = 0; j < n && d + 1 < t->dates; j++)
				now[i] += step_to(t, d + 1, i, j) * t->seen[(d + 1) * n + j] *
					  t->backward[(d + 1) * n + j];
		}
		scale(now, n);
	}
}

/*
 * Rows of 'pair' start as the forward message of date a, each in its own column, and are carried through
 * the steps to date b together, so that one scale serves all.
 */
bool lu_timeline_pair(struct lu_timeline *t, const float *probability, const double *tilt, size_t a, size_t b,
		      double *pair)
{
	const size_t n = t->classes;

	for (size_t d = 0; d + 1 < t->dates; d++)
		t->factor[d] = tilt != NULL ? exp(tilt[d]) : 1.0;
	look(t, probability);
	if (!pass_forward(t, a))
		return false;
	pass_backward(t, b);
	memset(pair, 0, n * n * sizeof(*pair));
	for (size_t i = 0; i < n; i++)
		pair[i * n + i] = t->forward[a * n + i];
	for (size_t d = a + 1; d <= b; d++) {
		for (size_t i = 0; i < n; i++) {
			double *row = pair + i * n;

			for (size_t j = 0; j < n; j++) {
				double reach = 0.0;

				for (size_t k = 0; k < n; k++)
					reach += row[k] * step_to(t, d, k, j);
				t->product[j] = reach * t->seen[d * n + j] * (d == b ? t->backward[d * n + j] : 1.0);
			}
			memcpy(row, t->product, n * sizeof(*row));
		}
		if (!scale(pair, n * n))
			return false;
	}
	return true;
}

/* Logarithms of the best ways to every class of every date into t->forward, and their predecessors into t->from. */
static void climb(struct lu_timeline *t, const double *tilt)
{
	const size_t n = t->classes;
	double *best = t->forward;

	for (size_t d = 0; d < t->dates; d++) {
		const double turn = tilt != NULL && d > 0 ? tilt[d - 1] : 0.0;

		for (size_t j = 0; j < n; j++) {
			double most = d == 0 ? log(t->start[j]) : -INFINITY;

			t->from[d * n + j] = 0;
			for (size_t i = 0; i < n && d > 0; i++) {
				const double reach = best[(d - 1) * n + i] + t->log_step[((d - 1) * n + i) * n + j] +
						     (i == j ? 0.0 : turn);

				if (reach > most) {
					most = reach;
					t->from[d * n + j] = (uint16_t)i;
				}
			}
			best[d * n + j] = most + log(t->seen[d * n + j]);
		}
	}
}

bool lu_timeline_path(struct lu_timeline *t, const float *probability, const double *tilt, uint16_t *path)
{
	const size_t n = t->classes, last = t->dates - 1;
	const double *best = t->forward;
	size_t end = 0;

	look(t, probability);
	climb(t, tilt);
	for (size_t j = 1; j < n; j++) {
		if (best[last * n + j] > best[last * n + end])
			end = j;
	}
	if (!isfinite(best[last * n + end]))
		return false;
	for (size_t d = t->dates; d-- > 0;) {
		path[d] = (uint16_t)end;
		end = t->from[d * n + end];
	}
	return true;
}

bool lu_timeline_turns(struct lu_timeline *t, const float *probability, double *odds)
{
	const size_t n = t->classes, last = t->dates - 1;
	double *rest = t->backward; /* logarithms of the best ways on from every class; of the date itself, too */
	double most = -INFINITY;

	look(t, probability);
	climb(t, NULL);
	for (size_t j = 0; j < n; j++) {
		most = fmax(most, t->forward[last * n + j]);
		rest[last * n + j] = log(t->seen[last * n + j]);
	}
	if (!isfinite(most))
		return false;
	for (size_t d = last; d-- > 0;) {
		double turn = -INFINITY, stay = -INFINITY;

		for (size_t i = 0; i < n; i++) {
			double on = -INFINITY;

			for (size_t j = 0; j < n; j++) {
				const double reach = t->log_step[(d * n + i) * n + j] + rest[(d + 1) * n + j];

				on = fmax(on, reach);
				if (i == j)
					stay = fmax(stay, t->forward[d * n + i] + reach);
				else
					turn = fmax(turn, t->forward[d * n + i] + reach);
			}
			rest[d * n + i] = on + log(t->seen[d * n + i]);
		}
		odds[d] = turn - stay;
	}
	return true;
}

void lu_timeline_prior(size_t classes, const double *share, const double *allow, double change_rate, double *transition)
{
	for (size_t i = 0; i < classes; i++) {
		double *row = transition + i * classes, sum = 0.0;

		for (size_t j = 0; j < classes; j++) {
			row[j] = i == j ? 0.0 : share[j] * (allow != NULL ? allow[i * classes + j] : 1.0);
			sum += row[j];
		}
		for (size_t j = 0; j < classes; j++)
			row[j] = sum > 0.0 ? row[j] * change_rate / sum : 0.0;
		row[i] = sum > 0.0 ? 1.0 - change_rate : 1.0;
	}
}
