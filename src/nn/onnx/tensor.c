/*
 * tensor.c: elements of an ONNX tensor, from any of the four places where they may lie.
 *
 * raw_data (little-endian bytes), a typed list (float_data, int32_data, int64_data), or a file beside the
 * model ("external data": location, offset, length). float16 and bfloat16 are widened to float32.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "nn/onnx/parts.h"

static float float_from_bits(uint32_t bits)
{
	float number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

/* IEEE 754 binary16 to binary32: exact. */
static float float_from_half(uint16_t half)
{
	uint32_t sign = (uint32_t)(half >> 15) << 31;
	uint32_t exponent = half >> 10 & 31;
	uint32_t mantissa = half & 1023;
	float small;

	if (exponent == 31)
		return float_from_bits(sign | 0x7f800000u | mantissa << 13);
	if (exponent)
		return float_from_bits(sign | (exponent + 112) << 23 | mantissa << 13);
	small = (float)mantissa * 0x1p-24f;
	return sign ? -small : small;
}

static float widen(int32_t onnx, uint16_t bits)
{
	return onnx == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16 ? float_from_bits((uint32_t)bits << 16)
							       : float_from_half(bits);
}

/* Elements as they lie in a file: little-endian, so on the machines we build for they are copied. */
static void copy_raw(int32_t onnx, const void *bytes, int64_t count, struct lu_tensor *tensor)
{
	uint16_t half;

	if (lu_onnx_type_size(onnx) != lu_type_size(tensor->type)) {
		for (int64_t i = 0; i < count; i++) {
			memcpy(&half, (const uint8_t *)bytes + 2 * i, sizeof(half));
			((float *)tensor->data)[i] = widen(onnx, half);
		}
		return;
	}
	if (count)
		memcpy(tensor->data, bytes, (size_t)count * lu_onnx_type_size(onnx));
	if (tensor->type == LU_TYPE_BOOL)
		for (int64_t i = 0; i < count; i++)
			((uint8_t *)tensor->data)[i] = ((uint8_t *)tensor->data)[i] != 0;
}

static enum lu_status read_external(struct lu_pool *pool, const Onnx__TensorProto *from, const char *folder,
				    const char *where, size_t bytes, struct lu_tensor *tensor, struct lu_error *err)
{
	const int64_t count = lu_shape_count(&tensor->shape);
	enum lu_status status;
	FILE *file = NULL;
	void *raw = NULL;

	if (folder == NULL)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: its data is in another file, which this reader does not open", where);
	LU_TRY(lu_onnx_open_external(from, folder, bytes, where, &file, err));
	LU_TRY(lu_pool_take(pool, &tensor->data, (size_t)count * lu_type_size(tensor->type), 1, "a tensor", err));
	LU_TRY(lu_alloc(&raw, bytes, 1, "external data", err));
	if (fread(raw, 1, bytes, file) != bytes) {
		status = lu_fail(err, LU_ERROR_IO, "%s: its external data cannot be read", where);
		goto out;
	}
	copy_raw(from->data_type, raw, count, tensor);
out:
	lu_free(raw);
	if (file != NULL)
		fclose(file);
	return status;
}

/* The typed list that holds this type's elements; its length. */
static size_t typed_length(const Onnx__TensorProto *from, enum lu_type type)
{
	if (type == LU_TYPE_INT64)
		return from->n_int64_data;
	if (from->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
		return from->n_float_data;
	return from->n_int32_data;
}

static void copy_typed(const Onnx__TensorProto *from, int64_t count, struct lu_tensor *tensor)
{
	for (int64_t i = 0; i < count; i++) {
		if (tensor->type == LU_TYPE_INT64)
			((int64_t *)tensor->data)[i] = from->int64_data[i];
		else if (from->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
			((float *)tensor->data)[i] = from->float_data[i];
		else if (tensor->type == LU_TYPE_FLOAT32)
			((float *)tensor->data)[i] = widen(from->data_type, (uint16_t)from->int32_data[i]);
		else
			lu_tensor_set_int(tensor, i, from->int32_data[i]);
	}
}

enum lu_status lu_onnx_tensor(struct lu_pool *pool, const Onnx__TensorProto *from, const char *folder,
			      const char *where, struct lu_tensor *tensor, struct lu_error *err)
{
	const size_t size = lu_onnx_type(from->data_type) != LU_TYPE_NONE ? lu_onnx_type_size(from->data_type) : 1;
	enum lu_status status;
	size_t bytes, found;
	int64_t count;

	LU_TRY(lu_onnx_shape(from, where, tensor, &bytes, err));
	if (lu_onnx_is_external(from))
		return read_external(pool, from, folder, where, bytes, tensor, err);
	count = lu_shape_count(&tensor->shape);

	/* Data first, memory after: a short file with a long shape must not make us allocate. */
	found = from->has_raw_data ? from->raw_data.len / size : typed_length(from, tensor->type);
	if (found != (size_t)count || (from->has_raw_data && from->raw_data.len % size != 0))
		return lu_fail(err, LU_ERROR_FORMAT, "%s should have %lld elements and has %zu", where,
			       (long long)count, found);
	LU_TRY(lu_pool_take(pool, &tensor->data, (size_t)count * lu_type_size(tensor->type), 1, "a tensor", err));
	if (from->has_raw_data)
		copy_raw(from->data_type, from->raw_data.data, count, tensor);
	else
		copy_typed(from, count, tensor);
out:
	return status;
}
