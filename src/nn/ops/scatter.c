/*
 * scatter.c: ScatterND and ScatterElements: a copy of the data in which some elements are replaced, or joined with, updates.
 *
 * Both take elements of 'updates' in their order, so that of two for one place the later one wins, and sums have one order.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/list.h"

/* How an update and what is there become one. */
enum join { JOIN_NONE, JOIN_ADD, JOIN_MUL, JOIN_MAX, JOIN_MIN, JOINS };

static enum join join_of(const struct lu_node *node)
{
	static const char *const names[] = {"none", "add", "mul", "max", "min"};
	const char *name = lu_node_string(node, "reduction", "none");
	enum join join = JOIN_NONE;

	while (join < JOINS && strcmp(name, names[join]) != 0)
		join++;
	return join;
}

static void put(struct lu_tensor *to, int64_t at, const struct lu_tensor *from, int64_t i, enum join join)
{
	const size_t size = lu_type_size(to->type);

	if (join == JOIN_NONE) {
		memcpy((char *)to->data + (size_t)at * size, (const char *)from->data + (size_t)i * size, size);
	} else if (to->type == LU_TYPE_FLOAT32) {
		const double a = lu_tensor_get(to, at), b = lu_tensor_get(from, i);

		lu_tensor_set(to, at,
			      join == JOIN_ADD   ? a + b
			      : join == JOIN_MUL ? a * b
			      : join == JOIN_MAX ? fmax(a, b)
						 : fmin(a, b));
	} else {
		/* Wrapping, as C does unsigned. */
		const int64_t a = lu_tensor_get_int(to, at), b = lu_tensor_get_int(from, i);

		lu_tensor_set_int(to, at,
				  join == JOIN_ADD   ? (int64_t)((uint64_t)a + (uint64_t)b)
				  : join == JOIN_MUL ? (int64_t)((uint64_t)a * (uint64_t)b)
				  : join == JOIN_MAX ? (a > b ? a : b)
						     : (a < b ? a : b));
	}
}

/* What both ask of types, and of indices that are known: within 'axes' of the data, the first at 'first'. */
static enum lu_status check(struct lu_call *call, int64_t axes, int first, struct lu_error *err)
{
	const struct lu_tensor *data = call->in[0], *indices = call->in[1];
	const int64_t count = lu_shape_count(&indices->shape);

	if ((indices->type != LU_TYPE_INT64 && indices->type != LU_TYPE_INT32) || call->in[2]->type != data->type)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its indices are %s, its updates %s for %s",
				    lu_type_name(indices->type), lu_type_name(call->in[2]->type),
				    lu_type_name(data->type));
	if (join_of(call->node) == JOINS)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "reduction is '%s'",
				    lu_node_string(call->node, "reduction", ""));
	for (int64_t i = 0; indices->data != NULL && i < count; i++) {
		const int64_t at = lu_tensor_get_int(indices, i), size = data->shape.dim[first + i % axes];

		if (at < -size || at >= size)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "index %lld of an axis of %lld", (long long)at,
					    (long long)size);
	}
	lu_call_out(call, 0, data->type, &data->shape);
	return LU_OK;
}

/* Negative indices count from the end; those computed from an image are clamped: a kernel cannot fail. */
static int64_t place(const struct lu_tensor *indices, int64_t i, int64_t size)
{
	int64_t at = lu_tensor_get_int(indices, i);

	at += at < 0 ? size : 0;
	return at < 0 ? 0 : at >= size ? size - 1 : at;
}

static void copy_data(struct lu_call *call)
{
	const size_t bytes = (size_t)lu_shape_count(&call->in[0]->shape) * lu_type_size(call->in[0]->type);

	if (bytes > 0)
		memcpy(call->out[0]->data, call->in[0]->data, bytes);
}

/* The last axis of the indices names a place on so many of the data's first axes; an update is what lies there. */
enum lu_status lu_rule_scatter_nd(struct lu_call *call, struct lu_error *err)
{
	const struct lu_shape *data = &call->in[0]->shape, *indices = &call->in[1]->shape,
			      *updates = &call->in[2]->shape;
	const int64_t axes = indices->rank > 0 ? indices->dim[indices->rank - 1] : 0;
	struct lu_shape want = {.rank = 0};

	if (axes < 1 || axes > data->rank || indices->rank - 1 + data->rank - axes > LU_MAX_RANK)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its indices name %lld axes of %d", (long long)axes,
				    data->rank);
	for (int i = 0; i < indices->rank - 1; i++)
		want.dim[want.rank++] = indices->dim[i];
	for (int i = (int)axes; i < data->rank; i++)
		want.dim[want.rank++] = data->dim[i];
	if (!lu_shape_equal(&want, updates) || (lu_shape_count(data) == 0 && lu_shape_count(&want) != 0))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its updates do not fit its indices");
	return check(call, axes, 0, err);
}

void lu_kernel_scatter_nd(struct lu_call *call)
{
	const struct lu_tensor *indices = call->in[1], *updates = call->in[2];
	const struct lu_shape *data = &call->in[0]->shape;
	const int axes = (int)indices->shape.dim[indices->shape.rank - 1];
	const int64_t unit = lu_shape_span(data, axes, data->rank);
	const int64_t places = lu_shape_span(&indices->shape, 0, indices->shape.rank - 1);
	const enum join join = join_of(call->node);

	copy_data(call);
	for (int64_t p = 0; p < places; p++) {
		int64_t at = 0;

		for (int i = 0; i < axes; i++)
			at = at * data->dim[i] + place(indices, p * axes + i, data->dim[i]);
		for (int64_t k = 0; k < unit; k++)
			put(call->out[0], at * unit + k, updates, p * unit + k, join);
	}
}

/* An update goes to its own place, but on 'axis', where the index says. */
enum lu_status lu_rule_scatter_elements(struct lu_call *call, struct lu_error *err)
{
	const struct lu_shape *data = &call->in[0]->shape, *indices = &call->in[1]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 0);
	enum lu_status status;

	LU_TRY(lu_call_axis(call, data->rank, &axis, err));
	if (indices->rank != data->rank || !lu_shape_equal(indices, &call->in[2]->shape))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "indices and updates do not fit the data");
	for (int i = 0; i < data->rank; i++)
		if ((i != axis && indices->dim[i] > data->dim[i]) ||
		    (data->dim[i] == 0 && lu_shape_count(indices) != 0))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "its indices are more than its data");
	LU_TRY(check(call, 1, (int)axis, err));
out:
	return status;
}

void lu_kernel_scatter_elements(struct lu_call *call)
{
	const struct lu_tensor *indices = call->in[1];
	const struct lu_shape *data = &call->in[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 0), strides[LU_MAX_RANK];
	const int64_t count = lu_shape_count(&indices->shape);
	const enum join join = join_of(call->node);
	struct lu_walk walk;

	axis += axis < 0 ? data->rank : 0;
	copy_data(call);
	lu_shape_strides(data, strides);
	lu_walk_start(&walk, &indices->shape);
	walk.operands = 1;
	memcpy(walk.stride[0], strides, sizeof(strides));
	walk.stride[0][axis] = 0;
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk))
		put(call->out[0], walk.offset[0] + place(indices, i, data->dim[axis]) * strides[axis], call->in[2], i,
		    join);
}
