/*
 * bench_nn.c: how fast is a network here, and what share of the machine's arithmetic does it use?
 *
 * usage: bench_nn MODEL [--precision auto|fp32|fp16|bf16|int8] [--threads N] [--batch N] [--engine NAME]
 *		[--seconds S] [--layers] [--floats]
 *
 * Prints one JSON object. The peak is measured in the same process, on the same threads, for the
 * precision used: a matrix product of 512 x 512 matrices in cache, by oneDNN where it is built; in fp16, which oneDNN does
 * not have, by the loop that our kernels use.
 * chips_per_cpu_s divides by processor time: what a core would do if it were not shared. --layers adds a table of
 * processor time by layer on one thread, to stderr. Chips are bytes, as in a county, where the network's first layer reads them ("input":
 * "uint8"); with --floats, or where it does not, they are float32.
 */
#ifdef LU_WITH_ONEDNN
#include "nn/onednn/api.h"
#else
#include <cblas.h>
#endif
#include <malloc.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "nn/kernels/avx512fp16.h"
#include "nn/nn.h"
#include "nn/plan/engine.h"
#include "nn/plan/plan.h"

struct arguments {
	const char *model;
	struct lu_plan_options plan;
	int threads;
	double seconds;
	bool layers, floats;
};

static double read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static int usage(void)
{
	fprintf(stderr, "usage: bench_nn MODEL [--precision auto|fp32|fp16|bf16|int8] [--threads N] [--batch N] "
			"[--engine NAME] [--seconds S] [--layers] [--floats]\n");
	return 2;
}

static bool read_arguments(int argc, char **argv, struct arguments *a)
{
	*a = (struct arguments){.plan = {.batch = 0}, .threads = omp_get_num_procs(), .seconds = 3};
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(argv[i], "--layers") == 0) {
			a->layers = true;
			continue;
		}
		if (strcmp(argv[i], "--floats") == 0) {
			a->floats = true;
			continue;
		}
		if (strncmp(argv[i], "--", 2) != 0) {
			a->model = argv[i];
			continue;
		}
		if (!value)
			return false;
		i++;
		if (strcmp(argv[i - 1], "--threads") == 0)
			a->threads = atoi(value);
		else if (strcmp(argv[i - 1], "--batch") == 0)
			a->plan.batch = atoi(value);
		else if (strcmp(argv[i - 1], "--seconds") == 0)
			a->seconds = atof(value);
		else if (strcmp(argv[i - 1], "--engine") == 0)
			a->plan.engine = value;
		else if (strcmp(argv[i - 1], "--precision") == 0) {
			int precision;
			if (lu_choice_parse(LU_CHOICE_PRECISION, value, &precision, NULL) != LU_OK)
				return false;
			a->plan.precision = (enum lu_precision)precision;
		} else {
			return false;
		}
	}
	return a->model && a->threads >= 1 && a->plan.batch >= 0 && a->seconds > 0;
}

/* One thread's chips: noise, so that no activation is idle. A plan for bytes reads the first quarter as pixels. */
static float *make_input(size_t count)
{
	uint32_t x = 12345;
	float *input;

	if (lu_alloc_aligned(&input, count, sizeof(*input), "chips", NULL) != LU_OK)
		exit(1);
	for (size_t i = 0; i < count; i++) {
		x = x * 1664525u + 1013904223u;
		input[i] = (float)(x >> 8) / 8388608.0f - 1.0f;
	}
	return input;
}

/* MiB that the allocator has given out: what a plan and a session really take. */
static double held_mib(void)
{
	const struct mallinfo2 info = mallinfo2();

	return (double)(info.uordblks + info.hblkhd) / 1048576;
}

/* What a session takes once it has run. */
static double session_mib(const struct lu_plan *plan, const float *input, float *output)
{
	const double before = held_mib();
	struct lu_session *session;
	struct lu_error err = {0};
	double taken;

	if (lu_session_new(plan, &session, &err) != LU_OK || lu_session_run(session, 1, input, output, &err) != LU_OK) {
		fprintf(stderr, "bench_nn: %s\n", err.text);
		exit(1);
	}
	taken = held_mib() - before;
	lu_session_free(session);
	return taken;
}

/* Chips a second over all threads, each with its own session. */
static double chips_per_second(const struct lu_plan *plan, const struct arguments *a, size_t in, size_t out,
			       double *per_cpu_second)
{
	struct lu_error failure = {0};
	long chips = 0;
	double start = 0, elapsed = 0, cpu = 0;

#pragma omp parallel num_threads(a->threads) reduction(+ : chips)
	{
		size_t batch = (size_t)a->plan.batch;
		struct lu_session *session = NULL;
		struct lu_error err = {0};
		float *input = make_input(batch * in), *output = make_input(batch * out);
		enum lu_status status;

		status = lu_session_new(plan, &session, &err);
		for (int i = 0; i < 2 && status == LU_OK; i++)
			status = lu_session_run(session, a->plan.batch, input, output, &err);
#pragma omp barrier
#pragma omp single
		{
			cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
			start = now();
		}
		while (status == LU_OK && now() - start < a->seconds) {
			status = lu_session_run(session, a->plan.batch, input, output, &err);
			chips += a->plan.batch;
		}
#pragma omp barrier
#pragma omp single
		{
			elapsed = now() - start;
			cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		}
#pragma omp critical
		if (status != LU_OK)
			failure = err;
		lu_session_free(session);
		lu_free(input);
		lu_free(output);
	}
	if (failure.status != LU_OK) {
		fprintf(stderr, "bench_nn: %s\n", failure.text);
		exit(1);
	}
	*per_cpu_second = (double)chips / cpu;
	return (double)chips / elapsed;
}

#define MOST_BANDS 64
#define PEAK_SIZE 512 /* three such matrices stay in a 4 MiB cache */
#define PEAK_TRIALS 60

#ifdef LU_WITH_ONEDNN
/* The best GFLOP/s of one thread's matrix product in oneDNN, with packed weights, as convolutions have them. */
static double product_gflops(enum lu_precision precision)
{
	/* Of both operands and the result. */
	static const dnnl_data_type_t floats[3] = {dnnl_f32, dnnl_f32, dnnl_f32};
	static const dnnl_data_type_t shorts[3] = {dnnl_bf16, dnnl_bf16, dnnl_bf16};
	static const dnnl_data_type_t bytes[3] = {dnnl_u8, dnnl_s8, dnnl_s32};
	const dnnl_data_type_t *type = precision == LU_PRECISION_BF16   ? shorts
				       : precision == LU_PRECISION_INT8 ? bytes
									: floats;
	const dnnl_dims_t dims = {PEAK_SIZE, PEAK_SIZE};
	dnnl_memory_desc_t plain, any, result;
	dnnl_primitive_desc_t pd;
	dnnl_memory_t memory[3];
	dnnl_primitive_t primitive;
	dnnl_engine_t engine;
	dnnl_stream_t stream;
	double best = 0;

	omp_set_num_threads(1);
	dnnl_engine_create(&engine, dnnl_cpu, 0);
	dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
	dnnl_memory_desc_create_with_tag(&plain, 2, dims, type[0], dnnl_ab);
	dnnl_memory_desc_create_with_tag(&any, 2, dims, type[1], dnnl_format_tag_any);
	dnnl_memory_desc_create_with_tag(&result, 2, dims, type[2], dnnl_ab);
	if (dnnl_matmul_primitive_desc_create(&pd, engine, lu_dnnl_view(&plain), lu_dnnl_view(&any), NULL,
					      lu_dnnl_view(&result), NULL) != dnnl_success ||
	    dnnl_primitive_create(&primitive, pd) != dnnl_success)
		return 0;
	dnnl_memory_create(&memory[0], lu_dnnl_view(&plain), engine, DNNL_MEMORY_ALLOCATE);
	dnnl_memory_create(&memory[1], dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0), engine,
			   DNNL_MEMORY_ALLOCATE);
	dnnl_memory_create(&memory[2], lu_dnnl_view(&result), engine, DNNL_MEMORY_ALLOCATE);
	for (int i = 0; i < 3; i++) {
		void *data;

		dnnl_memory_get_data_handle(memory[i], &data);
		memset(data, 0, dnnl_data_type_size(type[i]) * PEAK_SIZE * PEAK_SIZE);
	}
	for (int trial = 0; trial < PEAK_TRIALS; trial++) {
		const dnnl_exec_arg_t args[] = {
			{DNNL_ARG_SRC, memory[0]}, {DNNL_ARG_WEIGHTS, memory[1]}, {DNNL_ARG_DST, memory[2]}};
		double start = now(), rate;

		dnnl_primitive_execute(primitive, stream, 3, args);
		rate = 2.0 * PEAK_SIZE * PEAK_SIZE * PEAK_SIZE / (now() - start) * 1e-9;
		best = rate > best ? rate : best;
	}
	for (int i = 0; i < 3; i++)
		dnnl_memory_destroy(memory[i]);
	dnnl_primitive_destroy(primitive);
	dnnl_primitive_desc_destroy(pd);
	dnnl_memory_desc_destroy(plain);
	dnnl_memory_desc_destroy(any);
	dnnl_memory_desc_destroy(result);
	dnnl_stream_destroy(stream);
	dnnl_engine_destroy(engine);
	return best;
}
#else
/* The same by OpenBLAS, which does not know every processor: see OPENBLAS_CORETYPE. */
static double product_gflops(enum lu_precision precision)
{
	const int n = PEAK_SIZE;
	float *a = make_input((size_t)(n * n)), *b = make_input((size_t)(n * n)), *c = make_input((size_t)(n * n));
	double best = 0;

	(void)precision;
	openblas_set_num_threads(1);
	for (int trial = 0; trial < PEAK_TRIALS; trial++) {
		double start = now(), rate;

		cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
		rate = 2.0 * n * n * n / (now() - start) * 1e-9;
		best = rate > best ? rate : best;
	}
	lu_free(a);
	lu_free(b);
	lu_free(c);
	return best;
}
#endif

#ifdef LU_WITH_AVX512_FP16
#define PEAK_ROWS 16 /* sums at once, of 32 columns each */

/* PEAK_ROWS rows of a by 32 columns of b, which lie together. */
LU_FP16 static void multiply_fp16(const lu_half *a, const lu_half *b, lu_half *c)
{
	__m512h sum[PEAK_ROWS];

#pragma GCC unroll 16
	for (int i = 0; i < PEAK_ROWS; i++)
		sum[i] = _mm512_setzero_ph();
	for (int k = 0; k < PEAK_SIZE; k++, b += 32) {
		__m512h column = _mm512_loadu_ph(b);

#pragma GCC unroll 16
		for (int i = 0; i < PEAK_ROWS; i++)
			sum[i] = lu_fp16_multiply_one(column, a + i * PEAK_SIZE + k, sum[i]);
	}
#pragma GCC unroll 16
	for (int i = 0; i < PEAK_ROWS; i++)
		_mm512_storeu_ph(c + i * PEAK_SIZE, sum[i]);
}

static double fp16_gflops(void)
{
	lu_half *m[3];
	double best = 0;

	for (int i = 0; i < 3; i++)
		if (lu_alloc_aligned(&m[i], (size_t)PEAK_SIZE * PEAK_SIZE, sizeof(*m[i]), "matrices", NULL) != LU_OK)
			exit(1);
		else
			memset(m[i], 0, sizeof(*m[i]) * PEAK_SIZE * PEAK_SIZE);
	for (int trial = 0; trial < PEAK_TRIALS; trial++) {
		double start = now(), rate;

		for (int column = 0; column < PEAK_SIZE; column += 32)
			for (int row = 0; row < PEAK_SIZE; row += PEAK_ROWS)
				multiply_fp16(m[0] + row * PEAK_SIZE, m[1] + column * PEAK_SIZE,
					      m[2] + row * PEAK_SIZE + column);
		rate = 2.0 * PEAK_SIZE * PEAK_SIZE * PEAK_SIZE / (now() - start) * 1e-9;
		best = rate > best ? rate : best;
	}
	for (int i = 0; i < 3; i++)
		lu_free(m[i]);
	return best;
}
#else
static double fp16_gflops(void)
{
	return 0;
}
#endif

/* All threads at once, since they share power and cache. */
static double peak_gflops(int threads, enum lu_precision precision)
{
	double total = 0;

#pragma omp parallel num_threads(threads) reduction(+ : total)
	total += precision == LU_PRECISION_FP16 ? fp16_gflops() : product_gflops(precision);
	return total;
}

struct times {
	double all, by_reference; /* s a chip */
};

/* Of each step of a session's plan, the smallest of many passes; a line a step, numbered from 'number' on. */
static void print_steps(struct lu_session *session, int number, struct times *times)
{
	const struct lu_plan *plan = session->plan;
	struct lu_error err = {0};
	char shape[LU_SHAPE_TEXT];
	double *best;

	if (lu_alloc(&best, (size_t)plan->n_steps, sizeof(*best), "times", &err) != LU_OK)
		exit(1);
	for (int trial = 0; trial < 50; trial++) {
		if (plan->engine->enter)
			plan->engine->enter(session, &err);
		for (int i = 0; i < plan->n_steps; i++) {
			double start = read_clock(CLOCK_THREAD_CPUTIME_ID), elapsed;

			plan->steps[i].run(&plan->steps[i], session, &err);
			elapsed = (read_clock(CLOCK_THREAD_CPUTIME_ID) - start) / plan->pass;
			best[i] = trial == 0 || elapsed < best[i] ? elapsed : best[i];
		}
		if (plan->engine->leave)
			plan->engine->leave(session);
	}
	for (int i = 0; i < plan->n_steps; i++) {
		const struct lu_step *step = &plan->steps[i];

		times->all += best[i];
		times->by_reference += strncmp(step->kernel, "ref", 3) == 0 ? best[i] : 0;
		fprintf(stderr, "%4d  %-24.24s %-18.18s %-16s %9.2f %9.2f  %s\n", number + i, step->what, step->op,
			lu_shape_text(&step->shape, shape), best[i] * 1e6, step->flop / plan->pass / best[i] * 1e-9,
			step->kernel);
	}
	lu_free(best);
}

/* Processor time by step, on this thread alone. */
static void print_layers(const struct lu_plan *plan, size_t in, size_t out)
{
	struct lu_session *session;
	struct lu_error err = {0};
	float *input = make_input((size_t)plan->pass * in), *output = make_input((size_t)plan->pass * out);
	struct times times = {0};
	const void *from = input;
	void *to = output;

	if (lu_session_new(plan, &session, &err) != LU_OK || lu_session_pass(session, &from, &to, &err) != LU_OK) {
		fprintf(stderr, "bench_nn: %s\n", err.text);
		exit(1);
	}
	fprintf(stderr, "%4s  %-24s %-18s %-16s %9s %9s  %s\n", "step", "name", "operator", "result", "us/chip",
		"GFLOP/s", "kernel");
	if (session->front != NULL)
		print_steps(session->front, 0, &times);
	print_steps(session, session->front != NULL ? session->front->plan->n_steps : 0, &times);
	fprintf(stderr, "total %.2f us a chip, %.1f chips/s on one thread, %.2f %% of the time in reference kernels\n",
		times.all * 1e6, 1 / times.all, 100 * times.by_reference / times.all);
	lu_free(input);
	lu_free(output);
	lu_session_free(session);
}

/* Does the first layer read bytes, so that nobody makes numbers of them? */
static bool reads_bytes(const struct lu_plan *plan)
{
	const struct lu_plan *first = lu_plan_first(plan);

	for (int i = 0; i < first->n_steps; i++)
		if (strcmp(first->steps[i].op, "(scale)") == 0)
			return false;
	return true;
}

static bool build_plan(const struct arguments *a, const struct lu_graph *graph, struct lu_plan **plan,
		       struct lu_error *err)
{
	static float scale[MOST_BANDS], offset[MOST_BANDS];
	struct lu_plan_options bytes = a->plan;
	int channels = lu_graph_channels(graph);

	for (int i = 0; i < MOST_BANDS; i++) {
		scale[i] = 1 / 127.5f;
		offset[i] = -1;
	}
	bytes.scale = scale;
	bytes.offset = offset;
	if (!a->floats && channels >= 1 && channels <= MOST_BANDS) {
		if (lu_plan_build(graph, &bytes, plan, err) != LU_OK)
			return false;
		if (reads_bytes(*plan))
			return true;
		lu_plan_free(*plan);
	}
	return lu_plan_build(graph, &a->plan, plan, err) == LU_OK;
}

int main(int argc, char **argv)
{
	struct arguments a;
	struct lu_graph *graph = NULL;
	struct lu_plan *plan = NULL;
	struct lu_plan_facts facts;
	struct lu_error err = {0};
	double rate, per_cpu_second, peak, start, planning, weights, taken;
	float *input, *output;
	size_t in;

	if (!read_arguments(argc, argv, &a))
		return usage();
	start = now();
	if (lu_graph_load(a.model, &graph, &err) != LU_OK ||
	    lu_graph_choose(graph, NULL, LU_ORDER_BY_SHAPE, &err) != LU_OK ||
	    (weights = held_mib(), !build_plan(&a, graph, &plan, &err))) {
		fprintf(stderr, "bench_nn: %s\n", err.text);
		lu_graph_free(graph);
		return 1;
	}
	planning = now() - start;
	weights = held_mib() - weights;
	lu_graph_free(graph);
	lu_plan_facts(plan, &facts);
	a.plan.batch = facts.batch;
	in = (size_t)facts.channels * (size_t)facts.height * (size_t)facts.width;
	input = make_input((size_t)facts.batch * in);
	output = make_input((size_t)facts.batch * facts.outputs);
	taken = session_mib(plan, input, output);
	lu_free(input);
	lu_free(output);
	if (a.layers)
		print_layers(plan, in, facts.outputs);
	rate = chips_per_second(plan, &a, in, facts.outputs, &per_cpu_second);
	peak = peak_gflops(a.threads, facts.precision);
	printf("{\"model\": \"%s\", \"engine\": \"%s\", \"precision\": \"%s\", \"threads\": %d, \"batch\": %d, "
	       "\"input\": \"%s\", "
	       "\"chips_per_s\": %.1f, \"chips_per_cpu_s\": %.1f, \"gflop_per_chip\": %.4f, \"gflop_per_s\": %.1f, "
	       "\"peak_gflop_per_s\": %.1f, "
	       "\"peak_share\": %.3f, \"arena_mib\": %.2f, \"arena_held_mib\": %.2f, \"weights_mib\": %.2f, "
	       "\"weights_held_mib\": %.2f, \"plan_s\": %.3f}\n",
	       a.model, facts.engine, lu_choice_word(LU_CHOICE_PRECISION, facts.precision), a.threads, facts.batch,
	       lu_plan_first(plan)->scale ? "uint8" : "float32", rate, per_cpu_second, facts.gflop_per_chip,
	       rate * facts.gflop_per_chip, peak, peak > 0 ? rate * facts.gflop_per_chip / peak : 0,
	       (double)facts.arena_bytes / 1048576, taken, (double)facts.weight_bytes / 1048576, weights, planning);
	lu_plan_free(plan);
	return 0;
}
