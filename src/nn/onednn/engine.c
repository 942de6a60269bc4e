/*
 * engine.c: the oneDNN engine while a graph is lowered: which nodes it takes, and which of its files makes them steps.
 *
 * Primitives are made for one OpenMP thread: see session.c.
 */
#include <stdio.h>

#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <omp.h>

#include "base/memory.h"
#include "nn/choices/choices.h"
#include "nn/kernels/inverted_residual_fp16.h"
#include "nn/onednn/engine.h"
#include "nn/onednn/parts.h"

/* INT8 runs everywhere, if in float32. */
static const char *lacks(enum lu_precision precision)
{
	const bool short_floats = lu_onednn_has(dnnl_cpu_isa_avx512_core_bf16);

	if (precision == LU_PRECISION_BF16 && !short_floats)
		return "AVX512-BF16 or AMX";
	/* oneDNN's caps know no AVX512-FP16; its processors have AVX512-BF16. */
	if (precision == LU_PRECISION_FP16 && !(lu_inverted_residual_fp16_kernel() != NULL && short_floats))
		return "AVX512-FP16";
	return NULL;
}

static enum lu_status begin(struct lu_lowering *l, struct lu_error *err)
{
	struct lu_onednn_lowering *data;
	struct lu_onednn_plan *plan;
	enum lu_status status;

	LU_TRY(lu_alloc(&data, 1, sizeof(*data), "a plan", err));
	l->engine_data = data;
	data->threads = omp_get_max_threads();
	omp_set_num_threads(1);
	LU_TRY(lu_alloc(&data->forms, (size_t)l->graph->n_values, sizeof(*data->forms), "a plan", err));
	LU_TRY(lu_alloc(&data->places, (size_t)l->graph->n_values, sizeof(*data->places), "a plan", err));
	LU_TRY(lu_alloc(&data->integers, (size_t)l->graph->n_values, sizeof(*data->integers), "a plan", err));
	LU_TRY(lu_lower_take(l, &data->done, (size_t)l->graph->n_nodes, sizeof(*data->done), err));
	LU_TRY(lu_lower_take(l, &plan, 1, sizeof(*plan), err));
	l->plan->engine_state = plan;
	LU_TRY(LU_ONEDNN(dnnl_engine_create(&plan->engine, dnnl_cpu, 0)));
out:
	return status;
}

static void end(struct lu_lowering *l)
{
	struct lu_onednn_lowering *data = l->engine_data;

	if (data == NULL)
		return;
	omp_set_num_threads(data->threads);
	lu_free(data->forms);
	lu_free(data->integers);
	lu_free(data->places);
	lu_free(data);
}

static void plan_free(struct lu_plan *plan)
{
	struct lu_onednn_plan *own = plan->engine_state;

	if (own == NULL)
		return;
	for (struct lu_onednn_op *op = own->ops; op != NULL; op = op->next)
		dnnl_primitive_destroy(op->primitive);
	for (struct lu_onednn_layout *layout = own->layouts; layout != NULL; layout = layout->next)
		dnnl_memory_desc_destroy(layout->md);
	dnnl_engine_destroy(own->engine);
}

/* Floats in, floats out; empty tensors are not worth a primitive. */
static bool is_of_floats(const struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_tensor *out = &l->graph->values[node->out[0]].tensor;

	if (node->n_in < 1 || out->type != LU_TYPE_FLOAT32 ||
	    l->graph->values[node->in[0]].tensor.type != LU_TYPE_FLOAT32)
		return false;
	for (int i = 0; i < node->n_in; i++)
		if (node->in[i] >= 0 && lu_shape_count(&l->graph->values[node->in[i]].tensor.shape) == 0)
			return false;
	return lu_shape_count(&out->shape) > 0;
}

/*
 * Who may lower what. The first row that fits a node and takes it has it; what none takes runs the reference. Makers look
 * closer at the node themselves (sizes, constants, the processor), and leave what they cannot do.
 */
static const struct {
	enum lu_precision precision; /* AUTO: under any */
	const char *op; /* NULL: any */
	bool (*suits)(const struct lu_lowering *l, const struct lu_node *node); /* NULL: always */
	lu_onednn_lower *lower;
} makers[] = {
	{LU_PRECISION_INT8, NULL, NULL, lu_onednn_int8},
	/* Several nodes, or a chip's bytes, in one step; then our own kernels, which decline what oneDNN does better. */
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_pixels},
	{LU_PRECISION_AUTO, NULL, is_of_floats, lu_onednn_places},
	{LU_PRECISION_AUTO, "Slice", is_of_floats, lu_onednn_move},
	{LU_PRECISION_AUTO, "Pad", is_of_floats, lu_onednn_move},
	{LU_PRECISION_AUTO, "Attention", is_of_floats, lu_onednn_attention},
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_inverted_residual},
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_depthwise},
	{LU_PRECISION_AUTO, "Concat", is_of_floats, lu_onednn_pieces},
	{LU_PRECISION_AUTO, "Concat", is_of_floats, lu_onednn_join},
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_winograd},
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_conv_fp16},
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_pointwise},
	/* oneDNN's primitives. */
	{LU_PRECISION_AUTO, "Conv", is_of_floats, lu_onednn_conv},
	{LU_PRECISION_AUTO, "Gemm", is_of_floats, lu_onednn_product},
	{LU_PRECISION_AUTO, "MatMul", is_of_floats, lu_onednn_product},
	{LU_PRECISION_AUTO, "MaxPool", is_of_floats, lu_onednn_pool},
	{LU_PRECISION_AUTO, "AveragePool", is_of_floats, lu_onednn_pool},
	{LU_PRECISION_AUTO, "GlobalAveragePool", is_of_floats, lu_onednn_pool},
	{LU_PRECISION_AUTO, "GlobalMaxPool", is_of_floats, lu_onednn_pool},
	{LU_PRECISION_AUTO, "BatchNormalization", is_of_floats, lu_onednn_batch_norm},
	{LU_PRECISION_AUTO, "LayerNormalization", is_of_floats, lu_onednn_layer_norm},
	{LU_PRECISION_AUTO, "LRN", is_of_floats, lu_onednn_lrn},
	{LU_PRECISION_AUTO, "Softmax", is_of_floats, lu_onednn_softmax},
	{LU_PRECISION_AUTO, "Concat", is_of_floats, lu_onednn_concat},
	{LU_PRECISION_AUTO, "Add", is_of_floats, lu_onednn_binary},
	{LU_PRECISION_AUTO, "Sum", is_of_floats, lu_onednn_binary},
	{LU_PRECISION_AUTO, "Mul", is_of_floats, lu_onednn_gate},
	{LU_PRECISION_AUTO, "Mul", is_of_floats, lu_onednn_binary},
	{LU_PRECISION_AUTO, "Sub", is_of_floats, lu_onednn_binary},
	{LU_PRECISION_AUTO, "Div", is_of_floats, lu_onednn_binary},
	{LU_PRECISION_AUTO, NULL, is_of_floats,
	 lu_onednn_arithmetic}, /* of two operands, what oneDNN has no kernel for */
	{LU_PRECISION_AUTO, "Transpose", is_of_floats, lu_onednn_transpose},
	{LU_PRECISION_AUTO, "ReduceSum", is_of_floats, lu_onednn_reduce},
	{LU_PRECISION_AUTO, "ReduceMean", is_of_floats, lu_onednn_reduce},
	{LU_PRECISION_AUTO, "ReduceL2", is_of_floats, lu_onednn_reduce},
	{LU_PRECISION_AUTO, "ReduceSumSquare", is_of_floats, lu_onednn_reduce},
	{LU_PRECISION_AUTO, NULL, is_of_floats, lu_onednn_eltwise}, /* functions of one number */
};

static enum lu_status lower(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_onednn_lowering *data = l->engine_data;
	enum lu_status status = LU_OK;

	*taken = data->done[l->node];
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]) && !*taken; i++)
		if ((makers[i].precision == LU_PRECISION_AUTO || makers[i].precision == l->plan->precision) &&
		    (makers[i].op == NULL || lu_node_is(node, makers[i].op)) &&
		    (makers[i].suits == NULL || makers[i].suits(l, node)))
			LU_TRY(makers[i].lower(l, node, taken, err));
out:
	return status;
}

/*
 * Below AVX-512 oneDNN's products are its jit GEMM, whose kernel for the last rows adds in another
 * order: a chip's bits would depend on its place in the batch.
 */
static bool keeps_rows(const struct lu_node *node)
{
	return lu_onednn_has(dnnl_cpu_isa_avx512_core) || !(lu_node_is(node, "Gemm") || lu_node_is(node, "MatMul"));
}

static int pace(enum lu_precision precision)
{
	return lu_choose_pace(precision, lu_onednn_has(dnnl_cpu_isa_avx512_core_amx));
}

static void facts(struct lu_engine_facts *facts)
{
	static const struct {
		dnnl_cpu_isa_t isa;
		const char *name;
	} tiers[] = {{dnnl_cpu_isa_avx512_core_amx, "AVX512 with AMX"},
		     {dnnl_cpu_isa_avx512_core_bf16, "AVX512 with BF16"},
		     {dnnl_cpu_isa_avx512_core_vnni, "AVX512 with VNNI"},
		     {dnnl_cpu_isa_avx512_core, "AVX512"},
		     {dnnl_cpu_isa_avx2, "AVX2"},
		     {dnnl_cpu_isa_avx, "AVX"},
		     {dnnl_cpu_isa_sse41, "SSE4.1"}};
	const dnnl_version_t *version = dnnl_version();

	facts->library = "oneDNN";
	snprintf(facts->version, sizeof(facts->version), "%d.%d.%d", version->major, version->minor, version->patch);
	snprintf(facts->processor, sizeof(facts->processor), "any");
	for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++) {
		if (lu_onednn_has(tiers[i].isa)) {
			snprintf(facts->processor, sizeof(facts->processor), "%s", tiers[i].name);
			break;
		}
	}
}

const struct lu_engine lu_engine_onednn = {
	.name = "onednn",
	.begin = begin,
	.lower = lower,
	.plain = lu_onednn_plain,
	.end = end,
	.plan_free = plan_free,
	.session_new = lu_onednn_session_new,
	.session_free = lu_onednn_session_free,
	.keeps_rows = keeps_rows,
	.turns_for_nothing = true,
	.lacks = lacks,
	.pace = pace,
	.facts = facts,
	.enter = lu_onednn_enter,
	.leave = lu_onednn_leave,
};

#endif
