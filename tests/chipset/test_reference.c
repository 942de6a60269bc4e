/*
 * test_reference.c: labels of chips from a land-cover raster: points fall into the right cells,
 * areas are exact, and what is no class is told apart.
 */
#include "raster/make.h"

#include <math.h>

#include "base/file.h"
#include "chipset/reference.h"
#include "raster/crs.h"
#include "raster/transform.h"

static struct lu_scheme *scheme;
static struct lu_frame pixels = {.transform = {500000, 1, 0, 4000000, 0, -1}, .width = 1000, .height = 1000};

static int setup(void **state)
{
	static const char text[] = "name: s\nversion: 1\nclasses:\n"
				   "  - {value: 1, name: Forest, color: \"#000001\", from: [a], nlcd: [41, 42]}\n"
				   "  - {value: 3, name: Crops, color: \"#000002\", from: [b], nlcd: [81, 82]}\n"
				   "unmapped_nlcd: [11]\n";
	struct lu_error err = {0};
	return make_folder(state) || lu_crs_normalise("EPSG:26917", &pixels.crs_wkt, &err) != LU_OK ||
	       lu_scheme_read(make_text("s.yaml", text), &scheme, &err) != LU_OK;
}

static int teardown(void **state)
{
	lu_scheme_free(scheme);
	lu_frame_release(&pixels);
	return make_folder_gone(state);
}

static enum lu_status open_raster(const char *path, const struct lu_scheme *of, enum lu_codes codes,
				  struct lu_reference **out, struct lu_error *err)
{
	const struct lu_reference_source source = {.labels = {.path = path}, .scheme = of, .codes = codes};

	return lu_reference_open(&source, pixels.crs_wkt, out, err);
}

static struct lu_chip_label label(const char *path, const char *rule_text, struct lu_rect at)
{
	struct lu_reference *reference;
	struct lu_label_rule rule;
	struct lu_chip_label found;
	struct lu_error err = {0};
	check_ok(lu_label_rule_parse(rule_text, &rule, &err), err);
	check_ok(open_raster(path, scheme, LU_CODES_NLCD, &reference, &err), err);
	check_ok(lu_reference_label(reference, &rule, &pixels, at, &found, &err), err);
	lu_reference_close(reference);
	return found;
}

/* Forest just where the nine points of a 66 m chip fall (11, 33 and 55 m), open water everywhere else. */
static double nine_cells(const struct make *make, int band, int col, int row)
{
	(void)make;
	(void)band;
	const bool here = (col == 1 || col == 3 || col == 5) && (row == 1 || row == 3 || row == 5);
	return here ? 41 + (col + row) % 4 / 2 : 11;
}

static void points_are_floored(void **state)
{
	(void)state;
	/* 55 / 10 = 5.5: rounded it would be cell 6 */
	const struct make make = {
		.width = 20, .height = 20, .left = 500000, .top = 4000000, .step = 10, .value = nine_cells};
	const char *path = make_tiff("nine.tif", &make);
	struct lu_chip_label found = label(path, "nine-point", (struct lu_rect){0, 0, 66, 66});
	assert_int_equal(found.fate, LU_FATE_LABELLED);
	assert_int_equal(found.class, 0);
	assert_true(found.share == 1);
	/* A step aside every point lies in water. */
	found = label(path, "nine-point", (struct lu_rect){10, 0, 66, 66});
	assert_int_equal(found.fate, LU_FATE_LEFT_OUT);
	found = label(path, "nine-point", (struct lu_rect){-2, 0, 66, 66});
	assert_int_equal(found.fate, LU_FATE_MIXED);
}

/* Crops east of the middle column; Forest in the north, Crops in the south: longitude and latitude told apart. */
static double west_east(const struct make *make, int band, int col, int row)
{
	(void)band;
	(void)row;
	return col < make->width / 2 ? 42 : 82;
}
static double north_south(const struct make *make, int band, int col, int row)
{
	(void)band;
	(void)col;
	return row < make->height / 2 ? 42 : 82;
}

static void degrees_keep_their_order(void **state)
{
	(void)state;
	/* A raster in degrees whose middle is the middle of the frame; chips 300 m off the middle. */
	struct lu_transform *transform;
	struct lu_error err = {0};
	struct lu_point centre = {500500, 3999500};
	char *wgs84;
	check_ok(lu_crs_normalise("EPSG:4326", &wgs84, &err), err);
	check_ok(lu_transform_new(pixels.crs_wkt, wgs84, &transform, &err), err);
	check_ok(lu_transform_points(transform, &centre, 1, &err), err);
	lu_transform_free(transform);
	lu_free(wgs84);
	const struct make we = {.width = 60,
				.height = 60,
				.left = centre.x - 0.009,
				.top = centre.y + 0.009,
				.step = 0.0003,
				.epsg = 4326,
				.value = west_east};
	struct make ns = we;
	ns.value = north_south;
	const struct {
		const char *path;
		struct lu_rect at;
		int class;
	} cases[] = {
		{make_tiff("we.tif", &we), {100, 400, 200, 200}, 0},
		{make_path("we.tif"), {700, 400, 200, 200}, 1},
		{make_tiff("ns.tif", &ns), {400, 100, 200, 200}, 0},
		{make_path("ns.tif"), {400, 700, 200, 200}, 1},
	};
	static const char *const rules[] = {"nine-point", "purity:1", "plurality"};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t k = 0; k < 3; k++) {
			const struct lu_chip_label found = label(cases[i].path, rules[k], cases[i].at);
			assert_int_equal(found.fate, LU_FATE_LABELLED);
			assert_int_equal(found.class, cases[i].class);
			assert_true(fabs(found.share - 1) < 1e-9);
		}
}

static void areas_are_exact(void **state)
{
	(void)state;
	/* Cells of 30 m, the line at 300 m; a chip from 255 to 355 m has 45 m of forest. */
	const struct make make = {
		.width = 20, .height = 20, .left = 500000, .top = 4000000, .step = 30, .value = west_east};
	const char *path = make_tiff("area.tif", &make);
	const struct lu_rect at = {255, 123, 100, 100};
	struct lu_chip_label found = label(path, "plurality", at);
	assert_int_equal(found.class, 1);
	assert_true(fabs(found.share - 0.55) < 1e-9);
	assert_int_equal(label(path, "purity:0.55", at).fate, LU_FATE_LABELLED);
	assert_int_equal(label(path, "purity:0.56", at).fate, LU_FATE_MIXED);
	/* Half and half: the class with the lower value. */
	found = label(path, "plurality", (struct lu_rect){250, 123, 100, 100});
	assert_int_equal(found.class, 0);
	assert_true(fabs(found.share - 0.5) < 1e-9);
	/* Half of the chip lies outside the raster, a quarter in each class's reach or none. */
	found = label(path, "plurality", (struct lu_rect){-60, 0, 100, 100});
	assert_int_equal(found.fate, LU_FATE_NO_REFERENCE);
	assert_true(fabs(found.share - 0.4) < 1e-9);
	assert_int_equal(label(path, "nine-point", (struct lu_rect){5000, 5000, 100, 100}).fate, LU_FATE_NO_REFERENCE);
	assert_int_equal(label(path, "plurality", (struct lu_rect){5000, 5000, 100, 100}).fate, LU_FATE_NO_REFERENCE);
}

static double odd_codes(const struct make *make, int band, int col, int row)
{
	(void)make;
	(void)band;
	(void)row;
	return col < 2 ? 99 : col < 4 ? 41 : col < 6 ? 255 : 11;
}

static void what_is_no_class_is_told_apart(void **state)
{
	(void)state;
	const struct make make = {.width = 8,
				  .height = 8,
				  .left = 500000,
				  .top = 4000000,
				  .step = 50,
				  .nodata = "255",
				  .value = odd_codes};
	const char *path = make_tiff("odd.tif", &make);
	static const enum lu_fate fates[] = {LU_FATE_UNKNOWN, LU_FATE_LABELLED, LU_FATE_NO_REFERENCE, LU_FATE_LEFT_OUT};
	struct lu_reference *reference;
	struct lu_label_rule rule;
	struct lu_error err = {0};
	check_ok(open_raster(path, scheme, LU_CODES_NLCD, &reference, &err), err);
	for (int k = 0; k < 2; k++) {
		check_ok(lu_label_rule_parse(k ? "plurality" : "nine-point", &rule, &err), err);
		for (int i = 0; i < 4; i++) {
			struct lu_chip_label found;
			check_ok(lu_reference_label(reference, &rule, &pixels, (struct lu_rect){100 * i, 0, 100, 100},
						    &found, &err),
				 err);
			assert_int_equal(found.fate, fates[i]);
		}
	}
	assert_int_equal(lu_reference_seen(reference, 99), 2);
	assert_int_equal(lu_reference_seen(reference, 98), 0);
	assert_int_equal(lu_reference_class(reference, 99), LU_SCHEME_UNKNOWN);
	assert_true(lu_reference_overlaps(reference, (struct lu_box){500100, 3999900, 500200, 4000100}));
	assert_false(lu_reference_overlaps(reference, (struct lu_box){500500, 3999900, 500600, 4000100}));
	lu_reference_close(reference);
	/* The scheme's own values: 41 is none of them. */
	check_ok(open_raster(path, scheme, LU_CODES_SCHEME, &reference, &err), err);
	assert_int_equal(lu_reference_class(reference, 41), LU_SCHEME_UNKNOWN);
	assert_int_equal(lu_reference_class(reference, 3), 1);
	lu_reference_close(reference);
}

static void wrong_rules_and_files(void **state)
{
	(void)state;
	static const char *const rules[] = {
		"", "nine", "purity", "purity:", "purity:0.5", "purity:1.1", "purity:x", "purity:0.9 "};
	struct lu_reference *reference;
	struct lu_scheme *bare;
	struct lu_label_rule rule;
	struct lu_error err = {0};
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		check_fails(lu_label_rule_parse(rules[i], &rule, &err), LU_ERROR_ARGUMENT, err,
			    "nine-point, plurality, or purity:P");
	check_fails(open_raster(make_path("none.tif"), scheme, LU_CODES_NLCD, &reference, &err), LU_ERROR_ARGUMENT, err,
		    "none.tif");
	const struct make make = {.width = 8, .height = 8, .left = 500000, .top = 4000000, .type = GDT_Float32};
	check_ok(open_raster(make_tiff("float.tif", &make), scheme, LU_CODES_NLCD, &reference, &err), err);
	struct lu_chip_label found;
	check_ok(lu_label_rule_parse("plurality", &rule, &err), err);
	check_fails(lu_reference_label(reference, &rule, &pixels, (struct lu_rect){0, 0, 4, 4}, &found, &err),
		    LU_ERROR_UNSUPPORTED, err, "float.tif");
	lu_reference_close(reference);
	check_ok(
		lu_scheme_read(
			make_text(
				"bare.yaml",
				"name: s\nversion: 1\nclasses: [{value: 1, name: N, color: \"#000000\", from: [a]}]\n"),
			&bare, &err),
		err);
	check_fails(open_raster(make_path("odd.tif"), bare, LU_CODES_NLCD, &reference, &err), LU_ERROR_MISMATCH, err,
		    "no class has NLCD codes");
	lu_scheme_free(bare);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_are_floored),    cmocka_unit_test(degrees_keep_their_order),
		cmocka_unit_test(areas_are_exact),       cmocka_unit_test(what_is_no_class_is_told_apart),
		cmocka_unit_test(wrong_rules_and_files),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
