/* test_memory_fails.c: a grid and its coverage: memory that is out at any allocation ends in LU_ERROR_MEMORY, and in nothing else. */
#include "support/failing_memory.h"
#include "grid/coverage.h"
#include "grid/grid.h"
#include "raster/imagery.h"
#include "raster/make.h"

static struct lu_imagery *imagery;
static struct lu_point corners[] = {{500010, 4399900}, {500090, 4399900}, {500050, 4399990}};
static struct lu_ring ring = {.points = corners, .count = 3};
static const struct lu_polygon county = {.rings = &ring, .count = 1};

static enum lu_status grid(struct lu_error *err)
{
	const struct lu_grid_options options = {.imagery = lu_imagery_frame(imagery),
						.chip_px = 16,
						.stride_px = 16,
						.extent = {500010, 4399900, 500090, 4399990}};
	struct lu_grid made = {0};
	struct lu_coverage *coverage = NULL;
	enum lu_status status;

	LU_TRY(lu_grid_make(&options, &made, err));
	LU_TRY(lu_coverage_new(&county, &made.cells, &coverage, err));
out:
	lu_coverage_free(coverage);
	lu_grid_release(&made);
	return status;
}

static int set_up(void **state)
{
	static const struct make make = {.width = 100, .height = 100, .bands = 3, .left = 500000, .top = 4400000};
	struct lu_error err = {0};
	const int failed = make_folder(state);
	const char *path = make_tiff("a.tif", &make);
	const struct lu_imagery_options options = {.paths = &path, .path_count = 1, .wanted = 3};

	return failed || lu_imagery_open(&options, &imagery, &err) != LU_OK;
}

static int tear_down(void **state)
{
	lu_imagery_free(imagery);
	return make_folder_gone(state);
}

static void grid_fails(void **state)
{
	(void)state;
	check_every_allocation(grid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(grid_fails)};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
