/*
 * attention.h: y = softmax(scale q k' + mask) v, for each head by itself.
 *
 * The scores of a few queries with all keys are made, turned into weights and used while they are in the first cache: the
 * whole matrix of scores never is. Operands lie anywhere: heads of a product that made q, k and v of all heads at once are
 * read where they are, and results written where the next product reads them.
 *
 * A query's result depends on the operands alone, not on the queries beside it. A NaN among its scores makes it NaN; minus
 * infinity takes a key out, and a query without any key is NaN, as in softmax(-inf, -inf).
 */
#ifndef LU_NN_KERNELS_ATTENTION_H
#define LU_NN_KERNELS_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of an operand, in floats. */
struct lu_attention_strides {
	int64_t chip, head, row, column;
};

struct lu_attention {
	int64_t chips, heads, queries, keys;
	int64_t depth; /* numbers of a query and of a key */
	int64_t width; /* of a value and a result */
	int64_t group; /* heads that share keys and values, 1 as a rule */
	float scale;
	struct lu_attention_strides q, k, v, y;
	struct lu_attention_strides mask; /* 0 where one does for all */
	/* Only the reference kernel of the operator has these. */
	bool causal; /* query i sees keys 0 to i */
	float softcap; /* scores become softcap tanh(score / softcap); 0: they do not */
};

/* Does a kernel take it? y.column must be 1, and mask.column as well where there is a mask. */
bool lu_attention_fits(const struct lu_attention *a, bool mask);
size_t lu_attention_scratch(const struct lu_attention *a);

/* 'mask' is added to scores; NULL: none. 'scratch' is 64-byte aligned. */
typedef void lu_attention_run(const struct lu_attention *a, const float *q, const float *k, const float *v,
			      const float *mask, float *y, void *scratch);

/* Plain C that compilers make something of on any processor. */
lu_attention_run lu_attention_plain;

/* The kernel for this processor, which differs from the plain one in rounding only, or NULL where there is none. */
lu_attention_run *lu_attention_kernel(void);

#endif
