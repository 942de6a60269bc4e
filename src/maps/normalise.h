/*
 * normalise.h: every date of a series made to look like one of them, before the network sees it.
 *
 * A network takes a flight's cast for another kind of land, and takes it so at one date only: false change.
 * The mathematics is in chips/radiometry.h; here are the pixels. At places spread evenly over the
 * county (some 2,000, whatever its size) each date is read once, through the same door as for scoring,
 * in blocks of 8 x 8 pixels. What is found is a table of 256 values a band, which readers apply to the
 * bytes that they have read.
 *
 * Places and blocks depend on the grid and the imagery alone, so any number of threads and any resumed
 * job finds the same tables. Memory: 4 bytes a block, band and date, 2 MB for five dates of three bands.
 */
#ifndef LU_MAPS_NORMALISE_H
#define LU_MAPS_NORMALISE_H

#include "base/hooks.h"
#include "chips/radiometry.h"
#include "grid/coverage.h"
#include "grid/grid.h"
#include "maps/statistics.h"
#include "raster/imagery.h"

/* All of it borrowed, and to outlive the normaliser. */
struct lu_normalise_task {
	const char *const *labels;
	struct lu_imagery *const *imagery; /* labels and imagery: one a date */
	size_t count, to; /* dates, and the reference among them */
	enum lu_radiometry_method method;
	size_t bands;
	bool skip_unreadable; /* places that cannot be read are left out; else lu_normaliser_new fails */
	const struct lu_grid *grid; /* what blocks are read on */
	const struct lu_coverage *coverage; /* of its cells */
	int threads;
	const struct lu_hooks *hooks;
};

struct lu_normaliser;

/*
 * Read the places and fit every date to the reference; '*out' NULL: by no method. LU_ERROR_MISMATCH, with the dates'
 * names: they cannot be compared.
 */
enum lu_status lu_normaliser_new(const struct lu_normalise_task *task, struct lu_normaliser **out,
				 struct lu_error *err);
void lu_normaliser_free(struct lu_normaliser *normaliser);

/* What is to be done to a date's pixels; NULL: nothing. Both the normaliser's own; 'normaliser' may be NULL. */
const struct lu_radiometry *lu_normaliser_date(const struct lu_normaliser *normaliser, size_t date);
const struct lu_normalisation_statistics *lu_normaliser_statistics(const struct lu_normaliser *normaliser, size_t date);

#endif
