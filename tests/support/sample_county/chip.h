/*
 * chip.h: one cell of one date, drawn
 */
#ifndef SC_CHIP_H
#define SC_CHIP_H

#include "flight.h"
#include "land.h"

/* A painter's desk: one per thread, used over and over. */
struct sc_painter {
	const struct sc_land *land;
	struct sc_canvas canvas;
};

/* 'land' stays the caller's. Returns false when memory is short; then nothing is held. */
bool sc_painter_init(struct sc_painter *painter, const struct sc_land *land);

void sc_painter_release(struct sc_painter *painter);

/*
 * Draw cell (row, col) at 'date' into 'dst': land->chip_px rows of as many RGB pixels, rows 'stride' bytes apart.
 * The bytes depend on the land and the flight only, never on what was drawn before or by whom.
 */
void sc_chip_draw(struct sc_painter *painter, const struct sc_flight *flight, int date, int row, int col, uint8_t *dst,
		  size_t stride);

#endif
