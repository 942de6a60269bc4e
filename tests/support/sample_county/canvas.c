/*
 * canvas.c: convex polygons with soft edges, and nothing else
 *
 * A convex polygon is where every edge's signed distance is positive. Along one row each distance is linear in
 * x, so the row's span follows from one division per edge, and only covered pixels are visited. Coverage is the
 * smallest distance plus a half, clamped: exact for straight edges, good enough at corners.
 */
#include "canvas.h"

#include "maths.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define MAX_CORNERS 12
#define MAX_CAST_CORNERS 6
#define PLANES 8

struct edge {
	float a, b, c; /* distance = a x + b y + c, positive inside */
};

bool sc_canvas_init(struct sc_canvas *canvas, int w, int h)
{
	const size_t size = (size_t)w * (size_t)h;

	*canvas = (struct sc_canvas){.area = {0, 0, w, h}};
	canvas->block = calloc(PLANES * size, sizeof(*canvas->block));
	if (!canvas->block)
		return false;
	for (int k = 0; k < 3; k++)
		canvas->plane[k] = canvas->block + (size_t)k * size;
	canvas->fine = canvas->block + 3 * size;
	canvas->mid = canvas->block + 4 * size;
	canvas->wide = canvas->block + 5 * size;
	canvas->push_x = canvas->block + 6 * size;
	canvas->push_y = canvas->block + 7 * size;
	return true;
}

void sc_canvas_release(struct sc_canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->block);
	*canvas = (struct sc_canvas){0};
}

void sc_canvas_move(struct sc_canvas *canvas, struct sc_rect area, uint32_t seed)
{
	const size_t size = (size_t)area.w * (size_t)area.h;

	canvas->area = area;
	for (size_t i = 0; i < size; i++)
		canvas->fine[i] = canvas->mid[i] = canvas->wide[i] = 0.0f;
	sc_noise_add(canvas->fine, area, 1, seed + 11u, 0.30f);
	sc_noise_add(canvas->fine, area, 2, seed + 12u, 0.45f);
	sc_noise_add(canvas->fine, area, 3, seed + 13u, 0.55f);
	sc_noise_add(canvas->mid, area, 6, seed + 14u, 0.55f);
	sc_noise_add(canvas->mid, area, 13, seed + 15u, 0.65f);
	sc_noise_add(canvas->wide, area, 41, seed + 16u, 0.5f);
	sc_noise_add(canvas->wide, area, 113, seed + 17u, 0.8f);
}

static int find_edges(const struct sc_point *corner, int count, struct edge *edge)
{
	float area2 = 0.0f;
	int found = 0;

	for (int i = 0; i < count; i++) {
		const struct sc_point p = corner[i], q = corner[(i + 1) % count];

		area2 += p.x * q.y - q.x * p.y;
	}
	for (int i = 0; i < count; i++) {
		const struct sc_point p = corner[i], q = corner[(i + 1) % count];
		const float dx = q.x - p.x, dy = q.y - p.y;
		const float length = sqrtf(dx * dx + dy * dy);
		const float turn = (area2 < 0.0f ? -1.0f : 1.0f) / length;

		if (length < 1e-3f)
			continue;
		edge[found].a = -dy * turn;
		edge[found].b = dx * turn;
		edge[found].c = -(edge[found].a * p.x + edge[found].b * p.y);
		found++;
	}
	return found;
}

/* The rows that a polygon may touch, clipped to the canvas; false when there are none or it lies aside. */
static bool find_rows(const struct sc_canvas *canvas, const struct sc_point *corner, int count, int *first, int *last)
{
	const struct sc_rect area = canvas->area;
	float left = corner[0].x, right = left, top = corner[0].y, bottom = top;

	for (int i = 1; i < count; i++) {
		left = sc_min(left, corner[i].x);
		right = sc_max(right, corner[i].x);
		top = sc_min(top, corner[i].y);
		bottom = sc_max(bottom, corner[i].y);
	}
	if (right < (float)area.x || left > (float)(area.x + area.w) || bottom < (float)area.y ||
	    top > (float)(area.y + area.h))
		return false;
	*first = (int)sc_max(floorf(top - 0.5f), (float)area.y);
	*last = (int)sc_min(ceilf(bottom + 0.5f), (float)(area.y + area.h - 1));
	return *first <= *last;
}

/* The columns of row y where every edge is at most half a pixel away. */
static bool find_span(const struct sc_canvas *canvas, const struct edge *edge, int edges, int y, int *first, int *last)
{
	float left = (float)canvas->area.x, right = (float)(canvas->area.x + canvas->area.w - 1);

	for (int i = 0; i < edges; i++) {
		const float at0 = edge[i].a * 0.5f + edge[i].b * ((float)y + 0.5f) + edge[i].c + 0.5f;

		if (edge[i].a > 1e-6f)
			left = sc_max(left, ceilf(-at0 / edge[i].a));
		else if (edge[i].a < -1e-6f)
			right = sc_min(right, floorf(-at0 / edge[i].a));
		else if (at0 <= 0.0f)
			return false;
	}
	*first = (int)left;
	*last = (int)right;
	return left <= right;
}

static float coverage(const struct edge *edge, int edges, int x, int y)
{
	float least = 0.5f;

	for (int i = 0; i < edges; i++)
		least = sc_min(least, edge[i].a * ((float)x + 0.5f) + edge[i].b * ((float)y + 0.5f) + edge[i].c);
	return sc_max(least + 0.5f, 0.0f);
}

void sc_canvas_fill(struct sc_canvas *canvas, const struct sc_point *corner, int count, struct sc_rgb colour,
		    float alpha, float grain)
{
	struct edge edge[MAX_CORNERS];
	int top, bottom, left, right, edges;

	assert(count >= 3 && count <= MAX_CORNERS);
	if (!find_rows(canvas, corner, count, &top, &bottom))
		return;
	edges = find_edges(corner, count, edge);
	for (int y = top; y <= bottom; y++) {
		if (!find_span(canvas, edge, edges, y, &left, &right))
			continue;
		for (int x = left; x <= right; x++) {
			const size_t at = sc_canvas_at(canvas, x, y);
			const float mark = 1.0f + grain * canvas->fine[at];

			sc_canvas_blend(canvas, at, sc_rgb_scale(colour, mark), alpha * coverage(edge, edges, x, y));
		}
	}
}

void sc_canvas_shade(struct sc_canvas *canvas, const struct sc_point *corner, int count, float depth)
{
	struct edge edge[MAX_CORNERS];
	int top, bottom, left, right, edges;

	assert(count >= 3 && count <= MAX_CORNERS);
	if (!find_rows(canvas, corner, count, &top, &bottom))
		return;
	edges = find_edges(corner, count, edge);
	for (int y = top; y <= bottom; y++) {
		if (!find_span(canvas, edge, edges, y, &left, &right))
			continue;
		for (int x = left; x <= right; x++)
			sc_canvas_darken(canvas, sc_canvas_at(canvas, x, y), depth * coverage(edge, edges, x, y));
	}
}

static float cross(struct sc_point o, struct sc_point a, struct sc_point b)
{
	return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static int by_x_then_y(const void *left, const void *right)
{
	const struct sc_point *a = left, *b = right;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return (a->y > b->y) - (a->y < b->y);
}

/* Andrew's monotone chain; 'point' is sorted in place. Returns the number of corners written. */
static int convex_hull(struct sc_point *point, int count, struct sc_point *hull)
{
	int found = 0;

	qsort(point, (size_t)count, sizeof(*point), by_x_then_y);
	for (int pass = 0; pass < 2; pass++) {
		const int base = found;

		for (int i = 0; i < count; i++) {
			const struct sc_point p = point[pass ? count - 1 - i : i];

			while (found >= base + 2 && cross(hull[found - 2], hull[found - 1], p) <= 0.0f)
				found--;
			hull[found++] = p;
		}
		found--; /* the other pass begins with this corner */
	}
	return found;
}

void sc_canvas_cast(struct sc_canvas *canvas, const struct sc_point *corner, int count, struct sc_point cast,
		    float depth)
{
	struct sc_point point[2 * MAX_CAST_CORNERS], hull[2 * MAX_CAST_CORNERS + 2];
	int found;

	assert(count >= 3 && count <= MAX_CAST_CORNERS);
	for (int i = 0; i < count; i++) {
		point[i] = corner[i];
		point[count + i] = (struct sc_point){corner[i].x + cast.x, corner[i].y + cast.y};
	}
	found = convex_hull(point, 2 * count, hull);
	if (found >= 3)
		sc_canvas_shade(canvas, hull, found, depth);
}
