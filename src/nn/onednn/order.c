/*
 * order.c: Concat and Transpose on oneDNN: the same numbers in other places.
 *
 * Where a layout can tell it, nothing is copied.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <string.h>

#include "nn/onednn/parts.h"

static const struct lu_fused nothing = {.addend = -1};

enum lu_status lu_onednn_concat(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	int64_t axis = lu_node_int(node, "axis", 1);
	const_dnnl_memory_desc_t mds[LU_MAX_CALL], dst = lu_onednn_any_md(l, out, lu_onednn_type(l));
	struct lu_onednn_arg args[LU_MAX_CALL + 1];
	dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t pd = NULL;
	enum lu_status status;

	if (out->rank < 2 || out->rank > 5)
		return LU_OK;
	axis += axis < 0 ? out->rank : 0;
	for (int i = 0; i < node->n_in; i++) {
		struct lu_form form;

		LU_TRY(lu_onednn_form(l, node->in[i], &form, err));
		mds[i] = lu_onednn_retype(l, form.md, lu_onednn_type(l));
		args[i] = (struct lu_onednn_arg){DNNL_ARG_MULTIPLE_SRC + i, mds[i], -1, 0};
	}
	LU_TRY(lu_onednn_attr(&nothing, false, &attr, err));
	LU_TRY(LU_ONEDNN(lu_dnnl_concat(&pd, lu_onednn_engine(l), dst, node->n_in, (int)axis, mds, attr)));
	/* Tokens of a transformer that do not lie as each other. */
	if (strncmp(lu_dnnl_kernel(pd), "ref", 3) == 0 && lu_onednn_type(l) == dnnl_f32) {
		status = lu_onednn_copy_pieces(l, node, taken, err);
		goto out;
	}
	for (int i = 0; i < node->n_in; i++)
		LU_TRY(lu_onednn_want(l, node->in[i], mds[i], &args[i].buffer, err));
	dst = lu_onednn_queried(l, pd, dnnl_query_dst_md);
	args[node->n_in] = (struct lu_onednn_arg){DNNL_ARG_DST, dst, -1, 0};
	LU_TRY(lu_onednn_make(l, node->out[0], dst, &args[node->n_in].buffer, err));
	*taken = true;
	status = lu_onednn_step(l, node, node->op->name, pd, args, node->n_in + 1, err);
	pd = NULL; /* the step's */
out:
	dnnl_primitive_attr_destroy(attr);
	dnnl_primitive_desc_destroy(pd);
	return status;
}

/* The same numbers in the same place, their dimensions in another order. */
static const_dnnl_memory_desc_t turn(struct lu_lowering *l, const_dnnl_memory_desc_t from, const int64_t *strides,
				     const int64_t *perm)
{
	dnnl_dims_t dims, turned;

	for (int i = 0; i < lu_dnnl_rank(from); i++) {
		dims[i] = lu_dnnl_dims(from)[perm[i]];
		turned[i] = strides[perm[i]];
	}
	return lu_onednn_strided(l, lu_dnnl_rank(from), dims, lu_dnnl_type(from), turned);
}

/*
 * Nothing moves where the value's layout can be told by strides: its dimensions get other names. Where it cannot, one
 * reorder makes the plain result.
 */
enum lu_status lu_onednn_transpose(struct lu_lowering *l, const struct lu_node *node, bool *taken, struct lu_error *err)
{
	const struct lu_tensor *in = &l->graph->values[node->in[0]].tensor;
	const struct lu_shape *out = &l->graph->values[node->out[0]].tensor.shape;
	int64_t perm[LU_MAX_RANK], strides[DNNL_MAX_NDIMS], plain[LU_MAX_RANK];
	const_dnnl_memory_desc_t from, to;
	enum lu_status status;
	struct lu_form form;
	const int64_t *given;
	int buffer;
	size_t n;

	if (in->data != NULL || in->shape.rank < 2 || in->shape.rank > 6)
		return LU_OK;
	given = lu_node_ints(node, "perm", &n);
	for (int i = 0; i < in->shape.rank; i++)
		perm[i] = given != NULL ? given[i] : in->shape.rank - 1 - i;
	LU_TRY(lu_onednn_form(l, node->in[0], &form, err));
	buffer = form.buffer;
	from = form.md;
	if (!lu_onednn_strides(form.md, strides)) {
		dnnl_dims_t dims;

		lu_shape_strides(out, plain);
		for (int i = 0; i < in->shape.rank; i++) {
			strides[perm[i]] = plain[i];
			dims[i] = in->shape.dim[i];
		}
		from = lu_onednn_strided(l, in->shape.rank, dims, dnnl_f32, strides);
		LU_TRY(lu_onednn_want(l, node->in[0], from, &buffer, err));
	}
	to = turn(l, from, strides, perm);
	if (to == NULL)
		return lu_onednn_no_layout(err);
	lu_onednn_hold(l, node->out[0], to, buffer);
	*taken = true;
out:
	return status;
}

#endif
