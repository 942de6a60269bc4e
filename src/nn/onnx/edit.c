/* edit.c: nodes, weights, outputs and attributes of a message. See edit.h. */
#include "nn/onnx/edit.h"

#include <string.h>

#include "base/memory.h"

const char *lu_onnx_text(const char *text)
{
	return text != NULL ? text : "";
}

enum lu_status lu_onnx_no_memory(const struct lu_onnx *onnx, struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory", onnx->path);
}

/* lu_alloc'ed copies for the message to own. */
static bool take(void *out, size_t count, size_t size)
{
	return lu_alloc(out, count, size, "an ONNX file", NULL) == LU_OK;
}

const Onnx__NodeProto *lu_onnx_maker(const Onnx__GraphProto *graph, const char *name)
{
	for (size_t i = 0; i < graph->n_node; i++)
		for (size_t k = 0; k < graph->node[i]->n_output; k++)
			if (strcmp(graph->node[i]->output[k], name) == 0)
				return graph->node[i];
	return NULL;
}

bool lu_onnx_is_used(const Onnx__GraphProto *graph, const char *name)
{
	for (size_t i = 0; i < graph->n_node; i++)
		for (size_t k = 0; k < graph->node[i]->n_input; k++)
			if (strcmp(graph->node[i]->input[k], name) == 0)
				return true;
	return false;
}

Onnx__ValueInfoProto *lu_onnx_value_info(const char *name, size_t rank, const int64_t *dims)
{
	Onnx__ValueInfoProto *info = NULL;
	Onnx__TypeProto *type = NULL;
	Onnx__TypeProto__Tensor *tensor = NULL;
	Onnx__TensorShapeProto *shape = NULL;

	if (!take(&info, 1, sizeof(*info)))
		return NULL;
	onnx__value_info_proto__init(info);
	info->name = lu_strdup(name);
	if (info->name == NULL || !take(&type, 1, sizeof(*type)))
		goto fail;
	onnx__type_proto__init(type);
	info->type = type;
	if (!take(&tensor, 1, sizeof(*tensor)))
		goto fail;
	onnx__type_proto__tensor__init(tensor);
	type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	type->tensor_type = tensor;
	tensor->has_elem_type = 1;
	tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
	if (rank == 0) /* shape not said */
		return info;
	if (!take(&shape, 1, sizeof(*shape)))
		goto fail;
	onnx__tensor_shape_proto__init(shape);
	tensor->shape = shape;
	if (!take(&shape->dim, rank, sizeof(*shape->dim)))
		goto fail;
	for (size_t i = 0; i < rank; i++) {
		if (!take(&shape->dim[i], 1, sizeof(**shape->dim)))
			goto fail;
		shape->n_dim = i + 1;
		onnx__tensor_shape_proto__dimension__init(shape->dim[i]);
		if (dims[i] >= 0) {
			shape->dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
			shape->dim[i]->dim_value = dims[i];
			continue;
		}
		char *param = lu_strdup("N");
		if (param == NULL)
			goto fail;
		shape->dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
		shape->dim[i]->dim_param = param;
	}
	return info;
fail:
	onnx__value_info_proto__free_unpacked(info, &lu_onnx_allocator);
	return NULL;
}

void lu_onnx_replace_outputs(Onnx__GraphProto *graph, Onnx__ValueInfoProto *info)
{
	for (size_t i = 0; i < graph->n_output; i++)
		onnx__value_info_proto__free_unpacked(graph->output[i], &lu_onnx_allocator);
	graph->output[0] = info;
	graph->n_output = 1;
}

int64_t lu_onnx_opset(const Onnx__ModelProto *model)
{
	for (size_t i = 0; i < model->n_opset_import; i++) {
		const char *domain = lu_onnx_text(model->opset_import[i]->domain);
		if (*domain == '\0' || strcmp(domain, "ai.onnx") == 0)
			return model->opset_import[i]->version;
	}
	return 1;
}

bool lu_onnx_import(Onnx__ModelProto *model, const char *domain, int64_t version)
{
	Onnx__OperatorSetIdProto *opset = NULL;

	for (size_t i = 0; i < model->n_opset_import; i++)
		if (strcmp(lu_onnx_text(model->opset_import[i]->domain), domain) == 0)
			return true;
	if (lu_grow(&model->opset_import, model->n_opset_import + 1, sizeof(*model->opset_import), "a model", NULL) !=
		    LU_OK ||
	    !take(&opset, 1, sizeof(*opset)))
		return false;
	onnx__operator_set_id_proto__init(opset);
	model->opset_import[model->n_opset_import++] = opset;
	opset->has_version = 1;
	opset->version = version;
	opset->domain = lu_strdup(domain);
	return opset->domain != NULL;
}

/* Append an attribute without a value yet; NULL when memory is out. */
static Onnx__AttributeProto *add_attribute(Onnx__NodeProto *node, const char *name,
					   Onnx__AttributeProto__AttributeType type)
{
	Onnx__AttributeProto *attribute = NULL;

	if (lu_grow(&node->attribute, node->n_attribute + 1, sizeof(*node->attribute), "a node", NULL) != LU_OK ||
	    !take(&attribute, 1, sizeof(*attribute)))
		return NULL;
	onnx__attribute_proto__init(attribute);
	attribute->has_type = 1;
	attribute->type = type;
	node->attribute[node->n_attribute++] = attribute;
	attribute->name = lu_strdup(name);
	return attribute->name != NULL ? attribute : NULL;
}

bool lu_onnx_set_int(Onnx__NodeProto *node, const char *name, int64_t value)
{
	Onnx__AttributeProto *attribute = add_attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

	if (attribute == NULL)
		return false;
	attribute->has_i = 1;
	attribute->i = value;
	return true;
}

static bool set_bytes(ProtobufCBinaryData *bytes, const char *text)
{
	bytes->data = (uint8_t *)lu_strdup(text);
	bytes->len = bytes->data != NULL ? strlen(text) : 0;
	return bytes->data != NULL;
}

bool lu_onnx_set_string(Onnx__NodeProto *node, const char *name, const char *value)
{
	Onnx__AttributeProto *attribute = add_attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

	if (attribute == NULL || !set_bytes(&attribute->s, value))
		return false;
	attribute->has_s = 1;
	return true;
}

int64_t *lu_onnx_set_ints(Onnx__NodeProto *node, const char *name, size_t count)
{
	Onnx__AttributeProto *attribute = add_attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	if (attribute == NULL || !take(&attribute->ints, count, sizeof(*attribute->ints)))
		return NULL;
	attribute->n_ints = count;
	return attribute->ints;
}

float *lu_onnx_set_floats(Onnx__NodeProto *node, const char *name, size_t count)
{
	Onnx__AttributeProto *attribute = add_attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);

	if (attribute == NULL || !take(&attribute->floats, count, sizeof(*attribute->floats)))
		return NULL;
	attribute->n_floats = count;
	return attribute->floats;
}

bool lu_onnx_set_strings(Onnx__NodeProto *node, const char *name, const char *const *values, size_t count)
{
	Onnx__AttributeProto *attribute = add_attribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS);

	if (attribute == NULL || !take(&attribute->strings, count, sizeof(*attribute->strings)))
		return false;
	for (; attribute->n_strings < count; attribute->n_strings++)
		if (!set_bytes(&attribute->strings[attribute->n_strings], values[attribute->n_strings]))
			return false;
	return true;
}

/* A list of names, ended by NULL, copied; '*n' counts those that are there. */
static bool copy_names(char ***out, size_t *n, const char *const *names)
{
	size_t count = 0;

	while (names[count] != NULL)
		count++;
	if (!take(out, count, sizeof(char *)))
		return false;
	for (; *n < count; ++*n) {
		(*out)[*n] = lu_strdup(names[*n]);
		if ((*out)[*n] == NULL)
			return false;
	}
	return true;
}

Onnx__NodeProto *lu_onnx_add_node(Onnx__GraphProto *graph, const char *op, const char *const *inputs,
				  const char *const *outputs)
{
	Onnx__NodeProto *node = NULL;

	if (lu_grow(&graph->node, graph->n_node + 1, sizeof(*graph->node), "a graph", NULL) != LU_OK ||
	    !take(&node, 1, sizeof(*node)))
		return NULL;
	onnx__node_proto__init(node);
	graph->node[graph->n_node++] = node;
	node->op_type = lu_strdup(op);
	node->name = lu_sprintf("head_%s", op);
	if (node->op_type == NULL || node->name == NULL || !copy_names(&node->input, &node->n_input, inputs) ||
	    !copy_names(&node->output, &node->n_output, outputs))
		return NULL;
	return node;
}

bool lu_onnx_add_weight(Onnx__GraphProto *graph, const char *name, size_t rank, const int64_t *dims, const float *data)
{
	Onnx__TensorProto *tensor = NULL;
	size_t count = 1;

	if (lu_grow(&graph->initializer, graph->n_initializer + 1, sizeof(*graph->initializer), "a graph", NULL) !=
		    LU_OK ||
	    !take(&tensor, 1, sizeof(*tensor)))
		return false;
	onnx__tensor_proto__init(tensor);
	graph->initializer[graph->n_initializer++] = tensor;
	tensor->name = lu_strdup(name);
	tensor->has_data_type = 1;
	tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
	if (tensor->name == NULL || !take(&tensor->dims, rank, sizeof(*tensor->dims)))
		return false;
	for (size_t i = 0; i < rank; i++)
		count *= (size_t)(tensor->dims[i] = dims[i]);
	tensor->n_dims = rank;
	if (!take(&tensor->raw_data.data, count, sizeof(float)))
		return false;
	tensor->has_raw_data = 1;
	tensor->raw_data.len = count * sizeof(float);
	/* ONNX wants raw data little-endian. */
	for (size_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, &data[i], sizeof(bits));
		for (int byte = 0; byte < 4; byte++)
			tensor->raw_data.data[4 * i + (size_t)byte] = (uint8_t)(bits >> (8 * byte));
	}
	return true;
}

bool lu_onnx_is_taken(const Onnx__GraphProto *graph, const char *name)
{
	bool taken = lu_onnx_maker(graph, name) != NULL || lu_onnx_is_used(graph, name);

	for (size_t i = 0; i < graph->n_initializer; i++)
		taken |= strcmp(lu_onnx_text(graph->initializer[i]->name), name) == 0;
	for (size_t i = 0; i < graph->n_input; i++)
		taken |= strcmp(lu_onnx_text(graph->input[i]->name), name) == 0;
	return taken;
}
