/*
 * unlike.h: how much of a date's imagery looks unlike what the model has learned from.
 *
 * Cells spread evenly over the county are cut as the network sees them, and those further from the training's mean than its
 * reach (models/reach.h) are counted. Of imagery like the training's it is one in a thousand. A sample of some hundred
 * is looked at, whatever the county's size: no network is run, and a plan can tell it, too.
 */
#ifndef LU_MAPS_UNLIKE_H
#define LU_MAPS_UNLIKE_H

#include <stdio.h>

#include "chips/radiometry.h"
#include "grid/coverage.h"
#include "grid/grid.h"
#include "maps/statistics.h"
#include "models/model.h"
#include "raster/imagery.h"

/* From this share of the cells on it is warned of: fifty times what training itself shows. */
#define LU_UNLIKE_SHARE 0.05
/* Of fewer cells no share is worth a warning. */
enum { LU_UNLIKE_FEWEST = 20 };

struct lu_unlike_task {
	const struct lu_imagery *imagery;
	const struct lu_grid *grid;
	const struct lu_coverage *coverage; /* of the grid's cells */
	const struct lu_model *model; /* with a reach */
	const struct lu_radiometry *radiometry; /* done to the pixels first; NULL: they stay as they are */
	int threads;
	const struct lu_hooks *hooks;
};

/* Only cells whose chip has data all over are looked at. The same for any number of threads. */
enum lu_status lu_unlike_find(const struct lu_unlike_task *task, struct lu_unlike *out, struct lu_error *err);

/* Are so many cells unlike that it should be said? */
bool lu_unlike_matters(const struct lu_unlike *unlike);

/* "0.8 % of 250 cells looked at are unlike what the model has learned from". */
void lu_unlike_print(FILE *to, const struct lu_unlike *unlike);

/* Warn, with what to do, where it matters; 'about' names the date. */
void lu_unlike_warn(const struct lu_unlike *unlike, const struct lu_model *model, const char *about,
		    const struct lu_hooks *hooks);

#endif
