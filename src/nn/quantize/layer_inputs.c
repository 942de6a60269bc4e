/*
 * layer_inputs.c: the rows a layer multiplies. See layer_inputs.h.
 *
 * Of a convolution's positions in a chip LU_MOMENTS_ROWS are taken, spread by the golden ratio, which follows no row or
 * column of the image: neighbours say nearly the same, and other chips say more.
 */
#include "nn/quantize/layer_inputs.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "nn/ops/infer.h"

enum lu_status lu_layer_inputs_init(struct lu_graph *graph, const struct lu_node *node, struct lu_layer_inputs *in,
				    struct lu_error *err)
{
	const struct lu_shape *x = &graph->values[node->in[0]].tensor.shape;
	const struct lu_shape *w = &graph->values[node->in[1]].tensor.shape;
	enum lu_status status = LU_OK;
	struct lu_call call;
	int64_t depth;

	*in = (struct lu_layer_inputs){.is_conv = lu_node_is(node, "Conv"), .groups = 1, .rows = 1};
	if (in->is_conv) {
		lu_call_prepare(graph, node, &call);
		LU_TRY(lu_call_window(&call, x, w->dim + 2, &in->window, err));
		in->groups = lu_node_int(node, "group", 1);
		in->channels = w->dim[1];
		depth = lu_shape_span(w, 1, w->rank);
	} else {
		in->rows = x->dim[0];
		in->channels = depth = x->dim[1];
	}
	LU_TRY(lu_alloc(&in->moments, (size_t)in->groups, sizeof(*in->moments), "a layer's inputs", err));
	for (int64_t g = 0; g < in->groups; g++)
		LU_TRY(lu_moments_init(&in->moments[g], depth, err));
	LU_TRY(lu_alloc(&in->work, (size_t)depth * LU_MOMENTS_ROWS, sizeof(*in->work), "rows", err));
out:
	return status;
}

void lu_layer_inputs_release(struct lu_layer_inputs *in)
{
	for (int64_t g = 0; g < in->groups && in->moments != NULL; g++)
		lu_moments_release(&in->moments[g]);
	lu_free(in->moments);
	lu_free(in->work);
	*in = (struct lu_layer_inputs){0};
}

static int16_t on_grid(float x, float scale, int low, int high)
{
	float q = rintf(x / scale);

	return (int16_t)(!(q > (float)low) ? low : q < (float)high ? (int)q : high);
}

/* Position i of LU_MOMENTS_ROWS among 'count'. */
static int64_t pick(int i, int64_t count)
{
	uint32_t at = (uint32_t)i * 0x9e3779b9u; /* a turn times the golden ratio */

	return count <= LU_MOMENTS_ROWS ? i : (int64_t)(((uint64_t)at * (uint64_t)count) >> 32);
}

/* Column i of the rows: what the window at one output position sees of a group. Padding is 0. */
static void gather(const struct lu_layer_inputs *in, const float *x, int64_t position, int i, float scale, int low,
		   int high)
{
	const struct lu_window *w = &in->window;
	int16_t *to = in->work + i;

	for (int64_t c = 0; c < in->channels; c++)
		for (int64_t ky = 0; ky < w->kernel[0]; ky++)
			for (int64_t kx = 0; kx < w->kernel[1]; kx++, to += LU_MOMENTS_ROWS) {
				int64_t row = position / w->out[1] * w->stride[0] - w->begin[0] + ky * w->dilation[0];
				int64_t column =
					position % w->out[1] * w->stride[1] - w->begin[1] + kx * w->dilation[1];

				if (row >= 0 && row < w->in[0] && column >= 0 && column < w->in[1])
					*to = on_grid(x[(c * w->in[0] + row) * w->in[1] + column], scale, low, high);
			}
}

void lu_layer_inputs_see(struct lu_layer_inputs *in, const float *x, float scale, int low, int high)
{
	const int64_t count = in->is_conv ? in->window.out[0] * in->window.out[1] : in->rows;
	const int n = (int)(count < LU_MOMENTS_ROWS ? count : LU_MOMENTS_ROWS);

	for (int64_t g = 0; g < in->groups; g++) {
		memset(in->work, 0, (size_t)in->moments[g].depth * LU_MOMENTS_ROWS * sizeof(*in->work));
		for (int i = 0; i < n; i++) {
			if (in->is_conv) {
				gather(in, x + g * in->channels * in->window.in[0] * in->window.in[1], pick(i, count),
				       i, scale, low, high);
				continue;
			}
			for (int64_t k = 0; k < in->channels; k++)
				in->work[k * LU_MOMENTS_ROWS + i] =
					on_grid(x[pick(i, count) * in->channels + k], scale, low, high);
		}
		lu_moments_add(&in->moments[g], in->work, n);
	}
}
