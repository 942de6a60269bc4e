/* overlay.c: cells laid over the pixels of a raster, edge by edge. */
#include "accuracy/overlay.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "raster/transform.h"

enum {
	MOST_BLOCK = 64, /* cells looked up in one window */
	USUAL_WINDOW = 1 << 22, /* pixels */
	MOST_WINDOW = 1 << 27,
	CODES = 65536,
};

/* Parts of a cell that sums of areas round away, and by which equal shares may differ. */
static const double least_share = 1e-12, equal_shares = 1e-9;

struct lu_overlay {
	const struct lu_frame *cells;
	struct lu_map *raster;
	struct lu_transform *transform; /* NULL: the same CRS */
	uint16_t target[CODES];
	double seen[CODES]; /* cells' worth */
	double tally[CODES]; /* shares of a cell, by target; all 0 between cells */
	uint16_t met[CODES]; /* targets with a tally */
	size_t met_count;
	int64_t row;
	int block;
	struct lu_point *above, *below; /* corners of the row, in pixels of the raster; NAN: nowhere */
	uint16_t *window;
	size_t window_room;
	double *cover; /* of the pixels under a cell */
	size_t cover_room;
};

/* The corners on the line above cell row 'row' into 'corners' (width + 1 of them). */
static void place_corners(const struct lu_overlay *o, int64_t row, struct lu_point *corners)
{
	const double *t = o->cells->transform, *r = lu_map_frame(o->raster)->transform;
	const double determinant = r[1] * r[5] - r[2] * r[4];
	const size_t count = (size_t)o->cells->width + 1;

	for (size_t i = 0; i < count; i++)
		corners[i] = (struct lu_point){t[0] + (double)i * t[1] + (double)row * t[2],
					       t[3] + (double)i * t[4] + (double)row * t[5]};
	if (o->transform != NULL)
		lu_transform_points_if_possible(o->transform, corners, count);
	for (size_t i = 0; i < count; i++) {
		const double x = corners[i].x - r[0], y = corners[i].y - r[3];
		corners[i] =
			(struct lu_point){(x * r[5] - y * r[2]) / determinant, (y * r[1] - x * r[4]) / determinant};
	}
}

/* Pixels along the longer side of the cell in the middle of the map. */
static double side_px(const struct lu_overlay *o)
{
	const size_t middle = (size_t)o->cells->width / 2;
	const struct lu_point a = o->above[middle], b = o->above[middle + 1], c = o->below[middle];
	const double along = hypot(b.x - a.x, b.y - a.y), down = hypot(c.x - a.x, c.y - a.y);

	return fmax(along, down);
}

enum lu_status lu_overlay_new(const struct lu_frame *cells, struct lu_map *raster, const uint16_t *target,
			      struct lu_overlay **out, struct lu_error *err)
{
	const struct lu_frame *frame = lu_map_frame(raster);
	struct lu_overlay *o = NULL;
	enum lu_status status = lu_alloc(&o, 1, sizeof(*o), "an overlay", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	o->cells = cells;
	o->raster = raster;
	memcpy(o->target, target, sizeof(o->target));
	if (!lu_crs_same(cells->crs_wkt, frame->crs_wkt))
		LU_TRY(lu_transform_new(cells->crs_wkt, frame->crs_wkt, &o->transform, err));
	LU_TRY(lu_alloc(&o->above, (size_t)cells->width + 1, sizeof(*o->above), "a row", err));
	LU_TRY(lu_alloc(&o->below, (size_t)cells->width + 1, sizeof(*o->below), "a row", err));
	place_corners(o, cells->height / 2, o->above);
	place_corners(o, cells->height / 2 + 1, o->below);
	const double side = side_px(o);
	o->block = isfinite(side) ? (int)fmin(fmax(USUAL_WINDOW / (side * side + 1), 1), MOST_BLOCK) : 1;
	place_corners(o, 0, o->above);
	*out = o;
	o = NULL;
out:
	lu_overlay_free(o);
	return status;
}

void lu_overlay_free(struct lu_overlay *overlay)
{
	if (overlay == NULL)
		return;
	lu_transform_free(overlay->transform);
	lu_free(overlay->above);
	lu_free(overlay->below);
	lu_free(overlay->window);
	lu_free(overlay->cover);
	lu_free(overlay);
}

/* The raster's pixels under cells first .. end - 1, into the window; 'at' is where that lies. */
static enum lu_status fill_window(struct lu_overlay *o, int64_t first, int64_t end, struct lu_rect *at,
				  struct lu_error *err)
{
	const struct lu_frame *frame = lu_map_frame(o->raster);
	double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;

	for (int64_t i = first; i <= end; i++) {
		const struct lu_point corners[2] = {o->above[i], o->below[i]};
		for (int k = 0; k < 2; k++) {
			if (!isfinite(corners[k].x) || !isfinite(corners[k].y))
				continue;
			left = fmin(left, corners[k].x);
			right = fmax(right, corners[k].x);
			top = fmin(top, corners[k].y);
			bottom = fmax(bottom, corners[k].y);
		}
	}
	left = fmax(floor(left), 0);
	top = fmax(floor(top), 0);
	right = fmin(ceil(right), (double)frame->width);
	bottom = fmin(ceil(bottom), (double)frame->height);
	*at = (struct lu_rect){0, 0, 0, 0};
	if (!(right > left && bottom > top))
		return LU_OK;
	if ((right - left) * (bottom - top) > MOST_WINDOW)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "the reference has %.0f pixels under a few cells of the map (resample it first: "
			       "gdalwarp -r mode)",
			       (right - left) * (bottom - top));
	*at = (struct lu_rect){(int64_t)left, (int64_t)top, (int64_t)(right - left), (int64_t)(bottom - top)};
	const size_t pixels = (size_t)(at->width * at->height);
	if (pixels > o->window_room) {
		const enum lu_status status =
			lu_grow(&o->window, pixels, sizeof(*o->window), "a window of the reference", err);
		if (status != LU_OK)
			return status;
		o->window_room = pixels;
	}
	return lu_map_read_rect(o->raster, *at, o->window, err);
}

/*
 * The part of an edge between two rows of pixels, from column 'x0' to 'x1': 'height' of it has the pixels right of it on
 * its inner side. Into 'row' go the differences of what is covered from one pixel to the next, so that their running sum
 * is each pixel's covered area.
 */
static void add_part(double *row, int64_t width, double x0, double x1, double height)
{
	const double left = fmin(fmax(fmin(x0, x1), 0), (double)width),
		     right = fmin(fmax(fmax(x0, x1), 0), (double)width);
	const double run = fabs(x1 - x0);

	/* What lies before the first pixel has all of them on its right, what lies behind the last one none. */
	if (run > 0 && fmin(x0, x1) < 0)
		row[0] += height * fmin((0 - fmin(x0, x1)) / run, 1);
	if (run > 0 && right <= left)
		return;
	for (int64_t col = (int64_t)left; col < width; col++) {
		const double from = fmax(left, (double)col), to = fmin(right, (double)col + 1);
		const double part = run > 0 ? height * (to - from) / run : height,
			     middle = (from + to) / 2 - (double)col;
		row[col] += part * (1 - middle);
		row[col + 1] += part * middle;
		if (right <= (double)col + 1)
			break;
	}
}

/* One edge of the cell, in pixels of the window of 'width' x 'height'. */
static void add_edge(double *window, int64_t width, int64_t height, struct lu_point a, struct lu_point b)
{
	const bool down = b.y > a.y;
	const struct lu_point top = down ? a : b, bottom = down ? b : a;

	if (!(bottom.y > top.y))
		return;
	const double slope = (bottom.x - top.x) / (bottom.y - top.y);
	const double first = fmax(floor(top.y), 0), last = fmin(ceil(bottom.y), (double)height);
	for (double y = first; y < last; y++) {
		const double from = fmax(top.y, y), to = fmin(bottom.y, y + 1);
		add_part(window + (int64_t)y * (width + 1), width, top.x + slope * (from - top.y),
			 top.x + slope * (to - top.y), down ? to - from : from - to);
	}
}

static void tally(struct lu_overlay *o, uint16_t code, double share)
{
	const uint16_t target = o->target[code];

	if (share < least_share)
		return;
	o->seen[code] += share;
	if (o->tally[target] == 0)
		o->met[o->met_count++] = target;
	o->tally[target] += share;
}

/* The class that covers most, or what keeps the cell from having one. */
static void decide(struct lu_overlay *o, uint16_t *value, double *share)
{
	double in_classes = 0, most_class = 0, most_other = 0;
	uint16_t class = 0, other = LU_OVERLAY_NONE;

	for (size_t i = 0; i < o->met_count; i++) {
		const uint16_t target = o->met[i];
		const double part = o->tally[target];
		const bool is_class = target != LU_OVERLAY_NONE && target < LU_OVERLAY_UNKNOWN;
		double *most = is_class ? &most_class : &most_other;
		uint16_t *winner = is_class ? &class : &other;
		in_classes += is_class ? part : 0;
		/* Equals go to the lower number, whichever was met first. */
		if (part > *most + equal_shares || (part > *most - equal_shares && target < *winner)) {
			*most = part;
			*winner = target;
		}
		o->tally[target] = 0;
	}
	o->met_count = 0;
	const bool known = in_classes >= 0.5 - equal_shares;
	*value = known ? class : other;
	*share = known ? most_class : most_other;
}

/* Where the cell lies in the window: the pixels that its corners reach. */
static struct lu_rect reach(const struct lu_point corners[4], const struct lu_rect *at)
{
	struct lu_box box = {corners[0].x, corners[0].y, corners[0].x, corners[0].y};

	for (int i = 1; i < 4; i++) {
		box.min_x = fmin(box.min_x, corners[i].x);
		box.min_y = fmin(box.min_y, corners[i].y);
		box.max_x = fmax(box.max_x, corners[i].x);
		box.max_y = fmax(box.max_y, corners[i].y);
	}
	const double left = fmax(floor(box.min_x), (double)at->x), top = fmax(floor(box.min_y), (double)at->y);
	const double right = fmin(ceil(box.max_x), (double)(at->x + at->width));
	const double bottom = fmin(ceil(box.max_y), (double)(at->y + at->height));

	return right > left && bottom > top
		       ? (struct lu_rect){(int64_t)left, (int64_t)top, (int64_t)(right - left), (int64_t)(bottom - top)}
		       : (struct lu_rect){0, 0, 0, 0};
}

static enum lu_status look_up(struct lu_overlay *o, int64_t col, const struct lu_rect *at, uint16_t *value,
			      double *share, struct lu_error *err)
{
	/* Around the cell, so that the pixels on the right of a downward edge are inside, or all are outside of it. */
	struct lu_point corners[4] = {o->above[col], o->below[col], o->below[col + 1], o->above[col + 1]};
	double area = 0, covered = 0;

	for (int i = 0; i < 4; i++) {
		const struct lu_point p = corners[i], q = corners[(i + 1) % 4];
		area += ((p.x - corners[0].x) * (q.y - corners[0].y) - (q.x - corners[0].x) * (p.y - corners[0].y)) / 2;
	}
	*value = LU_OVERLAY_NONE;
	*share = 1;
	if (!isfinite(area) || area == 0)
		return LU_OK;
	const struct lu_rect cell = reach(corners, at);
	const size_t room = (size_t)((cell.width + 1) * cell.height);
	if (room > o->cover_room) {
		const enum lu_status status =
			lu_grow(&o->cover, room, sizeof(*o->cover), "a cell of the reference", err);
		if (status != LU_OK)
			return status;
		o->cover_room = room;
	}
	if (room > 0)
		memset(o->cover, 0, room * sizeof(*o->cover));
	for (int i = 0; i < 4; i++) {
		corners[i].x -= (double)cell.x;
		corners[i].y -= (double)cell.y;
	}
	for (int i = 0; i < 4 && room > 0; i++)
		add_edge(o->cover, cell.width, cell.height, corners[i], corners[(i + 1) % 4]);
	for (int64_t y = 0; y < cell.height; y++) {
		const uint16_t *codes = o->window + (cell.y - at->y + y) * at->width + (cell.x - at->x);
		double sum = 0;
		for (int64_t x = 0; x < cell.width; x++) {
			sum += o->cover[y * (cell.width + 1) + x];
			tally(o, codes[x], fabs(sum / area));
			covered += fabs(sum / area);
		}
	}
	tally(o, 0, 1 - covered);
	decide(o, value, share);
	return LU_OK;
}

enum lu_status lu_overlay_row(struct lu_overlay *overlay, uint16_t *value, double *share, struct lu_error *err)
{
	const int64_t width = overlay->cells->width;
	enum lu_status status = LU_OK;
	struct lu_rect at;

	place_corners(overlay, overlay->row + 1, overlay->below);
	for (int64_t first = 0; first < width && status == LU_OK; first += overlay->block) {
		const int64_t end = first + overlay->block < width ? first + overlay->block : width;
		status = fill_window(overlay, first, end, &at, err);
		for (int64_t col = first; col < end && status == LU_OK; col++)
			status = look_up(overlay, col, &at, &value[col], &share[col], err);
	}
	struct lu_point *swap = overlay->above;
	overlay->above = overlay->below;
	overlay->below = swap;
	overlay->row++;
	return status;
}

double lu_overlay_seen(const struct lu_overlay *overlay, uint16_t code)
{
	return overlay->seen[code];
}
