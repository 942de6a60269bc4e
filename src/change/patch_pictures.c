/* patch_pictures.c: the window of each patch, cropped from the imagery of both dates. */
#include "change/patch_pictures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/crop.h"

/* The longer side of the ground shown, before it is made to fit: three cells of aerial-21 with 224 px at least. */
enum { LEAST_PX = 256, MOST_PX = 2240 };

struct drawing {
	const struct lu_patch_pictures_task *task;
	const struct lu_patches *patches;
	struct lu_crop *crops[2];
	int64_t cell_px;
	uint8_t *marked; /* of one scene */
};

static enum lu_status open_crops(struct drawing *drawing, struct lu_error *err)
{
	const struct lu_patch_pictures_task *task = drawing->task;
	enum lu_status status = LU_OK;

	/* The finer date's pixels for both, so that the eye can go to and fro. */
	for (int d = 0; d < 2; d++) {
		int64_t cell_px = 0;
		LU_TRY(lu_crop_cell_px(task->imagery[d], task->cells, &cell_px, err));
		drawing->cell_px = cell_px > drawing->cell_px ? cell_px : drawing->cell_px;
	}
	for (int d = 0; d < 2; d++)
		LU_TRY(lu_crop_new(task->imagery[d], task->colours, task->cells, drawing->cell_px, &drawing->crops[d],
				   err));
out:
	return status;
}

/* Part of 'first' .. 'first + length - 1' with 'margin' on both sides; 'most' at most, then about 'middle'. */
static void choose_span(int64_t first, int64_t length, int64_t middle, int64_t margin, int64_t most, int64_t *start,
			int64_t *count)
{
	*start = first - margin;
	*count = length + 2 * margin;
	if (*count > most) {
		*start = middle - most / 2;
		*count = most;
	}
}

static enum lu_status choose_scene(struct drawing *drawing, const struct lu_patch *patch, struct lu_crop_scene *scene,
				   struct lu_error *err)
{
	const struct lu_flagged_cell *surest = lu_patch_surest(drawing->patches, patch);
	const struct lu_rect w = patch->window;
	const int64_t longest = w.width > w.height ? w.width : w.height;
	const int64_t missing = (LEAST_PX + drawing->cell_px - 1) / drawing->cell_px - longest;
	const int64_t margin = missing > 2 ? (missing + 1) / 2 : 1, most = MOST_PX / drawing->cell_px;

	*scene = (struct lu_crop_scene){0};
	choose_span(w.x, w.width, surest->col, margin, most, &scene->cells.x, &scene->cells.width);
	choose_span(w.y, w.height, surest->row, margin, most, &scene->cells.y, &scene->cells.height);
	const size_t area = (size_t)(scene->cells.width * scene->cells.height);
	const enum lu_status status = lu_grow(&drawing->marked, area, 1, "a picture", err);
	if (status != LU_OK)
		return status;
	memset(drawing->marked, 0, area);
	for (size_t i = patch->first; i < patch->first + patch->count; i++) {
		const int64_t row = drawing->patches->cells[i].row - scene->cells.y;
		const int64_t col = drawing->patches->cells[i].col - scene->cells.x;
		if (row >= 0 && row < scene->cells.height && col >= 0 && col < scene->cells.width)
			drawing->marked[row * scene->cells.width + col] = 1;
	}
	scene->marked = drawing->marked;
	return LU_OK;
}

/* Both pictures of patch 'number'. */
static enum lu_status draw_patch(struct drawing *drawing, size_t number, char *links[2], struct lu_error *err)
{
	const struct lu_patch_pictures_task *task = drawing->task;
	const struct lu_flagged_cell *first = &drawing->patches->cells[drawing->patches->patches[number].first];
	struct lu_crop_scene scene;
	enum lu_status status;

	LU_TRY(choose_scene(drawing, &drawing->patches->patches[number], &scene, err));
	for (int d = 0; d < 2 && status == LU_OK; d++) {
		bool drawn = false;
		char *path = NULL;
		links[d] = lu_sprintf(LU_PATCH_PICTURES "/%s_r%" PRId64 "_c%" PRId64 "_%s.jpg", task->layer, first->row,
				      first->col, task->labels[d]);
		if (links[d] != NULL)
			path = lu_sprintf("%s/%s/%s", task->folder, task->name, links[d]);
		status = path != NULL ? lu_crop_write(drawing->crops[d], &scene, path, &drawn, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(path);
		if (!drawn) {
			lu_free(links[d]);
			links[d] = NULL;
		}
	}
out:
	return status;
}

/* A patch by its place on the ground. */
struct place {
	int64_t row;
	size_t number;
};

static int from_north(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* In the order of the ground: neighbours share decoded blocks of imagery. */
static enum lu_status draw_all(struct drawing *drawing, struct lu_patch_pictures *out, struct lu_error *err)
{
	struct place *places = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&places, out->count, sizeof(*places), "patches", err));
	for (size_t i = 0; i < out->count; i++)
		places[i] = (struct place){drawing->patches->patches[i].window.y, i};
	qsort(places, out->count, sizeof(*places), from_north);
	for (size_t i = 0; i < out->count && status == LU_OK; i++) {
		if (lu_cancelled(drawing->task->hooks))
			status = lu_fail(err, LU_ERROR_CANCELLED, "stopped");
		else
			status = draw_patch(drawing, places[i].number, out->links[places[i].number], err);
		lu_progress(drawing->task->hooks, "pictures", i + 1, out->count);
	}
out:
	lu_free(places);
	return status;
}

enum lu_status lu_patch_pictures_draw(const struct lu_patch_pictures_task *task, const struct lu_patches *patches,
				      size_t most, struct lu_patch_pictures *out, struct lu_outputs *outputs,
				      struct lu_error *err)
{
	struct drawing drawing = {.task = task, .patches = patches};
	const size_t count = patches->count < most ? patches->count : most;
	char *folder = NULL;
	enum lu_status status;

	*out = (struct lu_patch_pictures){0};
	if (count == 0)
		return LU_OK;
	status = lu_alloc(&out->links, count, sizeof(*out->links), "pictures", err);
	if (status != LU_OK)
		return status;
	out->count = count;
	folder = lu_sprintf("%s/%s/" LU_PATCH_PICTURES, task->folder, task->name);
	LU_TRY(folder != NULL ? lu_folder_make(folder, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_folder_sweep(folder, err));
	LU_TRY(open_crops(&drawing, err));
	LU_TRY(draw_all(&drawing, out, err));
	LU_TRY(lu_folder_sync(folder, err));
	for (size_t i = 0; i < 2 * count; i++)
		if (out->links[i / 2][i % 2] != NULL)
			LU_TRY(lu_outputs_add(outputs, err, "%s/%s", task->name, out->links[i / 2][i % 2]));
out:
	lu_crop_free(drawing.crops[0]);
	lu_crop_free(drawing.crops[1]);
	lu_free(drawing.marked);
	lu_free(folder);
	return status;
}

void lu_patch_pictures_release(struct lu_patch_pictures *pictures)
{
	for (size_t i = 0; i < 2 * pictures->count; i++)
		lu_free(pictures->links[i / 2][i % 2]);
	lu_free(pictures->links);
	*pictures = (struct lu_patch_pictures){0};
}
