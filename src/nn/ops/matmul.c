/*
 * matmul.c: Gemm and MatMul, sums in double.
 */
#include "nn/ops/list.h"

enum lu_status lu_rule_gemm(struct lu_call *call, struct lu_error *err)
{
	bool trans_a = lu_node_int(call->node, "transA", 0) != 0, trans_b = lu_node_int(call->node, "transB", 0) != 0;
	const struct lu_shape *a, *b;
	struct lu_shape out = {.rank = 2}, broadcast;
	enum lu_status status;

	LU_TRY(lu_call_check(call, 0, LU_TYPE_FLOAT32, 2, 2, err));
	LU_TRY(lu_call_check(call, 1, LU_TYPE_FLOAT32, 2, 2, err));
	if (call->in[2] != NULL)
		LU_TRY(lu_call_check(call, 2, LU_TYPE_FLOAT32, 0, 2, err));
	a = &call->in[0]->shape;
	b = &call->in[1]->shape;
	out.dim[0] = a->dim[trans_a];
	out.dim[1] = b->dim[!trans_b];
	if (a->dim[!trans_a] != b->dim[trans_b])
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "inner dimensions are %lld and %lld",
				    (long long)a->dim[!trans_a], (long long)b->dim[trans_b]);
	if (call->in[2] != NULL) {
		LU_TRY(lu_call_broadcast(call, &out, &call->in[2]->shape, &broadcast, err));
		if (!lu_shape_equal(&out, &broadcast))
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "C does not broadcast to the product");
	}
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &out);
out:
	return status;
}

/* Y = alpha A' B' + beta C, where ' transposes if the attribute says so. */
void lu_kernel_gemm(struct lu_call *call)
{
	bool trans_a = lu_node_int(call->node, "transA", 0) != 0, trans_b = lu_node_int(call->node, "transB", 0) != 0;
	double alpha = lu_node_float(call->node, "alpha", 1), beta = lu_node_float(call->node, "beta", 1);
	const struct lu_tensor *a = call->in[0], *b = call->in[1], *c = call->in[2];
	const struct lu_shape *out = &call->out[0]->shape;
	int64_t depth = a->shape.dim[!trans_a];
	int64_t step_a = trans_a ? a->shape.dim[1] : 1, step_b = trans_b ? 1 : b->shape.dim[1];
	int64_t c_stride[LU_MAX_RANK] = {0};

	if (c != NULL)
		lu_broadcast_strides(&c->shape, out, c_stride);
	for (int64_t i = 0; i < out->dim[0]; i++)
		for (int64_t j = 0; j < out->dim[1]; j++) {
			const float *x = (const float *)a->data + (trans_a ? i : i * depth);
			const float *w = (const float *)b->data + (trans_b ? j * depth : j);
			double sum = 0;

			for (int64_t k = 0; k < depth; k++)
				sum += (double)x[k * step_a] * w[k * step_b];
			sum *= alpha;
			if (c != NULL)
				sum += beta * ((const float *)c->data)[i * c_stride[0] + j * c_stride[1]];
			((float *)call->out[0]->data)[i * out->dim[1] + j] = (float)sum;
		}
}

/* numpy.matmul: a vector gains a dimension of 1 for the product and loses it after. */
static void as_matrices(const struct lu_call *call, struct lu_shape *a, struct lu_shape *b)
{
	*a = call->in[0]->shape;
	*b = call->in[1]->shape;
	if (a->rank == 1) {
		a->rank = 2;
		a->dim[1] = a->dim[0];
		a->dim[0] = 1;
	}
	if (b->rank == 1) {
		b->rank = 2;
		b->dim[1] = 1;
	}
}

/* The stacks of matrices, without the last two dimensions, and what they broadcast to. */
static enum lu_status stack_shape(const struct lu_call *call, struct lu_shape a, struct lu_shape b,
				  struct lu_shape *stack, struct lu_error *err)
{
	a.rank -= 2;
	b.rank -= 2;
	return lu_call_broadcast(call, &a, &b, stack, err);
}

enum lu_status lu_rule_matmul(struct lu_call *call, struct lu_error *err)
{
	struct lu_shape a, b, out;
	enum lu_status status = LU_OK;

	for (int i = 0; i < 2; i++)
		LU_TRY(lu_call_check(call, i, call->in[0]->type == LU_TYPE_INT32 ? LU_TYPE_INT32 : LU_TYPE_FLOAT32, 1,
				     LU_MAX_RANK, err));
	as_matrices(call, &a, &b);
	if (a.dim[a.rank - 1] != b.dim[b.rank - 2])
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "inner dimensions are %lld and %lld",
				    (long long)a.dim[a.rank - 1], (long long)b.dim[b.rank - 2]);
	LU_TRY(stack_shape(call, a, b, &out, err));
	if (call->in[0]->shape.rank > 1)
		out.dim[out.rank++] = a.dim[a.rank - 2];
	if (call->in[1]->shape.rank > 1)
		out.dim[out.rank++] = b.dim[b.rank - 1];
	lu_call_out(call, 0, call->in[0]->type, &out);
out:
	return status;
}

void lu_kernel_matmul(struct lu_call *call)
{
	struct lu_shape a, b, stack, stack_a, stack_b;
	int64_t rows, columns, depth, matrices, at = 0;
	struct lu_walk walk;

	as_matrices(call, &a, &b);
	stack_shape(call, a, b, &stack, NULL);
	rows = a.dim[a.rank - 2];
	depth = a.dim[a.rank - 1];
	columns = b.dim[b.rank - 1];
	stack_a = a;
	stack_a.rank -= 2;
	stack_b = b;
	stack_b.rank -= 2;
	matrices = lu_shape_count(&stack);
	lu_walk_start(&walk, &stack);
	walk.operands = 2;
	lu_broadcast_strides(&stack_a, &stack, walk.stride[0]);
	lu_broadcast_strides(&stack_b, &stack, walk.stride[1]);
	for (int64_t m = 0; m < matrices; m++, lu_walk_step(&walk))
		for (int64_t i = 0; i < rows; i++)
			for (int64_t j = 0; j < columns; j++) {
				double sum = 0;

				for (int64_t k = 0; k < depth; k++)
					sum += lu_tensor_get(call->in[0], (walk.offset[0] * rows + i) * depth + k) *
					       lu_tensor_get(call->in[1], (walk.offset[1] * depth + k) * columns + j);
				lu_tensor_set(call->out[0], at++, sum);
			}
}
