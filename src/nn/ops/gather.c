/*
 * gather.c: operators that repeat, pick or part elements: Split, Gather, Expand, Tile, and the two
 * that trade channels for space.
 */
#include <string.h>

#include "nn/ops/list.h"

/* The lengths of a Split's parts: a second input, an attribute, or equal parts of which the last may be short. */
static enum lu_status read_split(const struct lu_call *call, int64_t axis, int64_t lengths[LU_MAX_CALL],
				 struct lu_error *err)
{
	int64_t whole = call->in[0]->shape.dim[axis], parts, each, sum = 0;
	const struct lu_tensor *given = call->n_in > 1 ? call->in[1] : NULL;
	const int64_t *ints;
	size_t n;

	ints = lu_node_ints(call->node, "split", &n);
	parts = lu_node_int(call->node, "num_outputs", call->n_out);
	if (given != NULL && (given->type != LU_TYPE_INT64 || given->data == NULL))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "landuse needs the lengths of its parts to be constant");
	if (given != NULL) {
		n = (size_t)lu_shape_count(&given->shape);
		ints = given->data;
	}
	if ((ints != NULL && n != (size_t)call->n_out) || parts != call->n_out)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "it has %d outputs, and lengths for %zu", call->n_out,
				    ints != NULL ? n : (size_t)parts);
	each = (whole + parts - 1) / parts;
	for (int i = 0; i < call->n_out; i++) {
		lengths[i] = ints != NULL ? ints[i] : whole - sum < each ? whole - sum : each;
		if (lengths[i] < 0 || lengths[i] > whole - sum)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "its parts do not make up %lld",
					    (long long)whole);
		sum += lengths[i];
	}
	if (sum != whole)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its parts do not make up %lld", (long long)whole);
	return LU_OK;
}

enum lu_status lu_rule_split(struct lu_call *call, struct lu_error *err)
{
	int64_t axis = lu_node_int(call->node, "axis", 0), lengths[LU_MAX_CALL];
	struct lu_shape out = call->in[0]->shape;
	enum lu_status status;

	LU_TRY(lu_call_axis(call, out.rank, &axis, err));
	LU_TRY(read_split(call, axis, lengths, err));
	for (int i = 0; i < call->n_out; i++) {
		out.dim[axis] = lengths[i];
		lu_call_out(call, i, call->in[0]->type, &out);
	}
out:
	return status;
}

bool lu_apart_split(const struct lu_call *call)
{
	int64_t axis = lu_node_int(call->node, "axis", 0);

	return axis != 0 && axis != -call->in[0]->shape.rank && lu_apart_always(call);
}

void lu_kernel_split(struct lu_call *call)
{
	int64_t axis = lu_node_int(call->node, "axis", 0), lengths[LU_MAX_CALL];
	const struct lu_shape *shape = &call->in[0]->shape;
	const char *from = call->in[0]->data;
	int64_t lines;
	size_t unit;

	axis += axis < 0 ? shape->rank : 0;
	read_split(call, axis, lengths, NULL);
	lines = lu_shape_span(shape, 0, (int)axis);
	unit = (size_t)lu_shape_span(shape, (int)axis + 1, shape->rank) * lu_type_size(call->in[0]->type);
	for (int64_t line = 0; line < lines; line++)
		for (int i = 0; i < call->n_out; i++) {
			size_t run = (size_t)lengths[i] * unit;

			if (run && call->out[i] != NULL)
				memcpy((char *)call->out[i]->data + (size_t)line * run, from, run);
			from += run;
		}
}

enum lu_status lu_rule_gather(struct lu_call *call, struct lu_error *err)
{
	const struct lu_shape *data = &call->in[0]->shape, *indices = &call->in[1]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 0);
	enum lu_status status = lu_call_axis(call, data->rank, &axis, err);
	struct lu_shape out = {0};

	if (status != LU_OK)
		return status;
	if (call->in[1]->type != LU_TYPE_INT64 && call->in[1]->type != LU_TYPE_INT32)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its indices are %s", lu_type_name(call->in[1]->type));
	if (data->rank + indices->rank - 1 > LU_MAX_RANK)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "its result has more than %d dimensions",
				    LU_MAX_RANK);
	if (data->dim[axis] == 0 && lu_shape_count(indices))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "it picks from an empty axis");
	for (int i = 0; call->in[1]->data != NULL && i < lu_shape_count(indices); i++) {
		int64_t at = lu_tensor_get_int(call->in[1], i);

		if (at < -data->dim[axis] || at >= data->dim[axis])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "index %lld of an axis of %lld", (long long)at,
					    (long long)data->dim[axis]);
	}
	for (int i = 0; i < axis; i++)
		out.dim[out.rank++] = data->dim[i];
	for (int i = 0; i < indices->rank; i++)
		out.dim[out.rank++] = indices->dim[i];
	for (int i = (int)axis + 1; i < data->rank; i++)
		out.dim[out.rank++] = data->dim[i];
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

void lu_kernel_gather(struct lu_call *call)
{
	const struct lu_shape *data = &call->in[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 0), count = lu_shape_count(&call->in[1]->shape), lines;
	char *to = call->out[0]->data;
	size_t unit;

	axis += axis < 0 ? data->rank : 0;
	lines = lu_shape_span(data, 0, (int)axis);
	unit = (size_t)lu_shape_span(data, (int)axis + 1, data->rank) * lu_type_size(call->in[0]->type);
	for (int64_t line = 0; line < lines; line++)
		for (int64_t i = 0; i < count; i++, to += unit) {
			int64_t at = lu_tensor_get_int(call->in[1], i);

			at += at < 0 ? data->dim[axis] : 0;
			/* Indices computed from an image are clamped: a kernel cannot fail. */
			at = at < 0 ? 0 : at >= data->dim[axis] ? data->dim[axis] - 1 : at;
			if (unit)
				memcpy(to,
				       (const char *)call->in[0]->data + (size_t)(line * data->dim[axis] + at) * unit,
				       unit);
		}
}

enum lu_status lu_rule_expand(struct lu_call *call, struct lu_error *err)
{
	struct lu_shape shape, out;
	enum lu_status status;
	size_t bytes;

	LU_TRY(lu_call_ints(call, 1, shape.dim, &shape.rank, err));
	if (!lu_shape_bytes(&shape, LU_TYPE_INT64, &bytes))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its shape is impossible");
	LU_TRY(lu_call_broadcast(call, &call->in[0]->shape, &shape, &out, err));
	lu_call_out(call, 0, call->in[0]->type, &out);
out:
	return status;
}

bool lu_apart_expand(const struct lu_call *call)
{
	return call->out[0]->shape.rank == call->in[0]->shape.rank && lu_apart_always(call);
}

void lu_kernel_expand(struct lu_call *call)
{
	size_t size = lu_type_size(call->in[0]->type);
	int64_t count = lu_shape_count(&call->out[0]->shape);
	struct lu_walk walk;

	lu_walk_start(&walk, &call->out[0]->shape);
	walk.operands = 1;
	lu_broadcast_strides(&call->in[0]->shape, &call->out[0]->shape, walk.stride[0]);
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk))
		memcpy((char *)call->out[0]->data + (size_t)i * size,
		       (const char *)call->in[0]->data + (size_t)walk.offset[0] * size, size);
}

enum lu_status lu_rule_tile(struct lu_call *call, struct lu_error *err)
{
	struct lu_shape out = call->in[0]->shape, repeats;
	enum lu_status status = lu_call_ints(call, 1, repeats.dim, &repeats.rank, err);
	size_t bytes;

	if (status != LU_OK)
		return status;
	if (repeats.rank != out.rank || !lu_shape_bytes(&repeats, LU_TYPE_INT8, &bytes))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its repeats do not fit %d dimensions", out.rank);
	for (int i = 0; i < out.rank; i++)
		if (__builtin_mul_overflow(out.dim[i], repeats.dim[i], &out.dim[i]))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "its result is too large");
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

bool lu_apart_tile(const struct lu_call *call)
{
	return call->in[1]->data != NULL && lu_shape_count(&call->in[1]->shape) > 0 &&
	       lu_tensor_get_int(call->in[1], 0) == 1;
}

void lu_kernel_tile(struct lu_call *call)
{
	const struct lu_shape *in = &call->in[0]->shape;
	size_t size = lu_type_size(call->in[0]->type);
	int64_t own[LU_MAX_RANK], count = lu_shape_count(&call->out[0]->shape);
	struct lu_walk walk;

	lu_shape_strides(in, own);
	lu_walk_start(&walk, &call->out[0]->shape);
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk)) {
		int64_t from = 0;

		for (int d = 0; d < in->rank; d++)
			from += walk.at[d] % in->dim[d] * own[d];
		memcpy((char *)call->out[0]->data + (size_t)i * size,
		       (const char *)call->in[0]->data + (size_t)from * size, size);
	}
}

/* N x C x H x W only; 'blocksize' divides what it must. */
enum lu_status lu_rule_depth_space(struct lu_call *call, struct lu_error *err)
{
	bool to_space = lu_node_is(call->node, "DepthToSpace");
	int64_t block = lu_node_int(call->node, "blocksize", 0);
	struct lu_shape out = call->in[0]->shape;

	if (out.rank != 4 || block < 1 || block > (1 << 12))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "blocksize %lld of %d dimensions", (long long)block,
				    out.rank);
	if (to_space ? out.dim[1] % (block * block) != 0 : out.dim[2] % block != 0 || out.dim[3] % block != 0)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "blocksize %lld does not divide its image",
				    (long long)block);
	out.dim[1] = to_space ? out.dim[1] / (block * block) : out.dim[1] * block * block;
	out.dim[2] = to_space ? out.dim[2] * block : out.dim[2] / block;
	out.dim[3] = to_space ? out.dim[3] * block : out.dim[3] / block;
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

/*
 * Both directions are one mapping between a deep image (channels c b b) and a wide one (h b, w b): the
 * wide pixel (y b + i, x b + j) of channel c is the deep pixel (y, x) of channel (i b + j) C + c, or
 * c b b + i b + j in mode CRD.
 */
void lu_kernel_depth_space(struct lu_call *call)
{
	bool to_space = lu_node_is(call->node, "DepthToSpace");
	bool crd = strcmp(lu_node_string(call->node, "mode", "DCR"), "CRD") == 0;
	int64_t b = lu_node_int(call->node, "blocksize", 1);
	const struct lu_shape *wide = to_space ? &call->out[0]->shape : &call->in[0]->shape;
	int64_t channels = wide->dim[1], height = wide->dim[2] / b, width = wide->dim[3] / b, at = 0;
	size_t size = lu_type_size(call->in[0]->type);

	for (int64_t n = 0; n < wide->dim[0]; n++)
		for (int64_t c = 0; c < channels; c++)
			for (int64_t y = 0; y < wide->dim[2]; y++)
				for (int64_t x = 0; x < wide->dim[3]; x++, at++) {
					int64_t block = y % b * b + x % b;
					int64_t channel = crd ? c * b * b + block : block * channels + c;
					int64_t deep =
						((n * channels * b * b + channel) * height + y / b) * width + x / b;
					int64_t from = to_space ? deep : at, to = to_space ? at : deep;

					memcpy((char *)call->out[0]->data + (size_t)to * size,
					       (const char *)call->in[0]->data + (size_t)from * size, size);
				}
}
