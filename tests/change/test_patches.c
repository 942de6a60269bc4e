/* test_patches.c: cells joined by their sides, named and ordered as a person looks at them. */
#include "change/patches.h"

#include "base/memory.h"
#include "support/near.h"

/*
 *	A A . B		to class 1: A from 0, C from 2; to class 2: B
 *	. C . B
 *	A . . .
 */
static const struct lu_flagged_cell cells[] = {
	{.row = 0, .col = 0, .probability = .9f, .area_m2 = 10, .from = 0, .to = 1},
	{.row = 0, .col = 1, .probability = .8f, .area_m2 = 10, .from = 0, .to = 1},
	{.row = 0, .col = 3, .probability = .99f, .area_m2 = 10, .from = 0, .to = 2},
	{.row = 1, .col = 1, .probability = .7f, .area_m2 = 30, .from = 2, .to = 1},
	{.row = 1, .col = 3, .probability = .97f, .area_m2 = 10, .from = 0, .to = 2},
	{.row = 2, .col = 0, .probability = .98f, .area_m2 = 5, .from = 0, .to = 1},
};
enum { CELLS = sizeof(cells) / sizeof(cells[0]) };

static void patches_share_sides_and_a_class(void **state)
{
	(void)state;
	const bool all[9] = {true, true, true, true, true, true, true, true, true};
	struct lu_patches patches;
	struct lu_error err = {0};

	check_ok(lu_patches_make(cells, CELLS, all, 3, &patches, &err), err);
	assert_int_equal(patches.count, 3);
	/* Two patches have a mean of 0.98: the larger comes first. */
	assert_int_equal(patches.patches[0].to, 2);
	assert_int_equal(patches.patches[0].count, 2);
	check_near(patches.patches[0].probability, .98, 1e-6);
	assert_int_equal(patches.patches[1].count, 1);
	check_near(patches.patches[1].area_m2, 5, 0);
	const struct lu_patch *mixed = &patches.patches[2];
	assert_int_equal(mixed->count, 3);
	assert_int_equal(mixed->from, 2); /* most of its area */
	check_near(mixed->area_m2, 50, 0);
	check_near(mixed->probability, .8, 1e-6);
	assert_int_equal(mixed->window.x, 0);
	assert_int_equal(mixed->window.width, 2);
	assert_int_equal(mixed->window.height, 2);
	lu_patches_release(&patches);
}

static void rules_choose_cells(void **state)
{
	(void)state;
	const bool from_two[9] = {[2 * 3 + 1] = true}, none[9] = {false};
	struct lu_patches patches;
	struct lu_error err = {0};

	check_ok(lu_patches_make(cells, CELLS, from_two, 3, &patches, &err), err);
	assert_int_equal(patches.count, 1);
	assert_int_equal(patches.cells[patches.patches[0].first].col, 1);
	lu_patches_release(&patches);
	check_ok(lu_patches_make(cells, CELLS, none, 3, &patches, &err), err);
	assert_int_equal(patches.count, 0);
	lu_patches_release(&patches);
	lu_memory_fail_after(0);
	check_fails(lu_patches_make(cells, CELLS, from_two, 3, &patches, &err), LU_ERROR_MEMORY, err, "flagged");
	lu_memory_fail_after(-1);
}

/* A comb, a spiral and noise: the same patches as flood filling finds. */
static void patches_agree_with_flood_filling(void **state)
{
	(void)state;
	enum { SIDE = 24 };
	const bool all[4] = {true, true, true, true};
	uint64_t random = 9;

	for (int trial = 0; trial < 50; trial++) {
		struct lu_flagged_cell list[SIDE * SIDE];
		int map[SIDE][SIDE] = {{0}}, stack[SIDE * SIDE], expected = 0;
		size_t count = 0;
		struct lu_patches patches;
		struct lu_error err = {0};

		for (int i = 0; i < SIDE * SIDE; i++) {
			if (next_uniform(&random) > .6)
				continue;
			map[i / SIDE][i % SIDE] = 1;
			list[count++] = (struct lu_flagged_cell){
				.row = i / SIDE, .col = i % SIDE, .probability = .5f, .area_m2 = 1, .to = 1};
		}
		check_ok(lu_patches_make(list, count, all, 2, &patches, &err), err);
		for (int i = 0; i < SIDE * SIDE; i++) {
			int top = 0;
			if (map[i / SIDE][i % SIDE] != 1)
				continue;
			expected++;
			stack[top++] = i;
			map[i / SIDE][i % SIDE] = 2;
			while (top > 0) {
				const int at = stack[--top], y = at / SIDE, x = at % SIDE;
				const int next[4][2] = {{y - 1, x}, {y + 1, x}, {y, x - 1}, {y, x + 1}};
				for (int k = 0; k < 4; k++) {
					const int r = next[k][0], c = next[k][1];
					if (r < 0 || c < 0 || r >= SIDE || c >= SIDE || map[r][c] != 1)
						continue;
					map[r][c] = 2;
					stack[top++] = r * SIDE + c;
				}
			}
		}
		assert_int_equal(patches.count, expected);
		lu_patches_release(&patches);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patches_share_sides_and_a_class),
		cmocka_unit_test(rules_choose_cells),
		cmocka_unit_test(patches_agree_with_flood_filling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
