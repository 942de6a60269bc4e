/* phash.c: perceptual hashes. See phash.h. */
#include "chipset/phash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIDE = 32, /* of the grey picture */
	LOW = 8, /* frequencies each way */
	GREY_ONE = 256, /* fixed point of grey values, */
	COSINE_ONE = 1 << 14, /* and of cosines: a transformed value stays below 2^54 */
};

/* First and last + 1 of the pixels of box 'i' of SIDE; a picture smaller than that repeats some. */
static void box(int i, int size, int *first, int *end)
{
	*first = i * size / SIDE;
	*end = (i + 1) * size / SIDE > *first ? (i + 1) * size / SIDE : *first + 1;
}

static void shrink(const uint8_t *planes, size_t bands, int width, int height, int64_t grey[SIDE][SIDE])
{
	for (int row = 0; row < SIDE; row++) {
		int top, bottom;
		box(row, height, &top, &bottom);
		for (int col = 0; col < SIDE; col++) {
			uint64_t sum = 0;
			int left, right;
			box(col, width, &left, &right);
			for (size_t b = 0; b < bands; b++)
				for (int y = top; y < bottom; y++)
					for (int x = left; x < right; x++)
						sum += planes[(b * (size_t)height + (size_t)y) * (size_t)width +
							      (size_t)x];
			const uint64_t count = bands * (uint64_t)(bottom - top) * (uint64_t)(right - left);
			grey[row][col] = (int64_t)((sum * GREY_ONE + count / 2) / count);
		}
	}
}

/* cos(pi (2 x + 1) u / 64), rounded. The table's symmetry makes every sum over x exactly 0 for u > 0. */
static void make_cosines(int64_t cosines[LOW][SIDE])
{
	for (int u = 0; u < LOW; u++)
		for (int x = 0; x < SIDE; x++)
			cosines[u][x] = lround(cos(acos(-1) * (2 * x + 1) * u / (2 * SIDE)) * COSINE_ONE);
}

static int by_value(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

uint64_t lu_phash(const uint8_t *planes, size_t bands, int width, int height)
{
	int64_t grey[SIDE][SIDE], cosines[LOW][SIDE], half[LOW][SIDE] = {{0}}, low[LOW * LOW] = {0}, sorted[LOW * LOW];
	uint64_t hash = 0;

	shrink(planes, bands, width, height, grey);
	make_cosines(cosines);
	for (int v = 0; v < LOW; v++)
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++)
				half[v][x] += cosines[v][y] * grey[y][x];
	for (int v = 0; v < LOW; v++)
		for (int u = 0; u < LOW; u++)
			for (int x = 0; x < SIDE; x++)
				low[v * LOW + u] += cosines[u][x] * half[v][x];
	/* All but the first, which is the mean. */
	memcpy(sorted, low + 1, sizeof(low) - sizeof(low[0]));
	qsort(sorted, LOW * LOW - 1, sizeof(sorted[0]), by_value);
	for (int i = 1; i < LOW * LOW; i++)
		hash = hash << 1 | (low[i] > sorted[(LOW * LOW - 1) / 2]);
	return hash;
}

int lu_phash_distance(uint64_t a, uint64_t b)
{
	return __builtin_popcountll(a ^ b);
}
