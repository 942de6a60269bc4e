/*
 * plan.c: from a graph to a plan: choose how chips are batched, rewrite, lower, place.
 *
 * A network exported for one chip is enlarged to a batch by inferring its shapes twice, for one chip
 * and for the batch. If every value is the same but for axis 0, and every operator keeps chips apart
 * (lu_op.apart), the batch is right. If not, the network is run chip by chip: slower, never wrong.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/choices/choices.h"
#include "nn/kernels/inverted_residual.h"
#include "nn/ops/infer.h"
#include "nn/passes/passes.h"
#include "nn/plan/ends.h"
#include "nn/plan/engine.h"
#include "nn/plan/front.h"
#include "nn/plan/repeat.h"

#define MAX_BATCH 4096

static bool is_float_constant(const struct lu_graph *graph, int value)
{
	return value >= 0 && graph->values[value].tensor.data != NULL &&
	       graph->values[value].tensor.type == LU_TYPE_FLOAT32;
}

/* Elements of float constants that living nodes read, each value once. */
static enum lu_status count_parameters(const struct lu_graph *graph, uint64_t *parameters, struct lu_error *err)
{
	enum lu_status status;
	bool *seen = NULL;

	*parameters = 0;
	status = lu_alloc(&seen, (size_t)graph->n_values, sizeof(*seen), "a plan", err);
	if (status != LU_OK)
		return status;
	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];

		for (int j = 0; node->op != NULL && j < node->n_in; j++) {
			if (!is_float_constant(graph, node->in[j]) || seen[node->in[j]])
				continue;
			seen[node->in[j]] = true;
			*parameters += (uint64_t)lu_shape_count(&graph->values[node->in[j]].tensor.shape);
		}
	}
	lu_free(seen);
	return LU_OK;
}

static enum lu_status find_integers(struct lu_graph *graph, struct lu_error *err)
{
	bool found = false;
	enum lu_status status;

	LU_TRY(lu_pass_keep_quantisation(graph, &found, err));
	if (!found)
		status = lu_fail(err, LU_ERROR_UNSUPPORTED,
				 "%s: precision int8 needs a network with QuantizeLinear and DequantizeLinear layers "
				 "(landuse quantize makes one)",
				 graph->name);
out:
	return status;
}

/* The image's channels' scale and offset, into the plan. */
static enum lu_status keep_scaling(struct lu_plan *plan, const struct lu_plan_options *options, struct lu_error *err)
{
	struct lu_pool *pool = &plan->graph->pool;
	enum lu_status status;
	size_t channels;

	if (options->scale == NULL)
		return LU_OK;
	assert(options->offset != NULL && plan->graph->n_inputs == 1);
	channels = (size_t)plan->graph->values[plan->graph->inputs[0]].tensor.shape.dim[1];
	LU_TRY(lu_pool_copy(pool, &plan->scale, options->scale, channels, sizeof(float), "a plan", err));
	LU_TRY(lu_pool_copy(pool, &plan->offset, options->offset, channels, sizeof(float), "a plan", err));
out:
	return status;
}

/* Can the plan's engine run its precision on this processor? */
static enum lu_status check_precision(const struct lu_plan *plan, struct lu_error *err)
{
	const char *precision = lu_choice_word(LU_CHOICE_PRECISION, (int)plan->precision), *lacks;

	if (plan->precision == LU_PRECISION_FP32)
		return LU_OK;
	if (plan->engine->lacks == NULL)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "engine %s does not run precision %s (use auto or fp32)",
			       plan->engine->name, precision);
	lacks = plan->engine->lacks(plan->precision);
	return lacks == NULL ? LU_OK
			     : lu_fail(err, LU_ERROR_UNSUPPORTED,
				       "precision %s needs a processor with %s (use auto or fp32)", precision, lacks);
}

/* A plan of a graph that is ready to be lowered: shapes are known, passes have run. It takes the graph over in any case. */
static enum lu_status prepare(struct lu_graph *graph, const struct lu_engine *engine,
			      const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err)
{
	struct lu_plan *plan = NULL;
	enum lu_status status;

	*out = NULL;
	status = lu_alloc(&plan, 1, sizeof(*plan), "a plan", err);
	if (status != LU_OK) {
		lu_graph_free(graph);
		return status;
	}
	plan->graph = graph;
	plan->engine = engine;
	plan->batch = plan->pass = 1;
	plan->exact_image = options->exact_image;
	plan->precision = options->precision == LU_PRECISION_AUTO ? LU_PRECISION_FP32 : options->precision;
	LU_TRY(check_precision(plan, err));
	LU_TRY(lu_graph_infer(graph, err));
	if (plan->precision == LU_PRECISION_INT8)
		LU_TRY(find_integers(graph, err));
	LU_TRY(lu_graph_sweep(graph, err));
	LU_TRY(count_parameters(graph, &plan->parameters, err));
	if (plan->precision == LU_PRECISION_INT8 && lu_inverted_residual_kernel() != NULL)
		LU_TRY(lu_pass_float_blocks(graph, err));
	if (plan->precision != LU_PRECISION_INT8)
		LU_TRY(lu_pass_drop_pairs(graph, err));
	LU_TRY(lu_passes(graph, err));
	LU_TRY(keep_scaling(plan, options, err));
	*out = plan;
	plan = NULL;
out:
	lu_plan_free(plan);
	return status;
}

/* Its steps and memory. What a front makes goes where the plan behind it reads. */
static enum lu_status finish(struct lu_plan *plan, bool is_front, struct lu_error *err)
{
	enum lu_status status;

	if (plan->front != NULL)
		LU_TRY(finish(plan->front, true, err));
	LU_TRY(lu_lower_graph(plan, err));
	if (is_front && plan->buffers[plan->output_buffers[0]].kind == LU_BUFFER_ARENA)
		plan->buffers[plan->output_buffers[0]].kind = LU_BUFFER_OUTPUT;
	LU_TRY(lu_plan_memory(plan, err));
	lu_graph_forget_constants(plan->graph);
	if (plan->front != NULL) {
		plan->weight_bytes += plan->front->weight_bytes;
		if (plan->arena_bytes < plan->front->arena_bytes)
			plan->arena_bytes = plan->front->arena_bytes;
	}
out:
	return status;
}

enum lu_status lu_plan_compile(struct lu_graph *graph, const struct lu_engine *engine,
			       const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(prepare(graph, engine, options, out, err));
	LU_TRY(finish(*out, false, err));
out:
	if (status != LU_OK) {
		lu_plan_free(*out);
		*out = NULL;
	}
	return status;
}

/* Give a prepared plan of 'batch' chips a front, made of the same network for one chip, where that pays. */
static enum lu_status add_front(struct lu_plan *plan, int batch, struct lu_graph *one,
				const struct lu_plan_options *options, struct lu_error *err)
{
	struct lu_plan *front = NULL;
	enum lu_status status;
	bool cut = false;
	int node;

	LU_TRY(lu_front_find(plan->graph, batch, &node, err));
	if (node < 0) {
		lu_graph_free(one);
		return LU_OK;
	}
	status = prepare(one, plan->engine, options, &front, err);
	one = NULL;
	if (status == LU_OK)
		status = lu_front_cut(front->graph, plan->graph, node, &cut, err);
	if (status != LU_OK || !cut)
		goto out;
	plan->front = front;
	plan->scale = plan->offset = NULL; /* the front's to know */
	front = NULL;
out:
	lu_plan_free(front);
	lu_graph_free(one);
	return status;
}

void lu_plan_free(struct lu_plan *plan)
{
	if (plan == NULL)
		return;
	lu_plan_free(plan->front);
	if (plan->engine != NULL && plan->engine->plan_free != NULL)
		plan->engine->plan_free(plan);
	lu_free(plan->steps);
	lu_free(plan->buffers);
	lu_graph_free(plan->graph);
	lu_free(plan);
}

/* A clone for 'batch' chips, with the first output alone. */
static enum lu_status specialise(const struct lu_graph *graph, int input, int batch, struct lu_graph **out,
				 struct lu_error *err)
{
	enum lu_status status = lu_graph_clone(graph, out, err);

	if (status != LU_OK)
		return status;
	(*out)->values[input].tensor.shape.dim[0] = batch;
	(*out)->inputs[0] = input;
	(*out)->n_inputs = 1;
	(*out)->n_outputs = 1;
	status = lu_ends_turn(*out, err);
	return status == LU_OK ? lu_graph_sweep(*out, err) : status;
}

/*
 * A Reshape to "1 x ..." written for one chip becomes "as many as there are x ...": ONNX writes 0 for
 * a dimension that is copied. 'one' is the graph inferred for one chip, 'many' the one to change.
 */
static enum lu_status free_reshapes(const struct lu_graph *one, struct lu_graph *many, struct lu_error *err)
{
	for (int i = 0; i < many->n_nodes; i++) {
		struct lu_node *node = &many->nodes[i];
		const struct lu_tensor *shape, *in;
		enum lu_status status;
		int value;

		if (!lu_node_is(node, "Reshape") || lu_node_int(node, "allowzero", 0))
			continue;
		shape = &one->values[node->in[1]].tensor;
		in = &one->values[node->in[0]].tensor;
		if (in->data != NULL || shape->data == NULL || shape->type != LU_TYPE_INT64 ||
		    lu_shape_count(&shape->shape) < 1 || in->shape.rank < 1 || in->shape.dim[0] != 1 ||
		    ((const int64_t *)shape->data)[0] != 1)
			continue;
		status = lu_graph_add_constant(many, "shape", LU_TYPE_INT64, &shape->shape, &value, err);
		if (status != LU_OK)
			return status;
		memcpy(many->values[value].tensor.data, shape->data,
		       (size_t)lu_shape_count(&shape->shape) * sizeof(int64_t));
		((int64_t *)many->values[value].tensor.data)[0] = 0;
		node->in[1] = value;
	}
	return lu_graph_sweep(many, err);
}

static bool is_enlarged(const struct lu_tensor *one, const struct lu_tensor *many, int batch)
{
	struct lu_shape expected = one->shape;

	if (expected.rank < 1)
		return false;
	expected.dim[0] *= batch;
	return one->shape.dim[0] == 1 && lu_shape_equal(&expected, &many->shape);
}

/* Does the graph for many chips do to each what the graph for one does? Both are inferred. */
static bool keeps_chips_apart(const struct lu_graph *one, struct lu_graph *many, int batch,
			      const struct lu_engine *engine)
{
	struct lu_call call;

	for (int i = 0; i < many->n_nodes; i++) {
		const struct lu_node *node = &many->nodes[i];
		bool constant = true;

		if (node->op == NULL)
			continue;
		for (int j = 0; j < node->n_out; j++) {
			int value = node->out[j];

			if (value < 0 || many->values[value].tensor.data != NULL)
				continue;
			constant = false;
			if (!is_enlarged(&one->values[value].tensor, &many->values[value].tensor, batch))
				return false;
		}
		if (constant)
			continue;
		lu_call_prepare(many, node, &call);
		if (node->op->apart == NULL || !node->op->apart(&call))
			return false;
		if (engine->keeps_rows != NULL && !engine->keeps_rows(node))
			return false;
	}
	return true;
}

/* Of fewer parameters packing costs little, and a plan for one chip is most often the one that is wanted. */
#define FEW_PARAMETERS 4000000

enum purpose {
	TO_RUN,
	TO_RUN_CUT, /* its first layers may run chip by chip */
	TO_CHOOSE, /* a batch: a sketch will do */
};

static enum lu_status build(const struct lu_graph *graph, const struct lu_engine *engine,
			    const struct lu_plan_options *options, enum purpose purpose, struct lu_plan **out,
			    struct lu_error *err)
{
	struct lu_graph *one = NULL, *many = NULL;
	int input, batch = options->batch;
	struct lu_error ignored = {0};
	enum lu_status status;

	*out = NULL;
	if (batch < 1 || batch > MAX_BATCH)
		return lu_fail(err, LU_ERROR_ARGUMENT, "a batch of %d chips: it must be 1 to %d, or 0 for the rule",
			       batch, MAX_BATCH);
	LU_TRY(lu_ends_check(graph, &input, err));
	LU_TRY(specialise(graph, input, 1, &one, err));
	LU_TRY(lu_graph_infer(one, err));
	if (one->values[one->outputs[0]].tensor.type != LU_TYPE_FLOAT32) {
		status = lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: output '%s' is %s; landuse needs float32", graph->name,
				 one->values[one->outputs[0]].name,
				 lu_type_name(one->values[one->outputs[0]].tensor.type));
		goto out;
	}
	if (batch > 1) {
		LU_TRY(specialise(graph, input, batch, &many, err));
		LU_TRY(lu_repeat_constants(one, many, batch, err));
		LU_TRY(free_reshapes(one, many, err));
		/* A failure here only means that this network cannot be enlarged. */
		if (lu_graph_infer(many, &ignored) != LU_OK || !keeps_chips_apart(one, many, batch, engine)) {
			lu_graph_free(many);
			many = NULL;
		}
	}
	const int pass = many != NULL ? batch : 1;
	status = prepare(many != NULL ? many : one, engine, options, out, err);
	if (many == NULL)
		one = NULL; /* the plan's now, or gone */
	many = NULL;
	if (status == LU_OK && purpose == TO_RUN_CUT && pass > 1) {
		status = add_front(*out, batch, one, options, err);
		one = NULL;
	}
	if (status != LU_OK)
		goto out;
	/* Integers' weights are read again while they are lowered. */
	(*out)->sketch =
		purpose == TO_CHOOSE && (*out)->parameters > FEW_PARAMETERS && (*out)->precision != LU_PRECISION_INT8;
	LU_TRY(finish(*out, false, err));
	(*out)->batch = batch;
	(*out)->pass = pass;
	status = lu_ends_others(graph, &(*out)->graph->pool, &(*out)->left_out, err);
out:
	if (status != LU_OK) {
		lu_plan_free(*out);
		*out = NULL;
	}
	lu_graph_free(one);
	lu_graph_free(many);
	return status;
}

static int choose_batch(const struct lu_plan *one)
{
	return lu_choose_batch(one->weight_bytes, one->arena_bytes,
			       one->engine->pace != NULL ? one->engine->pace(one->precision) : 1);
}

enum lu_status lu_plan_build_on(const struct lu_graph *graph, const struct lu_engine *engine,
				const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err)
{
	struct lu_plan_options chosen = *options;
	enum lu_status status;
	bool may_cut;

	if (options->batch != 0)
		return build(graph, engine, options, TO_RUN, out, err);
	chosen.batch = 1;
	status = build(graph, engine, &chosen, TO_CHOOSE, out, err);
	if (status != LU_OK)
		return status;
	chosen.batch = choose_batch(*out);
	if (chosen.batch == 1 && !(*out)->sketch)
		return LU_OK;
	/* Where numbers between layers are no floats, what a layer writes depends on who reads it: such plans stay whole. */
	may_cut = engine->turns_for_nothing &&
		  ((*out)->precision == LU_PRECISION_FP32 || (*out)->precision == LU_PRECISION_FP16);
	lu_plan_free(*out);
	return build(graph, engine, &chosen, may_cut ? TO_RUN_CUT : TO_RUN, out, err);
}
