/*
 * move.c: operators that put elements elsewhere and compute nothing.
 *
 * Most are one strided walk: output position by position, the input offset is a start plus a step
 * per axis. Elements are moved as 1, 4 or 8 bytes, whatever their type.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "nn/ops/list.h"

/* to[i] = from[start + sum of at[axis] * stride[axis]], in the order of 'shape'. */
static void strided_copy(const struct lu_tensor *from, void *to, const struct lu_shape *shape, int64_t start,
			 const int64_t stride[LU_MAX_RANK])
{
	size_t size = lu_type_size(from->type);
	int64_t count = lu_shape_count(shape);
	const char *source = from->data;
	struct lu_walk walk;

	lu_walk_start(&walk, shape);
	walk.operands = 1;
	walk.offset[0] = start;
	memcpy(walk.stride[0], stride, sizeof(walk.stride[0]));
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk))
		memcpy((char *)to + (size_t)i * size, source + (size_t)walk.offset[0] * size, size);
}

/* perm[i] is the input axis that becomes output axis i; by default the axes are reversed. */
static enum lu_status read_perm(const struct lu_call *call, int64_t perm[LU_MAX_RANK], struct lu_error *err)
{
	int rank = call->in[0]->shape.rank;
	bool seen[LU_MAX_RANK] = {false};
	const int64_t *ints;
	size_t n;

	ints = lu_node_ints(call->node, "perm", &n);
	if (ints != NULL && n != (size_t)rank)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "perm has %zu axes for %d dimensions", n, rank);
	for (int i = 0; i < rank; i++) {
		perm[i] = ints != NULL ? ints[i] : rank - 1 - i;
		if (perm[i] < 0 || perm[i] >= rank || seen[perm[i]])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "perm is no permutation");
		seen[perm[i]] = true;
	}
	return LU_OK;
}

enum lu_status lu_rule_transpose(struct lu_call *call, struct lu_error *err)
{
	struct lu_shape out = {.rank = call->in[0]->shape.rank};
	int64_t perm[LU_MAX_RANK];
	enum lu_status status = read_perm(call, perm, err);

	if (status != LU_OK)
		return status;
	for (int i = 0; i < out.rank; i++)
		out.dim[i] = call->in[0]->shape.dim[perm[i]];
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

void lu_kernel_transpose(struct lu_call *call)
{
	int64_t perm[LU_MAX_RANK], own[LU_MAX_RANK], stride[LU_MAX_RANK];

	read_perm(call, perm, NULL);
	lu_shape_strides(&call->in[0]->shape, own);
	for (int i = 0; i < call->in[0]->shape.rank; i++)
		stride[i] = own[perm[i]];
	strided_copy(call->in[0], call->out[0]->data, &call->out[0]->shape, 0, stride);
}

enum lu_status lu_rule_concat(struct lu_call *call, struct lu_error *err)
{
	int64_t axis = lu_node_int(call->node, "axis", 1);
	struct lu_shape out = call->in[0]->shape;
	enum lu_status status = lu_call_axis(call, out.rank, &axis, err);
	size_t bytes;

	if (status != LU_OK)
		return status;
	out.dim[axis] = 0;
	for (int i = 0; i < call->n_in; i++) {
		const struct lu_tensor *in = call->in[i];

		if (in == NULL || in->type != call->in[0]->type || in->shape.rank != out.rank)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d does not fit the first", i);
		for (int d = 0; d < out.rank; d++)
			if (d != axis && in->shape.dim[d] != out.dim[d])
				return lu_call_fail(call, err, LU_ERROR_FORMAT,
						    "input %d differs from the first in axis %d", i, d);
		out.dim[axis] += in->shape.dim[axis];
		if (!lu_shape_bytes(&out, in->type, &bytes))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "its result is too large");
	}
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

void lu_kernel_concat(struct lu_call *call)
{
	const struct lu_shape *out = &call->out[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 1);
	size_t size = lu_type_size(call->out[0]->type);
	char *to = call->out[0]->data;
	int64_t lines;

	axis += axis < 0 ? out->rank : 0;
	lines = lu_shape_span(out, 0, (int)axis);
	for (int64_t line = 0; line < lines; line++)
		for (int i = 0; i < call->n_in; i++) {
			size_t run = (size_t)lu_shape_span(&call->in[i]->shape, (int)axis, out->rank) * size;

			if (run)
				memcpy(to, (const char *)call->in[i]->data + (size_t)line * run, run);
			to += run;
		}
}

struct slice {
	int64_t start[LU_MAX_RANK], step[LU_MAX_RANK];
	struct lu_shape out;
};

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
	return x < low ? low : x > high ? high : x;
}

/* Starts, ends, axes and steps: inputs since opset 10, attributes before. Out-of-range ends are clamped, as numpy does. */
static enum lu_status read_slice(const struct lu_call *call, struct slice *s, struct lu_error *err)
{
	static const char *const names[] = {"starts", "ends", "axes", "steps"};
	const struct lu_shape *in = &call->in[0]->shape;
	int64_t lists[4][LU_MAX_RANK];
	bool seen[LU_MAX_RANK] = {false};
	enum lu_status status = LU_OK;
	int counts[4];

	for (int i = 0; i < 4; i++) {
		const int64_t *ints;
		size_t n;

		LU_TRY(lu_call_ints(call, i + 1, lists[i], &counts[i], err));
		ints = lu_node_ints(call->node, names[i], &n);
		if (ints == NULL || call->node->opset >= 10)
			continue;
		if (n > LU_MAX_RANK)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "%s has %zu numbers", names[i], n);
		memcpy(lists[i], ints, n * sizeof(*ints));
		counts[i] = (int)n;
	}
	if (counts[0] < 0 || counts[1] != counts[0] || (counts[2] >= 0 && counts[2] != counts[0]) ||
	    (counts[3] >= 0 && counts[3] != counts[0]) || (counts[2] < 0 && counts[0] > in->rank))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "starts, ends, axes and steps differ in length");
	memset(s, 0, sizeof(*s));
	s->out = *in;
	for (int i = 0; i < in->rank; i++)
		s->step[i] = 1;
	for (int i = 0; i < counts[0]; i++) {
		int64_t axis = counts[2] >= 0 ? lists[2][i] : i;
		int64_t step = counts[3] >= 0 ? lists[3][i] : 1;
		int64_t start = lists[0][i], end = lists[1][i], n, length;

		LU_TRY(lu_call_axis(call, in->rank, &axis, err));
		if (step == 0 || seen[axis])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "a step of 0, or an axis named twice");
		seen[axis] = true;
		n = in->dim[axis];
		step = clamp(step, -n - 1, n + 1);
		start = start < 0 ? start + n : start;
		end = end < 0 ? end + n : end;
		start = step > 0 ? clamp(start, 0, n) : clamp(start, -1, n - 1);
		end = step > 0 ? clamp(end, 0, n) : clamp(end, -1, n - 1);
		length = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
		s->out.dim[axis] = length < 0 ? 0 : length;
		s->start[axis] = start;
		s->step[axis] = step;
	}
out:
	return status;
}

enum lu_status lu_rule_slice(struct lu_call *call, struct lu_error *err)
{
	struct slice s;
	enum lu_status status;

	LU_TRY(read_slice(call, &s, err));
	lu_call_out(call, 0, call->in[0]->type, &s.out);
out:
	return status;
}

bool lu_slice_origin(const struct lu_call *call, int64_t start[LU_MAX_RANK], int64_t step[LU_MAX_RANK])
{
	struct slice s;

	if (read_slice(call, &s, NULL) != LU_OK)
		return false;
	memcpy(start, s.start, sizeof(s.start));
	memcpy(step, s.step, sizeof(s.step));
	return true;
}

bool lu_apart_slice(const struct lu_call *call)
{
	struct slice s;

	return read_slice(call, &s, NULL) == LU_OK && s.start[0] == 0 && s.step[0] == 1 &&
	       s.out.dim[0] == call->in[0]->shape.dim[0];
}

void lu_kernel_slice(struct lu_call *call)
{
	int64_t own[LU_MAX_RANK], stride[LU_MAX_RANK], start = 0;
	struct slice s;

	read_slice(call, &s, NULL);
	lu_shape_strides(&call->in[0]->shape, own);
	for (int i = 0; i < s.out.rank; i++) {
		start += s.start[i] * own[i];
		stride[i] = s.step[i] * own[i];
	}
	strided_copy(call->in[0], call->out[0]->data, &s.out, start, stride);
}

enum pad_mode {
	PAD_CONSTANT,
	PAD_REFLECT,
	PAD_EDGE,
	PAD_WRAP,
};

struct pad {
	enum pad_mode mode;
	int64_t begin[LU_MAX_RANK], end[LU_MAX_RANK];
};

/* Pads for each axis: begins then ends, of all axes or of those that input 3 names. Negative ones crop. */
static enum lu_status read_pad(const struct lu_call *call, struct pad *p, struct lu_error *err)
{
	static const char *const modes[] = {"constant", "reflect", "edge", "wrap"};
	const char *mode = lu_node_string(call->node, "mode", "constant");
	int64_t axes[LU_MAX_RANK];
	int rank = call->in[0]->shape.rank, n_axes;
	const struct lu_tensor *pads = call->in[1];
	const int64_t *ints = NULL;
	enum lu_status status;
	size_t n = 0;

	memset(p, 0, sizeof(*p));
	for (p->mode = PAD_CONSTANT; p->mode <= PAD_WRAP; p->mode++)
		if (strcmp(modes[p->mode], mode) == 0)
			break;
	if (p->mode > PAD_WRAP)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "mode is '%s'", mode);
	LU_TRY(lu_call_ints(call, 3, axes, &n_axes, err));
	if (n_axes < 0)
		for (n_axes = 0; n_axes < rank; n_axes++)
			axes[n_axes] = n_axes;
	if (call->node->opset < 11) {
		ints = lu_node_ints(call->node, "pads", &n);
	} else if (pads != NULL && (pads->type == LU_TYPE_INT64 || pads->type == LU_TYPE_INT32)) {
		if (pads->data == NULL)
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "landuse needs its pads to be constant");
		n = (size_t)lu_shape_count(&pads->shape);
	}
	if (n != 2 * (size_t)n_axes)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "pads must have two numbers for each of %d axes",
				    n_axes);
	for (int i = 0; i < n_axes; i++) {
		LU_TRY(lu_call_axis(call, rank, &axes[i], err));
		p->begin[axes[i]] = ints != NULL ? ints[i] : lu_tensor_get_int(pads, i);
		p->end[axes[i]] = ints != NULL ? ints[n_axes + i] : lu_tensor_get_int(pads, n_axes + i);
	}
out:
	return status;
}

enum lu_status lu_rule_pad(struct lu_call *call, struct lu_error *err)
{
	const int64_t limit = 1 << 24;
	struct lu_shape out = call->in[0]->shape;
	enum lu_status status;
	struct pad p;
	size_t bytes;

	status = read_pad(call, &p, err);
	if (status != LU_OK)
		return status;
	if (call->in[2] != NULL && (call->in[2]->type != call->in[0]->type || lu_shape_count(&call->in[2]->shape) != 1))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its constant must be one number of the image's type");
	for (int i = 0; i < out.rank; i++) {
		int64_t n = out.dim[i];

		if (p.begin[i] > limit || p.begin[i] < -limit || p.end[i] > limit || p.end[i] < -limit)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "pads are out of all proportion");
		out.dim[i] += p.begin[i] + p.end[i];
		if (p.mode != PAD_CONSTANT && n == 0 && out.dim[i] > 0)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %d is empty: nothing to repeat", i);
	}
	if (!lu_shape_bytes(&out, call->in[0]->type, &bytes))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "pads leave an impossible shape");
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

bool lu_apart_pad(const struct lu_call *call)
{
	struct pad p;

	return read_pad(call, &p, NULL) == LU_OK && p.begin[0] == 0 && p.end[0] == 0;
}

/* The input index that stands at padded index 'at', -1 for the constant. */
static int64_t pad_source(enum pad_mode mode, int64_t at, int64_t n)
{
	int64_t period;

	if (at >= 0 && at < n)
		return at;
	switch (mode) {
	case PAD_CONSTANT:
		return -1;
	case PAD_EDGE:
		return at < 0 ? 0 : n - 1;
	case PAD_WRAP:
		return (at % n + n) % n;
	case PAD_REFLECT:
		if (n == 1)
			return 0;
		period = 2 * (n - 1);
		at = (at % period + period) % period;
		return at < n ? at : period - at;
	}
	return -1;
}

/* The common case, a border of one number: fill everything, then copy the image in, run by run. */
static void pad_constant(const struct lu_call *call, const struct pad *p, const char *fill)
{
	const struct lu_tensor *x = call->in[0];
	const struct lu_shape *out = &call->out[0]->shape;
	size_t size = lu_type_size(x->type), run = (size_t)x->shape.dim[x->shape.rank - 1] * size;
	int64_t stride[LU_MAX_RANK], count = lu_shape_count(out), runs;
	struct lu_shape rows = x->shape;
	const char *from = x->data, zero[8] = {0};
	char *to = call->out[0]->data;
	struct lu_walk walk;

	if (memcmp(fill, zero, size) == 0)
		memset(to, 0, (size_t)count * size);
	else
		for (int64_t i = 0; i < count; i++)
			memcpy(to + (size_t)i * size, fill, size);
	lu_shape_strides(out, stride);
	rows.rank--;
	runs = run ? lu_shape_count(&rows) : 0;
	lu_walk_start(&walk, &rows);
	walk.operands = 1;
	memcpy(walk.stride[0], stride, sizeof(stride));
	walk.offset[0] = 0;
	for (int i = 0; i < out->rank; i++)
		walk.offset[0] += p->begin[i] * stride[i];
	for (int64_t i = 0; i < runs; i++, from += run, lu_walk_step(&walk))
		memcpy(to + (size_t)walk.offset[0] * size, from, run);
}

static bool only_grows(const struct pad *p, int rank)
{
	for (int i = 0; i < rank; i++)
		if (p->begin[i] < 0 || p->end[i] < 0)
			return false;
	return p->mode == PAD_CONSTANT && rank > 0;
}

bool lu_pad_zeros(const struct lu_call *call, int64_t begin[LU_MAX_RANK])
{
	const struct lu_tensor *fill = call->in[2];
	struct pad p;

	if (read_pad(call, &p, NULL) != LU_OK || !only_grows(&p, call->in[0]->shape.rank) ||
	    (fill != NULL && (fill->data == NULL || lu_tensor_get(fill, 0) != 0)) ||
	    (call->node->opset < 11 && lu_node_float(call->node, "value", 0) != 0))
		return false;
	memcpy(begin, p.begin, sizeof(p.begin));
	return true;
}

void lu_kernel_pad(struct lu_call *call)
{
	const struct lu_tensor *x = call->in[0];
	size_t size = lu_type_size(x->type);
	int64_t own[LU_MAX_RANK], count = lu_shape_count(&call->out[0]->shape);
	const char zero[8] = {0}, *fill = zero;
	char *to = call->out[0]->data;
	float value;
	struct lu_walk walk;
	struct pad p;

	read_pad(call, &p, NULL);
	lu_shape_strides(&x->shape, own);
	if (call->in[2] != NULL)
		fill = call->in[2]->data;
	if (call->node->opset < 11 && x->type == LU_TYPE_FLOAT32) {
		value = lu_node_float(call->node, "value", 0);
		fill = (const char *)&value;
	}
	if (only_grows(&p, x->shape.rank)) {
		pad_constant(call, &p, fill);
		return;
	}
	lu_walk_start(&walk, &call->out[0]->shape);
	for (int64_t i = 0; i < count; i++, to += size, lu_walk_step(&walk)) {
		int64_t from = 0;

		for (int d = 0; d < x->shape.rank && from >= 0; d++) {
			int64_t at = pad_source(p.mode, walk.at[d] - p.begin[d], x->shape.dim[d]);

			from = at < 0 ? -1 : from + at * own[d];
		}
		memcpy(to, from < 0 ? fill : (const char *)x->data + (size_t)from * size, size);
	}
}
