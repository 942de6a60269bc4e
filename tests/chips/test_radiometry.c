/* test_radiometry.c: casts are undone although land changed and clouds stand in the way. */
#include "chips/radiometry.h"

#include "base/memory.h"
#include "support/near.h"

enum { BLOCKS = 3000, BANDS = 3 };

static float date[BLOCKS * BANDS], reference[BLOCKS * BANDS];
static const struct lu_radiometry_blocks blocks = {date, reference, BLOCKS, BANDS};
static const double cast_gain[BANDS] = {0.8, 1.15, 1.3}, cast_offset[BANDS] = {25, -12, 4};

/* About normal: the sum of uniform numbers, of standard deviation 1. */
static double noise(uint64_t *random)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += next_uniform(random);
	return sum - 6;
}

static double linear(double v, int band)
{
	return cast_gain[band] * v + cast_offset[band];
}

/* Light that no line follows: brighter in the middle. */
static double curved(double v, int band)
{
	(void)band;
	return 255 * pow(v / 255, 0.7);
}

/*
 * Land from 30 to 170 in bands that go together, seen twice with noise of its own; a share of the blocks has
 * become something else, another lies under clouds.
 */
static void draw(double (*cast)(double, int), double changed, double clouds)
{
	uint64_t random = 11;

	for (int i = 0; i < BLOCKS; i++) {
		const double land = 30 + 140 * next_uniform(&random), fate = next_uniform(&random);
		const double other = 30 + 140 * next_uniform(&random);

		for (int b = 0; b < BANDS; b++) {
			const double seen = land + 6 * noise(&random), now = fate < changed ? other : seen;

			reference[i * BANDS + b] = (float)(seen + 2 * noise(&random));
			date[i * BANDS + b] = (float)cast(now + 2 * noise(&random), b);
			if (fate > 1 - clouds)
				date[i * BANDS + b] = (float)(235 + 15 * next_uniform(&random));
		}
	}
}

/* The worst that is left between 'table' and what undoes 'cast', over the land's values. */
static double worst(const uint8_t *table, double (*cast)(double, int), int band)
{
	double most = 0;

	for (int v = 40; v <= 160; v++) {
		const double at = cast(v, band);
		const double got = table[(int)at] + (at - floor(at)) * (table[(int)at + 1] - table[(int)at]);

		most = fmax(most, fabs(got - v));
	}
	return most;
}

/* What matching mean and standard deviation of everything would leave: the figure to beat. */
static double worst_of_moments(double (*cast)(double, int), int band)
{
	double mean[2] = {0}, var[2] = {0}, most = 0;

	for (int i = 0; i < BLOCKS; i++) {
		mean[0] += (double)date[i * BANDS + band] / BLOCKS;
		mean[1] += (double)reference[i * BANDS + band] / BLOCKS;
	}
	for (int i = 0; i < BLOCKS; i++) {
		var[0] += pow((double)date[i * BANDS + band] - mean[0], 2) / BLOCKS;
		var[1] += pow((double)reference[i * BANDS + band] - mean[1], 2) / BLOCKS;
	}
	for (int v = 40; v <= 160; v++)
		most = fmax(most, fabs(mean[1] + sqrt(var[1] / var[0]) * (cast(v, band) - mean[0]) - v));
	return most;
}

static void a_cast_is_undone(void **state)
{
	(void)state;
	static const struct {
		double changed, clouds;
	} cases[] = {{0, 0}, {0.05, 0}, {0.05, 0.1}, {0.05, 0.2}};

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct lu_radiometry found;
		struct lu_error err = {0};

		draw(linear, cases[c].changed, cases[c].clouds);
		check_ok(lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &found, &err), err);
		assert_int_equal(found.blocks, BLOCKS);
		assert_in_range(found.invariant, BLOCKS * 6 / 10,
				BLOCKS * (1.01 - 0.9 * cases[c].changed - cases[c].clouds));
		for (int b = 0; b < BANDS; b++) {
			const double left = worst(found.bands[b].table, linear, b), naive = worst_of_moments(linear, b);

			print_message("%g %% changed, %g %% clouds, band %d: off by %.1f, by mean and deviation %.1f\n",
				      100 * cases[c].changed, 100 * cases[c].clouds, b + 1, left, naive);
			check_near(found.bands[b].gain * cast_gain[b], 1, 0.015);
			assert_true(left < 2);
			assert_true(cases[c].clouds == 0 || naive > 10);
			assert_true(found.bands[b].correlation > 0.98);
			assert_true(found.bands[b].after < 4 && found.bands[b].before > found.bands[b].after);
		}
		lu_radiometry_release(&found);
	}
}

static void a_curve_takes_a_table(void **state)
{
	(void)state;
	struct lu_radiometry line, table;
	struct lu_error err = {0};

	draw(curved, 0.05, 0.1);
	check_ok(lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &line, &err), err);
	check_ok(lu_radiometry_fit(&blocks, LU_RADIOMETRY_HISTOGRAM, &table, &err), err);
	for (int b = 0; b < BANDS; b++) {
		const double by_line = worst(line.bands[b].table, curved, b),
			     by_table = worst(table.bands[b].table, curved, b);

		print_message("band %d: a line leaves %.1f, a table %.1f\n", b + 1, by_line, by_table);
		assert_true(by_table < 2.5 && by_table < by_line);
		for (int v = 1; v < 256; v++)
			assert_true(table.bands[b].table[v] >= table.bands[b].table[v - 1]);
	}
	lu_radiometry_release(&line);
	lu_radiometry_release(&table);
}

static void a_date_like_the_reference_stays(void **state)
{
	(void)state;
	struct lu_radiometry found;
	struct lu_error err = {0};
	uint8_t values[256];

	draw(linear, 0.05, 0.1);
	memcpy(date, reference, sizeof(date));
	check_ok(lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &found, &err), err);
	for (int v = 0; v < 256; v++)
		values[v] = (uint8_t)v;
	lu_radiometry_apply(&found, 1, values, 256);
	for (int v = 0; v < 256; v++)
		assert_int_equal(values[v], v);
	lu_radiometry_release(&found);
}

static void what_cannot_be_compared_is_told(void **state)
{
	(void)state;
	struct lu_radiometry found;
	struct lu_error err = {0};

	for (int i = 0; i < BLOCKS * BANDS; i++)
		date[i] = reference[i] = 255;
	check_fails(lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &found, &err), LU_ERROR_MISMATCH, err,
		    "only 0 of 3000 blocks");
	lu_radiometry_release(&found);
	for (int i = 0; i < BLOCKS * BANDS; i++)
		date[i] = reference[i] = 100;
	check_fails(lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &found, &err), LU_ERROR_MISMATCH, err,
		    "no pseudo-invariant ground that the dates have in common");
	lu_radiometry_release(&found);
	/* A negative, as of another sensor. */
	draw(linear, 0, 0);
	for (int i = 0; i < BLOCKS * BANDS; i++)
		date[i] = 240 - reference[i];
	check_fails(lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &found, &err), LU_ERROR_MISMATCH, err,
		    "no pseudo-invariant ground that the dates have in common");
	lu_radiometry_release(&found);
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	enum lu_status status = LU_ERROR_MEMORY;

	draw(linear, 0.05, 0);
	for (long n = 0; status != LU_OK; n++) {
		struct lu_radiometry found = {0};
		struct lu_error err = {0};

		assert_true(n < 20);
		lu_memory_fail_after(n);
		status = lu_radiometry_fit(&blocks, LU_RADIOMETRY_REGRESSION, &found, &err);
		lu_memory_fail_after(-1);
		lu_radiometry_release(&found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cast_is_undone),
		cmocka_unit_test(a_curve_takes_a_table),
		cmocka_unit_test(a_date_like_the_reference_stays),
		cmocka_unit_test(what_cannot_be_compared_is_told),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
