/*
 * session.c: one thread's arena, and the loop over the steps.
 */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "nn/plan/engine.h"

const struct lu_plan *lu_plan_first(const struct lu_plan *plan)
{
	return plan->front != NULL ? lu_plan_first(plan->front) : plan;
}

/* Of one chip. */
static size_t input_bytes(const struct lu_plan *plan)
{
	const struct lu_plan *first = lu_plan_first(plan);
	const struct lu_graph *graph = first->graph;

	return (size_t)lu_shape_count(&graph->values[graph->inputs[0]].tensor.shape) / (size_t)first->pass *
	       (first->scale != NULL ? 1 : sizeof(float));
}

/* A full batch of input, for short ones, and of its outputs. */
static size_t staging_bytes(const struct lu_plan *plan)
{
	return plan->pass > 1 && lu_plan_first(plan)->input_buffers[0] >= 0 ? input_bytes(plan) * (size_t)plan->pass
									    : 0;
}

/* What the front hands over in a pass. */
static size_t handed_bytes(const struct lu_plan *plan)
{
	return plan->front != NULL ? plan->buffers[plan->input_buffers[0]].bytes : 0;
}

static size_t output_count(const struct lu_plan *plan)
{
	return plan->pass > 1 ? (size_t)lu_shape_count(&plan->graph->values[plan->graph->outputs[0]].tensor.shape) : 0;
}

size_t lu_session_bytes(const struct lu_plan *plan)
{
	return plan->arena_bytes + handed_bytes(plan) + staging_bytes(plan) + output_count(plan) * sizeof(float);
}

/* In 'arena', which has room; NULL: in one of its own. */
static enum lu_status open_session(const struct lu_plan *plan, unsigned char *arena, struct lu_session **out,
				   struct lu_error *err)
{
	struct lu_session *session = NULL;
	enum lu_status status;

	*out = NULL;
	status = lu_alloc(&session, 1, sizeof(*session), "a session", err);
	if (status != LU_OK)
		return status;
	session->plan = plan;
	session->arena = arena;
	if (arena == NULL)
		LU_TRY(lu_alloc_aligned(&session->arena, plan->arena_bytes, 1, "a session's arena", err));
	session->borrowed = arena != NULL;
	if (plan->front != NULL) {
		LU_TRY(open_session(plan->front, session->arena, &session->front, err));
		LU_TRY(lu_alloc_aligned(&session->handed, handed_bytes(plan), 1, "a session", err));
	}
	LU_TRY(lu_alloc(&session->memory, (size_t)plan->n_buffers, sizeof(*session->memory), "a session", err));
	if (staging_bytes(plan) > 0)
		LU_TRY(lu_alloc_aligned(&session->staging, staging_bytes(plan), 1, "a session's input", err));
	if (output_count(plan) > 0)
		LU_TRY(lu_alloc_aligned(&session->short_output, output_count(plan), sizeof(float), "a session's output",
					err));
	for (int i = 0; i < plan->n_buffers; i++) {
		const struct lu_buffer *buffer = &plan->buffers[i];

		if (buffer->kind == LU_BUFFER_ARENA)
			session->memory[i] = session->arena + buffer->offset;
		else if (buffer->kind == LU_BUFFER_CONSTANT)
			memcpy(&session->memory[i], &buffer->constant, sizeof(void *));
	}
	if (plan->engine->session_new != NULL)
		LU_TRY(plan->engine->session_new(session, err));
	*out = session;
	session = NULL; /* now the caller's */
out:
	lu_session_free(session);
	return status;
}

enum lu_status lu_session_new(const struct lu_plan *plan, struct lu_session **out, struct lu_error *err)
{
	return open_session(plan, NULL, out, err);
}

void lu_session_free(struct lu_session *session)
{
	if (session == NULL)
		return;
	lu_session_free(session->front);
	lu_free(session->handed);
	if (session->plan->engine->session_free != NULL)
		session->plan->engine->session_free(session);
	lu_free(session->short_output);
	lu_free(session->staging);
	lu_free(session->memory);
	if (!session->borrowed)
		lu_free(session->arena);
	lu_free(session);
}

/* Each chip of a pass by the front, into session->handed. */
static enum lu_status run_front(struct lu_session *session, const void *input, struct lu_error *err)
{
	const size_t in_bytes = input_bytes(session->plan);
	const size_t out_bytes = handed_bytes(session->plan) / (size_t)session->plan->pass;
	enum lu_status status = LU_OK;

	for (int i = 0; i < session->plan->pass; i++) {
		const void *in = (const unsigned char *)input + (size_t)i * in_bytes;
		void *out = session->handed + (size_t)i * out_bytes;

		LU_TRY(lu_session_pass(session->front, &in, &out, err));
	}
out:
	return status;
}

enum lu_status lu_session_pass(struct lu_session *session, const void *const *inputs, void *const *outputs,
			       struct lu_error *err)
{
	const struct lu_plan *plan = session->plan;
	const void *handed = session->handed;
	enum lu_status status = LU_OK;

	if (plan->front != NULL) {
		status = run_front(session, inputs[0], err);
		if (status != LU_OK)
			return status;
		inputs = &handed;
	}
	for (int i = 0; i < plan->graph->n_inputs; i++)
		if (plan->input_buffers[i] >= 0)
			memcpy(&session->memory[plan->input_buffers[i]], &inputs[i], sizeof(void *));
	for (int i = 0; i < plan->graph->n_outputs; i++)
		if (plan->buffers[plan->output_buffers[i]].kind == LU_BUFFER_OUTPUT)
			session->memory[plan->output_buffers[i]] = outputs[i];
	if (plan->engine->enter != NULL)
		status = plan->engine->enter(session, err);
	for (int i = 0; i < plan->n_steps && status == LU_OK; i++)
		status = plan->steps[i].run(&plan->steps[i], session, err);
	if (plan->engine->leave != NULL)
		plan->engine->leave(session);
	for (int i = 0; i < plan->graph->n_outputs && status == LU_OK; i++) {
		const struct lu_tensor *tensor = &plan->graph->values[plan->graph->outputs[i]].tensor;
		size_t bytes = (size_t)lu_shape_count(&tensor->shape) * lu_type_size(tensor->type);

		if (bytes && session->memory[plan->output_buffers[i]] != outputs[i])
			memcpy(outputs[i], session->memory[plan->output_buffers[i]], bytes);
	}
	return status;
}

/* Chips one by one, for networks that cannot take a batch. */
static enum lu_status run_singly(struct lu_session *session, int n, const unsigned char *input, float *output,
				 size_t in_bytes, size_t out_count, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < n; i++) {
		const void *in = input + (size_t)i * in_bytes;
		void *out = output + (size_t)i * out_count;

		LU_TRY(lu_session_pass(session, &in, &out, err));
	}
out:
	return status;
}

enum lu_status lu_session_run(struct lu_session *session, int n, const void *input, float *output, struct lu_error *err)
{
	const struct lu_plan *plan = session->plan;
	const struct lu_graph *graph = plan->graph;
	size_t in_bytes, out_count;
	enum lu_status status;
	const void *in = input;
	void *out = output;

	assert(n >= 1 && n <= plan->batch);
	in_bytes = input_bytes(plan);
	out_count = (size_t)lu_shape_count(&graph->values[graph->outputs[0]].tensor.shape) / (size_t)plan->pass;
	if (plan->pass == 1)
		return run_singly(session, n, input, output, in_bytes, out_count, err);
	if (n == plan->batch)
		return lu_session_pass(session, &in, &out, err);

	/* A short batch is a full one with black chips at its end, so each chip meets the same code. */
	memcpy(session->staging, input, (size_t)n * in_bytes);
	memset(session->staging + (size_t)n * in_bytes, 0, (size_t)(plan->batch - n) * in_bytes);
	in = session->staging;
	out = session->short_output;
	LU_TRY(lu_session_pass(session, &in, &out, err));
	memcpy(output, session->short_output, (size_t)n * out_count * sizeof(float));
out:
	return status;
}
