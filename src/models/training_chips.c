/* training_chips.c: the hash list of model.json as sorted numbers. See training_chips.h. */
#include "models/training_chips.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

enum { LARGEST_JSON = 8 << 20 };

static uint64_t key_of(const char *hex)
{
	char digits[LU_TRAINING_CHIP_DIGITS + 1] = "";

	strncat(digits, hex, LU_TRAINING_CHIP_DIGITS);
	return strtoull(digits, NULL, 16);
}

static int by_key(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* The folder of the model's package; of a bare network the one that it lies in. lu_free it. */
static char *folder_of(const struct lu_model *model)
{
	return model->folder != NULL ? lu_strdup(model->folder) : lu_path_folder(model->onnx_path);
}

/* Is it this network that the item speaks of? Beside a bare one may lie the model.json of another. */
static bool is_of(const json_t *item, const struct lu_model *model)
{
	const json_t *asset = json_object_get(json_object_get(item, "assets"), "model");
	const char *sha256 = json_string_value(json_object_get(asset, "landuse:sha256"));

	return model->folder != NULL || (sha256 != NULL && strcmp(sha256, model->sha256) == 0);
}

enum lu_status lu_training_chips_read(const struct lu_model *model, struct lu_training_chips *out, struct lu_error *err)
{
	char *folder = folder_of(model), *path = folder != NULL ? lu_path_join(folder, "model.json") : NULL;
	char *bytes = NULL;
	json_t *item = NULL;
	size_t size;
	enum lu_status status = path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	*out = (struct lu_training_chips){0};
	if (status != LU_OK || (model->folder == NULL && !lu_file_exists(path)))
		goto out;
	status = lu_file_read(path, LARGEST_JSON, &bytes, &size, err);
	if (status != LU_OK)
		goto out;
	item = json_loadb(bytes, size, 0, NULL);
	if (!is_of(item, model))
		goto out;
	const json_t *list = json_object_get(json_object_get(item, "properties"), "landuse:training_chips");
	status = lu_alloc(&out->keys, json_array_size(list), sizeof(uint64_t), "training chips", err);
	for (size_t i = 0; i < json_array_size(list) && status == LU_OK; i++) {
		const char *hex = json_string_value(json_array_get(list, i));
		if (hex != NULL)
			out->keys[out->count++] = key_of(hex);
	}
	if (out->count > 0)
		qsort(out->keys, out->count, sizeof(uint64_t), by_key);
out:
	json_decref(item);
	lu_free(bytes);
	lu_free(path);
	lu_free(folder);
	return status;
}

void lu_training_chips_release(struct lu_training_chips *chips)
{
	lu_free(chips->keys);
	*chips = (struct lu_training_chips){0};
}

bool lu_training_chips_have(const struct lu_training_chips *chips, const char *sha256)
{
	if (chips->count == 0 || sha256[0] == '\0')
		return false;
	const uint64_t key = key_of(sha256);

	return bsearch(&key, chips->keys, chips->count, sizeof(uint64_t), by_key) != NULL;
}
