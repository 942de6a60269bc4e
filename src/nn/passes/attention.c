/*
 * attention.c: products with a softmax between them become one Attention.
 *
 *	MatMul(Softmax(scale MatMul(q, Transpose of k) + mask), v)
 *
 * The scale may stand at the scores, at q or at k, as a product or a quotient; more than one is multiplied. A mask is what is
 * added to the scores; constants between two Reshapes (the windows of Swin, which are masked by their place and share the
 * biases of their heads) are added up. Of three dimensions, which are those of a batch of matrices, one becomes two; of five
 * (windows of MaxViT), the first two become one.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/ops.h"
#include "nn/passes/passes.h"
#include "nn/passes/rewrite.h"

struct match {
	int q, k_turned, v; /* values; k with its last two dimensions exchanged */
	int bare_q, bare_k; /* what the Transposes that make them should read instead, -1: what they do */
	int mask; /* what is added to the scores and broadcasts to them, -1: none */
	bool own; /* a constant that this match has made */
	double scale;
};

static const struct lu_shape *shape_of(const struct lu_graph *graph, int value)
{
	return &graph->values[value].tensor.shape;
}

/* The node that makes a value which nobody else reads, or NULL. */
static const struct lu_node *only_maker(const struct lu_graph *graph, int value)
{
	return lu_graph_uses(graph, value) == 1 ? lu_graph_maker(graph, value) : NULL;
}

/* If 'node' multiplies or divides by one number, what it does that to; else -1. */
static int take_scale(const struct lu_graph *graph, const struct lu_node *node, double *scale)
{
	for (int i = 0; i < 2 && node != NULL && node->n_in == 2 && node->opset >= 7; i++) {
		const double number = lu_one_number(graph, node->in[1 - i]);
		const bool divides = i == 0 && lu_node_is(node, "Div");

		if (isnan(number) || !(lu_node_is(node, "Mul") || divides) ||
		    !lu_shape_equal(shape_of(graph, node->in[i]), shape_of(graph, node->out[0])))
			continue;
		*scale *= divides ? 1 / number : number;
		return node->in[i];
	}
	return -1;
}

/* A value without the scales before it. */
static int peel(const struct lu_graph *graph, int value, double *scale)
{
	for (int from; (from = take_scale(graph, lu_graph_maker(graph, value), scale)) >= 0;)
		value = from;
	return value;
}

/* The same through a Transpose of nobody else's: what that reads without the scales before it, -1 where there is none. */
static int peel_turned(const struct lu_graph *graph, int value, double *scale)
{
	const struct lu_node *turn = only_maker(graph, value);
	const int bare = lu_node_is(turn, "Transpose") ? peel(graph, turn->in[0], scale) : -1;

	return bare >= 0 && bare != turn->in[0] ? bare : -1;
}

/* '*sum' (-1: none yet) plus a constant that broadcasts to 'shape', of that shape. */
static enum lu_status add_mask(struct lu_graph *graph, int mask, const struct lu_shape *shape, int *sum,
			       struct lu_error *err)
{
	const struct lu_shape from = *shape_of(graph, mask);
	const int64_t count = lu_shape_count(shape);
	enum lu_status status;
	int fresh;

	LU_TRY(lu_graph_add_constant(graph, "mask", LU_TYPE_FLOAT32, shape, &fresh, err));
	for (int64_t i = 0; i < count; i++) {
		int64_t rest = i, at = 0, step = 1;

		for (int d = shape->rank - 1, e = from.rank - 1; e >= 0; d--, e--) {
			at += from.dim[e] == 1 ? 0 : rest % shape->dim[d] * step;
			rest /= shape->dim[d];
			step *= from.dim[e];
		}
		((float *)graph->values[fresh].tensor.data)[i] =
			((const float *)graph->values[mask].tensor.data)[at] +
			(*sum >= 0 ? ((const float *)graph->values[*sum].tensor.data)[i] : 0);
	}
	*sum = fresh;
out:
	return status;
}

static bool is_constant(const struct lu_graph *graph, int value)
{
	return graph->values[value].tensor.data != NULL && graph->values[value].tensor.type == LU_TYPE_FLOAT32;
}

/* The mask so far, if any, becomes a constant of this match and of all the scores' shape: only where it must. */
static enum lu_status spread_mask(struct lu_graph *graph, struct match *m, const struct lu_shape *shape,
				  struct lu_error *err)
{
	enum lu_status status = LU_OK;
	int spread = -1;

	if (m->mask < 0 || (m->own && lu_shape_equal(shape_of(graph, m->mask), shape)))
		return LU_OK;
	LU_TRY(add_mask(graph, m->mask, shape, &spread, err));
	m->mask = spread;
	m->own = true;
out:
	return status;
}

/* If 'node' adds a mask to scores, those; else -1. A mask that the chip makes must be the only one. */
static enum lu_status take_mask(struct lu_graph *graph, const struct lu_node *node, struct match *m, int *scores,
				struct lu_error *err)
{
	const struct lu_shape out = *shape_of(graph, node->out[0]); /* values may move */
	enum lu_status status = LU_OK;

	*scores = -1;
	for (int i = 0; i < 2 && lu_node_is(node, "Add") && node->opset >= 7; i++) {
		const int mask = node->in[1 - i];

		if (!lu_shape_equal(shape_of(graph, node->in[i]), &out) || shape_of(graph, mask)->rank > out.rank)
			continue;
		if (!is_constant(graph, mask)) {
			/* Which of two is the product is seen by who reads on. */
			if (m->mask >= 0 || lu_node_is(lu_graph_maker(graph, mask), "MatMul") || out.rank != 4 ||
			    shape_of(graph, mask)->rank < 1 ||
			    shape_of(graph, mask)->dim[shape_of(graph, mask)->rank - 1] != out.dim[3])
				continue;
			m->mask = mask;
		} else if (m->mask >= 0 && !is_constant(graph, m->mask)) {
			return LU_OK;
		} else if (m->mask < 0) {
			m->mask = mask;
		} else {
			LU_TRY(spread_mask(graph, m, &out, err));
			LU_TRY(add_mask(graph, mask, &out, &m->mask, err));
		}
		*scores = node->in[i];
		return LU_OK;
	}
out:
	return status;
}

/* If 'node' is a Reshape of scores by which no row or column changes, those; the mask so far gets their shape. */
static enum lu_status take_reshape(struct lu_graph *graph, const struct lu_node *node, struct match *m, int *scores,
				   struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_shape from, to;

	*scores = -1;
	if (!lu_node_is(node, "Reshape") || (m->mask >= 0 && !is_constant(graph, m->mask)))
		return LU_OK;
	from = *shape_of(graph, node->in[0]);
	to = *shape_of(graph, node->out[0]);
	if (from.rank < 2 || to.rank < 2 || from.dim[from.rank - 1] != to.dim[to.rank - 1] ||
	    from.dim[from.rank - 2] != to.dim[to.rank - 2])
		return LU_OK;
	LU_TRY(spread_mask(graph, m, &to, err));
	if (m->mask >= 0)
		graph->values[m->mask].tensor.shape = from;
	*scores = node->in[0];
out:
	return status;
}

/* From the softmax up to the product of q and k. */
static enum lu_status match_scores(struct lu_graph *graph, const struct lu_node *softmax, struct match *m, bool *found,
				   struct lu_error *err)
{
	const struct lu_node *node = only_maker(graph, softmax->in[0]);
	enum lu_status status = LU_OK;
	bool scaled = false;

	*found = false;
	*m = (struct match){.mask = -1, .scale = 1};
	while (node != NULL && !lu_node_is(node, "MatMul")) {
		int from = take_scale(graph, node, &m->scale);

		scaled |= from >= 0;
		if (from < 0 && !scaled)
			LU_TRY(take_mask(graph, node, m, &from, err));
		if (from < 0)
			LU_TRY(take_reshape(graph, node, m, &from, err));
		if (from < 0)
			return LU_OK;
		node = only_maker(graph, from);
	}
	if (node == NULL || !lu_shape_equal(shape_of(graph, softmax->in[0]), shape_of(graph, softmax->out[0])))
		return LU_OK;
	m->q = peel(graph, node->in[0], &m->scale);
	m->k_turned = peel(graph, node->in[1], &m->scale);
	m->bare_q = peel_turned(graph, m->q, &m->scale);
	m->bare_k = peel_turned(graph, m->k_turned, &m->scale);
	*found = lu_shape_equal(shape_of(graph, node->out[0]), shape_of(graph, softmax->in[0])) &&
		 !is_constant(graph, m->q) && !is_constant(graph, m->k_turned);
out:
	return status;
}

static bool is_over_last(const struct lu_graph *graph, const struct lu_node *softmax)
{
	const int rank = shape_of(graph, softmax->in[0])->rank;
	const int64_t axis = lu_node_int(softmax, "axis", softmax->opset < 13 ? 1 : -1);

	return axis == -1 || axis == rank - 1;
}

/* Operands of one rank, 3 to 5, whose matrices are as many. */
static bool go_together(const struct lu_graph *graph, const struct match *m)
{
	const struct lu_shape *q = shape_of(graph, m->q), *k = shape_of(graph, m->k_turned), *v = shape_of(graph, m->v);

	if (q->rank < 3 || q->rank > 5 || k->rank != q->rank || v->rank != q->rank)
		return false;
	for (int i = 0; i < q->rank - 2; i++)
		if (k->dim[i] != q->dim[i] || v->dim[i] != q->dim[i])
			return false;
	return true;
}

/* Four dimensions: of N x rows x columns one head; of N x M x heads x rows x columns N M chips. */
static struct lu_shape as_heads(const struct lu_shape *s)
{
	return s->rank == 3   ? (struct lu_shape){4, {s->dim[0], 1, s->dim[1], s->dim[2]}}
	       : s->rank == 5 ? (struct lu_shape){4, {s->dim[0] * s->dim[1], s->dim[2], s->dim[3], s->dim[4]}}
			      : *s;
}

/* A mask of scores of 3 or 5 dimensions, as one of four. */
static enum lu_status reshape_mask(struct lu_graph *graph, struct match *m, const struct lu_shape *scores,
				   struct lu_error *err)
{
	const struct lu_shape *own = shape_of(graph, m->mask);
	enum lu_status status;
	int fresh = -1;

	/* Of five, one that is the same for all N and M needs no more. */
	if (scores->rank == 5 && (own->rank < 4 || (own->rank == 4 && own->dim[0] == 1) ||
				  (own->rank == 5 && own->dim[0] == 1 && own->dim[1] == 1))) {
		struct lu_shape inner = *scores;

		inner.dim[0] = inner.dim[1] = 1;
		LU_TRY(add_mask(graph, m->mask, &inner, &fresh, err));
		graph->values[fresh].tensor.shape = as_heads(&inner);
		m->mask = fresh;
		return LU_OK;
	}
	LU_TRY(spread_mask(graph, m, scores, err));
	graph->values[m->mask].tensor.shape = as_heads(scores);
out:
	return status;
}

/* The product at place 'at' becomes the Attention. */
static enum lu_status become_attention(struct lu_graph *graph, int at, struct match *m, struct lu_error *err)
{
	const struct lu_attribute scale = {.name = "scale", .kind = LU_ATTRIBUTE_FLOAT, .f = (float)m->scale};
	const bool wide = shape_of(graph, m->q)->rank == 4;
	int in[4] = {m->q, m->k_turned, m->v, m->mask};
	enum lu_status status;

	if (m->bare_q >= 0)
		lu_graph_maker(graph, m->q)->in[0] = m->bare_q;
	if (m->bare_k >= 0)
		lu_graph_maker(graph, m->k_turned)->in[0] = m->bare_k;

	if (!wide && m->mask >= 0) {
		struct lu_shape scores = *shape_of(graph, m->q);

		scores.dim[scores.rank - 1] = shape_of(graph, m->k_turned)->dim[scores.rank - 1];
		LU_TRY(reshape_mask(graph, m, &scores, err));
		in[3] = m->mask;
	}
	for (int i = 0; i < 3 && !wide; i++) {
		const struct lu_shape heads = as_heads(shape_of(graph, in[i]));

		LU_TRY(lu_reshape_before(graph, at++, in[i], &heads, &in[i], err));
	}
	LU_TRY(lu_transpose_before(graph, at++, in[1], (const int64_t[]){0, 1, 3, 2}, &in[1], err));
	LU_TRY(lu_become(graph, &graph->nodes[at], "Attention", 23, in, m->mask >= 0 ? 4 : 3, err));
	LU_TRY(lu_pool_copy(&graph->pool, &graph->nodes[at].attributes, &scale, 1, sizeof(scale), "a node", err));
	graph->nodes[at].n_attributes = 1;
	if (!wide) {
		const struct lu_shape heads = as_heads(shape_of(graph, graph->nodes[at].out[0]));

		LU_TRY(lu_reshape_behind(graph, at, &heads, err));
	}
out:
	return status;
}

enum lu_status lu_pass_attention(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i], *softmax;
		struct match m;
		bool found;

		if (!lu_node_is(node, "MatMul") || graph->values[node->out[0]].tensor.type != LU_TYPE_FLOAT32 ||
		    lu_shape_count(shape_of(graph, node->out[0])) == 0)
			continue;
		softmax = only_maker(graph, node->in[0]);
		if (!lu_node_is(softmax, "Softmax") || !is_over_last(graph, softmax))
			continue;
		LU_TRY(match_scores(graph, softmax, &m, &found, err));
		m.v = graph->nodes[i].in[1];
		if (found && !is_constant(graph, m.v) && go_together(graph, &m))
			LU_TRY(become_attention(graph, i, &m, err));
	}
out:
	return status;
}
