/*
 * fold_affine.c: y = a x + b by channel, right behind a Conv, becomes part of its weights and bias.
 *
 *	a (w * x + c) + b  =  (a w) * x + (a c + b)
 *
 * BatchNormalization is such a step with a = scale / sqrt(variance + epsilon), b = bias - a mean; so
 * are Mul, Add, Sub and Div by a constant that has one number a channel, or one for all. The new
 * weights are computed in double and rounded once.
 */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

/* Read 'tensor' as one number a channel of an N x C x space image of rank 'rank'. */
static bool by_channel(const struct lu_tensor *tensor, int rank, int64_t channels, double *numbers)
{
	int lead = rank - tensor->shape.rank;
	int64_t count;

	if (tensor->data == NULL || tensor->type != LU_TYPE_FLOAT32 || lead < 0)
		return false;
	for (int i = 0; i < tensor->shape.rank; i++)
		if (tensor->shape.dim[i] != 1 && (i + lead != 1 || tensor->shape.dim[i] != channels))
			return false;
	count = lu_shape_count(&tensor->shape);
	for (int64_t c = 0; c < channels; c++)
		numbers[c] = lu_tensor_get(tensor, count == 1 ? 0 : c);
	return true;
}

static bool batch_norm(const struct lu_graph *graph, const struct lu_node *node, int64_t channels, double *a, double *b)
{
	double epsilon = lu_node_float(node, "epsilon", 1e-5f);
	const struct lu_tensor *t[5];

	for (int i = 1; i < 5; i++) {
		t[i] = &graph->values[node->in[i]].tensor;
		if (t[i]->data == NULL)
			return false;
	}
	for (int64_t c = 0; c < channels; c++) {
		a[c] = lu_tensor_get(t[1], c) / sqrt(lu_tensor_get(t[4], c) + epsilon);
		b[c] = lu_tensor_get(t[2], c) - a[c] * lu_tensor_get(t[3], c);
	}
	return true;
}

/* The step's a and b, if 'node' is one applied to value 'x'. */
static bool read_affine(const struct lu_graph *graph, const struct lu_node *node, int x, int64_t channels, double *a,
			double *b)
{
	int rank = graph->values[x].tensor.shape.rank;
	bool first = node->n_in > 0 && node->in[0] == x;
	const struct lu_tensor *other;

	if (node->fused.addend >= 0 || node->fused.activation != LU_ACTIVATION_NONE)
		return false;
	if (lu_node_is(node, "BatchNormalization"))
		return first && batch_norm(graph, node, channels, a, b);
	if (node->n_in != 2 || node->opset < 7)
		return false;
	other = &graph->values[node->in[first]].tensor;
	for (int64_t c = 0; c < channels; c++) {
		a[c] = 1;
		b[c] = 0;
	}
	if (lu_node_is(node, "Mul"))
		return by_channel(other, rank, channels, a);
	if (lu_node_is(node, "Add"))
		return by_channel(other, rank, channels, b);
	if (!first || !(lu_node_is(node, "Sub") || lu_node_is(node, "Div")))
		return false;
	if (!by_channel(other, rank, channels, lu_node_is(node, "Sub") ? b : a))
		return false;
	for (int64_t c = 0; c < channels; c++) {
		if (lu_node_is(node, "Sub"))
			b[c] = -b[c];
		else
			a[c] = 1 / a[c];
	}
	return true;
}

static enum lu_status fold(struct lu_graph *graph, struct lu_node *conv, const double *a, const double *b,
			   struct lu_error *err)
{
	struct lu_shape shape = graph->values[conv->in[1]].tensor.shape, bias_shape = {.rank = 1};
	int64_t channels = shape.dim[0], each = lu_shape_span(&shape, 1, shape.rank);
	int old_bias = lu_node_in(conv, 2), weight, bias, *in;
	enum lu_status status;
	const float *from;
	float *to;

	bias_shape.dim[0] = channels;
	LU_TRY(lu_graph_add_constant(graph, graph->values[conv->in[1]].name, LU_TYPE_FLOAT32, &shape, &weight, err));
	LU_TRY(lu_graph_add_constant(graph, conv->name, LU_TYPE_FLOAT32, &bias_shape, &bias, err));
	LU_TRY(lu_pool_take(&graph->pool, &in, 3, sizeof(*in), "a node", err));
	from = graph->values[conv->in[1]].tensor.data;
	to = graph->values[weight].tensor.data;
	for (int64_t c = 0; c < channels; c++)
		for (int64_t i = 0; i < each; i++)
			to[c * each + i] = (float)(from[c * each + i] * a[c]);
	from = old_bias >= 0 ? graph->values[old_bias].tensor.data : NULL;
	to = graph->values[bias].tensor.data;
	for (int64_t c = 0; c < channels; c++)
		to[c] = (float)((from != NULL ? from[c] : 0.0) * a[c] + b[c]);
	in[0] = conv->in[0];
	in[1] = weight;
	in[2] = bias;
	conv->in = in;
	conv->n_in = 3;
out:
	return status;
}

static bool has_constant_weights(const struct lu_graph *graph, const struct lu_node *conv)
{
	int bias = lu_node_in(conv, 2);

	return graph->values[conv->in[1]].tensor.data != NULL && (bias < 0 || graph->values[bias].tensor.data != NULL);
}

enum lu_status lu_pass_fold_affine(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	double *a = NULL, *b = NULL;

	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *conv = &graph->nodes[i], *step;
		int64_t channels;

		if (!lu_node_is(conv, "Conv") || !has_constant_weights(graph, conv))
			continue;
		channels = graph->values[conv->in[1]].tensor.shape.dim[0];
		LU_TRY(lu_grow(&a, (size_t)channels, sizeof(*a), "a pass", err));
		LU_TRY(lu_grow(&b, (size_t)channels, sizeof(*b), "a pass", err));
		/* Steps may follow each other: fold until something else comes. */
		while ((step = lu_graph_only_user(graph, conv)) != NULL &&
		       lu_shape_equal(&graph->values[step->out[0]].tensor.shape,
				      &graph->values[conv->out[0]].tensor.shape) &&
		       read_affine(graph, step, conv->out[0], channels, a, b)) {
			status = fold(graph, conv, a, b, err);
			if (status != LU_OK)
				break;
			lu_graph_replace(graph, step->out[0], conv->out[0]);
			lu_graph_remove(graph, step);
		}
	}
out:
	lu_free(a);
	lu_free(b);
	return status;
}
