/*
 * blank.h: inside raster/ only: fill that no nodata value and no mask tells apart from pictures.
 *
 * Warped and mosaicked images have black or white wedges, and a network sees deep water in them. A square of pixels that
 * are all black, all white or one negative number in every band is fill: land and water have noise.
 */
#ifndef LU_RASTER_BLANK_H
#define LU_RASTER_BLANK_H

#include "raster/member.h"

enum { LU_BLANK_SIDE = 16 };

/* "black", "white" or "one negative number". */
const char *lu_blank_name(double value);

struct lu_blank {
	bool found;
	double value; /* of the fill */
	bool exact; /* every pixel has it; otherwise nearly, as lossy compression leaves it */
};

/* One such square, of an open member (GDALDatasetH), with its upper left pixel at 'x', 'y'. */
struct lu_blank lu_blank_square(void *dataset, const struct lu_member *member, size_t bands, int x, int y);

/*
 * Look at squares of 16 pixels in the file's corners, at its edges and in its middle, among pixels that count as data;
 * members with a mask are taken at its word, wedges (wedge.h) are known already, and squares that cannot be read are passed over: who wants the pixels will
 * be told. Opens the file anew.
 */
struct lu_blank lu_blank_look(const struct lu_member *member, const struct lu_selection *selection);

#endif
