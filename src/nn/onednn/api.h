/*
 * api.h: oneDNN's C interface of version 3, also where 2.6 is installed.
 *
 * The engine speaks version 3: descriptors of memory are handles, primitives come from one call each. Below, 2.6 is taught the
 * same words. Where the versions differ in meaning, the function here begins with lu_dnnl_ and says how.
 */
#ifndef LU_NN_ONEDNN_API_H
#define LU_NN_ONEDNN_API_H

#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A layout's strides and inner blocks, where it is made of such. */
struct lu_blocks {
	const dnnl_dim_t *padded, *strides, *sizes, *axes; /* 'count' sizes and axes */
	int count;
};

/* The name of the kernel that a primitive will run; it belongs to 'pd'. */
static inline const char *lu_dnnl_kernel(const_dnnl_primitive_desc_t pd)
{
	const char *text = NULL;

	return dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &text) == dnnl_success && text != NULL
		       ? text
		       : "oneDNN";
}

/*
 * Does asking for a kernel for these weights (outputs, inputs, then the window) end the process? oneDNN 3.7 divides by zero
 * while it weighs its 1x1 kernel with channels last for the sizes of ResNet-50, on AMD's processors at least and for every
 * type; a layout in blocks of channels passes that kernel by. Found by trying 23 x 23 sizes; to look again, ask for all pairs
 * of 16 to 4096 channels, each in a process of its own.
 */
static inline bool lu_dnnl_divides_by_zero(int rank, const dnnl_dim_t *weights)
{
	static const dnnl_dim_t sizes[][2] = {{1024, 256}, {1024, 512}, {2048, 512}, {512, 1024}, {2048, 1024}};

	if (DNNL_VERSION_MAJOR < 3 || rank < 3 || rank > 4 || weights[2] != 1 || weights[rank - 1] != 1)
		return false;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (weights[0] == sizes[i][0] && weights[1] == sizes[i][1])
			return true;
	return false;
}

#if DNNL_VERSION_MAJOR >= 3

/*
 * Scales multiply sums of products before the bias is added, and are given as arguments of a primitive, as zero
 * points are. Version 2 adds the bias first, and has both as attributes.
 */
enum { LU_DNNL_SCALES_FIRST = 1 };

/* The number of dimensions, their sizes, the type of the elements. */
static inline int lu_dnnl_rank(const_dnnl_memory_desc_t md)
{
	int rank = 0;

	return dnnl_memory_desc_query(md, dnnl_query_ndims_s32, &rank) == dnnl_success ? rank : 0;
}

static inline const dnnl_dim_t *lu_dnnl_dims(const_dnnl_memory_desc_t md)
{
	const dnnl_dims_t *dims = NULL;

	return dnnl_memory_desc_query(md, dnnl_query_dims, &dims) == dnnl_success ? *dims : NULL;
}

static inline dnnl_data_type_t lu_dnnl_type(const_dnnl_memory_desc_t md)
{
	dnnl_data_type_t type = dnnl_data_type_undef;

	return dnnl_memory_desc_query(md, dnnl_query_data_type, &type) == dnnl_success ? type : dnnl_data_type_undef;
}

/* False where a layout has no such description, or does not begin at its memory's first byte. */
static inline bool lu_dnnl_blocks(const_dnnl_memory_desc_t md, struct lu_blocks *b)
{
	dnnl_format_kind_t kind = dnnl_format_kind_undef;
	const dnnl_dims_t *padded, *strides, *sizes, *axes;
	dnnl_dim_t offset = 1;

	if (dnnl_memory_desc_query(md, dnnl_query_format_kind, &kind) != dnnl_success || kind != dnnl_blocked ||
	    dnnl_memory_desc_query(md, dnnl_query_submemory_offset_s64, &offset) != dnnl_success || offset ||
	    dnnl_memory_desc_query(md, dnnl_query_padded_dims, &padded) != dnnl_success ||
	    dnnl_memory_desc_query(md, dnnl_query_strides, &strides) != dnnl_success ||
	    dnnl_memory_desc_query(md, dnnl_query_inner_nblks_s32, &b->count) != dnnl_success ||
	    dnnl_memory_desc_query(md, dnnl_query_inner_blks, &sizes) != dnnl_success ||
	    dnnl_memory_desc_query(md, dnnl_query_inner_idxs, &axes) != dnnl_success)
		return false;
	b->padded = *padded;
	b->strides = *strides;
	b->sizes = *sizes;
	b->axes = *axes;
	return true;
}

/* The same layout of elements of another type. Version 3 has no call for it, but names for all layouts of results. */
static inline dnnl_status_t lu_dnnl_retype(dnnl_memory_desc_t *to, const_dnnl_memory_desc_t md, dnnl_data_type_t type)
{
	static const dnnl_format_tag_t tags[] = {dnnl_aBc16b,  dnnl_aBcd16b, dnnl_aBcde16b, dnnl_aBc8b,  dnnl_aBcd8b,
						 dnnl_aBcde8b, dnnl_aBc4b,   dnnl_aBcd4b,   dnnl_aBcde4b};
	const int rank = lu_dnnl_rank(md);
	const dnnl_dim_t *dims = lu_dnnl_dims(md);
	struct lu_blocks b;

	if (!dims || !lu_dnnl_blocks(md, &b))
		return dnnl_unimplemented;
	if (!b.count && memcmp(b.padded, dims, (size_t)rank * sizeof(*dims)) == 0)
		return dnnl_memory_desc_create_with_strides(to, rank, dims, type, b.strides);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		dnnl_memory_desc_t same = NULL;
		bool found;

		if (dnnl_memory_desc_create_with_tag(&same, rank, dims, lu_dnnl_type(md), tags[i]) != dnnl_success)
			continue;
		found = dnnl_memory_desc_equal(same, md);
		dnnl_memory_desc_destroy(same);
		if (found)
			return dnnl_memory_desc_create_with_tag(to, rank, dims, type, tags[i]);
	}
	return dnnl_unimplemented;
}

/* How the engine holds a descriptor that it owns: see lu_onednn_keep. */
static inline const_dnnl_memory_desc_t lu_dnnl_view(const dnnl_memory_desc_t *owned)
{
	return *owned;
}

static inline dnnl_status_t lu_dnnl_clone(dnnl_memory_desc_t *to, const_dnnl_memory_desc_t md)
{
	return dnnl_memory_desc_clone(to, md);
}

static inline dnnl_status_t lu_dnnl_concat(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
					   const_dnnl_memory_desc_t dst, int n, int axis,
					   const const_dnnl_memory_desc_t *src, const_dnnl_primitive_attr_t attr)
{
	return dnnl_concat_primitive_desc_create(pd, engine, dst, n, axis, src, attr);
}

static inline dnnl_status_t lu_dnnl_append_eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t kind, float alpha, float beta)
{
	return dnnl_post_ops_append_eltwise(ops, kind, alpha, beta);
}

static inline dnnl_status_t lu_dnnl_get_eltwise(const_dnnl_post_ops_t ops, int i, dnnl_alg_kind_t *kind, float *alpha,
						float *beta)
{
	return dnnl_post_ops_get_params_eltwise(ops, i, kind, alpha, beta);
}

static inline dnnl_status_t lu_dnnl_append_sum(dnnl_post_ops_t ops, float scale, dnnl_data_type_t type)
{
	return dnnl_post_ops_append_sum(ops, scale, 0, type);
}

/* One scale a channel: along the first axis of the weights, and the second where groups are the first. */
static inline dnnl_status_t lu_dnnl_set_channel_scales(dnnl_primitive_attr_t attr, int64_t count, const float *scales,
						       bool groups)
{
	(void)count, (void)scales;
	return dnnl_primitive_attr_set_scales_mask(attr, DNNL_ARG_WEIGHTS, groups ? 3 : 1);
}

static inline dnnl_status_t lu_dnnl_set_scale(dnnl_primitive_attr_t attr, int arg, float scale)
{
	(void)scale;
	return dnnl_primitive_attr_set_scales_mask(attr, arg, 0);
}

static inline dnnl_status_t lu_dnnl_set_zero_point(dnnl_primitive_attr_t attr, int arg, int32_t zero)
{
	(void)zero;
	return dnnl_primitive_attr_set_zero_points_mask(attr, arg, 0);
}

/* Change '*pd' to its first kernel whose name begins with 'kernel'; it stays as it is where there is none. */
static inline dnnl_status_t lu_dnnl_find(dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const char *kernel)
{
	dnnl_primitive_desc_t next = NULL;
	dnnl_status_t status = dnnl_primitive_desc_clone(&next, *pd);

	(void)engine;
	while (status == dnnl_success && strncmp(lu_dnnl_kernel(next), kernel, strlen(kernel)) != 0)
		status = dnnl_primitive_desc_next_impl(next);
	dnnl_primitive_desc_destroy(status == dnnl_success ? *pd : next);
	if (status == dnnl_success)
		*pd = next;
	return status == dnnl_out_of_memory ? status : dnnl_success;
}

#else

typedef const dnnl_memory_desc_t *const_dnnl_memory_desc_t;

enum {
	LU_DNNL_SCALES_FIRST = 0,
	DNNL_ARG_ATTR_SCALES = 0, /* never an argument */
	LU_DNNL_MAX_CONCAT = 64,
};

static inline int lu_dnnl_rank(const_dnnl_memory_desc_t md)
{
	return md != NULL ? md->ndims : 0;
}

static inline const dnnl_dim_t *lu_dnnl_dims(const_dnnl_memory_desc_t md)
{
	return md != NULL ? md->dims : NULL;
}

static inline dnnl_data_type_t lu_dnnl_type(const_dnnl_memory_desc_t md)
{
	return md != NULL ? md->data_type : dnnl_data_type_undef;
}

static inline bool lu_dnnl_blocks(const_dnnl_memory_desc_t md, struct lu_blocks *b)
{
	if (md == NULL || md->format_kind != dnnl_blocked || md->offset0 || md->extra.flags)
		return false;
	*b = (struct lu_blocks){md->padded_dims, md->format_desc.blocking.strides, md->format_desc.blocking.inner_blks,
				md->format_desc.blocking.inner_idxs, md->format_desc.blocking.inner_nblks};
	return true;
}

static inline dnnl_status_t lu_dnnl_retype(dnnl_memory_desc_t *to, const_dnnl_memory_desc_t md, dnnl_data_type_t type)
{
	if (md == NULL)
		return dnnl_invalid_arguments;
	*to = *md;
	to->data_type = type;
	return dnnl_success;
}

static inline const_dnnl_memory_desc_t lu_dnnl_view(const dnnl_memory_desc_t *owned)
{
	return owned;
}

static inline dnnl_status_t lu_dnnl_clone(dnnl_memory_desc_t *to, const_dnnl_memory_desc_t md)
{
	return md != NULL ? (*to = *md, dnnl_success) : dnnl_invalid_arguments;
}

static inline dnnl_status_t dnnl_memory_desc_create_with_tag(dnnl_memory_desc_t *md, int rank, const dnnl_dims_t dims,
							     dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	return dnnl_memory_desc_init_by_tag(md, rank, dims, type, tag);
}

static inline dnnl_status_t dnnl_memory_desc_create_with_strides(dnnl_memory_desc_t *md, int rank,
								 const dnnl_dims_t dims, dnnl_data_type_t type,
								 const dnnl_dims_t strides)
{
	return dnnl_memory_desc_init_by_strides(md, rank, dims, type, strides);
}

static inline dnnl_status_t dnnl_memory_desc_destroy(dnnl_memory_desc_t md)
{
	(void)md;
	return dnnl_success;
}

/* The second half of every ..._primitive_desc_create: from what 'init' said of the operation. */
static inline dnnl_status_t lu_dnnl_described(dnnl_status_t init, dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
					      const_dnnl_op_desc_t op, const_dnnl_primitive_attr_t attr)
{
	return init == dnnl_success ? dnnl_primitive_desc_create(pd, op, attr, engine, NULL) : init;
}

static inline dnnl_status_t dnnl_convolution_forward_primitive_desc_create(
	dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_prop_kind_t prop, dnnl_alg_kind_t alg,
	const_dnnl_memory_desc_t src, const_dnnl_memory_desc_t weights, const_dnnl_memory_desc_t bias,
	const_dnnl_memory_desc_t dst, const dnnl_dims_t strides, const dnnl_dims_t dilates, const dnnl_dims_t begin,
	const dnnl_dims_t end, const_dnnl_primitive_attr_t attr)
{
	dnnl_convolution_desc_t op;

	return lu_dnnl_described(dnnl_dilated_convolution_forward_desc_init(&op, prop, alg, src, weights, bias, dst,
									    strides, dilates, begin, end),
				 pd, engine, &op, attr);
}

static inline dnnl_status_t
dnnl_inner_product_forward_primitive_desc_create(dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_prop_kind_t prop,
						 const_dnnl_memory_desc_t src, const_dnnl_memory_desc_t weights,
						 const_dnnl_memory_desc_t bias, const_dnnl_memory_desc_t dst,
						 const_dnnl_primitive_attr_t attr)
{
	dnnl_inner_product_desc_t op;

	return lu_dnnl_described(dnnl_inner_product_forward_desc_init(&op, prop, src, weights, bias, dst), pd, engine,
				 &op, attr);
}

static inline dnnl_status_t
dnnl_matmul_primitive_desc_create(dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const_dnnl_memory_desc_t src,
				  const_dnnl_memory_desc_t weights, const_dnnl_memory_desc_t bias,
				  const_dnnl_memory_desc_t dst, const_dnnl_primitive_attr_t attr)
{
	dnnl_matmul_desc_t op;

	return lu_dnnl_described(dnnl_matmul_desc_init(&op, src, weights, bias, dst), pd, engine, &op, attr);
}

static inline dnnl_status_t dnnl_pooling_forward_primitive_desc_create(
	dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_prop_kind_t prop, dnnl_alg_kind_t alg,
	const_dnnl_memory_desc_t src, const_dnnl_memory_desc_t dst, const dnnl_dims_t strides, const dnnl_dims_t kernel,
	const dnnl_dims_t dilates, const dnnl_dims_t begin, const dnnl_dims_t end, const_dnnl_primitive_attr_t attr)
{
	dnnl_pooling_v2_desc_t op;

	return lu_dnnl_described(
		dnnl_pooling_v2_forward_desc_init(&op, prop, alg, src, dst, strides, kernel, dilates, begin, end), pd,
		engine, &op, attr);
}

/* Version 2 normalises into the layout of its source, as version 3 is asked to. */
static inline dnnl_status_t dnnl_batch_normalization_forward_primitive_desc_create(
	dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_prop_kind_t prop, const_dnnl_memory_desc_t src,
	const_dnnl_memory_desc_t dst, float epsilon, unsigned flags, const_dnnl_primitive_attr_t attr)
{
	dnnl_batch_normalization_desc_t op;

	(void)dst;
	return lu_dnnl_described(dnnl_batch_normalization_forward_desc_init(&op, prop, src, epsilon, flags), pd, engine,
				 &op, attr);
}

static inline dnnl_status_t dnnl_layer_normalization_forward_primitive_desc_create(
	dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_prop_kind_t prop, const_dnnl_memory_desc_t src,
	const_dnnl_memory_desc_t dst, const_dnnl_memory_desc_t statistics, float epsilon, unsigned flags,
	const_dnnl_primitive_attr_t attr)
{
	dnnl_layer_normalization_desc_t op;

	(void)dst;
	return lu_dnnl_described(dnnl_layer_normalization_forward_desc_init(&op, prop, src, statistics, epsilon, flags),
				 pd, engine, &op, attr);
}

static inline dnnl_status_t dnnl_lrn_forward_primitive_desc_create(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
								   dnnl_prop_kind_t prop, dnnl_alg_kind_t alg,
								   const_dnnl_memory_desc_t src,
								   const_dnnl_memory_desc_t dst, dnnl_dim_t size,
								   float alpha, float beta, float k,
								   const_dnnl_primitive_attr_t attr)
{
	dnnl_lrn_desc_t op;

	(void)dst;
	return lu_dnnl_described(dnnl_lrn_forward_desc_init(&op, prop, alg, src, size, alpha, beta, k), pd, engine, &op,
				 attr);
}

static inline dnnl_status_t dnnl_softmax_forward_primitive_desc_create(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
								       dnnl_prop_kind_t prop, dnnl_alg_kind_t alg,
								       const_dnnl_memory_desc_t src,
								       const_dnnl_memory_desc_t dst, int axis,
								       const_dnnl_primitive_attr_t attr)
{
	dnnl_softmax_v2_desc_t op;

	return lu_dnnl_described(dnnl_softmax_v2_forward_desc_init(&op, prop, alg, src, dst, axis), pd, engine, &op,
				 attr);
}

static inline dnnl_status_t dnnl_eltwise_forward_primitive_desc_create(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
								       dnnl_prop_kind_t prop, dnnl_alg_kind_t alg,
								       const_dnnl_memory_desc_t src,
								       const_dnnl_memory_desc_t dst, float alpha,
								       float beta, const_dnnl_primitive_attr_t attr)
{
	dnnl_eltwise_desc_t op;

	(void)dst;
	return lu_dnnl_described(dnnl_eltwise_forward_desc_init(&op, prop, alg, src, alpha, beta), pd, engine, &op,
				 attr);
}

static inline dnnl_status_t dnnl_binary_primitive_desc_create(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
							      dnnl_alg_kind_t alg, const_dnnl_memory_desc_t src0,
							      const_dnnl_memory_desc_t src1,
							      const_dnnl_memory_desc_t dst,
							      const_dnnl_primitive_attr_t attr)
{
	dnnl_binary_desc_t op;

	return lu_dnnl_described(dnnl_binary_desc_init(&op, alg, src0, src1, dst), pd, engine, &op, attr);
}

static inline dnnl_status_t lu_dnnl_concat(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
					   const_dnnl_memory_desc_t dst, int n, int axis,
					   const const_dnnl_memory_desc_t *src, const_dnnl_primitive_attr_t attr)
{
	dnnl_memory_desc_t in[LU_DNNL_MAX_CONCAT];

	if (n > LU_DNNL_MAX_CONCAT)
		return dnnl_unimplemented;
	for (int i = 0; i < n; i++)
		in[i] = *src[i];
	return dnnl_concat_primitive_desc_create(pd, dst, n, axis, in, attr, engine);
}

static inline dnnl_status_t lu_dnnl_append_eltwise(dnnl_post_ops_t ops, dnnl_alg_kind_t kind, float alpha, float beta)
{
	return dnnl_post_ops_append_eltwise(ops, 1, kind, alpha, beta);
}

static inline dnnl_status_t lu_dnnl_get_eltwise(const_dnnl_post_ops_t ops, int i, dnnl_alg_kind_t *kind, float *alpha,
						float *beta)
{
	float scale; /* 1, see above */

	return dnnl_post_ops_get_params_eltwise(ops, i, &scale, kind, alpha, beta);
}

static inline dnnl_status_t lu_dnnl_append_sum(dnnl_post_ops_t ops, float scale, dnnl_data_type_t type)
{
	return dnnl_post_ops_append_sum_v2(ops, scale, type);
}

/* Version 2 scales the results, in which channels are the second axis. */
static inline dnnl_status_t lu_dnnl_set_channel_scales(dnnl_primitive_attr_t attr, int64_t count, const float *scales,
						       bool groups)
{
	(void)groups;
	return dnnl_primitive_attr_set_output_scales(attr, count, 1 << 1, scales);
}

static inline dnnl_status_t lu_dnnl_set_scale(dnnl_primitive_attr_t attr, int arg, float scale)
{
	return dnnl_primitive_attr_set_scales(attr, arg, 1, 0, &scale);
}

static inline dnnl_status_t lu_dnnl_set_zero_point(dnnl_primitive_attr_t attr, int arg, int32_t zero)
{
	return dnnl_primitive_attr_set_zero_points(attr, arg, 1, 0, &zero);
}

static inline dnnl_status_t lu_dnnl_find(dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const char *kernel)
{
	dnnl_primitive_desc_iterator_t all = NULL;
	const_dnnl_primitive_attr_t attr = NULL;
	dnnl_primitive_desc_t next = NULL;
	const_dnnl_op_desc_t op = NULL;
	dnnl_status_t status = dnnl_primitive_desc_query(*pd, dnnl_query_op_d, 0, &op);

	if (status == dnnl_success)
		status = dnnl_primitive_desc_get_attr(*pd, &attr);
	if (status == dnnl_success)
		status = dnnl_primitive_desc_iterator_create(&all, op, attr, engine, NULL);
	while (status == dnnl_success && next == NULL) {
		next = dnnl_primitive_desc_iterator_fetch(all);
		if (next == NULL) {
			status = dnnl_out_of_memory;
		} else if (strncmp(lu_dnnl_kernel(next), kernel, strlen(kernel)) != 0) {
			dnnl_primitive_desc_destroy(next);
			next = NULL;
			status = dnnl_primitive_desc_iterator_next(all);
		}
	}
	if (next != NULL) {
		dnnl_primitive_desc_destroy(*pd);
		*pd = next;
	}
	dnnl_primitive_desc_iterator_destroy(all);
	return status == dnnl_out_of_memory ? status : dnnl_success;
}

#endif

#endif
