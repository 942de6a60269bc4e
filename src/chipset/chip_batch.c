/* chip_batch.c: encoding chips by all threads. See chip_batch.h. */
#include "chipset/chip_batch.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/team.h"

/* Chips a thread encodes between two reads: enough that threads end a batch at about the same time. */
enum { CHIPS_PER_THREAD = 8 };

struct chip {
	uint8_t *planes, *valid;
	int64_t row, col;
	char *path;
	bool written;
};

struct lu_chip_batch {
	const struct lu_chip_source *source;
	const char *folder;
	enum lu_chip_format format;
	int threads;
	bool skip_present;
	struct chip *chips;
	size_t room, count;
	uint64_t written;
};

enum lu_status lu_chip_batch_new(const struct lu_chip_source *source, const char *folder, enum lu_chip_format format,
				 int threads, bool skip_present, struct lu_chip_batch **out, struct lu_error *err)
{
	const size_t area = (size_t)source->grid.chip_px * (size_t)source->grid.chip_px;
	struct lu_chip_batch *batch;
	enum lu_status status = lu_alloc(&batch, 1, sizeof(*batch), "chip buffers", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	batch->source = source;
	batch->folder = folder;
	batch->format = format;
	batch->threads = lu_team_size(threads);
	batch->skip_present = skip_present;
	const size_t room = (size_t)batch->threads * CHIPS_PER_THREAD;
	status = lu_alloc(&batch->chips, room, sizeof(*batch->chips), "chip buffers", err);
	batch->room = status == LU_OK ? room : 0;
	for (size_t i = 0; i < batch->room && status == LU_OK; i++) {
		status = lu_alloc_aligned(&batch->chips[i].planes, area, source->bands, "chip buffers", err);
		if (status == LU_OK)
			status = lu_alloc_aligned(&batch->chips[i].valid, area, 1, "chip buffers", err);
	}
	if (status != LU_OK) {
		lu_chip_batch_free(batch);
		return status;
	}
	*out = batch;
	return LU_OK;
}

void lu_chip_batch_free(struct lu_chip_batch *batch)
{
	if (batch == NULL)
		return;
	for (size_t i = 0; i < batch->room; i++) {
		lu_free(batch->chips[i].planes);
		lu_free(batch->chips[i].valid);
		lu_free(batch->chips[i].path);
	}
	lu_free(batch->chips);
	lu_free(batch);
}

void lu_chip_batch_buffers(struct lu_chip_batch *batch, uint8_t **planes, uint8_t **valid)
{
	*planes = batch->chips[batch->count].planes;
	*valid = batch->chips[batch->count].valid;
}

/* A chip of 0 bytes is what a power cut can leave behind; it is written again. */
static bool is_present(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && facts.st_size > 0;
}

static enum lu_status write_chip(void *context, void *own, int64_t number, struct lu_error *err)
{
	const struct lu_chip_batch *batch = context;
	struct chip *chip = &batch->chips[number];
	const struct lu_frame frame = lu_chip_source_frame(batch->source, chip->row, chip->col);
	const struct lu_chip_picture picture = {.planes = chip->planes,
						.valid = chip->valid,
						.bands = batch->source->bands,
						.size_px = batch->source->grid.chip_px,
						.frame = &frame};
	enum lu_status status = LU_OK;

	(void)own;
	if (batch->skip_present && is_present(chip->path))
		return LU_OK;
	LU_TRY(lu_chip_write(chip->path, batch->format, &picture, err));
	chip->written = true;
out:
	return status;
}

enum lu_status lu_chip_batch_flush(struct lu_chip_batch *batch, struct lu_error *err)
{
	const enum lu_status status = lu_pool_run(&(struct lu_pool_task){.threads = batch->threads,
									 .parts = (int64_t)batch->count,
									 .context = batch,
									 .part = write_chip},
						  err);

	for (size_t i = 0; i < batch->count; i++) {
		struct chip *chip = &batch->chips[i];
		batch->written += chip->written;
		chip->written = false;
		lu_free(chip->path);
		chip->path = NULL;
	}
	batch->count = 0;
	return status;
}

enum lu_status lu_chip_batch_add(struct lu_chip_batch *batch, int64_t row, int64_t col, const char *path,
				 struct lu_error *err)
{
	struct chip *chip = &batch->chips[batch->count];

	chip->row = row;
	chip->col = col;
	chip->path = lu_path_join(batch->folder, path);
	if (chip->path == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	batch->count++;
	return batch->count == batch->room ? lu_chip_batch_flush(batch, err) : LU_OK;
}

uint64_t lu_chip_batch_written(const struct lu_chip_batch *batch)
{
	return batch->written;
}
