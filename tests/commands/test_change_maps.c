/*
 * test_change_maps.c: a comparison of maps that is stopped while it writes, by whoever called it; and several at once.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
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
	struct lu_change_options options;
	lu_change_options_init(&options);
	options.maps = maps;
	options.map_count = 2;
	options.output = output;
	options.hooks = &hooks;
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

/* One comparison of a thread's own. */
struct call {
	char output[96];
	enum lu_status status;
	struct lu_error err;
};

static void *compare(void *argument)
{
	const char *const maps[] = {first, second};
	struct call *call = argument;
	struct lu_run_summary summary;
	struct lu_change_options options;

	lu_change_options_init(&options);
	options.maps = maps;
	options.map_count = 2;
	options.output = call->output;
	options.threads = 2;
	call->status = lu_change(&options, &summary, &call->err);
	lu_text_free(summary.text);
	return NULL;
}

static void compare_at_once(struct call *a, struct call *b)
{
	pthread_t other;

	assert_int_equal(pthread_create(&other, NULL, compare, a), 0);
	compare(b);
	assert_int_equal(pthread_join(other, NULL), 0);
}

static void check_same_file(const struct call *a, const struct call *b, const char *name)
{
	char path[2][160], *bytes[2];
	struct lu_error err = {0};
	size_t size[2];

	for (int i = 0; i < 2; i++) {
		snprintf(path[i], sizeof(path[i]), "%s/%s", i == 0 ? a->output : b->output, name);
		check_ok(lu_file_read(path[i], 1 << 24, &bytes[i], &size[i], &err), err);
	}
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(bytes[0], bytes[1], size[0]);
	lu_free(bytes[0]);
	lu_free(bytes[1]);
}

/* Into folders of their own two calls overlap, and write what one alone writes; of two into one folder one waits for nobody. */
static void test_two_calls_overlap(void **state)
{
	struct call alone, calls[2];

	(void)state;
	snprintf(alone.output, sizeof(alone.output), "%s/alone", folder);
	compare(&alone);
	check_ok(alone.status, alone.err);
	for (int i = 0; i < 2; i++)
		snprintf(calls[i].output, sizeof(calls[i].output), "%s/thread_%d", folder, i);
	for (int round = 0; round < 3; round++) {
		compare_at_once(&calls[0], &calls[1]);
		for (int i = 0; i < 2; i++) {
			check_ok(calls[i].status, calls[i].err);
			check_same_file(&alone, &calls[i], "statistics.json");
			check_same_file(&alone, &calls[i], "2001_2011/change.tif");
		}
	}
	snprintf(calls[1].output, sizeof(calls[1].output), "%s", calls[0].output);
	compare_at_once(&calls[0], &calls[1]);
	assert_true(calls[0].status == LU_OK || calls[1].status == LU_OK);
	for (int i = 0; i < 2; i++)
		assert_true(calls[i].status == LU_OK || calls[i].status == LU_ERROR_BUSY);
	check_same_file(&alone, &calls[0], "statistics.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_stopped_while_writing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_two_calls_overlap, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
