/*
 * engine.c: convolutions as matrix products by OpenBLAS, always built, the oracle for the tests.
 *
 *	im2col	a column for each output pixel with the inputs under its window; then
 *		outputs x (inputs kernel)  times  (inputs kernel) x pixels  is the convolution
 *
 * 1x1 convolutions need no columns, depthwise ones no product. Everything is done chip by chip with the
 * same calls, so a chip's bits do not depend on its batch. What is not here runs the reference kernel.
 *
 * OpenBLAS picks its kernels by processor, and takes its slowest for one it does not know: Debian 12's 0.3.21
 * runs an Emerald Rapids as a Prescott, at a tenth. OPENBLAS_CORETYPE=SkylakeX in the environment helps.
 */
#include <cblas.h>
#include <stdio.h>
#include <string.h>

#include "nn/blas/engine.h"
#include "nn/ops/infer.h"
#include "nn/passes/passes.h"

struct conv {
	struct lu_fused fused;
	struct lu_window window;
	int64_t chips, in_channels, out_channels, group;
	int64_t in_size, out_size, kernel_size;
	bool bias, direct, depthwise;
};

static enum lu_status begin(struct lu_lowering *l, struct lu_error *err)
{
	(void)l;
	(void)err;
	openblas_set_num_threads(1);
	return LU_OK;
}

static void end(struct lu_lowering *l)
{
	(void)l;
}

/* Rows of 'columns': one for each input channel and kernel pixel. Two spatial axes. */
static void im2col(const struct lu_window *w, const float *x, int64_t channels, float *columns)
{
	for (int64_t c = 0; c < channels; c++, x += w->in[0] * w->in[1])
		for (int64_t ky = 0; ky < w->kernel[0]; ky++)
			for (int64_t kx = 0; kx < w->kernel[1]; kx++)
				for (int64_t oy = 0; oy < w->out[0]; oy++) {
					int64_t y = oy * w->stride[0] - w->begin[0] + ky * w->dilation[0];
					int64_t left = kx * w->dilation[1] - w->begin[1];

					if (y < 0 || y >= w->in[0]) {
						memset(columns, 0, (size_t)w->out[1] * sizeof(float));
						columns += w->out[1];
						continue;
					}
					for (int64_t ox = 0; ox < w->out[1]; ox++) {
						int64_t at = ox * w->stride[1] + left;

						*columns++ = at >= 0 && at < w->in[1] ? x[y * w->in[1] + at] : 0;
					}
				}
}

/* One channel, one kernel: the sum runs over the kernel in order, as in the reference. */
static void depthwise_plane(const struct lu_window *w, const float *x, const float *weight, float *y)
{
	for (int64_t oy = 0; oy < w->out[0]; oy++)
		for (int64_t ox = 0; ox < w->out[1]; ox++) {
			float sum = 0;

			for (int64_t ky = 0; ky < w->kernel[0]; ky++) {
				int64_t iy = oy * w->stride[0] - w->begin[0] + ky * w->dilation[0];

				for (int64_t kx = 0; kx < w->kernel[1] && iy >= 0 && iy < w->in[0]; kx++) {
					int64_t ix = ox * w->stride[1] - w->begin[1] + kx * w->dilation[1];

					if (ix >= 0 && ix < w->in[1])
						sum += x[iy * w->in[1] + ix] * weight[ky * w->kernel[1] + kx];
				}
			}
			*y++ = sum;
		}
}

static enum lu_status run_conv(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct conv *c = step->state;
	int64_t outputs = c->out_channels / c->group, inputs = c->in_channels / c->group,
		depth = inputs * c->kernel_size;
	const float *x = session->memory[step->in[0]], *weights = session->memory[step->in[1]];
	const float *bias = c->bias ? session->memory[step->in[2]] : NULL;
	const float *addend = c->fused.addend >= 0 ? session->memory[step->in[step->n_in - 1]] : NULL;
	float *columns = step->scratch >= 0 ? session->memory[step->scratch] : NULL;
	float *y = session->memory[step->out[0]];

	(void)err;
	for (int64_t n = 0; n < c->chips * c->group; n++) {
		const float *weight = weights + n % c->group * outputs * depth;

		if (c->depthwise) {
			for (int64_t o = 0; o < outputs; o++)
				depthwise_plane(&c->window, x, weight + o * depth, y + o * c->out_size);
		} else {
			if (!c->direct)
				im2col(&c->window, x, inputs, columns);
			cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)outputs, (blasint)c->out_size,
				    (blasint)depth, 1, weight, (blasint)depth, c->direct ? x : columns,
				    (blasint)c->out_size, 0, y, (blasint)c->out_size);
		}
		for (int64_t o = 0; o < outputs; o++, y += c->out_size) {
			float b = bias != NULL ? bias[n % c->group * outputs + o] : 0;

			for (int64_t i = 0; i < c->out_size && bias != NULL; i++)
				y[i] += b;
			lu_fused_apply(&c->fused, y, addend, c->out_size);
			addend = addend != NULL ? addend + c->out_size : NULL;
		}
		x += inputs * c->in_size;
	}
	return LU_OK;
}

/* A one-dimensional image is a two-dimensional one of height 1. */
static void make_flat(struct lu_window *w)
{
	if (w->rank != 1)
		return;
	w->rank = 2;
	w->kernel[1] = w->kernel[0];
	w->stride[1] = w->stride[0];
	w->dilation[1] = w->dilation[0];
	w->begin[1] = w->begin[0];
	w->end[1] = w->end[0];
	w->in[1] = w->in[0];
	w->out[1] = w->out[0];
	w->kernel[0] = w->stride[0] = w->dilation[0] = w->in[0] = w->out[0] = 1;
	w->begin[0] = w->end[0] = 0;
}

/* The buffers of a node's inputs, with the addend last. */
static enum lu_status gather(struct lu_lowering *l, const struct lu_node *node, int *in, int *n_in,
			     struct lu_error *err)
{
	enum lu_status status = LU_OK;

	*n_in = 0;
	for (int i = 0; i < node->n_in; i++)
		if (node->in[i] >= 0)
			LU_TRY(lu_lower_plain(l, node->in[i], &in[(*n_in)++], err));
	if (node->fused.addend >= 0)
		LU_TRY(lu_lower_plain(l, node->fused.addend, &in[(*n_in)++], err));
out:
	return status;
}

static enum lu_status append(struct lu_lowering *l, const struct lu_node *node, struct lu_step *step,
			     struct lu_error *err)
{
	int in[LU_MAX_CALL + 1], n_in, out;
	enum lu_status status;

	LU_TRY(gather(l, node, in, &n_in, err));
	LU_TRY(lu_lower_output(l, node->out[0], &out, err));
	step->what = node->name;
	step->op = node->op->name;
	step->shape = l->graph->values[node->out[0]].tensor.shape;
	step->flop = lu_node_flop(l->graph, node);
	LU_TRY(lu_lower_step(l, step, in, n_in, &out, 1, err));
out:
	return status;
}

static enum lu_status lower_conv(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *x = &l->graph->values[node->in[0]].tensor.shape;
	const struct lu_shape *w = &l->graph->values[node->in[1]].tensor.shape;
	struct lu_step step = {.run = run_conv, .scratch = -1};
	enum lu_status status;
	struct lu_call call;
	struct conv *c;
	bool unit;

	if (x->rank > 4 || lu_shape_count(x) > INT32_MAX)
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	LU_TRY(lu_lower_take(l, &c, 1, sizeof(*c), err));
	LU_TRY(lu_call_window(&call, x, w->dim + 2, &c->window, err));
	make_flat(&c->window);
	c->fused = node->fused;
	c->chips = x->dim[0];
	c->in_channels = x->dim[1];
	c->out_channels = w->dim[0];
	c->group = lu_node_int(node, "group", 1);
	c->in_size = c->window.in[0] * c->window.in[1];
	c->out_size = c->window.out[0] * c->window.out[1];
	c->kernel_size = c->window.kernel[0] * c->window.kernel[1];
	c->bias = lu_node_in(node, 2) >= 0;
	c->depthwise = c->group == c->in_channels && c->group > 1;
	unit = c->kernel_size == 1;
	for (int i = 0; i < 2; i++)
		unit = unit && c->window.stride[i] == 1 && !c->window.begin[i] && !c->window.end[i];
	c->direct = unit;
	step.kernel = c->depthwise ? "direct depthwise" : unit ? "sgemm" : "im2col + sgemm";
	step.state = c;
	if (!c->depthwise && !c->direct)
		LU_TRY(lu_lower_buffer(
			l, (size_t)(c->in_channels / c->group * c->kernel_size * c->out_size) * sizeof(float),
			&step.scratch, err));
	*taken = true;
	LU_TRY(append(l, node, &step, err));
out:
	return status;
}

struct product {
	struct lu_fused fused;
	int64_t rows, depth, columns;
	float alpha, beta;
	bool trans_b, bias;
};

/* y[row] = alpha B' x[row] + beta c, row by row: one shape of call, whatever the batch. */
static enum lu_status run_product(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct product *p = step->state;
	const float *x = session->memory[step->in[0]], *b = session->memory[step->in[1]];
	const float *bias = p->bias ? session->memory[step->in[2]] : NULL;
	float *y = session->memory[step->out[0]];

	(void)err;
	for (int64_t row = 0; row < p->rows; row++, x += p->depth, y += p->columns) {
		if (p->trans_b)
			cblas_sgemv(CblasRowMajor, CblasNoTrans, (blasint)p->columns, (blasint)p->depth, p->alpha, b,
				    (blasint)p->depth, x, 1, 0, y, 1);
		else
			cblas_sgemv(CblasRowMajor, CblasTrans, (blasint)p->depth, (blasint)p->columns, p->alpha, b,
				    (blasint)p->columns, x, 1, 0, y, 1);
		for (int64_t i = 0; i < p->columns && bias != NULL; i++)
			y[i] += p->beta * bias[i];
		lu_fused_apply(&p->fused, y, NULL, p->columns);
	}
	return LU_OK;
}

/* Gemm and MatMul whose second operand is one constant matrix and whose first has its rows in order. */
static enum lu_status lower_product(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	const struct lu_tensor *a = &l->graph->values[node->in[0]].tensor, *b = &l->graph->values[node->in[1]].tensor;
	const struct lu_tensor *c = lu_node_in(node, 2) >= 0 ? &l->graph->values[node->in[2]].tensor : NULL;
	struct lu_step step = {.run = run_product, .scratch = -1, .kernel = "sgemv"};
	enum lu_status status;
	struct product *p;

	if (a->type != LU_TYPE_FLOAT32 || a->shape.rank < 2 || b->shape.rank != 2 || lu_node_int(node, "transA", 0) ||
	    !lu_shape_count(&a->shape) || !lu_shape_count(&b->shape) || node->fused.addend >= 0)
		return LU_OK;
	status = lu_lower_take(l, &p, 1, sizeof(*p), err);
	if (status != LU_OK)
		return status;
	p->fused = node->fused;
	p->trans_b = lu_node_int(node, "transB", 0) != 0;
	p->columns = b->shape.dim[p->trans_b ? 0 : 1];
	p->depth = b->shape.dim[p->trans_b ? 1 : 0];
	p->rows = lu_shape_count(&a->shape) / p->depth;
	p->alpha = lu_node_float(node, "alpha", 1);
	p->beta = lu_node_float(node, "beta", 1);
	p->bias = c != NULL;
	if (c != NULL && (lu_shape_count(&c->shape) != p->columns || c->shape.rank < 1 ||
			  c->shape.dim[c->shape.rank - 1] != p->columns))
		return LU_OK;
	step.state = p;
	*taken = true;
	return append(l, node, &step, err);
}

struct eltwise {
	struct lu_fused fused;
	int64_t count;
};

/* An activation alone, or the sum of two tensors of one shape, and the activation behind it. */
static enum lu_status run_eltwise(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct eltwise *e = step->state;
	float *y = session->memory[step->out[0]];

	(void)err;
	memcpy(y, session->memory[step->in[0]], (size_t)e->count * sizeof(float));
	lu_fused_apply(&e->fused, y, step->n_in > 1 ? session->memory[step->in[1]] : NULL, e->count);
	return LU_OK;
}

static enum lu_status lower_eltwise(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				    struct lu_error *err)
{
	const struct lu_tensor *x = &l->graph->values[node->in[0]].tensor;
	struct lu_step step = {.run = run_eltwise, .scratch = -1, .kernel = "loop"};
	struct lu_node alone = *node;
	enum lu_status status;
	struct lu_fused fused;
	struct eltwise *e;

	if (lu_fused_from(l->graph, node, &fused)) {
		alone.n_in = 1; /* the bounds of a Clip are in 'fused' */
	} else if (lu_node_is(node, "Add") && x->type == LU_TYPE_FLOAT32 &&
		   lu_shape_equal(&x->shape, &l->graph->values[node->in[1]].tensor.shape)) {
		fused = node->fused;
	} else {
		return LU_OK;
	}
	status = lu_lower_take(l, &e, 1, sizeof(*e), err);
	if (status != LU_OK)
		return status;
	e->fused = fused;
	e->count = lu_shape_count(&x->shape);
	step.state = e;
	*taken = true;
	return append(l, &alone, &step, err);
}

static enum lu_status lower(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	if (lu_node_is(node, "Conv"))
		return lower_conv(l, node, taken, err);
	if (lu_node_is(node, "Gemm") || lu_node_is(node, "MatMul"))
		return lower_product(l, node, taken, err);
	if (node->n_in > 0 && node->in[0] >= 0)
		return lower_eltwise(l, node, taken, err);
	return LU_OK;
}

/* "OpenBLAS 0.3.21 NO_AFFINITY USE_OPENMP SkylakeX MAX_THREADS=64" */
static void facts(struct lu_engine_facts *facts)
{
	const char *config = strstr(openblas_get_config(), "OpenBLAS ");

	facts->library = "OpenBLAS";
	if (config != NULL)
		snprintf(facts->version, sizeof(facts->version), "%.*s", (int)strcspn(config + 9, " "), config + 9);
	snprintf(facts->processor, sizeof(facts->processor), "%s", openblas_get_corename());
}

const struct lu_engine lu_engine_blas = {
	.name = "blas",
	.begin = begin,
	.lower = lower,
	.end = end,
	.facts = facts,
};
