/* test_chip.c: a chip is the same whoever draws it and when; chips meet without a seam; change shows, land that stays does not. */
#include "chip.h"

#include "change.h"
#include "landscape.h"
#include "scene.h"

#include "support/check.h"

#include <math.h>
#include <omp.h>

enum {
	SIDE = 12,
	CHIP = 224,
	BYTES = 3 * CHIP * CHIP,
};

static int make_land(void **state)
{
	static struct sc_land land;

	if (!sc_land_init(&land, SIDE, SIDE, 2, CHIP, 21) || !sc_landscape_settle(&land) ||
	    !sc_change_plan(&land, 1, 0.1))
		return -1;
	*state = &land;
	return 0;
}

static int drop_land(void **state)
{
	sc_land_release(*state);
	return 0;
}

static void draw(const struct sc_land *land, const struct sc_flight *flight, int date, int cell, uint8_t *pixels)
{
	struct sc_painter painter;

	assert_true(sc_painter_init(&painter, land));
	sc_chip_draw(&painter, flight, date, cell / SIDE, cell % SIDE, pixels, 3 * CHIP);
	sc_painter_release(&painter);
}

static void threads_and_order_leave_no_trace(void **state)
{
	const struct sc_land *land = *state;
	const struct sc_flight flight = sc_flight_plan(land->seed, 0);
	uint8_t *all = malloc((size_t)SIDE * BYTES), *one = malloc(BYTES);
	struct sc_painter painter[4];

	assert_non_null(all);
	assert_non_null(one);
	for (int i = 0; i < 4; i++)
		assert_true(sc_painter_init(&painter[i], land));
#pragma omp parallel for num_threads(4) schedule(dynamic, 1)
	for (int col = SIDE - 1; col >= 0; col--)
		sc_chip_draw(&painter[omp_get_thread_num()], &flight, 0, 5, col, all + (size_t)col * BYTES, 3 * CHIP);
	for (int i = 0; i < 4; i++)
		sc_painter_release(&painter[i]);
	for (int col = 0; col < SIDE; col++) {
		draw(land, &flight, 0, 5 * SIDE + col, one);
		assert_memory_equal(one, all + (size_t)col * BYTES, BYTES);
	}
	free(one);
	free(all);
}

/* Paint the canvas of a cell and keep it. */
static void paint(const struct sc_land *land, const struct sc_flight *flight, int row, int col,
		  struct sc_canvas *canvas)
{
	const struct sc_scene scene = {
		.land = land, .flight = flight, .date = 0, .row = row, .col = col, .canvas = canvas};

	assert_true(sc_canvas_init(canvas, CHIP + 2, CHIP + 2));
	sc_canvas_move(canvas, (struct sc_rect){col * CHIP - 1, row * CHIP - 1, CHIP + 2, CHIP + 2}, land->seed);
	sc_ground_paint(&scene);
	sc_town_paint(&scene);
	sc_plants_paint(&scene);
}

/* Canvases of neighbours overlap by two columns or rows: both must have painted the same there. */
static void neighbours_meet_without_a_seam(void **state)
{
	const struct sc_land *land = *state;
	const struct sc_flight flight = sc_flight_plan(land->seed, 0);
	long differing = 0, compared = 0;

	for (int row = 0; row < SIDE - 1; row++) {
		for (int col = 0; col < SIDE - 1; col++) {
			struct sc_canvas here, east;

			paint(land, &flight, row, col, &here);
			paint(land, &flight, row, col + 1, &east);
			for (int y = here.area.y; y < here.area.y + here.area.h; y++) {
				for (int x = east.area.x; x < here.area.x + here.area.w; x++) {
					const float a = here.plane[1][sc_canvas_at(&here, x, y)];
					const float b = east.plane[1][sc_canvas_at(&east, x, y)];

					compared++;
					differing += fabsf(a - b) > 0.5f;
				}
			}
			sc_canvas_release(&here);
			sc_canvas_release(&east);
		}
	}
	assert_true(compared > 50000);
	assert_int_equal(differing, 0);
}

static void stable_land_stays_and_change_shows(void **state)
{
	const struct sc_land *land = *state;
	const struct sc_flight flight = sc_flight_plan(land->seed, 0);
	uint8_t *before = malloc(BYTES), *after = malloc(BYTES);
	int stable = 0, changed = 0;

	assert_non_null(before);
	assert_non_null(after);
	for (int cell = 0; cell < SIDE * SIDE; cell++) {
		const int row = cell / SIDE, col = cell % SIDE;
		bool quiet = true;
		long far = 0;

		for (int down = -1; down <= 1; down++)
			for (int right = -1; right <= 1; right++)
				quiet = quiet && sc_land_style(land, 0, row + down, col + right) ==
							 sc_land_style(land, 1, row + down, col + right);
		if (!quiet && !sc_changed(land, 1, row, col))
			continue;
		draw(land, &flight, 0, cell, before);
		draw(land, &flight, 1, cell, after);
		for (int i = 0; i < BYTES; i++)
			far += abs(before[i] - after[i]) > 12;
		if (quiet) {
			assert_int_equal(far, 0);
			stable++;
		} else {
			assert_true(far > BYTES / 4);
			changed++;
		}
	}
	assert_true(stable > 20 && changed > 5);
	free(after);
	free(before);
}

static void pixels_are_never_nodata(void **state)
{
	const struct sc_land *land = *state;
	uint8_t *pixels = malloc(BYTES);

	assert_non_null(pixels);
	for (int date = 0; date < 2; date++) {
		const struct sc_flight flight = sc_flight_plan(land->seed, date);

		for (int cell = 0; cell < SIDE * SIDE; cell += 5) {
			draw(land, &flight, date, cell, pixels);
			assert_null(memchr(pixels, 0, BYTES));
		}
	}
	free(pixels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_and_order_leave_no_trace),
		cmocka_unit_test(neighbours_meet_without_a_seam),
		cmocka_unit_test(stable_land_stays_and_change_shows),
		cmocka_unit_test(pixels_are_never_nodata),
	};

	return cmocka_run_group_tests(tests, make_land, drop_land);
}
