/* job_key_table.c: the keys of a job file, and what is asked of their values beside type and range. */
#include "job/job_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "catalog/stac_time.h"
#include "chips/radiometry.h"
#include "chips/valid.h"
#include "grid/date_labels.h"
#include "grid/grid_over.h"
#include "grid/date_pattern.h"
#include "job/job_file.h"
#include "raster/map.h"
#include "raster/stack.h"
#include "raster/start.h"
#include "raster/vector_format.h"

static enum lu_status check_label(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_job_date *date = in;

	if (date->label == NULL)
		return LU_OK;
	return lu_date_label_check(date->label, err) == LU_OK ? LU_OK : lu_yaml_fail(place.value, err, "%s", err->text);
}

/* A date is said, or found by a pattern. */
static enum lu_status check_source(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_job_date *date = in;

	const bool imagery = date->imagery != NULL || date->stac.source != NULL;

	if (date->pattern != NULL && (date->label != NULL || imagery))
		return lu_yaml_fail(place.value, err,
				    "'pattern' stands beside 'date' or 'imagery' (give one or the other)");
	if (date->pattern == NULL && date->label == NULL)
		return lu_yaml_fail(place.section, err, "a date lacks the key 'date' (add it)");
	if (date->pattern == NULL && !imagery)
		return lu_yaml_fail(place.section, err, "a date lacks the key 'imagery' (add it)");
	return LU_OK;
}

/* A found date has all else that was said of the pattern. */
static enum lu_status copy_date(const struct lu_job_date *from, struct lu_found_date *found, struct lu_job_date *to,
				struct lu_error *err)
{
	enum lu_status status;

	*to = (struct lu_job_date){.has_range = from->has_range, .range = {from->range[0], from->range[1]}};
	LU_TRY(lu_alloc(&to->imagery, 1, sizeof(*to->imagery), "a date", err));
	to->imagery[0] = found->imagery;
	to->imagery_count = 1;
	to->label = found->label;
	*found = (struct lu_found_date){0};
	if (from->bands != NULL) {
		LU_TRY(lu_alloc(&to->bands, from->band_count, sizeof(*to->bands), "a date", err));
		memcpy(to->bands, from->bands, from->band_count * sizeof(*to->bands));
		to->band_count = from->band_count;
	}
	to->nodata = from->nodata;
	to->nodata_text = from->nodata_text != NULL ? lu_strdup(from->nodata_text) : NULL;
	if (from->nodata_text != NULL && to->nodata_text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a date");
out:
	return status;
}

/* The dates that item 'at' stands for, in its place. */
static enum lu_status expand(struct lu_job *job, size_t at, struct lu_error *err)
{
	struct lu_job_date pattern = job->dates[at];
	struct lu_found_date *found = NULL;
	size_t count = 0;
	enum lu_status status;

	LU_TRY(lu_date_pattern_find(pattern.pattern, &found, &count, err));
	LU_TRY(lu_grow(&job->dates, job->date_count + count - 1, sizeof(*job->dates), "dates", err));
	memmove(job->dates + at + count, job->dates + at + 1, (job->date_count - at - 1) * sizeof(*job->dates));
	memset(job->dates + at, 0, count * sizeof(*job->dates));
	job->date_count += count - 1;
	for (size_t i = 0; i < count && status == LU_OK; i++)
		status = copy_date(&pattern, &found[i], &job->dates[at + i], err);
	lu_free(pattern.pattern);
	lu_free(pattern.bands);
	lu_free(pattern.nodata_text);
out:
	lu_found_dates_free(found, count);
	return status;
}

static enum lu_status check_dates(struct lu_key_place place, void *in, struct lu_error *err)
{
	struct lu_job *job = in;
	size_t item = 0;

	if (job->date_count == 0)
		return lu_yaml_fail(place.value, err, "'dates' is empty (list at least one date with its imagery)");
	for (size_t i = 0; i < job->date_count; item++) {
		const size_t before = job->date_count;
		if (job->dates[i].pattern != NULL && expand(job, i, err) != LU_OK)
			return err->status == LU_ERROR_MEMORY
				       ? err->status
				       : lu_yaml_fail(lu_yaml_item(place.value, item), err, "%s", err->text);
		i += job->date_count - before + 1;
	}
	for (size_t i = 0; i < job->date_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(job->dates[k].label, job->dates[i].label) == 0)
				return lu_yaml_fail(item == job->date_count ? lu_yaml_item(place.value, i)
									    : place.value,
						    err, "date '%s' stands twice (put all its imagery into one list)",
						    job->dates[i].label);
	return LU_OK;
}

static enum lu_status check_datetime(struct lu_key_place place, void *in, struct lu_error *err)
{
	const char *text = ((const struct lu_job_date *)in)->stac.datetime;
	struct lu_span span;

	if (text == NULL || lu_span_read(text, &span))
		return LU_OK;
	return lu_yaml_fail(place.value, err,
			    "'datetime' is '%s', it should be a year, a day, or two with a slash between (2016, "
			    "2016-06-01/2016-09-30)",
			    text);
}

static enum lu_status check_nodata(struct lu_key_place place, void *in, struct lu_error *err)
{
	struct lu_job_date *date = in;

	if (date->nodata_text == NULL || lu_nodata_parse(date->nodata_text, &date->nodata, err) == LU_OK)
		return LU_OK;
	return lu_yaml_fail(place.value, err, "'nodata' should be a number or none, not '%s'", date->nodata_text);
}

static enum lu_status check_range(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_job_date *date = in;

	if (date->has_range && date->range[0] >= date->range[1])
		return lu_yaml_fail(place.value, err, "'range' should be [low, high] with low below high");
	return LU_OK;
}

static enum lu_status check_cell(struct lu_key_place place, void *in, struct lu_error *err)
{
	struct lu_job *job = in;

	if (job->cell == NULL)
		return LU_OK;
	if (job->chip_px > 0 || job->stride_px > 0)
		return lu_yaml_fail(
			place.value, err,
			"'cell' stands beside 'chip' or 'stride': a cell is so many metres, or so many pixels "
			"(give one)");
	return lu_cell_parse(job->cell, &job->cell_m, err) == LU_OK ? LU_OK
								    : lu_yaml_fail(place.value, err, "%s", err->text);
}

/* "2GiB", "800 MB": a number and its unit. */
static enum lu_status check_memory(struct lu_key_place place, void *in, struct lu_error *err)
{
	static const struct {
		const char *name;
		double bytes;
	} units[] = {{"GiB", 1073741824.0}, {"MiB", 1048576.0},  {"GB", 1e9},
		     {"MB", 1e6},           {"G", 1073741824.0}, {"M", 1048576.0}};
	struct lu_job *job = in;
	char *end;

	if (job->memory == NULL)
		return LU_OK;
	const double number = strtod(job->memory, &end);
	end += strspn(end, " ");
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && number > 0 && number < 1e6; i++)
		if (strcmp(end, units[i].name) == 0)
			job->memory_bytes = (uint64_t)(number * units[i].bytes);
	return job->memory_bytes > 0 ? LU_OK
				     : lu_yaml_fail(place.value, err,
						    "'memory' is %s, a size is expected (2GiB, 800MiB)", job->memory);
}

static enum lu_status check_creation(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_job *job = in;

	return lu_map_check_creation((const char *const *)job->creation_options, job->creation_option_count, err) ==
			       LU_OK
		       ? LU_OK
		       : lu_yaml_fail(place.value, err, "%s", err->text);
}

static enum lu_status check_netcdf(struct lu_key_place place, void *in, struct lu_error *err)
{
	return !((const struct lu_job *)in)->netcdf || lu_stack_possible()
		       ? LU_OK
		       : lu_yaml_fail(place.value, err,
				      "'netcdf' is true, and this GDAL writes no netCDF (leave it out)");
}

static enum lu_status check_pdf(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_job *job = in;

	return !job->pdf || job->report ? LU_OK
					: lu_yaml_fail(place.value, err,
						       "'pdf' is true, and prints the report, which 'report: false' "
						       "leaves out (leave one out)");
}

static enum lu_status check_vectors(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_job *job = in;
	const struct lu_vector_format *format;
	struct lu_error reason = {0};

	for (size_t i = 0; i < job->vector_count; i++)
		if (lu_vector_format_named(job->vectors[i], &format, &reason) != LU_OK)
			return lu_yaml_fail(place.value, err, "'vectors': %s", reason.text);
	if (job->vector_count > 0 && job->geopackage == LU_GEOPACKAGE_NONE)
		return lu_yaml_fail(place.value, err,
				    "'vectors' are layers of county.gpkg, which 'geopackage: none' leaves out");
	return LU_OK;
}

/* A layer's name becomes a file's and a table's. */
static enum lu_status check_layer(struct lu_key_place place, void *in, struct lu_error *err)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
	const char *name = ((const struct lu_change_rule *)in)->name;

	if (strspn(name, plain) != strlen(name) || strlen(name) > 64)
		return lu_yaml_fail(place.value, err,
				    "layer '%s' should be letters, digits, '_' or '-' (for example new_development)",
				    name);
	return LU_OK;
}

/* Two layers of one name would be one file. */
static enum lu_status check_layers(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_change_keys *change = &((const struct lu_job *)in)->change;

	for (size_t i = 0; i < change->layer_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(change->layers[i].name, change->layers[k].name) == 0)
				return lu_yaml_fail(lu_yaml_item(place.value, i), err, "layer '%s' stands twice",
						    change->layers[i].name);
	return LU_OK;
}

/* Each method has its own scale of weights. */
static enum lu_status check_weight(struct lu_key_place place, void *in, struct lu_error *err)
{
	struct lu_smoothing *smooth = &((struct lu_job *)in)->smooth;
	double low, high;

	if ((place.value.node != 0) != (smooth->method != LU_SMOOTH_NONE))
		return lu_yaml_fail(place.section, err,
				    "'smooth' should have a method and a weight, or neither (for example method: mrf, "
				    "weight: 1)");
	lu_smooth_weights(smooth->method, &low, &high);
	return lu_yaml_number(place.value, "weight", low, high, &smooth->weight, err);
}

static bool read_unit(const char *word, void *in)
{
	struct lu_error ignored;

	return lu_mapping_unit_parse(word, &((struct lu_job *)in)->smooth, &ignored) == LU_OK;
}

static enum lu_status check_unit(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_smoothing *smooth = &((const struct lu_job *)in)->smooth;

	if (place.value.node != 0 && (smooth->min_cells > 0) == (smooth->min_hectares > 0))
		return lu_yaml_fail(
			place.value, err,
			"'minimum_mapping_unit' should say one of cells and hectares (for example {hectares: 1})");
	return LU_OK;
}

static enum lu_status check_alarm(struct lu_key_place place, void *in, struct lu_error *err)
{
	const struct lu_alarm_rule *alarm = in;

	if ((alarm->class_name != NULL) == (alarm->patches != NULL))
		return lu_yaml_fail(place.section, err,
				    "an alarm is about a 'class' or about 'patches' (for example class: Developed)");
	if (alarm->patches != NULL)
		return alarm->new_ha > 0 && alarm->net_gain_ha <= 0 && alarm->net_loss_ha <= 0
			       ? LU_OK
			       : lu_yaml_fail(place.section, err,
					      "an alarm about 'patches' has 'new_ha' alone (for example new_ha: 5)");
	if (alarm->new_ha > 0)
		return lu_yaml_fail(place.section, err, "'new_ha' is of an alarm about 'patches' (name a layer)");
	return alarm->net_gain_ha > 0 || alarm->net_loss_ha > 0
		       ? LU_OK
		       : lu_yaml_fail(place.section, err,
				      "an alarm lacks 'net_gain_ha' and 'net_loss_ha' (for example net_gain_ha: 50)");
}

/* It lies in the output folder, and is nobody's output. */
static enum lu_status check_log(struct lu_key_place place, void *in, struct lu_error *err)
{
	const char *name = ((const struct lu_job *)in)->log;
	const size_t length = name != NULL ? strlen(name) : 0;

	if (name == NULL ||
	    (strchr(name, '/') == NULL && name[0] != '.' && length > 4 && strcmp(name + length - 4, ".log") == 0))
		return LU_OK;
	return lu_yaml_fail(place.value, err,
			    "'log' is '%s', it should be a file's name that ends in .log (such as landuse.log)", name);
}

static const char *const pairs[] = {[LU_PAIRS_ALL] = "all", [LU_PAIRS_CONSECUTIVE] = "consecutive", NULL};

static const char *const on_read_error[] = {[LU_READ_ERROR_FAILS] = "fail", [LU_READ_ERROR_SKIPS] = "skip", NULL};

#define JOB(member) .at = offsetof(struct lu_job, member)
#define JOB_LIST(member, count, type)                                                                                  \
	JOB(member), .count_at = offsetof(struct lu_job, count), .item_size = sizeof(struct type)
#define DATE(member) .at = offsetof(struct lu_job_date, member)
#define DATE_LIST(member, count) DATE(member), .count_at = offsetof(struct lu_job_date, count)
#define RULE(member) .at = offsetof(struct lu_change_rule, member)
#define RULE_LIST(member, count) RULE(member), .count_at = offsetof(struct lu_change_rule, count)
#define ALARM(member) .at = offsetof(struct lu_alarm_rule, member)
#define SCORES .makes = LU_MAKES_SCORES
#define MAPS .makes = LU_MAKES_MAPS
#define CHANGE .makes = LU_MAKES_CHANGE
#define FIGURES .makes = LU_MAKES_FIGURES

/* clang-format off */
static const struct lu_job_key table[] = {
	{.path = "county", .type = LU_KEY_MAPPING, .off = true, .usual = "all that the first date's imagery covers",
	 .meaning = "the outline of what is mapped and counted"},
	{.path = "county.boundary", .type = LU_KEY_PATH, JOB(boundary), SCORES, .found = true, .required = true,
	 .example = "county.gpkg", .meaning = "any OGR source with polygons: GeoPackage, Shapefile, GeoJSON, /vsi..."},
	{.path = "county.layer", .type = LU_KEY_TEXT, JOB(layer), SCORES, .found = true, .example = "counties",
	 .usual = "the only one", .meaning = "the layer's name; needed where there are several"},
	{.path = "county.where", .type = LU_KEY_TEXT, JOB(where), SCORES, .found = true, .usual = "all of them",
	 .example = "\"GEOID = '25017'\"", .meaning = "which features, as SQL says it; several are joined"},
	{.path = "county.name", .type = LU_KEY_TEXT, JOB(county_name), FIGURES, .found = true, .example = "Middlesex",
	 .usual = "the feature's, else county", .meaning = "for titles and tables"},

	{.path = "model", .type = LU_KEY_NAME, JOB(model), SCORES, .found = true, .required = true, .example = "aerial",
	 .meaning = "a package in models/ by name, or a folder with model.onnx and model.json"},
	{.path = "scheme", .type = LU_KEY_NAME, JOB(scheme), SCORES, .found = true, .usual = "the model's own",
	 .example = "landcover-7", .meaning = "which classes the maps have: a scheme in config/schemes/ by name, or a file"},
	{.path = "palette", .type = LU_KEY_CHOICE, JOB(palette), MAPS, .words = lu_palette_names, .number = LU_PALETTE_SCHEME,
	 .example = "scheme", .meaning = "colours of the classes, on maps, charts, report and project: the scheme's, or colour_blind: told apart by every eye"},

	{.path = "dates", .type = LU_KEY_LIST, JOB_LIST(dates, date_count, lu_job_date), .found = true, .required = true,
	 .item = "a date", .check = check_dates, CHANGE,
	 .example = "{date: 2016-07-01, imagery: [naip_2016/m_42*.tif, /vsicurl/https://example.org/patch.tif]}",
	 .meaning = "one or more, in time order"},
	{.path = "dates[].date", .type = LU_KEY_TEXT, DATE(label), CHANGE, .check = check_label,
	 .example = "2010", .usual = "found by 'pattern'", .meaning = "a label: letters, digits, '.', '_', '-'; years or ISO dates sort best"},
	{.path = "dates[].imagery", .type = LU_KEY_PATHS, DATE_LIST(imagery, imagery_count), SCORES, .found = true,
	 .or_mapping = true, .example = "naip_2010/", .usual = "found by 'pattern'",
	 .meaning = "a folder of overlapping quarter-quads (sorted by name; the first with data wins), a file, a pattern, a VRT, "
		    "a tile index (.gti, .gti.gpkg; GDAL 3.9), a /vsicurl/ /vsis3/ /vsiaz/ name, or a list of them; or what a STAC catalogue knows"},
	{.path = "dates[].imagery.stac", .type = LU_KEY_PATH, DATE(stac.source), SCORES, .found = true, .required = true,
	 .meaning = "in the place of files, a STAC catalogue: a URL (an API's root, as https://example.com/stac/v1, a collection, "
		    "items) or a file; what lies in the county's boundary is read, the latest on top"},
	{.path = "dates[].imagery.collection", .type = LU_KEY_TEXT, DATE(stac.collection), SCORES, .found = true,
	 .usual = "the only one", .meaning = "the collection's id, as naip"},
	{.path = "dates[].imagery.datetime", .type = LU_KEY_TEXT, DATE(stac.datetime), SCORES, .found = true,
	 .check = check_datetime, .usual = "the date's label",
	 .meaning = "a year, a month, a day, or from/to, as 2016-06-01/2016-09-30; either end may be .."},
	{.path = "dates[].imagery.asset", .type = LU_KEY_TEXT, DATE(stac.asset), SCORES, .found = true,
	 .usual = "the one GeoTIFF of role data", .meaning = "which of an item's files is the imagery, as image"},
	{.path = "dates[].imagery.token_command", .type = LU_KEY_TEXTS, DATE_LIST(stac.token_command, stac.token_word_count),
	 .usual = "the servers want none",
	 .meaning = "a program and its arguments, started without a shell, that prints ?QUERY, NAME: VALUE or a bearer token for catalogue "
		    "and imagery; again when the server refuses it"},
	{.path = "dates[].bands", .type = LU_KEY_INTEGERS, DATE_LIST(bands, band_count), SCORES, .found = true, .low = 1,
	 .high = 65535, .usual = "by the file's tags, else the first ones", .example = "[1, 2, 3]",
	 .meaning = "in the model's order, counted from 1"},
	{.path = "dates[].nodata", .type = LU_KEY_TEXT, DATE(nodata_text), SCORES, .found = true, .check = check_nodata,
	 .usual = "as the files say", .example = "none", .meaning = "the value of pixels without data, or none: every pixel is data"},
	{.path = "dates[].range", .type = LU_KEY_PAIR, DATE(range), .has_at = offsetof(struct lu_job_date, has_range), SCORES,
	 .found = true, .check = check_range, .usual = "the model's, or what the type holds", .example = "[0, 2047]",
	 .meaning = "raw values of 16-bit imagery that become 0 and 255"},
	{.path = "dates[].pattern", .type = LU_KEY_PATH, DATE(pattern), .found = true, .check = check_source,
	 .usual = "the date is said",
	 .meaning = "in the place of date and imagery, \"naip/{date}/*.tif\": each year or ISO date that folders or files have there is "
		    "a date; a new folder is a new date"},

	{.path = "grid", .type = LU_KEY_MAPPING, .meaning = "the one grid of cells of all dates"},
	{.path = "grid.crs", .type = LU_KEY_TEXT, JOB(crs), SCORES, .found = true, .usual = "the first date's",
	 .example = "EPSG:26986", .meaning = "any that PROJ knows"},
	{.path = "grid.resolution", .type = LU_KEY_NUMBER, JOB(resolution), SCORES, .found = true, .low = 1e-9, .high = 1e6,
	 .unit = "CRS units", .usual = "each date's own", .example = "1.0",
	 .meaning = "warp all dates to pixels of this width and height"},
	{.path = "grid.origin", .type = LU_KEY_PAIR, JOB(origin), .has_at = offsetof(struct lu_job, has_origin), SCORES,
	 .found = true, .unit = "CRS units", .usual = "the first date's upper left corner", .example = "[230000, 900000]",
	 .meaning = "x, y of any corner of a cell"},
	{.path = "grid.chip", .type = LU_KEY_INTEGER, JOB(chip_px), SCORES, .found = true, .low = 8, .high = 4096, .unit = "pixels",
	 .usual = "what shows the model's ground",
	 .meaning = "show the network so many pixels of the first date at once, whatever ground that is"},
	{.path = "grid.stride", .type = LU_KEY_INTEGER, JOB(stride_px), SCORES, .found = true, .low = 1, .high = 4096,
	 .unit = "pixels", .usual = "the chip",
	 .meaning = "from cell to cell; smaller than the chip: overlapping chips, finer map"},
	/* Behind the two that it is compared with. */
	{.path = "grid.cell", .type = LU_KEY_TEXT, JOB(cell), SCORES, .found = true, .check = check_cell,
	 .usual = "the model's ground", .example = "67m",
	 .meaning = "a cell's side on the ground: of a larger one the mean of its chips counts, smaller ones have chips that "
		    "overlap; not beside chip and stride"},

	{.path = "min_valid", .type = LU_KEY_NUMBER, JOB(min_valid), SCORES, .low = 1e-6, .high = 1, .number = LU_MIN_VALID, .example = "0.9",
	 .meaning = "map a cell when this share of its chip has data"},
	{.path = "min_confidence", .type = LU_KEY_NUMBER, JOB(min_confidence), MAPS, .high = 1, .example = "0.6",
	 .usual = "every mapped cell has its most probable class",
	 .meaning = "a cell whose most probable class has less probability is uncertain: 99 on the map, in no class, not compared"},
	{.path = "accept_gsd_mismatch", .type = LU_KEY_BOOLEAN, JOB(accept_gsd_mismatch), .example = "false",
	 .meaning = "go on though the imagery is coarser, or chips show other ground, than what the model was trained on"},

	{.path = "on_read_error", .type = LU_KEY_CHOICE, JOB(on_read_error), MAPS, .words = on_read_error, .example = "skip",
	 .meaning = "fail, or skip: ground whose imagery cannot be read is not mapped, counted, and listed in skipped.gpkg"},

	{.path = "output", .type = LU_KEY_PATH, JOB(output), .required = true, .example = "out",
	 .meaning = "made if need be; one job at a time may write there"},
	{.path = "probabilities", .type = LU_KEY_BOOLEAN, JOB(probabilities), FIGURES, .example = "false",
	 .meaning = "also write probabilities.tif, one band a class, in percent"},
	{.path = "creation_options", .type = LU_KEY_TEXTS, JOB(creation_options),
	 .count_at = offsetof(struct lu_job, creation_option_count), .makes = LU_MAKES_OUTPUTS, .check = check_creation,
	 .usual = "COMPRESS=DEFLATE, LEVEL=5", .example = "[COMPRESS=ZSTD, LEVEL=9]",
	 .meaning = "further options of GDAL's COG driver, for every raster"},
	{.path = "report", .type = LU_KEY_BOOLEAN, JOB(report), FIGURES, .number = 1, .example = "true",
	 .meaning = "also write what people open: report.html, its figures in charts/, county.qgz and boundary.gpkg"},
	/* Behind the one that it needs. */
	{.path = "pdf", .type = LU_KEY_BOOLEAN, JOB(pdf), FIGURES, .check = check_pdf, .example = "false",
	 .meaning = "also print the report to report.pdf, and its figures as PNG, by the Chromium that is on PATH"},
	{.path = "geopackage", .type = LU_KEY_CHOICE, JOB(geopackage), FIGURES, .words = lu_geopackage_names,
	 .number = LU_GEOPACKAGE_AUTO, .example = "auto",
	 .meaning = "county.gpkg: auto has the cells, too, where they are not more than 100,000; cells always; areas never; none: no "
		    "such file"},
	{.path = "vectors", .type = LU_KEY_TEXTS, JOB(vectors), .count_at = offsetof(struct lu_job, vector_count), FIGURES,
	 .usual = "none", .check = check_vectors, .example = "[geojson, fgb]",
	 .meaning = "also write the layers of county.gpkg as files of their own, vectors/LAYER.SUFFIX: fgb, geojson, parquet (where GDAL "
		    "has it)"},
	{.path = "stac", .type = LU_KEY_BOOLEAN, JOB(stac), FIGURES, .number = 1, .example = "true",
	 .meaning = "also write stac/, the outputs as a STAC collection with an item for each raster and the model's"},
	{.path = "netcdf", .type = LU_KEY_BOOLEAN, JOB(netcdf), FIGURES, .check = check_netcdf, .example = "false",
	 .meaning = "also write county.nc: the maps of all dates as one netCDF file after the CF conventions"},
	{.path = "units", .type = LU_KEY_CHOICE, JOB(units), FIGURES, .words = lu_area_unit_names, .number = LU_HECTARES, .example = "hectares",
	 .meaning = "of areas in report and summary; tables, GeoPackages and statistics.json have hectares"},
	{.path = "keep_scores", .type = LU_KEY_BOOLEAN, JOB(keep_scores), .number = 1, .example = "true",
	 .meaning = "keep the class probabilities in OUTPUT/.work: a new date then costs one date, a lost map none; false: any "
		    "change classifies all dates again"},
	{.path = "log", .type = LU_KEY_TEXT, JOB(log), .check = check_log, .usual = "none", .example = "landuse.log",
	 .meaning = "a file in the output folder that grows by what each run says, with times"},
	{.path = "notify", .type = LU_KEY_TEXTS, JOB(notify), .count_at = offsetof(struct lu_job, notify_count), .usual = "nobody",
	 .example = "[mail, -s, land use, gis@example.org]",
	 .meaning = "a program and its arguments, started without a shell when a run did something or failed; the summary is on its "
		    "stdin"},
	{.path = "pairs", .type = LU_KEY_CHOICE, JOB(pairs), FIGURES, .words = pairs, .number = LU_PAIRS_ALL, .example = "all",
	 .meaning = "which dates to compare: each with every later one, or with the next"},

	{.path = "change", .type = LU_KEY_MAPPING, .meaning = "which differences between dates are significant"},
	{.path = "change.false_discovery_rate", .type = LU_KEY_NUMBER, JOB(change.false_discovery_rate), CHANGE, .low = 1e-6,
	 .high = 1, .number = 0.05, .example = "0.05",
	 .meaning = "flag as many cells as keep the expected part of false flags at this"},
	{.path = "change.min_probability", .type = LU_KEY_NUMBER, JOB(change.min_probability), CHANGE, .high = 1,
	 .number = 0.5, .example = "0.5", .meaning = "flag no cell whose P(changed) is below this"},
	{.path = "change.rate", .type = LU_KEY_NUMBER, JOB(change.rate), CHANGE, .low = 1e-9, .high = 0.5,
	 .usual = "estimated from the scores", .example = "0.01",
	 .meaning = "the part of the county that changes from date to date"},
	{.path = "change.unlikely", .type = LU_KEY_LIST, CHANGE, .item = "an unlikely change",
	 JOB_LIST(change.unlikely, change.unlikely_count, lu_change_rule), .usual = "none", .meaning = "changes that are rarer than others"},
	{.path = "change.unlikely[].from", .type = LU_KEY_TEXTS, RULE_LIST(from, from_count), CHANGE, .usual = "every class",
	 .example = "[Developed]", .meaning = "classes of the scheme"},
	{.path = "change.unlikely[].to", .type = LU_KEY_TEXTS, RULE_LIST(to, to_count), CHANGE, .usual = "every class",
	 .example = "[Forest, Cultivated]", .meaning = "classes of the scheme"},
	{.path = "change.unlikely[].factor", .type = LU_KEY_NUMBER, RULE(factor), CHANGE, .required = true, .high = 1,
	 .example = "0.1", .meaning = "1 ordinary, 0 never; of two rules for one change the later one holds"},
	{.path = "change.layers", .type = LU_KEY_LIST, CHANGE, .has_at = offsetof(struct lu_job, change.layers_stated),
	 JOB_LIST(change.layers, change.layer_count, lu_change_rule), .item = "a layer", .check = check_layers,
	 .usual = "new_development, where the scheme has Developed", .example = "{name: lost_farmland, from: [Cultivated]}",
	 .meaning = "places to look at, each a GeoPackage of patches of flagged cells, the most probable first"},
	{.path = "change.layers[].name", .type = LU_KEY_TEXT, RULE(name), CHANGE, .required = true, .check = check_layer,
	 .example = "new_development", .meaning = "the file's; letters, digits, '_' and '-'"},
	{.path = "change.layers[].from", .type = LU_KEY_TEXTS, RULE_LIST(from, from_count), CHANGE, .usual = "every class",
	 .example = "[Forest, Cultivated, Grassland]", .meaning = "classes of the scheme"},
	{.path = "change.layers[].to", .type = LU_KEY_TEXTS, RULE_LIST(to, to_count), CHANGE, .usual = "every class",
	 .example = "[Developed]", .meaning = "classes of the scheme"},
	{.path = "change.error_model", .type = LU_KEY_CHOICE, JOB(change.error_model), CHANGE, .words = lu_error_source_names,
	 .number = LU_ERRORS_NONE, .example = "none",
	 .meaning = "package: doubt the network's answers by the confusion matrix of its package, too"},
	{.path = "change.pictures", .type = LU_KEY_INTEGER, JOB(change.pictures), CHANGE, .high = 100000,
	 .number = 100 /* an hour's looking, some 20 MB */, .example = "100", .meaning = "before and after, of the best so many patches of each layer; 0: none"},

	{.path = "alarms", .type = LU_KEY_LIST, JOB_LIST(alarms, alarm_count, lu_alarm_rule), .item = "an alarm", .usual = "none",
	 .example = "{patches: new_development, new_ha: 5}",
	 .meaning = "changes between the last two dates that a run tells and ends with exit code 3 for"},
	{.path = "alarms[].class", .type = LU_KEY_TEXT, ALARM(class_name), .usual = "it is about patches", .example = "Developed",
	 .meaning = "a class of the scheme, and its net change"},
	{.path = "alarms[].net_gain_ha", .type = LU_KEY_NUMBER, ALARM(net_gain_ha), .low = 1e-9, .high = 1e12, .unit = "hectares",
	 .usual = "no gain is", .example = "50", .meaning = "flagged gain less flagged loss, of which so much is sure"},
	{.path = "alarms[].net_loss_ha", .type = LU_KEY_NUMBER, ALARM(net_loss_ha), .low = 1e-9, .high = 1e12, .unit = "hectares",
	 .usual = "no loss is", .example = "50", .meaning = "the same of a loss"},
	{.path = "alarms[].patches", .type = LU_KEY_TEXT, ALARM(patches), .usual = "it is about a class",
	 .meaning = "in the place of class, a layer of change.layers or new_development: its patches that the run before had not"},
	{.path = "alarms[].new_ha", .type = LU_KEY_NUMBER, ALARM(new_ha), .low = 1e-9, .high = 1e12, .unit = "hectares",
	 .usual = "it is about a class", .meaning = "so much of new patches"},
	{.path = "alarms[].confidence_level", .type = LU_KEY_NUMBER, ALARM(confidence_level), .low = 0.5, .high = 0.9999,
	 .number = 0.95, .example = "0.95", .check = check_alarm, .meaning = "how sure, by the model's own words: one-sided"},

	{.path = "normalise", .type = LU_KEY_MAPPING, .off = true, .usual = "pixels stay as they are",
	 .meaning = "relative radiometric normalisation: bring all dates to the radiometry of one of them"},
	{.path = "normalise.to", .type = LU_KEY_DATE, JOB(normalise.to), SCORES, .found = true, .required = true,
	 .example = "2016-07-01", .meaning = "the reference date, which stays as it is"},
	{.path = "normalise.method", .type = LU_KEY_CHOICE, JOB(normalise.method), SCORES, .found = true,
	 .words = lu_radiometry_methods, .number = LU_RADIOMETRY_REGRESSION, .example = "regression",
	 .meaning = "regression: a line a band; histogram: a curve a band"},

	{.path = "zones", .type = LU_KEY_MAPPING, .off = true, .usual = "figures of the county alone",
	 .meaning = "the figures of towns, watersheds or any areas, too"},
	{.path = "zones.path", .type = LU_KEY_PATH, JOB(zones.path), FIGURES, .found = true, .required = true, .example = "towns.gpkg",
	 .meaning = "any OGR source with polygons; what reaches beyond the county is cut off"},
	{.path = "zones.name", .type = LU_KEY_TEXT, JOB(zones.name), FIGURES, .found = true, .required = true, .example = "TOWN",
	 .meaning = "the field that names them; features of one name are one zone"},
	{.path = "zones.layer", .type = LU_KEY_TEXT, JOB(zones.layer), FIGURES, .found = true, .usual = "the only one",
	 .example = "towns", .meaning = "the layer's name; needed where there are several"},
	{.path = "zones.where", .type = LU_KEY_TEXT, JOB(zones.where), FIGURES, .found = true, .usual = "all of them",
	 .example = "\"COUNTY = 'Middlesex'\"", .meaning = "which features, as SQL says it"},

	{.path = "smooth", .type = LU_KEY_MAPPING, .off = true, .usual = "maps are what the network says",
	 .meaning = "post-classification smoothing; the maps before it are kept as DATE/landuse_raw.tif"},
	{.path = "smooth.method", .type = LU_KEY_CHOICE, JOB(smooth.method), MAPS, .words = lu_smooth_methods,
	 .number = LU_SMOOTH_NONE, .example = "mrf",
	 .meaning = "mrf: neighbours' probabilities count; plurality: the votes of 3 x 3 cells"},
	{.path = "smooth.weight", .type = LU_KEY_NUMBER, JOB(smooth.weight), MAPS, .check = check_weight, .usual = "none, without a method",
	 .example = "1",
	 .meaning = "mrf, up to 100: 1 outvotes cells less than 73 % sure, 2 less than 88 %, where all neighbours agree; "
		    "plurality, 0 to 9: the votes of the centre; at 1 a lone cell vanishes, at 9 nothing changes"},
	{.path = "smooth.minimum_mapping_unit", .formerly = "min_mapping_unit", .type = LU_KEY_MAPPING, .off = true, .short_form = read_unit, .form = LU_SMOOTH_UNIT_FORM,
	 .check = check_unit, .usual = "patches of any size",
	 .meaning = "smaller patches go to the largest patch beside them; in short: 4 (cells), or 1ha"},
	{.path = "smooth.minimum_mapping_unit.cells", .type = LU_KEY_INTEGER, JOB(smooth.min_cells), MAPS, .low = LU_SMOOTH_LEAST_CELLS,
	 .high = LU_SMOOTH_MOST_CELLS, .usual = "said in hectares", .unit = "cells", .meaning = "the smallest patch that stays"},
	{.path = "smooth.minimum_mapping_unit.hectares", .type = LU_KEY_NUMBER, JOB(smooth.min_hectares), MAPS,
	 .low = LU_SMOOTH_LEAST_HECTARES, .high = LU_SMOOTH_MOST_HECTARES, .usual = "said in cells", .unit = "hectares", .example = "1",
	 .meaning = "the smallest patch that stays"},
	{.path = "smooth.minimum_mapping_unit.corners", .type = LU_KEY_BOOLEAN, JOB(smooth.corners), MAPS, .example = "false",
	 .meaning = "true: cells that touch by a corner are of one patch"},

	{.path = "accuracy", .type = LU_KEY_PATHS, JOB(accuracy), .count_at = offsetof(struct lu_job, accuracy_count), FIGURES,
	 .found = true, .usual = "nobody has checked the maps", .example = "sample.gpkg",
	 .meaning = "what landuse sample drew from a run's maps (of one date, or of two: change), labelled; a list of several: areas with "
		    "the intervals of the sample and measured accuracy go into statistics and report"},

	{.path = "reference", .type = LU_KEY_MAPPING, .off = true, .usual = "compared with nothing",
	 .meaning = "a map of others, such as NLCD, that one date's map is compared with"},
	{.path = "reference.path", .type = LU_KEY_PATH, JOB(reference.path), FIGURES, .found = true, .required = true,
	 .example = "nlcd_2016.tif", .meaning = "a raster of classes, of any grid and CRS"},
	{.path = "reference.date", .type = LU_KEY_DATE, JOB(reference.date), FIGURES, .required = true, .example = "2016-07-01",
	 .meaning = "the date whose map it is compared with"},
	{.path = "reference.scheme", .type = LU_KEY_TEXT, JOB(reference.scheme), FIGURES, .usual = "the maps'", .example = "none",
	 .meaning = "none: the reference has the maps' own codes; else the maps' scheme, which merges NLCD's codes into its classes"},
	{.path = "reference.codes", .type = LU_KEY_NAME, JOB(reference.codes), FIGURES, .usual = "NLCD's", .example = "ccap",
	 .meaning = "a table of what the reference's codes are, a name or file"},

	{.path = "engine", .type = LU_KEY_TEXT, JOB(engine), SCORES, .found = true, .usual = "the fastest that was built",
	 .example = "onednn", .meaning = "onednn or blas"},
	{.path = "precision", .type = LU_KEY_TEXT, JOB(precision), SCORES, .found = true, .usual = "auto", .example = "auto",
	 .meaning = "auto, fp32, fp16, bf16, or int8 for a package that landuse quantize made"},
	{.path = "threads", .type = LU_KEY_INTEGER, JOB(threads), .low = 1, .high = 1024, .usual = "every core", .example = "8",
	 .meaning = "how many work at once"},
	{.path = "cache_mb", .type = LU_KEY_INTEGER, JOB(cache_mb), .low = 8, .high = 1 << 20, .number = LU_RASTER_CACHE_MB,
	 .unit = "MiB", .example = "64", .meaning = "memory for decoded blocks of imagery"},
	{.path = "memory", .type = LU_KEY_TEXT, JOB(memory), .check = check_memory, .usual = "what the plan says", .example = "2GiB",
	 .meaning = "stay below this: with fewer buffers, then fewer threads; the outputs are the same"},
};
/* clang-format on */

const struct lu_job_key *lu_job_keys(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
