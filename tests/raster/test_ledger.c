/*
 * test_ledger.c: rows from many processes at once, rows that are all or none, and files that must not be written.
 */
#include "make.h"

#include <fcntl.h>
#include <ogr_api.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "raster/ledger.h"

enum { WRITERS = 6, ROWS = 8 };
static const struct lu_vector_field fields[] = {
	{"name", LU_VECTOR_TEXT}, {"count", LU_VECTOR_INTEGER}, {"value", LU_VECTOR_REAL}};
static const struct lu_ledger_spec spec = {
	.what = "test ledger", .table = "rows", .version = 2, .fields = fields, .field_count = 3, .wait_seconds = 60};

static enum lu_status append(const char *path, const char *name, int64_t count, struct lu_error *err)
{
	const struct lu_vector_value values[] = {
		lu_vector_text(name), lu_vector_integer(count), {.set = count % 2 == 0, .real = (double)count / 3}};
	return lu_ledger_append(path, &spec, values, NULL, err);
}

struct seen {
	int of_writer[WRITERS], rows;
	int64_t last;
};

static enum lu_status see(void *user, int64_t number, const struct lu_vector_value *values, struct lu_error *err)
{
	struct seen *seen = user;
	(void)err;
	assert_true(number > seen->last);
	seen->last = number;
	assert_true(values[0].set && values[1].set);
	assert_int_equal(values[2].set, values[1].integer % 2 == 0);
	if (values[2].set)
		assert_true(values[2].real == (double)values[1].integer / 3);
	seen->of_writer[values[0].text[0] - 'a']++;
	seen->rows++;
	return LU_OK;
}

static void writers_at_once_lose_nothing(void **state)
{
	(void)state;
	const char *path = make_path("many.gpkg");
	pid_t writers[WRITERS];
	struct lu_error err = {0};
	struct seen seen = {.last = 0};
	for (int w = 0; w < WRITERS; w++) {
		writers[w] = fork();
		assert_true(writers[w] >= 0);
		if (writers[w] == 0) {
			const char name[] = {(char)('a' + w), '\0'};
			for (int64_t i = 0; i < ROWS; i++)
				if (append(path, name, i, &err) != LU_OK) {
					fprintf(stderr, "%s\n", err.text);
					_exit(1);
				}
			_exit(0);
		}
	}
	for (int w = 0; w < WRITERS; w++) {
		int status;
		assert_int_equal(waitpid(writers[w], &status, 0), writers[w]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	check_ok(lu_ledger_read(path, &spec, see, &seen, &err), err);
	assert_int_equal(seen.rows, WRITERS * ROWS);
	for (int w = 0; w < WRITERS; w++)
		assert_int_equal(seen.of_writer[w], ROWS);
	assert_int_equal(make_count(".many."), 0);
}

/* What a table that hangs on another one has: its row's number, and a word. */
static const struct lu_vector_field part_fields[] = {{"row", LU_VECTOR_INTEGER}, {"word", LU_VECTOR_TEXT}};
static const struct lu_ledger_spec part_spec = {.what = "test ledger",
						.table = "parts",
						.version = 2,
						.fields = part_fields,
						.field_count = 2,
						.wait_seconds = 60};

enum { PARTS = 3 };

static enum lu_status append_with_parts(const char *path, const char *name, struct lu_error *err)
{
	const struct lu_vector_value row[] = {lu_vector_text(name), lu_vector_integer(1), {.set = false}};
	struct lu_vector_value parts[2 * PARTS] = {{.set = false}};
	for (int i = 0; i < PARTS; i++)
		parts[2 * i + 1] = lu_vector_text(name);
	const struct lu_ledger_rows tables[] = {
		{.spec = &spec, .values = row, .count = 1},
		{.spec = &part_spec, .values = parts, .count = PARTS, .numbered = true}};
	return lu_ledger_append_all(path, tables, 2, NULL, err);
}

/* By the rows that are read first, the names of rows by number; then each part has its row's. */
struct joined {
	char names[WRITERS * ROWS + 1];
	int rows, parts;
};

static enum lu_status see_name(void *user, int64_t number, const struct lu_vector_value *values, struct lu_error *err)
{
	struct joined *joined = user;
	(void)err;
	assert_in_range(number, 1, WRITERS * ROWS);
	joined->names[number] = values[0].text[0];
	joined->rows++;
	return LU_OK;
}

static enum lu_status see_part(void *user, int64_t number, const struct lu_vector_value *values, struct lu_error *err)
{
	struct joined *joined = user;
	(void)number, (void)err;
	assert_true(values[0].set && values[1].set);
	assert_in_range(values[0].integer, 1, WRITERS * ROWS);
	assert_int_equal(values[1].text[0], joined->names[values[0].integer]);
	joined->parts++;
	return LU_OK;
}

static void rows_of_several_tables_keep_together(void **state)
{
	(void)state;
	const char *path = make_path("joined.gpkg");
	struct lu_error err = {0};
	struct joined joined = {.rows = 0};
	pid_t writers[WRITERS];
	for (int w = 0; w < WRITERS; w++) {
		writers[w] = fork();
		assert_true(writers[w] >= 0);
		if (writers[w] == 0) {
			const char name[] = {(char)('a' + w), '\0'};
			for (int i = 0; i < ROWS; i++)
				if (append_with_parts(path, name, &err) != LU_OK)
					_exit(1);
			_exit(0);
		}
	}
	for (int w = 0; w < WRITERS; w++) {
		int status;
		assert_int_equal(waitpid(writers[w], &status, 0), writers[w]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	check_ok(lu_ledger_read(path, &spec, see_name, &joined, &err), err);
	check_ok(lu_ledger_read(path, &part_spec, see_part, &joined, &err), err);
	assert_int_equal(joined.rows, WRITERS * ROWS);
	assert_int_equal(joined.parts, WRITERS * ROWS * PARTS);
}

static void what_fails_half_way_leaves_no_row(void **state)
{
	(void)state;
	const char *path = make_path("halves.gpkg");
	struct lu_error err = {0};
	struct joined joined = {.rows = 0};
	check_ok(append_with_parts(path, "a", &err), err);
	GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
	assert_non_null(dataset);
	GDALDatasetExecuteSQL(dataset,
			      "CREATE TRIGGER full BEFORE INSERT ON parts WHEN (SELECT count(*) FROM parts) > 3 BEGIN "
			      "SELECT RAISE(ABORT, 'no more parts'); END",
			      NULL, NULL);
	GDALClose(dataset);
	check_fails(append_with_parts(path, "b", &err), LU_ERROR_IO, err, "halves.gpkg");
	check_ok(lu_ledger_read(path, &spec, see_name, &joined, &err), err);
	check_ok(lu_ledger_read(path, &part_spec, see_part, &joined, &err), err);
	assert_int_equal(joined.rows, 1);
	assert_int_equal(joined.parts, PARTS);
}

static void nothing_there_has_no_rows(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct seen seen = {.last = 0};
	check_ok(lu_ledger_read(make_path("none.gpkg"), &spec, see, &seen, &err), err);
	assert_int_equal(seen.rows, 0);
	assert_false(lu_file_exists(make_path("none.gpkg")));
}

static void newer_files_are_refused(void **state)
{
	(void)state;
	const char *path = make_path("newer.gpkg");
	struct lu_ledger_spec older = spec;
	struct lu_error err = {0};
	struct seen seen = {.last = 0};
	check_ok(append(path, "a", 1, &err), err);
	older.version = 1;
	const struct lu_vector_value values[] = {lu_vector_text("a"), lu_vector_integer(1), {.set = false}};
	check_fails(lu_ledger_append(path, &older, values, NULL, &err), LU_ERROR_UNSUPPORTED, err, "version 2");
	check_fails(lu_ledger_read(path, &older, see, &seen, &err), LU_ERROR_UNSUPPORTED, err, "newer landuse");
	/* An older file is read, and written to. */
	older.version = 3;
	check_ok(lu_ledger_append(path, &older, values, NULL, &err), err);
	check_ok(lu_ledger_read(path, &older, see, &seen, &err), err);
	assert_int_equal(seen.rows, 2);
}

static void other_files_are_left_alone(void **state)
{
	(void)state;
	struct lu_error err = {0};
	const char *text = make_text("text.gpkg", "these are notes\n");
	check_fails(append(text, "a", 1, &err), LU_ERROR_FORMAT, err, "not a test ledger");
	char *bytes;
	size_t size;
	check_ok(lu_file_read(text, 100, &bytes, &size, &err), err);
	assert_string_equal(bytes, "these are notes\n");
	lu_free(bytes);
	struct lu_vector_writer *writer;
	check_ok(lu_vector_create(make_path("places.gpkg"), &writer, &err), err);
	check_ok(lu_vector_layer(writer, "rows", NULL, fields, 3, &err), err);
	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
	check_fails(append(make_path("places.gpkg"), "a", 1, &err), LU_ERROR_FORMAT, err, "no test ledger");
	check_fails(append("/proc/ledger.gpkg", "a", 1, &err), LU_ERROR_IO, err, "/proc/ledger.gpkg");
}

static void a_lock_that_stays_is_told(void **state)
{
	(void)state;
	const char *path = make_path("locked.gpkg");
	struct lu_ledger_spec hasty = spec;
	struct lu_error err = {0};
	struct seen seen = {.last = 0};
	check_ok(append(path, "a", 2, &err), err);
	hasty.wait_seconds = 0.1;
	const int fd = open(make_path("locked.gpkg.lock"), O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	const struct lu_vector_value values[] = {lu_vector_text("a"), lu_vector_integer(1), {.set = false}};
	check_fails(lu_ledger_append(path, &hasty, values, NULL, &err), LU_ERROR_BUSY, err, "locked");
	check_fails(lu_ledger_read(path, &hasty, see, &seen, &err), LU_ERROR_BUSY, err, "locked");
	close(fd);
	check_ok(lu_ledger_append(path, &hasty, values, NULL, &err), err);
	check_ok(lu_ledger_read(path, &spec, see, &seen, &err), err);
	assert_int_equal(seen.rows, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_at_once_lose_nothing),
		cmocka_unit_test(rows_of_several_tables_keep_together),
		cmocka_unit_test(what_fails_half_way_leaves_no_row),
		cmocka_unit_test(nothing_there_has_no_rows),
		cmocka_unit_test(newer_files_are_refused),
		cmocka_unit_test(other_files_are_left_alone),
		cmocka_unit_test(a_lock_that_stays_is_told),
	};
	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
