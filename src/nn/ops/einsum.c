/*
 * einsum.c: Einsum: products of elements whose indices have the letters of an equation, summed over those that the result lacks.
 *
 *	"bij,bjk->bik"	result[b,i,k] = sum over j of first[b,i,j] second[b,j,k]
 *
 * "..." are the dimensions that have no letter; they broadcast as in arithmetic. Without "->" the result has them first,
 * and then the letters that occur once, in the order of the alphabet.
 */
#include "nn/ops/einsum.h"

#include <ctype.h>
#include <string.h>

#include "nn/ops/list.h"

enum { LETTERS = 128 };

/* What is known while an equation is read. */
struct reading {
	const struct lu_call *call;
	struct lu_einsum *einsum;
	int of_letter[LETTERS]; /* label, -1: none yet */
	int times[LETTERS]; /* how often it stands in terms */
	int hidden, hidden_label[LU_MAX_RANK]; /* dimensions of "...": how many at most, from the last one back */
	struct lu_error *err;
};

static enum lu_status bad(const struct reading *r, const char *why)
{
	return lu_call_fail(r->call, r->err, LU_ERROR_FORMAT, "equation '%.100s': %s",
			    lu_node_string(r->call->node, "equation", ""), why);
}

static enum lu_status new_label(struct reading *r, int *label)
{
	if (r->einsum->labels == LU_EINSUM_LABELS)
		return lu_call_fail(r->call, r->err, LU_ERROR_UNSUPPORTED, "more than %d letters", LU_EINSUM_LABELS);
	*label = r->einsum->labels++;
	r->einsum->size[*label] = 1;
	return LU_OK;
}

/* The label's size is that of every dimension which has it; those of "..." may be 1. */
static enum lu_status fit(struct reading *r, int label, int64_t size, bool broadcasts)
{
	int64_t *known = &r->einsum->size[label];

	if (*known == size || (broadcasts && size == 1))
		return LU_OK;
	if (*known != 1 || !broadcasts)
		return bad(r, "sizes of one letter differ");
	*known = size;
	return LU_OK;
}

/* Dimension by dimension of term 't', from 'at' up to a comma, an arrow or the end. */
static enum lu_status read_term(struct reading *r, const char **at, int t)
{
	const struct lu_shape *shape = &r->call->in[t]->shape;
	int letters = 0, dots = 0, hidden, d = 0;
	enum lu_status status = LU_OK;

	for (const char *c = *at; *c != '\0' && *c != ',' && *c != '-'; c++) {
		letters += isalpha((unsigned char)*c) != 0;
		dots += *c == '.';
	}
	hidden = shape->rank - letters;
	if ((dots != 0 && dots != 3) || hidden < 0 || (dots == 0 && hidden != 0))
		return bad(r, "a term does not fit its input's dimensions");
	r->einsum->rank[t] = shape->rank;
	for (; **at != '\0' && **at != ',' && **at != '-'; ++*at) {
		const unsigned char c = (unsigned char)**at;

		if (c == '.') {
			*at += 2;
			for (int k = hidden; k > 0; k--, d++) {
				if (k > r->hidden)
					for (; r->hidden < k; r->hidden++)
						LU_TRY(new_label(r, &r->hidden_label[r->hidden]));
				r->einsum->label[t][d] = r->hidden_label[k - 1];
				LU_TRY(fit(r, r->hidden_label[k - 1], shape->dim[d], true));
			}
			continue;
		}
		if (c == ' ')
			continue;
		if (!isalpha(c))
			return bad(r, "it has more than letters, commas and an arrow");
		if (r->of_letter[c] < 0) {
			LU_TRY(new_label(r, &r->of_letter[c]));
			r->einsum->size[r->of_letter[c]] = shape->dim[d];
		}
		r->times[c]++;
		r->einsum->label[t][d] = r->of_letter[c];
		LU_TRY(fit(r, r->of_letter[c], shape->dim[d++], false));
	}
out:
	return status;
}

static enum lu_status add_result(struct reading *r, int label)
{
	int *rank = &r->einsum->rank[LU_EINSUM_TERMS];

	for (int i = 0; i < *rank; i++)
		if (r->einsum->label[LU_EINSUM_TERMS][i] == label)
			return bad(r, "its result names a letter twice");
	if (*rank == LU_MAX_RANK)
		return lu_call_fail(r->call, r->err, LU_ERROR_UNSUPPORTED, "its result has more than %d dimensions",
				    LU_MAX_RANK);
	r->einsum->label[LU_EINSUM_TERMS][(*rank)++] = label;
	return LU_OK;
}

static enum lu_status add_hidden(struct reading *r)
{
	enum lu_status status = LU_OK;

	for (int k = r->hidden; k > 0; k--)
		LU_TRY(add_result(r, r->hidden_label[k - 1]));
out:
	return status;
}

/* What stands behind the arrow; NULL where there is none. */
static enum lu_status read_result(struct reading *r, const char *at)
{
	enum lu_status status = LU_OK;

	if (at == NULL) {
		LU_TRY(add_hidden(r));
		for (int c = 0; c < LETTERS; c++)
			if (isalpha(c) && r->times[c] == 1)
				LU_TRY(add_result(r, r->of_letter[c]));
		return LU_OK;
	}
	for (; *at != '\0'; at++) {
		if (strncmp(at, "...", 3) == 0) {
			LU_TRY(add_hidden(r));
			at += 2;
		} else if (isalpha((unsigned char)*at) && (unsigned char)*at < LETTERS &&
			   r->of_letter[(unsigned char)*at] >= 0) {
			LU_TRY(add_result(r, r->of_letter[(unsigned char)*at]));
		} else if (*at != ' ') {
			return bad(r, "its result has more than letters of its terms");
		}
	}
out:
	return status;
}

enum lu_status lu_einsum_read(const struct lu_call *call, struct lu_einsum *einsum, struct lu_error *err)
{
	const char *at = lu_node_string(call->node, "equation", "");
	struct reading r = {.call = call, .einsum = einsum, .err = err};
	enum lu_status status = LU_OK;

	*einsum = (struct lu_einsum){.terms = call->n_in};
	for (int c = 0; c < LETTERS; c++)
		r.of_letter[c] = -1;
	for (const char *c = at; *c != '\0'; c++)
		if ((unsigned char)*c >= LETTERS)
			return bad(&r, "it has more than letters, commas and an arrow");
	for (int t = 0; t < call->n_in; t++) {
		if (t > 0 && *at++ != ',')
			return bad(&r, "it has fewer terms than the node has inputs");
		LU_TRY(read_term(&r, &at, t));
	}
	if (*at == ',')
		return bad(&r, "it has more terms than the node has inputs");
	if (*at == '-' && at[1] != '>')
		return bad(&r, "it has more than letters, commas and an arrow");
	LU_TRY(read_result(&r, *at == '-' ? at + 2 : NULL));
out:
	return status;
}

enum lu_status lu_rule_einsum(struct lu_call *call, struct lu_error *err)
{
	struct lu_einsum einsum;
	struct lu_shape out;
	enum lu_status status = LU_OK;

	for (int t = 0; t < call->n_in; t++)
		LU_TRY(lu_call_check(call, t, LU_TYPE_FLOAT32, 0, LU_MAX_RANK, err));
	LU_TRY(lu_einsum_read(call, &einsum, err));
	out.rank = einsum.rank[LU_EINSUM_TERMS];
	for (int i = 0; i < out.rank; i++)
		out.dim[i] = einsum.size[einsum.label[LU_EINSUM_TERMS][i]];
	lu_call_out(call, 0, LU_TYPE_FLOAT32, &out);
out:
	return status;
}

double lu_einsum_work(const struct lu_graph *graph, const struct lu_node *node)
{
	struct lu_call call = {.graph = graph, .node = node, .n_in = node->n_in};
	struct lu_error ignored = {0};
	struct lu_einsum einsum;
	double work = node->n_in;

	for (int t = 0; t < node->n_in; t++)
		call.in[t] = &graph->values[node->in[t]].tensor;
	if (lu_einsum_read(&call, &einsum, &ignored) != LU_OK)
		return 0;
	for (int label = 0; label < einsum.labels; label++)
		work *= (double)einsum.size[label];
	return work;
}

/* Chips stay apart where their letter is the first of every term that has chips, and of the result, and of no other's. */
bool lu_apart_einsum(const struct lu_call *call)
{
	struct lu_einsum einsum;
	struct lu_error ignored = {0};

	if (lu_einsum_read(call, &einsum, &ignored) != LU_OK || einsum.rank[LU_EINSUM_TERMS] < 1)
		return false;
	const int chips = einsum.label[LU_EINSUM_TERMS][0];

	for (int t = 0; t < einsum.terms; t++) {
		const bool constant = call->in[t]->data != NULL;

		if (!constant && (einsum.rank[t] < 1 || einsum.label[t][0] != chips))
			return false;
		for (int d = constant ? 0 : 1; d < einsum.rank[t]; d++)
			if (einsum.label[t][d] == chips && call->in[t]->shape.dim[d] != 1)
				return false;
	}
	return true;
}

/* Labels in an order, and where each operand's element goes as one of them counts up. */
struct odometer {
	int count;
	int64_t at[LU_EINSUM_LABELS], size[LU_EINSUM_LABELS];
	int64_t stride[LU_EINSUM_LABELS][LU_EINSUM_TERMS];
};

static void add_wheel(struct odometer *o, const struct lu_call *call, const struct lu_einsum *e, int label)
{
	const int i = o->count++;

	o->at[i] = 0;
	o->size[i] = e->size[label];
	for (int t = 0; t < e->terms; t++) {
		int64_t strides[LU_MAX_RANK];

		o->stride[i][t] = 0;
		lu_shape_strides(&call->in[t]->shape, strides);
		for (int d = 0; d < e->rank[t]; d++)
			if (e->label[t][d] == label && call->in[t]->shape.dim[d] != 1)
				o->stride[i][t] += strides[d];
	}
}

/* One further; false where it is at its beginning again. */
static bool step(struct odometer *o, int terms, int64_t offset[LU_EINSUM_TERMS])
{
	for (int i = o->count - 1; i >= 0; i--) {
		const bool more = ++o->at[i] < o->size[i];

		for (int t = 0; t < terms; t++)
			offset[t] += more ? o->stride[i][t] : -(o->size[i] - 1) * o->stride[i][t];
		if (more)
			return true;
		o->at[i] = 0;
	}
	return false;
}

void lu_kernel_einsum(struct lu_call *call)
{
	const int64_t count = lu_shape_count(&call->out[0]->shape);
	struct odometer results = {0}, summed = {0};
	int64_t offset[LU_EINSUM_TERMS] = {0};
	bool in_result[LU_EINSUM_LABELS] = {false}, empty = false;
	float *to = call->out[0]->data;
	struct lu_error ignored = {0};
	struct lu_einsum e;

	if (lu_einsum_read(call, &e, &ignored) != LU_OK)
		return; /* the rule has read it */
	for (int i = 0; i < e.rank[LU_EINSUM_TERMS]; i++) {
		in_result[e.label[LU_EINSUM_TERMS][i]] = true;
		add_wheel(&results, call, &e, e.label[LU_EINSUM_TERMS][i]);
	}
	for (int label = 0; label < e.labels; label++)
		if (!in_result[label]) {
			empty |= e.size[label] == 0;
			add_wheel(&summed, call, &e, label);
		}
	for (int64_t i = 0; i < count; i++) {
		double sum = 0;

		do {
			double product = !empty;

			for (int t = 0; t < e.terms && !empty; t++)
				product *= (double)((const float *)call->in[t]->data)[offset[t]];
			sum += product;
		} while (!empty && step(&summed, e.terms, offset));
		to[i] = (float)sum;
		step(&results, e.terms, offset);
	}
}
