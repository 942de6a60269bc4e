/* test_memory_fails.c: flagged cells joined to patches: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "change/patches.h"

static enum lu_status patches(struct lu_error *err)
{
	enum { CELLS = 40, CLASSES = 3 };
	struct lu_flagged_cell cells[CELLS];
	bool pairs[CLASSES * CLASSES];
	struct lu_patches found = {0};

	memset(pairs, true, sizeof(pairs));
	memset(cells, 0, sizeof(cells));
	for (int i = 0; i < CELLS; i++) {
		cells[i].row = i / 8;
		cells[i].col = i % 8 * (1 + i % 2);
		cells[i].from = 1;
		cells[i].to = 2;
		cells[i].probability = 0.9;
	}
	const enum lu_status status = lu_patches_make(cells, 8, pairs, CLASSES, &found, err);
	lu_patches_release(&found);
	return status;
}

static void patches_fails(void **state)
{
	(void)state;
	check_every_allocation(patches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(patches_fails)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
