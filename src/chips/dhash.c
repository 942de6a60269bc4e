/* dhash.c: difference hashes. See dhash.h. */
#include "chips/dhash.h"

enum { COLS = 9, ROWS = 8 };

/* Sum over the pixels of one of the COLS x ROWS boxes, and how many they are. */
static uint64_t box_sum(const uint8_t *planes, size_t bands, int size, int row, int col, uint64_t *count)
{
	const int top = row * size / ROWS, left = col * size / COLS;
	const int bottom = (row + 1) * size / ROWS > top ? (row + 1) * size / ROWS : top + 1;
	const int right = (col + 1) * size / COLS > left ? (col + 1) * size / COLS : left + 1;
	uint64_t sum = 0;

	for (size_t b = 0; b < bands; b++)
		for (int y = top; y < bottom; y++)
			for (int x = left; x < right; x++)
				sum += planes[(b * (size_t)size + (size_t)y) * (size_t)size + (size_t)x];
	*count = (uint64_t)(bottom - top) * (uint64_t)(right - left);
	return sum;
}

uint64_t lu_dhash(const uint8_t *planes, size_t bands, int size_px)
{
	uint64_t hash = 0;

	for (int row = 0; row < ROWS; row++) {
		uint64_t left_count, left = box_sum(planes, bands, size_px, row, 0, &left_count);
		for (int col = 1; col < COLS; col++) {
			uint64_t count;
			const uint64_t sum = box_sum(planes, bands, size_px, row, col, &count);
			/* Means are compared crosswise, so that no rounding decides. */
			hash = hash << 1 | (sum * left_count > left * count);
			left = sum;
			left_count = count;
		}
	}
	return hash;
}

int lu_dhash_distance(uint64_t a, uint64_t b)
{
	return __builtin_popcountll(a ^ b);
}

size_t lu_dhash_repeats(const uint64_t *hashes, size_t count, int bits, uint8_t *keep)
{
	size_t marked = 0;

	for (size_t i = 1; i < count; i++) {
		for (size_t j = 0; j < i && keep[i]; j++) {
			if (keep[j] && lu_dhash_distance(hashes[i], hashes[j]) <= bits) {
				keep[i] = 0;
				marked++;
			}
		}
	}
	return marked;
}
