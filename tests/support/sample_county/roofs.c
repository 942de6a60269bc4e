/*
 * roofs.c: houses and halls as seen from above: a shade and some slopes
 *
 * A gable has two slopes, a hip four, a flat roof one. The height of the house shows in its shade only.
 */
#include "town.h"

/* How much brighter a slope is that faces the sun squarely. */
#define SLOPE_LIGHT 0.24f

struct slope {
	struct sc_point corner[4]; /* local: u, v from the centre */
	int corners;
	float normal_u, normal_v; /* which way it faces; 0, 0 is up */
};

static float lit(const struct sc_frame *frame, float tilt, float nu, float nv)
{
	const struct sc_flight *flight = frame->scene->flight;
	const float reach = sqrtf(flight->shadow_x * flight->shadow_x + flight->shadow_y * flight->shadow_y);
	const float u = nu * cosf(tilt) - nv * sinf(tilt), v = nu * sinf(tilt) + nv * cosf(tilt);
	const float x = frame->turned ? v : u, y = frame->turned ? u : v;

	return 1.0f - SLOPE_LIGHT * (x * flight->shadow_x + y * flight->shadow_y) / reach;
}

static int slopes_of(const struct sc_house *house, struct slope *slope)
{
	const bool along_u = house->half_u >= house->half_v;
	const float a = along_u ? house->half_u : house->half_v;
	const float b = along_u ? house->half_v : house->half_u;
	const float ridge = house->roof == SC_ROOF_HIP ? a - 0.8f * b : a;
	int count = 0;

	if (house->roof == SC_ROOF_FLAT) {
		slope[count++] = (struct slope){{{-a, -b}, {a, -b}, {a, b}, {-a, b}}, 4, 0, 0};
	} else {
		slope[count++] = (struct slope){{{-a, -b}, {a, -b}, {ridge, 0}, {-ridge, 0}}, 4, 0, -1};
		slope[count++] = (struct slope){{{-a, b}, {a, b}, {ridge, 0}, {-ridge, 0}}, 4, 0, 1};
	}
	if (house->roof == SC_ROOF_HIP) {
		slope[count++] = (struct slope){{{a, -b}, {a, b}, {ridge, 0}}, 3, 1, 0};
		slope[count++] = (struct slope){{{-a, -b}, {-a, b}, {-ridge, 0}}, 3, -1, 0};
	}
	if (along_u)
		return count;
	for (int i = 0; i < count; i++) {
		const float nu = slope[i].normal_u;

		slope[i].normal_u = slope[i].normal_v;
		slope[i].normal_v = nu;
		for (int k = 0; k < slope[i].corners; k++) {
			const struct sc_point p = slope[i].corner[k];

			slope[i].corner[k] = (struct sc_point){p.y, p.x};
		}
	}
	return count;
}

static void outline(const struct sc_frame *frame, const struct sc_house *house, float inset, struct sc_point corner[4])
{
	const float a = house->half_u - inset, b = house->half_v - inset;

	corner[0] = sc_frame_tilted(frame, house->u, house->v, house->tilt, -a, -b);
	corner[1] = sc_frame_tilted(frame, house->u, house->v, house->tilt, a, -b);
	corner[2] = sc_frame_tilted(frame, house->u, house->v, house->tilt, a, b);
	corner[3] = sc_frame_tilted(frame, house->u, house->v, house->tilt, -a, b);
}

void sc_house_paint(const struct sc_frame *frame, const struct sc_house *house)
{
	struct sc_canvas *canvas = frame->scene->canvas;
	struct sc_point corner[4];
	struct slope slope[4];
	int slopes;

	outline(frame, house, 0.0f, corner);
	sc_canvas_cast(canvas, corner, 4, sc_frame_shadow(frame, house->height_m), 0.85f);
	slopes = slopes_of(house, slope);
	for (int i = 0; i < slopes; i++) {
		const float light = lit(frame, house->tilt, slope[i].normal_u, slope[i].normal_v);

		for (int k = 0; k < slope[i].corners; k++) {
			const struct sc_point p = slope[i].corner[k];

			corner[k] = sc_frame_tilted(frame, house->u, house->v, house->tilt, p.x, p.y);
		}
		sc_canvas_fill(canvas, corner, slope[i].corners, sc_rgb_scale(house->colour, light), 1.0f, 0.07f);
	}
}

void sc_hall_paint(const struct sc_frame *frame, const struct sc_house *hall, struct sc_dice *dice)
{
	struct sc_canvas *canvas = frame->scene->canvas;
	struct sc_point corner[4];
	const int units = 2 + sc_pick(dice, 9);

	outline(frame, hall, 0.0f, corner);
	sc_canvas_cast(canvas, corner, 4, sc_frame_shadow(frame, hall->height_m), 0.9f);
	sc_canvas_fill(canvas, corner, 4, sc_rgb_scale(hall->colour, 1.1f), 1.0f, 0.02f);
	outline(frame, hall, 2.0f, corner);
	sc_canvas_fill(canvas, corner, 4, sc_rgb_scale(hall->colour, 0.94f), 1.0f, 0.035f);
	for (int i = 0; i < units; i++) {
		const float big = sc_between(dice, 1.5f, 4.5f);
		const struct sc_house unit = {
			.u = hall->u + (hall->half_u - 7.0f) * sc_between(dice, -1.0f, 1.0f),
			.v = hall->v + (hall->half_v - 7.0f) * sc_between(dice, -1.0f, 1.0f),
			.half_u = big,
			.half_v = big * sc_between(dice, 0.6f, 1.4f),
			.tilt = hall->tilt,
			.height_m = sc_between(dice, 0.8f, 2.0f),
			.roof = SC_ROOF_FLAT,
			.colour = sc_rgb_scale((struct sc_rgb){190, 192, 190}, sc_between(dice, 0.6f, 1.2f)),
		};

		sc_house_paint(frame, &unit);
	}
}
