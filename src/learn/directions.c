/*
 * directions.c: covariances summed in blocks of rows, orthogonal iteration for the principal components, and conjugate
 * gradients for the discriminants. See directions.h.
 */
#include "learn/directions.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"

enum {
	BLOCK = 256, /* rows: a block of 1280 features is 1.3 MB */
	/*
	 * On 1,679 UC Merced chips, 21 classes, 1280 features, 100 trees of depth 5, held-out chips: 32 components beside
	 * the discriminants take the log loss from 0.66 to 0.58, 64 no further; parts of rows take it to 0.54.
	 */
	PRINCIPAL = 32,
	PARTS = 5,
	/* Golub and Van Loan, Matrix Computations, 8.2. The last few may still turn among themselves, which no tree minds. */
	ITERATIONS = 10,
	/* Conjugate gradients: W + I has few large eigenvalues. */
	STEPS = 8,
};

struct search {
	const struct lu_rows *rows;
	size_t count;
	int *part; /* of each row */
	size_t *seen, *of_class; /* classes */
	double *mean, *inverse; /* of the features */
	float *block; /* BLOCK x features: standardised rows */
	float *all; /* features x features: covariance of all rows, the upper half */
	float *within; /* features x features: W + I of the rows at hand */
	float *means, *residual, *way, *product; /* count x features */
	float *basis; /* count x features */
};

static void search_release(struct search *s)
{
	lu_free(s->part);
	lu_free(s->seen);
	lu_free(s->of_class);
	lu_free(s->mean);
	lu_free(s->inverse);
	lu_free(s->block);
	lu_free(s->all);
	lu_free(s->within);
	lu_free(s->means);
	lu_free(s->residual);
	lu_free(s->way);
	lu_free(s->product);
	lu_free(s->basis);
}

static enum lu_status search_init(struct search *s, struct lu_error *err)
{
	const size_t features = s->rows->features, classes = s->rows->class_count;
	const struct {
		void *array;
		size_t count, size;
	} wanted[] = {{&s->part, s->rows->count, sizeof(int)},        {&s->seen, classes, sizeof(size_t)},
		      {&s->of_class, classes, sizeof(size_t)},        {&s->mean, features, sizeof(double)},
		      {&s->inverse, features, sizeof(double)},        {&s->block, BLOCK * features, sizeof(float)},
		      {&s->all, features * features, sizeof(float)},  {&s->within, features * features, sizeof(float)},
		      {&s->means, classes * features, sizeof(float)}, {&s->residual, classes * features, sizeof(float)},
		      {&s->way, classes * features, sizeof(float)},   {&s->product, s->count * features, sizeof(float)},
		      {&s->basis, s->count * features, sizeof(float)}};
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		LU_TRY(lu_alloc(wanted[i].array, wanted[i].count, wanted[i].size, "directions", err));
out:
	return status;
}

static double dot(const float *a, const float *b, size_t n)
{
	return cblas_dsdot((int)n, a, 1, b, 1);
}

/* Neighbours in a class, often of one scene, share a part. */
static void make_parts(struct search *s)
{
	const struct lu_rows *rows = s->rows;

	for (size_t i = 0; i < rows->count; i++)
		s->of_class[rows->classes[i]]++;
	for (size_t i = 0; i < rows->count; i++) {
		const size_t class = rows->classes[i];
		s->part[i] = (int)(s->seen[class]++ * PARTS / s->of_class[class]);
	}
}

/* Add scale x row row' of every row of 'part' (-1: of all rows) to the upper half of 'sum'. */
static void add_products(const struct search *s, int part, float scale, float *sum)
{
	const size_t features = s->rows->features;
	size_t n = 0;

	for (size_t i = 0; i < s->rows->count; i++) {
		if (part < 0 || s->part[i] == part)
			lu_standardised(s->rows->rows[i], features, s->mean, s->inverse, s->block + n++ * features);
		if (n == BLOCK || (n > 0 && i + 1 == s->rows->count)) {
			cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)features, (int)n, scale, s->block,
				    (int)features, 1, sum, (int)features);
			n = 0;
		}
	}
}

/* Gram and Schmidt's method, each row against those before it, twice for rounding's sake; a row with nothing left is 0. */
static void make_orthogonal(float *basis, size_t count, size_t features)
{
	for (size_t i = 0; i < count; i++) {
		float *row = basis + i * features;
		const double before = dot(row, row, features);
		for (size_t k = 0; k < 2 * i; k++) {
			const float *other = basis + k % i * features;
			cblas_saxpy((int)features, -(float)dot(row, other, features), other, 1, row, 1);
		}
		const double after = dot(row, row, features);
		cblas_sscal((int)features, after > 1e-10 * before ? (float)(1 / sqrt(after)) : 0, row, 1);
	}
}

static void find_principal(struct search *s, float *basis)
{
	const size_t features = s->rows->features;
	uint32_t state = 1;

	/* Any start will do that favours no feature: a congruential generator's numbers. */
	for (size_t i = 0; i < PRINCIPAL * features; i++) {
		state = state * 1664525 + 1013904223;
		basis[i] = (float)(state >> 8) / (float)(1 << 23) - 1;
	}
	for (int i = 0; i < ITERATIONS; i++) {
		make_orthogonal(basis, PRINCIPAL, features);
		cblas_ssymm(CblasRowMajor, CblasRight, CblasUpper, PRINCIPAL, (int)features, 1, s->all, (int)features,
			    basis, (int)features, 0, s->product, (int)features);
		memcpy(basis, s->product, PRINCIPAL * features * sizeof(float));
	}
	make_orthogonal(basis, PRINCIPAL, features);
}

/* s->means and s->within of the rows outside 'part' (-1: of all). A class without rows has the mean 0, which is all rows'. */
static void look_within(struct search *s, int part)
{
	const size_t features = s->rows->features, classes = s->rows->class_count, squares = features * features;
	size_t n = 0;

	memset(s->means, 0, classes * features * sizeof(float));
	memset(s->seen, 0, classes * sizeof(*s->seen));
	for (size_t i = 0; i < s->rows->count; i++) {
		if (s->part[i] == part)
			continue;
		const size_t class = s->rows->classes[i];
		lu_standardised(s->rows->rows[i], features, s->mean, s->inverse, s->block);
		cblas_saxpy((int)features, 1, s->block, 1, s->means + class * features, 1);
		s->seen[class]++;
		n++;
	}
	memcpy(s->within, s->all, squares * sizeof(float));
	if (part >= 0)
		add_products(s, part, -1.0f / (float)s->rows->count, s->within);
	/* A class of one chip is in one part: where no others are, nothing is left, and W is nought. */
	const float others = n > 0 ? (float)s->rows->count / (float)n : 0;
	for (size_t i = 0; i < squares; i++)
		s->within[i] *= others;
	for (size_t k = 0; k < classes; k++) {
		float *mean = s->means + k * features;
		if (s->seen[k] == 0)
			continue;
		cblas_sscal((int)features, 1.0f / (float)s->seen[k], mean, 1);
		cblas_ssyr(CblasRowMajor, CblasUpper, (int)features, -(float)s->seen[k] / (float)n, mean, 1, s->within,
			   (int)features);
	}
	for (size_t f = 0; f < features; f++)
		s->within[f * features + f] += 1;
}

/* The discriminants from all rows outside 'part' (-1: all) to the front of s->basis: (W + I) basis = means, all classes at once. */
static void find_discriminants(struct search *s, int part)
{
	const size_t features = s->rows->features, classes = s->rows->class_count,
		     bytes = classes * features * sizeof(float);

	look_within(s, part);
	memset(s->basis, 0, bytes);
	memcpy(s->residual, s->means, bytes);
	memcpy(s->way, s->means, bytes);
	for (int step = 0; step < STEPS; step++) {
		cblas_ssymm(CblasRowMajor, CblasRight, CblasUpper, (int)classes, (int)features, 1, s->within,
			    (int)features, s->way, (int)features, 0, s->product, (int)features);
		for (size_t at = 0; at < classes * features; at += features) {
			float *way = s->way + at, *residual = s->residual + at;
			const double before = dot(residual, residual, features),
				     steep = dot(way, s->product + at, features);
			if (!(before > 1e-12 && steep > 0))
				continue;
			cblas_saxpy((int)features, (float)(before / steep), way, 1, s->basis + at, 1);
			cblas_saxpy((int)features, -(float)(before / steep), s->product + at, 1, residual, 1);
			cblas_sscal((int)features, (float)(dot(residual, residual, features) / before), way, 1);
			cblas_saxpy((int)features, 1, residual, 1, way, 1);
		}
	}
}

static void project_part(struct search *s, int part, float *z)
{
	const size_t features = s->rows->features;

	for (size_t i = 0; i < s->rows->count; i++) {
		if (s->part[i] != part)
			continue;
		lu_standardised(s->rows->rows[i], features, s->mean, s->inverse, s->block);
		for (size_t k = 0; k < s->count; k++)
			z[i * s->count + k] = (float)dot(s->basis + k * features, s->block, features);
	}
}

static void fold(const struct search *s, struct lu_directions *out)
{
	const size_t features = out->features;

	for (size_t k = 0; k < out->count; k++) {
		double shift = 0;
		for (size_t f = 0; f < features; f++) {
			const double w = s->basis[k * features + f] * s->inverse[f];
			out->weights[k * features + f] = (float)w;
			shift += w * s->mean[f];
		}
		out->bias[k] = (float)-shift;
	}
}

size_t lu_directions_count(size_t features, size_t class_count)
{
	return features > class_count + PRINCIPAL ? class_count + PRINCIPAL : 0;
}

enum lu_status lu_directions_find(const struct lu_rows *rows, struct lu_directions *out, float *z, struct lu_error *err)
{
	struct search s = {.rows = rows, .count = lu_directions_count(rows->features, rows->class_count)};
	enum lu_status status;

	*out = (struct lu_directions){.features = rows->features, .count = s.count};
	if (rows->count == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "no chips to fit to");
	/* One thread a product: the bits of a sum must not depend on who shares it. */
	openblas_set_num_threads(1);
	LU_TRY(lu_alloc(&out->weights, s.count * rows->features, sizeof(float), "directions", err));
	LU_TRY(lu_alloc(&out->bias, s.count, sizeof(float), "directions", err));
	LU_TRY(search_init(&s, err));
	LU_TRY(lu_standardise(rows, s.mean, s.inverse, err));
	make_parts(&s);
	add_products(&s, -1, 1.0f / (float)rows->count, s.all);
	find_principal(&s, s.basis + rows->class_count * rows->features);
	for (int part = 0; part < PARTS; part++) {
		find_discriminants(&s, part);
		project_part(&s, part, z);
	}
	find_discriminants(&s, -1);
	fold(&s, out);
out:
	search_release(&s);
	if (status != LU_OK)
		lu_directions_release(out);
	return status;
}

void lu_directions_release(struct lu_directions *directions)
{
	lu_free(directions->weights);
	lu_free(directions->bias);
	*directions = (struct lu_directions){0};
}

void lu_directions_project(const struct lu_directions *directions, const float *const *rows, size_t n, float *z)
{
	const size_t features = directions->features, count = directions->count;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < count; k++)
			z[i * count + k] = (float)(dot(directions->weights + k * features, rows[i], features) +
						   directions->bias[k]);
}

double lu_directions_bytes(size_t features, size_t class_count)
{
	const double count = (double)lu_directions_count(features, class_count);

	return 4.0 * (double)features * (2 * (double)features + 2 * count + 3 * (double)class_count + BLOCK + 4);
}
