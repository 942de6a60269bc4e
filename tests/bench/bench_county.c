/*
 * bench_county.c: where a job's time goes: reading alone, the network alone, and the whole.
 *
 *	bench_county JOB.yaml [THREADS]
 *
 * prints one JSON object. The three are measured in one process, one after the other, on the job's first date. Nothing of the
 * job's output is written; scores go to a folder that is removed.
 *
 * 'bound_seconds' is (processor seconds of reading alone + of the network alone) / threads: what the whole would take if
 * nothing was waited for and nothing else was done. 'ratio' is the whole's seconds to that; on a machine that does other
 * work, too, 'processor_ratio', the whole's processor seconds to the sum of the two, says more. The peak is the whole's.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/peak.h"
#include "job/county.h"
#include "maps/score.h"
#include "raster/view.h"

/* A rate by the clock, and processor seconds of all chips. */
struct alone {
	double chips_per_s, processor_seconds;
};

/* Does a block touch the county? */
static bool touches_county(const struct lu_county *county, int64_t row, int64_t col, int64_t cells)
{
	bool touches = false;

	for (int64_t i = 0; i < cells; i++)
		touches |= lu_coverage_share(county->ground.coverage, row, col + i) > 0;
	return touches;
}

/* Every block of the county through one view, in the order of one full swath. */
static enum lu_status time_reading(const struct lu_county *county, struct alone *out, struct lu_error *err)
{
	const struct lu_grid *grid = &county->grid;
	struct lu_view *view = NULL;
	const size_t pixels = (size_t)grid->chip_px * (size_t)grid->chip_px * LU_BLOCK_CELLS;
	uint8_t *planes = NULL, *valid = NULL;
	int64_t chips = 0;
	const double start = lu_seconds_now(), processor = lu_process_seconds();
	enum lu_status status;

	LU_TRY(lu_view_new(county->imagery[0], &grid->pixels, &view, err));
	LU_TRY(lu_alloc(&planes, pixels, county->model->bands, "a block", err));
	LU_TRY(lu_alloc(&valid, pixels, 1, "a block", err));
	for (int64_t row = 0; row < grid->cells.height; row++) {
		for (int64_t col = 0; col < grid->cells.width; col += LU_BLOCK_CELLS) {
			struct lu_rect window = lu_grid_chip(grid, row, col);
			const int64_t left = grid->cells.width - col;
			const int64_t cells = left < LU_BLOCK_CELLS ? left : LU_BLOCK_CELLS;
			window.width = (int64_t)((double)cells * grid->step_px[0]);
			if (!lu_view_touches(view, window) || !touches_county(county, row, col, cells))
				continue;
			LU_TRY(lu_view_read(view, window, planes, valid, err));
			chips += cells;
		}
	}
	out->chips_per_s = (double)chips / (lu_seconds_now() - start);
	out->processor_seconds = lu_process_seconds() - processor;
out:
	lu_view_free(view);
	lu_free(planes);
	lu_free(valid);
	return status;
}

/* One thread runs its session for three seconds. */
static enum lu_status time_session(const struct lu_county *county, struct alone *out, struct lu_error *err)
{
	struct lu_plan_facts facts;
	struct lu_session *session = NULL;
	uint8_t *input = NULL;
	float *output = NULL;
	int runs = 0;
	enum lu_status status;

	lu_plan_facts(county->plan, &facts);
	const size_t size = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
	LU_TRY(lu_session_new(county->plan, &session, err));
	LU_TRY(lu_alloc_aligned(&input, (size_t)facts.batch, size, "a batch", err));
	LU_TRY(lu_alloc(&output, (size_t)facts.batch * facts.outputs, sizeof(float), "a batch", err));
	for (size_t i = 0; i < (size_t)facts.batch * size; i++)
		input[i] = (uint8_t)(i * 2654435761u >> 24);
	LU_TRY(lu_session_run(session, facts.batch, input, output, err));
	const double start = lu_seconds_now(), processor = lu_thread_seconds();
	for (; lu_seconds_now() - start < 3; runs++)
		LU_TRY(lu_session_run(session, facts.batch, input, output, err));
	out->chips_per_s = runs * facts.batch / (lu_seconds_now() - start);
	/* Of one chip, for now. */
	out->processor_seconds = (lu_thread_seconds() - processor) / (runs * facts.batch);
out:
	lu_session_free(session);
	lu_free(input);
	lu_free(output);
	return status;
}

/* All threads at once, as they score: the rate is all theirs, the processor seconds those of 'chips'. */
static enum lu_status time_network(const struct lu_county *county, uint64_t chips, struct alone *out,
				   struct lu_error *err)
{
	enum lu_status status = LU_OK;
	double rate = 0, seconds = 0;

#pragma omp parallel num_threads(county->threads) reduction(+ : rate, seconds)
	{
		struct alone own = {0};
		struct lu_error fault = {0};
		if (time_session(county, &own, &fault) != LU_OK) {
#pragma omp critical
			{
				*err = fault;
				status = fault.status;
			}
		}
		rate += own.chips_per_s;
		seconds += own.processor_seconds;
	}
	out->chips_per_s = rate;
	out->processor_seconds = seconds / county->threads * (double)chips;
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

static void print_figures(const char *path, const struct lu_county *county, const struct lu_score_result *whole,
			  double processor_seconds, size_t peak, const struct alone *reading,
			  const struct alone *network)
{
	const double alone = reading->processor_seconds + network->processor_seconds, bound = alone / county->threads;
	struct lu_plan_facts facts;

	lu_plan_facts(county->plan, &facts);
	printf("{\"job\": \"%s\", \"model\": \"%s\", \"engine\": \"%s\", \"precision\": \"%s\", \"threads\": %d, "
	       "\"chips\": %llu, \"reading_chips_per_s\": %.1f, \"network_chips_per_s\": %.1f, "
	       "\"whole_chips_per_s\": %.1f, \"reading_processor_seconds\": %.2f, \"network_processor_seconds\": "
	       "%.2f, \"whole_processor_seconds\": %.2f, \"whole_seconds\": %.2f, \"bound_seconds\": %.2f, \"ratio\": "
	       "%.3f, \"processor_ratio\": %.3f, \"peak_rss_mb\": %.1f}\n",
	       path, county->model->name, facts.engine, lu_choice_word(LU_CHOICE_PRECISION, facts.precision),
	       county->threads, (unsigned long long)whole->chips, reading->chips_per_s, network->chips_per_s,
	       (double)whole->chips / whole->seconds, reading->processor_seconds, network->processor_seconds,
	       processor_seconds, whole->seconds, bound, whole->seconds / bound, processor_seconds / alone,
	       (double)peak / 1048576);
}

int main(int argc, char **argv)
{
	struct lu_job *job = NULL;
	struct lu_county *county = NULL;
	struct lu_score_result whole = {0};
	struct alone reading = {0}, network = {0};
	struct lu_error err = {0};
	enum lu_status status;

	if (argc < 2) {
		fprintf(stderr, "usage: bench_county JOB.yaml [THREADS]\n");
		return 2;
	}
	LU_TRY(lu_job_read(argv[1], &job, &err));
	if (argc > 2)
		job->threads = atoi(argv[2]);
	LU_TRY(lu_county_open(job, NULL, &county, &err));
	const double before = lu_process_seconds();
	LU_TRY(time_whole(county, &whole, &err));
	const double processor_seconds = lu_process_seconds() - before;
	const size_t peak = lu_peak_bytes();
	LU_TRY(time_reading(county, &reading, &err));
	LU_TRY(time_network(county, whole.chips, &network, &err));
	print_figures(argv[1], county, &whole, processor_seconds, peak, &reading, &network);
out:
	if (status != LU_OK)
		fprintf(stderr, "bench_county: %s\n", err.text);
	lu_county_close(county);
	lu_job_free(job);
	return status == LU_OK ? 0 : 1;
}
