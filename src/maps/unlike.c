/* unlike.c: a sample of cells, each looked at by itself. See unlike.h. */
#include "maps/unlike.h"

#include "base/hooks.h"
#include "base/memory.h"
#include "base/pool.h"
#include "chips/appearance.h"
#include "chips/cut.h"
#include "chips/resize.h"
#include "chips/valid.h"
#include "raster/view.h"

/* One cell in twenty, but neither so few that they say nothing nor so many that they take time: about 0.3 s a date. */
enum { ONE_IN = 20, LEAST = 100, MOST = 400 };

struct cell {
	int64_t row, col;
	bool looked_at, beyond;
};

struct shared {
	const struct lu_unlike_task *task;
	struct lu_frame reach; /* where chips have pixels */
	struct cell *cells; /* each is written by the thread that looks at it */
	int64_t count;
};

/* One thread's own buffers. */
struct worker {
	struct lu_view *view;
	struct lu_resize *resize; /* NULL where the grid's chip is the model's */
	uint8_t *pixels, *valid, *chip;
	float *scratch, *plane;
	double *row, *rest;
};

static void worker_release(void *own)
{
	struct worker *worker = own;

	lu_view_free(worker->view);
	lu_resize_free(worker->resize);
	lu_free(worker->pixels);
	lu_free(worker->valid);
	lu_free(worker->chip);
	lu_free(worker->scratch);
	lu_free(worker->plane);
	lu_free(worker->row);
	lu_free(worker->rest);
}

static enum lu_status worker_init(void *context, void *own, struct lu_error *err)
{
	const struct shared *shared = context;
	const struct lu_model *model = shared->task->model;
	struct worker *worker = own;
	const size_t from = (size_t)shared->task->grid->chip_px, to = (size_t)model->chip_px;
	enum lu_status status;

	LU_TRY(lu_view_new(shared->task->imagery, &shared->reach, &worker->view, err));
	LU_TRY(lu_alloc(&worker->pixels, from * from, model->bands, "a chip", err));
	LU_TRY(lu_alloc(&worker->valid, from * from, 1, "a chip", err));
	LU_TRY(lu_alloc_aligned(&worker->chip, to * to, model->bands, "a chip", err));
	LU_TRY(lu_alloc(&worker->plane, to * to, sizeof(float), "a chip", err));
	LU_TRY(lu_alloc(&worker->row, model->reach.count, sizeof(double), "a chip", err));
	LU_TRY(lu_alloc(&worker->rest, model->reach.count, sizeof(double), "a chip", err));
	if (from != to) {
		LU_TRY(lu_resize_new((int)from, (int)to, &worker->resize, err));
		LU_TRY(lu_alloc_aligned(&worker->scratch, lu_resize_scratch(worker->resize), sizeof(float), "a chip",
					err));
	}
out:
	return status;
}

static enum lu_status look(void *context, void *own, int64_t number, struct lu_error *err)
{
	struct shared *shared = context;
	struct worker *worker = own;
	struct cell *cell = &shared->cells[number];
	const struct lu_unlike_task *task = shared->task;
	const struct lu_model *model = task->model;
	const int px = task->grid->chip_px, overhang = lu_grid_overhang(task->grid), bands = (int)model->bands;
	const size_t plane = (size_t)px * (size_t)px;
	struct lu_rect window = lu_grid_chip(task->grid, cell->row, cell->col);
	enum lu_status status = LU_OK;

	window.x += overhang;
	window.y += overhang;
	if (!lu_view_touches(worker->view, window))
		return LU_OK;
	LU_TRY(lu_view_read(worker->view, window, worker->pixels, worker->valid, err));
	if (lu_valid_share(worker->valid, px, px) < 1)
		return LU_OK;
	for (size_t b = 0; task->radiometry != NULL && b < model->bands; b++)
		lu_radiometry_apply(task->radiometry, b, worker->pixels + b * plane, plane);
	if (worker->resize != NULL)
		lu_resize_chip(worker->resize, worker->pixels, plane, (size_t)px, bands, worker->chip, worker->scratch);
	else
		lu_cut_chip(worker->pixels, plane, (size_t)px, bands, px, worker->chip);
	lu_appearance(worker->chip, model->bands, model->chip_px, worker->plane, worker->row);
	cell->looked_at = true;
	cell->beyond = lu_reach_distance(&model->reach, worker->row, worker->rest) > model->reach.distance;
out:
	return status;
}

/* So many of the cells that touch the county, evenly through its rows. */
static void choose(const struct lu_unlike_task *task, int64_t all, struct shared *shared, int64_t wanted)
{
	int64_t number = 0;

	for (int64_t row = 0; row < task->grid->cells.height; row++) {
		for (int64_t col = 0; col < task->grid->cells.width && shared->count < wanted; col++) {
			if (!(lu_coverage_share(task->coverage, row, col) > 0))
				continue;
			/* The middle one of each wanted-th part. */
			if (number++ == (2 * shared->count + 1) * all / (2 * wanted))
				shared->cells[shared->count++] = (struct cell){.row = row, .col = col};
		}
	}
}

enum lu_status lu_unlike_find(const struct lu_unlike_task *task, struct lu_unlike *out, struct lu_error *err)
{
	struct shared shared = {.task = task, .reach = lu_grid_reach(task->grid)};
	const int64_t all = lu_coverage_cells(task->coverage), part = all / ONE_IN;
	const int64_t asked = part < LEAST ? LEAST : part > MOST ? MOST : part, wanted = asked < all ? asked : all;
	enum lu_status status;

	*out = (struct lu_unlike){0};
	LU_TRY(lu_alloc(&shared.cells, (size_t)wanted, sizeof(*shared.cells), "cells", err));
	choose(task, all, &shared, wanted);
	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = task->threads,
						  .parts = shared.count,
						  .context = &shared,
						  .worker_bytes = sizeof(struct worker),
						  .begin = worker_init,
						  .release = worker_release,
						  .part = look,
						  .hooks = task->hooks},
			   err));
	for (int64_t i = 0; i < shared.count; i++) {
		out->cells += shared.cells[i].looked_at;
		out->beyond += shared.cells[i].beyond;
	}
out:
	lu_free(shared.cells);
	return status;
}

bool lu_unlike_matters(const struct lu_unlike *unlike)
{
	return unlike->cells >= LU_UNLIKE_FEWEST && (double)unlike->beyond >= LU_UNLIKE_SHARE * (double)unlike->cells;
}

void lu_unlike_print(FILE *to, const struct lu_unlike *unlike)
{
	fprintf(to, "%.1f %% of %llu cells looked at are unlike what the model has learned from",
		unlike->cells > 0 ? 100.0 * (double)unlike->beyond / (double)unlike->cells : 0,
		(unsigned long long)unlike->cells);
}

void lu_unlike_warn(const struct lu_unlike *unlike, const struct lu_model *model, const char *about,
		    const struct lu_hooks *hooks)
{
	if (lu_unlike_matters(unlike))
		lu_log(hooks, LU_LEVEL_WARNING,
		       "%s%.0f %% of %llu cells looked at are unlike what %s has learned from, in colours, contrast or "
		       "texture (are bands, range, season and resolution those it is for? check the map by landuse "
		       "sample and "
		       "assess; landuse train makes a model of this imagery)",
		       about, 100.0 * (double)unlike->beyond / (double)unlike->cells, (unsigned long long)unlike->cells,
		       model->name);
}
