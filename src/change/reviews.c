/* reviews.c: rows of former layers, and cells counted within their outlines. See reviews.h. */
#include "change/reviews.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "change/review.h"
#include "raster/crs.h"
#include "raster/vector.h"

enum { MOST_FORMER = 1000 };

/* The numbers of the fields of one layer. */
struct fields {
	int from, to, status, remark;
};

static int64_t number_of(struct lu_vector_reader *reader, int field)
{
	const char *text = field >= 0 ? lu_vector_get(reader, field) : NULL;

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

/* The current row, if anybody wrote into it and it tells place and pair. */
static enum lu_status take_row(struct lu_vector_reader *reader, const struct fields *fields, struct lu_reviews *out,
			       struct lu_error *err)
{
	struct lu_review review = {.from = (uint16_t)number_of(reader, fields->from),
				   .to = (uint16_t)number_of(reader, fields->to),
				   .status = number_of(reader, fields->status)};
	const char *remark = fields->remark >= 0 ? lu_vector_get(reader, fields->remark) : NULL;
	enum lu_status status = LU_OK;

	if ((review.status == 0 && remark == NULL) || review.from == 0 || review.to == 0)
		return LU_OK;
	review.remark = remark != NULL ? lu_strdup(remark) : NULL;
	if (remark != NULL && review.remark == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a remark");
	LU_TRY(lu_vector_outline(reader, 0, &review.outline, err));
	review.box = lu_polygon_box(&review.outline);
	review.area = lu_polygon_area(&review.outline);
	LU_TRY(lu_grow(&out->items, out->count + 1, sizeof(*out->items), "reviews", err));
	out->items[out->count++] = review;
	return LU_OK;
out:
	lu_polygon_release(&review.outline);
	lu_free(review.remark);
	return status;
}

/* The rows of one file, as far as it can be read. */
static enum lu_status take_file(const char *path, const char *layer, const struct lu_frame *frame,
				struct lu_reviews *out, struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	enum lu_status status = LU_OK;
	bool more = true;

	if (lu_vector_open(path, LU_FOUND, layer, NULL, &reader, NULL) != LU_OK)
		return LU_OK;
	struct fields fields = {lu_vector_find(reader, "from_code"), lu_vector_find(reader, "to_code"),
				lu_vector_find(reader, LU_REVIEW_STATUS), lu_vector_find(reader, LU_REVIEW_REMARK)};
	if (fields.status < 0)
		fields.status = lu_vector_find(reader, LU_REVIEW_STATUS_FORMERLY);
	if (lu_vector_crs(reader) == NULL || frame->crs_wkt == NULL ||
	    !lu_crs_same(lu_vector_crs(reader), frame->crs_wkt))
		goto out;
	while (lu_vector_next(reader, &more, NULL) == LU_OK && more)
		LU_TRY(take_row(reader, &fields, out, err));
out:
	lu_vector_close(reader);
	return status;
}

enum lu_status lu_reviews_read(const char *folder, const char *name, const struct lu_frame *frame,
			       struct lu_reviews *out, struct lu_error *err)
{
	char *path = lu_sprintf("%s/%s.gpkg", folder, name);
	int last = 0;
	enum lu_status status;

	*out = (struct lu_reviews){0};
	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (lu_file_exists(path))
		LU_TRY(take_file(path, name, frame, out, err));
	out->current = out->count;
	for (int number = 1; number <= MOST_FORMER && last == 0; number++) {
		lu_free(path);
		path = lu_review_kept(folder, name, number);
		LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
		if (!lu_file_exists(path))
			last = number;
	}
	for (int number = last - 1; number > 0; number--) {
		lu_free(path);
		path = lu_review_kept(folder, name, number);
		LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
		LU_TRY(take_file(path, name, frame, out, err));
	}
out:
	lu_free(path);
	return status;
}

void lu_reviews_release(struct lu_reviews *reviews)
{
	for (size_t i = 0; i < reviews->count; i++) {
		lu_polygon_release(&reviews->items[i].outline);
		lu_free(reviews->items[i].remark);
	}
	lu_free(reviews->items);
	*reviews = (struct lu_reviews){0};
}

/* By the even-odd rule over all rings. */
static bool holds(const struct lu_polygon *polygon, struct lu_point p)
{
	bool inside = false;

	for (size_t i = 0; i < polygon->count; i++) {
		const struct lu_ring *ring = &polygon->rings[i];
		for (size_t k = 0; k < ring->count; k++) {
			const struct lu_point a = ring->points[k], b = ring->points[(k + 1) % ring->count];
			if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
				inside = !inside;
		}
	}
	return inside;
}

/* How many of the cells have their centre in the review's outline. */
static size_t count_shared(const struct lu_review *review, const struct lu_frame *frame,
			   const struct lu_flagged_cell *cells, size_t count)
{
	const double *t = frame->transform;
	size_t shared = 0;

	for (size_t i = 0; i < count; i++) {
		const double col = (double)cells[i].col + 0.5, row = (double)cells[i].row + 0.5;
		const struct lu_point p = {t[0] + col * t[1] + row * t[2], t[3] + col * t[4] + row * t[5]};
		if (p.x >= review->box.min_x && p.x <= review->box.max_x && p.y >= review->box.min_y &&
		    p.y <= review->box.max_y)
			shared += holds(&review->outline, p);
	}
	return shared;
}

const struct lu_review *lu_reviews_find(struct lu_reviews *reviews, const struct lu_frame *frame, uint16_t from,
					uint16_t to, const struct lu_flagged_cell *cells, size_t count)
{
	const double *t = frame->transform, cell = fabs(t[1] * t[5] - t[2] * t[4]), area = (double)count * cell;
	const struct lu_review *found = NULL;

	/* A place may have been reviewed more than once: the first is the latest, and all of them live on in it. */
	for (size_t i = 0; i < reviews->count; i++) {
		struct lu_review *review = &reviews->items[i];
		if (review->from != from || review->to != to)
			continue;
		const double shared = (double)count_shared(review, frame, cells, count) * cell;
		if (shared < 0.5 * (area + review->area - shared))
			continue;
		review->carried = true;
		found = found == NULL ? review : found;
	}
	return found;
}

size_t lu_reviews_carried(const struct lu_reviews *reviews)
{
	size_t carried = 0;

	for (size_t i = 0; i < reviews->current; i++)
		carried += reviews->items[i].carried;
	return carried;
}
