/* normalise.c: reading blocks at even places, date by date, and fitting. */
#include "maps/normalise.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "grid/date_labels.h"
#include "raster/view.h"

/* Windows of 4 x 4 blocks of 8 x 8 pixels: wider than what flights are misplaced against each other. */
enum {
	PLACES = 2048,
	BLOCK_PX = 8,
	BLOCKS_A_SIDE = 4,
	WINDOW_PX = BLOCK_PX * BLOCKS_A_SIDE,
	BLOCKS_A_PLACE = BLOCKS_A_SIDE * BLOCKS_A_SIDE
};

/* Below this the dates have little in common: another season, perhaps. */
static const double weak_correlation = 0.5;

/* One date's fit, for the statistics. */
struct fitted {
	struct lu_radiometry radiometry;
	struct lu_normalisation_statistics statistics;
	struct lu_normalised_band *bands;
};

struct lu_normaliser {
	struct lu_normalise_task task;
	size_t place_count;
	struct lu_point *places; /* upper left corners of windows, pixels of the grid's reach */
	size_t *via; /* one a date: the date that it was fitted to, */
	bool *done; /* and whether it was */
	float **means; /* one a date: BLOCKS_A_PLACE x bands a place; negative: no data */
	struct fitted *fitted; /* one a date */
};

/* Windows in every n-th cell of the county, or several in each where there are few. */
static enum lu_status choose_places(struct lu_normaliser *normaliser, struct lu_error *err)
{
	const struct lu_grid *grid = normaliser->task.grid;
	const struct lu_coverage *coverage = normaliser->task.coverage;
	const int64_t cells = lu_coverage_cells(coverage), step = (cells + PLACES - 1) / PLACES;
	const double stride = fmin(grid->step_px[0], grid->step_px[1]);
	const int overhang = lu_grid_overhang(grid);
	int64_t number = 0;
	int side = 1;
	enum lu_status status;

	while (cells * (side + 1) * (side + 1) <= PLACES && (side + 1) * WINDOW_PX <= stride)
		side++;
	LU_TRY(lu_alloc(&normaliser->places, (size_t)((cells / step + 1) * side * side), sizeof(*normaliser->places),
			"places", err));
	for (int64_t row = 0; row < grid->cells.height; row++) {
		for (int64_t col = 0; col < grid->cells.width; col++) {
			if (!(lu_coverage_share(coverage, row, col) > 0) || number++ % step != 0)
				continue;
			for (int i = 0; i < side * side; i++) {
				const double right = ((double)col + (i % side + 0.5) / side) * grid->step_px[0];
				const double down = ((double)row + (i / side + 0.5) / side) * grid->step_px[1];
				normaliser->places[normaliser->place_count++] =
					(struct lu_point){overhang + floor(right + 1e-6) - WINDOW_PX / 2,
							  overhang + floor(down + 1e-6) - WINDOW_PX / 2};
			}
		}
	}
out:
	return status;
}

/* What the threads that read one date share. */
struct sweep {
	const struct lu_normaliser *normaliser;
	size_t date;
	struct lu_frame reach;
	atomic_llong unreadable; /* places */
};

/* A thread's own. */
struct sweeper {
	struct lu_view *view;
	uint8_t *pixels; /* of a window, and which of them have data */
};

/* Band means of one block of a window; a block with a pixel without data has none. */
static void mean_block(const uint8_t *pixels, const uint8_t *valid, int block, size_t bands, float *mean)
{
	const int left = block % BLOCKS_A_SIDE * BLOCK_PX, top = block / BLOCKS_A_SIDE * BLOCK_PX;
	int data = 0;

	for (int i = 0; i < BLOCK_PX * BLOCK_PX; i++)
		data += valid[(top + i / BLOCK_PX) * WINDOW_PX + left + i % BLOCK_PX] != 0;
	for (size_t b = 0; b < bands; b++) {
		const uint8_t *plane = pixels + b * WINDOW_PX * WINDOW_PX;
		unsigned sum = 0;
		for (int i = 0; i < BLOCK_PX * BLOCK_PX; i++)
			sum += plane[(top + i / BLOCK_PX) * WINDOW_PX + left + i % BLOCK_PX];
		mean[b] = data == BLOCK_PX * BLOCK_PX ? (float)sum / (BLOCK_PX * BLOCK_PX) : -1;
	}
}

static enum lu_status begin_sweep(void *context, void *own, struct lu_error *err)
{
	const struct sweep *sweep = context;
	const struct lu_normaliser *normaliser = sweep->normaliser;
	struct sweeper *sweeper = own;
	enum lu_status status;

	LU_TRY(lu_alloc(&sweeper->pixels, (normaliser->task.bands + 1) * WINDOW_PX, WINDOW_PX, "a window of pixels",
			err));
	LU_TRY(lu_view_new(normaliser->task.imagery[sweep->date], &sweep->reach, &sweeper->view, err));
out:
	return status;
}

static void end_sweep(void *own)
{
	const struct sweeper *sweeper = own;

	lu_view_free(sweeper->view);
	lu_free(sweeper->pixels);
}

static enum lu_status read_place(void *context, void *own, int64_t place, struct lu_error *err)
{
	struct sweep *sweep = context;
	const struct sweeper *sweeper = own;
	const struct lu_normaliser *normaliser = sweep->normaliser;
	const size_t bands = normaliser->task.bands;
	const struct lu_point at = normaliser->places[place];
	const struct lu_rect window = {(int64_t)at.x, (int64_t)at.y, WINDOW_PX, WINDOW_PX};
	uint8_t *valid = sweeper->pixels + bands * WINDOW_PX * WINDOW_PX;
	float *mean = normaliser->means[sweep->date] + (size_t)place * BLOCKS_A_PLACE * bands;
	enum lu_status status;

	if (lu_cancelled(normaliser->task.hooks))
		return lu_fail(err, LU_ERROR_CANCELLED, "stopped before scoring");
	status = lu_view_read(sweeper->view, window, sweeper->pixels, valid, err);
	if (status == LU_ERROR_IO && normaliser->task.skip_unreadable) {
		status = LU_OK;
		memset(valid, 0, (size_t)WINDOW_PX * WINDOW_PX);
		atomic_fetch_add(&sweep->unreadable, 1);
	}
	LU_TRY(status);
	for (int block = 0; block < BLOCKS_A_PLACE; block++)
		mean_block(sweeper->pixels, valid, block, bands, mean + (size_t)block * bands);
out:
	return status;
}

static enum lu_status read_date(struct lu_normaliser *normaliser, size_t date, struct lu_error *err)
{
	const struct lu_normalise_task *task = &normaliser->task;
	struct sweep sweep = {.normaliser = normaliser, .date = date, .reach = lu_grid_reach(task->grid)};
	const struct lu_pool_task reading = {.threads = task->threads,
					     .parts = (int64_t)normaliser->place_count,
					     .context = &sweep,
					     .worker_bytes = sizeof(struct sweeper),
					     .begin = begin_sweep,
					     .release = end_sweep,
					     .part = read_place};
	char about[LU_DATE_ABOUT];
	struct lu_error fault = {0};
	enum lu_status status;

	LU_TRY(lu_alloc(&normaliser->means[date], normaliser->place_count * BLOCKS_A_PLACE * task->bands, sizeof(float),
			"blocks", err));
	if (lu_pool_run(&reading, &fault) != LU_OK)
		status = lu_fail(err, fault.status, "%s%s", lu_date_about(task->labels, task->count, date, about),
				 fault.text);
	if (status == LU_OK && sweep.unreadable > 0)
		lu_log(task->hooks, LU_LEVEL_WARNING,
		       "%s: %lld of %zu places to normalise by cannot be read; it is normalised without them",
		       task->labels[date], (long long)sweep.unreadable, normaliser->place_count);
out:
	return status;
}

/* The blocks that date 'number' and date 'other' have, side by side in 'date' and 'reference'. */
static size_t pair_blocks(const struct lu_normaliser *normaliser, size_t number, size_t other, float *date,
			  float *reference)
{
	const float *a = normaliser->means[number], *b = normaliser->means[other];
	const size_t bands = normaliser->task.bands, all = normaliser->place_count * BLOCKS_A_PLACE;
	size_t count = 0;

	for (size_t i = 0; i < all; i++) {
		if (a[i * bands] < 0 || b[i * bands] < 0)
			continue;
		memcpy(date + count * bands, a + i * bands, bands * sizeof(*date));
		memcpy(reference + count * bands, b + i * bands, bands * sizeof(*reference));
		count++;
	}
	return count;
}

/* What was found of a date, for the statistics. */
static enum lu_status keep(struct lu_normaliser *normaliser, size_t number, struct lu_error *err)
{
	const struct lu_normalise_task *task = &normaliser->task;
	struct fitted *fitted = &normaliser->fitted[number];
	const struct lu_radiometry *found = &fitted->radiometry;
	const size_t via = normaliser->via[number];
	enum lu_status status;

	LU_TRY(lu_alloc(&fitted->bands, found->band_count, sizeof(*fitted->bands), "bands", err));
	for (size_t b = 0; b < found->band_count; b++) {
		const struct lu_radiometry_band *band = &found->bands[b];
		fitted->bands[b] = (struct lu_normalised_band){.gain = band->gain,
							       .offset = band->offset,
							       .correlation = band->correlation,
							       .before = band->before,
							       .after = band->after,
							       .table = band->table};
	}
	fitted->statistics = (struct lu_normalisation_statistics){.to = task->labels[task->to],
								  .via = via != task->to ? task->labels[via] : NULL,
								  .method = lu_radiometry_methods[task->method],
								  .blocks = found->blocks,
								  .invariant = found->invariant,
								  .bands = fitted->bands,
								  .band_count = found->band_count};
out:
	return status;
}

static void tell(const struct lu_normaliser *normaliser, size_t number)
{
	const struct lu_normalise_task *task = &normaliser->task;
	const struct lu_normalisation_statistics *found = &normaliser->fitted[number].statistics;
	const char *label = task->labels[number];
	const double weakest = lu_radiometry_weakest(&normaliser->fitted[number].radiometry);

	lu_log(task->hooks, LU_LEVEL_INFO, "%s: normalised to %s by %s, from %zu of %zu blocks of pixels", label,
	       found->to, found->method, found->invariant, found->blocks);
	if (found->via != NULL)
		lu_log(task->hooks, LU_LEVEL_WARNING,
		       "%s has no pseudo-invariant ground in common with %s: it is normalised by way of %s", label,
		       found->to, found->via);
	if (weakest < weak_correlation)
		lu_log(task->hooks, LU_LEVEL_WARNING,
		       "%s: looks little like %s where the land seems unchanged (correlation %.2f): is it another "
		       "season? The normalisation may do harm",
		       label, found->via != NULL ? found->via : found->to, weakest);
}

/* Room for the blocks of a pair of dates. */
struct pair_room {
	float *date, *reference;
};

static enum lu_status fit_pair(const struct lu_normaliser *normaliser, size_t number, size_t other,
			       const struct pair_room *room, struct lu_radiometry *out, struct lu_error *err)
{
	const struct lu_radiometry_blocks blocks = {
		.date = room->date,
		.reference = room->reference,
		.bands = normaliser->task.bands,
		.count = pair_blocks(normaliser, number, other, room->date, room->reference)};

	return lu_radiometry_fit(&blocks, normaliser->task.method, out, err);
}

/*
 * Fit date 'number' to the one among those done with which it agrees best, and go on from there to the reference.
 * LU_ERROR_MISMATCH: it agrees with none.
 */
static enum lu_status fit_by_way(struct lu_normaliser *normaliser, size_t number, const bool *tried,
				 const struct pair_room *room, struct lu_error *err)
{
	const struct lu_normalise_task *task = &normaliser->task;
	struct lu_radiometry best = {0}, found = {0};
	double weakest = -1;
	enum lu_status status = LU_ERROR_MISMATCH;

	for (size_t k = 0; k < task->count; k++) {
		if (k == task->to || !normaliser->done[k] || !tried[k])
			continue;
		lu_radiometry_release(&found);
		const enum lu_status fitted = fit_pair(normaliser, number, k, room, &found, err);
		if (fitted == LU_ERROR_MISMATCH)
			continue;
		LU_TRY(fitted);
		const double strength =
			fmin(lu_radiometry_weakest(&found), lu_radiometry_weakest(&normaliser->fitted[k].radiometry));
		if (strength <= weakest)
			continue;
		lu_radiometry_release(&best);
		best = found;
		found = (struct lu_radiometry){0};
		weakest = strength;
		normaliser->via[number] = k;
	}
	if (best.bands == NULL)
		goto out;
	status = LU_OK;
	lu_radiometry_chain(&best, &normaliser->fitted[normaliser->via[number]].radiometry, task->method);
	normaliser->fitted[number].radiometry = best;
	best = (struct lu_radiometry){0}; /* now the date's */
out:
	lu_radiometry_release(&best);
	lu_radiometry_release(&found);
	return status;
}

/* Which dates are left, as "2010, 2014". */
static void list_left(const struct lu_normaliser *normaliser, char *list, size_t size)
{
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < normaliser->task.count && used < size; i++)
		if (!normaliser->done[i])
			used += (size_t)snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "",
						 normaliser->task.labels[i]);
}

/* Dates that have radiometry in common with the reference are fitted to it and become 'fresh'; 'why' others have not. */
static enum lu_status fit_directly(struct lu_normaliser *normaliser, const struct pair_room *room, bool *fresh,
				   struct lu_error *why, struct lu_error *err)
{
	const size_t to = normaliser->task.to;
	enum lu_status status = LU_OK;

	normaliser->done[to] = true;
	for (size_t i = 0; i < normaliser->task.count; i++) {
		if (i == to)
			continue;
		normaliser->via[i] = to;
		const enum lu_status fitted = fit_pair(normaliser, i, to, room, &normaliser->fitted[i].radiometry, err);
		normaliser->done[i] = fresh[i] = fitted == LU_OK;
		if (fitted == LU_ERROR_MISMATCH) {
			lu_radiometry_release(&normaliser->fitted[i].radiometry);
			if (why->text[0] == '\0')
				*why = *err;
		} else {
			LU_TRY(fitted);
		}
	}
out:
	return status;
}

/*
 * A round: dates that are left, by way of 'fresh' ones. Those that this reaches become the fresh ones; '*more': there are
 * any.
 */
static enum lu_status fit_round(struct lu_normaliser *normaliser, const struct pair_room *room, bool *fresh,
				bool *added, bool *more, struct lu_error *err)
{
	const size_t count = normaliser->task.count;
	enum lu_status status = LU_OK;

	*more = false;
	for (size_t i = 0; i < count; i++) {
		added[i] = false;
		if (normaliser->done[i])
			continue;
		const enum lu_status fitted = fit_by_way(normaliser, i, fresh, room, err);
		added[i] = fitted == LU_OK;
		if (fitted != LU_ERROR_MISMATCH)
			LU_TRY(fitted);
	}
	for (size_t i = 0; i < count; i++) {
		fresh[i] = added[i];
		normaliser->done[i] = normaliser->done[i] || added[i];
		*more = *more || added[i];
	}
out:
	return status;
}

/*
 * Every date to the reference: directly where they have radiometry in common, else by way of dates that are done, in rounds
 * that each reach one date further. Each pair is fitted once: a round looks at what the last one has added.
 */
static enum lu_status fit_dates(struct lu_normaliser *normaliser, const struct pair_room *room, struct lu_error *err)
{
	const struct lu_normalise_task *task = &normaliser->task;
	bool *fresh = NULL, *added = NULL;
	struct lu_error why = {0};
	char left[200];
	enum lu_status status;

	LU_TRY(lu_alloc(&fresh, task->count, sizeof(*fresh), "dates", err));
	LU_TRY(lu_alloc(&added, task->count, sizeof(*added), "dates", err));
	LU_TRY(fit_directly(normaliser, room, fresh, &why, err));
	for (bool more = true; more;)
		LU_TRY(fit_round(normaliser, room, fresh, added, &more, err));
	list_left(normaliser, left, sizeof(left));
	if (left[0] != '\0')
		status = lu_fail(
			err, LU_ERROR_MISMATCH,
			"date %s cannot be normalised to %s%s: %s (leave it out, choose another date for 'to', or "
			"leave 'normalise' out)",
			left, task->labels[task->to], task->count > 2 ? ", nor to a date that can" : "", why.text);
out:
	lu_free(fresh);
	lu_free(added);
	return status;
}

static enum lu_status fit_all(struct lu_normaliser *normaliser, struct lu_error *err)
{
	const struct lu_normalise_task *task = &normaliser->task;
	const size_t count = normaliser->place_count * BLOCKS_A_PLACE * task->bands;
	struct pair_room room = {0};
	enum lu_status status;

	LU_TRY(lu_alloc(&room.date, count, sizeof(*room.date), "blocks", err));
	LU_TRY(lu_alloc(&room.reference, count, sizeof(*room.reference), "blocks", err));
	LU_TRY(fit_dates(normaliser, &room, err));
	for (size_t i = 0; i < task->count; i++) {
		if (i == task->to)
			continue;
		LU_TRY(keep(normaliser, i, err));
		tell(normaliser, i);
	}
out:
	lu_free(room.date);
	lu_free(room.reference);
	return status;
}

enum lu_status lu_normaliser_new(const struct lu_normalise_task *task, struct lu_normaliser **out, struct lu_error *err)
{
	struct lu_normaliser *normaliser = NULL;
	enum lu_status status;

	*out = NULL;
	if (task->method == LU_RADIOMETRY_NONE)
		return LU_OK;
	LU_TRY(lu_alloc(&normaliser, 1, sizeof(*normaliser), "normalisation", err));
	normaliser->task = *task;
	LU_TRY(lu_alloc(&normaliser->means, task->count, sizeof(*normaliser->means), "dates", err));
	LU_TRY(lu_alloc(&normaliser->fitted, task->count, sizeof(*normaliser->fitted), "dates", err));
	LU_TRY(lu_alloc(&normaliser->via, task->count, sizeof(*normaliser->via), "dates", err));
	LU_TRY(lu_alloc(&normaliser->done, task->count, sizeof(*normaliser->done), "dates", err));
	LU_TRY(choose_places(normaliser, err));
	for (size_t i = 0; i < task->count; i++)
		LU_TRY(read_date(normaliser, i, err));
	LU_TRY(fit_all(normaliser, err));
	*out = normaliser;
	normaliser = NULL; /* now the caller's */
out:
	lu_normaliser_free(normaliser);
	return status;
}

void lu_normaliser_free(struct lu_normaliser *normaliser)
{
	if (normaliser == NULL)
		return;
	for (size_t i = 0; i < normaliser->task.count; i++) {
		if (normaliser->means != NULL)
			lu_free(normaliser->means[i]);
		if (normaliser->fitted != NULL) {
			lu_radiometry_release(&normaliser->fitted[i].radiometry);
			lu_free(normaliser->fitted[i].bands);
		}
	}
	lu_free(normaliser->means);
	lu_free(normaliser->fitted);
	lu_free(normaliser->via);
	lu_free(normaliser->done);
	lu_free(normaliser->places);
	lu_free(normaliser);
}

const struct lu_radiometry *lu_normaliser_date(const struct lu_normaliser *normaliser, size_t date)
{
	return normaliser != NULL && date != normaliser->task.to ? &normaliser->fitted[date].radiometry : NULL;
}

const struct lu_normalisation_statistics *lu_normaliser_statistics(const struct lu_normaliser *normaliser, size_t date)
{
	return normaliser != NULL && date != normaliser->task.to ? &normaliser->fitted[date].statistics : NULL;
}
