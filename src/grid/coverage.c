/*
 * coverage.c: clipping a polygon to all cells of a frame by halving.
 *
 * The polygon is clipped to the frame, then halved at a line between rows until one row is left,
 * then halved between columns until one cell is left. A part of the frame that no edge enters any
 * more is wholly in or out and is not divided further, so the work follows the line, not the area.
 *
 * Invariants:
 *  1. Clipped vertices lie exactly on the lines they were clipped to (the coordinate is assigned,
 *     never computed), so "this edge runs along the side" is an exact comparison, and neighbours
 *     see bit-identical vertices on their common side.
 *  2. The signed areas of the rings of both halves add up to the whole's. Sutherland-Hodgman joins
 *     the pieces of a concave ring by edges along the line; they enclose nothing and only ever lie
 *     on sides of the rectangle.
 *  3. If all edges of all rings run along sides of the rectangle, the inside of the rectangle is
 *     entered by none, so it is wholly inside (signed area = its own) or wholly outside (0).
 *  4. Spans are produced row by row and from left to right.
 */
#include "grid/coverage.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"

struct lu_coverage {
	int64_t width, height;
	size_t *row_start; /* height + 1: a row's first span */
	struct lu_coverage_span *spans;
	size_t span_count;
	struct lu_ring *rings; /* of the cut cells, in span order */
	size_t ring_count;
	struct lu_point *points;
	size_t point_count;
};

enum axis {
	AXIS_X,
	AXIS_Y,
};

/* A growable array of points and the rings they form; shapes of deeper halvings lie on top. */
struct slice {
	size_t start, count; /* points of one ring */
};
struct stack {
	struct lu_point *points;
	size_t point_count, point_room;
	struct slice *rings;
	size_t ring_count, ring_room;
};
/* Rings first .. first + count - 1 of the stack: a polygon clipped to some rectangle. */
struct shape {
	size_t first, count;
};

struct builder {
	struct stack work; /* shapes under way */
	struct stack kept; /* clips of cut cells, for good; ring starts count from 0 */
	struct lu_coverage *coverage;
	size_t span_room;
	const double *t; /* the frame's transform */
	struct lu_error *err;
};

static double line_x(const struct builder *b, int64_t col)
{
	return b->t[0] + (double)col * b->t[1];
}

static double line_y(const struct builder *b, int64_t row)
{
	return b->t[3] + (double)row * b->t[5];
}

static enum lu_status push_point(struct stack *stack, struct lu_point p, struct lu_error *err)
{
	if (stack->point_count == stack->point_room) {
		const size_t room = stack->point_room ? stack->point_room * 2 : 256;
		enum lu_status status = lu_grow(&stack->points, room, sizeof(p), "clipped boundary", err);

		if (status != LU_OK)
			return status;
		stack->point_room = room;
	}
	stack->points[stack->point_count++] = p;
	return LU_OK;
}

static enum lu_status push_ring(struct stack *stack, size_t start, struct lu_error *err)
{
	if (stack->ring_count == stack->ring_room) {
		const size_t room = stack->ring_room ? stack->ring_room * 2 : 64;
		enum lu_status status = lu_grow(&stack->rings, room, sizeof(*stack->rings), "clipped boundary", err);

		if (status != LU_OK)
			return status;
		stack->ring_room = room;
	}
	stack->rings[stack->ring_count++] = (struct slice){.start = start, .count = stack->point_count - start};
	return LU_OK;
}

static double along(struct lu_point p, enum axis axis)
{
	return axis == AXIS_X ? p.x : p.y;
}

/* Where the edge p-q crosses the line; exactly on it, and between p and q in the other coordinate. */
static struct lu_point crossing(struct lu_point p, struct lu_point q, enum axis axis, double line)
{
	const double u = (line - along(p, axis)) / (along(q, axis) - along(p, axis));

	if (axis == AXIS_X) {
		const double y = p.y + u * (q.y - p.y);

		return (struct lu_point){.x = line, .y = fmin(fmax(y, fmin(p.y, q.y)), fmax(p.y, q.y))};
	}
	const double x = p.x + u * (q.x - p.x);

	return (struct lu_point){.x = fmin(fmax(x, fmin(p.x, q.x)), fmax(p.x, q.x)), .y = line};
}

/*
 * Add a vertex of the ring that starts at 'start'. The middle one of three on the clip line adds no
 * area and is left out: without this, a jagged coast would trail its vertices through every half.
 */
static enum lu_status emit(struct builder *b, size_t start, struct lu_point p, enum axis axis, double line)
{
	struct stack *w = &b->work;

	if (w->point_count >= start + 2 && along(p, axis) == line &&
	    along(w->points[w->point_count - 1], axis) == line && along(w->points[w->point_count - 2], axis) == line) {
		w->points[w->point_count - 1] = p;
		return LU_OK;
	}
	return push_point(w, p, b->err);
}

/* Clip one ring to the side of the line where coordinates are >= (above) or <= line; nothing left pushes no ring. */
static enum lu_status clip_ring(struct builder *b, struct slice ring, enum axis axis, double line, bool above)
{
	const size_t start = b->work.point_count;
	enum lu_status status;
	bool off_line = false;

	for (size_t i = 0; i < ring.count; i++) {
		/* By value: the stack may move while it grows. */
		const struct lu_point p = b->work.points[ring.start + (i > 0 ? i : ring.count) - 1];
		const struct lu_point q = b->work.points[ring.start + i];
		const double dp = above ? along(p, axis) - line : line - along(p, axis);
		const double dq = above ? along(q, axis) - line : line - along(q, axis);

		if ((dp > 0.0 && dq < 0.0) || (dp < 0.0 && dq > 0.0))
			LU_TRY(emit(b, start, crossing(p, q, axis, line), axis, line));
		if (dq >= 0.0) {
			LU_TRY(emit(b, start, q, axis, line));
			off_line = off_line || dq > 0.0;
		}
	}
	if (!off_line || b->work.point_count < start + 3) {
		b->work.point_count = start;
		return LU_OK;
	}
	LU_TRY(push_ring(&b->work, start, b->err));
out:
	return status;
}

static enum lu_status clip_shape(struct builder *b, struct shape in, enum axis axis, double line, bool above,
				 struct shape *out)
{
	out->first = b->work.ring_count;
	for (size_t i = 0; i < in.count; i++) {
		enum lu_status status = clip_ring(b, b->work.rings[in.first + i], axis, line, above);

		if (status != LU_OK)
			return status;
	}
	out->count = b->work.ring_count - out->first;
	return LU_OK;
}

/* Signed shoelace area about each ring's first point. */
static double shape_area(const struct builder *b, struct shape shape)
{
	double twice = 0.0;

	for (size_t i = 0; i < shape.count; i++) {
		const struct slice ring = b->work.rings[shape.first + i];
		const struct lu_point *p = b->work.points + ring.start;

		for (size_t k = 1; k + 1 < ring.count; k++)
			twice += (p[k].x - p[0].x) * (p[k + 1].y - p[0].y) - (p[k + 1].x - p[0].x) * (p[k].y - p[0].y);
	}
	return twice / 2.0;
}

/* Invariant 3: does every edge run along a side of the rectangle? */
static bool no_edge_enters(const struct builder *b, struct shape shape, const struct lu_box *box)
{
	for (size_t i = 0; i < shape.count; i++) {
		const struct slice ring = b->work.rings[shape.first + i];
		struct lu_point p = b->work.points[ring.start + ring.count - 1];

		for (size_t k = 0; k < ring.count; k++) {
			const struct lu_point q = b->work.points[ring.start + k];
			const bool on_x = p.x == q.x && (p.x == box->min_x || p.x == box->max_x);
			const bool on_y = p.y == q.y && (p.y == box->min_y || p.y == box->max_y);

			if (!on_x && !on_y)
				return false;
			p = q;
		}
	}
	return true;
}

static struct lu_box cells_box(const struct builder *b, struct lu_rect cells)
{
	const double x0 = line_x(b, cells.x), x1 = line_x(b, cells.x + cells.width);
	const double y0 = line_y(b, cells.y), y1 = line_y(b, cells.y + cells.height);

	return (struct lu_box){
		.min_x = fmin(x0, x1), .min_y = fmin(y0, y1), .max_x = fmax(x0, x1), .max_y = fmax(y0, y1)};
}

static enum lu_status push_span(struct builder *b, int64_t row, struct lu_coverage_span span)
{
	struct lu_coverage *c = b->coverage;

	/* Runs that halving cut in two grow together again. row_start[row + 1] still counts the row's spans. */
	if (c->row_start[row + 1] > 0 && span.clip.count == 0) {
		struct lu_coverage_span *last = &c->spans[c->span_count - 1];

		if (last->clip.count == 0 && last->end == span.first) {
			last->end = span.end;
			return LU_OK;
		}
	}
	if (c->span_count == b->span_room) {
		const size_t room = b->span_room ? b->span_room * 2 : 256;
		enum lu_status status = lu_grow(&c->spans, room, sizeof(span), "coverage", b->err);

		if (status != LU_OK)
			return status;
		b->span_room = room;
	}
	c->spans[c->span_count++] = span;
	c->row_start[row + 1]++;
	return LU_OK;
}

static enum lu_status push_run(struct builder *b, struct lu_rect cells)
{
	const struct lu_coverage_span run = {.first = cells.x, .end = cells.x + cells.width, .share = 1.0};

	for (int64_t row = cells.y; row < cells.y + cells.height; row++) {
		enum lu_status status = push_span(b, row, run);

		if (status != LU_OK)
			return status;
	}
	return LU_OK;
}

/* One cell that an edge enters: its share, and its clip copied out of the working stack. */
static enum lu_status push_cut_cell(struct builder *b, struct shape shape, struct lu_rect cell,
				    const struct lu_box *box)
{
	const double whole = (box->max_x - box->min_x) * (box->max_y - box->min_y);
	const double share = shape_area(b, shape) / whole;
	const size_t first_ring = b->kept.ring_count;
	enum lu_status status;

	if (share < LU_COVERAGE_ROUNDING)
		return LU_OK;
	if (share > 1.0 - LU_COVERAGE_ROUNDING)
		return push_run(b, cell);
	for (size_t i = 0; i < shape.count; i++) {
		const struct slice ring = b->work.rings[shape.first + i];
		const size_t start = b->kept.point_count;

		for (size_t k = 0; k < ring.count; k++)
			LU_TRY(push_point(&b->kept, b->work.points[ring.start + k], b->err));
		LU_TRY(push_ring(&b->kept, start, b->err));
	}
	/* clip.rings is set when all rings have found their place. */
	LU_TRY(push_span(b, cell.y,
			 (struct lu_coverage_span){.first = cell.x,
						   .end = cell.x + 1,
						   .share = share,
						   .clip.count = b->kept.ring_count - first_ring}));
out:
	return status;
}

/* Cover 'cells', to which 'shape' is already clipped. Depth: log2 of the frame's sides. */
static enum lu_status cover(struct builder *b, struct shape shape, struct lu_rect cells)
{
	const struct lu_box box = cells_box(b, cells);
	enum lu_status status = LU_OK;

	if (shape.count == 0)
		return LU_OK;
	if (no_edge_enters(b, shape, &box)) {
		const double whole = (box.max_x - box.min_x) * (box.max_y - box.min_y);

		return shape_area(b, shape) > whole / 2.0 ? push_run(b, cells) : LU_OK;
	}
	if (cells.height == 1 && cells.width == 1)
		return push_cut_cell(b, shape, cells, &box);

	struct lu_rect halves[2] = {cells, cells};
	const enum axis axis = cells.height > 1 ? AXIS_Y : AXIS_X;
	double line;
	bool first_above; /* is the first half, up or left, the one with the greater coordinates? */

	if (axis == AXIS_Y) {
		halves[0].height = cells.height / 2;
		halves[1].y += halves[0].height;
		halves[1].height -= halves[0].height;
		line = line_y(b, halves[1].y);
		first_above = b->t[5] < 0.0;
	} else {
		halves[0].width = cells.width / 2;
		halves[1].x += halves[0].width;
		halves[1].width -= halves[0].width;
		line = line_x(b, halves[1].x);
		first_above = b->t[1] < 0.0;
	}
	for (int i = 0; i < 2; i++) {
		const size_t points = b->work.point_count, rings = b->work.ring_count;
		struct shape half;

		LU_TRY(clip_shape(b, shape, axis, line, i == 0 ? first_above : !first_above, &half));
		LU_TRY(cover(b, half, halves[i]));
		b->work.point_count = points;
		b->work.ring_count = rings;
	}
out:
	return status;
}

/* Put the polygon's rings on the stack, clipped to the whole frame. */
static enum lu_status load(struct builder *b, const struct lu_polygon *polygon, const struct lu_box *box,
			   struct shape *shape)
{
	struct shape all = {.first = b->work.ring_count};
	enum lu_status status;

	for (size_t i = 0; i < polygon->count; i++) {
		const struct lu_ring *ring = &polygon->rings[i];
		const size_t start = b->work.point_count;

		for (size_t k = 0; k < ring->count; k++) {
			if (!isfinite(ring->points[k].x) || !isfinite(ring->points[k].y))
				return lu_fail(
					b->err, LU_ERROR_ARGUMENT,
					"boundary: ring %zu has a coordinate that is not finite in the grid's CRS "
					"(does the CRS cover the county?)",
					i);
			status = push_point(&b->work, ring->points[k], b->err);
			if (status != LU_OK)
				return status;
		}
		status = push_ring(&b->work, start, b->err);
		if (status != LU_OK)
			return status;
	}
	all.count = b->work.ring_count - all.first;
	LU_TRY(clip_shape(b, all, AXIS_Y, box->min_y, true, &all));
	LU_TRY(clip_shape(b, all, AXIS_Y, box->max_y, false, &all));
	LU_TRY(clip_shape(b, all, AXIS_X, box->min_x, true, &all));
	LU_TRY(clip_shape(b, all, AXIS_X, box->max_x, false, &all));
out:
	*shape = all;
	return status;
}

/* Hand the kept rings to the coverage, point the spans at them, and turn spans per row into starts. */
static enum lu_status finish(struct builder *b)
{
	struct lu_coverage *c = b->coverage;
	size_t ring = 0;
	enum lu_status status = lu_alloc(&c->rings, b->kept.ring_count, sizeof(*c->rings), "coverage", b->err);

	if (status != LU_OK)
		return status;
	c->ring_count = b->kept.ring_count;
	c->points = b->kept.points;
	c->point_count = b->kept.point_count;
	b->kept.points = NULL;
	for (size_t i = 0; i < c->ring_count; i++)
		c->rings[i] =
			(struct lu_ring){.points = c->points + b->kept.rings[i].start, .count = b->kept.rings[i].count};
	for (int64_t row = 0; row < c->height; row++)
		c->row_start[row + 1] += c->row_start[row];
	for (size_t i = 0; i < c->span_count; i++) {
		if (c->spans[i].clip.count > 0)
			c->spans[i].clip.rings = c->rings + ring;
		ring += c->spans[i].clip.count;
	}
	return LU_OK;
}

enum lu_status lu_coverage_new(const struct lu_polygon *polygon, const struct lu_frame *cells, struct lu_coverage **out,
			       struct lu_error *err)
{
	const double *t = cells->transform;
	struct lu_coverage *c = NULL;
	struct builder b = {.t = t, .err = err};
	struct shape shape;
	enum lu_status status;

	*out = NULL;
	if (t[2] != 0.0 || t[4] != 0.0 || !(fabs(t[1]) > 0.0) || !(fabs(t[5]) > 0.0) || cells->width < 1 ||
	    cells->height < 1)
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"coverage: the cells' raster is rotated or empty; shares need rows along x (warp it first)");
	LU_TRY(lu_alloc(&c, 1, sizeof(*c), "coverage", err));
	c->width = cells->width;
	c->height = cells->height;
	LU_TRY(lu_alloc(&c->row_start, (size_t)c->height + 1, sizeof(*c->row_start), "coverage", err));
	b.coverage = c;

	const struct lu_rect all = {.width = c->width, .height = c->height};
	const struct lu_box box = cells_box(&b, all);

	LU_TRY(load(&b, polygon, &box, &shape));
	LU_TRY(cover(&b, shape, all));
	LU_TRY(finish(&b));
	*out = c;
	c = NULL;
out:
	lu_free(b.work.points);
	lu_free(b.work.rings);
	lu_free(b.kept.points);
	lu_free(b.kept.rings);
	lu_coverage_free(c);
	return status;
}

void lu_coverage_free(struct lu_coverage *coverage)
{
	if (coverage == NULL)
		return;
	lu_free(coverage->row_start);
	lu_free(coverage->spans);
	lu_free(coverage->rings);
	lu_free(coverage->points);
	lu_free(coverage);
}

/* The span of 'row' that holds 'col', or NULL: binary search for the last span that starts at or before it. */
static const struct lu_coverage_span *find(const struct lu_coverage *c, int64_t row, int64_t col)
{
	size_t low = c->row_start[row], high = c->row_start[row + 1];

	assert(row >= 0 && row < c->height && col >= 0 && col < c->width);
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (c->spans[middle].end <= col)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == c->row_start[row + 1] || c->spans[low].first > col)
		return NULL;
	return &c->spans[low];
}

double lu_coverage_share(const struct lu_coverage *coverage, int64_t row, int64_t col)
{
	const struct lu_coverage_span *span = find(coverage, row, col);

	return span != NULL ? span->share : 0.0;
}

const struct lu_coverage_span *lu_coverage_row(const struct lu_coverage *coverage, int64_t row, size_t *count)
{
	assert(row >= 0 && row < coverage->height);
	*count = coverage->row_start[row + 1] - coverage->row_start[row];
	return coverage->spans + coverage->row_start[row];
}

void lu_coverage_fill_row(const struct lu_coverage *coverage, int64_t row, double *share)
{
	size_t count;
	const struct lu_coverage_span *spans = lu_coverage_row(coverage, row, &count);

	memset(share, 0, (size_t)coverage->width * sizeof(*share));
	for (size_t i = 0; i < count; i++) {
		for (int64_t col = spans[i].first; col < spans[i].end; col++)
			share[col] = spans[i].share;
	}
}

int64_t lu_coverage_cells(const struct lu_coverage *coverage)
{
	int64_t cells = 0;

	for (size_t i = 0; i < coverage->span_count; i++)
		cells += coverage->spans[i].end - coverage->spans[i].first;
	return cells;
}
