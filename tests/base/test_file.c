/* test_file.c: files appear whole or not at all; a folder has one writer. */
#include "base/file.h"

#include <fnmatch.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"
#include "support/check.h"

static void paths(void **state)
{
	(void)state;
	const struct {
		const char *folder, *name, *joined;
	} joins[] = {{"a", "b", "a/b"},
		     {"a/", "b", "a/b"},
		     {".", "b", "b"},
		     {"a", "/b", "/b"},
		     {"a", "/vsicurl/x", "/vsicurl/x"}};
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		char *joined = lu_path_join(joins[i].folder, joins[i].name);
		assert_string_equal(joined, joins[i].joined);
		lu_free(joined);
	}
	const struct {
		const char *path, *folder, *temporary;
	} parts[] = {{"out/map.tif", "out", "out/.map.landuse-*.tmp.tif"},
		     {"map", ".", ".map.landuse-*.tmp"},
		     {"/map.tif", "/", "/.map.landuse-*.tmp.tif"},
		     {"a.b/m.aux.xml", "a.b", "a.b/.m.aux.landuse-*.tmp.xml"}};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char *folder = lu_path_folder(parts[i].path), *temporary = lu_file_temporary(parts[i].path);
		assert_string_equal(folder, parts[i].folder);
		assert_int_equal(fnmatch(parts[i].temporary, temporary, 0), 0);
		assert_true(lu_file_is_temporary(lu_path_name(temporary)));
		lu_free(folder);
		lu_free(temporary);
	}
}

static void write_read_hash(void **state)
{
	(void)state;
	char folder[64], path[128], hex[LU_SHA256_HEX];
	struct lu_error err = {0};
	char *bytes;
	size_t size;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/deep/er", folder);
	check_ok(lu_folder_make(path, &err), err);
	snprintf(path, sizeof(path), "%s/deep/er/x.txt", folder);
	check_ok(lu_file_write(path, "abc", 3, &err), err);
	check_ok(lu_file_read(path, 3, &bytes, &size, &err), err);
	assert_int_equal(size, 3);
	assert_string_equal(bytes, "abc");
	lu_free(bytes);
	check_fails(lu_file_read(path, 2, &bytes, &size, &err), LU_ERROR_FORMAT, err, "x.txt");
	/* FIPS 180-4's own example. */
	check_ok(lu_sha256_file(path, hex, &err), err);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_fails(lu_folder_make(path, &err), LU_ERROR_IO, err, "x.txt");
	snprintf(path, sizeof(path), "%s/absent/x.txt", folder);
	check_fails(lu_file_write(path, "abc", 3, &err), LU_ERROR_IO, err, "absent/x.txt");
	check_fails(lu_file_read(path, 9, &bytes, &size, &err), LU_ERROR_ARGUMENT, err, "no such file");
}

/* Named where a file belongs, a pipe would wait for a writer and a device might never end. */
static void s32_only_regular_files_are_read(void **state)
{
	(void)state;
	char folder[64], path[128], hex[LU_SHA256_HEX];
	struct lu_error err = {0};
	char *bytes;
	size_t size;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	check_fails(lu_file_read(path, 9, &bytes, &size, &err), LU_ERROR_ARGUMENT, err, "is a pipe");
	check_fails(lu_sha256_file(path, hex, &err), LU_ERROR_ARGUMENT, err, "is a pipe");
	check_fails(lu_file_read("/dev/zero", 9, &bytes, &size, &err), LU_ERROR_ARGUMENT, err, "is a device");
	check_fails(lu_file_read("/dev/null", 9, &bytes, &size, &err), LU_ERROR_ARGUMENT, err, "is a device");
	check_fails(lu_file_read(folder, 9, &bytes, &size, &err), LU_ERROR_ARGUMENT, err, "is a folder");
	/* A link to a regular file is one; a file without a stated length is read to its end. */
	char link[128];
	snprintf(link, sizeof(link), "%s/link", folder);
	snprintf(path, sizeof(path), "%s/x.txt", folder);
	check_ok(lu_file_write(path, "abc", 3, &err), err);
	assert_int_equal(symlink(path, link), 0);
	check_ok(lu_file_read(link, 3, &bytes, &size, &err), err);
	assert_int_equal(size, 3);
	lu_free(bytes);
	check_ok(lu_file_read("/proc/self/status", 1 << 20, &bytes, &size, &err), err);
	assert_true(size > 10);
	lu_free(bytes);
}

/* A file may be no longer than a few bytes: what a full disk does. */
static void a_full_disk_leaves_nothing(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct rlimit usual, small;
	char folder[64], path[128];
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/x.txt", folder);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
	small = (struct rlimit){.rlim_cur = 2, .rlim_max = usual.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	const enum lu_status status = lu_file_write(path, "abc", 3, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
	check_fails(status, LU_ERROR_IO, err, "x.txt");
	assert_int_equal(rmdir(folder), 0);
}

/* Names that a person or another program may give a file stay; only what this program surely made goes. */
static void s03_only_temporaries_of_landuse_are_swept(void **state)
{
	(void)state;
	static const char *const kept[] = {".notes.tmp.txt",
					   ".notes.tmp",
					   ".map.tmp.tif",
					   ".a.landuse-.tmp.txt",
					   ".a.landuse-0123456789abcde.tmp.txt",
					   ".a.landuse-0123456789abcdef.tmpx",
					   ".a.landuse-0123456789abcdef.txt",
					   ".a.landuse-0123456789ABCDEF.tmp.txt",
					   "a.landuse-0123456789abcdef.tmp.txt"};
	char folder[64], path[160], *temporary;
	struct lu_error err = {0};
	make_scratch(folder);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, kept[i]);
		check_ok(lu_file_write(path, "x", 1, &err), err);
	}
	snprintf(path, sizeof(path), "%s/map.tif", folder);
	temporary = lu_file_temporary(path);
	check_ok(lu_file_write(temporary, "x", 1, &err), err);
	check_ok(lu_folder_sweep(folder, &err), err);
	assert_false(lu_file_exists(temporary));
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, kept[i]);
		assert_true(lu_file_exists(path));
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
	lu_free(temporary);
}

static void s30_a_new_file_follows_no_link(void **state)
{
	(void)state;
	char folder[64], link[128], elsewhere[128];
	make_scratch(folder);
	snprintf(link, sizeof(link), "%s/link", folder);
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", folder);
	assert_int_equal(symlink(elsewhere, link), 0);
	assert_int_equal(lu_file_new(link), -1);
	assert_false(lu_file_exists(elsewhere));
	unlink(link);
	assert_int_equal(rmdir(folder), 0);
}

static void one_writer_a_folder(void **state)
{
	(void)state;
	char folder[64], owner[96];
	struct lu_error err = {0};
	struct lu_lock *first, *second;
	make_scratch(folder);
	check_ok(lu_lock_take(folder, &first, &err), err);
	assert_null(lu_lock_taken_over(first));
	snprintf(owner, sizeof(owner), "another landuse job is writing here (process %ld", (long)getpid());
	check_fails(lu_lock_take(folder, &second, &err), LU_ERROR_BUSY, err, owner);
	lu_lock_drop(first);
	check_ok(lu_lock_take(folder, &second, &err), err);
	assert_null(lu_lock_taken_over(second));
	lu_lock_drop(second);
	lu_lock_drop(NULL);
}

static void a_dead_holder_is_told_and_a_stranger_s_words_are_not(void **state)
{
	(void)state;
	char folder[64], path[96];
	struct lu_error err = {0};
	struct lu_lock *lock;
	int ended;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/.landuse.lock", folder);
	const pid_t child = fork();
	if (child == 0)
		_exit(lu_lock_take(folder, &lock, &err) == LU_OK ? 0 : 1);
	assert_int_equal(waitpid(child, &ended, 0), child);
	assert_int_equal(ended, 0);
	check_ok(lu_lock_take(folder, &lock, &err), err);
	assert_non_null(lu_lock_taken_over(lock));
	assert_int_equal(strtol(lu_lock_taken_over(lock) + strlen("process "), NULL, 10), child);
	assert_non_null(strstr(lu_lock_taken_over(lock), ", since 2"));
	lu_lock_drop(lock);
	check_ok(lu_file_write(path, "words of a stranger", 19, &err), err);
	check_ok(lu_lock_take(folder, &lock, &err), err);
	assert_null(lu_lock_taken_over(lock));
	lu_lock_drop(lock);
}

static void many_files_are_synced_together(void **state)
{
	(void)state;
	char folder[] = "/tmp/landuse-place-XXXXXX", *bytes;
	struct lu_error err = {0};
	size_t size;

	assert_non_null(mkdtemp(folder));
	char *from = lu_path_join(folder, ".a.tmp.txt"), *to = lu_path_join(folder, "a.txt");
	check_ok(lu_file_write(from, "whole", 5, &err), err);
	check_ok(lu_file_place(from, to, &err), err);
	assert_false(lu_file_exists(from));
	check_ok(lu_file_read(to, 100, &bytes, &size, &err), err);
	assert_memory_equal(bytes, "whole", 5);
	check_ok(lu_folder_sync(folder, &err), err);
	check_fails(lu_file_place(from, to, &err), LU_ERROR_IO, err, "a.txt");
	check_fails(lu_folder_sync(to, &err), LU_ERROR_IO, err, "a.txt");
	unlink(to);
	rmdir(folder);
	lu_free(bytes);
	lu_free(from);
	lu_free(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(write_read_hash),
		cmocka_unit_test(s32_only_regular_files_are_read),
		cmocka_unit_test(a_full_disk_leaves_nothing),
		cmocka_unit_test(s03_only_temporaries_of_landuse_are_swept),
		cmocka_unit_test(s30_a_new_file_follows_no_link),
		cmocka_unit_test(one_writer_a_folder),
		cmocka_unit_test(a_dead_holder_is_told_and_a_stranger_s_words_are_not),
		cmocka_unit_test(many_files_are_synced_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
