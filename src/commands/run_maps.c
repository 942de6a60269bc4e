/* run_maps.c: a row of all dates at a time, to whoever wants it. */
#include "commands/run_maps.h"

#include "base/memory.h"
#include "job/county_metadata.h"
#include "maps/products.h"
#include "maps/zones.h"

struct pass {
	const struct lu_map_pass_task *task;
	size_t dates, cols;
	struct lu_date_rasters **rasters; /* one a date */
	struct lu_tally_pass *tally;
	/* A row of each date, one after the other. */
	uint16_t *values, *raw;
	uint8_t *percents;
};

static enum lu_status make_rows(struct pass *pass, struct lu_error *err)
{
	const size_t cells = pass->dates * pass->cols;
	enum lu_status status = lu_alloc(&pass->values, cells, sizeof(*pass->values), "rows of maps", err);

	if (status == LU_OK)
		status = lu_alloc(&pass->percents, cells, 1, "rows of maps", err);
	if (status == LU_OK && pass->task->smoothed != NULL)
		status = lu_alloc(&pass->raw, cells, sizeof(*pass->raw), "rows of maps", err);
	if (status == LU_OK)
		status = lu_alloc(&pass->rasters, pass->dates, sizeof(*pass->rasters), "rasters", err);
	return status;
}

static enum lu_status begin_date(struct pass *pass, size_t date, const struct lu_outputs *outputs, struct lu_error *err)
{
	const struct lu_map_pass_task *task = pass->task;
	const struct lu_job *job = task->county->job;
	const struct lu_date_task rasters = {.frame = &task->county->grid.cells,
					     .legend = task->legend,
					     .smoothed = task->smoothed,
					     .probabilities = job->probabilities,
					     .classes = lu_store_classes(task->stores[date])};
	struct lu_metadata *metadata;
	enum lu_status status = lu_alloc(&metadata, 1, sizeof(*metadata), "metadata", err);

	if (status != LU_OK)
		return status;
	lu_county_metadata(task->county, date, metadata);
	status = lu_date_rasters_begin(job->output, task->flat ? NULL : task->county->labels[date], &rasters, metadata,
				       outputs, &pass->rasters[date], err);
	lu_free(metadata);
	return status;
}

static enum lu_status begin(struct pass *pass, struct lu_tally *tally, const struct lu_outputs *outputs,
			    struct lu_error *err)
{
	struct lu_county *county = pass->task->county;
	const struct lu_zones_maps zones = {.labels = county->labels,
					    .date_count = pass->dates,
					    .pairs = county->job->pairs,
					    .legend = pass->task->legend};
	enum lu_status status = make_rows(pass, err);

	if (status == LU_OK)
		status = lu_tally_begin(county->labels, pass->dates, county->job->pairs, &county->grid.cells,
					&county->ground, pass->task->legend, tally, &pass->tally, err);
	if (status == LU_OK && county->zones != NULL)
		status = lu_zones_begin(county->zones, &zones, err);
	for (size_t d = 0; d < pass->dates && status == LU_OK; d++)
		status = begin_date(pass, d, outputs, err);
	return status;
}

static enum lu_status read_date(struct pass *pass, size_t date, int64_t row, struct lu_date_row *out,
				struct lu_error *err)
{
	const struct lu_map_pass_task *task = pass->task;
	const struct lu_class_rows map = task->maps[date], before = task->raw[date];
	uint16_t *values = pass->values + date * pass->cols;
	uint8_t *percents = pass->percents + date * pass->cols;
	enum lu_status status = map.read(map.user, row, 1, values, percents, err);

	*out = (struct lu_date_row){.values = values, .percents = percents};
	if (status == LU_OK && pass->raw != NULL) {
		uint16_t *raw = pass->raw + date * pass->cols;
		status = before.read(before.user, row, 1, raw, NULL, err);
		out->raw = raw;
	}
	if (status == LU_OK && task->county->job->probabilities)
		status = lu_store_row(task->stores[date], row, &out->scores, err);
	return status;
}

static enum lu_status add_row(struct pass *pass, int64_t row, struct lu_error *err)
{
	const struct lu_map_pass_task *task = pass->task;
	enum lu_status status = LU_OK;

	if (row % 64 == 0)
		status = lu_products_go_on(task->hooks, err);
	for (size_t d = 0; d < pass->dates && status == LU_OK; d++) {
		struct lu_date_row date;
		status = read_date(pass, d, row, &date, err);
		if (status == LU_OK)
			status = lu_date_rasters_add(pass->rasters[d], &date, err);
		if (status == LU_OK && task->classes != NULL)
			status = lu_cell_file_add(task->classes[d], date.values, 1, err);
	}
	if (status == LU_OK)
		status = lu_tally_add(pass->tally, row, pass->values, pass->percents, err);
	if (status == LU_OK && task->county->zones != NULL)
		status = lu_zones_add(task->county->zones, row, pass->values, err);
	if (status == LU_OK && task->change != NULL)
		status = lu_change_stage_sample(task->change, row, err);
	return status;
}

enum lu_status lu_map_pass(const struct lu_map_pass_task *task, struct lu_tally *tally, struct lu_outputs *outputs,
			   struct lu_error *err)
{
	const struct lu_frame *cells = &task->county->grid.cells;
	struct pass pass = {.task = task, .dates = task->county->job->date_count, .cols = (size_t)cells->width};
	enum lu_status status = begin(&pass, tally, outputs, err);

	for (int64_t row = 0; row < cells->height && status == LU_OK; row++)
		status = add_row(&pass, row, err);
	if (status == LU_OK) {
		lu_tally_end(pass.tally);
		if (task->county->zones != NULL)
			lu_zones_end(task->county->zones);
	}
	for (size_t d = 0; d < pass.dates && status == LU_OK; d++)
		status = lu_date_rasters_finish(pass.rasters[d], outputs, err);
	for (size_t d = 0; d < pass.dates && pass.rasters != NULL; d++)
		lu_date_rasters_free(pass.rasters[d]);
	lu_free(pass.rasters);
	lu_tally_pass_free(pass.tally);
	lu_free(pass.values);
	lu_free(pass.raw);
	lu_free(pass.percents);
	return status;
}
