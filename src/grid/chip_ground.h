/*
 * chip_ground.h: how many pixels, and of what shape, show a piece of ground: a CRS, a place, a size of pixels and a
 * side in metres come in; pixels in CRS units and the side of a chip go out.
 *
 * A network has learnt from pieces of ground of one size. Imagery of any resolution shows it the same ground in more or
 * fewer pixels, and chips are resized to what it takes.
 */
#ifndef LU_GRID_CHIP_GROUND_H
#define LU_GRID_CHIP_GROUND_H

#include "base/error.h"
#include "base/geometry.h"

struct lu_chip_ground {
	double side_m; /* of a chip */
	int network_px; /* pixels that chips are brought to */
};

struct lu_chip_pixels {
	double pixel[2]; /* CRS units, across and down */
	double pixel_m; /* on the ground: the geometric mean of its sides */
	int chip_px;
};

/*
 * The pixels at 'at' by which imagery of 'native' CRS units a pixel shows the ground. They are the imagery's own where
 * these are square on the ground (within 5 %: what a conformal or equal-area projection does to a county), or else of
 * their area and square. Imagery within 2 % of the network's own pixels is shown as it is, and so that no more pixels
 * are read than the network could ever use, a chip has at most twice as many a side as it takes: finer imagery is
 * averaged to that. LU_ERROR_MISMATCH when the place is not on the earth. Any thread.
 */
enum lu_status lu_chip_pixels_find(const struct lu_chip_ground *ground, const char *crs_wkt, struct lu_point at,
				   const double native[2], struct lu_chip_pixels *out, struct lu_error *err);

/*
 * CRS units, across and down, of 'metres' on the ground at 'at'. In a CRS of lengths that is true there within 5 % they
 * are its own metres: a cell of 30 m is 30 units of a UTM grid. 'step' is some length to measure by, in CRS units.
 */
enum lu_status lu_ground_units(const char *crs_wkt, struct lu_point at, const double step[2], double metres,
			       double units[2], struct lu_error *err);

#endif
