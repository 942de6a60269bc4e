/*
 * head_forest.c: a random forest as a head, grown in a few directions of the features. See head.h, learn/forest.h and
 * learn/directions.h.
 *
 * A forest is grown in subforests of a few trees, each on one thread; what a subforest becomes depends on its
 * number and the seed alone. Scores are the mean over subforests, weighted by their trees, summed in order.
 */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/pool.h"
#include "landuse/commands.h"
#include "learn/forest_trees.h"
#include "learn/head.h"
#include "nn/onnx_head.h"

enum {
	SUBFOREST = 5, /* trees of each class: small enough that 100 of them keep 16 cores busy, with 20 to share */
	/* The forest of the 2017 samples (Spark ML): 20 trees, depth 5. */
	TREES_2017 = 20,
	DEPTH_2017 = 5,
	DEEPEST = 16,
};

/*
 * One, for half of the work: on UC Merced's 21 classes, depths 5 and 8 leave 14.0 and 13.5 % of held-out chips wrong, with
 * log losses of 0.54 and 0.57. In its directions a tree needs few questions.
 */
static const int default_depth[] = {LU_FOREST_DEPTH};

static enum lu_status refuse_l2(const struct lu_head_trials *trials, struct lu_error *err)
{
	return trials->l2_count == 0 ? LU_OK : lu_fail(err, LU_ERROR_ARGUMENT, ".l2 is for .head = logistic");
}

static enum lu_status list(const struct lu_head_trials *trials, struct lu_head_setting *settings, size_t *count,
			   struct lu_error *err)
{
	const int *depth = trials->depth_count > 0 ? trials->depth : default_depth;

	*count = trials->depth_count > 0 ? trials->depth_count : sizeof(default_depth) / sizeof(default_depth[0]);
	if (*count > LU_MOST_SETTINGS)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".depth has %zu numbers, at most %d", *count, LU_MOST_SETTINGS);
	for (size_t i = 0; i < *count; i++) {
		if (depth[i] < 1 || depth[i] > DEEPEST)
			return lu_fail(err, LU_ERROR_ARGUMENT,
				       ".depth has %d, it should be a whole number from 1 to %d", depth[i], DEEPEST);
		settings[i] = (struct lu_head_setting){.trees = trials->trees > 0 ? trials->trees : LU_FOREST_TREES,
						       .depth = depth[i]};
	}
	return refuse_l2(trials, err);
}

static enum lu_status list_2017(const struct lu_head_trials *trials, struct lu_head_setting *settings, size_t *count,
				struct lu_error *err)
{
	*count = 1;
	settings[0] = (struct lu_head_setting){.trees = TREES_2017, .depth = DEPTH_2017};
	if (trials->trees > 0 || trials->depth_count > 0)
		return lu_fail(err, LU_ERROR_ARGUMENT,
			       ".head = forest-2017 is %d trees of depth %d: .trees and .depth are for .head = forest",
			       TREES_2017, DEPTH_2017);
	return refuse_l2(trials, err);
}

static void describe(const struct lu_head_setting *setting, char text[64])
{
	snprintf(text, 64, "%d trees, depth %d", setting->trees, setting->depth);
}

static double bytes(const struct lu_rows *rows, const struct lu_head_setting *setting)
{
	const size_t count = lu_directions_count(rows->features, rows->class_count);

	if (count == 0)
		return lu_subforest_bytes(rows->count, rows->features, setting->depth);
	return fmax(lu_subforest_bytes(rows->count, count, setting->depth),
		    lu_directions_bytes(rows->features, rows->class_count)) +
	       4.0 * (double)rows->count * (double)count;
}

/* Rows as the trees see them: in directions, or as they are. */
struct ground {
	struct lu_rows rows;
	float *z;
	const float **pointers;
};

static void ground_release(struct ground *ground)
{
	lu_free(ground->z);
	lu_free(ground->pointers);
}

/* 'count' numbers a row, yet to be filled; 0: the features. */
static enum lu_status ground_init(struct ground *ground, const struct lu_rows *rows, size_t count, struct lu_error *err)
{
	enum lu_status status;

	ground->rows = *rows;
	if (count == 0)
		return LU_OK;
	LU_TRY(lu_alloc(&ground->z, rows->count * count, sizeof(float), "directions", err));
	LU_TRY(lu_alloc(&ground->pointers, rows->count, sizeof(*ground->pointers), "directions", err));
	for (size_t i = 0; i < rows->count; i++)
		ground->pointers[i] = ground->z + i * count;
	ground->rows.rows = ground->pointers;
	ground->rows.features = count;
out:
	return status;
}

static enum lu_status ground_of(const struct lu_directions *directions, const struct lu_rows *rows,
				struct ground *ground, struct lu_error *err)
{
	const enum lu_status status = ground_init(ground, rows, directions->count, err);

	if (status == LU_OK && directions->count > 0)
		lu_directions_project(directions, rows->rows, rows->count, ground->z);
	return status;
}

/* How many subforests may grow at a time in half of the machine's memory; 0: none. */
static int at_a_time(const struct lu_head_task *task, double *each, double *budget)
{
	*each = bytes(task->rows, &task->setting);
	*budget = 0.5 * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
	const double fitting = floor(*budget / fmax(*each, 1));

	return fitting < task->threads ? (int)fitting : task->threads;
}

/* What is grown from what, into what. */
struct growing {
	const struct lu_head_task *task;
	const struct lu_rows *rows;
	struct lu_head *out;
};

/* The binned rows are a thread's own: xgboost does not say that threads may share them. */
static enum lu_status begin_growing(void *context, void *own, struct lu_error *err)
{
	const struct growing *growing = context;

	return lu_binned_new(growing->rows, growing->task->class_weights, own, err);
}

static void end_growing(void *own)
{
	lu_binned_free(*(struct lu_binned **)own);
}

static enum lu_status grow(void *context, void *own, int64_t i, struct lu_error *err)
{
	const struct growing *growing = context;
	const struct lu_head_task *task = growing->task;
	const int left = growing->out->trees - (int)i * SUBFOREST;

	return lu_subforest_grow(*(struct lu_binned **)own, left < SUBFOREST ? left : SUBFOREST, task->setting.depth,
				 task->seed * 1000003 + (uint64_t)i, &growing->out->subforests[i], err);
}

static enum lu_status grow_all(const struct lu_head_task *task, const struct lu_rows *rows, int threads,
			       struct lu_head *out, struct lu_error *err)
{
	struct growing growing = {task, rows, out};

	return lu_pool_run(&(struct lu_pool_task){.threads = threads,
						  .parts = out->subforest_count,
						  .context = &growing,
						  .worker_bytes = sizeof(struct lu_binned *),
						  .begin = begin_growing,
						  .release = end_growing,
						  .part = grow,
						  .hooks = task->hooks},
			   err);
}

static enum lu_status fit(const struct lu_head_task *task, struct lu_head *out, struct lu_error *err)
{
	const size_t count = lu_directions_count(task->rows->features, task->rows->class_count);
	double each, budget;
	const int threads = at_a_time(task, &each, &budget);
	struct ground ground = {0};

	out->trees = task->setting.trees;
	out->subforest_count = (out->trees + SUBFOREST - 1) / SUBFOREST;
	if (threads < 1)
		return lu_fail(
			err, LU_ERROR_MEMORY,
			"trees of depth %d on %zu rows of %zu features need %.1f GB, half of this machine's memory "
			"is %.1f GB (less .depth, .augment or .sample_frac)",
			task->setting.depth, task->rows->count, task->rows->features, each * 1e-9, budget * 1e-9);
	enum lu_status status;

	LU_TRY(lu_alloc(&out->subforests, (size_t)out->subforest_count, sizeof(*out->subforests), "trees", err));
	LU_TRY(ground_init(&ground, task->rows, count, err));
	if (count > 0)
		LU_TRY(lu_directions_find(task->rows, &out->directions, ground.z, err));
	LU_TRY(grow_all(task, &ground.rows, threads, out, err));
out:
	ground_release(&ground);
	return status;
}

/* The share of the forest's trees that subforest 'i' has. */
static double share_of(const struct lu_head *head, int i)
{
	const int left = head->trees - i * SUBFOREST;

	return (double)(left < SUBFOREST ? left : SUBFOREST) / head->trees;
}

static enum lu_status score(const struct lu_head *head, const float *const *rows, size_t n, double *scores,
			    struct lu_error *err)
{
	const struct lu_rows features = {.rows = rows, .count = n};
	const size_t count = n * head->class_count;
	struct ground ground = {0};
	float *of_subforest = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&of_subforest, count, sizeof(float), "scores", err));
	LU_TRY(ground_of(&head->directions, &features, &ground, err));
	for (size_t k = 0; k < count; k++)
		scores[k] = 0;
	for (int i = 0; i < head->subforest_count; i++) {
		LU_TRY(lu_subforest_scores(head->subforests[i], ground.rows.rows, n, of_subforest, err));
		for (size_t k = 0; k < count; k++)
			scores[k] += share_of(head, i) * of_subforest[k];
	}
out:
	ground_release(&ground);
	lu_free(of_subforest);
	return status;
}

static enum lu_status settle(struct lu_head *head, const struct lu_rows *rows, struct lu_error *err)
{
	struct ground ground = {0};
	enum lu_status status = LU_OK;

	for (int i = 0; i < head->subforest_count && status == LU_OK; i++) {
		char *json = NULL;
		status = lu_subforest_json(head->subforests[i], &json, err);
		if (status == LU_OK)
			status = lu_forest_trees_add(&head->settled, json, share_of(head, i), err);
		lu_free(json);
	}
	if (status != LU_OK)
		goto out;
	LU_TRY(ground_of(&head->directions, rows, &ground, err));
	LU_TRY(lu_forest_trees_centre(&head->settled, &ground.rows, err));
out:
	ground_release(&ground);
	return status;
}

static enum lu_status append(const struct lu_head *head, double temperature, struct lu_onnx *onnx, struct lu_error *err)
{
	const struct lu_forest_trees *trees = &head->settled;
	const struct lu_directions *directions = &head->directions;
	struct lu_tree_node *nodes = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&nodes, trees->count, sizeof(*nodes), "trees", err));
	for (size_t i = 0; i < trees->count; i++) {
		nodes[i] = trees->nodes[i];
		nodes[i].weight = (float)(nodes[i].weight / temperature);
	}
	if (directions->count > 0)
		LU_TRY(lu_onnx_append_projection(onnx, directions->weights, directions->bias, directions->features,
						 directions->count, err));
	LU_TRY(lu_onnx_append_trees(onnx, nodes, trees->count, head->class_count, err));
out:
	lu_free(nodes);
	return status;
}

static void release(struct lu_head *head)
{
	for (int i = 0; i < head->subforest_count && head->subforests != NULL; i++)
		lu_subforest_free(head->subforests[i]);
	lu_free(head->subforests);
	lu_directions_release(&head->directions);
	lu_forest_trees_release(&head->settled);
}

/* The two differ in what they try. */
#define FOREST(called, lists)                                                                                          \
	{                                                                                                              \
		.name = called, .title = "random forest", .spreads = true, .list = lists, .describe = describe,        \
		.bytes = bytes, .fit = fit, .score = score, .settle = settle, .append = append, .release = release,    \
	}

const struct lu_head_kind lu_head_forest = FOREST("forest", list);
const struct lu_head_kind lu_head_forest_2017 = FOREST("forest-2017", list_2017);
