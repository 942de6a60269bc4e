/* store.c: two files, written by pwrite, with the order of data before mark kept by fdatasync. */
#include "maps/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

enum { HEADER_BYTES = 4096 };
/* Finished blocks wait at most this long for their marks: what a crash can cost. */
static const double sync_seconds = 2;

struct lu_store {
	char *scores_path, *done_path;
	int scores, done; /* file descriptors */
	int64_t rows, cols, across, blocks;
	int64_t damaged; /* blocks of an earlier run that are to be scored again */
	size_t classes;
	float *row; /* the row that was read last by lu_store_row; NULL: none yet */
	int64_t row_at; /* its number; -1: none */
	int64_t rows_read; /* by the one thread that reads */
	pthread_mutex_t lock; /* guards everything below */
	uint64_t *sums; /* of each finished block; 0: not finished */
	int64_t mapped; /* cells of finished blocks of which the scores say anything */
	int64_t unreadable; /* those that could not be read */
	bool dirty; /* some of them are not in the file yet */
	bool lost; /* a sync failed: what it was to save may be gone, though the next one would succeed */
	double synced_at;
};

static enum lu_status write_at(int fd, const char *path, const void *bytes, size_t size, int64_t at,
			       struct lu_error *err)
{
	const char *rest = bytes;

	while (size > 0) {
		const ssize_t written = pwrite(fd, rest, size, at);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return lu_fail_errno(err, path, "write");
		rest += written;
		at += written;
		size -= (size_t)written;
	}
	return LU_OK;
}

/* Reads exactly 'size' bytes; a short file is a damaged one. */
static enum lu_status read_at(int fd, const char *path, void *bytes, size_t size, int64_t at, struct lu_error *err)
{
	char *rest = bytes;

	while (size > 0) {
		const ssize_t got = pread(fd, rest, size, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return lu_fail_errno(err, path, "read");
		if (got == 0)
			return lu_fail(err, LU_ERROR_FORMAT, "%s: ends too early (delete it and run again)", path);
		rest += got;
		at += got;
		size -= (size_t)got;
	}
	return LU_OK;
}

static int64_t record_bytes(const struct lu_store *store)
{
	return (int64_t)(store->classes * sizeof(float));
}

static int64_t sums_bytes(const struct lu_store *store)
{
	return store->blocks * (int64_t)sizeof(*store->sums);
}

/* Where block 'block' begins in the rows, and how many cells it has. */
static int64_t block_cells(const struct lu_store *store, int64_t block, int64_t *row, int64_t *col)
{
	*row = block / store->across;
	*col = block % store->across * LU_BLOCK_CELLS;
	return store->cols - *col < LU_BLOCK_CELLS ? store->cols - *col : LU_BLOCK_CELLS;
}

/* What the file says of a block with these records: never 0. A block at another's place differs, too. */
static uint64_t block_sum(const struct lu_store *store, int64_t block, const void *records)
{
	int64_t row, col;
	const int64_t cells = block_cells(store, block, &row, &col);
	const uint64_t sum = lu_checksum((uint64_t)block, records, (size_t)(cells * record_bytes(store)));

	return sum != 0 ? sum : 1;
}

/* The first block of row 'row' that is finished and whose records are not those that were put there; -1: none. */
static int64_t damaged_block(const struct lu_store *store, int64_t row, const void *records)
{
	for (int64_t i = 0; i < store->across; i++) {
		const int64_t block = row * store->across + i;
		const char *from = (const char *)records + i * LU_BLOCK_CELLS * record_bytes(store);
		if (store->sums[block] != 0 && store->sums[block] != block_sum(store, block, from))
			return block;
	}
	return -1;
}

static int64_t count_mapped(const struct lu_store *store, const float *records, int64_t cells)
{
	int64_t mapped = 0;

	for (int64_t i = 0; i < cells; i++)
		mapped += lu_store_mapped(records + (size_t)i * store->classes, store->classes);
	return mapped;
}

static int64_t count_unreadable(const struct lu_store *store, const float *records, int64_t cells)
{
	int64_t unreadable = 0;

	for (int64_t i = 0; i < cells; i++)
		unreadable += lu_store_unreadable(records + (size_t)i * store->classes);
	return unreadable;
}

/* Blocks that a disk or somebody has changed since are not finished. */
static enum lu_status forget_damaged(struct lu_store *store, struct lu_error *err)
{
	const int64_t row_bytes = store->cols * record_bytes(store);
	float *records = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&records, (size_t)store->cols, (size_t)record_bytes(store), "a row of scores", err));
	for (int64_t row = 0; row < store->rows && status == LU_OK; row++) {
		bool finished = false;
		for (int64_t i = 0; i < store->across; i++)
			finished |= store->sums[row * store->across + i] != 0;
		if (!finished)
			continue;
		status = read_at(store->scores, store->scores_path, records, (size_t)row_bytes,
				 HEADER_BYTES + row * row_bytes, err);
		if (status != LU_OK)
			break;
		for (int64_t bad; (bad = damaged_block(store, row, records)) >= 0; store->damaged++)
			store->sums[bad] = 0;
		for (int64_t i = 0; i < store->across; i++) {
			int64_t at, col;
			const int64_t block = row * store->across + i, cells = block_cells(store, block, &at, &col);
			if (store->sums[block] == 0)
				continue;
			store->mapped += count_mapped(store, records + (size_t)col * store->classes, cells);
			store->unreadable += count_unreadable(store, records + (size_t)col * store->classes, cells);
		}
	}
out:
	lu_free(records);
	return status;
}

static void make_header(const struct lu_store *store, const char *fingerprint, char header[HEADER_BYTES])
{
	memset(header, 0, HEADER_BYTES);
	snprintf(header, HEADER_BYTES, "landuse scores 2\n%s\n%lld rows\n%lld columns\n%zu classes\n", fingerprint,
		 (long long)store->rows, (long long)store->cols, store->classes);
}

/* The file of an earlier job, or -1 where there is none. A link would lead the scores over somebody's file. */
static enum lu_status open_found(const char *path, int *fd, struct lu_error *err)
{
	*fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0 && errno == ELOOP)
		return lu_fail(err, LU_ERROR_IO,
			       "%s: is a symbolic link, a file of this job's own is expected (remove it)", path);
	return *fd >= 0 || errno == ENOENT ? LU_OK : lu_fail_errno(err, path, "open");
}

/* A plain file of one name: what has a second name is somebody's copy by links, and not for us to write on. */
static bool is_own(int fd)
{
	struct stat facts;

	return fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_nlink == 1;
}

static bool can_resume(const struct lu_store *store, const char header[HEADER_BYTES])
{
	char found[HEADER_BYTES];
	const int64_t scores_end = HEADER_BYTES + store->rows * store->cols * (int64_t)(store->classes * sizeof(float));

	return is_own(store->scores) && is_own(store->done) && lseek(store->scores, 0, SEEK_END) == scores_end &&
	       lseek(store->done, 0, SEEK_END) == sums_bytes(store) &&
	       read_at(store->scores, store->scores_path, found, HEADER_BYTES, 0, NULL) == LU_OK &&
	       memcmp(found, header, HEADER_BYTES) == 0 &&
	       read_at(store->done, store->done_path, store->sums, (size_t)sums_bytes(store), 0, NULL) == LU_OK;
}

/* A new file in the place of whatever is there. */
static enum lu_status replace_file(const char *path, int *fd, struct lu_error *err)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	if (unlink(path) != 0 && errno != ENOENT)
		return lu_fail_errno(err, path, "remove");
	*fd = lu_file_new(path);
	return *fd >= 0 ? LU_OK : lu_fail_errno(err, path, "make");
}

/*
 * The marks go first, so that no crash leaves old ones beside new records. Room for every record is taken now: a disk
 * that is too small says so before the work, not after.
 */
static enum lu_status begin_anew(struct lu_store *store, const char header[HEADER_BYTES], struct lu_error *err)
{
	const int64_t bytes = HEADER_BYTES + store->rows * store->cols * (int64_t)(store->classes * sizeof(float));
	enum lu_status status = replace_file(store->done_path, &store->done, err);

	memset(store->sums, 0, (size_t)sums_bytes(store));
	if (status == LU_OK)
		status = replace_file(store->scores_path, &store->scores, err);
	if (status != LU_OK)
		return status;
	if (ftruncate(store->done, sums_bytes(store)) != 0)
		return lu_fail_errno(err, store->done_path, "write");
	errno = posix_fallocate(store->scores, 0, bytes);
	if (errno != 0)
		return lu_fail_errno(err, store->scores_path, "take room for the scores");
	return write_at(store->scores, store->scores_path, header, HEADER_BYTES, 0, err);
}

/* A store without its files. */
static enum lu_status make_store(const char *folder, const char *name, int64_t rows, int64_t cols, size_t classes,
				 struct lu_store **out, struct lu_error *err)
{
	struct lu_store *store;
	enum lu_status status = lu_alloc(&store, 1, sizeof(*store), "a score store", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	pthread_mutex_init(&store->lock, NULL);
	store->scores = store->done = -1;
	store->row_at = -1;
	store->rows = rows;
	store->cols = cols;
	store->classes = classes;
	store->across = (cols + LU_BLOCK_CELLS - 1) / LU_BLOCK_CELLS;
	store->blocks = rows * store->across;
	store->synced_at = lu_seconds_now();
	store->scores_path = lu_sprintf("%s/%s.scores", folder, name);
	store->done_path = lu_sprintf("%s/%s.done", folder, name);
	LU_TRY(lu_alloc(&store->sums, (size_t)store->blocks, sizeof(*store->sums), "sums of blocks", err));
	if (store->scores_path == NULL || store->done_path == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
out:
	if (status == LU_OK)
		*out = store;
	else
		lu_store_close(store);
	return status;
}

static int64_t count_finished(const struct lu_store *store)
{
	int64_t finished = 0;

	for (int64_t block = 0; block < store->blocks; block++)
		finished += store->sums[block] != 0;
	return finished;
}

bool lu_store_complete(const char *folder, const char *name, const char fingerprint[LU_SHA256_HEX], int64_t rows,
		       int64_t cols, size_t classes)
{
	struct lu_store *store = NULL;
	char header[HEADER_BYTES];
	bool complete = false;

	if (make_store(folder, name, rows, cols, classes, &store, NULL) != LU_OK)
		return false;
	store->scores = open(store->scores_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	store->done = open(store->done_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	make_header(store, fingerprint, header);
	complete = can_resume(store, header) && count_finished(store) == store->blocks;
	lu_store_close(store);
	return complete;
}

enum lu_status lu_store_open(const char *folder, const char *name, const char fingerprint[LU_SHA256_HEX], int64_t rows,
			     int64_t cols, size_t classes, struct lu_store **out, int64_t *resumed,
			     struct lu_error *err)
{
	struct lu_store *store = NULL;
	char header[HEADER_BYTES];
	enum lu_status status;

	*out = NULL;
	LU_TRY(make_store(folder, name, rows, cols, classes, &store, err));
	LU_TRY(open_found(store->scores_path, &store->scores, err));
	LU_TRY(open_found(store->done_path, &store->done, err));
	make_header(store, fingerprint, header);
	LU_TRY(can_resume(store, header) ? forget_damaged(store, err) : begin_anew(store, header, err));
	if (resumed != NULL)
		*resumed = count_finished(store);
	*out = store;
	store = NULL; /* now the caller's */
out:
	lu_store_close(store);
	return status;
}

int64_t lu_store_blocks(const struct lu_store *store)
{
	return store->blocks;
}

uint64_t lu_store_bytes(int64_t rows, int64_t cols, size_t classes)
{
	const uint64_t blocks = (uint64_t)(rows * ((cols + LU_BLOCK_CELLS - 1) / LU_BLOCK_CELLS));

	return HEADER_BYTES + (uint64_t)rows * (uint64_t)cols * classes * sizeof(float) + blocks * sizeof(uint64_t);
}

int64_t lu_store_blocks_across(const struct lu_store *store)
{
	return store->across;
}

size_t lu_store_classes(const struct lu_store *store)
{
	return store->classes;
}

bool lu_store_finished(const struct lu_store *store, int64_t block)
{
	struct lu_store *shared = (struct lu_store *)(uintptr_t)store; /* the mutex alone changes */

	pthread_mutex_lock(&shared->lock);
	const bool finished = store->sums[block] != 0;
	pthread_mutex_unlock(&shared->lock);
	return finished;
}

int64_t lu_store_left(const struct lu_store *store)
{
	return store->blocks - count_finished(store);
}

/*
 * With the lock held. Every block with a sum has its records written; make them safe, then say so on disk. Linux drops
 * what a failed sync could not write and lets the next one succeed, so that nothing is said after a failure.
 */
static enum lu_status sync_locked(struct lu_store *store, struct lu_error *err)
{
	if (store->lost)
		return lu_fail(err, LU_ERROR_IO, "%s: an earlier write failed (run again)", store->scores_path);
	if (!store->dirty)
		return LU_OK;
	if (fdatasync(store->scores) != 0) {
		store->lost = true;
		return lu_fail_errno(err, store->scores_path, "write");
	}
	const enum lu_status status =
		write_at(store->done, store->done_path, store->sums, (size_t)sums_bytes(store), 0, err);
	if (status != LU_OK)
		return status;
	if (fdatasync(store->done) != 0) {
		store->lost = true;
		return lu_fail_errno(err, store->done_path, "write");
	}
	store->dirty = false;
	store->synced_at = lu_seconds_now();
	return LU_OK;
}

enum lu_status lu_store_put(struct lu_store *store, int64_t block, const float *scores, struct lu_error *err)
{
	int64_t row, col;
	const int64_t cells = block_cells(store, block, &row, &col), record = record_bytes(store);
	const uint64_t sum = block_sum(store, block, scores);
	const int64_t mapped = count_mapped(store, scores, cells), unreadable = count_unreadable(store, scores, cells);
	enum lu_status status = write_at(store->scores, store->scores_path, scores, (size_t)(cells * record),
					 HEADER_BYTES + (row * store->cols + col) * record, err);

	if (status != LU_OK)
		return status;
	pthread_mutex_lock(&store->lock);
	store->row_at = -1;
	store->mapped += mapped;
	store->unreadable += unreadable;
	store->sums[block] = sum;
	store->dirty = true;
	if (lu_seconds_now() - store->synced_at > sync_seconds)
		status = sync_locked(store, err);
	pthread_mutex_unlock(&store->lock);
	return status;
}

enum lu_status lu_store_sync(struct lu_store *store, struct lu_error *err)
{
	pthread_mutex_lock(&store->lock);
	const enum lu_status status = sync_locked(store, err);
	pthread_mutex_unlock(&store->lock);
	return status;
}

enum lu_status lu_store_rows(struct lu_store *store, int64_t row0, int64_t rows, float *scores, struct lu_error *err)
{
	const int64_t row_bytes = store->cols * record_bytes(store);
	const enum lu_status status = read_at(store->scores, store->scores_path, scores, (size_t)(rows * row_bytes),
					      HEADER_BYTES + row0 * row_bytes, err);

	store->rows_read += rows;
	for (int64_t row = 0; row < rows && status == LU_OK; row++)
		if (damaged_block(store, row0 + row, (const char *)scores + row * row_bytes) >= 0)
			return lu_fail(err, LU_ERROR_FORMAT,
				       "%s: scores in row %lld of cells are not those written there (run again: they "
				       "are made anew; is the disk sound?)",
				       store->scores_path, (long long)(row0 + row));
	return status;
}

enum lu_status lu_store_row(struct lu_store *store, int64_t row, const float **scores, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (store->row == NULL)
		LU_TRY(lu_alloc(&store->row, (size_t)store->cols, (size_t)record_bytes(store), "a row of scores", err));
	if (store->row_at != row) {
		store->row_at = -1;
		LU_TRY(lu_store_rows(store, row, 1, store->row, err));
		store->row_at = row;
	}
out:
	*scores = store->row;
	return status;
}

double lu_store_passes(const struct lu_store *store)
{
	return store->rows > 0 ? (double)store->rows_read / (double)store->rows : 0;
}

int64_t lu_store_mapped_cells(const struct lu_store *store)
{
	return store->mapped;
}

int64_t lu_store_unreadable_cells(const struct lu_store *store)
{
	return store->unreadable;
}

int64_t lu_store_damaged(const struct lu_store *store)
{
	return store->damaged;
}

void lu_store_close(struct lu_store *store)
{
	if (store == NULL)
		return;
	if (store->scores >= 0 && store->done >= 0)
		lu_store_sync(store, NULL); /* a failure here costs the blocks since the last one, no more */
	if (store->scores >= 0)
		close(store->scores);
	if (store->done >= 0)
		close(store->done);
	pthread_mutex_destroy(&store->lock);
	lu_free(store->scores_path);
	lu_free(store->done_path);
	lu_free(store->sums);
	lu_free(store->row);
	lu_free(store);
}

void lu_store_remove(struct lu_store *store)
{
	if (store == NULL)
		return;
	unlink(store->done_path);
	unlink(store->scores_path);
	store->dirty = false;
	lu_store_close(store);
}

void lu_store_sweep(const char *folder, const char *const *names, size_t count)
{
	DIR *entries = opendir(folder);

	for (const struct dirent *entry = entries != NULL ? readdir(entries) : NULL; entry != NULL;
	     entry = readdir(entries)) {
		const char *dot = strrchr(entry->d_name, '.');
		bool wanted = dot == NULL || (strcmp(dot, ".scores") != 0 && strcmp(dot, ".done") != 0);
		for (size_t i = 0; i < count && !wanted; i++)
			wanted = strlen(names[i]) == (size_t)(dot - entry->d_name) &&
				 strncmp(names[i], entry->d_name, strlen(names[i])) == 0;
		if (!wanted)
			unlinkat(dirfd(entries), entry->d_name, 0);
	}
	if (entries != NULL)
		closedir(entries);
}

void lu_store_mark_unreadable(float *record)
{
	record[0] = -0.0f;
}

bool lu_store_unreadable(const float *record)
{
	return record[0] == 0 && signbit(record[0]) != 0;
}

enum lu_status lu_store_retry_unreadable(struct lu_store *store, struct lu_error *err)
{
	const float *scores;
	enum lu_status status = LU_OK;

	for (int64_t row = 0; row < store->rows && store->unreadable > 0; row++) {
		LU_TRY(lu_store_row(store, row, &scores, err));
		for (int64_t i = 0; i < store->across; i++) {
			int64_t at, col;
			const int64_t block = row * store->across + i, cells = block_cells(store, block, &at, &col);
			const float *records = scores + (size_t)col * store->classes;
			const int64_t unreadable = count_unreadable(store, records, cells);
			if (unreadable == 0 || store->sums[block] == 0)
				continue;
			store->unreadable -= unreadable;
			store->sums[block] = 0;
			store->mapped -= count_mapped(store, records, cells);
		}
	}
out:
	return status;
}

bool lu_store_mapped(const float *record, size_t classes)
{
	for (size_t k = 0; k < classes; k++)
		if (record[k] > 0)
			return true;
	return false;
}
