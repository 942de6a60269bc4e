/*
 * parts.h: what the files that read ONNX share. Nobody else sees protobuf-c.
 */
#ifndef LU_NN_ONNX_PARTS_H
#define LU_NN_ONNX_PARTS_H

#include <stdio.h>

#include "nn/graph/graph.h"
#include "onnx/onnx.pb-c.h"

/* NULL when the bytes may be unpacked as 'message', else what is wrong with them. */
const char *lu_onnx_guard(const ProtobufCMessageDescriptor *message, const void *bytes, size_t size);

/* protobuf-c's allocator over lu_alloc, so that exhaustion can be tested. */
extern ProtobufCAllocator lu_onnx_allocator;

/* The message of these bytes, by lu_onnx_allocator; '*out' is NULL where they are none. LU_ERROR_MEMORY. */
enum lu_status lu_onnx_unpack(const char *name, const void *bytes, size_t size, Onnx__ModelProto **out,
			      struct lu_error *err);

/* landuse's element type for an ONNX one; LU_TYPE_NONE where it has none. float16 and bfloat16 become float32. */
enum lu_type lu_onnx_type(int32_t onnx);
/* Bytes of one element in a file; 0 for a type that ONNX does not have, or whose elements have no one size. */
size_t lu_onnx_type_size(int32_t onnx);
/* "double", or "type 23". */
const char *lu_onnx_type_name(int32_t onnx, char text[32]);

/* protobuf's own bound on one message; larger models keep their weights in external data. */
#define LU_ONNX_FILE_BYTES ((size_t)1 << 31)

/* Do the tensor's elements lie in a file beside the network? */
bool lu_onnx_is_external(const Onnx__TensorProto *from);
/* The type and the shape of a tensor, and the bytes of its elements as a file holds them. */
enum lu_status lu_onnx_shape(const Onnx__TensorProto *from, const char *where, struct lu_tensor *tensor, size_t *bytes,
			     struct lu_error *err);
/* The bytes alone. */
enum lu_status lu_onnx_data_bytes(const Onnx__TensorProto *from, const char *where, size_t *bytes,
				  struct lu_error *err);
/*
 * Open the file in 'folder' that holds an external tensor, at its first byte; it is long enough for 'bytes'. fclose it.
 */
enum lu_status lu_onnx_open_external(const Onnx__TensorProto *from, const char *folder, size_t bytes, const char *where,
				     FILE **file, struct lu_error *err);

/* Are all files there that the graph's tensors name, long enough, and named within reason? Before any memory is taken. */
enum lu_status lu_onnx_check_beside(const Onnx__GraphProto *graph, const char *path, const char *folder,
				    struct lu_error *err);

/* Put the elements of all tensors of the network at 'path' that lie in files beside it into the message. */
enum lu_status lu_onnx_take_in(Onnx__GraphProto *graph, const char *path, struct lu_error *err);

/*
 * Copy an ONNX tensor into 'pool'. 'folder' is where its external data may lie; NULL refuses
 * external data. Messages start with 'where' ("model.onnx: tensor 'w'").
 */
enum lu_status lu_onnx_tensor(struct lu_pool *pool, const Onnx__TensorProto *from, const char *folder,
			      const char *where, struct lu_tensor *tensor, struct lu_error *err);

#endif
