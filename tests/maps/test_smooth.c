/* test_smooth.c: plurality, minimum mapping unit and mean field on maps small enough to see. */
#include "maps/smooth.h"

#include "base/memory.h"
#include "support/near.h"

enum { W = 6, H = 5 };

/* '.' is not mapped; a digit is a class. */
static void draw(const char *picture, uint16_t *map)
{
	for (size_t i = 0; picture[i]; i++)
		map[i] = picture[i] == '.' ? 0 : (uint16_t)(picture[i] - '0');
}

static void check_map(const uint16_t *map, const char *picture)
{
	char got[W * H + 1] = {0};

	for (int i = 0; i < W * H; i++)
		got[i] = map[i] == 0 ? '.' : (char)('0' + map[i]);
	assert_string_equal(got, picture);
}

static void a_lone_cell_vanishes_at_1_and_stays_at_9(void **state)
{
	(void)state;
	static const char lone[] = "111111"
				   "111111"
				   "112111"
				   "111111"
				   "111113";
	static const char smooth[] = "111111"
				     "111111"
				     "111111"
				     "111111"
				     "111111";
	uint16_t map[W * H], to[W * H];

	draw(lone, map);
	assert_int_equal(lu_smooth_plurality(map, W, H, 1, to), 2);
	check_map(to, smooth);
	assert_int_equal(lu_smooth_plurality(map, W, H, 9, to), 0);
	check_map(to, lone);
	/* Between the two: the corner has three neighbours, the cell inside has eight. */
	assert_int_equal(lu_smooth_plurality(map, W, H, 4, to), 1);
	assert_int_equal(to[W * H - 1], 3);
}

static void plurality_ties_edges_and_nodata(void **state)
{
	(void)state;
	static const char before[] = "3.2..."
				     "...222"
				     "1....."
				     "..1..4"
				     ".....4";
	static const char after[] = "3.2..."
				    "...222"
				    "1....."
				    "..1..4"
				    ".....4";
	uint16_t map[W * H], to[W * H];

	draw(before, map);
	assert_int_equal(lu_smooth_plurality(map, W, H, 1, to), 0);
	check_map(to, after);
	/* With no vote of its own, a cell between equals takes the lower value; without neighbours it stays. */
	draw("324..."
	     "......"
	     "......"
	     "......"
	     ".....5",
	     map);
	lu_smooth_plurality(map, W, H, 0, to);
	check_map(to, "232..."
		      "......"
		      "......"
		      "......"
		      ".....5");
}

static uint64_t sieved(const char *picture, uint64_t min_cells, bool corners, uint16_t *map)
{
	struct lu_error err = {0};
	uint64_t altered;

	draw(picture, map);
	check_ok(lu_smooth_sieve(map, W, H, min_cells, corners, &altered, &err), err);
	return altered;
}

static void small_patches_go_to_their_largest_neighbour(void **state)
{
	(void)state;
	static const char before[] = "211133"
				     "111133"
				     "114133"
				     "111133"
				     ".11.33";
	uint16_t map[W * H];

	assert_int_equal(sieved(before, 2, false, map), 2);
	check_map(map, "111133"
		       "111133"
		       "111133"
		       "111133"
		       ".11.33");
	/* Patches of exactly the minimum stay. */
	assert_int_equal(sieved(before, 1, false, map), 0);
	check_map(map, before);
}

static void corners_join_or_do_not(void **state)
{
	(void)state;
	static const char diagonal[] = "211111"
				       "121111"
				       "112111"
				       "111111"
				       "111111";
	uint16_t map[W * H];

	assert_int_equal(sieved(diagonal, 3, true, map), 0);
	assert_int_equal(sieved(diagonal, 3, false, map), 3);
}

static void patches_grow_together_and_islands_stay(void **state)
{
	(void)state;
	uint16_t map[W * H];

	/* The 2s are split by a column of 3s; sieved away, all 2s are one patch, and the lone 5 has no neighbour. */
	assert_int_equal(sieved("223221"
				"223221"
				"223221"
				"......"
				"5.....",
				4, false, map),
			 6);
	check_map(map, "222222"
		       "222222"
		       "222222"
		       "......"
		       "5.....");
	/* Two small ones beside nothing but each other: the smaller joins the larger. */
	assert_int_equal(sieved("677..."
				"......"
				"......"
				"......"
				"......",
				5, false, map),
			 1);
	assert_int_equal(map[0], 7);
}

/* After sieving, every patch is large enough or has no neighbour, and sieving again changes nothing. */
static void random_maps_end_sieved(void **state)
{
	(void)state;
	enum { SIDE = 40 };
	static uint16_t map[SIDE * SIDE], again[SIDE * SIDE];
	uint64_t random = 17, altered;
	struct lu_error err = {0};

	for (int trial = 0; trial < 50; trial++) {
		for (int i = 0; i < SIDE * SIDE; i++)
			map[i] = (uint16_t)(next_uniform(&random) * 5);
		check_ok(lu_smooth_sieve(map, SIDE, SIDE, 6, trial & 1, &altered, &err), err);
		memcpy(again, map, sizeof(map));
		check_ok(lu_smooth_sieve(again, SIDE, SIDE, 6, trial & 1, &altered, &err), err);
		assert_int_equal(altered, 0);
		assert_memory_equal(again, map, sizeof(map));
	}
}

static void mean_field_heals_doubt_and_respects_certainty(void **state)
{
	(void)state;
	float p[W * H * 2];
	uint64_t altered;
	struct lu_error err = {0};

	for (int i = 0; i < W * H; i++) {
		p[2 * i] = .95f;
		p[2 * i + 1] = .05f;
	}
	p[2 * (2 * W + 2)] = .4f; /* a doubtful cell of class 1 amid class 0 */
	p[2 * (2 * W + 2) + 1] = .6f;
	p[2 * (3 * W + 4)] = .001f; /* a certain one */
	p[2 * (3 * W + 4) + 1] = .999f;
	p[0] = p[1] = 0; /* not mapped */
	float same[W * H * 2];
	memcpy(same, p, sizeof(p));
	check_ok(lu_smooth_mean_field(same, W, H, 2, 0, 8, &altered, &err), err);
	assert_int_equal(altered, 0);
	for (int i = 0; i < W * H * 2; i++)
		check_near(same[i], p[i], 1e-6);

	check_ok(lu_smooth_mean_field(p, W, H, 2, 2, 8, &altered, &err), err);
	assert_int_equal(altered, 1);
	assert_true(p[2 * (2 * W + 2)] > .8f);
	assert_true(p[2 * (3 * W + 4) + 1] > .95f);
	check_near(p[0] + p[1], 0, 0);
	for (int i = 1; i < W * H; i++)
		check_near(p[2 * i] + p[2 * i + 1], 1, 1e-6);
}

/* Turned map, turned result: nothing depends on the order of cells. */
static void mean_field_knows_no_direction(void **state)
{
	(void)state;
	float p[W * H * 3], turned[W * H * 3];
	uint64_t random = 23, altered;
	struct lu_error err = {0};

	for (int i = 0; i < W * H; i++) {
		const double u = next_uniform(&random), v = (1 - u) * next_uniform(&random);

		p[3 * i] = (float)u;
		p[3 * i + 1] = (float)v;
		p[3 * i + 2] = (float)(1 - u - v);
		memcpy(turned + 3 * (W * H - 1 - i), p + 3 * i, 3 * sizeof(*p));
	}
	check_ok(lu_smooth_mean_field(p, W, H, 3, 1.5, 8, &altered, &err), err);
	check_ok(lu_smooth_mean_field(turned, W, H, 3, 1.5, 8, &altered, &err), err);
	for (int i = 0; i < W * H * 3; i++)
		check_near(turned[3 * (W * H - 1 - i / 3) + i % 3], p[i], 1e-6);
}

/* A map is smoothed strip by strip: rows that have a halo of 'iterations' rows come out to the bit. */
static void a_strip_with_its_halo_is_the_whole(void **state)
{
	(void)state;
	enum { COLS = 7, ROWS = 40, CLASSES = 3, STEPS = 3, FIRST = 15, LAST = 22 };
	static float whole[ROWS * COLS * CLASSES], strip[ROWS * COLS * CLASSES];
	const size_t row = COLS * CLASSES;
	uint64_t random = 5, altered;
	struct lu_error err = {0};

	for (int i = 0; i < ROWS * COLS; i++) {
		const double u = i % 11 == 0 ? 0 : next_uniform(&random);

		whole[CLASSES * i] = (float)(u * u);
		whole[CLASSES * i + 1] = (float)(u - u * u);
		whole[CLASSES * i + 2] = u > 0 ? (float)(1 - u) : 0;
	}
	memcpy(strip, whole + (FIRST - STEPS) * row, (LAST - FIRST + 2 * STEPS) * row * sizeof(*strip));
	check_ok(lu_smooth_mean_field(whole, COLS, ROWS, CLASSES, 1.5, STEPS, &altered, &err), err);
	check_ok(lu_smooth_mean_field(strip, COLS, LAST - FIRST + 2 * STEPS, CLASSES, 1.5, STEPS, &altered, &err), err);
	assert_memory_equal(strip + STEPS * row, whole + FIRST * row, (LAST - FIRST) * row * sizeof(*strip));
	/* One row of halo too few would not do. */
	assert_memory_not_equal(strip + (STEPS - 1) * row, whole + (FIRST - 1) * row, row * sizeof(*strip));
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	enum lu_status sieve = LU_ERROR_MEMORY, field = LU_ERROR_MEMORY;

	for (long n = 0; sieve != LU_OK || field != LU_OK; n++) {
		struct lu_error err = {0};
		uint16_t map[W * H];
		float p[W * H];
		uint64_t altered;

		assert_true(n < 20);
		for (int i = 0; i < W * H; i++) {
			map[i] = (uint16_t)(1 + i % 3);
			p[i] = 1;
		}
		lu_memory_fail_after(n);
		sieve = lu_smooth_sieve(map, W, H, 3, false, &altered, &err);
		lu_memory_fail_after(n);
		field = lu_smooth_mean_field(p, W, H, 1, 1, 2, &altered, &err);
		lu_memory_fail_after(-1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lone_cell_vanishes_at_1_and_stays_at_9),
		cmocka_unit_test(plurality_ties_edges_and_nodata),
		cmocka_unit_test(small_patches_go_to_their_largest_neighbour),
		cmocka_unit_test(corners_join_or_do_not),
		cmocka_unit_test(patches_grow_together_and_islands_stay),
		cmocka_unit_test(random_maps_end_sieved),
		cmocka_unit_test(mean_field_heals_doubt_and_respects_certainty),
		cmocka_unit_test(mean_field_knows_no_direction),
		cmocka_unit_test(a_strip_with_its_halo_is_the_whole),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
