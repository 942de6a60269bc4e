/* test_cell.c: from pixels to a cell's value: valid share, normalisation, resizing, regrouping. */
#include "base/memory.h"
#include "chips/normalise.h"
#include "chips/regroup.h"
#include "chips/valid.h"
#include "support/near.h"

static void valid_share_counts_nonzero_bytes(void **state)
{
	(void)state;
	uint8_t mask[5 * 8];

	memset(mask, 255, sizeof(mask));
	check_near(lu_valid_share(mask, 8, 5), 1, 0);
	mask[0] = 0;
	mask[4 * 8 + 4] = 0;
	mask[5] = 0; /* beyond the chip */
	mask[1] = 1; /* any value but 0 is valid */
	check_near(lu_valid_share(mask, 8, 5), 23.0 / 25, 1e-15);
}

static void a_cell_is_mapped_by_the_rule(void **state)
{
	(void)state;
	assert_true(lu_cell_mapped(0.9, 1e-6, LU_MIN_VALID));
	assert_true(lu_cell_mapped(9.0 / 10.0, 1, 0.3 * 3));
	assert_false(lu_cell_mapped(0.8999, 1, LU_MIN_VALID));
	assert_false(lu_cell_mapped(1, 0, LU_MIN_VALID));
	assert_false(lu_cell_mapped(0, 1, 0)); /* nothing to look at */
}

static void normalise_scales_every_band(void **state)
{
	(void)state;
	enum { PX = 7, BANDS = 3, ROW = 9, PLANE = ROW * PX + 5 };
	uint8_t planes[BANDS * PLANE];
	float chip[BANDS * PX * PX];
	const float scale[] = {1 / 127.5f, 2, -0.5f}, offset[] = {-1, 0, 255};

	for (size_t i = 0; i < sizeof(planes); i++)
		planes[i] = (uint8_t)(i * 37);
	lu_normalise_chip(planes, PLANE, ROW, PX, BANDS, scale, offset, chip);
	for (int b = 0; b < BANDS; b++) {
		for (int r = 0; r < PX; r++) {
			for (int c = 0; c < PX; c++) {
				const double expected =
					planes[b * PLANE + r * ROW + c] * (double)scale[b] + (double)offset[b];

				check_near(chip[(b * PX + r) * PX + c], expected, 1e-4);
			}
		}
	}
}

static float *resized(int from, int to, const float *src)
{
	struct lu_error err = {0};
	struct lu_resize *resize;
	float *scratch, *dst;

	check_ok(lu_resize_new(from, to, &resize, &err), err);
	check_ok(lu_alloc(&scratch, lu_resize_scratch(resize), sizeof(*scratch), "scratch", &err), err);
	check_ok(lu_alloc(&dst, (size_t)to * to * 2, sizeof(*dst), "chip", &err), err);
	lu_resize_chip(resize, src, 2, dst, scratch);
	lu_free(scratch);
	lu_resize_free(resize);
	return dst;
}

static void resize_keeps_what_it_must(void **state)
{
	(void)state;
	const int sizes[][2] = {{5, 5}, {5, 8}, {8, 5}, {1, 4}, {4, 1}, {32, 224}, {300, 224}, {224, 32}, {2, 3}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const int from = sizes[i][0], to = sizes[i][1];
		struct lu_error err = {0};
		float *src;

		/* Band 0 constant, band 1 a plane: centred linear weights keep both, away from the edges. */
		check_ok(lu_alloc(&src, (size_t)from * from * 2, sizeof(*src), "chip", &err), err);
		for (int k = 0; k < from * from; k++) {
			src[k] = 3.25f;
			src[from * from + k] = (float)(k % from + 0.5) + 2 * (float)(k / from + 0.5);
		}
		float *dst = resized(from, to, src);
		const double factor = (double)from / to, margin = factor > 1 ? 1 : 0.5 / factor + 1;
		for (int k = 0; k < to * to; k++) {
			const int x = k % to, y = k / to;

			check_near(dst[k], 3.25, 1e-5);
			if (x >= margin && y >= margin && x < to - margin && y < to - margin)
				check_near(dst[to * to + k], (x + 0.5) * factor + 2 * (y + 0.5) * factor,
					   factor > 1 ? 0.35 : 1e-3);
			if (from == to)
				check_near(dst[to * to + k], src[to * to + k], 0);
		}
		lu_free(dst);
		lu_free(src);
	}
}

static void resize_matches_values_worked_by_hand(void **state)
{
	(void)state;
	/* Twice as many: 3/4 and 1/4 between centres, edges repeated. */
	const float two[] = {0, 4, 0, 4, 1, 1, 1, 1};
	const float row4[] = {0, 1, 3, 4};
	float *up = resized(2, 4, two);

	for (int k = 0; k < 16; k++)
		check_near(up[k], row4[k % 4], 1e-6);
	lu_free(up);
	/* Half as many: a triangle of half width 2 over pixels at distance 1/2, 3/2: weights 1, 3, 3, 1 over 8,
	   and at an edge 3, 3, 1 over 7. */
	const float four[] = {0, 8, 16, 24, 0, 8, 16, 24, 0, 8, 16, 24, 0, 8, 16, 24,
			      1, 1, 1,  1,  1, 1, 1,  1,  1, 1, 1,  1,  1, 1, 1,  1};
	float *down = resized(4, 2, four);

	check_near(down[0], (3 * 0 + 3 * 8 + 1 * 16) / 7.0, 1e-5);
	check_near(down[1], (1 * 8 + 3 * 16 + 3 * 24) / 7.0, 1e-5);
	lu_free(down);
}

static void resize_refuses_nothing_and_survives_failed_allocations(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_resize *resize;

	check_fails(lu_resize_new(0, 224, &resize, &err), LU_ERROR_ARGUMENT, err, "at least 1");
	for (long n = 0; n < 3; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_resize_new(10, 20, &resize, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
		assert_null(resize);
	}
	lu_resize_free(NULL);
}

static const int members[] = {2, 0, -1, 0, 1};
static const uint8_t values[] = {1, 4, 9};

static void regroup_sums_members(void **state)
{
	(void)state;
	const float model[] = {0.1f, 0.2f, 0.15f, 0.25f, 0.3f};
	struct lu_error err = {0};
	struct lu_regroup *regroup;
	float map[3];
	uint8_t confidence;

	check_ok(lu_regroup_new(members, 5, values, 3, &regroup, &err), err);
	lu_regroup_sum(regroup, model, map);
	check_near(map[0], 0.45, 1e-7);
	check_near(map[1], 0.3, 1e-7);
	check_near(map[2], 0.1, 1e-7);
	assert_int_equal(lu_regroup_best(regroup, map, &confidence), 1);
	assert_int_equal(confidence, 45);

	const float tie[] = {0.1f, 0.45f, 0.45f}, broken[] = {0.1f, NAN, 0.9f};
	assert_int_equal(lu_regroup_best(regroup, tie, &confidence), 4);
	assert_int_equal(lu_regroup_best(regroup, broken, &confidence), 0);
	assert_int_equal(confidence, 0);
	lu_regroup_free(regroup);
}

static void confidence_is_a_whole_percent(void **state)
{
	(void)state;
	assert_int_equal(lu_confidence_percent(0.0f), 1);
	assert_int_equal(lu_confidence_percent(0.004f), 1);
	assert_int_equal(lu_confidence_percent(0.5f), 50);
	assert_int_equal(lu_confidence_percent(0.625f), 63); /* exactly 62.5: halves go up */
	assert_int_equal(lu_confidence_percent(0.994f), 99);
	assert_int_equal(lu_confidence_percent(0.996f), 100);
	assert_int_equal(lu_confidence_percent(1.001f), 100);
	assert_int_equal(lu_confidence_percent(NAN), 1);
}

static void regroup_refuses_bad_tables(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_regroup *regroup;
	const int out_of_range[] = {0, 3};
	const uint8_t zero[] = {0, 1}, unsorted[] = {2, 1};

	check_fails(lu_regroup_new(out_of_range, 2, values, 3, &regroup, &err), LU_ERROR_ARGUMENT, err, "map class");
	check_fails(lu_regroup_new(members, 1, zero, 2, &regroup, &err), LU_ERROR_ARGUMENT, err, "ascend");
	check_fails(lu_regroup_new(members, 1, unsorted, 2, &regroup, &err), LU_ERROR_ARGUMENT, err, "ascend");
	check_fails(lu_regroup_new(members, 0, values, 3, &regroup, &err), LU_ERROR_ARGUMENT, err, "class scheme");
	for (long n = 0; n < 3; n++) {
		lu_memory_fail_after(n);
		assert_int_equal(lu_regroup_new(members, 5, values, 3, &regroup, &err), LU_ERROR_MEMORY);
		lu_memory_fail_after(-1);
	}
	lu_regroup_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_share_counts_nonzero_bytes),
		cmocka_unit_test(a_cell_is_mapped_by_the_rule),
		cmocka_unit_test(normalise_scales_every_band),
		cmocka_unit_test(resize_keeps_what_it_must),
		cmocka_unit_test(resize_matches_values_worked_by_hand),
		cmocka_unit_test(resize_refuses_nothing_and_survives_failed_allocations),
		cmocka_unit_test(regroup_sums_members),
		cmocka_unit_test(confidence_is_a_whole_percent),
		cmocka_unit_test(regroup_refuses_bad_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
