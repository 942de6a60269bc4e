/*
 * write.c: changes to an ONNX file in protobuf-c's own structs. See onnx_write.h.
 *
 * Invariant: whatever hangs in the message was allocated by lu_onnx_allocator, that is by lu_alloc,
 * because onnx__model_proto__free_unpacked releases it all.
 */
#include "nn/onnx_write.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/onnx/edit.h"

/* Names offered when a layer is not found. */
enum { OFFERED = 4 };

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
	LU_TRY(onnx->path != NULL ? lu_file_read(path, LU_ONNX_FILE_BYTES, &bytes, &size, err)
				  : lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory", path));
	const char *complaint = lu_onnx_guard(&onnx__model_proto__descriptor, bytes, size);
	if (complaint == NULL)
		LU_TRY(lu_onnx_unpack(path, bytes, size, &onnx->model, err));
	if (onnx->model == NULL || onnx->model->graph == NULL || onnx->model->graph->n_output == 0) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not an ONNX model: %s", path,
				 complaint != NULL ? complaint : "it has no graph with an output");
		goto out;
	}
	LU_TRY(lu_onnx_take_in(onnx->model->graph, path, err));
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

const char *lu_onnx_output(const struct lu_onnx *onnx)
{
	return lu_onnx_text(onnx->model->graph->output[0]->name);
}

enum lu_status lu_onnx_choose(struct lu_onnx *onnx, const char *output, struct lu_error *err)
{
	Onnx__GraphProto *graph = onnx->model->graph;

	for (size_t i = 0; i < graph->n_output; i++) {
		Onnx__ValueInfoProto *found = graph->output[i];

		if (strcmp(lu_onnx_text(found->name), output) != 0)
			continue;
		graph->output[i] = graph->output[0];
		graph->output[0] = found;
		return LU_OK;
	}
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s: no output '%s'", onnx->path, output);
}

/* Walk back from the output over steps that keep one number a class, to what the last product is made of. */
static const char *classified_features(const Onnx__GraphProto *graph, const char *output)
{
	static const char *const after[] = {"Softmax", "LogSoftmax", "Sigmoid", "Add",     "Mul",    "Div",
					    "Sub",     "Identity",   "Flatten", "Reshape", "Squeeze"};
	const char *name = output;

	for (const Onnx__NodeProto *node = lu_onnx_maker(graph, name); node != NULL && node->n_input > 0;
	     node = lu_onnx_maker(graph, name)) {
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
		return lu_onnx_no_memory(onnx, err);
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
		if (lu_onnx_is_used(graph, lu_onnx_text(graph->initializer[i]->name)))
			graph->initializer[kept++] = graph->initializer[i];
		else
			onnx__tensor_proto__free_unpacked(graph->initializer[i], &lu_onnx_allocator);
	}
	graph->n_initializer = kept;
	/* Old files list their weights among the inputs: those go with the weights. */
	kept = 0;
	for (size_t i = 0; i < graph->n_input; i++) {
		if (lu_onnx_is_used(graph, lu_onnx_text(graph->input[i]->name)))
			graph->input[kept++] = graph->input[i];
		else
			onnx__value_info_proto__free_unpacked(graph->input[i], &lu_onnx_allocator);
	}
	graph->n_input = kept;
	for (size_t i = 0; i < graph->n_value_info; i++)
		onnx__value_info_proto__free_unpacked(graph->value_info[i], &lu_onnx_allocator);
	graph->n_value_info = 0;
}

enum lu_status lu_onnx_cut(struct lu_onnx *onnx, const char *layer, struct lu_error *err)
{
	Onnx__GraphProto *graph = onnx->model->graph;
	Onnx__ValueInfoProto *info = NULL;
	bool *needed = NULL;
	enum lu_status status;

	if (layer == NULL)
		layer = classified_features(graph, lu_onnx_output(onnx));
	if (lu_onnx_maker(graph, layer) == NULL)
		return no_such_layer(onnx, layer, err);
	status = lu_alloc(&needed, graph->n_node, sizeof(*needed), "a graph", err);
	if (status != LU_OK)
		return status;
	info = lu_onnx_value_info(layer, 0, NULL);
	if (info == NULL) {
		status = lu_onnx_no_memory(onnx, err);
		goto out;
	}
	mark_needed(graph, layer, needed); /* before the outputs, and with them 'layer', may go */
	lu_onnx_replace_outputs(graph, info);
	drop_unneeded(graph, needed);
out:
	lu_free(needed);
	return status;
}

enum lu_status lu_onnx_annotate(struct lu_onnx *onnx, const char *key, const char *value, struct lu_error *err)
{
	Onnx__ModelProto *model = onnx->model;
	Onnx__StringStringEntryProto *entry = NULL;

	for (size_t i = 0; i < model->n_metadata_props && entry == NULL; i++)
		if (strcmp(lu_onnx_text(model->metadata_props[i]->key), key) == 0)
			entry = model->metadata_props[i];
	if (entry == NULL) {
		if (lu_grow(&model->metadata_props, model->n_metadata_props + 1, sizeof(*model->metadata_props),
			    "metadata", NULL) != LU_OK ||
		    lu_alloc(&entry, 1, sizeof(*entry), "metadata", NULL) != LU_OK)
			return lu_onnx_no_memory(onnx, err);
		onnx__string_string_entry_proto__init(entry);
		model->metadata_props[model->n_metadata_props++] = entry;
		entry->key = lu_strdup(key);
		if (entry->key == NULL)
			return lu_onnx_no_memory(onnx, err);
	}
	char *copy = lu_strdup(value);
	if (copy == NULL)
		return lu_onnx_no_memory(onnx, err);
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
