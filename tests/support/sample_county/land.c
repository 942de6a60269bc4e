/*
 * land.c: the table of cells, and the grid of parcels and country roads that follows from the seed alone
 */
#include "land.h"

#include "noise.h"

#include <stdlib.h>
#include <string.h>

bool sc_land_init(struct sc_land *land, int cols, int rows, int dates, int chip_px, uint32_t seed)
{
	const size_t cells = (size_t)cols * (size_t)rows;

	*land = (struct sc_land){.cols = cols, .rows = rows, .dates = dates, .chip_px = chip_px, .seed = seed};
	land->style = calloc(cells * (size_t)dates, 1);
	land->axis = calloc(cells, 1);
	land->inside = calloc(cells, 1);
	if (!land->style || !land->axis || !land->inside) {
		sc_land_release(land);
		return false;
	}
	memset(land->inside, 255, cells);
	return true;
}

void sc_land_release(struct sc_land *land)
{
	if (!land)
		return;
	free(land->style);
	free(land->axis);
	free(land->inside);
	*land = (struct sc_land){0};
}

static int halve(int v)
{
	return (v - (v < 0)) / 2;
}

uint32_t sc_land_parcel(const struct sc_land *land, int row, int col)
{
	const int down = halve(row);

	return sc_hash(land->seed + 0xfa12u, halve(col + (down & 1)), down);
}

/* Roads keep to even lines, where parcels meet; about one line in three carries one. */
bool sc_land_road_west(const struct sc_land *land, int col)
{
	return (col & 1) == 0 && sc_unit(sc_hash(land->seed + 0x40adu, col, 1)) < 0.34f;
}

bool sc_land_road_north(const struct sc_land *land, int row)
{
	return (row & 1) == 0 && sc_unit(sc_hash(land->seed + 0x40aeu, 1, row)) < 0.34f;
}
