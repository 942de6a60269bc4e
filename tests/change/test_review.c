/* test_review.c: a layer that people have reviewed moves aside before a new one takes its name; and names of changes. */
#include "change/review.h"

#include <unistd.h>

#include "change/change_styles.h"
#include "raster/vector.h"
#include "support/check.h"

static char folder[64], path[96], kept[96], kept_2[96];

/* FOLDER/layer.gpkg with two patches, of which the second has 'status' and 'remark' (NULL: none). */
static void write_layer(const char *field, const char *status, const char *remark)
{
	const struct lu_vector_field fields[] = {
		{"patch", LU_VECTOR_INTEGER}, {field, LU_VECTOR_TEXT}, {LU_REVIEW_REMARK, LU_VECTOR_TEXT}};
	struct lu_vector_writer *writer;
	struct lu_error err = {0};

	check_ok(lu_vector_create(path, &writer, &err), err);
	check_ok(lu_vector_layer(writer, "layer", NULL, fields, 3, &err), err);
	for (int64_t i = 1; i <= 2; i++) {
		const struct lu_vector_value values[] = {lu_vector_integer(i), lu_vector_text(i == 2 ? status : NULL),
							 lu_vector_text(i == 2 ? remark : NULL)};
		check_ok(lu_vector_add(writer, NULL, values, &err), err);
	}
	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
}

static void count_words(void *user, enum lu_level level, const char *text)
{
	assert_int_equal(level, LU_LEVEL_WARNING);
	assert_non_null(strstr(text, "_reviewed"));
	++*(int *)user;
}

/* What lu_review_keep knows of the layer; 'carried' reviews are in the new one. */
static enum lu_status keep(const char *field, uint64_t carried, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_vector_field fields[] = {
		{"patch", LU_VECTOR_INTEGER}, {field, LU_VECTOR_TEXT}, {LU_REVIEW_REMARK, LU_VECTOR_TEXT}};
	const struct lu_review_task task = {
		.folder = folder, .name = "layer", .fields = fields, .count = 3, .carried = carried, .hooks = hooks};

	return lu_review_keep(&task, err);
}

static int set_up(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/layer.gpkg", folder);
	snprintf(kept, sizeof(kept), "%s/layer_reviewed.gpkg", folder);
	snprintf(kept_2, sizeof(kept_2), "%s/layer_reviewed_2.gpkg", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(kept);
	unlink(kept_2);
	return rmdir(folder);
}

static void nobody_wrote_into_it(void **state)
{
	struct lu_error err = {0};
	int warnings = 0;
	const struct lu_hooks hooks = {.user = &warnings, .log = count_words};

	(void)state;
	check_ok(keep(LU_REVIEW_STATUS, 0, &hooks, &err), err); /* there is none yet */
	write_layer(LU_REVIEW_STATUS, NULL, NULL);
	check_ok(keep(LU_REVIEW_STATUS, 0, &hooks, &err), err);
	assert_int_equal(warnings, 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_not_equal(access(kept, F_OK), 0);
}

/* A status, its former field and a remark alone count; a second review does not take the first one's name. */
static void reviews_move_aside(void **state)
{
	struct lu_error err = {0};
	int warnings = 0;
	const struct lu_hooks hooks = {.user = &warnings, .log = count_words};

	(void)state;
	write_layer(LU_REVIEW_STATUS, "1", NULL);
	check_ok(keep(LU_REVIEW_STATUS, 0, &hooks, &err), err);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(access(kept, F_OK), 0);
	write_layer(LU_REVIEW_STATUS, NULL, "a pond");
	check_ok(keep(LU_REVIEW_STATUS, 0, &hooks, &err), err);
	assert_int_equal(access(kept_2, F_OK), 0);
	assert_int_equal(warnings, 2);
	unlink(kept_2);
	write_layer(LU_REVIEW_STATUS_FORMERLY, "2", NULL);
	check_ok(keep(LU_REVIEW_STATUS, 0, &hooks, &err), err);
	assert_int_equal(access(kept_2, F_OK), 0);
}

/* All that was said is in the new layer; but a column of somebody's own is not. */
static void what_is_carried_need_not_be_kept(void **state)
{
	struct lu_error err = {0};

	(void)state;
	write_layer(LU_REVIEW_STATUS, "1", NULL);
	check_ok(keep(LU_REVIEW_STATUS, 1, NULL, &err), err);
	assert_int_equal(access(path, F_OK), 0);
	check_ok(keep("another", 1, NULL, &err), err);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(access(kept, F_OK), 0);
}

/* Somebody's own file of that name is not written over, either. */
static void another_file_moves_aside(void **state)
{
	struct lu_error err = {0};
	FILE *to = fopen(path, "w");

	(void)state;
	assert_non_null(to);
	assert_int_equal(fclose(to), 0);
	check_ok(keep(LU_REVIEW_STATUS, 0, NULL, &err), err);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(access(kept, F_OK), 0);
}

/* QGIS has it open. */
static void an_open_layer_is_busy(void **state)
{
	struct lu_error err = {0};
	char journal[112];

	(void)state;
	write_layer(LU_REVIEW_STATUS, "1", NULL);
	snprintf(journal, sizeof(journal), "%s-wal", path);
	FILE *to = fopen(journal, "w");
	assert_non_null(to);
	assert_int_equal(fclose(to), 0);
	check_fails(keep(LU_REVIEW_STATUS, 0, NULL, &err), LU_ERROR_BUSY, err, "is open in another program");
	assert_int_equal(access(path, F_OK), 0);
	unlink(journal);
}

static void changes_have_names_and_tints(void **state)
{
	struct lu_class classes[] = {{1, "Water", 0, 0, 200}, {7, "Forest", 0, 100, 0}};
	const struct lu_legend legend = {.classes = classes, .count = 2};
	struct lu_change_styles styles;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_change_styles_make(&legend, true, &styles, &err), err);
	assert_int_equal(styles.count, 4);
	assert_string_equal(styles.entries[0].name, "Water, unchanged");
	assert_int_equal(styles.entries[0].blue, 192 + 50);
	assert_int_equal(styles.entries[0].red, 192);
	assert_string_equal(styles.entries[1].name, "Water to Forest");
	assert_int_equal(styles.entries[1].value, 107);
	assert_int_equal(styles.entries[1].green, 100);
	lu_change_styles_release(&styles);
	check_ok(lu_change_styles_make(&legend, false, &styles, &err), err);
	assert_int_equal(styles.count, 2);
	assert_int_equal(styles.entries[1].value, 701);
	lu_change_styles_release(&styles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_wrote_into_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reviews_move_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_carried_need_not_be_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_file_moves_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_open_layer_is_busy, set_up, tear_down),
		cmocka_unit_test(changes_have_names_and_tints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
