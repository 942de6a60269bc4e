/*
 * chip.c: from a place and a date to pixels: ground, town, plants, then the camera
 */
#include "chip.h"

#include "scene.h"

/* The lens looks one pixel over the edge. */
#define MARGIN 1

bool sc_painter_init(struct sc_painter *painter, const struct sc_land *land)
{
	const int side = land->chip_px + 2 * MARGIN;

	painter->land = land;
	return sc_canvas_init(&painter->canvas, side, side);
}

void sc_painter_release(struct sc_painter *painter)
{
	if (painter)
		sc_canvas_release(&painter->canvas);
}

void sc_chip_draw(struct sc_painter *painter, const struct sc_flight *flight, int date, int row, int col, uint8_t *dst,
		  size_t stride)
{
	const int size = painter->land->chip_px;
	const struct sc_rect chip = {col * size, row * size, size, size};
	const struct sc_rect seen = {chip.x - MARGIN, chip.y - MARGIN, size + 2 * MARGIN, size + 2 * MARGIN};
	const struct sc_scene scene = {
		.land = painter->land,
		.flight = flight,
		.date = date,
		.row = row,
		.col = col,
		.canvas = &painter->canvas,
	};

	sc_canvas_move(&painter->canvas, seen, painter->land->seed);
	sc_ground_paint(&scene);
	sc_town_paint(&scene);
	sc_plants_paint(&scene);
	sc_flight_develop(flight, &painter->canvas, chip, dst, stride);
}
