/*
 * conv.c: Conv and the pools: one window slid over N x C x space.
 *
 * Space has one to three axes; the reference walks it as three, with missing ones of length 1.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/list.h"

/* A window over exactly three axes. */
struct sweep {
	int64_t kernel[3], stride[3], dilation[3], begin[3], end[3], in[3], out[3];
	int64_t in_size, out_size, kernel_size;
};

static struct sweep make_sweep(const struct lu_window *w)
{
	struct sweep s;
	int lead = LU_MAX_SPATIAL - w->rank;

	for (int i = 0; i < LU_MAX_SPATIAL; i++) {
		bool real = i >= lead;

		s.kernel[i] = real ? w->kernel[i - lead] : 1;
		s.stride[i] = real ? w->stride[i - lead] : 1;
		s.dilation[i] = real ? w->dilation[i - lead] : 1;
		s.begin[i] = real ? w->begin[i - lead] : 0;
		s.end[i] = real ? w->end[i - lead] : 0;
		s.in[i] = real ? w->in[i - lead] : 1;
		s.out[i] = real ? w->out[i - lead] : 1;
	}
	s.in_size = s.in[0] * s.in[1] * s.in[2];
	s.out_size = s.out[0] * s.out[1] * s.out[2];
	s.kernel_size = s.kernel[0] * s.kernel[1] * s.kernel[2];
	return s;
}

/* Position 'flat' of a box, by axis. */
static void unravel(int64_t flat, const int64_t box[3], int64_t at[3])
{
	at[2] = flat % box[2];
	at[1] = flat / box[2] % box[1];
	at[0] = flat / box[2] / box[1];
}

/* The input pixel under kernel position k when the window stands at out; -1 in the padding. */
static int64_t under(const struct sweep *s, const int64_t out[3], const int64_t k[3])
{
	int64_t flat = 0;

	for (int i = 0; i < 3; i++) {
		int64_t at = out[i] * s->stride[i] - s->begin[i] + k[i] * s->dilation[i];

		if (at < 0 || at >= s->in[i])
			return -1;
		flat = flat * s->in[i] + at;
	}
	return flat;
}

static void space_shape(const struct lu_shape *input, int64_t channels, const struct lu_window *w, struct lu_shape *out)
{
	*out = *input;
	out->dim[1] = channels;
	for (int i = 0; i < w->rank; i++)
		out->dim[2 + i] = w->out[i];
}

/* The shape of a convolution of inputs 'x' and 'w' with bias 'b'; all checked. */
static enum lu_status conv_shape(struct lu_call *call, int at_x, int at_w, int at_b, struct lu_shape *out,
				 struct lu_error *err)
{
	int64_t group = lu_node_int(call->node, "group", 1);
	const struct lu_shape *x = &call->in[at_x]->shape, *w = &call->in[at_w]->shape;
	const struct lu_shape *b = at_b < call->n_in && call->in[at_b] != NULL ? &call->in[at_b]->shape : NULL;
	struct lu_window window;
	enum lu_status status;

	if (group < 1 || x->rank < 3 || w->rank != x->rank || x->dim[1] < 1 || w->dim[0] < 1 || x->dim[1] % group ||
	    w->dim[0] % group || w->dim[1] != x->dim[1] / group ||
	    (b != NULL && (b->rank != 1 || b->dim[0] != w->dim[0])))
		return lu_call_fail(call, err, LU_ERROR_FORMAT,
				    "an image of %d dimensions, %lld channels in %lld groups does not fit its weights",
				    x->rank, (long long)(x->rank > 1 ? x->dim[1] : 0), (long long)group);
	LU_TRY(lu_call_window(call, x, w->dim + 2, &window, err));
	space_shape(x, w->dim[0], &window, out);
out:
	return status;
}

enum lu_status lu_rule_conv(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_shape out;

	for (int i = 0; i < call->n_in; i++)
		if (call->in[i] != NULL)
			LU_TRY(lu_call_check(call, i, LU_TYPE_FLOAT32, 1, 5, err));
	LU_TRY(conv_shape(call, 0, 1, 2, &out, err));
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &out);
out:
	return status;
}

/* y[n][o] = b[o] + sum over the group's channels and the kernel of w x. Sums in double: this is the oracle's oracle. */
void lu_kernel_conv(struct lu_call *call)
{
	int64_t group = lu_node_int(call->node, "group", 1);
	const struct lu_tensor *x = call->in[0], *w = call->in[1], *b = call->in[2];
	int64_t outputs = w->shape.dim[0] / group, inputs = w->shape.dim[1];
	struct lu_window window;
	struct sweep s;
	float *y = call->out[0]->data;

	lu_call_window(call, &x->shape, w->shape.dim + 2, &window, NULL);
	s = make_sweep(&window);
	for (int64_t n = 0; n < x->shape.dim[0]; n++)
		for (int64_t o = 0; o < w->shape.dim[0]; o++) {
			const float *plane =
				(const float *)x->data + (n * x->shape.dim[1] + o / outputs * inputs) * s.in_size;
			const float *weight = (const float *)w->data + o * inputs * s.kernel_size;

			for (int64_t p = 0; p < s.out_size; p++) {
				double sum = b != NULL ? ((const float *)b->data)[o] : 0;
				int64_t at[3], k[3], pixel;

				unravel(p, s.out, at);
				for (int64_t i = 0; i < s.kernel_size; i++) {
					unravel(i, s.kernel, k);
					pixel = under(&s, at, k);
					for (int64_t c = 0; c < inputs && pixel >= 0; c++)
						sum += (double)plane[c * s.in_size + pixel] *
						       weight[c * s.kernel_size + i];
				}
				*y++ = (float)sum;
			}
		}
}

/*
 * QLinearConv: inputs x, its scale and zero, w, its scale (one or one a channel) and zero, scale and zero of y,
 * bias as int32 in units of x scale times w scale.
 */
enum lu_status lu_rule_qlinear_conv(struct lu_call *call, struct lu_error *err)
{
	static const enum lu_type types[] = {LU_TYPE_NONE, LU_TYPE_FLOAT32, LU_TYPE_NONE, LU_TYPE_NONE, LU_TYPE_FLOAT32,
					     LU_TYPE_NONE, LU_TYPE_FLOAT32, LU_TYPE_NONE, LU_TYPE_INT32};
	enum lu_status status = LU_OK;
	struct lu_shape out;

	for (int i = 0; i < call->n_in; i++) {
		int64_t count;

		if (call->in[i] == NULL)
			continue;
		count = lu_shape_count(&call->in[i]->shape);
		if (types[i] != LU_TYPE_NONE)
			LU_TRY(lu_call_check(call, i, types[i], 0, 1, err));
		else if (call->in[i]->type != LU_TYPE_INT8 && call->in[i]->type != LU_TYPE_UINT8)
			LU_TRY(lu_call_check(call, i, LU_TYPE_INT8, 0, LU_MAX_RANK, err));
		if (i != 0 && i != 3 && i != 8 && count != 1 &&
		    !((i == 4 || i == 5) && call->in[3]->shape.rank && count == call->in[3]->shape.dim[0]))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "input %d has %lld numbers", i,
					    (long long)count);
	}
	LU_TRY(conv_shape(call, 0, 3, 8, &out, err));
	lu_call_out(call, 0, call->in[7]->type, &out);
out:
	return status;
}

static double by_channel(const struct lu_tensor *t, int64_t channel)
{
	return lu_tensor_get(t, lu_shape_count(&t->shape) == 1 ? 0 : channel);
}

void lu_kernel_qlinear_conv(struct lu_call *call)
{
	const struct lu_tensor *x = call->in[0], *w = call->in[3], *b = call->n_in > 8 ? call->in[8] : NULL;
	int64_t outputs = w->shape.dim[0] / lu_node_int(call->node, "group", 1), inputs = w->shape.dim[1], at_y = 0;
	double zero_x = lu_tensor_get(call->in[2], 0), zero_y = lu_tensor_get(call->in[7], 0);
	double low = call->out[0]->type == LU_TYPE_INT8 ? -128 : 0, high = low + 255;
	struct lu_window window;
	struct sweep s;

	lu_call_window(call, &x->shape, w->shape.dim + 2, &window, NULL);
	s = make_sweep(&window);
	for (int64_t n = 0; n < x->shape.dim[0]; n++)
		for (int64_t o = 0; o < w->shape.dim[0]; o++) {
			int64_t plane = (n * x->shape.dim[1] + o / outputs * inputs) * s.in_size;
			double zero_w = by_channel(call->in[5], o);
			double scale = lu_tensor_get(call->in[1], 0) * by_channel(call->in[4], o) /
				       lu_tensor_get(call->in[6], 0);

			for (int64_t p = 0; p < s.out_size; p++, at_y++) {
				double sum = b != NULL ? lu_tensor_get(b, o) : 0, y;
				int64_t at[3], k[3], pixel;

				unravel(p, s.out, at);
				for (int64_t i = 0; i < s.kernel_size; i++) {
					unravel(i, s.kernel, k);
					pixel = under(&s, at, k);
					for (int64_t c = 0; c < inputs && pixel >= 0; c++)
						sum += (lu_tensor_get(x, plane + c * s.in_size + pixel) - zero_x) *
						       (lu_tensor_get(w, (o * inputs + c) * s.kernel_size + i) -
							zero_w);
				}
				y = rint(sum * scale) + zero_y;
				lu_tensor_set(call->out[0], at_y, y < low ? low : y > high ? high : y);
			}
		}
}

enum lu_status lu_rule_pool(struct lu_call *call, struct lu_error *err)
{
	struct lu_window window;
	struct lu_shape out;
	enum lu_status status;

	if (call->in[0]->type != LU_TYPE_FLOAT32 && call->in[0]->type != LU_TYPE_INT8 &&
	    call->in[0]->type != LU_TYPE_UINT8)
		return lu_call_check(call, 0, LU_TYPE_FLOAT32, 3, 5, err);
	status = lu_call_window(call, &call->in[0]->shape, NULL, &window, err);
	if (status != LU_OK)
		return status;
	if (lu_node_attribute(call->node, "kernel_shape") == NULL)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "kernel_shape is missing");
	space_shape(&call->in[0]->shape, call->in[0]->shape.dim[1], &window, &out);
	lu_call_out(call, 0, call->in[0]->type, &out);
	lu_call_out(call, 1, LU_TYPE_INT64, &out);
	return LU_OK;
}

/* A pixel's place when the first spatial axis is the fastest (storage_order 1). */
static int64_t column_major(const struct sweep *s, int64_t pixel)
{
	int64_t at[3];

	unravel(pixel, s->in, at);
	return at[0] + s->in[0] * (at[1] + s->in[1] * at[2]);
}

void lu_kernel_max_pool(struct lu_call *call)
{
	bool columns = lu_node_int(call->node, "storage_order", 0) != 0;
	const struct lu_tensor *x = call->in[0];
	int64_t *indices = call->n_out > 1 && call->out[1] != NULL ? call->out[1]->data : NULL;
	struct lu_window window;
	struct sweep s;

	lu_call_window(call, &x->shape, NULL, &window, NULL);
	s = make_sweep(&window);
	for (int64_t plane = 0; plane < x->shape.dim[0] * x->shape.dim[1]; plane++)
		for (int64_t p = 0; p < s.out_size; p++) {
			double best = -INFINITY;
			int64_t at[3], k[3], where = -1;

			unravel(p, s.out, at);
			for (int64_t i = 0; i < s.kernel_size; i++) {
				int64_t pixel;
				double here;

				unravel(i, s.kernel, k);
				pixel = under(&s, at, k);
				if (pixel < 0)
					continue;
				here = lu_tensor_get(x, plane * s.in_size + pixel);
				if (where < 0 || here > best || isnan(here)) {
					best = here;
					where = plane * s.in_size + (columns ? column_major(&s, pixel) : pixel);
				}
			}
			lu_tensor_set(call->out[0], plane * s.out_size + p, best);
			if (indices != NULL)
				indices[plane * s.out_size + p] = where;
		}
}

/* Pixels of the padded image that window 'at' covers: the divisor under count_include_pad. */
static int64_t covered(const struct sweep *s, const int64_t at[3])
{
	int64_t count = 1;

	for (int i = 0; i < 3; i++) {
		int64_t inside = 0;

		for (int64_t k = 0; k < s->kernel[i]; k++)
			inside += at[i] * s->stride[i] - s->begin[i] + k * s->dilation[i] < s->in[i] + s->end[i];
		count *= inside;
	}
	return count;
}

void lu_kernel_average_pool(struct lu_call *call)
{
	bool include_pad = lu_node_int(call->node, "count_include_pad", 0) != 0;
	const struct lu_tensor *x = call->in[0];
	struct lu_window window;
	struct sweep s;

	lu_call_window(call, &x->shape, NULL, &window, NULL);
	s = make_sweep(&window);
	for (int64_t plane = 0; plane < x->shape.dim[0] * x->shape.dim[1]; plane++)
		for (int64_t p = 0; p < s.out_size; p++) {
			int64_t at[3], k[3], count = 0;
			double sum = 0;

			unravel(p, s.out, at);
			for (int64_t i = 0; i < s.kernel_size; i++) {
				int64_t pixel;

				unravel(i, s.kernel, k);
				pixel = under(&s, at, k);
				if (pixel < 0)
					continue;
				sum += lu_tensor_get(x, plane * s.in_size + pixel);
				count++;
			}
			if (include_pad)
				count = covered(&s, at);
			lu_tensor_set(call->out[0], plane * s.out_size + p, sum / (double)count);
		}
}

enum lu_status lu_rule_global_pool(struct lu_call *call, struct lu_error *err)
{
	enum lu_status status = lu_call_check(call, 0, LU_TYPE_FLOAT32, 3, LU_MAX_RANK, err);
	struct lu_shape out;

	if (status != LU_OK)
		return status;
	out = call->in[0]->shape;
	for (int i = 2; i < out.rank; i++) {
		if (out.dim[i] < 1)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "its image is empty");
		out.dim[i] = 1;
	}
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &out);
	return LU_OK;
}

static void global_pool(struct lu_call *call, bool maximum)
{
	const struct lu_tensor *x = call->in[0];
	int64_t size = lu_shape_span(&x->shape, 2, x->shape.rank);
	const float *in = x->data;
	float *out = call->out[0]->data;

	for (int64_t plane = 0; plane < x->shape.dim[0] * x->shape.dim[1]; plane++, in += size) {
		double sum = 0;
		float best = in[0];

		for (int64_t i = 0; i < size; i++) {
			sum += in[i];
			if (in[i] > best || isnan(in[i]))
				best = in[i];
		}
		out[plane] = maximum ? best : (float)(sum / (double)size);
	}
}

void lu_kernel_global_average_pool(struct lu_call *call)
{
	global_pool(call, false);
}

void lu_kernel_global_max_pool(struct lu_call *call)
{
	global_pool(call, true);
}
