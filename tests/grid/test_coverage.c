/* test_coverage.c: shares against formulas, against sampling, and against the polygon's own area. */
#include "grid/coverage.h"

#include <time.h>

#include "base/memory.h"
#include "support/near.h"

/* 10 x 8 cells of 2 units, corner at (100, 50), y downwards. */
static const struct lu_frame frame = {.transform = {100, 2, 0, 50, 0, -2}, .width = 10, .height = 8};

static double total(const struct lu_coverage *c, const struct lu_frame *f)
{
	double sum = 0.0;

	for (int64_t row = 0; row < f->height; row++) {
		for (int64_t col = 0; col < f->width; col++)
			sum += lu_coverage_share(c, row, col);
	}
	return sum * fabs(f->transform[1] * f->transform[5]);
}

static struct lu_coverage *cover(const struct lu_polygon *polygon, const struct lu_frame *f)
{
	struct lu_error err = {0};
	struct lu_coverage *c;

	check_ok(lu_coverage_new(polygon, f, &c, &err), err);
	return c;
}

/* The clip of a cell: none of a cell wholly in or out. */
static struct lu_polygon clip_of(const struct lu_coverage *c, int64_t row, int64_t col)
{
	size_t count;
	const struct lu_coverage_span *spans = lu_coverage_row(c, row, &count);

	for (size_t i = 0; i < count; i++) {
		if (col >= spans[i].first && col < spans[i].end)
			return spans[i].clip;
	}
	return (struct lu_polygon){0};
}

static void a_box_on_cell_lines_is_all_or_nothing(void **state)
{
	(void)state;
	struct lu_point points[] = {{104, 40}, {110, 40}, {110, 46}, {104, 46}};
	struct lu_ring ring = {points, 4};
	struct lu_coverage *c = cover(&(struct lu_polygon){&ring, 1}, &frame);
	size_t count;

	for (int64_t row = 0; row < 8; row++) {
		for (int64_t col = 0; col < 10; col++) {
			const bool in = row >= 2 && row < 5 && col >= 2 && col < 5;

			check_near(lu_coverage_share(c, row, col), in ? 1 : 0, 0);
			assert_int_equal(clip_of(c, row, col).count, 0);
		}
	}
	assert_int_equal(lu_coverage_cells(c), 9);
	const struct lu_coverage_span *spans = lu_coverage_row(c, 3, &count);
	assert_int_equal(count, 1); /* runs are joined across halvings */
	assert_int_equal(spans[0].first, 2);
	assert_int_equal(spans[0].end, 5);
	lu_coverage_free(c);
}

static void rounding_noise_on_a_cell_line_touches_nothing(void **state)
{
	(void)state;
	struct lu_point points[] = {{104 - 1e-11, 40 - 1e-11}, {110 + 1e-11, 40}, {110, 46 + 1e-11}, {104 + 1e-11, 46}};
	struct lu_ring ring = {points, 4};
	struct lu_coverage *c = cover(&(struct lu_polygon){&ring, 1}, &frame);

	assert_int_equal(lu_coverage_cells(c), 9);
	check_near(lu_coverage_share(c, 4, 2), 1, 0);
	check_near(lu_coverage_share(c, 5, 2), 0, 0);
	lu_coverage_free(c);
}

static void a_triangle_has_its_exact_shares(void **state)
{
	(void)state;
	struct lu_point points[] = {{100, 42}, {108, 42}, {100, 50}};
	struct lu_ring ring = {points, 3};
	struct lu_coverage *c = cover(&(struct lu_polygon){&ring, 1}, &frame);
	double row2[10];

	/* The diagonal halves the cells it passes. */
	for (int64_t row = 0; row < 4; row++) {
		for (int64_t col = 0; col < 4; col++)
			check_near(lu_coverage_share(c, row, col), col < row ? 1 : (col == row ? 0.5 : 0), 1e-15);
	}
	lu_coverage_fill_row(c, 2, row2);
	check_near(row2[1], 1, 0);
	check_near(row2[2], 0.5, 1e-15);
	check_near(row2[3], 0, 0);
	const struct lu_polygon clip = clip_of(c, 2, 2);
	check_near(lu_polygon_area(&clip), 2, 1e-12);
	lu_coverage_free(c);
}

static void holes_and_several_parts(void **state)
{
	(void)state;
	/* A shell over half the frame, a hole that swallows cells whole, an island in it, and a part apart. */
	struct lu_point shell[] = {{101, 35}, {113, 35}, {113, 49}, {101, 49}};
	struct lu_point hole[] = {{103, 37}, {103, 47}, {111, 47}, {111, 37}};
	struct lu_point island[] = {{106.5, 41.5}, {107.5, 41.5}, {107.5, 42.5}, {106.5, 42.5}};
	struct lu_point apart[] = {{115, 44}, {119, 44}, {117, 48}};
	struct lu_ring rings[] = {{shell, 4}, {hole, 4}, {island, 4}, {apart, 3}};
	const struct lu_polygon polygon = {rings, 4};
	struct lu_coverage *c = cover(&polygon, &frame);

	check_near(lu_coverage_share(c, 4, 2), 0, 0); /* in the hole */
	check_near(lu_coverage_share(c, 0, 0), 0.25, 1e-15); /* the shell's corner */
	check_near(lu_coverage_share(c, 3, 3), 0.125, 1e-15); /* half of the island */
	check_near(lu_coverage_share(c, 1, 1), 0.75, 1e-15); /* all but the hole's corner */
	check_near(total(c, &frame), lu_polygon_area(&polygon), 1e-12);
	lu_coverage_free(c);
}

static void a_polygon_outside_or_around_the_frame(void **state)
{
	(void)state;
	struct lu_point far[] = {{0, 0}, {1, 0}, {1, 1}};
	struct lu_point around[] = {{0, 0}, {500, 0}, {500, 500}, {0, 500}};
	struct lu_ring ring = {far, 3};
	struct lu_coverage *c = cover(&(struct lu_polygon){&ring, 1}, &frame);

	assert_int_equal(lu_coverage_cells(c), 0);
	lu_coverage_free(c);
	c = cover(&(struct lu_polygon){0}, &frame);
	assert_int_equal(lu_coverage_cells(c), 0);
	lu_coverage_free(c);
	ring = (struct lu_ring){around, 4};
	c = cover(&(struct lu_polygon){&ring, 1}, &frame);
	assert_int_equal(lu_coverage_cells(c), 80);
	check_near(total(c, &frame), 320, 0);
	lu_coverage_free(c);
}

/* A star around (cx, cy): 'count' vertices at random radii, counter-clockwise (or clockwise: a hole). */
static void star(struct lu_point *points, size_t count, double cx, double cy, double radius, bool hole,
		 uint64_t *random)
{
	for (size_t i = 0; i < count; i++) {
		const double turn = 2 * 3.14159265358979323846 * (double)i / (double)count;
		const double r = radius * (0.4 + 0.6 * next_uniform(random));

		points[hole ? count - 1 - i : i] = (struct lu_point){cx + r * cos(turn), cy + r * sin(turn)};
	}
}

static void random_polygons_keep_their_area(void **state)
{
	(void)state;
	uint64_t random = 42;

	for (int trial = 0; trial < 200; trial++) {
		struct lu_point shell[97], hole[31];
		struct lu_ring rings[] = {{shell, 3 + (size_t)(next_uniform(&random) * 94)}, {hole, 31}};
		const struct lu_polygon polygon = {rings, 2};
		struct lu_frame f = frame;

		/* Columns and rows of uneven number, now and then with y upwards or x leftwards. */
		f.width = 1 + (int64_t)(next_uniform(&random) * 60);
		f.height = 1 + (int64_t)(next_uniform(&random) * 60);
		f.transform[1] = (trial & 1 ? -30.0 : 30.0) / (double)f.width;
		f.transform[0] = trial & 1 ? 130 : 100;
		f.transform[5] = (trial & 2 ? 30.0 : -30.0) / (double)f.height;
		f.transform[3] = trial & 2 ? 20 : 50;
		star(shell, rings[0].count, 115, 35, 14.9, false, &random);
		star(hole, 31, 115, 35, 2.5, true, &random);

		struct lu_coverage *c = cover(&polygon, &f);
		check_close(total(c, &f), lu_polygon_area(&polygon), 1e-9);
		for (int64_t row = 0; row < f.height; row++) {
			for (int64_t col = 0; col < f.width; col++) {
				const struct lu_polygon clip = clip_of(c, row, col);
				const double cell = fabs(f.transform[1] * f.transform[5]);
				const double share = lu_coverage_share(c, row, col);

				if (clip.count > 0)
					check_near(lu_polygon_area(&clip) / cell, share, 1e-9);
				else
					assert_true(share == 0.0 || share == 1.0);
			}
		}
		lu_coverage_free(c);
	}
}

/* Is the point inside, by crossings (W. R. Franklin's even-odd rule)? An independent look at the same polygon. */
static bool inside(const struct lu_polygon *polygon, double x, double y)
{
	bool in = false;

	for (size_t r = 0; r < polygon->count; r++) {
		const struct lu_ring *ring = &polygon->rings[r];

		for (size_t i = 0, j = ring->count - 1; i < ring->count; j = i++) {
			const struct lu_point p = ring->points[i], q = ring->points[j];

			if ((p.y > y) != (q.y > y) && x < (q.x - p.x) * (y - p.y) / (q.y - p.y) + p.x)
				in = !in;
		}
	}
	return in;
}

static void shares_agree_with_sampling(void **state)
{
	(void)state;
	enum { SIDE = 64 };
	uint64_t random = 7;
	struct lu_point shell[60], hole[20];
	struct lu_ring rings[] = {{shell, 60}, {hole, 20}};
	const struct lu_polygon polygon = {rings, 2};

	star(shell, 60, 110, 42, 7.9, false, &random);
	star(hole, 20, 110, 42, 2.0, true, &random);
	struct lu_coverage *c = cover(&polygon, &frame);
	for (int64_t row = 0; row < frame.height; row++) {
		for (int64_t col = 0; col < frame.width; col++) {
			int hits = 0;

			for (int k = 0; k < SIDE * SIDE; k++) {
				const double x = 100 + 2 * ((double)col + (k % SIDE + next_uniform(&random)) / SIDE);
				const double y =
					50 - 2 * ((double)row + ((int)(k / SIDE) + next_uniform(&random)) / SIDE);

				hits += inside(&polygon, x, y);
			}
			/* Stratified points: the error is that of the few strata that the line crosses. */
			check_near(lu_coverage_share(c, row, col), hits / (double)(SIDE * SIDE), 0.02);
		}
	}
	lu_coverage_free(c);
}

static void a_large_county_is_quick(void **state)
{
	(void)state;
	enum { VERTICES = 50000 };
	const struct lu_frame f = {.transform = {1.9e6, 224, 0, 2.4e6, 0, -224}, .width = 300, .height = 300};
	struct lu_error err = {0};
	struct lu_point *points;
	struct timespec start, end;

	check_ok(lu_alloc(&points, VERTICES, sizeof(*points), "vertices", &err), err);
	/* A rough coast: a circle with waves down to a few metres. */
	for (size_t i = 0; i < VERTICES; i++) {
		const double turn = 2 * 3.14159265358979323846 * (double)i / VERTICES;
		const double r = 30000 + 2000 * sin(17 * turn) + 300 * sin(251 * turn) + 40 * sin(4999 * turn);

		points[i] = (struct lu_point){1.9e6 + 33600 + r * cos(turn), 2.4e6 - 33600 + r * sin(turn)};
	}
	struct lu_ring ring = {points, VERTICES};
	const struct lu_polygon polygon = {&ring, 1};

	clock_gettime(CLOCK_MONOTONIC, &start);
	struct lu_coverage *c = cover(&polygon, &f);
	clock_gettime(CLOCK_MONOTONIC, &end);
	const double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9;
	print_message("50,000 vertices on 300 x 300 cells: %.3f s\n", seconds);
	assert_true(seconds < 5.0); /* 0.011 s built with GCC 12 -O3; sanitizers and busy machines are slower */
	check_close(total(c, &f), lu_polygon_area(&polygon), 1e-9);
	lu_coverage_free(c);
	lu_free(points);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	struct lu_point points[] = {{104, 40}, {NAN, 40}, {110, 46}};
	struct lu_ring ring = {points, 3};
	struct lu_frame f = frame;
	struct lu_error err = {0};
	struct lu_coverage *c;

	check_fails(lu_coverage_new(&(struct lu_polygon){&ring, 1}, &f, &c, &err), LU_ERROR_ARGUMENT, err,
		    "not finite");
	assert_null(c);
	f.transform[2] = 0.1;
	check_fails(lu_coverage_new(&(struct lu_polygon){0}, &f, &c, &err), LU_ERROR_ARGUMENT, err, "rotated");
	lu_coverage_free(NULL);
}

static void survives_every_failed_allocation(void **state)
{
	(void)state;
	struct lu_point points[] = {{101, 37}, {119, 37}, {111, 49}};
	struct lu_ring ring = {points, 3};
	const struct lu_polygon polygon = {&ring, 1};
	struct lu_error err = {0};
	enum lu_status status = LU_ERROR_MEMORY;

	for (long n = 0; status != LU_OK; n++) {
		struct lu_coverage *c;

		assert_true(n < 100);
		lu_memory_fail_after(n);
		status = lu_coverage_new(&polygon, &frame, &c, &err);
		lu_memory_fail_after(-1);
		assert_int_equal(status == LU_OK, c != NULL);
		assert_true(status == LU_OK || status == LU_ERROR_MEMORY);
		lu_coverage_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_box_on_cell_lines_is_all_or_nothing),
		cmocka_unit_test(rounding_noise_on_a_cell_line_touches_nothing),
		cmocka_unit_test(a_triangle_has_its_exact_shares),
		cmocka_unit_test(holes_and_several_parts),
		cmocka_unit_test(a_polygon_outside_or_around_the_frame),
		cmocka_unit_test(random_polygons_keep_their_area),
		cmocka_unit_test(shares_agree_with_sampling),
		cmocka_unit_test(a_large_county_is_quick),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(survives_every_failed_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
