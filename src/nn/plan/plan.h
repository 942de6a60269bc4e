/*
 * plan.h: a compiled network: steps in order, buffers they read and write, one arena for the buffers.
 *
 *	graph  --passes-->  smaller graph  --lowering-->  steps and buffers  --memory plan-->  offsets
 *
 * Lowering asks the engine for each node; what it declines runs the reference kernel. A buffer is
 * alive from the first step that touches it to the last; two that are never alive together may share
 * bytes of the arena. Everything in a plan is read-only once lu_plan_compile returns.
 */
#ifndef LU_NN_PLAN_PLAN_H
#define LU_NN_PLAN_PLAN_H

#include "nn/graph/graph.h"
#include "nn/ops/ops.h"

enum lu_buffer_kind {
	LU_BUFFER_ARENA,
	LU_BUFFER_CONSTANT,
	LU_BUFFER_INPUT, /* the caller's memory, set for each run */
	LU_BUFFER_OUTPUT, /* likewise: what a plan's front makes */
};

struct lu_buffer {
	enum lu_buffer_kind kind;
	size_t bytes;
	int first, last; /* steps, both included */
	size_t offset; /* in the arena */
	const void *constant;
	int input; /* which input of the plan */
};

struct lu_step {
	const char *what; /* the node's name, or what a helper step is for */
	const char *op;
	const char *kernel; /* "reference", "sgemm", oneDNN's name of its implementation */
	int n_in, n_out;
	int *in, *out; /* buffers; a buffer in both is updated in place */
	int scratch; /* buffer, -1: none */
	struct lu_shape shape; /* of the first output, for the describing */
	double flop; /* of one pass */
	void *state; /* the engine's own, in the plan's pool unless it says otherwise */
	enum lu_status (*run)(const struct lu_step *step, struct lu_session *session, struct lu_error *err);
};

struct lu_plan {
	const struct lu_engine *engine;
	void *engine_state;
	struct lu_graph *graph; /* the rewritten clone; its values' data are not kept */
	struct lu_step *steps; /* lu_grow'n */
	int n_steps, room_steps;
	struct lu_buffer *buffers;
	int n_buffers, room_buffers;
	int *input_buffers, *output_buffers; /* by graph input and output; -1: an input nobody reads */
	/* By channel of the image, where chips are pixels: see lu_plan_options. Its input buffer then holds uint8. */
	float *scale, *offset;
	bool exact_image; /* likewise */
	size_t arena_bytes, weight_bytes; /* the front's within */
	bool sketch; /* made to know these: weights take their place, but large ones are not packed, and it must not run */
	uint64_t parameters;
	struct lu_plan *
		front; /* makes this one's image of the network's, chip by chip; NULL: it is the network's, see front.c */

	/* What lu_plan_build adds for one image in, one tensor out. */
	enum lu_precision precision;
	int batch; /* chips a run */
	int pass; /* chips a pass through the steps: batch, or 1 */
	const char *left_out; /* the names of the file's outputs that are not computed: "'a', 'b'" */
};

struct lu_session {
	const struct lu_plan *plan;
	unsigned char *arena; /* the front's, too: they take turns */
	bool borrowed; /* and is another session's here */
	struct lu_session *front; /* of plan->front */
	unsigned char *handed; /* what it has made of the chips of a pass */
	void **memory; /* by buffer */
	void *engine_session;
	unsigned char *staging; /* a full batch of input, for short ones */
	float *short_output; /* and its outputs */
};

/*
 * Compile a cloned graph whose inputs have types and shapes, as 'options' say but for the engine, which is given, and
 * the batch, which is the graph's. The plan takes the graph over, also on failure.
 */
enum lu_status lu_plan_compile(struct lu_graph *graph, const struct lu_engine *engine,
			       const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err);

/* lu_plan_build, for an engine that has been found already. */
enum lu_status lu_plan_build_on(const struct lu_graph *graph, const struct lu_engine *engine,
				const struct lu_plan_options *options, struct lu_plan **out, struct lu_error *err);

/* The plan that reads the network's image. */
const struct lu_plan *lu_plan_first(const struct lu_plan *plan);

/* What a session holds: the arena, what a front hands over, and a batch of chips and of their outputs where it runs batches. */
size_t lu_session_bytes(const struct lu_plan *plan);

/* Run the steps once: an array of pointers to the graph's inputs, and one to room for its outputs. */
enum lu_status lu_session_pass(struct lu_session *session, const void *const *inputs, void *const *outputs,
			       struct lu_error *err);

/* lower.c: steps and buffers of plan->graph on plan->engine. */
enum lu_status lu_lower_graph(struct lu_plan *plan, struct lu_error *err);

/* memory.c: lifetimes and offsets of the plan's buffers; sets arena_bytes. */
enum lu_status lu_plan_memory(struct lu_plan *plan, struct lu_error *err);

#endif
