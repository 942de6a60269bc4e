/*
 * join.c: a Concat of channels and the BatchNormalization that alone reads it, as one step of our own.
 *
 * Only where every piece is channels-last already, as it is on AVX-512.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>

#include "nn/kernels/join_fp32.h"
#include "nn/onednn/own.h"

static enum lu_status run(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	const struct lu_join *join = step->state;
	const float *pieces[LU_MAX_CALL];

	(void)err;
	for (int i = 0; i < join->pieces; i++)
		pieces[i] = session->memory[step->in[i]];
	lu_join_run(join, pieces, session->memory[step->out[0]]);
	return LU_OK;
}

static const struct lu_tensor *tensor(const struct lu_lowering *l, int value)
{
	return &l->graph->values[value].tensor;
}

/* The normalisation behind a Concat, if both can be one step. */
static const struct lu_node *find_norm(const struct lu_lowering *l, const struct lu_node *concat)
{
	const struct lu_node *norm = lu_graph_only_user(l->graph, concat);
	int64_t axis = lu_node_int(concat, "axis", 1);

	if (!lu_own_may_run(l) || !lu_node_is(norm, "BatchNormalization") || norm->in[0] != concat->out[0] ||
	    tensor(l, concat->out[0])->shape.rank != 4 || (axis != 1 && axis != -3) ||
	    (norm->fused.activation != LU_ACTIVATION_NONE && norm->fused.activation != LU_ACTIVATION_RELU) ||
	    norm->fused.addend >= 0 || lu_node_int(norm, "training_mode", 0))
		return NULL;
	for (int i = 1; i < 5; i++)
		if (tensor(l, norm->in[i])->data == NULL)
			return NULL;
	return norm;
}

/* The buffers of all pieces; '*fits' tells whether they lie channels-last. */
static enum lu_status find_pieces(struct lu_lowering *l, const struct lu_node *concat, int *buffers, int64_t *widths,
				  bool *fits, struct lu_error *err)
{
	*fits = true;
	for (int i = 0; i < concat->n_in && *fits; i++) {
		const_dnnl_memory_desc_t md = lu_own_channels_last(l, &tensor(l, concat->in[i])->shape);
		enum lu_status status;
		struct lu_form form;

		status = lu_onednn_form(l, concat->in[i], &form, err);
		if (status != LU_OK)
			return status;
		*fits = lu_onednn_same_bytes(form.md, md);
		buffers[i] = form.buffer;
		widths[i] = tensor(l, concat->in[i])->shape.dim[1];
	}
	return LU_OK;
}

/* Mean, scale and shift of a normalisation, by channel. */
static enum lu_status add_numbers(struct lu_lowering *l, const struct lu_node *norm, struct lu_join *join,
				  struct lu_error *err)
{
	const double epsilon = lu_node_float(norm, "epsilon", 1e-5f);
	const int64_t n = join->channels;
	enum lu_status status;
	float *numbers;
	int unused;

	LU_TRY(lu_lower_weights(l, 3 * (size_t)n * sizeof(*numbers), &numbers, &unused, err));
	for (int64_t c = 0; c < n; c++) {
		numbers[c] = (float)lu_tensor_get(tensor(l, norm->in[3]), c);
		numbers[n + c] = (float)(lu_tensor_get(tensor(l, norm->in[1]), c) /
					 sqrt(lu_tensor_get(tensor(l, norm->in[4]), c) + epsilon));
		numbers[2 * n + c] = (float)lu_tensor_get(tensor(l, norm->in[2]), c);
	}
	join->mean = numbers;
	join->scale = numbers + n;
	join->shift = numbers + 2 * n;
out:
	return status;
}

enum lu_status lu_onednn_join(struct lu_lowering *l, const struct lu_node *concat, bool *taken, struct lu_error *err)
{
	struct lu_onednn_lowering *data = l->engine_data;
	struct lu_step step = {.what = concat->name, .op = "Concat, norm", .kernel = "join", .scratch = -1, .run = run};
	const struct lu_node *norm = lu_node_is(concat, "Concat") ? find_norm(l, concat) : NULL;
	int in[LU_MAX_CALL], out;
	int64_t widths[LU_MAX_CALL];
	const_dnnl_memory_desc_t md;
	struct lu_join *join;
	enum lu_status status;
	bool fits;

	if (norm == NULL)
		return LU_OK;
	LU_TRY(find_pieces(l, concat, in, widths, &fits, err));
	if (!fits)
		return LU_OK;
	step.shape = tensor(l, norm->out[0])->shape;
	md = lu_own_channels_last(l, &step.shape);
	LU_TRY(lu_onednn_make(l, norm->out[0], md, &out, err));
	LU_TRY(lu_lower_take(l, &join, 1, sizeof(*join), err));
	*join = (struct lu_join){
		.pixels = step.shape.dim[0] * step.shape.dim[2] * step.shape.dim[3],
		.channels = step.shape.dim[1],
		.pieces = concat->n_in,
		.relu = norm->fused.activation == LU_ACTIVATION_RELU,
	};
	LU_TRY(lu_pool_copy(&l->graph->pool, &join->widths, widths, (size_t)concat->n_in, sizeof(*widths), "a plan",
			    err));
	LU_TRY(add_numbers(l, norm, join, err));
	step.state = join;
	data->done[norm - l->graph->nodes] = true;
	*taken = true;
	LU_TRY(lu_lower_step(l, &step, in, concat->n_in, &out, 1, err));
out:
	return status;
}

#endif
