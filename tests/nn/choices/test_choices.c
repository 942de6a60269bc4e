/*
 * test_choices.c: the table of choices says for the layers that it was measured on what was measured.
 */
#include "nn/choices/choices.h"
#include "support/check.h"

static bool chosen(enum lu_kernel kernel, int64_t in, int64_t out, int64_t side, size_t weight_bytes)
{
	const struct lu_layer_facts facts = {in, out, side, side, weight_bytes};

	return lu_choose_kernel(kernel, &facts);
}

static void kernels(void **state)
{
	(void)state;
	assert_true(chosen(LU_KERNEL_WINOGRAD, 64, 64, 56, 0));
	assert_true(chosen(LU_KERNEL_WINOGRAD, 512, 512, 7, 0));
	assert_false(chosen(LU_KERNEL_WINOGRAD, 512, 512, 2, 0)); /* 16 results of a tile for 4 that are there */
	assert_false(chosen(LU_KERNEL_WINOGRAD, 24, 32, 56, 0));
	assert_true(chosen(LU_KERNEL_POINTWISE, 64, 256, 56, 0));
	assert_true(chosen(LU_KERNEL_POINTWISE, 960, 160, 5, 0));
	assert_false(chosen(LU_KERNEL_POINTWISE, 48, 256, 56, 0));
	assert_false(chosen(LU_KERNEL_POINTWISE, 256, 72, 56, 0));
	assert_true(chosen(LU_KERNEL_INVERTED_RESIDUAL, 96, 96, 14, 450 << 10));
	assert_false(chosen(LU_KERNEL_INVERTED_RESIDUAL, 160, 160, 7, 600 << 10));
	assert_true(chosen(LU_KERNEL_CONV_FP16, 3, 64, 112, 0));
	assert_false(chosen(LU_KERNEL_CONV_FP16, 3, 16, 112, 0));
	assert_true(chosen(LU_KERNEL_CONV_FP16, 16, 16, 32, 0));
	assert_true(chosen(LU_KERNEL_PLAIN_IMAGE, 3, 16, 112, 0));
	assert_false(chosen(LU_KERNEL_PLAIN_IMAGE, 3, 32, 112, 0));
}

static void groups(void **state)
{
	(void)state;
	/* ResNet's 3x3 layers: of 64, 128 and 512 channels. */
	assert_int_equal(lu_choose_groups(LU_KERNEL_WINOGRAD, 8 * 32256, 589824), 4);
	assert_int_equal(lu_choose_groups(LU_KERNEL_WINOGRAD, 16 * 32256, 2359296), 8);
	assert_int_equal(lu_choose_groups(LU_KERNEL_WINOGRAD, 64 * 32256, 37748736), 8);
	assert_int_equal(lu_choose_groups(LU_KERNEL_WINOGRAD, 64 * 32256, 1000), 1); /* never none */
	assert_int_equal(lu_choose_groups(LU_KERNEL_POINTWISE, 256 * 56, 65536), 1);
	assert_int_equal(lu_choose_groups(LU_KERNEL_POINTWISE, 256 * 56, 1 << 20), 18);
	assert_int_equal(lu_choose_groups(LU_KERNEL_POINTWISE, 8192 * 56, 1 << 24), 1);
}

static void batches(void **state)
{
	const size_t mib = 1 << 20;

	(void)state;
	assert_int_equal(lu_choose_batch(2 * mib, 3 * mib, 1), 1);
	assert_int_equal(lu_choose_batch(192 * mib, 7 * mib, 1), 16);
	assert_int_equal(lu_choose_batch(400 * mib, mib, 1), 32);
	assert_int_equal(lu_choose_batch(6 * mib, mib, 1), 2);
	assert_int_equal(lu_choose_batch(6 * mib, mib, 8), 16); /* weights are waited for the more */
	assert_int_equal(lu_choose_pace(LU_PRECISION_FP32, true), 1);
	assert_int_equal(lu_choose_pace(LU_PRECISION_BF16, false), 1);
	assert_true(lu_choose_pace(LU_PRECISION_INT8, true) > lu_choose_pace(LU_PRECISION_BF16, true));
}

/* Large images are worth a batch's share of them, weights cost themselves. */
static void fronts(void **state)
{
	(void)state;
	assert_true(lu_choose_front_gain(64e6, 1e5, 16) > lu_choose_front_least());
	assert_true(lu_choose_front_gain(1e6, 1e5, 16) < 0);
	assert_true(lu_choose_front_gain(64e6, 8e6, 16) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels),
		cmocka_unit_test(groups),
		cmocka_unit_test(batches),
		cmocka_unit_test(fronts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
