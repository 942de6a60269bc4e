/*
 * view.c: operators that change the shape and leave every element where it is.
 *
 * A plan gives their output the memory of their input; the kernel is only run on constants.
 */
#include <string.h>

#include "nn/ops/list.h"

enum lu_status lu_rule_identity(struct lu_call *call, struct lu_error *err)
{
	const struct lu_tensor *ratio = call->in[1], *training = call->in[2];

	/* Dropout may be told to train: then its result is random, unless nothing is dropped. */
	if (training != NULL && !(training->data != NULL && lu_tensor_get_int(training, 0) == 0) &&
	    !(ratio != NULL && ratio->data != NULL && lu_tensor_get(ratio, 0) == 0))
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "training is not run");
	lu_call_out(call, 0, call->in[0]->type, &call->in[0]->shape);
	lu_call_out(call, 1, LU_TYPE_BOOL, &call->in[0]->shape); /* Dropout's mask */
	return LU_OK;
}

void lu_kernel_copy(struct lu_call *call)
{
	size_t bytes = (size_t)lu_shape_count(&call->in[0]->shape) * lu_type_size(call->in[0]->type);

	if (bytes)
		memcpy(call->out[0]->data, call->in[0]->data, bytes);
}

/* Dropout outside of training: everything is kept. */
void lu_kernel_dropout(struct lu_call *call)
{
	lu_kernel_copy(call);
	if (call->n_out > 1 && call->out[1] != NULL)
		memset(call->out[1]->data, 1, (size_t)lu_shape_count(&call->in[0]->shape));
}

enum lu_status lu_rule_reshape(struct lu_call *call, struct lu_error *err)
{
	bool zero_is_zero = lu_node_int(call->node, "allowzero", 0) != 0;
	const struct lu_shape *in = &call->in[0]->shape;
	int64_t dims[LU_MAX_RANK], known = 1, total = lu_shape_count(in);
	char text_in[LU_SHAPE_TEXT], text_out[LU_SHAPE_TEXT];
	struct lu_shape out = {0};
	enum lu_status status;
	int open = -1;
	size_t bytes;

	status = lu_call_ints(call, 1, dims, &out.rank, err);
	if (status != LU_OK)
		return status;
	for (int i = 0; i < out.rank; i++) {
		out.dim[i] = dims[i];
		if (dims[i] == 0 && !zero_is_zero) {
			if (i >= in->rank)
				return lu_call_fail(call, err, LU_ERROR_FORMAT,
						    "its shape copies dimension %d, which the input lacks", i);
			out.dim[i] = in->dim[i];
		} else if (dims[i] == -1 && open < 0) {
			open = i;
			out.dim[i] = 1;
		}
	}
	if (!lu_shape_bytes(&out, call->in[0]->type, &bytes))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "its shape is impossible");
	known = lu_shape_count(&out);
	if (open >= 0 && known > 0)
		out.dim[open] = total / known;
	if (lu_shape_count(&out) != total)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "%s cannot be reshaped to %s",
				    lu_shape_text(in, text_in), lu_shape_text(&out, text_out));
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

enum lu_status lu_rule_flatten(struct lu_call *call, struct lu_error *err)
{
	const struct lu_shape *in = &call->in[0]->shape;
	int64_t axis = lu_node_int(call->node, "axis", 1);
	struct lu_shape out = {.rank = 2};

	if (axis < -in->rank || axis > in->rank)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %lld of %d dimensions", (long long)axis,
				    in->rank);
	if (axis < 0)
		axis += in->rank;
	out.dim[0] = lu_shape_span(in, 0, (int)axis);
	out.dim[1] = lu_shape_span(in, (int)axis, in->rank);
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

enum lu_status lu_rule_squeeze(struct lu_call *call, struct lu_error *err)
{
	const struct lu_shape *in = &call->in[0]->shape;
	struct lu_shape out = {0};
	bool axes[LU_MAX_RANK], given;
	enum lu_status status;

	status = lu_call_axes(call, 1, in->rank, axes, &given, err);
	if (status != LU_OK)
		return status;
	for (int i = 0; i < in->rank; i++) {
		if (given && axes[i] && in->dim[i] != 1)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "axis %d has length %lld, not 1", i,
					    (long long)in->dim[i]);
		if (given ? !axes[i] : in->dim[i] != 1)
			out.dim[out.rank++] = in->dim[i];
	}
	lu_call_out(call, 0, call->in[0]->type, &out);
	return LU_OK;
}

enum lu_status lu_rule_unsqueeze(struct lu_call *call, struct lu_error *err)
{
	const struct lu_shape *in = &call->in[0]->shape;
	struct lu_shape out = {0};
	bool axes[LU_MAX_RANK], given;
	int64_t list[LU_MAX_RANK];
	enum lu_status status;
	size_t n = 0;
	int count, from = 0;

	LU_TRY(lu_call_ints(call, 1, list, &count, err));
	if (count < 0)
		lu_node_ints(call->node, "axes", &n);
	else
		n = (size_t)count;
	if (n < 1 || n + (size_t)in->rank > LU_MAX_RANK)
		return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "%zu new axes on %d dimensions", n, in->rank);
	out.rank = in->rank + (int)n;
	LU_TRY(lu_call_axes(call, 1, out.rank, axes, &given, err));
	for (int i = 0; i < out.rank; i++)
		out.dim[i] = axes[i] ? 1 : in->dim[from++];
	lu_call_out(call, 0, call->in[0]->type, &out);
out:
	return status;
}
