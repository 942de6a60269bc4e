/*
 * records.h: the truth on disk: rasters of land use, the list of changes, the boundary
 *
 * All return false after one line on stderr. Files appear under their names only when whole.
 */
#ifndef SC_RECORDS_H
#define SC_RECORDS_H

#include "boundary.h"
#include "land.h"
#include "options.h"
#include "place.h"

/* One byte per cell: the class, or 0 (nodata) where the county does not touch the cell. Coloured by a palette. */
bool sc_truth_write(const struct sc_land *land, int date, const struct sc_place *place, const char *path);

/* One line per cell inside and pair of dates in a row, where the class differs. 'names' are the dates'. */
bool sc_changes_write(const struct sc_land *land, const char (*names)[SC_DATE_BYTES], const char *path);

/* GeoJSON (RFC 7946): one polygon in longitude and latitude, nine decimals (0.1 mm). */
bool sc_boundary_write(const struct sc_boundary *boundary, const struct sc_place *place, const char *path);

#endif
