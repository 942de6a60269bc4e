/*
 * engine.c: the oneDNN engine while a graph is lowered: layouts of values, primitives as steps.
 *
 * Primitives are made for one OpenMP thread: see session.c.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "nn/kernels/bottleneck_fp16.h"
#include "nn/onednn/engine.h"
#include "nn/onednn/parts.h"

enum lu_status lu_onednn_status(dnnl_status_t status, const char *what, struct lu_error *err)
{
	if (status == dnnl_success)
		return LU_OK;
	if (status == dnnl_out_of_memory)
		return lu_fail(err, LU_ERROR_MEMORY, "oneDNN: no memory (%.40s)", what);
	return lu_fail(err, LU_ERROR_UNSUPPORTED, "oneDNN: error %d in %.60s; try engine blas", (int)status, what);
}

enum lu_status lu_onednn_no_layout(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a plan");
}

static struct lu_onednn_plan *state(const struct lu_lowering *l)
{
	return l->plan->engine_state;
}

dnnl_engine_t lu_onednn_engine(const struct lu_lowering *l)
{
	return state(l)->engine;
}

/* Instruction sets are sets of bits; ONEDNN_MAX_CPU_ISA may cap them. */
bool lu_onednn_has(dnnl_cpu_isa_t isa)
{
	return (dnnl_get_effective_cpu_isa() & isa) == isa;
}

/* INT8 runs everywhere, if in float32. */
static const char *lacks(enum lu_precision precision)
{
	const bool short_floats = lu_onednn_has(dnnl_cpu_isa_avx512_core_bf16);

	if (precision == LU_PRECISION_BF16 && !short_floats)
		return "AVX512-BF16 or AMX";
	/* oneDNN's caps know no AVX512-FP16; its processors have AVX512-BF16. */
	if (precision == LU_PRECISION_FP16 && !(lu_bottleneck_fp16_kernel() && short_floats))
		return "AVX512-FP16";
	return NULL;
}

static enum lu_status begin(struct lu_lowering *l, struct lu_error *err)
{
	struct lu_onednn_lowering *data;
	struct lu_onednn_plan *plan;
	enum lu_status status;

	status = lu_alloc(&data, 1, sizeof(*data), "a plan", err);
	if (status != LU_OK)
		return status;
	l->engine_data = data;
	data->threads = omp_get_max_threads();
	omp_set_num_threads(1);
	status = lu_alloc(&data->forms, (size_t)l->graph->n_values, sizeof(*data->forms), "a plan", err);
	if (status == LU_OK)
		status = lu_alloc(&data->integers, (size_t)l->graph->n_values, sizeof(*data->integers), "a plan", err);
	if (status != LU_OK)
		return status;
	status = lu_lower_take(l, &data->done, (size_t)l->graph->n_nodes, sizeof(*data->done), err);
	if (status == LU_OK)
		status = lu_lower_take(l, &plan, 1, sizeof(*plan), err);
	if (status != LU_OK)
		return status;
	l->plan->engine_state = plan;
	return LU_ONEDNN(dnnl_engine_create(&plan->engine, dnnl_cpu, 0));
}

static void end(struct lu_lowering *l)
{
	struct lu_onednn_lowering *data = l->engine_data;

	if (!data)
		return;
	omp_set_num_threads(data->threads);
	lu_free(data->forms);
	lu_free(data->integers);
	lu_free(data);
}

static void plan_free(struct lu_plan *plan)
{
	struct lu_onednn_plan *own = plan->engine_state;

	if (!own)
		return;
	for (struct lu_onednn_op *op = own->ops; op; op = op->next)
		dnnl_primitive_destroy(op->primitive);
	for (struct lu_onednn_layout *layout = own->layouts; layout; layout = layout->next)
		dnnl_memory_desc_destroy(layout->md);
	dnnl_engine_destroy(own->engine);
}

const_dnnl_memory_desc_t lu_onednn_keep(struct lu_lowering *l, dnnl_status_t made, dnnl_memory_desc_t md)
{
	struct lu_onednn_layout *layout;
	struct lu_error ignored = {0};

	if (made != dnnl_success)
		return NULL;
	if (lu_lower_take(l, &layout, 1, sizeof(*layout), &ignored) != LU_OK) {
		dnnl_memory_desc_destroy(md);
		return NULL;
	}
	*layout = (struct lu_onednn_layout){md, state(l)->layouts};
	state(l)->layouts = layout;
	return lu_dnnl_view(&layout->md);
}

const_dnnl_memory_desc_t lu_onednn_queried(struct lu_lowering *l, const_dnnl_primitive_desc_t pd, dnnl_query_t what)
{
	dnnl_memory_desc_t md = {0};
	dnnl_status_t made = lu_dnnl_clone(&md, dnnl_primitive_desc_query_md(pd, what, 0));

	return lu_onednn_keep(l, made, md);
}

const_dnnl_memory_desc_t lu_onednn_tagged(struct lu_lowering *l, int rank, const dnnl_dims_t dims,
					  dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t md = {0};
	dnnl_status_t made = dnnl_memory_desc_create_with_tag(&md, rank, dims, type, tag);

	return lu_onednn_keep(l, made, md);
}

const_dnnl_memory_desc_t lu_onednn_strided(struct lu_lowering *l, int rank, const dnnl_dims_t dims,
					   dnnl_data_type_t type, const dnnl_dims_t strides)
{
	dnnl_memory_desc_t md = {0};
	dnnl_status_t made = dnnl_memory_desc_create_with_strides(&md, rank, dims, type, strides);

	return lu_onednn_keep(l, made, md);
}

const_dnnl_memory_desc_t lu_onednn_plain_of(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type)
{
	dnnl_dims_t dims = {1}, strides = {1};
	dnnl_dim_t step = 1;

	for (int i = shape->rank - 1; i >= 0; i--) {
		dims[i] = shape->dim[i];
		strides[i] = step;
		step *= shape->dim[i];
	}
	return lu_onednn_strided(l, shape->rank ? shape->rank : 1, dims, type, strides);
}

const_dnnl_memory_desc_t lu_onednn_plain_md(struct lu_lowering *l, const struct lu_shape *shape)
{
	return lu_onednn_plain_of(l, shape, dnnl_f32);
}

const_dnnl_memory_desc_t lu_onednn_any_md(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type)
{
	dnnl_dims_t dims = {1};

	for (int i = 0; i < shape->rank; i++)
		dims[i] = shape->dim[i];
	return lu_onednn_tagged(l, shape->rank ? shape->rank : 1, dims, type, dnnl_format_tag_any);
}

const_dnnl_memory_desc_t lu_onednn_retype(struct lu_lowering *l, const_dnnl_memory_desc_t md, dnnl_data_type_t type)
{
	struct lu_shape shape = {.rank = lu_dnnl_rank(md)};
	dnnl_memory_desc_t other = {0};
	dnnl_status_t made = lu_dnnl_retype(&other, md, type);

	if (made != dnnl_unimplemented || shape.rank > LU_MAX_RANK)
		return lu_onednn_keep(l, made, other);
	for (int i = 0; i < shape.rank; i++)
		shape.dim[i] = lu_dnnl_dims(md)[i];
	return lu_onednn_plain_of(l, &shape, type);
}

dnnl_data_type_t lu_onednn_type(const struct lu_lowering *l)
{
	return l->plan->precision == LU_PRECISION_BF16 ? dnnl_bf16 : dnnl_f32;
}

enum lu_status lu_onednn_created(dnnl_status_t created, dnnl_primitive_attr_t attr, dnnl_primitive_desc_t *pd,
				 struct lu_error *err)
{
	dnnl_primitive_attr_destroy(attr);
	if (created == dnnl_success)
		return LU_OK;
	*pd = NULL;
	return created == dnnl_unimplemented ? LU_OK : lu_onednn_status(created, "a primitive", err);
}

enum lu_status lu_onednn_buffer(struct lu_lowering *l, const_dnnl_memory_desc_t md, int *buffer, struct lu_error *err)
{
	return md ? lu_lower_buffer(l, dnnl_memory_desc_get_size(md), buffer, err) : lu_onednn_no_layout(err);
}

static struct lu_form *form_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->forms[value];
}

static const struct lu_steps_form *integers_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->integers[value];
}

enum lu_status lu_onednn_form(struct lu_lowering *l, int value, struct lu_form *form, struct lu_error *err)
{
	enum lu_status status;

	if (!form_of(l, value)->held && l->plain[value] < 0 && integers_of(l, value)->held) {
		status = lu_onednn_from_integers(l, value, err);
		if (status != LU_OK)
			return status;
	}
	*form = *form_of(l, value);
	if (form->held)
		return LU_OK;
	form->md = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);
	if (!form->md)
		return lu_onednn_no_layout(err);
	return lu_lower_plain(l, value, &form->buffer, err);
}

void lu_onednn_hold(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int buffer)
{
	const_dnnl_memory_desc_t plain = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);

	if (dnnl_memory_desc_equal(md, plain))
		l->plain[value] = buffer;
	else
		*form_of(l, value) = (struct lu_form){.held = true, .md = md, .buffer = buffer};
}

enum lu_status lu_onednn_make(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int *buffer,
			      struct lu_error *err)
{
	enum lu_status status = lu_onednn_buffer(l, md, buffer, err);

	if (status == LU_OK)
		lu_onednn_hold(l, value, md, *buffer);
	return status;
}

bool lu_onednn_may_overwrite(const struct lu_lowering *l, int value, int buffer)
{
	if (l->plan->buffers[buffer].kind != LU_BUFFER_ARENA || !lu_lower_is_last_use(l, value))
		return false;
	/* A view of it may be read later. */
	for (int i = 0; i < l->graph->n_values; i++)
		if (i != value &&
		    (l->plain[i] == buffer || (form_of(l, i)->held && form_of(l, i)->buffer == buffer) ||
		     (integers_of(l, i)->held && integers_of(l, i)->buffer == buffer)) &&
		    !lu_lower_is_last_use(l, i))
			return false;
	return true;
}

enum lu_status lu_onednn_step(struct lu_lowering *l, const struct lu_node *node, const char *what,
			      dnnl_primitive_desc_t pd, const struct lu_onednn_arg *args, int n_args,
			      struct lu_error *err)
{
	const_dnnl_memory_desc_t scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	struct lu_step step = {.what = node ? node->name : "outputs", .op = what, .scratch = -1, .run = lu_onednn_run};
	int in[LU_ONEDNN_MAX_ARGS], out[LU_ONEDNN_MAX_ARGS], n_in = 0, n_out = 0;
	struct lu_onednn_plan *plan = state(l);
	enum lu_status status;
	struct lu_onednn_op *op = NULL;

	status = lu_lower_take(l, &op, 1, sizeof(*op), err);
	if (status == LU_OK)
		status = lu_lower_take(l, &op->args, (size_t)n_args + 1, sizeof(*op->args), err);
	if (status == LU_OK)
		status = lu_pool_text(&l->graph->pool, &step.kernel, lu_dnnl_kernel(pd), strlen(lu_dnnl_kernel(pd)),
				      err);
	if (status == LU_OK && scratch && dnnl_memory_desc_get_size(scratch)) {
		scratch = lu_onednn_queried(l, pd, dnnl_query_scratchpad_md);
		status = lu_onednn_buffer(l, scratch, &step.scratch, err);
	}
	if (status != LU_OK)
		goto out;
	for (int i = 0; i < n_args; i++) {
		op->args[i] = args[i];
		if (!args[i].md)
			status = lu_onednn_no_layout(err);
		if (args[i].arg != DNNL_ARG_DST) {
			in[n_in++] = args[i].buffer;
			continue;
		}
		out[n_out++] = args[i].buffer;
		step.shape.rank = lu_dnnl_rank(args[i].md);
		for (int d = 0; d < step.shape.rank && d < LU_MAX_RANK; d++)
			step.shape.dim[d] = lu_dnnl_dims(args[i].md)[d];
	}
	op->n_args = n_args;
	if (step.scratch >= 0)
		op->args[op->n_args++] = (struct lu_onednn_arg){DNNL_ARG_SCRATCHPAD, scratch, step.scratch, 0};
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_primitive_create(&op->primitive, pd));
	if (status != LU_OK)
		goto out;
	op->first_arg = plan->n_args;
	plan->n_args += op->n_args;
	op->next = plan->ops;
	plan->ops = op;
	step.state = op;
	/* Helper steps (reorders) of a node do not count its work again. */
	step.flop = node && strcmp(what, node->op->name) == 0 ? lu_node_flop(l->graph, node) : 0;
	status = lu_lower_step(l, &step, in, n_in, out, n_out, err);
out:
	dnnl_primitive_desc_destroy(pd);
	return status;
}

/* Append a step that copies 'value' from one layout to another. */
enum lu_status lu_onednn_reorder(struct lu_lowering *l, const struct lu_form *from, const_dnnl_memory_desc_t to,
				 int buffer, struct lu_error *err)
{
	const struct lu_fused none = {.addend = -1};
	const struct lu_node *node = l->node < l->graph->n_nodes ? &l->graph->nodes[l->node] : NULL;
	const struct lu_onednn_arg args[] = {
		{DNNL_ARG_SRC, from->md, from->buffer, 0},
		{DNNL_ARG_DST, to, buffer, 0},
	};
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;

	status = lu_onednn_attr(&none, false, &attr, err);
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_reorder_primitive_desc_create(&pd, from->md, state(l)->engine, to,
								      state(l)->engine, attr));
	if (status == LU_OK)
		status = lu_onednn_step(l, node, "(reorder)", pd, args, 2, err);
	dnnl_primitive_attr_destroy(attr);
	return status;
}

bool lu_onednn_strides(const_dnnl_memory_desc_t md, int64_t strides[DNNL_MAX_NDIMS])
{
	const dnnl_dim_t *dims = lu_dnnl_dims(md);
	struct lu_blocks b;

	if (!lu_dnnl_blocks(md, &b) || b.count > 1)
		return false;
	for (int i = 0; i < lu_dnnl_rank(md); i++) {
		if (b.padded[i] != dims[i])
			return false;
		strides[i] = b.strides[i];
	}
	if (b.count == 1) {
		int axis = (int)b.axes[0];

		if (dims[axis] != b.sizes[0] && b.strides[axis] != b.sizes[0])
			return false;
		strides[axis] = 1;
	}
	return true;
}

bool lu_onednn_same_bytes(const_dnnl_memory_desc_t a, const_dnnl_memory_desc_t b)
{
	int64_t strides_a[DNNL_MAX_NDIMS], strides_b[DNNL_MAX_NDIMS];

	if (dnnl_memory_desc_equal(a, b))
		return true;
	if (lu_dnnl_type(a) != lu_dnnl_type(b) || lu_dnnl_rank(a) != lu_dnnl_rank(b) ||
	    !lu_onednn_strides(a, strides_a) || !lu_onednn_strides(b, strides_b))
		return false;
	for (int i = 0; i < lu_dnnl_rank(a); i++) {
		int64_t size = lu_dnnl_dims(a)[i];

		if (size != lu_dnnl_dims(b)[i] || (size > 1 && strides_a[i] != strides_b[i]))
			return false;
	}
	return true;
}

enum lu_status lu_onednn_want(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int *buffer,
			      struct lu_error *err)
{
	const_dnnl_memory_desc_t plain = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);
	enum lu_status status;
	struct lu_form form;

	if (dnnl_memory_desc_equal(md, plain))
		return lu_lower_plain(l, value, buffer, err);
	status = lu_onednn_form(l, value, &form, err);
	if (status != LU_OK)
		return status;
	*buffer = form.buffer;
	if (lu_onednn_same_bytes(md, form.md))
		return LU_OK;
	status = lu_onednn_buffer(l, md, buffer, err);
	if (status == LU_OK)
		status = lu_onednn_reorder(l, &form, md, *buffer, err);
	/* Later readers will probably want the same. */
	if (status == LU_OK && !form.held)
		lu_onednn_hold(l, value, md, *buffer);
	return status;
}

static enum lu_status plain(struct lu_lowering *l, int value, struct lu_error *err)
{
	const_dnnl_memory_desc_t md = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);
	enum lu_status status = LU_OK;
	struct lu_form from;
	int buffer;

	if (!form_of(l, value)->held) {
		status = lu_onednn_from_integers(l, value, err);
		if (status != LU_OK || l->plain[value] >= 0)
			return status;
	}
	from = *form_of(l, value);
	buffer = from.buffer;
	if (!lu_onednn_same_bytes(md, from.md)) {
		status = lu_onednn_buffer(l, md, &buffer, err);
		if (status == LU_OK)
			status = lu_onednn_reorder(l, &from, md, buffer, err);
	}
	if (status == LU_OK)
		l->plain[value] = buffer;
	return status;
}

static dnnl_status_t append_activation(dnnl_post_ops_t ops, const struct lu_fused *fused)
{
	dnnl_status_t status;

	switch (fused->activation) {
	case LU_ACTIVATION_NONE:
		return dnnl_success;
	case LU_ACTIVATION_RELU:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_relu, 0, 0);
	case LU_ACTIVATION_CLIP:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_clip, fused->alpha, fused->beta);
	case LU_ACTIVATION_LEAKY_RELU:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_relu, fused->alpha, 0);
	case LU_ACTIVATION_SIGMOID:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_logistic, 0, 0);
	case LU_ACTIVATION_HARD_SIGMOID:
		status = lu_dnnl_append_eltwise(ops, dnnl_eltwise_linear, fused->alpha, fused->beta);
		if (status != dnnl_success)
			return status;
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_clip, 0, 1);
	case LU_ACTIVATION_HARD_SWISH:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_hardswish, 1.0f / 6, 0.5f);
	case LU_ACTIVATION_SWISH:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_swish, 1, 0);
	case LU_ACTIVATION_GELU:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_gelu_erf, 0, 0);
	case LU_ACTIVATION_TANH:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_tanh, 0, 0);
	case LU_ACTIVATION_ELU:
		return lu_dnnl_append_eltwise(ops, dnnl_eltwise_elu, fused->alpha, 0);
	}
	return dnnl_unimplemented;
}

enum lu_status lu_onednn_attr(const struct lu_fused *fused, bool sum, dnnl_primitive_attr_t *attr, struct lu_error *err)
{
	dnnl_post_ops_t ops = NULL;
	enum lu_status status;

	*attr = NULL;
	status = LU_ONEDNN(dnnl_primitive_attr_create(attr));
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user));
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_post_ops_create(&ops));
	if (status == LU_OK && sum)
		status = LU_ONEDNN(lu_dnnl_append_sum(ops, 1, dnnl_data_type_undef));
	if (status == LU_OK)
		status = LU_ONEDNN(append_activation(ops, fused));
	if (status == LU_OK)
		status = LU_ONEDNN(dnnl_primitive_attr_set_post_ops(*attr, ops));
	dnnl_post_ops_destroy(ops);
	if (status != LU_OK) {
		dnnl_primitive_attr_destroy(*attr);
		*attr = NULL;
	}
	return status;
}

static enum lu_status lower(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	static const struct {
		const char *op;
		lu_onednn_lower *lower;
	} ways[] = {
		{"Conv", lu_onednn_conv},
		{"Gemm", lu_onednn_product},
		{"MatMul", lu_onednn_product},
		{"MaxPool", lu_onednn_pool},
		{"AveragePool", lu_onednn_pool},
		{"GlobalAveragePool", lu_onednn_pool},
		{"GlobalMaxPool", lu_onednn_pool},
		{"BatchNormalization", lu_onednn_batch_norm},
		{"LayerNormalization", lu_onednn_layer_norm},
		{"LRN", lu_onednn_lrn},
		{"Softmax", lu_onednn_softmax},
		{"Concat", lu_onednn_concat},
		{"Add", lu_onednn_binary},
		{"Sum", lu_onednn_binary},
		{"Mul", lu_onednn_binary},
		{"Sub", lu_onednn_binary},
		{"Div", lu_onednn_binary},
		{"Transpose", lu_onednn_transpose},
		{"Slice", lu_onednn_slice},
	};
	const struct lu_tensor *out = &l->graph->values[node->out[0]].tensor;
	const struct lu_onednn_lowering *data = l->engine_data;
	enum lu_status status;

	*taken = data->done[l->node];
	if (*taken)
		return LU_OK;
	if (l->plan->precision == LU_PRECISION_INT8) {
		status = lu_onednn_int8(l, node, taken, err);
		if (status != LU_OK || *taken)
			return status;
	}
	if (node->n_in < 1 || out->type != LU_TYPE_FLOAT32 ||
	    l->graph->values[node->in[0]].tensor.type != LU_TYPE_FLOAT32)
		return LU_OK;
	/* Empty tensors are not worth a primitive. */
	for (int i = 0; i < node->n_in; i++)
		if (node->in[i] >= 0 && lu_shape_count(&l->graph->values[node->in[i]].tensor.shape) == 0)
			return LU_OK;
	if (lu_shape_count(&out->shape) == 0)
		return LU_OK;
	status = lu_onednn_pixels(l, node, taken, err);
	if (status == LU_OK && !*taken)
		status = lu_onednn_move(l, node, taken, err);
	if (status == LU_OK && !*taken)
		status = lu_onednn_bottleneck(l, node, data->done, taken, err);
	if (status == LU_OK && !*taken)
		status = lu_onednn_join(l, node, data->done, taken, err);
	if (status == LU_OK && !*taken)
		status = lu_onednn_winograd(l, node, taken, err);
	if (status == LU_OK && !*taken)
		status = lu_onednn_conv_fp16(l, node, taken, err);
	if (status != LU_OK || *taken)
		return status;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (lu_node_is(node, ways[i].op))
			return ways[i].lower(l, node, taken, err);
	return lu_onednn_eltwise(l, node, taken, err);
}

/*
 * Below AVX-512 oneDNN's products are its jit GEMM, whose kernel for the last rows adds in another
 * order: a chip's bits would depend on its place in the batch.
 */
static bool keeps_rows(const struct lu_node *node)
{
	return lu_onednn_has(dnnl_cpu_isa_avx512_core) || !(lu_node_is(node, "Gemm") || lu_node_is(node, "MatMul"));
}

/* Of AMX, half of what it promises: a tile product is 8,192 multiply-adds in 16 cycles in bf16, float32's 32 in one. */
static int pace(enum lu_precision precision)
{
	if (precision == LU_PRECISION_FP16)
		return 2; /* as many halves as floats in a register */
	if (!lu_onednn_has(dnnl_cpu_isa_avx512_core_amx))
		return 1;
	return precision == LU_PRECISION_BF16 ? 8 : precision == LU_PRECISION_INT8 ? 16 : 1;
}

const struct lu_engine lu_engine_onednn = {
	.name = "onednn",
	.begin = begin,
	.lower = lower,
	.plain = plain,
	.end = end,
	.plan_free = plan_free,
	.session_new = lu_onednn_session_new,
	.session_free = lu_onednn_session_free,
	.keeps_rows = keeps_rows,
	.lacks = lacks,
	.pace = pace,
	.enter = lu_onednn_enter,
	.leave = lu_onednn_leave,
};

#endif
