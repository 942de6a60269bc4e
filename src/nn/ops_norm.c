/*
 * ops_norm.c: operators that scale by statistics: given ones (BatchNormalization), or of the neighbourhood.
 */
#include <math.h>

#include "nn/ops_list.h"

enum lu_status lu_rule_batch_norm(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status = lu_call_check(call, 0, LU_TYPE_FLOAT32, 2, LU_MAX_RANK, err);

	for (int i = 1; i < 5 && status == LU_OK; i++) {
		status = lu_call_check(call, i, LU_TYPE_FLOAT32, 1, 1, err);
		if (status == LU_OK && call->in[i]->shape.dim[0] != call->in[0]->shape.dim[1])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d has %lld numbers for %lld channels",
					    i, (long long)call->in[i]->shape.dim[0],
					    (long long)call->in[0]->shape.dim[1]);
	}
	if (status != LU_OK)
		return status;
	if (lu_node_int(call->node, "training_mode", 0) || !lu_node_int(call->node, "spatial", 1))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "training mode is not run: export the model for inference");
	for (int i = 1; i < call->n_out; i++)
		if (call->out[i])
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
					    "it updates its statistics: training is not run");
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
	return LU_OK;
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

	for (int64_t n = 0; n < shape->dim[0]; n++)
		for (int64_t c = 0; c < shape->dim[1]; c++) {
			double a = scale[c] / sqrt(variance[c] + epsilon);

			for (int64_t i = 0; i < size; i++)
				*y++ = (float)((*x++ - (double)mean[c]) * a + bias[c]);
		}
}

enum lu_status lu_rule_lrn(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status = lu_call_check(call, 0, LU_TYPE_FLOAT32, 2, LU_MAX_RANK, err);

	if (status == LU_OK && lu_node_int(call->node, "size", 0) < 1)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "size is missing");
	if (status == LU_OK)
		lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
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
	enum lu_status status = lu_call_check(call, 0, LU_TYPE_FLOAT32, 0, LU_MAX_RANK, err);
	int64_t axis = lu_node_int(call->node, "axis", call->node->opset < 13 ? 1 : -1);

	if (status == LU_OK && call->node->opset < 13 && axis == call->in[0]->shape.rank)
		axis = 0; /* flattened to one column: each number alone; legal and of no use */
	if (status == LU_OK && call->in[0]->shape.rank)
		status = lu_call_axis(call, call->in[0]->shape.rank, &axis, err);
	if (status == LU_OK)
		lu_call_out(call, 0, LU_TYPE_FLOAT32, &call->in[0]->shape);
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
