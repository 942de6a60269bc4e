/* test_memory_fails.c: a history of runs: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "base/memory.h"
#include "landuse/records.h"

static char folder[64];

static enum lu_status history(struct lu_error *err)
{
	static const struct lu_history_metric metric = {"f1", 0.9};
	const struct lu_history_run run = {.kind = "train", .name = "a", .metrics = &metric, .metric_count = 1};
	char path[100], *text = NULL;
	int64_t number;
	enum lu_status status;

	snprintf(path, sizeof(path), "%s/h.gpkg", folder);
	LU_TRY(lu_history_append(path, &run, &number, err));
	LU_TRY(lu_history_list(path, NULL, false, &text, err));
	lu_free(text);
	text = NULL;
	LU_TRY(lu_history_show(path, 1, true, &text, err));
	lu_free(text);
	text = NULL;
	LU_TRY(lu_history_compare(path, 1, 1, &text, err));
out:
	lu_free(text);
	return status;
}

static int set_up(void **state)
{
	(void)state;
	make_scratch(folder);
	return 0;
}

static void history_fails(void **state)
{
	(void)state;
	check_every_allocation(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(history_fails)};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
