/*
 * rewrite.c: see rewrite.h.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/ops.h"
#include "nn/passes/rewrite.h"

enum lu_status lu_become(struct lu_graph *graph, struct lu_node *node, const char *op, int opset, const int *in,
			 int n_in, struct lu_error *err)
{
	enum lu_status status = lu_pool_copy(&graph->pool, &node->in, in, (size_t)n_in, sizeof(*in), "a node", err);

	if (status != LU_OK)
		return status;
	node->n_in = n_in;
	node->op = lu_op_find("", op, opset);
	node->opset = opset;
	node->n_attributes = 0;
	return LU_OK;
}

double lu_one_number(const struct lu_graph *graph, int value)
{
	const struct lu_tensor *t = value >= 0 ? &graph->values[value].tensor : NULL;

	return t != NULL && t->data != NULL && t->type == LU_TYPE_FLOAT32 && lu_shape_count(&t->shape) == 1
		       ? lu_tensor_get(t, 0)
		       : NAN;
}

bool lu_is_near(double x, double wanted)
{
	return fabs(x - wanted) <= 1e-6 * wanted;
}

int lu_other_input(const struct lu_node *node, const char *op, int value)
{
	if (!lu_node_is(node, op) || node->n_in != 2 || (node->in[0] != value && node->in[1] != value))
		return -1;
	return node->in[node->in[0] == value];
}

void lu_permute(const struct lu_shape *from, const int64_t *perm, struct lu_shape *to)
{
	to->rank = from->rank;
	for (int i = 0; i < from->rank; i++)
		to->dim[i] = from->dim[perm[i]];
}

enum lu_status lu_insert_node(struct lu_graph *graph, int at, const char *op, int opset, const int *in, int n_in,
			      int to, struct lu_error *err)
{
	enum lu_status status;
	struct lu_node *node;

	LU_TRY(lu_graph_insert(graph, at, &node, err));
	*node = (struct lu_node){.name = graph->values[to].name, .n_out = 1, .fused = {.addend = -1}};
	graph->values[to].node = at;
	LU_TRY(lu_pool_copy(&graph->pool, &node->out, &to, 1, sizeof(to), "a node", err));
	LU_TRY(lu_become(graph, node, op, opset, in, n_in, err));
out:
	return status;
}

/* A Transpose from one value to another at place 'at'. */
static enum lu_status insert_transpose(struct lu_graph *graph, int at, const char *name, int from, int to,
				       const int64_t *perm, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_insert_node(graph, at, "Transpose", 13, &from, 1, to, err));
	graph->nodes[at].name = name;
	LU_TRY(lu_node_set_ints(graph, &graph->nodes[at], "perm", perm, (size_t)graph->values[from].tensor.shape.rank,
				err));
out:
	return status;
}

/* A value without a maker. */
static enum lu_status add_value(struct lu_graph *graph, const char *name, const struct lu_shape *shape, int *value,
				struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_graph_add_value(graph, name, value, err));
	graph->values[*value].tensor = (struct lu_tensor){.type = LU_TYPE_FLOAT32, .shape = *shape};
out:
	return status;
}

enum lu_status lu_reshape_before(struct lu_graph *graph, int at, int from, const struct lu_shape *shape, int *to,
				 struct lu_error *err)
{
	const struct lu_shape length = {.rank = 1, .dim = {shape->rank}};
	const char *name = graph->nodes[at].name;
	enum lu_status status;
	int sizes;

	LU_TRY(lu_graph_add_constant(graph, name, LU_TYPE_INT64, &length, &sizes, err));
	memcpy(graph->values[sizes].tensor.data, shape->dim, (size_t)shape->rank * sizeof(int64_t));
	LU_TRY(add_value(graph, name, shape, to, err));
	LU_TRY(lu_insert_node(graph, at, "Reshape", 13, (int[]){from, sizes}, 2, *to, err));
out:
	return status;
}

enum lu_status lu_reshape_behind(struct lu_graph *graph, int at, const struct lu_shape *shape, struct lu_error *err)
{
	const struct lu_shape length = {.rank = 1, .dim = {graph->values[graph->nodes[at].out[0]].tensor.shape.rank}};
	const char *name = graph->nodes[at].name;
	const int old = graph->nodes[at].out[0];
	enum lu_status status;
	int value, sizes;

	LU_TRY(lu_graph_add_constant(graph, name, LU_TYPE_INT64, &length, &sizes, err));
	memcpy(graph->values[sizes].tensor.data, graph->values[old].tensor.shape.dim,
	       (size_t)length.dim[0] * sizeof(int64_t));
	LU_TRY(add_value(graph, name, shape, &value, err));
	LU_TRY(lu_insert_node(graph, at + 1, "Reshape", 13, (int[]){value, sizes}, 2, old, err));
	graph->values[value].node = at;
	LU_TRY(lu_pool_copy(&graph->pool, &graph->nodes[at].out, &value, 1, sizeof(value), "a node", err));
out:
	return status;
}

enum lu_status lu_transpose_behind(struct lu_graph *graph, int at, const struct lu_shape *shape, const int64_t *perm,
				   struct lu_error *err)
{
	const char *name = graph->nodes[at].name;
	int value, old = graph->nodes[at].out[0];
	enum lu_status status;

	LU_TRY(add_value(graph, name, shape, &value, err));
	LU_TRY(insert_transpose(graph, at + 1, name, value, old, perm, err));
	graph->values[value].node = at;
	LU_TRY(lu_pool_copy(&graph->pool, &graph->nodes[at].out, &value, 1, sizeof(value), "a node", err));
out:
	return status;
}

enum lu_status lu_transpose_before(struct lu_graph *graph, int at, int from, const int64_t *perm, int *to,
				   struct lu_error *err)
{
	const char *name = graph->nodes[at].name;
	enum lu_status status;
	struct lu_shape shape;

	lu_permute(&graph->values[from].tensor.shape, perm, &shape);
	LU_TRY(add_value(graph, name, &shape, to, err));
	LU_TRY(insert_transpose(graph, at, name, from, *to, perm, err));
out:
	return status;
}
