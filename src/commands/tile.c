/*
 * tile.c: landuse tile: chips of imagery to disk, with an index.
 *
 * One walk over the cells, row by row. Memory is the batch's buffers, GDAL's cache and some 200
 * bytes a chip for the index.
 */
#include "landuse/commands.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "chipset/chip_batch.h"
#include "chipset/chip_facts.h"
#include "chipset/chip_index.h"
#include "chipset/set_folder.h"
#include "commands/chip_request.h"

#define CHIPS "chips"

struct tiling {
	const struct lu_tile_options *options;
	struct lu_chip_source *source;
	enum lu_chip_format format;
	struct lu_set_folder *folder;
	struct lu_chip_batch *batch;
	struct lu_chip_index *index;
	uint64_t chips, thin; /* thin: too little data */
};

static enum lu_status guard_inputs(const struct tiling *tiling, struct lu_error *err)
{
	const struct lu_tile_options *options = tiling->options;
	struct lu_inputs inputs = {0};
	enum lu_status status;

	LU_TRY(lu_chip_source_inputs(tiling->source, &inputs, err));
	LU_TRY(lu_set_folder_guard(options->output, &inputs, err));
out:
	lu_inputs_release(&inputs);
	return status;
}

static enum lu_status open_folder(struct tiling *tiling, bool *resumed, struct lu_error *err)
{
	const struct lu_tile_options *options = tiling->options;
	char *facts = NULL, *chips = NULL;
	enum lu_status status;

	LU_TRY(lu_chip_facts_text(lu_chip_facts("tile", tiling->source, lu_chip_extension(tiling->format)), &facts,
				  err));
	LU_TRY(lu_set_folder_open(options->output, facts, options->overwrite, &tiling->folder, resumed, err));
	chips = lu_path_join(options->output, CHIPS);
	LU_TRY(chips != NULL ? lu_folder_make(chips, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
out:
	lu_free(chips);
	lu_free(facts);
	return status;
}

static enum lu_status keep_chip(struct tiling *tiling, int64_t row, int64_t col, double valid_share,
				struct lu_error *err)
{
	char *name = lu_set_chip_name(row, col, lu_chip_extension(tiling->format));
	char *path = name != NULL ? lu_sprintf("%s/%s", CHIPS, name) : NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? lu_chip_batch_add(tiling->batch, row, col, path, err)
			    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	const struct lu_frame frame = lu_chip_source_frame(tiling->source, row, col);
	const char *source = lu_chip_source_file(tiling->source, row, col);
	const struct lu_chip_date date = lu_chip_date(source);
	const struct lu_chip_row entry = {.path = path,
					  .source = source,
					  .date = date.text,
					  .row = row,
					  .col = col,
					  .frame = &frame,
					  .valid_share = valid_share};
	LU_TRY(lu_chip_index_add(tiling->index, &entry, err));
out:
	tiling->chips += status == LU_OK;
	lu_free(path);
	lu_free(name);
	return status;
}

static enum lu_status cut_row(struct tiling *tiling, int64_t row, struct lu_error *err)
{
	struct lu_chip_source *source = tiling->source;
	enum lu_status status = LU_OK;

	for (int64_t col = 0; col < source->grid.cells.width; col++) {
		uint8_t *planes, *valid;
		double valid_share;

		if (!lu_chip_source_reaches(source, row, col))
			continue;
		lu_chip_batch_buffers(tiling->batch, &planes, &valid);
		LU_TRY(lu_chip_source_read(source, row, col, planes, valid, &valid_share, err));
		if (valid_share >= source->min_valid)
			LU_TRY(keep_chip(tiling, row, col, valid_share, err));
		else
			tiling->thin++;
	}
out:
	return status;
}

static enum lu_status cut_all(struct tiling *tiling, struct lu_error *err)
{
	const struct lu_grid *grid = &tiling->source->grid;
	const struct lu_hooks *hooks = tiling->options->hooks;
	enum lu_status status = LU_OK;

	for (int64_t row = 0; row < grid->cells.height && status == LU_OK; row++) {
		if (lu_cancelled(hooks))
			return lu_fail(err, LU_ERROR_CANCELLED, "stopped (the same command goes on from here)");
		status = cut_row(tiling, row, err);
		lu_progress(hooks, "tile", (uint64_t)((row + 1) * grid->cells.width),
			    (uint64_t)(grid->cells.height * grid->cells.width));
	}
	if (status != LU_OK)
		goto out;
	LU_TRY(lu_chip_batch_flush(tiling->batch, err));
	if (tiling->chips == 0)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: no chip of %d x %d pixels has %g of its pixels with data (smaller chips, or a "
			       "lower .min_valid)",
			       lu_imagery_path(tiling->source->imagery, 0), grid->chip_px, grid->chip_px,
			       tiling->source->min_valid);
	LU_TRY(lu_imagery_unchanged(tiling->source->imagery, err));
	LU_TRY(lu_chip_index_finish(tiling->index, err));
out:
	return status;
}

enum lu_status lu_tile(const struct lu_tile_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct tiling tiling = {.options = options, .format = options->format};
	struct lu_chip_request request;
	const double start = lu_seconds_now();
	bool resumed = false;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	LU_TRY(lu_chip_request_make(&options->chips, options->hooks, &request, err));
	LU_TRY(lu_chip_source_open(&request, &tiling.source, err));
	LU_TRY(lu_chip_format_check(tiling.format, tiling.source->bands, err));
	LU_TRY(guard_inputs(&tiling, err));
	LU_TRY(open_folder(&tiling, &resumed, err));
	LU_TRY(lu_chip_batch_new(tiling.source, options->output, tiling.format, options->threads, resumed,
				 &tiling.batch, err));
	LU_TRY(lu_chip_index_begin(options->output, tiling.source->grid.cells.crs_wkt, false, &tiling.index, err));
	LU_TRY(cut_all(&tiling, err));
	summary->chips = lu_chip_batch_written(tiling.batch);
	summary->seconds = lu_seconds_now() - start;
	summary->text =
		lu_sprintf("%llu chips of %d x %d pixels in %s/%s (%llu written now; %llu left out: too little data)\n"
			   "index: %s/%s and %s\n",
			   (unsigned long long)tiling.chips, tiling.source->grid.chip_px, tiling.source->grid.chip_px,
			   options->output, CHIPS, (unsigned long long)summary->chips, (unsigned long long)tiling.thin,
			   options->output, LU_SET_PLACES, LU_SET_INDEX);
	if (summary->text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary");
out:
	lu_chip_index_free(tiling.index);
	lu_chip_batch_free(tiling.batch);
	lu_set_folder_close(tiling.folder);
	lu_chip_source_close(tiling.source);
	return status;
}
