/*
 * patch_pictures.c: the window of each patch, cropped from the imagery of both dates.
 *
 * A picture is known by a hash of all that it shows. Two with one hash are one picture: the second is a copy of the first's
 * file.
 */
#include "change/patch_pictures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/pool.h"
#include "raster/crop.h"
#include "raster/start.h"

enum {
	/* The longer side of the ground shown, before it is made to fit: three cells of aerial-21 with 224 px at least. */
	LEAST_PX = 256,
	MOST_PX = 2240,
	/* Pictures that a thread draws in a row: neighbours share decoded blocks of imagery. */
	RUN = 8,
	MOST_ARTISTS = 4, /* at once: each holds some 10 MB at most, and a county has some hundred pictures */
	CACHE_MB = 16, /* of such blocks: scoring needs more, and is over */
	LARGEST_PICTURE = 64 << 20
};

/* One that is wanted. */
struct wanted {
	size_t date;
	int64_t cell_px; /* the finer date's pixels for both of a patch, so that the eye can go to and fro */
	struct lu_rect cells; /* shown */
	const struct lu_patches *patches;
	size_t patch; /* its number */
	char *path; /* below the output folder */
	char **link; /* NULL in the end where the imagery has no data */
	size_t order; /* in which it was wanted */
	bool kept; /* the file is there */
	char hash[LU_SHA256_HEX];
};

struct lu_picture_book {
	struct lu_patch_pictures_task task;
	char (*imagery)[LU_SHA256_HEX]; /* fingerprints, one a date; "": not known yet */
	struct wanted *wanted;
	size_t count;
	size_t *first; /* after sorting, where those begin that are alike and have to be made; 'drawn' of them */
	size_t drawn;
	uint8_t *marked; /* of one scene, while pictures are noted */
};

/* What a thread draws with. */
struct artist {
	struct lu_crop *crop;
	size_t date;
	int64_t cell_px;
	uint8_t *marked; /* of one scene */
};

static int artists(int threads)
{
	return threads < MOST_ARTISTS ? threads : MOST_ARTISTS;
}

size_t lu_picture_book_bytes(const struct lu_imagery *imagery, int threads)
{
	return ((size_t)CACHE_MB << 20) + (size_t)artists(threads) * lu_crop_bytes(imagery, MOST_PX);
}

enum lu_status lu_picture_book_new(const struct lu_patch_pictures_task *task, struct lu_picture_book **out,
				   struct lu_error *err)
{
	struct lu_picture_book *book = NULL;
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&book, 1, sizeof(*book), "pictures", err));
	book->task = *task;
	*out = book;
	LU_TRY(lu_alloc(&book->imagery, task->dates, sizeof(*book->imagery), "dates", err));
out:
	return status;
}

void lu_picture_book_free(struct lu_picture_book *book)
{
	if (book == NULL)
		return;
	for (size_t i = 0; i < book->count; i++)
		lu_free(book->wanted[i].path);
	lu_free(book->wanted);
	lu_free(book->first);
	lu_free(book->imagery);
	lu_free(book->marked);
	lu_free(book);
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

/* The cells that a picture of a patch shows. */
static struct lu_rect choose_cells(const struct lu_patches *patches, size_t number, int64_t cell_px)
{
	const struct lu_patch *patch = &patches->patches[number];
	const struct lu_flagged_cell *surest = lu_patch_surest(patches, patch);
	const struct lu_rect w = patch->window;
	const int64_t longest = w.width > w.height ? w.width : w.height;
	const int64_t missing = (LEAST_PX + cell_px - 1) / cell_px - longest;
	const int64_t margin = missing > 2 ? (missing + 1) / 2 : 1, most = MOST_PX / cell_px;
	struct lu_rect cells;

	choose_span(w.x, w.width, surest->col, margin, most, &cells.x, &cells.width);
	choose_span(w.y, w.height, surest->row, margin, most, &cells.y, &cells.height);
	return cells;
}

/* The patch's cells among those that are shown. */
static enum lu_status mark(const struct wanted *wanted, uint8_t **marked, struct lu_error *err)
{
	const struct lu_rect shown = wanted->cells;
	const struct lu_patch *patch = &wanted->patches->patches[wanted->patch];
	const size_t area = (size_t)(shown.width * shown.height);
	const enum lu_status status = lu_grow(marked, area, 1, "a picture", err);

	if (status != LU_OK)
		return status;
	memset(*marked, 0, area);
	for (size_t i = patch->first; i < patch->first + patch->count; i++) {
		const int64_t row = wanted->patches->cells[i].row - shown.y;
		const int64_t col = wanted->patches->cells[i].col - shown.x;
		if (row >= 0 && row < shown.height && col >= 0 && col < shown.width)
			(*marked)[row * shown.width + col] = 1;
	}
	return LU_OK;
}

/* All that a picture depends on. */
static enum lu_status know(struct lu_picture_book *book, struct wanted *wanted, struct lu_error *err)
{
	const struct lu_patch_pictures_task *task = &book->task;
	const struct lu_rect shown = wanted->cells;
	struct lu_sha256 *hash = NULL;
	enum lu_status status;

	if (book->imagery[wanted->date][0] == '\0')
		LU_TRY(lu_imagery_fingerprint(task->imagery[wanted->date], book->imagery[wanted->date], err));
	LU_TRY(mark(wanted, &book->marked, err));
	LU_TRY(lu_sha256_new(&hash, err));
	lu_sha256_add(hash, lu_version(), strlen(lu_version()) + 1);
	lu_sha256_add(hash, book->imagery[wanted->date], LU_SHA256_HEX);
	lu_sha256_add(hash, task->colours, sizeof(task->colours));
	lu_sha256_add(hash, task->cells->transform, sizeof(task->cells->transform));
	lu_sha256_add(hash, task->cells->crs_wkt, strlen(task->cells->crs_wkt) + 1);
	lu_sha256_add(hash, &task->cells->width, sizeof(task->cells->width));
	lu_sha256_add(hash, &task->cells->height, sizeof(task->cells->height));
	lu_sha256_add(hash, &wanted->cell_px, sizeof(wanted->cell_px));
	lu_sha256_add(hash, &shown, sizeof(shown));
	lu_sha256_add(hash, book->marked, (size_t)(shown.width * shown.height));
	lu_sha256_hex(hash, wanted->hash);
out:
	lu_sha256_free(hash);
	return status;
}

static enum lu_status want(struct lu_picture_book *book, const char *name, const char *layer, struct wanted wanted,
			   struct lu_error *err)
{
	const struct lu_patches *patches = wanted.patches;
	const struct lu_flagged_cell *first = &patches->cells[patches->patches[wanted.patch].first];
	enum lu_status status;

	*wanted.link = lu_sprintf(LU_PATCH_PICTURES "/%s_r%" PRId64 "_c%" PRId64 "_%s.jpg", layer, first->row,
				  first->col, book->task.labels[wanted.date]);
	if (*wanted.link != NULL)
		wanted.path = lu_sprintf("%s/%s", name, *wanted.link);
	LU_TRY(wanted.path != NULL ? know(book, &wanted, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if ((book->count & (book->count - 1)) == 0)
		LU_TRY(lu_grow(&book->wanted, book->count > 0 ? 2 * book->count : 1, sizeof(*book->wanted), "pictures",
			       err));
	wanted.order = book->count;
	book->wanted[book->count++] = wanted;
	wanted.path = NULL; /* now the book's */
out:
	lu_free(wanted.path);
	return status;
}

enum lu_status lu_picture_book_want(struct lu_picture_book *book, const char *name, const char *layer,
				    const size_t dates[2], const struct lu_patches *patches, size_t most,
				    struct lu_patch_pictures *out, struct lu_error *err)
{
	const struct lu_patch_pictures_task *task = &book->task;
	const size_t count = patches->count < most ? patches->count : most;
	int64_t cell_px = 0;
	char *folder = NULL;
	enum lu_status status;

	*out = (struct lu_patch_pictures){0};
	if (count == 0)
		return LU_OK;
	LU_TRY(lu_alloc(&out->links, count, sizeof(*out->links), "pictures", err));
	out->count = count;
	folder = lu_sprintf("%s/%s/" LU_PATCH_PICTURES, task->folder, name);
	LU_TRY(folder != NULL ? lu_folder_make(folder, err) : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_folder_sweep(folder, err));
	for (int d = 0; d < 2; d++) {
		int64_t of_date = 0;
		LU_TRY(lu_crop_cell_px(task->imagery[dates[d]], task->cells, &of_date, err));
		cell_px = of_date > cell_px ? of_date : cell_px;
	}
	for (size_t i = 0; i < count; i++) {
		const struct lu_rect cells = choose_cells(patches, i, cell_px);
		for (int d = 0; d < 2; d++)
			LU_TRY(want(book, name, layer,
				    (struct wanted){.date = dates[d],
						    .cell_px = cell_px,
						    .cells = cells,
						    .patches = patches,
						    .patch = i,
						    .link = &out->links[i][d]},
				    err));
	}
out:
	lu_free(folder);
	return status;
}

/* What one opening of imagery serves stands together, from north to south; the same picture stands beside itself. */
static int in_order(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	if (x->cell_px != y->cell_px)
		return x->cell_px < y->cell_px ? -1 : 1;
	if (x->cells.y != y->cells.y)
		return x->cells.y < y->cells.y ? -1 : 1;
	if (x->cells.x != y->cells.x)
		return x->cells.x < y->cells.x ? -1 : 1;
	const int hash = strcmp(x->hash, y->hash);
	return hash != 0 ? hash : (x->order > y->order) - (x->order < y->order);
}

static enum lu_status open_crop(const struct lu_picture_book *book, struct artist *artist, const struct wanted *wanted,
				struct lu_error *err)
{
	const struct lu_patch_pictures_task *task = &book->task;

	if (artist->crop != NULL && artist->date == wanted->date && artist->cell_px == wanted->cell_px)
		return LU_OK;
	lu_crop_free(artist->crop);
	artist->crop = NULL;
	artist->date = wanted->date;
	artist->cell_px = wanted->cell_px;
	return lu_crop_new(task->imagery[wanted->date], task->colours, task->cells, wanted->cell_px, &artist->crop,
			   err);
}

/* A copy of what was drawn for another. */
static enum lu_status copy_picture(const char *from, const char *path, struct lu_error *err)
{
	char *bytes = NULL, *temporary = lu_file_temporary(path);
	FILE *file = NULL;
	size_t size = 0;
	enum lu_status status;

	LU_TRY(temporary != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path));
	LU_TRY(lu_file_read(from, LARGEST_PICTURE, &bytes, &size, err));
	file = fopen(temporary, "wbx");
	const bool written = file != NULL && fwrite(bytes, 1, size, file) == size;
	if (file == NULL || fclose(file) != 0 || !written) {
		status = lu_fail_errno(err, path, "write");
		remove(temporary);
		goto out;
	}
	LU_TRY(lu_file_place(temporary, path, err));
out:
	lu_free(bytes);
	lu_free(temporary);
	return status;
}

static bool alike(const struct lu_picture_book *book, size_t a, size_t b)
{
	return strcmp(book->wanted[a].hash, book->wanted[b].hash) == 0;
}

/* Draw 'wanted' at 'path'. */
static enum lu_status draw(const struct lu_picture_book *book, struct artist *artist, const struct wanted *wanted,
			   const char *path, bool *drawn, struct lu_error *err)
{
	enum lu_status status;

	LU_TRY(open_crop(book, artist, wanted, err));
	LU_TRY(mark(wanted, &artist->marked, err));
	const struct lu_crop_scene scene = {.cells = wanted->cells, .marked = artist->marked};
	LU_TRY(lu_crop_write(artist->crop, &scene, path, drawn, err));
out:
	return status;
}

/* The pictures from 'first' on that are alike: one that is kept, or else the first, drawn; the others are its copies. */
static enum lu_status make_alike(const struct lu_picture_book *book, struct artist *artist, size_t first,
				 struct lu_error *err)
{
	size_t source = first, end = first;
	char *from = NULL, *path = NULL;
	enum lu_status status;

	for (; end < book->count && alike(book, end, first); end++)
		source = book->wanted[end].kept ? end : source;
	bool drawn = book->wanted[source].kept;
	from = lu_path_join(book->task.folder, book->wanted[source].path);
	LU_TRY(from != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (!drawn)
		LU_TRY(draw(book, artist, &book->wanted[source], from, &drawn, err));
	for (size_t i = first; i < end; i++) {
		struct wanted *wanted = &book->wanted[i];
		if (!drawn) {
			lu_free(*wanted->link);
			*wanted->link = NULL;
		}
		if (!drawn || i == source || wanted->kept)
			continue;
		path = lu_path_join(book->task.folder, wanted->path);
		LU_TRY(path != NULL ? copy_picture(from, path, err)
				    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
		lu_free(path);
		path = NULL;
	}
out:
	lu_free(path);
	lu_free(from);
	return status;
}

static enum lu_status draw_run(void *context, void *worker, int64_t number, struct lu_error *err)
{
	const struct lu_picture_book *book = context;
	enum lu_status status = LU_OK;

	for (size_t i = (size_t)number * RUN; i < ((size_t)number + 1) * RUN && i < book->drawn; i++)
		LU_TRY(make_alike(book, worker, book->first[i], err));
out:
	return status;
}

static void release_artist(void *worker)
{
	struct artist *artist = worker;

	lu_crop_free(artist->crop);
	lu_free(artist->marked);
}

/* What is kept, and where pictures begin that are alike and not all kept. */
static void look_what_is_left(struct lu_picture_book *book, const struct lu_outputs *outputs)
{
	bool listed = false;

	for (size_t i = 0; i < book->count; i++) {
		struct wanted *wanted = &book->wanted[i];
		wanted->kept = lu_outputs_keep(outputs, wanted->path, wanted->hash);
		if (i == 0 || !alike(book, i, i - 1))
			listed = false;
		if (listed || wanted->kept)
			continue;
		size_t first = i;
		while (first > 0 && alike(book, first - 1, i))
			first--;
		book->first[book->drawn++] = first;
		listed = true;
	}
}

enum lu_status lu_picture_book_draw(struct lu_picture_book *book, const struct lu_outputs *outputs,
				    struct lu_error *err)
{
	enum lu_status status;

	if (book->count == 0)
		return LU_OK;
	qsort(book->wanted, book->count, sizeof(*book->wanted), in_order);
	LU_TRY(lu_alloc(&book->first, book->count, sizeof(*book->first), "pictures", err));
	look_what_is_left(book, outputs);
	if (book->drawn == 0)
		goto out;
	lu_raster_cache_at_most((size_t)CACHE_MB << 20);
	LU_TRY(lu_pool_run(&(struct lu_pool_task){.threads = artists(book->task.threads),
						  .parts = (int64_t)((book->drawn + RUN - 1) / RUN),
						  .context = book,
						  .worker_bytes = sizeof(struct artist),
						  .release = release_artist,
						  .part = draw_run,
						  .stage = "pictures",
						  .unit = RUN,
						  .total = book->drawn,
						  .hooks = book->task.hooks},
			   err));
	LU_TRY(lu_folder_sync(book->task.folder, err));
out:
	return status;
}

enum lu_status lu_patch_pictures_list(const struct lu_patch_pictures *pictures, const char *name,
				      struct lu_outputs *outputs, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < 2 * pictures->count; i++)
		if (pictures->links[i / 2][i % 2] != NULL)
			LU_TRY(lu_outputs_add(outputs, err, "%s/%s", name, pictures->links[i / 2][i % 2]));
out:
	return status;
}

void lu_patch_pictures_release(struct lu_patch_pictures *pictures)
{
	for (size_t i = 0; i < 2 * pictures->count; i++)
		lu_free(pictures->links[i / 2][i % 2]);
	lu_free(pictures->links);
	*pictures = (struct lu_patch_pictures){0};
}
