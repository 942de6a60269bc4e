/*
 * frame.h: a cell's own axes: u along its streets, v across them
 *
 * Towns are laid out once, for streets that run east. Where they run south, the frame swaps the axes on the way to
 * the world.
 */
#ifndef SC_FRAME_H
#define SC_FRAME_H

#include "maths.h"
#include "scene.h"

#include <math.h>

struct sc_frame {
	float x, y; /* north-west corner of the cell, world pixels */
	float size;
	bool turned; /* u runs south, v east */
	uint32_t key; /* the cell's own, the same at every date */
	const struct sc_scene *scene;
};

static inline struct sc_frame sc_frame_of(const struct sc_scene *scene, int row, int col)
{
	const struct sc_land *land = scene->land;

	return (struct sc_frame){
		.x = (float)(col * land->chip_px),
		.y = (float)(row * land->chip_px),
		.size = (float)land->chip_px,
		.turned = land->axis[sc_land_at(land, row, col)],
		.key = sc_hash(land->seed + 0xce11u, col, row),
		.scene = scene,
	};
}

static inline struct sc_point sc_frame_point(const struct sc_frame *frame, float u, float v)
{
	return frame->turned ? (struct sc_point){frame->x + v, frame->y + u}
			     : (struct sc_point){frame->x + u, frame->y + v};
}

/* The four corners of an upright box. */
static inline void sc_frame_box(const struct sc_frame *frame, float u0, float v0, float u1, float v1,
				struct sc_point corner[4])
{
	corner[0] = sc_frame_point(frame, u0, v0);
	corner[1] = sc_frame_point(frame, u1, v0);
	corner[2] = sc_frame_point(frame, u1, v1);
	corner[3] = sc_frame_point(frame, u0, v1);
}

/* A frame-local place given relative to a tilted box: centre (cu, cv), tilt in radians. */
static inline struct sc_point sc_frame_tilted(const struct sc_frame *frame, float cu, float cv, float tilt, float u,
					      float v)
{
	const float c = cosf(tilt), s = sinf(tilt);

	return sc_frame_point(frame, cu + u * c - v * s, cv + u * s + v * c);
}

/* Where the shade of something 'height_m' metres tall ends, relative to its foot. */
static inline struct sc_point sc_frame_shadow(const struct sc_frame *frame, float height_m)
{
	const struct sc_flight *flight = frame->scene->flight;

	return (struct sc_point){flight->shadow_x * height_m, flight->shadow_y * height_m};
}

#endif
