/*
 * nn_files.h: reading the tensors that conformance data keeps as ONNX TensorProto (.pb) and numpy (.npy) files.
 */
#ifndef LU_TESTS_NN_FILES_H
#define LU_TESTS_NN_FILES_H

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "nn/onnx/parts.h"

/* A TensorProto; its elements go to 'pool'. Half precision is refused: the suite's tolerance is for single. */
static inline enum lu_status read_pb(const char *path, struct lu_pool *pool, struct lu_tensor *tensor,
				     struct lu_error *err)
{
	Onnx__TensorProto *proto = NULL;
	enum lu_status status;
	char *bytes;
	size_t size;

	status = lu_file_read(path, (size_t)1 << 31, &bytes, &size, err);
	if (status != LU_OK)
		return status;
	if (!lu_onnx_guard(&onnx__tensor_proto__descriptor, bytes, size))
		proto = onnx__tensor_proto__unpack(&lu_onnx_allocator, size, (const uint8_t *)bytes);
	if (proto && (proto->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 ||
		      proto->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16))
		status = lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: half precision", path);
	else if (proto)
		status = lu_onnx_tensor(pool, proto, NULL, path, tensor, err);
	else
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not a TensorProto", path);
	if (proto)
		onnx__tensor_proto__free_unpacked(proto, &lu_onnx_allocator);
	lu_free(bytes);
	return status;
}

/* The elements of a version-1 .npy file, as bytes after its header. lu_free '*file'. */
static inline const void *read_npy(const char *path, char **file, size_t *bytes)
{
	struct lu_error err = {0};
	size_t size, header;

	if (lu_file_read(path, (size_t)1 << 31, file, &size, &err) != LU_OK || size < 10)
		return NULL;
	header = 10 + (size_t)(unsigned char)(*file)[8] + 256 * (size_t)(unsigned char)(*file)[9];
	*bytes = size - header;
	return *file + header;
}

#endif
