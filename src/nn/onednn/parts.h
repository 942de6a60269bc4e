/*
 * parts.h: what the files of the oneDNN engine share.
 *
 * oneDNN's convolutions want blocked layouts (16 channels side by side). Each value of the graph is
 * held in the layout its maker chose; a reorder step stands only where a reader wants another one. Every
 * primitive takes its scratch memory from us, so that sessions allocate nothing of size while running.
 *
 * A layout is a 'const_dnnl_memory_desc_t' that the plan owns. NULL is one that there was no memory for: whatever
 * makes a buffer or a step of it fails.
 */
#ifndef LU_NN_ONEDNN_PARTS_H
#define LU_NN_ONEDNN_PARTS_H

#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/onednn/api.h"

/* A value in a layout: where it is, while the graph is lowered. */
struct lu_form {
	bool held;
	const_dnnl_memory_desc_t md;
	int buffer;
};

/*
 * A value as 8-bit integers in a layout: number = (q - zero) scale. 'scale' is 0 for a value that is those
 * integers itself; else it is float32, and is made so only when somebody wants it.
 */
struct lu_steps_form {
	bool held;
	const_dnnl_memory_desc_t md;
	int buffer;
	float scale;
	int zero;
};

/* A value as floats in the buffer of another one: element i, j, ... lies at shift + i strides[0] + j strides[1] + ... */
struct lu_places {
	bool held;
	int buffer;
	int64_t shift, strides[LU_MAX_RANK];
};

struct lu_onednn_lowering {
	struct lu_form *forms; /* by value: its layout if not plain, or beside plain */
	struct lu_steps_form *integers; /* by value */
	struct lu_places *places; /* by value */
	int threads; /* OpenMP's number before we set it to one */
	bool *done; /* by node: lowered with an earlier one */
};

/* An argument of a primitive: DNNL_ARG_..., and the memory it lies in. */
struct lu_onednn_arg {
	int arg;
	const_dnnl_memory_desc_t md;
	int buffer;
	size_t shift_bytes; /* the tensor starts this far into its buffer */
};

#define LU_ONEDNN_MAX_ARGS 72 /* Concat has the most: its inputs, output and scratch */

/* The state of a step: a primitive, shared by all sessions, and its arguments. */
struct lu_onednn_op {
	dnnl_primitive_t primitive;
	int n_args, first_arg; /* its arguments' place among all of the plan */
	struct lu_onednn_arg *args;
	struct lu_onednn_op *next;
};

/* A layout that the plan owns. */
struct lu_onednn_layout {
	dnnl_memory_desc_t md;
	struct lu_onednn_layout *next;
};

/* plan->engine_state */
struct lu_onednn_plan {
	dnnl_engine_t engine;
	struct lu_onednn_layout *layouts; /* newest first */
	struct lu_onednn_op *ops; /* newest first */
	int n_args;
};

/*
 * What a call of oneDNN that creates a primitive's descriptor has returned, as our status; '*pd' is NULL on LU_OK where
 * oneDNN has no such primitive, and the caller leaves the node to the reference. 'attr' is destroyed.
 */
enum lu_status lu_onednn_created(dnnl_status_t created, dnnl_primitive_attr_t attr, dnnl_primitive_desc_t *pd,
				 struct lu_error *err);

/* A failed call of oneDNN as our error; DNNL's words are few. */
enum lu_status lu_onednn_status(dnnl_status_t status, const char *what, struct lu_error *err);
#define LU_ONEDNN(call) lu_onednn_status((call), #call, err)

/* What fails where a layout is NULL. */
enum lu_status lu_onednn_no_layout(struct lu_error *err);

dnnl_engine_t lu_onednn_engine(const struct lu_lowering *l);

/* Give the plan a layout that a call of oneDNN has made with this status, or a copy of a primitive's. */
const_dnnl_memory_desc_t lu_onednn_keep(struct lu_lowering *l, dnnl_status_t made, dnnl_memory_desc_t md);
const_dnnl_memory_desc_t lu_onednn_queried(struct lu_lowering *l, const_dnnl_primitive_desc_t pd, dnnl_query_t what);

/* The dense row-major layout of a shape (scalars become one-element vectors), and "any layout, you choose". */
const_dnnl_memory_desc_t lu_onednn_plain_md(struct lu_lowering *l, const struct lu_shape *shape);
const_dnnl_memory_desc_t lu_onednn_plain_of(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type);
/* The layout of a tag, and of strides. */
const_dnnl_memory_desc_t lu_onednn_tagged(struct lu_lowering *l, int rank, const dnnl_dims_t dims,
					  dnnl_data_type_t type, dnnl_format_tag_t tag);
const_dnnl_memory_desc_t lu_onednn_strided(struct lu_lowering *l, int rank, const dnnl_dims_t dims,
					   dnnl_data_type_t type, const dnnl_dims_t strides);
const_dnnl_memory_desc_t lu_onednn_any_md(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type);
/* The same layout with elements of another type; the plain one where oneDNN has no words for it. */
const_dnnl_memory_desc_t lu_onednn_retype(struct lu_lowering *l, const_dnnl_memory_desc_t md, dnnl_data_type_t type);
/*
 * Strides of a layout that needs no blocks to describe it; false where it does. A block of 16 channels
 * is no block when there are no others, or when they lie right behind each other.
 */
bool lu_onednn_strides(const_dnnl_memory_desc_t md, int64_t strides[DNNL_MAX_NDIMS]);
/* Does every element lie at the same place in both layouts, whatever they are called? */
bool lu_onednn_same_bytes(const_dnnl_memory_desc_t a, const_dnnl_memory_desc_t b);
/* The element type in which convolutions and products compute: f32 or bf16. Plain values are always f32. */
dnnl_data_type_t lu_onednn_type(const struct lu_lowering *l);

/* A new buffer for a value in layout 'md'. */
enum lu_status lu_onednn_buffer(struct lu_lowering *l, const_dnnl_memory_desc_t md, int *buffer, struct lu_error *err);
/* The layout and buffer a value is in now. */
enum lu_status lu_onednn_form(struct lu_lowering *l, int value, struct lu_form *form, struct lu_error *err);
/* The value in layout 'md', by a reorder step if need be. */
enum lu_status lu_onednn_want(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int *buffer,
			      struct lu_error *err);
/* A new buffer for a value that a step makes in layout 'md'. */
enum lu_status lu_onednn_make(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int *buffer,
			      struct lu_error *err);
/* Say that a step makes the value in this buffer. */
void lu_onednn_hold(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int buffer);
/* May the present node overwrite 'buffer', which holds 'value'? */
bool lu_onednn_may_overwrite(const struct lu_lowering *l, int value, int buffer);

/*
 * Append a step that runs the primitive of 'pd' on 'args'; the scratchpad is added here. 'pd' is
 * destroyed in any case. 'node' is NULL behind the last node. What is an output argument is told by its DNNL_ARG_DST.
 */
enum lu_status lu_onednn_step(struct lu_lowering *l, const struct lu_node *node, const char *what,
			      dnnl_primitive_desc_t pd, const struct lu_onednn_arg *args, int n_args,
			      struct lu_error *err);

/*
 * The common case of one in and one out: the source in its present form, the result as the primitive likes it, in the
 * source's memory if 'in_place' and that may be overwritten.
 */
enum lu_status lu_onednn_step_of_one(struct lu_lowering *l, const struct lu_node *node, dnnl_primitive_desc_t pd,
				     const struct lu_form *src, bool in_place, struct lu_error *err);

/* Pack constant floats from layout 'from' to layout 'to' while planning; the buffer that holds them. */
enum lu_status lu_onednn_pack(struct lu_lowering *l, const float *data, const_dnnl_memory_desc_t from,
			      const_dnnl_memory_desc_t to, int *buffer, struct lu_error *err);

/* Attributes with our scratchpad mode, an optional sum, and the activation. Destroy after use; NULL on failure. */
enum lu_status lu_onednn_attr(const struct lu_fused *fused, bool sum, dnnl_primitive_attr_t *attr,
			      struct lu_error *err);

/* session.c: what struct lu_engine asks of a running engine, and the step that runs a primitive. */
enum lu_status lu_onednn_run(const struct lu_step *step, struct lu_session *session, struct lu_error *err);
enum lu_status lu_onednn_session_new(struct lu_session *session, struct lu_error *err);
void lu_onednn_session_free(struct lu_session *session);
enum lu_status lu_onednn_enter(struct lu_session *session, struct lu_error *err);
void lu_onednn_leave(struct lu_session *session);

/* A step that copies 'from' into layout and type 'to'. */
enum lu_status lu_onednn_reorder(struct lu_lowering *l, const struct lu_form *from, const_dnnl_memory_desc_t to,
				 int buffer, struct lu_error *err);
/* Does the processor (as ONEDNN_MAX_CPU_ISA caps it) have all of 'isa'? */
bool lu_onednn_has(dnnl_cpu_isa_t isa);

/* Constant weights of a Conv as oneDNN sees them: outputs x inputs x kernel, with groups in front. */
const_dnnl_memory_desc_t lu_onednn_conv_weights(struct lu_lowering *l, const struct lu_shape *shape, int64_t group);
/* The primitive of a Conv over a source of this layout and type, which weights have as well; its result is of 'type'. */
enum lu_status lu_onednn_conv_pd(struct lu_lowering *l, const struct lu_node *node, const struct lu_window *w,
				 const_dnnl_memory_desc_t src, dnnl_data_type_t type, dnnl_primitive_desc_t *pd,
				 struct lu_error *err);

/* The primitive of a pool over a source of this layout and type; '*pd' is NULL where oneDNN's is another pool. */
enum lu_status lu_onednn_pool_pd(struct lu_lowering *l, const struct lu_node *node, const_dnnl_memory_desc_t src,
				 dnnl_primitive_desc_t *pd, struct lu_error *err);

/* Make l->plain[value] of a value that is held otherwise: what struct lu_engine asks. */
enum lu_status lu_onednn_plain(struct lu_lowering *l, int value, struct lu_error *err);

/* The grid of a QuantizeLinear or DequantizeLinear with one constant scale; its integers' type. */
struct lu_onednn_point {
	float scale;
	int zero, low, high; /* of the type */
	dnnl_data_type_t type;
};

/* Append a step that makes integers on the grid 'p' of the floats in buffer 'in', or the other way; both are in layout 'md'. */
enum lu_status lu_onednn_convert(struct lu_lowering *l, const struct lu_onednn_point *p, const_dnnl_memory_desc_t md,
				 int in, int out, bool to_integers, struct lu_error *err);
/* Make a float32 form, or a plain buffer of integers, of a value that is held as integers. */
enum lu_status lu_onednn_from_integers(struct lu_lowering *l, int value, struct lu_error *err);

/* Where a value's floats lie: as it is held if strides can tell that, else plain. */
enum lu_status lu_onednn_find_places(struct lu_lowering *l, int value, struct lu_places *p, struct lu_error *err);
/* Make a plain copy of a value that is held as places. */
enum lu_status lu_onednn_from_places(struct lu_lowering *l, int value, struct lu_error *err);

/* Lower a node, or leave '*taken' false. */
typedef enum lu_status lu_onednn_lower(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				       struct lu_error *err);
lu_onednn_lower lu_onednn_conv, lu_onednn_product; /* products.c */
lu_onednn_lower lu_onednn_pool, lu_onednn_batch_norm, lu_onednn_lrn, lu_onednn_softmax; /* layers.c */
lu_onednn_lower lu_onednn_layer_norm;
lu_onednn_lower lu_onednn_move; /* move.c: Slice and Pad, of floats or integers */
lu_onednn_lower lu_onednn_pixels; /* pixels.c: any node; takes a convolution of the chip's bytes */
lu_onednn_lower lu_onednn_conv_fp16; /* conv_fp16.c: any node; takes convolutions under fp16 */
lu_onednn_lower lu_onednn_winograd; /* winograd.c: any node; takes 3x3 convolutions where that pays */
lu_onednn_lower lu_onednn_int8; /* int8.c: any node; takes those it can run in integers */
lu_onednn_lower lu_onednn_eltwise, lu_onednn_binary; /* elements.c */
lu_onednn_lower lu_onednn_concat, lu_onednn_transpose; /* order.c */
lu_onednn_lower lu_onednn_arithmetic; /* arithmetic.c */
lu_onednn_lower lu_onednn_reduce; /* reduce.c */
lu_onednn_lower lu_onednn_places; /* places.c: any node; takes those that move nothing */
lu_onednn_lower lu_onednn_pieces; /* and Concats of such values */
lu_onednn_lower lu_onednn_copy_pieces; /* or of any floats, into a plain one */
lu_onednn_lower lu_onednn_attention, lu_onednn_gate;

/* These take nodes behind this one along, and note them in struct lu_onednn_lowering's 'done'. */
lu_onednn_lower lu_onednn_inverted_residual, lu_onednn_depthwise, lu_onednn_join, lu_onednn_pointwise;

#endif
#endif
