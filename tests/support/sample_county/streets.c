/*
 * streets.c: pavement with its lines: streets, crossings, freeways, country roads
 *
 * A road enters and leaves a cell at the same place of the world for every cell of its kind, which is how roads
 * run on across a town without any cell knowing the others' layout.
 */
#include "town.h"

#define LANE 12.0f /* 3.6 m */

static const struct sc_rgb asphalt = {112, 110, 106};
static const struct sc_rgb concrete = {176, 172, 162};
static const struct sc_rgb white_line = {214, 214, 208};
static const struct sc_rgb yellow_line = {196, 170, 92};

static void strip(const struct sc_frame *frame, float u0, float v0, float u1, float v1, struct sc_rgb colour,
		  float alpha, float grain)
{
	struct sc_point corner[4];

	sc_frame_box(frame, u0, v0, u1, v1, corner);
	sc_canvas_fill(frame->scene->canvas, corner, 4, colour, alpha, grain);
}

/* Dashes along u, on the world's beat so that they go on in the next cell. */
static void dashes(const struct sc_frame *frame, float v, float u0, float u1)
{
	const float beat = 28.0f;

	for (float u = u0 + 4.0f; u + 10.0f <= u1; u += beat)
		strip(frame, u, v - 0.6f, u + 10.0f, v + 0.6f, white_line, 0.8f, 0.0f);
}

void sc_pavement_paint(const struct sc_frame *frame, float u0, float v0, float u1, float v1, struct sc_rgb colour)
{
	strip(frame, u0, v0, u1, v1, colour, 1.0f, 0.045f);
}

void sc_street_paint(const struct sc_frame *frame, float v, float half_width, bool marked)
{
	struct sc_dice dice = {.key = frame->key ^ 0x57eeu};
	const float age = 0.94f + 0.16f * sc_unit(sc_hash(frame->scene->land->seed, frame->turned, (int)v));

	strip(frame, 0, v - half_width - 4.5f, frame->size, v + half_width + 4.5f, concrete, 0.75f, 0.05f);
	strip(frame, 0, v - half_width, frame->size, v + half_width, sc_rgb_scale(asphalt, age), 1.0f, 0.05f);
	/* Patches where pipes were mended. */
	for (int i = sc_pick(&dice, 3); i > 0; i--) {
		const float u = frame->size * sc_between(&dice, 0.05f, 0.9f);

		strip(frame, u, v - half_width * 0.8f, u + sc_between(&dice, 6.0f, 20.0f), v,
		      sc_rgb_scale(asphalt, 0.8f), 0.8f, 0.04f);
	}
	if (marked)
		dashes(frame, v, 0.0f, frame->size);
}

static void carriageway(const struct sc_frame *frame, float v0, int lanes, struct sc_rgb surface)
{
	const float width = LANE * (float)lanes, shoulder = 8.0f;

	strip(frame, 0, v0 - shoulder, frame->size, v0 + width + shoulder, sc_rgb_scale(surface, 0.92f), 1.0f, 0.05f);
	strip(frame, 0, v0, frame->size, v0 + width, surface, 1.0f, 0.04f);
	/* Tyres darken the middle of each lane. */
	for (int i = 0; i < lanes; i++)
		strip(frame, 0, v0 + LANE * ((float)i + 0.3f), frame->size, v0 + LANE * ((float)i + 0.7f),
		      sc_rgb_scale(surface, 0.9f), 0.6f, 0.05f);
	strip(frame, 0, v0 - 0.6f, frame->size, v0 + 0.6f, yellow_line, 0.7f, 0.0f);
	strip(frame, 0, v0 + width - 0.6f, frame->size, v0 + width + 0.6f, white_line, 0.8f, 0.0f);
	for (int i = 1; i < lanes; i++)
		dashes(frame, v0 + LANE * (float)i, 0.0f, frame->size);
}

void sc_freeway_paint(const struct sc_frame *frame)
{
	/* One freeway, one look: everything but the cars follows from the seed. */
	struct sc_dice dice = {.key = sc_mix(frame->scene->land->seed + 0xf4eeu)};
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed};
	const int lanes = 3 + sc_pick(&dice, 3);
	const float median = sc_between(&dice, 14.0f, 34.0f);
	const struct sc_rgb surface = sc_rgb_mix(asphalt, concrete, sc_roll(&dice));
	const float mid = 0.5f * frame->size, width = LANE * (float)lanes;

	carriageway(frame, mid - 0.5f * median - width - 4.0f, lanes, surface);
	carriageway(frame, mid + 0.5f * median + 4.0f, lanes, surface);
	strip(frame, 0, mid - 1.5f, frame->size, mid + 1.5f, sc_rgb_scale(concrete, 1.12f), 1.0f, 0.04f);
	for (int side = -1; side <= 1; side += 2) {
		for (int i = 0; i < lanes; i++) {
			float u = sc_between(&today, 8.0f, 130.0f);
			const float v = mid + (float)side * (0.5f * median + 4.0f + LANE * ((float)i + 0.5f));

			for (; u < frame->size - 8.0f; u += sc_between(&today, 40.0f, 210.0f))
				sc_car_paint(frame, u, v, side > 0 ? 0.0f : 3.14159f, &today);
		}
	}
}

static void zebra(const struct sc_frame *frame, float u, float v0, float v1)
{
	for (float v = v0 + 2.0f; v + 3.0f < v1; v += 6.0f)
		strip(frame, u, v, u + 8.0f, v + 3.0f, white_line, 0.75f, 0.0f);
}

void sc_crossing_paint(const struct sc_frame *frame)
{
	struct sc_dice dice = {.key = frame->key ^ 0xc405u};
	struct sc_dice today = {.key = frame->key ^ frame->scene->flight->seed};
	const struct sc_rgb surface = sc_rgb_scale(asphalt, sc_between(&dice, 0.85f, 1.3f));
	const float mid = 0.5f * frame->size, half = sc_between(&dice, 22.0f, 30.0f);
	struct sc_frame other = *frame;

	other.turned = !frame->turned;
	for (int i = 0; i < 2; i++) {
		const struct sc_frame *f = i ? &other : frame;

		strip(f, 0, mid - half - 6.0f, f->size, mid + half + 6.0f, concrete, 0.9f, 0.05f);
	}
	for (int i = 0; i < 2; i++) {
		const struct sc_frame *f = i ? &other : frame;

		strip(f, 0, mid - half, f->size, mid + half, surface, 1.0f, 0.05f);
	}
	for (int i = 0; i < 2; i++) {
		const struct sc_frame *f = i ? &other : frame;
		const float stop = mid - half - 12.0f, go = mid + half + 12.0f;

		for (int lane = -1; lane <= 1; lane += 2) {
			dashes(f, mid + 0.5f * (float)lane * half, 0.0f, stop);
			dashes(f, mid + 0.5f * (float)lane * half, go, f->size);
		}
		strip(f, 0, mid - 1.2f, stop, mid - 0.3f, yellow_line, 0.9f, 0.0f);
		strip(f, 0, mid + 0.3f, stop, mid + 1.2f, yellow_line, 0.9f, 0.0f);
		strip(f, go, mid - 1.2f, f->size, mid - 0.3f, yellow_line, 0.9f, 0.0f);
		strip(f, go, mid + 0.3f, f->size, mid + 1.2f, yellow_line, 0.9f, 0.0f);
		zebra(f, stop + 1.0f, mid - half, mid + half);
		zebra(f, go - 9.0f, mid - half, mid + half);
		for (int lane = 0; lane < 4; lane++) {
			const float v = mid + half * (0.5f * (float)lane - 0.75f);
			float u = lane < 2 ? go + 10.0f : stop - 10.0f;

			/* Those who wait for green. */
			for (int n = sc_pick(&today, 4); n > 0; n--) {
				sc_car_paint(f, u, v, lane < 2 ? 3.14159f : 0.0f, &today);
				u += lane < 2 ? 20.0f : -20.0f;
			}
		}
	}
}

void sc_country_roads_paint(const struct sc_scene *scene, int row, int col)
{
	const struct sc_land *land = scene->land;
	struct sc_frame frame = sc_frame_of(scene, row, col);
	const float half = 7.0f;
	const struct sc_rgb dirt = {168, 150, 126}, paved = {120, 118, 114};
	int edge[2][2] = {
		{sc_land_road_north(land, row), sc_land_road_north(land, row + 1)},
		{sc_land_road_west(land, col), sc_land_road_west(land, col + 1)},
	};

	for (int turn = 0; turn < 2; turn++) {
		frame.turned = turn;
		for (int far = 0; far < 2; far++) {
			const int line = (turn ? col : row) + far;
			const bool dusty = sc_unit(sc_hash(land->seed + 0xd157u, line, turn)) < 0.5f;
			const float v = far ? frame.size - half : 0.0f;

			if (!edge[turn][far])
				continue;
			strip(&frame, 0, far ? v - 2.0f : v, frame.size, far ? v + half : v + half + 2.0f, dirt, 0.5f,
			      0.06f);
			strip(&frame, 0, v, frame.size, v + half, dusty ? dirt : paved, 1.0f, 0.05f);
		}
	}
}
