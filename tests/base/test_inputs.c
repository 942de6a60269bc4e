/* test_inputs.c: what is read is known again under every name, and when it is another file. */
#define _GNU_SOURCE /* GLOB_BRACE */
#include "base/inputs.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "support/check.h"

static char folder[64];

/* A path in the test's folder; the last 8 stay valid. */
static const char *in_folder(const char *name)
{
	static char paths[8][160];
	static int next;

	next = (next + 1) % 8;
	snprintf(paths[next], sizeof(paths[next]), "%s/%s", folder, name);
	return paths[next];
}

static void make(const char *name, const char *text)
{
	struct lu_error err = {0};

	check_ok(lu_file_write(in_folder(name), text, strlen(text), &err), err);
}

static enum lu_status guard(const struct lu_inputs *inputs, const char *name, struct lu_error *err)
{
	struct lu_output_names names = {0};
	enum lu_status status = lu_output_names_add(&names, err, "%s", name);

	if (status == LU_OK)
		status = lu_inputs_guard(inputs, folder, &names, err);
	lu_output_names_release(&names);
	return status;
}

static void s01_a_file_is_known_under_every_name(void **state)
{
	(void)state;
	struct lu_inputs inputs = {0};
	struct lu_output_names names = {0};
	struct lu_error err = {0};
	make_scratch(folder);
	make("read.tif", "x");
	make("other.tif", "x");
	make("r[0].tif", "x");
	make("style.qml", "x");
	assert_int_equal(link(in_folder("read.tif"), in_folder("hard.tif")), 0);
	assert_int_equal(symlink(in_folder("read.tif"), in_folder("soft.tif")), 0);
	assert_int_equal(symlink(in_folder("nowhere"), in_folder("dangling.tif")), 0);
	check_ok(lu_inputs_add(&inputs, in_folder("read.tif"), &err), err);
	check_ok(lu_inputs_add(&inputs, in_folder("r[0].tif"), &err), err);
	check_ok(lu_inputs_add(&inputs, in_folder("style.qml"), &err), err);
	check_ok(lu_inputs_add(&inputs, NULL, &err), err);
	check_ok(lu_inputs_add(&inputs, folder, &err), err);
	check_ok(lu_inputs_add(&inputs, "/vsicurl/https://example.org/x.tif", &err), err);
	assert_int_equal(inputs.count, 3);
	static const char *const taken[] = {"read.tif", "hard.tif", "soft.tif", "./read.tif", "r[0].tif"};
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		check_fails(guard(&inputs, taken[i], &err), LU_ERROR_ARGUMENT, err,
			    "is read by this job and would be written over (output: another folder)");
	static const char *const free_names[] = {"other.tif", "new.tif", "dangling.tif",
						 "r0.tif",    "r*",      "sub/read.tif"};
	for (size_t i = 0; i < sizeof(free_names) / sizeof(free_names[0]); i++)
		check_ok(guard(&inputs, free_names[i], &err), err);
	/* A map's style goes with it. */
	make("style.tif", "x");
	check_fails(guard(&inputs, "style.tif", &err), LU_ERROR_ARGUMENT, err, "style.qml");
	check_ok(lu_output_names_match(&names, "", "r*d.tif", &err), err);
	check_fails(lu_inputs_guard(&inputs, folder, &names, &err), LU_ERROR_ARGUMENT, err, "read.tif");
	assert_true(lu_output_names_hold(&names, "red.tif"));
	assert_false(lu_output_names_hold(&names, "r/d.tif"));
	lu_output_names_release(&names);
	lu_inputs_release(&inputs);
}

static void s27_another_file_of_one_size_and_time_is_seen(void **state)
{
	(void)state;
	struct lu_inputs inputs = {0};
	struct lu_error err = {0};
	struct stat facts;
	make_scratch(folder);
	make("a", "one");
	make("b", "two");
	check_ok(lu_inputs_add(&inputs, in_folder("a"), &err), err);
	check_ok(lu_inputs_unchanged(&inputs, &err), err);
	/* What changes no pixel is no exchange. */
	assert_int_equal(chmod(in_folder("a"), 0600), 0);
	assert_int_equal(link(in_folder("a"), in_folder("c")), 0);
	check_ok(lu_inputs_unchanged(&inputs, &err), err);
	assert_int_equal(stat(in_folder("a"), &facts), 0);
	const struct timespec times[2] = {facts.st_mtim, facts.st_mtim};
	assert_int_equal(utimensat(AT_FDCWD, in_folder("b"), times, 0), 0);
	assert_int_equal(rename(in_folder("b"), in_folder("a")), 0);
	check_fails(lu_inputs_unchanged(&inputs, &err), LU_ERROR_MISMATCH, err, "was exchanged");
	lu_inputs_release(&inputs);
}

/* A temporary of 'name' that a process which is gone has left. */
static void leave(const char *name, const char *beside)
{
	const pid_t child = fork();
	int how;

	if (child == 0) {
		char *temporary = lu_file_temporary(in_folder(name)), path[300];
		snprintf(path, sizeof(path), "%s%s", temporary, beside);
		_exit(close(lu_file_new(path)) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(how, 0);
}

static size_t files_in_folder(void)
{
	glob_t found = {0};
	char pattern[200];

	snprintf(pattern, sizeof(pattern), "%s/{.*.tmp*,pictures/.*.tmp*}", folder);
	const int failed = glob(pattern, GLOB_BRACE, NULL, &found);
	const size_t count = failed != 0 ? 0 : found.gl_pathc;
	globfree(&found);
	return count;
}

/* Of a folder of the user's only what a dead process left of the command's own outputs goes. */
static void leftovers_of_the_dead_are_swept(void **state)
{
	(void)state;
	struct lu_output_names names = {0};
	struct lu_error err = {0};
	make_scratch(folder);
	check_ok(lu_folder_make(in_folder("pictures"), &err), err);
	check_ok(lu_output_names_add(&names, &err, "%s", "sample.gpkg"), err);
	check_ok(lu_output_names_match(&names, "pictures", "[0-9]*.png", &err), err);
	leave("sample.gpkg", "");
	leave("sample.gpkg", "-journal");
	leave("sample.gpkg", ".aux.xml");
	leave("pictures/12.png", "");
	assert_int_equal(files_in_folder(), 4);
	lu_output_names_sweep(&names, folder);
	assert_int_equal(files_in_folder(), 0);
	leave("other.gpkg", "");
	leave("pictures/a.png", "");
	leave("sample.tif", "");
	make(".sample.landuse-0123456789abcdef.tmp.gpkg", "of whom?");
	char *mine = lu_file_temporary(in_folder("sample.gpkg"));
	assert_int_equal(close(lu_file_new(mine)), 0);
	lu_output_names_sweep(&names, folder);
	assert_int_equal(files_in_folder(), 5);
	lu_output_names_sweep(&names, in_folder("not there"));
	lu_free(mine);
	lu_output_names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s01_a_file_is_known_under_every_name),
		cmocka_unit_test(leftovers_of_the_dead_are_swept),
		cmocka_unit_test(s27_another_file_of_one_size_and_time_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
