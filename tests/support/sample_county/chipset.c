/*
 * chipset.c: for each chip a land of its own, three cells wide, with fitting neighbours
 */
#include "chipset.h"

#include "chip.h"
#include "files.h"

#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_MAX_BYTES 4096
#define SIDE 9 /* cells; the chip is somewhere inside, for roads and parcels to fall differently */

/* What may stand beside a style; the first entry is most likely. */
static enum sc_style neighbour_of(enum sc_style style, struct sc_dice *dice)
{
	static const enum sc_style wild[] = {SC_FOREST_STAND, SC_GOLFCOURSE, SC_AGRICULTURAL, SC_CHAPARRAL};
	static const enum sc_style urban[] = {SC_MEDIUM, SC_DENSE, SC_SPARSE, SC_BUILDINGS, SC_GOLFCOURSE};
	const bool built = sc_style_class(style) == SC_DEVELOPED;
	const float throw = sc_roll(dice);

	if (throw < 0.5f)
		return style;
	if (built && throw < 0.85f)
		return urban[sc_pick(dice, 5)];
	return wild[sc_pick(dice, 4)];
}

/* Settle a land around (row, col). Water runs through, or lies in a pond or a lake. */
static void settle(struct sc_land *land, enum sc_style style, int row, int col, struct sc_dice *dice)
{
	const float shape = sc_roll(dice);
	const int axis = sc_pick(dice, 2);

	for (int r = row - 1; r <= row + 1; r++) {
		for (int c = col - 1; c <= col + 1; c++) {
			const size_t at = sc_land_at(land, r, c);
			enum sc_style here = neighbour_of(style, dice);

			if (style == SC_RIVER) {
				while (here == SC_RIVER)
					here = neighbour_of(SC_FOREST_STAND, dice);
				if (shape < 0.55f ? (axis ? r == row : c == col) : shape > 0.75f)
					here = SC_RIVER;
			}
			land->style[at] = (uint8_t)here;
			land->axis[at] = (uint8_t)axis;
		}
	}
	land->style[sc_land_at(land, row, col)] = (uint8_t)style;
}

static bool draw_one(const struct sc_chipset *set, enum sc_style style, int number, uint8_t *pixels)
{
	const size_t stride = 3u * (size_t)set->chip_px;
	struct sc_dice dice = {.key = sc_hash(set->seed + 0xc41bu, number, (int)style)};
	struct sc_painter painter;
	struct sc_flight flight;
	struct sc_land land;
	bool ok = false;
	const int row = 1 + sc_pick(&dice, SIDE - 2), col = 1 + sc_pick(&dice, SIDE - 2);

	if (!sc_land_init(&land, SIDE, SIDE, 1, set->chip_px, sc_hash(dice.key, 1, 2)))
		return false;
	settle(&land, style, row, col, &dice);
	flight = sc_flight_plan(land.seed, 0);
	if (sc_painter_init(&painter, &land)) {
		sc_chip_draw(&painter, &flight, 0, row, col, pixels, stride);
		sc_painter_release(&painter);
		ok = true;
	}
	sc_land_release(&land);
	return ok;
}

static bool write_png(const char *path, const uint8_t *pixels, int side)
{
	char level[] = "ZLEVEL=3"; /* a third of the time of the default 6, files a tenth larger */
	char *options[] = {level, NULL};
	GDALDatasetH mem = NULL, png = NULL;
	bool ok = false;

	mem = GDALCreate(GDALGetDriverByName("MEM"), "", side, side, 3, GDT_Byte, NULL);
	if (!mem)
		goto out;
	if (GDALDatasetRasterIO(mem, GF_Write, 0, 0, side, side, (void *)pixels, side, side, GDT_Byte, 3, NULL, 3,
				3 * side, 1) != CE_None)
		goto out;
	png = GDALCreateCopy(GDALGetDriverByName("PNG"), path, mem, FALSE, options, NULL, NULL);
	ok = png != NULL;
out:
	if (png)
		GDALClose(png);
	if (mem)
		GDALClose(mem);
	return ok;
}

static bool write_style(const struct sc_chipset *set, enum sc_style style)
{
	const size_t bytes = 3u * (size_t)set->chip_px * (size_t)set->chip_px;
	char folder[PATH_MAX_BYTES];
	bool ok = true;

	if (!sc_path(folder, sizeof(folder), "%s/%s", set->dir, sc_style_name(style)) || !sc_make_folder(folder))
		return false;
#pragma omp parallel for schedule(dynamic, 4)
	for (int i = 0; i < set->per_class; i++) {
		char path[PATH_MAX_BYTES];
		uint8_t *pixels = malloc(bytes);
		bool fine = pixels && sc_path(path, sizeof(path), "%s/%03d.png", folder, i) &&
			    draw_one(set, style, i, pixels) && write_png(path, pixels, set->chip_px);

		free(pixels);
		if (!fine)
#pragma omp atomic write
			ok = false;
	}
	if (!ok)
		fprintf(stderr,
			"sample-county: %s: not all chips could be written (is the disk full, or the folder "
			"read-only?)\n",
			folder);
	return ok;
}

int sc_chipset_write(const struct sc_chipset *set)
{
	if (!sc_make_folder(set->dir))
		return -1;
	for (int style = 0; style < SC_STYLE_COUNT; style++) {
		if (!write_style(set, (enum sc_style)style))
			return -1;
		if (!set->quiet)
			fprintf(stderr, "sample-county: %s: %d chips\n", sc_style_name((enum sc_style)style),
				set->per_class);
	}
	return 0;
}
