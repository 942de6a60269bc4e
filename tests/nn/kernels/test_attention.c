/*
 * test_attention.c: attention's kernels against the formula in double: odd sizes, operands anywhere, ugly numbers.
 */
#include "nn/kernels/attention.h"
#include "nn/kernels/copy_strided.h"
#include "support/guarded.h"

#define TOLERANCE 2e-6 /* of the largest result */

/* Sizes, and numbers that are to be put among the operands. */
struct trial {
	const char *what;
	int64_t chips, heads, group, queries, keys, depth, width;
	bool mask;
	float ugly; /* 0: none */
};

/* One result by the formula. */
static double sum_up(const struct lu_attention *a, const float *q, const float *k, const float *v, const float *mask,
		     int64_t column)
{
	double top = -INFINITY, sum = 0, result = 0;

	for (int pass = 0; pass < 2; pass++)
		for (int64_t j = 0; j < a->keys; j++) {
			double score = 0;

			for (int64_t i = 0; i < a->depth; i++)
				score += (double)(q[i * a->q.column] * a->scale) * k[j * a->k.row + i * a->k.column];
			score += mask != NULL ? mask[j] : 0;
			if (pass == 0) {
				top = score > top || isnan(score) ? score : top;
				continue;
			}
			sum += exp(score - top);
			result += exp(score - top) * v[j * a->v.row + column * a->v.column];
		}
	return result / sum;
}

static void expect(const struct lu_attention *a, const float *q, const float *k, const float *v, const float *mask,
		   float *y)
{
	for (int64_t n = 0; n < a->chips * a->heads * a->queries * a->width; n++) {
		const int64_t column = n % a->width, row = n / a->width % a->queries,
			      head = n / (a->width * a->queries) % a->heads,
			      chip = n / (a->width * a->queries * a->heads);
		const float *own =
			mask == NULL ? NULL : mask + chip * a->mask.chip + head * a->mask.head + row * a->mask.row;

		y[chip * a->y.chip + head * a->y.head + row * a->y.row + column] =
			(float)sum_up(a, q + chip * a->q.chip + head * a->q.head + row * a->q.row,
				      k + chip * a->k.chip + head / a->group * a->k.head,
				      v + chip * a->v.chip + head / a->group * a->v.head, own, column);
	}
}

/* Rows x heads x numbers, as a product leaves them, or (turned) heads x numbers x rows. */
static struct lu_attention_strides lay(int64_t heads, int64_t rows, int64_t numbers, bool turned)
{
	if (turned)
		return (struct lu_attention_strides){heads * rows * numbers, rows * numbers, 1, rows};
	return (struct lu_attention_strides){heads * rows * numbers, numbers, heads * numbers, 1};
}

static void try_kernel(const struct trial *t, lu_attention_run *run, const char *name, bool turned)
{
	struct lu_attention a = {.chips = t->chips,
				 .heads = t->heads,
				 .group = t->group,
				 .queries = t->queries,
				 .keys = t->keys,
				 .depth = t->depth,
				 .width = t->width,
				 .scale = 1.5f / sqrtf((float)t->depth)};
	const int64_t kv = t->heads / t->group;
	const size_t nq = (size_t)(t->chips * t->heads * t->queries * t->depth),
		     nk = (size_t)(t->chips * kv * t->keys * t->depth),
		     nv = (size_t)(t->chips * kv * t->keys * t->width), nm = (size_t)(t->heads * t->queries * t->keys),
		     ny = (size_t)(t->chips * t->heads * t->queries * t->width);
	float *q = numbers(nq, 1), *k = numbers(nk, 2), *v = numbers(nv, 3), *mask = numbers(nm, 4);
	float *want = guarded(ny), *got = guarded(ny), *again = guarded(ny), *scratch;
	char what[160];

	a.q = lay(t->heads, t->queries, t->depth, turned);
	a.k = lay(kv, t->keys, t->depth, turned);
	a.v = lay(kv, t->keys, t->width, turned);
	a.y = lay(t->heads, t->queries, t->width, false);
	a.mask = (struct lu_attention_strides){0, t->queries * t->keys, t->keys, 1};
	if (t->ugly != 0) {
		q[nq / 2] = t->ugly;
		v[nv / 3] = t->ugly;
		/* One key less; and a query that sees none. */
		mask[nm / 2] = -INFINITY;
		for (int64_t j = 0; j < t->keys; j++)
			mask[j] = -INFINITY;
	}
	snprintf(what, sizeof(what), "%s, %s kernel%s", t->what, name, turned ? ", turned" : "");
	assert_true(lu_attention_fits(&a, t->mask));
	scratch = guarded(lu_attention_scratch(&a) / sizeof(float));
	expect(&a, q, k, v, t->mask ? mask : NULL, want);
	run(&a, q, k, v, t->mask ? mask : NULL, got, scratch);
	compare(got, want, ny, TOLERANCE, what);
	check_guard(got, ny, what);
	check_guard(scratch, lu_attention_scratch(&a) / sizeof(float), what);
	/* The last chip alone has the same bits. */
	a.chips = 1;
	run(&a, q + (t->chips - 1) * a.q.chip, k + (t->chips - 1) * a.k.chip, v + (t->chips - 1) * a.v.chip,
	    t->mask ? mask : NULL, again, scratch);
	if (memcmp(again, got + (t->chips - 1) * a.y.chip, ny / (size_t)t->chips * sizeof(float)) != 0)
		fail_msg("%s: a chip alone has other bits", what);
	free(q);
	free(k);
	free(v);
	free(mask);
	free(want);
	free(got);
	free(again);
	free(scratch);
}

static void sizes_and_numbers(void **state)
{
	static const struct trial trials[] = {
		{"ViT", 2, 3, 1, 197, 197, 64, 64, false, 0},          {"windows", 5, 2, 1, 49, 49, 32, 32, true, 0},
		{"one of each", 1, 1, 1, 1, 1, 1, 1, false, 0},        {"one key", 2, 2, 1, 7, 1, 3, 5, true, 0},
		{"one query", 2, 2, 1, 1, 33, 17, 31, false, 0},       {"vectors", 1, 2, 1, 12, 16, 16, 16, true, 0},
		{"beyond vectors", 2, 1, 1, 13, 17, 33, 49, true, 0},  {"panels", 1, 1, 1, 24, 64, 96, 80, false, 0},
		{"shared keys", 2, 6, 3, 11, 19, 8, 24, true, 0},      {"NaN", 2, 2, 1, 25, 37, 24, 20, true, NAN},
		{"infinity", 2, 2, 1, 25, 37, 24, 20, true, INFINITY}, {"large", 2, 2, 1, 25, 37, 24, 20, true, 1e6f},
		{"tiny", 1, 2, 1, 9, 50, 40, 7, false, 1e-42f},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		for (int turned = 0; turned < 2; turned++) {
			try_kernel(&trials[i], lu_attention_plain, "plain", turned);
			if (lu_attention_kernel() != NULL)
				try_kernel(&trials[i], lu_attention_kernel(), "fast", turned);
		}
}

/* What no kernel takes is told. */
static void kernels_decline(void **state)
{
	struct lu_attention a = {.chips = 1,
				 .heads = 1,
				 .group = 1,
				 .queries = 2,
				 .keys = 2,
				 .depth = 2,
				 .width = 2,
				 .y = {.column = 1}};

	(void)state;
	assert_true(lu_attention_fits(&a, false));
	assert_false(lu_attention_fits(&a, true)); /* one mask for all keys */
	a.causal = true;
	assert_false(lu_attention_fits(&a, false));
	a.causal = false;
	a.softcap = 2;
	assert_false(lu_attention_fits(&a, false));
	a.softcap = 0;
	a.keys = 0;
	assert_false(lu_attention_fits(&a, false));
}

/* Every order of three dimensions, cut out of a larger tensor. */
static void strided_copies(void **state)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	const int64_t size[] = {5, 18, 33}, stride[] = {20 * 40, 40, 1};
	float *from = numbers(6 * 20 * 40, 1);

	(void)state;
	for (size_t o = 0; o < 6; o++) {
		float *to = guarded(5 * 18 * 33);
		struct lu_strided_copy copy = {.shift = 3 * 40 + 5};
		const int64_t *n[3], *s[3];
		size_t at = 0;

		for (int i = 0; i < 3; i++) {
			n[i] = &size[orders[o][i]];
			s[i] = &stride[orders[o][i]];
			lu_strided_axis(&copy, *n[i], *s[i]);
			lu_strided_axis(&copy, 1, 12345);
		}
		lu_copy_strided(&copy, from, to);
		for (int64_t i = 0; i < *n[0]; i++)
			for (int64_t j = 0; j < *n[1]; j++)
				for (int64_t k = 0; k < *n[2]; k++, at++)
					assert_true(to[at] == from[copy.shift + i * *s[0] + j * *s[1] + k * *s[2]]);
		check_guard(to, at, "a copy");
		free(to);
	}
	/* Nothing is copied where a dimension is empty, whichever it is. */
	for (int empty = 0; empty < 4; empty++) {
		struct lu_strided_copy copy = {0};
		float *to = guarded(1);

		for (int i = 0; i < 4; i++)
			lu_strided_axis(&copy, i == empty ? 0 : 3, 1 + 7 * (3 - i));
		lu_copy_strided(&copy, from, to);
		assert_true(isnan(to[0]));
		check_guard(to, 1, "an empty copy");
		free(to);
	}
	free(from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_and_numbers),
		cmocka_unit_test(kernels_decline),
		cmocka_unit_test(strided_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
