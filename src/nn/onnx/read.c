/*
 * read.c: an ONNX file becomes a graph, or a one-line error.
 *
 * Everything is checked here, once: names resolve, nodes stand in order, every operator is in the table
 * at the file's opset, every attribute is one the operator knows and of its kind. Any byte sequence
 * gives a graph or an error, in memory and time proportional to its length.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/graph/graph.h"
#include "nn/onnx/parts.h"
#include "nn/ops/ops.h"

/* Graphs larger than this are not classifiers. */
#define MAX_NODES 20000

/* Value numbers by name: open addressing, at most half full. */
struct names {
	int *slots;
	size_t mask;
};

struct reader {
	struct lu_graph *graph;
	const Onnx__GraphProto *from;
	const Onnx__ModelProto *model;
	const char *folder;
	struct names names;
};

static size_t hash_text(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * 1099511628211u;
	return (size_t)(hash ^ hash >> 32);
}

/* The slot where 'name' is or would be. */
static int *find_slot(const struct reader *r, const char *name)
{
	size_t at = hash_text(name) & r->names.mask;

	while (r->names.slots[at] >= 0 && strcmp(r->graph->values[r->names.slots[at]].name, name) != 0)
		at = (at + 1) & r->names.mask;
	return &r->names.slots[at];
}

static int find_value(const struct reader *r, const char *name)
{
	return *find_slot(r, name);
}

/* A new value; a second one of the same name is an error. */
static enum lu_status define(struct reader *r, const char *name, int *value, struct lu_error *err)
{
	int *slot = find_slot(r, name);
	enum lu_status status;

	if (*slot >= 0)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: value '%s' is made twice", r->graph->name, name);
	LU_TRY(lu_graph_add_value(r->graph, name, value, err));
	*slot = *value;
out:
	return status;
}

static enum lu_status read_initializers(struct reader *r, struct lu_error *err)
{
	char where[512];
	enum lu_status status = LU_OK;
	int value;

	for (size_t i = 0; i < r->from->n_initializer; i++) {
		const Onnx__TensorProto *from = r->from->initializer[i];

		if (from->name == NULL || !*from->name)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: initializer %zu has no name", r->graph->name, i);
		snprintf(where, sizeof(where), "%s: tensor '%s'", r->graph->name, from->name);
		LU_TRY(define(r, from->name, &value, err));
		LU_TRY(lu_onnx_tensor(&r->graph->constants, from, r->folder, where, &r->graph->values[value].tensor,
				      err));
	}
	if (r->from->n_sparse_initializer)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: it has sparse initializers, which landuse does not read",
			       r->graph->name);
out:
	return status;
}

/* Declared type and shape of an input. Dimensions that the file leaves open are -1. */
static enum lu_status read_declared(const struct reader *r, const Onnx__ValueInfoProto *from, struct lu_tensor *tensor,
				    struct lu_error *err)
{
	const Onnx__TypeProto__Tensor *type;
	char text[32];

	if (from->type == NULL || from->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ||
	    from->type->tensor_type == NULL)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: input '%s' is not a tensor", r->graph->name, from->name);
	type = from->type->tensor_type;
	tensor->type = lu_onnx_type(type->elem_type);
	if (tensor->type == LU_TYPE_NONE)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: input '%s' has element type %s, which landuse does not run", r->graph->name,
			       from->name, lu_onnx_type_name(type->elem_type, text));
	tensor->shape.rank = -1;
	if (type->shape == NULL)
		return LU_OK;
	if (type->shape->n_dim > LU_MAX_RANK)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: input '%s' has %zu dimensions, landuse knows up to %d",
			       r->graph->name, from->name, type->shape->n_dim, LU_MAX_RANK);
	tensor->shape.rank = (int)type->shape->n_dim;
	for (size_t i = 0; i < type->shape->n_dim; i++) {
		const Onnx__TensorShapeProto__Dimension *dim = type->shape->dim[i];
		bool known = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;

		tensor->shape.dim[i] = known && dim->dim_value >= 0 ? dim->dim_value : -1;
	}
	return LU_OK;
}

static enum lu_status read_inputs(struct reader *r, struct lu_error *err)
{
	struct lu_graph *graph = r->graph;
	enum lu_status status;
	int value;

	LU_TRY(lu_pool_take(&graph->pool, &graph->inputs, r->from->n_input, sizeof(*graph->inputs), "a graph", err));
	for (size_t i = 0; i < r->from->n_input && status == LU_OK; i++) {
		const Onnx__ValueInfoProto *from = r->from->input[i];

		if (from->name == NULL || !*from->name)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: input %zu has no name", graph->name, i);
		/* Old files list their initializers among the inputs. */
		value = find_value(r, from->name);
		if (value >= 0 && graph->values[value].tensor.data != NULL)
			continue;
		status = define(r, from->name, &value, err);
		if (status != LU_OK)
			return status;
		status = read_declared(r, from, &graph->values[value].tensor, err);
		graph->inputs[graph->n_inputs++] = value;
	}
out:
	return status;
}

/* The version of 'domain' that the file imports; 0 when it does not. */
static int imported_opset(const Onnx__ModelProto *model, const char *domain)
{
	for (size_t i = 0; i < model->n_opset_import; i++) {
		const char *name = model->opset_import[i]->domain != NULL ? model->opset_import[i]->domain : "";

		if (strcmp(name, "ai.onnx") == 0)
			name = "";
		if (strcmp(name, domain) == 0 && model->opset_import[i]->version > 0 &&
		    model->opset_import[i]->version < 1000)
			return (int)model->opset_import[i]->version;
	}
	return 0;
}

/* The kind letter of what the attribute holds. Files before IR 2 leave 'type' out; then the field that is there says. */
static char attribute_kind(const Onnx__AttributeProto *a)
{
	static const char kinds[] = {
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT] = 'f',
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT] = 'i',
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING] = 's',
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR] = 't',
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS] = 'F',
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS] = 'I',
		[ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS] = 'S',
	};

	if (a->has_type && a->type > 0)
		return (size_t)a->type < sizeof(kinds) && kinds[a->type] ? kinds[a->type] : '?';
	return a->has_f       ? 'f'
	       : a->has_i     ? 'i'
	       : a->has_s     ? 's'
	       : a->t != NULL ? 't'
	       : a->n_floats  ? 'F'
	       : a->n_ints    ? 'I'
			      : '?';
}

static enum lu_status read_strings(struct lu_pool *pool, const Onnx__AttributeProto *from, struct lu_attribute *a,
				   struct lu_error *err)
{
	const char **strings;
	enum lu_status status;

	LU_TRY(lu_pool_take(pool, &strings, from->n_strings, sizeof(*strings), "an attribute", err));
	for (size_t i = 0; i < from->n_strings; i++)
		LU_TRY(lu_pool_text(pool, &strings[i], (const char *)from->strings[i].data, from->strings[i].len, err));
out:
	a->strings = strings;
	a->count = from->n_strings;
	return status;
}

static enum lu_status read_attribute(const struct reader *r, const struct lu_node *node,
				     const Onnx__AttributeProto *from, struct lu_attribute *a, struct lu_error *err)
{
	struct lu_pool *pool = &r->graph->pool;
	char kind = attribute_kind(from);
	enum lu_status status;
	char where[512];
	char wanted;

	if (from->name == NULL || !*from->name)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: node '%s' (%s) has an attribute without a name",
			       r->graph->name, node->name, node->op->name);
	wanted = lu_op_attribute_kind(node->op, from->name);
	if (!wanted)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: node '%s' (%s) carries attribute '%s', which landuse does not run", r->graph->name,
			       node->name, node->op->name, from->name);
	if (wanted != kind)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: node '%s' (%s): attribute '%s' is of the wrong kind",
			       r->graph->name, node->name, node->op->name, from->name);
	*a = (struct lu_attribute){.kind = (enum lu_attribute_kind)kind, .i = from->i, .f = from->f};
	status = lu_pool_text(pool, &a->name, from->name, strlen(from->name), err);
	if (status != LU_OK)
		return status;
	switch (a->kind) {
	case LU_ATTRIBUTE_INT:
	case LU_ATTRIBUTE_FLOAT:
		return LU_OK;
	case LU_ATTRIBUTE_STRING:
		return lu_pool_text(pool, &a->s, (const char *)from->s.data, from->s.len, err);
	case LU_ATTRIBUTE_INTS:
		a->count = from->n_ints;
		return lu_pool_copy(pool, &a->ints, from->ints, from->n_ints, sizeof(*a->ints), "an attribute", err);
	case LU_ATTRIBUTE_FLOATS:
		a->count = from->n_floats;
		return lu_pool_copy(pool, &a->floats, from->floats, from->n_floats, sizeof(*a->floats), "an attribute",
				    err);
	case LU_ATTRIBUTE_STRINGS:
		return read_strings(pool, from, a, err);
	case LU_ATTRIBUTE_TENSOR:
		if (from->t == NULL)
			break;
		snprintf(where, sizeof(where), "%s: node '%s' (%s): attribute '%s'", r->graph->name, node->name,
			 node->op->name, from->name);
		return lu_onnx_tensor(pool, from->t, r->folder, where, &a->tensor, err);
	}
	return lu_fail(err, LU_ERROR_FORMAT, "%s: node '%s' (%s): attribute '%s' is empty", r->graph->name, node->name,
		       node->op->name, from->name);
}

static enum lu_status name_node(struct reader *r, const Onnx__NodeProto *from, size_t at, struct lu_node *node,
				struct lu_error *err)
{
	char text[128];

	if (from->name != NULL && *from->name)
		return lu_pool_text(&r->graph->pool, &node->name, from->name, strlen(from->name), err);
	snprintf(text, sizeof(text), "%.100s_%zu", from->op_type, at);
	return lu_pool_text(&r->graph->pool, &node->name, text, strlen(text), err);
}

static enum lu_status find_op(struct reader *r, const Onnx__NodeProto *from, struct lu_node *node, struct lu_error *err)
{
	const char *domain = from->domain != NULL ? from->domain : "";

	if (strcmp(domain, "ai.onnx") == 0)
		domain = "";
	node->opset = imported_opset(r->model, domain);
	if (!node->opset)
		return lu_fail(err, *domain ? LU_ERROR_UNSUPPORTED : LU_ERROR_FORMAT,
			       "%s: node '%s' needs operator '%s', and the file imports no version of its domain '%s'",
			       r->graph->name, node->name, from->op_type, domain);
	node->op = lu_op_find(domain, from->op_type, node->opset);
	if (node->op == NULL)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: node '%s' needs operator '%s%s%s' (opset %d), which landuse does not run",
			       r->graph->name, node->name, domain, *domain ? "." : "", from->op_type, node->opset);
	return LU_OK;
}

static enum lu_status read_edges(struct reader *r, const Onnx__NodeProto *from, struct lu_node *node,
				 struct lu_error *err)
{
	const struct lu_op *op = node->op;
	struct lu_pool *pool = &r->graph->pool;
	enum lu_status status;
	size_t n_in = from->n_input, n_out = from->n_output;

	/* Optional inputs and outputs at the end may be written as empty names. */
	while (n_in && !*from->input[n_in - 1])
		n_in--;
	while (n_out && !*from->output[n_out - 1])
		n_out--;
	if (n_out && !*from->output[0])
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: node '%s' (%s) leaves out its first output",
			       r->graph->name, node->name, op->name);
	if (n_in < (size_t)op->in_min || n_in > (size_t)op->in_max || n_out < 1 || n_out > (size_t)op->out_max)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: node '%s' (%s) has %zu inputs and %zu outputs",
			       r->graph->name, node->name, op->name, n_in, n_out);
	node->n_in = (int)n_in;
	node->n_out = (int)n_out;
	LU_TRY(lu_pool_take(pool, &node->in, n_in, sizeof(*node->in), "a node", err));
	LU_TRY(lu_pool_take(pool, &node->out, n_out, sizeof(*node->out), "a node", err));
	for (size_t i = 0; i < n_in; i++) {
		node->in[i] = *from->input[i] ? find_value(r, from->input[i]) : -1;
		if (*from->input[i] && node->in[i] < 0)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: node '%s' (%s) uses '%s' before anything makes it",
				       r->graph->name, node->name, op->name, from->input[i]);
		if (node->in[i] < 0 && i < (size_t)op->in_min)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: node '%s' (%s) leaves out its input %zu",
				       r->graph->name, node->name, op->name, i);
	}
	for (size_t i = 0; i < n_out; i++) {
		node->out[i] = -1;
		if (!*from->output[i])
			continue;
		LU_TRY(define(r, from->output[i], &node->out[i], err));
		r->graph->values[node->out[i]].node = (int)(node - r->graph->nodes);
	}
out:
	return status;
}

static enum lu_status read_node(struct reader *r, const Onnx__NodeProto *from, size_t at, struct lu_error *err)
{
	struct lu_node *node = &r->graph->nodes[at];
	enum lu_status status;

	node->fused.addend = -1;
	if (from->op_type == NULL || !*from->op_type)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: node %zu has no operator", r->graph->name, at);
	LU_TRY(name_node(r, from, at, node, err));
	LU_TRY(find_op(r, from, node, err));
	LU_TRY(lu_pool_take(&r->graph->pool, &node->attributes, from->n_attribute, sizeof(*node->attributes), "a node",
			    err));
	for (size_t i = 0; i < from->n_attribute; i++)
		LU_TRY(read_attribute(r, node, from->attribute[i], &node->attributes[node->n_attributes++], err));
	LU_TRY(read_edges(r, from, node, err));
out:
	return status;
}

static enum lu_status read_nodes(struct reader *r, struct lu_error *err)
{
	enum lu_status status;

	if (r->from->n_node > MAX_NODES)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: it has %zu nodes, landuse reads up to %d",
			       r->graph->name, r->from->n_node, MAX_NODES);
	LU_TRY(lu_pool_take(&r->graph->pool, &r->graph->nodes, r->from->n_node, sizeof(*r->graph->nodes), "a graph",
			    err));
	for (size_t i = 0; i < r->from->n_node; i++) {
		r->graph->n_nodes = (int)i + 1;
		LU_TRY(read_node(r, r->from->node[i], i, err));
	}
out:
	return status;
}

static enum lu_status read_outputs(struct reader *r, struct lu_error *err)
{
	struct lu_graph *graph = r->graph;
	enum lu_status status;

	if (!r->from->n_output)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: the graph has no output", graph->name);
	LU_TRY(lu_pool_take(&graph->pool, &graph->outputs, r->from->n_output, sizeof(*graph->outputs), "a graph", err));
	for (size_t i = 0; i < r->from->n_output; i++) {
		const char *name = r->from->output[i]->name;

		graph->outputs[i] = name != NULL ? find_value(r, name) : -1;
		if (graph->outputs[i] < 0)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: nothing makes the output '%s'", graph->name,
				       name != NULL ? name : "");
		graph->n_outputs++;
	}
out:
	return status;
}

/* Room for every name the file could define, so that the table never grows. */
static enum lu_status names_new(struct reader *r, struct lu_error *err)
{
	size_t count = r->from->n_initializer + r->from->n_input;
	enum lu_status status;
	size_t size = 16;

	for (size_t i = 0; i < r->from->n_node; i++)
		count += r->from->node[i]->n_output;
	if (count > INT32_MAX / 4)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: it has %zu values", r->graph->name, count);
	while (size < 2 * count)
		size *= 2;
	status = lu_alloc(&r->names.slots, size, sizeof(*r->names.slots), "the names of a graph", err);
	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < size; i++)
		r->names.slots[i] = -1;
	r->names.mask = size - 1;
	return LU_OK;
}

static enum lu_status read_model(const Onnx__ModelProto *model, const char *folder, struct lu_graph *graph,
				 struct lu_error *err)
{
	struct reader r = {.graph = graph, .from = model->graph, .model = model, .folder = folder};
	enum lu_status status;

	if (model->graph == NULL)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: not an ONNX model: it has no graph", graph->name);
	LU_TRY(folder != NULL ? lu_onnx_check_beside(model->graph, graph->name, folder, err) : LU_OK);
	LU_TRY(names_new(&r, err));
	LU_TRY(read_initializers(&r, err));
	LU_TRY(read_inputs(&r, err));
	LU_TRY(read_nodes(&r, err));
	LU_TRY(read_outputs(&r, err));
out:
	lu_free(r.names.slots);
	return status;
}

static enum lu_status parse(const void *bytes, size_t size, const char *name, const char *folder, struct lu_graph **out,
			    struct lu_error *err)
{
	Onnx__ModelProto *model = NULL;
	struct lu_graph *graph = NULL;
	const char *complaint;
	enum lu_status status;

	*out = NULL;
	status = lu_alloc(&graph, 1, sizeof(*graph), "a graph", err);
	if (status != LU_OK)
		return status;
	graph->fold_bytes = LU_FOLD_BYTES;
	graph->fold_work = LU_FOLD_WORK;
	LU_TRY(lu_pool_text(&graph->pool, &graph->name, name, strlen(name), err));
	complaint = lu_onnx_guard(&onnx__model_proto__descriptor, bytes, size);
	if (complaint != NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not an ONNX model: %s", name, complaint);
		goto out;
	}
	LU_TRY(lu_onnx_unpack(name, bytes, size, &model, err));
	if (model == NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not an ONNX model: its messages cannot be unpacked", name);
		goto out;
	}
	LU_TRY(read_model(model, folder, graph, err));
	if (graph->constants.bytes < (LU_FOLD_BYTES - LU_FOLD_SPARE) / LU_FOLD_GROWTH)
		graph->fold_bytes = LU_FOLD_SPARE + LU_FOLD_GROWTH * graph->constants.bytes;
	*out = graph;
	graph = NULL;
out:
	if (model != NULL)
		onnx__model_proto__free_unpacked(model, &lu_onnx_allocator);
	lu_graph_free(graph);
	return status;
}

enum lu_status lu_graph_parse(const void *bytes, size_t size, const char *name, struct lu_graph **out,
			      struct lu_error *err)
{
	return parse(bytes, size, name, NULL, out, err);
}

enum lu_status lu_graph_load(const char *path, struct lu_graph **out, struct lu_error *err)
{
	enum lu_status status;
	char *folder = NULL;
	char *bytes = NULL;
	size_t size;

	*out = NULL;
	folder = lu_path_folder(path);
	if (folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "%s: no memory", path);
	LU_TRY(lu_file_read(path, LU_ONNX_FILE_BYTES, &bytes, &size, err));
	LU_TRY(parse(bytes, size, path, folder, out, err));
out:
	lu_free(bytes);
	lu_free(folder);
	return status;
}
