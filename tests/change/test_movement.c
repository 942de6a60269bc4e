/* test_movement.c: how far answers moved, beside what a pencil says. */
#include "change/movement.h"

#include <math.h>

#include "support/near.h"

enum { CELLS = 60, DATES = 3, CLASSES = 3 };

static void put(float *answer, double a, double b, double c)
{
	const double sum = a + b + c;

	answer[0] = (float)(a / sum);
	answer[1] = (float)(b / sum);
	answer[2] = (float)(c / sum);
}

/*
 * 30 cells of class 0 of which the light takes a factor of 2 at the second date, and 30 of class 1 that stay; the third date
 * is as the second. One cell of class 0 becomes class 2.
 */
static void what_is_usual_is_taken_off(void **state)
{
	static float cells[CELLS * DATES * CLASSES];
	double usual[(DATES - 1) * CLASSES * CLASSES];
	struct lu_error err = {0};

	(void)state;
	for (size_t i = 0; i < CELLS; i++) {
		float *cell = cells + i * DATES * CLASSES;
		put(cell, i < 30 ? 8 : 1, i < 30 ? 1 : 8, 1);
		for (size_t d = 1; d < DATES; d++)
			put(cell + d * CLASSES, i < 30 ? 4 : 1, i < 30 ? 1 : 8, i == 7 ? 16 : 1);
	}
	check_ok(lu_movement_usual(cells, CELLS, DATES, CLASSES, usual, &err), err);
	/* From 8 : 1 : 1 to 4 : 1 : 1: -log 2 of the first, less the mean of the three. */
	check_near(usual[0], -log(2) * 2 / 3, 1e-5);
	check_near(usual[1], log(2) / 3, 1e-5);
	check_near(usual[CLASSES], 0, 1e-6);
	check_near(usual[CLASSES * CLASSES], 0, 1e-6);
	/* No cell has class 2: it moves as all do. */
	check_near(usual[2 * CLASSES], usual[0], log(2));
	check_near(lu_movement_distance(usual, cells, 0, 1, CLASSES), 0, 1e-5);
	check_near(lu_movement_distance(usual, cells, 0, 2, CLASSES), 0, 1e-5);
	/* Beside that the third class won log 16, of which a third is in the mean: log 16 x sqrt(1/9 + 1/9 + 4/9). */
	check_near(lu_movement_distance(usual, cells + 7 * DATES * CLASSES, 0, 1, CLASSES), log(16) * sqrt(6) / 3,
		   1e-5);
}

/* A date that is not mapped says nothing of what is usual, and neither do answers below a millionth. */
static void few_cells_and_small_answers(void **state)
{
	float cells[2 * 2 * CLASSES] = {0};
	double usual[CLASSES * CLASSES];
	struct lu_error err = {0};

	(void)state;
	put(cells, 1, 0, 0);
	put(cells + CLASSES, 1, 1e-9, 1e-7);
	put(cells + 3 * CLASSES, 1, 2, 3);
	check_ok(lu_movement_usual(cells, 2, 2, CLASSES, usual, &err), err);
	for (size_t i = 0; i < CLASSES * CLASSES; i++)
		check_near(usual[i], 0, 1e-6);
	check_near(lu_movement_distance(usual, cells, 0, 1, CLASSES), 0, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_usual_is_taken_off),
		cmocka_unit_test(few_cells_and_small_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
