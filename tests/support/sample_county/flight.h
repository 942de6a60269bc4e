/*
 * flight.h: how one date's pictures look: the sun, the season, the camera
 *
 * Two dates of one county show the same ground under another sky. Everything that differs between them
 * without being a change of land use is in this struct.
 */
#ifndef SC_FLIGHT_H
#define SC_FLIGHT_H

#include "canvas.h"

#include <stdint.h>

struct sc_flight {
	uint32_t seed; /* for what moves between dates: cars, crops, sensor noise */
	float shadow_x; /* pixels of shadow per metre of height, east */
	float shadow_y; /* the same, south */
	float dryness; /* 0 lush .. 1 parched; tints grass and leaves */
	float gain[3]; /* colour cast and brightness, per channel */
	float haze[3]; /* light added by the air, per channel */
	float contrast; /* about mid-grey */
	float blur; /* weight of each neighbour in the 3-tap lens, 0 .. 0.2 */
	float grain; /* amplitude of sensor noise, grey levels */
};

/* The flight of date number 'index' over the county with this seed. */
struct sc_flight sc_flight_plan(uint32_t seed, int index);

/* A plant's colour in this flight's season. */
struct sc_rgb sc_flight_season(const struct sc_flight *flight, struct sc_rgb lush);

/*
 * Develop the picture: lens, contrast, cast, haze and grain, from the canvas's floats to bytes.
 * Fills the window 'out' of the world; the canvas must reach one pixel further on every side. 'dst' holds out.h
 * rows 'stride' bytes apart, three bytes a pixel. No byte is 0, so 0 stays free for nodata.
 */
void sc_flight_develop(const struct sc_flight *flight, const struct sc_canvas *canvas, struct sc_rect out, uint8_t *dst,
		       size_t stride);

#endif
