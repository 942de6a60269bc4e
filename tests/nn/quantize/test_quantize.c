/*
 * test_quantize.c: what quantisation writes: names, pairs and grids as other runtimes want them.
 */
#include "base/memory.h"
#include "nn/quantize.h"
#include "support/net.h"

enum { SIZE = 12, CHIPS = 4 };

/* A residual block with a shortcut of weights, and one with a shortcut that is only moved; no node has a name. */
static void make_network(struct net *net, struct lu_graph **graph)
{
	net_begin(net, 13);
	net_input(net, "x", FLOAT, 4, (int64_t[]){1, 3, SIZE, SIZE});
	net_random(net, "w0", 4, (int64_t[]){16, 3, 3, 3}, 1);
	net_random(net, "w1", 4, (int64_t[]){16, 16, 3, 3}, 2);
	net_random(net, "w2", 4, (int64_t[]){16, 16, 1, 1}, 3);
	net_random(net, "w3", 4, (int64_t[]){32, 16, 3, 3}, 4);
	net_random(net, "b", 1, (int64_t[]){16}, 5);
	net_random(net, "fc", 2, (int64_t[]){5, 32}, 6);
	net_int64s(net, "starts", 2, (int64_t[]){0, 0});
	net_int64s(net, "ends", 2, (int64_t[]){100, 100});
	net_int64s(net, "axes", 2, (int64_t[]){2, 3});
	net_int64s(net, "steps", 2, (int64_t[]){2, 2});
	net_int64s(net, "around", 8, (int64_t[]){0, 8, 0, 0, 0, 8, 0, 0});
	node_ints(net_node(net, "Conv", "stem", "x w0", "a"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(net, "Relu", "r0", "a", "ar");
	node_ints(net_node(net, "Conv", "same", "ar w1 b", "same"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(net, "Conv", "skip", "ar w2 b", "c");
	net_node(net, "Add", "add1", "same c", "d");
	net_node(net, "Relu", "r1", "d", "e");
	node_ints(node_ints(net_node(net, "Conv", "same_dq", "e w3", "f"), "pads", 4, (int64_t[]){1, 1, 1, 1}),
		  "strides", 2, (int64_t[]){2, 2});
	net_node(net, "Slice", "pixels", "e starts ends axes steps", "g");
	net_node(net, "Pad", "channels", "g around", "h");
	net_node(net, "Add", "add2", "f h", "i");
	net_node(net, "Relu", "r2", "i", "j");
	net_node(net, "GlobalAveragePool", "gap", "j", "k");
	net_node(net, "Flatten", "flat", "k", "l");
	node_int(net_node(net, "Gemm", "fc", "l fc", "y"), "transB", 1);
	net_output(net, "y");
	net_parse(net, graph);
}

/* The network in integers; lu_free '*bytes'. */
static struct lu_graph *quantise(const struct lu_graph *graph, char **bytes)
{
	struct lu_quantizer *quantizer;
	struct lu_error err = {0};
	struct lu_graph *integers;
	float chip[3 * SIZE * SIZE];
	size_t size;

	check_ok(lu_quantizer_new(graph, 100, &quantizer, &err), err);
	for (int turn = 0; turn < 3; turn++) {
		if (turn > 0)
			check_ok(lu_quantizer_turn(quantizer, &err), err);
		for (uint64_t i = 0; i < CHIPS; i++) {
			for (size_t k = 0; k < sizeof(chip) / sizeof(chip[0]); k++)
				chip[k] = net_number(10 + i, k);
			check_ok(lu_quantizer_see(quantizer, chip, &err), err);
		}
	}
	check_ok(lu_quantizer_write(quantizer, bytes, &size, &err), err);
	check_ok(lu_graph_parse(*bytes, size, "integers", &integers, &err), err);
	lu_quantizer_free(quantizer);
	return integers;
}

static void writes_what_others_read(void **state)
{
	struct lu_graph *graph, *integers;
	const float *before, *behind;
	struct net net;
	char *bytes;
	int sums = 0;

	(void)state;
	make_network(&net, &graph);
	integers = quantise(graph, &bytes);
	for (int i = 0; i < integers->n_nodes; i++) {
		const struct lu_node *node = &integers->nodes[i];

		for (int j = 0; j < i; j++)
			if (strcmp(integers->nodes[j].name, node->name) == 0)
				fail_msg("two nodes are named %s", node->name);
		if (!lu_node_is(node, "Add"))
			continue;
		sums++;
		for (int j = 0; j < 2; j++)
			assert_true(lu_node_is(lu_graph_maker(integers, node->in[j]), "DequantizeLinear"));
	}
	assert_int_equal(sums, 2);
	/* What is moved keeps its grid. */
	for (int i = 0; i < integers->n_nodes; i++) {
		const struct lu_node *slice = &integers->nodes[i];

		if (!lu_node_is(slice, "Slice"))
			continue;
		before = integers->values[lu_graph_maker(integers, slice->in[0])->in[1]].tensor.data;
		for (int j = 0; j < integers->n_nodes; j++)
			if (lu_node_is(&integers->nodes[j], "QuantizeLinear") &&
			    integers->nodes[j].in[0] == slice->out[0]) {
				behind = integers->values[integers->nodes[j].in[1]].tensor.data;
				assert_memory_equal(before, behind, sizeof(*before));
				sums++;
			}
	}
	assert_int_equal(sums, 3);
	lu_graph_free(integers);
	lu_graph_free(graph);
	lu_free(bytes);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_others_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
