/*
 * nn_conformance.c: the operator cases of the ONNX backend suite: passed, failed, unsupported by name.
 *
 * usage: real_nn_conformance [--verbose] [CASE]
 *
 * Each case is run by the reference kernels with all inputs known, and, where it can be planned with
 * its float32 inputs open and the others bound as constants, by every engine. Tolerances are the
 * suite's: |got - expected| <= 1e-7 + 1e-3 |expected|, integers and booleans exact. A case that uses
 * an operator or type that landuse refuses counts as unsupported; any other difference is a failure.
 */
#include <dirent.h>
#include <math.h>

#include "nn/engines/engines.h"
#include "nn/ops/interpret.h"
#include "nn/plan/plan.h"
#include "support/nn_files.h"
#include "support/real_data.h"

#define MAX_ENDS 64

enum verdict {
	PASSED,
	FAILED,
	UNSUPPORTED,
};

struct totals {
	int count[3];
	int planned; /* passed on engines, too: case x engine */
	bool verbose;
};

/* One data set of a case. */
struct data {
	struct lu_tensor inputs[MAX_ENDS], outputs[MAX_ENDS];
	int n_inputs, n_outputs;
	struct lu_pool pool;
};

static bool equal(const struct lu_tensor *got, const struct lu_tensor *want, struct lu_error *err)
{
	int64_t count = lu_shape_count(&want->shape);
	char a[LU_SHAPE_TEXT], b[LU_SHAPE_TEXT];

	if (got->type != want->type || !lu_shape_equal(&got->shape, &want->shape)) {
		lu_fail(err, LU_ERROR_FORMAT, "result is %s %s, expected %s %s", lu_type_name(got->type),
			lu_shape_text(&got->shape, a), lu_type_name(want->type), lu_shape_text(&want->shape, b));
		return false;
	}
	for (int64_t i = 0; i < count; i++) {
		double x = lu_tensor_get(got, i), y = lu_tensor_get(want, i);

		if (want->type == LU_TYPE_FLOAT32
			    ? (isnan(x) && isnan(y)) || x == y || fabs(x - y) <= 1e-7 + 1e-3 * fabs(y)
			    : lu_tensor_get_int(got, i) == lu_tensor_get_int(want, i))
			continue;
		lu_fail(err, LU_ERROR_FORMAT, "element %lld of %lld is %.9g, expected %.9g", (long long)i,
			(long long)count, x, y);
		return false;
	}
	return true;
}

/* input_0.pb, input_1.pb, ... of a folder; '*n' of them. */
static enum lu_status read_all(const char *folder, const char *kind, struct lu_tensor *tensors, int *n,
			       struct lu_pool *pool, struct lu_error *err)
{
	char path[1200];
	enum lu_status status;

	for (*n = 0; *n < MAX_ENDS; (*n)++) {
		snprintf(path, sizeof(path), "%s/%s_%d.pb", folder, kind, *n);
		if (!lu_file_exists(path))
			return LU_OK;
		status = read_pb(path, pool, &tensors[*n], err);
		if (status != LU_OK)
			return status == LU_ERROR_FORMAT ? LU_ERROR_UNSUPPORTED : status; /* a sequence or optional */
	}
	return LU_OK;
}

static enum verdict verdict_of(enum lu_status status)
{
	return status == LU_OK ? PASSED : status == LU_ERROR_UNSUPPORTED ? UNSUPPORTED : FAILED;
}

static enum verdict try_reference(const struct lu_graph *graph, const struct data *data, struct lu_error *err)
{
	struct lu_graph *done = NULL;
	enum lu_status status;
	bool good = true;

	if (graph->n_inputs != data->n_inputs || graph->n_outputs != data->n_outputs) {
		lu_fail(err, LU_ERROR_UNSUPPORTED, "%d inputs given for %d", data->n_inputs, graph->n_inputs);
		return UNSUPPORTED;
	}
	status = lu_graph_evaluate(graph, data->inputs, &done, err);
	if (status != LU_OK)
		return verdict_of(status);
	for (int i = 0; i < data->n_outputs && good; i++)
		good = equal(&done->values[done->outputs[i]].tensor, &data->outputs[i], err);
	lu_graph_free(done);
	return good ? PASSED : FAILED;
}

/* The same on an engine, with float32 inputs open. */
static enum verdict try_engine(const struct lu_graph *graph, const struct data *data, const char *engine,
			       struct lu_error *err)
{
	const void *inputs[MAX_ENDS];
	void *outputs[MAX_ENDS] = {NULL};
	struct lu_session *session = NULL;
	struct lu_graph *clone = NULL;
	struct lu_plan *plan = NULL;
	enum lu_status status;
	const struct lu_plan_options options = {.precision = LU_PRECISION_FP32};
	bool good = true;
	size_t bytes;

	status = lu_graph_clone(graph, &clone, err);
	for (int i = 0; i < graph->n_inputs && status == LU_OK; i++) {
		clone->values[clone->inputs[i]].tensor = data->inputs[i];
		inputs[i] = data->inputs[i].data;
		if (data->inputs[i].type == LU_TYPE_FLOAT32)
			clone->values[clone->inputs[i]].tensor.data = NULL;
	}
	if (status == LU_OK)
		status = lu_plan_compile(clone, lu_engine_find(engine), &options, &plan, err);
	if (status == LU_OK)
		status = lu_session_new(plan, &session, err);
	for (int i = 0; i < data->n_outputs && status == LU_OK; i++) {
		/* Shapes first: the outputs are as large as the plan says. */
		struct lu_tensor *tensor = &plan->graph->values[plan->graph->outputs[i]].tensor;

		if (!lu_shape_bytes(&tensor->shape, tensor->type, &bytes))
			status = LU_ERROR_FORMAT;
		else
			status = lu_alloc_aligned(&outputs[i], bytes, 1, "an output", err);
	}
	if (status == LU_OK)
		status = lu_session_pass(session, inputs, outputs, err);
	for (int i = 0; i < data->n_outputs && status == LU_OK && good; i++) {
		struct lu_tensor tensor = plan->graph->values[plan->graph->outputs[i]].tensor;

		tensor.data = outputs[i];
		good = equal(&tensor, &data->outputs[i], err);
	}
	for (int i = 0; i < MAX_ENDS; i++)
		lu_free(outputs[i]);
	lu_session_free(session);
	lu_plan_free(plan);
	return status != LU_OK ? verdict_of(status) : good ? PASSED : FAILED;
}

static enum verdict try_data(const struct lu_graph *graph, const char *folder, struct totals *totals, const char *name,
			     struct lu_error *err)
{
	struct data data = {0};
	enum lu_status status;
	enum verdict verdict;

	status = read_all(folder, "input", data.inputs, &data.n_inputs, &data.pool, err);
	if (status == LU_OK)
		status = read_all(folder, "output", data.outputs, &data.n_outputs, &data.pool, err);
	verdict = status != LU_OK ? verdict_of(status) : try_reference(graph, &data, err);
	for (const char *const *engine = lu_engine_names(); *engine && verdict == PASSED; engine++) {
		enum verdict here = try_engine(graph, &data, *engine, err);

		totals->planned += here == PASSED;
		if (here == FAILED) {
			printf("engine %s: ", *engine);
			verdict = FAILED;
		} else if (here == UNSUPPORTED && totals->verbose) {
			printf("not planned %-55s %s\n", name, err->text);
		}
	}
	lu_pool_release(&data.pool);
	return verdict;
}

static void try_case(const char *folder, const char *name, struct totals *totals)
{
	char path[1400], set[1400]; /* a folder of 1023, a name of 255 and what follows */
	struct lu_graph *graph = NULL;
	enum verdict verdict = PASSED;
	struct lu_error err = {0};

	snprintf(path, sizeof(path), "%s/%s/model.onnx", folder, name);
	verdict = verdict_of(lu_graph_load(path, &graph, &err));
	for (int i = 0; verdict == PASSED; i++) {
		snprintf(set, sizeof(set), "%s/%s/test_data_set_%d", folder, name, i);
		if (!lu_folder_exists(set))
			break;
		verdict = try_data(graph, set, totals, name, &err);
	}
	totals->count[verdict]++;
	if (verdict == FAILED || (totals->verbose && verdict == UNSUPPORTED)) {
		/* The path in the message is longer than the news. */
		const char *text = strncmp(err.text, path, strlen(path)) == 0 ? err.text + strlen(path) + 2 : err.text;

		printf("%s %-55s %s\n", verdict == FAILED ? "FAILED     " : "unsupported", name, text);
	}
	lu_graph_free(graph);
}

int main(int argc, char **argv)
{
	static const char *const folders[] = {"node", "pytorch-operator", "pytorch-converted", "simple"};
	const char *only = argc > 1 && argv[argc - 1][0] != '-' ? argv[argc - 1] : NULL;
	struct totals all = {.verbose = argc > 1 && strcmp(argv[1], "--verbose") == 0};
	char path[1024], probe[1024];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct totals totals = {.verbose = all.verbose};
		struct dirent **entries;
		int n;

		/* The licence lies beside the folders: if it is there, so are they. */
		real_path(probe, "onnx_conformance/LICENSE");
		snprintf(path, sizeof(path), "%.*s%s", (int)(strlen(probe) - strlen("LICENSE")), probe, folders[i]);
		n = scandir(path, &entries, NULL, alphasort);
		for (int j = 0; j < n; j++) {
			if (entries[j]->d_name[0] != '.' && (!only || strcmp(only, entries[j]->d_name) == 0))
				try_case(path, entries[j]->d_name, &totals);
			free(entries[j]);
		}
		if (n >= 0)
			free(entries);
		printf("%-18s %4d passed, %d failed, %d unsupported; %d runs on engines\n", folders[i],
		       totals.count[PASSED], totals.count[FAILED], totals.count[UNSUPPORTED], totals.planned);
		all.count[FAILED] += totals.count[FAILED];
		all.count[PASSED] += totals.count[PASSED];
	}
	return all.count[FAILED] || !all.count[PASSED];
}
