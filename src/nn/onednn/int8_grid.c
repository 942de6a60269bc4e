/*
 * int8_grid.c: values on grids of 8-bit integers: how they lie, and which layer makes them.
 *
 * Takes nodes and values of the graph; gives grids, layouts, and the QuantizeLinear a layer's result is for.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include <math.h>
#include <string.h>

#include "nn/onednn/int8_parts.h"

bool lu_int8_point(const struct lu_lowering *l, const struct lu_node *node, struct lu_onednn_point *p)
{
	const struct lu_tensor *scale = lu_int8_tensor(l, node->in[1]);
	int zero = lu_node_in(node, 2);
	enum lu_type type = lu_int8_tensor(l, node->in[0])->type;

	if (lu_node_is(node, "QuantizeLinear"))
		type = lu_int8_tensor(l, node->out[0])->type;
	if (scale->data == NULL || lu_shape_count(&scale->shape) != 1 || scale->type != LU_TYPE_FLOAT32 ||
	    (type != LU_TYPE_UINT8 && type != LU_TYPE_INT8) || (zero >= 0 && lu_int8_tensor(l, zero)->data == NULL))
		return false;
	*p = (struct lu_onednn_point){.scale = *(const float *)scale->data,
				      .zero = zero >= 0 ? (int)lu_tensor_get_int(lu_int8_tensor(l, zero), 0) : 0,
				      .low = type == LU_TYPE_UINT8 ? 0 : -128,
				      .high = type == LU_TYPE_UINT8 ? 255 : 127,
				      .type = type == LU_TYPE_UINT8 ? dnnl_u8 : dnnl_s8};
	return isfinite(p->scale) && p->scale > 1e-30f;
}

bool lu_int8_layout(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type,
		    const_dnnl_memory_desc_t *md)
{
	dnnl_dims_t dims;

	if (shape->rank != 2 && shape->rank != 4)
		return false;
	for (int i = 0; i < shape->rank; i++)
		dims[i] = shape->dim[i];
	*md = lu_onednn_tagged(l, shape->rank, dims, type, shape->rank == 4 ? dnnl_acdb : dnnl_ab);
	return *md != NULL;
}

void lu_int8_hold(struct lu_lowering *l, int value, const_dnnl_memory_desc_t md, int buffer, float scale, int zero)
{
	*lu_int8_form(l, value) = (struct lu_steps_form){true, md, buffer, scale, zero};
}

enum lu_status lu_int8_arrange(struct lu_lowering *l, int value, struct lu_error *err)
{
	struct lu_steps_form *at = lu_int8_form(l, value), from = *at;
	struct lu_form form = {true, from.md, from.buffer};
	enum lu_status status;
	const_dnnl_memory_desc_t md;

	if (!lu_int8_layout(l, &lu_int8_tensor(l, value)->shape, lu_dnnl_type(from.md), &md))
		return LU_OK;
	if (lu_onednn_same_bytes(md, from.md)) {
		at->md = md;
		return LU_OK;
	}
	LU_TRY(lu_onednn_buffer(l, md, &at->buffer, err));
	LU_TRY(lu_onednn_reorder(l, &form, md, at->buffer, err));
out:
	at->md = md;
	return status;
}

bool lu_int8_can_saturate(enum lu_activation activation)
{
	return activation == LU_ACTIVATION_NONE || activation == LU_ACTIVATION_RELU || activation == LU_ACTIVATION_CLIP;
}

struct lu_int8_target lu_int8_find_target(const struct lu_lowering *l, const struct lu_node *node)
{
	const struct lu_node *user = lu_graph_only_user(l->graph, node);
	struct lu_int8_target t = {.value = node->out[0], .p = {.scale = 1, .type = dnnl_f32}};
	struct lu_onednn_point p;

	if (!lu_node_is(user, "QuantizeLinear") || user->in[0] != node->out[0] || !lu_int8_point(l, user, &p))
		return t;
	return (struct lu_int8_target){.value = user->out[0], .integers = true, .p = p};
}

void lu_int8_drop_slow(dnnl_primitive_desc_t *pd)
{
	if (*pd == NULL || strncmp(lu_dnnl_kernel(*pd), "ref", 3) != 0)
		return;
	dnnl_primitive_desc_destroy(*pd);
	*pd = NULL;
}

enum lu_status lu_int8_created(dnnl_status_t status, dnnl_primitive_attr_t attr, dnnl_primitive_desc_t *pd,
			       struct lu_error *err)
{
	enum lu_status made = lu_onednn_created(status, attr, pd, err);

	if (made == LU_OK)
		lu_int8_drop_slow(pd);
	return made;
}

enum lu_status lu_int8_add_constants(struct lu_lowering *l, int arg, dnnl_data_type_t type, const void *data,
				     int64_t count, struct lu_onednn_arg *args, int *n_args, struct lu_error *err)
{
	const struct lu_shape shape = {.rank = 1, .dim = {count}};
	const size_t bytes = (size_t)count * dnnl_data_type_size(type);
	struct lu_onednn_arg *to = &args[*n_args];
	enum lu_status status;
	void *copy;

	if (!LU_DNNL_SCALES_FIRST)
		return LU_OK;
	*to = (struct lu_onednn_arg){arg, lu_onednn_plain_of(l, &shape, type), -1, 0};
	status = lu_lower_weights(l, bytes, &copy, &to->buffer, err);
	if (status != LU_OK)
		return status;
	memcpy(copy, data, bytes);
	++*n_args;
	return LU_OK;
}

#endif
