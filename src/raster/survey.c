/* survey.c: a walk down a folder, by readdir. See survey.h. */
#include "raster/survey.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/paths.h"

static const char *const vector_endings[] = {".gpkg", ".shp", ".geojson", ".fgb", ".kml", ".gml", NULL};

static bool ends_with(const char *name, const char *const *endings)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && endings[i] != NULL; i++)
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum lu_status append(char ***list, size_t *count, const char *path, struct lu_error *err)
{
	enum lu_status status;

	if (*count >= LU_SURVEY_MOST)
		return lu_fail(err, LU_ERROR_ARGUMENT, "more than %d files (name a folder nearer to the imagery)",
			       LU_SURVEY_MOST);
	LU_TRY(lu_grow(list, *count + 1, sizeof(**list), "a list of files", err));
	(*list)[*count] = lu_strdup(path);
	if ((*list)[*count] == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a list of files");
	(*count)++;
out:
	return status;
}

/* The names in a folder that a person means; NULL where it cannot be read. */
static enum lu_status read_names(const char *folder, char ***names, size_t *count, struct lu_error *err)
{
	DIR *stream = opendir(folder);
	enum lu_status status = LU_OK;

	if (stream == NULL)
		return lu_fail_open(err, folder);
	for (const struct dirent *entry; status == LU_OK && (entry = readdir(stream)) != NULL;)
		if (!lu_name_is_system(entry->d_name) && lu_utf8_valid(entry->d_name))
			status = append(names, count, entry->d_name, err);
	closedir(stream);
	if (*count > 0)
		qsort(*names, *count, sizeof(**names), by_name);
	return status;
}

static bool holds(const char *folder, const char *name)
{
	char *path = lu_path_join(folder, name);
	const bool there = path != NULL && lu_file_exists(path);

	lu_free(path);
	return there;
}

/* What a run writes into is nobody's imagery. */
static bool is_output(const char *folder)
{
	return holds(folder, "manifest.json") || holds(folder, ".landuse.lock");
}

static enum lu_status walk(struct lu_survey *survey, const char *folder, const char *below, int depth,
			   struct lu_error *err);

/* One name in 'folder', which is called 'below' from where the walk began. */
static enum lu_status look_at(struct lu_survey *survey, const char *folder, const char *below, const char *name,
			      int depth, bool vrt_counts, struct lu_error *err)
{
	static const char *const vrt[] = {".vrt", NULL};
	char *path = lu_path_join(folder, name);
	char *seen = below[0] != '\0' ? lu_sprintf("%s/%s", below, name) : lu_strdup(name);
	enum lu_status status = LU_OK;

	LU_TRY(path != NULL && seen != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a list of files"));
	if (lu_folder_exists(path)) {
		/* One that may not be read is passed over: it is not what was asked about. */
		if (depth < LU_SURVEY_DEEPEST && !is_output(path)) {
			status = walk(survey, path, seen, depth + 1, err);
			status = status == LU_ERROR_IO ? LU_OK : status;
		}
	} else if (lu_path_is_raster(name) || (vrt_counts && ends_with(name, vrt))) {
		status = append(&survey->rasters, &survey->raster_count, seen, err);
	} else if (ends_with(name, vector_endings)) {
		status = append(&survey->vectors, &survey->vector_count, seen, err);
	}
out:
	lu_free(path);
	lu_free(seen);
	return status;
}

static enum lu_status walk(struct lu_survey *survey, const char *folder, const char *below, int depth,
			   struct lu_error *err)
{
	char **names = NULL;
	size_t count = 0;
	bool vrt_counts = true;
	enum lu_status status;

	LU_TRY(read_names(folder, &names, &count, err));
	for (size_t i = 0; i < count; i++)
		vrt_counts = vrt_counts && !lu_path_is_raster(names[i]);
	for (size_t i = 0; i < count; i++)
		LU_TRY(look_at(survey, folder, below, names[i], depth, vrt_counts, err));
out:
	for (size_t i = 0; i < count; i++)
		lu_free(names[i]);
	lu_free(names);
	return status;
}

enum lu_status lu_survey_folder(const char *folder, struct lu_survey *out, struct lu_error *err)
{
	enum lu_status status;

	*out = (struct lu_survey){0};
	if (lu_file_exists(folder) && !lu_folder_exists(folder))
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: a file (name the folder that it lies in)", folder);
	status = walk(out, folder, "", 0, err);
	if (status != LU_OK) {
		lu_survey_release(out);
		return status;
	}
	if (out->raster_count > 0)
		qsort(out->rasters, out->raster_count, sizeof(*out->rasters), by_name);
	if (out->vector_count > 0)
		qsort(out->vectors, out->vector_count, sizeof(*out->vectors), by_name);
	return LU_OK;
}

void lu_survey_release(struct lu_survey *survey)
{
	for (size_t i = 0; i < survey->raster_count; i++)
		lu_free(survey->rasters[i]);
	for (size_t i = 0; i < survey->vector_count; i++)
		lu_free(survey->vectors[i]);
	lu_free(survey->rasters);
	lu_free(survey->vectors);
	*survey = (struct lu_survey){0};
}
