/*
 * test_fingerprints.c: a new value of any key changes the fingerprint that the key's row names, and no other.
 *
 * A key that is in no fingerprint is a map that stays as it was though its job has changed; so every row of the table has
 * a case here, and a row without one fails.
 */
#include "job/job_keys.h"

#include <cpl_conv.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "job/county.h"
#include "runs/manifest.h"
#include "runs/redo.h"
#include "raster/start.h"
#include "support/drawn_sample.h"

/* What stands in the job, and what in its place. */
struct words {
	const char *from, *to;
};

static const char job_text[] =
	"county: {boundary: outlines.gpkg, layer: left, where: \"KIND < 9\", name: Ours}\n"
	"scheme: landcover-7\n"
	"dates:\n"
	"  - {date: 2010, imagery: early.tif}\n"
	"  - {date: 2016, imagery: late.tif, bands: [1, 2, 3], nodata: none, range: [0, 255]}\n"
	"grid: {crs: EPSG:26986, resolution: 0.3, origin: [200000, 900000], chip: 224, stride: 200}\n"
	"min_valid: 0.9\nmin_confidence: 0.6\naccept_gsd_mismatch: true\noutput: out\nprobabilities: false\n"
	"report: true\npdf: false\nstac: true\nkeep_scores: true\npairs: all\npalette: scheme\nunits: "
	"hectares\ngeopackage: "
	"auto\nvectors: [fgb]\nnetcdf: "
	"false\ncreation_options: [COMPRESS=DEFLATE, LEVEL=5]\n"
	"log: one.log\nnotify: [a, b]\nalarms: [{class: Water, net_gain_ha: 5, net_loss_ha: 6, confidence_level: "
	"0.75}, {patches: one, new_ha: 5}]\n"
	"change:\n"
	"  false_discovery_rate: 0.05\n  min_probability: 0.5\n  rate: 0.01\n"
	"  unlikely: [{from: [Water], to: [Barren], factor: 0.1}]\n"
	"  layers: [{name: one, from: [Forest], to: [Developed]}]\n"
	"  error_model: none\n  pictures: 100\n"
	"normalise: {to: 2010, method: regression}\n"
	"zones: {path: outlines.gpkg, name: TOWN, layer: right, where: \"KIND > 0\"}\n"
	"smooth: {method: mrf, weight: 3, minimum_mapping_unit: {hectares: 1, corners: false}}\n"
	"model: aerial-21\nengine: blas\nprecision: fp32\nthreads: 1\ncache_mb: 16\n";

static const struct change {
	const char *path;
	struct words words;
} changes[] = {
	{"county.boundary", {"boundary: outlines.gpkg", "boundary: others.gpkg"}},
	{"county.layer", {"layer: left", "layer: right"}},
	{"county.where", {"KIND < 9", "KIND = 2"}},
	{"county.name", {"Ours", "Theirs"}},
	{"model", {"aerial-21", "aerial-21-int8"}},
	{"scheme", {"landcover-7", "azure-6"}},
	{"dates", {"grid:", "  - {date: 2021, imagery: early.tif}\ngrid:"}},
	{"dates[].date", {"2016", "2017"}},
	{"dates[].imagery", {"late.tif", "later.tif"}},
	{"dates[].imagery.stac", {"stac: items.json", "stac: newer.json"}},
	{"dates[].imagery.collection", {"collection: one", "collection: two"}},
	{"dates[].imagery.datetime", {"datetime: 2010,", "datetime: 2010-07,"}},
	{"dates[].imagery.asset", {"asset: a", "asset: b"}},
	{"dates[].imagery.token_command", {"asset: a", "asset: a, token_command: [cat, token]"}},
	{"dates[].pattern", {"{date}/early.tif", "{date}/early.t*f"}},
	{"dates[].bands", {"[1, 2, 3]", "[3, 2, 1]"}},
	{"dates[].nodata", {"nodata: none", "nodata: 0"}},
	{"dates[].range", {"[0, 255]", "[0, 250]"}},
	{"grid.crs", {"EPSG:26986", "EPSG:6491"}},
	{"grid.resolution", {"resolution: 0.3", "resolution: 0.32"}},
	{"grid.origin", {"[200000, 900000]", "[200001, 900000]"}},
	{"grid.chip", {"chip: 224", "chip: 208"}},
	{"grid.stride", {"stride: 200", "stride: 180"}},
	{"grid.cell", {"cell: 60m", "cell: 50m"}},
	{"min_valid", {"0.9", "0.8"}},
	{"min_confidence", {"0.6", "0.5"}},
	{"accept_gsd_mismatch", {"mismatch: true", "mismatch: false"}},
	{"output", {"output: out", "output: elsewhere"}},
	{"probabilities", {"probabilities: false", "probabilities: true"}},
	{"palette", {"palette: scheme", "palette: colour_blind"}},
	{"units", {"units: hectares", "units: square_miles"}},
	{"report", {"report: true", "report: false"}},
	{"pdf", {"pdf: false", "pdf: true"}},
	{"creation_options", {"LEVEL=5", "LEVEL=6"}},
	{"netcdf", {"netcdf: false", "netcdf: true"}},
	{"vectors", {"vectors: [fgb]", "vectors: [fgb, geojson]"}},
	{"geopackage", {"geopackage: auto", "geopackage: areas"}},
	{"stac", {"stac: true", "stac: false"}},
	{"keep_scores", {"keep_scores: true", "keep_scores: false"}},
	{"log", {"one.log", "other.log"}},
	{"notify", {"[a, b]", "[c]"}},
	{"alarms", {", {patches: one, new_ha: 5}", ""}},
	{"alarms[].class", {"class: Water", "class: Forest"}},
	{"alarms[].net_gain_ha", {"net_gain_ha: 5", "net_gain_ha: 7"}},
	{"alarms[].net_loss_ha", {"net_loss_ha: 6", "net_loss_ha: 7"}},
	{"alarms[].patches", {"patches: one", "patches: two"}},
	{"alarms[].new_ha", {"new_ha: 5", "new_ha: 6"}},
	{"alarms[].confidence_level", {"confidence_level: 0.75", "confidence_level: 0.8"}},
	{"pairs", {"pairs: all", "pairs: consecutive"}},
	{"change.false_discovery_rate", {"rate: 0.05", "rate: 0.06"}},
	{"change.min_probability", {"min_probability: 0.5", "min_probability: 0.6"}},
	{"change.rate", {"rate: 0.01", "rate: 0.02"}},
	{"change.unlikely", {"{from: [Water], to: [Barren], factor: 0.1}", ""}},
	{"change.unlikely[].from", {"[Water]", "[Water, Barren]"}},
	{"change.unlikely[].to", {"[Barren]", "[Forest]"}},
	{"change.unlikely[].factor", {"factor: 0.1", "factor: 0.2"}},
	{"change.layers", {"  layers: [{name: one, from: [Forest], to: [Developed]}]\n", ""}},
	{"change.layers[].name", {"name: one", "name: other"}},
	{"change.layers[].from", {"[Forest]", "[Barren]"}},
	{"change.layers[].to", {", to: [Developed]}]\n  error", "}]\n  error"}},
	{"change.error_model", {"error_model: none", "error_model: package"}},
	{"change.pictures", {"pictures: 100", "pictures: 10"}},
	{"normalise.to", {"to: 2010", "to: 2016"}},
	{"normalise.method", {"regression", "histogram"}},
	{"zones.path", {"path: outlines.gpkg", "path: others.gpkg"}},
	{"zones.name", {"name: TOWN", "name: VILLAGE"}},
	{"zones.layer", {"layer: right", "layer: left"}},
	{"zones.where", {"KIND > 0", "KIND < 2"}},
	{"smooth.method", {"method: mrf", "method: plurality"}},
	{"smooth.weight", {"weight: 3", "weight: 2"}},
	{"smooth.minimum_mapping_unit.cells", {"cells: 4", "cells: 5"}},
	{"smooth.minimum_mapping_unit.hectares", {"hectares: 1", "hectares: 2"}},
	{"smooth.minimum_mapping_unit.corners", {"corners: false", "corners: true"}},
	{"accuracy", {"sample.gpkg", "relabelled.gpkg"}},
	{"reference.path", {"nlcd.tif", "nlcd_later.tif"}},
	{"reference.date", {"date: 2010}", "date: 2016}"}},
	{"reference.scheme", {", scheme: landcover-7", ", scheme: none"}},
	{"reference.codes", {", codes: ccap", ", codes: cdl"}},
#ifdef LU_WITH_ONEDNN
	{"engine", {"blas", "onednn"}},
	{"precision", {"fp32", "int8"}},
#endif
	{"threads", {"threads: 1", "threads: 2"}},
	{"cache_mb", {"cache_mb: 16", "cache_mb: 17"}},
	{"memory", {"cache_mb: 16", "cache_mb: 16\nmemory: 2GiB"}},
	{"on_read_error", {"cache_mb: 16", "cache_mb: 16\non_read_error: skip"}},
};

#define STAC "imagery: {stac: items.json, collection: one, datetime: 2010, asset: a}"

/* For these both jobs are another one. */
static const struct change bases[] = {
	{"dates", {"normalise: {to: 2010, method: regression}\n", ""}},
	{"dates[].imagery.stac", {"imagery: early.tif", STAC}},
	{"dates[].imagery.collection", {"imagery: early.tif", STAC}},
	{"dates[].imagery.datetime", {"imagery: early.tif", STAC}},
	{"dates[].imagery.asset", {"imagery: early.tif", STAC}},
	{"dates[].imagery.token_command", {"imagery: early.tif", STAC}},
	{"dates[].pattern", {"{date: 2010, imagery: early.tif}", "{pattern: \"{date}/early.tif\"}"}},
	{"grid.cell", {"chip: 224, stride: 200", "cell: 60m"}},
	{"smooth.minimum_mapping_unit.cells", {"hectares: 1", "cells: 4"}},
	{"accuracy", {"cache_mb: 16", "cache_mb: 16\naccuracy: sample.gpkg"}},
	{"reference.path", {"cache_mb: 16", "cache_mb: 16\nreference: {path: nlcd.tif, date: 2010}"}},
	{"reference.date", {"cache_mb: 16", "cache_mb: 16\nreference: {path: nlcd.tif, date: 2010}"}},
	{"reference.scheme",
	 {"cache_mb: 16", "cache_mb: 16\nreference: {path: nlcd.tif, date: 2010, scheme: landcover-7}"}},
	{"reference.codes", {"cache_mb: 16", "cache_mb: 16\nreference: {path: nlcd.tif, date: 2010, codes: ccap}"}},
	{"precision", {"aerial-21\nengine: blas", "aerial-21-int8\nengine: onednn"}},
};

static char folder[64];

static const char *in_folder(const char *name, char buffer[128])
{
	snprintf(buffer, 128, "%s/%s", folder, name);
	return buffer;
}

/* 320 x 320 pixels of 0.3 m with a texture. */
static void make_imagery(const char *name, GDALDataType type, int seed)
{
	enum { SIZE = 320 };
	static uint8_t row[3 * SIZE];
	double transform[6] = {200000, 0.3, 0, 900000, 0, -0.3};
	char path[128], *wkt = NULL;
	OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
	GDALDatasetH file = GDALCreate(GDALGetDriverByName("GTiff"), in_folder(name, path), SIZE, SIZE, 3, type, NULL);

	assert_non_null(file);
	assert_int_equal(OSRImportFromEPSG(crs, 26986), OGRERR_NONE);
	assert_int_equal(OSRExportToWkt(crs, &wkt), OGRERR_NONE);
	GDALSetProjection(file, wkt);
	GDALSetGeoTransform(file, transform);
	for (int y = 0; y < SIZE; y++) {
		for (int i = 0; i < 3 * SIZE; i++)
			row[i] = (uint8_t)(1 + (i * 7 + y * 13 + seed * 29) % 200);
		assert_int_equal(
			GDALDatasetRasterIO(file, GF_Write, 0, y, SIZE, 1, row, SIZE, 1, GDT_Byte, 3, NULL, 3, 0, 1),
			CE_None);
	}
	GDALClose(file);
	CPLFree(wkt);
	OSRDestroySpatialReference(crs);
}

/* A map of one class. */
static void make_reference(const char *name, uint8_t class)
{
	double transform[6] = {200000, 96, 0, 900000, 0, -96};
	char path[128], *wkt = NULL;
	OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
	GDALDatasetH file = GDALCreate(GDALGetDriverByName("GTiff"), in_folder(name, path), 1, 1, 1, GDT_Byte, NULL);

	assert_non_null(file);
	assert_int_equal(OSRImportFromEPSG(crs, 26986), OGRERR_NONE);
	assert_int_equal(OSRExportToWkt(crs, &wkt), OGRERR_NONE);
	GDALSetProjection(file, wkt);
	GDALSetGeoTransform(file, transform);
	assert_int_equal(GDALDatasetRasterIO(file, GF_Write, 0, 0, 1, 1, &class, 1, 1, GDT_Byte, 1, NULL, 1, 1, 1),
			 CE_None);
	GDALClose(file);
	CPLFree(wkt);
	OSRDestroySpatialReference(crs);
}

/* Layers "left" and "right" of two squares each, with KIND 1 and 2 and the fields TOWN and VILLAGE. */
static void make_outlines(const char *name, double shift)
{
	static const char *const layers[] = {"left", "right"};
	char path[128], text[400];
	OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
	GDALDatasetH file = GDALCreate(GDALGetDriverByName("GPKG"), in_folder(name, path), 0, 0, 0, GDT_Unknown, NULL);

	assert_non_null(file);
	assert_int_equal(OSRImportFromEPSG(crs, 26986), OGRERR_NONE);
	for (int i = 0; i < 4; i++) {
		const double left = 200010 + shift + 3 * (i / 2), top = 899980 - 30 * (i % 2);
		OGRLayerH layer = GDALDatasetGetLayerByName(file, layers[i / 2]);
		if (layer == NULL) {
			OGRFieldDefnH kind = OGR_Fld_Create("KIND", OFTInteger),
				      town = OGR_Fld_Create("TOWN", OFTString);
			OGRFieldDefnH village = OGR_Fld_Create("VILLAGE", OFTString);
			layer = GDALDatasetCreateLayer(file, layers[i / 2], crs, wkbPolygon, NULL);
			OGR_L_CreateField(layer, kind, 1);
			OGR_L_CreateField(layer, town, 1);
			OGR_L_CreateField(layer, village, 1);
			OGR_Fld_Destroy(kind);
			OGR_Fld_Destroy(town);
			OGR_Fld_Destroy(village);
		}
		OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
		OGRGeometryH square = NULL;
		char *wkt = text;
		snprintf(text, sizeof(text), "POLYGON ((%g %g, %g %g, %g %g, %g %g, %g %g))", left, top, left + 60, top,
			 left + 60, top - 30, left, top - 30, left, top);
		assert_int_equal(OGR_G_CreateFromWkt(&wkt, NULL, &square), OGRERR_NONE);
		OGR_F_SetGeometryDirectly(feature, square);
		OGR_F_SetFieldInteger(feature, 0, 1 + i % 2);
		OGR_F_SetFieldString(feature, 1, i % 2 ? "North" : "South");
		OGR_F_SetFieldString(feature, 2, i % 2 ? "Upper" : "Lower");
		assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
		OGR_F_Destroy(feature);
	}
	GDALClose(file);
	OSRDestroySpatialReference(crs);
}

/* Items of the county, of two collections, with two assets each that are one file by two names. */
static void make_catalogue(const char *name, const char *updated)
{
	static const struct {
		const char *id, *collection, *when;
	} items[] = {{"p", "one", "2010-07-01"}, {"q", "one", "2010-08-01"}, {"r", "two", "2010-07-01"}};
	char path[128], *text = lu_strdup("{\"type\": \"FeatureCollection\", \"features\": [");
	struct lu_error err = {0};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		char *longer = lu_sprintf(
			"%s%s{\"type\": \"Feature\", \"id\": \"%s\", \"collection\": \"%s\", \"geometry\": {\"type\": "
			"\"Polygon\", \"coordinates\": [[[-72, 42], [-71, 42], [-71, 43], [-72, 43], [-72, 42]]]}, "
			"\"properties\": {\"datetime\": \"%sT00:00:00Z\", \"updated\": \"%s\"}, \"assets\": {\"a\": "
			"{\"href\": \"%searly.tif\"}, \"b\": {\"href\": \"2010/2010/%searly.tif\"}}}",
			text, i > 0 ? ", " : "", items[i].id, items[i].collection, items[i].when, updated,
			i == 1 ? "2010/" : "", i == 1 ? "2010/" : "");
		lu_free(text);
		text = longer;
	}
	char *whole = lu_sprintf("%s]}", text);
	check_ok(lu_file_write(in_folder(name, path), whole, strlen(whole), &err), err);
	lu_free(whole);
	lu_free(text);
}

static int make_inputs(void **state)
{
	(void)state;
	make_scratch(folder);
	lu_raster_start(0);
	make_imagery("early.tif", GDT_Byte, 1);
	char year[128];
	assert_int_equal(symlink(".", in_folder("2010", year)), 0);
	make_imagery("late.tif", GDT_UInt16, 2);
	make_imagery("later.tif", GDT_UInt16, 3);
	make_outlines("outlines.gpkg", 0);
	make_outlines("others.gpkg", 5);
	make_catalogue("items.json", "2020-01-01T00:00:00Z");
	make_catalogue("newer.json", "2021-01-01T00:00:00Z");
	make_reference("nlcd.tif", 41);
	make_reference("nlcd_later.tif", 24);
	static const char *const labels[] = {"1", "2", "2"};
	char path[128];
	write_drawn(in_folder("sample.gpkg", path),
		    &(struct drawn){labels, 2, "2010", NULL, "landcover-7", 1, .1, false});
	write_drawn(in_folder("relabelled.gpkg", path),
		    &(struct drawn){labels + 1, 2, "2010", NULL, "landcover-7", 1, .1, false});
	return 0;
}

/* 'text' with its one 'from' replaced. */
static char *replaced(const char *text, struct words words)
{
	const char *at = strstr(text, words.from);

	if (at == NULL || strstr(at + 1, words.from) != NULL)
		fail_msg("'%s' should stand once in the job", words.from);
	return lu_sprintf("%.*s%s%s", (int)(at - text), text, words.to, at + strlen(words.from));
}

struct prints {
	char scores[2][LU_SHA256_HEX], outputs[LU_SHA256_HEX];
	char maps[LU_SHA256_HEX], judged[LU_SHA256_HEX]; /* of the first pair: its change.tif, its flagged.tif */
};

/* What an output is made of, as a run would note it. */
static void note(const struct lu_county *county, struct lu_redo *redo, const char *name, char hex[LU_SHA256_HEX])
{
	const struct lu_keeper *keeper = lu_redo_keeper(redo);
	char path[128];

	snprintf(path, sizeof(path), "%s_%s/%s", county->labels[0], county->labels[1], name);
	assert_false(keeper->keep(keeper->user, path, NULL)); /* there was no run */
	assert_non_null(lu_redo_made_of(redo, path));
	snprintf(hex, LU_SHA256_HEX, "%s", lu_redo_made_of(redo, path));
}

static void fingerprint(const char *text, struct prints *prints)
{
	struct lu_error err = {0};
	struct lu_job *job;
	struct lu_county *county;
	struct lu_redo *redo;
	char path[128];

	check_ok(lu_file_write(in_folder("job.yaml", path), text, strlen(text), &err), err);
	check_ok(lu_job_read(path, &job, &err), err);
	check_ok(lu_county_open(job, NULL, &county, &err), err);
	memcpy(prints->scores, county->fingerprints, sizeof(prints->scores));
	check_ok(lu_manifest_fingerprint(county, prints->outputs, &err), err);
	check_ok(lu_redo_new(county, NULL, true, &redo, &err), err);
	note(county, redo, "change.tif", prints->maps);
	note(county, redo, "flagged.tif", prints->judged);
	lu_redo_free(redo);
	lu_county_close(county);
	lu_job_free(job);
}

static const struct words *words_of(const struct lu_job_key *key, const struct change *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(cases[i].path, key->path) == 0)
			return &cases[i].words;
	return NULL;
}

static void a_value_changes_the_fingerprint_that_its_row_names(void **state)
{
	(void)state;
	size_t count;
	const struct lu_job_key *keys = lu_job_keys(&count);
	struct prints usual;

	fingerprint(job_text, &usual);
	for (size_t i = 0; i < count; i++) {
		const struct words *words = words_of(&keys[i], changes, sizeof(changes) / sizeof(changes[0]));
		const struct words *base = words_of(&keys[i], bases, sizeof(bases) / sizeof(bases[0]));
		struct prints before = usual, after;
		if (keys[i].type == LU_KEY_MAPPING)
			continue;
#ifndef LU_WITH_ONEDNN
		if (strcmp(keys[i].path, "engine") == 0 || strcmp(keys[i].path, "precision") == 0)
			continue;
#endif
		if (words == NULL) {
			fail_msg("%s has no case in this test: add a value and another one", keys[i].path);
			return;
		}
		char *first = base != NULL ? replaced(job_text, *base) : lu_strdup(job_text);
		char *second = replaced(first, *words);
		if (base != NULL)
			fingerprint(first, &before);
		fingerprint(second, &after);
		const bool scores = memcmp(before.scores, after.scores, sizeof(before.scores)) != 0;
		const bool outputs = strcmp(before.outputs, after.outputs) != 0;
		if (scores != (keys[i].makes == LU_MAKES_SCORES) || outputs != (keys[i].makes != LU_MAKES_NOTHING))
			fail_msg("%s: another value %s the scores' fingerprint and %s the outputs'", keys[i].path,
				 scores ? "changes" : "keeps", outputs ? "changes" : "keeps");
		const bool maps = strcmp(before.maps, after.maps) != 0;
		const bool judged = strcmp(before.judged, after.judged) != 0;
		if (maps != ((keys[i].makes & (LU_MAKES_SCORES | LU_MAKES_MAPS)) != 0) ||
		    judged != ((keys[i].makes & (LU_MAKES_SCORES | LU_MAKES_MAPS | LU_MAKES_CHANGE)) != 0))
			fail_msg("%s: another value %s what maps are made of and %s what is judged", keys[i].path,
				 maps ? "changes" : "keeps", judged ? "changes" : "keeps");
		lu_free(first);
		lu_free(second);
	}
}

/* Written out or left out: the same job. */
static void what_holds_without_a_value_is_that_value(void **state)
{
	(void)state;
	struct prints stated, left_out;
	char *without = replaced(job_text, (struct words){"  error_model: none\n  pictures: 100\n", ""});
	char *both = replaced(
		without,
		(struct words){"probabilities: false\nreport: true\npdf: false\nstac: true\nkeep_scores: true\npairs: "
			       "all\npalette: scheme\nunits: hectares\n",
			       ""});

	fingerprint(job_text, &stated);
	fingerprint(both, &left_out);
	assert_memory_equal(&stated, &left_out, sizeof(stated));
	lu_free(without);
	lu_free(both);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_value_changes_the_fingerprint_that_its_row_names),
					   cmocka_unit_test(what_holds_without_a_value_is_that_value)};

	return cmocka_run_group_tests(tests, make_inputs, NULL);
}
