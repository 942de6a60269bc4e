/*
 * forms.c: in what layout, or as what integers, a value is held now, and the steps that bring it into another form.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/kernels/convert_int8.h"
#include "nn/onednn/parts.h"

static struct lu_form *form_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->forms[value];
}

static const struct lu_steps_form *integers_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->integers[value];
}

static const struct lu_places *places_of(const struct lu_lowering *l, int value)
{
	return &((struct lu_onednn_lowering *)l->engine_data)->places[value];
}

static enum lu_status run_quantise(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_convert_to(step->state, session->memory[step->in[0]], session->memory[step->out[0]]);
	return LU_OK;
}

static enum lu_status run_dequantise(const struct lu_step *step, struct lu_session *session, struct lu_error *err)
{
	(void)err;
	lu_convert_from(step->state, session->memory[step->in[0]], session->memory[step->out[0]]);
	return LU_OK;
}

enum lu_status lu_onednn_convert(struct lu_lowering *l, const struct lu_onednn_point *p, const_dnnl_memory_desc_t md,
				 int in, int out, bool to_integers, struct lu_error *err)
{
	const struct lu_node *node = l->node < l->graph->n_nodes ? &l->graph->nodes[l->node] : NULL;
	struct lu_step step = {.what = node != NULL ? node->name : "outputs",
			       .op = to_integers ? "QuantizeLinear" : "(dequantize)",
			       .kernel = "landuse",
			       .scratch = -1};
	struct lu_convert *c;
	enum lu_status status = lu_lower_take(l, &c, 1, sizeof(*c), err);

	if (status != LU_OK)
		return status;
	*c = (struct lu_convert){
		.count = (int64_t)(dnnl_memory_desc_get_size(md) / dnnl_data_type_size(lu_dnnl_type(md))),
		.scale = p->scale,
		.low = (float)(p->low - p->zero),
		.high = (float)(p->high - p->zero),
		.zero = p->zero,
		.is_signed = p->type == dnnl_s8};
	step.state = c;
	step.run = to_integers ? run_quantise : run_dequantise;
	step.shape.rank = lu_dnnl_rank(md);
	for (int d = 0; d < step.shape.rank && d < LU_MAX_RANK; d++)
		step.shape.dim[d] = lu_dnnl_dims(md)[d];
	return lu_lower_step(l, &step, &in, 1, &out, 1, err);
}

void lu_onednn_hold(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int buffer)
{
	const_dnnl_memory_desc_t plain = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);

	if (dnnl_memory_desc_equal(md, plain))
		l->plain[value] = buffer;
	else
		*form_of(l, value) = (struct lu_form){.held = true, .md = md, .buffer = buffer};
}

enum lu_status lu_onednn_make(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int *buffer,
			      struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(lu_onednn_buffer(l, md, buffer, err));
	lu_onednn_hold(l, value, md, *buffer);
out:
	return status;
}

enum lu_status lu_onednn_from_integers(struct lu_lowering *l, int value, struct lu_error *err)
{
	const struct lu_steps_form from = *integers_of(l, value);
	struct lu_form form = {true, from.md, from.buffer};
	const_dnnl_memory_desc_t md = lu_onednn_retype(l, from.md, dnnl_f32);
	enum lu_status status;
	int buffer;

	if (from.scale > 0) {
		const struct lu_onednn_point p = {
			.scale = from.scale, .zero = from.zero, .type = lu_dnnl_type(from.md)};

		status = lu_onednn_make(l, value, md, &buffer, err);
		if (status == LU_OK)
			status = lu_onednn_convert(l, &p, md, from.buffer, buffer, false, err);
		return status;
	}
	md = lu_onednn_plain_of(l, &l->graph->values[value].tensor.shape, lu_dnnl_type(from.md));
	if (dnnl_memory_desc_equal(md, from.md)) {
		l->plain[value] = from.buffer;
		return LU_OK;
	}
	LU_TRY(lu_lower_output(l, value, &buffer, err));
	LU_TRY(lu_onednn_reorder(l, &form, md, buffer, err));
out:
	return status;
}

enum lu_status lu_onednn_form(struct lu_lowering *l, int value, struct lu_form *form, struct lu_error *err)
{
	const bool made = form_of(l, value)->held || l->plain[value] >= 0;
	enum lu_status status = LU_OK;

	if (!made && integers_of(l, value)->held)
		status = lu_onednn_from_integers(l, value, err);
	else if (!made && places_of(l, value)->held)
		status = lu_onednn_from_places(l, value, err);
	if (status != LU_OK)
		return status;
	*form = *form_of(l, value);
	if (form->held)
		return LU_OK;
	form->md = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);
	if (form->md == NULL)
		return lu_onednn_no_layout(err);
	return lu_lower_plain(l, value, &form->buffer, err);
}

bool lu_onednn_may_overwrite(const struct lu_lowering *l, int value, int buffer)
{
	/* What a front hands over is the plan's own. */
	const bool own = l->plan->buffers[buffer].kind == LU_BUFFER_ARENA ||
			 (l->plan->front != NULL && buffer == l->plan->input_buffers[0]);

	if (!own || !lu_lower_is_last_use(l, value))
		return false;
	/* A view of it may be read later. */
	for (int i = 0; i < l->graph->n_values; i++)
		if (i != value &&
		    (l->plain[i] == buffer || (form_of(l, i)->held && form_of(l, i)->buffer == buffer) ||
		     (integers_of(l, i)->held && integers_of(l, i)->buffer == buffer) ||
		     (places_of(l, i)->held && places_of(l, i)->buffer == buffer)) &&
		    !lu_lower_is_last_use(l, i))
			return false;
	return true;
}

enum lu_status lu_onednn_want(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int *buffer,
			      struct lu_error *err)
{
	const_dnnl_memory_desc_t plain = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);
	enum lu_status status;
	struct lu_form form;

	if (dnnl_memory_desc_equal(md, plain))
		return lu_lower_plain(l, value, buffer, err);
	LU_TRY(lu_onednn_form(l, value, &form, err));
	*buffer = form.buffer;
	if (lu_onednn_same_bytes(md, form.md))
		return LU_OK;
	LU_TRY(lu_onednn_buffer(l, md, buffer, err));
	LU_TRY(lu_onednn_reorder(l, &form, md, *buffer, err));
	/* Later readers will probably want the same. */
	if (!form.held)
		lu_onednn_hold(l, value, md, *buffer);
out:
	return status;
}

enum lu_status lu_onednn_plain(struct lu_lowering *l, int value, struct lu_error *err)
{
	const_dnnl_memory_desc_t md = lu_onednn_plain_md(l, &l->graph->values[value].tensor.shape);
	enum lu_status status = LU_OK;
	struct lu_form from;
	int buffer;

	if (!form_of(l, value)->held && places_of(l, value)->held)
		return lu_onednn_from_places(l, value, err);
	if (!form_of(l, value)->held) {
		LU_TRY(lu_onednn_from_integers(l, value, err));
		if (l->plain[value] >= 0)
			return LU_OK;
	}
	from = *form_of(l, value);
	buffer = from.buffer;
	if (!lu_onednn_same_bytes(md, from.md)) {
		LU_TRY(lu_onednn_buffer(l, md, &buffer, err));
		LU_TRY(lu_onednn_reorder(l, &from, md, buffer, err));
	}
	l->plain[value] = buffer;
out:
	return status;
}

#endif
