/*
 * grid_over.h: the grid that covers a county, laid by the imagery at hand.
 */
#ifndef LU_GRID_GRID_OVER_H
#define LU_GRID_GRID_OVER_H

#include "grid/chip_ground.h"
#include "grid/grid.h"
#include "grid/ground.h"

struct lu_grid_request {
	struct lu_county_source county; /* 'boundary' NULL: all of 'imagery'; its 'box' is not used */
	const char *crs; /* any text for a CRS; NULL: imagery's */
	double resolution; /* CRS units a pixel; 0: imagery's */
	double origin[2];
	bool has_origin; /* false: imagery's upper-left corner */
	int chip_px, stride_px; /* chip 0: by the ground; stride 0: the chip, or the cell */
	struct lu_chip_ground ground; /* what a chip shows where nobody says its pixels */
	double cell_m; /* side of a cell on the ground; 0: by the stride */
	double side[2]; /* with 'cell_m': its sides in CRS units, where they are known; 0: by the metres */
};

/*
 * '*grid' (lu_grid_release) covers the county, '*polygon' is the county in its CRS, '*name' what the
 * boundary calls it, or NULL. 'imagery' is the frame of the imagery that came first. LU_ERROR_ARGUMENT for cells smaller
 * than a pixel or larger than the county.
 */
enum lu_status lu_grid_over(const struct lu_grid_request *request, const struct lu_frame *imagery, struct lu_grid *grid,
			    struct lu_polygon *polygon, char **name, struct lu_error *err);

/*
 * The pixels of another date on the cells of 'grid', where its 'imagery' is read at its own resolution: its own pixels
 * where it is in the grid's CRS, or else as many on the ground. Where its resolution is within 2 % of the grid's they are
 * the grid's: pixel (i, j) is then the same ground at both dates. 'side_m' of 'ground' is what a chip of the grid shows.
 */
enum lu_status lu_grid_of_date(const struct lu_grid *grid, const struct lu_frame *imagery,
			       const struct lu_chip_ground *ground, struct lu_grid *out, struct lu_error *err);

/* The box of a north-up frame, and its middle. */
struct lu_box lu_frame_box(const struct lu_frame *frame);
struct lu_point lu_box_middle(struct lu_box box);

#endif
