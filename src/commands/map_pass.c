/* map_pass.c: a row of all dates at a time, to whoever wants it. */
#include "commands/map_pass.h"

#include "base/memory.h"
#include "maps/products.h"
#include "maps/zones.h"

struct pass {
	struct lu_pipeline *p;
	size_t cols;
	struct lu_tally_pass *tally; /* NULL: does not count */
	struct lu_zones *zones; /* NULL: none, or the pass does not write, as the next three */
	struct lu_change_stage *change;
	struct lu_cell_file **classes;
	struct lu_date_rasters **rasters; /* one a date */
	/* A row of each date, one after the other. */
	uint16_t *values, *raw;
	uint8_t *percents;
};

static enum lu_status make_rows(struct pass *pass, struct lu_error *err)
{
	const size_t cells = pass->p->dates * pass->cols;
	enum lu_status status;

	LU_TRY(lu_alloc(&pass->values, cells, sizeof(*pass->values), "rows of maps", err));
	LU_TRY(lu_alloc(&pass->percents, cells, 1, "rows of maps", err));
	if (pass->p->smooth != NULL)
		LU_TRY(lu_alloc(&pass->raw, cells, sizeof(*pass->raw), "rows of maps", err));
out:
	return status;
}

static enum lu_status begin_rasters(struct pass *pass, size_t date, struct lu_error *err)
{
	const struct lu_pipeline *p = pass->p;
	struct lu_map_origin *origin = &p->origins[date];
	const char *before = origin->smoothed;
	char *smoothed = NULL;
	struct lu_date_task task = {.frame = p->cells, .legend = &p->legend};

	if (p->smooth != NULL) {
		smoothed = lu_sprintf("%s%s%s", before != NULL ? before : "", before != NULL ? "; " : "",
				      lu_smooth_stage_text(p->smooth));
		if (smoothed == NULL)
			return lu_fail(err, LU_ERROR_MEMORY, "out of memory: metadata");
	}
	task.smoothed = smoothed;
	if (p->county != NULL) {
		task.classes = lu_store_classes(p->stores[date]);
		task.probabilities = p->county->job->probabilities;
	}
	const enum lu_status status = lu_date_rasters_begin(p->output, p->flat ? NULL : p->labels[date], &task,
							    &origin->metadata, &p->outputs, &pass->rasters[date], err);
	lu_free(smoothed);
	return status;
}

static enum lu_status begin_writing(struct pass *pass, struct lu_error *err)
{
	struct lu_pipeline *p = pass->p;
	const struct lu_zones_maps zones = {
		.labels = p->labels, .date_count = p->dates, .pairs = p->pairs, .legend = &p->legend};
	enum lu_status status = LU_OK;

	pass->zones = p->zones;
	pass->change = p->change;
	pass->classes = p->classes;
	if (pass->zones != NULL)
		LU_TRY(lu_zones_begin(pass->zones, &zones, err));
	/* Maps that were there before are written where they were altered. */
	if (!p->rasters || (p->county == NULL && p->smooth == NULL))
		return LU_OK;
	LU_TRY(lu_alloc(&pass->rasters, p->dates, sizeof(*pass->rasters), "rasters", err));
	for (size_t d = 0; d < p->dates; d++)
		LU_TRY(begin_rasters(pass, d, err));
out:
	return status;
}

/* The next row of a date's rasters; its map's is there. */
static enum lu_status add_rasters(struct pass *pass, size_t date, int64_t row, struct lu_error *err)
{
	const struct lu_pipeline *p = pass->p;
	const size_t at = date * pass->cols;
	struct lu_date_row out = {.values = pass->values + at, .percents = pass->percents + at};
	enum lu_status status = LU_OK;

	if (p->county != NULL && pass->raw != NULL) {
		LU_TRY(p->raw[date].read(p->raw[date].user, row, 1, pass->raw + at, NULL, err));
		out.raw = pass->raw + at;
	}
	if (p->county != NULL && p->county->job->probabilities)
		LU_TRY(lu_store_row(p->stores[date], row, &out.scores, err));
	LU_TRY(lu_date_rasters_add(pass->rasters[date], &out, err));
out:
	return status;
}

static enum lu_status add_row(struct pass *pass, int64_t row, struct lu_error *err)
{
	const struct lu_pipeline *p = pass->p;
	enum lu_status status = LU_OK;

	if (row % 64 == 0)
		LU_TRY(lu_products_go_on(p->hooks, p->county != NULL, err));
	for (size_t d = 0; d < p->dates; d++) {
		uint16_t *values = pass->values + d * pass->cols;
		LU_TRY(p->maps[d].read(p->maps[d].user, row, 1, values, pass->percents + d * pass->cols, err));
		if (pass->rasters != NULL)
			LU_TRY(add_rasters(pass, d, row, err));
		if (pass->classes != NULL)
			LU_TRY(lu_cell_file_add(pass->classes[d], values, 1, err));
	}
	if (pass->tally != NULL)
		LU_TRY(lu_tally_add(pass->tally, row, pass->values, pass->percents, err));
	if (pass->zones != NULL)
		LU_TRY(lu_zones_add(pass->zones, row, pass->values, err));
	if (pass->change != NULL)
		LU_TRY(lu_change_stage_sample(pass->change, row, err));
out:
	return status;
}

static enum lu_status finish(struct pass *pass, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (pass->tally != NULL)
		lu_tally_end(pass->tally);
	if (pass->zones != NULL)
		lu_zones_end(pass->zones);
	for (size_t d = 0; d < pass->p->dates && pass->rasters != NULL; d++)
		LU_TRY(lu_date_rasters_finish(pass->rasters[d], &pass->p->outputs, err));
out:
	return status;
}

enum lu_status lu_map_pass(struct lu_pipeline *p, unsigned aims, struct lu_error *err)
{
	struct pass pass = {.p = p, .cols = (size_t)p->cells->width};
	enum lu_status status;

	LU_TRY(make_rows(&pass, err));
	if ((aims & LU_PASS_COUNTS) != 0)
		LU_TRY(lu_tally_begin(p->labels, p->dates, p->pairs, p->cells, p->ground, &p->legend, &p->tally,
				      &pass.tally, err));
	if ((aims & LU_PASS_WRITES) != 0)
		LU_TRY(begin_writing(&pass, err));
	for (int64_t row = 0; row < p->cells->height; row++)
		LU_TRY(add_row(&pass, row, err));
	LU_TRY(finish(&pass, err));
out:
	for (size_t d = 0; d < p->dates && pass.rasters != NULL; d++)
		lu_date_rasters_free(pass.rasters[d]);
	lu_free(pass.rasters);
	lu_tally_pass_free(pass.tally);
	lu_free(pass.values);
	lu_free(pass.raw);
	lu_free(pass.percents);
	return status;
}
