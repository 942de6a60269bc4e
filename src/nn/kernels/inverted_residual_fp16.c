/*
 * inverted_residual_fp16.c: the inverted residual in fp16: its weights, and the reference that says what is meant.
 *
 * The reference rounds where the kernel does, so that both have the same bits.
 */
#include "nn/kernels/inverted_residual_fp16_parts.h"

#ifdef LU_WITH_FP16

#include <string.h>

enum { BLOCK = LU_INVERTED_RESIDUAL_BLOCK, TAIL = LU_INVERTED_RESIDUAL_TAIL };

int64_t lu_inverted_residual_fp16_blocks(const struct lu_inverted_residual *b)
{
	return (b->wide + BLOCK - 1) / BLOCK;
}

int64_t lu_inverted_residual_fp16_depth(const struct lu_inverted_residual *b)
{
	return (b->in_channels + 1) / 2 * 2;
}

int lu_inverted_residual_fp16_ways(const struct lu_inverted_residual *b, int64_t o)
{
	int64_t left = b->out_channels - o;

	return left > 16 ? 1 : left > 8 ? 2 : 4;
}

/* Wide channels with those that fill the last block. */
static size_t whole(const struct lu_inverted_residual *b)
{
	return (size_t)lu_inverted_residual_fp16_blocks(b) * BLOCK;
}

static size_t project_fp16(const struct lu_inverted_residual *b)
{
	int64_t last = b->out_channels / BLOCK * BLOCK;

	return (size_t)(b->wide * last +
			(last < b->out_channels ? b->wide * BLOCK / lu_inverted_residual_fp16_ways(b, last) : 0));
}

struct lu_inverted_residual_fp16_parts lu_inverted_residual_fp16_parts(const struct lu_inverted_residual *b,
								       const void *weights)
{
	struct lu_inverted_residual_fp16_parts p = {.expand = weights};

	p.expand_bias = p.expand + (b->expands ? whole(b) * (size_t)lu_inverted_residual_fp16_depth(b) : 0);
	p.by_channel = p.expand_bias + (b->expands ? whole(b) : 0);
	p.by_channel_bias = p.by_channel + 9 * whole(b);
	p.project = p.by_channel_bias + whole(b);
	p.project_bias = (const float *)weights + ((size_t)(p.project - p.expand) + project_fp16(b)) / 2;
	return p;
}

size_t lu_inverted_residual_fp16_weights(const struct lu_inverted_residual *b)
{
	size_t numbers =
		(10 + (b->expands ? (size_t)lu_inverted_residual_fp16_depth(b) + 1 : 0)) * whole(b) + project_fp16(b);

	return numbers * sizeof(lu_half) + (size_t)((b->out_channels + BLOCK - 1) / BLOCK * BLOCK) * sizeof(float);
}

/* Where the weight of input 'c' for wide channel 'k' lies. */
static int64_t expand_place(const struct lu_inverted_residual *b, int64_t k, int64_t c)
{
	int64_t block = k / BLOCK, lane = k % BLOCK, first = block * lu_inverted_residual_fp16_depth(b) * BLOCK;

	return first + (b->wide - block * BLOCK < BLOCK ? c / 2 * BLOCK + 2 * lane + c % 2 : c * BLOCK + lane);
}

static int64_t window_place(int64_t k, int64_t tap)
{
	return (k / BLOCK * 9 + tap) * BLOCK + k % BLOCK;
}

/* Where the weight of wide channel 'k' for output 'o' lies. */
static int64_t project_place(const struct lu_inverted_residual *b, int64_t o, int64_t k)
{
	int64_t first = o / BLOCK * BLOCK, ways = lu_inverted_residual_fp16_ways(b, first);

	return first * b->wide + k / ways * BLOCK + (o - first) * ways + k % ways;
}

void lu_inverted_residual_fp16_pack(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from,
				    void *packed)
{
	const struct lu_inverted_residual_fp16_parts p = lu_inverted_residual_fp16_parts(b, packed);
	lu_half *to = packed;
	float *bias = (float *)packed + (p.project_bias - (float *)packed);

	memset(packed, 0, lu_inverted_residual_fp16_weights(b));
	for (int64_t k = 0; k < b->wide; k++) {
		/* of the last 16 twice */
		const int64_t turns = b->wide - k / BLOCK * BLOCK < BLOCK ? 2 : 1;

		for (int64_t c = 0; c < b->in_channels && b->expands; c++)
			to[expand_place(b, k, c)] = (lu_half)from->expand[k * b->in_channels + c];
		for (int64_t turn = 0, at = k; turn < turns; turn++, at += TAIL) {
			if (b->expands && from->expand_bias != NULL)
				to[p.expand_bias - to + at] = (lu_half)from->expand_bias[k];
			for (int64_t tap = 0; tap < 9; tap++)
				to[p.by_channel - to + window_place(at, tap)] = (lu_half)from->by_channel[k * 9 + tap];
			if (from->by_channel_bias != NULL)
				to[p.by_channel_bias - to + at] = (lu_half)from->by_channel_bias[k];
		}
		for (int64_t o = 0; o < b->out_channels; o++)
			to[p.project - to + project_place(b, o, k)] = (lu_half)from->project[o * b->wide + k];
	}
	for (int64_t o = 0; o < b->out_channels && from->project_bias != NULL; o++) {
		bias[o] = from->project_bias[o];
		if (lu_inverted_residual_fp16_ways(b, o / BLOCK * BLOCK) == 4)
			bias[o + 8] = from->project_bias[o];
	}
}

/* As the kernel has it: both ends are fp16. */
static lu_half clip_half(lu_half x, struct lu_clip_range range)
{
	return (lu_half)lu_clip((float)x,
				(struct lu_clip_range){(float)(lu_half)range.low, (float)(lu_half)range.high});
}

/* The wide tensor at a row and column of the image. */
static lu_half widened(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
		       const float *x, int64_t row, int64_t column, int64_t k)
{
	const float *pixel = x + (row * b->in_width + column) * b->in_channels;
	lu_half sum = 0, odd = 0;

	if (!b->expands)
		return (lu_half)pixel[k];
	if (b->wide - k / BLOCK * BLOCK >= BLOCK) {
		sum = p->expand_bias[k];
		for (int64_t c = 0; c < b->in_channels; c++)
			sum = lu_half_multiply_add(p->expand[expand_place(b, k, c)], (lu_half)pixel[c], sum);
		return clip_half(sum, b->clip[0]);
	}
	for (int64_t c = 0; c < b->in_channels; c += 2)
		sum = lu_half_multiply_add(p->expand[expand_place(b, k, c)], (lu_half)pixel[c], sum);
	for (int64_t c = 1; c < b->in_channels; c += 2)
		odd = lu_half_multiply_add(p->expand[expand_place(b, k, c)], (lu_half)pixel[c], odd);
	return clip_half(lu_half_add(lu_half_add(sum, odd), p->expand_bias[k]), b->clip[0]);
}

/* Sums over 32 wide channels are added up by themselves, and so are those of each lane where there are several. */
static lu_half summed(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
		      const lu_half *wide, int64_t o)
{
	const int ways = lu_inverted_residual_fp16_ways(b, o / BLOCK * BLOCK);
	lu_half total[4] = {0};

	for (int64_t block = 0; block < b->wide; block += BLOCK)
		for (int lane = 0; lane < ways; lane++) {
			const bool tail = b->wide - block < BLOCK;
			lu_half sum = tail ? total[lane] : 0;

			for (int64_t k = block + lane; k < b->wide && k < block + BLOCK; k += ways)
				sum = lu_half_multiply_add(p->project[project_place(b, o, k)], wide[k], sum);
			total[lane] = tail ? sum : lu_half_add(total[lane], sum);
		}
	if (ways == 4)
		return lu_half_add(lu_half_add(total[0], total[1]), lu_half_add(total[2], total[3]));
	return ways == 2 ? lu_half_add(total[0], total[1]) : total[0];
}

static float projected(const struct lu_inverted_residual *b, const struct lu_inverted_residual_fp16_parts *p,
		       const lu_half *wide, int64_t o)
{
	return (float)summed(b, p, wide, o) + p->project_bias[o];
}

#define NUMBER lu_half
#define PARTS lu_inverted_residual_fp16_parts
#define MULTIPLY_ADD lu_half_multiply_add
#define CLIP clip_half
#define REFERENCE lu_inverted_residual_fp16_reference
#include "nn/kernels/inverted_residual_reference.inc"

#else

size_t lu_inverted_residual_fp16_weights(const struct lu_inverted_residual *b)
{
	(void)b;
	return 0;
}

void lu_inverted_residual_fp16_pack(const struct lu_inverted_residual *b, const struct lu_inverted_residual_parts *from,
				    void *packed)
{
	(void)b, (void)from, (void)packed;
}

void lu_inverted_residual_fp16_reference(const struct lu_inverted_residual *b, const float *x, const float *shortcut,
					 float *y, void *scratch)
{
	(void)b, (void)x, (void)shortcut, (void)y, (void)scratch;
}

#endif
