/*
 * recognise.c: what exporters spell out is given its name back, so that engines have one layer to run.
 *
 *	ReduceMean over space		GlobalAveragePool, and Flatten where the axes are dropped
 *	the same, channels last		likewise, behind a Transpose
 *	x Sigmoid(x)			Swish
 *	x HardSigmoid(x)		HardSwish, with its slope of 1/6 and its shift of 1/2
 *	x (1 + Erf(x / sqrt 2)) / 2	Gelu
 *	MatMul, Add of a vector		Gemm
 */
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"
#include "nn/passes/rewrite.h"

/* All axes from 'first' on but for 'behind' last ones, and no other. */
static bool reduces(const struct lu_graph *graph, const struct lu_node *node, int first, int behind)
{
	const struct lu_tensor *given = lu_node_in(node, 1) >= 0 ? &graph->values[node->in[1]].tensor : NULL;
	const struct lu_shape *in = &graph->values[node->in[0]].tensor.shape;
	const int64_t *ints;
	size_t n;

	ints = lu_node_ints(node, "axes", &n);
	if (given != NULL)
		n = (size_t)lu_shape_count(&given->shape);
	if (in->rank < 3 || in->rank > 5 || n != (size_t)(in->rank - 2) || (given != NULL && given->data == NULL))
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t axis = given != NULL ? lu_tensor_get_int(given, (int64_t)i) : ints[i];

		axis += axis < 0 ? in->rank : 0;
		if (axis < first || axis >= in->rank - behind)
			return false;
	}
	return true;
}

static enum lu_status mean_to_pool(struct lu_graph *graph, int at, struct lu_error *err)
{
	struct lu_node *node = &graph->nodes[at], *flatten;
	struct lu_tensor pooled = graph->values[node->in[0]].tensor;
	bool keep = lu_node_int(node, "keepdims", 1) != 0;
	enum lu_status status;
	int value;

	if (pooled.type != LU_TYPE_FLOAT32 || pooled.data != NULL)
		return LU_OK;
	if (!reduces(graph, node, 2, 0)) {
		int64_t perm[LU_MAX_RANK] = {0, pooled.shape.rank - 1};

		if (keep || !reduces(graph, node, 1, 1))
			return LU_OK;
		for (int i = 2; i < pooled.shape.rank; i++)
			perm[i] = i - 1;
		LU_TRY(lu_transpose_before(graph, at, node->in[0], perm, &value, err));
		node = &graph->nodes[++at];
		LU_TRY(lu_pool_copy(&graph->pool, &node->in, &value, 1, sizeof(value), "a node", err));
		pooled = graph->values[value].tensor;
	}
	LU_TRY(lu_become(graph, node, "GlobalAveragePool", 13, &(int){node->in[0]}, 1, err));
	if (keep)
		return LU_OK;
	LU_TRY(lu_graph_add_value(graph, node->name, &value, err));
	LU_TRY(lu_graph_insert(graph, at + 1, &flatten, err));
	node = &graph->nodes[at];
	for (int i = 2; i < pooled.shape.rank; i++)
		pooled.shape.dim[i] = 1;
	graph->values[value].tensor = pooled;
	graph->values[value].node = at;
	*flatten = (struct lu_node){.name = node->name, .n_out = 1, .out = node->out, .fused = {.addend = -1}};
	graph->values[flatten->out[0]].node = at + 1;
	LU_TRY(lu_become(graph, flatten, "Flatten", 13, &value, 1, err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->out, &value, 1, sizeof(value), "a node", err));
out:
	return status;
}

/* x gate(x), made of a gate that only the product uses, is the operator 'op'. */
static enum lu_status gate_to(struct lu_graph *graph, struct lu_node *gate, const char *op, int opset,
			      struct lu_error *err)
{
	struct lu_node *multiply = lu_graph_only_user(graph, gate);
	int x = gate->in[0];

	if (lu_other_input(multiply, "Mul", gate->out[0]) != x || multiply->opset < 7)
		return LU_OK;
	lu_graph_remove(graph, gate);
	return lu_become(graph, multiply, op, opset, &x, 1, err);
}

static bool is_hard_swish_gate(const struct lu_node *node)
{
	return lu_node_is(node, "HardSigmoid") && lu_is_near(lu_node_float(node, "alpha", 0.2f), 1.0 / 6) &&
	       lu_is_near(lu_node_float(node, "beta", 0.5f), 0.5);
}

/* The value that is divided by sqrt 2 before its Erf, or -1. */
static int under_erf(const struct lu_graph *graph, const struct lu_node *erf)
{
	const struct lu_node *scale = lu_graph_maker(graph, erf->in[0]);

	if (lu_node_is(scale, "Div") && lu_is_near(lu_one_number(graph, scale->in[1]), 1.4142135623730951))
		return scale->in[0];
	for (int i = 0; i < 2 && lu_node_is(scale, "Mul"); i++)
		if (lu_is_near(lu_one_number(graph, scale->in[i]), 0.7071067811865476))
			return scale->in[1 - i];
	return -1;
}

static bool is_half(const struct lu_graph *graph, int value)
{
	return lu_is_near(lu_one_number(graph, value), 0.5);
}

/* Of x, 1/2 and 1 + Erf any two may be multiplied first. */
static enum lu_status erf_to_gelu(struct lu_graph *graph, struct lu_node *erf, struct lu_error *err)
{
	struct lu_node *add = lu_graph_only_user(graph, erf), *first, *last;
	int x = under_erf(graph, erf), other;

	if (x < 0 || !lu_is_near(lu_one_number(graph, lu_other_input(add, "Add", erf->out[0])), 1))
		return LU_OK;
	first = lu_graph_only_user(graph, add);
	other = lu_other_input(first, "Mul", add->out[0]);
	if (other < 0)
		return LU_OK;
	last = lu_graph_only_user(graph, first);
	if (is_half(graph, other)) {
		if (lu_other_input(last, "Mul", first->out[0]) != x)
			return LU_OK;
	} else if (other == x) {
		if (!is_half(graph, lu_other_input(last, "Mul", first->out[0])))
			return LU_OK;
	} else {
		last = first;
		if (!is_half(graph, lu_other_input(lu_graph_maker(graph, other), "Mul", x)))
			return LU_OK;
	}
	return lu_become(graph, last, "Gelu", 20, &x, 1, err);
}

static enum lu_status matmul_to_gemm(struct lu_graph *graph, struct lu_node *product, struct lu_error *err)
{
	const struct lu_shape *out = &graph->values[product->out[0]].tensor.shape;
	struct lu_node *add = lu_graph_only_user(graph, product);
	int bias = lu_other_input(add, "Add", product->out[0]);
	const struct lu_tensor *b = bias >= 0 ? &graph->values[bias].tensor : NULL;
	int in[3] = {product->in[0], product->in[1], bias};

	if (b == NULL || b->data == NULL || b->type != LU_TYPE_FLOAT32 || b->shape.rank < 1 || b->shape.rank > 2 ||
	    out->rank != 2 || lu_shape_count(&b->shape) != out->dim[1] ||
	    b->shape.dim[b->shape.rank - 1] != out->dim[1] || graph->values[product->in[0]].tensor.shape.rank != 2 ||
	    graph->values[product->in[1]].tensor.shape.rank != 2)
		return LU_OK;
	lu_graph_replace(graph, add->out[0], product->out[0]);
	lu_graph_remove(graph, add);
	return lu_become(graph, product, "Gemm", 13, in, 3, err);
}

enum lu_status lu_pass_recognise(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];

		if (lu_node_is(node, "ReduceMean"))
			LU_TRY(mean_to_pool(graph, i, err));
		else if (lu_node_is(node, "Sigmoid"))
			LU_TRY(gate_to(graph, node, "Swish", 24, err));
		else if (is_hard_swish_gate(node))
			LU_TRY(gate_to(graph, node, "HardSwish", 14, err));
		else if (lu_node_is(node, "Erf"))
			LU_TRY(erf_to_gelu(graph, node, err));
		else if (lu_node_is(node, "MatMul") && graph->values[node->out[0]].tensor.type == LU_TYPE_FLOAT32)
			LU_TRY(matmul_to_gemm(graph, node, err));
	}
out:
	return status;
}
