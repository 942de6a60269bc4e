/*
 * passes.c: the order of the passes.
 */
#include "nn/passes/passes.h"

enum lu_status lu_passes(struct lu_graph *graph, struct lu_error *err)
{
	static lu_pass
		*const passes[] =
			{
				lu_pass_einsum,          lu_pass_drop_identity,
				lu_pass_layer_norm, /* before the means over space become pools */
				lu_pass_recognise,       lu_pass_attention, /* before Transposes are put together */
				lu_pass_channels_last,   lu_pass_flatten_concat,
				lu_pass_fold_pad,        lu_pass_fold_affine,
				lu_pass_fuse_add, /* before activations: y = relu(conv + addend) */
				lu_pass_fuse_activation,
			};
	enum lu_status status;

	LU_TRY(lu_graph_sweep(graph, err));
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		LU_TRY(passes[i](graph, err));
		LU_TRY(lu_graph_sweep(graph, err));
	}
out:
	return status;
}
