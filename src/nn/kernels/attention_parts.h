/*
 * attention_parts.h: what the files of attention share: blocks of queries, and where things lie in the scratch.
 *
 * Keys and values of a head are copied once: keys transposed, both in panels of 32 columns (the last may have 16), depth x
 * 32 numbers behind each other. What is padded is zero.
 */
#ifndef LU_NN_KERNELS_ATTENTION_PARTS_H
#define LU_NN_KERNELS_ATTENTION_PARTS_H

#include "nn/kernels/attention.h"

enum {
	LU_ATTENTION_ROWS = 12, /* queries at once, at most */
	LU_ATTENTION_LANES = 16,
	LU_ATTENTION_PANEL = 32,
};

struct lu_attention_scratch {
	float *keys, *values; /* packed */
	float *queries; /* of a block, times the scale */
	float *scores, *results; /* of a block */
	int64_t scores_pitch, results_pitch;
};

struct lu_attention_scratch lu_attention_split(const struct lu_attention *a, void *scratch);

/* One head of one chip, from where its own queries, keys, values, mask (NULL: none) and results begin. */
typedef void lu_attention_head(const struct lu_attention *a, const float *q, const float *k, const float *v,
			       const float *mask, float *y, const struct lu_attention_scratch *scratch);
/* Every head of every chip, one after the other. */
void lu_attention_heads(const struct lu_attention *a, lu_attention_head *one, const float *q, const float *k,
			const float *v, const float *mask, float *y, void *scratch);

/* As many blocks as needed, of sizes as equal as can be: queries of block 'at' from '*first' on. */
int64_t lu_attention_blocks(const struct lu_attention *a);
int lu_attention_block(const struct lu_attention *a, int64_t at, int64_t *first);

#endif
