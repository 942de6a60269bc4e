/*
 * reference.c: the label of a chip, read from a land-cover raster. See reference.h.
 *
 * Everything is counted in slots: one for each class of the scheme, then one each for codes left
 * out, codes unknown, and no data. A rule looks at the slots' weights alone.
 */
#include "chipset/reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "grid/coverage.h"
#include "raster/map_classes.h"
#include "raster/reframe.h"
#include "raster/transform.h"

enum {
	CODES = 65536,
	POINTS = 9,
	/* Points along each side of a chip: a 224 m side bends by far less than a millimetre between them. */
	SIDE_POINTS = 8,
	/* Cells under one chip: a raster finer than this is not a land-cover map. */
	MOST_CELLS = 1 << 26,
};

/* Points closer to one another than this share of them are equal: sums of clipped areas round. */
static const double tolerance = 1e-9;

struct lu_reference {
	char *path;
	const struct lu_scheme *scheme;
	enum lu_codes codes;
	const struct lu_code_table *table;
	struct lu_label_shapes *shapes; /* NULL: a raster, and the next three are of it */
	struct lu_map *map;
	struct lu_transform *transform; /* chips' CRS to the raster's; NULL: the same */
	double inverse[6]; /* raster's CRS to its columns and rows */
	struct lu_box box; /* of the raster, in the chips' CRS */
	int16_t *slot_of; /* CODES */
	uint64_t *seen, *last_chip; /* CODES: chips with the code; the number of the last one */
	uint64_t chips;
	double *weights; /* one a slot, of the current chip */
	uint16_t *cells; /* of the current chip */
	size_t cell_room;
};

enum lu_status lu_label_rule_parse(const char *text, struct lu_label_rule *out, struct lu_error *err)
{
	char *end;

	*out = (struct lu_label_rule){.kind = LU_RULE_NINE_POINT};
	if (strcmp(text, "nine-point") == 0)
		return LU_OK;
	out->kind = LU_RULE_PLURALITY;
	if (strcmp(text, "plurality") == 0)
		return LU_OK;
	out->kind = LU_RULE_PURITY;
	if (strncmp(text, "purity:", 7) == 0) {
		out->purity = strtod(text + 7, &end);
		if (end != text + 7 && *end == '\0' && out->purity > 0.5 && out->purity <= 1)
			return LU_OK;
	}
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "rule '%s' should be nine-point, plurality, or purity:P with P above 0.5 and up to 1", text);
}

static size_t slot_left_out(const struct lu_reference *reference)
{
	return reference->scheme->class_count;
}

static size_t slot_unknown(const struct lu_reference *reference)
{
	return reference->scheme->class_count + 1;
}

static size_t slot_nothing(const struct lu_reference *reference)
{
	return reference->scheme->class_count + 2;
}

static size_t slots(const struct lu_reference *reference)
{
	return reference->scheme->class_count + 3;
}

const char *lu_reference_code(const struct lu_reference *reference, uint16_t code, char number[8])
{
	if (reference->shapes != NULL)
		return lu_label_shapes_code(reference->shapes, code);
	snprintf(number, 8, "%u", code);
	return number;
}

int lu_reference_class(const struct lu_reference *reference, uint16_t code)
{
	char number[8], *end;
	const char *text = lu_reference_code(reference, code, number);

	if (text == NULL)
		return LU_SCHEME_UNKNOWN;
	if (reference->codes == LU_CODES_TABLE)
		return lu_code_table_class(reference->table, reference->scheme, text);
	if (reference->codes == LU_CODES_SCHEME)
		return lu_scheme_class_of_label(reference->scheme, text);
	const double value = strtod(text, &end);
	return end != text && *end == '\0' && value >= 1 && value < CODES && value == floor(value)
		       ? lu_scheme_of_nlcd(reference->scheme, (int)value)
		       : LU_SCHEME_UNKNOWN;
}

uint64_t lu_reference_seen(const struct lu_reference *reference, uint16_t code)
{
	return reference->seen[code];
}

/* No code is one of the scheme's. */
static enum lu_status fail_codes(const struct lu_reference *reference, struct lu_error *err)
{
	const char *first = reference->shapes != NULL ? lu_label_shapes_code(reference->shapes, 1) : NULL;

	if (first != NULL)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: '%.60s' and the other labels are no classes of scheme %s (another .field, .scheme or "
			".codes)",
			reference->path, first, reference->scheme->name);
	if (reference->codes == LU_CODES_TABLE)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%s: none of its codes is in a class of scheme %s (take a scheme whose classes have 'nlcd' "
			"lists)",
			reference->table->path, reference->scheme->name);
	return lu_fail(err, LU_ERROR_MISMATCH,
		       "%s: no class has NLCD codes, so nothing can be labelled (add 'nlcd' lists, or take a "
		       "scheme that has them)",
		       reference->scheme->path);
}

static enum lu_status fill_table(struct lu_reference *reference, struct lu_error *err)
{
	size_t known = 0;

	reference->slot_of[0] = (int16_t)slot_nothing(reference);
	for (int code = 1; code < CODES; code++) {
		const int class = lu_reference_class(reference, (uint16_t)code);
		known += class >= 0;
		reference->slot_of[code] = (int16_t)(class >= 0                    ? (size_t) class
						     : class == LU_SCHEME_LEFT_OUT ? slot_left_out(reference)
										   : slot_unknown(reference));
	}
	if (known == 0)
		return fail_codes(reference, err);
	return LU_OK;
}

static enum lu_status invert(struct lu_reference *reference, struct lu_error *err)
{
	const double *t = lu_map_frame(reference->map)->transform;
	const double det = t[1] * t[5] - t[2] * t[4];
	double *inverse = reference->inverse;

	if (det == 0 || !isfinite(det))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: its cells have no area", reference->path);
	inverse[1] = t[5] / det;
	inverse[2] = -t[2] / det;
	inverse[4] = -t[4] / det;
	inverse[5] = t[1] / det;
	inverse[0] = -(t[0] * inverse[1] + t[3] * inverse[2]);
	inverse[3] = -(t[0] * inverse[4] + t[3] * inverse[5]);
	return LU_OK;
}

static enum lu_status open_map(struct lu_reference *reference, const char *crs_wkt, const struct lu_hooks *hooks,
			       struct lu_error *err)
{
	struct lu_frame seen = {0};
	enum lu_status status = lu_map_open_classes(reference->path, hooks, &reference->map, err);

	if (status != LU_OK)
		return status;
	const struct lu_frame *frame = lu_map_frame(reference->map);
	LU_TRY(invert(reference, err));
	if (!lu_crs_same(crs_wkt, frame->crs_wkt))
		LU_TRY(lu_transform_new(crs_wkt, frame->crs_wkt, &reference->transform, err));
	LU_TRY(lu_frame_in_crs(frame, crs_wkt, &seen, &reference->box, err));
out:
	lu_frame_release(&seen);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", reference->path);
}

enum lu_status lu_reference_open(const struct lu_reference_source *source, const char *crs_wkt,
				 struct lu_reference **out, struct lu_error *err)
{
	const char *path = source->labels.path;
	struct lu_reference *reference;
	enum lu_status status = lu_alloc(&reference, 1, sizeof(*reference), "a reference", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	reference->scheme = source->scheme;
	reference->codes = source->codes;
	reference->table = source->table;
	reference->path = lu_strdup(path);
	LU_TRY(lu_alloc(&reference->slot_of, CODES, sizeof(*reference->slot_of), "a reference", err));
	LU_TRY(lu_alloc(&reference->seen, CODES, sizeof(*reference->seen), "a reference", err));
	LU_TRY(lu_alloc(&reference->last_chip, CODES, sizeof(*reference->last_chip), "a reference", err));
	LU_TRY(lu_alloc(&reference->weights, slots(reference), sizeof(double), "a reference", err));
	if (reference->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	if (source->shapes) {
		LU_TRY(lu_label_shapes_open(&source->labels, crs_wkt, &reference->shapes, err));
		reference->box = lu_label_shapes_box(reference->shapes);
	}
	LU_TRY(fill_table(reference, err));
	if (!source->shapes)
		LU_TRY(open_map(reference, crs_wkt, source->labels.hooks, err));
out:
	if (status != LU_OK) {
		lu_reference_close(reference);
		return status;
	}
	*out = reference;
	return LU_OK;
}

void lu_reference_close(struct lu_reference *reference)
{
	if (reference == NULL)
		return;
	lu_map_close(reference->map);
	lu_label_shapes_free(reference->shapes);
	lu_transform_free(reference->transform);
	lu_free(reference->slot_of);
	lu_free(reference->seen);
	lu_free(reference->last_chip);
	lu_free(reference->weights);
	lu_free(reference->cells);
	lu_free(reference->path);
	lu_free(reference);
}

bool lu_reference_overlaps(const struct lu_reference *reference, struct lu_box box)
{
	const struct lu_box *own = &reference->box;

	return own->min_x < box.max_x && own->max_x >= box.min_x && own->min_y < box.max_y && own->max_y >= box.min_y;
}

/* Move pixel coordinates of 'pixels' to the raster's columns (x) and rows (y); false when one has no place there. */
static bool to_cells(struct lu_reference *reference, const struct lu_frame *pixels, struct lu_point *points,
		     size_t count)
{
	const double *t = pixels->transform, *back = reference->inverse;

	for (size_t i = 0; i < count; i++) {
		const struct lu_point p = points[i];
		points[i].x = t[0] + p.x * t[1] + p.y * t[2];
		points[i].y = t[3] + p.x * t[4] + p.y * t[5];
	}
	if (reference->transform != NULL &&
	    lu_transform_points_if_possible(reference->transform, points, count) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct lu_point p = points[i];
		points[i].x = back[0] + p.x * back[1] + p.y * back[2];
		points[i].y = back[3] + p.x * back[4] + p.y * back[5];
	}
	return true;
}

/* Read the cells of 'rect' (inside the raster) into reference->cells. */
static enum lu_status read_cells(struct lu_reference *reference, struct lu_rect rect, struct lu_error *err)
{
	const size_t count = (size_t)rect.width * (size_t)rect.height;

	if (count > MOST_CELLS)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: %lld x %lld cells under one chip (resample it, 1 m is fine enough)",
			       reference->path, (long long)rect.width, (long long)rect.height);
	if (count > reference->cell_room) {
		const enum lu_status status =
			lu_grow(&reference->cells, count, sizeof(*reference->cells), "land-cover cells", err);
		if (status != LU_OK)
			return status;
		reference->cell_room = count;
	}
	return lu_map_read_rect(reference->map, rect, reference->cells, err);
}

static void add_weight(struct lu_reference *reference, uint16_t code, double weight)
{
	reference->weights[reference->slot_of[code]] += weight;
	if (reference->last_chip[code] != reference->chips) {
		reference->last_chip[code] = reference->chips;
		reference->seen[code]++;
	}
}

/* The raster's cells that hold columns and rows between the points, cut to the raster. */
static struct lu_rect cells_around(const struct lu_reference *reference, const struct lu_point *points, size_t count)
{
	const struct lu_frame *frame = lu_map_frame(reference->map);
	const struct lu_rect whole = {0, 0, frame->width, frame->height};
	struct lu_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (size_t i = 0; i < count; i++) {
		box.min_x = fmin(box.min_x, points[i].x);
		box.min_y = fmin(box.min_y, points[i].y);
		box.max_x = fmax(box.max_x, points[i].x);
		box.max_y = fmax(box.max_y, points[i].y);
	}
	/* Kept within what int64_t holds: a chip may lie half a world away. */
	box.min_x = floor(fmax(box.min_x, -1e15));
	box.min_y = floor(fmax(box.min_y, -1e15));
	const struct lu_rect rect = {(int64_t)box.min_x, (int64_t)box.min_y,
				     (int64_t)(floor(fmin(box.max_x, 1e15)) - box.min_x) + 1,
				     (int64_t)(floor(fmin(box.max_y, 1e15)) - box.min_y) + 1};
	return lu_rect_intersect(rect, whole);
}

/* A ninth of the weight for the cell under each of the nine points. */
static enum lu_status weigh_points(struct lu_reference *reference, const struct lu_frame *pixels, struct lu_rect at,
				   struct lu_error *err)
{
	struct lu_point points[POINTS];

	for (int i = 0; i < POINTS; i++) {
		points[i].x = (double)at.x + (double)at.width * (2 * (i % 3) + 1) / 6;
		points[i].y = (double)at.y + (double)at.height * (2 * (i / 3) + 1) / 6;
	}
	if (!to_cells(reference, pixels, points, POINTS)) {
		reference->weights[slot_nothing(reference)] = POINTS;
		return LU_OK;
	}
	const struct lu_rect rect = cells_around(reference, points, POINTS);
	if (rect.width > 0 && rect.height > 0) {
		const enum lu_status status = read_cells(reference, rect, err);
		if (status != LU_OK)
			return status;
	}
	for (int i = 0; i < POINTS; i++) {
		const double col = floor(points[i].x) - (double)rect.x, row = floor(points[i].y) - (double)rect.y;
		const bool inside = col >= 0 && row >= 0 && col < (double)rect.width && row < (double)rect.height;
		add_weight(reference, inside ? reference->cells[(int64_t)row * rect.width + (int64_t)col] : 0, 1);
	}
	return LU_OK;
}

/* The chip's outline in columns and (y up) minus rows from 'origin', counter-clockwise. */
static void orient(struct lu_ring *ring, struct lu_rect origin)
{
	for (size_t i = 0; i < ring->count; i++) {
		ring->points[i].x -= (double)origin.x;
		ring->points[i].y = (double)origin.y - ring->points[i].y;
	}
	if (lu_polygon_area(&(struct lu_polygon){ring, 1}) >= 0)
		return;
	for (size_t i = 0; i < ring->count / 2; i++) {
		const struct lu_point kept = ring->points[i];
		ring->points[i] = ring->points[ring->count - 1 - i];
		ring->points[ring->count - 1 - i] = kept;
	}
}

static void weigh_cells(struct lu_reference *reference, const struct lu_coverage *coverage, struct lu_rect rect)
{
	for (int64_t row = 0; row < rect.height; row++) {
		size_t count;
		const struct lu_coverage_span *spans = lu_coverage_row(coverage, row, &count);
		for (size_t i = 0; i < count; i++)
			for (int64_t col = spans[i].first; col < spans[i].end; col++)
				add_weight(reference, reference->cells[row * rect.width + col], spans[i].share);
	}
}

/* The area of the chip in each slot, in cells of the raster. */
static enum lu_status weigh_area(struct lu_reference *reference, const struct lu_frame *pixels, struct lu_rect at,
				 struct lu_error *err)
{
	static const double corners[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
	struct lu_point points[4 * SIDE_POINTS];
	struct lu_coverage *coverage = NULL;
	double covered = 0;

	for (int i = 0; i < 4 * SIDE_POINTS; i++) {
		const double *from = corners[i / SIDE_POINTS], *to = corners[i / SIDE_POINTS + 1];
		const double share = (double)(i % SIDE_POINTS) / SIDE_POINTS;
		points[i].x = (double)at.x + (double)at.width * (from[0] + (to[0] - from[0]) * share);
		points[i].y = (double)at.y + (double)at.height * (from[1] + (to[1] - from[1]) * share);
	}
	if (!to_cells(reference, pixels, points, 4 * SIDE_POINTS)) {
		reference->weights[slot_nothing(reference)] = 1;
		return LU_OK;
	}
	const struct lu_rect rect = cells_around(reference, points, 4 * SIDE_POINTS);
	if (rect.width <= 0 || rect.height <= 0) {
		reference->weights[slot_nothing(reference)] = 1;
		return LU_OK;
	}
	struct lu_ring ring = {points, 4 * SIDE_POINTS};
	const struct lu_polygon chip = {&ring, 1};
	const struct lu_frame cells = {.transform = {0, 1, 0, 0, 0, -1}, .width = rect.width, .height = rect.height};
	orient(&ring, rect);
	enum lu_status status;

	LU_TRY(read_cells(reference, rect, err));
	LU_TRY(lu_coverage_new(&chip, &cells, &coverage, err));
	weigh_cells(reference, coverage, rect);
	lu_coverage_free(coverage);
	for (size_t k = 0; k < slots(reference); k++)
		covered += reference->weights[k];
	const double outside = lu_polygon_area(&chip) - covered;
	if (outside > 0)
		reference->weights[slot_nothing(reference)] += outside;
out:
	return status;
}

static void hear(void *user, uint16_t code, double weight)
{
	add_weight(user, code, weight);
}

/* What shapes say of a chip: its points if there are some, else what of it polygons cover. */
static void weigh_shapes(struct lu_reference *reference, const struct lu_label_rule *rule,
			 const struct lu_frame *pixels, struct lu_rect at)
{
	const double *t = pixels->transform;
	const double x0 = t[0] + (double)at.x * t[1], x1 = x0 + (double)at.width * t[1];
	const double y0 = t[3] + (double)at.y * t[5], y1 = y0 + (double)at.height * t[5];
	const struct lu_box box = {fmin(x0, x1), fmin(y0, y1), fmax(x0, x1), fmax(y0, y1)};
	struct lu_point points[POINTS];
	double covered = 0;

	if (lu_label_shapes_points(reference->shapes, box, hear, reference) > 0)
		return;
	if (rule->kind == LU_RULE_NINE_POINT) {
		for (int i = 0; i < POINTS; i++)
			points[i] = (struct lu_point){box.min_x + (box.max_x - box.min_x) * (2 * (i % 3) + 1) / 6,
						      box.min_y + (box.max_y - box.min_y) * (2 * (i / 3) + 1) / 6};
		lu_label_shapes_at(reference->shapes, points, POINTS, hear, reference);
		return;
	}
	lu_label_shapes_in(reference->shapes, box, hear, reference);
	for (size_t k = 0; k < slots(reference); k++)
		covered += reference->weights[k];
	reference->weights[slot_nothing(reference)] +=
		fmax(0, (box.max_x - box.min_x) * (box.max_y - box.min_y) - covered);
}

static enum lu_fate fate_of_slot(const struct lu_reference *reference, size_t slot)
{
	return slot == slot_left_out(reference)  ? LU_FATE_LEFT_OUT
	       : slot == slot_unknown(reference) ? LU_FATE_UNKNOWN
	       : slot == slot_nothing(reference) ? LU_FATE_NO_REFERENCE
						 : LU_FATE_LABELLED;
}

/* Of slots of equal weight the first: the class with the lower value, and a class before anything else. */
static void judge(const struct lu_reference *reference, const struct lu_label_rule *rule, struct lu_chip_label *out)
{
	const double *weights = reference->weights;
	const double needed = rule->kind == LU_RULE_NINE_POINT ? 1 : rule->kind == LU_RULE_PURITY ? rule->purity : 0;
	double total = 0;
	size_t largest = 0, class = 0;

	for (size_t k = 0; k < slots(reference); k++)
		total += weights[k];
	for (size_t k = 1; k < slots(reference); k++) {
		if (weights[k] > weights[largest] + tolerance * total)
			largest = k;
		if (k < reference->scheme->class_count && weights[k] > weights[class] + tolerance * total)
			class = k;
	}
	out->class = weights[class] > 0 ? (int)class : -1;
	out->share = weights[class] / total;
	out->fate = fate_of_slot(reference, largest);
	if (out->fate == LU_FATE_LABELLED && out->share < needed - tolerance)
		out->fate = LU_FATE_MIXED;
	out->share = fmin(out->share, 1);
}

enum lu_status lu_reference_label(struct lu_reference *reference, const struct lu_label_rule *rule,
				  const struct lu_frame *pixels, struct lu_rect at, struct lu_chip_label *out,
				  struct lu_error *err)
{
	memset(reference->weights, 0, slots(reference) * sizeof(double));
	reference->chips++;
	enum lu_status status = LU_OK;

	if (reference->shapes != NULL)
		weigh_shapes(reference, rule, pixels, at);
	else
		status = rule->kind == LU_RULE_NINE_POINT ? weigh_points(reference, pixels, at, err)
							  : weigh_area(reference, pixels, at, err);
	if (status == LU_OK)
		judge(reference, rule, out);
	return status;
}
