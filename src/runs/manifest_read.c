/* manifest_read.c: a manifest by jansson; an input is found by its path in an index that is made when it is first asked. */
#include "runs/manifest_read.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "raster/sound.h"

enum { LARGEST_MANIFEST = 256 << 20 };

struct lu_manifest {
	json_t *root;
	json_t *inputs; /* path: its item of "inputs"; NULL: not asked for yet */
};

enum lu_status lu_manifest_read(const char *folder, const char *name, struct lu_manifest **out, struct lu_error *err)
{
	char *path = lu_path_join(folder, name), *bytes = NULL;
	struct lu_manifest *manifest = NULL;
	json_error_t fault;
	enum lu_status status;
	size_t size;

	*out = NULL;
	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (!lu_file_exists(path))
		goto out;
	LU_TRY(lu_file_read(path, LARGEST_MANIFEST, &bytes, &size, err));
	LU_TRY(lu_alloc(&manifest, 1, sizeof(*manifest), "a manifest", err));
	manifest->root = json_loadb(bytes, size, 0, &fault);
	if (!json_is_array(json_object_get(manifest->root, "outputs")))
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: %s, the list of a run's outputs is expected (run the job again)", path,
				 manifest->root == NULL ? "is no JSON" : "has no outputs");
	if (status == LU_OK) {
		*out = manifest;
		manifest = NULL; /* now the caller's */
	}
out:
	lu_manifest_free(manifest);
	lu_free(bytes);
	lu_free(path);
	return status;
}

void lu_manifest_free(struct lu_manifest *manifest)
{
	if (manifest == NULL)
		return;
	json_decref(manifest->inputs);
	json_decref(manifest->root);
	lu_free(manifest);
}

const char *lu_manifest_text(const struct lu_manifest *manifest, const char *key)
{
	return manifest != NULL ? json_string_value(json_object_get(manifest->root, key)) : NULL;
}

const struct json_t *lu_manifest_member(const struct lu_manifest *manifest, const char *key)
{
	return manifest != NULL ? json_object_get(manifest->root, key) : NULL;
}

const char *lu_manifest_job(const struct lu_manifest *manifest)
{
	return json_string_value(json_object_get(lu_manifest_member(manifest, "job"), "path"));
}

size_t lu_manifest_count(const struct lu_manifest *manifest, const char *list)
{
	return json_array_size(lu_manifest_member(manifest, list));
}

static struct lu_manifest_file file_of(const json_t *item)
{
	return (struct lu_manifest_file){.path = json_string_value(json_object_get(item, "path")),
					 .bytes = json_integer_value(json_object_get(item, "bytes")),
					 .sha256 = json_string_value(json_object_get(item, "sha256")),
					 .state = json_string_value(json_object_get(item, "state")),
					 .made_of = json_string_value(json_object_get(item, "made_of"))};
}

struct lu_manifest_file lu_manifest_file(const struct lu_manifest *manifest, const char *list, size_t i)
{
	return file_of(json_array_get(lu_manifest_member(manifest, list), i));
}

struct lu_manifest_file lu_manifest_input(struct lu_manifest *manifest, const char *path)
{
	const json_t *inputs = lu_manifest_member(manifest, "inputs");

	if (manifest == NULL)
		return (struct lu_manifest_file){0};
	if (manifest->inputs == NULL) {
		manifest->inputs = json_object();
		for (size_t i = 0; i < json_array_size(inputs); i++) {
			json_t *item = json_array_get(inputs, i);
			const char *name = json_string_value(json_object_get(item, "path"));
			if (name != NULL)
				json_object_set(manifest->inputs, name, item);
		}
	}
	return file_of(json_object_get(manifest->inputs, path));
}

size_t lu_manifest_remote(const struct lu_manifest *manifest)
{
	const json_t *dates = lu_manifest_member(manifest, "dates"), *date, *path;
	size_t d, i, count = 0;

	json_array_foreach((json_t *)(uintptr_t)dates, d, date)
	{
		json_array_foreach(json_object_get(date, "imagery"), i, path)
		{
			const char *name = json_string_value(path);
			count += name != NULL && strncmp(name, "/vsi", 4) == 0;
		}
	}
	return count;
}

/* Who may be written into by people or QGIS is still of its kind. */
static bool is_sound_edit(const char *path)
{
	if (lu_ends_with(path, ".gpkg"))
		return lu_layer_sound(path);
	return lu_beside_sound(path);
}

enum lu_file_condition lu_manifest_look(const char *folder, const struct lu_manifest_file *file)
{
	char *path = file->path != NULL ? lu_path_join(folder, file->path) : NULL, hex[LU_SHA256_HEX];
	enum lu_file_condition condition = LU_FILE_GONE;
	struct stat facts;

	if (path != NULL && stat(path, &facts) == 0) {
		const bool same = (int64_t)facts.st_size == file->bytes && file->sha256 != NULL &&
				  lu_sha256_file(path, hex, NULL) == LU_OK && strcmp(hex, file->sha256) == 0;
		condition = same ? LU_FILE_AS_WRITTEN : is_sound_edit(path) ? LU_FILE_EDITED : LU_FILE_CHANGED;
	}
	lu_free(path);
	return condition;
}
