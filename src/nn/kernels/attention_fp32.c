/*
 * attention_fp32.c: attention in plain C, and how all its kernels divide the work.
 */
#include "nn/kernels/attention_parts.h"

#include <math.h>
#include <string.h>

#include "nn/kernels/clones.h"

enum { ROWS = LU_ATTENTION_ROWS, LANES = LU_ATTENTION_LANES, PANEL = LU_ATTENTION_PANEL };

static int64_t round_up(int64_t n)
{
	return (n + LANES - 1) / LANES * LANES;
}

bool lu_attention_fits(const struct lu_attention *a, bool mask)
{
	return a->y.column == 1 && (!mask || a->mask.column == 1) && !a->causal && !(a->softcap != 0) && a->keys > 0 &&
	       a->queries > 0 && a->depth > 0 && a->width > 0;
}

struct lu_attention_scratch lu_attention_split(const struct lu_attention *a, void *scratch)
{
	/* One vector more, so that rows of a power of two do not all fall on one line of the cache. */
	struct lu_attention_scratch s = {.keys = scratch,
					 .scores_pitch = round_up(a->keys) + LANES,
					 .results_pitch = round_up(a->width) + LANES};

	s.values = s.keys + round_up(a->keys) * a->depth;
	s.queries = s.values + round_up(a->width) * a->keys;
	s.scores = s.queries + ROWS * round_up(a->depth);
	s.results = s.scores + ROWS * s.scores_pitch;
	return s;
}

size_t lu_attention_scratch(const struct lu_attention *a)
{
	const size_t keys = (size_t)round_up(a->keys), width = (size_t)round_up(a->width);

	return sizeof(float) * (keys * (size_t)a->depth + width * (size_t)a->keys +
				ROWS * ((size_t)round_up(a->depth) + keys + width + 2 * (size_t)LANES));
}

int64_t lu_attention_blocks(const struct lu_attention *a)
{
	return (a->queries + ROWS - 1) / ROWS;
}

int lu_attention_block(const struct lu_attention *a, int64_t at, int64_t *first)
{
	const int64_t blocks = lu_attention_blocks(a), even = a->queries / blocks, longer = a->queries % blocks;

	*first = at * even + (at < longer ? at : longer);
	return (int)(even + (at < longer));
}

/* e^x for x <= 0, within 2 units of the last place: 2^n e^r with |r| <= ln 2 / 2. NaN stays NaN. */
static inline float exponential(float x)
{
	const float bounded = x > -87 ? x : -87;
	const float shifted = bounded * 1.44269504089f + 12582912.0f; /* rounds to a whole number n in the low bits */
	const float n = shifted - 12582912.0f, r = (bounded - n * 0.693359375f) + n * 2.12194440e-4f;
	float y = 1.9875691500e-4f, power;
	int32_t bits;

	y = y * r + 1.3981999507e-3f;
	y = y * r + 8.3334519073e-3f;
	y = y * r + 4.1665795894e-2f;
	y = y * r + 1.6666665459e-1f;
	y = y * r + 5.0000001201e-1f;
	y = y * (r * r) + r + 1;
	memcpy(&bits, &shifted, sizeof(bits));
	bits = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
	memcpy(&power, &bits, sizeof(power));
	return x >= -87 ? y * power : x < -87 ? 0 : x;
}

/* Scores of a query become weights that are not divided by their sum, which is returned. */
LU_CLONES static float weigh(float *restrict scores, int64_t keys, const float *restrict mask)
{
	float top[LANES], sums[LANES] = {0}, all = 0;
	int64_t i = 0;

	for (int64_t j = 0; mask != NULL && j < keys; j++)
		scores[j] += mask[j];
	for (int j = 0; j < LANES; j++)
		top[j] = -INFINITY;
	for (; i + LANES <= keys; i += LANES)
		for (int j = 0; j < LANES; j++)
			top[j] = scores[i + j] > top[j] ? scores[i + j] : top[j];
	for (; i < keys; i++)
		top[0] = scores[i] > top[0] ? scores[i] : top[0];
	for (int j = 1; j < LANES; j++)
		top[0] = top[j] > top[0] ? top[j] : top[0];
	for (i = 0; i < keys; i++)
		scores[i] = exponential(scores[i] - top[0]);
	for (i = 0; i + LANES <= keys; i += LANES)
		for (int j = 0; j < LANES; j++)
			sums[j] += scores[i + j];
	for (int j = 0; i + j < keys; j++)
		sums[j] += scores[i + j];
	for (int j = 0; j < LANES; j++)
		all += sums[j];
	return all;
}

/* c (rows x columns) = a (rows x depth) b (depth x columns). */
LU_CLONES static void multiply(int rows, int64_t columns, int64_t depth, const float *a, int64_t pitch_a,
			       const float *restrict b, int64_t pitch_b, float *restrict c, int64_t pitch_c)
{
	for (int i = 0; i < rows; i++) {
		float *restrict to = c + i * pitch_c;
		const float *x = a + i * pitch_a;

		for (int64_t j = 0; j < columns; j++)
			to[j] = 0;
		for (int64_t k = 0; k < depth; k++)
			for (int64_t j = 0; j < columns; j++)
				to[j] += x[k] * b[k * pitch_b + j];
	}
}

/* Here packed operands are matrices, without panels. */
static void run_head(const struct lu_attention *a, const float *q, const float *k, const float *v, const float *mask,
		     float *y, const struct lu_attention_scratch *s)
{
	const int64_t keys = round_up(a->keys), width = round_up(a->width);

	for (int64_t i = 0; i < a->keys; i++) {
		for (int64_t j = 0; j < a->depth; j++)
			s->keys[j * keys + i] = k[i * a->k.row + j * a->k.column];
		for (int64_t j = 0; j < a->width; j++)
			s->values[i * width + j] = v[i * a->v.row + j * a->v.column];
	}
	for (int64_t block = 0; block < lu_attention_blocks(a); block++) {
		int64_t first;
		const int rows = lu_attention_block(a, block, &first);

		for (int i = 0; i < rows; i++)
			for (int64_t j = 0; j < a->depth; j++)
				s->queries[i * a->depth + j] = q[(first + i) * a->q.row + j * a->q.column] * a->scale;
		multiply(rows, a->keys, a->depth, s->queries, a->depth, s->keys, keys, s->scores, s->scores_pitch);
		for (int i = 0; i < rows; i++) {
			float *scores = s->scores + i * s->scores_pitch, *results = s->results, *to;
			const float sum =
				weigh(scores, a->keys, mask != NULL ? mask + (first + i) * a->mask.row : NULL);

			multiply(1, a->width, a->keys, scores, 0, s->values, width, results, 0);
			to = y + (first + i) * a->y.row;
			for (int64_t j = 0; j < a->width; j++)
				to[j] = results[j] / sum;
		}
	}
}

void lu_attention_heads(const struct lu_attention *a, lu_attention_head *one, const float *q, const float *k,
			const float *v, const float *mask, float *y, void *scratch)
{
	const struct lu_attention_scratch s = lu_attention_split(a, scratch);

	for (int64_t chip = 0; chip < a->chips; chip++)
		for (int64_t head = 0; head < a->heads; head++)
			one(a, q + chip * a->q.chip + head * a->q.head,
			    k + chip * a->k.chip + head / a->group * a->k.head,
			    v + chip * a->v.chip + head / a->group * a->v.head,
			    mask != NULL ? mask + chip * a->mask.chip + head * a->mask.head : NULL,
			    y + chip * a->y.chip + head * a->y.head, &s);
}

void lu_attention_plain(const struct lu_attention *a, const float *q, const float *k, const float *v, const float *mask,
			float *y, void *scratch)
{
	lu_attention_heads(a, run_head, q, k, v, mask, y, scratch);
}
