/* test_timelines.c: rows of all dates, and a sample of them that stays within its bounds. */
#include "change/timelines.h"

#include <unistd.h>

#include "base/memory.h"
#include "support/check.h"

enum { ROWS = 400, COLS = 336, DATES = 2, CLASSES = 2 };

/* Cells are told apart by their first score; every seventh one is mapped at one date only. */
static float first_score(int64_t cell)
{
	return (float)(cell + 1) / (ROWS * COLS + 1);
}

static struct lu_store *store_of(const char *folder, int date)
{
	char name[16], fingerprint[LU_SHA256_HEX];
	struct lu_store *store;
	struct lu_error err = {0};

	memset(fingerprint, 'a', LU_SHA256_HEX - 1);
	fingerprint[LU_SHA256_HEX - 1] = '\0';
	snprintf(name, sizeof(name), "%d", date);
	check_ok(lu_store_open(folder, name, fingerprint, ROWS, COLS, CLASSES, &store, NULL, &err), err);
	for (int64_t block = 0; block < ROWS * (COLS / LU_BLOCK_CELLS); block++) {
		float scores[LU_BLOCK_CELLS * CLASSES];
		for (int i = 0; i < LU_BLOCK_CELLS; i++) {
			const int64_t cell = block * LU_BLOCK_CELLS + i;
			const bool hidden = date == 1 && cell % 7 == 0;
			scores[i * CLASSES] = hidden ? 0 : first_score(cell);
			scores[i * CLASSES + 1] = hidden ? 0 : 1 - first_score(cell);
		}
		check_ok(lu_store_put(store, block, scores, &err), err);
	}
	return store;
}

/* 115,200 of 134,400 cells are mapped at both dates: more than the sample, so that each second one is kept. */
static void every_second_cell_in_row_order(void **state)
{
	char folder[64];
	struct lu_store *stores[DATES];
	struct lu_timelines *timelines;
	struct lu_error err = {0};
	size_t count, number = 0, at = 0;

	(void)state;
	make_scratch(folder);
	for (int d = 0; d < DATES; d++)
		stores[d] = store_of(folder, d);
	assert_int_equal(lu_store_mapped_cells(stores[0]), ROWS * COLS);
	assert_int_equal(lu_store_mapped_cells(stores[1]), ROWS * COLS - (ROWS * COLS + 6) / 7);
	check_ok(lu_timelines_new(stores, DATES, ROWS, COLS, 0, NULL, 1, &timelines, &err), err);
	for (int64_t row = 0; row < ROWS; row++)
		check_ok(lu_timelines_sample_row(timelines, row, &err), err);
	const float *sample = lu_timelines_sample(timelines, &count);
	assert_true(count <= LU_TIMELINES_SAMPLE && 2 * count >= LU_TIMELINES_SAMPLE);
	for (int64_t cell = 0; cell < ROWS * COLS; cell++) {
		if (cell % 7 == 0 || number++ % 2 != 0)
			continue;
		for (int d = 0; d < DATES; d++)
			assert_true(sample[(at * DATES + (size_t)d) * CLASSES] == first_score(cell));
		at++;
	}
	assert_int_equal(at, count);
	/* Rows were read once; asked for again, the last one is read from no file. */
	const float *cells;
	check_ok(lu_timelines_row(timelines, ROWS - 1, &cells, &err), err);
	for (int d = 0; d < DATES; d++) {
		assert_true(lu_store_passes(stores[d]) == 1);
		check_ok(lu_store_row(stores[d], ROWS - 1, &cells, &err), err);
		assert_true(lu_store_passes(stores[d]) == 1);
		check_ok(lu_store_row(stores[d], 0, &cells, &err), err);
		assert_true(lu_store_passes(stores[d]) > 1 && cells[0] == (d == 1 ? 0 : first_score(0)));
	}
	lu_timelines_free(timelines);
	for (int d = 0; d < DATES; d++)
		lu_store_remove(stores[d]);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_second_cell_in_row_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
