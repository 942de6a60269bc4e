/*
 * imagery.h: one date's picture, written strip by strip to one file or to four overlapping quarters
 */
#ifndef SC_IMAGERY_H
#define SC_IMAGERY_H

#include "noise.h"
#include "place.h"

#include <gdal.h>
#include <stdbool.h>
#include <stdint.h>

/* Rows of a strip: the tile height, so every strip but the last fills whole tiles and none is compressed twice. */
#define SC_STRIP_ROWS 512

#define SC_PATH_BYTES 4096

struct sc_imagery_options {
	bool jpeg; /* else deflate */
	int quality;
	bool quads;
	bool cog;
	int threads; /* that compress */
};

struct sc_imagery_file {
	struct sc_rect window; /* of the whole picture */
	float wedge_x, wedge_y; /* depth of the empty corner along an inner edge, pixels; sign says which edge */
	GDALDatasetH file;
	char part[SC_PATH_BYTES];
	char path[SC_PATH_BYTES];
};

struct sc_imagery {
	const struct sc_place *place;
	struct sc_imagery_options options;
	int width_px, height_px;
	struct sc_imagery_file piece[4];
	int pieces;
	uint8_t *scratch; /* a strip with its empty corners cut out, and its mask */
};

/*
 * Create the files of date 'name' in 'dir': imagery_NAME.tif, or the folder imagery_NAME with four quads. Returns
 * false after a line on stderr; then nothing is held.
 */
bool sc_imagery_open(struct sc_imagery *imagery, const char *dir, const char *name, int width_px, int height_px,
		     const struct sc_place *place, const struct sc_imagery_options *options);

/*
 * Write rows [row, row + count) from 'rgb' (width_px RGB pixels a row, tight). 'row' is a multiple of
 * SC_STRIP_ROWS, strips come from north to south.
 */
bool sc_imagery_strip(struct sc_imagery *imagery, int row, int count, uint8_t *rgb);

/*
 * Finish and publish. With 'keep' false the unfinished files are removed instead. Always releases the imagery.
 */
bool sc_imagery_close(struct sc_imagery *imagery, bool keep);

#endif
