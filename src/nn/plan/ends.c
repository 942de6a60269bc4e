/*
 * ends.c: the two ends of a network as a job meets them: one image in, one tensor out.
 *
 * A job has chips as channels x rows x columns, and what it feeds stands for float32. A network that wants its channels
 * last (Keras) gets a Transpose before it, which the passes put together with the one that such files begin with; one
 * that wants bytes gets them as the float32 numbers 0 to 255, which all that only moves them before a Cast does not notice.
 */
#include "nn/plan/ends.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/graph/op.h"
#include "nn/passes/rewrite.h"

/* Of a square image the axis that is not as long as two others has the channels; of others the shortest. */
static enum lu_order order_of(const struct lu_shape *shape)
{
	const int64_t *dim = shape->dim;

	if (shape->rank != 4 || dim[2] == dim[3])
		return LU_ORDER_CHANNELS_FIRST;
	if (dim[1] == dim[2])
		return LU_ORDER_CHANNELS_LAST;
	return dim[3] < dim[1] && dim[3] < dim[2] ? LU_ORDER_CHANNELS_LAST : LU_ORDER_CHANNELS_FIRST;
}

/* The input that is used, -1 where it is not one; '*used' counts them. */
static int find_image(const struct lu_graph *graph, int *used)
{
	int input = -1;

	*used = 0;
	for (int i = 0; i < graph->n_inputs; i++)
		if (lu_graph_uses(graph, graph->inputs[i])) {
			input = graph->inputs[i];
			++*used;
		}
	return *used == 1 ? input : -1;
}

enum lu_status lu_ends_check(const struct lu_graph *graph, int *input, struct lu_error *err)
{
	const struct lu_value *image, *out;
	int used;

	*input = find_image(graph, &used);
	if (used != 1)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: it has %d inputs; landuse runs networks with one, the image", graph->name, used);
	image = &graph->values[*input];
	if (image->tensor.type != LU_TYPE_FLOAT32)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: input '%s' is %s; landuse feeds float32 and uint8",
			       graph->name, image->name, lu_type_name(image->tensor.type));
	if (image->tensor.shape.rank < 2 || image->tensor.shape.rank > 4)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: input '%s' should be batch x channels x height x width",
			       graph->name, image->name);
	for (int i = 1; i < image->tensor.shape.rank; i++)
		if (image->tensor.shape.dim[i] < 1 || image->tensor.shape.dim[i] > (1 << 24))
			return lu_fail(
				err, LU_ERROR_UNSUPPORTED,
				"%s: input '%s' leaves its dimension %d open; export the model with a fixed image size",
				graph->name, image->name, i);
	out = &graph->values[graph->outputs[0]];
	if (graph->outputs[0] == *input || out->node < 0)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: output '%s' is not computed", graph->name, out->name);
	return LU_OK;
}

/* A new image before node 0, which makes the former one of it by 'op'; the former shape in the job's order. */
static enum lu_status add_image(struct lu_graph *graph, int image, const struct lu_shape *shape, int *fresh,
				struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_graph_add_value(graph, graph->values[image].name, fresh, err));
	graph->values[*fresh].tensor = (struct lu_tensor){.type = LU_TYPE_FLOAT32, .shape = *shape};
	for (int i = 0; i < graph->n_inputs; i++)
		if (graph->inputs[i] == image)
			graph->inputs[i] = *fresh;
out:
	return status;
}

enum lu_status lu_ends_turn(struct lu_graph *graph, struct lu_error *err)
{
	static const int64_t to_job[] = {0, 3, 1, 2}, to_file[] = {0, 2, 3, 1};
	const int image = graph->inputs[0];
	struct lu_shape shape;
	enum lu_status status;
	int fresh;

	if (graph->order != LU_ORDER_CHANNELS_LAST)
		return LU_OK;
	lu_permute(&graph->values[image].tensor.shape, to_job, &shape);
	LU_TRY(add_image(graph, image, &shape, &fresh, err));
	LU_TRY(lu_insert_node(graph, 0, "Transpose", 13, (int[]){fresh}, 1, image, err));
	LU_TRY(lu_node_set_ints(graph, &graph->nodes[0], "perm", to_file, 4, err));
	graph->order = LU_ORDER_CHANNELS_FIRST;
out:
	return status;
}

/* Does the node hand its first input's elements on, or read nothing but its shape? */
static bool only_moves(const struct lu_node *node)
{
	static const char *const names[] = {"Transpose", "Slice", "Shape", "Size"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (lu_node_is(node, names[i]))
			return true;
	return (node->op->flags & LU_OP_VIEW) != 0 && node->n_out == 1;
}

/* A Cast to a type that holds 0 to 255, by its number in ONNX: float32, int32, int64, float16, bfloat16. */
static bool widens(const struct lu_node *node)
{
	static const int64_t wide[] = {1, 6, 7, 10, 16};

	for (size_t i = 0; lu_node_is(node, "Cast") && i < sizeof(wide) / sizeof(wide[0]); i++)
		if (lu_node_int(node, "to", 0) == wide[i])
			return true;
	return false;
}

/* Are the image's bytes only moved until a Cast widens them? Then nobody computes in bytes, and floats will do. */
static enum lu_status find_widened(const struct lu_graph *graph, int image, bool *widened, struct lu_error *err)
{
	bool *bytes = NULL;
	enum lu_status status;

	*widened = true;
	LU_TRY(lu_alloc(&bytes, (size_t)graph->n_values, sizeof(*bytes), "a graph", err));
	bytes[image] = true;
	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];
		bool reads = false;

		for (int j = 0; node->op != NULL && j < node->n_in; j++)
			reads |= node->in[j] >= 0 && bytes[node->in[j]];
		if (!reads || widens(node))
			continue;
		*widened &= only_moves(node);
		if (!lu_node_is(node, "Shape") && !lu_node_is(node, "Size"))
			bytes[node->out[0]] = true;
	}
	for (int i = 0; i < graph->n_outputs; i++)
		*widened &= !bytes[graph->outputs[i]];
out:
	lu_free(bytes);
	return status;
}

static enum lu_status take_bytes(struct lu_graph *graph, int image, struct lu_error *err)
{
	const struct lu_shape shape = graph->values[image].tensor.shape, one = {.rank = 0};
	enum lu_status status;
	bool widened;
	int fresh, byte;

	graph->bytes = true;
	LU_TRY(find_widened(graph, image, &widened, err));
	if (widened) {
		graph->values[image].tensor.type = LU_TYPE_FLOAT32;
		return LU_OK;
	}
	LU_TRY(lu_graph_add_constant(graph, "uint8", LU_TYPE_UINT8, &one, &byte, err));
	LU_TRY(add_image(graph, image, &shape, &fresh, err));
	LU_TRY(lu_insert_node(graph, 0, "CastLike", 15, (int[]){fresh, byte}, 2, image, err));
out:
	return status;
}

/* The outputs' names as they would be listed. */
static void list_outputs(const struct lu_graph *graph, int first, char *text, size_t room)
{
	text[0] = '\0';
	for (int i = first; i < graph->n_outputs; i++) {
		const size_t at = strlen(text);

		snprintf(text + at, room - at, "%s'%.100s'", i > first ? ", " : "",
			 graph->values[graph->outputs[i]].name);
	}
}

enum lu_status lu_ends_others(const struct lu_graph *graph, struct lu_pool *pool, const char **names,
			      struct lu_error *err)
{
	char text[400];

	list_outputs(graph, 1, text, sizeof(text));
	return lu_pool_text(pool, names, text, strlen(text), err);
}

static enum lu_status put_first(struct lu_graph *graph, const char *output, struct lu_error *err)
{
	char names[400];

	for (int i = 0; i < graph->n_outputs; i++) {
		const int value = graph->outputs[i];

		if (strcmp(graph->values[value].name, output) != 0)
			continue;
		graph->outputs[i] = graph->outputs[0];
		graph->outputs[0] = value;
		return LU_OK;
	}
	list_outputs(graph, 0, names, sizeof(names));
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no output '%s' (it has %s)", graph->name, output, names);
}

enum lu_status lu_graph_choose(struct lu_graph *graph, const char *output, enum lu_order order, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	int used, image = find_image(graph, &used);
	const struct lu_tensor *tensor = image >= 0 ? &graph->values[image].tensor : NULL;

	if (output != NULL)
		LU_TRY(put_first(graph, output, err));
	if (tensor == NULL)
		return LU_OK; /* lu_plan_build tells what is wrong */
	if (order == LU_ORDER_CHANNELS_LAST && tensor->shape.rank != 4)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s: input '%s' has %d dimensions, and batch x height x width x channels is expected",
			       graph->name, graph->values[image].name, tensor->shape.rank);
	graph->order = order != LU_ORDER_BY_SHAPE ? order : order_of(&tensor->shape);
	if (tensor->type == LU_TYPE_UINT8)
		LU_TRY(take_bytes(graph, image, err));
out:
	return status;
}

enum lu_order lu_graph_order(const struct lu_graph *graph)
{
	return graph->order == LU_ORDER_CHANNELS_LAST ? LU_ORDER_CHANNELS_LAST : LU_ORDER_CHANNELS_FIRST;
}

bool lu_graph_takes_bytes(const struct lu_graph *graph)
{
	return graph->bytes;
}

int lu_graph_channels(const struct lu_graph *graph)
{
	struct lu_error ignored = {0};
	int input;

	if (lu_ends_check(graph, &input, &ignored) != LU_OK)
		return 0;
	return (int)graph->values[input].tensor.shape.dim[graph->order == LU_ORDER_CHANNELS_LAST ? 3 : 1];
}
