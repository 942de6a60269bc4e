/*
 * memory.c: where in the arena does each buffer live?
 *
 * Two buffers may share bytes if their lives do not overlap. Largest first, each buffer goes to the
 * lowest place where no overlapping one already lies. That is within a few percent of the lower bound
 * (the largest sum of living buffers) on every classifier tried, and takes milliseconds.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "nn/plan/plan.h"

static void touch(struct lu_buffer *buffer, int step)
{
	if (buffer->first < 0)
		buffer->first = step;
	buffer->last = step;
}

static void find_lives(struct lu_plan *plan)
{
	for (int i = 0; i < plan->n_buffers; i++)
		plan->buffers[i].first = plan->buffers[i].last = -1;
	for (int i = 0; i < plan->n_steps; i++) {
		const struct lu_step *step = &plan->steps[i];

		for (int j = 0; j < step->n_in; j++)
			touch(&plan->buffers[step->in[j]], i);
		for (int j = 0; j < step->n_out; j++)
			touch(&plan->buffers[step->out[j]], i);
		if (step->scratch >= 0)
			touch(&plan->buffers[step->scratch], i);
	}
	for (int i = 0; i < plan->graph->n_outputs; i++)
		touch(&plan->buffers[plan->output_buffers[i]], plan->n_steps);
}

static bool alive_together(const struct lu_buffer *a, const struct lu_buffer *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* Largest first; of equals the earlier one, so that a plan does not depend on the sort. */
static int by_size(const void *a, const void *b)
{
	const struct lu_buffer *x = *(struct lu_buffer *const *)a, *y = *(struct lu_buffer *const *)b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The lowest offset for 'buffer' beside the 'count' placed ones, which are kept in order of offset. */
static size_t lowest_gap(struct lu_buffer *const *placed, int count, const struct lu_buffer *buffer)
{
	size_t at = 0;

	for (int i = 0; i < count; i++) {
		if (!alive_together(placed[i], buffer))
			continue;
		if (placed[i]->offset >= at + buffer->bytes)
			break;
		if (placed[i]->offset + placed[i]->bytes > at)
			at = placed[i]->offset + placed[i]->bytes;
	}
	return at;
}

enum lu_status lu_plan_memory(struct lu_plan *plan, struct lu_error *err)
{
	struct lu_buffer **order = NULL, **placed = NULL;
	enum lu_status status;
	int count = 0;

	find_lives(plan);
	plan->arena_bytes = 0;
	LU_TRY(lu_alloc(&order, (size_t)plan->n_buffers, sizeof(*order), "a memory plan", err));
	LU_TRY(lu_alloc(&placed, (size_t)plan->n_buffers, sizeof(*placed), "a memory plan", err));
	for (int i = 0; i < plan->n_buffers; i++)
		if (plan->buffers[i].kind == LU_BUFFER_ARENA && plan->buffers[i].first >= 0)
			order[count++] = &plan->buffers[i];
	qsort(order, (size_t)count, sizeof(*order), by_size);
	for (int i = 0; i < count; i++) {
		int at = i;

		/* Sizes are multiples of LU_ALIGNMENT, so all offsets are. */
		order[i]->offset = lowest_gap(placed, i, order[i]);
		for (; at > 0 && placed[at - 1]->offset > order[i]->offset; at--)
			placed[at] = placed[at - 1];
		placed[at] = order[i];
		if (order[i]->offset + order[i]->bytes > plan->arena_bytes)
			plan->arena_bytes = order[i]->offset + order[i]->bytes;
	}
out:
	lu_free(order);
	lu_free(placed);
	return status;
}
