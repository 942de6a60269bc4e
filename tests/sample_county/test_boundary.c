/* test_boundary.c: the cells' parts add up to the county, and the marks say the same as the parts. */
#include "boundary.h"

#include "support/check.h"

#include <math.h>

static double ring_area(const struct sc_boundary *boundary)
{
	double twice = 0.0;

	for (int i = 0; i < boundary->count; i++) {
		const struct sc_point p = boundary->point[i], q = boundary->point[(i + 1) % boundary->count];

		twice += (double)p.x * (double)q.y - (double)q.x * (double)p.y;
	}
	return 0.5 * twice;
}

static void parts_add_up_and_agree_with_the_marks(void **state)
{
	static const int sizes[][2] = {{3, 3}, {12, 12}, {40, 17}, {60, 60}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct sc_boundary boundary;
		struct sc_land land;
		double sum = 0.0;
		int cut = 0;

		assert_true(sc_land_init(&land, sizes[i][0], sizes[i][1], 1, 224, 40 + (uint32_t)i));
		assert_true(sc_boundary_draw(&land, &boundary));
		assert_true(sc_boundary_mark(&boundary, &land));
		for (int row = 0; row < land.rows; row++) {
			for (int col = 0; col < land.cols; col++) {
				const float part = sc_boundary_fraction(&boundary, row, col);
				const uint8_t mark = land.inside[sc_land_at(&land, row, col)];

				assert_true(part >= 0.0f && part <= 1.0f + 1e-4f);
				assert_int_equal(mark > 0, part > 1e-5f);
				assert_true(fabsf((float)mark / 255.0f - part) < 1.0f / 255.0f);
				cut += part > 0.01f && part < 0.99f;
				sum += (double)part;
			}
		}
		assert_true(fabs(sum - ring_area(&boundary)) < 1e-3 * sum);
		assert_true(sum > 0.5 * land.cols * land.rows && sum < 0.98 * land.cols * land.rows);
		assert_true(cut > land.cols);
		sc_boundary_release(&boundary);
		sc_land_release(&land);
	}
}

static void the_ring_stays_in_the_picture(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 50; seed++) {
		struct sc_boundary boundary;
		struct sc_land land;

		assert_true(sc_land_init(&land, 14, 9, 1, 224, seed));
		assert_true(sc_boundary_draw(&land, &boundary));
		for (int i = 0; i < boundary.count; i++) {
			assert_true(boundary.point[i].x > 0.0f && boundary.point[i].x < 14.0f);
			assert_true(boundary.point[i].y > 0.0f && boundary.point[i].y < 9.0f);
		}
		sc_boundary_release(&boundary);
		sc_land_release(&land);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_add_up_and_agree_with_the_marks),
		cmocka_unit_test(the_ring_stays_in_the_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
