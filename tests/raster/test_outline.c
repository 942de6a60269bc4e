/* test_outline.c: patches drawn as text, against the rings that they must have. */
#include "raster/outline.h"

#include <string.h>

#include "support/near.h"

static const struct lu_frame cells = {.transform = {1000, 10, 0, 500, 0, -10}, .width = 100, .height = 100};

static struct lu_polygon trace(const char *picture, int64_t width, int64_t height)
{
	uint8_t mask[64];
	struct lu_polygon polygon;
	struct lu_error err = {0};

	for (int64_t i = 0; i < width * height; i++)
		mask[i] = picture[i] == '#';
	check_ok(lu_outline_trace(&cells, (struct lu_rect){2, 3, width, height}, mask, &polygon, &err), err);
	return polygon;
}

static void one_cell_is_a_square(void **state)
{
	(void)state;
	struct lu_polygon polygon = trace("#", 1, 1);

	assert_int_equal(polygon.count, 1);
	assert_int_equal(polygon.rings[0].count, 4);
	const struct lu_box box = lu_polygon_box(&polygon);
	check_near(box.min_x, 1020, 0);
	check_near(box.max_y, 470, 0);
	check_near(box.max_x, 1030, 0);
	check_near(box.min_y, 460, 0);
	check_near(lu_polygon_area(&polygon), 100, 1e-9);
	lu_polygon_release(&polygon);
}

/* Rings of cells, whose holes may reach the outside, or each other, by a corner only. */
static void holes_are_rings_of_their_own(void **state)
{
	(void)state;
	static const struct {
		const char *picture;
		int64_t width, height;
		size_t rings, corners;
		double area;
	} patches[] = {
		{"###"
		 "#.#"
		 "###",
		 3, 3, 2, 4, 800},
		{"##."
		 "#.#"
		 "###",
		 3, 3, 2, 6, 700},
		{".##"
		 "#.#"
		 "###",
		 3, 3, 2, 6, 700},
		{"###.#"
		 "#.#.#"
		 "#####"
		 "#.#..",
		 5, 4, 2, 14, 1400},
		{"#####"
		 "#.#.#"
		 "##.##"
		 "#.#.#"
		 "#####",
		 5, 5, 6, 4, 2000},
	};

	for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++) {
		struct lu_polygon polygon = trace(patches[i].picture, patches[i].width, patches[i].height);
		check_near(lu_polygon_area(&polygon), patches[i].area, 1e-9);
		assert_int_equal(polygon.rings[0].count, patches[i].corners);
		assert_int_equal(polygon.count, patches[i].rings);
		/* No ring touches itself. */
		for (size_t r = 0; r < polygon.count; r++)
			for (size_t a = 0; a < polygon.rings[r].count; a++)
				for (size_t b = 0; b < a; b++)
					assert_memory_not_equal(&polygon.rings[r].points[a],
								&polygon.rings[r].points[b], sizeof(struct lu_point));
		lu_polygon_release(&polygon);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cell_is_a_square),
		cmocka_unit_test(holes_are_rings_of_their_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
