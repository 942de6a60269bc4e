/* page_shapes.c: outlines, and the candidates' facts and pictures. See page_data.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/memory.h"
#include "raster/transform.h"
#include "raster/vector.h"
#include "report/page_data.h"

/* Candidates of a layer on the map, the best first; and in the gallery, of all layers. */
enum { MOST_CANDIDATES = 400, MOST_ZONES = 2000, MOST_PICTURED = 12 };
/* Bytes of all pictures: of a page of 5 MB a third, as base64. */
#define MOST_PICTURES ((size_t)1200 << 10)

struct shapes {
	const struct lu_page_files *files;
	const struct lu_page_grid *grid;
	struct lu_transform *to_lonlat; /* NULL: the maps' CRS has no way there */
	int pictured;
	size_t room; /* bytes of pictures that there is still room for */
};

static enum lu_status no_memory(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: " LU_PAGE_NAME);
}

/* To a thousandth of a picture's cell. */
static double thousandth(double value)
{
	return round(value * 1000) / 1000 + 0.0;
}

/* [[x, y, x, y, ...], ...] in cells of the pictures. */
static json_t *list_rings(const struct lu_page_grid *grid, const struct lu_polygon *polygon)
{
	const double *t = grid->frame.transform, step = (double)grid->step;
	const double area = t[1] * t[5] - t[2] * t[4];
	json_t *rings = json_array();

	for (size_t i = 0; i < polygon->count; i++) {
		json_t *ring = json_array();
		for (size_t k = 0; k < polygon->rings[i].count; k++) {
			const double x = polygon->rings[i].points[k].x - t[0], y = polygon->rings[i].points[k].y - t[3];
			json_array_append_new(ring, json_real(thousandth((x * t[5] - y * t[2]) / area / step)));
			json_array_append_new(ring, json_real(thousandth((y * t[1] - x * t[4]) / area / step)));
		}
		json_array_append_new(rings, ring);
	}
	return rings;
}

/* Longitude and latitude of the middle of an outline's box, to a metre. */
static void add_place(const struct shapes *shapes, const struct lu_polygon *outline, json_t *item)
{
	const struct lu_ring *ring = outline->rings;
	struct lu_point low, high;

	if (shapes->to_lonlat == NULL || outline->count == 0 || ring->count == 0)
		return;
	low = high = ring->points[0];
	for (size_t i = 1; i < ring->count; i++) {
		low = (struct lu_point){fmin(low.x, ring->points[i].x), fmin(low.y, ring->points[i].y)};
		high = (struct lu_point){fmax(high.x, ring->points[i].x), fmax(high.y, ring->points[i].y)};
	}
	struct lu_point middle = {(low.x + high.x) / 2, (low.y + high.y) / 2};
	if (lu_transform_points_if_possible(shapes->to_lonlat, &middle, 1) == 0)
		return;
	json_object_set_new(item, "lon", json_real(round(middle.x * 1e5) / 1e5));
	json_object_set_new(item, "lat", json_real(round(middle.y * 1e5) / 1e5));
}

/* The picture that field 'column' of a candidate names, as a data URL; NULL: none. */
static char *read_picture(struct shapes *shapes, const char *folder, const char *name)
{
	char *path = name != NULL ? lu_sprintf("%s/%s/%s", shapes->files->folder, folder, name) : NULL;
	char *bytes = NULL, *text = NULL;
	size_t size;

	/* A name that leads out of the outputs was not written by a run. */
	if (path != NULL && strstr(name, "..") == NULL && name[0] != '/' && lu_file_exists(path) &&
	    lu_file_read(path, shapes->room, &bytes, &size, NULL) == LU_OK) {
		text = lu_base64("data:image/jpeg;base64,", bytes, size);
		shapes->room -= size;
	}
	lu_free(bytes);
	lu_free(path);
	return text;
}

static void add_pictures(struct shapes *shapes, struct lu_vector_reader *reader, const char *folder, json_t *item)
{
	static const char *const fields[] = {"before", "after"};
	char *pictures[2];

	for (int i = 0; i < 2; i++) {
		pictures[i] = read_picture(shapes, folder, lu_vector_get(reader, lu_vector_find(reader, fields[i])));
	}
	if (pictures[0] != NULL || pictures[1] != NULL)
		shapes->pictured++;
	for (int i = 0; i < 2; i++) {
		if (pictures[i] != NULL)
			json_object_set_new(item, fields[i], json_string(pictures[i]));
		lu_free(pictures[i]);
	}
}

/* The fields of a feature that the page shows: texts and numbers as OGR tells them. */
static void add_fields(struct lu_vector_reader *reader, const char *const *fields, json_t *item)
{
	for (size_t i = 0; fields[i] != NULL; i++) {
		const char *value = lu_vector_get(reader, lu_vector_find(reader, fields[i]));
		if (value != NULL)
			json_object_set_new(item, fields[i], json_string(value));
	}
}

/* The features of FOLDER/'name', at most 'most' of them; 'folder' is where its pictures lie, NULL: it has none. */
static enum lu_status list_features(struct shapes *shapes, const char *name, const char *folder,
				    const char *const *fields, size_t most, json_t *list, struct lu_error *err)
{
	const double *t = shapes->grid->frame.transform;
	const double cell = sqrt(fabs(t[1] * t[5] - t[2] * t[4])) * (double)shapes->grid->step;
	/* A tenth of a cell, and in a small county what is half a pixel on a screen. */
	const double across =
		(double)(shapes->grid->width > shapes->grid->height ? shapes->grid->width : shapes->grid->height);
	const double tolerance = cell * fmin(0.1, across / 2000);
	char *path = lu_sprintf("%s/%s", shapes->files->folder, name);
	struct lu_vector_reader *reader = NULL;
	bool more = true;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : no_memory(err));
	LU_TRY(lu_vector_open(path, LU_FOUND, NULL, NULL, &reader, err));
	for (size_t i = 0; i < most; i++) {
		struct lu_polygon outline;
		LU_TRY(lu_vector_next(reader, &more, err));
		if (!more)
			break;
		status = lu_vector_outline(reader, folder != NULL ? 0 : tolerance, &outline, err);
		json_t *item = json_pack("{s:o}", "rings", list_rings(shapes->grid, &outline));
		if (folder != NULL && item != NULL)
			add_place(shapes, &outline, item);
		lu_polygon_release(&outline);
		json_array_append_new(list, item);
		LU_TRY(status == LU_OK && item == NULL ? no_memory(err) : status);
		add_fields(reader, fields, item);
		if (folder != NULL && shapes->pictured < MOST_PICTURED)
			add_pictures(shapes, reader, folder, item);
	}
out:
	lu_vector_close(reader);
	lu_free(path);
	return status;
}

/* "A_B/NAME.gpkg" of a pair of dates: the name, and the folder before it in 'folder'; NULL: it is none. */
static const char *layer_of(const char *path, char *folder, size_t size)
{
	const char *name = lu_path_name(path);
	const size_t length = strlen(name), before = (size_t)(name - path);

	if (before < 2 || before > size || length < 6 || strcmp(name + length - 5, ".gpkg") != 0)
		return NULL;
	snprintf(folder, size, "%.*s", (int)before - 1, path);
	return name;
}

enum lu_status lu_page_shapes(const struct lu_page_files *files, const struct lu_page_grid *grid, json_t *page,
			      struct lu_error *err)
{
	static const char *const of_places[] = {"name", NULL};
	static const char *const of_candidates[] = {"patch",           "from_name", "to_name",       "area_ha",
						    "probability",     "earlier",   "later",         "cells",
						    "max_probability", "to_code",   "review_status", NULL};
	struct shapes shapes = {.files = files, .grid = grid, .room = MOST_PICTURES};
	json_t *boundary = json_array(), *zones = json_array(), *layers = json_array();
	enum lu_status status = LU_OK;

	if (grid->step == 0)
		goto out;
	/* A page without places on the globe is a page. */
	if (grid->frame.crs_wkt != NULL &&
	    lu_transform_new(grid->frame.crs_wkt, NULL, &shapes.to_lonlat, NULL) != LU_OK)
		shapes.to_lonlat = NULL;
	if (lu_page_has(files, "boundary.gpkg"))
		LU_TRY(list_features(&shapes, "boundary.gpkg", NULL, of_places, 1, boundary, err));
	if (lu_page_has(files, "zones.gpkg"))
		LU_TRY(list_features(&shapes, "zones.gpkg", NULL, of_places, MOST_ZONES, zones, err));
	/* The last pair first: its pictures are what the gallery has room for. */
	for (size_t i = files->count; i-- > 0;) {
		char folder[600];
		const char *name = layer_of(files->paths[i], folder, sizeof(folder));
		if (name == NULL)
			continue;
		json_t *items = json_array();
		json_array_append_new(layers, json_pack("{s:s, s:s%, s:o}", "pair", folder, "name", name,
							strlen(name) - 5, "items", items));
		LU_TRY(list_features(&shapes, files->paths[i], folder, of_candidates, MOST_CANDIDATES, items, err));
	}
out:
	lu_transform_free(shapes.to_lonlat);
	json_object_set_new(page, "boundary", boundary);
	json_object_set_new(page, "zones", zones);
	json_object_set_new(page, "layers", layers);
	return status;
}
