/*
 * onnx_write.c: changes to an ONNX file in protobuf-c's own structs. See onnx_write.h.
 *
 * Invariant: whatever hangs in the message was allocated by lu_onnx_allocator, that is by lu_alloc,
 * because onnx__model_proto__free_unpacked releases it all.
 */
#include "nn/onnx_write.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/onnx_parts.h"

#define MAX_FILE_BYTES ((size_t)1 << 31)

/* Names offered when a layer is not found. */
enum { OFFERED = 4 };

struct lu_onnx {
	char *path;
	Onnx__ModelProto *model;
};

static const char *text_of(const char *text)
{
	return text != NULL ? text : "";
}

static enum lu_status no_memory(const struct lu_onnx *onnx, struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory", onnx->path);
}

/* lu_alloc'ed copies for the message to own. */
static bool take(void *out, size_t count, size_t size)
{
	return lu_alloc(out, count, size, "an ONNX file", NULL) == LU_OK;
}

enum lu_status lu_onnx_open(const char *path, struct lu_onnx **out, struct lu_error *err)
{
	struct lu_onnx *onnx = NULL;
	char *bytes = NULL;
	size_t size;
	enum lu_status status = lu_alloc(&onnx, 1, sizeof(*onnx), "an ONNX file", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	onnx->path = lu_strdup(path);
	status = onnx->path != NULL ? lu_file_read(path, MAX_FILE_BYTES, &bytes, &size, err)
				    : lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory", path);
	if (status != LU_OK)
		goto out;
	const char *complaint = lu_onnx_guard(&onnx__model_proto__descriptor, bytes, size);
	if (complaint == NULL)
		onnx->model = onnx__model_proto__unpack(&lu_onnx_allocator, size, (const uint8_t *)bytes);
	if (onnx->model == NULL || onnx->model->graph == NULL || onnx->model->graph->n_output == 0) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not an ONNX model: %s", path,
				 complaint != NULL ? complaint : "it has no graph with an output");
		goto out;
	}
	for (size_t i = 0; i < onnx->model->graph->n_initializer; i++) {
		if (onnx->model->graph->initializer[i]->n_external_data > 0) {
			status = lu_fail(err, LU_ERROR_UNSUPPORTED,
					 "%s: its weights lie in a file beside it: save the model as one file", path);
			goto out;
		}
	}
	*out = onnx;
	onnx = NULL; /* now the caller's */
out:
	lu_onnx_close(onnx);
	lu_free(bytes);
	return status;
}

void lu_onnx_close(struct lu_onnx *onnx)
{
	if (onnx == NULL)
		return;
	if (onnx->model != NULL)
		onnx__model_proto__free_unpacked(onnx->model, &lu_onnx_allocator);
	lu_free(onnx->path);
	lu_free(onnx);
}

/* The node that makes tensor 'name', or NULL. */
static const Onnx__NodeProto *maker(const Onnx__GraphProto *graph, const char *name)
{
	for (size_t i = 0; i < graph->n_node; i++)
		for (size_t k = 0; k < graph->node[i]->n_output; k++)
			if (strcmp(graph->node[i]->output[k], name) == 0)
				return graph->node[i];
	return NULL;
}

const char *lu_onnx_output(const struct lu_onnx *onnx)
{
	return text_of(onnx->model->graph->output[0]->name);
}

const char *lu_onnx_last_operator(const struct lu_onnx *onnx)
{
	const Onnx__NodeProto *node = maker(onnx->model->graph, lu_onnx_output(onnx));

	return node != NULL ? text_of(node->op_type) : "";
}

/* Walk back from the output over steps that keep one number a class, to what the last product is made of. */
static const char *classified_features(const Onnx__GraphProto *graph, const char *output)
{
	static const char *const after[] = {"Softmax", "LogSoftmax", "Sigmoid", "Add",     "Mul",    "Div",
					    "Sub",     "Identity",   "Flatten", "Reshape", "Squeeze"};
	const char *name = output;

	for (const Onnx__NodeProto *node = maker(graph, name); node != NULL && node->n_input > 0;
	     node = maker(graph, name)) {
		bool known = false;

		if (strcmp(node->op_type, "Gemm") == 0 || strcmp(node->op_type, "MatMul") == 0)
			return node->input[0];
		for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
			known |= strcmp(node->op_type, after[i]) == 0;
		if (!known)
			return output;
		name = node->input[0];
	}
	return output;
}

/* A complaint that offers the nearest tensors, or the last ones. */
static enum lu_status no_such_layer(const struct lu_onnx *onnx, const char *layer, struct lu_error *err)
{
	const Onnx__GraphProto *graph = onnx->model->graph;
	const char **names = NULL, *near = NULL;
	char offered[512] = "";
	size_t count = 0;

	if (lu_alloc(&names, graph->n_node + 1, sizeof(*names), "names", NULL) != LU_OK)
		return no_memory(onnx, err);
	for (size_t i = 0; i < graph->n_node; i++)
		if (graph->node[i]->n_output > 0)
			names[count++] = graph->node[i]->output[0];
	near = lu_nearest_word(layer, names, count);
	if (near != NULL)
		snprintf(offered, sizeof(offered), "did you mean '%s'?", near);
	/* Names that hold the word, from the output backwards; without any, the last ones. */
	for (int only_alike = 1; only_alike >= 0 && offered[0] == '\0'; only_alike--) {
		int shown = 0;
		for (size_t i = count; i-- > 0 && shown < OFFERED;) {
			const size_t at = strlen(offered);
			if (only_alike && strstr(names[i], layer) == NULL)
				continue;
			snprintf(offered + at, sizeof(offered) - at, "%s'%.100s'", shown++ > 0 ? ", " : "it has ",
				 names[i]);
		}
	}
	lu_free(names);
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no layer '%s' (%s)", onnx->path, layer, offered);
}

/* Mark node 'at' and all that it depends on. Nodes stand in order, so one walk backwards will do. */
static void mark_needed(const Onnx__GraphProto *graph, const char *layer, bool *needed)
{
	for (size_t i = graph->n_node; i-- > 0;) {
		const Onnx__NodeProto *node = graph->node[i];

		for (size_t k = 0; k < node->n_output && !needed[i]; k++) {
			needed[i] = strcmp(node->output[k], layer) == 0;
			for (size_t later = i + 1; later < graph->n_node && !needed[i]; later++)
				for (size_t in = 0; needed[later] && in < graph->node[later]->n_input && !needed[i];
				     in++)
					needed[i] = *node->output[k] != '\0' &&
						    strcmp(graph->node[later]->input[in], node->output[k]) == 0;
		}
	}
}

/* Does any node that is left use tensor 'name'? */
static bool is_used(const Onnx__GraphProto *graph, const char *name)
{
	for (size_t i = 0; i < graph->n_node; i++)
		for (size_t k = 0; k < graph->node[i]->n_input; k++)
			if (strcmp(graph->node[i]->input[k], name) == 0)
				return true;
	return false;
}

static void drop_unneeded(Onnx__GraphProto *graph, const bool *needed)
{
	size_t kept = 0;

	for (size_t i = 0; i < graph->n_node; i++) {
		if (needed[i])
			graph->node[kept++] = graph->node[i];
		else
			onnx__node_proto__free_unpacked(graph->node[i], &lu_onnx_allocator);
	}
	graph->n_node = kept;
	kept = 0;
	for (size_t i = 0; i < graph->n_initializer; i++) {
		if (is_used(graph, text_of(graph->initializer[i]->name)))
			graph->initializer[kept++] = graph->initializer[i];
		else
			onnx__tensor_proto__free_unpacked(graph->initializer[i], &lu_onnx_allocator);
	}
	graph->n_initializer = kept;
	/* Old files list their weights among the inputs: those go with the weights. */
	kept = 0;
	for (size_t i = 0; i < graph->n_input; i++) {
		if (is_used(graph, text_of(graph->input[i]->name)))
			graph->input[kept++] = graph->input[i];
		else
			onnx__value_info_proto__free_unpacked(graph->input[i], &lu_onnx_allocator);
	}
	graph->n_input = kept;
	for (size_t i = 0; i < graph->n_value_info; i++)
		onnx__value_info_proto__free_unpacked(graph->value_info[i], &lu_onnx_allocator);
	graph->n_value_info = 0;
}

/* A float tensor of 'rank' dimensions, -1 for one left open ("N"), as a value info; NULL when memory is out. */
static Onnx__ValueInfoProto *value_info(const char *name, size_t rank, const int64_t *dims)
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

/* Make 'info' (taken over) the only output. */
static void replace_outputs(Onnx__GraphProto *graph, Onnx__ValueInfoProto *info)
{
	for (size_t i = 0; i < graph->n_output; i++)
		onnx__value_info_proto__free_unpacked(graph->output[i], &lu_onnx_allocator);
	graph->output[0] = info;
	graph->n_output = 1;
}

enum lu_status lu_onnx_cut(struct lu_onnx *onnx, const char *layer, struct lu_error *err)
{
	Onnx__GraphProto *graph = onnx->model->graph;
	Onnx__ValueInfoProto *info = NULL;
	bool *needed = NULL;
	enum lu_status status;

	if (layer == NULL)
		layer = classified_features(graph, lu_onnx_output(onnx));
	if (maker(graph, layer) == NULL)
		return no_such_layer(onnx, layer, err);
	status = lu_alloc(&needed, graph->n_node, sizeof(*needed), "a graph", err);
	if (status != LU_OK)
		return status;
	info = value_info(layer, 0, NULL);
	if (info == NULL) {
		status = no_memory(onnx, err);
		goto out;
	}
	mark_needed(graph, layer, needed); /* before the outputs, and with them 'layer', may go */
	replace_outputs(graph, info);
	drop_unneeded(graph, needed);
out:
	lu_free(needed);
	return status;
}

/* The version of the standard operators that the file imports. */
static int64_t opset_of(const Onnx__ModelProto *model)
{
	for (size_t i = 0; i < model->n_opset_import; i++) {
		const char *domain = text_of(model->opset_import[i]->domain);
		if (*domain == '\0' || strcmp(domain, "ai.onnx") == 0)
			return model->opset_import[i]->version;
	}
	return 1;
}

static bool add_attribute(Onnx__NodeProto *node, const char *name, int64_t value)
{
	Onnx__AttributeProto *attribute = NULL;

	if (lu_grow(&node->attribute, node->n_attribute + 1, sizeof(*node->attribute), "a node", NULL) != LU_OK ||
	    !take(&attribute, 1, sizeof(*attribute)))
		return false;
	onnx__attribute_proto__init(attribute);
	attribute->has_type = 1;
	attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
	attribute->has_i = 1;
	attribute->i = value;
	node->attribute[node->n_attribute++] = attribute;
	attribute->name = lu_strdup(name);
	return attribute->name != NULL;
}

/* Append a node; inputs end with NULL. NULL when memory is out. */
static Onnx__NodeProto *add_node(Onnx__GraphProto *graph, const char *op, const char *output, const char *const *inputs)
{
	Onnx__NodeProto *node = NULL;

	if (lu_grow(&graph->node, graph->n_node + 1, sizeof(*graph->node), "a graph", NULL) != LU_OK ||
	    !take(&node, 1, sizeof(*node)))
		return NULL;
	onnx__node_proto__init(node);
	graph->node[graph->n_node++] = node;
	node->op_type = lu_strdup(op);
	node->name = lu_sprintf("head_%s", op);
	if (node->op_type == NULL || node->name == NULL || !take(&node->input, 4, sizeof(char *)) ||
	    !take(&node->output, 1, sizeof(char *)))
		return NULL;
	for (; inputs[node->n_input] != NULL; node->n_input++) {
		node->input[node->n_input] = lu_strdup(inputs[node->n_input]);
		if (node->input[node->n_input] == NULL)
			return NULL;
	}
	node->output[0] = lu_strdup(output);
	node->n_output = node->output[0] != NULL;
	return node->n_output == 1 ? node : NULL;
}

/* Append a weight; its elements are written little-endian, as ONNX wants raw data. */
static bool add_weight(Onnx__GraphProto *graph, const char *name, size_t rank, const int64_t *dims, const float *data)
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
	for (size_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, &data[i], sizeof(bits));
		for (int byte = 0; byte < 4; byte++)
			tensor->raw_data.data[4 * i + (size_t)byte] = (uint8_t)(bits >> (8 * byte));
	}
	return true;
}

/* Is anything in the graph called so? */
static bool is_taken(const Onnx__GraphProto *graph, const char *name)
{
	bool taken = maker(graph, name) != NULL || is_used(graph, name);

	for (size_t i = 0; i < graph->n_initializer; i++)
		taken |= strcmp(text_of(graph->initializer[i]->name), name) == 0;
	for (size_t i = 0; i < graph->n_input; i++)
		taken |= strcmp(text_of(graph->input[i]->name), name) == 0;
	return taken;
}

enum lu_status lu_onnx_append_softmax_regression(struct lu_onnx *onnx, const float *weights, const float *bias,
						 size_t features, size_t classes, struct lu_error *err)
{
	Onnx__GraphProto *graph = onnx->model->graph;
	const int64_t shape[] = {(int64_t)classes, (int64_t)features};
	const char *const wanted[] = {"head_features", "head_logits", "probabilities", "head_weights", "head_bias"};
	char names[5][64];

	/* A backbone that was itself made here may have the names already. */
	for (int i = 0; i < 5; i++) {
		snprintf(names[i], sizeof(names[i]), "%s", wanted[i]);
		for (int k = 2; is_taken(graph, names[i]); k++)
			snprintf(names[i], sizeof(names[i]), "%s_%d", wanted[i], k);
	}
	const char *const flatten_in[] = {lu_onnx_output(onnx), NULL};
	const char *const gemm_in[] = {names[0], names[3], names[4], NULL}, *const softmax_in[] = {names[1], NULL};

	const Onnx__NodeProto *flatten = add_node(graph, "Flatten", names[0], flatten_in);
	if (flatten == NULL || !add_weight(graph, names[3], 2, shape, weights) ||
	    !add_weight(graph, names[4], 1, shape, bias))
		return no_memory(onnx, err);
	Onnx__NodeProto *gemm = add_node(graph, "Gemm", names[1], gemm_in);
	/* Before version 7 a bias is only spread over the rows when told to. */
	if (gemm == NULL || !add_attribute(gemm, "transB", 1) ||
	    (opset_of(onnx->model) < 7 && !add_attribute(gemm, "broadcast", 1)))
		return no_memory(onnx, err);
	Onnx__NodeProto *softmax = add_node(graph, "Softmax", names[2], softmax_in);
	if (softmax == NULL || !add_attribute(softmax, "axis", 1))
		return no_memory(onnx, err);
	Onnx__ValueInfoProto *info = value_info(names[2], 2, (const int64_t[]){-1, (int64_t)classes});
	if (info == NULL)
		return no_memory(onnx, err);
	replace_outputs(graph, info);
	return LU_OK;
}

enum lu_status lu_onnx_annotate(struct lu_onnx *onnx, const char *key, const char *value, struct lu_error *err)
{
	Onnx__ModelProto *model = onnx->model;
	Onnx__StringStringEntryProto *entry = NULL;

	for (size_t i = 0; i < model->n_metadata_props && entry == NULL; i++)
		if (strcmp(text_of(model->metadata_props[i]->key), key) == 0)
			entry = model->metadata_props[i];
	if (entry == NULL) {
		if (lu_grow(&model->metadata_props, model->n_metadata_props + 1, sizeof(*model->metadata_props),
			    "metadata", NULL) != LU_OK ||
		    !take(&entry, 1, sizeof(*entry)))
			return no_memory(onnx, err);
		onnx__string_string_entry_proto__init(entry);
		model->metadata_props[model->n_metadata_props++] = entry;
		entry->key = lu_strdup(key);
		if (entry->key == NULL)
			return no_memory(onnx, err);
	}
	char *copy = lu_strdup(value);
	if (copy == NULL)
		return no_memory(onnx, err);
	/* protobuf-c lets unset texts share one constant: that is not ours to release. */
	if (entry->value != (const char *)protobuf_c_empty_string)
		lu_free(entry->value);
	entry->value = copy;
	return LU_OK;
}

enum lu_status lu_onnx_pack(const struct lu_onnx *onnx, char **bytes, size_t *size, struct lu_error *err)
{
	*size = onnx__model_proto__get_packed_size(onnx->model);
	const enum lu_status status = lu_alloc(bytes, *size, 1, "an ONNX file", err);
	if (status == LU_OK)
		onnx__model_proto__pack(onnx->model, (uint8_t *)*bytes);
	return status;
}
