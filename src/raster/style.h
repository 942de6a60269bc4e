/*
 * style.h: how a raster's values look.
 */
#ifndef LU_RASTER_STYLE_H
#define LU_RASTER_STYLE_H

#include "base/class.h"

/* How a measured band (no classes) is coloured. */
enum lu_map_ramp {
	LU_RAMP_NONE, /* no style file: the viewer decides */
	LU_RAMP_CHANGE, /* clear where it is low, to purple: what lies below shows through */
	LU_RAMP_CONFIDENCE, /* violet, green, yellow: the surer, the lighter */
};

#endif
