/*
 * areas.c: dividing edges, carrying them to the ellipsoid, and adding up.
 */
#include "change/areas.h"

#include <assert.h>
#include <float.h>
#include <geodesic.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "change/cell_patch.h"

/*
 * Side of a patch's blocks on the ground, at most. Large, so that few points are carried to the ellipsoid, and
 * small enough that the cubic term of common projections stays below LU_PATCH_TOLERANCE (it grows with the cube).
 */
static const double patch_block_m = 2048.0;
/*
 * Longest piece of a block's side. A piece of L metres cuts off L^3 / 12 R tan(latitude), 0.2 m^2 here, which the
 * opposite side gives back but for the part 2 km / R: 1e-10 of the block, and nothing between neighbours.
 */
static const double patch_piece_m = 256.0;

static const double radian = 3.14159265358979323846 / 180.0;

/* Points on their way through to_lonlat: a buffer that only grows. */
struct path {
	struct lu_point *points;
	size_t count, room;
};

static enum lu_status path_reserve(struct path *path, size_t more, struct lu_error *err)
{
	if (path->room - path->count >= more)
		return LU_OK;
	const size_t room = 2 * path->room + more;
	enum lu_status status = lu_grow(&path->points, room, sizeof(*path->points), "densified boundary", err);

	if (status == LU_OK)
		path->room = room;
	return status;
}

/* 'from', then the points that divide from-to into 'pieces'; not 'to', which starts the next edge. */
static void path_edge(struct path *path, struct lu_point from, struct lu_point to, size_t pieces)
{
	assert(path->room - path->count >= pieces);
	for (size_t i = 0; i < pieces; i++) {
		const double u = (double)i / (double)pieces;

		path->points[path->count++] =
			(struct lu_point){.x = from.x + u * (to.x - from.x), .y = from.y + u * (to.y - from.y)};
	}
}

/* A pair's order must not matter, or neighbours would divide their common side differently in the last digit. */
static size_t pieces_of(struct lu_point p, struct lu_point q, double metres_per_unit)
{
	const double pieces = ceil(hypot(q.x - p.x, q.y - p.y) * metres_per_unit / LU_AREA_PIECE_M - 1e-6);

	return pieces >= 1.0 ? (pieces < 1e6 ? (size_t)pieces : 1000000) : 1;
}

static enum lu_status to_lonlat(const struct lu_geodesy *geodesy, struct lu_point *points, size_t count,
				struct lu_error *err)
{
	enum lu_status status = geodesy->to_lonlat(geodesy->user, points, count, err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(points[i].x) || !isfinite(points[i].y) || fabs(points[i].y) > 90.0 + 1e-9)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       "areas: a point of the boundary or grid has no longitude and latitude "
				       "(does the CRS cover the county?)");
	}
	return LU_OK;
}

/* 'degrees' moved by whole turns to within 180 of 'near'. */
static double unwrap(double degrees, double near)
{
	const double d = degrees - near;

	if (fabs(d) <= 180.0)
		return degrees;
	return degrees - 360.0 * floor((d + 180.0) / 360.0);
}

/*
 * Metres on the ground per CRS unit near 'at', the larger of both axes: probed over 'step' units.
 * Only decides how finely edges are divided.
 */
static enum lu_status probe_scale(const struct lu_geodesy *geodesy, struct lu_point at, double step, double *scale,
				  struct lu_error *err)
{
	struct lu_point p[3] = {at, {at.x + step, at.y}, {at.x, at.y + step}};
	enum lu_status status = to_lonlat(geodesy, p, 3, err);

	if (status != LU_OK)
		return status;
	*scale = 0.0;
	for (int i = 1; i < 3; i++) {
		const double east = (unwrap(p[i].x, p[0].x) - p[0].x) * cos(p[0].y * radian);
		const double metres = hypot(east, p[i].y - p[0].y) * radian * geodesy->a_m;

		*scale = fmax(*scale, metres / step);
	}
	return LU_OK;
}

double lu_geodesic_ring_area(const struct lu_point *lonlat_deg, size_t count, double a_m, double f)
{
	struct geod_geodesic ellipsoid;
	struct geod_polygon polygon;
	double area;

	geod_init(&ellipsoid, a_m, f);
	geod_polygon_init(&polygon, 0);
	for (size_t i = 0; i < count; i++)
		geod_polygon_addpoint(&ellipsoid, &polygon, lonlat_deg[i].y, lonlat_deg[i].x);
	geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area, NULL);
	return area;
}

enum lu_status lu_geodesic_area(const struct lu_geodesy *geodesy, const struct lu_polygon *polygon, double *area_m2,
				struct lu_error *err)
{
	const struct lu_box box = lu_polygon_box(polygon);
	const double span = fmax(box.max_x - box.min_x, box.max_y - box.min_y);
	struct path path = {0};
	double scale, sum = 0.0;
	enum lu_status status;

	*area_m2 = 0.0;
	if (polygon->count == 0 || !(span > 0.0))
		return LU_OK;
	status = probe_scale(geodesy,
			     (struct lu_point){.x = (box.min_x + box.max_x) / 2.0, .y = (box.min_y + box.max_y) / 2.0},
			     span / 1000.0, &scale, err);
	for (size_t i = 0; i < polygon->count && status == LU_OK; i++) {
		const struct lu_ring *ring = &polygon->rings[i];

		path.count = 0;
		for (size_t k = 0; k < ring->count && status == LU_OK; k++) {
			const struct lu_point p = ring->points[k], q = ring->points[(k + 1) % ring->count];
			const size_t pieces = pieces_of(p, q, scale);

			status = path_reserve(&path, pieces, err);
			if (status == LU_OK)
				path_edge(&path, p, q, pieces);
		}
		if (status == LU_OK)
			status = to_lonlat(geodesy, path.points, path.count, err);
		if (status == LU_OK)
			sum += lu_geodesic_ring_area(path.points, path.count, geodesy->a_m, geodesy->f);
	}
	if (status == LU_OK)
		*area_m2 = sum;
	lu_free(path.points);
	return status;
}

/* Snyder's q: the area between the equator and a latitude, over a^2/2 and a radian of longitude. */
static double authalic_q(double sine, double e)
{
	if (e < 1e-9)
		return 2.0 * sine;
	return (1.0 - e * e) * (sine / (1.0 - e * e * sine * sine) + atanh(e * sine) / e);
}

void lu_equal_area_project(double a_m, double f, struct lu_point *lonlat_deg, size_t count)
{
	const double e = sqrt(f * (2.0 - f));

	for (size_t i = 0; i < count; i++) {
		lonlat_deg[i].x = a_m * lonlat_deg[i].x * radian;
		lonlat_deg[i].y = a_m / 2.0 * authalic_q(sin(lonlat_deg[i].y * radian), e);
	}
}

/* The 4 x 4 blocks in one place of the frame, found when a cell of theirs is asked for. */
struct patch {
	int64_t row; /* of patches; negative: not found yet */
	bool smooth; /* otherwise its cells are found one by one */
	double block_m2[LU_PATCH_BLOCKS][LU_PATCH_BLOCKS];
};

struct lu_cell_meter {
	const struct lu_geodesy *geodesy;
	const struct lu_frame *cells;
	double scale; /* metres per CRS unit */
	struct path path; /* scratch */
	int64_t block_cells; /* cells of a patch's block each way; 0: cells are too large for patches */
	struct patch *patches; /* one a column of patches */
};

/* Whole blocks divide tiles of 2^n cells, so that neighbouring tiles share no patch. */
static enum lu_status make_patches(struct lu_cell_meter *meter, struct lu_error *err)
{
	const double *t = meter->cells->transform;
	const double side_m = fmax(fabs(t[1]), fabs(t[5])) * meter->scale;
	int64_t block_cells = 1;

	while (2.0 * (double)block_cells * side_m <= patch_block_m && block_cells < INT32_MAX / 8)
		block_cells *= 2;
	if (block_cells < LU_PATCH_BLOCKS)
		return LU_OK; /* the blocks' sides would have more points than the cells' */
	const int64_t side = LU_PATCH_BLOCKS * block_cells;
	const size_t count = (size_t)((meter->cells->width + side - 1) / side);
	const enum lu_status status = lu_alloc(&meter->patches, count, sizeof(*meter->patches), "cell areas", err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		meter->patches[i].row = -1;
	meter->block_cells = block_cells;
	return LU_OK;
}

enum lu_status lu_cell_meter_new(const struct lu_geodesy *geodesy, const struct lu_frame *cells,
				 struct lu_cell_meter **out, struct lu_error *err)
{
	const double *t = cells->transform;
	struct lu_cell_meter *meter = NULL;
	enum lu_status status;

	*out = NULL;
	if (t[2] != 0.0 || t[4] != 0.0 || t[1] == 0.0 || t[5] == 0.0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "areas: the cells' raster is rotated (warp it first)");
	status = lu_alloc(&meter, 1, sizeof(*meter), "cell areas", err);
	if (status != LU_OK)
		goto out;
	meter->geodesy = geodesy;
	meter->cells = cells;

	const double col = floor((double)cells->width / 2.0), row = floor((double)cells->height / 2.0);
	const struct lu_point corner = {.x = t[0] + col * t[1], .y = t[3] + row * t[5]};

	status = probe_scale(geodesy, corner, fmin(fabs(t[1]), fabs(t[5])), &meter->scale, err);
	if (status != LU_OK)
		goto out;
	status = make_patches(meter, err);
	if (status != LU_OK)
		goto out;
	*out = meter;
	meter = NULL;
out:
	lu_cell_meter_free(meter);
	return status;
}

void lu_cell_meter_free(struct lu_cell_meter *meter)
{
	if (!meter)
		return;
	lu_free(meter->path.points);
	lu_free(meter->patches);
	lu_free(meter);
}

/* Longitudes of a line of points, each unwrapped by the one before it, the first by 'near'. */
static void unwrap_line(struct lu_point *points, size_t count, double near)
{
	for (size_t i = 0; i < count; i++)
		near = points[i].x = unwrap(points[i].x, near);
}

/* Twice the signed area between p-q and 'about'. */
static double cross(struct lu_point about, struct lu_point p, struct lu_point q)
{
	return (p.x - about.x) * (q.y - about.y) - (q.x - about.x) * (p.y - about.y);
}

/* As lu_cell_meter_row_by_corners, for blocks of 'step' x 'step' cells: rows and columns of blocks. */
static enum lu_status row_by_corners(struct lu_cell_meter *meter, int64_t step, int64_t row, int64_t first,
				     int64_t count, double *area_m2, struct lu_error *err)
{
	const double *origin = meter->cells->transform;
	const double t[6] = {origin[0], (double)step * origin[1], 0.0, origin[3], 0.0, (double)step * origin[5]};
	/* Opposite sides of a block bend alike, and blocks share their sides: longer pieces do (see patch_piece_m). */
	const double scale = step == 1 ? meter->scale : meter->scale * LU_AREA_PIECE_M / patch_piece_m;
	const size_t n = pieces_of((struct lu_point){0}, (struct lu_point){.x = t[1]}, scale);
	const size_t m = pieces_of((struct lu_point){0}, (struct lu_point){.y = t[5]}, scale);
	const size_t cells = (size_t)count;
	const size_t line = cells * n + 1;
	struct path *path = &meter->path;
	size_t needed;
	enum lu_status status;

	if (count == 0)
		return LU_OK;
	assert(count > 0);
	if (!lu_mul(cells + 1, 2 * n + m + 2, &needed))
		return lu_fail(err, LU_ERROR_MEMORY, "areas: a row of %zu cells is too long", cells);
	path->count = 0;
	status = path_reserve(path, needed, err);
	if (status != LU_OK)
		return status;

	/* The row's upper line, its lower line, then the inner points of each vertical side. Every cell corner
	   is computed from its own index, so that runs that start elsewhere see the same corner. */
	for (int64_t side = 0; side < 2; side++) {
		const double y = t[3] + (double)(row + side) * t[5];

		for (int64_t col = first; col < first + count; col++)
			path_edge(path, (struct lu_point){.x = t[0] + (double)col * t[1], .y = y},
				  (struct lu_point){.x = t[0] + (double)(col + 1) * t[1], .y = y}, n);
		path_edge(path, (struct lu_point){.x = t[0] + (double)(first + count) * t[1], .y = y},
			  (struct lu_point){0}, 1);
	}
	for (int64_t col = first; col <= first + count; col++) {
		const double x = t[0] + (double)col * t[1];
		const double y0 = t[3] + (double)row * t[5], y1 = t[3] + (double)(row + 1) * t[5];

		for (size_t i = 1; i < m; i++)
			path->points[path->count++] =
				(struct lu_point){.x = x, .y = y0 + (double)i / (double)m * (y1 - y0)};
	}
	assert(path->count == 2 * line + (cells + 1) * (m - 1));
	status = to_lonlat(meter->geodesy, path->points, path->count, err);
	if (status != LU_OK)
		return status;

	struct lu_point *const upper = path->points, *const lower = upper + line, *const inner = lower + line;

	/* Along the lines, because a row may go further round the earth than half of it. */
	unwrap_line(upper, line, upper[0].x);
	unwrap_line(lower, line, upper[0].x);
	for (size_t i = 0; i <= cells; i++)
		unwrap_line(inner + i * (m - 1), m - 1, upper[i * n].x);
	lu_equal_area_project(meter->geodesy->a_m, meter->geodesy->f, path->points, path->count);

	for (size_t i = 0; i < cells; i++) {
		const struct lu_point o = upper[i * n];
		double twice = 0.0;

		/* Once round: along the upper side, down, back along the lower side, up. */
		for (size_t k = 0; k < n; k++) {
			twice += cross(o, upper[i * n + k], upper[i * n + k + 1]);
			twice -= cross(o, lower[i * n + k], lower[i * n + k + 1]);
		}
		for (size_t k = 0; k < m; k++) {
			const struct lu_point *left = inner + i * (m - 1), *right = inner + (i + 1) * (m - 1);
			const struct lu_point l0 = k == 0 ? upper[i * n] : left[k - 1];
			const struct lu_point l1 = k == m - 1 ? lower[i * n] : left[k];
			const struct lu_point r0 = k == 0 ? upper[(i + 1) * n] : right[k - 1];
			const struct lu_point r1 = k == m - 1 ? lower[(i + 1) * n] : right[k];

			twice += cross(o, r0, r1) - cross(o, l0, l1);
		}
		area_m2[i] = fabs(twice) / 2.0; /* the direction depends on the signs of the transform */
	}
	return LU_OK;
}

enum lu_status lu_cell_meter_row_by_corners(struct lu_cell_meter *meter, int64_t row, int64_t first, int64_t count,
					    double *area_m2, struct lu_error *err)
{
	return row_by_corners(meter, 1, row, first, count, area_m2, err);
}

/*
 * The patch of row 'row' and column 'col' of patches. It may stick out of the frame, also to where the CRS has no
 * ground: then it is not smooth. So a cell's area depends on the frame alone, never on who asked for what before.
 */
static enum lu_status find_patch(struct lu_cell_meter *meter, int64_t row, int64_t col, struct patch **out,
				 struct lu_error *err)
{
	struct patch *patch = &meter->patches[col];
	enum lu_status status = LU_OK;

	*out = patch;
	if (patch->row == row)
		return LU_OK;
	for (int64_t i = 0; i < LU_PATCH_BLOCKS && status == LU_OK; i++)
		status = row_by_corners(meter, meter->block_cells, LU_PATCH_BLOCKS * row + i, LU_PATCH_BLOCKS * col,
					LU_PATCH_BLOCKS, patch->block_m2[i], err);
	if (status == LU_ERROR_MEMORY)
		return status;
	patch->row = row;
	patch->smooth = status == LU_OK && lu_cell_patch_smooth(patch->block_m2);
	return LU_OK;
}

enum lu_status lu_cell_meter_row(struct lu_cell_meter *meter, int64_t row, int64_t first, int64_t count,
				 double *area_m2, struct lu_error *err)
{
	const int64_t side = LU_PATCH_BLOCKS * meter->block_cells, end = first + count;
	enum lu_status status = LU_OK;

	if (meter->block_cells == 0)
		return lu_cell_meter_row_by_corners(meter, row, first, count, area_m2, err);
	for (int64_t at = first, next; at < end && status == LU_OK; area_m2 += next - at, at = next) {
		const int64_t corner = at / side * side;
		struct patch *patch;

		next = corner + side < end ? corner + side : end;
		status = find_patch(meter, row / side, at / side, &patch, err);
		if (status == LU_OK && patch->smooth)
			lu_cell_patch_row(patch->block_m2, meter->block_cells, row % side, at - corner, next - at,
					  area_m2);
		else if (status == LU_OK)
			status = lu_cell_meter_row_by_corners(meter, row, at, next - at, area_m2, err);
	}
	return status;
}

enum lu_status lu_cell_meter_polygon(struct lu_cell_meter *meter, const struct lu_polygon *polygon, double *area_m2,
				     struct lu_error *err)
{
	double twice = 0.0;
	struct path *path = &meter->path;

	*area_m2 = 0.0;
	for (size_t i = 0; i < polygon->count; i++) {
		const struct lu_ring *ring = &polygon->rings[i];

		path->count = 0;
		for (size_t k = 0; k < ring->count; k++) {
			const struct lu_point p = ring->points[k], q = ring->points[(k + 1) % ring->count];
			const size_t pieces = pieces_of(p, q, meter->scale);
			enum lu_status status = path_reserve(path, pieces, err);

			if (status != LU_OK)
				return status;
			path_edge(path, p, q, pieces);
		}
		enum lu_status status = to_lonlat(meter->geodesy, path->points, path->count, err);

		if (status != LU_OK)
			return status;
		if (path->count > 0)
			unwrap_line(path->points, path->count, path->points[0].x);
		lu_equal_area_project(meter->geodesy->a_m, meter->geodesy->f, path->points, path->count);
		for (size_t k = 1; k + 1 < path->count; k++)
			twice += cross(path->points[0], path->points[k], path->points[k + 1]);
	}
	*area_m2 = twice / 2.0;
	return LU_OK;
}
