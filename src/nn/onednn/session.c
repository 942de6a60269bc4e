/*
 * session.c: the oneDNN engine while it runs: one thread's handles for the plan's primitives.
 *
 * oneDNN is built with OpenMP here, and would use every core for one chip. Parallelism is ours, a batch
 * a thread; so while a session runs, OpenMP is told that this thread has one.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <omp.h>

#include "base/memory.h"
#include "nn/onednn/parts.h"

struct onednn_session {
	dnnl_stream_t stream;
	dnnl_exec_arg_t *args; /* of all ops, each at its first_arg */
	const struct lu_onednn_arg **input_args; /* those whose memory is the caller's, in or out, set at each pass */
	dnnl_memory_t *input_memory;
	int n_inputs;
	int threads;
};

enum lu_status lu_onednn_run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_onednn_op *op = step->state;
	const struct onednn_session *own = session->engine_session;
	dnnl_status_t status;

	status = dnnl_primitive_execute(op->primitive, own->stream, op->n_args, own->args + op->first_arg);
	if (status != dnnl_success)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: layer '%s' failed in oneDNN with error %d",
			       session->plan->graph->name, step->what, (int)status);
	return LU_OK;
}

void lu_onednn_session_free(struct lu_session *session)
{
	struct onednn_session *own = session->engine_session;
	const struct lu_onednn_plan *plan = session->plan->engine_state;

	if (own == NULL)
		return;
	for (int i = 0; i < plan->n_args && own->args != NULL; i++)
		dnnl_memory_destroy(own->args[i].memory);
	dnnl_stream_destroy(own->stream);
	lu_free(own->args);
	lu_free(own->input_args);
	lu_free(own->input_memory);
	lu_free(own);
}

static enum lu_status bind(struct lu_session *session, const struct lu_onednn_op *op, struct lu_error *err)
{
	const struct lu_onednn_plan *plan = session->plan->engine_state;
	struct onednn_session *own = session->engine_session;

	for (int i = 0; i < op->n_args; i++) {
		const struct lu_onednn_arg *arg = &op->args[i];
		const enum lu_buffer_kind kind = session->plan->buffers[arg->buffer].kind;
		const bool input = kind == LU_BUFFER_INPUT || kind == LU_BUFFER_OUTPUT;
		dnnl_exec_arg_t *slot = &own->args[op->first_arg + i];
		char *memory = session->memory[arg->buffer];
		enum lu_status status;

		slot->arg = arg->arg;
		status = LU_ONEDNN(dnnl_memory_create(&slot->memory, arg->md, plan->engine,
						      input ? DNNL_MEMORY_NONE : (void *)(memory + arg->shift_bytes)));
		if (status != LU_OK)
			return status;
		if (input) {
			own->input_args[own->n_inputs] = arg;
			own->input_memory[own->n_inputs++] = slot->memory;
		}
	}
	return LU_OK;
}

enum lu_status lu_onednn_session_new(struct lu_session *session, struct lu_error *err)
{
	const struct lu_onednn_plan *plan = session->plan->engine_state;
	struct onednn_session *own = NULL;
	enum lu_status status;
	size_t n = (size_t)plan->n_args;

	LU_TRY(lu_alloc(&own, 1, sizeof(*own), "a session", err));
	session->engine_session = own;
	LU_TRY(LU_ONEDNN(dnnl_stream_create(&own->stream, plan->engine, dnnl_stream_default_flags)));
	LU_TRY(lu_alloc(&own->args, n, sizeof(*own->args), "a session", err));
	LU_TRY(lu_alloc(&own->input_args, n, sizeof(*own->input_args), "a session", err));
	LU_TRY(lu_alloc(&own->input_memory, n, sizeof(*own->input_memory), "a session", err));
	for (const struct lu_onednn_op *op = plan->ops; op != NULL; op = op->next)
		LU_TRY(bind(session, op, err));
out:
	return status;
}

enum lu_status lu_onednn_enter(struct lu_session *session, struct lu_error *err)
{
	struct onednn_session *own = session->engine_session;
	enum lu_status status = LU_OK;

	own->threads = omp_get_max_threads();
	if (own->threads != 1)
		omp_set_num_threads(1);
	for (int i = 0; i < own->n_inputs; i++) {
		const struct lu_onednn_arg *arg = own->input_args[i];

		LU_TRY(LU_ONEDNN(dnnl_memory_set_data_handle(own->input_memory[i],
							     (char *)session->memory[arg->buffer] + arg->shift_bytes)));
	}
out:
	return status;
}

void lu_onednn_leave(struct lu_session *session)
{
	const struct onednn_session *own = session->engine_session;

	if (own->threads != 1)
		omp_set_num_threads(own->threads);
}

#endif
