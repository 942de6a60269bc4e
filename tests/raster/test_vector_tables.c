/* test_vector_tables.c: tables that refer to each other and explain themselves, read back by GDAL's SQL. */
#include "raster/vector_tables.h"

#include <gdal.h>
#include <ogr_api.h>
#include <unistd.h>

#include "base/hash.h"
#include "raster/dissolve.h"
#include "support/check.h"

static char folder[64], path[80];

static const struct lu_class classes[] = {{1, "Farm", 1, 2, 3}, {4, "O'Neil's \"wood\"", 4, 5, 6}};

static void write_file(void)
{
	static const struct lu_vector_column parents[] = {{"code", LU_VECTOR_INTEGER, NULL, "kinds", "the code"},
							  {"name", LU_VECTOR_TEXT, NULL, NULL, "its name"}},
					     children[] = {{"zone", LU_VECTOR_TEXT, "places(zone)", NULL, "where"},
							   {"code", LU_VECTOR_INTEGER, "parents(code)", "kinds",
							    "what"},
							   {"area_ha", LU_VECTOR_REAL, NULL, NULL,
							    "hectares; NULL: not known"}},
					     place[] = {{"zone", LU_VECTOR_TEXT, NULL, NULL, "its name"}};
	static const struct lu_vector_field field[] = {{"zone", LU_VECTOR_TEXT}};
	struct lu_vector_writer *writer;
	struct lu_error err = {0};

	check_ok(lu_vector_create(path, &writer, &err), err);
	check_ok(lu_vector_codes(writer, "kinds", classes, 2, &err), err);
	check_ok(lu_vector_layer(writer, "places", NULL, field, 1, &err), err);
	check_ok(lu_vector_add(writer, NULL, (struct lu_vector_value[]){lu_vector_text("It's")}, &err), err);
	check_ok(lu_vector_explain(writer, "places", "Places", place, 1, "zone", &err), err);
	check_ok(lu_vector_table(writer, "parents", "Kinds of \"things\"", parents, 2, 1, &err), err);
	for (size_t i = 0; i < 2; i++)
		check_ok(lu_vector_row(writer,
				       (struct lu_vector_value[]){lu_vector_integer(classes[i].value),
								  lu_vector_text(classes[i].name)},
				       &err),
			 err);
	check_ok(lu_vector_table(writer, "children", "Many rows", children, 3, 0, &err), err);
	for (int i = 0; i < 1203; i++)
		check_ok(lu_vector_row(writer,
				       (struct lu_vector_value[]){
					       lu_vector_text("It's"), lu_vector_integer(i % 2 ? 4 : 1),
					       i == 7 ? (struct lu_vector_value){0} : lu_vector_rounded(i / 3.0, 4)},
				       &err),
			 err);
	check_ok(lu_vector_style(writer, "places", "<one/>", &err), err);
	check_ok(lu_vector_style(writer, "parents", "<two/>", &err), err);
	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
}

/* The first column of the first row as text; "" where there is none. */
static const char *ask(GDALDatasetH file, const char *sql)
{
	static char answer[200];
	OGRLayerH rows = GDALDatasetExecuteSQL(file, sql, NULL, NULL);
	OGRFeatureH row = rows != NULL ? OGR_L_GetNextFeature(rows) : NULL;

	snprintf(answer, sizeof(answer), "%s", row != NULL ? OGR_F_GetFieldAsString(row, 0) : "");
	OGR_F_Destroy(row);
	if (rows != NULL)
		GDALDatasetReleaseResultSet(file, rows);
	return answer;
}

static void tables_refer_and_explain(void **state)
{
	GDALDatasetH file;

	(void)state;
	write_file();
	file = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
	assert_non_null(file);
	assert_string_equal(ask(file, "PRAGMA foreign_key_check"), "");
	assert_string_equal(ask(file, "PRAGMA integrity_check"), "ok");
	assert_string_equal(ask(file, "SELECT count(*) FROM pragma_foreign_key_list('children')"), "2");
	assert_string_equal(ask(file, "SELECT count(*) FROM children"), "1203");
	assert_string_equal(ask(file, "SELECT count(*) FROM children WHERE area_ha IS NULL"), "1");
	assert_string_equal(ask(file, "SELECT area_ha FROM children WHERE rowid = 2"), "0.3333");
	assert_string_equal(ask(file, "SELECT name FROM parents WHERE code = 4"), "O'Neil's \"wood\"");
	assert_string_equal(ask(file, "SELECT description FROM gpkg_contents WHERE table_name = 'places'"), "Places");
	assert_string_equal(ask(file, "SELECT description FROM gpkg_data_columns WHERE table_name = 'children' AND "
				      "column_name = 'area_ha'"),
			    "hectares; NULL: not known");
	assert_string_equal(ask(file, "SELECT count(DISTINCT last_change) FROM gpkg_contents"), "1");
	assert_string_equal(ask(file, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'parents'"), "<two/>");
	/* GDAL knows the codes' names. */
	assert_non_null(GDALDatasetGetFieldDomain(file, "kinds"));
	assert_int_equal(OGR_L_GetFeatureCount(GDALDatasetGetLayerByName(file, "children"), 1), 1203);
	GDALClose(file);
	unlink(path);
}

static void the_same_calls_give_the_same_bytes(void **state)
{
	char first[LU_SHA256_HEX], second[LU_SHA256_HEX];
	struct lu_error err = {0};

	(void)state;
	write_file();
	check_ok(lu_sha256_file(path, first, &err), err);
	write_file();
	check_ok(lu_sha256_file(path, second, &err), err);
	assert_string_equal(first, second);
	unlink(path);
}

static void names_become_words(void **state)
{
	char name[] = "class_2016-07.1 x";

	(void)state;
	lu_vector_word(name);
	assert_string_equal(name, "class_2016_07_1_x");
}

/* Two fields of class 3 that touch by a corner, with a lake of class 200 in one; 0 is nothing. */
static void cells_of_a_class_are_one_area(void **state)
{
	static uint8_t cells[5][5] = {
		{3, 3, 3, 0, 0}, {3, 200, 3, 0, 0}, {3, 3, 3, 0, 0}, {0, 0, 0, 3, 0}, {0, 0, 0, 0, 0}};
	double transform[6] = {10, 2, 0, 50, 0, -2};
	struct lu_dissolved *areas;
	struct lu_error err = {0};
	size_t count;

	(void)state;
	snprintf(path, sizeof(path), "%s/map.tif", folder);
	GDALDatasetH file = GDALCreate(GDALGetDriverByName("GTiff"), path, 5, 5, 1, GDT_Byte, NULL);
	GDALSetGeoTransform(file, transform);
	assert_int_equal(GDALDatasetRasterIO(file, GF_Write, 0, 0, 5, 5, cells, 5, 5, GDT_Byte, 1, NULL, 1, 5, 1),
			 CE_None);
	GDALClose(file);
	check_ok(lu_dissolve(path, &areas, &count, &err), err);
	assert_int_equal(count, 2);
	assert_int_equal(areas[0].value, 3);
	assert_int_equal(areas[0].area.count, 3); /* a shell, its hole, and the other shell */
	assert_int_equal(areas[1].value, 200);
	assert_int_equal(areas[1].area.count, 1);
	lu_dissolved_free(areas, count);
	unlink(path);
	check_fails(lu_dissolve(path, &areas, &count, &err), LU_ERROR_IO, err, "map.tif: cannot be read");
}

static int make_folder(void **state)
{
	(void)state;
	make_scratch(folder);
	snprintf(path, sizeof(path), "%s/one.gpkg", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_refer_and_explain), cmocka_unit_test(the_same_calls_give_the_same_bytes),
		cmocka_unit_test(names_become_words), cmocka_unit_test(cells_of_a_class_are_one_area)};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
