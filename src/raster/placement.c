/*
 * placement.c: where a member lies on a grid of pixels. See placement.h.
 */
#include "raster/placement.h"

#include <math.h>
#include <stdint.h>

/* Points per edge: an edge of a 7 km quarter-quad bends by far less than a pixel between two. */
#define EDGE_POINTS 21

/* As far as a member's corners may be off the grid's, in pixels, and still count as on it. */
#define ON_GRID 1e-3

/* Bilinear kernels and the approximate transformer reach over the computed box by less than this. */
#define MARGIN 2

static struct lu_point at(const double t[6], double col, double row)
{
	return (struct lu_point){t[0] + col * t[1] + row * t[2], t[3] + col * t[4] + row * t[5]};
}

static bool invert(const double t[6], double inverse[6])
{
	const double det = t[1] * t[5] - t[2] * t[4];

	if (!(fabs(det) > 0))
		return false;
	inverse[1] = t[5] / det;
	inverse[2] = -t[2] / det;
	inverse[4] = -t[4] / det;
	inverse[5] = t[1] / det;
	inverse[0] = -(t[0] * inverse[1] + t[3] * inverse[2]);
	inverse[3] = -(t[0] * inverse[4] + t[3] * inverse[5]);
	return true;
}

/* The member's outline in the other CRS; returns how many points have an image (the rest are NAN). */
static size_t outline(const struct lu_member *member, struct lu_transform *to_other,
		      struct lu_point points[4 * EDGE_POINTS])
{
	const double w = (double)member->width;
	const double h = (double)member->height;

	for (int i = 0; i < EDGE_POINTS; i++) {
		const double s = (double)i / (EDGE_POINTS - 1);

		points[4 * i] = at(member->transform, s * w, 0);
		points[4 * i + 1] = at(member->transform, s * w, h);
		points[4 * i + 2] = at(member->transform, 0, s * h);
		points[4 * i + 3] = at(member->transform, w, s * h);
	}
	if (to_other == NULL)
		return 4 * EDGE_POINTS;
	return lu_transform_points_if_possible(to_other, points, 4 * EDGE_POINTS);
}

static struct lu_box box_of(const struct lu_point *points, size_t count)
{
	struct lu_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (size_t i = 0; i < count; i++) {
		if (isnan(points[i].x))
			continue;
		box.min_x = fmin(box.min_x, points[i].x);
		box.max_x = fmax(box.max_x, points[i].x);
		box.min_y = fmin(box.min_y, points[i].y);
		box.max_y = fmax(box.max_y, points[i].y);
	}
	return box;
}

enum lu_status lu_placement_box(const struct lu_member *member, struct lu_transform *to_other, struct lu_box *out,
				struct lu_error *err)
{
	struct lu_point points[4 * EDGE_POINTS];

	if (outline(member, to_other, points) == 0)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: no part of it can be expressed in the CRS of the others (is its declared CRS the right "
			"one?)",
			member->path);
	*out = box_of(points, 4 * EDGE_POINTS);
	return LU_OK;
}

/* Are the member's pixels the grid's own, a whole number of pixels away? */
static bool on_grid(const struct lu_member *member, const double inverse[6], struct lu_rect *rect)
{
	const double w = (double)member->width;
	const double h = (double)member->height;
	const struct lu_point corners[3] = {
		at(member->transform, 0, 0),
		at(member->transform, w, 0),
		at(member->transform, 0, h),
	};
	const struct lu_point first = at(inverse, corners[0].x, corners[0].y);
	const struct lu_point right = at(inverse, corners[1].x, corners[1].y);
	const struct lu_point below = at(inverse, corners[2].x, corners[2].y);
	const double col = round(first.x);
	const double row = round(first.y);

	if (!(fabs(col) < 1e15 && fabs(row) < 1e15))
		return false;
	if (fabs(first.x - col) > ON_GRID || fabs(first.y - row) > ON_GRID)
		return false;
	if (fabs(right.x - (col + w)) > ON_GRID || fabs(right.y - row) > ON_GRID)
		return false;
	if (fabs(below.x - col) > ON_GRID || fabs(below.y - (row + h)) > ON_GRID)
		return false;
	*rect = (struct lu_rect){(int64_t)col, (int64_t)row, member->width, member->height};
	return true;
}

enum lu_status lu_placement_find(const struct lu_member *member, struct lu_transform *to_grid,
				 const struct lu_frame *grid, struct lu_placement *out, struct lu_error *err)
{
	const struct lu_rect whole = {0, 0, grid->width, grid->height};
	struct lu_point points[4 * EDGE_POINTS];
	struct lu_box box;
	double inverse[6];

	*out = (struct lu_placement){.same_crs = to_grid == NULL};
	if (!invert(grid->transform, inverse))
		return lu_fail(err, LU_ERROR_ARGUMENT, "the analysis grid has pixels of no size");
	if (to_grid == NULL && on_grid(member, inverse, &out->rect)) {
		out->direct = true;
		return LU_OK;
	}
	/* A member that lies wholly outside the grid's projection cannot reach the grid. */
	if (outline(member, to_grid, points) == 0)
		return LU_OK;
	for (size_t i = 0; i < 4 * EDGE_POINTS; i++)
		points[i] = at(inverse, points[i].x, points[i].y);
	box = box_of(points, 4 * EDGE_POINTS);
	box.min_x = fmax(floor(box.min_x) - MARGIN, 0);
	box.min_y = fmax(floor(box.min_y) - MARGIN, 0);
	box.max_x = fmin(ceil(box.max_x) + MARGIN, (double)grid->width);
	box.max_y = fmin(ceil(box.max_y) + MARGIN, (double)grid->height);
	if (!(box.max_x > box.min_x && box.max_y > box.min_y))
		return LU_OK;
	out->rect = (struct lu_rect){(int64_t)box.min_x, (int64_t)box.min_y, (int64_t)(box.max_x - box.min_x),
				     (int64_t)(box.max_y - box.min_y)};
	out->rect = lu_rect_intersect(out->rect, whole);
	/* GDAL counts the pixels of one raster in int. */
	if (out->rect.width > INT32_MAX || out->rect.height > INT32_MAX)
		return lu_fail(
			err, LU_ERROR_UNSUPPORTED,
			"%s: would cover %lld x %lld pixels of the grid: expected at most 2^31 (choose a coarser "
			"resolution)",
			member->path, (long long)out->rect.width, (long long)out->rect.height);
	return LU_OK;
}
