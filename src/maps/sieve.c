/*
 * sieve.c: lu_smooth_sieve, the minimum mapping unit.
 *
 * Patches are the sets of a union-find over cells. Every small patch keeps a list of the cells
 * across its border, so it finds its neighbours without searching the map; a patch that is large
 * enough is never merged away and needs no list. Patches are taken smallest first, one that has grown
 * by its new size; one that is merged hands its list to the patch that swallows it.
 */
#include <string.h>

#include "base/memory.h"
#include "maps/smooth.h"

#define NONE UINT32_MAX

/* Cells and borders have numbers of four bytes: the whole map is held, and half the memory is half the map more. */
struct border {
	uint32_t other; /* a cell across the border */
	uint32_t next; /* in the patch's list */
};

struct sieve {
	uint16_t *map; /* only the values of roots keep up while patches merge */
	uint32_t *parent; /* union-find over cells; a root is its patch's first cell in row order */
	uint32_t *size; /* of a root */
	uint32_t *first, *last; /* of a root: its list of borders */
	struct border *borders;
	uint32_t border_count, border_room;
	uint64_t min_cells;
};

static uint32_t root(struct sieve *s, uint32_t cell)
{
	while (s->parent[cell] != cell) {
		s->parent[cell] = s->parent[s->parent[cell]];
		cell = s->parent[cell];
	}
	return cell;
}

/* Join the patches of roots a and b; the earlier cell stays root. The class is that of 'winner', a or b. */
static uint32_t join(struct sieve *s, uint32_t a, uint32_t b, uint32_t winner)
{
	const uint32_t low = a < b ? a : b, high = a < b ? b : a;
	const uint16_t value = s->map[winner];

	s->parent[high] = low;
	s->size[low] += s->size[high];
	if (s->first[high] != NONE) {
		if (s->first[low] == NONE)
			s->first[low] = s->first[high];
		else
			s->borders[s->last[low]].next = s->first[high];
		s->last[low] = s->last[high];
	}
	s->map[low] = value;
	return low;
}

static enum lu_status fail_size(struct lu_error *err)
{
	return lu_fail(
		err, LU_ERROR_UNSUPPORTED,
		"minimum mapping unit: the map has too many cells or small patches (at most 4 thousand million)");
}

static enum lu_status add_border(struct sieve *s, uint32_t patch, uint32_t other, struct lu_error *err)
{
	if (s->size[patch] >= s->min_cells)
		return LU_OK;
	if (s->border_count == s->border_room) {
		const uint64_t twice = s->border_room ? (uint64_t)s->border_room * 2 : 1024;
		const uint32_t room = twice < NONE ? (uint32_t)twice : NONE;
		enum lu_status status = s->border_count < NONE
						? lu_grow(&s->borders, room, sizeof(*s->borders), "sieve", err)
						: fail_size(err);

		if (status != LU_OK)
			return status;
		s->border_room = room;
	}
	s->borders[s->border_count] = (struct border){.other = other, .next = NONE};
	if (s->first[patch] == NONE)
		s->first[patch] = s->border_count;
	else
		s->borders[s->last[patch]].next = s->border_count;
	s->last[patch] = s->border_count++;
	return LU_OK;
}

/* Offsets to the neighbours that come later in row order: right, then the row below. */
static const int ahead[4][2] = {{0, 1}, {1, 0}, {1, -1}, {1, 1}};

static uint32_t neighbour(int64_t row, int64_t col, int64_t width, int64_t height, int k)
{
	const int64_t r = row + ahead[k][0], c = col + ahead[k][1];

	return r < height && c >= 0 && c < width ? (uint32_t)(r * width + c) : NONE;
}

static enum lu_status find_patches(struct sieve *s, int64_t width, int64_t height, int directions, struct lu_error *err)
{
	/* All unions first, so that borders are listed at final roots only. */
	for (int pass = 0; pass < 2; pass++) {
		for (int64_t row = 0; row < height; row++) {
			for (int64_t col = 0; col < width; col++) {
				const uint32_t here = (uint32_t)(row * width + col);

				for (int k = 0; k < directions && s->map[here] != 0; k++) {
					const uint32_t there = neighbour(row, col, width, height, k);

					if (there == NONE || s->map[there] == 0)
						continue;
					const uint32_t a = root(s, here), b = root(s, there);

					if (pass == 0 && s->map[here] == s->map[there] && a != b)
						join(s, a, b, a);
					if (pass == 0 || s->map[here] == s->map[there])
						continue;
					enum lu_status status = add_border(s, a, there, err);

					if (status == LU_OK)
						status = add_border(s, b, here, err);
					if (status != LU_OK)
						return status;
				}
			}
		}
	}
	return LU_OK;
}

/* Does patch a come before b as the one to merge into? */
static bool better(const struct sieve *s, uint32_t a, uint32_t b)
{
	if (s->size[a] != s->size[b])
		return s->size[a] > s->size[b];
	if (s->map[a] != s->map[b])
		return s->map[a] < s->map[b];
	return a < b;
}

/* Give 'patch' to its largest neighbour, and join to it the patches of the same class that 'patch' kept apart. */
static void swallow(struct sieve *s, uint32_t patch)
{
	uint32_t best = NONE;

	for (uint32_t i = s->first[patch]; i != NONE; i = s->borders[i].next) {
		const uint32_t other = root(s, s->borders[i].other);

		if (other != patch && (best == NONE || better(s, other, best)))
			best = other;
	}
	if (best == NONE)
		return;
	const uint32_t list = s->first[patch], end = s->last[patch];
	uint32_t joined = join(s, patch, best, best);

	for (uint32_t i = list; i != NONE; i = s->borders[i].next) {
		const uint32_t other = root(s, s->borders[i].other);

		if (other != joined && s->map[other] == s->map[joined])
			joined = join(s, joined, other, other);
		if (i == end)
			break;
	}
}

/*
 * Small patches in order of size, of equals the one nearer the upper left: a binary heap. A patch that grows gets a new
 * entry, and its old one is recognised by its size when its turn comes. Each turn takes an entry out and puts at most
 * one in, so the heap never outgrows its first filling; and since what is merged away is the smallest of all,
 * a cell's borders are walked once for each doubling of its patch.
 */
struct small {
	uint32_t size, patch;
};

static bool earlier(struct small a, struct small b)
{
	return a.size != b.size ? a.size < b.size : a.patch < b.patch;
}

/* Let 'entry' sink from place 'at' to where it belongs. */
static void sink(struct small *heap, size_t count, size_t at, struct small entry)
{
	for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
		if (child + 1 < count && earlier(heap[child + 1], heap[child]))
			child++;
		if (!earlier(heap[child], entry))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = entry;
}

static void rise(struct small *heap, size_t at, struct small entry)
{
	for (; at > 0 && earlier(entry, heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = entry;
}

/* Merge small patches until each is large enough or alone. 'heap' holds them, in any order. */
static void merge_smallest_first(struct sieve *s, struct small *heap, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sink(heap, count, i, heap[i]);
	while (count > 0) {
		const struct small turn = heap[0];

		count--;
		sink(heap, count, 0, heap[count]);
		if (s->parent[turn.patch] != turn.patch || s->size[turn.patch] != turn.size)
			continue; /* swallowed, or grown and in the heap once more */
		swallow(s, turn.patch);
		const uint32_t grown = root(s, turn.patch);

		if (s->size[grown] != turn.size && s->size[grown] < s->min_cells) {
			rise(heap, count, (struct small){.size = s->size[grown], .patch = grown});
			count++;
		}
	}
}

enum lu_status lu_smooth_sieve(uint16_t *map, int64_t width, int64_t height, uint64_t min_cells, bool corners,
			       uint64_t *altered, struct lu_error *err)
{
	const size_t cells = (size_t)(width * height);
	struct sieve s = {.map = map, .min_cells = min_cells};
	struct small *small = NULL;
	uint16_t *original = NULL;
	size_t count = 0;
	enum lu_status status;

	*altered = 0;
	if (cells >= NONE)
		return fail_size(err);
	LU_TRY(lu_alloc(&s.parent, cells, sizeof(*s.parent), "sieve", err));
	LU_TRY(lu_alloc(&s.size, cells, sizeof(*s.size), "sieve", err));
	LU_TRY(lu_alloc(&s.first, cells, sizeof(*s.first), "sieve", err));
	LU_TRY(lu_alloc(&s.last, cells, sizeof(*s.last), "sieve", err));
	LU_TRY(lu_alloc(&original, cells, sizeof(*original), "sieve", err));
	memcpy(original, map, cells * sizeof(*original));
	for (uint32_t i = 0; i < cells; i++) {
		s.parent[i] = i;
		s.size[i] = 1;
		s.first[i] = s.last[i] = NONE;
	}
	LU_TRY(find_patches(&s, width, height, corners ? 4 : 2, err));

	for (uint32_t i = 0; i < cells; i++)
		count += map[i] != 0 && s.parent[i] == i && s.size[i] < min_cells;
	LU_TRY(lu_alloc(&small, count, sizeof(*small), "sieve", err));
	count = 0;
	for (uint32_t i = 0; i < cells; i++) {
		if (map[i] != 0 && s.parent[i] == i && s.size[i] < min_cells)
			small[count++] = (struct small){.size = s.size[i], .patch = i};
	}
	merge_smallest_first(&s, small, count);
	for (uint32_t i = 0; i < cells; i++) {
		map[i] = map[root(&s, i)];
		*altered += map[i] != original[i];
	}
out:
	lu_free(small);
	lu_free(original);
	lu_free(s.parent);
	lu_free(s.size);
	lu_free(s.first);
	lu_free(s.last);
	lu_free(s.borders);
	return status;
}
