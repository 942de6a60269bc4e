/*
 * graph.h: a network as landuse holds it: values, and nodes that make values from values.
 *
 * Invariants, held by the reader and by every pass:
 *	1. Nodes stand in an order in which every value is made before it is used.
 *	2. A value has at most one maker (value.node, or -1 for inputs and initializers).
 *	3. Value numbers in node.in are valid or -1 (an optional input left out); in node.out likewise.
 *	4. A node with op == NULL has been removed by a pass and is to be stepped over.
 *	5. Everything a graph points to lives in its two pools; elements of constants may also be borrowed
 *	   from the graph it was cloned from.
 */
#ifndef LU_NN_GRAPH_GRAPH_H
#define LU_NN_GRAPH_GRAPH_H

#include "nn/graph/pool.h"
#include "nn/graph/tensor.h"
#include "nn/nn.h"

enum lu_attribute_kind {
	LU_ATTRIBUTE_INT = 'i',
	LU_ATTRIBUTE_FLOAT = 'f',
	LU_ATTRIBUTE_STRING = 's',
	LU_ATTRIBUTE_TENSOR = 't',
	LU_ATTRIBUTE_INTS = 'I',
	LU_ATTRIBUTE_FLOATS = 'F',
	LU_ATTRIBUTE_STRINGS = 'S',
};

struct lu_attribute {
	const char *name;
	enum lu_attribute_kind kind;
	size_t count; /* of ints, floats or strings */
	int64_t i;
	float f;
	const char *s;
	const int64_t *ints;
	const float *floats;
	const char *const *strings;
	struct lu_tensor tensor;
};

/* What a pass has moved into a node: y = activation(op(x) + addend). */
enum lu_activation {
	LU_ACTIVATION_NONE,
	LU_ACTIVATION_RELU,
	LU_ACTIVATION_CLIP, /* to [alpha, beta] */
	LU_ACTIVATION_LEAKY_RELU, /* slope alpha below 0 */
	LU_ACTIVATION_SIGMOID,
	LU_ACTIVATION_HARD_SIGMOID, /* clip(alpha x + beta, 0, 1) */
	LU_ACTIVATION_HARD_SWISH,
	LU_ACTIVATION_SWISH, /* x sigmoid(x) */
	LU_ACTIVATION_GELU, /* x times the share of the normal distribution below x */
	LU_ACTIVATION_TANH,
	LU_ACTIVATION_ELU, /* alpha (exp x - 1) below 0 */
};

struct lu_fused {
	enum lu_activation activation;
	float alpha, beta;
	int addend; /* value added before the activation, -1: none */
};

struct lu_node {
	const char *name; /* the file's, or "Conv_12": its operator and place */
	const struct lu_op *op; /* row of the operator table */
	int opset; /* version of the row's domain that the file imports */
	int n_in, n_out, n_attributes;
	int *in, *out;
	struct lu_attribute *attributes;
	struct lu_fused fused;
};

/* A constant as small integers: element = integers[i] x its scale; zero point 0. */
struct lu_quantisation {
	const int8_t *integers;
	const float *scales;
	int axis; /* one scale an index of this axis, -1: one for all */
};

struct lu_value {
	const char *name;
	int node; /* its maker, -1: none */
	/* After shape inference type and shape are known; .data where the value is constant. */
	struct lu_tensor tensor;
	const struct lu_quantisation *quantisation; /* what it was dequantised from; NULL: none, or nobody asked */
};

/* What constant folding may cost; beyond it a file is damaged or hostile. The fuzzer sets lower ones. */
#define LU_FOLD_BYTES ((size_t)16 << 30)
#define LU_FOLD_GROWTH 16 /* and of what the file itself holds, so many times as much, */
#define LU_FOLD_SPARE ((size_t)2 << 30) /* beside what a file without weights may need */
#define LU_FOLD_WORK 1e9 /* element operations: some ten seconds of reference kernels */

struct lu_graph {
	const char *name; /* for messages: the file */
	struct lu_value *values;
	struct lu_node *nodes;
	int n_values, n_nodes;
	int n_inputs, n_outputs;
	int *inputs, *outputs; /* values; initializers are not inputs */
	enum lu_order order; /* of the image's axes; BY_SHAPE: nobody has chosen, channels first */
	bool bytes; /* the file's image is uint8 */
	int room_values; /* allocated */
	size_t fold_bytes;
	double fold_work;
	struct lu_pool pool; /* everything but: */
	struct lu_pool constants; /* the elements of constant values, which a plan lets go early */
};

/*
 * A graph to change: values, nodes and attributes are copied, constant data is borrowed, so 'from'
 * must stay until the data are let go.
 */
enum lu_status lu_graph_clone(const struct lu_graph *from, struct lu_graph **out, struct lu_error *err);

/* A new value without a maker; its number in '*value'. May move graph->values. */
enum lu_status lu_graph_add_value(struct lu_graph *graph, const char *name, int *value, struct lu_error *err);

/* A new constant value with zeroed elements. */
enum lu_status lu_graph_add_constant(struct lu_graph *graph, const char *name, enum lu_type type,
				     const struct lu_shape *shape, int *value, struct lu_error *err);

/* How many node inputs, fused addends and graph outputs use 'value'. */
int lu_graph_uses(const struct lu_graph *graph, int value);
/* Let every user of value 'from', and the graph's outputs, use 'to' instead. */
void lu_graph_replace(struct lu_graph *graph, int from, int to);
/* The node that makes 'value', or NULL. */
struct lu_node *lu_graph_maker(const struct lu_graph *graph, int value);
/* The node that alone uses the one output of 'node', or NULL: also when that is an output of the graph. */
struct lu_node *lu_graph_only_user(const struct lu_graph *graph, const struct lu_node *node);
/* Take a node out (invariant 4). Its outputs lose their maker. */
void lu_graph_remove(struct lu_graph *graph, struct lu_node *node);
/* Forget the elements of all constants, owned and borrowed: the graph can no longer be computed. */
void lu_graph_forget_constants(struct lu_graph *graph);
/* Make room for a node at place 'at' (later ones move up by one); '*node' is zeroed, for the caller to fill. */
enum lu_status lu_graph_insert(struct lu_graph *graph, int at, struct lu_node **node, struct lu_error *err);
/* Take out every node that no output depends on. */
enum lu_status lu_graph_sweep(struct lu_graph *graph, struct lu_error *err);

/* The node's input 'i' as a value number, -1 where it is left out. */
int lu_node_in(const struct lu_node *node, int i);
bool lu_node_is(const struct lu_node *node, const char *op);

/* Attributes, or the default where the node has none. The reader has checked kinds against the table. */
const struct lu_attribute *lu_node_attribute(const struct lu_node *node, const char *name);
int64_t lu_node_int(const struct lu_node *node, const char *name, int64_t otherwise);
float lu_node_float(const struct lu_node *node, const char *name, float otherwise);
const char *lu_node_string(const struct lu_node *node, const char *name, const char *otherwise);
/* NULL and '*count' = 0 where the node has none. */
const int64_t *lu_node_ints(const struct lu_node *node, const char *name, size_t *count);
const float *lu_node_floats(const struct lu_node *node, const char *name, size_t *count);
/* Replace or add an attribute of integers. */
enum lu_status lu_node_set_ints(struct lu_graph *graph, struct lu_node *node, const char *name, const int64_t *ints,
				size_t count, struct lu_error *err);

#endif
