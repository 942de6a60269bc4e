/*
 * style.h: what a raster's values are called and how they look.
 */
#ifndef LU_RASTER_STYLE_H
#define LU_RASTER_STYLE_H

#include <stdint.h>

/* One class. The name belongs to whoever made the entry. */
struct lu_style_entry {
	int value;
	const char *name; /* UTF-8 */
	uint8_t red, green, blue;
};

/* How a measured band (no classes) is coloured. */
enum lu_map_ramp {
	LU_RAMP_NONE, /* no style file: the viewer decides */
	LU_RAMP_GREY, /* black to white */
	LU_RAMP_CONFIDENCE, /* dark red, yellow, dark green */
};

#endif
