/*
 * bench_county.c: where a job's time goes: reading alone, the network alone, and the whole.
 *
 *	bench_county JOB.yaml [THREADS]
 *
 * prints one JSON object. The three are measured in one process, one after the other, on the job's
 * first date. Nothing of the job's output is written; scores go to a folder that is removed.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "job/county.h"
#include "maps/score.h"
#include "raster/view.h"

/* Every block of the county through one view, in the order of one full swath; chips a second. */
static enum lu_status time_reading(const struct lu_county *county, double *chips_per_s, struct lu_error *err)
{
	const struct lu_grid *grid = &county->grid;
	struct lu_view *view = NULL;
	const size_t pixels = (size_t)grid->chip_px * (size_t)grid->chip_px * LU_BLOCK_CELLS;
	uint8_t *planes = NULL, *valid = NULL;
	int64_t chips = 0;
	const double start = lu_seconds_now();
	enum lu_status status = lu_view_new(county->imagery[0], &grid->pixels, &view, err);

	if (status == LU_OK)
		status = lu_alloc(&planes, pixels, county->model->bands, "a block", err);
	if (status == LU_OK)
		status = lu_alloc(&valid, pixels, 1, "a block", err);
	for (int64_t row = 0; row < grid->cells.height && status == LU_OK; row++) {
		for (int64_t col = 0; col < grid->cells.width && status == LU_OK; col += LU_BLOCK_CELLS) {
			struct lu_rect window = lu_grid_chip(grid, row, col);
			const int64_t left = grid->cells.width - col;
			const int64_t cells = left < LU_BLOCK_CELLS ? left : LU_BLOCK_CELLS;
			window.width = (int64_t)((double)cells * grid->step_px[0]);
			if (!lu_view_touches(view, window))
				continue;
			status = lu_view_read(view, window, planes, valid, err);
			chips += cells;
		}
	}
	*chips_per_s = (double)chips / (lu_seconds_now() - start);
	lu_view_free(view);
	lu_free(planes);
	lu_free(valid);
	return status;
}

/* Every thread runs its session for three seconds; chips a second of all of them. */
static enum lu_status time_network(const struct lu_county *county, double *chips_per_s, struct lu_error *err)
{
	struct lu_plan_facts facts;
	enum lu_status status = LU_OK;
	double rate = 0;

	lu_plan_facts(county->plan, &facts);
	const size_t size = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
#pragma omp parallel num_threads(county->threads) reduction(+ : rate)
	{
		struct lu_session *session = NULL;
		struct lu_error fault = {0};
		uint8_t *input = NULL;
		float *output = NULL;
		enum lu_status own = lu_session_new(county->plan, &session, &fault);
		if (own == LU_OK)
			own = lu_alloc_aligned(&input, (size_t)facts.batch, size, "a batch", &fault);
		if (own == LU_OK)
			own = lu_alloc(&output, (size_t)facts.batch * facts.outputs, sizeof(float), "a batch", &fault);
		for (size_t i = 0; own == LU_OK && i < (size_t)facts.batch * size; i++)
			input[i] = (uint8_t)(i * 2654435761u >> 24);
		if (own == LU_OK)
			own = lu_session_run(session, facts.batch, input, output, &fault);
		const double start = lu_seconds_now();
		int runs = 0;
		for (; own == LU_OK && lu_seconds_now() - start < 3; runs++)
			own = lu_session_run(session, facts.batch, input, output, &fault);
		rate += runs * facts.batch / (lu_seconds_now() - start);
		if (own != LU_OK) {
#pragma omp critical
			{
				*err = fault;
				status = own;
			}
		}
		lu_session_free(session);
		lu_free(input);
		lu_free(output);
	}
	*chips_per_s = rate;
	return status;
}

static enum lu_status time_whole(const struct lu_county *county, struct lu_score_result *result, struct lu_error *err)
{
	char folder[] = "/tmp/bench-county-XXXXXX";
	struct lu_store *store = NULL;
	const struct lu_frame *cells = &county->grid.cells;

	if (mkdtemp(folder) == NULL)
		return lu_fail_errno(err, folder, "make a scratch folder");
	enum lu_status status = lu_store_open(folder, "scores", county->fingerprints[0], cells->height, cells->width,
					      county->scheme->class_count, &store, NULL, err);
	if (status == LU_OK) {
		const struct lu_score_task task = {.imagery = county->imagery[0],
						   .grid = &county->grid,
						   .coverage = county->ground.coverage,
						   .model = county->model,
						   .plan = county->plan,
						   .regroup = county->regroup,
						   .min_valid = county->job->min_valid,
						   .threads = county->threads,
						   .readers = county->readers,
						   .swath_blocks = county->swath_blocks,
						   .store = store,
						   .stage = "bench"};
		status = lu_score(&task, result, err);
	}
	lu_store_remove(store);
	rmdir(folder);
	return status;
}

int main(int argc, char **argv)
{
	struct lu_job *job = NULL;
	struct lu_county *county = NULL;
	struct lu_score_result whole = {0};
	struct lu_plan_facts facts;
	struct lu_error err = {0};
	struct rusage usage;
	double reading = 0, network = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: bench_county JOB.yaml [THREADS]\n");
		return 2;
	}
	enum lu_status status = lu_job_read(argv[1], &job, &err);
	if (status == LU_OK) {
		if (argc > 2)
			job->threads = atoi(argv[2]);
		status = lu_county_open(job, NULL, &county, &err);
	}
	if (status == LU_OK)
		status = time_whole(county, &whole, &err);
	if (status == LU_OK)
		status = time_reading(county, &reading, &err);
	if (status == LU_OK)
		status = time_network(county, &network, &err);
	if (status == LU_OK) {
		lu_plan_facts(county->plan, &facts);
		getrusage(RUSAGE_SELF, &usage);
		printf("{\"job\": \"%s\", \"model\": \"%s\", \"engine\": \"%s\", \"precision\": \"%s\", \"threads\": "
		       "%d, "
		       "\"chips\": %llu, \"reading_chips_per_s\": %.1f, \"network_chips_per_s\": %.1f, "
		       "\"whole_chips_per_s\": %.1f, \"peak_rss_mb\": %.1f}\n",
		       argv[1], county->model->name, facts.engine, lu_precision_name(facts.precision), county->threads,
		       (unsigned long long)whole.chips, reading, network, (double)whole.chips / whole.seconds,
		       (double)usage.ru_maxrss / 1024);
	} else {
		fprintf(stderr, "bench_county: %s\n", err.text);
	}
	lu_county_close(county);
	lu_job_free(job);
	return status == LU_OK ? 0 : 1;
}
