/*
 * style.h: the looks a cell can have, and the land-use class each look counts as
 *
 * Styles carry the names of the UC Merced Land Use classes, so that a classifier trained on those chips can
 * be asked about ours. Only the styles drawn here are listed.
 */
#ifndef SC_STYLE_H
#define SC_STYLE_H

/* Land-use classes of the truth rasters. 0 is "outside the county", never a class. */
enum sc_class {
	SC_OUTSIDE,
	SC_WATER,
	SC_DEVELOPED,
	SC_BARREN,
	SC_FOREST,
	SC_SHRUB,
	SC_HERBACEOUS,
	SC_CULTIVATED,
	SC_CLASS_COUNT
};

enum sc_style {
	SC_RIVER,
	SC_BEACH,
	SC_FOREST_STAND,
	SC_CHAPARRAL,
	SC_GOLFCOURSE,
	SC_AGRICULTURAL,
	SC_SPARSE,
	SC_MEDIUM,
	SC_DENSE,
	SC_MOBILEHOMES,
	SC_BUILDINGS,
	SC_PARKINGLOT,
	SC_FREEWAY,
	SC_INTERSECTION,
	SC_STYLE_COUNT
};

/* The UC Merced name, for example "denseresidential". */
const char *sc_style_name(enum sc_style style);

enum sc_class sc_style_class(enum sc_style style);

/* "Water", "Developed", ...; "Outside" for SC_OUTSIDE. */
const char *sc_class_name(enum sc_class land_class);

/* The class's colour on a map, 0xRRGGBB, after the NLCD legend. */
unsigned sc_class_colour(enum sc_class land_class);

#endif
