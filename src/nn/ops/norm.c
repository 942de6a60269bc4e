/*
 * norm.c: operators that scale by statistics: given ones (BatchNormalization), or of the neighbourhood.
 */
#include <math.h>

#include "nn/ops/list.h"

enum lu_status lu_rule_batch_norm(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 2, LU_MAX_RANK, err));
	for (int i = 1; i < 5; i++) {
		LU_TRY(lu_call_check(call, i, LU_TYPE_FLOAT32, 1, 1, err));
		if (call->in[i]->shape.dim[0] != call->in[0]->shape.dim[1])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d has %lld numbers for %lld channels",
					    i, (long long)call->in[i]->shape.dim[0],
					    (long long)call->in[0]->shape.dim[1]);
	}
	if (!lu_node_int(call->node, "spatial", 1))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "statistics by pixel (spatial 0) are not run");
	for (int i = 1; i < call->n_out; i++) {
		if (call->out[i] != NULL && (i > 2 || !lu_node_int(call->node, "training_mode", 0)))
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "its output %d is for training", i);
		lu_call_out(call, i, LU_TYPE_FLOAT32, &call->in[1]->shape);
	}
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
out:
	return status;
}

/* Mean and variance of 'runs' runs of 'count' numbers, 'step' apart. */
struct moments {
	double mean, variance;
};

static struct moments moments_of(const float *x, int64_t count, int64_t runs, int64_t step)
{
	struct moments m = {0, 0};
	double n = (double)(count * runs);

	for (int64_t r = 0; r < runs; r++)
		for (int64_t i = 0; i < count; i++)
			m.mean += x[r * step + i];
	m.mean /= n;
	for (int64_t r = 0; r < runs; r++)
		for (int64_t i = 0; i < count; i++)
			m.variance += (x[r * step + i] - m.mean) * (x[r * step + i] - m.mean);
	m.variance /= n;
	return m;
}

bool lu_apart_batch_norm(const struct lu_call *call)
{
	return !lu_node_int(call->node, "training_mode", 0) && lu_apart_always(call);
}

/* In training mode the statistics are the batch's own, and the running ones are moved towards them. */
static void train_batch_norm(struct lu_call *call)
{
	double epsilon = lu_node_float(call->node, "epsilon", 1e-5f),
	       momentum = lu_node_float(call->node, "momentum", 0.9f);
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t size = lu_shape_span(shape, 2, shape->rank), step = shape->dim[1] * size;

	for (int64_t c = 0; c < shape->dim[1]; c++) {
		const float *x = (const float *)call->in[0]->data + c * size;
		struct moments m = moments_of(x, size, shape->dim[0], step);
		float *y = (float *)call->out[0]->data + c * size;
		double a = ((const float *)call->in[1]->data)[c] / sqrt(m.variance + epsilon);

		for (int64_t n = 0; n < shape->dim[0]; n++)
			for (int64_t i = 0; i < size; i++)
				y[n * step + i] =
					(float)((x[n * step + i] - m.mean) * a + ((const float *)call->in[2]->data)[c]);
		if (call->n_out > 1 && call->out[1] != NULL)
			((float *)call->out[1]->data)[c] =
				(float)(((const float *)call->in[3]->data)[c] * momentum + m.mean * (1 - momentum));
		if (call->n_out > 2 && call->out[2] != NULL)
			((float *)call->out[2]->data)[c] =
				(float)(((const float *)call->in[4]->data)[c] * momentum + m.variance * (1 - momentum));
	}
}

/* y = (x - mean) / sqrt(variance + epsilon) * scale + bias, all by channel. */
void lu_kernel_batch_norm(struct lu_call *call)
{
	double epsilon = lu_node_float(call->node, "epsilon", 1e-5f);
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t size = lu_shape_span(shape, 2, shape->rank);
	const float *x = call->in[0]->data;
	const float *scale = call->in[1]->data, *bias = call->in[2]->data;
	const float *mean = call->in[3]->data, *variance = call->in[4]->data;
	float *y = call->out[0]->data;

	if (lu_node_int(call->node, "training_mode", 0)) {
		train_batch_norm(call);
		return;
	}
	for (int64_t n = 0; n < shape->dim[0]; n++)
		for (int64_t c = 0; c < shape->dim[1]; c++) {
			double a = scale[c] / sqrt(variance[c] + epsilon);

			for (int64_t i = 0; i < size; i++)
				*y++ = (float)((*x++ - (double)mean[c]) * a + bias[c]);
		}
}

/* Scale and bias of Instance- and GroupNormalization: one number a channel, or (Group before opset 21) a group. */
enum lu_status lu_rule_group_norm(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;
	int64_t channels, groups, each;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 3, LU_MAX_RANK, err));
	for (int i = 1; i < 3; i++)
		LU_TRY(lu_call_check(call, i, LU_TYPE_FLOAT32, 1, 1, err));
	channels = call->in[0]->shape.dim[1];
	groups = lu_node_is(call->node, "InstanceNormalization") ? channels : lu_node_int(call->node, "num_groups", 0);
	each = lu_node_is(call->node, "GroupNormalization") && call->node->opset < 21 ? groups : channels;
	if (groups < 1 || channels % groups || call->in[1]->shape.dim[0] != each || call->in[2]->shape.dim[0] != each)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "%lld channels in %lld groups do not fit its scale",
				    (long long)channels, (long long)groups);
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
out:
	return status;
}

/* Instance: every channel of every chip by its own mean and variance. Group: so many channels together. */
void lu_kernel_group_norm(struct lu_call *call)
{
	bool instance = lu_node_is(call->node, "InstanceNormalization");
	double epsilon = lu_node_float(call->node, "epsilon", 1e-5f);
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t channels = shape->dim[1], size = lu_shape_span(shape, 2, shape->rank);
	int64_t groups = instance ? channels : lu_node_int(call->node, "num_groups", 1), width = channels / groups;
	bool by_group = !instance && call->node->opset < 21;
	const float *x = call->in[0]->data, *scale = call->in[1]->data, *bias = call->in[2]->data;
	float *y = call->out[0]->data;

	for (int64_t n = 0; n < shape->dim[0]; n++)
		for (int64_t g = 0; g < groups; g++) {
			struct moments m = moments_of(x, width * size, 1, 0);
			double a = 1 / sqrt(m.variance + epsilon);

			for (int64_t i = 0; i < width * size; i++) {
				int64_t c = by_group ? g : g * width + i / size;

				*y++ = (float)((*x++ - m.mean) * a * scale[c] + bias[c]);
			}
		}
}

enum lu_status lu_rule_layer_norm(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 1, LU_MAX_RANK, err));
	int64_t axis = lu_node_int(call->node, "axis", -1);
	struct lu_shape shape, broadcast;

	LU_TRY(lu_call_axis(call, call->in[0]->shape.rank, &axis, err));
	for (int i = 1; i < call->n_in; i++) {
		if (call->in[i] == NULL)
			continue;
		LU_TRY(lu_call_check(call, i, LU_TYPE_FLOAT32, 0, LU_MAX_RANK, err));
		LU_TRY(lu_call_broadcast(call, &call->in[0]->shape, &call->in[i]->shape, &broadcast, err));
		if (!lu_shape_equal(&broadcast, &call->in[0]->shape))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d is larger than the image", i);
	}
	shape = call->in[0]->shape;
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &shape);
	for (int i = (int)axis; i < shape.rank; i++)
		shape.dim[i] = 1;
	lu_call_out(call, 1, LU_TYPE_FLOAT32, &shape);
	lu_call_out(call, 2, LU_TYPE_FLOAT32, &shape);
out:
	return status;
}

bool lu_apart_layer_norm(const struct lu_call *call)
{
	int64_t axis = lu_node_int(call->node, "axis", -1);

	for (int i = 1; i < call->n_in; i++)
		if (call->in[i] != NULL && call->in[i]->shape.rank == call->in[0]->shape.rank &&
		    call->in[i]->shape.dim[0] != 1)
			return false;
	return axis != 0 && axis != -call->in[0]->shape.rank && lu_apart_always(call);
}

/* Ba et al. 2016: each line from 'axis' on by its own mean and variance, then scale and bias by place. */
void lu_kernel_layer_norm(struct lu_call *call)
{
	double epsilon = lu_node_float(call->node, "epsilon", 1e-5f);
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", -1), lines, length;
	const float *x = call->in[0]->data, *scale = call->in[1]->data;
	const float *bias = call->n_in > 2 && call->in[2] != NULL ? call->in[2]->data : NULL;
	float *y = call->out[0]->data;
	struct lu_walk walk;

	axis += axis < 0 ? shape->rank : 0;
	lines = lu_shape_span(shape, 0, (int)axis);
	length = lu_shape_span(shape, (int)axis, shape->rank);
	lu_walk_start(&walk, shape);
	walk.operands = 2;
	lu_broadcast_strides(&call->in[1]->shape, shape, walk.stride[0]);
	if (bias != NULL)
		lu_broadcast_strides(&call->in[2]->shape, shape, walk.stride[1]);
	for (int64_t n = 0; n < lines; n++, x += length) {
		struct moments m = moments_of(x, length, 1, 0);
		double a = 1 / sqrt(m.variance + epsilon);

		for (int64_t i = 0; i < length; i++, lu_walk_step(&walk))
			*y++ = (float)((x[i] - m.mean) * a * scale[walk.offset[0]] +
				       (bias != NULL ? bias[walk.offset[1]] : 0));
		if (call->n_out > 1 && call->out[1] != NULL)
			((float *)call->out[1]->data)[n] = (float)m.mean;
		if (call->n_out > 2 && call->out[2] != NULL)
			((float *)call->out[2]->data)[n] = (float)a;
	}
}

enum lu_status lu_rule_lrn(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 2, LU_MAX_RANK, err));
	if (lu_node_int(call->node, "size", 0) < 1)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "size is missing");
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
out:
	return status;
}

/* Krizhevsky et al. 2012: y = x / (bias + alpha/size * sum of squares over 'size' neighbouring channels)^beta. */
void lu_kernel_lrn(struct lu_call *call)
{
	double alpha = lu_node_float(call->node, "alpha", 1e-4f), beta = lu_node_float(call->node, "beta", 0.75f);
	double bias = lu_node_float(call->node, "bias", 1);
	int64_t window = lu_node_int(call->node, "size", 1);
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t channels = shape->dim[1], size = lu_shape_span(shape, 2, shape->rank);

	for (int64_t n = 0; n < shape->dim[0]; n++) {
		const float *x = (const float *)call->in[0]->data + n * channels * size;
		float *y = (float *)call->out[0]->data + n * channels * size;

		for (int64_t c = 0; c < channels; c++) {
			int64_t first = c - (window - 1) / 2, last = c + window / 2;

			first = first < 0 ? 0 : first;
			last = last >= channels ? channels - 1 : last;
			for (int64_t i = 0; i < size; i++) {
				double squares = 0;

				for (int64_t k = first; k <= last; k++)
					squares += (double)x[k * size + i] * x[k * size + i];
				y[c * size + i] =
					(float)(x[c * size + i] / pow(bias + alpha / (double)window * squares, beta));
			}
		}
	}
}

/* Softmax and LogSoftmax. Before opset 13 everything from 'axis' on is one long axis; since, it is that axis alone. */
enum lu_status lu_rule_softmax(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 0, LU_MAX_RANK, err));
	int64_t axis = lu_node_int(call->node, "axis", call->node->opset < 13 ? 1 : -1);

	if (call->node->opset < 13 && axis == call->in[0]->shape.rank)
		axis = 0; /* flattened to one column: each number alone; legal and of no use */
	if (call->in[0]->shape.rank)
		LU_TRY(lu_call_axis(call, call->in[0]->shape.rank, &axis, err));
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
out:
	return status;
}

static void softmax_line(const float *x, float *y, int64_t length, int64_t stride, bool logarithm)
{
	float top = -INFINITY;
	double sum = 0;

	for (int64_t i = 0; i < length; i++)
		top = x[i * stride] > top || isnan(x[i * stride]) ? x[i * stride] : top;
	for (int64_t i = 0; i < length; i++)
		sum += exp((double)x[i * stride] - top);
	for (int64_t i = 0; i < length; i++) {
		double shifted = (double)x[i * stride] - top;

		y[i * stride] = (float)(logarithm ? shifted - log(sum) : exp(shifted) / sum);
	}
}

void lu_kernel_softmax(struct lu_call *call)
{
	bool logarithm = call->node->op->name[0] == 'L';
	const struct lu_shape *shape = &call->in[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", call->node->opset < 13 ? 1 : -1);
	int64_t lines, length, inner;

	if (axis < 0)
		axis += shape->rank;
	if (shape->rank == 0)
		axis = 0;
	lines = lu_shape_span(shape, 0, (int)axis);
	length = axis < shape->rank ? shape->dim[axis] : 1;
	inner = lu_shape_span(shape, (int)axis + 1, shape->rank);
	if (call->node->opset < 13) {
		length *= inner;
		inner = 1;
	}
	for (int64_t n = 0; n < lines; n++)
		for (int64_t i = 0; i < inner; i++)
			softmax_line((const float *)call->in[0]->data + n * length * inner + i,
				     (float *)call->out[0]->data + n * length * inner + i, length, inner, logarithm);
}
