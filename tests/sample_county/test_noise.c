/* test_noise.c: noise belongs to the place, not to the window it is seen through. */
#include "noise.h"

#include "support/check.h"

#include <math.h>

enum {
	W = 40,
	H = 30,
};

static void windows_agree_where_they_overlap(void **state)
{
	static const int steps[] = {1, 2, 7, 41, 113};
	(void)state;
	for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		const struct sc_rect one = {-13, -7, W, H}, two = {-2, 5, W, H};
		float a[W * H] = {0}, b[W * H] = {0};

		sc_noise_add(a, one, steps[s], 99, 1.0f);
		sc_noise_add(b, two, steps[s], 99, 1.0f);
		for (int y = two.y; y < one.y + H; y++)
			for (int x = two.x; x < one.x + W; x++)
				assert_true(a[(y - one.y) * W + x - one.x] == b[(y - two.y) * W + x - two.x]);
	}
}

static void amplitude_bounds_and_adds(void **state)
{
	const struct sc_rect area = {5, 5, W, H};
	float field[W * H] = {0};
	double sum = 0.0;

	(void)state;
	sc_noise_add(field, area, 3, 1, 2.0f);
	for (int i = 0; i < W * H; i++) {
		assert_true(fabsf(field[i]) <= 2.0f);
		sum += (double)field[i];
	}
	assert_true(fabs(sum / (W * H)) < 0.3);
	sc_noise_add(field, area, 3, 1, -2.0f);
	for (int i = 0; i < W * H; i++)
		assert_true(fabsf(field[i]) < 1e-5f);
}

static void seeds_and_places_differ(void **state)
{
	int same = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		same += sc_hash(1, i, 0) == sc_hash(2, i, 0);
		same += sc_hash(1, i, 0) == sc_hash(1, 0, i + 1);
		assert_true(sc_unit(sc_hash(3, i, i)) < 1.0f);
		assert_true(sc_fbm_at(3, (float)i * 0.37f, 1.0f) <= 1.0f);
	}
	assert_int_equal(same, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_agree_where_they_overlap),
		cmocka_unit_test(amplitude_bounds_and_adds),
		cmocka_unit_test(seeds_and_places_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
