/*
 * test_convert.c: the fast conversion to 8-bit steps against the plain one, bit by bit, where rounding is decided.
 */
#include "nn/kernels/convert_int8.h"
#include "support/guarded.h"

enum { COUNT = 4096 + 13 };

/* Numbers in and beyond the range, the middles of steps and their neighbours, and what is no number. */
static void fill(float *x, const struct lu_convert *c, uint64_t seed)
{
	static const float ugly[] = {NAN, INFINITY, -INFINITY, 1e-42f, -0.0f, 3e38f, -3e38f};

	for (int i = 0; i < COUNT; i++) {
		float middle = ((float)(i % 300) - 150.5f) * c->scale;

		x[i] = i % 5 == 0   ? nextafterf(middle, INFINITY)
		       : i % 5 == 1 ? nextafterf(middle, -INFINITY)
		       : i % 5 == 2 ? middle
				    : 200 * c->scale * net_number(seed, (uint64_t)i);
	}
	for (int i = 0; i < 7; i++)
		x[i * 131] = ugly[i];
}

static void rounds_as_the_plain_loop(void **state)
{
	static const float scales[] = {0.0078125f, 0.015f, 1 / 3.0f, 0.0123456f, 1, 7e5f, 1e-20f, 3e-38f};
	static const int counts[] = {COUNT, 1, 15, 16, 17, 31};
	float *x = guarded(COUNT), *back = guarded(COUNT);
	uint8_t got[COUNT + 1], want[COUNT + 1];

	(void)state;
	for (size_t s = 0; s < sizeof(scales) / sizeof(scales[0]); s++)
		for (int kind = 0; kind < 6; kind++) {
			bool is_signed = kind % 2;
			int zero = (int[]){0, 255, 117}[kind / 2] - (is_signed ? 128 : 0), low = is_signed ? -128 : 0;
			struct lu_convert c = {.scale = scales[s],
					       .low = (float)(low - zero),
					       .high = (float)(low + 255 - zero),
					       .zero = zero,
					       .is_signed = is_signed};

			fill(x, &c, s);
			for (size_t n = 0; n < sizeof(counts) / sizeof(counts[0]); n++) {
				c.count = counts[n];
				got[c.count] = want[c.count] = 99;
				lu_convert_to(&c, x, got);
				lu_convert_to_reference(&c, x, want);
				assert_memory_equal(got, want, (size_t)c.count + 1);
			}
			/* What is on the grid comes back as it was. */
			c.count = COUNT;
			lu_convert_to(&c, x, got);
			lu_convert_from(&c, got, back);
			check_guard(back, COUNT, "back");
			for (int i = 0; i < COUNT; i++)
				assert_true(back[i] == (float)((is_signed ? (int8_t)got[i] : got[i]) - zero) * c.scale);
			lu_convert_to(&c, back, want);
			assert_memory_equal(got, want, COUNT);
		}
	free(x);
	free(back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounds_as_the_plain_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
