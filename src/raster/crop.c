/* crop.c: pixels of a view, a line drawn, whole blocks of pixels averaged to fit. */
#include "raster/crop.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "raster/ground.h"
#include "raster/picture.h"
#include "raster/view.h"

enum {
	COLOURS = 3,
	LEAST_CELL_PX = 32,
	MOST_CELL_PX = 320,
	LINE_PX = 2,
	STRIP_PX = 512 /* of the ground, read at once */
};

struct lu_crop {
	struct lu_view *view;
	size_t bands, colours[COLOURS];
	int64_t cell_px;
	uint8_t *planes, *valid; /* as read */
	uint8_t *picture;
};

enum lu_status lu_crop_cell_px(const struct lu_imagery *imagery, const struct lu_frame *cells, int64_t *cell_px,
			       struct lu_error *err)
{
	double cell_m = 0;
	const enum lu_status status = lu_frame_gsd_m(cells, &cell_m, err);

	*cell_px = llround(fmin(fmax(cell_m / lu_imagery_gsd_m(imagery), LEAST_CELL_PX), MOST_CELL_PX));
	return status;
}

enum lu_status lu_crop_new(const struct lu_imagery *imagery, const size_t colours[3], const struct lu_frame *cells,
			   int64_t cell_px, struct lu_crop **out, struct lu_error *err)
{
	struct lu_frame pixels = *cells;
	struct lu_crop *crop;
	enum lu_status status = lu_alloc(&crop, 1, sizeof(*crop), "pictures", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	crop->bands = lu_imagery_bands(imagery);
	crop->cell_px = cell_px;
	memcpy(crop->colours, colours, sizeof(crop->colours));
	pixels.width *= cell_px;
	pixels.height *= cell_px;
	for (int i = 0; i < 6; i++)
		pixels.transform[i] /= i == 0 || i == 3 ? 1 : (double)cell_px;
	status = lu_view_new(imagery, &pixels, &crop->view, err);
	if (status != LU_OK) {
		lu_crop_free(crop);
		return status;
	}
	*out = crop;
	return LU_OK;
}

void lu_crop_free(struct lu_crop *crop)
{
	if (crop == NULL)
		return;
	lu_view_free(crop->view);
	lu_free(crop->planes);
	lu_free(crop->valid);
	lu_free(crop->picture);
	lu_free(crop);
}

size_t lu_crop_bytes(const struct lu_imagery *imagery, size_t most_px)
{
	const size_t picture = (size_t)COLOURS * LU_CROP_MOST_PX * LU_CROP_MOST_PX;

	return lu_view_bytes(imagery) + (lu_imagery_bands(imagery) + 1) * most_px * STRIP_PX + picture;
}

static bool is_marked(const struct lu_crop_scene *scene, int64_t row, int64_t col)
{
	return scene->marked[row * scene->cells.width + col] != 0;
}

/*
 * The side of a marked cell that a pixel lies on has another cell, not marked, beyond it? 'row' and 'col' are of the
 * pixel in the scene, 'thick' is the line's width. Beyond the scene nothing is known and no line is drawn.
 */
static bool on_line(const struct lu_crop_scene *scene, int64_t cell_px, int64_t thick, int64_t row, int64_t col)
{
	const int64_t r = row / cell_px, c = col / cell_px;

	if (!is_marked(scene, r, c))
		return false;
	const int64_t up = row % cell_px < thick && r > 0 ? r - 1 : r;
	const int64_t down = (row + thick) / cell_px > r && r + 1 < scene->cells.height ? r + 1 : r;
	const int64_t left = col % cell_px < thick && c > 0 ? c - 1 : c;
	const int64_t right = (col + thick) / cell_px > c && c + 1 < scene->cells.width ? c + 1 : c;
	for (int64_t i = up; i <= down; i++)
		for (int64_t k = left; k <= right; k++)
			if (!is_marked(scene, i, k))
				return true;
	return false;
}

/* The rounded mean of the block of 'factor' x 'factor' pixels that begins at 'from'. */
static uint8_t mean_of(const uint8_t *from, int64_t stride, int64_t factor)
{
	int64_t sum = factor * factor / 2;

	for (int64_t i = 0; i < factor; i++)
		for (int64_t k = 0; k < factor; k++)
			sum += from[i * stride + k];
	return (uint8_t)(sum / (factor * factor));
}

/* A row of the picture: pixels of the three planes from 'from' on, 'factor' x 'factor' of them to one. */
static void draw_row(const uint8_t *const from[COLOURS], int64_t stride, int64_t factor, int64_t width,
		     uint8_t *restrict to)
{
	const uint8_t *red = from[0], *green = from[1], *blue = from[2];

	if (factor > 1) {
		for (int64_t col = 0; col < width; col++)
			for (int64_t k = 0; k < COLOURS; k++)
				to[COLOURS * col + k] = mean_of(from[k] + col * factor, stride, factor);
		return;
	}
	for (int64_t col = 0; col < width; col++) {
		to[COLOURS * col] = red[col];
		to[COLOURS * col + 1] = green[col];
		to[COLOURS * col + 2] = blue[col];
	}
}

/* The line over a row of the picture. Away from its sides a cell's pixels are all on a line or none is. */
static void draw_line(const struct lu_crop *crop, const struct lu_crop_scene *scene, int64_t factor, int64_t row,
		      int64_t width, uint8_t *to)
{
	static const uint8_t yellow[COLOURS] = {255, 230, 0};
	const int64_t cell = crop->cell_px, thick = LINE_PX * factor, line = scene->trim_px + row * factor;
	int64_t run;

	for (int64_t col = 0; col < width; col += run) {
		const int64_t at = scene->trim_px + col * factor, of_middle = cell - thick - at % cell;
		run = at % cell >= thick && of_middle > 0 ? (of_middle + factor - 1) / factor : 1;
		run = run < width - col ? run : width - col;
		if (on_line(scene, cell, thick, line, at))
			for (int64_t k = col; k < col + run; k++)
				memcpy(to + COLOURS * k, yellow, COLOURS);
	}
}

/* Rows from 'first' on of crop->picture, of 'width' pixels, each of 'factor' x 'factor' of the strip that was read. */
static void draw(struct lu_crop *crop, const struct lu_crop_scene *scene, struct lu_rect strip, int64_t factor,
		 int64_t width, int64_t first)
{
	const int64_t plane = strip.width * strip.height;

	for (int64_t row = 0; row < strip.height / factor; row++) {
		uint8_t *to = crop->picture + (first + row) * width * COLOURS;
		const uint8_t *from[COLOURS];
		for (int64_t k = 0; k < COLOURS; k++)
			from[k] = crop->planes + (int64_t)crop->colours[k] * plane + row * factor * strip.width;
		draw_row(from, strip.width, factor, width, to);
		draw_line(crop, scene, factor, first + row, width, to);
	}
}

enum lu_status lu_crop_write(struct lu_crop *crop, const struct lu_crop_scene *scene, const char *path, bool *drawn,
			     struct lu_error *err)
{
	const int64_t cell = crop->cell_px, trim = scene->trim_px;
	const struct lu_rect window = {scene->cells.x * cell + trim, scene->cells.y * cell + trim,
				       scene->cells.width * cell - 2 * trim, scene->cells.height * cell - 2 * trim};
	const int64_t longest = window.width > window.height ? window.width : window.height;
	const int64_t factor = (longest + LU_CROP_MOST_PX - 1) / LU_CROP_MOST_PX;
	const int64_t width = window.width / factor, height = window.height / factor;
	const int64_t rows = STRIP_PX / factor < height ? STRIP_PX / factor : height; /* of the picture, in a strip */
	const size_t most = (size_t)(window.width * rows * factor);
	bool valid = false;
	enum lu_status status;

	*drawn = false;
	if (!lu_view_touches(crop->view, window))
		return LU_OK;
	LU_TRY(lu_grow(&crop->planes, crop->bands * most, 1, "a picture", err));
	LU_TRY(lu_grow(&crop->valid, most, 1, "a picture", err));
	LU_TRY(lu_grow(&crop->picture, COLOURS * (size_t)(width * height), 1, "a picture", err));
	for (int64_t row = 0; row < height; row += rows) {
		const int64_t left = height - row < rows ? height - row : rows;
		const struct lu_rect strip = {window.x, window.y + row * factor, window.width, left * factor};

		LU_TRY(lu_view_read(crop->view, strip, crop->planes, crop->valid, err));
		valid |= memchr(crop->valid, 1, (size_t)(strip.width * strip.height)) != NULL;
		draw(crop, scene, strip, factor, width, row);
	}
	if (!valid)
		goto out;
	LU_TRY(lu_picture_place(path, crop->picture, (int)width, (int)height, err));
	*drawn = true;
out:
	return status;
}
