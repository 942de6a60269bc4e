/*
 * quantize.c: post-training quantisation on a graph: which layers and tensors, and their grids from what they are seen to hold.
 *
 *	t -> Conv(w, b) -> Relu -> u      becomes      t -> Q -> DQ -> Conv(DQ(w), DQ(b)) -> Relu -> Q -> DQ -> u
 *
 * Every tensor that enters an integer layer gets one pair, behind its maker, and all its readers read that. Both operands
 * of a residual sum get one, too: without them other runtimes compute the sum, and the layer before it, in float32.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/engines/engines.h"
#include "nn/ops/infer.h"
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"
#include "nn/quantize/fit_range.h"
#include "nn/quantize/parts.h"

enum { BINS = LU_RANGE_BINS, OLDEST_OPSET = 13 };

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
	struct lu_seen *s;
	enum lu_status status;

	for (int i = 0; i < q->n_seen; i++)
		if (q->seen[i].value == value)
			return LU_OK;
	status = lu_grow(&q->seen, (size_t)q->n_seen + 1, sizeof(*q->seen), "a quantizer", err);
	if (status != LU_OK)
		return status;
	s = &q->seen[q->n_seen++];
	*s = (struct lu_seen){.value = value, .like = like, .low = FLT_MAX, .high = -FLT_MAX};
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

bool lu_quantizer_needs_pair(const struct lu_quantizer *q, int value)
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
	const struct lu_plan_options options = {.precision = LU_PRECISION_FP32};
	enum lu_status status;

	LU_TRY(lu_graph_clone(q->graph, &watched, err));
	LU_TRY(lu_pool_take(&watched->pool, &watched->outputs, (size_t)q->n_seen, sizeof(int), "outputs", err));
	LU_TRY(lu_alloc(&q->outputs, (size_t)q->n_seen, sizeof(*q->outputs), "outputs", err));
	for (int i = 0; i < q->n_seen; i++) {
		watched->outputs[i] = q->seen[i].value;
		LU_TRY(lu_alloc_aligned(&q->outputs[i],
					(size_t)lu_shape_count(&q->graph->values[q->seen[i].value].tensor.shape),
					sizeof(float), "activations", err));
	}
	watched->n_outputs = q->n_seen;
	status = lu_plan_compile(watched, lu_engine_find(NULL), &options, &q->plan, err);
	watched = NULL; /* the plan's, or gone */
	if (status == LU_OK)
		status = lu_session_new(q->plan, &q->session, err);
out:
	lu_graph_free(watched);
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

int lu_quantizer_find(const struct lu_quantizer *q, int value)
{
	for (int i = 0; i < q->n_seen; i++)
		if (q->seen[i].value == value)
			return i;
	return -1;
}

static void widen(struct lu_seen *s, const float *x, int64_t count)
{
	for (int64_t k = 0; k < count; k++) {
		s->low = x[k] < s->low ? x[k] : s->low;
		s->high = x[k] > s->high ? x[k] : s->high;
	}
}

static void sort_in(struct lu_seen *s, const float *x, int64_t count)
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
	for (int i = 0; i < q->n_seen && q->stage != LU_SEEN_INPUTS; i++) {
		struct lu_seen *s = &q->seen[i];
		int64_t count = lu_shape_count(&q->graph->values[s->value].tensor.shape);

		(q->stage == LU_SEEN_RANGES ? widen : sort_in)(s, q->outputs[i], count);
	}
	for (int i = 0; i < q->n_inputs && q->stage == LU_SEEN_INPUTS; i++) {
		int at = q->layers[i] ? lu_quantizer_find(q, q->graph->nodes[i].in[0]) : -1;

		if (at >= 0)
			lu_layer_inputs_see(&q->inputs[i], q->outputs[at], q->seen[at].scale, -q->seen[at].zero,
					    255 - q->seen[at].zero);
	}
out:
	return status;
}

/* The range that leaves half the rest on either side. */
static void cut(const struct lu_seen *s, double percentile, float *low, float *high)
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
static void set_grid(struct lu_seen *s, double percentile)
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
	enum lu_status status;

	if (q->stage == LU_SEEN_RANGES) {
		q->stage = LU_SEEN_HISTOGRAMS;
		return LU_OK;
	}
	q->stage = LU_SEEN_INPUTS;
	for (int i = 0; i < q->n_seen; i++)
		set_grid(&q->seen[i], q->percentile);
	for (int i = 0; i < q->n_seen; i++) {
		const struct lu_seen *like =
			q->seen[i].like >= 0 ? &q->seen[lu_quantizer_find(q, q->seen[i].like)] : NULL;

		q->seen[i].scale = like != NULL ? like->scale : q->seen[i].scale;
		q->seen[i].zero = like != NULL ? like->zero : q->seen[i].zero;
	}
	LU_TRY(lu_alloc(&q->inputs, (size_t)q->graph->n_nodes, sizeof(*q->inputs), "a quantizer", err));
	LU_TRY(lu_alloc(&q->rounded, (size_t)q->graph->n_nodes, sizeof(*q->rounded), "a quantizer", err));
	q->n_inputs = q->graph->n_nodes;
	for (int i = 0; i < q->n_inputs; i++)
		if (q->layers[i])
			LU_TRY(lu_layer_inputs_init(q->graph, &q->graph->nodes[i], &q->inputs[i], err));
out:
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
