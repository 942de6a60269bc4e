/*
 * test_change_maps.c: a comparison of maps that is stopped while it writes, by whoever called it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "landuse.h"
#include "raster/crs.h"
#include "raster/map.h"
#include "support/check.h"

enum { SIDE = 200 };

static char folder[64], first[96], second[96], output[96];

static enum lu_status give(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	const int shift = *(const int *)user;
	uint8_t *cells = dst;

	(void)band;
	(void)err;
	for (int64_t i = 0; i < rows * SIDE; i++)
		cells[i] = (uint8_t)(1 + (i / SIDE + row0 + i % SIDE * shift) % 3);
	return LU_OK;
}

static void make_map(const char *path, int shift)
{
	struct lu_frame frame = {.transform = {1896013, 30, 0, 2388707, 0, -30}, .width = SIDE, .height = SIDE};
	struct lu_error err = {0};

	check_ok(lu_crs_normalise("EPSG:5070", &frame.crs_wkt, &err), err);
	const struct lu_map_spec spec = {
		.frame = &frame, .bands = 1, .type = LU_MAP_BYTE, .nodata = 0, .has_nodata = true};
	check_ok(lu_map_write(path, &spec, give, &shift, &err), err);
	lu_frame_release(&frame);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/landuse-change-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(first, sizeof(first), "%s/2001.tif", folder);
	snprintf(second, sizeof(second), "%s/2011.tif", folder);
	snprintf(output, sizeof(output), "%s/out", folder);
	make_map(first, 1);
	make_map(second, 2);
	return 0;
}

static int tear_down(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* Counting is done: from now on the caller wants no more. */
static void hear(void *user, const char *stage, uint64_t done, uint64_t total)
{
	if (strcmp(stage, "counting") == 0 && done == total)
		*(volatile bool *)user = true;
}

static bool is_cancelled(void *user)
{
	return *(volatile bool *)user;
}

static bool is_there(const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", output, name);
	return access(path, F_OK) == 0;
}

static void test_stopped_while_writing(void **state)
{
	const char *const maps[] = {first, second};
	volatile bool stop = false;
	const struct lu_hooks hooks = {.progress = hear, .cancelled = is_cancelled, .user = (void *)&stop};
	struct lu_change_options options = {.maps = maps, .map_count = 2, .output = output, .hooks = &hooks};
	struct lu_run_summary summary;
	struct lu_error err = {0};

	(void)state;
	assert_int_equal(lu_change(&options, &summary, &err), LU_ERROR_CANCELLED);
	assert_string_equal(err.text, "stopped before all was written");
	assert_null(summary.text);
	assert_false(is_there("2001_2011/change.tif"));
	assert_false(is_there("statistics.json"));

	options.hooks = NULL;
	check_ok(lu_change(&options, &summary, &err), err);
	assert_non_null(strstr(summary.text, "2001_2011/change.tif"));
	assert_true(is_there("2001_2011/change.tif"));
	assert_true(is_there("statistics.json"));
	lu_text_free(summary.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_stopped_while_writing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
