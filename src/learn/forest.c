/* forest.c: xgboost's C API around rows of features. See forest.h. */
#include "learn/forest.h"

#include "base/memory.h"

#ifdef LU_WITH_XGBOOST

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <xgboost/c_api.h>

enum {
	/* Rows handed over at a time: 1280 features of them are 5 MB. */
	BATCH = 1024,
	/*
	 * Values told apart in a feature. On 1,352 UC Merced chips, held-out accuracy and log loss of 20 trees
	 * with 32, 64 and 256 bins are within each other's noise; memory and time grow with them.
	 */
	BINS = 64,
};

struct lu_binned {
	DMatrixHandle matrix;
	size_t rows, features, class_count;
};

struct lu_subforest {
	BoosterHandle booster;
	size_t features, class_count;
	float *batch; /* BATCH x features */
};

/* xgboost's own words after ours; they may be several lines of which the first says it. */
static enum lu_status fail(struct lu_error *err, const char *act)
{
	const char *words = XGBGetLastError(), *colon = strstr(words, "] ");

	words = colon != NULL ? colon + 2 : words;
	return lu_fail(err, strstr(words, "bad_alloc") != NULL ? LU_ERROR_MEMORY : LU_ERROR_UNSUPPORTED,
		       "xgboost cannot %s: %.*s", act, (int)strcspn(words, "\n"), words);
}

/* xgboost talks by itself; its verbosity is kept by thread. */
static void be_quiet(void)
{
	XGBSetGlobalConfig("{\"verbosity\": 0}");
}

/* Rows as "array interface", the way in which xgboost is told where numbers lie. */
static void describe(const float *data, size_t rows, size_t features, char text[160])
{
	snprintf(text, 160, "{\"data\": [%zu, true], \"shape\": [%zu, %zu], \"typestr\": \"<f4\", \"version\": 3}",
		 (size_t)(uintptr_t)data, rows, features);
}

/* The rows in batches, for xgboost to ask for: more than once, from the first to the last. */
struct feed {
	const struct lu_rows *rows;
	const double *class_weights;
	DMatrixHandle proxy;
	size_t next;
	float *batch, *labels, *weights; /* of BATCH rows */
	bool finite;
};

static void feed_begin(DataIterHandle handle)
{
	struct feed *feed = handle;

	feed->next = 0;
}

/* 1: there was another batch; 0: no. A call of xgboost that fails ends the walk, and is told by the caller. */
static int feed_next(DataIterHandle handle)
{
	struct feed *feed = handle;
	const struct lu_rows *rows = feed->rows;
	const size_t left = rows->count - feed->next, n = left < BATCH ? left : BATCH;
	char text[160];

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const float *row = rows->rows[feed->next + i];
		const size_t class = rows->classes[feed->next + i];

		memcpy(feed->batch + i * rows->features, row, rows->features * sizeof(float));
		for (size_t f = 0; f < rows->features; f++)
			feed->finite &= isfinite(row[f]) != 0;
		feed->labels[i] = (float)class;
		feed->weights[i] = (float)((feed->class_weights != NULL ? feed->class_weights[class] : 1) *
					   (rows->weights != NULL ? rows->weights[feed->next + i] : 1));
	}
	feed->next += n;
	describe(feed->batch, n, rows->features, text);
	return XGProxyDMatrixSetDataDense(feed->proxy, text) == 0 &&
	       XGDMatrixSetDenseInfo(feed->proxy, "label", feed->labels, n, 1) == 0 &&
	       XGDMatrixSetDenseInfo(feed->proxy, "weight", feed->weights, n, 1) == 0;
}

static enum lu_status bin(struct feed *feed, struct lu_binned *binned, struct lu_error *err)
{
	const size_t features = feed->rows->features;
	char config[64];
	enum lu_status status;

	LU_TRY(lu_alloc(&feed->batch, BATCH * features, sizeof(float), "rows of features", err));
	LU_TRY(lu_alloc(&feed->labels, BATCH, sizeof(float), "labels", err));
	LU_TRY(lu_alloc(&feed->weights, BATCH, sizeof(float), "weights", err));
	snprintf(config, sizeof(config), "{\"missing\": NaN, \"nthread\": 1, \"max_bin\": %d}", BINS);
	if (XGProxyDMatrixCreate(&feed->proxy) != 0 ||
	    XGQuantileDMatrixCreateFromCallback(feed, feed->proxy, NULL, feed_begin, feed_next, config,
						&binned->matrix) != 0)
		status = fail(err, "take the features");
	if (!feed->finite)
		status = lu_fail(err, LU_ERROR_ARGUMENT, "a feature is not a number in some chip");
out:
	return status;
}

static enum lu_status binned_new(const struct lu_rows *rows, const double *class_weights, struct lu_binned **out,
				 struct lu_error *err)
{
	struct feed feed = {.rows = rows, .class_weights = class_weights, .finite = true};
	struct lu_binned *binned = NULL;
	enum lu_status status;

	*out = NULL;
	if (rows->count == 0)
		return lu_fail(err, LU_ERROR_ARGUMENT, "no chips to fit to");
	be_quiet();
	LU_TRY(lu_alloc(&binned, 1, sizeof(*binned), "features", err));
	binned->rows = rows->count;
	binned->features = rows->features;
	binned->class_count = rows->class_count;
	LU_TRY(bin(&feed, binned, err));
out:
	if (feed.proxy != NULL)
		XGDMatrixFree(feed.proxy);
	lu_free(feed.batch);
	lu_free(feed.labels);
	lu_free(feed.weights);
	if (status != LU_OK)
		lu_binned_free(binned);
	else
		*out = binned;
	return status;
}

void lu_binned_free(struct lu_binned *binned)
{
	if (binned == NULL)
		return;
	if (binned->matrix != NULL)
		XGDMatrixFree(binned->matrix);
	lu_free(binned);
}

static enum lu_status set_up(const struct lu_subforest *subforest, int trees, int depth, uint64_t seed,
			     struct lu_error *err)
{
	char classes[24], count[24], levels[24], bins[24], start[24], share[32];
	const struct {
		const char *name, *value;
	} settings[] = {
		{"objective", "multi:softprob"},
		{"num_class", classes},
		{"base_score", "0"}, /* the same for every class: no matter to a softmax */
		{"tree_method", "hist"},
		{"max_bin", bins},
		{"num_parallel_tree", count},
		{"max_depth", levels},
		{"learning_rate", "1"},
		{"subsample", "0.632"},
		{"colsample_bynode", share},
		/*
		 * The weight of a leaf's prior. Of 20 trees on 672 held-out UC Merced chips, 1 gets 82.9 % right
		 * and 1e-5, which is no prior, 80.8 %.
		 */
		{"lambda", "1"},
		{"min_child_weight", "0"},
		{"seed", start},
		{"nthread", "1"},
	};

	snprintf(classes, sizeof(classes), "%zu", subforest->class_count);
	snprintf(bins, sizeof(bins), "%d", BINS);
	snprintf(count, sizeof(count), "%d", trees);
	snprintf(levels, sizeof(levels), "%d", depth);
	snprintf(start, sizeof(start), "%u", (unsigned)(seed & INT32_MAX));
	snprintf(share, sizeof(share), "%.9g", 1 / sqrt((double)subforest->features));
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (XGBoosterSetParam(subforest->booster, settings[i].name, settings[i].value) != 0)
			return fail(err, "be set up");
	return LU_OK;
}

static enum lu_status subforest_grow(struct lu_binned *binned, int trees, int depth, uint64_t seed,
				     struct lu_subforest **out, struct lu_error *err)
{
	struct lu_subforest *subforest = NULL;
	enum lu_status status = lu_alloc(&subforest, 1, sizeof(*subforest), "trees", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	be_quiet();
	subforest->features = binned->features;
	subforest->class_count = binned->class_count;
	LU_TRY(lu_alloc(&subforest->batch, BATCH * subforest->features, sizeof(float), "rows of features", err));
	if (XGBoosterCreate(&binned->matrix, 1, &subforest->booster) != 0) {
		status = fail(err, "begin trees");
		goto out;
	}
	LU_TRY(set_up(subforest, trees, depth, seed, err));
	if (XGBoosterUpdateOneIter(subforest->booster, 0, binned->matrix) != 0)
		status = fail(err, "grow trees");
out:
	if (status != LU_OK)
		lu_subforest_free(subforest);
	else
		*out = subforest;
	return status;
}

void lu_subforest_free(struct lu_subforest *subforest)
{
	if (subforest == NULL)
		return;
	if (subforest->booster != NULL)
		XGBoosterFree(subforest->booster);
	lu_free(subforest->batch);
	lu_free(subforest);
}

static enum lu_status subforest_scores(struct lu_subforest *subforest, const float *const *rows, size_t n,
				       float *scores, struct lu_error *err)
{
	static const char config[] = "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
				     "\"strict_shape\": true, \"missing\": NaN, \"cache_id\": 0}";

	be_quiet();
	for (size_t first = 0; first < n; first += BATCH) {
		const size_t count = n - first < BATCH ? n - first : BATCH;
		bst_ulong const *shape;
		bst_ulong axes;
		const float *result;
		char text[160];

		for (size_t i = 0; i < count; i++)
			memcpy(subforest->batch + i * subforest->features, rows[first + i],
			       subforest->features * sizeof(float));
		describe(subforest->batch, count, subforest->features, text);
		if (XGBoosterPredictFromDense(subforest->booster, text, config, NULL, &shape, &axes, &result) != 0)
			return fail(err, "predict");
		memcpy(scores + first * subforest->class_count, result, count * subforest->class_count * sizeof(float));
	}
	return LU_OK;
}

static enum lu_status subforest_json(struct lu_subforest *subforest, char **json, struct lu_error *err)
{
	const char *text;
	bst_ulong length;

	be_quiet();
	if (XGBoosterSaveModelToBuffer(subforest->booster, "{\"format\": \"json\"}", &length, &text) != 0)
		return fail(err, "tell its trees");
	*json = lu_strndup(text, length);
	return *json != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: trees");
}

double lu_subforest_bytes(size_t rows, size_t features, int depth)
{
	/* Two bytes a feature of each row, and in each node of a tree a sum of gradients for every bin. */
	const double leaves = fmin(exp2(depth), (double)rows);

	return 2.0 * (double)rows * (double)features + 2 * leaves * (double)features * BINS * 16;
}

/*
 * xgboost 3, told to use one thread, opens no team for it, and yet writes to the place of the thread that calls: as the second
 * of our team, it would write outside of its arrays. In a team of its own each caller is the first.
 */
enum lu_status lu_binned_new(const struct lu_rows *rows, const double *class_weights, struct lu_binned **out,
			     struct lu_error *err)
{
	enum lu_status status;

#pragma omp parallel num_threads(1)
	status = binned_new(rows, class_weights, out, err);
	return status;
}

enum lu_status lu_subforest_grow(struct lu_binned *binned, int trees, int depth, uint64_t seed,
				 struct lu_subforest **out, struct lu_error *err)
{
	enum lu_status status;

#pragma omp parallel num_threads(1)
	status = subforest_grow(binned, trees, depth, seed, out, err);
	return status;
}

enum lu_status lu_subforest_scores(struct lu_subforest *subforest, const float *const *rows, size_t n, float *scores,
				   struct lu_error *err)
{
	enum lu_status status;

#pragma omp parallel num_threads(1)
	status = subforest_scores(subforest, rows, n, scores, err);
	return status;
}

enum lu_status lu_subforest_json(struct lu_subforest *subforest, char **json, struct lu_error *err)
{
	enum lu_status status;

#pragma omp parallel num_threads(1)
	status = subforest_json(subforest, json, err);
	return status;
}

#else

static enum lu_status not_built(struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_UNSUPPORTED,
		       "this landuse was built without xgboost, which grows forests (install libxgboost-dev and build "
		       "again, or .head = logistic)");
}

enum lu_status lu_binned_new(const struct lu_rows *rows, const double *class_weights, struct lu_binned **out,
			     struct lu_error *err)
{
	(void)rows, (void)class_weights;
	*out = NULL;
	return not_built(err);
}

void lu_binned_free(struct lu_binned *binned)
{
	(void)binned;
}

enum lu_status lu_subforest_grow(struct lu_binned *binned, int trees, int depth, uint64_t seed,
				 struct lu_subforest **out, struct lu_error *err)
{
	(void)binned, (void)trees, (void)depth, (void)seed;
	*out = NULL;
	return not_built(err);
}

void lu_subforest_free(struct lu_subforest *subforest)
{
	(void)subforest;
}

enum lu_status lu_subforest_scores(struct lu_subforest *subforest, const float *const *rows, size_t n, float *scores,
				   struct lu_error *err)
{
	(void)subforest, (void)rows, (void)n, (void)scores;
	return not_built(err);
}

enum lu_status lu_subforest_json(struct lu_subforest *subforest, char **json, struct lu_error *err)
{
	(void)subforest, (void)json;
	return not_built(err);
}

double lu_subforest_bytes(size_t rows, size_t features, int depth)
{
	(void)rows, (void)features, (void)depth;
	return 0;
}

#endif
