/* stac_catalogue.c: an item for each raster among the outputs, then the collection that leads to them, by jansson. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "report/stac_catalogue.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/beside.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "raster/crs.h"
#include "raster/ground.h"
#include "raster/map.h"
#include "report/project_layers.h"
#include "report/stac_parts.h"

enum { LARGEST_MODEL_ITEM = 64 << 20 };

/* What items have in common, and what the collection gathers of them. */
struct writing {
	const struct lu_stac_catalogue *task;
	struct lu_outputs *outputs;
	size_t output_count; /* what is written here is no product */
	char *id; /* the collection's */
	json_t *links; /* of the collection */
	struct lu_box box;
};

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a STAC catalogue");
}

char *lu_stac_item_name(const char *name)
{
	return lu_sprintf(LU_STAC_FOLDER "/%.*s.json", (int)(strlen(name) - strlen(".tif")), name);
}

/* Write 'json' (released) as FOLDER/'name', and note it. */
static enum lu_status put(struct writing *writing, const char *name, json_t *json, struct lu_error *err)
{
	char *path = lu_path_join(writing->task->folder, name), *folder = path != NULL ? lu_path_folder(path) : NULL;
	char *text = json != NULL ? json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
	enum lu_status status;

	LU_TRY(folder != NULL && text != NULL ? lu_folder_make(folder, err) : no_memory(err));
	LU_TRY(lu_file_write(path, text, strlen(text), err));
	LU_TRY(lu_outputs_add(writing->outputs, err, "%s", name));
out:
	free(text);
	json_decref(json);
	lu_free(folder);
	lu_free(path);
	return status;
}

/* Which dates a file is of, by its folder: "2016/" or "2009_2016/", else all of them. */
static void dates_of(const struct lu_county_statistics *s, const char *name, const char **first, const char **last)
{
	const size_t length = strcspn(name, "/");
	char pair[512];

	*first = s->dates[0].label;
	*last = s->dates[s->date_count - 1].label;
	for (size_t i = 0; i < s->date_count && name[length] == '/'; i++)
		if (strlen(s->dates[i].label) == length && strncmp(s->dates[i].label, name, length) == 0)
			*first = *last = s->dates[i].label;
	for (size_t i = 0; i < s->pair_count && name[length] == '/'; i++) {
		const char *a = s->dates[s->pairs[i].earlier].label, *b = s->dates[s->pairs[i].later].label;
		snprintf(pair, sizeof(pair), "%s_%s", a, b);
		if (strlen(pair) == length && strncmp(pair, name, length) == 0) {
			*first = a;
			*last = b;
		}
	}
}

/* "../" as often as the item lies deep, then the file: from an item to a file of the output folder, both named from there. */
static char *way_to(const char *item, const char *name)
{
	char up[64] = "";

	for (const char *at = item; (at = strchr(at, '/')) != NULL; at++)
		snprintf(up + strlen(up), sizeof(up) - strlen(up), "../");
	return lu_sprintf("%s%s", up, name);
}

/* NULL: the map has no classes, or memory is out ('*ok'). */
static json_t *classes_of(const struct lu_map *map, bool *ok)
{
	size_t count;
	const struct lu_class *classes = lu_map_entries(map, &count);
	json_t *list = count > 0 ? json_array() : NULL;

	for (size_t i = 0; i < count; i++) {
		char number[16], colour[8];
		snprintf(number, sizeof(number), "%d", classes[i].value);
		snprintf(colour, sizeof(colour), "%02X%02X%02X", classes[i].red, classes[i].green, classes[i].blue);
		const char *title = classes[i].name != NULL ? classes[i].name : number;
		char *plain = lu_stac_plain(title);
		*ok &= plain != NULL &&
		       json_array_append_new(list, json_pack("{s:i, s:s, s:s, s:s}", "value", (int)classes[i].value,
							     "name", plain, "title", title, "color_hint", colour)) == 0;
		lu_free(plain);
	}
	return list;
}

static bool set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

static bool set_projection(json_t *properties, const struct lu_frame *frame)
{
	const double *t = frame->transform;
	char *code = lu_crs_code(frame->crs_wkt);
	const bool epsg = code != NULL && strncmp(code, "EPSG:", 5) == 0;
	const double x = t[0] + (double)frame->width * t[1], y = t[3] + (double)frame->height * t[5];
	const bool ok = set(properties, "proj:epsg", epsg ? json_integer(atoi(code + 5)) : json_null()) &&
			(epsg || set(properties, "proj:wkt2", json_string(frame->crs_wkt))) &&
			set(properties, "proj:shape",
			    json_pack("[I, I]", (json_int_t)frame->height, (json_int_t)frame->width)) &&
			set(properties, "proj:transform",
			    json_pack("[f, f, f, f, f, f]", t[1], t[2], t[0], t[4], t[5], t[3])) &&
			set(properties, "proj:bbox",
			    json_pack("[f, f, f, f]", fmin(t[0], x), fmin(t[3], y), fmax(t[0], x), fmax(t[3], y)));

	lu_free(code);
	return ok;
}

/* "raster:bands", and the classes. */
static bool set_bands(json_t *asset, const struct lu_map *map, double gsd_m)
{
	json_t *bands = json_array();
	double nodata;
	bool ok = bands != NULL;

	for (int b = 0; b < lu_map_bands(map); b++) {
		json_t *band = json_pack("{s:s, s:s, s:f}", "data_type", lu_map_type_name(map), "sampling", "area",
					 "spatial_resolution", round(gsd_m * 1e6) / 1e6);
		if (lu_map_nodata(map, &nodata))
			ok &= set(band, "nodata",
				  nodata == floor(nodata) ? json_integer((json_int_t)nodata) : json_real(nodata));
		ok &= json_array_append_new(bands, band) == 0;
	}
	json_t *classes = classes_of(map, &ok);
	if (classes != NULL)
		ok &= set(asset, "classification:classes", classes);
	return set(asset, "raster:bands", bands) && ok;
}

/* The files that go with a raster, as assets. */
static enum lu_status add_besides(const struct writing *writing, json_t *assets, const char *item, const char *name,
				  struct lu_error *err)
{
	static const struct {
		const char *key, *title, *role;
	} kinds[LU_BESIDES] = {[LU_BESIDE_AUX] = {"attributes", "Attribute table for GDAL", "metadata"},
			       [LU_BESIDE_QML] = {"style", "Style for QGIS", "style"},
			       [LU_BESIDE_VAT] = {"values", "Attribute table for ArcGIS", "metadata"}};
	enum lu_status status = LU_OK;

	for (int i = 0; i < LU_BESIDES && status == LU_OK; i++) {
		char *beside = lu_beside(name, (enum lu_beside)i), *href = beside != NULL ? way_to(item, beside) : NULL;
		char *path = beside != NULL ? lu_path_join(writing->task->folder, beside) : NULL;
		if (href == NULL || path == NULL)
			status = no_memory(err);
		else if (kinds[i].key != NULL && lu_file_exists(path) &&
			 !set(assets, kinds[i].key,
			      json_pack("{s:s, s:s*, s:s, s:[s]}", "href", href, "type", lu_stac_type(beside), "title",
					kinds[i].title, "roles", kinds[i].role)))
			status = no_memory(err);
		lu_free(path);
		lu_free(href);
		lu_free(beside);
	}
	return status;
}

static json_t *properties_of(const struct writing *writing, const char *title, const char *first, const char *last,
			     const struct lu_frame *frame, double gsd_m)
{
	const struct lu_county_statistics *s = writing->task->statistics;
	json_t *properties = json_object();
	char *lineage =
		lu_sprintf("Land use of %s by the model %s (SHA-256 %s) and the classes %s, version %d, from aerial "
			   "imagery of %s%s%s",
			   s->county_name, s->model_name, s->model_sha256, s->scheme_name, s->scheme_version, first,
			   strcmp(first, last) != 0 ? " to " : "", strcmp(first, last) != 0 ? last : "");
	const bool ok =
		lineage != NULL && set(properties, "title", json_string(title)) &&
		lu_stac_time(properties, first, last) && set(properties, "gsd", json_real(round(gsd_m * 1e6) / 1e6)) &&
		set_projection(properties, frame) && set(properties, "processing:lineage", json_string(lineage)) &&
		set(properties, "processing:software", json_pack("{s:s}", "landuse", s->software_version));

	lu_free(lineage);
	if (ok)
		return properties;
	json_decref(properties);
	return NULL;
}

/* The item of the raster 'name'. */
static enum lu_status write_item(struct writing *writing, const char *name, struct lu_error *err)
{
	const struct lu_stac_catalogue *task = writing->task;
	const char *first, *last;
	char *item = lu_stac_item_name(name), *path = lu_path_join(task->folder, name), *title = NULL, *id = NULL,
	     *href = NULL, *collection = NULL, *model = NULL, *own = NULL, *of = NULL;
	json_t *place = NULL, *asset = NULL, *assets = NULL, *properties = NULL, *links = NULL;
	struct lu_map *map = NULL;
	struct lu_box box;
	double gsd_m;
	enum lu_status status;

	LU_TRY(item != NULL && path != NULL ? lu_map_open(path, &map, err) : no_memory(err));
	dates_of(task->statistics, name, &first, &last);
	of = lu_sprintf("%s%s%s", first, strcmp(first, last) != 0 ? " to " : "", strcmp(first, last) != 0 ? last : "");
	title = of != NULL ? lu_raster_title(lu_path_name(name), of) : NULL;
	href = way_to(item, name);
	own = lu_strndup(name, strlen(name) - strlen(".tif"));
	id = own != NULL ? lu_stac_plain(own) : NULL;
	collection = way_to(item + strlen(LU_STAC_FOLDER "/"), LU_STAC_COLLECTION);
	model = way_to(item + strlen(LU_STAC_FOLDER "/"), "model.json");
	LU_TRY(title != NULL && href != NULL && id != NULL && collection != NULL && model != NULL ? LU_OK
												  : no_memory(err));
	LU_TRY(lu_frame_gsd_m(lu_map_frame(map), &gsd_m, err));
	LU_TRY(lu_stac_place(lu_map_frame(map), &place, &box, err));
	asset = json_pack("{s:s, s:s, s:s, s:[s]}", "href", href, "type", lu_stac_type(name), "title", title, "roles",
			  "data");
	LU_TRY(asset != NULL ? lu_stac_checksum(asset, path, err) : no_memory(err));
	assets = json_pack("{s:O}", "data", asset);
	LU_TRY(set_bands(asset, map, gsd_m) && assets != NULL ? add_besides(writing, assets, item, name, err)
							      : no_memory(err));
	properties = properties_of(writing, title, first, last, lu_map_frame(map), gsd_m);
	links = json_pack("[o, o, o, o]", lu_stac_link("root", collection, "application/json", NULL),
			  lu_stac_link("parent", collection, "application/json", NULL),
			  lu_stac_link("collection", collection, "application/json", NULL),
			  lu_stac_link("mlm:model", model, "application/geo+json", "The model that made it"));
	LU_TRY(properties != NULL && links != NULL ? LU_OK : no_memory(err));
	LU_TRY(put(writing, item,
		   json_pack("{s:s, s:s, s:[s, s, s, s, s], s:s, s:s, s:O, s:o, s:O, s:O, s:O}", "type", "Feature",
			     "stac_version", LU_STAC_VERSION, "stac_extensions",
			     "https://stac-extensions.github.io/projection/v1.1.0/schema.json",
			     "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
			     "https://stac-extensions.github.io/classification/v2.0.0/schema.json",
			     "https://stac-extensions.github.io/file/v2.1.0/schema.json",
			     "https://stac-extensions.github.io/processing/v1.1.0/schema.json", "id", id, "collection",
			     writing->id, "geometry", place, "bbox", lu_stac_box(box), "properties", properties,
			     "links", links, "assets", assets),
		   err));
	writing->box = (struct lu_box){fmin(writing->box.min_x, box.min_x), fmin(writing->box.min_y, box.min_y),
				       fmax(writing->box.max_x, box.max_x), fmax(writing->box.max_y, box.max_y)};
	if (json_array_append_new(writing->links, lu_stac_link("item", item + strlen(LU_STAC_FOLDER "/"),
							       "application/geo+json", title)) != 0)
		status = no_memory(err);
out:
	lu_map_close(map);
	json_decref(place);
	json_decref(asset);
	json_decref(assets);
	json_decref(properties);
	json_decref(links);
	lu_free(item);
	lu_free(path);
	lu_free(title);
	lu_free(id);
	lu_free(own);
	lu_free(of);
	lu_free(href);
	lu_free(collection);
	lu_free(model);
	return status;
}

/* Outputs that are no rasters, as assets of the collection. */
static enum lu_status add_assets(struct writing *writing, json_t *assets, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < writing->output_count && status == LU_OK; i++) {
		const char *name = writing->outputs->paths[i];
		if (lu_ends_with(name, ".tif") || strstr(name, "/pictures/") != NULL)
			continue;
		char *path = lu_path_join(writing->task->folder, name), *href = lu_sprintf("../%s", name);
		json_t *asset = href != NULL
					? json_pack("{s:s, s:s*, s:s, s:[s]}", "href", href, "type", lu_stac_type(name),
						    "title", lu_path_name(name), "roles", "metadata")
					: NULL;
		status = path != NULL && asset != NULL ? LU_OK : no_memory(err);
		if (status == LU_OK && !lu_stac_is_edited(name))
			status = lu_stac_checksum(asset, path, err);
		if (json_object_set_new(assets, name, asset) != 0 && status == LU_OK)
			status = no_memory(err);
		lu_free(href);
		lu_free(path);
	}
	return status;
}

/* "file:///" of an absolute path. */
static char *file_url(const char *path)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~/";
	struct lu_text_stream url;
	struct lu_error err = {0};
	char *text = NULL;

	if (lu_text_begin(&url, "a URL", &err) != LU_OK)
		return NULL;
	fputs("file://", url.to);
	for (; *path != '\0'; path++)
		fprintf(url.to, strchr(plain, *path) != NULL ? "%c" : "%%%02X", (unsigned char)*path);
	return lu_text_finish(&url, &text, &err) == LU_OK ? text : NULL;
}

/*
 * A file of the package, from the catalogue: a way from there where the package lies beside the outputs, so that both may be
 * moved together; else, of a package that is installed, a URL. NULL: no such file, or memory is out.
 */
static char *link_to_package(const struct writing *writing, const char *name)
{
	char *file = lu_path_join(writing->task->model->folder, name), *folder = NULL, *beside = NULL, *link = NULL;
	char place[PATH_MAX], from[PATH_MAX];

	if (file == NULL || realpath(file, place) == NULL || realpath(writing->task->folder, from) == NULL)
		goto out;
	beside = lu_path_folder(from);
	folder = lu_path_join(from, LU_STAC_FOLDER);
	if (beside == NULL || folder == NULL)
		goto out;
	if (strncmp(beside, place, strlen(beside)) == 0 && place[strlen(beside)] == '/')
		link = lu_path_from(folder, place);
	else
		link = file_url(place);
out:
	lu_free(beside);
	lu_free(folder);
	lu_free(file);
	return link;
}

/* The package's own item, in this collection. */
static enum lu_status write_model(struct writing *writing, struct lu_error *err)
{
	const struct lu_model *model = writing->task->model;
	char *path = lu_path_join(model->folder, "model.json"), *text = NULL;
	json_t *item = NULL, *assets = NULL, *asset, *kept = json_object();
	const char *key;
	size_t size;
	enum lu_status status;

	LU_TRY(path != NULL && kept != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_file_read(path, LARGEST_MODEL_ITEM, &text, &size, err));
	item = json_loadb(text, size, 0, NULL);
	if (!json_is_object(item)) {
		status =
			lu_fail(err, LU_ERROR_FORMAT, "%s: no JSON any more (was it changed while the job ran?)", path);
		goto out;
	}
	assets = json_object_get(item, "assets");
	json_object_foreach(assets, key, asset)
	{
		const char *name = json_string_value(json_object_get(asset, "href"));
		char *href = name != NULL ? link_to_package(writing, name) : NULL;
		const bool ok = href == NULL ||
				(json_object_set(kept, key, asset) == 0 && set(asset, "href", json_string(href)));
		lu_free(href);
		LU_TRY(ok ? LU_OK : no_memory(err));
	}
	LU_TRY(set(item, "assets", json_incref(kept)) && set(item, "collection", json_string(writing->id)) &&
			       set(item, "links",
				   json_pack("[o, o, o]",
					     lu_stac_link("root", "./" LU_STAC_COLLECTION, "application/json", NULL),
					     lu_stac_link("parent", "./" LU_STAC_COLLECTION, "application/json", NULL),
					     lu_stac_link("collection", "./" LU_STAC_COLLECTION, "application/json",
							  NULL))) &&
			       json_array_append_new(
				       writing->links,
				       lu_stac_link("item", "./model.json", "application/geo+json", "The model")) == 0
		       ? LU_OK
		       : no_memory(err));
	LU_TRY(put(writing, LU_STAC_FOLDER "/model.json", json_incref(item), err));
out:
	json_decref(item);
	json_decref(kept);
	lu_free(text);
	lu_free(path);
	return status;
}

static enum lu_status write_collection(struct writing *writing, struct lu_error *err)
{
	const struct lu_county_statistics *s = writing->task->statistics;
	json_t *assets = json_object(), *time = json_object(), *collection = NULL;
	char *title = lu_sprintf("Land use of %s", s->county_name);
	enum lu_status status;

	LU_TRY(assets != NULL && time != NULL && title != NULL &&
			       lu_stac_time(time, s->dates[0].label, s->dates[s->date_count - 1].label)
		       ? add_assets(writing, assets, err)
		       : no_memory(err));
	collection =
		json_pack("{s:s, s:s, s:[s], s:s, s:s, s:s, s:s, s:{s:{s:[o]}, s:{s:[[O, O]]}}, s:O, s:O}", "type",
			  "Collection", "stac_version", LU_STAC_VERSION, "stac_extensions",
			  "https://stac-extensions.github.io/file/v2.1.0/schema.json", "id", writing->id, "title",
			  title, "description", "Maps of land use and of its change, and their figures, by landuse.",
			  "license", "various", "extent", "spatial", "bbox", lu_stac_box(writing->box), "temporal",
			  "interval", json_object_get(time, "start_datetime"), json_object_get(time, "end_datetime"),
			  "links", writing->links, "assets", assets);
	LU_TRY(put(writing, LU_STAC_FOLDER "/" LU_STAC_COLLECTION, collection, err));
out:
	json_decref(assets);
	json_decref(time);
	lu_free(title);
	return status;
}

enum lu_status lu_stac_catalogue_write(const struct lu_stac_catalogue *catalogue, struct lu_outputs *outputs,
				       struct lu_error *err)
{
	struct writing writing = {
		.task = catalogue,
		.outputs = outputs,
		.output_count = outputs->count,
		.links = json_pack("[o]", lu_stac_link("root", "./" LU_STAC_COLLECTION, "application/json", NULL)),
		.box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
	char *plain = lu_stac_plain(catalogue->statistics->county_name);
	enum lu_status status;

	writing.id = plain != NULL ? lu_sprintf("landuse-%s", plain) : NULL;
	LU_TRY(writing.id != NULL && writing.links != NULL ? LU_OK : no_memory(err));
	for (size_t i = 0; i < writing.output_count; i++)
		if (lu_ends_with(outputs->paths[i], ".tif"))
			LU_TRY(write_item(&writing, outputs->paths[i], err));
	LU_TRY(write_model(&writing, err));
	LU_TRY(write_collection(&writing, err));
out:
	lu_free(plain);
	lu_free(writing.id);
	json_decref(writing.links);
	return status;
}
