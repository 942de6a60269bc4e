/*
 * test_graph.c: what the ONNX reader accepts, and how it refuses the rest: in one line, without harm.
 */
#include "base/file.h"
#include "base/memory.h"
#include "support/net.h"

static void small_net(struct net *net)
{
	net_begin(net, 13);
	net_input(net, "x", FLOAT, 4, (int64_t[]){1, 3, 8, 8});
	net_random(net, "w", 4, (int64_t[]){4, 3, 3, 3}, 1);
	net_random(net, "b", 1, (int64_t[]){4}, 2);
	node_ints(net_node(net, "Conv", "conv1", "x w b", "c"), "pads", 4, (int64_t[]){1, 1, 1, 1});
	net_node(net, "Relu", "", "c", "r");
	node_int(net_node(net, "Softmax", "top", "r", "y"), "axis", 1);
	net_output(net, "y");
}

static void reads_a_graph(void **state)
{
	struct lu_graph *graph;
	struct net net;

	(void)state;
	small_net(&net);
	net_parse(&net, &graph);
	assert_int_equal(graph->n_nodes, 3);
	assert_int_equal(graph->n_inputs, 1);
	assert_string_equal(graph->values[graph->inputs[0]].name, "x");
	assert_string_equal(graph->nodes[0].name, "conv1");
	assert_string_equal(graph->nodes[1].name, "Relu_1");
	assert_int_equal(graph->values[graph->nodes[0].in[1]].tensor.shape.dim[3], 3);
	lu_graph_free(graph);
	net_end(&net);
}

static void refuses_by_name(void **state)
{
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct net net;

	(void)state;
	small_net(&net);
	net_node(&net, "LSTM", "rnn", "y", "z");
	check_fails(net_try(&net, &graph, &err), LU_ERROR_UNSUPPORTED, err,
		    "net.onnx: node 'rnn' needs operator 'LSTM' (opset 13), which landuse does not run");
	assert_null(graph);
	net_end(&net);

	small_net(&net);
	node_int(net_node(&net, "Relu", "odd", "y", "z"), "slope", 1);
	check_fails(net_try(&net, &graph, &err), LU_ERROR_UNSUPPORTED, err,
		    "node 'odd' (Relu) carries attribute 'slope'");
	net_end(&net);

	small_net(&net);
	node_int(net_node(&net, "LeakyRelu", "odd", "y", "z"), "alpha", 1);
	check_fails(net_try(&net, &graph, &err), LU_ERROR_FORMAT, err, "attribute 'alpha' is of the wrong kind");
	net_end(&net);

	small_net(&net);
	net_node(&net, "Relu", "early", "later", "z");
	check_fails(net_try(&net, &graph, &err), LU_ERROR_FORMAT, err, "uses 'later' before anything makes it");
	net_end(&net);

	small_net(&net);
	net_node(&net, "Relu", "again", "x", "y");
	check_fails(net_try(&net, &graph, &err), LU_ERROR_FORMAT, err, "value 'y' is made twice");
	net_end(&net);

	small_net(&net);
	net_output(&net, "nothing");
	check_fails(net_try(&net, &graph, &err), LU_ERROR_FORMAT, err, "nothing makes the output 'nothing'");
	net_end(&net);

	small_net(&net);
	net.tensors[0]->raw_data.len -= 4;
	check_fails(net_try(&net, &graph, &err), LU_ERROR_FORMAT, err,
		    "tensor 'w' should have 108 elements and has 107");
	net_end(&net);

	small_net(&net);
	net.tensors[0]->dims[0] = INT64_MAX;
	check_fails(net_try(&net, &graph, &err), LU_ERROR_FORMAT, err, "tensor 'w' has an impossible shape");
	net_end(&net);

	small_net(&net);
	net.tensors[0]->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
	check_fails(net_try(&net, &graph, &err), LU_ERROR_UNSUPPORTED, err, "element type double");
	net_end(&net);

	check_fails(lu_graph_parse("hello, world", 12, "text.onnx", &graph, &err), LU_ERROR_FORMAT, err,
		    "text.onnx: not an ONNX model");
	check_fails(lu_graph_parse("", 0, "empty.onnx", &graph, &err), LU_ERROR_FORMAT, err, "it has no graph");
	/* A graph of nothing. */
	check_fails(lu_graph_parse("B\0B\0:\0", 6, "nothing.onnx", &graph, &err), LU_ERROR_FORMAT, err,
		    "the graph has no output");
	check_fails(lu_graph_load("/nonexistent/m.onnx", &graph, &err), LU_ERROR_ARGUMENT, err, "/nonexistent/m.onnx");
}

/* Let tensor 'w' of the small net lie in a file. */
static void make_external(struct net *net, const char *location, const char *offset)
{
	const char *const pairs[][2] = {{"location", location}, {"offset", offset}};
	Onnx__TensorProto *w = net->tensors[0];

	w->has_raw_data = 0;
	w->has_data_location = 1;
	w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
	w->n_external_data = 2;
	w->external_data = net_take(net, 2 * sizeof(*w->external_data));
	for (int i = 0; i < 2; i++) {
		w->external_data[i] = net_take(net, sizeof(**w->external_data));
		onnx__string_string_entry_proto__init(w->external_data[i]);
		w->external_data[i]->key = net_text(net, pairs[i][0]);
		w->external_data[i]->value = net_text(net, pairs[i][1]);
	}
}

static enum lu_status load_external(const char *folder, const char *location, const char *offset,
				    struct lu_graph **graph, struct lu_error *err)
{
	char path[128];
	struct net net;
	uint8_t *bytes;
	size_t size;

	small_net(&net);
	make_external(&net, location, offset);
	bytes = net_pack(&net, &size);
	snprintf(path, sizeof(path), "%s/m.onnx", folder);
	check_ok(lu_file_write(path, bytes, size, err), *err);
	free(bytes);
	net_end(&net);
	return lu_graph_load(path, graph, err);
}

static void external_data_lies_beside_the_model(void **state)
{
	char folder[64], path[128], content[16 + 108 * sizeof(float)];
	struct lu_error err = {0};
	struct lu_graph *graph;
	float weight = 2.5f;
	struct net net;

	(void)state;
	make_scratch(folder);
	memset(content, 0, sizeof(content));
	memcpy(content + 16 + 107 * sizeof(float), &weight, sizeof(weight));
	snprintf(path, sizeof(path), "%s/w.bin", folder);
	check_ok(lu_file_write(path, content, sizeof(content), &err), err);
	check_ok(load_external(folder, "w.bin", "16", &graph, &err), err);
	assert_true(((const float *)graph->values[0].tensor.data)[107] == weight);
	lu_graph_free(graph);
	check_fails(load_external(folder, "w.bin", "17", &graph, &err), LU_ERROR_FORMAT, err,
		    "w.bin ends before its 432 bytes at offset 17");
	check_fails(load_external(folder, "none.bin", "0", &graph, &err), LU_ERROR_ARGUMENT, err, "none.bin");
	check_fails(load_external(folder, "../w.bin", "0", &graph, &err), LU_ERROR_FORMAT, err,
		    "external data must name a file beside the model");
	check_fails(load_external(folder, "/etc/passwd", "0", &graph, &err), LU_ERROR_FORMAT, err, "beside the model");
	check_fails(load_external(folder, "w.bin", "-4", &graph, &err), LU_ERROR_FORMAT, err, "offset or length");

	/* From memory there is no folder to look into. */
	small_net(&net);
	make_external(&net, "w.bin", "16");
	check_fails(net_try(&net, &graph, &err), LU_ERROR_UNSUPPORTED, err, "tensor 'w'");
	net_end(&net);
	remove(path);
	snprintf(path, sizeof(path), "%s/m.onnx", folder);
	remove(path);
	remove(folder);
}

/* Half precision arrives as the same numbers in single. */
static void widens_fp16(void **state)
{
	static const uint16_t fp16[] = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x8400, 0x7c00};
	static const float wanted[] = {1, -2, 65504, 0x1p-24f, -0x1p-14f, INFINITY};
	static const uint16_t brains[] = {0x3f80, 0xc000, 0x7f7f, 0x0001, 0x8080, 0x7f80};
	struct lu_graph *graph;
	const float *got;
	struct net net;

	(void)state;
	small_net(&net);
	net_tensor(&net, "h", ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16, 1, (int64_t[]){6}, fp16, sizeof(fp16));
	net_tensor(&net, "bf", ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16, 1, (int64_t[]){6}, brains, sizeof(brains));
	net_parse(&net, &graph);
	got = graph->values[2].tensor.data;
	for (int i = 0; i < 6; i++)
		assert_true(got[i] == wanted[i]);
	got = graph->values[3].tensor.data;
	assert_true(got[0] == 1 && got[1] == -2 && isinf(got[5]));
	lu_graph_free(graph);
	net_end(&net);
}

/* Parse, and plan and run what parses; nothing may crash, and every refusal has words. */
static void try_bytes(const uint8_t *bytes, size_t size)
{
	struct lu_plan_options options = {.batch = 2};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;

	if (lu_graph_parse(bytes, size, "bad.onnx", &graph, &err) != LU_OK) {
		assert_true(err.text[0] != '\0');
		assert_null(strchr(err.text, '\n'));
		return;
	}
	if (lu_plan_build(graph, &options, &plan, &err) == LU_OK)
		lu_plan_free(plan);
	else
		assert_true(err.text[0] != '\0');
	lu_graph_free(graph);
}

static void survives_truncation_and_flips(void **state)
{
	uint8_t *bytes, *copy;
	struct net net;
	size_t size;

	(void)state;
	small_net(&net);
	bytes = net_pack(&net, &size);
	for (size_t cut = 0; cut < size; cut++) {
		copy = malloc(cut ? cut : 1); /* exactly as long, so that a sanitizer sees any step beyond */
		memcpy(copy, bytes, cut);
		try_bytes(copy, cut);
		free(copy);
	}
	for (size_t i = 0; i < size; i++) {
		uint8_t keep = bytes[i];

		for (int bit = 0; bit < 8; bit++) {
			bytes[i] = keep ^ (uint8_t)(1 << bit);
			try_bytes(bytes, size);
		}
		bytes[i] = 0xff;
		try_bytes(bytes, size);
		bytes[i] = keep;
	}
	free(bytes);
	net_end(&net);
}

/* Put a field of number 'field' around the bytes from 'at' to 'end', which must have 11 free bytes before them. */
static uint8_t *wrap(uint8_t *at, const uint8_t *end, int field)
{
	size_t length = (size_t)(end - at);
	uint8_t varint[10];
	size_t n = 0;

	do {
		varint[n++] = (uint8_t)((length & 127) | (length > 127 ? 128 : 0));
		length >>= 7;
	} while (length);
	at -= n;
	memcpy(at, varint, n);
	*--at = (uint8_t)(field << 3 | 2);
	return at;
}

/* Graphs within attributes of nodes of graphs, 100,000 deep, would overflow the stack of a trusting reader. */
static void refuses_deep_nesting(void **state)
{
	const size_t depth = 100000, room = 12 * 3 * depth;
	uint8_t *bytes = malloc(room), *end = bytes + room, *at = end;
	struct lu_error err = {0};
	struct lu_graph *graph;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < depth; i++) {
		at = wrap(at, end, 6); /* AttributeProto.g */
		at = wrap(at, end, 5); /* NodeProto.attribute */
		at = wrap(at, end, 1); /* GraphProto.node */
	}
	at = wrap(at, end, 7); /* ModelProto.graph */
	check_fails(lu_graph_parse(at, (size_t)(end - at), "deep.onnx", &graph, &err), LU_ERROR_FORMAT, err,
		    "deep.onnx: not an ONNX model: messages are nested too deeply");
	free(bytes);
}

static void survives_running_out_of_memory(void **state)
{
	struct lu_plan_options options = {.batch = 2};
	struct lu_session *session;
	struct lu_error err = {0};
	struct lu_graph *graph;
	enum lu_status status;
	struct lu_plan *plan;
	uint8_t *bytes;
	struct net net;
	size_t size;
	long tries;

	(void)state;
	small_net(&net);
	bytes = net_pack(&net, &size);
	for (const char *const *engine = lu_engine_names(); *engine; engine++) {
		options.engine = *engine;
		status = LU_ERROR_MEMORY;
		for (tries = 0; status != LU_OK && tries < 10000; tries++) {
			graph = NULL;
			plan = NULL;
			session = NULL;
			lu_memory_fail_after(tries);
			status = lu_graph_parse(bytes, size, "net.onnx", &graph, &err);
			if (status == LU_OK)
				status = lu_plan_build(graph, &options, &plan, &err);
			if (status == LU_OK)
				status = lu_session_new(plan, &session, &err);
			lu_memory_fail_after(-1);
			/* The reader cannot tell exhaustion in protobuf-c from damage. */
			assert_true(status == LU_OK || status == LU_ERROR_MEMORY || status == LU_ERROR_FORMAT);
			lu_session_free(session);
			lu_plan_free(plan);
			lu_graph_free(graph);
		}
		assert_int_equal(status, LU_OK);
		assert_true(tries > 10);
	}
	free(bytes);
	net_end(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_graph),
		cmocka_unit_test(refuses_by_name),
		cmocka_unit_test(external_data_lies_beside_the_model),
		cmocka_unit_test(widens_fp16),
		cmocka_unit_test(survives_truncation_and_flips),
		cmocka_unit_test(refuses_deep_nesting),
		cmocka_unit_test(survives_running_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
