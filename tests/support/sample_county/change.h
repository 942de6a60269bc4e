/*
 * change.h: what becomes of the land between two dates
 *
 * Change comes as processes (a subdivision on farmland, regrowth, clearing, ponds), each with its share of all change and
 * each in clusters rather than as salt and pepper. Towns and rivers stay, and so do cells with a
 * fifth or more outside the county.
 */
#ifndef SC_CHANGE_H
#define SC_CHANGE_H

#include "land.h"

/*
 * Fill the styles of date 'date' from those of date - 1, with 'share' of the inside cells changed: exactly that many,
 * rounded, unless too few cells have a process that suits them. A changed cell always changes its class, not only
 * its style. Returns false when memory is short.
 */
bool sc_change_plan(struct sc_land *land, int date, double share);

/* Did the cell's class change from date - 1 to date? */
bool sc_changed(const struct sc_land *land, int date, int row, int col);

#endif
