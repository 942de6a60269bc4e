/*
 * grid_over.h: the grid that covers a county, laid by the imagery at hand.
 */
#ifndef LU_GRID_GRID_OVER_H
#define LU_GRID_GRID_OVER_H

#include "grid/grid.h"
#include "grid/ground.h"

struct lu_grid_request {
	struct lu_county_source county; /* 'boundary' NULL: all of 'imagery'; its 'box' is not used */
	const char *crs; /* any text for a CRS; NULL: imagery's */
	double resolution; /* CRS units a pixel; 0: imagery's */
	double origin[2];
	bool has_origin; /* false: imagery's upper-left corner */
	int chip_px, stride_px; /* stride 0: the chip */
};

/*
 * '*grid' (lu_grid_release) covers the county, '*polygon' is the county in its CRS, '*name' what the
 * boundary calls it, or NULL. 'imagery' is the frame of the imagery that came first.
 */
enum lu_status lu_grid_over(const struct lu_grid_request *request, const struct lu_frame *imagery, struct lu_grid *grid,
			    struct lu_polygon *polygon, char **name, struct lu_error *err);

/* The box of a north-up frame. */
struct lu_box lu_frame_box(const struct lu_frame *frame);

#endif
