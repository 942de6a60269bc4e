/* project_layers.c: a table of files, and what they are called for a person. See project_layers.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "report/project_layers.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "grid/date_labels.h"

enum { MOST_IMAGERY = 64 };
#define DIM 0.55 /* of the map under what changed: it stays readable, and what changed stands out */

const char *const lu_project_groups[LU_PROJECT_GROUPS] = {[LU_GROUP_CANDIDATES] = "Candidates",
							  [LU_GROUP_PLACES] = "Boundary and zones",
							  [LU_GROUP_SIGNIFICANCE] = "Significance",
							  [LU_GROUP_CHANGE] = "Change",
							  [LU_GROUP_DATES] = "Dates",
							  [LU_GROUP_CONFIDENCE] = "Confidence",
							  [LU_GROUP_IMAGERY] = "Imagery"};

/* %s: of which date or dates. In no group: it is no layer. */
static const struct {
	const char *file;
	enum lu_project_group group;
	const char *name;
} rasters[] = {
	{"landuse.tif", LU_GROUP_DATES, "Land use %s"},
	{"landuse_consistent.tif", LU_GROUP_DATES, "Land use %s, temporally consistent"},
	{"landuse_raw.tif", LU_GROUP_DATES, "Land use %s, before smoothing"},
	{"confidence.tif", LU_GROUP_CONFIDENCE, "Confidence %s"},
	{"probabilities.tif", LU_PROJECT_GROUPS, "Probabilities of classes %s"},
	{"change.tif", LU_GROUP_CHANGE, "Change %s"},
	{"flagged.tif", LU_GROUP_SIGNIFICANCE, "Significant change %s"},
	{"change_probability.tif", LU_GROUP_SIGNIFICANCE, "Probability of change %s"},
	{"trajectory.tif", LU_GROUP_CHANGE, "Class trajectory"},
	{"year_of_change.tif", LU_GROUP_CHANGE, "Year of change"},
};

char *lu_raster_title(const char *file, const char *of)
{
	for (size_t i = 0; i < sizeof(rasters) / sizeof(rasters[0]); i++) {
		const char *name = rasters[i].name, *place = strstr(name, "%s");
		if (strcmp(rasters[i].file, file) == 0)
			return place == NULL ? lu_strdup(name)
					     : lu_sprintf("%.*s%s%s", (int)(place - name), name, of, place + 2);
	}
	return lu_strdup(file);
}

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a project");
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* The day that a label begins with, as QGIS writes it; "" where it tells no year. */
static void day_of(const char *label, char day[16])
{
	const int year = lu_date_label_calendar_year(label);
	int month = 1, date = 1;

	day[0] = '\0';
	if (year < 1000 || year > 9999)
		return;
	if (sscanf(label + 4, "-%2d-%2d", &month, &date) < 1 && sscanf(label + 4, "%2d%2d", &month, &date) < 1)
		month = 1;
	if (month < 1 || month > 12 || date < 1 || date > 31)
		month = date = 1;
	snprintf(day, 16, "%04d-%02d-%02d", year, month, date);
}

/* A map holds from its date to the next one, the last for a year. */
static void set_time(struct lu_project_layer *layer, const json_t *dates, size_t date)
{
	day_of(text_of(json_array_get(dates, date), "label"), layer->start);
	if (layer->start[0] == '\0')
		return;
	if (date + 1 < json_array_size(dates))
		day_of(text_of(json_array_get(dates, date + 1), "label"), layer->end);
	else
		snprintf(layer->end, sizeof(layer->end), "%04u%.6s", ((unsigned)atoi(layer->start) + 1) % 10000,
			 layer->start + 4);
	if (strcmp(layer->end, layer->start) <= 0)
		layer->start[0] = layer->end[0] = '\0';
}

/* Names and paths are taken over. */
static enum lu_status add_layer(struct lu_project_layers *layers, struct lu_project_layer layer, struct lu_error *err)
{
	static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	enum lu_status status = lu_grow(&layers->items, layers->count + 1, sizeof(layer), "layers", err);

	layer.id = layer.source != NULL ? lu_sprintf("layer_%03zu_%s", layers->count + 1, layer.source) : NULL;
	for (char *c = layer.id; c != NULL && *c != '\0'; c++)
		if (strchr(plain, *c) == NULL)
			*c = '_';
	if (status == LU_OK && (layer.id == NULL || layer.name == NULL || layer.path == NULL))
		status = no_memory(err);
	if (status == LU_OK) {
		layers->items[layers->count++] = layer;
		return LU_OK;
	}
	lu_free(layer.id);
	lu_free(layer.name);
	lu_free(layer.source);
	lu_free(layer.path);
	return status;
}

/* Which date or pair of the statistics a folder is of: its number, or -1. */
static int find_date(const json_t *dates, const char *folder)
{
	for (size_t i = 0; i < json_array_size(dates); i++)
		if (strcmp(text_of(json_array_get(dates, i), "label"), folder) == 0)
			return (int)i;
	return json_array_size(dates) == 1 && folder[0] == '\0' ? 0 : -1;
}

static int find_pair(const json_t *pairs, const char *folder)
{
	for (size_t i = 0; i < json_array_size(pairs); i++) {
		const json_t *pair = json_array_get(pairs, i);
		char *name = lu_sprintf("%s_%s", text_of(pair, "earlier"), text_of(pair, "later"));
		const bool same = name != NULL && strcmp(name, folder) == 0;
		lu_free(name);
		if (same)
			return (int)i;
	}
	return -1;
}

/* From the first date to the last, else the last pair. */
static int main_pair(const json_t *dates, const json_t *pairs)
{
	const size_t count = json_array_size(pairs);
	const char *first = text_of(json_array_get(dates, 0), "label");
	const char *last = text_of(json_array_get(dates, json_array_size(dates) - 1), "label");

	for (size_t i = 0; i < count; i++)
		if (strcmp(text_of(json_array_get(pairs, i), "earlier"), first) == 0 &&
		    strcmp(text_of(json_array_get(pairs, i), "later"), last) == 0)
			return (int)i;
	return (int)count - 1;
}

/* "new_development" and "2001 to 2011" make "New development 2001 to 2011". */
static char *name_of_layer(const char *file, const char *of)
{
	char *name = lu_sprintf("%.*s%s%s", (int)strlen(file) - 5, file, of[0] != '\0' ? " " : "", of);

	for (char *c = name; c != NULL && *c != '\0' && c < name + strlen(file) - 5; c++)
		*c = *c == '_' ? ' ' : *c;
	if (name != NULL && name[0] >= 'a' && name[0] <= 'z')
		name[0] = (char)(name[0] - 'a' + 'A');
	return name;
}

/* One output, if it is a layer. */
static enum lu_status add_file(const struct lu_page_files *files, const char *path, const json_t *statistics,
			       struct lu_project_layers *layers, struct lu_error *err)
{
	const json_t *dates = json_object_get(statistics, "dates"), *pairs = json_object_get(statistics, "pairs");
	const char *file = lu_path_name(path);
	char folder[2 * LU_DATE_LABEL_MOST + 8] = "", of[2 * LU_DATE_LABEL_MOST + 8] = "";
	struct lu_project_layer layer = {
		.opacity = 1, .vector = lu_ends_with(file, ".gpkg"), .group = LU_PROJECT_GROUPS};

	if (file > path)
		snprintf(folder, sizeof(folder), "%.*s", (int)(file - path) - 1, path);
	const int date = find_date(dates, folder), pair = find_pair(pairs, folder);
	if (pair >= 0)
		snprintf(of, sizeof(of), "%s to %s", text_of(json_array_get(pairs, (size_t)pair), "earlier"),
			 text_of(json_array_get(pairs, (size_t)pair), "later"));
	else if (date >= 0)
		snprintf(of, sizeof(of), "%s", text_of(json_array_get(dates, (size_t)date), "label"));
	for (size_t i = 0; i < sizeof(rasters) / sizeof(rasters[0]); i++) {
		if (strcmp(rasters[i].file, file) != 0 || rasters[i].group == LU_PROJECT_GROUPS)
			continue;
		layer.group = rasters[i].group;
		layer.name = lu_raster_title(file, of);
	}
	/* county.gpkg has the same once more, for programs. */
	const bool is_boundary = strcmp(path, "boundary.gpkg") == 0;
	if (is_boundary || strcmp(path, "zones.gpkg") == 0) {
		layer.group = LU_GROUP_PLACES;
		layer.name = lu_strdup(is_boundary ? "County boundary" : "Zones");
	} else if (layer.vector && pair >= 0) {
		layer.group = LU_GROUP_CANDIDATES;
		layer.name = name_of_layer(file, of);
	}
	if (layer.group == LU_PROJECT_GROUPS)
		return LU_OK;
	const bool last = date >= 0 && (size_t)date + 1 == json_array_size(dates) && strcmp(file, "landuse.tif") == 0;
	const bool is_main = pair >= 0 && pair == main_pair(dates, pairs);
	layer.visible = layer.group == LU_GROUP_PLACES || last || (layer.group == LU_GROUP_CANDIDATES && is_main) ||
			(strcmp(file, "flagged.tif") == 0 && is_main);
	layer.opacity = last && json_array_size(pairs) > 0 ? DIM : 1;
	if (date >= 0)
		set_time(&layer, dates, (size_t)date);
	layer.path = lu_sprintf("%s/%s", files->folder, path);
	layer.source = layer.vector ? lu_sprintf("./%s|layername=%.*s", path, (int)strlen(file) - 5, file)
				    : lu_sprintf("./%s", path);
	return add_layer(layers, layer, err);
}

/* Imagery on this machine's disks, out of sight until it is asked for. */
static enum lu_status add_imagery(const struct lu_page_files *files, const json_t *statistics,
				  struct lu_project_layers *layers, struct lu_error *err)
{
	const json_t *dates = json_object_get(statistics, "dates");
	char folder[PATH_MAX], path[PATH_MAX];
	enum lu_status status = LU_OK;

	if (files->imagery_count > MOST_IMAGERY || realpath(files->folder, folder) == NULL)
		return LU_OK;
	for (size_t i = 0; i < files->imagery_count && status == LU_OK; i++) {
		const struct lu_page_imagery *image = &files->imagery[i];
		const int date = find_date(dates, image->label);
		struct lu_project_layer layer = {.group = LU_GROUP_IMAGERY, .opacity = 1};
		if (realpath(image->path, path) == NULL)
			continue;
		if (date >= 0)
			set_time(&layer, dates, (size_t)date);
		layer.name = lu_sprintf("Imagery %s, %s", image->label, lu_path_name(image->path));
		layer.path = lu_strdup(image->path);
		layer.source = lu_path_from(folder, path);
		status = add_layer(layers, layer, err);
	}
	return status;
}

enum lu_status lu_project_layers_list(const struct lu_page_files *files, const json_t *statistics,
				      struct lu_project_layers *out, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	*out = (struct lu_project_layers){0};
	for (size_t i = 0; i < files->count; i++)
		LU_TRY(add_file(files, files->paths[i], statistics, out, err));
	LU_TRY(add_imagery(files, statistics, out, err));
	for (size_t i = 0; i < out->count; i++) {
		const struct lu_project_layer *layer = &out->items[i];
		if (layer->start[0] != '\0' && (out->from[0] == '\0' || strcmp(layer->start, out->from) < 0))
			memcpy(out->from, layer->start, sizeof(out->from));
		if (strcmp(layer->end, out->to) > 0)
			memcpy(out->to, layer->end, sizeof(out->to));
	}
out:
	return status;
}

void lu_project_layers_release(struct lu_project_layers *layers)
{
	for (size_t i = 0; i < layers->count; i++) {
		lu_free(layers->items[i].id);
		lu_free(layers->items[i].name);
		lu_free(layers->items[i].source);
		lu_free(layers->items[i].path);
	}
	lu_free(layers->items);
	*layers = (struct lu_project_layers){0};
}
