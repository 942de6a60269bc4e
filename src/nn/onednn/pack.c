/*
 * pack.c: constants of a network brought into the layouts that primitives want, once, while planning.
 *
 * Where oneDNN's own reorders are not to be trusted with that, numbers are placed one by one.
 */
#include "nn/plan/engine.h"

#ifdef LU_WITH_ONEDNN

#include "base/memory.h"
#include "nn/onednn/parts.h"

/*
 * A place in a layout of strides and inner blocks is a sum of one offset for each axis: 'offset' has them, axis behind
 * axis. False where the layout is none of these, or has more to it than its numbers (int8's compensations).
 */
struct places {
	int rank;
	const dnnl_dim_t *dims;
	size_t *offset[LU_MAX_RANK];
};

static bool is_all_numbers(const_dnnl_memory_desc_t md, const struct lu_blocks *b)
{
	size_t bytes = dnnl_data_type_size(lu_dnnl_type(md));

	for (int i = 0; i < lu_dnnl_rank(md); i++)
		bytes *= (size_t)b->padded[i];
	return bytes == dnnl_memory_desc_get_size(md);
}

/* The last of the inner blocks varies fastest. */
static size_t offset_of(const struct lu_blocks *b, int axis, dnnl_dim_t i)
{
	size_t offset = 0, step = 1;

	for (int k = b->count - 1; k >= 0; k--) {
		if (b->axes[k] == axis) {
			offset += (size_t)(i % b->sizes[k]) * step;
			i /= b->sizes[k];
		}
		step *= (size_t)b->sizes[k];
	}
	return offset + (size_t)(i * b->strides[axis]);
}

/* 'memory' is to be freed. */
static enum lu_status find_places(const_dnnl_memory_desc_t md, const struct lu_blocks *b, struct places *p,
				  size_t **memory, struct lu_error *err)
{
	enum lu_status status;
	size_t count = 0;

	*p = (struct places){.rank = lu_dnnl_rank(md), .dims = lu_dnnl_dims(md)};
	for (int i = 0; i < p->rank; i++)
		count += (size_t)p->dims[i];
	status = lu_alloc(memory, count, sizeof(**memory), "a plan", err);
	if (status != LU_OK)
		return status;
	p->offset[0] = *memory;
	for (int i = 0; i < p->rank; i++) {
		for (dnnl_dim_t k = 0; k < p->dims[i]; k++)
			p->offset[i][k] = offset_of(b, i, k);
		if (i + 1 < p->rank)
			p->offset[i + 1] = p->offset[i] + p->dims[i];
	}
	return LU_OK;
}

/* To the nearest, of two the even one; NaN stays NaN. */
static uint16_t to_bf16(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	if (x != x)
		return (uint16_t)(bits >> 16 | 0x40);
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static void put(void *to, size_t at, const void *from, size_t from_at, dnnl_data_type_t type)
{
	if (type == dnnl_f32)
		((float *)to)[at] = ((const float *)from)[from_at];
	else if (type == dnnl_bf16)
		((uint16_t *)to)[at] = to_bf16(((const float *)from)[from_at]);
	else
		((int8_t *)to)[at] = ((const int8_t *)from)[from_at];
}

static void place_all(const struct places *from, const void *raw, const struct places *to, void *packed,
		      dnnl_data_type_t type)
{
	const int last = from->rank - 1;
	dnnl_dim_t at[LU_MAX_RANK] = {0};
	int axis;

	do {
		size_t source = 0, target = 0;

		for (int i = 0; i < last; i++) {
			source += from->offset[i][at[i]];
			target += to->offset[i][at[i]];
		}
		for (dnnl_dim_t k = 0; k < from->dims[last]; k++)
			put(packed, target + to->offset[last][k], raw, source + from->offset[last][k], type);
		for (axis = last - 1; axis >= 0 && ++at[axis] == from->dims[axis]; axis--)
			at[axis] = 0;
	} while (axis >= 0);
}

/*
 * oneDNN 3.7.2's reorders to layouts with blocks of two axes lose numbers and leave the padding as it was, where a size
 * is no multiple of its block (35 x 33 x 3 x 3 to ABcd16b16a, any odd depth to AB8b16a2b), and later layers are wrong in silence. So
 * with version 3 numbers are placed here, '*done' being false where that cannot be.
 */
static enum lu_status place(const void *raw, const_dnnl_memory_desc_t from, void *packed, const_dnnl_memory_desc_t to,
			    bool *done, struct lu_error *err)
{
	const dnnl_data_type_t type = lu_dnnl_type(to), source = lu_dnnl_type(from);
	size_t *memory[2] = {NULL, NULL};
	struct places places[2];
	struct lu_blocks b[2];
	enum lu_status status;

	*done = DNNL_VERSION_MAJOR >= 3 && (type == source || (type == dnnl_bf16 && source == dnnl_f32)) &&
		(type == dnnl_f32 || type == dnnl_bf16 || type == dnnl_s8) && source != dnnl_bf16 &&
		lu_dnnl_rank(to) <= LU_MAX_RANK && lu_dnnl_blocks(from, &b[0]) && lu_dnnl_blocks(to, &b[1]) &&
		is_all_numbers(to, &b[1]);
	if (!*done)
		return LU_OK;
	memset(packed, 0, dnnl_memory_desc_get_size(to));
	LU_TRY(find_places(from, &b[0], &places[0], &memory[0], err));
	LU_TRY(find_places(to, &b[1], &places[1], &memory[1], err));
	place_all(&places[0], raw, &places[1], packed, type);
out:
	lu_free(memory[0]);
	lu_free(memory[1]);
	return status;
}

static enum lu_status reorder(const struct lu_lowering *l, void *raw, const_dnnl_memory_desc_t from, void *packed,
			      const_dnnl_memory_desc_t to, struct lu_error *err)
{
	dnnl_engine_t engine = lu_onednn_engine(l);
	dnnl_memory_t source = NULL, target = NULL;
	dnnl_primitive_desc_t pd = NULL;
	dnnl_primitive_t primitive = NULL;
	dnnl_stream_t stream = NULL;
	enum lu_status status;

	LU_TRY(LU_ONEDNN(dnnl_memory_create(&source, from, engine, raw)));
	LU_TRY(LU_ONEDNN(dnnl_memory_create(&target, to, engine, packed)));
	LU_TRY(LU_ONEDNN(dnnl_reorder_primitive_desc_create(&pd, from, engine, to, engine, NULL)));
	LU_TRY(LU_ONEDNN(dnnl_primitive_create(&primitive, pd)));
	LU_TRY(LU_ONEDNN(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags)));
	const dnnl_exec_arg_t args[] = {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, target}};

	LU_TRY(LU_ONEDNN(dnnl_primitive_execute(primitive, stream, 2, args)));
	LU_TRY(LU_ONEDNN(dnnl_stream_wait(stream)));
out:
	dnnl_stream_destroy(stream);
	dnnl_primitive_destroy(primitive);
	dnnl_primitive_desc_destroy(pd);
	dnnl_memory_destroy(target);
	dnnl_memory_destroy(source);
	return status;
}

enum lu_status lu_onednn_pack(struct lu_lowering *l, const float *data, const_dnnl_memory_desc_t from,
			      const_dnnl_memory_desc_t to, int *buffer, struct lu_error *err)
{
	enum lu_status status;
	void *packed, *raw;
	bool done;

	if (from == NULL || to == NULL)
		return lu_onednn_no_layout(err);
	memcpy(&raw, &data, sizeof(raw));
	LU_TRY(lu_lower_weights(l, dnnl_memory_desc_get_size(to), &packed, buffer, err));
	if (l->plan->sketch)
		goto out;
	LU_TRY(place(raw, from, packed, to, &done, err));
	if (!done)
		LU_TRY(reorder(l, raw, from, packed, to, err));
out:
	return status;
}

#endif
