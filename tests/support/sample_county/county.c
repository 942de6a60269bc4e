/*
 * county.c: plan the county in memory, then photograph it date by date
 *
 * The plan (a byte per cell and date) is small. The pictures are not: they are drawn a row of cells at a time by all
 * threads, gathered until a strip of whole tiles is full, and written. The strip's buffer holds one tile row plus one cell row,
 * whatever the county's height.
 */
#include "county.h"

#include "boundary.h"
#include "change.h"
#include "chip.h"
#include "files.h"
#include "imagery.h"
#include "landscape.h"
#include "place.h"
#include "records.h"

#include <cpl_string.h>
#include <gdal.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GDAL's block cache. A strip of tiles passes through once, so more would only hold what is already written. */
#define CACHE_BYTES (64 << 20)

struct studio {
	const struct sc_options *options;
	const struct sc_land *land;
	struct sc_painter *painter; /* one per thread */
	int painters;
	uint8_t *strip; /* SC_STRIP_ROWS + chip_px rows of the whole width */
	size_t stride;
};

static void studio_release(struct studio *studio)
{
	for (int i = 0; i < studio->painters; i++)
		sc_painter_release(&studio->painter[i]);
	free(studio->painter);
	free(studio->strip);
	*studio = (struct studio){0};
}

static bool studio_init(struct studio *studio, const struct sc_options *options, const struct sc_land *land)
{
	const int threads = omp_get_max_threads();

	*studio = (struct studio){.options = options, .land = land};
	studio->stride = 3u * (size_t)land->cols * (size_t)land->chip_px;
	studio->strip = malloc(studio->stride * (size_t)(SC_STRIP_ROWS + land->chip_px));
	studio->painter = calloc((size_t)threads, sizeof(*studio->painter));
	if (!studio->strip || !studio->painter)
		goto fail;
	while (studio->painters < threads) {
		if (!sc_painter_init(&studio->painter[studio->painters], land))
			goto fail;
		studio->painters++;
	}
	return true;
fail:
	studio_release(studio);
	fputs("sample-county: not enough memory for one strip of the picture; ask for fewer --cells\n", stderr);
	return false;
}

static void draw_row(struct studio *studio, const struct sc_flight *flight, int date, int row, uint8_t *to)
{
	const struct sc_land *land = studio->land;

	/* Each thread has its own painter; the chips of a row lie side by side in 'to' and do not touch. */
#pragma omp parallel for schedule(dynamic, 1)
	for (int col = 0; col < land->cols; col++)
		sc_chip_draw(&studio->painter[omp_get_thread_num()], flight, date, row, col,
			     to + 3u * (size_t)col * (size_t)land->chip_px, studio->stride);
}

static bool draw_date(struct studio *studio, int date, struct sc_imagery *imagery)
{
	const struct sc_land *land = studio->land;
	const struct sc_flight flight = sc_flight_plan(land->seed, date);
	const double start = omp_get_wtime();
	double told = start;
	int held = 0, written = 0;

	for (int row = 0; row < land->rows; row++) {
		const bool last = row + 1 == land->rows;

		draw_row(studio, &flight, date, row, studio->strip + (size_t)held * studio->stride);
		held += land->chip_px;
		while (held >= SC_STRIP_ROWS || (last && held > 0)) {
			const int count = held < SC_STRIP_ROWS ? held : SC_STRIP_ROWS;

			if (!sc_imagery_strip(imagery, written, count, studio->strip))
				return false;
			written += count;
			held -= count;
			memmove(studio->strip, studio->strip + (size_t)count * studio->stride,
				(size_t)held * studio->stride);
		}
		if (!studio->options->quiet && (last || omp_get_wtime() - told > 5.0)) {
			told = omp_get_wtime();
			fprintf(stderr, "sample-county: %s: row %d of %d, %.0f cells/s\n", studio->options->dates[date],
				row + 1, land->rows, (double)(row + 1) * land->cols / (told - start));
		}
	}
	return true;
}

static bool photograph(struct studio *studio, int date, const struct sc_place *place)
{
	const struct sc_options *options = studio->options;
	const struct sc_land *land = studio->land;
	const bool alternate = options->delivery == SC_DELIVER_ALTERNATE;
	const struct sc_imagery_options how = {
		.jpeg = options->jpeg,
		.quality = options->quality,
		.quads = options->delivery == SC_DELIVER_QUADS || (alternate && date % 2 == 1),
		.cog = options->cog,
		.threads = omp_get_max_threads(),
	};
	struct sc_imagery imagery;
	bool drawn;

	if (!sc_imagery_open(&imagery, options->out_dir, options->dates[date], land->cols * land->chip_px,
			     land->rows * land->chip_px, place, &how))
		return false;
	drawn = draw_date(studio, date, &imagery);
	return sc_imagery_close(&imagery, drawn) && drawn;
}

static bool plan(struct sc_land *land, struct sc_boundary *boundary, const struct sc_options *options)
{
	bool ok = sc_land_init(land, options->cols, options->rows, options->date_count, options->chip_px,
			       options->seed) &&
		  sc_landscape_settle(land) && sc_boundary_draw(land, boundary) && sc_boundary_mark(boundary, land);

	for (int date = 1; ok && date < options->date_count; date++)
		ok = sc_change_plan(land, date, options->change_share);
	if (!ok)
		fputs("sample-county: not enough memory to plan the county; ask for fewer --cells\n", stderr);
	return ok;
}

static bool write_records(const struct sc_land *land, const struct sc_boundary *boundary,
			  const struct sc_options *options, const struct sc_place *place)
{
	char path[SC_PATH_BYTES];

	for (int date = 0; date < options->date_count; date++)
		if (!sc_path(path, sizeof(path), "%s/truth_%s.tif", options->out_dir, options->dates[date]) ||
		    !sc_truth_write(land, date, place, path))
			return false;
	return sc_path(path, sizeof(path), "%s/truth_change.csv", options->out_dir) &&
	       sc_changes_write(land, options->dates, path) &&
	       sc_path(path, sizeof(path), "%s/county.geojson", options->out_dir) &&
	       sc_boundary_write(boundary, place, path);
}

int sc_county_write(const struct sc_options *options)
{
	struct sc_boundary boundary = {0};
	struct sc_land land = {0};
	struct sc_place place = {0};
	struct studio studio = {0};
	int result = -1;

	GDALSetCacheMax64(CACHE_BYTES);
	if (!sc_place_init(&place, options->crs, options->east, options->north, options->gsd_m, options->chip_px) ||
	    !sc_make_folder(options->out_dir) || !plan(&land, &boundary, options) ||
	    !write_records(&land, &boundary, options, &place) || !studio_init(&studio, options, &land))
		goto out;
	for (int date = 0; date < options->date_count; date++)
		if (!photograph(&studio, date, &place))
			goto out;
	result = 0;
out:
	studio_release(&studio);
	sc_place_release(&place);
	sc_boundary_release(&boundary);
	sc_land_release(&land);
	return result;
}
