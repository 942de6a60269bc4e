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

/* As many blocks as needed, of sizes as equal as can be: queries of block 'at' from '*first' on. */
int64_t lu_attention_blocks(const struct lu_attention *a);
int lu_attention_block(const struct lu_attention *a, int64_t at, int64_t *first);

#endif
