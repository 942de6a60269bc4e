/*
 * extent_svg.h: the area of every class through time, as a picture.
 *
 *	   Water			one panel a class, hectares from 0
 *	ha |     .o.			o - o	as mapped, date by date
 *	   | o-o'   `-o			*---*	temporally consistent: what all dates together say
 *	   | *--*-----*			the gap between the two is what the maps say and the land did not do
 *	   +---------------
 *	    2010    2016
 *
 * Below stands how much of the land was stable, changed once, unstable, changed several times.
 */
#ifndef LU_REPORT_EXTENT_SVG_H
#define LU_REPORT_EXTENT_SVG_H

#include "maps/statistics.h"

/*
 * Write the picture durably to 'path'. The dates lie in true distances where every
 * label states a time, and evenly otherwise. Needs statistics of three dates or more with areas
 * (lu_statistics_in_time). Same figures, same bytes.
 */
enum lu_status lu_extent_svg_write(const char *path, const struct lu_county_statistics *statistics,
				   struct lu_error *err);

#endif
