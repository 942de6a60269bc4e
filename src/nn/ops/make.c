/*
 * make.c: operators that make tensors from attributes, shapes or other types.
 */
#include <string.h>

#include "nn/ops/list.h"

/* The attribute that holds the value of a Constant, as a tensor that borrows it. */
static bool constant_tensor(const struct lu_node *node, struct lu_tensor *tensor)
{
	static const struct {
		const char *name;
		enum lu_type type;
		int rank;
	} forms[] = {
		{"value_float", LU_TYPE_FLOAT32, 0},
		{"value_floats", LU_TYPE_FLOAT32, 1},
		{"value_int", LU_TYPE_INT64, 0},
		{"value_ints", LU_TYPE_INT64, 1},
	};
	const struct lu_attribute *a = lu_node_attribute(node, "value");

	if (a != NULL) {
		*tensor = a->tensor;
		return true;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const void *data;

		a = lu_node_attribute(node, forms[i].name);
		if (a == NULL)
			continue;
		if (forms[i].rank)
			data = forms[i].type == LU_TYPE_FLOAT32 ? (const void *)a->floats : (const void *)a->ints;
		else
			data = forms[i].type == LU_TYPE_FLOAT32 ? (const void *)&a->f : (const void *)&a->i;
		*tensor = (struct lu_tensor){.type = forms[i].type, .shape = {.rank = forms[i].rank}};
		tensor->shape.dim[0] = (int64_t)a->count;
		memcpy(&tensor->data, &data, sizeof(data));
		return true;
	}
	return false;
}

enum lu_status lu_rule_constant(struct lu_call *call, struct lu_error *err)
{
	struct lu_tensor tensor;

	if (!constant_tensor(call->node, &tensor))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "its value is of no kind that landuse runs");
	lu_call_out(call, 0, tensor.type, &tensor.shape);
	return LU_OK;
}

void lu_kernel_constant(struct lu_call *call)
{
	size_t bytes = (size_t)lu_shape_count(&call->out[0]->shape) * lu_type_size(call->out[0]->type);
	struct lu_tensor tensor;

	if (constant_tensor(call->node, &tensor) && bytes)
		memcpy(call->out[0]->data, tensor.data, bytes);
}

/* A list of integers as a shape. */
static enum lu_status shape_from_input(const struct lu_call *call, int i, struct lu_shape *shape, struct lu_error *err)
{
	enum lu_status status;
	size_t bytes;

	LU_TRY(lu_call_ints(call, i, shape->dim, &shape->rank, err));
	if (!lu_shape_bytes(shape, LU_TYPE_INT64, &bytes))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its shape is impossible");
out:
	return status;
}

enum lu_status lu_rule_constant_of_shape(struct lu_call *call, struct lu_error *err)
{
	const struct lu_attribute *value = lu_node_attribute(call->node, "value");
	struct lu_shape shape;
	enum lu_status status = shape_from_input(call, 0, &shape, err);

	if (status != LU_OK)
		return status;
	if (value != NULL && lu_shape_count(&value->tensor.shape) != 1)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its value must be one number");
	lu_call_out(call, 0, value != NULL ? value->tensor.type : LU_TYPE_FLOAT32, &shape);
	return LU_OK;
}

void lu_kernel_constant_of_shape(struct lu_call *call)
{
	const struct lu_attribute *value = lu_node_attribute(call->node, "value");
	size_t size = lu_type_size(call->out[0]->type);
	int64_t count = lu_shape_count(&call->out[0]->shape);
	const char zero[8] = {0};

	for (int64_t i = 0; i < count; i++)
		memcpy((char *)call->out[0]->data + (size_t)i * size, value != NULL ? value->tensor.data : zero, size);
}

/* Shape, of the dimensions from 'start' up to 'end'; Size is their product. */
static void shape_range(const struct lu_call *call, int *start, int *end)
{
	int64_t rank = call->in[0]->shape.rank;
	int64_t a = lu_node_int(call->node, "start", 0), b = lu_node_int(call->node, "end", rank);

	a += a < 0 ? rank : 0;
	b += b < 0 ? rank : 0;
	*start = (int)(a < 0 ? 0 : a > rank ? rank : a);
	*end = (int)(b < *start ? *start : b > rank ? rank : b);
}

enum lu_status lu_rule_shape(struct lu_call *call, struct lu_error *err)
{
	struct lu_shape out = {.rank = 1};
	int start, end;

	(void)err;
	shape_range(call, &start, &end);
	out.dim[0] = end - start;
	if (lu_node_is(call->node, "Size"))
		out.rank = 0;
	lu_call_out(call, 0, LU_TYPE_INT64, &out);
	return LU_OK;
}

void lu_kernel_shape(struct lu_call *call)
{
	int64_t *out = call->out[0]->data;
	int start, end;

	shape_range(call, &start, &end);
	if (lu_node_is(call->node, "Size"))
		*out = lu_shape_count(&call->in[0]->shape);
	else
		for (int i = start; i < end; i++)
			*out++ = call->in[0]->shape.dim[i];
}

/* ONNX TensorProto.DataType to landuse's; half precision is widened here as everywhere. */
static enum lu_type cast_type(const struct lu_node *node)
{
	switch (lu_node_int(node, "to", 0)) {
	case 1:
	case 10:
	case 16:
		return LU_TYPE_FLOAT32;
	case 2:
		return LU_TYPE_UINT8;
	case 3:
		return LU_TYPE_INT8;
	case 6:
		return LU_TYPE_INT32;
	case 7:
		return LU_TYPE_INT64;
	case 9:
		return LU_TYPE_BOOL;
	default:
		return LU_TYPE_NONE;
	}
}

enum lu_status lu_rule_cast(struct lu_call *call, struct lu_error *err)
{
	enum lu_type type = cast_type(call->node);

	if (lu_node_is(call->node, "CastLike"))
		type = call->in[1]->type;
	if (type == LU_TYPE_NONE)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "it casts to ONNX type %lld, which landuse does not run",
				    (long long)lu_node_int(call->node, "to", 0));
	lu_call_out(call, 0, type, &call->in[0]->shape);
	return LU_OK;
}

void lu_kernel_cast(struct lu_call *call)
{
	const struct lu_tensor *x = call->in[0];
	int64_t count = lu_shape_count(&x->shape);

	for (int64_t i = 0; i < count; i++) {
		if (x->type == LU_TYPE_FLOAT32)
			lu_tensor_set(call->out[0], i, lu_tensor_get(x, i));
		else
			lu_tensor_set_int(call->out[0], i, lu_tensor_get_int(x, i));
	}
}
