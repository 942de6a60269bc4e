/*
 * pointwise_fp32_avx512.c: the pointwise convolution on AVX-512: 14 pixels by 32 outputs at once.
 *
 * A block of pixels is brought together, 16 channels of 14 pixels one behind the other, so that neither strides nor rows that
 * lie a power of two apart matter; then each 32 outputs of it are made.
 *
 * What comes next is asked for while the present is multiplied: weights of the next 32 outputs, numbers of the next pixels, and
 * where results go. Layers read and write more than the caches hold, and otherwise wait: ResNet-50's 1x1 convolutions ran at 179
 * GFLOP/s within the network where they ran at 203 when repeated, with the peak at 215 to 235.
 */
#include "nn/kernels/pointwise_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <assert.h>
#include <stdbool.h>

#include "nn/kernels/product_avx512.h"

#define AVX512 LU_AVX512
#define INLINE LU_AVX512_INLINE

enum { GROUP = LU_POINTWISE_GROUP, PANEL = LU_POINTWISE_PANEL };
_Static_assert(GROUP == (int)LU_PRODUCT_ROWS && PANEL == (int)LU_PRODUCT_OUTPUTS, "the product's");

/* What a group makes. */
struct to {
	const float *bias, *shortcut; /* NULL: none */
	float *y;
	int64_t across; /* from a pixel to the next */
	int pixels; /* that are there */
	struct lu_clip_range clip;
};

/* max(low, x) is x where x is NaN: the second operand comes through. */
INLINE __m512 clip(__m512 x, struct lu_clip_range range)
{
	return _mm512_min_ps(_mm512_set1_ps(range.high), _mm512_max_ps(_mm512_set1_ps(range.low), x));
}

/* 'n' pixels by 16 or 32 outputs. */
INLINE void multiply(int n, int vectors, int64_t depth, const float *x, const float *w, const struct to *to,
		     const struct lu_ahead *ahead)
{
	__m512 sum[2 * GROUP];

#pragma GCC unroll 14
	for (int i = 0; i < n; i++)
#pragma GCC unroll 2
		for (int v = 0; v < vectors; v++) {
			sum[i * vectors + v] = _mm512_load_ps(to->bias + 16 * v);
			if (i < to->pixels)
				_mm_prefetch((const char *)(to->y + i * to->across + 16 * v), _MM_HINT_T1);
			if (i < to->pixels && to->shortcut != NULL)
				_mm_prefetch((const char *)(to->shortcut + i * to->across + 16 * v), _MM_HINT_T1);
		}
	lu_product(n, vectors, false, depth, x, GROUP * 16, w, ahead, sum);
#pragma GCC unroll 14
	for (int i = 0; i < n; i++) {
		if (i >= to->pixels)
			break;
#pragma GCC unroll 2
		for (int v = 0; v < vectors; v++) {
			const int64_t place = i * to->across + 16 * v;
			__m512 result = sum[i * vectors + v];

			if (to->shortcut != NULL)
				result = _mm512_add_ps(result, _mm512_loadu_ps(to->shortcut + place));
			_mm512_storeu_ps(to->y + place, clip(result, to->clip));
		}
	}
}

AVX512 static void multiply_group(int vectors, int64_t depth, const float *x, const float *w, const struct to *to,
				  const struct lu_ahead *ahead)
{
#define CASE(n)                                                                                                        \
	if (to->pixels > (n)-4 && to->pixels <= (n)) {                                                                 \
		if (vectors == 2)                                                                                      \
			multiply(n, 2, depth, x, w, to, ahead);                                                        \
		else                                                                                                   \
			multiply(n, 1, depth, x, w, to, ahead);                                                        \
		return;                                                                                                \
	}
	CASE(14)
	CASE(10)
	CASE(6)
	CASE(2)
#undef CASE
	assert(0);
}

/* A pixel of the results, and where it has its numbers in an image. */
struct place {
	int64_t row, column; /* of the result */
	const float *chip, *numbers;
};

static struct place find(const struct lu_pointwise *c, const struct lu_pointwise_image *m, const float *x, int64_t at)
{
	const int64_t area = c->out_height * c->out_width;
	struct place p = {.numbers = x + at * m->channels};

	if (m->stride == 1)
		return p;
	p.row = at % area / c->out_width;
	p.column = at % c->out_width;
	p.chip = x + at / area * m->height * m->width * m->channels;
	p.numbers = p.chip + (p.row * m->width + p.column) * m->stride * m->channels;
	return p;
}

/* To the pixel behind it, without a division. */
static void step(const struct lu_pointwise *c, const struct lu_pointwise_image *m, struct place *p)
{
	p->numbers += m->stride * m->channels;
	if (m->stride == 1 || ++p->column < c->out_width)
		return;
	p->column = 0;
	if (++p->row == c->out_height) {
		p->row = 0;
		p->chip += m->height * m->width * m->channels;
	}
	p->numbers = p->chip + p->row * m->stride * m->width * m->channels;
}

/* The numbers of 'n' pixels from 'at' on, of all images: 16 channels of 14 pixels at a time, zeros where there are fewer. */
AVX512 static void take(const struct lu_pointwise *c, const float *const x[], int64_t at, int n, float *to)
{
	for (int i = 0; i < c->images; i++) {
		const struct lu_pointwise_image *m = &c->image[i];
		struct place from = find(c, m, x[i], at);

		for (int j = 0; j < GROUP; j++) {
			for (int64_t k = 0; k < m->channels; k += 16)
				_mm512_store_ps(to + k * GROUP + 16 * j,
						j < n ? _mm512_loadu_ps(from.numbers + k) : _mm512_setzero_ps());
			if (j + 1 < n)
				step(c, m, &from);
		}
		to += m->channels * GROUP;
	}
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Ask for the numbers of the group from pixel 'at' on, of the image that has more of them. */
static void ask_for(const struct lu_pointwise *c, const float *const x[], int64_t at, struct lu_ahead *ahead)
{
	const int m = c->images > 1 && c->image[1].channels > c->image[0].channels ? 1 : 0;

	ahead->numbers = (const char *)find(c, &c->image[m], x[m], at).numbers;
	ahead->numbers_step = c->image[m].stride * c->image[m].channels * (int64_t)sizeof(float);
	ahead->numbers_block = 64;
}

/* 'n' pixels from 'first' on, of 'all'. */
static void run_block(const struct lu_pointwise *c, const float *const x[], const float *shortcut, float *y,
		      float *scratch, int64_t first, int64_t n, int64_t all)
{
	const int64_t depth = lu_pointwise_depth(c), groups = (n + GROUP - 1) / GROUP;
	const float *weights = c->weights, *bias = weights + depth * c->out_channels;
	const int64_t panels = (c->out_channels + PANEL - 1) / PANEL;
	int64_t call = 0;

	for (int64_t o = 0; o < c->out_channels; o += PANEL) {
		const int64_t next = o + PANEL < c->out_channels ? o + PANEL : 0;
		const int vectors = c->out_channels - o < PANEL ? 1 : 2;
		struct lu_ahead ahead = {.weights_step = lu_ahead_step(groups), .numbers = (const char *)scratch};

		for (int64_t g = 0; g < groups; g++, call++) {
			const int64_t at = first + g * GROUP, place = at * c->out_channels + o;
			float *numbers = scratch + g * GROUP * depth;
			const struct to to = {
				.bias = bias + o,
				.shortcut = shortcut != NULL ? shortcut + place : NULL,
				.y = y + place,
				.across = c->out_channels,
				.pixels = (int)smaller(n - g * GROUP, GROUP),
				.clip = c->clip,
			};

			if (o == 0)
				take(c, x, at, to.pixels, numbers);
			ahead.weights = (const char *)(weights + next * depth) + g * depth / 2 * ahead.weights_step;
			/* The groups of the next block one by one, evenly over this one; the first block's own. */
			if (first == 0 && o == 0 && g + 1 < groups)
				ask_for(c, x, at + GROUP, &ahead);
			else if (call % panels == 0 && first + n + call / panels * GROUP < all)
				ask_for(c, x, first + n + call / panels * GROUP, &ahead);
			else
				ahead.numbers_step = ahead.numbers_block = 0;
			multiply_group(vectors, depth, numbers, weights + o * depth, &to, &ahead);
		}
	}
}

static void run(const struct lu_pointwise *c, const float *const x[], const float *shortcut, float *y, void *scratch)
{
	const int64_t all = c->chips * c->out_height * c->out_width, block = lu_pointwise_block(c);

	assert(c->out_channels % 16 == 0 && lu_pointwise_depth(c) % 16 == 0);
	for (int64_t first = 0; first < all; first += block)
		run_block(c, x, shortcut, y, scratch, first, smaller(all - first, block), all);
}

lu_pointwise_run *lu_pointwise_kernel(void)
{
	return __builtin_cpu_supports("avx512f") ? run : NULL;
}

#else

lu_pointwise_run *lu_pointwise_kernel(void)
{
	return NULL;
}

#endif
