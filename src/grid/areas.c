/*
 * areas.c: the areas of a frame's cells and of parts of them, by rows of points or by patches.
 */
#include "grid/areas.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "grid/area_path.h"
#include "grid/cell_patch.h"
#include "grid/ring_area.h"

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
	struct lu_area_path path, around; /* scratch: a row of cells, and one cell that lies by a pole */
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
	LU_TRY(lu_alloc(&meter, 1, sizeof(*meter), "cell areas", err));
	meter->geodesy = geodesy;
	meter->cells = cells;

	const double col = floor((double)cells->width / 2.0), row = floor((double)cells->height / 2.0);
	const struct lu_point corner = {.x = t[0] + col * t[1], .y = t[3] + row * t[5]};

	LU_TRY(lu_area_scale(geodesy, corner, fmin(fabs(t[1]), fabs(t[5])), &meter->scale, err));
	LU_TRY(make_patches(meter, err));
	*out = meter;
	meter = NULL;
out:
	lu_cell_meter_free(meter);
	return status;
}

void lu_cell_meter_free(struct lu_cell_meter *meter)
{
	if (meter == NULL)
		return;
	lu_free(meter->path.points);
	lu_free(meter->around.points);
	lu_free(meter->patches);
	lu_free(meter);
}

/* Longitudes of a line of points, each unwrapped by the one before it, the first by 'near'. */
static void unwrap_line(struct lu_point *points, size_t count, double near)
{
	for (size_t i = 0; i < count; i++)
		near = points[i].x = lu_unwrap_degrees(points[i].x, near);
}

/* Twice the signed area between p-q and 'about'. */
static double cross(struct lu_point about, struct lu_point p, struct lu_point q)
{
	return (p.x - about.x) * (q.y - about.y) - (q.x - about.x) * (p.y - about.y);
}

/* The points of a row of cells: 'n' pieces to an upper or lower side, 'm' to the sides between cells. */
struct row_points {
	struct lu_point *upper, *lower, *inner;
	size_t cells, n, m;
};

/* The first point of the vertical side 'side' below the upper line, or the lower line's where it has no points. */
static struct lu_point *below(const struct row_points *row, size_t side, size_t k)
{
	return k + 1 < row->m ? &row->inner[side * (row->m - 1) + k] : &row->lower[side * row->n];
}

static bool is_polar(const struct lu_point *points, size_t count)
{
	bool polar = false;

	for (size_t i = 0; i < count; i++)
		polar |= fabs(points[i].y) > LU_POLAR_DEGREES;
	return polar;
}

/*
 * Lines were unwrapped each by itself. Where the upper and the lower one part at a pole they no longer meet to its
 * right, and a cell that holds the pole does not close.
 */
static bool lies_by_pole(const struct row_points *row, size_t cell)
{
	const size_t n = row->n, inside = row->m - 1;

	if (is_polar(row->upper + cell * n, n + 1) || is_polar(row->lower + cell * n, n + 1) ||
	    is_polar(row->inner + cell * inside, 2 * inside))
		return true;
	for (size_t side = cell; side <= cell + 1; side++) {
		const struct lu_point *last = inside > 0 ? &row->inner[(side + 1) * inside - 1] : &row->upper[side * n];

		if (fabs(row->lower[side * n].x - last->x) > 180.0)
			return true;
	}
	return false;
}

/* Once round the cell, in the plane that suits it. */
static enum lu_status area_by_pole(struct lu_cell_meter *meter, const struct row_points *row, size_t cell,
				   double *area_m2, struct lu_error *err)
{
	const double *t = meter->cells->transform;
	struct lu_area_path *around = &meter->around;
	enum lu_status status;

	around->count = 0;
	status = lu_area_path_reserve(around, 2 * (row->n + row->m), err);
	if (status != LU_OK)
		return status;
	for (size_t k = 0; k < row->n; k++)
		around->points[around->count++] = row->upper[cell * row->n + k];
	around->points[around->count++] = row->upper[(cell + 1) * row->n];
	for (size_t k = 0; k + 1 < row->m; k++)
		around->points[around->count++] = *below(row, cell + 1, k);
	for (size_t k = row->n + 1; k-- > 1;)
		around->points[around->count++] = row->lower[cell * row->n + k];
	for (size_t k = row->m; k-- > 0;)
		around->points[around->count++] = *below(row, cell, k);
	*area_m2 = fabs(lu_ring_area(meter->geodesy->a_m, meter->geodesy->f, around->points, around->count,
				     (t[1] > 0.0) == (t[5] > 0.0)));
	return LU_OK;
}

/*
 * The row's upper line, its lower line, then the inner points of each vertical side. Every cell corner is computed from its
 * own index, so that runs that start elsewhere see the same corner.
 */
static void draw_row(struct lu_area_path *path, const double t[6], int64_t row, int64_t first, int64_t count, size_t n,
		     size_t m)
{
	for (int64_t side = 0; side < 2; side++) {
		const double y = t[3] + (double)(row + side) * t[5];

		for (int64_t col = first; col < first + count; col++)
			lu_area_path_edge(path, (struct lu_point){.x = t[0] + (double)col * t[1], .y = y},
					  (struct lu_point){.x = t[0] + (double)(col + 1) * t[1], .y = y}, n);
		lu_area_path_edge(path, (struct lu_point){.x = t[0] + (double)(first + count) * t[1], .y = y},
				  (struct lu_point){0}, 1);
	}
	for (int64_t col = first; col <= first + count; col++) {
		const double x = t[0] + (double)col * t[1];
		const double y0 = t[3] + (double)row * t[5], y1 = t[3] + (double)(row + 1) * t[5];

		for (size_t i = 1; i < m; i++)
			path->points[path->count++] =
				(struct lu_point){.x = x, .y = y0 + (double)i / (double)m * (y1 - y0)};
	}
}

/* Of cell 'i', projected: once round along the upper side, down, back along the lower side, up. */
static double cell_m2(const struct row_points *row, size_t i)
{
	const struct lu_point *upper = row->upper, *lower = row->lower, *inner = row->inner;
	const size_t n = row->n, m = row->m;
	const struct lu_point o = upper[i * n];
	double twice = 0.0;

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
	return fabs(twice) / 2.0; /* the direction depends on the signs of the transform */
}

/* As lu_cell_meter_row_by_corners, for blocks of 'step' x 'step' cells: rows and columns of blocks. */
static enum lu_status row_by_corners(struct lu_cell_meter *meter, int64_t step, int64_t row, int64_t first,
				     int64_t count, double *area_m2, struct lu_error *err)
{
	const double *origin = meter->cells->transform;
	const double t[6] = {origin[0], (double)step * origin[1], 0.0, origin[3], 0.0, (double)step * origin[5]};
	/* Opposite sides of a block bend alike, and blocks share their sides: longer pieces do (see patch_piece_m). */
	const double scale = step == 1 ? meter->scale : meter->scale * LU_AREA_PIECE_M / patch_piece_m;
	const size_t n = lu_area_pieces((struct lu_point){0}, (struct lu_point){.x = t[1]}, scale);
	const size_t m = lu_area_pieces((struct lu_point){0}, (struct lu_point){.y = t[5]}, scale);
	const size_t cells = (size_t)count;
	const size_t line = cells * n + 1;
	struct lu_area_path *path = &meter->path;
	size_t needed;
	enum lu_status status;

	if (count == 0)
		return LU_OK;
	assert(count > 0);
	if (!lu_mul(cells + 1, 2 * n + m + 2, &needed))
		return lu_fail(err, LU_ERROR_MEMORY, "areas: a row of %zu cells is too long", cells);
	path->count = 0;
	LU_TRY(lu_area_path_reserve(path, needed, err));

	draw_row(path, t, row, first, count, n, m);
	assert(path->count == 2 * line + (cells + 1) * (m - 1));
	LU_TRY(lu_area_lonlat(meter->geodesy, path->points, path->count, err));

	struct lu_point *const upper = path->points, *const lower = upper + line, *const inner = lower + line;

	/* Along the lines, because a row may go further round the earth than half of it. */
	unwrap_line(upper, line, upper[0].x);
	unwrap_line(lower, line, upper[0].x);
	for (size_t i = 0; i <= cells; i++)
		unwrap_line(inner + i * (m - 1), m - 1, upper[i * n].x);
	const struct row_points points = {upper, lower, inner, cells, n, m};
	for (size_t i = 0; i < cells; i++) {
		area_m2[i] = -1.0; /* not found yet */
		if (lies_by_pole(&points, i))
			LU_TRY(area_by_pole(meter, &points, i, &area_m2[i], err));
	}
	lu_equal_area_project(meter->geodesy->a_m, meter->geodesy->f, path->points, path->count);

	for (size_t i = 0; i < cells; i++)
		area_m2[i] = area_m2[i] < 0.0 ? cell_m2(&points, i) : area_m2[i];
out:
	return status;
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
	for (int64_t i = 0; i < LU_PATCH_BLOCKS; i++)
		LU_TRY(row_by_corners(meter, meter->block_cells, LU_PATCH_BLOCKS * row + i, LU_PATCH_BLOCKS * col,
				      LU_PATCH_BLOCKS, patch->block_m2[i], err));
out:
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
	for (int64_t at = first, next; at < end; area_m2 += next - at, at = next) {
		const int64_t corner = at / side * side;
		struct patch *patch;

		next = corner + side < end ? corner + side : end;
		LU_TRY(find_patch(meter, row / side, at / side, &patch, err));
		if (patch->smooth)
			lu_cell_patch_row(patch->block_m2, meter->block_cells, row % side, at - corner, next - at,
					  area_m2);
		else
			LU_TRY(lu_cell_meter_row_by_corners(meter, row, at, next - at, area_m2, err));
	}
out:
	return status;
}

enum lu_status lu_cell_meter_polygon(struct lu_cell_meter *meter, const struct lu_polygon *polygon, double *area_m2,
				     struct lu_error *err)
{
	struct lu_area_path *path = &meter->path;
	double sum = 0.0;

	*area_m2 = 0.0;
	for (size_t i = 0; i < polygon->count; i++) {
		const struct lu_ring *ring = &polygon->rings[i];

		path->count = 0;
		for (size_t k = 0; k < ring->count; k++) {
			const struct lu_point p = ring->points[k], q = ring->points[(k + 1) % ring->count];
			const size_t pieces = lu_area_pieces(p, q, meter->scale);
			enum lu_status status = lu_area_path_reserve(path, pieces, err);

			if (status != LU_OK)
				return status;
			lu_area_path_edge(path, p, q, pieces);
		}
		enum lu_status status = lu_area_lonlat(meter->geodesy, path->points, path->count, err);

		if (status != LU_OK)
			return status;
		sum += lu_ring_area(meter->geodesy->a_m, meter->geodesy->f, path->points, path->count,
				    lu_area_counter_clockwise(ring));
	}
	*area_m2 = sum;
	return LU_OK;
}
