/* test_cell.c: from pixels to a cell's value: valid share, filling, regrouping. */
#include "base/memory.h"
#include "chips/cut.h"
#include "chips/fill.h"
#include "chips/valid.h"
#include "models/regroup.h"
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

static void a_chip_is_cut_out_of_its_rows(void **state)
{
	(void)state;
	enum { PX = 7, BANDS = 3, ROW = 9, PLANE = ROW * PX + 5 };
	uint8_t planes[BANDS * PLANE], chip[BANDS * PX * PX + 1];

	for (size_t i = 0; i < sizeof(planes); i++)
		planes[i] = (uint8_t)(i * 37);
	chip[BANDS * PX * PX] = 77;
	lu_cut_chip(planes, PLANE, ROW, BANDS, PX, chip);
	for (int i = 0; i < BANDS * PX * PX; i++)
		assert_int_equal(chip[i], planes[i / (PX * PX) * PLANE + i / PX % PX * ROW + i % PX]);
	assert_int_equal(chip[BANDS * PX * PX], 77);
}

static void invalid_pixels_get_the_rounded_mean_of_the_others(void **state)
{
	(void)state;
	/* 2 x 2 pixels, of which the last has no data; the mask's rows are 3 apart. */
	const uint8_t valid[] = {255, 1, 0, 7, 0};
	static const struct {
		uint8_t seen[3], mean;
	} planes[] = {
		{{0, 0, 0}, 0},         {{255, 255, 255}, 255}, {{255, 255, 254}, 255}, /* 254 2/3 */
		{{255, 254, 254}, 254}, /* 254 1/3 */
		{{0, 0, 1}, 0},         {{0, 1, 1}, 1},
	};
	enum { BANDS = sizeof(planes) / sizeof(planes[0]) };
	uint8_t chip[BANDS * 4];

	for (int b = 0; b < BANDS; b++) {
		memcpy(chip + b * 4, planes[b].seen, 3);
		chip[b * 4 + 3] = 99;
	}
	lu_fill_invalid(chip, BANDS, 2, valid, 3);
	for (int b = 0; b < BANDS; b++) {
		assert_memory_equal(chip + b * 4, planes[b].seen, 3);
		assert_int_equal(chip[b * 4 + 3], planes[b].mean);
	}
	/* Two valid pixels: halves are rounded up, to the very end of the scale. */
	const uint8_t half[] = {1, 1, 0, 0};
	uint8_t ties[] = {254, 255, 0, 0, 0, 1, 9, 9, 10, 13, 255, 0};
	const uint8_t filled[] = {254, 255, 255, 255, 0, 1, 1, 1, 10, 13, 12, 12};

	lu_fill_invalid(ties, 3, 2, half, 2);
	assert_memory_equal(ties, filled, sizeof(filled));
}

static void a_chip_without_data_is_left(void **state)
{
	(void)state;
	const uint8_t valid[4] = {0}, before[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t chip[8];

	memcpy(chip, before, sizeof(chip));
	lu_fill_invalid(chip, 2, 2, valid, 2);
	assert_memory_equal(chip, before, sizeof(chip));
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
	assert_int_equal(lu_confidence_percent(0.625f), 63); /* exactly 62.5: halves are rounded up */
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
		cmocka_unit_test(a_chip_is_cut_out_of_its_rows),
		cmocka_unit_test(invalid_pixels_get_the_rounded_mean_of_the_others),
		cmocka_unit_test(a_chip_without_data_is_left),
		cmocka_unit_test(regroup_sums_members),
		cmocka_unit_test(confidence_is_a_whole_percent),
		cmocka_unit_test(regroup_refuses_bad_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
