/*
 * onnx_parts.h: what the files that read ONNX share. Nobody else sees protobuf-c.
 */
#ifndef LU_NN_ONNX_PARTS_H
#define LU_NN_ONNX_PARTS_H

#include "nn/graph.h"
#include "onnx/onnx.pb-c.h"

/* NULL when the bytes may be unpacked as 'message', else what is wrong with them. */
const char *lu_onnx_guard(const ProtobufCMessageDescriptor *message, const void *bytes, size_t size);

/* protobuf-c's allocator over lu_alloc, so that exhaustion can be tested. */
extern ProtobufCAllocator lu_onnx_allocator;

/* landuse's element type for an ONNX one; LU_TYPE_NONE where it has none. float16 and bfloat16 become float32. */
enum lu_type lu_onnx_type(int32_t onnx);
/* "double", or "type 23". */
const char *lu_onnx_type_name(int32_t onnx, char text[32]);

/*
 * Copy an ONNX tensor into 'pool'. 'folder' is where its external data may lie; NULL refuses
 * external data. Messages start with 'where' ("model.onnx: tensor 'w'").
 */
enum lu_status lu_onnx_tensor(struct lu_pool *pool, const Onnx__TensorProto *from, const char *folder,
			      const char *where, struct lu_tensor *tensor, struct lu_error *err);

#endif
