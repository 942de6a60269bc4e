/* test_store.c: what is finished stays finished, and only for the same fingerprint. */
#include "maps/store.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

enum { ROWS = 3, COLS = 20, CLASSES = 2 };

static void fingerprint(char hex[LU_SHA256_HEX], char digit)
{
	memset(hex, digit, LU_SHA256_HEX - 1);
	hex[LU_SHA256_HEX - 1] = '\0';
}

static void resume_and_restart(void **state)
{
	(void)state;
	char folder[64], one[LU_SHA256_HEX], two[LU_SHA256_HEX];
	struct lu_store *store;
	struct lu_error err = {0};
	int64_t resumed;
	float scores[LU_BLOCK_CELLS * CLASSES], row[COLS * CLASSES];
	make_scratch(folder);
	fingerprint(one, 'a');
	fingerprint(two, 'b');
	check_ok(lu_store_open(folder, "2001", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
	assert_int_equal(resumed, 0);
	assert_int_equal(lu_store_blocks_across(store), 2);
	for (int i = 0; i < LU_BLOCK_CELLS * CLASSES; i++)
		scores[i] = (float)i;
	/* Block 3: row 1, cells 16 to 19. */
	check_ok(lu_store_put(store, 3, scores, &err), err);
	assert_true(lu_store_finished(store, 3));
	assert_false(lu_store_finished(store, 2));
	lu_store_close(store);

	check_ok(lu_store_open(folder, "2001", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
	assert_int_equal(resumed, 1);
	check_ok(lu_store_rows(store, 1, 1, row, &err), err);
	assert_true(row[0] == 0 && row[15 * CLASSES] == 0);
	for (int i = 0; i < 4 * CLASSES; i++)
		assert_true(row[16 * CLASSES + i] == (float)i);
	lu_store_close(store);

	check_ok(lu_store_open(folder, "2001", two, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
	assert_int_equal(resumed, 0);
	check_ok(lu_store_rows(store, 1, 1, row, &err), err);
	for (int i = 0; i < COLS * CLASSES; i++)
		assert_true(row[i] == 0);
	lu_store_remove(store);
	assert_int_equal(rmdir(folder), 0);
}

/* A store cut short by a full disk or a copy is not trusted. */
static void a_short_store_starts_anew(void **state)
{
	(void)state;
	char folder[64], one[LU_SHA256_HEX], path[128];
	struct lu_store *store;
	struct lu_error err = {0};
	int64_t resumed;
	float scores[LU_BLOCK_CELLS * CLASSES] = {1};
	make_scratch(folder);
	fingerprint(one, 'a');
	check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, NULL, &err), err);
	check_ok(lu_store_put(store, 0, scores, &err), err);
	lu_store_close(store);
	snprintf(path, sizeof(path), "%s/x.scores", folder);
	assert_int_equal(truncate(path, 5000 - 700), 0);
	check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
	assert_int_equal(resumed, 0);
	lu_store_remove(store);
	assert_int_equal(lu_store_open("/nowhere", "x", one, ROWS, COLS, CLASSES, &store, NULL, &err), LU_ERROR_IO);
}

/* A link where a work file belongs would lead scores over somebody's file, or over a copy made by links. */
static void s30_links_are_not_written_through(void **state)
{
	(void)state;
	static const char *const files[] = {"x.scores", "x.done"};
	char folder[64], one[LU_SHA256_HEX], path[128], elsewhere[128], *bytes;
	struct lu_store *store;
	struct lu_error err = {0};
	int64_t resumed;
	size_t size;
	make_scratch(folder);
	fingerprint(one, 'a');
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
	for (size_t i = 0; i < 2; i++) {
		check_ok(lu_file_write(elsewhere, "precious", 8, &err), err);
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		assert_int_equal(symlink(elsewhere, path), 0);
		check_fails(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, NULL, &err), LU_ERROR_IO, err,
			    files[i]);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(link(elsewhere, path), 0);
		check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
		assert_int_equal(resumed, 0);
		lu_store_remove(store);
		check_ok(lu_file_read(elsewhere, 100, &bytes, &size, &err), err);
		assert_memory_equal(bytes, "precious", 9);
		lu_free(bytes);
	}
	unlink(elsewhere);
	assert_int_equal(rmdir(folder), 0);
}

/* Stands before libc's: the call that is to fail loses what was written since, as Linux's page cache does. */
static int failing_sync = -1, syncs;
int fdatasync(int fd)
{
	if (syncs++ != failing_sync)
		return fsync(fd);
	static const char zeros[4096];
	const off_t end = lseek(fd, 0, SEEK_END);
	for (off_t at = 4096; at < end; at += 4096)
		assert_true(pwrite(fd, zeros, (size_t)(end - at < 4096 ? end - at : 4096), at) > 0);
	errno = EIO;
	return -1;
}

/* Two blocks of row 0, with numbers that tell them apart. */
static void put_two(struct lu_store *store)
{
	struct lu_error err = {0};
	float scores[LU_BLOCK_CELLS * CLASSES];
	for (int block = 0; block < 2; block++) {
		for (int i = 0; i < LU_BLOCK_CELLS * CLASSES; i++)
			scores[i] = (float)(100 * block + i + 1);
		check_ok(lu_store_put(store, block, scores, &err), err);
	}
}

static void s24_a_failed_sync_finishes_nothing(void **state)
{
	(void)state;
	char folder[64], one[LU_SHA256_HEX];
	struct lu_store *store;
	struct lu_error err = {0};
	int64_t resumed;
	make_scratch(folder);
	fingerprint(one, 'a');
	check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, NULL, &err), err);
	put_two(store);
	failing_sync = syncs;
	check_fails(lu_store_sync(store, &err), LU_ERROR_IO, err, "x.scores: cannot write");
	/* The second call would succeed. */
	check_fails(lu_store_sync(store, &err), LU_ERROR_IO, err, "x.scores: an earlier write failed");
	put_two(store);
	lu_store_close(store);
	check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
	assert_int_equal(resumed, 0);
	assert_int_equal(lu_store_damaged(store), 0);
	lu_store_remove(store);
	assert_int_equal(rmdir(folder), 0);
}

static void change_float(const char *folder, int cell_float, float value)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/x.scores", folder);
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, 4096 + cell_float * (long)sizeof(float), SEEK_SET), 0);
	assert_int_equal(fwrite(&value, sizeof(value), 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

static void s28_changed_records_are_seen(void **state)
{
	(void)state;
	static const float wrong[] = {NAN, 0, 1.0000001f};
	char folder[64], one[LU_SHA256_HEX];
	struct lu_store *store;
	struct lu_error err = {0};
	int64_t resumed;
	float row[COLS * CLASSES];
	make_scratch(folder);
	fingerprint(one, 'a');
	for (size_t k = 0; k < sizeof(wrong) / sizeof(wrong[0]); k++) {
		check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, NULL, &err), err);
		put_two(store);
		check_ok(lu_store_rows(store, 0, 1, row, &err), err);
		/* While it is open: whoever reads is told. */
		change_float(folder, 0, wrong[k]);
		check_fails(lu_store_rows(store, 0, 1, row, &err), LU_ERROR_FORMAT, err, "not those written there");
		check_ok(lu_store_rows(store, 1, 1, row, &err), err);
		lu_store_close(store);
		/* When it is resumed: that block is not finished, the other one is. */
		check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
		assert_int_equal(resumed, 1);
		assert_int_equal(lu_store_damaged(store), 1);
		assert_false(lu_store_finished(store, 0));
		assert_true(lu_store_finished(store, 1));
		put_two(store);
		lu_store_close(store);
		check_ok(lu_store_open(folder, "x", one, ROWS, COLS, CLASSES, &store, &resumed, &err), err);
		assert_int_equal(resumed, 2);
		assert_int_equal(lu_store_damaged(store), 0);
		lu_store_remove(store);
	}
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resume_and_restart),
		cmocka_unit_test(a_short_store_starts_anew),
		cmocka_unit_test(s24_a_failed_sync_finishes_nothing),
		cmocka_unit_test(s28_changed_records_are_seen),
		cmocka_unit_test(s30_links_are_not_written_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
