/*
 * attention.h: an Attention node as kernels see it.
 */
#ifndef LU_NN_OPS_ATTENTION_H
#define LU_NN_OPS_ATTENTION_H

#include "nn/kernels/attention.h"
#include "nn/ops/ops.h"

/* Sizes, and strides of dense operands. Fails where they do not go together, or are of a kind that landuse does not run. */
enum lu_status lu_attention_of(const struct lu_call *call, struct lu_attention *a, struct lu_error *err);

#endif
