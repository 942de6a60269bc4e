/*
 * store.h: the scores of one date on disk, and which blocks of cells are finished.
 *
 * Scores are class probabilities, float32, 'classes' a cell, row by row; all zero is "not mapped", and -0 in the first class
 * says why: the cell's imagery could not be read.
 * A block is up to LU_BLOCK_CELLS neighbouring cells of one row: the unit of reading, scoring and
 * resuming. Two files: NAME.scores (a header with the fingerprint of everything that the scores
 * depend on, then the records) and NAME.done (a checksum a block, 0: not finished). Invariant: a block's
 * sum is on disk only after its records are (fdatasync between the two; after one that failed, no sum
 * is written any more), so a killed job resumes from its last finished block, and a store with another
 * fingerprint starts anew. Records that do not have their sum are scored again, or fail when they are read.
 */
#ifndef LU_MAPS_STORE_H
#define LU_MAPS_STORE_H

#include "base/error.h"
#include "base/hash.h"

enum { LU_BLOCK_CELLS = 16 };

struct lu_store;

/* Open or begin the store FOLDER/NAME.*; '*resumed' (may be NULL) counts the finished blocks found. */
enum lu_status lu_store_open(const char *folder, const char *name, const char fingerprint[LU_SHA256_HEX], int64_t rows,
			     int64_t cols, size_t classes, struct lu_store **out, int64_t *resumed,
			     struct lu_error *err);
/* Is the store FOLDER/NAME.* there, of this fingerprint, with every block finished? Its records are not looked at. */
bool lu_store_complete(const char *folder, const char *name, const char fingerprint[LU_SHA256_HEX], int64_t rows,
		       int64_t cols, size_t classes);
/* Blocks of an earlier run that had been finished, and were damaged since: they are not finished. */
int64_t lu_store_damaged(const struct lu_store *store);
/* Close; what is finished is first made safe on disk. NULL is fine. */
void lu_store_close(struct lu_store *store);
/* Bytes that a store of so many cells takes on disk. */
uint64_t lu_store_bytes(int64_t rows, int64_t cols, size_t classes);
/* Close and delete the files. */
void lu_store_remove(struct lu_store *store);

/* Delete all stores in 'folder' but those of these names; nothing else is touched. */
void lu_store_sweep(const char *folder, const char *const *names, size_t count);

/* Blocks a row; block number = row * that + column / LU_BLOCK_CELLS. */
int64_t lu_store_blocks(const struct lu_store *store);
int64_t lu_store_blocks_across(const struct lu_store *store);
size_t lu_store_classes(const struct lu_store *store);
bool lu_store_finished(const struct lu_store *store, int64_t block);
/* How many blocks are not finished. Not while blocks are being put. */
int64_t lu_store_left(const struct lu_store *store);

/* Write the records of block 'block' (its cells x classes floats) and mark it finished. Any thread. */
enum lu_status lu_store_put(struct lu_store *store, int64_t block, const float *scores, struct lu_error *err);
/* Make everything finished safe on disk. */
enum lu_status lu_store_sync(struct lu_store *store, struct lu_error *err);

/* Read rows row0 .. row0 + rows - 1 (rows x cols x classes floats). LU_ERROR_FORMAT: not what was put there. */
enum lu_status lu_store_rows(struct lu_store *store, int64_t row0, int64_t rows, float *scores, struct lu_error *err);
/*
 * The same of one row, '*scores' being the store's own until the next call: who reads a row that was read last reads no
 * file. One thread at a time.
 */
enum lu_status lu_store_row(struct lu_store *store, int64_t row, const float **scores, struct lu_error *err);
/* How many rows were read from the file since the store was opened, over its rows: the passes over the scores. */
double lu_store_passes(const struct lu_store *store);
/* Cells of finished blocks of which the scores say anything. Not while blocks are being put. */
int64_t lu_store_mapped_cells(const struct lu_store *store);
/* Cells of finished blocks that could not be read. Not while blocks are being put. */
int64_t lu_store_unreadable_cells(const struct lu_store *store);
/* Mark a record, all zero, as one of a cell that could not be read; and whether it is. */
void lu_store_mark_unreadable(float *record);
bool lu_store_unreadable(const float *record);
/* Blocks with such cells are not finished: they are to be read once more. */
enum lu_status lu_store_retry_unreadable(struct lu_store *store, struct lu_error *err);
/* True when the record of a cell ('classes' floats) says anything. */
bool lu_store_mapped(const float *record, size_t classes);

#endif
