/*
 * engine.h: what an engine is, and what it may use while a graph is lowered onto it.
 *
 * An engine turns nodes into steps. It sees nodes in graph order. Values live in plain buffers
 * (dense, row-major, LU_ALIGNMENT-aligned) unless the engine keeps them in a form of its own, in which
 * case it must be able to make them plain when somebody asks.
 */
#ifndef LU_NN_PLAN_ENGINE_H
#define LU_NN_PLAN_ENGINE_H

#include "nn/kernels/pixels_uint8.h"
#include "nn/plan/plan.h"

struct lu_lowering {
	struct lu_plan *plan;
	struct lu_graph *graph;
	const struct lu_engine *engine;
	int node; /* index of the one being lowered */
	int *last; /* by value: no node behind this one reads it; INT_MAX for outputs. Engines ask lu_lower_is_last_use */
	int *plain; /* by value: its plain buffer, -1 while there is none */
	void *engine_data; /* the engine's own, for the time of lowering */
};

struct lu_engine {
	const char *name;
	/* Before the first node. May set plan->engine_state and lowering->engine_data. */
	enum lu_status (*begin)(struct lu_lowering *l, struct lu_error *err);
	/* Append the steps of a node, or leave '*taken' false. */
	enum lu_status (*lower)(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err);
	/* Make l->plain[value] of a value that the engine holds in its own form. NULL: it never does. */
	enum lu_status (*plain)(struct lu_lowering *l, int value, struct lu_error *err);
	/* After the last node, also after a failure. */
	void (*end)(struct lu_lowering *l);
	void (*plan_free)(struct lu_plan *plan);
	enum lu_status (*session_new)(struct lu_session *session, struct lu_error *err);
	void (*session_free)(struct lu_session *session);
	/* Does this engine give a row of the node's result the same bits wherever in a batch it is? NULL: always. */
	bool (*keeps_rows)(const struct lu_node *node);
	/* Does a Transpose at the end of a network move nothing, where that was made by convolutions? */
	bool turns_for_nothing;
	/* What a precision needs that this processor has not; NULL: nothing. No such function: float32 is all there is. */
	const char *(*lacks)(enum lu_precision precision);
	/* How many times as fast as in float32 does it multiply in this precision here? NULL: once. */
	int (*pace)(enum lu_precision precision);
	/* The library that it runs on, and which processor that takes this one for. Does not change. */
	void (*facts)(struct lu_engine_facts *facts);
	/* Around the steps of each pass; may be NULL. */
	enum lu_status (*enter)(struct lu_session *session, struct lu_error *err);
	void (*leave)(struct lu_session *session);
};

/* For engines while lowering. */

/* A new arena buffer. */
enum lu_status lu_lower_buffer(struct lu_lowering *l, size_t bytes, int *buffer, struct lu_error *err);
/* A buffer for packed weights, 64-byte aligned memory of the plan's pool to be filled at '*memory'. */
enum lu_status lu_lower_weights(struct lu_lowering *l, size_t bytes, void *memory, int *buffer, struct lu_error *err);
/* The plain buffer of a value; of a constant it is a copy that the plan keeps. */
enum lu_status lu_lower_plain(struct lu_lowering *l, int value, int *buffer, struct lu_error *err);
/* The buffer of the image's pixels, uint8 as the caller has them, where 'value' is that image; else -1. */
int lu_lower_pixels(const struct lu_lowering *l, int value);
/* And what its numbers are. Only for a plan with a scale. */
struct lu_pixels lu_lower_scaling(const struct lu_lowering *l);
/* A new plain buffer for a value that a step will make. */
enum lu_status lu_lower_output(struct lu_lowering *l, int value, int *buffer, struct lu_error *err);
/* Append a step; arrays are copied. '*step' is good until the next one. */
enum lu_status lu_lower_step(struct lu_lowering *l, const struct lu_step *from, const int *in, int n_in, const int *out,
			     int n_out, struct lu_error *err);
/* Does no node after the present one, and no output, read this value? */
bool lu_lower_is_last_use(const struct lu_lowering *l, int value);
/* Zeroed memory that lives as long as the plan. */
enum lu_status lu_lower_take(struct lu_lowering *l, void *out, size_t count, size_t size, struct lu_error *err);

/* Floating-point operations of a Conv, Gemm, MatMul or Attention node, 0 for others; a multiply-add is two. */
double lu_node_flop(const struct lu_graph *graph, const struct lu_node *node);

#endif
