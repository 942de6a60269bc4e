/*
 * einsum.h: an Einsum's equation, read: which dimension of which operand has which letter.
 */
#ifndef LU_NN_OPS_EINSUM_H
#define LU_NN_OPS_EINSUM_H

#include "nn/ops/ops.h"

enum { LU_EINSUM_TERMS = 8, LU_EINSUM_LABELS = 24 };

/*
 * Labels are numbered; each stands for a letter, or for a dimension of "...". label[t] are those of term t's dimensions,
 * and the result's are in label[LU_EINSUM_TERMS].
 */
struct lu_einsum {
	int terms, labels;
	int rank[LU_EINSUM_TERMS + 1];
	int label[LU_EINSUM_TERMS + 1][LU_MAX_RANK];
	int64_t size[LU_EINSUM_LABELS];
};

/* Read the node's equation against the shapes of its inputs. */
enum lu_status lu_einsum_read(const struct lu_call *call, struct lu_einsum *einsum, struct lu_error *err);

/* How many products of elements the node adds up; its inputs' shapes are known. */
double lu_einsum_work(const struct lu_graph *graph, const struct lu_node *node);

#endif
