/*
 * test_plan.c: what a plan says of itself, what it fuses, how it refuses, and that its memory plan holds.
 */
#include "base/memory.h"
#include "nn/ops/ops.h"
#include "nn/plan/plan.h"
#include "support/net.h"

/* conv, norm, relu; conv, norm; sum, relu; pool; dense. */
static void residual_net(struct net *net)
{
	const int64_t one[] = {1, 1, 1, 1};
	const int64_t eight = 8;
	float variance[8] = {1, 1, 1, 1, 2, 2, 2, 2};

	net_begin(net, 13);
	net_input(net, "image", FLOAT, 4, (int64_t[]){1, 3, 12, 10});
	net_random(net, "w1", 4, (int64_t[]){8, 3, 3, 3}, 1);
	net_random(net, "w2", 4, (int64_t[]){8, 8, 3, 3}, 2);
	net_random(net, "s", 1, &eight, 3);
	net_floats(net, "v", 1, &eight, variance);
	net_random(net, "fc", 2, (int64_t[]){8, 6}, 4);
	net_int64s(net, "pads", 8, (int64_t[]){0, 0, 1, 1, 0, 0, 1, 1});
	net_node(net, "Identity", "id", "image", "i");
	net_node(net, "Pad", "pad", "i pads", "p");
	net_node(net, "Conv", "conv1", "p w1", "a");
	net_node(net, "BatchNormalization", "bn1", "a s s s v", "b");
	net_node(net, "Relu", "relu1", "b", "c");
	node_ints(net_node(net, "Conv", "conv2", "c w2", "d"), "pads", 4, one);
	net_node(net, "BatchNormalization", "bn2", "d s s s v", "e");
	net_node(net, "Add", "add", "e c", "f");
	net_node(net, "Relu", "relu2", "f", "g");
	net_node(net, "GlobalAveragePool", "gap", "g", "h");
	net_node(net, "Flatten", "flat", "h", "j");
	net_node(net, "MatMul", "fc", "j fc", "k");
	net_node(net, "Dropout", "drop", "k", "scores");
	net_output(net, "scores");
}

static void plans_and_describes(void **state)
{
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct net net;

	(void)state;
	residual_net(&net);
	net_parse(&net, &graph);
	for (const char *const *engine = lu_engine_names(); *engine; engine++) {
		struct lu_plan_options options = {.engine = *engine, .batch = 4};
		struct lu_plan_facts facts;
		struct lu_plan *plan;
		char *text, line[80];
		int layers = 0;

		check_ok(lu_plan_build(graph, &options, &plan, &err), err);
		lu_plan_facts(plan, &facts);
		assert_string_equal(facts.engine, *engine);
		assert_int_equal(facts.precision, LU_PRECISION_FP32);
		assert_int_equal(facts.batch, 4);
		assert_int_equal(facts.channels, 3);
		assert_int_equal(facts.height, 12);
		assert_int_equal(facts.width, 10);
		assert_int_equal(facts.outputs, 6);
		assert_string_equal(facts.input_name, "image");
		assert_int_equal(facts.parameters, 8 * 27 + 8 * 72 + 8 + 8 + 48);
		/* 2 x (outputs x weights of each): 120 pixels, then 8 x 6. */
		assert_true(facts.gflop_per_chip > 0.999 * 2e-9 * (120 * 8 * 27 + 120 * 8 * 72 + 48));
		assert_true(facts.gflop_per_chip < 1.001 * 2e-9 * (120 * 8 * 27 + 120 * 8 * 72 + 48));
		/* Everything but two convolutions, the pool and the product is folded; layouts may change between. */
		for (int i = 0; i < plan->n_steps; i++)
			layers += plan->steps[i].op[0] != '(';
		assert_int_equal(layers, 4);
		check_ok(lu_plan_describe(plan, &text, &err), err);
		assert_non_null(strstr(text, "conv2"));
		assert_non_null(strstr(text, "scores"));
		/* The file's weights, whatever the kernels make of them: see the parameters above. */
		snprintf(line, sizeof(line), "(%.2f as float32), shared by all threads\n",
			 (8 * 27 + 8 * 72 + 8 + 8 + 48) * 4 / 1048576.0);
		assert_non_null(strstr(text, line));
		snprintf(line, sizeof(line), "%.2f MiB a thread\n", (double)facts.arena_bytes / 1048576.0);
		assert_non_null(strstr(text, line));
		lu_free(text);
		lu_plan_free(plan);
	}
	lu_graph_free(graph);
	net_end(&net);
}

/* Found by fuzzing: facts tell height and width, so volumes are refused; and a constant may not eat the machine. */
/* Of several outputs the first is used, and the description says so. */
static void says_what_it_leaves_out(void **state)
{
	struct lu_plan_options options = {.batch = 1};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;
	char *text;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 8, 8});
	net_random(&net, "w", 4, (int64_t[]){4, 3, 3, 3}, 1);
	net_node(&net, "Conv", "c", "x w", "y");
	net_node(&net, "Relu", "r", "y", "z");
	net_output(&net, "y");
	net_output(&net, "z");
	net_parse(&net, &graph);
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	check_ok(lu_plan_describe(plan, &text, &err), err);
	assert_non_null(strstr(text, "output      y (1x4x6x6)"));
	assert_non_null(strstr(text, "the network has 'z', too: only the one above is computed"));
	assert_null(strstr(text, "Relu"));
	lu_free(text);
	lu_plan_free(plan);
	lu_graph_free(graph);
	net_end(&net);
}

static void refuses_volumes_and_monsters(void **state)
{
	struct lu_plan_options options = {.batch = 1};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 5, (int64_t[]){1, 3, 4, 5, 6});
	net_node(&net, "Relu", "relu", "x", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "input 'x' should be batch x channels x height x width");
	lu_graph_free(graph);
	net_end(&net);

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 2, (int64_t[]){1, 3});
	net_int64s(&net, "shape", 3, (int64_t[]){1 << 15, 1 << 15, 2});
	net_node(&net, "ConstantOfShape", "monster", "shape", "c");
	net_node(&net, "ReduceMax", "top", "c", "t");
	net_node(&net, "Add", "add", "x t", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	graph->fold_bytes = (size_t)1 << 30;
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "node 'monster' (ConstantOfShape): the model's constants need more than 1024 MiB");
	graph->fold_bytes = LU_FOLD_BYTES;
	graph->fold_work = 1e6;
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "computing the model's constants would take too long");
	lu_graph_free(graph);
	net_end(&net);
}

/* Large weights and a small image ask for a batch; the other way round, for one chip. */
static void chooses_a_batch(void **state)
{
	struct lu_plan_options options = {.batch = 0};
	struct lu_error err = {0};
	struct lu_plan_facts facts;
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;

	(void)state;
	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 4, (int64_t[]){1, 3, 40, 40});
	net_random(&net, "w", 4, (int64_t[]){8, 3, 3, 3}, 1);
	net_node(&net, "Conv", "conv", "x w", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	assert_int_equal(facts.batch, 1);
	lu_plan_free(plan);
	lu_graph_free(graph);
	net_end(&net);

	net_begin(&net, 13);
	net_input(&net, "x", FLOAT, 2, (int64_t[]){1, 400});
	net_random(&net, "w", 2, (int64_t[]){400, 300}, 1);
	net_node(&net, "MatMul", "fc", "x w", "y");
	net_output(&net, "y");
	net_parse(&net, &graph);
	check_ok(lu_plan_build(graph, &options, &plan, &err), err);
	lu_plan_facts(plan, &facts);
	assert_int_equal(facts.batch, 32);
	lu_plan_free(plan);
	lu_graph_free(graph);
	net_end(&net);
}

static void refuses_with_a_remedy(void **state)
{
	struct lu_plan_options options = {.batch = 1};
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct lu_plan *plan;
	struct net net;

	(void)state;
	residual_net(&net);
	net_parse(&net, &graph);
	options.engine = "abacus";
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_ARGUMENT, err, "no engine 'abacus'");
	options.engine = NULL;
	options.batch = -1;
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_ARGUMENT, err, "a batch of -1 chips");
	options.batch = 1;
	options.precision = LU_PRECISION_INT8;
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err, "precision int8");
	options.precision = LU_PRECISION_BF16;
	options.engine = "blas";
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "engine blas does not run precision bf16");
	options.precision = LU_PRECISION_FP16;
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "engine blas does not run precision fp16 (use auto or fp32)");
	options = (struct lu_plan_options){.batch = 1};
	lu_graph_free(graph);
	net.inputs[0]->type->tensor_type->shape->dim[3]->dim_value = -1;
	net_parse(&net, &graph);
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_UNSUPPORTED, err,
		    "input 'image' leaves its dimension 3 open; export the model with a fixed image size");
	lu_graph_free(graph);
	net.inputs[0]->type->tensor_type->shape->dim[3]->dim_value = 10;
	net.tensors[1]->dims[1] = 4;
	net.tensors[1]->dims[0] = 16;
	net_parse(&net, &graph);
	check_fails(lu_plan_build(graph, &options, &plan, &err), LU_ERROR_FORMAT, err, "node 'conv2' (Conv)");
	lu_graph_free(graph);
	net_end(&net);
}

/* Two arena buffers that are alive in one step never share a byte. */
static void memory_plan_keeps_living_buffers_apart(void **state)
{
	struct lu_error err = {0};
	struct lu_graph *graph;
	struct net net;

	(void)state;
	residual_net(&net);
	net_parse(&net, &graph);
	for (const char *const *engine = lu_engine_names(); *engine; engine++) {
		struct lu_plan_options options = {.engine = *engine, .batch = 3};
		struct lu_plan *plan;
		size_t sum = 0;

		check_ok(lu_plan_build(graph, &options, &plan, &err), err);
		for (int i = 0; i < plan->n_buffers; i++) {
			const struct lu_buffer *a = &plan->buffers[i];

			if (a->kind != LU_BUFFER_ARENA || a->first < 0)
				continue;
			sum += a->bytes;
			assert_int_equal(a->offset % LU_ALIGNMENT, 0);
			assert_true(a->offset + a->bytes <= plan->arena_bytes);
			for (int j = 0; j < i; j++) {
				const struct lu_buffer *b = &plan->buffers[j];

				if (b->kind == LU_BUFFER_ARENA && b->first >= 0 && a->first <= b->last &&
				    b->first <= a->last)
					assert_true(a->offset + a->bytes <= b->offset ||
						    b->offset + b->bytes <= a->offset);
			}
		}
		assert_true(plan->arena_bytes <= sum);
		lu_plan_free(plan);
	}
	lu_graph_free(graph);
	net_end(&net);
}

/* Rows of the table do not overlap, and each has all it needs. */
static void the_operator_table_is_sound(void **state)
{
	const struct lu_op *table;
	size_t n;

	(void)state;
	table = lu_op_table(&n);
	assert_true(n > 80);
	for (size_t i = 0; i < n; i++) {
		assert_true(table[i].rule && table[i].kernel && table[i].since >= 1 &&
			    table[i].since <= table[i].until);
		assert_true(table[i].in_min <= table[i].in_max && table[i].in_max <= LU_MAX_CALL &&
			    table[i].out_max >= 1);
		assert_ptr_equal(lu_op_find(table[i].domain, table[i].name, table[i].since), &table[i]);
		assert_ptr_equal(lu_op_find(table[i].domain, table[i].name, table[i].until), &table[i]);
	}
	assert_int_equal(lu_op_attribute_kind(lu_op_find("", "Conv", 13), "pads"), 'I');
	assert_int_equal(lu_op_attribute_kind(lu_op_find("", "Conv", 13), "pad"), 0);
	assert_null(lu_op_find("", "Conv", 0));
	assert_null(lu_op_find("com.example", "Conv", 13));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_and_describes),
		cmocka_unit_test(says_what_it_leaves_out),
		cmocka_unit_test(refuses_volumes_and_monsters),
		cmocka_unit_test(chooses_a_batch),
		cmocka_unit_test(refuses_with_a_remedy),
		cmocka_unit_test(memory_plan_keeps_living_buffers_apart),
		cmocka_unit_test(the_operator_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
