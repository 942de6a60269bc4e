/*
 * net.h: writing small ONNX models in memory, as an exporter would.
 *
 *	struct net net;
 *	net_begin(&net, 13);
 *	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 8, 8});
 *	net_random(&net, "w", 4, (int64_t[]){4, 3, 3, 3}, 1);
 *	node_ints(net_node(&net, "Conv", "conv1", "x w", "y"), "pads", 4, (int64_t[]){1, 1, 1, 1});
 *	net_output(&net, "y");
 *	net_parse(&net, &graph);	or net_pack for the bytes
 *	net_end(&net);
 */
#ifndef LU_TESTS_NET_H
#define LU_TESTS_NET_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn/graph/graph.h"
#include "onnx/onnx.pb-c.h"
#include "support/check.h"

#define FLOAT ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
#define INT64 ONNX__TENSOR_PROTO__DATA_TYPE__INT64
#define NET_MAX 64

/* Everything lives in one list of allocations, freed by net_end. */
struct net {
	Onnx__ModelProto model;
	Onnx__GraphProto graph;
	Onnx__OperatorSetIdProto opset, *opsets[1];
	Onnx__NodeProto *nodes[NET_MAX];
	Onnx__TensorProto *tensors[NET_MAX];
	Onnx__ValueInfoProto *inputs[NET_MAX], *outputs[NET_MAX];
	void *taken[64 * NET_MAX];
	size_t n_taken;
};

static inline void *net_take(struct net *net, size_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);

	assert_non_null(memory);
	assert_true(net->n_taken < sizeof(net->taken) / sizeof(net->taken[0]));
	net->taken[net->n_taken++] = memory;
	return memory;
}

static inline char *net_text(struct net *net, const char *text)
{
	return strcpy(net_take(net, strlen(text) + 1), text);
}

static inline void net_begin(struct net *net, int opset)
{
	memset(net, 0, sizeof(*net));
	onnx__model_proto__init(&net->model);
	onnx__graph_proto__init(&net->graph);
	onnx__operator_set_id_proto__init(&net->opset);
	net->opset.domain = net_text(net, "");
	net->opset.has_version = 1;
	net->opset.version = opset;
	net->opsets[0] = &net->opset;
	net->model.n_opset_import = 1;
	net->model.opset_import = net->opsets;
	net->model.graph = &net->graph;
	net->model.has_ir_version = 1;
	net->model.ir_version = 8;
	net->graph.node = net->nodes;
	net->graph.initializer = net->tensors;
	net->graph.input = net->inputs;
	net->graph.output = net->outputs;
}

static inline void net_end(struct net *net)
{
	while (net->n_taken)
		free(net->taken[--net->n_taken]);
}

static inline Onnx__ValueInfoProto *net_value(struct net *net, const char *name, int type, int rank,
					      const int64_t *dims)
{
	Onnx__ValueInfoProto *info = net_take(net, sizeof(*info));

	onnx__value_info_proto__init(info);
	info->name = net_text(net, name);
	if (rank < 0)
		return info;
	info->type = net_take(net, sizeof(*info->type));
	onnx__type_proto__init(info->type);
	info->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	info->type->tensor_type = net_take(net, sizeof(*info->type->tensor_type));
	onnx__type_proto__tensor__init(info->type->tensor_type);
	info->type->tensor_type->has_elem_type = 1;
	info->type->tensor_type->elem_type = type;
	info->type->tensor_type->shape = net_take(net, sizeof(*info->type->tensor_type->shape));
	onnx__tensor_shape_proto__init(info->type->tensor_type->shape);
	info->type->tensor_type->shape->n_dim = (size_t)rank;
	info->type->tensor_type->shape->dim = net_take(net, (size_t)rank * sizeof(void *));
	for (int i = 0; i < rank; i++) {
		Onnx__TensorShapeProto__Dimension *dim = net_take(net, sizeof(*dim));

		onnx__tensor_shape_proto__dimension__init(dim);
		dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
		dim->dim_value = dims[i];
		info->type->tensor_type->shape->dim[i] = dim;
	}
	return info;
}

static inline void net_input(struct net *net, const char *name, int type, int rank, const int64_t *dims)
{
	net->inputs[net->graph.n_input++] = net_value(net, name, type, rank, dims);
}

static inline void net_output(struct net *net, const char *name)
{
	net->outputs[net->graph.n_output++] = net_value(net, name, 0, -1, NULL);
}

static inline Onnx__TensorProto *net_tensor(struct net *net, const char *name, int type, int rank, const int64_t *dims,
					    const void *data, size_t bytes)
{
	Onnx__TensorProto *tensor = net_take(net, sizeof(*tensor));

	onnx__tensor_proto__init(tensor);
	tensor->name = net_text(net, name);
	tensor->has_data_type = 1;
	tensor->data_type = type;
	tensor->n_dims = (size_t)rank;
	tensor->dims = net_take(net, (size_t)rank * sizeof(*dims));
	if (rank)
		memcpy(tensor->dims, dims, (size_t)rank * sizeof(*dims));
	tensor->has_raw_data = 1;
	tensor->raw_data.len = bytes;
	tensor->raw_data.data = net_take(net, bytes);
	if (bytes)
		memcpy(tensor->raw_data.data, data, bytes);
	net->tensors[net->graph.n_initializer++] = tensor;
	return tensor;
}

static inline void net_floats(struct net *net, const char *name, int rank, const int64_t *dims, const float *data)
{
	size_t count = 1;

	for (int i = 0; i < rank; i++)
		count *= (size_t)dims[i];
	net_tensor(net, name, FLOAT, rank, dims, data, count * sizeof(*data));
}

static inline void net_int64s(struct net *net, const char *name, int64_t count, const int64_t *data)
{
	net_tensor(net, name, INT64, 1, &count, data, (size_t)count * sizeof(*data));
}

/* A number in [-1, 1) from a counter: the same on every machine. */
static inline float net_number(uint64_t seed, uint64_t i)
{
	uint64_t x = (seed + 1) * 0x9e3779b97f4a7c15u + i * 0xbf58476d1ce4e5b9u;

	x ^= x >> 31;
	x *= 0x94d049bb133111ebu;
	x ^= x >> 29;
	return (float)((double)(x >> 40) / 8388608.0 - 1.0);
}

static inline void net_random(struct net *net, const char *name, int rank, const int64_t *dims, uint64_t seed)
{
	size_t count = 1;
	float *data;

	for (int i = 0; i < rank; i++)
		count *= (size_t)dims[i];
	data = net_take(net, count * sizeof(*data));
	for (size_t i = 0; i < count; i++)
		data[i] = net_number(seed, i);
	net_floats(net, name, rank, dims, data);
}

/* Words separated by one space; "-" is an input left out. */
static inline size_t net_words(struct net *net, const char *text, char ***words)
{
	char *copy = net_text(net, text);
	size_t n = 0;

	*words = net_take(net, NET_MAX * sizeof(**words));
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		if (strcmp(word, "-") == 0)
			*word = '\0';
		(*words)[n++] = word;
	}
	return n;
}

struct net_node {
	struct net *net;
	Onnx__NodeProto *node;
};

static inline struct net_node net_node(struct net *net, const char *op, const char *name, const char *inputs,
				       const char *outputs)
{
	Onnx__NodeProto *node = net_take(net, sizeof(*node));

	onnx__node_proto__init(node);
	node->op_type = net_text(net, op);
	node->name = net_text(net, name);
	node->n_input = net_words(net, inputs, &node->input);
	node->n_output = net_words(net, outputs, &node->output);
	node->attribute = net_take(net, NET_MAX * sizeof(*node->attribute));
	net->nodes[net->graph.n_node++] = node;
	return (struct net_node){net, node};
}

static inline Onnx__AttributeProto *node_attribute(struct net_node n, const char *name, int type)
{
	Onnx__AttributeProto *a = net_take(n.net, sizeof(*a));

	onnx__attribute_proto__init(a);
	a->name = net_text(n.net, name);
	a->has_type = 1;
	a->type = type;
	n.node->attribute[n.node->n_attribute++] = a;
	return a;
}

static inline struct net_node node_ints(struct net_node n, const char *name, size_t count, const int64_t *ints)
{
	Onnx__AttributeProto *a = node_attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	a->n_ints = count;
	a->ints = net_take(n.net, count * sizeof(*ints));
	if (count)
		memcpy(a->ints, ints, count * sizeof(*ints));
	return n;
}

static inline struct net_node node_int(struct net_node n, const char *name, int64_t i)
{
	Onnx__AttributeProto *a = node_attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

	a->has_i = 1;
	a->i = i;
	return n;
}

static inline struct net_node node_float(struct net_node n, const char *name, float f)
{
	Onnx__AttributeProto *a = node_attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

	a->has_f = 1;
	a->f = f;
	return n;
}

static inline struct net_node node_string(struct net_node n, const char *name, const char *s)
{
	Onnx__AttributeProto *a = node_attribute(n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

	a->has_s = 1;
	a->s.data = (uint8_t *)net_text(n.net, s);
	a->s.len = strlen(s);
	return n;
}

/* The model's bytes, from malloc. */
static inline uint8_t *net_pack(const struct net *net, size_t *size)
{
	uint8_t *bytes;

	*size = onnx__model_proto__get_packed_size(&net->model);
	bytes = malloc(*size ? *size : 1);
	assert_non_null(bytes);
	onnx__model_proto__pack(&net->model, bytes);
	return bytes;
}

static inline enum lu_status net_try(const struct net *net, struct lu_graph **graph, struct lu_error *err)
{
	size_t size;
	uint8_t *bytes = net_pack(net, &size);
	enum lu_status status = lu_graph_parse(bytes, size, "net.onnx", graph, err);

	free(bytes);
	return status;
}

static inline void net_parse(const struct net *net, struct lu_graph **graph)
{
	struct lu_error err = {0};

	check_ok(net_try(net, graph, &err), err);
}

#endif
