/*
 * resize.c: Resize and Upsample: an image at another size, by nearest, linear or cubic neighbours.
 *
 * Along each axis an output index has a place in the input and a few taps (index, weight) around it; an
 * output pixel is the sum over all combinations of taps. Axes that keep their size have one tap of 1.
 */
#include <math.h>
#include <string.h>

#include "nn/ops/list.h"

enum method {
	NEAREST,
	LINEAR,
	CUBIC,
};

#define MAX_TAPS 64

struct taps {
	int n;
	int64_t index[MAX_TAPS];
	double weight[MAX_TAPS];
};

struct resize {
	enum method method;
	const char *transform, *nearest;
	double cubic_a, extrapolation;
	bool exclude_outside, antialias;
	struct lu_shape in, out;
	double scale[LU_MAX_RANK];
	bool resized[LU_MAX_RANK];
	double roi_start[LU_MAX_RANK], roi_end[LU_MAX_RANK];
};

static int input_at(const struct lu_call *call, int opset10, int opset11)
{
	return call->node->opset < 11 ? opset10 : opset11;
}

static const struct lu_tensor *optional(const struct lu_call *call, int i)
{
	const struct lu_tensor *t = i >= 0 && i < call->n_in ? call->in[i] : NULL;

	/* Some exporters leave an input out by giving an empty one. */
	return t != NULL && lu_shape_count(&t->shape) > 0 ? t : NULL;
}

/* Which axes are resized, in order; all of them by default. */
static enum lu_status read_axes(const struct lu_call *call, int64_t axes[LU_MAX_RANK], int *n, struct lu_error *err)
{
	int rank = call->in[0]->shape.rank;
	enum lu_status status = LU_OK;
	const int64_t *ints;
	size_t count;

	ints = lu_node_ints(call->node, "axes", &count);
	if (ints != NULL && count > (size_t)rank)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "%zu axes of %d", count, rank);
	*n = ints != NULL ? (int)count : rank;
	for (int i = 0; i < *n; i++) {
		axes[i] = ints != NULL ? ints[i] : i;
		LU_TRY(lu_call_axis(call, rank, &axes[i], err));
	}
out:
	return status;
}

static enum lu_status read_method(const struct lu_call *call, struct resize *r, struct lu_error *err)
{
	const char *mode = lu_node_string(call->node, "mode", "nearest");
	bool old = call->node->opset < 11;

	r->method = strcmp(mode, "nearest") == 0 ? NEAREST : strcmp(mode, "cubic") == 0 ? CUBIC : LINEAR;
	if (r->method == LINEAR && strcmp(mode, "linear") != 0 && strcmp(mode, "bilinear") != 0)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "mode '%s' is not run", mode);
	r->transform = lu_node_string(call->node, "coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
	r->nearest = lu_node_string(call->node, "nearest_mode", old ? "floor" : "round_prefer_floor");
	r->cubic_a = lu_node_float(call->node, "cubic_coeff_a", -0.75f);
	r->extrapolation = lu_node_float(call->node, "extrapolation_value", 0);
	r->exclude_outside = lu_node_int(call->node, "exclude_outside", 0) != 0;
	r->antialias = lu_node_int(call->node, "antialias", 0) != 0;
	return LU_OK;
}

/* Sizes may be asked to keep the aspect: then one scale serves all axes. */
static void keep_aspect(const struct lu_call *call, struct resize *r, const int64_t *axes, int n, const int64_t *sizes)
{
	const char *policy = lu_node_string(call->node, "keep_aspect_ratio_policy", "stretch");
	bool larger = strcmp(policy, "not_larger") != 0;
	double scale = 0;

	if (strcmp(policy, "stretch") == 0)
		return;
	for (int i = 0; i < n; i++) {
		double here = (double)sizes[i] / (double)r->in.dim[axes[i]];

		if (i == 0 || (larger ? here > scale : here < scale))
			scale = here;
	}
	for (int i = 0; i < n; i++) {
		r->scale[axes[i]] = scale;
		r->out.dim[axes[i]] = (int64_t)floor(scale * (double)r->in.dim[axes[i]] + 0.5);
	}
}

static enum lu_status read_resize(const struct lu_call *call, struct resize *r, struct lu_error *err)
{
	const struct lu_tensor *scales = optional(call, input_at(call, 1, 2)),
			       *sizes = optional(call, input_at(call, -1, 3));
	const struct lu_tensor *roi = optional(call, input_at(call, -1, 1));
	int64_t axes[LU_MAX_RANK], wanted[LU_MAX_RANK] = {0};
	const float *attribute;
	enum lu_status status;
	size_t count;
	int n = 0;

	memset(r, 0, sizeof(*r));
	r->in = r->out = call->in[0]->shape;
	LU_TRY(read_method(call, r, err));
	LU_TRY(read_axes(call, axes, &n, err));
	attribute = lu_node_floats(call->node, "scales", &count);
	if ((scales != NULL &&
	     (scales->data == NULL || scales->type != LU_TYPE_FLOAT32 || lu_shape_count(&scales->shape) != n)) ||
	    (sizes != NULL &&
	     (sizes->data == NULL || sizes->type != LU_TYPE_INT64 || lu_shape_count(&sizes->shape) != n)) ||
	    (attribute != NULL && count != (size_t)n) || (scales == NULL && sizes == NULL && attribute == NULL))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
				    "landuse needs its scales or sizes to be constant, one an axis");
	if (roi != NULL &&
	    (roi->data == NULL || roi->type != LU_TYPE_FLOAT32 || lu_shape_count(&roi->shape) != 2 * (int64_t)n))
		roi = NULL;
	if (strcmp(r->transform, "tf_crop_and_resize") == 0 && roi == NULL)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "tf_crop_and_resize is run for a constant region");
	for (int i = 0; i < LU_MAX_RANK; i++) {
		r->scale[i] = 1;
		r->roi_end[i] = 1;
	}
	for (int i = 0; i < n; i++) {
		int64_t axis = axes[i], length = r->in.dim[axis];
		double scale = sizes != NULL    ? (double)lu_tensor_get_int(sizes, i) / (double)(length ? length : 1)
			       : scales != NULL ? lu_tensor_get(scales, i)
						: attribute[i];

		if (!(scale > 0) || scale * (double)length > (double)(1 << 24) || length < 1)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "a scale of %g for %lld pixels", scale,
					    (long long)length);
		wanted[i] = sizes != NULL ? lu_tensor_get_int(sizes, i) : (int64_t)floor(scale * (double)length);
		if (roi != NULL) {
			r->roi_start[axis] = lu_tensor_get(roi, i);
			r->roi_end[axis] = lu_tensor_get(roi, n + i);
		}
		if (roi != NULL && sizes == NULL && strcmp(r->transform, "tf_crop_and_resize") == 0)
			wanted[i] = (int64_t)floor((double)length * (r->roi_end[axis] - r->roi_start[axis]) * scale);
		r->scale[axis] = scale;
		r->out.dim[axis] = wanted[i];
	}
	if (sizes != NULL)
		keep_aspect(call, r, axes, n, wanted);
	for (int i = 0; i < n; i++)
		r->resized[axes[i]] =
			r->out.dim[axes[i]] != r->in.dim[axes[i]] || r->scale[axes[i]] != 1 || roi != NULL;
out:
	return status;
}

/* Where output index 'at' of 'axis' stands in the input. */
static double place_of(const struct resize *r, int axis, int64_t at)
{
	double scale = r->scale[axis], x = (double)at, in = (double)r->in.dim[axis], out = (double)r->out.dim[axis];

	if (strcmp(r->transform, "asymmetric") == 0)
		return x / scale;
	if (strcmp(r->transform, "align_corners") == 0)
		return scale * in > 1 ? x * (in - 1) / (scale * in - 1) : 0; /* the exact size, not the cut one */
	if (strcmp(r->transform, "pytorch_half_pixel") == 0)
		return out > 1 ? (x + 0.5) / scale - 0.5 : -0.5;
	if (strcmp(r->transform, "half_pixel_symmetric") == 0) {
		/* The output was cut to whole pixels: centre what is left. */
		double adjustment = out / (scale * in);

		return in / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5;
	}
	if (strcmp(r->transform, "tf_crop_and_resize") == 0)
		return out > 1 ? r->roi_start[axis] * (in - 1) +
					 x * (r->roi_end[axis] - r->roi_start[axis]) * (in - 1) / (out - 1)
			       : 0.5 * (r->roi_start[axis] + r->roi_end[axis]) * (in - 1);
	return (x + 0.5) / scale - 0.5;
}

static double nearest_of(const char *mode, double place)
{
	if (strcmp(mode, "round_prefer_floor") == 0)
		return ceil(place - 0.5);
	if (strcmp(mode, "round_prefer_ceil") == 0)
		return floor(place + 0.5);
	return strcmp(mode, "ceil") == 0 ? ceil(place) : floor(place);
}

/* The interpolation kernel at distance d: a triangle, or Keys' cubic. */
static double kernel_at(const struct resize *r, double d)
{
	double a = r->cubic_a;

	d = fabs(d);
	if (r->method == LINEAR)
		return d < 1 ? 1 - d : 0;
	if (d < 1)
		return ((a + 2) * d - (a + 3)) * d * d + 1;
	return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

static void taps_of(const struct resize *r, int axis, int64_t at, struct taps *taps)
{
	int64_t length = r->in.dim[axis];
	double place, width, stretch, sum = 0;

	taps->n = 1;
	taps->index[0] = at;
	taps->weight[0] = 1;
	if (!r->resized[axis])
		return;
	place = place_of(r, axis, at);
	if (r->method == NEAREST) {
		double nearest = nearest_of(r->nearest, place);

		taps->index[0] = nearest < 0 ? 0 : nearest > (double)(length - 1) ? length - 1 : (int64_t)nearest;
		return;
	}
	/* Antialiasing widens the kernel when the image shrinks, so that every input pixel counts. */
	stretch = r->antialias && r->scale[axis] < 1 ? r->scale[axis] : 1;
	width = (r->method == LINEAR ? 1 : 2) / stretch;
	taps->n = 0;
	for (int64_t i = (int64_t)floor(place - width) + 1; (double)i <= place + width && taps->n < MAX_TAPS; i++) {
		bool outside = i < 0 || i >= length;
		double weight = kernel_at(r, ((double)i - place) * stretch);

		if (outside && r->exclude_outside)
			weight = 0;
		taps->index[taps->n] = i < 0 ? 0 : i >= length ? length - 1 : i;
		taps->weight[taps->n++] = weight;
		sum += weight;
	}
	for (int i = 0; i < taps->n && sum != 0; i++)
		taps->weight[i] /= sum;
}

/* Sum over the taps of axis 'axis' and all that follow; 'flat' is the input offset so far. */
static double sample(const struct resize *r, const struct lu_tensor *x, const struct taps *taps, int axis, int64_t flat)
{
	double sum = 0;

	if (axis == r->in.rank)
		return lu_tensor_get(x, flat);
	for (int i = 0; i < taps[axis].n; i++)
		if (taps[axis].weight[i] != 0)
			sum += taps[axis].weight[i] *
			       sample(r, x, taps, axis + 1, flat * r->in.dim[axis] + taps[axis].index[i]);
	return sum;
}

enum lu_status lu_rule_resize(struct lu_call *call, struct lu_error *err)
{
	struct resize r;
	enum lu_status status = read_resize(call, &r, err);
	double largest = 1;

	if (status != LU_OK)
		return status;
	for (int i = 0; i < r.in.rank; i++)
		largest = r.antialias && 1 / r.scale[i] > largest ? 1 / r.scale[i] : largest;
	if (largest * 4 + 2 > MAX_TAPS)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "antialiasing over %g pixels is not run", largest);
	lu_call_out(call, 0, call->in[0]->type, &r.out);
	return LU_OK;
}

bool lu_apart_resize(const struct lu_call *call)
{
	struct resize r;

	return read_resize(call, &r, NULL) == LU_OK && !r.resized[0];
}

static bool is_cropped_away(const struct resize *r, const int64_t at[LU_MAX_RANK])
{
	if (strcmp(r->transform, "tf_crop_and_resize") != 0)
		return false;
	for (int i = 0; i < r->in.rank; i++) {
		double place = place_of(r, i, at[i]);

		if (r->resized[i] && (place < 0 || place > (double)(r->in.dim[i] - 1)))
			return true;
	}
	return false;
}

void lu_kernel_resize(struct lu_call *call)
{
	struct lu_tensor *y = call->out[0];
	int64_t count = lu_shape_count(&y->shape);
	struct taps taps[LU_MAX_RANK];
	struct lu_walk walk;
	struct resize r;

	read_resize(call, &r, NULL);
	lu_walk_start(&walk, &y->shape);
	for (int64_t i = 0; i < count; i++, lu_walk_step(&walk)) {
		for (int d = 0; d < r.in.rank; d++)
			if (i == 0 || d == r.in.rank - 1 || walk.at[d + 1] == 0)
				taps_of(&r, d, walk.at[d], &taps[d]);
		lu_tensor_set(y, i,
			      is_cropped_away(&r, walk.at) ? r.extrapolation : sample(&r, call->in[0], taps, 0, 0));
	}
}
