/* label_shapes.c: shapes by rows; points in polygons by crossings, areas by clipping rings at a box. */
#include "chipset/label_shapes.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/words.h"
#include "raster/crs.h"
#include "raster/transform.h"
#include "raster/vector.h"

enum { ROWS = 1024, MOST_CODES = 65535 };

struct shape {
	uint16_t code;
	struct lu_polygon polygon; /* without rings: a point */
	struct lu_box box;
};

struct lu_label_shapes {
	struct shape *shapes;
	size_t count, room;
	char **codes; /* number k is codes[k - 1] */
	size_t code_count;
	struct lu_box box;
	/* By rows of equal height over the box: shapes first[r] .. first[r + 1] - 1 of 'members' reach row r. */
	size_t first[ROWS + 1];
	size_t *members;
	struct lu_point *scratch[2]; /* a ring while it is clipped */
};

/* What is passed over while reading. */
struct passed {
	uint64_t unlabelled, shapeless;
};

static void widen(struct lu_box *box, struct lu_point p)
{
	box->min_x = fmin(box->min_x, p.x);
	box->min_y = fmin(box->min_y, p.y);
	box->max_x = fmax(box->max_x, p.x);
	box->max_y = fmax(box->max_y, p.y);
}

static enum lu_status number_of(struct lu_label_shapes *shapes, const char *path, const char *text, uint16_t *code,
				struct lu_error *err)
{
	enum lu_status status;

	for (size_t k = 0; k < shapes->code_count; k++)
		if (strcmp(shapes->codes[k], text) == 0) {
			*code = (uint16_t)(k + 1);
			return LU_OK;
		}
	if (shapes->code_count >= MOST_CODES - 1)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: more than %d different codes (is this the field of the codes?)", path,
			       MOST_CODES - 1);
	LU_TRY(lu_grow(&shapes->codes, shapes->code_count + 1, sizeof(*shapes->codes), "codes", err));
	shapes->codes[shapes->code_count] = lu_strdup(text);
	if (shapes->codes[shapes->code_count] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: codes");
	*code = (uint16_t)(++shapes->code_count);
out:
	return status;
}

static enum lu_status add(struct lu_label_shapes *shapes, const struct shape *shape, struct lu_error *err)
{
	if (shapes->count == shapes->room) {
		const size_t room = shapes->room > 0 ? 2 * shapes->room : 1024;
		const enum lu_status status = lu_grow(&shapes->shapes, room, sizeof(*shape), "labels", err);
		if (status != LU_OK)
			return status;
		shapes->room = room;
	}
	shapes->shapes[shapes->count++] = *shape;
	return LU_OK;
}

/* The current row of 'reader', if it has a code and a shape. */
static enum lu_status read_row(struct lu_label_shapes *shapes, const struct lu_label_source *source,
			       struct lu_vector_reader *reader, int field, struct lu_transform *transform,
			       struct passed *passed, struct lu_error *err)
{
	struct shape shape = {.box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
	struct lu_point place;
	const char *text = lu_vector_get(reader, field);
	enum lu_status status;

	if (text == NULL || lu_means_nothing(text)) {
		passed->unlabelled++;
		return LU_OK;
	}
	LU_TRY(number_of(shapes, source->path, text, &shape.code, err));
	LU_TRY(lu_vector_outline(reader, 0, &shape.polygon, err));
	for (size_t r = 0; r < shape.polygon.count; r++) {
		const struct lu_ring *ring = &shape.polygon.rings[r];
		if (transform != NULL)
			LU_TRY(lu_transform_points(transform, ring->points, ring->count, err));
		for (size_t i = 0; i < ring->count; i++)
			widen(&shape.box, ring->points[i]);
	}
	if (shape.polygon.count == 0) {
		if (!lu_vector_is_point(reader) || !lu_vector_place(reader, &place) ||
		    (transform != NULL && lu_transform_points_if_possible(transform, &place, 1) == 0)) {
			passed->shapeless++;
			goto out;
		}
		widen(&shape.box, place);
	}
	LU_TRY(add(shapes, &shape, err));
	shape.polygon = (struct lu_polygon){0};
out:
	lu_polygon_release(&shape.polygon);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", source->path);
}

static int row_of(const struct lu_label_shapes *shapes, double y)
{
	const double share = (y - shapes->box.min_y) / (shapes->box.max_y - shapes->box.min_y);

	return share > 0 ? share < 1 ? (int)(share * ROWS) : ROWS - 1 : 0;
}

/* Which shapes reach which row: counted, then filled in. */
static enum lu_status sort(struct lu_label_shapes *shapes, struct lu_error *err)
{
	size_t members = 0, most = 1;
	enum lu_status status;

	shapes->box = (struct lu_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (size_t i = 0; i < shapes->count; i++) {
		const struct shape *shape = &shapes->shapes[i];
		widen(&shapes->box, (struct lu_point){shape->box.min_x, shape->box.min_y});
		widen(&shapes->box, (struct lu_point){shape->box.max_x, shape->box.max_y});
		for (size_t r = 0; r < shape->polygon.count; r++)
			most = shape->polygon.rings[r].count > most ? shape->polygon.rings[r].count : most;
	}
	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1)
			LU_TRY(lu_alloc(&shapes->members, members, sizeof(*shapes->members), "labels", err));
		for (size_t i = 0; i < shapes->count; i++) {
			const struct lu_box *box = &shapes->shapes[i].box;
			for (int row = row_of(shapes, box->min_y); row <= row_of(shapes, box->max_y); row++) {
				if (pass == 0)
					shapes->first[row + 1]++;
				else
					shapes->members[shapes->first[row]++] = i;
				members += pass == 0;
			}
		}
		for (int row = 0; row < ROWS && pass == 0; row++)
			shapes->first[row + 1] += shapes->first[row];
	}
	memmove(shapes->first + 1, shapes->first, ROWS * sizeof(shapes->first[0]));
	shapes->first[0] = 0;
	/* A zigzag has half as many points again after each of the four edges, at most. */
	for (int i = 0; i < 2; i++)
		LU_TRY(lu_alloc(&shapes->scratch[i], 6 * most + 16, sizeof(struct lu_point), "a label", err));
out:
	return status;
}

static enum lu_status read_all(struct lu_label_shapes *shapes, const struct lu_label_source *source,
			       const char *crs_wkt, struct lu_error *err)
{
	const char *name = source->field != NULL ? source->field : "reference";
	struct lu_vector_reader *reader = NULL;
	struct lu_transform *transform = NULL;
	struct passed passed = {0};
	bool more = true;
	enum lu_status status;

	LU_TRY(lu_vector_open(source->path, LU_NAMED, source->layer, "sample", &reader, err));
	const int field = lu_vector_find(reader, name);
	if (field < 0) {
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: no field '%s' with the labels (it has: %s)", source->path,
				 name, lu_vector_field_names(reader));
		goto out;
	}
	if (lu_vector_crs(reader) == NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: labels without a coordinate reference system: expected one (ogr2ogr -a_srs "
				 "EPSG:CODE NEW OLD; in CSV columns lon and lat)",
				 source->path);
		goto out;
	}
	if (!lu_crs_same(lu_vector_crs(reader), crs_wkt))
		LU_TRY(lu_transform_new(lu_vector_crs(reader), crs_wkt, &transform, err));
	for (;;) {
		LU_TRY(lu_vector_next(reader, &more, err));
		if (!more)
			break;
		LU_TRY(read_row(shapes, source, reader, field, transform, &passed, err));
	}
	if (shapes->count == 0)
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: no polygon or point has a label in field '%s' (%llu features without one, %llu "
				 "without area or place)",
				 source->path, name, (unsigned long long)passed.unlabelled,
				 (unsigned long long)passed.shapeless);
	else if (passed.unlabelled + passed.shapeless > 0)
		lu_log(source->hooks, LU_LEVEL_WARNING,
		       "%s: %llu features without a label and %llu without area or place are left out", source->path,
		       (unsigned long long)passed.unlabelled, (unsigned long long)passed.shapeless);
out:
	lu_transform_free(transform);
	lu_vector_close(reader);
	return status;
}

enum lu_status lu_label_shapes_open(const struct lu_label_source *source, const char *crs_wkt,
				    struct lu_label_shapes **out, struct lu_error *err)
{
	struct lu_label_shapes *shapes;
	enum lu_status status = lu_alloc(&shapes, 1, sizeof(*shapes), "labels", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	LU_TRY(read_all(shapes, source, crs_wkt, err));
	LU_TRY(sort(shapes, err));
	*out = shapes;
	shapes = NULL;
out:
	lu_label_shapes_free(shapes);
	return status;
}

void lu_label_shapes_free(struct lu_label_shapes *shapes)
{
	if (shapes == NULL)
		return;
	for (size_t i = 0; i < shapes->count; i++)
		lu_polygon_release(&shapes->shapes[i].polygon);
	for (size_t k = 0; k < shapes->code_count; k++)
		lu_free(shapes->codes[k]);
	lu_free(shapes->shapes);
	lu_free(shapes->codes);
	lu_free(shapes->members);
	lu_free(shapes->scratch[0]);
	lu_free(shapes->scratch[1]);
	lu_free(shapes);
}

struct lu_box lu_label_shapes_box(const struct lu_label_shapes *shapes)
{
	return shapes->box;
}

const char *lu_label_shapes_code(const struct lu_label_shapes *shapes, size_t code)
{
	return code >= 1 && code <= shapes->code_count ? shapes->codes[code - 1] : NULL;
}

/* Is the point inside? By the number of edges that a ray to the right crosses (even-odd). */
static bool holds(const struct lu_polygon *polygon, struct lu_point p)
{
	bool inside = false;

	for (size_t r = 0; r < polygon->count; r++) {
		const struct lu_ring *ring = &polygon->rings[r];
		for (size_t i = 0, k = ring->count - 1; i < ring->count; k = i++) {
			const struct lu_point a = ring->points[i], b = ring->points[k];
			if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
				inside = !inside;
		}
	}
	return inside;
}

static bool in_box(const struct lu_box *box, struct lu_point p)
{
	return p.x >= box->min_x && p.x < box->max_x && p.y >= box->min_y && p.y < box->max_y;
}

void lu_label_shapes_at(const struct lu_label_shapes *shapes, const struct lu_point *points, size_t count,
			lu_label_heard heard, void *user)
{
	for (size_t i = 0; i < count; i++) {
		const int row = row_of(shapes, points[i].y);
		uint16_t code = 0;
		for (size_t m = shapes->first[row]; m < shapes->first[row + 1] && code == 0; m++) {
			const struct shape *shape = &shapes->shapes[shapes->members[m]];
			if (in_box(&shape->box, points[i]) && holds(&shape->polygon, points[i]))
				code = shape->code;
		}
		heard(user, code, 1);
	}
}

/* How far 'p' lies inside the box's edge 'side': left, right, bottom, top. */
static double depth(const struct lu_box *box, int side, struct lu_point p)
{
	switch (side) {
	case 0:
		return p.x - box->min_x;
	case 1:
		return box->max_x - p.x;
	case 2:
		return p.y - box->min_y;
	}
	return box->max_y - p.y;
}

/* Sutherland and Hodgman's clipping at one edge; edges that run along the box add no area. */
static size_t clip(const struct lu_box *box, int side, const struct lu_point *from, size_t count, struct lu_point *to)
{
	size_t made = 0;

	for (size_t i = 0; i < count; i++) {
		const struct lu_point a = from[i], b = from[(i + 1) % count];
		const double in_a = depth(box, side, a), in_b = depth(box, side, b);
		if (in_a >= 0)
			to[made++] = a;
		if ((in_a >= 0) != (in_b >= 0)) {
			const double t = in_a / (in_a - in_b);
			to[made++] = (struct lu_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
		}
	}
	return made;
}

/* Of shells less holes, as rings are oriented. Clipped in coordinates of the box's corner, so that large ones cost no digits. */
static double area_in(const struct lu_label_shapes *shapes, const struct lu_polygon *polygon, const struct lu_box *box)
{
	const struct lu_box own = {0, 0, box->max_x - box->min_x, box->max_y - box->min_y};
	double area = 0;

	for (size_t r = 0; r < polygon->count; r++) {
		size_t count = polygon->rings[r].count;
		for (size_t i = 0; i < count; i++)
			shapes->scratch[0][i] = (struct lu_point){polygon->rings[r].points[i].x - box->min_x,
								  polygon->rings[r].points[i].y - box->min_y};
		for (int side = 0; side < 4; side++)
			count = clip(&own, side, shapes->scratch[side % 2], count, shapes->scratch[(side + 1) % 2]);
		struct lu_ring ring = {shapes->scratch[0], count};
		if (count > 2)
			area += lu_polygon_area(&(struct lu_polygon){&ring, 1});
	}
	return area;
}

static bool meet(const struct lu_box *a, const struct lu_box *b)
{
	return a->min_x < b->max_x && a->max_x >= b->min_x && a->min_y < b->max_y && a->max_y >= b->min_y;
}

/* The next shape that meets the box, each once, at its first row in it; 'm' starts as the first of the box's first row. */
static const struct shape *next(const struct lu_label_shapes *shapes, const struct lu_box *box, size_t *m, int *row)
{
	const int from = row_of(shapes, box->min_y), to = row_of(shapes, box->max_y);

	for (; *row <= to; (*row)++) {
		for (*m = *m < shapes->first[*row] ? shapes->first[*row] : *m; *m < shapes->first[*row + 1];) {
			const struct shape *shape = &shapes->shapes[shapes->members[(*m)++]];
			const int own = row_of(shapes, shape->box.min_y);
			if (meet(&shape->box, box) && (own > from ? own : from) == *row)
				return shape;
		}
	}
	return NULL;
}

void lu_label_shapes_in(const struct lu_label_shapes *shapes, struct lu_box box, lu_label_heard heard, void *user)
{
	const struct shape *shape;
	int row = row_of(shapes, box.min_y);
	size_t m = 0;

	while ((shape = next(shapes, &box, &m, &row)) != NULL) {
		const double area = shape->polygon.count > 0 ? area_in(shapes, &shape->polygon, &box) : 0;
		if (area > 0)
			heard(user, shape->code, area);
	}
}

size_t lu_label_shapes_points(const struct lu_label_shapes *shapes, struct lu_box box, lu_label_heard heard, void *user)
{
	const struct shape *shape;
	int row = row_of(shapes, box.min_y);
	size_t m = 0, count = 0;

	while ((shape = next(shapes, &box, &m, &row)) != NULL) {
		if (shape->polygon.count > 0)
			continue;
		heard(user, shape->code, 1);
		count++;
	}
	return count;
}
