/* test_tally.c: classes of dates and changes of pairs counted row by row, and maps on their way in a file. */
#include "maps/tally.h"

#include "maps/cell_file.h"
#include "support/near.h"

#include <unistd.h>

static const char *const labels[] = {"2001", "2010", "2016"};

static uint64_t cells(const struct lu_transition *t, uint16_t before, uint16_t after)
{
	const int i = lu_transition_find(t, before), j = lu_transition_find(t, after);

	return i < 0 || j < 0 ? 0 : lu_transition_cells(t, (size_t)i, (size_t)j);
}

/* Two rows of four cells at three dates; 0 is not mapped. */
static const uint16_t rows[2][3][4] = {{{1, 1, 2, 0}, {1, 2, 2, 2}, {1, 2, 2, 2}},
				       {{3, 3, 3, 3}, {0, 0, 0, 0}, {3, 1, 3, 3}}};
static const uint8_t percents[2][3][4] = {{{50, 60, 70, 99}, {80, 80, 80, 80}, {10, 20, 30, 40}},
					  {{90, 90, 90, 90}, {0, 0, 0, 0}, {100, 100, 100, 100}}};

static void dates_and_pairs(void **state)
{
	const struct lu_frame frame = {.width = 4, .height = 2};
	const struct lu_legend nothing = {0};
	struct lu_tally tally;
	struct lu_tally_pass *pass;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_tally_begin(labels, 3, LU_PAIRS_ALL, &frame, NULL, &nothing, &tally, &pass, &err), err);
	for (int64_t row = 0; row < 2; row++)
		check_ok(lu_tally_add(pass, row, &rows[row][0][0], &percents[row][0][0], &err), err);
	lu_tally_end(pass);
	lu_tally_pass_free(pass);
	assert_int_equal(tally.date_count, 3);
	assert_int_equal(tally.pair_count, 3);
	assert_string_equal(tally.dates[1].label, "2010");
	assert_int_equal(cells(tally.dates[0].map, 1, 1), 2);
	assert_int_equal(cells(tally.dates[0].map, 0, 0), 1);
	assert_int_equal(cells(tally.dates[1].map, 0, 0), 4);
	/* Percents of mapped cells alone. */
	check_near(tally.dates[0].mean_confidence, (50 + 60 + 70 + 4 * 90) / 7.0 / 100, 1e-12);
	check_near(tally.dates[1].mean_confidence, 0.8, 1e-12);
	/* Of 2001: 50, 60 and 70, and four of 90; what is not mapped counts nowhere. 100 % is in the last bin. */
	static const uint64_t wanted[3][LU_CONFIDENCE_BINS] = {
		{[10] = 1, [12] = 1, [14] = 1, [18] = 4}, {[16] = 4}, {[2] = 1, [4] = 1, [6] = 1, [8] = 1, [19] = 4}};
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(tally.dates[i].confidence->cells, wanted[i], sizeof(wanted[i]));
	for (size_t i = 0; i < 3; i++) {
		const struct lu_pair_statistics *pair = &tally.pairs[i];
		if (pair->earlier == 0 && pair->later == 2) {
			assert_int_equal(cells(pair->transition, 1, 2), 1);
			assert_int_equal(cells(pair->transition, 3, 1), 1);
			assert_int_equal(cells(pair->transition, 0, 2), 1);
			assert_int_equal(cells(pair->transition, 3, 3), 3);
		}
		assert_int_equal(lu_transition_total_cells(pair->transition), 8);
	}
	assert_true(lu_tally_common(&tally, NULL));
	lu_tally_release(&tally);
}

/* The dates by the tables of pairs are those that a pass counts. */
static void dates_from_pairs(void **state)
{
	const struct lu_legend nothing = {0};
	struct lu_tally tally;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_tally_new(labels, 3, LU_PAIRS_CONSECUTIVE, &nothing, &tally, &err), err);
	assert_int_equal(tally.pair_count, 2);
	for (size_t i = 0; i < 2; i++)
		for (size_t row = 0; row < 2; row++)
			check_ok(lu_transition_add((struct lu_transition *)(uintptr_t)tally.pairs[i].transition,
						   rows[row][tally.pairs[i].earlier], rows[row][tally.pairs[i].later],
						   NULL, 4, &err),
				 err);
	check_ok(lu_tally_from_pairs(&tally, NULL, &err), err);
	assert_int_equal(cells(tally.dates[0].map, 3, 3), 4);
	assert_int_equal(cells(tally.dates[1].map, 2, 2), 3);
	assert_int_equal(cells(tally.dates[2].map, 3, 3), 3);
	assert_int_equal(cells(tally.dates[2].map, 1, 1), 2);
	lu_tally_release(&tally);
}

static void count_words(void *user, enum lu_level level, const char *text)
{
	assert_int_equal(level, LU_LEVEL_WARNING);
	assert_non_null(strstr(text, "2001"));
	assert_non_null(strstr(text, "2010"));
	++*(int *)user;
}

/* Maps of two places have no cell in common. */
static void nothing_in_common(void **state)
{
	static const uint16_t before[] = {1, 1, 0, 0}, after[] = {0, 0, 2, 2};
	const struct lu_legend nothing = {0};
	int warnings = 0;
	const struct lu_hooks hooks = {.user = &warnings, .log = count_words};
	struct lu_tally tally;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_tally_new(labels, 2, LU_PAIRS_ALL, &nothing, &tally, &err), err);
	check_ok(lu_transition_add((struct lu_transition *)(uintptr_t)tally.pairs[0].transition, before, after, NULL, 4,
				   &err),
		 err);
	assert_false(lu_tally_common(&tally, &hooks));
	assert_int_equal(warnings, 1);
	lu_tally_release(&tally);
}

/* What is added is read back, in any piece; the file has no name. */
static void cells_in_a_file(void **state)
{
	struct lu_cell_file *file;
	struct lu_error err = {0};
	uint16_t values[300 * 7], read[300 * 7];
	char folder[64];

	(void)state;
	make_scratch(folder);
	check_ok(lu_cell_file_new(folder, 7, &file, &err), err);
	assert_int_equal(rmdir(folder), 0);
	for (size_t i = 0; i < 300 * 7; i++)
		values[i] = (uint16_t)(i * 31);
	check_ok(lu_cell_file_add(file, values, 1, &err), err);
	check_ok(lu_cell_file_add(file, values + 7, 299, &err), err);
	for (int64_t row = 0; row < 300; row += 50) {
		check_ok(lu_cell_file_rows(file, row, 50, read, &err), err);
		assert_memory_equal(read, values + row * 7, 50 * 7 * sizeof(*read));
	}
	lu_cell_file_free(file);
	check_fails(lu_cell_file_new("/tmp/landuse-test-not-there", 7, &file, &err), LU_ERROR_IO, err, "not-there");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_and_pairs),
		cmocka_unit_test(dates_from_pairs),
		cmocka_unit_test(nothing_in_common),
		cmocka_unit_test(cells_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
