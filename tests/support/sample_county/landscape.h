/*
 * landscape.h: a county's land use at its first date
 *
 * Fields of smooth noise say how urban, how tilled and how wild each place is; the cells are then ranked by them and
 * each use takes its share from the top. Ranking is what keeps the shares the same for every seed and size.
 */
#ifndef SC_LANDSCAPE_H
#define SC_LANDSCAPE_H

#include "land.h"

/* Shares of a county, of all cells. Water is what the river and lakes take and differs a little by seed. */
#define SC_SHARE_LAKES 0.02f
#define SC_SHARE_DEVELOPED 0.20f
#define SC_SHARE_CULTIVATED 0.24f
#define SC_SHARE_HERBACEOUS 0.11f
#define SC_SHARE_SHRUB 0.08f
#define SC_SHARE_BARREN 0.04f

/* Fill styles of date 0 and the street axes. Returns false when memory is short. */
bool sc_landscape_settle(struct sc_land *land);

/* How urban a place is, for ranking: higher is nearer to a town. Also guides where towns grow. */
float sc_landscape_urban(const struct sc_land *land, int row, int col);

#endif
