/* test_reviews.c: what was said of a former candidate is found again for the new one of its place and pair, and for no other. */
#include "change/reviews.h"

#include <unistd.h>

#include "base/memory.h"
#include "change/review.h"
#include "raster/crs.h"
#include "raster/vector.h"
#include "support/check.h"

static char folder[64], path[96];

static const struct lu_vector_field fields[] = {{"from_code", LU_VECTOR_INTEGER},
						{"to_code", LU_VECTOR_INTEGER},
						{LU_REVIEW_STATUS, LU_VECTOR_INTEGER},
						{LU_REVIEW_REMARK, LU_VECTOR_TEXT}};

/* A grid of cells of 10 m, with y up from -1000 to 0. */
static struct lu_frame frame_of(const char *crs)
{
	struct lu_frame frame = {.transform = {500000, 10, 0, 4000000, 0, -10}, .width = 100, .height = 100};
	struct lu_error err = {0};

	check_ok(lu_crs_normalise(crs, &frame.crs_wkt, &err), err);
	return frame;
}

/* A box of cells, in CRS units. */
static void add(struct lu_vector_writer *writer, struct lu_rect cells, int64_t from, int64_t to, int64_t status,
		const char *remark)
{
	const double x = 500000 + 10.0 * (double)cells.x, y = 4000000 - 10.0 * (double)cells.y;
	const double w = 10.0 * (double)cells.width, h = 10.0 * (double)cells.height;
	struct lu_point corners[] = {{x, y}, {x, y - h}, {x + w, y - h}, {x + w, y}};
	const struct lu_ring ring = {corners, 4};
	struct lu_vector_value values[] = {lu_vector_integer(from), lu_vector_integer(to), lu_vector_integer(status),
					   lu_vector_text(remark)};
	struct lu_error err = {0};

	values[2].set = status != 0;
	check_ok(lu_vector_add(writer, &ring, values, &err), err);
}

static struct lu_vector_writer *begin(const char *name, const struct lu_frame *frame)
{
	struct lu_vector_writer *writer;
	struct lu_error err = {0};

	snprintf(path, sizeof(path), "%s/%s.gpkg", folder, name);
	check_ok(lu_vector_create(path, &writer, &err), err);
	check_ok(lu_vector_layer(writer, "layer", frame->crs_wkt, fields, 4, &err), err);
	return writer;
}

static void finish(struct lu_vector_writer *writer)
{
	struct lu_error err = {0};

	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
}

/* The review of a new patch: a box of cells. */
static const struct lu_review *find(struct lu_reviews *reviews, const struct lu_frame *frame, struct lu_rect cells,
				    uint16_t from, uint16_t to)
{
	struct lu_flagged_cell list[64];
	size_t count = 0;

	for (int64_t row = cells.y; row < cells.y + cells.height; row++)
		for (int64_t col = cells.x; col < cells.x + cells.width; col++)
			list[count++] = (struct lu_flagged_cell){.row = row, .col = col};
	return lu_reviews_find(reviews, frame, from, to, list, count);
}

static void by_place_and_pair(void **state)
{
	struct lu_frame frame = frame_of("EPSG:26915"), other = frame_of("EPSG:26916");
	struct lu_vector_writer *writer = begin("layer", &frame);
	struct lu_reviews reviews;
	struct lu_error err = {0};

	(void)state;
	add(writer, (struct lu_rect){10, 10, 4, 2}, 4, 2, 1, "a school");
	add(writer, (struct lu_rect){30, 30, 2, 2}, 7, 2, 2, NULL);
	add(writer, (struct lu_rect){50, 50, 2, 2}, 7, 2, 0, NULL); /* nobody looked at it */
	finish(writer);
	writer = begin("layer_reviewed", &frame);
	add(writer, (struct lu_rect){10, 10, 4, 2}, 4, 2, 3, "an older word");
	add(writer, (struct lu_rect){70, 70, 3, 1}, 4, 2, 0, "gravel");
	finish(writer);
	check_ok(lu_reviews_read(folder, "layer", &frame, &reviews, &err), err);
	assert_int_equal(reviews.count, 4);
	assert_int_equal(reviews.current, 2);
	/* Six of its eight cells, and two more: 6 of 10 that both cover. */
	const struct lu_review *found = find(&reviews, &frame, (struct lu_rect){11, 10, 4, 2}, 4, 2);
	assert_non_null(found);
	assert_int_equal(found->status, 1);
	assert_string_equal(found->remark, "a school");
	assert_int_equal(lu_reviews_carried(&reviews), 1);
	/* Four of eight, and four more: a third. Another pair. Nobody said anything. */
	assert_null(find(&reviews, &frame, (struct lu_rect){12, 10, 4, 2}, 4, 2));
	assert_null(find(&reviews, &frame, (struct lu_rect){10, 10, 4, 2}, 7, 2));
	assert_null(find(&reviews, &frame, (struct lu_rect){50, 50, 2, 2}, 7, 2));
	/* Of a layer that moved aside long ago: a remark without a status. */
	found = find(&reviews, &frame, (struct lu_rect){70, 70, 3, 1}, 4, 2);
	assert_non_null(found);
	assert_true(found->status == 0 && strcmp(found->remark, "gravel") == 0);
	assert_int_equal(lu_reviews_carried(&reviews), 1);
	lu_reviews_release(&reviews);
	/* The same numbers in another zone are another place. */
	check_ok(lu_reviews_read(folder, "layer", &other, &reviews, &err), err);
	assert_int_equal(reviews.count, 0);
	lu_reviews_release(&reviews);
	lu_frame_release(&frame);
	lu_frame_release(&other);
}

static void no_layer_no_reviews(void **state)
{
	struct lu_frame frame = frame_of("EPSG:26915");
	struct lu_reviews reviews;
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_reviews_read(folder, "nothing", &frame, &reviews, &err), err);
	assert_int_equal(reviews.count, 0);
	lu_reviews_release(&reviews);
	lu_frame_release(&frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(by_place_and_pair), cmocka_unit_test(no_layer_no_reviews)};

	make_scratch(folder);
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/layer.gpkg", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/layer_reviewed.gpkg", folder);
	unlink(path);
	rmdir(folder);
	return failed;
}
