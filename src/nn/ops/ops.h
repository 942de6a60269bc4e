/*
 * ops.h: the operators landuse runs, one row each.
 *
 * A row says name, opsets, number of inputs and outputs, attributes, shape rule and reference
 * kernel. Adding an operator is adding a row to table.c and its functions to the file of its family.
 * Rule and kernel are handed the same struct lu_call:
 *
 *	rule	in[i]->type and ->shape are known; ->data is NULL unless the input is constant.
 *		It checks what it is given and sets out[i]->type and ->shape (and scratch_bytes).
 *	kernel	data is there on both sides; it computes, cannot fail, allocates nothing.
 *
 * in[i] is NULL where an optional input is left out, out[i] where nobody wants the output.
 * Reference kernels are the explanation: short and right. The engines have the fast ones.
 */
#ifndef LU_NN_OPS_OPS_H
#define LU_NN_OPS_OPS_H

#include "nn/graph/graph.h"
#include "nn/graph/op.h"

#define LU_MAX_CALL 64 /* inputs or outputs of one node, variadic ones included */

struct lu_call {
	const struct lu_graph *graph; /* for messages */
	const struct lu_node *node;
	int n_in, n_out;
	const struct lu_tensor *in[LU_MAX_CALL];
	struct lu_tensor *out[LU_MAX_CALL];
	size_t scratch_bytes; /* the rule asks */
	void *scratch; /* the kernel gets, aligned to LU_ALIGNMENT */
};

/* The row for an operator, or NULL. "ai.onnx" is "". */
const struct lu_op *lu_op_find(const char *domain, const char *name, int opset);
/* The whole table, for documentation and tests. */
const struct lu_op *lu_op_table(size_t *count);
/* The attribute's kind letter in the row, or 0 where it is unknown. */
char lu_op_attribute_kind(const struct lu_op *op, const char *name);

/* "FILE: node 'conv1' (Conv): ..." */
enum lu_status lu_call_fail(const struct lu_call *call, struct lu_error *err, enum lu_status status, const char *format,
			    ...) __attribute__((format(printf, 4, 5)));

/* Helpers for rules. */

/* The input is there, of the type, and within the ranks; else a failure that names it. */
enum lu_status lu_call_check(const struct lu_call *call, int i, enum lu_type type, int rank_min, int rank_max,
			     struct lu_error *err);
/* The constant integers of input 'i' (int32 or int64, rank at most 1), at most LU_MAX_RANK; '*count' -1 when left out. */
enum lu_status lu_call_ints(const struct lu_call *call, int i, int64_t ints[LU_MAX_RANK], int *count,
			    struct lu_error *err);
/* '*axis' += rank when negative; fails unless 0 <= *axis < rank. */
enum lu_status lu_call_axis(const struct lu_call *call, int rank, int64_t *axis, struct lu_error *err);
/* Axes from input 'i' or else the attribute 'axes', as flags; 'given' tells whether there were any. */
enum lu_status lu_call_axes(const struct lu_call *call, int i, int rank, bool axes[LU_MAX_RANK], bool *given,
			    struct lu_error *err);
/* The shape both broadcast to (ONNX: numpy's rule). */
enum lu_status lu_call_broadcast(const struct lu_call *call, const struct lu_shape *a, const struct lu_shape *b,
				 struct lu_shape *out, struct lu_error *err);
/* Set an output's type and shape; a NULL output is stepped over. */
void lu_call_out(struct lu_call *call, int i, enum lu_type type, const struct lu_shape *shape);

/* Windows over space, shared by Conv and the pools. Up to three spatial axes. */
#define LU_MAX_SPATIAL 3
struct lu_window {
	int rank; /* spatial axes */
	int64_t kernel[LU_MAX_SPATIAL], stride[LU_MAX_SPATIAL], dilation[LU_MAX_SPATIAL];
	int64_t begin[LU_MAX_SPATIAL], end[LU_MAX_SPATIAL]; /* padding */
	int64_t in[LU_MAX_SPATIAL], out[LU_MAX_SPATIAL];
};

/*
 * Read kernel_shape, strides, dilations, pads, auto_pad and ceil_mode of a node whose input is N x C x space
 * and whose kernel has 'kernel' (NULL: only the attribute says).
 */
enum lu_status lu_call_window(const struct lu_call *call, const struct lu_shape *input, const int64_t *kernel,
			      struct lu_window *window, struct lu_error *err);

/* Where a Slice starts and steps on each axis; false where it cannot be known. */
bool lu_slice_origin(const struct lu_call *call, int64_t start[LU_MAX_RANK], int64_t step[LU_MAX_RANK]);
/* Where the image of a Pad that adds zeros, and crops nothing, begins in its result; false for others. */
bool lu_pad_zeros(const struct lu_call *call, int64_t begin[LU_MAX_RANK]);

/* Apply the node's fused addend and activation to 'count' numbers; 'addend' is NULL or as long. */
void lu_fused_apply(const struct lu_fused *fused, float *y, const float *addend, int64_t count);
float lu_activate(const struct lu_fused *fused, float x);

#endif
