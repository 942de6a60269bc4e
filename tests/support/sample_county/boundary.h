/*
 * boundary.h: the county's outline
 *
 * A closed ring of points in cell units (x east, y south, from the north-west corner), irregular as surveyors and rivers
 * made it: it follows the edge of the picture at an uneven distance and cuts through cells.
 */
#ifndef SC_BOUNDARY_H
#define SC_BOUNDARY_H

#include "canvas.h"
#include "land.h"

struct sc_boundary {
	struct sc_point *point; /* the last is not the first again */
	int count;
};

/* The boundary of a land. Returns false when memory is short; then nothing is held. */
bool sc_boundary_draw(const struct sc_land *land, struct sc_boundary *boundary);

void sc_boundary_release(struct sc_boundary *boundary);

/* The part of cell (row, col) that lies inside, 0 .. 1. */
float sc_boundary_fraction(const struct sc_boundary *boundary, int row, int col);

/* Set land->inside; parts below a hundred-thousandth count as none. Returns false when memory is short. */
bool sc_boundary_mark(const struct sc_boundary *boundary, struct sc_land *land);

#endif
