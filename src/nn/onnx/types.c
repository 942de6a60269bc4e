/*
 * types.c: what is known of an ONNX tensor without its elements: their type, how many, how many bytes; and protobuf-c's
 * memory.
 */
#include <stdio.h>

#include "base/memory.h"
#include "nn/onnx/parts.h"

static void *take(void *data, size_t size)
{
	void *memory;

	if (lu_alloc(&memory, size, 1, "the model's messages", NULL) == LU_OK)
		return memory;
	if (data != NULL)
		*(bool *)data = true;
	return NULL;
}

static void give_back(void *data, void *memory)
{
	(void)data;
	lu_free(memory);
}

ProtobufCAllocator lu_onnx_allocator = {.alloc = take, .free = give_back};

enum lu_status lu_onnx_unpack(const char *name, const void *bytes, size_t size, Onnx__ModelProto **out,
			      struct lu_error *err)
{
	bool memory_is_out = false;
	ProtobufCAllocator allocator = {.alloc = take, .free = give_back, .allocator_data = &memory_is_out};

	*out = onnx__model_proto__unpack(&allocator, size, bytes);
	return *out != NULL || !memory_is_out ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "%s: out of memory", name);
}

/* Where an ONNX type goes, and the bytes of one element in a file. */
static const struct {
	const char *name;
	enum lu_type type;
	size_t size;
} onnx_types[] = {
	[1] = {"float", LU_TYPE_FLOAT32, 4},     [2] = {"uint8", LU_TYPE_UINT8, 1},
	[3] = {"int8", LU_TYPE_INT8, 1},         [4] = {"uint16", LU_TYPE_NONE, 2},
	[5] = {"int16", LU_TYPE_NONE, 2},        [6] = {"int32", LU_TYPE_INT32, 4},
	[7] = {"int64", LU_TYPE_INT64, 8},       [8] = {"string", LU_TYPE_NONE, 0},
	[9] = {"bool", LU_TYPE_BOOL, 1},         [10] = {"float16", LU_TYPE_FLOAT32, 2},
	[11] = {"double", LU_TYPE_NONE, 8},      [12] = {"uint32", LU_TYPE_NONE, 4},
	[13] = {"uint64", LU_TYPE_NONE, 8},      [14] = {"complex64", LU_TYPE_NONE, 8},
	[15] = {"complex128", LU_TYPE_NONE, 16}, [16] = {"bfloat16", LU_TYPE_FLOAT32, 2},
};
#define N_ONNX_TYPES ((int32_t)(sizeof(onnx_types) / sizeof(onnx_types[0])))

enum lu_type lu_onnx_type(int32_t onnx)
{
	return onnx > 0 && onnx < N_ONNX_TYPES ? onnx_types[onnx].type : LU_TYPE_NONE;
}

const char *lu_onnx_type_name(int32_t onnx, char text[32])
{
	if (onnx > 0 && onnx < N_ONNX_TYPES)
		return onnx_types[onnx].name;
	snprintf(text, 32, "type %d", (int)onnx);
	return text;
}

size_t lu_onnx_type_size(int32_t onnx)
{
	return onnx > 0 && onnx < N_ONNX_TYPES ? onnx_types[onnx].size : 0;
}

enum lu_status lu_onnx_shape(const Onnx__TensorProto *from, const char *where, struct lu_tensor *tensor, size_t *bytes,
			     struct lu_error *err)
{
	char text[32];

	*tensor = (struct lu_tensor){.type = lu_onnx_type(from->data_type)};
	if (tensor->type == LU_TYPE_NONE)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s has element type %s, which landuse does not run", where,
			       lu_onnx_type_name(from->data_type, text));
	if (from->n_dims > LU_MAX_RANK)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s has %zu dimensions, landuse knows up to %d", where,
			       from->n_dims, LU_MAX_RANK);
	tensor->shape.rank = (int)from->n_dims;
	for (size_t i = 0; i < from->n_dims; i++)
		tensor->shape.dim[i] = from->dims[i];
	if (!lu_shape_bytes(&tensor->shape, tensor->type, bytes))
		return lu_fail(err, LU_ERROR_FORMAT, "%s has an impossible shape", where);
	*bytes = (size_t)lu_shape_count(&tensor->shape) * onnx_types[from->data_type].size;
	return LU_OK;
}

enum lu_status lu_onnx_data_bytes(const Onnx__TensorProto *from, const char *where, size_t *bytes, struct lu_error *err)
{
	struct lu_tensor tensor;

	return lu_onnx_shape(from, where, &tensor, bytes, err);
}
