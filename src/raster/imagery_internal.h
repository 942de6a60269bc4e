/*
 * imagery_internal.h: inside raster/ only: what an imagery is made of, for view.c.
 */
#ifndef LU_RASTER_IMAGERY_INTERNAL_H
#define LU_RASTER_IMAGERY_INTERNAL_H

#include "raster/imagery.h"
#include "raster/member.h"

/* Constant after lu_imagery_open. */
struct lu_imagery {
	struct lu_selection selection;
	struct lu_member *members; /* in mosaic order */
	size_t count;
	char **crs; /* the distinct CRSs; members refer to them by index */
	size_t crs_count;
	struct lu_frame frame;
	double gsd_m;
	double low, high; /* raw values that become 0 and 255 */
	char *warning;
};

#endif
