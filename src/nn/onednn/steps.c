/*
 * steps.c: a primitive of oneDNN as a step of the plan: its arguments, its scratch, what is fused behind it.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "nn/onednn/parts.h"

static struct lu_onednn_plan *state(const struct lu_lowering *l)
{
	return l->plan->engine_state;
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
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_create(attr)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user)));
	LU_TRY(LU_ONEDNN(dnnl_post_ops_create(&ops)));
	if (sum)
		LU_TRY(LU_ONEDNN(lu_dnnl_append_sum(ops, 1, dnnl_data_type_undef)));
	LU_TRY(LU_ONEDNN(append_activation(ops, fused)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_attr_set_post_ops(*attr, ops)));
out:
	dnnl_post_ops_destroy(ops);
	if (status != LU_OK) {
		dnnl_primitive_attr_destroy(*attr);
		*attr = NULL;
	}
	return status;
}

enum lu_status lu_onednn_buffer(struct lu_lowering *l, const_dnnl_memory_desc_t md, int *buffer, struct lu_error *err)
{
	return md != NULL ? lu_lower_buffer(l, dnnl_memory_desc_get_size(md), buffer, err) : lu_onednn_no_layout(err);
}

enum lu_status lu_onednn_step(struct lu_lowering *l, const struct lu_node *node, const char *what,
			      dnnl_primitive_desc_t pd, const struct lu_onednn_arg *args, int n_args,
			      struct lu_error *err)
{
	const_dnnl_memory_desc_t scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
	struct lu_step step = {
		.what = node != NULL ? node->name : "outputs", .op = what, .scratch = -1, .run = lu_onednn_run};
	int in[LU_ONEDNN_MAX_ARGS], out[LU_ONEDNN_MAX_ARGS], n_in = 0, n_out = 0;
	struct lu_onednn_plan *plan = state(l);
	enum lu_status status;
	struct lu_onednn_op *op = NULL;

	LU_TRY(lu_lower_take(l, &op, 1, sizeof(*op), err));
	LU_TRY(lu_lower_take(l, &op->args, (size_t)n_args + 1, sizeof(*op->args), err));
	LU_TRY(lu_pool_text(&l->graph->pool, &step.kernel, lu_dnnl_kernel(pd), strlen(lu_dnnl_kernel(pd)), err));
	if (scratch != NULL && dnnl_memory_desc_get_size(scratch)) {
		scratch = lu_onednn_queried(l, pd, dnnl_query_scratchpad_md);
		LU_TRY(lu_onednn_buffer(l, scratch, &step.scratch, err));
	}
	for (int i = 0; i < n_args; i++) {
		op->args[i] = args[i];
		if (args[i].md == NULL)
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
	if (status != LU_OK)
		goto out;
	op->n_args = n_args;
	if (step.scratch >= 0)
		op->args[op->n_args++] = (struct lu_onednn_arg){DNNL_ARG_SCRATCHPAD, scratch, step.scratch, 0};
	LU_TRY(LU_ONEDNN(dnnl_primitive_create(&op->primitive, pd)));
	op->first_arg = plan->n_args;
	plan->n_args += op->n_args;
	op->next = plan->ops;
	plan->ops = op;
	step.state = op;
	/* Helper steps (reorders) of a node do not count its work again. */
	step.flop = node != NULL && strcmp(what, node->op->name) == 0 ? lu_node_flop(l->graph, node) : 0;
	LU_TRY(lu_lower_step(l, &step, in, n_in, out, n_out, err));
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

	LU_TRY(lu_onednn_attr(&none, false, &attr, err));
	LU_TRY(LU_ONEDNN(
		dnnl_reorder_primitive_desc_create(&pd, from->md, state(l)->engine, to, state(l)->engine, attr)));
	LU_TRY(lu_onednn_step(l, node, "(reorder)", pd, args, 2, err));
out:
	dnnl_primitive_attr_destroy(attr);
	return status;
}

#endif
