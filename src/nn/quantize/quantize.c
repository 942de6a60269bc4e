/*
 * quantize.c: post-training quantisation on a graph. See quantize.h.
 *
 *	t -> Conv(w, b) -> Relu -> u      becomes      t -> Q -> DQ -> Conv(DQ(w), DQ(b)) -> Relu -> Q -> DQ -> u
 *
 * Every tensor that enters an integer layer gets one pair, behind its maker, and all its readers read that. Both operands
 * of a residual sum get one, too: without them other runtimes compute the sum, and the layer before it, in float32.
 */
#include "nn/quantize.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/engines/engines.h"
#include "nn/onnx/export.h"
#include "nn/ops/infer.h"
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"
#include "nn/plan/plan.h"
#include "nn/quantize/fit_range.h"
#include "nn/quantize/layer_inputs.h"

enum { BINS = LU_RANGE_BINS, OLDEST_OPSET = 13 };

enum stage { RANGES, HISTOGRAMS, INPUTS };

/* A tensor to be quantised, and what has been seen of it. */
struct seen {
	int value;
	int like; /* the tensor whose numbers these are, moved: they get its grid; -1: none */
	float low, high;
	uint64_t *bins;
	uint64_t count;
	float scale;
	int zero;
};

/* A layer's weights in integers. */
struct rounded {
	int8_t *integers; /* as the weights lie; NULL: not yet */
	float *steps; /* by output channel */
	double *gains; /* of the bias, likewise; NULL: it has none that could gain */
};

struct lu_quantizer {
	struct lu_graph *graph; /* simplified; its constants borrow from the caller's */
	bool *layers; /* by node: gets integers */
	int *candidates; /* the nodes that may */
	int n_layers, n_candidates, n_possible;
	struct rounded *rounded; /* by node */
	struct seen *seen;
	int n_seen;
	struct lu_layer_inputs *inputs; /* by node, of layers */
	int n_inputs;
	double percentile; /* 0: by least squares */
	enum stage stage;
	struct lu_plan *plan; /* with the seen tensors as outputs */
	struct lu_session *session;
	float **outputs; /* of the plan */
};

/* A layer of products with constant float weights, in a form that integer kernels have. */
static bool is_possible(const struct lu_graph *graph, const struct lu_node *node)
{
	const struct lu_tensor *w;
	int bias = lu_node_in(node, 2);

	if (!lu_node_is(node, "Conv") && !lu_node_is(node, "Gemm") && !lu_node_is(node, "MatMul"))
		return false;
	w = &graph->values[node->in[1]].tensor;
	if (w->data == NULL || w->type != LU_TYPE_FLOAT32 || graph->values[node->in[0]].tensor.data != NULL ||
	    (bias >= 0 && graph->values[bias].tensor.data == NULL))
		return false;
	if (lu_node_is(node, "Conv"))
		return w->shape.rank == 4;
	return w->shape.rank == 2 && graph->values[node->in[0]].tensor.shape.rank == 2 &&
	       !lu_node_int(node, "transA", 0) && lu_node_float(node, "alpha", 1) == 1 &&
	       lu_node_float(node, "beta", 1) == 1;
}

static enum lu_status mark(struct lu_quantizer *q, int value, int like, struct lu_error *err)
{
	struct seen *s;
	enum lu_status status;

	for (int i = 0; i < q->n_seen; i++)
		if (q->seen[i].value == value)
			return LU_OK;
	status = lu_grow(&q->seen, (size_t)q->n_seen + 1, sizeof(*q->seen), "a quantizer", err);
	if (status != LU_OK)
		return status;
	s = &q->seen[q->n_seen++];
	*s = (struct seen){.value = value, .like = like, .low = FLT_MAX, .high = -FLT_MAX};
	return lu_alloc(&s->bins, BINS, sizeof(*s->bins), "a histogram", err);
}

/* The tensor whose numbers 'value' is, moved to other places, or -1. */
static int moved_from(const struct lu_quantizer *q, int value)
{
	const struct lu_node *maker = lu_graph_maker(q->graph, value);
	int64_t begin[LU_MAX_RANK];
	struct lu_call call;

	if (maker == NULL || (!lu_node_is(maker, "Slice") && !lu_node_is(maker, "Pad")))
		return -1;
	lu_call_prepare(q->graph, maker, &call);
	return lu_node_is(maker, "Slice") || lu_pad_zeros(&call, begin) ? maker->in[0] : -1;
}

/* A tensor that is added to another. One that was only moved is on the grid of what it was before. */
static enum lu_status mark_operand(struct lu_quantizer *q, int value, struct lu_error *err)
{
	int from = moved_from(q, value);
	enum lu_status status;

	LU_TRY(from < 0 ? LU_OK : mark_operand(q, from, err));
	LU_TRY(mark(q, value, from, err));
out:
	return status;
}

/* A sum of two tensors of one shape, at least one of which a quantised layer makes. */
static bool is_residual(const struct lu_quantizer *q, const struct lu_node *add)
{
	const struct lu_value *values = q->graph->values;
	int a, b;

	if (!lu_node_is(add, "Add") || add->n_in != 2)
		return false;
	a = values[add->in[0]].node;
	b = values[add->in[1]].node;
	return a >= 0 && b >= 0 && values[add->in[0]].tensor.data == NULL && values[add->in[1]].tensor.data == NULL &&
	       (q->layers[a] || q->layers[b]) &&
	       lu_shape_equal(&values[add->in[0]].tensor.shape, &values[add->in[1]].tensor.shape);
}

/* The layers: all but the first and the last; the tensors that enter them, and what is added at the end of a block. */
static enum lu_status choose(struct lu_quantizer *q, struct lu_error *err)
{
	const struct lu_graph *graph = q->graph;
	int first = -1, last = -1;
	enum lu_status status;

	LU_TRY(lu_alloc(&q->layers, (size_t)graph->n_nodes, sizeof(*q->layers), "a quantizer", err));
	for (int i = 0; i < graph->n_nodes; i++) {
		if (graph->nodes[i].op == NULL || !is_possible(graph, &graph->nodes[i]))
			continue;
		first = first < 0 ? i : first;
		last = i;
		q->layers[i] = true;
		q->n_possible++;
	}
	if (q->n_possible < 3)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: it has %d layers that could be quantised; the first and the last are left, so that "
			       "3 are needed",
			       graph->name, q->n_possible);
	q->layers[first] = q->layers[last] = false;
	q->n_layers = q->n_possible - 2;
	LU_TRY(lu_alloc(&q->candidates, (size_t)q->n_layers, sizeof(*q->candidates), "a quantizer", err));
	for (int i = 0; i < graph->n_nodes; i++)
		if (q->layers[i])
			q->candidates[q->n_candidates++] = i;
	for (int i = 0; i < graph->n_nodes; i++)
		if (q->layers[i])
			LU_TRY(mark(q, graph->nodes[i].in[0], -1, err));
	for (int i = 0; i < graph->n_nodes; i++)
		for (int j = 0; j < 2 && is_residual(q, &graph->nodes[i]); j++)
			LU_TRY(mark_operand(q, graph->nodes[i].in[j], err));
out:
	return status;
}

/* Does a layer that gets integers read the tensor, or a sum of such a layer's result and another? */
static bool needs_pair(const struct lu_quantizer *q, int value)
{
	for (int i = 0; i < q->graph->n_nodes; i++) {
		const struct lu_node *node = &q->graph->nodes[i];

		if (q->layers[i] && node->in[0] == value)
			return true;
		for (int j = 0; j < 2 && is_residual(q, node); j++)
			for (int from = node->in[j]; from >= 0; from = moved_from(q, from))
				if (from == value)
					return true;
	}
	return false;
}

/* A plan of the graph that gives every seen tensor. */
static enum lu_status make_plan(struct lu_quantizer *q, struct lu_error *err)
{
	struct lu_graph *watched = NULL;
	enum lu_status status = lu_graph_clone(q->graph, &watched, err);

	if (status == LU_OK)
		status =
			lu_pool_take(&watched->pool, &watched->outputs, (size_t)q->n_seen, sizeof(int), "outputs", err);
	if (status == LU_OK)
		status = lu_alloc(&q->outputs, (size_t)q->n_seen, sizeof(*q->outputs), "outputs", err);
	for (int i = 0; i < q->n_seen && status == LU_OK; i++) {
		watched->outputs[i] = q->seen[i].value;
		status = lu_alloc_aligned(&q->outputs[i],
					  (size_t)lu_shape_count(&q->graph->values[q->seen[i].value].tensor.shape),
					  sizeof(float), "activations", err);
	}
	if (status != LU_OK) {
		lu_graph_free(watched);
		return status;
	}
	watched->n_outputs = q->n_seen;
	status = lu_plan_compile(watched, lu_engine_find(NULL),
				 &(struct lu_plan_options){.precision = LU_PRECISION_FP32}, &q->plan, err);
	if (status == LU_OK)
		status = lu_session_new(q->plan, &q->session, err);
	return status;
}

enum lu_status lu_quantizer_new(const struct lu_graph *graph, double percentile, struct lu_quantizer **out,
				struct lu_error *err)
{
	struct lu_quantizer *q = NULL;
	enum lu_status status = lu_alloc(&q, 1, sizeof(*q), "a quantizer", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	q->percentile = percentile;
	LU_TRY(lu_graph_clone(graph, &q->graph, err));
	for (int i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].op != NULL && !graph->nodes[i].op->domain[0] &&
		    graph->nodes[i].opset < OLDEST_OPSET) {
			status = lu_fail(
				err, LU_ERROR_UNSUPPORTED,
				"%s: its operators are of version %d; scales by channel need %d (export it anew)",
				graph->name, graph->nodes[i].opset, OLDEST_OPSET);
			goto out;
		}
	for (int i = 0; i < graph->n_nodes; i++)
		if (lu_node_is(&graph->nodes[i], "QuantizeLinear")) {
			status = lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: it is quantised already", graph->name);
			goto out;
		}
	for (int i = 0; i < q->graph->n_inputs; i++)
		q->graph->values[q->graph->inputs[i]].tensor.shape.dim[0] = 1;
	if (q->graph->n_inputs != 1 || q->graph->values[q->graph->inputs[0]].tensor.data != NULL) {
		status = lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: quantisation needs a network with one input",
				 graph->name);
		goto out;
	}
	LU_TRY(lu_graph_infer(q->graph, err));
	LU_TRY(lu_graph_sweep(q->graph, err));
	LU_TRY(lu_pass_drop_identity(q->graph, err));
	LU_TRY(lu_pass_fold_pad(q->graph, err));
	LU_TRY(lu_pass_fold_affine(q->graph, err));
	LU_TRY(lu_graph_sweep(q->graph, err));
	LU_TRY(choose(q, err));
	LU_TRY(make_plan(q, err));
	*out = q;
	q = NULL; /* now the caller's */
out:
	lu_quantizer_free(q);
	return status;
}

void lu_quantizer_free(struct lu_quantizer *q)
{
	if (q == NULL)
		return;
	lu_session_free(q->session);
	lu_plan_free(q->plan);
	for (int i = 0; i < q->n_seen; i++) {
		lu_free(q->seen[i].bins);
		if (q->outputs != NULL)
			lu_free(q->outputs[i]);
	}
	for (int i = 0; i < q->n_inputs; i++) {
		lu_layer_inputs_release(&q->inputs[i]);
		lu_free(q->rounded[i].integers);
		lu_free(q->rounded[i].steps);
		lu_free(q->rounded[i].gains);
	}
	lu_free(q->inputs);
	lu_free(q->rounded);
	lu_free(q->candidates);
	lu_free(q->outputs);
	lu_free(q->seen);
	lu_free(q->layers);
	lu_graph_free(q->graph);
	lu_free(q);
}

static int find(const struct lu_quantizer *q, int value)
{
	for (int i = 0; i < q->n_seen; i++)
		if (q->seen[i].value == value)
			return i;
	return -1;
}

static void widen(struct seen *s, const float *x, int64_t count)
{
	for (int64_t k = 0; k < count; k++) {
		s->low = x[k] < s->low ? x[k] : s->low;
		s->high = x[k] > s->high ? x[k] : s->high;
	}
}

static void sort_in(struct seen *s, const float *x, int64_t count)
{
	float step = (s->high - s->low) / BINS;

	for (int64_t k = 0; k < count && step > 0; k++) {
		float bin = (x[k] - s->low) / step;

		s->bins[!(bin > 0) ? 0 : bin < BINS - 1 ? (int)bin : BINS - 1]++;
		s->count++;
	}
}

enum lu_status lu_quantizer_see(struct lu_quantizer *q, const float *chip, struct lu_error *err)
{
	const void *inputs[] = {chip};
	enum lu_status status;

	LU_TRY(lu_session_pass(q->session, inputs, (void *const *)q->outputs, err));
	for (int i = 0; i < q->n_seen && q->stage != INPUTS; i++) {
		struct seen *s = &q->seen[i];
		int64_t count = lu_shape_count(&q->graph->values[s->value].tensor.shape);

		(q->stage == RANGES ? widen : sort_in)(s, q->outputs[i], count);
	}
	for (int i = 0; i < q->n_inputs && q->stage == INPUTS; i++) {
		int at = q->layers[i] ? find(q, q->graph->nodes[i].in[0]) : -1;

		if (at >= 0)
			lu_layer_inputs_see(&q->inputs[i], q->outputs[at], q->seen[at].scale, -q->seen[at].zero,
					    255 - q->seen[at].zero);
	}
out:
	return status;
}

/* The range that leaves half the rest on either side. */
static void cut(const struct seen *s, double percentile, float *low, float *high)
{
	uint64_t rest = (uint64_t)((double)s->count * (1 - percentile / 100) / 2), below = 0, above = 0;
	float step = (s->high - s->low) / BINS;
	int first = 0, last = BINS - 1;

	while (first < last && below + s->bins[first] <= rest && rest > 0)
		below += s->bins[first++];
	while (last > first && above + s->bins[last] <= rest && rest > 0)
		above += s->bins[last--];
	*low = s->low + step * (float)first;
	*high = s->low + step * (float)(last + 1);
}

/* Scale and zero point; 0 is always on the grid. */
static void set_grid(struct seen *s, double percentile)
{
	float low = s->low, high = s->high;

	if (high > low && percentile > 0)
		cut(s, percentile, &low, &high);
	else if (high > low && low <= 0 && high >= 0)
		lu_fit_range(s->bins, &low, &high);
	low = low < 0 ? low : 0;
	high = high > 0 ? high : 0;
	s->scale = (high - low) / 255;
	if (!(s->scale > 1e-20f) || !isfinite(s->scale))
		s->scale = 1;
	s->zero = (int)lrintf(-low / s->scale);
}

enum lu_status lu_quantizer_turn(struct lu_quantizer *q, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (q->stage == RANGES) {
		q->stage = HISTOGRAMS;
		return LU_OK;
	}
	q->stage = INPUTS;
	for (int i = 0; i < q->n_seen; i++)
		set_grid(&q->seen[i], q->percentile);
	for (int i = 0; i < q->n_seen; i++) {
		const struct seen *like = q->seen[i].like >= 0 ? &q->seen[find(q, q->seen[i].like)] : NULL;

		q->seen[i].scale = like != NULL ? like->scale : q->seen[i].scale;
		q->seen[i].zero = like != NULL ? like->zero : q->seen[i].zero;
	}
	status = lu_alloc(&q->inputs, (size_t)q->graph->n_nodes, sizeof(*q->inputs), "a quantizer", err);
	if (status == LU_OK)
		status = lu_alloc(&q->rounded, (size_t)q->graph->n_nodes, sizeof(*q->rounded), "a quantizer", err);
	q->n_inputs = status == LU_OK ? q->graph->n_nodes : 0;
	for (int i = 0; i < q->n_inputs && status == LU_OK; i++)
		if (q->layers[i])
			status = lu_layer_inputs_init(q->graph, &q->graph->nodes[i], &q->inputs[i], err);
	return status;
}

void lu_quantizer_counts(const struct lu_quantizer *q, int *layers, int *of)
{
	*layers = q->n_layers;
	*of = q->n_possible;
}

int lu_quantizer_candidates(const struct lu_quantizer *q)
{
	return q->n_candidates;
}

void lu_quantizer_leave(struct lu_quantizer *q, int candidate, bool in_float)
{
	bool *layer = &q->layers[q->candidates[candidate]];

	q->n_layers += (int)!in_float - (int)*layer;
	*layer = !in_float;
}

static enum lu_status constant(struct lu_graph *graph, const char *name, enum lu_type type, int64_t count, int *value,
			       struct lu_error *err)
{
	const struct lu_shape shape = {.rank = count > 0 ? 1 : 0, .dim = {count}};

	return lu_graph_add_constant(graph, name, type, &shape, value, err);
}

static bool is_node(const struct lu_graph *graph, const char *name)
{
	for (int i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].op != NULL && strcmp(graph->nodes[i].name, name) == 0)
			return true;
	return false;
}

/* A Quantize or Dequantize node at place 'at': x, scale, zero -> a new value. */
static enum lu_status insert(struct lu_graph *graph, int at, const char *op, int opset, const int in[3], int axis,
			     int *out, struct lu_error *err)
{
	const char *base = graph->values[in[0]].name;
	const struct lu_tensor from = graph->values[in[0]].tensor;
	struct lu_attribute *attribute = NULL;
	struct lu_node *node;
	char *name;
	enum lu_status status;

	name = lu_sprintf("%s_%s", base, op[0] == 'Q' ? "q" : "dq");
	if (name != NULL && is_node(graph, name)) { /* other runtimes refuse two nodes of one name */
		lu_free(name);
		name = lu_sprintf("%s_%s_%d", base, op[0] == 'Q' ? "q" : "dq", graph->n_nodes);
	}
	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a name");
	status = lu_graph_add_value(graph, name, out, err);
	if (status == LU_OK)
		status = lu_graph_insert(graph, at, &node, err);
	if (status == LU_OK) {
		*node = (struct lu_node){
			.op = lu_op_find("", op, opset), .opset = opset, .n_in = 3, .n_out = 1, .fused.addend = -1};
		status = lu_pool_text(&graph->pool, &node->name, name, strlen(name), err);
	}
	lu_free(name);
	if (status == LU_OK)
		status = lu_pool_copy(&graph->pool, &node->in, in, 3, sizeof(*in), "a node", err);
	if (status == LU_OK)
		status = lu_pool_copy(&graph->pool, &node->out, out, 1, sizeof(*out), "a node", err);
	if (status == LU_OK && axis >= 0) {
		status = lu_pool_take(&graph->pool, &attribute, 1, sizeof(*attribute), "a node", err);
		if (status == LU_OK) {
			*attribute = (struct lu_attribute){.name = "axis", .kind = LU_ATTRIBUTE_INT, .i = axis};
			node->attributes = attribute;
			node->n_attributes = 1;
		}
	}
	if (status != LU_OK)
		return status;
	graph->values[*out].node = at;
	graph->values[*out].tensor.shape = from.shape;
	graph->values[*out].tensor.type = op[0] == 'Q' ? LU_TYPE_UINT8 : LU_TYPE_FLOAT32;
	return LU_OK;
}

/* The pair behind a tensor's maker; all its readers read the second's result. */
static enum lu_status place_pair(struct lu_graph *graph, const struct seen *s, int opset, struct lu_error *err)
{
	int in[3] = {s->value}, at = graph->values[s->value].node + 1, q, dq;
	const char *name = graph->values[s->value].name;
	enum lu_status status;

	LU_TRY(constant(graph, name, LU_TYPE_FLOAT32, 0, &in[1], err));
	LU_TRY(constant(graph, name, LU_TYPE_UINT8, 0, &in[2], err));
	*(float *)graph->values[in[1]].tensor.data = s->scale;
	*(uint8_t *)graph->values[in[2]].tensor.data = (uint8_t)s->zero;
	LU_TRY(insert(graph, at, "QuantizeLinear", opset, in, -1, &q, err));
	in[0] = q;
	LU_TRY(insert(graph, at + 1, "DequantizeLinear", opset, in, -1, &dq, err));
	for (int i = 0; i < graph->n_nodes; i++)
		for (int j = 0; graph->nodes[i].op != NULL && i != at && j < graph->nodes[i].n_in; j++)
			if (graph->nodes[i].in[j] == s->value)
				graph->nodes[i].in[j] = dq;
out:
	return status;
}

/* Do output channels lie along the last axis of the weights? */
static bool is_last(const struct lu_node *layer)
{
	return !lu_node_is(layer, "Conv") && !lu_node_int(layer, "transB", 0);
}

/* A scale a channel, so that its largest weight is 127. */
static void set_steps(const struct lu_tensor *w, int64_t channels, int64_t inner, float *steps)
{
	for (int64_t i = 0; i < lu_shape_count(&w->shape); i++)
		steps[i / inner % channels] =
			fmaxf(steps[i / inner % channels], fabsf(((const float *)w->data)[i]) / 127);
	for (int64_t c = 0; c < channels; c++)
		if (!(steps[c] > 1e-12f))
			steps[c] = 1e-12f;
}

/* The weights' integers, group by group; 'gains' as lu_round_weights has them, or NULL. */
static enum lu_status round_groups(const struct lu_layer_inputs *inputs, struct lu_rounding rounding,
				   struct lu_error *err)
{
	enum lu_status status = LU_OK;

	rounding.channels /= inputs->groups;
	for (int64_t g = 0; g < inputs->groups && status == LU_OK; g++) {
		status = lu_round_weights(&inputs->moments[g], &rounding, err);
		rounding.weights += rounding.channels * rounding.by_channel;
		rounding.integers += rounding.channels * rounding.by_channel;
		rounding.steps += rounding.channels;
		rounding.gains += rounding.gains != NULL ? rounding.channels : 0;
	}
	return status;
}

/* The layer's weights as integers, once they are wanted. */
static enum lu_status round_layer(struct lu_quantizer *q, int node, struct lu_error *err)
{
	const struct lu_node *layer = &q->graph->nodes[node];
	const struct lu_tensor *w = &q->graph->values[layer->in[1]].tensor;
	const struct lu_tensor *bias = lu_node_in(layer, 2) >= 0 ? &q->graph->values[layer->in[2]].tensor : NULL;
	bool last = is_last(layer);
	int64_t channels = w->shape.dim[last ? 1 : 0], inner = lu_shape_span(&w->shape, last ? 2 : 1, w->shape.rank);
	struct rounded *r = &q->rounded[node];
	enum lu_status status;

	if (r->integers != NULL)
		return LU_OK;
	LU_TRY(lu_alloc(&r->steps, (size_t)channels, sizeof(*r->steps), "a layer", err));
	if (bias != NULL && bias->shape.rank == 1 && bias->shape.dim[0] == channels)
		LU_TRY(lu_alloc(&r->gains, (size_t)channels, sizeof(*r->gains), "a layer", err));
	LU_TRY(lu_alloc(&r->integers, (size_t)lu_shape_count(&w->shape), 1, "a layer", err));
	set_steps(w, channels, inner, r->steps);
	LU_TRY(round_groups(&q->inputs[node],
			    (struct lu_rounding){.channels = channels,
						 .by_channel = last ? 1 : inner,
						 .by_depth = last ? channels : 1,
						 .weights = w->data,
						 .steps = r->steps,
						 .integers = r->integers,
						 .gains = r->gains},
			    err));
out:
	return status;
}

/* The bias on the grid of the sums, as other runtimes want it; false where it is too large for that. */
static bool quantise_bias(const float *b, const struct rounded *r, float source_scale, int64_t channels,
			  int32_t *integers, float *scales)
{
	for (int64_t c = 0; c < channels; c++) {
		double sum;

		scales[c] = source_scale * r->steps[c];
		sum = (double)b[c] / (double)scales[c] + r->gains[c];
		if (!(fabs(sum) < 1e9))
			return false;
		integers[c] = (int32_t)rint(sum);
	}
	return true;
}

/* int8 weights, int32 bias, each behind a DequantizeLinear. */
static enum lu_status place_weights(struct lu_graph *graph, int at, float source_scale, const struct rounded *r,
				    struct lu_error *err)
{
	const struct lu_node *layer = &graph->nodes[at];
	int weights = layer->in[1], bias = lu_node_in(layer, 2), opset = layer->opset;
	const struct lu_shape shape = graph->values[weights].tensor.shape;
	int axis = is_last(layer) ? 1 : 0, in[3], on[3], dq, *ends;
	int64_t channels = shape.dim[axis];
	enum lu_status status;

	LU_TRY(lu_graph_add_constant(graph, graph->values[weights].name, LU_TYPE_INT8, &shape, &in[0], err));
	LU_TRY(constant(graph, graph->values[weights].name, LU_TYPE_FLOAT32, channels, &in[1], err));
	LU_TRY(constant(graph, graph->values[weights].name, LU_TYPE_INT8, channels, &in[2], err));
	memcpy(graph->values[in[0]].tensor.data, r->integers, (size_t)lu_shape_count(&shape));
	memcpy(graph->values[in[1]].tensor.data, r->steps, (size_t)channels * sizeof(*r->steps));
	LU_TRY(insert(graph, at++, "DequantizeLinear", opset, in, axis, &dq, err));
	LU_TRY(lu_pool_copy(&graph->pool, &ends, graph->nodes[at].in, (size_t)graph->nodes[at].n_in, sizeof(*ends),
			    "a node", err));
	ends[1] = dq;
	graph->nodes[at].in = ends;
	if (r->gains == NULL)
		return LU_OK;
	LU_TRY(constant(graph, graph->values[bias].name, LU_TYPE_INT32, channels, &on[0], err));
	LU_TRY(constant(graph, graph->values[bias].name, LU_TYPE_FLOAT32, channels, &on[1], err));
	LU_TRY(constant(graph, graph->values[bias].name, LU_TYPE_INT32, channels, &on[2], err));
	if (!quantise_bias(graph->values[bias].tensor.data, r, source_scale, channels, graph->values[on[0]].tensor.data,
			   graph->values[on[1]].tensor.data))
		return LU_OK;
	LU_TRY(insert(graph, at++, "DequantizeLinear", opset, on, 0, &dq, err));
	graph->nodes[at].in[2] = dq;
out:
	return status;
}

/* A Reshape that inference has fixed to one chip takes its first dimension from its input again. */
static enum lu_status open_reshapes(struct lu_graph *graph, struct lu_error *err)
{
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];
		const struct lu_tensor *shape = lu_node_is(node, "Reshape") ? &graph->values[node->in[1]].tensor : NULL;
		enum lu_status status;
		int copy;

		if (shape == NULL || shape->data == NULL || lu_shape_count(&shape->shape) < 1 ||
		    lu_tensor_get_int(shape, 0) != 1 || lu_node_int(node, "allowzero", 0) ||
		    graph->values[node->in[0]].tensor.shape.rank < 1 ||
		    graph->values[node->in[0]].tensor.shape.dim[0] != 1)
			continue;
		status = lu_graph_add_constant(graph, graph->values[node->in[1]].name, LU_TYPE_INT64, &shape->shape,
					       &copy, err);
		if (status != LU_OK)
			return status;
		shape = &graph->values[node->in[1]].tensor; /* values may have moved */
		for (int64_t k = 1; k < lu_shape_count(&shape->shape); k++)
			lu_tensor_set_int(&graph->values[copy].tensor, k, lu_tensor_get_int(shape, k));
		node->in[1] = copy;
	}
	return LU_OK;
}

enum lu_status lu_quantizer_write(struct lu_quantizer *q, char **bytes, size_t *size, struct lu_error *err)
{
	int nodes = q->graph->n_nodes, place = 0;
	struct lu_graph *graph = NULL;
	enum lu_status status = LU_OK;

	*bytes = NULL;
	for (int i = 0; i < nodes; i++)
		if (q->layers[i])
			LU_TRY(round_layer(q, i, err));
	LU_TRY(lu_graph_clone(q->graph, &graph, err));
	LU_TRY(open_reshapes(graph, err));
	/* Weights first, while a layer's input is still the tensor that was seen. */
	for (int i = 0; i < nodes; i++, place++) {
		int before = graph->n_nodes;

		if (!q->layers[i])
			continue;
		LU_TRY(place_weights(graph, place, q->seen[find(q, graph->nodes[place].in[0])].scale, &q->rounded[i],
				     err));
		place += graph->n_nodes - before;
	}
	for (int i = 0; i < q->n_seen; i++)
		if (needs_pair(q, q->seen[i].value))
			LU_TRY(place_pair(graph, &q->seen[i], graph->nodes[graph->n_nodes - 1].opset, err));
	LU_TRY(lu_graph_sweep(graph, err));
	LU_TRY(lu_onnx_export(graph, bytes, size, err));
out:
	lu_graph_free(graph);
	return status;
}
