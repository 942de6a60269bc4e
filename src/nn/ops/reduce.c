/*
 * reduce.c: operators that make one number of many along some axes: sums, means, extremes, their place.
 *
 * The axes fall into kept and reduced ones. An outer walk visits the kept positions, an inner walk the
 * reduced ones; an operator is a line in the table: how it starts, takes in a number, and ends.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/list.h"

struct reduction {
	const char *name;
	double start;
	double (*take)(double sum, double x);
	double (*end)(double sum, double count);
};

static double take_sum(double sum, double x)
{
	return sum + x;
}

static double take_square(double sum, double x)
{
	return sum + x * x;
}

static double take_abs(double sum, double x)
{
	return sum + fabs(x);
}

static double take_exp(double sum, double x)
{
	return sum + exp(x);
}

static double take_product(double sum, double x)
{
	return sum * x;
}

static double take_max(double sum, double x)
{
	return x > sum || isnan(x) ? x : sum;
}

static double take_min(double sum, double x)
{
	return x < sum || isnan(x) ? x : sum;
}

static double end_mean(double sum, double count)
{
	return sum / count;
}

static double end_root(double sum, double count)
{
	(void)count;
	return sqrt(sum);
}

static double end_log(double sum, double count)
{
	(void)count;
	return log(sum);
}

static const struct reduction reductions[] = {
	{"ReduceSum", 0, take_sum, NULL},         {"ReduceMean", 0, take_sum, end_mean},
	{"ReduceMax", -INFINITY, take_max, NULL}, {"ReduceMin", INFINITY, take_min, NULL},
	{"ReduceProd", 1, take_product, NULL},    {"ReduceL1", 0, take_abs, NULL},
	{"ReduceL2", 0, take_square, end_root},   {"ReduceSumSquare", 0, take_square, NULL},
	{"ReduceLogSum", 0, take_sum, end_log},   {"ReduceLogSumExp", 0, take_exp, end_log},
};

/* Which axes are reduced: none given means all, unless noop_with_empty_axes says none. */
static enum lu_status read_axes(const struct lu_call *call, bool axes[LU_MAX_RANK], struct lu_error *err)
{
	int rank = call->in[0]->shape.rank;
	enum lu_status status;
	bool given;

	LU_TRY(lu_call_axes(call, 1, rank, axes, &given, err));
	if (!given && !lu_node_int(call->node, "noop_with_empty_axes", 0))
		for (int i = 0; i < rank; i++)
			axes[i] = true;
out:
	return status;
}

static void reduced_shape(const struct lu_shape *in, const bool axes[LU_MAX_RANK], bool keep, struct lu_shape *out)
{
	*out = (struct lu_shape){0};
	for (int i = 0; i < in->rank; i++) {
		if (!axes[i])
			out->dim[out->rank++] = in->dim[i];
		else if (keep)
			out->dim[out->rank++] = 1;
	}
}

enum lu_status lu_rule_reduce(struct lu_call *call, struct lu_error *err)
{
	bool axes[LU_MAX_RANK];
	enum lu_status status = read_axes(call, axes, err);
	struct lu_shape out;

	if (status != LU_OK)
		return status;
	reduced_shape(&call->in[0]->shape, axes, lu_node_int(call->node, "keepdims", 1) != 0, &out);
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

bool lu_apart_reduce(const struct lu_call *call)
{
	bool axes[LU_MAX_RANK];

	return read_axes(call, axes, NULL) == LU_OK && !axes[0];
}

/* Walks over the kept and over the reduced axes of 'shape', with its strides. */
static void split_walks(const struct lu_shape *shape, const bool axes[LU_MAX_RANK], struct lu_walk *kept,
			struct lu_walk *reduced)
{
	int64_t stride[LU_MAX_RANK];

	lu_shape_strides(shape, stride);
	memset(kept, 0, sizeof(*kept));
	memset(reduced, 0, sizeof(*reduced));
	kept->operands = reduced->operands = 1;
	for (int i = 0; i < shape->rank; i++) {
		struct lu_walk *walk = axes[i] ? reduced : kept;

		walk->stride[0][walk->shape.rank] = stride[i];
		walk->shape.dim[walk->shape.rank++] = shape->dim[i];
	}
}

void lu_kernel_reduce(struct lu_call *call)
{
	const struct reduction *r = reductions;
	struct lu_walk kept, reduced;
	bool axes[LU_MAX_RANK];
	int64_t outer, inner;

	while (strcmp(r->name, call->node->op->name) != 0)
		r++;
	read_axes(call, axes, NULL);
	split_walks(&call->in[0]->shape, axes, &kept, &reduced);
	outer = lu_shape_count(&kept.shape);
	inner = lu_shape_count(&reduced.shape);
	for (int64_t i = 0; i < outer; i++, lu_walk_step(&kept)) {
		double sum = r->start;

		/* A full inner walk ends where it began. */
		for (int64_t j = 0; j < inner; j++, lu_walk_step(&reduced))
			sum = r->take(sum, lu_tensor_get(call->in[0], kept.offset[0] + reduced.offset[0]));
		lu_tensor_set(call->out[0], i, r->end != NULL ? r->end(sum, (double)inner) : sum);
	}
}

/* ArgMax and ArgMin: the place along one axis, the first (or last) of equals. */
enum lu_status lu_rule_arg(struct lu_call *call, struct lu_error *err)
{
	int64_t axis = lu_node_int(call->node, "axis", 0);
	bool axes[LU_MAX_RANK] = {false};
	enum lu_status status = lu_call_axis(call, call->in[0]->shape.rank, &axis, err);
	struct lu_shape out;

	if (status != LU_OK)
		return status;
	if (call->in[0]->shape.dim[axis] < 1)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %lld is empty", (long long)axis);
	axes[axis] = true;
	reduced_shape(&call->in[0]->shape, axes, lu_node_int(call->node, "keepdims", 1) != 0, &out);
	lu_call_out(call, 0, LU_TYPE_INT64, &out);
	return LU_OK;
}

bool lu_apart_arg(const struct lu_call *call)
{
	int64_t axis = lu_node_int(call->node, "axis", 0);

	return axis != 0 && axis != -call->in[0]->shape.rank;
}

void lu_kernel_arg(struct lu_call *call)
{
	bool minimum = lu_node_is(call->node, "ArgMin"), last = lu_node_int(call->node, "select_last_index", 0) != 0;
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 0);
	int64_t lines, length, inner, *out = call->out[0]->data;

	axis += axis < 0 ? shape->rank : 0;
	lines = lu_shape_span(shape, 0, (int)axis);
	length = shape->dim[axis];
	inner = lu_shape_span(shape, (int)axis + 1, shape->rank);
	for (int64_t n = 0; n < lines; n++)
		for (int64_t i = 0; i < inner; i++) {
			double best = 0;
			int64_t at = 0;

			for (int64_t k = 0; k < length; k++) {
				double x = lu_tensor_get(call->in[0], (n * length + k) * inner + i);

				x = minimum ? -x : x;
				if (k == 0 || x > best || (last && x == best)) {
					best = x;
					at = k;
				}
			}
			*out++ = at;
		}
}
