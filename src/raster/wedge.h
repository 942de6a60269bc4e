/*
 * wedge.h: inside raster/ only: corners of a file that hold no picture, though no nodata value and no mask says so.
 *
 * Warped and mosaicked images have black or white wedges, and a network sees deep water in them. Fill that reaches a corner
 * of the file, and is exactly one such value in every band, is no data; so is what hangs together with it, cell by cell of
 * a coarse lattice. The same value elsewhere (a lake, a bright roof) is a picture.
 */
#ifndef LU_RASTER_WEDGE_H
#define LU_RASTER_WEDGE_H

#include <stdbool.h>
#include <stdint.h>

struct lu_member;
struct lu_selection;

/* Starts as {0}: none. */
struct lu_wedge {
	double value;
	int side; /* of a cell, in pixels of the file */
	int across, down; /* cells */
	uint8_t *cells; /* a bit each: fill, or beside it; NULL: there is no wedge */
};

/*
 * Look at the corners of a member that has told nothing of what is no data ('dataset' is a GDALDatasetH of its own, which
 * nobody reads pixels from later: what is damaged must be told when it is wanted). Where there is fill the member gets the
 * wedge, and the fill as its nodata value. What cannot be read, or not without a word, is passed over.
 */
void lu_wedge_look(void *dataset, const struct lu_selection *selection, struct lu_member *member);
void lu_wedge_release(struct lu_wedge *wedge);

/* Is the member's pixel at 'x', 'y' (0, 0: its corner) in a wedge, if it has the wedge's value? Outside the file: true. */
bool lu_wedge_holds(const struct lu_wedge *wedge, const struct lu_member *member, double x, double y);

#endif
