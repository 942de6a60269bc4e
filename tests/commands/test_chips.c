/*
 * test_chips.c: a drawn county cut into chips by lu_tile and labelled by lu_label from its truth: every chip has the pixels of
 * its place, every label is its cell's, and blocks stay together.
 */
#include "landuse.h"

#include <gdal.h>
#include <gdal_utils.h>
#include <math.h>
#include <ogr_api.h>

#include "base/table.h"
#include "support/county.h"

enum { CHIP = 224, CELLS = 6 };

static const char imagery[] = "county/imagery_2015.tif", truth[] = "county/truth_2015.tif";
static const char *const classes[] = {"",       "Water", "Developed",  "Barren",
				      "Forest", "Shrub", "Herbaceous", "Cultivated"};

static int set_up(void **state)
{
	county_set_up(state);
	county_draw("--cells 6x6 --dates 2015 --seed 7 --format deflate county");
	return 0;
}

/* Pixels of all bands, band by band; free it. */
static uint8_t *read_pixels(const char *name, int x, int y, int side, int bands)
{
	const GDALDatasetH set = GDALOpen(in_county(name), GA_ReadOnly);
	uint8_t *pixels = calloc((size_t)side * (size_t)side, (size_t)bands);

	assert_non_null(set);
	assert_non_null(pixels);
	assert_int_equal(
		GDALDatasetRasterIO(set, GF_Read, x, y, side, side, pixels, side, side, GDT_Byte, bands, NULL, 0, 0, 0),
		CE_None);
	GDALClose(set);
	return pixels;
}

/* The field 'name' of a row. */
static const char *at(const struct lu_table *index, size_t row, const char *name)
{
	for (size_t i = 0; i < index->rows[0].count; i++)
		if (strcmp(index->rows[0].fields[i], name) == 0)
			return index->rows[row].fields[i];
	fail_msg("no column '%s'", name);
	return NULL;
}

static int number(const struct lu_table *index, size_t row, const char *name)
{
	return atoi(at(index, row, name));
}

/* A lossless chip has the imagery's bytes at its row and column. */
static void check_chip(const char *folder, const struct lu_table *index, size_t row)
{
	char name[200];

	snprintf(name, sizeof(name), "%s/%s", folder, at(index, row, "path"));
	uint8_t *chip = read_pixels(name, 0, 0, CHIP, 3);
	uint8_t *place =
		read_pixels(imagery, CHIP * number(index, row, "col"), CHIP * number(index, row, "row"), CHIP, 3);
	assert_memory_equal(chip, place, (size_t)CHIP * CHIP * 3);
	free(chip);
	free(place);
}

static void every_chip_is_its_place(void **state)
{
	(void)state;
	const char *const files[] = {in_county(imagery)};
	struct lu_tile_options options;
	lu_tile_options_init(&options);
	options.chips.imagery = files;
	options.chips.imagery_count = 1;
	options.chips.min_valid = 1;
	options.format = LU_CHIP_PNG;
	options.output = in_county("tiles");
	struct lu_run_summary summary;
	struct lu_table index;
	struct lu_error err = {0};
	check_ok(lu_tile(&options, &summary, &err), err);
	assert_int_equal(summary.chips, CELLS * CELLS);
	lu_text_free(summary.text);
	check_ok(lu_table_read(in_county("tiles/index.csv"), &index, &err), err);
	assert_int_equal(index.count, CELLS * CELLS + 1);
	for (size_t row = 1; row < index.count; row += 7)
		check_chip("tiles", &index, row);
	lu_table_release(&index);
	/* A chip that is lost is cut again, and no other. */
	assert_int_equal(unlink(in_county("tiles/chips/r00002_c00003.png")), 0);
	check_ok(lu_tile(&options, &summary, &err), err);
	assert_non_null(strstr(summary.text, "(1 written now"));
	lu_text_free(summary.text);
	assert_true(county_has("tiles/chips/r00002_c00003.png"));
	options.format = LU_CHIP_GEOTIFF;
	options.output = in_county("county");
	check_fails(lu_tile(&options, &summary, &err), LU_ERROR_MISMATCH, err, "county");
}

/* Labels by a raster of the scheme's own values, a cell a chip. */
static void every_label_is_its_cell_s(void **state)
{
	(void)state;
	const char *const files[] = {in_county(imagery)};
	struct lu_label_options options;
	lu_label_options_init(&options);
	options.chips.imagery = files;
	options.chips.imagery_count = 1;
	options.reference = in_county(truth);
	options.codes = LU_CODES_SCHEME;
	options.rule.kind = LU_RULE_PLURALITY;
	options.output = in_county("set");
	options.block_cells = 2;
	options.validate = 0.2;
	options.test = 0.2;
	options.dedupe = true;
	options.dedupe_bits = 1;
	options.seed = 3;
	uint8_t *cells = read_pixels(truth, 0, 0, CELLS, 1);
	const char *side_of_block[CELLS * CELLS] = {NULL};
	struct lu_run_summary summary;
	struct lu_table index;
	struct lu_error err = {0};
	check_ok(lu_label(&options, &summary, &err), err);
	lu_text_free(summary.text);
	check_ok(lu_table_read(in_county("set/index.csv"), &index, &err), err);
	assert_in_range(index.count, CELLS * CELLS / 2, CELLS * CELLS + 1);
	for (size_t row = 1; row < index.count; row++) {
		const int r = number(&index, row, "row"), c = number(&index, row, "col");
		assert_string_equal(at(&index, row, "class"), classes[cells[r * CELLS + c]]);
		const char **side = &side_of_block[r / 2 * (CELLS / 2) + c / 2];
		if (*side == NULL)
			*side = at(&index, row, "split");
		assert_string_equal(*side, at(&index, row, "split"));
		if (row % 7 == 0)
			check_chip("set", &index, row);
	}
	lu_table_release(&index);
	free(cells);
}

/* Labels drawn as polygons, in their own codes and with a table of them; what is in no row is told and left out. */
static void polygons_label_what_they_cover(void **state)
{
	(void)state;
	const char *const files[] = {in_county(imagery)};
	struct lu_label_options options;
	lu_label_options_init(&options);
	options.chips.imagery = files;
	options.chips.imagery_count = 1;
	options.reference = in_county("parcels.geojson");
	options.field = "USE";
	options.codes = LU_CODES_TABLE;
	options.code_table = in_county("codes.yaml");
	options.rule = (struct lu_label_rule){LU_RULE_PURITY, 0.9};
	options.output = in_county("parcels");
	options.validate = options.test = 0;
	options.no_chips = true;
	struct lu_run_summary summary;
	struct lu_table index;
	struct lu_error err = {0};
	/* The county begins at (200000, 900000) of Massachusetts' grid; a cell is 67.2 m. */
	county_write(
		"parcels.geojson",
		"{\"type\": \"FeatureCollection\", \"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
		"\"urn:ogc:def:crs:EPSG::26986\"}}, \"features\": ["
		"{\"type\": \"Feature\", \"properties\": {\"USE\": 13}, \"geometry\": {\"type\": \"Polygon\", "
		"\"coordinates\": [[[200000, 900000], [200135, 900000], [200135, 899865], [200000, 899865], [200000, "
		"900000]]]}},"
		"{\"type\": \"Feature\", \"properties\": {\"USE\": 77}, \"geometry\": {\"type\": \"Polygon\", "
		"\"coordinates\": [[[200202, 900000], [200270, 900000], [200270, 899932], [200202, 899932], [200202, "
		"900000]]]}}]}");
	county_write("codes.yaml", "name: towns\nversion: 1\ncodes:\n  - {nlcd: 22, of: [13], title: Houses}\n");
	check_ok(lu_label(&options, &summary, &err), err);
	assert_non_null(strstr(summary.text, "77"));
	lu_text_free(summary.text);
	check_ok(lu_table_read(in_county("parcels/index.csv"), &index, &err), err);
	assert_int_equal(index.count, 5);
	for (size_t row = 1; row < index.count; row++) {
		assert_string_equal(at(&index, row, "class"), "Developed");
		assert_true(number(&index, row, "row") < 2 && number(&index, row, "col") < 2);
	}
	lu_table_release(&index);
}

/* Somebody has labelled every other cell of a sample; how many. */
static size_t label_every_other(const char *name)
{
	const GDALDatasetH set = GDALOpenEx(in_county(name), GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
	size_t seen = 0, labelled = 0;
	OGRFeatureH cell;

	assert_non_null(set);
	const OGRLayerH layer = GDALDatasetGetLayerByName(set, "sample");
	const OGRFeatureDefnH fields = OGR_L_GetLayerDefn(layer);
	const int map = OGR_FD_GetFieldIndex(fields, "map"), reference = OGR_FD_GetFieldIndex(fields, "reference");
	OGR_L_ResetReading(layer);
	while ((cell = OGR_L_GetNextFeature(layer)) != NULL) {
		if (seen++ % 2 == 0) {
			OGR_F_SetFieldInteger(cell, reference, OGR_F_GetFieldAsInteger(cell, map));
			assert_int_equal(OGR_L_SetFeature(layer, cell), OGRERR_NONE);
			labelled++;
		}
		OGR_F_Destroy(cell);
	}
	GDALClose(set);
	return labelled;
}

/* A labelled sample's chips are its cells, wherever the imagery begins: nobody has to say their size. */
static void a_sample_s_cells_are_its_chips(void **state)
{
	(void)state;
	char word[] = "-srcwin", left[] = "20", top[] = "10", width[] = "1324", height[] = "1334";
	char *translate[] = {word, left, top, width, height, NULL};
	const char *const files[] = {in_county("later.tif")}, *const maps[] = {in_county(truth)};
	struct lu_sample_options drawing;
	lu_sample_options_init(&drawing);
	drawing.maps = maps;
	drawing.map_count = 1;
	drawing.output = in_county("sample.gpkg");
	drawing.scheme = "landcover-7";
	drawing.size = CELLS * CELLS;
	drawing.seed = 2;
	struct lu_label_options options;
	lu_label_options_init(&options);
	options.chips.imagery = files;
	options.chips.imagery_count = 1;
	options.chips.min_valid = 0.8;
	options.reference = in_county("sample.gpkg");
	options.output = in_county("sampled");
	options.validate = options.test = 0;
	uint8_t *cells = read_pixels(truth, 0, 0, CELLS, 1);
	struct lu_run_summary summary;
	struct lu_table index;
	struct lu_error err = {0};
	const GDALDatasetH source = GDALOpen(in_county(imagery), GA_ReadOnly);
	GDALTranslateOptions *how = GDALTranslateOptionsNew(translate, NULL);
	GDALClose(GDALTranslate(files[0], source, how, NULL));
	GDALTranslateOptionsFree(how);
	GDALClose(source);
	check_ok(lu_sample(&drawing, &summary, &err), err);
	lu_text_free(summary.text);
	const size_t labelled = label_every_other("sample.gpkg");
	check_ok(lu_label(&options, &summary, &err), err);
	lu_text_free(summary.text);
	check_ok(lu_table_read(in_county("sampled/index.csv"), &index, &err), err);
	assert_int_equal(index.count, labelled + 1);
	for (size_t row = 1; row < index.count; row++) {
		const double c = (atof(at(&index, row, "x")) - 200000) / 67.2,
			     r = (900000 - atof(at(&index, row, "y"))) / 67.2;
		char name[200];
		/* The middle of a cell of the sample's grid. */
		assert_true(fabs(c - floor(c) - 0.5) < 1e-6 && fabs(r - floor(r) - 0.5) < 1e-6);
		assert_string_equal(at(&index, row, "class"), classes[cells[(int)r * CELLS + (int)c]]);
		snprintf(name, sizeof(name), "sampled/%s", at(&index, row, "path"));
		if (c < 1 || r < 1)
			continue; /* part of it is beyond the imagery */
		uint8_t *chip = read_pixels(name, 0, 0, CHIP, 3);
		uint8_t *place = read_pixels(imagery, CHIP * (int)c, CHIP * (int)r, CHIP, 3);
		assert_memory_equal(chip, place, (size_t)CHIP * CHIP * 3);
		free(chip);
		free(place);
	}
	lu_table_release(&index);
	free(cells);
}

static void wrong_labels_are_told(void **state)
{
	(void)state;
	const char *const files[] = {in_county(imagery)};
	struct lu_label_options options;
	lu_label_options_init(&options);
	options.chips.imagery = files;
	options.chips.imagery_count = 1;
	options.reference = in_county(truth);
	options.codes = LU_CODES_SCHEME;
	options.rule = (struct lu_label_rule){LU_RULE_PURITY, 0.5};
	options.output = in_county("wrong");
	struct lu_run_summary summary;
	struct lu_error err = {0};
	check_fails(lu_label(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "purity is 0.5");
	options.rule.kind = LU_RULE_NINE_POINT;
	options.scheme = "landcover-9";
	check_fails(lu_label(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "landcover-9");
	options.scheme = "landcover-7";
	options.reference = in_county("none.tif");
	check_fails(lu_label(&options, &summary, &err), LU_ERROR_ARGUMENT, err, "none.tif");
	assert_false(county_has("wrong/index.csv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chip_is_its_place),        cmocka_unit_test(every_label_is_its_cell_s),
		cmocka_unit_test(polygons_label_what_they_cover), cmocka_unit_test(a_sample_s_cells_are_its_chips),
		cmocka_unit_test(wrong_labels_are_told),
	};

	return cmocka_run_group_tests(tests, set_up, county_tear_down);
}
