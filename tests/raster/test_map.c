/*
 * test_map.c: maps written and read again, by us and by GDAL, and every way that writing can fail.
 */
#include "make.h"

#include <math.h>
#include <signal.h>
#include <ogr_api.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/geometry.h"
#include "raster/cog.h"
#include "raster/crs.h"
#include "raster/map.h"
#include "raster/sound.h"

static const struct lu_class classes[] = {
	{1, "Water", 70, 107, 159},
	{2, "Developed", 235, 0, 0},
	{4, "Forest & <scrub> \"wet\"", 28, 95, 44},
};

static const char *const metadata[] = {"LANDUSE_SCHEME=landcover-7", "LANDUSE_MODEL_SHA256=00ff", NULL};

/* Classes in a pattern that leaves every fifth cell unmapped. */
static unsigned cell(int64_t col, int64_t row)
{
	static const unsigned values[] = {1, 2, 4, 2, 0};

	return values[(col + row * 3) % 5];
}

struct giver {
	int64_t width;
	enum lu_map_type type;
	int64_t fail_at; /* row; negative: never */
	int64_t next_row;
	int last_band;
};

static enum lu_status give(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	struct giver *giver = user;

	if (band != giver->last_band)
		giver->next_row = 0;
	giver->last_band = band;
	assert_int_equal(row0, giver->next_row);
	giver->next_row = row0 + rows;
	if (giver->fail_at >= row0 && giver->fail_at < row0 + rows)
		return lu_fail(err, LU_ERROR_CANCELLED, "stopped by the test");
	for (int64_t i = 0; i < rows * giver->width; i++) {
		const unsigned value = cell(i % giver->width, row0 + i / giver->width);

		if (giver->type == LU_MAP_BYTE)
			((uint8_t *)dst)[i] = (uint8_t)(band == 1 ? value : value * 10 + (unsigned)band);
		else
			((uint16_t *)dst)[i] = (uint16_t)(value * 100 + value);
	}
	return LU_OK;
}

static struct lu_frame frame_of(int64_t width, int64_t height)
{
	struct lu_frame frame = {.transform = {1896013, 224, 0, 2388707, 0, -224}, .width = width, .height = height};
	struct lu_error err = {0};

	check_ok(lu_crs_normalise("EPSG:5070", &frame.crs_wkt, &err), err);
	return frame;
}

static struct lu_map_spec class_spec(const struct lu_frame *frame)
{
	return (struct lu_map_spec){.frame = frame,
				    .bands = 1,
				    .type = LU_MAP_BYTE,
				    .nodata = 0,
				    .has_nodata = true,
				    .entries = classes,
				    .entry_count = 3,
				    .palette = true,
				    .metadata = metadata,
				    .qml_title = "Land use 2011"};
}

static void classes_as_gdal_sees_them(void **state)
{
	struct lu_frame frame = frame_of(1300, 700);
	const struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 1300, .fail_at = -1};
	const char *path = make_path("landuse.tif");
	const GDALColorEntry *colour;
	GDALRasterAttributeTableH table;
	struct lu_error err = {0};
	double transform[6];
	GDALDatasetH dataset;
	GDALRasterBandH band;
	char **names;
	int declared;
	bool ok;

	(void)state;
	check_ok(lu_map_write(path, &spec, give, &giver, &err), err);
	check_ok(lu_cog_check(path, NULL, &ok, &err), err);
	assert_true(ok);
	assert_int_equal(make_count(".tmp"), 0);
	dataset = GDALOpen(path, GA_ReadOnly);
	assert_non_null(dataset);
	band = GDALGetRasterBand(dataset, 1);
	assert_int_equal(GDALGetRasterCount(dataset), 1);
	assert_int_equal(GDALGetRasterDataType(band), GDT_Byte);
	assert_int_equal(GDALGetGeoTransform(dataset, transform), CE_None);
	assert_memory_equal(transform, frame.transform, sizeof(transform));
	assert_string_equal(OSRGetAuthorityCode(GDALGetSpatialRef(dataset), NULL), "5070");
	assert_true(GDALGetRasterNoDataValue(band, &declared) == 0 && declared);
	assert_int_equal(GDALGetRasterColorInterpretation(band), GCI_PaletteIndex);
	colour = GDALGetColorEntry(GDALGetRasterColorTable(band), 2);
	assert_true(colour->c1 == 235 && colour->c2 == 0 && colour->c3 == 0);
	names = GDALGetRasterCategoryNames(band);
	assert_int_equal(CSLCount(names), 5);
	assert_string_equal(names[0], "Not mapped");
	assert_string_equal(names[1], "Water");
	assert_string_equal(names[3], "");
	assert_string_equal(names[4], "Forest & <scrub> \"wet\"");
	table = GDALGetDefaultRAT(band);
	assert_non_null(table);
	assert_int_equal(GDALRATGetTableType(table), GRTT_THEMATIC);
	assert_int_equal(GDALRATGetRowCount(table), 3);
	assert_int_equal(GDALRATGetUsageOfCol(table, 0), GFU_MinMax);
	assert_string_equal(GDALRATGetNameOfCol(table, 2), "Class");
	assert_int_equal(GDALRATGetValueAsInt(table, 2, 0), 4);
	/* 910,000 cells in a pattern of five: two fifths are Developed. */
	assert_int_equal(GDALRATGetValueAsInt(table, 1, 1), 364000);
	assert_int_equal(GDALRATGetValueAsInt(table, 0, 1), 182000);
	assert_int_equal(GDALRATGetValueAsInt(table, 1, 3), 235);
	assert_string_equal(GDALGetDescription(band), "Land use 2011");
	assert_string_equal(GDALGetMetadataItem(dataset, "LANDUSE_SCHEME", NULL), "landcover-7");
	assert_true(GDALGetOverviewCount(band) >= 1);
	assert_string_equal(GDALGetMetadataItem(dataset, "COMPRESSION", "IMAGE_STRUCTURE"), "DEFLATE");
	GDALClose(dataset);
	lu_frame_release(&frame);
}

/* The table of values of the raster at 'path' as GDAL's own reader of dBASE has it. */
static GDALDatasetH open_vat(const char *path)
{
	char *name = lu_beside(path, LU_BESIDE_VAT);
	const GDALDatasetH dataset = GDALOpenEx(name, GDAL_OF_VECTOR, NULL, NULL, NULL);

	assert_non_null(dataset);
	lu_free(name);
	return dataset;
}

static void table_of_arcgis(void **state)
{
	static const struct lu_class named[] = {{1, "Água", 70, 107, 159}, {2, "Developed", 235, 0, 0}};
	struct lu_frame frame = frame_of(1300, 700);
	struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 1300, .fail_at = -1};
	const char *path = make_path("arcgis.tif");
	struct lu_error err = {0};
	GDALDatasetH dataset;
	OGRFeatureH feature;
	OGRLayerH layer;

	(void)state;
	check_ok(lu_map_write(path, &spec, give, &giver, &err), err);
	dataset = open_vat(path);
	layer = GDALDatasetGetLayer(dataset, 0);
	assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 3);
	feature = OGR_L_GetFeature(layer, 1);
	assert_int_equal(OGR_F_GetFieldAsInteger(feature, OGR_F_GetFieldIndex(feature, "Value")), 2);
	assert_int_equal(OGR_F_GetFieldAsInteger64(feature, OGR_F_GetFieldIndex(feature, "Count")), 364000);
	assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "Class")), "Developed");
	assert_int_equal(OGR_F_GetFieldAsInteger(feature, OGR_F_GetFieldIndex(feature, "Red")), 235);
	OGR_F_Destroy(feature);
	GDALClose(dataset);
	assert_false(lu_file_exists(make_path("arcgis.tif.vat.cpg")));
	assert_true(lu_beside_sound(make_path("arcgis.tif.vat.dbf")));
	assert_int_equal(truncate(make_path("arcgis.tif.vat.dbf"), 20), 0);
	assert_false(lu_beside_sound(make_path("arcgis.tif.vat.dbf")));

	/* Letters of other languages, and a map of measurements after one of classes. */
	spec.entries = named;
	spec.entry_count = 2;
	giver = (struct giver){.width = 1300, .fail_at = -1};
	check_ok(lu_map_write(path, &spec, give, &giver, &err), err);
	dataset = open_vat(path);
	feature = OGR_L_GetFeature(GDALDatasetGetLayer(dataset, 0), 0);
	assert_string_equal(OGR_F_GetFieldAsString(feature, OGR_F_GetFieldIndex(feature, "Class")), "Água");
	OGR_F_Destroy(feature);
	GDALClose(dataset);
	assert_true(lu_file_exists(make_path("arcgis.tif.vat.cpg")));
	spec.entry_count = 0;
	giver = (struct giver){.width = 1300, .fail_at = -1};
	check_ok(lu_map_write(path, &spec, give, &giver, &err), err);
	assert_false(lu_file_exists(make_path("arcgis.tif.vat.dbf")));
	assert_false(lu_file_exists(make_path("arcgis.tif.vat.cpg")));
	lu_frame_release(&frame);
}

static void classes_as_we_read_them(void **state)
{
	struct lu_frame frame = frame_of(300, 40);
	const struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 300, .fail_at = -1};
	const char *path = make_path("again.tif");
	const struct lu_class *entries;
	struct lu_error err = {0};
	uint16_t rows[300 * 7];
	struct lu_map *map;
	size_t count;

	(void)state;
	check_ok(lu_map_write(path, &spec, give, &giver, &err), err);
	check_ok(lu_map_open(path, &map, &err), err);
	assert_int_equal(lu_map_frame(map)->width, 300);
	assert_true(lu_crs_same(lu_map_frame(map)->crs_wkt, frame.crs_wkt));
	check_ok(lu_map_read_rows(map, 20, 7, rows, &err), err);
	for (int i = 0; i < 300 * 7; i++)
		assert_int_equal(rows[i], cell(i % 300, 20 + i / 300));
	entries = lu_map_entries(map, &count);
	assert_int_equal(count, 3);
	assert_int_equal(entries[1].red, 235);
	assert_string_equal(lu_map_class_name(map, 4), "Forest & <scrub> \"wet\"");
	assert_null(lu_map_class_name(map, 3));
	assert_string_equal(lu_map_metadata(map, "LANDUSE_MODEL_SHA256"), "00ff");
	assert_null(lu_map_metadata(map, "NOTHING"));
	lu_map_close(map);
	lu_frame_release(&frame);
}

static void change_has_tables_of_what_occurs(void **state)
{
	static const struct lu_class entries[] = {
		{1, "Unchanged", 9, 9, 9}, {102, "Never", 70, 107, 159}, {404, "Forest", 28, 95, 44}};
	struct lu_frame frame = frame_of(100, 50);
	const struct lu_map_spec spec = {.frame = &frame,
					 .bands = 1,
					 .type = LU_MAP_UINT16,
					 .has_nodata = true,
					 .entries = entries,
					 .entry_count = 3,
					 .style_from = 100,
					 .metadata = metadata};
	struct giver giver = {.width = 100, .type = LU_MAP_UINT16, .fail_at = -1};
	const char *path = make_path("change.tif");
	struct lu_error err = {0};
	uint16_t rows[100];
	struct lu_map *map;
	size_t size;
	char *text;

	(void)state;
	check_ok(lu_map_write(path, &spec, give, &giver, &err), err);
	const GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
	const GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
	const GDALRasterAttributeTableH table = GDALGetDefaultRAT(band);
	assert_null(GDALGetRasterColorTable(band));
	assert_null(GDALGetRasterCategoryNames(band));
	assert_int_equal(GDALRATGetRowCount(table), 2);
	assert_int_equal(GDALRATGetValueAsInt(table, 1, 0), 404);
	assert_int_equal(GDALRATGetValueAsInt(table, 1, 1), 1000);
	assert_string_equal(GDALRATGetValueAsString(table, 1, 2), "Forest");
	GDALClose(dataset);
	check_ok(lu_file_read(make_path("change.qml"), 100000, &text, &size, &err), err);
	assert_non_null(strstr(text, "<rasterrenderer type=\"paletted\" band=\"1\" opacity=\"1\" alphaBand=\"-1\">"));
	assert_non_null(
		strstr(text, "<paletteEntry value=\"404\" color=\"#1c5f2c\" alpha=\"255\" label=\"Forest\" />"));
	lu_free(text);
	check_ok(lu_map_open(path, &map, &err), err);
	assert_string_equal(lu_map_class_name(map, 404), "Forest");
	check_ok(lu_map_read_rows(map, 1, 1, rows, &err), err);
	assert_int_equal(rows[0], 202);
	lu_map_close(map);
	lu_frame_release(&frame);
}

static void several_bands_stay_measurements(void **state)
{
	static const char *const names[] = {"Water", "Developed", "Forest", "Barren"};
	struct lu_frame frame = frame_of(90, 600);
	struct lu_error err = {0};

	(void)state;
	for (int bands = 2; bands <= 4; bands++) {
		const struct lu_map_spec spec = {.frame = &frame,
						 .bands = bands,
						 .type = LU_MAP_BYTE,
						 .nodata = 255,
						 .has_nodata = true,
						 .band_names = names};
		struct giver giver = {.width = 90, .fail_at = -1};
		GDALDatasetH dataset;
		uint8_t value;

		check_ok(lu_map_write(make_path("probabilities.tif"), &spec, give, &giver, &err), err);
		dataset = GDALOpen(make_path("probabilities.tif"), GA_ReadOnly);
		assert_int_equal(GDALGetRasterCount(dataset), bands);
		for (int band = 1; band <= bands; band++) {
			const GDALRasterBandH handle = GDALGetRasterBand(dataset, band);

			assert_string_equal(GDALGetDescription(handle), names[band - 1]);
			assert_int_not_equal(GDALGetRasterColorInterpretation(handle), GCI_AlphaBand);
			assert_int_equal(GDALGetMaskFlags(handle), GMF_NODATA);
		}
		assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 2), GF_Read, 1, 500, 1, 1, &value, 1, 1,
					      GDT_Byte, 0, 0),
				 CE_None);
		assert_int_equal(value, cell(1, 500) * 10 + 2);
		GDALClose(dataset);
		assert_false(lu_file_exists(make_path("probabilities.qml")));
	}
	lu_frame_release(&frame);
}

static void confidence_has_a_ramp(void **state)
{
	struct lu_frame frame = frame_of(20, 20);
	const struct lu_map_spec spec = {.frame = &frame,
					 .bands = 1,
					 .type = LU_MAP_BYTE,
					 .has_nodata = true,
					 .ramp = LU_RAMP_CONFIDENCE,
					 .ramp_low = 0,
					 .ramp_high = 100};
	struct giver giver = {.width = 20, .fail_at = -1};
	struct lu_error err = {0};
	size_t size;
	char *text;

	(void)state;
	check_ok(lu_map_write(make_path("confidence.tif"), &spec, give, &giver, &err), err);
	check_ok(lu_file_read(make_path("confidence.qml"), 100000, &text, &size, &err), err);
	assert_non_null(strstr(text, "singlebandpseudocolor"));
	assert_non_null(strstr(text, "<item value=\"100\""));
	lu_free(text);
	lu_frame_release(&frame);
}

static void same_input_same_bytes(void **state)
{
	struct lu_frame frame = frame_of(1700, 1300);
	struct lu_map_spec spec = class_spec(&frame);
	static const char *const sidecars[] = {"first.tif", "first.tif.aux.xml", "first.qml", "first.tif.vat.dbf"};
	static const char *const others[] = {"second.tif", "second.tif.aux.xml", "second.qml", "second.tif.vat.dbf"};
	struct lu_error err = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct giver giver = {.width = 1700, .fail_at = -1};

		spec.threads = i == 0 ? 0 : 3;
		check_ok(lu_map_write(make_path(i == 0 ? "first.tif" : "second.tif"), &spec, give, &giver, &err), err);
	}
	for (int i = 0; i < 4; i++) {
		size_t size_a, size_b;
		char *a, *b;

		check_ok(lu_file_read(make_path(sidecars[i]), 1 << 20, &a, &size_a, &err), err);
		check_ok(lu_file_read(make_path(others[i]), 1 << 20, &b, &size_b, &err), err);
		assert_int_equal(size_a, size_b);
		assert_memory_equal(a, b, size_a);
		lu_free(a);
		lu_free(b);
	}
	lu_frame_release(&frame);
}

/* Rows in portions of any size, two maps at a time: the same bytes as from a source of rows. */
static void maps_grow_side_by_side(void **state)
{
	static const int portions[] = {1, 255, 256, 300, 3, 512, 1};
	struct lu_frame frame = frame_of(500, 1328);
	const struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 500, .fail_at = -1};
	struct lu_map_writer *writers[3];
	uint8_t *rows = malloc(500 * 512);
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_map_write(make_path("whole.tif"), &spec, give, &giver, &err), err);
	for (int i = 0; i < 3; i++)
		check_ok(lu_map_begin(make_path(i == 0   ? "one.tif"
						: i == 1 ? "two.tif"
							 : "dropped.tif"),
				      &spec, &writers[i], &err),
			 err);
	giver = (struct giver){.width = 500, .fail_at = -1};
	for (int64_t row = 0, k = 0; row < 1328; row += portions[k], k++) {
		check_ok(give(&giver, row, portions[k], 1, rows, &err), err);
		for (int i = 0; i < 3; i++)
			check_ok(lu_map_add(writers[i], 1, rows, portions[k], &err), err);
	}
	assert_int_equal(make_count("one"), 1); /* under a temporary name */
	check_ok(lu_map_finish(writers[0], &err), err);
	check_ok(lu_map_finish(writers[1], &err), err);
	lu_map_drop(writers[2]);
	lu_map_drop(NULL);
	assert_int_equal(make_count("dropped"), 0);
	for (int i = 0; i < 2; i++) {
		size_t size_a, size_b;
		char *a, *b;

		check_ok(lu_file_read(make_path("whole.tif"), 1 << 20, &a, &size_a, &err), err);
		check_ok(lu_file_read(make_path(i == 0 ? "one.tif" : "two.tif"), 1 << 20, &b, &size_b, &err), err);
		assert_int_equal(size_a, size_b);
		assert_memory_equal(a, b, size_a);
		lu_free(a);
		lu_free(b);
	}
	free(rows);
	lu_frame_release(&frame);
}

static void a_stopped_map_leaves_nothing(void **state)
{
	struct lu_frame frame = frame_of(300, 900);
	const struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 300, .fail_at = 600};
	struct lu_error err = {0};

	(void)state;
	check_fails(lu_map_write(make_path("stopped.tif"), &spec, give, &giver, &err), LU_ERROR_CANCELLED, err,
		    "stopped by the test");
	assert_int_equal(make_count("stopped"), 0);
	lu_frame_release(&frame);
}

static void a_folder_that_cannot_be_written(void **state)
{
	struct lu_frame frame = frame_of(30, 30);
	const struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 30, .fail_at = -1};
	struct lu_error err = {0};

	(void)state;
	check_fails(lu_map_write(make_path("nowhere/landuse.tif"), &spec, give, &giver, &err), LU_ERROR_IO, err,
		    "nowhere/landuse.tif: cannot be written: ");
	make_text("file", "a file is no folder");
	check_fails(lu_map_write(make_path("file/landuse.tif"), &spec, give, &giver, &err), LU_ERROR_IO, err,
		    "cannot be written");
	lu_frame_release(&frame);
}

/* Noise does not compress: the map needs about a byte a cell. */
static enum lu_status give_noise(void *user, int64_t row0, int64_t rows, int band, void *dst, struct lu_error *err)
{
	uint32_t state = (uint32_t)(row0 * 2654435761u + 1);
	uint8_t *bytes = dst;

	(void)band;
	(void)err;
	for (int64_t i = 0; i < rows * *(const int64_t *)user; i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(state >> 24);
	}
	return LU_OK;
}

/* A limit on the size of files makes write() fail as a full disk does, at any place: in the stage, the COG, the end. */
static void a_full_disk_at_any_moment(void **state)
{
	struct lu_frame frame = frame_of(1000, 600);
	const struct lu_map_spec spec = {
		.frame = &frame, .bands = 1, .type = LU_MAP_BYTE, .ramp = LU_RAMP_CHANGE, .ramp_high = 255};
	char path[512];
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit old, limit;
	int64_t width = 1000;
	int failures = 0;

	(void)state;
	/* make_path's are soon reused here. */
	snprintf(path, sizeof(path), "%s/full.tif", make_folder_name);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (rlim_t bytes = 1000; bytes < 1200000; bytes += 50000) {
		struct lu_error err = {0};
		enum lu_status status;

		limit = (struct rlimit){bytes, old.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		status = lu_map_write(path, &spec, give_noise, &width, &err);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		if (status == LU_OK) {
			bool ok;

			check_ok(lu_cog_check(path, NULL, &ok, &err), err);
			assert_true(ok);
			assert_int_equal(unlink(path), 0);
			assert_int_equal(unlink(make_path("full.qml")), 0);
			continue;
		}
		failures++;
		assert_int_equal(status, LU_ERROR_IO);
		if (strstr(err.text, "full.tif") == NULL || strchr(err.text, '\n') != NULL)
			fail_msg("%s", err.text);
		if (make_count("full") != 0)
			fail_msg("files are left after a limit of %lu bytes", (unsigned long)bytes);
	}
	signal(SIGXFSZ, before);
	assert_true(failures > 10 && failures < 24);
	lu_frame_release(&frame);
}

static void an_earlier_map_survives_a_failure(void **state)
{
	struct lu_frame frame = frame_of(300, 900);
	const struct lu_map_spec spec = class_spec(&frame);
	struct giver giver = {.width = 300, .fail_at = -1};
	struct lu_error err = {0};
	struct lu_map *map;

	(void)state;
	check_ok(lu_map_write(make_path("keep.tif"), &spec, give, &giver, &err), err);
	giver = (struct giver){.width = 300, .fail_at = 899};
	assert_int_equal(lu_map_write(make_path("keep.tif"), &spec, give, &giver, &err), LU_ERROR_CANCELLED);
	check_ok(lu_map_open(make_path("keep.tif"), &map, &err), err);
	assert_string_equal(lu_map_class_name(map, 1), "Water");
	lu_map_close(map);
	lu_frame_release(&frame);
}

/* The greatest class there may be, nodata beside it, and a row below that holds too much. */
static double wide_value(const struct make *make, int band, int col, int row)
{
	(void)make;
	(void)band;
	return row == 1 ? 65536 : col == 0 ? 65535 : 4294967295.0;
}

static void maps_of_others(void **state)
{
	struct make make = {.width = 20, .height = 10, .type = GDT_Int16, .nodata = "-1"};
	struct lu_error err = {0};
	uint16_t rows[20 * 10];
	struct lu_map *map;

	(void)state;
	check_ok(lu_map_open(make_tiff("short.tif", &make), &map, &err), err);
	check_ok(lu_map_read_rows(map, 0, 10, rows, &err), err);
	assert_int_equal(rows[5], 0);
	lu_map_close(map);
	make.type = GDT_UInt32;
	make.nodata = "4294967295";
	make.value = wide_value;
	check_ok(lu_map_open(make_tiff("wide.tif", &make), &map, &err), err);
	check_ok(lu_map_read_rows(map, 0, 1, rows, &err), err);
	assert_int_equal(rows[0], 65535);
	assert_int_equal(rows[1], 0);
	check_fails(lu_map_read_rows(map, 1, 1, rows, &err), LU_ERROR_UNSUPPORTED, err, "holds the value 65536");
	lu_map_close(map);
	make.value = NULL;
	make.type = GDT_Float32;
	check_ok(lu_map_open(make_tiff("float.tif", &make), &map, &err), err);
	check_fails(lu_map_read_rows(map, 0, 10, rows, &err), LU_ERROR_UNSUPPORTED, err, "cells are Float32");
	lu_map_close(map);
	make.epsg = -1;
	check_fails(lu_map_open(make_tiff("nocrs.tif", &make), &map, &err), LU_ERROR_FORMAT, err,
		    "no coordinate reference system");
	check_fails(lu_map_open(make_path("missing.tif"), &map, &err), LU_ERROR_ARGUMENT, err, "missing.tif");
	check_fails(lu_map_open(make_text("text.tif", "hello"), &map, &err), LU_ERROR_FORMAT, err,
		    "text.tif: not a map");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_as_gdal_sees_them),
		cmocka_unit_test(table_of_arcgis),
		cmocka_unit_test(classes_as_we_read_them),
		cmocka_unit_test(change_has_tables_of_what_occurs),
		cmocka_unit_test(several_bands_stay_measurements),
		cmocka_unit_test(confidence_has_a_ramp),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(maps_grow_side_by_side),
		cmocka_unit_test(a_stopped_map_leaves_nothing),
		cmocka_unit_test(a_folder_that_cannot_be_written),
		cmocka_unit_test(a_full_disk_at_any_moment),
		cmocka_unit_test(an_earlier_map_survives_a_failure),
		cmocka_unit_test(maps_of_others),
	};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
