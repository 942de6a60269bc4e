/*
 * score.h: one date's imagery through the network into a store.
 *
 *	reader threads --(queue of filled blocks)--> OpenMP threads, one session each --> store
 *	      ^------------(queue of empty blocks)-----------'
 *
 * Readers walk the county in the order that decodes each compressed tile once: swaths as wide as
 * the block cache can hold, in bands of rows, each (swath, band) read by one reader from top to
 * bottom. A fixed number of block buffers circulates, so memory is the same for every county, and
 * after start-up nothing is allocated. The first error, or the caller's cancel, stops everybody.
 */
#ifndef LU_MAPS_SCORE_H
#define LU_MAPS_SCORE_H

#include "chips/radiometry.h"
#include "grid/coverage.h"
#include "grid/grid.h"
#include "maps/store.h"
#include "models/model.h"
#include "models/regroup.h"
#include "landuse/core.h"
#include "nn/nn.h"
#include "raster/imagery.h"

struct lu_score_task {
	const struct lu_imagery *imagery;
	const struct lu_grid *grid;
	const struct lu_coverage *coverage;
	const struct lu_model *model;
	const struct lu_plan *plan;
	const struct lu_regroup *regroup;
	const struct lu_radiometry *radiometry; /* done to the pixels first; NULL: they stay as they are */
	double min_valid;
	bool skip_unreadable; /* cells whose chips cannot be read are not mapped (store.h); else lu_score fails */
	int threads, readers;
	int64_t swath_blocks; /* how many blocks wide a swath is */
	struct lu_store *store;
	int64_t first_row; /* of the county's rows of cells: the store's first */
	const struct lu_hooks *hooks;
	const char *stage; /* for the progress hook */
};

/* Processor seconds, summed over threads. */
struct lu_score_seconds {
	double reading; /* pixels: files, decompression, warping */
	double network; /* and what prepares its input */
	double storing; /* scores on the disk */
};

struct lu_score_result {
	uint64_t chips; /* scored in this run */
	uint64_t cells; /* of the store's rows, inside the county, resumed ones too */
	uint64_t no_data; /* cells inside without any data: beyond the files, or hidden; of this run, as the next two */
	uint64_t too_little; /* cells with data on less than min_valid of their chip */
	uint64_t unreadable; /* cells that could not be read */
	uint64_t not_finite; /* chips whose probabilities were not numbers: left unmapped */
	double seconds;
	double read_seconds; /* summed over readers */
	struct lu_score_seconds processor;
};

/* Score every unfinished block. LU_ERROR_CANCELLED keeps what is finished, for the next run. */
enum lu_status lu_score(const struct lu_score_task *task, struct lu_score_result *result, struct lu_error *err);

/* Bytes of the buffers that lu_score will hold, without the engine's arenas and GDAL's cache. */
size_t lu_score_buffer_bytes(const struct lu_grid *grid, size_t bands, int threads, int readers);

#endif
