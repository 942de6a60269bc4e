/*
 * dissolve.h: the cells of a raster that have one value, joined: a polygon of many parts for each value.
 */
#ifndef LU_RASTER_DISSOLVE_H
#define LU_RASTER_DISSOLVE_H

#include "base/error.h"
#include "base/geometry.h"

struct lu_dissolved {
	uint16_t value;
	struct lu_polygon
		area; /* a shell before its holes, shell after shell: cells that touch by a corner alone are two */
};

/*
 * Of the raster at 'path', band 1, for each value but nodata and 0, ascending; '*out' is the caller's. Memory: the outlines.
 */
enum lu_status lu_dissolve(const char *path, struct lu_dissolved **out, size_t *count, struct lu_error *err);
void lu_dissolved_free(struct lu_dissolved *dissolved, size_t count);

#endif
