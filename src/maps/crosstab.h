/*
 * crosstab.h: maps on file crossed with each other, block by block, on every core.
 *
 * The maps are walked in the order in which the first is stored, a few of its tiles or strips at a
 * time; each thread reads, decodes and counts blocks of its own, into tables of its own, which are
 * added up at the end. Counts and areas are whole numbers, so any number of threads gives the same
 * tables, and they are those of a tally by rows. Memory: some MiB a thread, whatever the maps' size;
 * where tiles of one map straddle those of another, a row of tiles a thread. GDAL's cache is set for
 * it, and left so.
 */
#ifndef LU_MAPS_CROSSTAB_H
#define LU_MAPS_CROSSTAB_H

#include "grid/date_pairs.h"
#include "maps/tally.h"
#include "landuse/core.h"

/* All borrowed. */
struct lu_crosstab_task {
	const char *const *paths; /* 'count' maps on one grid, earliest first */
	const char *const *labels;
	size_t count; /* at least 2 */
	enum lu_date_pairs pairs;
	const struct lu_frame *frame;
	const struct lu_ground *ground; /* NULL: cells are counted, areas are not */
	uint16_t uncertain; /* of the maps' legend */
	int threads;
	const struct lu_hooks *hooks;
};

/* Fill 'out', with classes as they are found. LU_ERROR_CANCELLED when the hooks ask for it. */
enum lu_status lu_crosstab(const struct lu_crosstab_task *task, struct lu_tally *out, struct lu_error *err);

#endif
