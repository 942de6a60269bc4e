/* test_feature_cache.c: rows come back, torn ones do not, and one process has it at a time. */
#include "learn/feature_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

enum { FEATURES = 5 };

static char folder[64], path[128];

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/features", folder);
	return 0;
}

/* A made-up hash that begins with 'i'. */
static const char *hash_of(int i)
{
	static char hex[LU_SHA256_HEX];

	snprintf(hex, sizeof(hex), "%08x%056x", (unsigned)i * 2654435761u, (unsigned)i);
	return hex;
}

static void add(struct lu_feature_cache *cache, int i, uint8_t pose)
{
	struct lu_error err = {0};
	float row[FEATURES];

	for (int f = 0; f < FEATURES; f++)
		row[f] = (float)(i * 10 + f + pose * 1000);
	check_ok(lu_feature_cache_add(cache, hash_of(i), pose, row, &err), err);
}

/* Counts the lines, and asks to stop at the third look. */
struct listener {
	int lines, looks;
};

static void hear(void *user, enum lu_level level, const char *text)
{
	(void)level;
	assert_non_null(strstr(text, "waiting for it"));
	((struct listener *)user)->lines++;
}

static bool stop_later(void *user)
{
	return ++((struct listener *)user)->looks == 3;
}

static void rows_come_back(void **state)
{
	(void)state;
	struct lu_feature_cache *cache, *second;
	struct lu_error err = {0};

	check_ok(lu_feature_cache_open(folder, FEATURES, NULL, &cache, &err), err);
	assert_null(lu_feature_cache_find(cache, hash_of(1), 0));
	for (int i = 0; i < 100; i++)
		add(cache, i, 0);
	add(cache, 7, 3);
	/* S38: the second one waits, says so once, and can be stopped. */
	struct listener listener = {0};
	const struct lu_hooks hooks = {.log = hear, .cancelled = stop_later, .user = &listener};
	check_fails(lu_feature_cache_open(folder, FEATURES, &hooks, &second, &err), LU_ERROR_CANCELLED, err, folder);
	assert_int_equal(listener.lines, 1);
	lu_feature_cache_close(cache);
	check_ok(lu_feature_cache_open(folder, FEATURES, NULL, &cache, &err), err);
	for (int i = 0; i < 100; i++)
		assert_float_equal(lu_feature_cache_find(cache, hash_of(i), 0)[4], i * 10 + 4, 0);
	assert_float_equal(lu_feature_cache_find(cache, hash_of(7), 3)[0], 3070, 0);
	assert_null(lu_feature_cache_find(cache, hash_of(8), 3));
	assert_null(lu_feature_cache_find(cache, hash_of(100), 0));
	lu_feature_cache_close(cache);
}

/* What a killed run leaves: the end of the last record is missing, or is not what was to be written. */
static void torn_records_are_cut_off(void **state)
{
	(void)state;
	struct lu_feature_cache *cache;
	struct lu_error err = {0};
	struct stat before, after;

	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(truncate(path, before.st_size - 3), 0);
	check_ok(lu_feature_cache_open(folder, FEATURES, NULL, &cache, &err), err);
	assert_null(lu_feature_cache_find(cache, hash_of(7), 3));
	assert_non_null(lu_feature_cache_find(cache, hash_of(99), 0));
	add(cache, 7, 3);
	check_ok(lu_feature_cache_map(cache, &err), err);
	assert_float_equal(lu_feature_cache_find(cache, hash_of(7), 3)[0], 3070, 0);
	lu_feature_cache_close(cache);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_size, after.st_size);

	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, -2, SEEK_END), 0);
	fputc('x', file);
	fclose(file);
	/* The last two bytes are padding: flip one of the row instead too. */
	file = fopen(path, "r+b");
	assert_int_equal(fseek(file, -6, SEEK_END), 0);
	fputc('x', file);
	fclose(file);
	check_ok(lu_feature_cache_open(folder, FEATURES, NULL, &cache, &err), err);
	assert_null(lu_feature_cache_find(cache, hash_of(7), 3));
	assert_non_null(lu_feature_cache_find(cache, hash_of(50), 0));
	lu_feature_cache_close(cache);
}

static void other_rows_begin_anew(void **state)
{
	(void)state;
	struct lu_feature_cache *cache;
	struct lu_error err = {0};

	check_ok(lu_feature_cache_open(folder, FEATURES + 2, NULL, &cache, &err), err);
	assert_null(lu_feature_cache_find(cache, hash_of(1), 0));
	lu_feature_cache_close(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_back),
		cmocka_unit_test(torn_records_are_cut_off),
		cmocka_unit_test(other_rows_begin_anew),
	};

	return cmocka_run_group_tests(tests, make_folder, NULL);
}
