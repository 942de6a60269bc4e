/*
 * layer_norm.c: a normalisation that exporters before opset 17 spell out becomes LayerNormalization.
 *
 *	d = x - ReduceMean(x)
 *	y = d / Sqrt(ReduceMean(d^2) + epsilon) * scale + bias
 *
 * d^2 is Pow(d, 2) or d * d, d may be made twice, and the root may be a Reciprocal that is multiplied. Over the last axes
 * that is the operator itself; over the channels of N x C x space it is so between two Transposes, which engines
 * that keep channels last need not run.
 */
#include "nn/ops/infer.h"
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"
#include "nn/passes/rewrite.h"

struct match {
	int x;
	bool axes[LU_MAX_RANK];
	double epsilon;
};

/* A ReduceMean of floats that keeps the dimensions, and its axes. */
static bool is_mean(struct lu_graph *graph, int value, bool axes[LU_MAX_RANK])
{
	const struct lu_node *node = lu_graph_maker(graph, value);
	struct lu_error ignored = {0};
	struct lu_call call;
	bool given;

	if (!lu_node_is(node, "ReduceMean") || !lu_node_int(node, "keepdims", 1) ||
	    graph->values[node->in[0]].tensor.type != LU_TYPE_FLOAT32)
		return false;
	lu_call_prepare(graph, node, &call);
	return lu_call_axes(&call, 1, call.in[0]->shape.rank, axes, &given, &ignored) == LU_OK && given;
}

/* 'value' is x - ReduceMean(x). */
static bool is_deviation(struct lu_graph *graph, int value, int *x, bool axes[LU_MAX_RANK])
{
	const struct lu_node *sub = lu_graph_maker(graph, value);

	if (!lu_node_is(sub, "Sub") || !is_mean(graph, sub->in[1], axes))
		return false;
	*x = sub->in[0];
	return lu_graph_maker(graph, sub->in[1])->in[0] == *x;
}

/* 'value' is the square of a deviation. */
static bool is_square(struct lu_graph *graph, int value, int *x, bool axes[LU_MAX_RANK])
{
	const struct lu_node *square = lu_graph_maker(graph, value);

	if (lu_node_is(square, "Pow") && lu_one_number(graph, square->in[1]) != 2)
		return false;
	if (lu_node_is(square, "Mul") && square->in[0] != square->in[1])
		return false;
	return (lu_node_is(square, "Pow") || lu_node_is(square, "Mul")) && is_deviation(graph, square->in[0], x, axes);
}

static bool same_axes(const bool a[LU_MAX_RANK], const bool b[LU_MAX_RANK], int rank)
{
	for (int i = 0; i < rank; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* 'value' is Sqrt(ReduceMean(d^2) + epsilon) of the same x over the same axes. */
static bool is_root(struct lu_graph *graph, int value, struct match *m)
{
	const struct lu_node *root = lu_graph_maker(graph, value), *add;
	int rank = graph->values[m->x].tensor.shape.rank, x;
	bool axes[LU_MAX_RANK] = {false};

	if (!lu_node_is(root, "Sqrt"))
		return false;
	add = lu_graph_maker(graph, root->in[0]);
	for (int i = 0; i < 2 && lu_node_is(add, "Add"); i++) {
		m->epsilon = lu_one_number(graph, add->in[1 - i]);
		if (m->epsilon >= 0 && is_mean(graph, add->in[i], axes) && same_axes(axes, m->axes, rank) &&
		    is_square(graph, lu_graph_maker(graph, add->in[i])->in[0], &x, axes) && x == m->x &&
		    same_axes(axes, m->axes, rank))
			return true;
	}
	return false;
}

/* 'node' divides a deviation by its root. */
static bool is_normalised(struct lu_graph *graph, const struct lu_node *node, struct match *m)
{
	const struct lu_node *inverse;

	*m = (struct match){0};
	if (lu_node_is(node, "Div"))
		return is_deviation(graph, node->in[0], &m->x, m->axes) && is_root(graph, node->in[1], m);
	for (int i = 0; i < 2 && lu_node_is(node, "Mul"); i++) {
		inverse = lu_graph_maker(graph, node->in[1 - i]);
		if (lu_node_is(inverse, "Reciprocal") && is_deviation(graph, node->in[i], &m->x, m->axes) &&
		    is_root(graph, inverse->in[0], m))
			return true;
	}
	return false;
}

/* The first of the last axes that are normalised and no others; 'channels' where it is axis 1 alone; else -1. */
static int first_axis(const struct match *m, int rank, bool *channels)
{
	int first = 0, count = 0;

	for (int i = rank - 1; i >= 0; i--)
		if (m->axes[i]) {
			first = i;
			count++;
		}
	*channels = count == 1 && first == 1 && rank > 2;
	return count > 0 && (*channels || first + count == rank) ? first : -1;
}

/*
 * A constant that varies along the normalised axes alone, as one number for each of their places: a value of shape
 * 'shape', or -1 where it is no such constant.
 */
static enum lu_status by_place(struct lu_graph *graph, int value, const struct match *m, const struct lu_shape *shape,
			       int rank, double otherwise, int *placed, struct lu_error *err)
{
	const struct lu_tensor *from = value >= 0 ? &graph->values[value].tensor : NULL;
	int64_t count = lu_shape_count(shape), n = from != NULL ? lu_shape_count(&from->shape) : 1;
	enum lu_status status;

	*placed = -1;
	if (from != NULL &&
	    (from->data == NULL || from->type != LU_TYPE_FLOAT32 || from->shape.rank > rank || (n != 1 && n != count)))
		return LU_OK;
	for (int i = 0; from != NULL && i < from->shape.rank; i++)
		if (from->shape.dim[i] != 1 && !m->axes[i + rank - from->shape.rank])
			return LU_OK;
	status = lu_graph_add_constant(graph, "norm", LU_TYPE_FLOAT32, shape, placed, err);
	if (status != LU_OK)
		return status;
	from = value >= 0 ? &graph->values[value].tensor : NULL; /* values may have moved */
	for (int64_t i = 0; i < count; i++)
		((float *)graph->values[*placed].tensor.data)[i] =
			(float)(from != NULL ? lu_tensor_get(from, n == 1 ? 0 : i) : otherwise);
	return LU_OK;
}

/* If the only user of '*node' is 'op' with a constant by place, that constant, and go on to the user. */
static enum lu_status take_step(struct lu_graph *graph, int *node, const char *op, const struct match *m,
				const struct lu_shape *shape, double otherwise, int *constant, struct lu_error *err)
{
	const struct lu_node *from = &graph->nodes[*node], *user = lu_graph_only_user(graph, from);
	int other = lu_other_input(user, op, from->out[0]);
	enum lu_status status = LU_OK;

	*constant = -1;
	if (other >= 0 && graph->values[other].tensor.data != NULL)
		LU_TRY(by_place(graph, other, m, shape, graph->values[m->x].tensor.shape.rank, 0, constant, err));
	if (*constant >= 0)
		*node = (int)(user - graph->nodes);
	else
		LU_TRY(by_place(graph, -1, m, shape, 0, otherwise, constant, err));
out:
	return status;
}

/* Node 'at' becomes LayerNormalization over the axes from 'axis' on. */
static enum lu_status become_norm(struct lu_graph *graph, int at, const int in[3], int64_t axis, double epsilon,
				  struct lu_error *err)
{
	const struct lu_attribute attributes[] = {
		{.name = "axis", .kind = LU_ATTRIBUTE_INT, .i = axis},
		{.name = "epsilon", .kind = LU_ATTRIBUTE_FLOAT, .f = (float)epsilon},
	};
	struct lu_node *node = &graph->nodes[at];
	enum lu_status status;

	LU_TRY(lu_become(graph, node, "LayerNormalization", 17, in, 3, err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->attributes, attributes, 2, sizeof(attributes[0]), "a node", err));
	node->n_attributes = 2;
out:
	return status;
}

/* The norm over axis 1 of x, at node 'at', between Transposes that bring that axis behind the others. */
static enum lu_status norm_channels(struct lu_graph *graph, int at, int in[3], double epsilon, struct lu_error *err)
{
	int64_t last[LU_MAX_RANK] = {0}, back[LU_MAX_RANK] = {0};
	int rank = graph->values[in[0]].tensor.shape.rank;
	enum lu_status status;

	for (int i = 1; i < rank - 1; i++) {
		last[i] = i + 1;
		back[i + 1] = i;
	}
	last[rank - 1] = 1;
	back[1] = rank - 1;
	LU_TRY(lu_transpose_before(graph, at, in[0], last, &in[0], err));
	LU_TRY(become_norm(graph, at + 1, in, -1, epsilon, err));
	LU_TRY(lu_transpose_behind(graph, at + 1, &graph->values[in[0]].tensor.shape, back, err));
out:
	return status;
}

static enum lu_status try_node(struct lu_graph *graph, int at, struct lu_error *err)
{
	struct lu_shape shape = {0};
	int last = at, in[3], first, rank;
	enum lu_status status;
	struct match m;
	bool channels;

	if (!is_normalised(graph, &graph->nodes[at], &m))
		return LU_OK;
	rank = graph->values[m.x].tensor.shape.rank;
	first = first_axis(&m, rank, &channels);
	if (first < 0)
		return LU_OK;
	shape.rank = channels ? 1 : rank - first;
	for (int i = 0; i < shape.rank; i++)
		shape.dim[i] = graph->values[m.x].tensor.shape.dim[first + i];
	in[0] = m.x;
	LU_TRY(take_step(graph, &last, "Mul", &m, &shape, 1, &in[1], err));
	LU_TRY(take_step(graph, &last, "Add", &m, &shape, 0, &in[2], err));
	if (channels)
		return norm_channels(graph, last, in, m.epsilon, err);
	LU_TRY(become_norm(graph, last, in, first, m.epsilon, err));
out:
	return status;
}

enum lu_status lu_pass_layer_norm(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < graph->n_nodes; i++)
		LU_TRY(try_node(graph, i, err));
out:
	return status;
}
