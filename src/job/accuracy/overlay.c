/* overlay.c: points of a lattice, looked up in a raster. */
#include "job/accuracy/overlay.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "raster/transform.h"

enum {
	POINTS_A_PIXEL = 4,
	LEAST_POINTS = 4,
	MOST_POINTS = 64, /* along a cell's side */
	MOST_BLOCK = 64, /* cells looked up in one window */
	USUAL_WINDOW = 1 << 22, /* pixels */
	MOST_WINDOW = 1 << 27,
	CODES = 65536,
};

struct lu_overlay {
	const struct lu_frame *cells;
	struct lu_map *raster;
	struct lu_transform *transform; /* NULL: the same CRS */
	uint16_t target[CODES];
	uint64_t seen[CODES]; /* points */
	uint32_t tally[CODES]; /* of a cell, by target; all 0 between cells */
	uint16_t met[MOST_POINTS * MOST_POINTS]; /* targets with a tally */
	size_t met_count;
	int64_t row;
	int points, block;
	struct lu_point *above, *below; /* corners of the row, in pixels of the raster; NAN: nowhere */
	uint16_t *window;
	size_t window_room;
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
		status = lu_transform_new(cells->crs_wkt, frame->crs_wkt, &o->transform, err);
	if (status == LU_OK)
		status = lu_alloc(&o->above, (size_t)cells->width + 1, sizeof(*o->above), "a row", err);
	if (status == LU_OK)
		status = lu_alloc(&o->below, (size_t)cells->width + 1, sizeof(*o->below), "a row", err);
	if (status == LU_OK) {
		place_corners(o, cells->height / 2, o->above);
		place_corners(o, cells->height / 2 + 1, o->below);
		const double side = side_px(o);
		/* A middle that lies nowhere leaves the least of points, which is only slower where it matters. */
		const double points = isfinite(side) ? ceil(POINTS_A_PIXEL * side - 1e-6) : MOST_POINTS;
		o->points = (int)fmin(fmax(points, LEAST_POINTS), MOST_POINTS);
		o->block = isfinite(side) ? (int)fmin(fmax(USUAL_WINDOW / (side * side + 1), 1), MOST_BLOCK) : 1;
		place_corners(o, 0, o->above);
		*out = o;
		o = NULL;
	}
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

static void tally_point(struct lu_overlay *o, struct lu_point place, const struct lu_rect *at)
{
	const double x = floor(place.x) - (double)at->x, y = floor(place.y) - (double)at->y;
	uint16_t code = 0;

	if (x >= 0 && y >= 0 && x < (double)at->width && y < (double)at->height)
		code = o->window[(int64_t)y * at->width + (int64_t)x];
	o->seen[code]++;
	const uint16_t target = o->target[code];
	if (o->tally[target]++ == 0)
		o->met[o->met_count++] = target;
}

/* The class that covers most, or what keeps the cell from having one. */
static void decide(struct lu_overlay *o, uint16_t *value, double *share)
{
	const double all = (double)o->points * o->points;
	uint32_t in_classes = 0, most_class = 0, most_other = 0;
	uint16_t class = 0, other = LU_OVERLAY_NONE;

	for (size_t i = 0; i < o->met_count; i++) {
		const uint16_t target = o->met[i];
		const uint32_t count = o->tally[target];
		const bool is_class = target != LU_OVERLAY_NONE && target < LU_OVERLAY_UNKNOWN;
		uint32_t *most = is_class ? &most_class : &most_other;
		uint16_t *winner = is_class ? &class : &other;
		in_classes += is_class ? count : 0;
		/* Equals go to the lower number, whichever was met first. */
		if (count > *most || (count == *most && target < *winner)) {
			*most = count;
			*winner = target;
		}
		o->tally[target] = 0;
	}
	o->met_count = 0;
	const bool known = 2.0 * in_classes >= all;
	*value = known ? class : other;
	*share = (known ? most_class : most_other) / all;
}

static void look_up(struct lu_overlay *o, int64_t col, const struct lu_rect *at, uint16_t *value, double *share)
{
	const struct lu_point a = o->above[col], b = o->above[col + 1], c = o->below[col], d = o->below[col + 1];

	for (int i = 0; i < o->points; i++) {
		const double down = (i + 0.5) / o->points;
		const struct lu_point left = {a.x + down * (c.x - a.x), a.y + down * (c.y - a.y)};
		const struct lu_point right = {b.x + down * (d.x - b.x), b.y + down * (d.y - b.y)};
		for (int k = 0; k < o->points; k++) {
			const double along = (k + 0.5) / o->points;
			tally_point(o,
				    (struct lu_point){left.x + along * (right.x - left.x),
						      left.y + along * (right.y - left.y)},
				    at);
		}
	}
	decide(o, value, share);
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
			look_up(overlay, col, &at, &value[col], &share[col]);
	}
	struct lu_point *swap = overlay->above;
	overlay->above = overlay->below;
	overlay->below = swap;
	overlay->row++;
	return status;
}

double lu_overlay_seen(const struct lu_overlay *overlay, uint16_t code)
{
	return (double)overlay->seen[code] / ((double)overlay->points * overlay->points);
}
