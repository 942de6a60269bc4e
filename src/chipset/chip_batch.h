/*
 * chip_batch.h: chips on their way to disk, a batch at a time.
 *
 * Reading is one thread's work, encoding is not: chips are gathered into a fixed number of buffers,
 * and a full batch is encoded and written by every OpenMP thread at once. Memory is the buffers',
 * however many chips pass.
 */
#ifndef LU_CHIPSET_CHIP_BATCH_H
#define LU_CHIPSET_CHIP_BATCH_H

#include "chipset/chip_source.h"
#include "raster/chip_file.h"

struct lu_chip_batch;

/* Files go below 'folder' (borrowed). 'threads' 0: every core. 'skip_present': a file that is there already is good. */
enum lu_status lu_chip_batch_new(const struct lu_chip_source *source, const char *folder, enum lu_chip_format format,
				 int threads, bool skip_present, struct lu_chip_batch **out, struct lu_error *err);
void lu_chip_batch_free(struct lu_chip_batch *batch);

/* Buffers of the next chip, to be filled by lu_chip_source_read. */
void lu_chip_batch_buffers(struct lu_chip_batch *batch, uint8_t **planes, uint8_t **valid);

/* Keep the chip in the buffers: cell (row, col), to be written to 'path' (below the folder; copied). */
enum lu_status lu_chip_batch_add(struct lu_chip_batch *batch, int64_t row, int64_t col, const char *path,
				 struct lu_error *err);

/* Write what is waiting. */
enum lu_status lu_chip_batch_flush(struct lu_chip_batch *batch, struct lu_error *err);

/* Files written so far; without those that were there. */
uint64_t lu_chip_batch_written(const struct lu_chip_batch *batch);

#endif
