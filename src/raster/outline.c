/*
 * outline.c: following the sides of a patch.
 *
 * Every side between a marked cell and an unmarked one is walked once, with the patch on the right:
 *
 *	. . .	At a corner where two marked cells meet only by their corners, the walk turns away from
 *	. #->	the cell it follows and goes on along the other one, so that a ring never touches itself:
 *	. v .	what it leaves behind there is a hole that touches the ring, which is valid.
 */
#include "raster/outline.h"

#include <string.h>

#include "base/memory.h"

/* Directions along the grid's lines: east, south, west, north. Turning right adds 1. */
enum { EAST, SOUTH, WEST, NORTH };
static const int step_x[] = {1, 0, -1, 0}, step_y[] = {0, 1, 0, -1};

struct walk {
	const struct lu_frame *cells;
	struct lu_rect window;
	const uint8_t *mask;
	uint8_t *walked; /* (width + 1) x (height + 1) grid points: bit d, the side that leaves in direction d */
};

static bool marked(const struct walk *walk, int64_t x, int64_t y)
{
	return x >= 0 && y >= 0 && x < walk->window.width && y < walk->window.height &&
	       walk->mask[y * walk->window.width + x] != 0;
}

/* True when the side that leaves grid point (x, y) in 'direction' has the patch on its right and nothing on its left. */
static bool is_side(const struct walk *walk, int64_t x, int64_t y, int direction)
{
	static const int right_x[] = {0, -1, -1, 0}, right_y[] = {0, 0, -1, -1};
	static const int left_x[] = {0, 0, -1, -1}, left_y[] = {-1, 0, 0, -1};

	return marked(walk, x + right_x[direction], y + right_y[direction]) &&
	       !marked(walk, x + left_x[direction], y + left_y[direction]);
}

static enum lu_status add_point(const struct walk *walk, struct lu_ring *ring, int64_t x, int64_t y,
				struct lu_error *err)
{
	const double *t = walk->cells->transform;
	const double col = (double)(walk->window.x + x), row = (double)(walk->window.y + y);
	const enum lu_status status = lu_grow(&ring->points, ring->count + 1, sizeof(*ring->points), "an outline", err);

	if (status == LU_OK)
		ring->points[ring->count++] =
			(struct lu_point){t[0] + col * t[1] + row * t[2], t[3] + col * t[4] + row * t[5]};
	return status;
}

/* One ring, from a side that was not walked yet; points are set at its corners alone. */
static enum lu_status walk_ring(struct walk *walk, int64_t x, int64_t y, int direction, struct lu_ring *ring,
				struct lu_error *err)
{
	const int64_t points_across = walk->window.width + 1;
	enum lu_status status = LU_OK;
	int before = -1;

	while (status == LU_OK && !(walk->walked[y * points_across + x] & (1 << direction))) {
		walk->walked[y * points_across + x] |= (uint8_t)(1 << direction);
		if (direction != before)
			status = add_point(walk, ring, x, y, err);
		before = direction;
		x += step_x[direction];
		y += step_y[direction];
		/* Left first: where two cells meet by their corners, go on along the other one. */
		for (int turn = 3; turn < 6; turn++) {
			if (is_side(walk, x, y, (direction + turn) % 4)) {
				direction = (direction + turn) % 4;
				break;
			}
		}
	}
	return status;
}

/* Shells run counter-clockwise with y up and holes clockwise, whatever way the frame's rows run. */
static void orient(struct lu_ring *ring, bool shell)
{
	const struct lu_polygon alone = {ring, 1};

	if ((lu_polygon_area(&alone) > 0) == shell)
		return;
	for (size_t i = 0, k = ring->count - 1; i < k; i++, k--) {
		const struct lu_point swap = ring->points[i];
		ring->points[i] = ring->points[k];
		ring->points[k] = swap;
	}
}

enum lu_status lu_outline_trace(const struct lu_frame *cells, struct lu_rect window, const uint8_t *mask,
				struct lu_polygon *out, struct lu_error *err)
{
	struct walk walk = {.cells = cells, .window = window, .mask = mask};
	const int64_t across = window.width + 1;
	enum lu_status status;

	*out = (struct lu_polygon){0};
	LU_TRY(lu_alloc(&walk.walked, (size_t)(across * (window.height + 1)), 1, "an outline", err));
	/* The first side in row order is on the outer ring; every other east side not walked yet begins a hole. */
	for (int64_t at = 0; at < across * (window.height + 1); at++) {
		const int64_t x = at % across, y = at / across;
		for (int direction = EAST; direction <= WEST; direction += WEST - EAST) {
			if ((walk.walked[at] & (1 << direction)) || !is_side(&walk, x, y, direction))
				continue;
			status = lu_grow(&out->rings, out->count + 1, sizeof(*out->rings), "an outline", err);
			if (status != LU_OK)
				break;
			struct lu_ring *ring = &out->rings[out->count++];
			*ring = (struct lu_ring){0};
			LU_TRY(walk_ring(&walk, x, y, direction, ring, err));
			orient(ring, out->count == 1);
		}
	}
out:
	lu_free(walk.walked);
	if (status != LU_OK)
		lu_polygon_release(out);
	return status;
}
