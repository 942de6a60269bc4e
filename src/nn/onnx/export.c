/*
 * export.c: a graph as an ONNX file. See export.h.
 *
 * The message is built in one pool: texts are borrowed from the graph, and all goes at once. Names
 * must be unique in a file but not in a graph: a value whose name is taken gets its number behind it.
 */
#include "nn/onnx/export.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/graph/op.h"
#include "nn/onnx/parts.h"

struct export
{
	const struct lu_graph *graph;
	struct lu_pool pool;
	char **names; /* by value */
	struct lu_error *err;
};

static enum lu_status take(struct export *e, void *out, size_t count, size_t size)
{
	return lu_pool_take(&e->pool, out, count ? count : 1, size, "an ONNX file", e->err);
}

/* Texts in protobuf-c's messages are not const; packing does not write to them. */
static enum lu_status text(struct export *e, char **out, const char *from)
{
	return lu_pool_copy(&e->pool, out, from, strlen(from) + 1, 1, "an ONNX file", e->err);
}

static bool is_end(const struct lu_graph *graph, int value)
{
	for (int i = 0; i < graph->n_inputs; i++)
		if (graph->inputs[i] == value)
			return true;
	for (int i = 0; i < graph->n_outputs; i++)
		if (graph->outputs[i] == value)
			return true;
	return false;
}

static bool is_named_before(const struct lu_graph *graph, int value)
{
	if (is_end(graph, value))
		return false;
	if (graph->values[value].name[0] == '\0')
		return true;
	for (int i = 0; i < graph->n_values; i++)
		if (i != value && strcmp(graph->values[i].name, graph->values[value].name) == 0 &&
		    (i < value || is_end(graph, i)))
			return true;
	return false;
}

static enum lu_status name_values(struct export *e)
{
	const struct lu_graph *graph = e->graph;
	enum lu_status status;

	LU_TRY(take(e, &e->names, (size_t)graph->n_values, sizeof(*e->names)));
	for (int i = 0; i < graph->n_values && status == LU_OK; i++) {
		const char *name = graph->values[i].name;
		size_t room = strlen(name) + 16;

		if (!is_named_before(graph, i)) {
			status = text(e, &e->names[i], name);
			continue;
		}
		status = take(e, &e->names[i], room, 1);
		if (status == LU_OK)
			snprintf(e->names[i], room, "%s__%d", name, i);
	}
out:
	return status;
}

static int32_t onnx_type(enum lu_type type)
{
	switch (type) {
	case LU_TYPE_INT8:
		return ONNX__TENSOR_PROTO__DATA_TYPE__INT8;
	case LU_TYPE_UINT8:
		return ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
	case LU_TYPE_INT32:
		return ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
	case LU_TYPE_INT64:
		return ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
	case LU_TYPE_BOOL:
		return ONNX__TENSOR_PROTO__DATA_TYPE__BOOL;
	default:
		return ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
	}
}

/* Raw data are little-endian in the file. */
static enum lu_status tensor(struct export *e, int value, Onnx__TensorProto **out)
{
	const struct lu_tensor *from = &e->graph->values[value].tensor;
	size_t each = lu_type_size(from->type), count = (size_t)lu_shape_count(&from->shape);
	const uint8_t *bytes = from->data;
	const uint16_t one = 1;
	Onnx__TensorProto *to;
	enum lu_status status;

	LU_TRY(take(e, &to, 1, sizeof(*to)));
	onnx__tensor_proto__init(to);
	to->name = e->names[value];
	to->has_data_type = 1;
	to->data_type = onnx_type(from->type);
	to->n_dims = (size_t)from->shape.rank;
	LU_TRY(take(e, &to->dims, to->n_dims, sizeof(*to->dims)));
	LU_TRY(take(e, &to->raw_data.data, count * each, 1));
	for (int i = 0; i < from->shape.rank; i++)
		to->dims[i] = from->shape.dim[i];
	to->has_raw_data = 1;
	to->raw_data.len = count * each;
	for (size_t i = 0; i < count; i++)
		for (size_t b = 0; b < each; b++)
			to->raw_data.data[i * each + b] = bytes[i * each + (*(const uint8_t *)&one ? b : each - 1 - b)];
	*out = to;
out:
	return status;
}

static enum lu_status attribute(struct export *e, const struct lu_node *node, const struct lu_attribute *from,
				Onnx__AttributeProto **out)
{
	Onnx__AttributeProto *to;
	enum lu_status status;

	LU_TRY(take(e, &to, 1, sizeof(*to)));
	onnx__attribute_proto__init(to);
	LU_TRY(text(e, &to->name, from->name));
	*out = to;
	to->has_type = 1;
	switch (from->kind) {
	case LU_ATTRIBUTE_INT:
		to->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
		to->has_i = 1;
		to->i = from->i;
		break;
	case LU_ATTRIBUTE_FLOAT:
		to->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
		to->has_f = 1;
		to->f = from->f;
		break;
	case LU_ATTRIBUTE_STRING:
		to->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
		to->has_s = 1;
		to->s.len = strlen(from->s);
		LU_TRY(lu_pool_copy(&e->pool, &to->s.data, from->s, to->s.len + 1, 1, "an ONNX file", e->err));
		break;
	case LU_ATTRIBUTE_INTS:
		to->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
		to->n_ints = from->count;
		LU_TRY(lu_pool_copy(&e->pool, &to->ints, from->ints, from->count, sizeof(*to->ints), "an ONNX file",
				    e->err));
		break;
	case LU_ATTRIBUTE_STRINGS:
		to->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS;
		LU_TRY(take(e, &to->strings, from->count, sizeof(*to->strings)));
		for (; to->n_strings < from->count; to->n_strings++) {
			ProtobufCBinaryData *one = &to->strings[to->n_strings];
			one->len = strlen(from->strings[to->n_strings]);
			LU_TRY(lu_pool_copy(&e->pool, &one->data, from->strings[to->n_strings], one->len + 1, 1,
					    "an ONNX file", e->err));
		}
		break;
	case LU_ATTRIBUTE_FLOATS:
		to->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
		to->n_floats = from->count;
		LU_TRY(lu_pool_copy(&e->pool, &to->floats, from->floats, from->count, sizeof(*to->floats),
				    "an ONNX file", e->err));
		break;
	default:
		status = lu_fail(e->err, LU_ERROR_UNSUPPORTED, "%s: node '%s': attribute '%s' cannot be written",
				 e->graph->name, node->name, from->name);
	}
out:
	return status;
}

static enum lu_status write_node(struct export *e, const struct lu_node *from, Onnx__NodeProto **out)
{
	Onnx__NodeProto *to;
	enum lu_status status;

	LU_TRY(take(e, &to, 1, sizeof(*to)));
	assert(from->fused.activation == LU_ACTIVATION_NONE && from->fused.addend < 0);
	onnx__node_proto__init(to);
	*out = to;
	LU_TRY(text(e, &to->name, from->name));
	LU_TRY(text(e, &to->op_type, from->op->name));
	if (from->op->domain[0])
		LU_TRY(text(e, &to->domain, from->op->domain));
	LU_TRY(take(e, &to->input, (size_t)from->n_in, sizeof(*to->input)));
	LU_TRY(take(e, &to->output, (size_t)from->n_out, sizeof(*to->output)));
	LU_TRY(take(e, &to->attribute, (size_t)from->n_attributes, sizeof(*to->attribute)));
	for (int i = 0; i < from->n_in; i++, to->n_input++)
		LU_TRY(from->in[i] >= 0 ? text(e, &to->input[i], e->names[from->in[i]]) : text(e, &to->input[i], ""));
	for (int i = 0; i < from->n_out; i++, to->n_output++)
		LU_TRY(from->out[i] >= 0 ? text(e, &to->output[i], e->names[from->out[i]])
					 : text(e, &to->output[i], ""));
	for (int i = 0; i < from->n_attributes; i++, to->n_attribute++)
		LU_TRY(attribute(e, from, &from->attributes[i], &to->attribute[i]));
out:
	return status;
}

/* An input or output: its type and shape, with the first axis open. */
static enum lu_status end(struct export *e, int value, Onnx__ValueInfoProto **out)
{
	const struct lu_tensor *from = &e->graph->values[value].tensor;
	Onnx__TensorShapeProto__Dimension *dims;
	Onnx__TypeProto__Tensor *type;
	Onnx__TensorShapeProto *shape;
	Onnx__ValueInfoProto *to;
	size_t rank = (size_t)from->shape.rank;
	enum lu_status status;

	LU_TRY(take(e, &to, 1, sizeof(*to)));
	LU_TRY(take(e, &to->type, 1, sizeof(*to->type)));
	LU_TRY(take(e, &type, 1, sizeof(*type)));
	LU_TRY(take(e, &shape, 1, sizeof(*shape)));
	LU_TRY(take(e, &dims, rank, sizeof(*dims)));
	Onnx__TypeProto *outer = to->type;
	onnx__value_info_proto__init(to);
	onnx__type_proto__init(outer);
	onnx__type_proto__tensor__init(type);
	onnx__tensor_shape_proto__init(shape);
	to->name = e->names[value];
	to->type = outer;
	outer->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	outer->tensor_type = type;
	type->has_elem_type = 1;
	type->elem_type = onnx_type(from->type);
	type->shape = shape;
	LU_TRY(take(e, &shape->dim, rank, sizeof(*shape->dim)));
	for (size_t i = 0; i < rank; i++, shape->n_dim++) {
		onnx__tensor_shape_proto__dimension__init(&dims[i]);
		shape->dim[i] = &dims[i];
		dims[i].value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
		dims[i].dim_value = from->shape.dim[i];
		if (i > 0)
			continue;
		dims[i].value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
		LU_TRY(text(e, &dims[i].dim_param, "N"));
	}
	*out = to;
out:
	return status;
}

/* The versions of the operators' domains; each once. */
static enum lu_status import(struct export *e, Onnx__ModelProto *model)
{
	static const char *const domains[] = {"", "ai.onnx.ml"};
	enum lu_status status = take(e, &model->opset_import, 2, sizeof(*model->opset_import));

	for (int d = 0; d < 2; d++) {
		int version = 0;

		for (int i = 0; i < e->graph->n_nodes; i++)
			if (e->graph->nodes[i].op != NULL && strcmp(e->graph->nodes[i].op->domain, domains[d]) == 0)
				version = e->graph->nodes[i].opset;
		if (!version || status != LU_OK)
			continue;
		status = take(e, &model->opset_import[model->n_opset_import], 1, sizeof(Onnx__OperatorSetIdProto));
		if (status != LU_OK)
			break;
		Onnx__OperatorSetIdProto *opset = model->opset_import[model->n_opset_import++];
		onnx__operator_set_id_proto__init(opset);
		opset->has_version = 1;
		opset->version = version;
		status = text(e, &opset->domain, domains[d]);
	}
	return status;
}

enum lu_status lu_onnx_export(const struct lu_graph *graph, char **bytes, size_t *size, struct lu_error *err)
{
	struct export e = {.graph = graph, .err = err};
	Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
	Onnx__GraphProto to = ONNX__GRAPH_PROTO__INIT;
	enum lu_status status;

	*bytes = NULL;
	LU_TRY(name_values(&e));
	model.graph = &to;
	model.has_ir_version = 1;
	model.ir_version = 8;
	LU_TRY(text(&e, &model.producer_name, "landuse"));
	LU_TRY(text(&e, &to.name, "quantised"));
	LU_TRY(import(&e, &model));
	LU_TRY(take(&e, &to.node, (size_t)graph->n_nodes, sizeof(*to.node)));
	LU_TRY(take(&e, &to.initializer, (size_t)graph->n_values, sizeof(*to.initializer)));
	LU_TRY(take(&e, &to.input, (size_t)graph->n_inputs, sizeof(*to.input)));
	LU_TRY(take(&e, &to.output, (size_t)graph->n_outputs, sizeof(*to.output)));
	for (int i = 0; i < graph->n_nodes; i++)
		if (graph->nodes[i].op != NULL)
			LU_TRY(write_node(&e, &graph->nodes[i], &to.node[to.n_node++]));
	for (int i = 0; i < graph->n_values; i++)
		if (graph->values[i].tensor.data != NULL && lu_graph_uses(graph, i))
			LU_TRY(tensor(&e, i, &to.initializer[to.n_initializer++]));
	for (int i = 0; i < graph->n_inputs; i++)
		LU_TRY(end(&e, graph->inputs[i], &to.input[to.n_input++]));
	for (int i = 0; i < graph->n_outputs; i++)
		LU_TRY(end(&e, graph->outputs[i], &to.output[to.n_output++]));
	*size = onnx__model_proto__get_packed_size(&model);
	LU_TRY(lu_alloc(bytes, *size, 1, "an ONNX file", err));
	onnx__model_proto__pack(&model, (uint8_t *)*bytes);
out:
	lu_pool_release(&e.pool);
	return status;
}
