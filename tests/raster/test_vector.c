/* test_vector.c: features out and in again, and what wrong files are told. */
#include "raster/vector.h"

#include "base/file.h"
#include "raster/crs.h"
#include "raster/form.h"
#include "raster/make.h"

static void write_sample(const char *path, const char *qml)
{
	static const struct lu_vector_field fields[] = {
		{"id", LU_VECTOR_INTEGER}, {"share", LU_VECTOR_REAL}, {"name", LU_VECTOR_TEXT}};
	struct lu_point corners[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
	const struct lu_ring ring = {corners, 4};
	const struct lu_vector_value full[] = {lu_vector_integer(7), lu_vector_real(.25),
					       lu_vector_text("caf\xc3\xa9 ")};
	const struct lu_vector_value bare[] = {lu_vector_integer(8), {0}, lu_vector_text(NULL)};
	struct lu_vector_writer *writer;
	struct lu_error err = {0};
	char *crs;

	check_ok(lu_crs_normalise("EPSG:26917", &crs, &err), err);
	check_ok(lu_vector_create(path, &writer, &err), err);
	check_ok(lu_vector_layer(writer, "cells", crs, fields, 3, &err), err);
	check_ok(lu_vector_add(writer, &ring, full, &err), err);
	check_ok(lu_vector_add(writer, &ring, bare, &err), err);
	check_ok(lu_vector_layer(writer, "facts", NULL, fields, 3, &err), err);
	check_ok(lu_vector_add(writer, NULL, bare, &err), err);
	check_ok(lu_vector_style(writer, "cells", qml, &err), err);
	assert_false(lu_file_exists(path));
	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
	lu_free(crs);
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	const char *path = make_path("a.gpkg");
	struct lu_vector_reader *reader;
	struct lu_error err = {0};
	struct lu_point place;
	bool more;

	write_sample(path, "<qgis/>");
	check_ok(lu_vector_open(path, LU_NAMED, NULL, "CELLS", &reader, &err), err);
	assert_true(lu_vector_has_layer(reader, "facts"));
	assert_false(lu_vector_has_layer(reader, "design"));
	assert_string_equal(lu_vector_field_names(reader), "id, share, name");
	assert_int_equal(lu_vector_find(reader, "NAME"), 2);
	assert_int_equal(lu_vector_find(reader, "nothing"), -1);
	assert_non_null(lu_vector_crs(reader));
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_true(more);
	assert_string_equal(lu_vector_get(reader, 0), "7");
	assert_string_equal(lu_vector_get(reader, 1), "0.25");
	assert_string_equal(lu_vector_get(reader, 2), "caf\xc3\xa9");
	assert_true(lu_vector_place(reader, &place));
	assert_true(place.x == 5 && place.y == 5);
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_null(lu_vector_get(reader, 1));
	assert_null(lu_vector_get(reader, 2));
	assert_null(lu_vector_get(reader, -1));
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_false(more);
	lu_vector_close(reader);
	lu_vector_close(NULL);

	check_ok(lu_vector_open(path, LU_NAMED, "facts", NULL, &reader, &err), err);
	assert_null(lu_vector_crs(reader));
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_false(lu_vector_place(reader, &place));
	lu_vector_close(reader);
	check_ok(lu_vector_open(path, LU_NAMED, "layer_styles", NULL, &reader, &err), err);
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_string_equal(lu_vector_get(reader, lu_vector_find(reader, "f_table_name")), "cells");
	assert_string_equal(lu_vector_get(reader, lu_vector_find(reader, "styleQML")), "<qgis/>");
	lu_vector_close(reader);
}

static void the_same_calls_give_the_same_bytes(void **state)
{
	(void)state;
	struct lu_error err = {0};
	char *a, *b;
	size_t a_size, b_size;

	write_sample(make_path("one.gpkg"), "x");
	write_sample(make_path("two.gpkg"), "x");
	check_ok(lu_file_read(make_path("one.gpkg"), 1 << 24, &a, &a_size, &err), err);
	check_ok(lu_file_read(make_path("two.gpkg"), 1 << 24, &b, &b_size, &err), err);
	assert_int_equal(a_size, b_size);
	assert_memory_equal(a, b, a_size);
	lu_free(a);
	lu_free(b);
}

static void an_unfinished_file_is_gone(void **state)
{
	(void)state;
	struct lu_vector_writer *writer;
	struct lu_error err = {0};

	check_ok(lu_vector_create(make_path("gone.gpkg"), &writer, &err), err);
	lu_vector_drop(writer);
	assert_false(lu_file_exists(make_path("gone.gpkg")));
	assert_int_equal(make_count(".gone."), 0);
	check_fails(lu_vector_create(make_path("no/folder/x.gpkg"), &writer, &err), LU_ERROR_IO, err, "x.gpkg");
	lu_vector_drop(NULL);
}

static void csv_has_places(void **state)
{
	(void)state;
	struct lu_vector_reader *reader;
	struct lu_error err = {0};
	struct lu_point place;
	bool more;

	make_text("points.csv", "id,lon,lat,reference\n1,-72.5,42.25,Forest\n2,,,4\n");
	check_ok(lu_vector_open(make_path("points.csv"), LU_NAMED, NULL, "sample", &reader, &err), err);
	assert_non_null(lu_vector_crs(reader));
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_true(lu_vector_place(reader, &place));
	assert_true(place.x == -72.5 && place.y == 42.25);
	assert_string_equal(lu_vector_get(reader, lu_vector_find(reader, "reference")), "Forest");
	check_ok(lu_vector_next(reader, &more, &err), err);
	assert_false(lu_vector_place(reader, &place));
	lu_vector_close(reader);
}

static void wrong_files_are_named(void **state)
{
	(void)state;
	struct lu_vector_reader *reader;
	struct lu_error err = {0};

	check_fails(lu_vector_open(make_path("none.gpkg"), LU_NAMED, NULL, NULL, &reader, &err), LU_ERROR_ARGUMENT, err,
		    "no such file");
	make_text("text.gpkg", "not a GeoPackage");
	check_fails(lu_vector_open(make_path("text.gpkg"), LU_NAMED, NULL, NULL, &reader, &err), LU_ERROR_FORMAT, err,
		    "text.gpkg");
	write_sample(make_path("layers.gpkg"), "x");
	check_fails(lu_vector_open(make_path("layers.gpkg"), LU_NAMED, "towns", NULL, &reader, &err), LU_ERROR_ARGUMENT,
		    err, "it has: cells, facts, layer_styles");
}

static void a_form_has_its_choices(void **state)
{
	(void)state;
	const struct lu_form_choice choices[] = {{4, "Forest & \"wood\""}, {402, "Forest to Developed"}};
	const char *const hidden[] = {"map"}, *const pictures[] = {"picture_2010"}, *const fixed[] = {"id"};
	const struct lu_form form = {.field = "reference",
				     .title = "Place [% \"id\" %]",
				     .open = "to be labelled",
				     .done = "labelled",
				     .none = "(not labelled)",
				     .choices = choices,
				     .choice_count = 2,
				     .hidden = hidden,
				     .hidden_count = 1,
				     .fixed = fixed,
				     .fixed_count = 1,
				     .pictures = pictures,
				     .picture_count = 1};
	struct lu_error err = {0};
	char *qml;

	check_ok(lu_form_qml(&form, &qml, &err), err);
	assert_contains(qml, "type=\"ValueMap\"");
	assert_contains(qml, "name=\"Forest &amp; &quot;wood&quot;\" value=\"4\"");
	assert_contains(qml, "value=\"402\"");
	assert_contains(qml, "type=\"Hidden\"");
	assert_contains(qml, "type=\"ExternalResource\"");
	assert_contains(qml, "&quot;reference&quot; IS NULL");
	lu_free(qml);
}

/* Tables and styles are left out without a word, and rows of further layers are not rows of the first. */
static void a_file_of_one_layer_has_the_first(void **state)
{
	(void)state;
	static const char *const names[] = {"one.fgb", "ONE.GeoJSON"};
	struct lu_vector_reader *reader;
	struct lu_error err = {0};
	struct lu_point place;
	bool more;

	for (size_t i = 0; i < 2; i++) {
		const char *path = make_path(names[i]);
		write_sample(path, "<qgis/>");
		check_ok(lu_vector_open(path, LU_NAMED, NULL, NULL, &reader, &err), err);
		assert_false(lu_vector_has_layer(reader, "facts"));
		for (int row = 0; row < 2; row++) {
			check_ok(lu_vector_next(reader, &more, &err), err);
			assert_true(more);
			assert_string_equal(lu_vector_get(reader, lu_vector_find(reader, "id")), row == 0 ? "7" : "8");
		}
		assert_true(lu_vector_place(reader, &place));
		/* UTM 17's origin is some 4.5 degrees west of its meridian, -81. */
		assert_true(i == 0 ? place.x == 5 : fabs(place.x + 85.488) < .01 && fabs(place.y) < 1e-3);
		check_ok(lu_vector_next(reader, &more, &err), err);
		assert_false(more);
		lu_vector_close(reader);
	}
}

static void a_suffix_that_nothing_has_is_told_those_there_are(void **state)
{
	(void)state;
	struct lu_vector_writer *writer = NULL;
	struct lu_error err = {0};

	assert_int_equal(lu_vector_create(make_path("a.shp"), &writer, &err), LU_ERROR_ARGUMENT);
	assert_null(writer);
	assert_contains(err.text, "a.shp: is of no kind of vector file that is written, its name should end in one of "
				  ".gpkg, .fgb, .geojson");
	assert_int_equal(lu_vector_create(make_path("gpkg"), &writer, &err), LU_ERROR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_same_calls_give_the_same_bytes),
		cmocka_unit_test(an_unfinished_file_is_gone),
		cmocka_unit_test(csv_has_places),
		cmocka_unit_test(wrong_files_are_named),
		cmocka_unit_test(a_form_has_its_choices),
		cmocka_unit_test(a_file_of_one_layer_has_the_first),
		cmocka_unit_test(a_suffix_that_nothing_has_is_told_those_there_are),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
