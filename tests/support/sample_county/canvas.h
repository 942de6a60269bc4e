/*
 * canvas.h: a small window of the world to paint on
 *
 * Three planes of floats (0 black .. 255 white, but free to leave that range) and two planes of texture that are
 * anchored to the world. All coordinates are world pixels, so whoever paints need not know which chip is
 * being drawn: what lies outside is clipped. A pixel's centre is at (x + 0.5, y + 0.5).
 */
#ifndef SC_CANVAS_H
#define SC_CANVAS_H

#include "noise.h"

#include <stdbool.h>
#include <stddef.h>

struct sc_rgb {
	float r, g, b;
};

struct sc_point {
	float x, y;
};

struct sc_canvas {
	struct sc_rect area;
	float *plane[3]; /* area.w x area.h each */
	float *fine; /* texture of a few pixels, about -1 .. 1 */
	float *mid; /* texture of some ten pixels */
	float *wide; /* texture of some hundred pixels */
	float *push_x, *push_y; /* two more planes, free for the ground painter */
	float *block; /* the one allocation that holds all of the above */
};

/* Room for a window of at most w x h pixels. Returns false when memory is short; then nothing is held. */
bool sc_canvas_init(struct sc_canvas *canvas, int w, int h);

void sc_canvas_release(struct sc_canvas *canvas);

/* Move the window to 'area' (no larger than at init) and load its textures. The planes are not cleared. */
void sc_canvas_move(struct sc_canvas *canvas, struct sc_rect area, uint32_t seed);

static inline size_t sc_canvas_at(const struct sc_canvas *canvas, int x, int y)
{
	return (size_t)(y - canvas->area.y) * (size_t)canvas->area.w + (size_t)(x - canvas->area.x);
}

/* Lay 'colour' over one pixel, 'alpha' 0 .. 1. The index comes from sc_canvas_at. */
static inline void sc_canvas_blend(struct sc_canvas *canvas, size_t at, struct sc_rgb colour, float alpha)
{
	canvas->plane[0][at] += (colour.r - canvas->plane[0][at]) * alpha;
	canvas->plane[1][at] += (colour.g - canvas->plane[1][at]) * alpha;
	canvas->plane[2][at] += (colour.b - canvas->plane[2][at]) * alpha;
}

/*
 * Darken one pixel as shade does: 'depth' 0 .. 1. Red goes most, for shade is lit by the blue sky.
 */
static inline void sc_canvas_darken(struct sc_canvas *canvas, size_t at, float depth)
{
	canvas->plane[0][at] *= 1.0f - 0.66f * depth;
	canvas->plane[1][at] *= 1.0f - 0.62f * depth;
	canvas->plane[2][at] *= 1.0f - 0.54f * depth;
}

static inline struct sc_rgb sc_rgb_mix(struct sc_rgb a, struct sc_rgb b, float t)
{
	return (struct sc_rgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

static inline struct sc_rgb sc_rgb_scale(struct sc_rgb c, float k)
{
	return (struct sc_rgb){c.r * k, c.g * k, c.b * k};
}

/*
 * Fill a convex polygon of 'count' (3 .. 12) corners, in either direction, with soft edges. 'grain' is how
 * strongly the fine texture marks the colour: 0.1 is ten per cent.
 */
void sc_canvas_fill(struct sc_canvas *canvas, const struct sc_point *corner, int count, struct sc_rgb colour,
		    float alpha, float grain);

/* Darken a convex polygon, see sc_canvas_darken. */
void sc_canvas_shade(struct sc_canvas *canvas, const struct sc_point *corner, int count, float depth);

/* The shade of a flat-topped thing: its outline (at most 6 corners) dragged along 'cast'. */
void sc_canvas_cast(struct sc_canvas *canvas, const struct sc_point *corner, int count, struct sc_point cast,
		    float depth);

#endif
