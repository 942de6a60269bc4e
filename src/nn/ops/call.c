/*
 * call.c: what shape rules share: checking inputs, axes, broadcasting, windows over space.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nn/ops/ops.h"

enum lu_status lu_call_fail(const struct lu_call *call, struct lu_error *err, enum lu_status status, const char *format,
			    ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return lu_fail(err, status, "%s: node '%s' (%s): %s", call->graph->name, call->node->name, call->node->op->name,
		       text);
}

enum lu_status lu_call_check(const struct lu_call *call, int i, enum lu_type type, int rank_min, int rank_max,
			     struct lu_error *err)
{
	const struct lu_tensor *t = i < call->n_in ? call->in[i] : NULL;
	char text[LU_SHAPE_TEXT];

	if (t == NULL)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d is left out", i);
	if (t->type != type)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "input %d is %s, landuse runs it for %s", i,
				    lu_type_name(t->type), lu_type_name(type));
	if (t->shape.rank < rank_min || t->shape.rank > rank_max)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "input %d has shape %s; %d to %d dimensions are run", i,
				    lu_shape_text(&t->shape, text), rank_min, rank_max);
	return LU_OK;
}

enum lu_status lu_call_ints(const struct lu_call *call, int i, int64_t ints[LU_MAX_RANK], int *count,
			    struct lu_error *err)
{
	const struct lu_tensor *t = i < call->n_in ? call->in[i] : NULL;

	*count = -1;
	if (t == NULL)
		return LU_OK;
	if ((t->type != LU_TYPE_INT64 && t->type != LU_TYPE_INT32) || t->shape.rank > 1 ||
	    lu_shape_count(&t->shape) > LU_MAX_RANK)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d must be a list of at most %d integers", i,
				    LU_MAX_RANK);
	if (t->data == NULL)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "input %d is computed from the image; landuse needs it to be constant", i);
	*count = (int)lu_shape_count(&t->shape);
	for (int j = 0; j < *count; j++)
		ints[j] = lu_tensor_get_int(t, j);
	return LU_OK;
}

enum lu_status lu_call_axis(const struct lu_call *call, int rank, int64_t *axis, struct lu_error *err)
{
	if (*axis < -rank || *axis >= rank)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %lld of a tensor with %d dimensions",
				    (long long)*axis, rank);
	if (*axis < 0)
		*axis += rank;
	return LU_OK;
}

enum lu_status lu_call_axes(const struct lu_call *call, int i, int rank, bool axes[LU_MAX_RANK], bool *given,
			    struct lu_error *err)
{
	int64_t list[LU_MAX_RANK];
	enum lu_status status;
	const int64_t *ints;
	size_t n;
	int count;

	memset(axes, 0, LU_MAX_RANK * sizeof(*axes));
	LU_TRY(lu_call_ints(call, i, list, &count, err));
	if (count < 0) {
		ints = lu_node_ints(call->node, "axes", &n);
		if (n > LU_MAX_RANK)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "%zu axes", n);
		count = ints != NULL ? (int)n : -1;
		if (ints != NULL && n)
			memcpy(list, ints, n * sizeof(*ints));
	}
	*given = count > 0;
	for (int j = 0; j < count; j++) {
		LU_TRY(lu_call_axis(call, rank, &list[j], err));
		if (axes[list[j]])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %lld is named twice", (long long)list[j]);
		axes[list[j]] = true;
	}
out:
	return status;
}

enum lu_status lu_call_broadcast(const struct lu_call *call, const struct lu_shape *a, const struct lu_shape *b,
				 struct lu_shape *out, struct lu_error *err)
{
	struct lu_shape wide = a->rank >= b->rank ? *a : *b;
	const struct lu_shape *narrow = a->rank >= b->rank ? b : a;
	char text_a[LU_SHAPE_TEXT], text_b[LU_SHAPE_TEXT];
	int lead = wide.rank - narrow->rank;

	for (int i = 0; i < narrow->rank; i++) {
		int64_t n = narrow->dim[i];

		if (wide.dim[lead + i] == n || n == 1)
			continue;
		if (wide.dim[lead + i] != 1)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "shapes %s and %s do not broadcast",
					    lu_shape_text(a, text_a), lu_shape_text(b, text_b));
		wide.dim[lead + i] = n;
	}
	*out = wide;
	return LU_OK;
}

void lu_call_out(struct lu_call *call, int i, enum lu_type type, const struct lu_shape *shape)
{
	if (i >= call->n_out || call->out[i] == NULL)
		return;
	call->out[i]->type = type;
	call->out[i]->shape = *shape;
}

/* The attribute's numbers, one (or for pads two) a spatial axis; 'otherwise' where there is none. Bounded. */
static enum lu_status spatial_ints(const struct lu_call *call, const char *name, size_t want, int64_t low,
				   int64_t otherwise, int64_t *out, struct lu_error *err)
{
	const int64_t *ints;
	size_t count;

	ints = lu_node_ints(call->node, name, &count);
	for (size_t i = 0; i < want; i++)
		out[i] = otherwise;
	if (ints == NULL || (!count && !want))
		return LU_OK;
	if (count != want)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "%s has %zu numbers, the image needs %zu", name, count,
				    want);
	for (size_t i = 0; i < want; i++) {
		if (ints[i] < low || ints[i] > (1 << 24))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "%s has %lld", name, (long long)ints[i]);
		out[i] = ints[i];
	}
	return LU_OK;
}

/* ONNX auto_pad: SAME keeps ceil(in / stride), the odd pixel at the end (UPPER) or the beginning (LOWER). */
static void pad_same(struct lu_window *w, int i, int64_t extent, bool upper)
{
	int64_t out = (w->in[i] + w->stride[i] - 1) / w->stride[i];
	int64_t total = (out - 1) * w->stride[i] + extent - w->in[i];

	if (total < 0)
		total = 0;
	w->begin[i] = upper ? total / 2 : total - total / 2;
	w->end[i] = total - w->begin[i];
}

enum lu_status lu_call_window(const struct lu_call *call, const struct lu_shape *input, const int64_t *kernel,
			      struct lu_window *w, struct lu_error *err)
{
	const char *auto_pad = lu_node_string(call->node, "auto_pad", "NOTSET");
	bool ceil_mode = lu_node_int(call->node, "ceil_mode", 0) != 0;
	int64_t pads[2 * LU_MAX_SPATIAL];
	enum lu_status status;
	size_t n;

	memset(w, 0, sizeof(*w));
	w->rank = input->rank - 2;
	if (w->rank < 1 || w->rank > LU_MAX_SPATIAL)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "its input has %d dimensions; 3 to 5 are run",
				    input->rank);
	n = (size_t)w->rank;
	LU_TRY(spatial_ints(call, "kernel_shape", n, 1, kernel != NULL ? 0 : 1, w->kernel, err));
	LU_TRY(spatial_ints(call, "strides", n, 1, 1, w->stride, err));
	LU_TRY(spatial_ints(call, "dilations", n, 1, 1, w->dilation, err));
	LU_TRY(spatial_ints(call, "pads", 2 * n, 0, 0, pads, err));
	for (int i = 0; i < w->rank; i++) {
		int64_t extent, room;

		w->in[i] = input->dim[2 + i];
		if (kernel != NULL && w->kernel[i] && w->kernel[i] != kernel[i])
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "kernel_shape differs from the weights' shape");
		if (kernel != NULL)
			w->kernel[i] = kernel[i];
		w->begin[i] = pads[i];
		w->end[i] = pads[w->rank + i];
		extent = (w->kernel[i] - 1) * w->dilation[i] + 1;
		if (strcmp(auto_pad, "VALID") == 0)
			w->begin[i] = w->end[i] = 0;
		else if (strncmp(auto_pad, "SAME_", 5) == 0)
			pad_same(w, i, extent, strcmp(auto_pad, "SAME_UPPER") == 0);
		else if (strcmp(auto_pad, "NOTSET") != 0)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "auto_pad is '%s'", auto_pad);
		room = w->in[i] + w->begin[i] + w->end[i] - extent;
		if (room < 0 || w->kernel[i] < 1 || w->in[i] < 1)
			return lu_call_fail(call, err, LU_ERROR_FORMAT,
					    "its window of %lld pixels does not fit into the %lld it is given",
					    (long long)extent, (long long)(w->in[i] + w->begin[i] + w->end[i]));
		w->out[i] = room / w->stride[i] + 1;
		if (ceil_mode && room % w->stride[i] && w->out[i] * w->stride[i] < w->in[i] + w->begin[i])
			w->out[i]++; /* the last window must start inside the image or its left padding */
	}
out:
	return status;
}
