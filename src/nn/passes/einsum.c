/*
 * einsum.c: an Einsum of two operands becomes the MatMul that it is.
 *
 *	"bqhd,bkhd->bhqk"	->	MatMul of Transposes of both, rows and columns last
 *
 * Letters of both operands and the result are those of a batch of matrices; of both operands alone, what is summed over; of
 * one operand and the result, its rows or columns. Several of a kind are made one by a Reshape. An equation with a letter
 * that is of one operand alone, or twice in a term, stays an Einsum.
 */
#include <string.h>

#include "nn/ops/einsum.h"
#include "nn/ops/infer.h"
#include "nn/passes/passes.h"
#include "nn/passes/rewrite.h"

/* Labels in an order. */
struct labels {
	int n, label[LU_EINSUM_LABELS];
};

static void add(struct labels *to, int label)
{
	to->label[to->n++] = label;
}

static void add_all(struct labels *to, const struct labels *from)
{
	for (int i = 0; i < from->n; i++)
		add(to, from->label[i]);
}

static int find(const struct lu_einsum *e, int term, int label)
{
	for (int d = 0; d < e->rank[term]; d++)
		if (e->label[term][d] == label)
			return d;
	return -1;
}

static int64_t size_of(const struct lu_einsum *e, const struct labels *labels)
{
	int64_t size = 1;

	for (int i = 0; i < labels->n; i++)
		size *= e->size[labels->label[i]];
	return size;
}

/* Of each kind, in the order of the result, or of the first operand for what is summed; false where it is no product. */
static bool sort(const struct lu_einsum *e, const struct lu_call *call, struct labels *batch, struct labels *rows,
		 struct labels *columns, struct labels *summed)
{
	for (int t = 0; t < 2; t++)
		for (int d = 0; d < e->rank[t]; d++) {
			const int label = e->label[t][d], other = find(e, 1 - t, label);
			const int result = find(e, LU_EINSUM_TERMS, label);

			if (find(e, t, label) != d || call->in[t]->shape.dim[d] != e->size[label] ||
			    (other < 0 && result < 0))
				return false;
			if (t == 0 && other >= 0 && result < 0)
				add(summed, label);
		}
	for (int d = 0; d < e->rank[LU_EINSUM_TERMS]; d++) {
		const int label = e->label[LU_EINSUM_TERMS][d];
		const bool first = find(e, 0, label) >= 0, second = find(e, 1, label) >= 0;

		add(first && second ? batch : first ? rows : columns, label);
	}
	return summed->n > 0 && batch->n + 2 <= LU_MAX_RANK && rows->n + 1 <= LU_MAX_RANK;
}

/* The shape of a matrix, or of a batch of them: labels that stay apart, then one dimension for each other group. */
static struct lu_shape shape_of(const struct lu_einsum *e, const struct labels *apart, const struct labels *a,
				const struct labels *b)
{
	struct lu_shape shape = {.rank = apart->n};

	for (int i = 0; i < apart->n; i++)
		shape.dim[i] = e->size[apart->label[i]];
	if (a != NULL)
		shape.dim[shape.rank++] = size_of(e, a);
	shape.dim[shape.rank++] = size_of(e, b);
	return shape;
}

/* A constant with its dimensions in another order, and then of another shape. */
static enum lu_status arrange_constant(struct lu_graph *graph, const int64_t *perm, const struct lu_shape *shape,
				       int *value, struct lu_error *err)
{
	const struct lu_tensor from = graph->values[*value].tensor;
	const int64_t count = lu_shape_count(&from.shape);
	int64_t strides[LU_MAX_RANK];
	struct lu_shape turned;
	enum lu_status status;
	float *to;

	LU_TRY(lu_graph_add_constant(graph, graph->values[*value].name, LU_TYPE_FLOAT32, shape, value, err));
	to = graph->values[*value].tensor.data;
	lu_shape_strides(&from.shape, strides);
	lu_permute(&from.shape, perm, &turned);
	for (int64_t i = 0; i < count; i++) {
		int64_t rest = i, at = 0;

		for (int d = turned.rank - 1; d >= 0; d--) {
			at += rest % turned.dim[d] * strides[perm[d]];
			rest /= turned.dim[d];
		}
		to[i] = ((const float *)from.data)[at];
	}
out:
	return status;
}

/* Term 't' with its labels in this order, and of this shape; node '*at' moves up where others are put before it. */
static enum lu_status arrange(struct lu_graph *graph, const struct lu_einsum *e, int t, const struct labels *order,
			      const struct lu_shape *shape, int *at, int *value, struct lu_error *err)
{
	int64_t perm[LU_MAX_RANK] = {0};
	enum lu_status status = LU_OK;
	bool moves = false;

	for (int d = 0; d < e->rank[t]; d++) {
		perm[d] = find(e, t, order->label[d]);
		moves |= perm[d] != d;
	}
	if (graph->values[*value].tensor.data != NULL)
		return arrange_constant(graph, perm, shape, value, err);
	if (moves)
		LU_TRY(lu_transpose_before(graph, (*at)++, *value, perm, value, err));
	if (!lu_shape_equal(&graph->values[*value].tensor.shape, shape))
		LU_TRY(lu_reshape_before(graph, (*at)++, *value, shape, value, err));
out:
	return status;
}

static enum lu_status become_product(struct lu_graph *graph, int *at, struct lu_error *err)
{
	struct labels batch = {0}, rows = {0}, columns = {0}, summed = {0}, first = {0}, second = {0}, natural = {0};
	const struct labels none = {0};
	int in[2] = {graph->nodes[*at].in[0], graph->nodes[*at].in[1]};
	struct lu_shape a, b, product, apart = {.rank = 0};
	int64_t perm[LU_MAX_RANK] = {0};
	struct lu_einsum e;
	enum lu_status status;
	struct lu_call call;
	bool moves = false;

	lu_call_prepare(graph, &graph->nodes[*at], &call);
	LU_TRY(lu_einsum_read(&call, &e, err));
	if (!sort(&e, &call, &batch, &rows, &columns, &summed))
		return LU_OK;
	/* One matrix for all: the first's rows may stay as many dimensions as they are. */
	const bool alone = batch.n == 0 && rows.n > 0;
	a = alone ? shape_of(&e, &rows, NULL, &summed) : shape_of(&e, &batch, &rows, &summed);
	b = shape_of(&e, alone ? &none : &batch, &summed, &columns);
	product = alone ? shape_of(&e, &rows, NULL, &columns) : shape_of(&e, &batch, &rows, &columns);
	add_all(&first, &batch);
	add_all(&second, &batch);
	add_all(&first, &rows);
	add_all(&first, &summed);
	add_all(&second, &summed);
	add_all(&second, &columns);
	add_all(&natural, &batch);
	add_all(&natural, &rows);
	add_all(&natural, &columns);
	LU_TRY(arrange(graph, &e, 0, &first, &a, at, &in[0], err));
	LU_TRY(arrange(graph, &e, 1, &second, &b, at, &in[1], err));
	LU_TRY(lu_become(graph, &graph->nodes[*at], "MatMul", 13, in, 2, err));
	for (int d = 0; d < natural.n; d++)
		apart.dim[apart.rank++] = e.size[natural.label[d]];
	for (int d = 0; d < natural.n; d++) {
		for (int k = 0; k < natural.n; k++)
			if (natural.label[k] == e.label[LU_EINSUM_TERMS][d])
				perm[d] = k;
		moves |= perm[d] != d;
	}
	if (moves)
		LU_TRY(lu_transpose_behind(graph, *at, &apart, perm, err));
	if (!lu_shape_equal(&apart, &product))
		LU_TRY(lu_reshape_behind(graph, *at, &product, err));
out:
	return status;
}

enum lu_status lu_pass_einsum(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < graph->n_nodes; i++)
		if (lu_node_is(&graph->nodes[i], "Einsum") && graph->nodes[i].n_in == 2 &&
		    lu_shape_count(&graph->values[graph->nodes[i].out[0]].tensor.shape) > 0)
			LU_TRY(become_product(graph, &i, err));
out:
	return status;
}
