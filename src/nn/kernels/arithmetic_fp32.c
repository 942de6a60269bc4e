/*
 * arithmetic_fp32.c: see arithmetic_fp32.h.
 *
 * The last axis is a loop that the compiler makes wide: both operands go on by one, or one of them stays. Other strides
 * are rare, and walked.
 */
#include "nn/kernels/arithmetic_fp32.h"

#include "nn/kernels/clones.h"

void lu_arithmetic_axis(struct lu_arithmetic *m, int64_t size, int64_t a, int64_t b)
{
	const int last = m->rank - 1;

	if (size == 1)
		return;
	if (last >= 0 && m->a[last] == a * size && m->b[last] == b * size) {
		m->size[last] *= size;
		m->a[last] = a;
		m->b[last] = b;
		return;
	}
	m->size[m->rank] = size;
	m->a[m->rank] = a;
	m->b[m->rank++] = b;
}

static inline __attribute__((always_inline)) float apply(enum lu_arithmetic_kind kind, float a, float b)
{
	switch (kind) {
	case LU_ARITHMETIC_ADD:
		return a + b;
	case LU_ARITHMETIC_SUB:
		return a - b;
	case LU_ARITHMETIC_MUL:
		return a * b;
	default:
		return a / b;
	}
}

static inline __attribute__((always_inline)) void row(enum lu_arithmetic_kind kind, int64_t n, const float *a,
						      int64_t by_a, const float *b, int64_t by_b, float *restrict y)
{
	if (by_a == 1 && by_b == 1)
		for (int64_t i = 0; i < n; i++)
			y[i] = apply(kind, a[i], b[i]);
	else if (by_a == 1 && by_b == 0)
		for (int64_t i = 0; i < n; i++)
			y[i] = apply(kind, a[i], *b);
	else if (by_a == 0 && by_b == 1)
		for (int64_t i = 0; i < n; i++)
			y[i] = apply(kind, *a, b[i]);
	else
		for (int64_t i = 0; i < n; i++)
			y[i] = apply(kind, a[i * by_a], b[i * by_b]);
}

/* A function for each kind, so that its loops know what they do. */
#define ROW(name, kind)                                                                                                \
	LU_CLONES static void name(int64_t n, const float *a, int64_t by_a, const float *b, int64_t by_b, float *y)    \
	{                                                                                                              \
		row(kind, n, a, by_a, b, by_b, y);                                                                     \
	}
ROW(add_row, LU_ARITHMETIC_ADD)
ROW(sub_row, LU_ARITHMETIC_SUB)
ROW(mul_row, LU_ARITHMETIC_MUL)
ROW(div_row, LU_ARITHMETIC_DIV)

void lu_arithmetic_run(const struct lu_arithmetic *m, const float *a, const float *b, float *y)
{
	static void (*const rows[])(int64_t, const float *, int64_t, const float *, int64_t,
				    float *) = {add_row, sub_row, mul_row, div_row};
	const int last = m->rank - 1;
	const int64_t n = last < 0 ? 1 : m->size[last];
	int64_t at[LU_ARITHMETIC_RANK] = {0};

	a += m->a_shift;
	b += m->b_shift;
	for (;;) {
		int axis = last - 1;

		rows[m->kind](n, a, last < 0 ? 0 : m->a[last], b, last < 0 ? 0 : m->b[last], y);
		y += n;
		for (; axis >= 0; axis--) {
			a += m->a[axis];
			b += m->b[axis];
			if (++at[axis] < m->size[axis])
				break;
			a -= m->a[axis] * m->size[axis];
			b -= m->b[axis] * m->size[axis];
			at[axis] = 0;
		}
		if (axis < 0)
			return;
	}
}
