/*
 * places.c: values that are floats of another value's buffer, at a distance of their own for each dimension.
 *
 * Reshape, Transpose, Split, Slice and a Gather of one index move nothing: they say where their numbers lie. Attention
 * reads them there; whoever else asks gets a plain copy, made once.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/kernels/copy_strided.h"
#include "nn/onednn/parts.h"
#include "nn/ops/infer.h"

static struct lu_places *places_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->places[value];
}

static const struct lu_shape *shape_of(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor.shape;
}

enum lu_status lu_onednn_find_places(struct lu_lowering *l, int value, struct lu_places *p, struct lu_error *err)
{
	const struct lu_onednn_lowering *data = l->engine_data;
	const struct lu_form *form = &data->forms[value];
	int64_t strides[DNNL_MAX_NDIMS];
	enum lu_status status;

	if (places_of(l, value)->held) {
		*p = *places_of(l, value);
		return LU_OK;
	}
	*p = (struct lu_places){.held = true};
	if (l->plain[value] < 0 && form->held && lu_dnnl_type(form->md) == dnnl_f32 &&
	    shape_of(l, value)->rank == lu_dnnl_rank(form->md) && lu_onednn_strides(form->md, strides)) {
		p->buffer = form->buffer;
		for (int i = 0; i < shape_of(l, value)->rank; i++)
			p->strides[i] = strides[i];
		return LU_OK;
	}
	status = lu_lower_plain(l, value, &p->buffer, err);
	lu_shape_strides(shape_of(l, value), p->strides);
	return status;
}

/* Are these a dense tensor's from the buffer's start on? */
static bool is_plain(const struct lu_shape *shape, const struct lu_places *p)
{
	int64_t dense[LU_MAX_RANK];

	lu_shape_strides(shape, dense);
	for (int i = 0; i < shape->rank; i++)
		if (shape->dim[i] != 1 && p->strides[i] != dense[i])
			return false;
	return p->shift == 0;
}

static void hold(struct lu_lowering *l, int value, const struct lu_places *p)
{
	if (is_plain(shape_of(l, value), p))
		l->plain[value] = p->buffer;
	else
		*places_of(l, value) = *p;
}

static enum lu_status run_copy(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_copy_strided(step->state, session->memory[step->in[0]], session->memory[step->out[0]]);
	return LU_OK;
}

enum lu_status lu_onednn_from_places(struct lu_lowering *l, int value, struct lu_error *err)
{
	const struct lu_node *node = l->node < l->graph->n_nodes ? &l->graph->nodes[l->node] : NULL;
	const struct lu_places p = *places_of(l, value);
	struct lu_step step = {.what = node != NULL ? node->name : "outputs",
			       .op = "(copy)",
			       .kernel = "landuse",
			       .shape = *shape_of(l, value),
			       .scratch = -1,
			       .run = run_copy};
	struct lu_strided_copy *copy;
	enum lu_status status;
	int out;

	LU_TRY(lu_lower_take(l, &copy, 1, sizeof(*copy), err));
	*copy = (struct lu_strided_copy){.shift = p.shift};
	for (int i = 0; i < step.shape.rank; i++)
		lu_strided_axis(copy, step.shape.dim[i], p.strides[i]);
	step.state = copy;
	LU_TRY(lu_lower_output(l, value, &out, err));
	LU_TRY(lu_lower_step(l, &step, &p.buffer, 1, &out, 1, err));
out:
	return status;
}

/*
 * Strides of the same numbers in another shape; false where none can tell it. Dimensions of both shapes are taken in the
 * smallest groups of equal size, and a group of the first must be one run of equal steps.
 */
static bool reshape(const struct lu_shape *from, const int64_t *strides, const struct lu_shape *to, int64_t *reshaped)
{
	int i = 0, j = 0;

	while (i < from->rank || j < to->rank) {
		int64_t a = 1, b = 1, stride = 0, step;
		const int first = j;
		int last = -1;

		do {
			if (i < from->rank && (a <= b || j >= to->rank)) {
				/* The dimension before must step over all of this one. */
				if (from->dim[i] != 1 && last >= 0 && strides[last] != strides[i] * from->dim[i])
					return false;
				last = from->dim[i] != 1 ? i : last;
				a *= from->dim[i++];
			} else if (j < to->rank) {
				b *= to->dim[j++];
			} else {
				return false;
			}
		} while (a != b);
		stride = last >= 0 ? strides[last] : 1;
		step = stride;
		for (int k = j - 1; k >= first; k--) {
			reshaped[k] = step;
			step *= to->dim[k];
		}
	}
	return true;
}

/* Reshape and its like, of a value that is not plain. */
static void take_view(struct lu_lowering *l, const struct lu_node *node, struct lu_places *p, bool *taken)
{
	struct lu_places to = *p;

	*taken = reshape(shape_of(l, node->in[0]), p->strides, shape_of(l, node->out[0]), to.strides);
	if (*taken)
		hold(l, node->out[0], &to);
}

static void take_transpose(struct lu_lowering *l, const struct lu_node *node, const struct lu_places *p)
{
	const int rank = shape_of(l, node->in[0])->rank;
	struct lu_places to = *p;
	const int64_t *perm;
	size_t n;

	perm = lu_node_ints(node, "perm", &n);
	for (int i = 0; i < rank; i++)
		to.strides[i] = p->strides[perm != NULL ? perm[i] : rank - 1 - i];
	hold(l, node->out[0], &to);
}

static void take_split(struct lu_lowering *l, const struct lu_node *node, const struct lu_places *p)
{
	const int rank = shape_of(l, node->in[0])->rank;
	int64_t axis = lu_node_int(node, "axis", 0);
	struct lu_places to = *p;

	axis += axis < 0 ? rank : 0;
	for (int i = 0; i < node->n_out; i++) {
		if (node->out[i] < 0)
			continue;
		hold(l, node->out[i], &to);
		to.shift += p->strides[axis] * shape_of(l, node->out[i])->dim[axis];
	}
}

/* Of one index, as a scalar or a vector of one. */
static void take_gather(struct lu_lowering *l, const struct lu_node *node, const struct lu_places *p, bool *taken)
{
	const struct lu_tensor *index = &l->graph->values[node->in[1]].tensor;
	const int rank = shape_of(l, node->in[0])->rank;
	int64_t axis = lu_node_int(node, "axis", 0), at;
	struct lu_places to = *p;

	if (index->data == NULL || index->shape.rank > 1 || lu_shape_count(&index->shape) != 1)
		return;
	axis += axis < 0 ? rank : 0;
	at = lu_tensor_get_int(index, 0);
	at += at < 0 ? shape_of(l, node->in[0])->dim[axis] : 0;
	to.shift += at * p->strides[axis];
	for (int i = (int)axis; index->shape.rank == 0 && i + 1 < rank; i++)
		to.strides[i] = p->strides[i + 1];
	hold(l, node->out[0], &to);
	*taken = true;
}

static void take_slice(struct lu_lowering *l, const struct lu_node *node, const struct lu_places *p, bool *taken)
{
	int64_t start[LU_MAX_RANK], step[LU_MAX_RANK];
	struct lu_places to = *p;
	struct lu_call call;

	lu_call_prepare(l->graph, node, &call);
	if (!lu_slice_origin(&call, start, step))
		return;
	for (int i = 0; i < shape_of(l, node->in[0])->rank; i++) {
		to.strides[i] = p->strides[i] * step[i];
		to.shift += p->strides[i] * start[i];
	}
	hold(l, node->out[0], &to);
	*taken = true;
}

/* A Concat's inputs: what is copied for each index of the dimensions before its axis, and where those lie. */
struct pieces {
	int n;
	struct lu_strided_copy *copies;
	struct lu_places *from;
	int64_t *runs; /* floats of a piece for each of these indices */
	struct lu_shape outer;
};

static enum lu_status run_pieces(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct pieces *p = step->state;
	const int64_t count = lu_shape_count(&p->outer);
	float *to = session->memory[step->out[0]];

	(void)err;
	for (int64_t at = 0; at < count; at++)
		for (int i = 0; i < p->n; i++) {
			const float *from = session->memory[step->in[i]];
			int64_t rest = at;

			for (int d = p->outer.rank - 1; d >= 0; d--) {
				from += rest % p->outer.dim[d] * p->from[i].strides[d];
				rest /= p->outer.dim[d];
			}
			lu_copy_strided(&p->copies[i], from, to);
			to += p->runs[i];
		}
	return LU_OK;
}

enum lu_status lu_onednn_copy_pieces(struct lu_lowering *l, const struct lu_node *node, bool *taken,
				     struct lu_error *err)
{
	struct lu_step step = {.what = node->name,
			       .op = node->op->name,
			       .kernel = "landuse",
			       .shape = *shape_of(l, node->out[0]),
			       .scratch = -1,
			       .run = run_pieces};
	const int rank = step.shape.rank;
	int64_t axis = lu_node_int(node, "axis", 1);
	int in[LU_MAX_CALL], out;
	enum lu_status status;
	struct pieces *p;

	axis += axis < 0 ? rank : 0;
	LU_TRY(lu_lower_take(l, &p, 1, sizeof(*p), err));
	LU_TRY(lu_lower_take(l, &p->copies, (size_t)node->n_in, sizeof(*p->copies), err));
	LU_TRY(lu_lower_take(l, &p->from, (size_t)node->n_in, sizeof(*p->from), err));
	LU_TRY(lu_lower_take(l, &p->runs, (size_t)node->n_in, sizeof(*p->runs), err));
	p->n = node->n_in;
	p->outer = step.shape;
	p->outer.rank = (int)axis;
	for (int i = 0; i < node->n_in; i++) {
		const struct lu_shape *shape = shape_of(l, node->in[i]);

		LU_TRY(lu_onednn_find_places(l, node->in[i], &p->from[i], err));
		in[i] = p->from[i].buffer;
		p->copies[i].shift = p->from[i].shift;
		for (int d = (int)axis; d < rank; d++)
			lu_strided_axis(&p->copies[i], shape->dim[d], p->from[i].strides[d]);
		p->runs[i] = lu_shape_span(shape, (int)axis, rank);
	}
	step.state = p;
	*taken = true;
	LU_TRY(lu_lower_output(l, node->out[0], &out, err));
	LU_TRY(lu_lower_step(l, &step, in, node->n_in, &out, 1, err));
out:
	return status;
}

/* Pieces of which some are places (an image is rolled by cutting it in two): each is copied to where it belongs. */
enum lu_status lu_onednn_pieces(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	for (int i = 0; i < node->n_in; i++)
		if (places_of(l, node->in[i])->held && l->plain[node->in[i]] < 0)
			return lu_onednn_copy_pieces(l, node, taken, err);
	return LU_OK;
}

enum lu_status lu_onednn_places(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_onednn_lowering *data = l->engine_data;
	const int from = node->in[0];
	const bool view = (node->op->flags & LU_OP_VIEW) && !(node->n_out > 1 && node->out[1] >= 0);
	const bool moved = l->plain[from] < 0 && (data->places[from].held || data->forms[from].held);
	enum lu_status status;
	struct lu_places p;

	if (l->graph->values[from].tensor.data != NULL || lu_lower_pixels(l, from) >= 0)
		return LU_OK;
	/* move.c cuts images that are not plain. */
	if (!(lu_node_is(node, "Split") || lu_node_is(node, "Gather") || (view && moved) ||
	      (lu_node_is(node, "Slice") &&
	       (l->plain[from] >= 0 || shape_of(l, from)->rank != 4 || data->places[from].held)) ||
	      (lu_node_is(node, "Transpose") && data->places[from].held)))
		return LU_OK;
	status = lu_onednn_find_places(l, from, &p, err);
	if (status != LU_OK)
		return status;
	if (lu_node_is(node, "Split")) {
		take_split(l, node, &p);
		*taken = true;
	} else if (lu_node_is(node, "Transpose")) {
		take_transpose(l, node, &p);
		*taken = true;
	} else if (lu_node_is(node, "Gather")) {
		take_gather(l, node, &p, taken);
	} else if (lu_node_is(node, "Slice")) {
		take_slice(l, node, &p, taken);
	} else {
		take_view(l, node, &p, taken);
	}
	return LU_OK;
}

#endif
