/*
 * apart.c: which operators keep the chips of a batch apart?
 *
 * A network exported for one chip is run on many by enlarging axis 0. That is right only if every
 * operator treats each index of axis 0 alone. Shapes cannot prove it (an addition along a row of 4
 * pixels looks like one along 4 chips), so each row of the table names one of these questions. They may
 * assume that every input that is not constant carries the chips on axis 0.
 */
#include <string.h>

#include "nn/ops/list.h"

static bool is_constant(const struct lu_call *call, int i)
{
	return call->in[i] != NULL && call->in[i]->data != NULL;
}

bool lu_apart_always(const struct lu_call *call)
{
	for (int i = 1; i < call->n_in; i++)
		if (call->in[i] != NULL && !is_constant(call, i))
			return false; /* weights that depend on the image */
	return true;
}

/* Are all indices of a constant's axis 0 alike? */
static bool repeats(const struct lu_tensor *t)
{
	const char *data = t->data;
	const int64_t count = t->shape.rank > 0 ? t->shape.dim[0] : 0;
	const size_t bytes = (size_t)lu_shape_span(&t->shape, 1, t->shape.rank) * lu_type_size(t->type);

	for (int64_t i = 1; i < count; i++)
		if (memcmp(data, data + (size_t)i * bytes, bytes) != 0)
			return false;
	return true;
}

/* Not when 'axis' names the batch; where it is not given the operators' defaults (1 or -1) do not. */
bool lu_apart_axis(const struct lu_call *call)
{
	int64_t axis = lu_node_int(call->node, "axis", 1);
	int rank = call->in[0]->shape.rank;

	/* A constant among the operands of Concat must be the same beside every chip. */
	for (int i = 0; i < call->n_in; i++)
		if (is_constant(call, i) && lu_node_is(call->node, "Concat") && !repeats(call->in[i]))
			return false;
	return axis != 0 && axis != -rank && rank > 1;
}

bool lu_apart_perm(const struct lu_call *call)
{
	const int64_t *perm;
	size_t n;

	perm = lu_node_ints(call->node, "perm", &n);
	return perm != NULL && n && perm[0] == 0;
}

/* No element moves, so it is enough that the shapes go on starting with the batch, which the caller checks. */
bool lu_apart_view(const struct lu_call *call)
{
	return lu_apart_always(call);
}

/* Broadcasting aligns at the right: every operand with chips must have all the dimensions, and no constant an axis 0. */
bool lu_apart_broadcast(const struct lu_call *call)
{
	int rank = call->out[0]->shape.rank;

	for (int i = 0; i < call->n_in; i++) {
		const struct lu_shape *shape = &call->in[i]->shape;

		if (is_constant(call, i) ? shape->rank == rank && rank && shape->dim[0] != 1 : shape->rank != rank)
			return false;
	}
	return true;
}

bool lu_apart_gemm(const struct lu_call *call)
{
	bool bias = call->n_in > 2 && call->in[2] != NULL;

	if (is_constant(call, 0) || !is_constant(call, 1) || lu_node_int(call->node, "transA", 0))
		return false;
	return !bias || (is_constant(call, 2) && (call->in[2]->shape.rank < 2 || call->in[2]->shape.dim[0] == 1));
}

bool lu_apart_matmul(const struct lu_call *call)
{
	int rank_a = call->in[0]->shape.rank, rank_b = call->in[1]->shape.rank;

	if (is_constant(call, 0))
		return false;
	return is_constant(call, 1) ? rank_a >= 2 && rank_b <= 2 : rank_a >= 3 && rank_a == rank_b;
}
