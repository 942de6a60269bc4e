/*
 * tensor.c: element types, shapes and single elements.
 */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "nn/graph/tensor.h"

static const struct {
	size_t size;
	const char *name;
} types[] = {
	[LU_TYPE_NONE] = {0, "none"},   [LU_TYPE_FLOAT32] = {4, "float32"}, [LU_TYPE_INT8] = {1, "int8"},
	[LU_TYPE_UINT8] = {1, "uint8"}, [LU_TYPE_INT32] = {4, "int32"},     [LU_TYPE_INT64] = {8, "int64"},
	[LU_TYPE_BOOL] = {1, "bool"},
};

size_t lu_type_size(enum lu_type type)
{
	return types[type].size;
}

const char *lu_type_name(enum lu_type type)
{
	return types[type].name;
}

int64_t lu_shape_span(const struct lu_shape *shape, int begin, int end)
{
	int64_t count = 1;

	for (int i = begin; i < end; i++)
		count *= shape->dim[i];
	return count;
}

int64_t lu_shape_count(const struct lu_shape *shape)
{
	return lu_shape_span(shape, 0, shape->rank);
}

bool lu_shape_bytes(const struct lu_shape *shape, enum lu_type type, size_t *bytes)
{
	size_t total = lu_type_size(type);
	bool empty = false;

	/* An empty tensor must have honest dimensions too: kernels multiply parts of them. */
	for (int i = 0; i < shape->rank; i++) {
		if (shape->dim[i] < 0)
			return false;
		if (shape->dim[i] == 0)
			empty = true;
		else if (!lu_mul(total, (size_t)shape->dim[i], &total) || total > LU_TENSOR_MAX_BYTES)
			return false;
	}
	*bytes = empty ? 0 : total;
	return true;
}

bool lu_shape_equal(const struct lu_shape *a, const struct lu_shape *b)
{
	if (a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != b->dim[i])
			return false;
	return true;
}

void lu_shape_strides(const struct lu_shape *shape, int64_t stride[LU_MAX_RANK])
{
	int64_t step = 1;

	for (int i = shape->rank - 1; i >= 0; i--) {
		stride[i] = step;
		step *= shape->dim[i];
	}
}

const char *lu_shape_text(const struct lu_shape *shape, char text[LU_SHAPE_TEXT])
{
	int at = snprintf(text, LU_SHAPE_TEXT, "%s", shape->rank ? "" : "scalar");

	for (int i = 0; i < shape->rank; i++)
		at += snprintf(text + at, LU_SHAPE_TEXT - (size_t)at, "%s%lld", i ? "x" : "", (long long)shape->dim[i]);
	return text;
}

double lu_tensor_get(const struct lu_tensor *tensor, int64_t i)
{
	if (tensor->type == LU_TYPE_FLOAT32)
		return ((const float *)tensor->data)[i];
	return (double)lu_tensor_get_int(tensor, i);
}

/* Conversion of a float out of range is undefined in C; here NaN is 0 and the rest saturates. */
static int64_t to_int(double number)
{
	if (isnan(number))
		return 0;
	if (number >= 9223372036854775807.0)
		return INT64_MAX;
	if (number <= -9223372036854775808.0)
		return INT64_MIN;
	return (int64_t)number;
}

int64_t lu_tensor_get_int(const struct lu_tensor *tensor, int64_t i)
{
	switch (tensor->type) {
	case LU_TYPE_INT8:
		return ((const int8_t *)tensor->data)[i];
	case LU_TYPE_UINT8:
	case LU_TYPE_BOOL:
		return ((const uint8_t *)tensor->data)[i];
	case LU_TYPE_INT32:
		return ((const int32_t *)tensor->data)[i];
	case LU_TYPE_INT64:
		return ((const int64_t *)tensor->data)[i];
	case LU_TYPE_FLOAT32:
		return to_int(((const float *)tensor->data)[i]);
	case LU_TYPE_NONE:
		break;
	}
	return 0;
}

void lu_tensor_set(struct lu_tensor *tensor, int64_t i, double number)
{
	if (tensor->type == LU_TYPE_FLOAT32)
		((float *)tensor->data)[i] = (float)number;
	else if (tensor->type == LU_TYPE_BOOL)
		((uint8_t *)tensor->data)[i] = number != 0.0;
	else
		lu_tensor_set_int(tensor, i, to_int(number));
}

void lu_tensor_set_int(struct lu_tensor *tensor, int64_t i, int64_t number)
{
	switch (tensor->type) {
	case LU_TYPE_INT8:
		((int8_t *)tensor->data)[i] = (int8_t)(uint8_t)number;
		break;
	case LU_TYPE_UINT8:
		((uint8_t *)tensor->data)[i] = (uint8_t)number;
		break;
	case LU_TYPE_BOOL:
		((uint8_t *)tensor->data)[i] = number != 0;
		break;
	case LU_TYPE_INT32:
		((int32_t *)tensor->data)[i] = (int32_t)(uint32_t)number;
		break;
	case LU_TYPE_INT64:
		((int64_t *)tensor->data)[i] = number;
		break;
	case LU_TYPE_FLOAT32:
		((float *)tensor->data)[i] = (float)number;
		break;
	case LU_TYPE_NONE:
		break;
	}
}
