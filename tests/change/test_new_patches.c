/* test_new_patches.c: patches that lie on ground which the former layers had are not new, whatever their pair and outline. */
#include "change/new_patches.h"

#include "base/file.h"
#include "base/memory.h"
#include "raster/crs.h"
#include "raster/vector.h"
#include "support/check.h"

enum { COLS = 40, ROWS = 30 };
static const double side = 10, left = 500000, top = 4600000;

/* A layer of rectangles of cells, x, y, width and height each. */
static void write_layer(const char *folder, const char *pair, const char *crs, const int (*rects)[4], size_t count)
{
	static const struct lu_vector_field fields[] = {{"area_ha", LU_VECTOR_REAL}};
	struct lu_error err = {0};
	struct lu_vector_writer *writer = NULL;
	char *parent = lu_path_join(folder, pair), *path = lu_path_join(parent, "new.gpkg");

	check_ok(lu_folder_make(parent, &err), err);
	check_ok(lu_vector_create(path, &writer, &err), err);
	check_ok(lu_vector_layer(writer, "new", crs, fields, 1, &err), err);
	for (size_t i = 0; i < count; i++) {
		const double x = left + side * rects[i][0], y = top - side * rects[i][1];
		const double w = side * rects[i][2], h = side * rects[i][3];
		struct lu_point points[] = {{x, y}, {x, y - h}, {x + w, y - h}, {x + w, y}};
		const struct lu_ring ring = {points, 4};
		const struct lu_vector_value value = lu_vector_real(w * h / 1e4);
		check_ok(lu_vector_add(writer, &ring, &value, &err), err);
	}
	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
	lu_free(path);
	lu_free(parent);
}

static void old_ground_is_not_new(void **state)
{
	(void)state;
	static const char *const former[] = {"1_2", "gone"}, *const now[] = {"1_2", "1_3"};
	static const int first[][4] = {{2, 2, 3, 3}, {20, 10, 1, 1}};
	/* The first one grown, one that touches the old by a side, one of a corner of the grid. */
	static const int same[][4] = {{2, 2, 5, 4}, {21, 10, 1, 1}}, other[][4] = {{4, 4, 1, 1}, {39, 29, 1, 1}};
	struct lu_frame cells = {.transform = {left, side, 0, top, 0, -side}, .width = COLS, .height = ROWS};
	struct lu_new_patches patches = {0};
	struct lu_error err = {0};
	char folder[64];

	make_scratch(folder);
	check_ok(lu_crs_normalise("EPSG:26919", &cells.crs_wkt, &err), err);
	write_layer(folder, "1_2", cells.crs_wkt, first, 2);
	check_ok(lu_new_patches_remember(folder, former, 2, "new", &cells, &patches, &err), err);
	assert_true(patches.compared);
	write_layer(folder, "1_2", cells.crs_wkt, same, 2);
	write_layer(folder, "1_3", cells.crs_wkt, other, 2);
	check_ok(lu_new_patches_find(folder, now, 2, "new", &cells, &patches, &err), err);
	assert_int_equal(patches.count, 2);
	assert_string_equal(patches.layers[0].pair, "1_2");
	assert_int_equal(patches.layers[0].patches, 2);
	assert_int_equal(patches.layers[0].new_patches, 1);
	assert_float_equal(patches.layers[0].new_ha, 0.01, 1e-9);
	assert_float_equal(patches.layers[0].area_ha, 0.21, 1e-9);
	/* Ground of another pair of dates is old, too. */
	assert_int_equal(patches.layers[1].new_patches, 1);
	lu_new_patches_release(&patches);
	lu_free(cells.crs_wkt);
}

static void without_former_layers_nothing_is_known(void **state)
{
	(void)state;
	static const char *const pair[] = {"1_2"};
	static const int rect[][4] = {{2, 2, 3, 3}};
	struct lu_frame cells = {.transform = {left, side, 0, top, 0, -side}, .width = COLS, .height = ROWS};
	struct lu_new_patches patches = {0};
	struct lu_error err = {0};
	char folder[64];

	make_scratch(folder);
	check_ok(lu_crs_normalise("EPSG:26919", &cells.crs_wkt, &err), err);
	check_ok(lu_new_patches_remember(folder, pair, 1, "new", &cells, &patches, &err), err);
	assert_false(patches.compared);
	write_layer(folder, "1_2", cells.crs_wkt, rect, 1);
	check_ok(lu_new_patches_find(folder, pair, 1, "new", &cells, &patches, &err), err);
	assert_int_equal(patches.layers[0].patches, 1);
	assert_int_equal(patches.layers[0].new_patches, 0);
	lu_new_patches_release(&patches);
	lu_free(cells.crs_wkt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(old_ground_is_not_new),
					   cmocka_unit_test(without_former_layers_nothing_is_known)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
