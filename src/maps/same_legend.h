/*
 * same_legend.h: do two legends mean the same by their numbers?
 */
#ifndef LU_MAPS_SAME_LEGEND_H
#define LU_MAPS_SAME_LEGEND_H

#include "maps/products.h"
#include "landuse/core.h"

/* A legend, and what to call where it is from ("2011.tif", "scheme landcover-7"). */
struct lu_legend_side {
	const struct lu_legend *legend;
	const char *from;
};

/*
 * LU_ERROR_MISMATCH when one number stands for two classes ("class 1 is 'Water' in 2001.tif and 'Forest' in 2011.tif"),
 * or one class for two numbers. Names that differ in case, blanks or punctuation are the same; those that may well mean
 * the same (Wood and Woodland, Water and Open Water) get a warning. Numbers without a name in one of the two, and names
 * that only repeat the number, say nothing.
 */
enum lu_status lu_same_legend(struct lu_legend_side a, struct lu_legend_side b, const struct lu_hooks *hooks,
			      struct lu_error *err);

#endif
