/*
 * attention.c: Attention, of the keys and values of one call: without those of earlier ones.
 *
 * Operands are N x heads x rows x numbers, or N x rows x (heads numbers) with the heads as attributes.
 */
#include <math.h>

#include "nn/ops/attention.h"
#include "nn/ops/list.h"

enum { Q, K, V, MASK, PAST_KEY };

/* Heads, rows and numbers of an operand, and how far it is from each to the next. */
struct operand {
	int64_t chips, heads, rows, numbers;
	struct lu_attention_strides strides;
};

static enum lu_status read_operand(const struct lu_call *call, int i, const char *attribute, struct operand *o,
				   struct lu_error *err)
{
	const struct lu_shape *shape = &call->in[i]->shape;
	int64_t heads = lu_node_int(call->node, attribute, 0);

	if (shape->rank == 4) {
		*o = (struct operand){shape->dim[0], shape->dim[1], shape->dim[2], shape->dim[3], {0}};
		o->strides.row = o->numbers;
		o->strides.head = o->numbers * o->rows;
	} else {
		if (heads < 1 || shape->dim[2] % heads != 0)
			return lu_call_fail(call, err, LU_ERROR_FORMAT, "%s is %lld, for %lld numbers a row", attribute,
					    (long long)heads, (long long)shape->dim[2]);
		*o = (struct operand){shape->dim[0], heads, shape->dim[1], shape->dim[2] / heads, {0}};
		o->strides.row = shape->dim[2];
		o->strides.head = o->numbers;
	}
	o->strides.chip = o->numbers * o->rows * o->heads;
	o->strides.column = 1;
	return LU_OK;
}

/* The mask is broadcast to N x heads x queries x keys. */
static enum lu_status read_mask(const struct lu_call *call, struct lu_attention *a, struct lu_error *err)
{
	const struct lu_shape scores = {.rank = 4, .dim = {a->chips, a->heads, a->queries, a->keys}};
	const struct lu_tensor *mask = call->in[MASK];
	int64_t strides[LU_MAX_RANK];
	struct lu_shape broadcast;
	enum lu_status status;

	if (mask == NULL)
		return LU_OK;
	LU_TRY(lu_call_check(call, MASK, mask->type == LU_TYPE_BOOL ? LU_TYPE_BOOL : LU_TYPE_FLOAT32, 0, 4, err));
	LU_TRY(lu_call_broadcast(call, &scores, &mask->shape, &broadcast, err));
	if (!lu_shape_equal(&scores, &broadcast))
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "the mask does not broadcast to the scores");
	lu_broadcast_strides(&mask->shape, &scores, strides);
	a->mask = (struct lu_attention_strides){strides[0], strides[1], strides[2], strides[3]};
out:
	return status;
}

enum lu_status lu_attention_of(const struct lu_call *call, struct lu_attention *a, struct lu_error *err)
{
	enum lu_status status;
	struct operand o[3];

	for (int i = Q; i <= V; i++) {
		LU_TRY(lu_call_check(call, i, LU_TYPE_FLOAT32, 3, 4, err));
		LU_TRY(read_operand(call, i, i == Q ? "q_num_heads" : "kv_num_heads", &o[i], err));
	}
	for (int i = PAST_KEY; i < call->n_in; i++)
		if (call->in[i] != NULL)
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED,
					    "input %d is not supported: keys are those of this call, all of them", i);
	for (int i = 1; i < call->n_out; i++)
		if (call->out[i] != NULL)
			return lu_call_fail(call, err, LU_ERROR_UNSUPPORTED, "landuse makes its first output alone");
	if (o[K].chips != o[Q].chips || o[V].chips != o[Q].chips || o[K].numbers != o[Q].numbers ||
	    o[K].rows != o[V].rows || o[K].heads != o[V].heads || o[K].heads < 1 || o[Q].heads % o[K].heads != 0)
		return lu_call_fail(call, err, LU_ERROR_FORMAT, "queries, keys and values do not go together");
	*a = (struct lu_attention){
		.chips = o[Q].chips,
		.heads = o[Q].heads,
		.queries = o[Q].rows,
		.keys = o[K].rows,
		.depth = o[Q].numbers,
		.width = o[V].numbers,
		.group = o[Q].heads / o[K].heads,
		.q = o[Q].strides,
		.k = o[K].strides,
		.v = o[V].strides,
		.scale = lu_node_float(call->node, "scale", 0),
		.causal = lu_node_int(call->node, "is_causal", 0) != 0,
		.softcap = lu_node_float(call->node, "softcap", 0),
	};
	if (lu_node_attribute(call->node, "scale") == NULL)
		a->scale = (float)(1 / sqrt((double)a->depth));
	a->y = (struct lu_attention_strides){a->heads * a->queries * a->width, a->queries * a->width, a->width, 1};
	if (call->in[Q]->shape.rank == 3) {
		a->y.head = a->width;
		a->y.row = a->heads * a->width;
	}
	LU_TRY(read_mask(call, a, err));
out:
	return status;
}

enum lu_status lu_rule_attention(struct lu_call *call, struct lu_error *err)
{
	struct lu_shape out = {0};
	struct lu_attention a;
	enum lu_status status;

	LU_TRY(lu_attention_of(call, &a, err));
	out = call->in[Q]->shape;
	out.dim[out.rank - 1] = out.rank == 3 ? a.heads * a.width : a.width;
	call->scratch_bytes = (size_t)(a.keys > 0 ? a.keys : 1) * sizeof(double);
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &out);
out:
	return status;
}

/* One score: minus infinity where the query may not see the key. */
static double score_of(const struct lu_attention *a, const float *q, const float *k, const struct lu_tensor *mask,
		       int64_t at, bool hidden)
{
	double score = 0;

	for (int64_t i = 0; i < a->depth; i++)
		score += (double)q[i * a->q.column] * k[i * a->k.column];
	score *= a->scale;
	if (a->softcap != 0)
		score = a->softcap * tanh(score / a->softcap);
	if (mask != NULL && mask->type == LU_TYPE_FLOAT32)
		score += lu_tensor_get(mask, at);
	else if (mask != NULL)
		hidden |= lu_tensor_get_int(mask, at) == 0;
	return hidden ? -INFINITY : score;
}

/* The result of one query of one head. */
static void attend(const struct lu_attention *a, const float *q, const float *k, const float *v,
		   const struct lu_tensor *mask, int64_t mask_at, int64_t query, double *scores, float *y)
{
	double top = -INFINITY, sum = 0;

	for (int64_t j = 0; j < a->keys; j++) {
		scores[j] =
			score_of(a, q, k + j * a->k.row, mask, mask_at + j * a->mask.column, a->causal && j > query);
		top = scores[j] > top || isnan(scores[j]) ? scores[j] : top;
	}
	for (int64_t j = 0; j < a->keys; j++)
		sum += scores[j] = exp(scores[j] - top);
	for (int64_t i = 0; i < a->width; i++) {
		double result = 0;

		for (int64_t j = 0; j < a->keys; j++)
			result += scores[j] * v[j * a->v.row + i * a->v.column];
		y[i * a->y.column] = (float)(result / sum);
	}
}

void lu_kernel_attention(struct lu_call *call)
{
	const float *q = call->in[Q]->data, *k = call->in[K]->data, *v = call->in[V]->data;
	float *y = call->out[0]->data;
	struct lu_error ignored = {0};
	struct lu_attention a;

	if (lu_attention_of(call, &a, &ignored) != LU_OK)
		return; /* cannot be: the rule has asked */
	for (int64_t n = 0; n < a.chips * a.heads * a.queries; n++) {
		const int64_t chip = n / (a.heads * a.queries), head = n / a.queries % a.heads, row = n % a.queries;

		attend(&a, q + chip * a.q.chip + head * a.q.head + row * a.q.row,
		       k + chip * a.k.chip + head / a.group * a.k.head, v + chip * a.v.chip + head / a.group * a.v.head,
		       call->in[MASK], chip * a.mask.chip + head * a.mask.head + row * a.mask.row, row, call->scratch,
		       y + chip * a.y.chip + head * a.y.head + row * a.y.row);
	}
}

/* Queries, keys and values are of the chips; a mask may be of all. */
bool lu_apart_attention(const struct lu_call *call)
{
	const struct lu_tensor *mask = call->n_in > MASK ? call->in[MASK] : NULL;

	for (int i = Q; i <= V; i++)
		if (call->in[i]->data != NULL)
			return false;
	if (mask == NULL)
		return true;
	return mask->data != NULL ? mask->shape.rank < 4 || mask->shape.dim[0] == 1 : mask->shape.rank == 4;
}
