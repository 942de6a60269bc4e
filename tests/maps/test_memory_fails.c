/* test_memory_fails.c: scores on disk, maps smoothed: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "maps/smooth.h"
#include "maps/store.h"

static char folder[64];

static enum lu_status scores(struct lu_error *err)
{
	static const float records[2 * LU_BLOCK_CELLS] = {1};
	char fingerprint[LU_SHA256_HEX] = {0};
	struct lu_store *store = NULL;
	const float *row;
	enum lu_status status;

	memset(fingerprint, 'a', sizeof(fingerprint) - 1);
	LU_TRY(lu_store_open(folder, "a", fingerprint, 3, 20, 2, &store, NULL, err));
	LU_TRY(lu_store_put(store, 0, records, err));
	LU_TRY(lu_store_row(store, 0, &row, err));
out:
	lu_store_close(store);
	return status;
}

static enum lu_status smoothed(struct lu_error *err)
{
	enum { SIDE = 12 };
	uint16_t map[SIDE * SIDE];
	uint64_t altered;

	for (int i = 0; i < SIDE * SIDE; i++)
		map[i] = (uint16_t)(1 + i * i % 7 % 3);
	return lu_smooth_sieve(map, SIDE, SIDE, 4, false, &altered, err);
}

static int set_up(void **state)
{
	(void)state;
	make_scratch(folder);
	return 0;
}

static void scores_fails(void **state)
{
	(void)state;
	check_every_allocation(scores);
}

static void smoothed_fails(void **state)
{
	(void)state;
	check_every_allocation(smoothed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(scores_fails), cmocka_unit_test(smoothed_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
