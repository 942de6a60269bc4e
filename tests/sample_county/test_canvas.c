/* test_canvas.c: a polygon covers its area, whichever way round it is given and however it is clipped. */
#include "canvas.h"

#include "support/check.h"

#include <math.h>

static const struct sc_rgb white = {1.0f, 1.0f, 1.0f};

static double painted(const struct sc_canvas *canvas)
{
	double sum = 0.0;

	for (int i = 0; i < canvas->area.w * canvas->area.h; i++)
		sum += (double)canvas->plane[0][i];
	return sum;
}

static void fill_on_black(struct sc_canvas *canvas, const struct sc_point *corner, int count)
{
	memset(canvas->plane[0], 0, sizeof(float) * (size_t)(canvas->area.w * canvas->area.h));
	sc_canvas_fill(canvas, corner, count, white, 1.0f, 0.0f);
}

static void covers_its_area_either_way_round(void **state)
{
	const struct sc_point tilted[4] = {{20.3f, 8.0f}, {47.1f, 22.5f}, {33.0f, 46.2f}, {6.2f, 31.7f}};
	const struct sc_point back[4] = {tilted[3], tilted[2], tilted[1], tilted[0]};
	struct sc_canvas canvas;
	double area = 0.0, forward;

	(void)state;
	assert_true(sc_canvas_init(&canvas, 60, 60));
	for (int i = 0; i < 4; i++) {
		const struct sc_point p = tilted[i], q = tilted[(i + 1) % 4];

		area += 0.5 * ((double)p.x * (double)q.y - (double)q.x * (double)p.y);
	}
	fill_on_black(&canvas, tilted, 4);
	forward = painted(&canvas);
	assert_true(fabs(forward - area) < 0.01 * area);
	fill_on_black(&canvas, back, 4);
	assert_true(fabs(painted(&canvas) - forward) < 0.01);
	sc_canvas_release(&canvas);
}

static void whole_pixels_are_exact(void **state)
{
	const struct sc_point box[4] = {{3, 4}, {10, 4}, {10, 9}, {3, 9}};
	struct sc_canvas canvas;

	(void)state;
	assert_true(sc_canvas_init(&canvas, 20, 20));
	fill_on_black(&canvas, box, 4);
	for (int y = 0; y < 20; y++)
		for (int x = 0; x < 20; x++)
			assert_true(canvas.plane[0][y * 20 + x] == (x >= 3 && x < 10 && y >= 4 && y < 9 ? 1.0f : 0.0f));
	sc_canvas_release(&canvas);
}

static void what_lies_outside_is_clipped(void **state)
{
	const struct sc_point huge[4] = {{-1e6f, -1e6f}, {1e6f, -1e6f}, {1e6f, 1e6f}, {-1e6f, 1e6f}};
	const struct sc_point away[3] = {{100, 100}, {120, 100}, {110, 130}};
	const struct sc_point flat[4] = {{2, 2}, {9, 2}, {9, 2}, {2, 2}};
	struct sc_canvas canvas;

	(void)state;
	assert_true(sc_canvas_init(&canvas, 20, 20));
	fill_on_black(&canvas, huge, 4);
	assert_true(painted(&canvas) > 399.0);
	fill_on_black(&canvas, away, 3);
	assert_true(painted(&canvas) == 0.0);
	fill_on_black(&canvas, flat, 4);
	assert_true(painted(&canvas) <= 10.0);
	sc_canvas_release(&canvas);
}

static void shade_reaches_from_foot_to_end(void **state)
{
	const struct sc_point box[4] = {{10, 10}, {14, 10}, {14, 14}, {10, 14}};
	const struct sc_point cast = {8, 4};
	struct sc_canvas canvas;
	int dark = 0;

	(void)state;
	assert_true(sc_canvas_init(&canvas, 40, 40));
	for (int i = 0; i < 1600; i++)
		canvas.plane[0][i] = 100.0f;
	sc_canvas_cast(&canvas, box, 4, cast, 1.0f);
	assert_true(canvas.plane[0][11 * 40 + 11] < 50.0f);
	assert_true(canvas.plane[0][16 * 40 + 20] < 50.0f);
	assert_true(canvas.plane[0][11 * 40 + 20] > 99.0f);
	for (int i = 0; i < 1600; i++)
		dark += canvas.plane[0][i] < 60.0f;
	/* The hull of the box and its shifted copy: 4 x 4 + 4 x (8 + 4). */
	assert_in_range(dark, 52, 72);
	sc_canvas_release(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covers_its_area_either_way_round),
		cmocka_unit_test(whole_pixels_are_exact),
		cmocka_unit_test(what_lies_outside_is_clipped),
		cmocka_unit_test(shade_reaches_from_foot_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
