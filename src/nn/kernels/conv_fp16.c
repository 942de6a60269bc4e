/*
 * conv_fp16.c: the convolution in fp16: its weights, and the reference that says what is meant.
 *
 * The reference rounds where the kernel does, so that both have the same bits.
 */
#include "nn/kernels/conv_fp16_parts.h"

#ifdef LU_WITH_FP16

#include <stdbool.h>
#include <string.h>

enum { BLOCK = LU_CONV_BLOCK };

size_t lu_conv_fp16_weights(const struct lu_conv_fp16 *c)
{
	int64_t numbers = lu_conv_fp16_before(c, c->out_channels), blocks = (c->out_channels + BLOCK - 1) / BLOCK;

	return (size_t)((numbers + BLOCK - 1) / BLOCK * BLOCK) * sizeof(lu_half) +
	       (size_t)(blocks * BLOCK) * sizeof(float);
}

/* Where the weight of the i-th number of a run in a row of the window lies. */
static int64_t weight_place(const struct lu_conv_fp16 *c, int64_t o, int64_t row, int64_t i)
{
	int64_t first = o / BLOCK * BLOCK, ways = lu_conv_fp16_ways(c, first), run = lu_conv_fp16_of_run(c);

	return lu_conv_fp16_before(c, first) + row * run / ways * BLOCK + i / ways * BLOCK + (o - first) * ways +
	       i % ways;
}

void lu_conv_fp16_pack(const struct lu_conv_fp16 *c, const float *weights, const float *bias, void *packed)
{
	float *biases = (float *)packed + (lu_conv_fp16_bias(c, packed) - (const float *)packed);
	lu_half *to = packed;

	memset(packed, 0, lu_conv_fp16_weights(c));
	for (int64_t o = 0; o < c->out_channels; o++) {
		for (int64_t k = 0; k < c->in_channels; k++)
			for (int64_t tap = 0; tap < c->kernel * c->kernel; tap++)
				to[weight_place(c, o, tap / c->kernel, tap % c->kernel * c->in_channels + k)] =
					(lu_half)weights[(o * c->in_channels + k) * c->kernel * c->kernel + tap];
		biases[o] = bias != NULL ? bias[o] : 0;
		if (lu_conv_fp16_ways(c, o / BLOCK * BLOCK) == 4)
			biases[o + 8] = biases[o];
	}
}

/* The i-th number of the run that a result sees of a row. */
static lu_half seen(const struct lu_conv_fp16 *c, const float *chip, int64_t row, int64_t column, int64_t i)
{
	const int64_t channel = i % c->in_channels;

	column += i / c->in_channels;
	if (row < 0 || row >= c->in_height || column < 0 || column >= c->in_width)
		return 0;
	return (lu_half)(c->planar ? chip[(channel * c->in_height + row) * c->in_width + column]
				   : chip[(row * c->in_width + column) * c->in_channels + channel]);
}

/* The sum over what the result at a row and column sees: by lane, where several numbers lie side by side, and chunk. */
static lu_half sum_up(const struct lu_conv_fp16 *c, const float *chip, int64_t row, int64_t column, int64_t o)
{
	const int64_t run = lu_conv_fp16_of_run(c), ways = lu_conv_fp16_ways(c, o / BLOCK * BLOCK);
	const lu_half *w = c->weights;
	lu_half total[4] = {0};

	for (int64_t r = 0; r < c->kernel; r++)
		for (int64_t start = 0; start < run; start += LU_CONV_CHUNK * ways)
			for (int64_t lane = 0; lane < ways; lane++) {
				lu_half sum = 0;

				for (int64_t i = start + lane; i < run && i < start + LU_CONV_CHUNK * ways; i += ways)
					sum = lu_half_multiply_add(w[weight_place(c, o, r, i)],
								   seen(c, chip, row + r, column, i), sum);
				total[lane] = lu_half_add(total[lane], sum);
			}
	if (ways == 4)
		return lu_half_add(lu_half_add(total[0], total[1]), lu_half_add(total[2], total[3]));
	return ways == 2 ? lu_half_add(total[0], total[1]) : total[0];
}

void lu_conv_fp16_reference(const struct lu_conv_fp16 *c, const float *x, const float *shortcut, float *y,
			    void *scratch)
{
	const float *bias = lu_conv_fp16_bias(c, c->weights);
	const int64_t area = c->out_height * c->out_width;

	(void)scratch;
	for (int64_t at = 0; at < c->chips * area * c->out_channels; at++) {
		int64_t o = at % c->out_channels, pixel = at / c->out_channels % area;
		const float *chip = x + at / (area * c->out_channels) * c->in_height * c->in_width * c->in_channels;
		lu_half sum = sum_up(c, chip, pixel / c->out_width * c->stride - c->top,
				     pixel % c->out_width * c->stride - c->left, o);

		y[at] = lu_clip((float)sum + bias[o] + (shortcut != NULL ? shortcut[at] : 0), c->clip);
	}
}

#else

size_t lu_conv_fp16_weights(const struct lu_conv_fp16 *c)
{
	(void)c;
	return 0;
}

void lu_conv_fp16_pack(const struct lu_conv_fp16 *c, const float *weights, const float *bias, void *packed)
{
	(void)c, (void)weights, (void)bias, (void)packed;
}

void lu_conv_fp16_reference(const struct lu_conv_fp16 *c, const float *x, const float *shortcut, float *y,
			    void *scratch)
{
	(void)c, (void)x, (void)shortcut, (void)y, (void)scratch;
}

#endif
