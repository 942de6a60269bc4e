/*
 * boundary.c: an uneven ring around a land, and how much of each cell it holds
 *
 * The cell's part comes from clipping the ring to the cell's square (Sutherland and Hodgman 1974) and the shoelace formula.
 * Where a clipped ring falls into pieces they are joined along the square's edge, which adds no area.
 */
#include "boundary.h"

#include "maths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_PER_CELL 2

/* How far inside the picture's edge the ring runs, at 'along' cells around. */
static float inset(const struct sc_land *land, float along)
{
	const float least = (float)(land->cols < land->rows ? land->cols : land->rows);
	const float deep = sc_clamp(0.07f * least, 0.35f, 3.0f);

	return 0.12f + deep * (1.0f + sc_fbm_at(land->seed + 0xb0deu, along / 3.7f, 0.3f)) +
	       0.06f * sc_noise_at(land->seed + 0xb0dfu, along * 1.7f, 0.6f);
}

bool sc_boundary_draw(const struct sc_land *land, struct sc_boundary *boundary)
{
	const float w = (float)land->cols, h = (float)land->rows;
	const int total = 2 * (land->cols + land->rows) * STEPS_PER_CELL;

	boundary->count = 0;
	boundary->point = malloc((size_t)total * sizeof(*boundary->point));
	if (!boundary->point)
		return false;
	for (int i = 0; i < total; i++) {
		const float along = (float)i / STEPS_PER_CELL;
		struct sc_point p, middle = {0.5f * w, 0.5f * h};
		float reach, pull;

		if (along < w)
			p = (struct sc_point){along, 0.0f};
		else if (along < w + h)
			p = (struct sc_point){w, along - w};
		else if (along < 2.0f * w + h)
			p = (struct sc_point){2.0f * w + h - along, h};
		else
			p = (struct sc_point){0.0f, 2.0f * (w + h) - along};
		/* Toward the middle, and more at the corners, which rounds them off. */
		reach = sqrtf((p.x - middle.x) * (p.x - middle.x) + (p.y - middle.y) * (p.y - middle.y));
		pull = inset(land, along) / reach;
		pull *= sc_max(1.0f, 2.4f * (reach / (0.5f * sqrtf(w * w + h * h))) - 0.9f);
		p.x += (middle.x - p.x) * pull;
		p.y += (middle.y - p.y) * pull;
		boundary->point[boundary->count++] = p;
	}
	return true;
}

void sc_boundary_release(struct sc_boundary *boundary)
{
	if (!boundary)
		return;
	free(boundary->point);
	*boundary = (struct sc_boundary){0};
}

/* Keep the part of a ring where a x + b y + c >= 0. 'out' has room for twice as many points. */
static int clip(const struct sc_point *in, int count, float a, float b, float c, struct sc_point *out)
{
	int kept = 0;

	for (int i = 0; i < count; i++) {
		const struct sc_point p = in[i], q = in[(i + 1) % count];
		const float dp = a * p.x + b * p.y + c, dq = a * q.x + b * q.y + c;

		if (dp >= 0.0f)
			out[kept++] = p;
		if ((dp >= 0.0f) != (dq >= 0.0f)) {
			const float t = dp / (dp - dq);

			out[kept++] = (struct sc_point){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
		}
	}
	return kept;
}

static float fraction_in(const struct sc_boundary *boundary, int row, int col, struct sc_point *one,
			 struct sc_point *two)
{
	const float x = (float)col, y = (float)row;
	int count = boundary->count;
	double twice = 0.0;

	count = clip(boundary->point, count, 1.0f, 0.0f, -x, one);
	count = clip(one, count, -1.0f, 0.0f, x + 1.0f, two);
	count = clip(two, count, 0.0f, 1.0f, -y, one);
	count = clip(one, count, 0.0f, -1.0f, y + 1.0f, two);
	for (int i = 0; i < count; i++) {
		const struct sc_point p = two[i], q = two[(i + 1) % count];

		twice += (double)(p.x - x) * (double)(q.y - y) - (double)(q.x - x) * (double)(p.y - y);
	}
	return (float)fabs(0.5 * twice);
}

/* Each clip at most doubles a ring, and only by crossings; four clips stay far below this. */
static size_t clip_room(const struct sc_boundary *boundary)
{
	return (size_t)boundary->count * 2u + 16u;
}

float sc_boundary_fraction(const struct sc_boundary *boundary, int row, int col)
{
	struct sc_point *room = malloc(2u * clip_room(boundary) * sizeof(*room));
	float fraction = 0.0f;

	if (room)
		fraction = fraction_in(boundary, row, col, room, room + clip_room(boundary));
	free(room);
	return fraction;
}

/* Even-odd: is the middle of the cell inside? */
static bool middle_inside(const struct sc_boundary *boundary, int row, int col)
{
	const float x = (float)col + 0.5f, y = (float)row + 0.5f;
	bool inside = false;

	for (int i = 0, j = boundary->count - 1; i < boundary->count; j = i++) {
		const struct sc_point p = boundary->point[i], q = boundary->point[j];

		if ((p.y > y) != (q.y > y) && x < p.x + (q.x - p.x) * (y - p.y) / (q.y - p.y))
			inside = !inside;
	}
	return inside;
}

/* Mark the cells that an edge passes, and those around them: only there can a cell be cut. */
static void mark_near(const struct sc_land *land, struct sc_point p, struct sc_point q, uint8_t *near)
{
	const int steps = 2 + (int)(2.0f * (fabsf(q.x - p.x) + fabsf(q.y - p.y)));

	for (int i = 0; i <= steps; i++) {
		const float t = (float)i / (float)steps;
		const int col = sc_floor(p.x + t * (q.x - p.x)), row = sc_floor(p.y + t * (q.y - p.y));

		for (int down = -1; down <= 1; down++)
			for (int right = -1; right <= 1; right++)
				near[sc_land_at(land, row + down, col + right)] = 1;
	}
}

/* Rounded, but a cell that is touched is never 0. */
static uint8_t in_255ths(float part)
{
	if (part <= 1e-5f)
		return 0;
	return (uint8_t)sc_clamp(255.0f * part + 0.5f, 1.0f, 255.0f);
}

/*
 * Cells near the ring are clipped. All others are wholly in or wholly out, and the same as their western neighbour
 * if that is not near the ring either, so the ring is asked about once per run of cells.
 */
bool sc_boundary_mark(const struct sc_boundary *boundary, struct sc_land *land)
{
	uint8_t *near = calloc(sc_land_cells(land), 1);
	struct sc_point *room = malloc(2u * clip_room(boundary) * sizeof(*room));
	const bool ok = near && room;

	for (int i = 0; ok && i < boundary->count; i++)
		mark_near(land, boundary->point[i], boundary->point[(i + 1) % boundary->count], near);
	for (int row = 0; ok && row < land->rows; row++) {
		for (int col = 0; col < land->cols; col++) {
			const size_t at = sc_land_at(land, row, col);

			if (near[at])
				land->inside[at] =
					in_255ths(fraction_in(boundary, row, col, room, room + clip_room(boundary)));
			else if (col > 0 && !near[at - 1])
				land->inside[at] = land->inside[at - 1];
			else
				land->inside[at] = middle_inside(boundary, row, col) ? 255 : 0;
		}
	}
	free(room);
	free(near);
	return ok;
}
