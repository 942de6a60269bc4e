/* new_patches.c: the ground of a layer as a bit a cell, and the patches that lie beside it. See new_patches.h. */
#include "change/new_patches.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/vector.h"

struct lu_known_cells {
	char *layer;
	uint8_t *bits; /* one a cell of the grid, row by row */
};

typedef bool (*visitor)(struct lu_known_cells *known, int64_t cell);

static bool mark(struct lu_known_cells *known, int64_t cell)
{
	known->bits[cell / 8] |= (uint8_t)(1 << cell % 8);
	return false;
}

static bool is_marked(struct lu_known_cells *known, int64_t cell)
{
	return (known->bits[cell / 8] >> cell % 8 & 1) != 0;
}

/* Where an outline crosses a line, from the left; the room is used again. */
struct crossings {
	double *x;
	size_t count, room;
};

static int from_left(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static enum lu_status cross(const struct lu_polygon *polygon, double y, struct crossings *out, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	out->count = 0;
	for (size_t r = 0; r < polygon->count; r++) {
		const struct lu_ring *ring = &polygon->rings[r];
		for (size_t i = 0, last = ring->count - 1; i < ring->count; last = i++) {
			const struct lu_point a = ring->points[i], b = ring->points[last];
			if ((a.y > y) == (b.y > y))
				continue;
			if (out->count == out->room) {
				LU_TRY(lu_grow(&out->x, 2 * out->room + 8, sizeof(*out->x), "former patches", err));
				out->room = 2 * out->room + 8;
			}
			out->x[out->count++] = (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x;
		}
	}
	if (out->count > 0)
		qsort(out->x, out->count, sizeof(*out->x), from_left);
out:
	return status;
}

/*
 * Call 'visit' for the cells whose centre lies in the polygon, by even and odd crossings of all rings, until it says yes:
 * '*found'. Row by row: a patch that winds through the county has as many corners as cells.
 */
static enum lu_status walk(const struct lu_frame *cells, const struct lu_polygon *polygon, visitor visit,
			   struct lu_known_cells *known, bool *found, struct lu_error *err)
{
	const double *t = cells->transform;
	struct crossings crossings = {0};
	enum lu_status status = LU_OK;

	*found = false;
	if (polygon->count == 0)
		return LU_OK;
	const struct lu_box box = lu_polygon_box(polygon);
	const double left = (box.min_x - t[0]) / t[1], right = (box.max_x - t[0]) / t[1];
	const double above = (box.max_y - t[3]) / t[5], below = (box.min_y - t[3]) / t[5];
	const int64_t cols = cells->width, rows = cells->height;
	const int64_t first_col = left > 0 ? (int64_t)left : 0, first_row = above > 0 ? (int64_t)above : 0;
	for (int64_t row = first_row; row < rows && (double)row < below; row++) {
		size_t passed = 0;
		LU_TRY(cross(polygon, t[3] + ((double)row + 0.5) * t[5], &crossings, err));
		for (int64_t col = first_col; col < cols && (double)col < right; col++) {
			const double centre = t[0] + ((double)col + 0.5) * t[1];
			while (passed < crossings.count && crossings.x[passed] <= centre)
				passed++;
			*found = passed % 2 == 1 && visit(known, row * cols + col);
			if (*found)
				goto out;
		}
	}
out:
	lu_free(crossings.x);
	return status;
}

/* The layer of a pair, opened; '*reader' is NULL where there is none that can be read. */
static enum lu_status open_layer(const char *folder, const char *pair, const char *layer,
				 struct lu_vector_reader **reader, struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s/%s.gpkg", folder, pair, layer);

	*reader = NULL;
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	if (lu_file_exists(path) && lu_vector_open(path, LU_FOUND, layer, NULL, reader, NULL) != LU_OK)
		*reader = NULL;
	lu_free(path);
	return LU_OK;
}

static struct lu_known_cells *known_of(const struct lu_new_patches *patches, const char *layer)
{
	for (size_t i = 0; i < patches->known_count; i++)
		if (strcmp(patches->known[i].layer, layer) == 0)
			return &patches->known[i];
	return NULL;
}

static enum lu_status begin_layer(struct lu_new_patches *out, const char *layer, const struct lu_frame *cells,
				  struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_grow(&out->known, out->known_count + 1, sizeof(*out->known), "former patches", err));
	struct lu_known_cells *known = &out->known[out->known_count++];
	*known = (struct lu_known_cells){.layer = lu_strdup(layer)};
	LU_TRY(known->layer != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: former patches"));
	LU_TRY(lu_alloc(&known->bits, (size_t)(cells->width * cells->height) / 8 + 1, 1, "former patches", err));
out:
	return status;
}

enum lu_status lu_new_patches_remember(const char *folder, const char *const *pairs, size_t count, const char *layer,
				       const struct lu_frame *cells, struct lu_new_patches *out, struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	struct lu_polygon outline = {0};
	bool more = true, found;
	enum lu_status status;

	LU_TRY(begin_layer(out, layer, cells, err));
	for (size_t i = 0; i < count; i++) {
		LU_TRY(open_layer(folder, pairs[i], layer, &reader, err));
		if (reader == NULL)
			continue;
		out->compared = true;
		LU_TRY(lu_vector_next(reader, &more, err));
		while (more) {
			LU_TRY(lu_vector_outline(reader, 0, &outline, err));
			LU_TRY(walk(cells, &outline, mark, &out->known[out->known_count - 1], &found, err));
			lu_polygon_release(&outline);
			LU_TRY(lu_vector_next(reader, &more, err));
		}
		lu_vector_close(reader);
		reader = NULL;
	}
out:
	lu_polygon_release(&outline);
	lu_vector_close(reader);
	return status;
}

/* One layer of one pair, whose reader is open. */
static enum lu_status count_patches(struct lu_vector_reader *reader, const struct lu_frame *cells,
				    struct lu_known_cells *known, struct lu_layer_patches *found, struct lu_error *err)
{
	const int area = lu_vector_find(reader, "area_ha");
	struct lu_polygon outline = {0};
	bool more = true;
	enum lu_status status;

	LU_TRY(lu_vector_next(reader, &more, err));
	while (more) {
		const char *text = lu_vector_get(reader, area);
		const double hectares = text != NULL ? atof(text) : 0;
		LU_TRY(lu_vector_outline(reader, 0, &outline, err));
		bool is_known = known == NULL;
		if (known != NULL)
			LU_TRY(walk(cells, &outline, is_marked, known, &is_known, err));
		const bool is_new = !is_known;
		lu_polygon_release(&outline);
		found->patches++;
		found->area_ha += hectares;
		found->new_patches += is_new;
		found->new_ha += is_new ? hectares : 0;
		LU_TRY(lu_vector_next(reader, &more, err));
	}
out:
	lu_polygon_release(&outline);
	return status;
}

enum lu_status lu_new_patches_find(const char *folder, const char *const *pairs, size_t count, const char *layer,
				   const struct lu_frame *cells, struct lu_new_patches *out, struct lu_error *err)
{
	struct lu_known_cells *known = out->compared ? known_of(out, layer) : NULL;
	struct lu_vector_reader *reader = NULL;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < count; i++) {
		LU_TRY(open_layer(folder, pairs[i], layer, &reader, err));
		if (reader == NULL)
			continue;
		LU_TRY(lu_grow(&out->layers, out->count + 1, sizeof(*out->layers), "patches", err));
		struct lu_layer_patches *found = &out->layers[out->count++];
		*found = (struct lu_layer_patches){.layer = lu_strdup(layer), .pair = lu_strdup(pairs[i])};
		if (found->layer == NULL || found->pair == NULL)
			LU_TRY(lu_fail(err, LU_ERROR_MEMORY, "out of memory: patches"));
		LU_TRY(count_patches(reader, cells, known, found, err));
		lu_vector_close(reader);
		reader = NULL;
	}
out:
	lu_vector_close(reader);
	return status;
}

void lu_new_patches_release(struct lu_new_patches *patches)
{
	for (size_t i = 0; i < patches->count; i++) {
		lu_free(patches->layers[i].layer);
		lu_free(patches->layers[i].pair);
	}
	for (size_t i = 0; i < patches->known_count; i++) {
		lu_free(patches->known[i].layer);
		lu_free(patches->known[i].bits);
	}
	lu_free(patches->layers);
	lu_free(patches->known);
	*patches = (struct lu_new_patches){0};
}
