/*
 * fuse_activation.c: an activation right behind a layer is applied while its result is still in a register.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/ops.h"
#include "nn/passes/passes.h"

static bool clip_bound(const struct lu_graph *graph, const struct lu_node *node, int input, const char *attribute,
		       float otherwise, float *bound)
{
	int value = lu_node_in(node, input);

	*bound = lu_node_float(node, attribute, otherwise);
	if (value < 0)
		return true;
	if (graph->values[value].tensor.data == NULL)
		return false;
	*bound = (float)lu_tensor_get(&graph->values[value].tensor, 0);
	return true;
}

bool lu_fused_from(const struct lu_graph *graph, const struct lu_node *node, struct lu_fused *fused)
{
	static const struct {
		const char *name;
		struct lu_fused fused;
	} plain[] = {
		{"Relu", {LU_ACTIVATION_RELU, 0, 0, -1}},
		{"LeakyRelu", {LU_ACTIVATION_LEAKY_RELU, 0.01f, 0, -1}},
		{"Sigmoid", {LU_ACTIVATION_SIGMOID, 0, 0, -1}},
		{"HardSigmoid", {LU_ACTIVATION_HARD_SIGMOID, 0.2f, 0.5f, -1}},
		{"HardSwish", {LU_ACTIVATION_HARD_SWISH, 0, 0, -1}},
		{"Swish", {LU_ACTIVATION_SWISH, 0, 0, -1}},
		{"Gelu", {LU_ACTIVATION_GELU, 0, 0, -1}},
		{"Tanh", {LU_ACTIVATION_TANH, 0, 0, -1}},
		{"Elu", {LU_ACTIVATION_ELU, 1, 0, -1}},
	};

	if (node == NULL || node->op == NULL || graph->values[node->in[0]].tensor.type != LU_TYPE_FLOAT32)
		return false;
	if (lu_node_is(node, "Clip")) {
		*fused = (struct lu_fused){.activation = LU_ACTIVATION_CLIP, .addend = -1};
		return clip_bound(graph, node, 1, "min", -INFINITY, &fused->alpha) &&
		       clip_bound(graph, node, 2, "max", INFINITY, &fused->beta);
	}
	/* Of these two the form that has no other name. */
	if ((lu_node_is(node, "Swish") && lu_node_float(node, "alpha", 1) != 1) ||
	    (lu_node_is(node, "Gelu") && strcmp(lu_node_string(node, "approximate", "none"), "none") != 0))
		return false;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (!lu_node_is(node, plain[i].name))
			continue;
		*fused = plain[i].fused;
		fused->alpha = lu_node_float(node, "alpha", fused->alpha);
		fused->beta = lu_node_float(node, "beta", fused->beta);
		return true;
	}
	return false;
}

/* A BatchNormalization that is still there is run with a Relu or none. */
static bool takes_activation(const struct lu_node *node, const struct lu_node *user)
{
	static const char *const names[] = {"Conv", "Gemm", "MatMul", "BatchNormalization", "Add"};

	if (node->op == NULL || node->fused.activation != LU_ACTIVATION_NONE ||
	    (lu_node_is(node, "BatchNormalization") && !lu_node_is(user, "Relu")))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(node->op->name, names[i]) == 0)
			return true;
	return false;
}

enum lu_status lu_pass_fuse_activation(struct lu_graph *graph, struct lu_error *err)
{
	(void)err;
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i], *user;
		int addend = node->fused.addend;

		if (node->op == NULL || graph->values[node->out[0]].tensor.type != LU_TYPE_FLOAT32)
			continue;
		user = lu_graph_only_user(graph, node);
		if (user == NULL || !takes_activation(node, user) || user->in[0] != node->out[0] ||
		    !lu_fused_from(graph, user, &node->fused))
			continue;
		node->fused.addend = addend;
		lu_graph_replace(graph, user->out[0], node->out[0]);
		lu_graph_remove(graph, user);
	}
	return LU_OK;
}
