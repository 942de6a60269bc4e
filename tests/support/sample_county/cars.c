/*
 * cars.c: one car: a shade, a body, a dark windscreen and rear window
 */
#include "town.h"

/* A passenger car is about 4.5 m by 1.9 m. */
#define HALF_LENGTH 7.4f
#define HALF_WIDTH 3.1f

static void part(const struct sc_frame *frame, float u, float v, float tilt, float from, float to, float half_width,
		 struct sc_rgb colour)
{
	const struct sc_point corner[4] = {
		sc_frame_tilted(frame, u, v, tilt, from, -half_width),
		sc_frame_tilted(frame, u, v, tilt, to, -half_width),
		sc_frame_tilted(frame, u, v, tilt, to, half_width),
		sc_frame_tilted(frame, u, v, tilt, from, half_width),
	};

	sc_canvas_fill(frame->scene->canvas, corner, 4, colour, 1.0f, 0.02f);
}

void sc_car_paint(const struct sc_frame *frame, float u, float v, float tilt, struct sc_dice *dice)
{
	/* As often as seen on a car park. */
	static const struct sc_rgb paints[] = {
		{232, 232, 230}, {226, 228, 226}, {190, 192, 192}, {172, 174, 174}, {44, 44, 48},
		{36, 38, 42},    {92, 94, 98},    {66, 80, 108},   {42, 52, 84},    {150, 48, 40},
		{176, 60, 46},   {176, 164, 136}, {82, 70, 60},    {70, 92, 76},
	};
	const struct sc_rgb paint = paints[sc_pick(dice, (int)(sizeof(paints) / sizeof(paints[0])))];
	const struct sc_rgb glass = {48, 54, 62};
	const float longer = sc_between(dice, 0.92f, 1.14f);
	const float l = HALF_LENGTH * longer, w = HALF_WIDTH;
	const struct sc_point foot[4] = {
		sc_frame_tilted(frame, u, v, tilt, -l, -w),
		sc_frame_tilted(frame, u, v, tilt, l, -w),
		sc_frame_tilted(frame, u, v, tilt, l, w),
		sc_frame_tilted(frame, u, v, tilt, -l, w),
	};

	sc_canvas_cast(frame->scene->canvas, foot, 4, sc_frame_shadow(frame, 1.4f), 0.85f);
	part(frame, u, v, tilt, -l, l, w, paint);
	part(frame, u, v, tilt, 0.12f * l, 0.38f * l, 0.85f * w, glass);
	part(frame, u, v, tilt, -0.78f * l, -0.6f * l, 0.8f * w, glass);
}
