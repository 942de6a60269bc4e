/*
 * own.h: which convolutions kernels of our own may take, and in what form they get them.
 */
#ifndef LU_NN_ONEDNN_OWN_H
#define LU_NN_ONEDNN_OWN_H

#include "nn/onednn/parts.h"

#ifdef LU_WITH_ONEDNN

#include "nn/kernels/clip.h"
#include "nn/ops/infer.h"

/* Only float32, and only where neither the processor nor ONEDNN_MAX_CPU_ISA is against AVX-512. */
bool lu_own_may_run(const struct lu_lowering *l);
/* May a kernel of fp16 take this node (NULL: nothing to take)? By precision, and where fp16 suits its weights and bias. */
bool lu_own_fp16(const struct lu_lowering *l, const struct lu_node *node);
/*
 * The type in which a Conv had best leave its result: float32 where its one reader is an inverted residual, whose tensors are, else
 * the precision's.
 */
dnnl_data_type_t lu_own_result_type(const struct lu_lowering *l, const struct lu_node *node);
/* A two-dimensional square Conv of float32 with constant finite weights (zeros must stay zeros), and its window. */
bool lu_own_conv(const struct lu_lowering *l, const struct lu_node *node, int64_t kernel, struct lu_window *window);
/* Such a Conv of single pixels; and one that takes each of its channels, a multiple of 16, by itself, by 1 or 2. */
bool lu_own_pointwise(const struct lu_lowering *l, const struct lu_node *node);
bool lu_own_by_channel(const struct lu_lowering *l, const struct lu_node *node, int64_t kernel,
		       struct lu_window *window);
/* The activation as a range; false where it is none. */
bool lu_own_clip(const struct lu_fused *fused, struct lu_clip_range *range);
/* The constant numbers of an input; NULL where node or input is not there. */
const float *lu_own_floats(const struct lu_lowering *l, const struct lu_node *node, int input);
/* Rows x columns x channels. */
const_dnnl_memory_desc_t lu_own_channels_last(struct lu_lowering *l, const struct lu_shape *shape);

/* One or more convolutions with a kernel of ours: its name, the step's state and function, and the bytes it needs. */
struct lu_own_step {
	const char *kernel, *op; /* 'op' NULL: the node's */
	const struct lu_node *last; /* makes the result and takes the addend; NULL: the node itself */
	const struct lu_node *beside; /* whose image it reads, too, instead of the addend of the last; NULL: none */
	const struct lu_node *mean; /* whose result it makes, too, of one number a channel; NULL: none */
	double flop; /* 0: the node's */
	void *state;
	enum lu_status (*run)(const struct lu_step *step, struct lu_session *session, struct lu_error *err);
	size_t weights, scratch;
	bool planar; /* wants its image as it comes, not channels-last */
	bool in_place; /* its result may lie where its addend does, if nobody needs that any more */
};

/* Append the step from 'node' on: image, packed weights and any addend to a result, channels-last. '*packed' is to be filled. */
enum lu_status lu_own_lower(struct lu_lowering *l, const struct lu_node *node, const struct lu_own_step *own,
			    void **packed, struct lu_error *err);

/* What such a step gives its kernel. */
struct lu_own_memory {
	const float *x, *shortcut; /* NULL: none; the image of the node beside where there is one */
	float *y;
	void *scratch;
};
struct lu_own_memory lu_own_memory(const struct lu_step *step, const struct lu_session *session);

#endif
#endif
