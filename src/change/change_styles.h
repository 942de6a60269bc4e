/*
 * change_styles.h: codes of change from class to class: how a raster says that it has them, and what they look like.
 */
#ifndef LU_CHANGE_CHANGE_STYLES_H
#define LU_CHANGE_CHANGE_STYLES_H

#include "models/legend.h"
#include "raster/style.h"

/* The metadata item LANDUSE_CODES, by which a change raster is known. */
#define LU_CHANGE_CODES "before*100+after, unchanged keeps its class"

/*
 * The legend of change codes: every from-to pair in the colour of what it became and, where 'unchanged'
 * says so, every class unchanged in a pale tint of its own.
 */
struct lu_change_styles {
	struct lu_class *entries;
	size_t count;
	char **names; /* owned; the entries point here */
};
enum lu_status lu_change_styles_make(const struct lu_legend *legend, bool unchanged, struct lu_change_styles *out,
				     struct lu_error *err);
void lu_change_styles_release(struct lu_change_styles *styles);

#endif
