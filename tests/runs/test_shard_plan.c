/* test_shard_plan.c: rows are dealt once each, evenly, and the same way every time. */
#include "runs/shard_plan.h"

#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "grid/coverage.h"
#include "support/check.h"

enum { ROWS = 40, COLS = 30 };

/* A county of one date on ROWS x COLS cells, inside a polygon of 'points'. */
static void make_county(struct lu_county *county, struct lu_job *job, char (*fingerprint)[LU_SHA256_HEX],
			struct lu_point *points, size_t count)
{
	static struct lu_job_date date = {.label = (char *)(uintptr_t) "2009"};
	static const char *labels[] = {"2009"};
	static struct lu_scheme scheme = {.class_count = 2};
	struct lu_ring ring = {.points = points, .count = count};
	const struct lu_polygon polygon = {.rings = &ring, .count = 1};
	struct lu_error err = {0};

	*job = (struct lu_job){.dates = &date, .date_count = 1, .path = (char *)(uintptr_t) "job.yaml"};
	memset(*fingerprint, 'a', LU_SHA256_HEX - 1);
	(*fingerprint)[LU_SHA256_HEX - 1] = '\0';
	*county = (struct lu_county){.job = job, .labels = labels, .scheme = &scheme, .fingerprints = fingerprint};
	county->grid.cells = (struct lu_frame){.transform = {0, 1, 0, ROWS, 0, -1}, .width = COLS, .height = ROWS};
	check_ok(lu_coverage_new(&polygon, &county->grid.cells, &county->ground.coverage, &err), err);
}

/* Every row belongs to one shard, and no shard has more than 'most' cells. */
static void check_plan(const struct lu_county *county, const struct lu_shard_plan *plan, int64_t most)
{
	int64_t cells = 0;

	assert_int_equal(plan->rows[0], 0);
	assert_int_equal(plan->rows[plan->count], ROWS);
	for (size_t i = 0; i < plan->count; i++) {
		assert_true(plan->rows[i] < plan->rows[i + 1]);
		assert_true(plan->cells[i] <= most);
		cells += plan->cells[i];
	}
	assert_int_equal(cells, lu_coverage_cells(county->ground.coverage));
}

static void shards_have_even_work(void **state)
{
	(void)state;
	/* A triangle: its last row has 30 cells, its first 1. */
	struct lu_point points[] = {{0, 0}, {30, 0}, {0, ROWS}};
	char folder[64], fingerprint[1][LU_SHA256_HEX];
	struct lu_job job;
	struct lu_county county;
	struct lu_shard_plan *plan, *found;
	struct lu_error err = {0};

	make_scratch(folder);
	make_county(&county, &job, fingerprint, points, 3);
	job.output = folder;
	const int64_t all = lu_coverage_cells(county.ground.coverage);
	for (size_t count = 1; count <= ROWS; count += count < 8 ? 1 : 8) {
		check_ok(lu_shard_plan_make(&county, count, &plan, &err), err);
		assert_int_equal(plan->count, count);
		/* An even share and one row more is always possible. */
		check_plan(&county, plan, all / (int64_t)count + COLS);
		lu_shard_plan_free(plan);
	}
	assert_int_equal(lu_shard_plan_make(&county, ROWS + 1, &plan, &err), LU_ERROR_ARGUMENT);
	assert_null(plan);

	/* What is written is found again, and nothing else. */
	assert_int_equal(lu_shard_plan_read(&county, &plan, &err), LU_ERROR_ARGUMENT);
	check_ok(lu_shard_plan_make(&county, 7, &plan, &err), err);
	char *shards = lu_shards_folder(&county);
	check_ok(lu_folder_make(shards, &err), err);
	check_ok(lu_shard_plan_write(&county, plan, &err), err);
	check_ok(lu_shard_plan_read(&county, &found, &err), err);
	assert_string_equal(found->fingerprint, plan->fingerprint);
	assert_memory_equal(found->rows, plan->rows, 8 * sizeof(*plan->rows));
	lu_shard_plan_free(found);
	fingerprint[0][0] = 'b';
	assert_int_equal(lu_shard_plan_read(&county, &found, &err), LU_ERROR_MISMATCH);
	assert_null(found);
	fingerprint[0][0] = 'a';
	check_ok(lu_shard_plan_remove(&county, &err), err);
	assert_false(lu_folder_exists(shards));
	lu_free(shards);
	lu_shard_plan_free(plan);
	lu_coverage_free(county.ground.coverage);
	assert_int_equal(rmdir(folder), 0);
}

/* Rows outside the county weigh nothing, and still belong to somebody. */
static void empty_rows_belong_to_somebody(void **state)
{
	(void)state;
	struct lu_point points[] = {{0, 10}, {30, 10}, {30, 14}, {0, 14}};
	char fingerprint[1][LU_SHA256_HEX];
	struct lu_job job;
	struct lu_county county;
	struct lu_shard_plan *plan;
	struct lu_error err = {0};

	make_county(&county, &job, fingerprint, points, 4);
	job.output = (char *)(uintptr_t) "nowhere";
	check_ok(lu_shard_plan_make(&county, 4, &plan, &err), err);
	check_plan(&county, plan, COLS);
	lu_shard_plan_free(plan);
	lu_coverage_free(county.ground.coverage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shards_have_even_work),
		cmocka_unit_test(empty_rows_belong_to_somebody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
