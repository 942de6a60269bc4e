/*
 * op.h: an operator as a node of a graph knows it: a row of the operator table (ops.h).
 */
#ifndef LU_NN_GRAPH_OP_H
#define LU_NN_GRAPH_OP_H

#include "base/error.h"

struct lu_call;

enum lu_op_flags {
	LU_OP_SHAPE_ONLY = 1, /* reads its input's shape, never its data */
	LU_OP_VIEW = 2, /* output has the elements of input 0 in the same order */
};

struct lu_op {
	const char *name;
	const char *domain; /* "" or "ai.onnx.ml" */
	int since, until; /* opsets, both included */
	int in_min, in_max, out_max;
	/* Attributes it knows, each with its kind: "I:pads i:group s:auto_pad". */
	const char *attributes;
	/*
	 * Does it keep the chips (axis 0 of every input and output that is not constant) apart? Where
	 * not, or where it cannot tell (NULL: never), chips are run one at a time. Asked with shapes known.
	 */
	bool (*apart)(const struct lu_call *call);
	unsigned flags;
	enum lu_status (*rule)(struct lu_call *call, struct lu_error *err);
	void (*kernel)(struct lu_call *call);
};

#endif
