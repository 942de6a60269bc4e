/*
 * move.c: Slice and Pad in the order of dimensions, and as the integers, in which a value lies.
 *
 * The shortcut of a ResNet of CIFAR-10 takes every other pixel and adds channels of zeros. Channels-last, that is a
 * copy in runs; by way of a plain float tensor it was a tenth of the network's time. What is stepped or does not lie
 * row by row in some order is left to others.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "nn/onednn/parts.h"
#include "nn/ops/infer.h"

enum { RANK = 4 };

/* Runs of bytes at the strides of two tensors, outermost dimension first; before them, a fill of the second. */
struct move {
	int64_t count[RANK], from[RANK], to[RANK]; /* the last is within a run, and not used */
	int64_t from_shift, to_shift;
	size_t run, fill_bytes;
	uint8_t fill;
};

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct move *m = step->state;
	const char *from = (const char *)session->memory[step->in[0]] + m->from_shift;
	char *to = session->memory[step->out[0]];

	(void)err;
	memset(to, m->fill, m->fill_bytes);
	to += m->to_shift;
	for (int64_t i = 0; i < m->count[0]; i++)
		for (int64_t j = 0; j < m->count[1]; j++)
			for (int64_t k = 0; k < m->count[2]; k++)
				memcpy(to + i * m->to[0] + j * m->to[1] + k * m->to[2],
				       from + i * m->from[0] + j * m->from[1] + k * m->from[2], m->run);
	return LU_OK;
}

/* A value where it lies, as integers if that is how it is held. */
struct source {
	const_dnnl_memory_desc_t md;
	int buffer;
	int64_t strides[DNNL_MAX_NDIMS];
	const struct lu_steps_form *integers; /* NULL: float32 */
};

static enum lu_status find_source(struct lu_lowering *l, int value, struct source *s, bool *flat, struct lu_error *err)
{
	const struct lu_onednn_lowering *data = l->engine_data;
	enum lu_status status = LU_OK;
	struct lu_form form;

	*s = (struct source){.integers = &data->integers[value]};
	form = (struct lu_form){.md = s->integers->md, .buffer = s->integers->buffer};
	if (!s->integers->held || s->integers->scale <= 0) {
		s->integers = NULL;
		status = lu_onednn_form(l, value, &form, err);
	}
	s->md = form.md;
	s->buffer = form.buffer;
	*flat = status == LU_OK && lu_dnnl_rank(form.md) == RANK && lu_onednn_strides(form.md, s->strides);
	return status;
}

/* Dimensions from the outermost to the innermost. */
static void find_order(const struct source *s, int order[RANK])
{
	for (int i = 0; i < RANK; i++) {
		int at = i;

		for (; at > 0 && s->strides[order[at - 1]] < s->strides[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

/*
 * Copy 'shape' numbers, which begin at 'from' and are 'step' apart in the value of 'source', to the place 'to' of a result
 * that lies in the same order; zeros around them.
 */
static enum lu_status append(struct lu_lowering *l, const struct lu_node *node, const struct source *s,
			     const int64_t from[RANK], const int64_t step[RANK], const int64_t to[RANK],
			     const struct lu_shape *shape, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	struct lu_onednn_lowering *data = l->engine_data;
	struct lu_step move = {
		.what = node->name, .op = node->op->name, .kernel = "landuse", .scratch = -1, .run = run};
	int64_t size = (int64_t)dnnl_data_type_size(lu_dnnl_type(s->md)), dense = 1;
	dnnl_dims_t dims, strides;
	int order[RANK], buffer, in = s->buffer;
	const_dnnl_memory_desc_t md;
	enum lu_status status;
	struct move *m;

	find_order(s, order);
	if (step[order[RANK - 1]] != 1 || s->strides[order[RANK - 1]] != 1)
		return LU_OK;
	for (int i = RANK - 1; i >= 0; i--) {
		dims[order[i]] = out->dim[order[i]];
		strides[order[i]] = dense;
		dense *= out->dim[order[i]];
	}
	md = lu_onednn_strided(l, RANK, dims, lu_dnnl_type(s->md), strides);
	LU_TRY(lu_onednn_buffer(l, md, &buffer, err));
	LU_TRY(lu_lower_take(l, &m, 1, sizeof(*m), err));
	for (int i = 0; i < RANK; i++) {
		int d = order[i];

		m->count[i] = shape->dim[d];
		m->from[i] = s->strides[d] * step[d] * size;
		m->to[i] = strides[d] * size;
		m->from_shift += s->strides[d] * from[d] * size;
		m->to_shift += strides[d] * to[d] * size;
	}
	m->run = (size_t)(m->count[RANK - 1] * size);
	m->fill = s->integers != NULL ? (uint8_t)s->integers->zero : 0;
	m->fill_bytes = lu_shape_equal(shape, out) ? 0 : dnnl_memory_desc_get_size(md);
	move.state = m;
	move.shape = *out;
	if (s->integers != NULL)
		data->integers[node->out[0]] =
			(struct lu_steps_form){true, md, buffer, s->integers->scale, s->integers->zero};
	else
		lu_onednn_hold(l, node->out[0], md, buffer);
	*taken = true;
	LU_TRY(lu_lower_step(l, &move, &in, 1, &buffer, 1, err));
out:
	return status;
}

enum lu_status lu_onednn_move(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	int64_t from[LU_MAX_RANK] = {0}, step[LU_MAX_RANK] = {1, 1, 1, 1}, to[LU_MAX_RANK] = {0};
	const struct lu_shape *in = &l->graph->values[node->in[0]].tensor.shape, *shape = in;
	enum lu_status status;
	struct lu_call call;
	struct source s;
	bool flat;

	if (in->rank != RANK)
		return LU_OK;
	lu_call_prepare(l->graph, node, &call);
	if (lu_node_is(node, "Slice")) {
		shape = &l->graph->values[node->out[0]].tensor.shape;
		if (!lu_slice_origin(&call, from, step))
			return LU_OK;
	} else if (!lu_node_is(node, "Pad") || !lu_pad_zeros(&call, to)) {
		return LU_OK;
	}
	for (int i = 0; i < RANK; i++)
		if (step[i] < 1)
			return LU_OK;
	status = find_source(l, node->in[0], &s, &flat, err);
	if (status != LU_OK || !flat)
		return status;
	return append(l, node, &s, from, step, to, shape, taken, err);
}

#endif
