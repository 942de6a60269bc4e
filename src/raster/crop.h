/*
 * crop.h: what some cells of a grid look like, as a picture for a person.
 *
 *	+-----------------+	the imagery, laid on the cells with whole pixels to a cell
 *	|   +---+         |	a yellow line along the inside of the cells that it is about
 *	|   |   +---+     |	720 pixels on the longer side at most: what fits a form
 *	|   +-------+     |
 *	+-----------------+
 */
#ifndef LU_RASTER_CROP_H
#define LU_RASTER_CROP_H

#include "base/geometry.h"
#include "raster/imagery.h"

enum { LU_CROP_MOST_PX = 720 };

/* Pixels across a cell of 'cells': the imagery's own, between what shows something and what a form holds twice. */
enum lu_status lu_crop_cell_px(const struct lu_imagery *imagery, const struct lu_frame *cells, int64_t *cell_px,
			       struct lu_error *err);

struct lu_crop;

/* 'imagery' is borrowed; 'colours' are the numbers (from 0) of its bands that show as red, green and blue. */
enum lu_status lu_crop_new(const struct lu_imagery *imagery, const size_t colours[3], const struct lu_frame *cells,
			   int64_t cell_px, struct lu_crop **out, struct lu_error *err);
void lu_crop_free(struct lu_crop *crop);

/* The most that one holds, beside decoded blocks, that shows 'most_px' pixels of the ground on the longer side. */
size_t lu_crop_bytes(const struct lu_imagery *imagery, size_t most_px);

/* What to show: all borrowed. */
struct lu_crop_scene {
	struct lu_rect cells; /* may hang over the grid's edges */
	const uint8_t *marked; /* cells.height x cells.width: not 0 within the line */
	int64_t trim_px; /* left out on every side, in pixels of 'cell_px' to a cell */
};

/*
 * Write the picture to 'path' (.png or .jpg), which appears when it is whole, and is safe from a power cut after
 * lu_folder_sync; the same pixels give the same bytes.
 * Beyond the grid and where there is no data it is black. '*drawn' is false, and there is no file, where the
 * imagery has no data at all.
 */
enum lu_status lu_crop_write(struct lu_crop *crop, const struct lu_crop_scene *scene, const char *path, bool *drawn,
			     struct lu_error *err);

#endif
