/*
 * town.h: the parts that towns are built of
 *
 * Each part paints itself into the frame's scene. Sizes are pixels of 0.3 m, heights metres.
 */
#ifndef SC_TOWN_H
#define SC_TOWN_H

#include "frame.h"

enum sc_roof {
	SC_ROOF_FLAT,
	SC_ROOF_GABLE,
	SC_ROOF_HIP,
};

struct sc_house {
	float u, v; /* centre */
	float half_u, half_v;
	float tilt; /* radians */
	float height_m;
	enum sc_roof roof;
	struct sc_rgb colour;
};

/* roofs.c: shade first, then the roof, every slope lit by its own angle to the sun. */
void sc_house_paint(const struct sc_frame *frame, const struct sc_house *house);
/* A hall: a flat roof with an edge, fans and skylights. */
void sc_hall_paint(const struct sc_frame *frame, const struct sc_house *hall, struct sc_dice *dice);

/* cars.c: one car standing at (u, v), pointing along 'tilt'; its colour from the dice. */
void sc_car_paint(const struct sc_frame *frame, float u, float v, float tilt, struct sc_dice *dice);

/* streets.c */
void sc_street_paint(const struct sc_frame *frame, float v, float half_width, bool marked);
void sc_pavement_paint(const struct sc_frame *frame, float u0, float v0, float u1, float v1, struct sc_rgb colour);
void sc_freeway_paint(const struct sc_frame *frame);
void sc_crossing_paint(const struct sc_frame *frame);
void sc_country_roads_paint(const struct sc_scene *scene, int row, int col);

/* blocks.c: what stands in a cell of the given style; see sc_town_paint. */
void sc_block_pave(const struct sc_frame *frame, enum sc_style style);
void sc_block_build(const struct sc_frame *frame, enum sc_style style);

/* blocks.c: is this place (world pixels) street or lot, where no tree can stand? */
bool sc_block_clear(const struct sc_frame *frame, enum sc_style style, float x, float y);

#endif
