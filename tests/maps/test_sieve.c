/*
 * test_sieve.c: the minimum mapping unit against its definition, done slowly: find the smallest patch of the map as it
 * is now, recolour it, look again.
 */
#include "base/memory.h"
#include "maps/smooth.h"
#include "support/near.h"

enum { SIDE = 24, CELLS = SIDE * SIDE };

/* One patch of the map as it is: filled from its first cell, with what lies beside it. */
struct patch {
	int first, size;
	bool member[CELLS], beside[CELLS];
};

static void fill(const uint16_t *map, int first, bool corners, struct patch *patch)
{
	int queue[CELLS], count = 1;

	*patch = (struct patch){.first = first};
	queue[0] = first;
	patch->member[first] = true;
	for (int i = 0; i < count; i++) {
		for (int dy = -1; dy <= 1; dy++) {
			for (int dx = -1; dx <= 1; dx++) {
				const int y = queue[i] / SIDE + dy, x = queue[i] % SIDE + dx, there = y * SIDE + x;

				if (y < 0 || y >= SIDE || x < 0 || x >= SIDE || (!corners && dx != 0 && dy != 0) ||
				    map[there] == 0)
					continue;
				if (map[there] != map[first]) {
					patch->beside[there] = true;
				} else if (!patch->member[there]) {
					patch->member[there] = true;
					queue[count++] = there;
				}
			}
		}
	}
	patch->size = count;
}

/* Every patch of the map by its first cell; what was filled already is skipped. */
static int next_patch(const uint16_t *map, int from, bool corners, bool *seen, struct patch *patch)
{
	while (from < CELLS && (map[from] == 0 || seen[from]))
		from++;
	if (from == CELLS)
		return -1;
	fill(map, from, corners, patch);
	for (int i = 0; i < CELLS; i++)
		seen[i] |= patch->member[i];
	return from;
}

static bool has_neighbour(const struct patch *patch)
{
	for (int i = 0; i < CELLS; i++) {
		if (patch->beside[i])
			return true;
	}
	return false;
}

/* The class of the largest patch beside: of equals the lower class (then the upper left one, of the same class). */
static uint16_t heir(const uint16_t *map, const struct patch *small, bool corners)
{
	struct patch other;
	int best_size = 0;
	uint16_t best = 0;

	for (int i = 0; i < CELLS; i++) {
		if (!small->beside[i])
			continue;
		fill(map, i, corners, &other);
		if (other.size > best_size || (other.size == best_size && map[i] < best)) {
			best_size = other.size;
			best = map[i];
		}
	}
	return best;
}

static void sieve_slowly(uint16_t *map, int min_cells, bool corners)
{
	for (;;) {
		struct patch patch, smallest = {.size = min_cells};
		bool seen[CELLS] = {0};

		for (int at = 0; (at = next_patch(map, at, corners, seen, &patch)) >= 0;) {
			if (patch.size < smallest.size && has_neighbour(&patch))
				smallest = patch;
		}
		if (smallest.size == min_cells)
			return;
		const uint16_t class = heir(map, &smallest, corners);
		for (int i = 0; i < CELLS; i++) {
			if (smallest.member[i])
				map[i] = class;
		}
	}
}

/* Maps from salt and pepper to patches of some cells, with and without gaps. */
static void draw(uint64_t *random, int trial, uint16_t *map)
{
	const int grain = 1 + trial % 3, classes = 2 + trial % 4;
	uint16_t coarse[CELLS];

	for (int i = 0; i < CELLS; i++)
		coarse[i] = (uint16_t)(1 + next_uniform(random) * classes);
	for (int i = 0; i < CELLS; i++) {
		map[i] = coarse[i / SIDE / grain * SIDE + i % SIDE / grain];
		if (next_uniform(random) < .15)
			map[i] = (uint16_t)(1 + next_uniform(random) * classes);
		if (trial % 5 == 0 && next_uniform(random) < .2)
			map[i] = 0;
	}
}

static void s13_smallest_first_as_defined(void **state)
{
	(void)state;
	static uint16_t map[CELLS], slow[CELLS];
	uint64_t random = 31, altered;
	struct lu_error err = {0};

	for (int trial = 0; trial < 40; trial++) {
		const int min_cells = 2 + trial * 7 % 30;

		draw(&random, trial, map);
		memcpy(slow, map, sizeof(map));
		check_ok(lu_smooth_sieve(map, SIDE, SIDE, (uint64_t)min_cells, trial & 1, &altered, &err), err);
		sieve_slowly(slow, min_cells, trial & 1);
		assert_memory_equal(map, slow, sizeof(map));
	}
}

/* Two cells go to fourteen, and the sixteen then wait while the four go to them. */
static void s13_a_grown_patch_waits_for_smaller_ones(void **state)
{
	(void)state;
	uint16_t map[] = {1, 1, 1, 1, 3, /**/ 1, 2, 2, 1, 3, /**/ 1, 1, 1, 1, 3, /**/ 1, 1, 1, 1, 3};
	uint64_t altered;
	struct lu_error err = {0};

	check_ok(lu_smooth_sieve(map, 5, 4, 25, false, &altered, &err), err);
	assert_int_equal(altered, 6);
	for (int i = 0; i < 20; i++)
		assert_int_equal(map[i], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s13_smallest_first_as_defined),
		cmocka_unit_test(s13_a_grown_patch_waits_for_smaller_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
