/*
 * layouts.c: where the numbers of a tensor lie: layouts made, kept by the plan, compared; oneDNN's failures as ours.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "nn/onednn/parts.h"

enum lu_status lu_onednn_status(dnnl_status_t status, const char *what, struct lu_error *err)
{
	if (status == dnnl_success)
		return LU_OK;
	if (status == dnnl_out_of_memory)
		return lu_fail(err, LU_ERROR_MEMORY, "oneDNN: no memory (%.40s)", what);
	return lu_fail(err, LU_ERROR_UNSUPPORTED, "oneDNN: error %d in %.60s; try engine blas", (int)status, what);
}

enum lu_status lu_onednn_no_layout(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a plan");
}

static struct lu_onednn_plan *state(const struct lu_lowering *l)
{
	return l->plan->engine_state;
}

dnnl_engine_t lu_onednn_engine(const struct lu_lowering *l)
{
	return state(l)->engine;
}

/* Instruction sets are sets of bits; ONEDNN_MAX_CPU_ISA may cap them. */
bool lu_onednn_has(dnnl_cpu_isa_t isa)
{
	return (dnnl_get_effective_cpu_isa() & isa) == isa;
}

const_dnnl_memory_desc_t lu_onednn_keep(struct lu_lowering *l, dnnl_status_t made, dnnl_memory_desc_t md)
{
	struct lu_onednn_layout *layout;
	struct lu_error ignored = {0};

	if (made != dnnl_success)
		return NULL;
	if (lu_lower_take(l, &layout, 1, sizeof(*layout), &ignored) != LU_OK) {
		dnnl_memory_desc_destroy(md);
		return NULL;
	}
	*layout = (struct lu_onednn_layout){md, state(l)->layouts};
	state(l)->layouts = layout;
	return lu_dnnl_view(&layout->md);
}

const_dnnl_memory_desc_t lu_onednn_queried(struct lu_lowering *l, const_dnnl_primitive_desc_t pd, dnnl_query_t what)
{
	dnnl_memory_desc_t md = {0};
	dnnl_status_t made = lu_dnnl_clone(&md, dnnl_primitive_desc_query_md(pd, what, 0));

	return lu_onednn_keep(l, made, md);
}

const_dnnl_memory_desc_t lu_onednn_tagged(struct lu_lowering *l, int rank, const dnnl_dims_t dims,
					  dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t md = {0};
	dnnl_status_t made = dnnl_memory_desc_create_with_tag(&md, rank, dims, type, tag);

	return lu_onednn_keep(l, made, md);
}

const_dnnl_memory_desc_t lu_onednn_strided(struct lu_lowering *l, int rank, const dnnl_dims_t dims,
					   dnnl_data_type_t type, const dnnl_dims_t strides)
{
	dnnl_memory_desc_t md = {0};
	dnnl_status_t made = dnnl_memory_desc_create_with_strides(&md, rank, dims, type, strides);

	return lu_onednn_keep(l, made, md);
}

const_dnnl_memory_desc_t lu_onednn_plain_of(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type)
{
	dnnl_dims_t dims = {1}, strides = {1};
	dnnl_dim_t step = 1;

	for (int i = shape->rank - 1; i >= 0; i--) {
		dims[i] = shape->dim[i];
		strides[i] = step;
		step *= shape->dim[i];
	}
	return lu_onednn_strided(l, shape->rank ? shape->rank : 1, dims, type, strides);
}

const_dnnl_memory_desc_t lu_onednn_plain_md(struct lu_lowering *l, const struct lu_shape *shape)
{
	return lu_onednn_plain_of(l, shape, dnnl_f32);
}

const_dnnl_memory_desc_t lu_onednn_any_md(struct lu_lowering *l, const struct lu_shape *shape, dnnl_data_type_t type)
{
	dnnl_dims_t dims = {1};

	for (int i = 0; i < shape->rank; i++)
		dims[i] = shape->dim[i];
	return lu_onednn_tagged(l, shape->rank ? shape->rank : 1, dims, type, dnnl_format_tag_any);
}

const_dnnl_memory_desc_t lu_onednn_retype(struct lu_lowering *l, const_dnnl_memory_desc_t md, dnnl_data_type_t type)
{
	struct lu_shape shape = {.rank = lu_dnnl_rank(md)};
	dnnl_memory_desc_t other = {0};
	dnnl_status_t made = lu_dnnl_retype(&other, md, type);

	if (made != dnnl_unimplemented || shape.rank > LU_MAX_RANK)
		return lu_onednn_keep(l, made, other);
	for (int i = 0; i < shape.rank; i++)
		shape.dim[i] = lu_dnnl_dims(md)[i];
	return lu_onednn_plain_of(l, &shape, type);
}

dnnl_data_type_t lu_onednn_type(const struct lu_lowering *l)
{
	return l->plan->precision == LU_PRECISION_BF16 ? dnnl_bf16 : dnnl_f32;
}

bool lu_onednn_strides(const_dnnl_memory_desc_t md, int64_t strides[DNNL_MAX_NDIMS])
{
	const dnnl_dim_t *dims = lu_dnnl_dims(md);
	struct lu_blocks b;

	if (!lu_dnnl_blocks(md, &b) || b.count > 1)
		return false;
	for (int i = 0; i < lu_dnnl_rank(md); i++) {
		if (b.padded[i] != dims[i])
			return false;
		strides[i] = b.strides[i];
	}
	if (b.count == 1) {
		int axis = (int)b.axes[0];

		if (dims[axis] != b.sizes[0] && b.strides[axis] != b.sizes[0])
			return false;
		strides[axis] = 1;
	}
	return true;
}

bool lu_onednn_same_bytes(const_dnnl_memory_desc_t a, const_dnnl_memory_desc_t b)
{
	int64_t strides_a[DNNL_MAX_NDIMS], strides_b[DNNL_MAX_NDIMS];

	if (dnnl_memory_desc_equal(a, b))
		return true;
	if (lu_dnnl_type(a) != lu_dnnl_type(b) || lu_dnnl_rank(a) != lu_dnnl_rank(b) ||
	    !lu_onednn_strides(a, strides_a) || !lu_onednn_strides(b, strides_b))
		return false;
	for (int i = 0; i < lu_dnnl_rank(a); i++) {
		int64_t size = lu_dnnl_dims(a)[i];

		if (size != lu_dnnl_dims(b)[i] || (size > 1 && strides_a[i] != strides_b[i]))
			return false;
	}
	return true;
}

#endif
