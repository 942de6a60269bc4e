/*
 * sample.c: allocation by largest remainders, selection by lowest keys.
 *
 * Each stratum keeps the n_h lowest keys so far in a heap with the greatest on top: an offer above
 * the top is turned away at once, as nearly all are.
 */
#include "accuracy/sample.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

static double demand(const struct lu_stratum *s, enum lu_allocation rule)
{
	switch (rule) {
	case LU_ALLOCATION_EQUAL:
		return 1.0;
	case LU_ALLOCATION_NEYMAN:
		return (double)s->size * s->spread;
	case LU_ALLOCATION_PROPORTIONAL:
	default:
		return (double)s->size;
	}
}

static uint64_t least(const struct lu_stratum *s, uint64_t minimum)
{
	return s->size < minimum ? s->size : minimum;
}

/*
 * Divide 'left' among the open strata by demand. Strata that the division would push below their
 * minimum or above their size are fixed there and closed, and the rest is divided again: at most
 * one round a stratum. Those below first: they take from the others, those above give to them.
 */
static void divide(struct lu_stratum *strata, size_t count, uint64_t total, uint64_t minimum, enum lu_allocation rule,
		   double *ideal, bool *open)
{
	bool again = true;

	while (again) {
		double left = (double)total, demands = 0.0;

		again = false;
		for (size_t h = 0; h < count; h++) {
			if (open[h])
				demands += demand(&strata[h], rule);
			else
				left -= ideal[h];
		}
		left = fmax(left, 0.0);
		for (size_t h = 0; h < count; h++) {
			if (open[h])
				ideal[h] = demands > 0.0 ? left * demand(&strata[h], rule) / demands : 0.0;
		}
		for (int above = 0; above < 2 && !again; above++) {
			for (size_t h = 0; h < count; h++) {
				const double low = (double)least(&strata[h], minimum), high = (double)strata[h].size;

				if (!open[h] || (above ? ideal[h] <= high : ideal[h] >= low))
					continue;
				ideal[h] = above ? high : low;
				open[h] = false;
				again = true;
			}
		}
	}
}

/* Round to whole units: down everywhere, then one more each to the largest remainders until 'total' is met. */
static void round_down_and_share(struct lu_stratum *strata, size_t count, uint64_t total, double *ideal)
{
	uint64_t sum = 0;

	for (size_t h = 0; h < count; h++) {
		/* What is whole but for rounding is whole. */
		strata[h].sample = (uint64_t)floor(ideal[h] + 1e-9);
		ideal[h] -= (double)strata[h].sample;
		sum += strata[h].sample;
	}
	while (sum < total) {
		size_t best = count;

		for (size_t h = 0; h < count; h++) {
			if (strata[h].sample < strata[h].size && (best == count || ideal[h] > ideal[best] + 1e-12))
				best = h;
		}
		if (best == count)
			break;
		strata[best].sample++;
		ideal[best] -= 1.0;
		sum++;
	}
}

enum lu_status lu_allocate(struct lu_stratum *strata, size_t count, uint64_t total, uint64_t minimum,
			   enum lu_allocation rule, struct lu_error *err)
{
	double *ideal = NULL;
	bool *open = NULL, any = false;
	uint64_t floor_sum = 0;
	enum lu_status status;

	for (size_t h = 0; h < count; h++) {
		if (rule == LU_ALLOCATION_NEYMAN && !(isfinite(strata[h].spread) && strata[h].spread >= 0.0))
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "stratum %zu: standard deviation %g: must not be negative", h + 1,
				       strata[h].spread);
		any = any || strata[h].size > 0;
		floor_sum += least(&strata[h], minimum);
	}
	if (!any)
		return lu_fail(err, LU_ERROR_ARGUMENT, "sample: no stratum has any units to sample");
	LU_TRY(lu_alloc(&ideal, count, sizeof(*ideal), "allocation", err));
	LU_TRY(lu_alloc(&open, count, sizeof(*open), "allocation", err));
	for (size_t h = 0; h < count; h++)
		open[h] = strata[h].size > 0;
	total = total > floor_sum ? total : floor_sum;
	divide(strata, count, total, minimum, rule, ideal, open);
	round_down_and_share(strata, count, total, ideal);
out:
	lu_free(ideal);
	lu_free(open);
	return status;
}

struct ticket {
	uint64_t key, number;
};

struct heap {
	struct ticket *tickets; /* the greatest first; room for 'room' */
	size_t count, room;
};

struct lu_draw {
	uint64_t seed;
	size_t count;
	struct heap *heaps;
};

enum lu_status lu_draw_new(const struct lu_stratum *strata, size_t count, uint64_t seed, struct lu_draw **out,
			   struct lu_error *err)
{
	struct lu_draw *draw = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&draw, 1, sizeof(*draw), "sample", err));
	draw->seed = seed;
	LU_TRY(lu_alloc(&draw->heaps, count, sizeof(*draw->heaps), "sample", err));
	draw->count = count;
	for (size_t h = 0; h < count; h++) {
		draw->heaps[h].room = (size_t)strata[h].sample;
		LU_TRY(lu_alloc(&draw->heaps[h].tickets, draw->heaps[h].room, sizeof(struct ticket), "sample", err));
	}
	*out = draw;
	draw = NULL;
out:
	lu_draw_free(draw);
	return status;
}

void lu_draw_free(struct lu_draw *draw)
{
	if (draw == NULL)
		return;
	for (size_t h = 0; h < draw->count; h++)
		lu_free(draw->heaps[h].tickets);
	lu_free(draw->heaps);
	lu_free(draw);
}

/* Numbers break ties of keys, so that equal keys cannot depend on the order of offers. */
static bool above(struct ticket a, struct ticket b)
{
	return a.key != b.key ? a.key > b.key : a.number > b.number;
}

static void sink(struct heap *heap, size_t i)
{
	for (;;) {
		size_t top = i;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap->count; child++) {
			if (above(heap->tickets[child], heap->tickets[top]))
				top = child;
		}
		if (top == i)
			return;
		const struct ticket swap = heap->tickets[i];

		heap->tickets[i] = heap->tickets[top];
		heap->tickets[top] = swap;
		i = top;
	}
}

static void offer(struct heap *heap, struct ticket ticket)
{
	if (heap->count < heap->room) {
		size_t i = heap->count++;

		heap->tickets[i] = ticket;
		while (i > 0 && above(heap->tickets[i], heap->tickets[(i - 1) / 2])) {
			heap->tickets[i] = heap->tickets[(i - 1) / 2];
			heap->tickets[(i - 1) / 2] = ticket;
			i = (i - 1) / 2;
		}
	} else if (heap->room > 0 && above(heap->tickets[0], ticket)) {
		heap->tickets[0] = ticket;
		sink(heap, 0);
	}
}

void lu_draw_offer(struct lu_draw *draw, size_t stratum, uint64_t number)
{
	assert(stratum < draw->count);
	offer(&draw->heaps[stratum],
	      (struct ticket){.key = lu_random_hash(lu_random_hash(draw->seed) ^ number), .number = number});
}

static int by_key(const void *a, const void *b)
{
	const struct ticket *x = a, *y = b;

	return above(*x, *y) - above(*y, *x);
}

size_t lu_draw_take(struct lu_draw *draw, size_t stratum, uint64_t *numbers)
{
	struct heap *heap = &draw->heaps[stratum];

	assert(stratum < draw->count);
	qsort(heap->tickets, heap->count, sizeof(*heap->tickets), by_key);
	for (size_t i = 0; i < heap->count; i++)
		numbers[i] = heap->tickets[i].number;
	return heap->count;
}
