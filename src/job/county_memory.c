/* county_memory.c: what a run of a county holds at its peak, and fewer buffers where that is more than it may. */
#include "base/peak.h"
#include "change/change_stage.h"
#include "change/patch_pictures.h"
#include "job/county.h"
#include "maps/score.h"
#include "maps/smooth_stage.h"
#include "maps/windows.h"
#include "raster/map.h"

/*
 * What comes after scoring and is nobody's buffer: encoders of rasters and pictures, GeoPackages, tables, threads' stacks.
 * With it, runs of 12 x 12 cells (two and three dates, one and four threads) and of 20 x 20 (two dates) peaked at 0.6 to
 * 0.85 of the plan; tests/faults/s45_plan_memory.sh holds them to it.
 */
static const size_t later_bytes = (size_t)24 << 20;

/* Rasters that grow side by side hold a row of tiles each: those of all dates, or those of pairs of dates. */
static size_t raster_bytes(const struct lu_county *county)
{
	const struct lu_job *job = county->job;
	const size_t of_date =
		2 + (lu_smooth_wanted(&job->smooth) ? 1 : 0) + (job->probabilities ? county->scheme->class_count : 0);
	const size_t dates = job->date_count * of_date;
	const size_t pairs = lu_change_stage_cell_bytes(job->date_count, job->pairs);

	return (dates > pairs ? dates : pairs) * LU_MAP_TILE * (size_t)county->grid.cells.width;
}

/* The blocks of the date that takes the most. */
static size_t buffer_bytes(const struct lu_county *county)
{
	size_t most = 0;

	for (size_t i = 0; i < county->job->date_count; i++) {
		const size_t bytes = lu_score_buffer_bytes(&county->grids.dates[i], county->model->bands,
							   county->threads, county->readers);
		most = bytes > most ? bytes : most;
	}
	return most;
}

/* What draws the pictures of patches, when scoring is over. */
static size_t drawing_bytes(const struct lu_county *county)
{
	size_t most = 0;

	for (size_t i = 0; i < county->job->date_count && county->job->date_count > 1; i++) {
		const size_t bytes = lu_picture_book_bytes(county->imagery[i], county->threads);
		most = bytes > most ? bytes : most;
	}
	return most;
}

size_t lu_county_memory(const struct lu_county *county)
{
	struct lu_plan_facts facts;

	lu_plan_facts(county->plan, &facts);
	/* The weights are in the process already; only the threads' arenas are still to come. */
	const size_t scoring = (size_t)county->threads * facts.arena_bytes + buffer_bytes(county) +
			       lu_windows_bytes(county->grids.dates[0].cells.width, county->grids.windows,
						county->scheme->class_count) +
			       ((size_t)county->cache_mb << 20);
	const size_t drawing = drawing_bytes(county);

	return lu_peak_bytes() + later_bytes + raster_bytes(county) + (scoring > drawing ? scoring : drawing);
}

/* Least of all for decoded blocks: a row of them for each reader is more. */
enum { LEAST_CACHE_MB = 8 };

enum lu_status lu_county_fit(struct lu_county *county, struct lu_error *err)
{
	const uint64_t most = county->job->memory_bytes;
	/* A minimum mapping unit comes after scoring, and on top. */
	const size_t unit = lu_smooth_stage_bytes(&county->job->smooth, &county->grid.cells, &county->ground);

	while (most > 0 && lu_county_memory(county) + unit > most) {
		/* What costs the least time goes first. */
		if (county->cache_mb >= 4 * LEAST_CACHE_MB)
			county->cache_mb /= 2;
		else if (county->readers > 1)
			county->readers--;
		else if (county->threads > 1)
			county->threads--;
		else if (county->cache_mb > LEAST_CACHE_MB)
			county->cache_mb = LEAST_CACHE_MB;
		else
			return lu_fail(
				err, LU_ERROR_MEMORY,
				"%s: 'memory' is %llu MiB, and with one thread and the least buffers this job takes "
				"%llu MiB (allow that much, or run it in shards on several machines)",
				county->job->path, (unsigned long long)(most >> 20),
				(unsigned long long)((lu_county_memory(county) + unit) >> 20) + 1);
	}
	return LU_OK;
}
