/*
 * front.c: where a network is cut in two, so that its first layers run chip by chip and the others a batch at a time.
 *
 * A batch reads the weights once for many chips. What lies between the layers then does not stay in the caches: 16 chips of
 * ResNet-50 after its first block are 50 MiB. Its first layers have large images and small weights, its last ones
 * the other way round. So the network is cut where that saves most:
 *
 *	bytes that a chip's layers before the cut read and write, where a batch of them leaves the cache,
 *	less their weights, which are now read for each chip, and what they hand over, which waits for the batch
 *
 * Only a value that is all that later layers read of earlier ones can be a cut. It is handed over channels last, as
 * convolutions hold it, by a Transpose at both ends that moves nothing.
 */
#include "nn/plan/front.h"

#include "base/memory.h"
#include "nn/choices/choices.h"
#include "nn/graph/op.h"
#include "nn/passes/rewrite.h"

static const int64_t to_last[] = {0, 2, 3, 1}, to_first[] = {0, 3, 1, 2};

static double bytes_of(const struct lu_tensor *t)
{
	return (double)lu_shape_count(&t->shape) * (double)lu_type_size(t->type);
}

/* What it is worth, in bytes a chip, that a node runs chip by chip. */
static double gain(const struct lu_graph *graph, const struct lu_node *node, int batch)
{
	double images = 0, weights = 0;

	if ((node->op->flags & LU_OP_VIEW) != 0 || lu_node_is(node, "Transpose"))
		return 0;
	for (int i = 0; i <= node->n_in; i++) {
		const int value = i < node->n_in ? node->in[i] : node->fused.addend;

		if (value >= 0)
			*(graph->values[value].tensor.data != NULL ? &weights : &images) +=
				bytes_of(&graph->values[value].tensor);
	}
	for (int i = 0; i < node->n_out; i++)
		if (node->out[i] >= 0)
			images += bytes_of(&graph->values[node->out[i]].tensor);
	return lu_choose_front_gain(images, weights, batch);
}

static void use(int *last, int value, int at)
{
	if (value >= 0)
		last[value] = at;
}

/* By value, the last node that reads it; -1 where none does. */
static void find_last_uses(const struct lu_graph *graph, int *last)
{
	for (int i = 0; i < graph->n_values; i++)
		last[i] = -1;
	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];

		for (int j = 0; node->op != NULL && j < node->n_in; j++)
			use(last, node->in[j], i);
		if (node->op != NULL)
			use(last, node->fused.addend, i);
	}
	for (int i = 0; i < graph->n_outputs; i++)
		use(last, graph->outputs[i], graph->n_nodes);
}

/* Values alive behind node 'i', constants left out: 'alive' before it, less those it reads last, and those it makes. */
static int count_alive(const struct lu_graph *graph, const int *last, int i, int alive)
{
	const struct lu_node *node = &graph->nodes[i];

	for (int j = 0; j <= node->n_in; j++) {
		const int value = j < node->n_in ? node->in[j] : node->fused.addend;
		bool again = value < 0 || last[value] != i || graph->values[value].tensor.data != NULL;

		for (int k = 0; k < j && !again; k++)
			again = node->in[k] == value;
		alive -= !again;
	}
	for (int j = 0; j < node->n_out; j++)
		alive += node->out[j] >= 0 && last[node->out[j]] > i && graph->values[node->out[j]].tensor.data == NULL;
	return alive;
}

/* An image of floats, each chip of it whole cache lines. */
static bool can_be_cut(const struct lu_graph *graph, const int *last, int i, int batch)
{
	const int value = graph->nodes[i].n_out == 1 ? graph->nodes[i].out[0] : -1;
	const struct lu_tensor *t = value >= 0 ? &graph->values[value].tensor : NULL;

	return t != NULL && last[value] > i && last[value] < graph->n_nodes && t->data == NULL &&
	       t->type == LU_TYPE_FLOAT32 && t->shape.rank == 4 && t->shape.dim[0] == batch &&
	       lu_shape_span(&t->shape, 1, 4) % 16 == 0;
}

enum lu_status lu_front_find(const struct lu_graph *graph, int batch, int *node, struct lu_error *err)
{
	double sum = 0, most = lu_choose_front_least(), handed;
	enum lu_status status;
	int *last = NULL, alive = 1; /* the image */

	*node = -1;
	LU_TRY(lu_alloc(&last, (size_t)graph->n_values, sizeof(*last), "a plan", err));
	find_last_uses(graph, last);
	for (int i = 0; i < graph->n_nodes; i++) {
		if (graph->nodes[i].op == NULL)
			continue;
		sum += gain(graph, &graph->nodes[i], batch);
		alive = count_alive(graph, last, i, alive);
		if (alive != 1 || !can_be_cut(graph, last, i, batch))
			continue;
		handed = bytes_of(&graph->values[graph->nodes[i].out[0]].tensor) / batch;
		if (sum - handed > most) {
			most = sum - handed;
			*node = i;
		}
	}
out:
	lu_free(last);
	return status;
}

static bool is_alike(const struct lu_graph *front, const struct lu_graph *rest, int node)
{
	const struct lu_shape *one, *many;

	if (front->n_nodes != rest->n_nodes || front->nodes[node].op != rest->nodes[node].op)
		return false;
	one = &front->values[front->nodes[node].out[0]].tensor.shape;
	many = &rest->values[rest->nodes[node].out[0]].tensor.shape;
	return one->rank == 4 && one->dim[0] == 1 && one->dim[1] == many->dim[1] && one->dim[2] == many->dim[2] &&
	       one->dim[3] == many->dim[3];
}

/* A value for what is handed over. */
static enum lu_status add_last(struct lu_graph *graph, int from, int *value, struct lu_error *err)
{
	struct lu_tensor tensor = {.type = LU_TYPE_FLOAT32};
	enum lu_status status;

	lu_permute(&graph->values[from].tensor.shape, to_last, &tensor.shape);
	LU_TRY(lu_graph_add_value(graph, graph->values[from].name, value, err));
	graph->values[*value].tensor = tensor;
out:
	return status;
}

enum lu_status lu_front_cut(struct lu_graph *front, struct lu_graph *rest, int node, bool *cut, struct lu_error *err)
{
	enum lu_status status;
	int value, handed;

	*cut = is_alike(front, rest, node);
	if (!*cut)
		return LU_OK;
	value = front->nodes[node].out[0];
	LU_TRY(add_last(front, value, &handed, err));
	LU_TRY(lu_insert_node(front, front->n_nodes, "Transpose", 13, &value, 1, handed, err));
	LU_TRY(lu_node_set_ints(front, &front->nodes[front->n_nodes - 1], "perm", to_last, 4, err));
	front->outputs[0] = handed;
	LU_TRY(lu_graph_sweep(front, err));

	value = rest->nodes[node].out[0];
	lu_graph_remove(rest, &rest->nodes[node]);
	LU_TRY(add_last(rest, value, &handed, err));
	LU_TRY(lu_insert_node(rest, 0, "Transpose", 13, &handed, 1, value, err));
	LU_TRY(lu_node_set_ints(rest, &rest->nodes[0], "perm", to_first, 4, err));
	rest->inputs[0] = handed;
	LU_TRY(lu_graph_sweep(rest, err));
out:
	return status;
}
