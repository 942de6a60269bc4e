/* sample_pictures.c: crops of the imagery around sampled cells. */
#include "accuracy/sample_pictures.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/crop.h"

enum { BANDS = 3 };

struct date {
	char *label, *path;
	struct lu_imagery *imagery;
	struct lu_crop *crop;
	int64_t cell_px;
};

struct lu_pictures {
	struct date *dates;
	char **fields;
	size_t count;
	char *folder; /* as opened */
	const char *name; /* its last part, inside 'folder' */
};

static enum lu_status open_date(const struct lu_dated_imagery *from, const struct lu_frame *cells, struct date *date,
				char **field, struct lu_error *err)
{
	static const size_t colours[BANDS] = {0, 1, 2};
	static const char *const names[BANDS] = {"red", "green", "blue"};
	enum lu_status status;

	date->label = lu_strdup(from->date);
	date->path = lu_strdup(from->path);
	if (date->label == NULL || date->path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: imagery");
	if (strspn(date->label, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") !=
	    strlen(date->label))
		return lu_fail(err, LU_ERROR_ARGUMENT, "imagery's date '%s' should be letters, digits, '-' and '_'",
			       date->label);
	*field = lu_sprintf("picture_%s", date->label);
	if (*field == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: imagery");
	const char *const paths[] = {date->path};
	const struct lu_imagery_options options = {.paths = paths, .path_count = 1, .wanted = BANDS, .names = names};
	LU_TRY(lu_imagery_open(&options, &date->imagery, err));
	LU_TRY(lu_crop_cell_px(date->imagery, cells, &date->cell_px, err));
	LU_TRY(lu_crop_new(date->imagery, colours, cells, date->cell_px, &date->crop, err));
out:
	return status;
}

static enum lu_status name_folder(struct lu_pictures *pictures, const char *sample_path, struct lu_error *err)
{
	const char *dot = strrchr(lu_path_name(sample_path), '.');
	const size_t stem = dot != NULL ? (size_t)(dot - sample_path) : strlen(sample_path);

	pictures->folder = lu_sprintf("%.*s_pictures", (int)stem, sample_path);
	if (pictures->folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	pictures->name = lu_path_name(pictures->folder);
	return LU_OK;
}

enum lu_status lu_pictures_open(const struct lu_dated_imagery *imagery, size_t count, const struct lu_frame *cells,
				const char *sample_path, struct lu_pictures **out, struct lu_error *err)
{
	struct lu_pictures *pictures = NULL;
	enum lu_status status = lu_alloc(&pictures, 1, sizeof(*pictures), "pictures", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	LU_TRY(lu_alloc(&pictures->dates, count, sizeof(*pictures->dates), "pictures", err));
	LU_TRY(lu_alloc(&pictures->fields, count, sizeof(*pictures->fields), "pictures", err));
	for (size_t i = 0; i < count; i++) {
		pictures->count++;
		LU_TRY(open_date(&imagery[i], cells, &pictures->dates[i], &pictures->fields[i], err));
		for (size_t k = 0; k < i; k++)
			if (strcmp(pictures->fields[k], pictures->fields[i]) == 0) {
				status = lu_fail(err, LU_ERROR_ARGUMENT, "imagery of %s is named twice",
						 pictures->dates[i].label);
				goto out;
			}
	}
	LU_TRY(name_folder(pictures, sample_path, err));
	*out = pictures;
	pictures = NULL;
out:
	lu_pictures_close(pictures);
	return status;
}

enum lu_status lu_pictures_files(const struct lu_pictures *pictures, struct lu_inputs *inputs,
				 struct lu_output_names *names, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; pictures != NULL && i < pictures->count; i++)
		LU_TRY(lu_imagery_inputs(pictures->dates[i].imagery, inputs, err));
	if (pictures != NULL)
		LU_TRY(lu_output_names_match(names, pictures->name, "[0-9]*.jpg", err));
out:
	return status;
}

enum lu_status lu_pictures_begin(const struct lu_pictures *pictures, struct lu_error *err)
{
	return pictures != NULL ? lu_folder_make(pictures->folder, err) : LU_OK;
}

void lu_pictures_close(struct lu_pictures *pictures)
{
	if (pictures == NULL)
		return;
	for (size_t i = 0; i < pictures->count; i++) {
		lu_crop_free(pictures->dates[i].crop);
		lu_imagery_free(pictures->dates[i].imagery);
		lu_free(pictures->dates[i].label);
		lu_free(pictures->dates[i].path);
		lu_free(pictures->fields[i]);
	}
	lu_free(pictures->dates);
	lu_free(pictures->fields);
	lu_free(pictures->folder);
	lu_free(pictures);
}

enum lu_status lu_pictures_sync(const struct lu_pictures *pictures, struct lu_error *err)
{
	return pictures != NULL ? lu_folder_sync(pictures->folder, err) : LU_OK;
}

const char *const *lu_pictures_fields(const struct lu_pictures *pictures, size_t *count)
{
	*count = pictures != NULL ? pictures->count : 0;
	return pictures != NULL ? (const char *const *)pictures->fields : NULL;
}

enum lu_status lu_pictures_write(struct lu_pictures *pictures, size_t i, int64_t id, int64_t row, int64_t col,
				 char **link, struct lu_error *err)
{
	/* The middle one of nine cells, with half of each neighbour. */
	static const uint8_t marked[9] = {[4] = 1};
	const struct date *date = &pictures->dates[i];
	const struct lu_crop_scene scene = {
		.cells = {col - 1, row - 1, 3, 3}, .marked = marked, .trim_px = date->cell_px - date->cell_px / 2};
	bool drawn = false;
	char *path = lu_sprintf("%s/%" PRId64 "_%s.jpg", pictures->folder, id, date->label);
	enum lu_status status = path != NULL ? lu_crop_write(date->crop, &scene, path, &drawn, err)
					     : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");

	*link = NULL;
	lu_free(path);
	if (!drawn)
		return status;
	*link = lu_sprintf("%s/%" PRId64 "_%s.jpg", pictures->name, id, date->label);
	return *link != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
}
