/*
 * lower.c: from nodes to steps: what engines share, and the step that runs a reference kernel.
 */
#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "nn/ops/infer.h"
#include "nn/plan/engine.h"

static size_t round_up(size_t bytes)
{
	return (bytes + LU_ALIGNMENT - 1) / LU_ALIGNMENT * LU_ALIGNMENT;
}

static enum lu_status add_buffer(struct lu_plan *plan, struct lu_buffer buffer, int *number, struct lu_error *err)
{
	enum lu_status status;
	int room;

	if (plan->n_buffers == plan->room_buffers) {
		room = plan->room_buffers * 2 + 64;
		status = lu_grow(&plan->buffers, (size_t)room, sizeof(*plan->buffers), "a plan", err);
		if (status != LU_OK)
			return status;
		plan->room_buffers = room;
	}
	plan->buffers[plan->n_buffers] = buffer;
	*number = plan->n_buffers++;
	return LU_OK;
}

enum lu_status lu_lower_buffer(struct lu_lowering *l, size_t bytes, int *buffer, struct lu_error *err)
{
	struct lu_buffer fresh = {.kind = LU_BUFFER_ARENA, .bytes = round_up(bytes ? bytes : 1), .input = -1};

	return add_buffer(l->plan, fresh, buffer, err);
}

enum lu_status lu_lower_weights(struct lu_lowering *l, size_t bytes, void *memory, int *buffer, struct lu_error *err)
{
	struct lu_buffer fresh = {.kind = LU_BUFFER_CONSTANT, .bytes = bytes, .input = -1};
	enum lu_status status;
	void *data;

	status = lu_pool_take(&l->graph->pool, &data, bytes, 1, "a model's weights", err);
	if (status != LU_OK)
		return status;
	memcpy(memory, &data, sizeof(data));
	fresh.constant = data;
	l->plan->weight_bytes += bytes;
	return add_buffer(l->plan, fresh, buffer, err);
}

struct lu_pixels lu_lower_scaling(const struct lu_lowering *l)
{
	const struct lu_shape *image = &l->graph->values[l->graph->inputs[0]].tensor.shape;

	return (struct lu_pixels){
		.chips = image->dim[0],
		.channels = image->dim[1],
		.pixels = lu_shape_span(image, 2, image->rank),
		.scale = l->plan->scale,
		.offset = l->plan->offset,
	};
}

int lu_lower_pixels(const struct lu_lowering *l, int value)
{
	return l->plan->scale != NULL && value == l->graph->inputs[0] ? l->plan->input_buffers[0] : -1;
}

static enum lu_status run_scaling(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_pixels_scale(step->state, session->memory[step->in[0]], session->memory[step->out[0]]);
	return LU_OK;
}

/* The image's numbers, of its pixels. */
static enum lu_status lower_scaling(struct lu_lowering *l, int value, struct lu_error *err)
{
	struct lu_step step = {.what = l->graph->values[value].name,
			       .op = "(scale)",
			       .kernel = "pixels",
			       .shape = l->graph->values[value].tensor.shape,
			       .scratch = -1,
			       .run = run_scaling};
	enum lu_status status;
	struct lu_pixels *state;
	int out;

	LU_TRY(lu_lower_take(l, &state, 1, sizeof(*state), err));
	LU_TRY(lu_lower_output(l, value, &out, err));
	*state = lu_lower_scaling(l);
	step.state = state;
	LU_TRY(lu_lower_step(l, &step, &l->plan->input_buffers[0], 1, &out, 1, err));
out:
	return status;
}

enum lu_status lu_lower_plain(struct lu_lowering *l, int value, int *buffer, struct lu_error *err)
{
	const struct lu_tensor *tensor = &l->graph->values[value].tensor;
	enum lu_status status = LU_OK;
	size_t bytes = (size_t)lu_shape_count(&tensor->shape) * lu_type_size(tensor->type);
	void *copy;

	if (l->plain[value] < 0 && lu_lower_pixels(l, value) >= 0) {
		LU_TRY(lower_scaling(l, value, err));
	} else if (l->plain[value] < 0 && tensor->data != NULL) {
		LU_TRY(lu_lower_weights(l, bytes, &copy, &l->plain[value], err));
		if (bytes > 0)
			memcpy(copy, tensor->data, bytes);
	} else if (l->plain[value] < 0) {
		assert(l->engine->plain);
		LU_TRY(l->engine->plain(l, value, err));
	}
out:
	*buffer = l->plain[value];
	return status;
}

enum lu_status lu_lower_output(struct lu_lowering *l, int value, int *buffer, struct lu_error *err)
{
	const struct lu_tensor *tensor = &l->graph->values[value].tensor;
	enum lu_status status;

	status = lu_lower_buffer(l, (size_t)lu_shape_count(&tensor->shape) * lu_type_size(tensor->type), buffer, err);
	l->plain[value] = status == LU_OK ? *buffer : -1;
	return status;
}

enum lu_status lu_lower_take(struct lu_lowering *l, void *out, size_t count, size_t size, struct lu_error *err)
{
	return lu_pool_take(&l->graph->pool, out, count, size, "a plan", err);
}

enum lu_status lu_lower_step(struct lu_lowering *l, const struct lu_step *from, const int *in, int n_in, const int *out,
			     int n_out, struct lu_error *err)
{
	struct lu_plan *plan = l->plan;
	struct lu_step step = *from;
	enum lu_status status = LU_OK;
	int room;

	if (plan->n_steps == plan->room_steps) {
		room = plan->room_steps * 2 + 64;
		LU_TRY(lu_grow(&plan->steps, (size_t)room, sizeof(*plan->steps), "a plan", err));
		plan->room_steps = room;
	}
	step.n_in = n_in;
	step.n_out = n_out;
	LU_TRY(lu_pool_copy(&l->graph->pool, &step.in, in, (size_t)n_in, sizeof(*in), "a plan", err));
	LU_TRY(lu_pool_copy(&l->graph->pool, &step.out, out, (size_t)n_out, sizeof(*out), "a plan", err));
	plan->steps[plan->n_steps++] = step;
out:
	return status;
}

static bool reads(const struct lu_node *node, int value)
{
	for (int j = 0; node->op != NULL && j < node->n_in; j++)
		if (node->in[j] == value)
			return true;
	return node->op != NULL && node->fused.addend == value;
}

/* Engines ask for every value at every node: the answer must not cost a walk. */
static enum lu_status find_last_uses(struct lu_lowering *l, struct lu_error *err)
{
	enum lu_status status = lu_alloc(&l->last, (size_t)l->graph->n_values, sizeof(*l->last), "a plan", err);

	if (status != LU_OK)
		return status;
	for (int i = 0; i < l->graph->n_nodes; i++) {
		const struct lu_node *node = &l->graph->nodes[i];

		for (int j = 0; node->op != NULL && j < node->n_in; j++)
			if (node->in[j] >= 0)
				l->last[node->in[j]] = i;
		if (node->op != NULL && node->fused.addend >= 0)
			l->last[node->fused.addend] = i;
	}
	for (int i = 0; i < l->graph->n_outputs; i++)
		l->last[l->graph->outputs[i]] = INT_MAX;
	return LU_OK;
}

bool lu_lower_is_last_use(const struct lu_lowering *l, int value)
{
	int *last = &l->last[value];

	/* An engine may have taken the reader into an earlier step since. */
	while (*last != INT_MAX && *last > l->node && !reads(&l->graph->nodes[*last], value))
		--*last;
	return *last <= l->node;
}

double lu_node_flop(const struct lu_graph *graph, const struct lu_node *node)
{
	const struct lu_shape *w, *x;
	double outputs;

	if (lu_node_is(node, "Attention")) {
		/* Scores, and results: queries x keys x (numbers of both). */
		x = &graph->values[node->in[0]].tensor.shape;
		w = &graph->values[node->in[1]].tensor.shape;
		outputs = (double)lu_shape_count(&graph->values[node->out[0]].tensor.shape);
		return 2 * (double)w->dim[w->rank - 2] * ((double)lu_shape_count(x) + outputs);
	}
	if (!lu_node_is(node, "Conv") && !lu_node_is(node, "Gemm") && !lu_node_is(node, "MatMul"))
		return 0;
	outputs = (double)lu_shape_count(&graph->values[node->out[0]].tensor.shape);
	x = &graph->values[node->in[0]].tensor.shape;
	w = &graph->values[node->in[1]].tensor.shape;
	if (lu_node_is(node, "Conv"))
		return 2 * outputs * (double)lu_shape_span(w, 1, w->rank);
	return 2 * outputs * (double)x->dim[lu_node_int(node, "transA", 0) ? 0 : x->rank - 1];
}

/* The reference step: a call whose tensors get their memory at each run. */
struct reference {
	const struct lu_graph *graph;
	const struct lu_node *node;
	struct lu_tensor *tensors; /* inputs, outputs */
	bool addend; /* the last of the step's inputs is the fused addend */
	size_t scratch_bytes;
};

static enum lu_status run_reference(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct reference *r = step->state;
	struct lu_tensor tensors[2 * LU_MAX_CALL];
	struct lu_call call = {.graph = r->graph, .node = r->node, .n_in = r->node->n_in, .n_out = r->node->n_out};
	int from = 0, to = 0;

	(void)err;
	memcpy(tensors, r->tensors, (size_t)(call.n_in + call.n_out) * sizeof(*tensors));
	for (int i = 0; i < call.n_in; i++) {
		if (r->node->in[i] < 0)
			continue;
		tensors[i].data = session->memory[step->in[from++]];
		call.in[i] = &tensors[i];
	}
	for (int i = 0; i < call.n_out; i++) {
		if (r->node->out[i] < 0)
			continue;
		tensors[call.n_in + i].data = session->memory[step->out[to++]];
		call.out[i] = &tensors[call.n_in + i];
	}
	call.scratch_bytes = r->scratch_bytes;
	call.scratch = step->scratch >= 0 ? session->memory[step->scratch] : NULL;
	r->node->op->kernel(&call);
	if (r->addend || r->node->fused.activation != LU_ACTIVATION_NONE)
		lu_fused_apply(&r->node->fused, call.out[0]->data, r->addend ? session->memory[step->in[from]] : NULL,
			       lu_shape_count(&call.out[0]->shape));
	return LU_OK;
}

static enum lu_status lower_reference(struct lu_lowering *l, const struct lu_node *node, struct lu_error *err)
{
	struct lu_step step = {.what = node->name, .op = node->op->name, .kernel = "reference", .scratch = -1};
	int in[LU_MAX_CALL + 1], out[LU_MAX_CALL], n_in = 0, n_out = 0;
	enum lu_status status;
	struct lu_call call;
	struct reference *r;

	lu_call_prepare(l->graph, node, &call);
	LU_TRY(node->op->rule(&call, err)); /* again, for scratch_bytes */
	LU_TRY(lu_lower_take(l, &r, 1, sizeof(*r), err));
	LU_TRY(lu_lower_take(l, &r->tensors, (size_t)(node->n_in + node->n_out), sizeof(*r->tensors), err));
	for (int i = 0; i < node->n_in; i++) {
		if (node->in[i] < 0)
			continue;
		r->tensors[i] = *call.in[i];
		LU_TRY(lu_lower_plain(l, node->in[i], &in[n_in++], err));
	}
	if (node->fused.addend >= 0)
		LU_TRY(lu_lower_plain(l, node->fused.addend, &in[n_in++], err));
	for (int i = 0; i < node->n_out; i++) {
		if (node->out[i] < 0)
			continue;
		r->tensors[node->n_in + i] = *call.out[i];
		LU_TRY(lu_lower_output(l, node->out[i], &out[n_out++], err));
	}
	if (call.scratch_bytes)
		LU_TRY(lu_lower_buffer(l, call.scratch_bytes, &step.scratch, err));
	r->graph = l->graph;
	r->node = node;
	r->addend = node->fused.addend >= 0;
	r->scratch_bytes = call.scratch_bytes;
	step.state = r;
	step.run = run_reference;
	step.shape = call.out[0]->shape;
	step.flop = lu_node_flop(l->graph, node);
	LU_TRY(lu_lower_step(l, &step, in, n_in, out, n_out, err));
out:
	return status;
}

static enum lu_status lower_node(struct lu_lowering *l, const struct lu_node *node, struct lu_error *err)
{
	enum lu_status status;
	bool taken = false;

	status = l->engine->lower(l, node, &taken, err);
	if (status != LU_OK || taken)
		return status;
	if ((node->op->flags & LU_OP_VIEW) && !(node->n_out > 1 && node->out[1] >= 0))
		return lu_lower_plain(l, node->in[0], &l->plain[node->out[0]], err);
	return lower_reference(l, node, err);
}

enum lu_status lu_lower_graph(struct lu_plan *plan, struct lu_error *err)
{
	struct lu_graph *graph = plan->graph;
	struct lu_lowering l = {.plan = plan, .graph = graph, .engine = plan->engine};
	enum lu_status status;

	LU_TRY(lu_alloc(&l.plain, (size_t)graph->n_values, sizeof(*l.plain), "a plan", err));
	for (int i = 0; i < graph->n_values; i++)
		l.plain[i] = -1;
	LU_TRY(find_last_uses(&l, err));
	LU_TRY(lu_lower_take(&l, &plan->input_buffers, (size_t)graph->n_inputs, sizeof(int), err));
	LU_TRY(lu_lower_take(&l, &plan->output_buffers, (size_t)graph->n_outputs, sizeof(int), err));
	for (int i = 0; i < graph->n_inputs; i++) {
		const struct lu_tensor *tensor = &graph->values[graph->inputs[i]].tensor;
		struct lu_buffer buffer = {.kind = LU_BUFFER_INPUT, .input = i};

		plan->input_buffers[i] = -1;
		if (tensor->data != NULL)
			continue;
		buffer.bytes =
			(size_t)lu_shape_count(&tensor->shape) * (plan->scale != NULL ? 1 : lu_type_size(tensor->type));
		LU_TRY(add_buffer(plan, buffer, &plan->input_buffers[i], err));
		if (plan->scale == NULL)
			l.plain[graph->inputs[i]] = plan->input_buffers[i];
	}
	LU_TRY(l.engine->begin(&l, err));
	for (l.node = 0; l.node < graph->n_nodes; l.node++)
		if (graph->nodes[l.node].op != NULL)
			LU_TRY(lower_node(&l, &graph->nodes[l.node], err));
	for (int i = 0; i < graph->n_outputs; i++)
		LU_TRY(lu_lower_plain(&l, graph->outputs[i], &plan->output_buffers[i], err));
out:
	l.engine->end(&l);
	lu_free(l.last);
	lu_free(l.plain);
	return status;
}
