/*
 * tensor.h: element types, shapes, and a block of elements with both.
 *
 * Tensors are dense and row-major: the last dimension is contiguous. A rank-0 tensor is a scalar
 * with one element; a dimension may be 0.
 */
#ifndef LU_NN_GRAPH_TENSOR_H
#define LU_NN_GRAPH_TENSOR_H

#include "base/error.h"

#define LU_MAX_RANK 8

/* No tensor is larger: sizes beyond it in a file are damage or attack. */
#define LU_TENSOR_MAX_BYTES ((size_t)1 << 34)

enum lu_type {
	LU_TYPE_NONE,
	LU_TYPE_FLOAT32,
	LU_TYPE_INT8,
	LU_TYPE_UINT8,
	LU_TYPE_INT32,
	LU_TYPE_INT64,
	LU_TYPE_BOOL, /* one byte, 0 or 1 */
};

struct lu_shape {
	int rank;
	int64_t dim[LU_MAX_RANK];
};

/* 'data' is NULL where the elements are not known (yet); the owner is who made the tensor. */
struct lu_tensor {
	enum lu_type type;
	struct lu_shape shape;
	void *data;
};

/* Bytes of one element. */
size_t lu_type_size(enum lu_type type);
const char *lu_type_name(enum lu_type type);

/* Product of the dimensions: for shapes that lu_shape_bytes has accepted. */
int64_t lu_shape_count(const struct lu_shape *shape);
/* Product of dimensions from 'begin' up to but not including 'end'. */
int64_t lu_shape_span(const struct lu_shape *shape, int begin, int end);
/* Checked size in bytes; false for negative dimensions, overflow, or more than LU_TENSOR_MAX_BYTES. */
bool lu_shape_bytes(const struct lu_shape *shape, enum lu_type type, size_t *bytes);
bool lu_shape_equal(const struct lu_shape *a, const struct lu_shape *b);
/* Row-major strides in elements. */
void lu_shape_strides(const struct lu_shape *shape, int64_t stride[LU_MAX_RANK]);

/* "2x3x224x224", or "scalar". */
#define LU_SHAPE_TEXT 176
const char *lu_shape_text(const struct lu_shape *shape, char text[LU_SHAPE_TEXT]);

/* Element 'i' of any type as a number, and back (rounded toward zero and wrapped for integers; bool is != 0). */
double lu_tensor_get(const struct lu_tensor *tensor, int64_t i);
int64_t lu_tensor_get_int(const struct lu_tensor *tensor, int64_t i);
void lu_tensor_set(struct lu_tensor *tensor, int64_t i, double number);
void lu_tensor_set_int(struct lu_tensor *tensor, int64_t i, int64_t number);

#endif
