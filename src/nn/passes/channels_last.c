/*
 * channels_last.c: products and arithmetic on rows x columns x channels are written as those of an image.
 *
 *	MatMul of N x H x W x C with a matrix, Add of a vector	->	Transpose, 1x1 Conv with bias, Transpose
 *	MatMul of N x L x C (tokens of a transformer), likewise	->	the same over an image of one dimension
 *	x + Transpose of a Conv					->	Transpose of (Transpose of x + Conv)
 *	arithmetic of Transposes alike				->	Transpose of the arithmetic
 *	Transpose of a Transpose				->	one, or none
 *
 * So a block whose inside is channels-last (ConvNeXt, transformers; all of a network that comes from Keras) loses the Transposes
 * inside it, and what is folded and fused around convolutions is so here. Transposes that stay cost an engine nothing
 * where it keeps the channels last anyway.
 */
#include <string.h>

#include "nn/ops/list.h"
#include "nn/passes/passes.h"
#include "nn/passes/rewrite.h"

/* By the rank of the product. */
static const int64_t to_image[][4] = {[3] = {0, 2, 1}, [4] = {0, 3, 1, 2}};
static const int64_t from_image[][4] = {[3] = {0, 2, 1}, [4] = {0, 2, 3, 1}};

static bool is_float_constant(const struct lu_tensor *t)
{
	return t->data != NULL && t->type == LU_TYPE_FLOAT32;
}

/* The bias that the only user of a product adds, or -1. */
static int find_bias(const struct lu_graph *graph, const struct lu_node *product, int64_t columns)
{
	int bias = lu_other_input(lu_graph_only_user(graph, product), "Add", product->out[0]);
	const struct lu_tensor *t = bias >= 0 ? &graph->values[bias].tensor : NULL;

	return t != NULL && is_float_constant(t) && t->shape.rank >= 1 && t->shape.rank <= 4 &&
			       lu_shape_count(&t->shape) == columns && t->shape.dim[t->shape.rank - 1] == columns
		       ? bias
		       : -1;
}

/* A matrix of inputs x outputs as weights of a 1x1 Conv of this rank, and a bias of one dimension. */
static enum lu_status add_weights(struct lu_graph *graph, int matrix, int bias, int rank, int in[3],
				  struct lu_error *err)
{
	const struct lu_shape *from = &graph->values[matrix].tensor.shape;
	struct lu_shape shape = {.rank = rank, .dim = {from->dim[1], from->dim[0], 1, 1}};
	struct lu_shape bias_shape = {.rank = 1, .dim = {from->dim[1]}};
	int64_t inputs = from->dim[0], outputs = from->dim[1];
	const float *data;
	enum lu_status status;
	float *to;

	LU_TRY(lu_graph_add_constant(graph, graph->values[matrix].name, LU_TYPE_FLOAT32, &shape, &in[1], err));
	LU_TRY(lu_graph_add_constant(graph, graph->values[matrix].name, LU_TYPE_FLOAT32, &bias_shape, &in[2], err));
	data = graph->values[matrix].tensor.data;
	to = graph->values[in[1]].tensor.data;
	for (int64_t o = 0; o < outputs; o++)
		for (int64_t i = 0; i < inputs; i++)
			to[o * inputs + i] = data[i * outputs + o];
	if (bias >= 0)
		memcpy(graph->values[in[2]].tensor.data, graph->values[bias].tensor.data,
		       (size_t)outputs * sizeof(float));
out:
	return status;
}

static enum lu_status product_to_conv(struct lu_graph *graph, int at, struct lu_error *err)
{
	struct lu_node *node = &graph->nodes[at], *add;
	const struct lu_tensor *a = &graph->values[node->in[0]].tensor, *b = &graph->values[node->in[1]].tensor;
	struct lu_shape out = graph->values[node->out[0]].tensor.shape, image;
	enum lu_status status;
	const int rank = a->shape.rank;
	int in[3], bias;

	if (a->type != LU_TYPE_FLOAT32 || a->data != NULL || rank < 3 || rank > 4 || !is_float_constant(b) ||
	    b->shape.rank != 2 || graph->values[node->in[1]].quantisation != NULL || lu_shape_count(&out) == 0)
		return LU_OK;
	bias = find_bias(graph, node, out.dim[rank - 1]);
	LU_TRY(add_weights(graph, node->in[1], bias, rank, in, err));
	if (bias >= 0) {
		add = lu_graph_only_user(graph, node);
		lu_graph_replace(graph, add->out[0], node->out[0]);
		lu_graph_remove(graph, add);
	}
	lu_permute(&out, to_image[rank], &image);
	LU_TRY(lu_transpose_before(graph, at, node->in[0], to_image[rank], &in[0], err));
	LU_TRY(lu_become(graph, &graph->nodes[at + 1], "Conv", 13, in, 3, err));
	LU_TRY(lu_transpose_behind(graph, at + 1, &image, from_image[rank], err));
out:
	return status;
}

static const int64_t *perm_of(const struct lu_graph *graph, int value, int64_t plain[LU_MAX_RANK])
{
	const struct lu_node *node = lu_graph_maker(graph, value);
	const int64_t *perm;
	size_t n;

	if (!lu_node_is(node, "Transpose"))
		return NULL;
	perm = lu_node_ints(node, "perm", &n);
	if (perm != NULL)
		return perm;
	for (int i = 0; i < graph->values[value].tensor.shape.rank; i++)
		plain[i] = graph->values[value].tensor.shape.rank - 1 - i;
	return plain;
}

/* A Transpose of a Transpose reads what that one reads, or goes where both together change nothing. */
static enum lu_status compose(struct lu_graph *graph, struct lu_node *node, struct lu_error *err)
{
	int64_t plain[2][LU_MAX_RANK], both[LU_MAX_RANK];
	const int64_t *second = perm_of(graph, node->out[0], plain[0]), *first = perm_of(graph, node->in[0], plain[1]);
	int rank = graph->values[node->in[0]].tensor.shape.rank, from;
	bool moves = false;

	if (first == NULL)
		return LU_OK;
	from = lu_graph_maker(graph, node->in[0])->in[0];
	for (int i = 0; i < rank; i++) {
		both[i] = first[second[i]];
		moves |= both[i] != i;
	}
	if (moves) {
		node->in[0] = from;
		return lu_node_set_ints(graph, node, "perm", both, (size_t)rank, err);
	}
	lu_graph_replace(graph, node->out[0], from);
	lu_graph_remove(graph, node);
	return LU_OK;
}

/* Sums and products of floats with broadcasting, and functions of one number. */
static bool is_arithmetic(const struct lu_graph *graph, const struct lu_node *node)
{
	static const char *const names[] = {"Add", "Sub", "Mul", "Div"};
	bool found;

	if (node->op == NULL || node->n_in < 1 || node->n_out != 1 || graph->values[node->out[0]].tensor.data != NULL ||
	    graph->values[node->out[0]].tensor.type != LU_TYPE_FLOAT32 ||
	    graph->values[node->in[0]].tensor.type != LU_TYPE_FLOAT32)
		return false;
	found = node->op->rule == lu_rule_unary;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		found |= lu_node_is(node, names[i]) && node->opset >= 7;
	return found;
}

/* A constant that goes with Transposes by 'perm', as it was before them: it must have no more than one long dimension. */
static enum lu_status turn_back(struct lu_graph *graph, int value, int rank, const int64_t *perm, int *turned,
				struct lu_error *err)
{
	struct lu_shape from = graph->values[value].tensor.shape, shape = {.rank = rank};
	enum lu_type type = graph->values[value].tensor.type;
	enum lu_status status;
	int longer = 0;

	*turned = value;
	if (lu_shape_count(&from) == 1 && from.rank <= rank)
		return LU_OK;
	for (int i = 0; i < rank; i++) {
		int at = i - (rank - from.rank);

		shape.dim[perm[i]] = at < 0 ? 1 : from.dim[at];
		longer += shape.dim[perm[i]] != 1;
	}
	*turned = -1;
	if (from.rank > rank || longer > 1)
		return LU_OK;
	LU_TRY(lu_graph_add_constant(graph, graph->values[value].name, type, &shape, turned, err));
	memcpy(graph->values[*turned].tensor.data, graph->values[value].tensor.data,
	       (size_t)lu_shape_count(&shape) * lu_type_size(type));
out:
	return status;
}

/* Arithmetic of Transposes by one permutation, and of constants, is done before them. */
static enum lu_status pull_up(struct lu_graph *graph, int at, struct lu_error *err)
{
	const struct lu_node *node = &graph->nodes[at];
	int64_t plain[LU_MAX_RANK], inverse[LU_MAX_RANK];
	struct lu_shape out = graph->values[node->out[0]].tensor.shape, before;
	const int64_t *perm = NULL, *other;
	int in[LU_MAX_CALL], n = node->n_in;
	enum lu_status status = LU_OK;

	for (int i = 0; i < n && perm == NULL; i++)
		perm = perm_of(graph, node->in[i], plain);
	if (perm == NULL)
		return LU_OK;
	for (int i = 0; i < n; i++) {
		int64_t another[LU_MAX_RANK];

		in[i] = node->in[i];
		if (in[i] < 0)
			continue;
		if (graph->values[in[i]].tensor.data != NULL) {
			LU_TRY(turn_back(graph, in[i], out.rank, perm, &in[i], err));
			if (in[i] < 0)
				return LU_OK;
			continue;
		}
		other = perm_of(graph, in[i], another);
		if (other == NULL || graph->values[in[i]].tensor.shape.rank != out.rank ||
		    memcmp(other, perm, (size_t)out.rank * sizeof(*perm)) != 0)
			return LU_OK;
		in[i] = lu_graph_maker(graph, in[i])->in[0];
	}
	for (int i = 0; i < out.rank; i++)
		inverse[perm[i]] = i;
	lu_permute(&out, inverse, &before);
	LU_TRY(lu_transpose_behind(graph, at, &before, perm, err));
	LU_TRY(lu_pool_copy(&graph->pool, &graph->nodes[at].in, in, (size_t)n, sizeof(*in), "a node", err));
out:
	return status;
}

/* The place of the Add's operand that is a Transpose of a Conv which can take an addend, and is nobody else's; else -1. */
static int find_turned_conv(const struct lu_graph *graph, const struct lu_node *add)
{
	for (int i = 0; i < 2; i++) {
		const struct lu_node *turn = lu_graph_maker(graph, add->in[i]), *conv;

		if (!lu_node_is(turn, "Transpose") || lu_graph_uses(graph, add->in[i]) != 1)
			continue;
		conv = lu_graph_maker(graph, turn->in[0]);
		if (lu_node_is(conv, "Conv") && conv->fused.addend < 0 && lu_graph_uses(graph, turn->in[0]) == 1)
			return i;
	}
	return -1;
}

/*
 * The sum of a residual block is made before the Transpose of its convolution, so that it becomes part of that. The
 * shortcut is turned for it, which costs an engine nothing that keeps channels last.
 */
static enum lu_status turn_shortcut(struct lu_graph *graph, int at, struct lu_error *err)
{
	const struct lu_node *add = &graph->nodes[at];
	int64_t plain[LU_MAX_RANK], inverse[LU_MAX_RANK], perm[LU_MAX_RANK];
	struct lu_shape before, out = graph->values[add->out[0]].tensor.shape;
	enum lu_status status = LU_OK;
	const int64_t *of_conv;
	int conv, other, in[2];

	if (!lu_node_is(add, "Add") || add->n_in != 2 || add->opset < 7)
		return LU_OK;
	conv = find_turned_conv(graph, add);
	if (conv < 0)
		return LU_OK;
	other = add->in[!conv];
	if (graph->values[other].tensor.data != NULL || lu_node_is(lu_graph_maker(graph, other), "Transpose") ||
	    !lu_shape_equal(&graph->values[other].tensor.shape, &out))
		return LU_OK;
	of_conv = perm_of(graph, add->in[conv], plain);
	for (int i = 0; i < out.rank; i++) {
		perm[i] = of_conv[i];
		inverse[of_conv[i]] = i;
	}
	in[0] = lu_graph_maker(graph, add->in[conv])->in[0];
	LU_TRY(lu_transpose_before(graph, at, other, inverse, &in[1], err));
	LU_TRY(lu_pool_copy(&graph->pool, &graph->nodes[at + 1].in, in, 2, sizeof(*in), "a node", err));
	lu_permute(&out, inverse, &before);
	LU_TRY(lu_transpose_behind(graph, at + 1, &before, perm, err));
out:
	return status;
}

enum lu_status lu_pass_channels_last(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (int i = 0; i < graph->n_nodes; i++)
		if (lu_node_is(&graph->nodes[i], "MatMul"))
			LU_TRY(product_to_conv(graph, i, err));
	/* In order, so that what comes out of one step is there for the next. */
	for (int i = 0; i < graph->n_nodes; i++) {
		if (lu_node_is(&graph->nodes[i], "Transpose")) {
			LU_TRY(compose(graph, &graph->nodes[i], err));
		} else if (is_arithmetic(graph, &graph->nodes[i])) {
			LU_TRY(turn_shortcut(graph, i, err));
			LU_TRY(pull_up(graph, i, err));
		}
	}
out:
	return status;
}
