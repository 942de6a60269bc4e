/* sample_pictures.c: crops of the imagery around sampled cells. */
#include "job/accuracy/sample_pictures.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/ground.h"
#include "raster/picture.h"
#include "raster/view.h"

/* Pixels across a cell: the imagery's own, between what shows something and what fits a form. */
enum { LEAST_PX = 32, MOST_PX = 320, BANDS = 3 };

struct date {
	char *label, *path;
	struct lu_imagery *imagery;
	struct lu_view *view;
	int64_t cell_px;
};

struct lu_pictures {
	struct date *dates;
	char **fields;
	size_t count;
	char *folder; /* as opened */
	const char *name; /* its last part, inside 'folder' */
	uint8_t *planes, *valid; /* room for the largest picture */
};

/* The map's frame with 'across' pixels to a cell. */
static struct lu_frame pixel_frame(const struct lu_frame *cells, int64_t across)
{
	struct lu_frame pixels = *cells;

	pixels.width *= across;
	pixels.height *= across;
	for (int i = 0; i < 6; i++)
		pixels.transform[i] /= i == 0 || i == 3 ? 1 : (double)across;
	return pixels;
}

static enum lu_status open_date(const char *text, const struct lu_frame *cells, struct date *date, char **field,
				struct lu_error *err)
{
	const char *equals = strchr(text, '=');
	double cell_m;
	enum lu_status status;

	if (equals == NULL || equals == text || equals[1] == '\0')
		return lu_fail(err, LU_ERROR_ARGUMENT, "imagery is '%s', it should be DATE=PATH", text);
	date->label = lu_strndup(text, (size_t)(equals - text));
	date->path = lu_strdup(equals + 1);
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
	const struct lu_imagery_options options = {.paths = paths, .path_count = 1, .wanted = BANDS};
	status = lu_imagery_open(&options, &date->imagery, err);
	if (status == LU_OK)
		status = lu_frame_gsd_m(cells, &cell_m, err);
	if (status != LU_OK)
		return status;
	date->cell_px = llround(fmin(fmax(cell_m / lu_imagery_gsd_m(date->imagery), LEAST_PX), MOST_PX));
	const struct lu_frame pixels = pixel_frame(cells, date->cell_px);
	return lu_view_new(date->imagery, &pixels, &date->view, err);
}

static enum lu_status make_folder(struct lu_pictures *pictures, const char *sample_path, struct lu_error *err)
{
	const char *dot = strrchr(lu_path_name(sample_path), '.');
	const size_t stem = dot != NULL ? (size_t)(dot - sample_path) : strlen(sample_path);

	pictures->folder = lu_sprintf("%.*s_pictures", (int)stem, sample_path);
	if (pictures->folder == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	pictures->name = lu_path_name(pictures->folder);
	return lu_folder_make(pictures->folder, err);
}

enum lu_status lu_pictures_open(const char *const *imagery, size_t count, const struct lu_frame *cells,
				const char *sample_path, struct lu_pictures **out, struct lu_error *err)
{
	const size_t most = (size_t)(2 * MOST_PX) * (size_t)(2 * MOST_PX);
	struct lu_pictures *pictures = NULL;
	enum lu_status status = lu_alloc(&pictures, 1, sizeof(*pictures), "pictures", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	status = lu_alloc(&pictures->dates, count, sizeof(*pictures->dates), "pictures", err);
	if (status == LU_OK)
		status = lu_alloc(&pictures->fields, count, sizeof(*pictures->fields), "pictures", err);
	if (status == LU_OK)
		status = lu_alloc(&pictures->planes, BANDS, most, "a picture", err);
	if (status == LU_OK)
		status = lu_alloc(&pictures->valid, 1, most, "a picture", err);
	for (size_t i = 0; i < count && status == LU_OK; i++) {
		pictures->count++;
		status = open_date(imagery[i], cells, &pictures->dates[i], &pictures->fields[i], err);
		for (size_t k = 0; k < i && status == LU_OK; k++)
			if (strcmp(pictures->fields[k], pictures->fields[i]) == 0)
				status = lu_fail(err, LU_ERROR_ARGUMENT, "imagery of %s is named twice",
						 pictures->dates[i].label);
	}
	if (status == LU_OK)
		status = make_folder(pictures, sample_path, err);
	if (status == LU_OK) {
		*out = pictures;
		pictures = NULL;
	}
	lu_pictures_close(pictures);
	return status;
}

void lu_pictures_close(struct lu_pictures *pictures)
{
	if (pictures == NULL)
		return;
	for (size_t i = 0; i < pictures->count; i++) {
		lu_view_free(pictures->dates[i].view);
		lu_imagery_free(pictures->dates[i].imagery);
		lu_free(pictures->dates[i].label);
		lu_free(pictures->dates[i].path);
		lu_free(pictures->fields[i]);
	}
	lu_free(pictures->dates);
	lu_free(pictures->fields);
	lu_free(pictures->folder);
	lu_free(pictures->planes);
	lu_free(pictures->valid);
	lu_free(pictures);
}

const char *const *lu_pictures_fields(const struct lu_pictures *pictures, size_t *count)
{
	*count = pictures != NULL ? pictures->count : 0;
	return pictures != NULL ? (const char *const *)pictures->fields : NULL;
}

/* A yellow line, two pixels wide, along the inside of the square from 'first' to 'last'. */
static void draw_frame(uint8_t *planes, int64_t across, int64_t first, int64_t last)
{
	static const uint8_t yellow[BANDS] = {255, 230, 0};

	for (int64_t row = first; row <= last; row++) {
		for (int64_t col = first; col <= last; col++) {
			const bool inside = row > first + 1 && row < last - 1 && col > first + 1 && col < last - 1;
			for (int64_t band = 0; !inside && band < BANDS; band++)
				planes[(band * across + row) * across + col] = yellow[band];
		}
	}
}

enum lu_status lu_pictures_write(struct lu_pictures *pictures, size_t i, int64_t id, int64_t row, int64_t col,
				 char **link, struct lu_error *err)
{
	struct date *date = &pictures->dates[i];
	const int64_t cell = date->cell_px, margin = cell / 2, across = cell + 2 * margin;
	const struct lu_rect window = {col * cell - margin, row * cell - margin, across, across};
	char *path = NULL;
	enum lu_status status;

	*link = NULL;
	if (!lu_view_touches(date->view, window))
		return LU_OK;
	status = lu_view_read(date->view, window, pictures->planes, pictures->valid, err);
	if (status != LU_OK)
		return status;
	if (memchr(pictures->valid, 1, (size_t)(across * across)) == NULL)
		return LU_OK;
	draw_frame(pictures->planes, across, margin, margin + cell - 1);
	path = lu_sprintf("%s/%" PRId64 "_%s.png", pictures->folder, id, date->label);
	if (path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	status = lu_picture_write(path, pictures->planes, (int)across, (int)across, err);
	lu_free(path);
	if (status != LU_OK)
		return status;
	*link = lu_sprintf("%s/%" PRId64 "_%s.png", pictures->name, id, date->label);
	return *link != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
}
