/*
 * view.c: the pixels of one date's imagery, on the county's grid. See view.h.
 *
 * A window is read in pieces, so that scratch memory does not grow with the county. In each piece
 * the files are laid down from the first to the last; a file is only read when a pixel it reaches
 * is still missing.
 */
#include "raster/view.h"

#include <string.h>

#include "base/memory.h"
#include "raster/depth.h"
#include "raster/imagery_internal.h"
#include "raster/placement.h"
#include "raster/source.h"
#include "raster/vsi.h"

/* Files held open by one view: two rows of quarter-quads across a large county. */
#define OPEN_LIMIT 64

/* A piece is at most this many pixels wide and high: three bands of bytes take 3 MB of scratch. */
#define PIECE 1024

/* A file within reach of the frame. */
struct layer {
	size_t member;
	struct lu_placement placement;
	struct lu_source *source; /* NULL while closed */
	uint64_t used; /* clock of the last read */
};

struct lu_view {
	const struct lu_imagery *imagery;
	struct lu_frame frame;
	struct lu_depth depth;
	/*
	 * In mosaic order. Searched from end to end: 10,000 layers take some 10 us a piece, where
	 * reading a piece takes milliseconds.
	 */
	struct layer *layers;
	size_t layer_count;
	size_t open_count;
	uint64_t clock;
	void *raw; /* planes of one piece, in the members' type */
	uint8_t *raw_valid;
};

static bool is_empty(struct lu_rect rect)
{
	return rect.width <= 0 || rect.height <= 0;
}

static enum lu_status place_layers(struct lu_view *view, struct lu_error *err)
{
	const struct lu_imagery *imagery = view->imagery;
	struct lu_transform **to_grid = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&view->layers, imagery->count, sizeof(*view->layers), "a view's layers", err));
	LU_TRY(lu_alloc(&to_grid, imagery->crs_count, sizeof(*to_grid), "coordinate transformations", err));
	for (size_t i = 0; i < imagery->crs_count; i++) {
		if (!lu_crs_same(imagery->crs[i], view->frame.crs_wkt))
			LU_TRY(lu_transform_new(imagery->crs[i], view->frame.crs_wkt, &to_grid[i], err));
	}
	for (size_t i = 0; i < imagery->count; i++) {
		const struct lu_rect whole = {0, 0, view->frame.width, view->frame.height};
		const struct lu_member *member = &imagery->members[i];
		struct layer *layer = &view->layers[view->layer_count];

		LU_TRY(lu_placement_find(member, to_grid[member->crs], &view->frame, &layer->placement, err));
		layer->member = i;
		if (!is_empty(lu_rect_intersect(layer->placement.rect, whole)))
			view->layer_count++;
	}
out:
	for (size_t i = 0; to_grid != NULL && i < imagery->crs_count; i++)
		lu_transform_free(to_grid[i]);
	lu_free(to_grid);
	return status;
}

enum lu_status lu_view_new(const struct lu_imagery *imagery, const struct lu_frame *pixels, struct lu_view **out,
			   struct lu_error *err)
{
	const enum lu_pixel pixel = imagery->members[0].pixel;
	struct lu_view *view = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&view, 1, sizeof(*view), "a view of imagery", err));
	view->imagery = imagery;
	LU_TRY(lu_frame_copy(pixels, &view->frame, err));
	LU_TRY(lu_depth_init(&view->depth, pixel, imagery->low, imagery->high, err));
	LU_TRY(place_layers(view, err));
	LU_TRY(lu_alloc_aligned(&view->raw, imagery->selection.count * PIECE * PIECE, lu_pixel_size(pixel),
				"a view's pixels", err));
	LU_TRY(lu_alloc_aligned(&view->raw_valid, PIECE * PIECE, 1, "a view's mask", err));
	*out = view;
	view = NULL;
out:
	lu_view_free(view);
	return status;
}

size_t lu_view_bytes(const struct lu_imagery *imagery)
{
	const size_t area = (size_t)PIECE * PIECE;

	return imagery->selection.count * area * lu_pixel_size(imagery->members[0].pixel) + area;
}

void lu_view_free(struct lu_view *view)
{
	if (view == NULL)
		return;
	for (size_t i = 0; i < view->layer_count; i++)
		lu_source_close(view->layers[i].source);
	lu_free(view->layers);
	lu_free(view->raw);
	lu_free(view->raw_valid);
	lu_depth_release(&view->depth);
	lu_frame_release(&view->frame);
	lu_free(view);
}

static void close_layer(struct lu_view *view, struct layer *layer)
{
	if (layer->source == NULL)
		return;
	lu_source_close(layer->source);
	layer->source = NULL;
	view->open_count--;
}

/* Close the layer that was not read for longest. */
static void close_oldest(struct lu_view *view)
{
	struct layer *oldest = NULL;

	for (size_t i = 0; i < view->layer_count; i++) {
		struct layer *layer = &view->layers[i];

		if (layer->source != NULL && (oldest == NULL || layer->used < oldest->used))
			oldest = layer;
	}
	if (oldest != NULL)
		close_layer(view, oldest);
}

static enum lu_status open_layer(struct lu_view *view, struct layer *layer, struct lu_error *err)
{
	const struct lu_imagery *imagery = view->imagery;
	const struct lu_member *member = &imagery->members[layer->member];
	enum lu_status status;

	layer->used = ++view->clock;
	if (layer->source != NULL)
		return LU_OK;
	if (view->open_count >= OPEN_LIMIT)
		close_oldest(view);
	LU_TRY(lu_source_open(member, imagery->crs[member->crs], &imagery->selection, &layer->placement, &view->frame,
			      &layer->source, err));
	view->open_count++;
out:
	return status;
}

/*
 * Read 'rect' of a layer into the view's planes. What comes over a network and does not come (a server that is busy, a body cut
 * short) is asked for again, by a connection of its own, after pauses that grow; GDAL itself asks again where a server says
 * that it is busy (raster/start.c), and takes a body cut short for the file's fault.
 */
static enum lu_status read_layer(struct lu_view *view, struct layer *layer, struct lu_rect rect, struct lu_error *err)
{
	const char *path = view->imagery->members[layer->member].path;
	enum lu_status status;
	int tries = 0;

	do {
		status = open_layer(view, layer, err);
		if (status == LU_OK)
			status = lu_source_read(layer->source, rect, view->raw, view->raw_valid, err);
		if (status == LU_ERROR_IO && lu_vsi_remote(path))
			close_layer(view, layer);
	} while (status == LU_ERROR_IO && lu_vsi_again(path, &tries));
	return status;
}

/* A window of the caller's, and its planes. */
struct canvas {
	struct lu_rect window;
	uint8_t *dst, *valid;
};

/* How many pixels of 'rect' have no data yet. */
static size_t count_missing(const struct canvas *canvas, struct lu_rect rect)
{
	size_t missing = 0;

	for (int64_t row = 0; row < rect.height; row++) {
		const uint8_t *valid = canvas->valid + (rect.y + row - canvas->window.y) * canvas->window.width +
				       (rect.x - canvas->window.x);

		/* A row of a piece fits, and lanes of this width are what makes it quick. */
		uint32_t of_row = 0;
		for (int64_t col = 0; col < rect.width; col++)
			of_row += valid[col] == 0;
		missing += of_row;
	}
	return missing;
}

/* A run of one band: what is valid of 'from' goes where the canvas has nothing yet. Bytes without a branch: eight times as fast. */
static void lay_run(const struct lu_depth *depth, const void *plane, size_t from, const uint8_t *raw_valid,
		    const uint8_t *valid, size_t run, uint8_t *restrict dst)
{
	if (depth->pixel == LU_PIXEL_BYTE) {
		const uint8_t *bytes = (const uint8_t *)plane + from;
		for (size_t i = 0; i < run; i++)
			dst[i] = raw_valid[i] > valid[i] ? bytes[i] : dst[i];
		return;
	}
	for (size_t i = 0; i < run; i++)
		if (raw_valid[i] && !valid[i])
			dst[i] = lu_depth_byte(depth, plane, from + i);
}

/* Put the raw pixels of 'rect' under what the canvas has already. */
static void lay_under(const struct lu_view *view, const struct canvas *canvas, struct lu_rect rect)
{
	const size_t raw_area = (size_t)rect.width * (size_t)rect.height;
	const size_t area = (size_t)canvas->window.width * (size_t)canvas->window.height;
	const size_t raw_plane = raw_area * lu_pixel_size(view->depth.pixel);
	const size_t run = (size_t)rect.width;

	for (int64_t row = 0; row < rect.height; row++) {
		const size_t from = (size_t)row * run;
		const size_t to =
			(size_t)((rect.y + row - canvas->window.y) * canvas->window.width + rect.x - canvas->window.x);

		for (size_t band = 0; band < view->imagery->selection.count; band++)
			lay_run(&view->depth, (const char *)view->raw + band * raw_plane, from, view->raw_valid + from,
				canvas->valid + to, run, canvas->dst + band * area + to);
		for (size_t i = 0; i < run; i++)
			canvas->valid[to + i] |= view->raw_valid[from + i];
	}
}

static enum lu_status read_piece(struct lu_view *view, const struct canvas *canvas, struct lu_rect piece,
				 struct lu_error *err)
{
	size_t missing = (size_t)piece.width * (size_t)piece.height;

	for (size_t i = 0; i < view->layer_count && missing > 0; i++) {
		struct layer *layer = &view->layers[i];
		const struct lu_rect rect = lu_rect_intersect(layer->placement.rect, piece);
		enum lu_status status;

		if (is_empty(rect) || count_missing(canvas, rect) == 0)
			continue;
		status = read_layer(view, layer, rect, err);
		if (status != LU_OK)
			return status;
		lay_under(view, canvas, rect);
		missing = count_missing(canvas, piece);
	}
	return LU_OK;
}

enum lu_status lu_view_read(struct lu_view *view, struct lu_rect window, uint8_t *dst, uint8_t *valid,
			    struct lu_error *err)
{
	const struct canvas canvas = {window, dst, valid};
	const struct lu_rect whole = {0, 0, view->frame.width, view->frame.height};
	const struct lu_rect inside = lu_rect_intersect(window, whole);
	size_t area;

	if (window.width <= 0 || window.height <= 0 || !lu_mul((size_t)window.width, (size_t)window.height, &area))
		return lu_fail(err, LU_ERROR_ARGUMENT, "a window of %lld x %lld pixels cannot be read",
			       (long long)window.width, (long long)window.height);
	memset(dst, 0, area * view->imagery->selection.count);
	memset(valid, 0, area);
	for (int64_t y = inside.y; y < inside.y + inside.height; y += PIECE) {
		for (int64_t x = inside.x; x < inside.x + inside.width; x += PIECE) {
			const struct lu_rect tile = {x, y, PIECE, PIECE};
			enum lu_status status = read_piece(view, &canvas, lu_rect_intersect(tile, inside), err);

			if (status != LU_OK)
				return status;
		}
	}
	return LU_OK;
}

bool lu_view_touches(const struct lu_view *view, struct lu_rect window)
{
	for (size_t i = 0; i < view->layer_count; i++) {
		if (!is_empty(lu_rect_intersect(view->layers[i].placement.rect, window)))
			return true;
	}
	return false;
}

static size_t first_reaching(const struct lu_view *view, struct lu_rect window)
{
	for (size_t i = 0; i < view->layer_count; i++) {
		if (!is_empty(lu_rect_intersect(view->layers[i].placement.rect, window)))
			return view->layers[i].member;
	}
	return SIZE_MAX;
}

size_t lu_view_top(const struct lu_view *view, struct lu_rect window)
{
	const struct lu_rect middle = {window.x + window.width / 2, window.y + window.height / 2, 1, 1};
	const size_t top = first_reaching(view, middle);

	return top != SIZE_MAX ? top : first_reaching(view, window);
}

size_t lu_view_direct_count(const struct lu_view *view)
{
	size_t count = 0;

	for (size_t i = 0; i < view->layer_count; i++)
		count += view->layers[i].placement.direct;
	return count;
}
