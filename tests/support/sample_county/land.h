/*
 * land.h: what stands where: the style of every cell at every date
 *
 * A land is a small table (one byte per cell and date) that the landscape and change planners fill and everyone else
 * only reads. Asking beyond its edge gives the nearest cell, so pictures need no special border.
 */
#ifndef SC_LAND_H
#define SC_LAND_H

#include "style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sc_land {
	int cols, rows;
	int dates;
	int chip_px; /* a cell's side */
	uint32_t seed;
	uint8_t *style; /* dates x rows x cols, enum sc_style */
	uint8_t *axis; /* rows x cols: 0 streets run east, 1 streets run south */
	uint8_t *inside; /* rows x cols: the part in the county, in 255ths; 0 only where it does not touch */
};

/* An all-river land, all of it inside. Returns false when memory is short; then nothing is held. */
bool sc_land_init(struct sc_land *land, int cols, int rows, int dates, int chip_px, uint32_t seed);

void sc_land_release(struct sc_land *land);

static inline size_t sc_land_cells(const struct sc_land *land)
{
	return (size_t)land->rows * (size_t)land->cols;
}

static inline size_t sc_land_at(const struct sc_land *land, int row, int col)
{
	/* The lower bound last: the place is within memory also to a compiler that does not know that lands have cells. */
	row = row >= land->rows ? land->rows - 1 : row;
	row = row < 0 ? 0 : row;
	col = col >= land->cols ? land->cols - 1 : col;
	col = col < 0 ? 0 : col;
	return (size_t)row * (size_t)land->cols + (size_t)col;
}

static inline enum sc_style sc_land_style(const struct sc_land *land, int date, int row, int col)
{
	return (enum sc_style)land->style[(size_t)date * sc_land_cells(land) + sc_land_at(land, row, col)];
}

/* The truth: the class of a cell, or SC_OUTSIDE. */
static inline enum sc_class sc_land_class(const struct sc_land *land, int date, int row, int col)
{
	if (!land->inside[sc_land_at(land, row, col)])
		return SC_OUTSIDE;
	return sc_style_class(sc_land_style(land, date, row, col));
}

/*
 * The farm parcel a cell belongs to, as a key for sc_dice: cells of one parcel share their crop and rows. Parcels
 * are blocks of 2 x 2 cells, every other pair of rows shifted by one, like bricks.
 */
uint32_t sc_land_parcel(const struct sc_land *land, int row, int col);

/* Does a country road run along the west edge of this column (or the north edge of this row)? */
bool sc_land_road_west(const struct sc_land *land, int col);
bool sc_land_road_north(const struct sc_land *land, int row);

#endif
