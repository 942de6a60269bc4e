/* features.c: hashes first, then the rows that no cache has yet. See features.h. */
#include "learn/features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "chips/cut.h"

/* The folder of the cache for this very way of making features; lu_free it. */
static enum lu_status cache_folder(const struct lu_feature_task *task, char **out, struct lu_error *err)
{
	const struct lu_model *model = task->backbone->model;
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CACHE_HOME");
	char hex[LU_SHA256_HEX], text[192];
	char arithmetic[LU_ARITHMETIC];
	struct lu_sha256 *hash = NULL;
	const enum lu_status status = lu_sha256_new(&hash, err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	lu_plan_arithmetic(task->backbone->plan, arithmetic);
	int length = snprintf(text, sizeof(text), "features %d %s fit %s chip %d", LU_CHIP_VERSION, arithmetic,
			      lu_fit_name(task->fit), model->chip_px);
	if (task->range != NULL)
		length += snprintf(text + length, sizeof(text) - (size_t)length, " range %.17g %.17g", task->range[0],
				   task->range[1]);
	lu_sha256_add(hash, text, (size_t)length + 1);
	lu_sha256_add(hash, model->sha256, LU_SHA256_HEX);
	lu_sha256_add(hash, task->backbone->layer, strlen(task->backbone->layer) + 1);
	lu_sha256_add(hash, model->scale, model->bands * sizeof(float));
	lu_sha256_add(hash, model->offset, model->bands * sizeof(float));
	lu_sha256_hex(hash, hex);
	lu_sha256_free(hash);
	if (task->cache != NULL)
		*out = lu_sprintf("%s/%.16s", task->cache, hex);
	else if (xdg != NULL && xdg[0] == '/')
		*out = lu_sprintf("%s/landuse/features/%.16s", xdg, hex);
	else if (home != NULL && home[0] == '/')
		*out = lu_sprintf("%s/.cache/landuse/features/%.16s", home, hex);
	else
		return lu_fail(err, LU_ERROR_ARGUMENT, "no HOME to keep features in (name a folder with .cache)");
	return *out != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
}

/* Rows still to be made: where each item of the picture task belongs. */
struct missing {
	struct lu_features *features;
	const struct lu_feature_task *task;
	struct lu_picture_item *items;
	size_t *chips; /* of each item */
	bool *unreadable;
	size_t count;
};

static enum lu_status keep(void *user, size_t item, const float *outputs, struct lu_error *err)
{
	const struct missing *missing = user;

	return lu_feature_cache_add(missing->features->cache, missing->features->sha256[missing->chips[item]],
				    missing->items[item].pose, outputs, err);
}

/* Chips that validate are looked at as they are. */
static bool is_wanted(const struct lu_feature_task *task, const struct lu_features *features, size_t chip, size_t pose)
{
	const enum lu_split split = task->set->chips[chip].split;

	return split != LU_SPLIT_TEST && (pose == 0 || split != LU_SPLIT_VALIDATE) && features->sha256[chip][0] != '\0';
}

/* The brightness and colour of a picture under a pose follow from its content. */
static uint64_t draw_of(const char sha256[LU_SHA256_HEX], lu_pose pose)
{
	char digits[17] = "";

	strncat(digits, sha256, 16);
	return strtoull(digits, NULL, 16) + pose;
}

/* List what the cache lacks of some poses. A picture that is there twice is made twice: rare, and harmless. */
static enum lu_status list_missing(struct missing *missing, size_t first_pose, size_t end_pose, struct lu_error *err)
{
	const struct lu_feature_task *task = missing->task;
	const size_t most = task->set->chip_count * task->pose_count;
	enum lu_status status;

	LU_TRY(lu_alloc(&missing->items, most, sizeof(*missing->items), "chips", err));
	LU_TRY(lu_alloc(&missing->chips, most, sizeof(size_t), "chips", err));
	LU_TRY(lu_alloc(&missing->unreadable, most, sizeof(bool), "chips", err));
	for (size_t i = 0; i < task->set->chip_count; i++) {
		for (size_t p = first_pose; p < end_pose; p++) {
			if (!is_wanted(task, missing->features, i, p))
				continue;
			if (lu_feature_cache_find(missing->features->cache, missing->features->sha256[i],
						  task->poses[p]) != NULL) {
				missing->features->found++;
				continue;
			}
			missing->items[missing->count] =
				(struct lu_picture_item){.path = task->set->chips[i].path,
							 .pose = task->poses[p],
							 .draw = draw_of(missing->features->sha256[i], task->poses[p])};
			missing->chips[missing->count++] = i;
		}
	}
out:
	return status;
}

/* Make what is listed. A picture that turns out unreadable loses its hash: nobody asks for it again. */
static enum lu_status make_listed(struct missing *missing, struct lu_error *err)
{
	const struct lu_feature_task *task = missing->task;
	const struct lu_picture_task pictures = {.classifier = task->backbone,
						 .items = missing->items,
						 .count = missing->count,
						 .fit = task->fit,
						 .range = task->range,
						 .threads = task->threads,
						 .sink = keep,
						 .user = missing,
						 .unreadable = missing->unreadable,
						 .hooks = task->hooks,
						 .stage = "features"};
	struct lu_picture_result done = {0};

	if (missing->count == 0)
		return LU_OK;
	const enum lu_status status = lu_score_pictures(&pictures, &done, err);
	missing->features->seconds += done.seconds;
	missing->features->computed += missing->count - done.unreadable;
	for (size_t i = 0; i < missing->count; i++)
		if (missing->unreadable[i])
			missing->features->sha256[missing->chips[i]][0] = '\0';
	return status;
}

/* The poses from 'first_pose' on, below 'end_pose', of every picture. */
static enum lu_status make_missing(const struct lu_feature_task *task, struct lu_features *features, size_t first_pose,
				   size_t end_pose, struct lu_error *err)
{
	struct missing missing = {.features = features, .task = task};
	enum lu_status status;

	LU_TRY(list_missing(&missing, first_pose, end_pose, err));
	LU_TRY(make_listed(&missing, err));
out:
	lu_free(missing.items);
	lu_free(missing.chips);
	lu_free(missing.unreadable);
	return status;
}

/* SHA-256 of every file, test split too: a picture that is on both sides must be seen. */
static enum lu_status hash_all(const struct lu_feature_task *task, struct lu_features *features, struct lu_error *err)
{
	struct lu_picture_item *items = NULL;
	const size_t count = task->set->chip_count;
	enum lu_status status;

	LU_TRY(lu_alloc(&items, count, sizeof(*items), "chips", err));
	LU_TRY(lu_alloc(&features->sha256, count, sizeof(*features->sha256), "hashes", err));
	for (size_t i = 0; i < count; i++)
		items[i].path = task->set->chips[i].path;
	LU_TRY(lu_hash_pictures(items, count, task->threads, features->sha256, task->hooks, err));
	for (size_t i = 0; i < count; i++)
		if (features->sha256[i][0] == '\0')
			lu_log(task->hooks, LU_LEVEL_WARNING, "%s: cannot be read (passed over)", items[i].path);
out:
	lu_free(items);
	return status;
}

enum lu_status lu_features_make(const struct lu_feature_task *task, struct lu_features *out, struct lu_error *err)
{
	char *folder = NULL;
	const size_t count = task->set->chip_count;
	enum lu_status status;

	*out = (struct lu_features){.features = task->backbone->outputs};
	LU_TRY(cache_folder(task, &folder, err));
	LU_TRY(lu_alloc(&out->rows, count * task->pose_count, sizeof(*out->rows), "features", err));
	LU_TRY(hash_all(task, out, err));
	LU_TRY(lu_feature_cache_open(folder, out->features, task->hooks, &out->cache, err));
	/* Upright first: a picture that cannot be read is then told of once, and not once a pose. */
	LU_TRY(make_missing(task, out, 0, 1, err));
	if (task->pose_count > 1)
		LU_TRY(make_missing(task, out, 1, task->pose_count, err));
	LU_TRY(lu_feature_cache_map(out->cache, err));
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < task->pose_count; p++)
			if (is_wanted(task, out, i, p))
				out->rows[i * task->pose_count + p] =
					lu_feature_cache_find(out->cache, out->sha256[i], task->poses[p]);
out:
	lu_free(folder);
	return status;
}

void lu_features_release(struct lu_features *features)
{
	lu_feature_cache_close(features->cache);
	lu_free(features->rows);
	lu_free(features->sha256);
	*features = (struct lu_features){0};
}
