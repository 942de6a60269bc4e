/*
 * graph.c: the graph's own housekeeping: copying, adding, replacing, removing.
 */
#include <string.h>

#include "base/memory.h"
#include "nn/graph/graph.h"
#include "nn/graph/op.h"

void lu_graph_free(struct lu_graph *graph)
{
	if (graph == NULL)
		return;
	lu_pool_release(&graph->constants);
	lu_pool_release(&graph->pool);
	lu_free(graph);
}

void lu_graph_forget_constants(struct lu_graph *graph)
{
	for (int i = 0; i < graph->n_values; i++)
		graph->values[i].tensor.data = NULL;
	lu_pool_release(&graph->constants);
}

static enum lu_status clone_text(struct lu_graph *graph, const char **text, struct lu_error *err)
{
	return *text != NULL ? lu_pool_text(&graph->pool, text, *text, strlen(*text), err) : LU_OK;
}

static enum lu_status clone_attribute(struct lu_graph *graph, struct lu_attribute *a, struct lu_error *err)
{
	enum lu_status status;
	const char **strings;

	LU_TRY(clone_text(graph, &a->name, err));
	LU_TRY(clone_text(graph, &a->s, err));
	if (a->ints != NULL)
		LU_TRY(lu_pool_copy(&graph->pool, &a->ints, a->ints, a->count, sizeof(*a->ints), "an attribute", err));
	if (a->floats != NULL)
		LU_TRY(lu_pool_copy(&graph->pool, &a->floats, a->floats, a->count, sizeof(*a->floats), "an attribute",
				    err));
	if (a->strings == NULL)
		return LU_OK;
	LU_TRY(lu_pool_copy(&graph->pool, &strings, a->strings, a->count, sizeof(*strings), "an attribute", err));
	for (size_t i = 0; i < a->count; i++)
		LU_TRY(clone_text(graph, &strings[i], err));
	a->strings = strings;
out:
	return status;
}

static enum lu_status clone_node(struct lu_graph *graph, struct lu_node *node, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(clone_text(graph, &node->name, err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->in, node->in, (size_t)node->n_in, sizeof(*node->in), "a node", err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->out, node->out, (size_t)node->n_out, sizeof(*node->out), "a node",
			    err));
	LU_TRY(lu_pool_copy(&graph->pool, &node->attributes, node->attributes, (size_t)node->n_attributes,
			    sizeof(*node->attributes), "a node", err));
	for (int i = 0; i < node->n_attributes; i++)
		LU_TRY(clone_attribute(graph, &node->attributes[i], err));
out:
	return status;
}

enum lu_status lu_graph_clone(const struct lu_graph *from, struct lu_graph **out, struct lu_error *err)
{
	struct lu_graph *graph = NULL;
	struct lu_pool *pool;
	enum lu_status status;

	*out = NULL;
	status = lu_alloc(&graph, 1, sizeof(*graph), "a graph", err);
	if (status != LU_OK)
		return status;
	*graph = *from;
	graph->room_values = graph->n_values;
	pool = &graph->pool;
	graph->pool = graph->constants = (struct lu_pool){0};
	LU_TRY(clone_text(graph, &graph->name, err));
	LU_TRY(lu_pool_copy(pool, &graph->values, from->values, (size_t)from->n_values, sizeof(*graph->values),
			    "a graph", err));
	LU_TRY(lu_pool_copy(pool, &graph->nodes, from->nodes, (size_t)from->n_nodes, sizeof(*graph->nodes), "a graph",
			    err));
	LU_TRY(lu_pool_copy(pool, &graph->inputs, from->inputs, (size_t)from->n_inputs, sizeof(*graph->inputs),
			    "a graph", err));
	LU_TRY(lu_pool_copy(pool, &graph->outputs, from->outputs, (size_t)from->n_outputs, sizeof(*graph->outputs),
			    "a graph", err));
	for (int i = 0; i < graph->n_values; i++)
		LU_TRY(clone_text(graph, &graph->values[i].name, err));
	for (int i = 0; i < graph->n_nodes; i++)
		LU_TRY(clone_node(graph, &graph->nodes[i], err));
out:
	if (status != LU_OK) {
		lu_graph_free(graph);
		return status;
	}
	*out = graph;
	return LU_OK;
}

enum lu_status lu_graph_add_value(struct lu_graph *graph, const char *name, int *value, struct lu_error *err)
{
	enum lu_status status;
	struct lu_value *values;
	int room;

	if (graph->n_values == graph->room_values) {
		/* The old array stays in the pool: passes add few values. */
		room = graph->room_values + graph->room_values / 2 + 16;
		LU_TRY(lu_pool_take(&graph->pool, &values, (size_t)room, sizeof(*values), "a graph", err));
		if (graph->n_values)
			memcpy(values, graph->values, (size_t)graph->n_values * sizeof(*values));
		graph->values = values;
		graph->room_values = room;
	}
	graph->values[graph->n_values] = (struct lu_value){.node = -1};
	LU_TRY(lu_pool_text(&graph->pool, &graph->values[graph->n_values].name, name, strlen(name), err));
	*value = graph->n_values++;
out:
	return status;
}

enum lu_status lu_graph_add_constant(struct lu_graph *graph, const char *name, enum lu_type type,
				     const struct lu_shape *shape, int *value, struct lu_error *err)
{
	struct lu_tensor tensor = {.type = type, .shape = *shape};
	enum lu_status status;
	size_t bytes;

	if (!lu_shape_bytes(shape, type, &bytes))
		return lu_fail(err, LU_ERROR_MEMORY, "%s: constant '%s' is too large", graph->name, name);
	LU_TRY(lu_pool_take(&graph->constants, &tensor.data, bytes, 1, "a constant", err));
	LU_TRY(lu_graph_add_value(graph, name, value, err));
	graph->values[*value].tensor = tensor;
out:
	return status;
}

int lu_graph_uses(const struct lu_graph *graph, int value)
{
	int uses = 0;

	for (int i = 0; i < graph->n_nodes; i++) {
		const struct lu_node *node = &graph->nodes[i];

		if (node->op == NULL)
			continue;
		for (int j = 0; j < node->n_in; j++)
			uses += node->in[j] == value;
		uses += node->fused.addend == value;
	}
	for (int i = 0; i < graph->n_outputs; i++)
		uses += graph->outputs[i] == value;
	return uses;
}

void lu_graph_replace(struct lu_graph *graph, int from, int to)
{
	for (int i = 0; i < graph->n_nodes; i++) {
		struct lu_node *node = &graph->nodes[i];

		for (int j = 0; j < node->n_in; j++)
			if (node->in[j] == from)
				node->in[j] = to;
		if (node->fused.addend == from)
			node->fused.addend = to;
	}
	for (int i = 0; i < graph->n_outputs; i++)
		if (graph->outputs[i] == from) {
			graph->outputs[i] = to;
			/* Users know the output by its name. */
			if (graph->values[to].node >= 0)
				graph->values[to].name = graph->values[from].name;
		}
}

struct lu_node *lu_graph_maker(const struct lu_graph *graph, int value)
{
	if (value < 0 || graph->values[value].node < 0)
		return NULL;
	return &graph->nodes[graph->values[value].node];
}

struct lu_node *lu_graph_only_user(const struct lu_graph *graph, const struct lu_node *node)
{
	if (node->n_out != 1 || lu_graph_uses(graph, node->out[0]) != 1)
		return NULL;
	for (int i = 0; i < graph->n_nodes; i++)
		for (int j = 0; graph->nodes[i].op != NULL && j < graph->nodes[i].n_in; j++)
			if (graph->nodes[i].in[j] == node->out[0])
				return &graph->nodes[i];
	return NULL;
}

void lu_graph_remove(struct lu_graph *graph, struct lu_node *node)
{
	for (int i = 0; i < node->n_out; i++)
		if (node->out[i] >= 0 && lu_graph_maker(graph, node->out[i]) == node)
			graph->values[node->out[i]].node = -1;
	node->op = NULL;
}

enum lu_status lu_graph_insert(struct lu_graph *graph, int at, struct lu_node **node, struct lu_error *err)
{
	enum lu_status status;
	struct lu_node *nodes;

	status = lu_pool_take(&graph->pool, &nodes, (size_t)graph->n_nodes + 1, sizeof(*nodes), "a graph", err);
	if (status != LU_OK)
		return status;
	memcpy(nodes, graph->nodes, (size_t)at * sizeof(*nodes));
	memcpy(nodes + at + 1, graph->nodes + at, (size_t)(graph->n_nodes - at) * sizeof(*nodes));
	graph->nodes = nodes;
	graph->n_nodes++;
	for (int i = 0; i < graph->n_values; i++)
		graph->values[i].node += graph->values[i].node >= at;
	*node = &nodes[at];
	return LU_OK;
}

static void need(bool *needed, int value)
{
	if (value >= 0)
		needed[value] = true;
}

enum lu_status lu_graph_sweep(struct lu_graph *graph, struct lu_error *err)
{
	enum lu_status status;
	bool *needed = NULL;

	status = lu_alloc(&needed, (size_t)graph->n_values, sizeof(*needed), "a graph", err);
	if (status != LU_OK)
		return status;
	for (int i = 0; i < graph->n_outputs; i++)
		need(needed, graph->outputs[i]);
	for (int i = graph->n_nodes - 1; i >= 0; i--) {
		struct lu_node *node = &graph->nodes[i];
		bool used = false;

		if (node->op == NULL)
			continue;
		/* A value that has become constant no longer needs its maker. */
		for (int j = 0; j < node->n_out; j++)
			if (node->out[j] >= 0 && needed[node->out[j]] &&
			    graph->values[node->out[j]].tensor.data == NULL)
				used = true;
		if (!used) {
			lu_graph_remove(graph, node);
			continue;
		}
		for (int j = 0; j < node->n_in; j++)
			need(needed, node->in[j]);
		need(needed, node->fused.addend);
	}
	lu_free(needed);
	return LU_OK;
}

int lu_node_in(const struct lu_node *node, int i)
{
	return i < node->n_in ? node->in[i] : -1;
}

bool lu_node_is(const struct lu_node *node, const char *op)
{
	return node != NULL && node->op != NULL && strcmp(node->op->name, op) == 0;
}

const struct lu_attribute *lu_node_attribute(const struct lu_node *node, const char *name)
{
	for (int i = 0; i < node->n_attributes; i++)
		if (strcmp(node->attributes[i].name, name) == 0)
			return &node->attributes[i];
	return NULL;
}

int64_t lu_node_int(const struct lu_node *node, const char *name, int64_t otherwise)
{
	const struct lu_attribute *a = lu_node_attribute(node, name);

	return a != NULL ? a->i : otherwise;
}

float lu_node_float(const struct lu_node *node, const char *name, float otherwise)
{
	const struct lu_attribute *a = lu_node_attribute(node, name);

	return a != NULL ? a->f : otherwise;
}

const char *lu_node_string(const struct lu_node *node, const char *name, const char *otherwise)
{
	const struct lu_attribute *a = lu_node_attribute(node, name);

	return a != NULL ? a->s : otherwise;
}

const int64_t *lu_node_ints(const struct lu_node *node, const char *name, size_t *count)
{
	const struct lu_attribute *a = lu_node_attribute(node, name);

	*count = a != NULL ? a->count : 0;
	return a != NULL ? a->ints : NULL;
}

const float *lu_node_floats(const struct lu_node *node, const char *name, size_t *count)
{
	const struct lu_attribute *a = lu_node_attribute(node, name);

	*count = a != NULL ? a->count : 0;
	return a != NULL ? a->floats : NULL;
}

enum lu_status lu_node_set_ints(struct lu_graph *graph, struct lu_node *node, const char *name, const int64_t *ints,
				size_t count, struct lu_error *err)
{
	struct lu_attribute fresh = {.name = name, .kind = LU_ATTRIBUTE_INTS, .count = count};
	struct lu_attribute *attributes;
	enum lu_status status;
	int at = 0;

	LU_TRY(lu_pool_copy(&graph->pool, &fresh.ints, ints, count, sizeof(*ints), "an attribute", err));
	while (at < node->n_attributes && strcmp(node->attributes[at].name, name) != 0)
		at++;
	if (at == node->n_attributes) {
		LU_TRY(lu_pool_take(&graph->pool, &attributes, (size_t)at + 1, sizeof(*attributes), "an attribute",
				    err));
		if (at)
			memcpy(attributes, node->attributes, (size_t)at * sizeof(*attributes));
		node->attributes = attributes;
		node->n_attributes++;
	}
	node->attributes[at] = fresh;
out:
	return status;
}
