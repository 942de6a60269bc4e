/*
 * style.c: two tables: style to name and class, class to name and colour
 */
#include "style.h"

#include <assert.h>

static const struct {
	const char *name;
	enum sc_class land_class;
} styles[SC_STYLE_COUNT] = {
	[SC_RIVER] = {"river", SC_WATER},
	[SC_BEACH] = {"beach", SC_BARREN},
	[SC_FOREST_STAND] = {"forest", SC_FOREST},
	[SC_CHAPARRAL] = {"chaparral", SC_SHRUB},
	[SC_GOLFCOURSE] = {"golfcourse", SC_HERBACEOUS},
	[SC_AGRICULTURAL] = {"agricultural", SC_CULTIVATED},
	[SC_SPARSE] = {"sparseresidential", SC_DEVELOPED},
	[SC_MEDIUM] = {"mediumresidential", SC_DEVELOPED},
	[SC_DENSE] = {"denseresidential", SC_DEVELOPED},
	[SC_MOBILEHOMES] = {"mobilehomepark", SC_DEVELOPED},
	[SC_BUILDINGS] = {"buildings", SC_DEVELOPED},
	[SC_PARKINGLOT] = {"parkinglot", SC_DEVELOPED},
	[SC_FREEWAY] = {"freeway", SC_DEVELOPED},
	[SC_INTERSECTION] = {"intersection", SC_DEVELOPED},
};

static const struct {
	const char *name;
	unsigned colour;
} classes[SC_CLASS_COUNT] = {
	[SC_OUTSIDE] = {"Outside", 0x000000},       [SC_WATER] = {"Water", 0x466b9f},
	[SC_DEVELOPED] = {"Developed", 0xeb0000},   [SC_BARREN] = {"Barren", 0xb3ac9f},
	[SC_FOREST] = {"Forest", 0x1c5f2c},         [SC_SHRUB] = {"Shrub", 0xccb879},
	[SC_HERBACEOUS] = {"Herbaceous", 0xdfdfc2}, [SC_CULTIVATED] = {"Cultivated", 0xab6c28},
};

const char *sc_style_name(enum sc_style style)
{
	assert(style < SC_STYLE_COUNT);
	return styles[style].name;
}

enum sc_class sc_style_class(enum sc_style style)
{
	assert(style < SC_STYLE_COUNT);
	return styles[style].land_class;
}

const char *sc_class_name(enum sc_class land_class)
{
	assert(land_class < SC_CLASS_COUNT);
	return classes[land_class].name;
}

unsigned sc_class_colour(enum sc_class land_class)
{
	assert(land_class < SC_CLASS_COUNT);
	return classes[land_class].colour;
}
