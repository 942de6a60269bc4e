/* feature_cache.c: an append-only file of records and an index over it in memory. See feature_cache.h. */
#include "learn/feature_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static const char magic[16] = "landuse feat 2\n";

struct header {
	char magic[16];
	uint64_t features;
	uint64_t unused;
};

/* Before the floats of each record. */
struct label {
	uint8_t digest[32];
	uint64_t pose;
	uint64_t checksum; /* of digest, pose and floats */
};

struct lu_feature_cache {
	char *path;
	struct lu_lock *lock;
	int file;
	size_t features, record; /* floats, and bytes of label and floats */
	char *room; /* one record being put together; guarded by 'writing' */
	pthread_mutex_t writing;
	uint8_t *bytes; /* the mapped file, or NULL */
	size_t size; /* of it */
	size_t *slots; /* record number + 1 by hash; open addressing, at most half full */
	size_t mask;
};

static void unhex(const char *hex, uint8_t digest[32])
{
	for (int i = 0; i < 32; i++) {
		unsigned byte = 0;
		for (int k = 0; k < 2; k++) {
			const char c = hex[2 * i + k];
			byte = byte << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
		}
		digest[i] = (uint8_t)byte;
	}
}

static uint64_t sum_of(const struct label *label, const float *row, size_t features)
{
	return lu_checksum(lu_checksum(label->pose, label->digest, sizeof(label->digest)), row,
			   features * sizeof(float));
}

static void unmap(struct lu_feature_cache *cache)
{
	if (cache->bytes != NULL)
		munmap(cache->bytes, cache->size);
	cache->bytes = NULL;
	cache->size = 0;
	lu_free(cache->slots);
	cache->slots = NULL;
}

static size_t record_count(const struct lu_feature_cache *cache)
{
	return cache->size > sizeof(struct header) ? (cache->size - sizeof(struct header)) / cache->record : 0;
}

/* A record's label is 8-byte aligned: header and records are multiples of 8. */
static const struct label *label_at(const struct lu_feature_cache *cache, size_t i)
{
	return (const struct label *)(const void *)(cache->bytes + sizeof(struct header) + i * cache->record);
}

static size_t slot_of(const struct lu_feature_cache *cache, const uint8_t digest[32], uint8_t pose)
{
	uint64_t key;

	/* A SHA-256 is as random as a hash need be. */
	memcpy(&key, digest, sizeof(key));
	return (size_t)(key + pose * 0x9e3779b97f4a7c15u) & cache->mask;
}

/* The slot where a record is, or where it would go. */
static size_t *find_slot(const struct lu_feature_cache *cache, const uint8_t digest[32], uint8_t pose)
{
	size_t at = slot_of(cache, digest, pose);

	while (cache->slots[at] != 0) {
		const struct label *label = label_at(cache, cache->slots[at] - 1);
		if (label->pose == pose && memcmp(label->digest, digest, 32) == 0)
			break;
		at = (at + 1) & cache->mask;
	}
	return &cache->slots[at];
}

static enum lu_status write_all(struct lu_feature_cache *cache, const void *bytes, size_t size, struct lu_error *err)
{
	const char *from = bytes;

	while (size > 0) {
		const ssize_t written = write(cache->file, from, size);
		if (written < 0 && errno != EINTR)
			return lu_fail_errno(err, cache->path, "write");
		if (written > 0) {
			from += written;
			size -= (size_t)written;
		}
	}
	return LU_OK;
}

/* A new file, or one of another kind, becomes an empty cache. */
static enum lu_status check_header(struct lu_feature_cache *cache, struct lu_error *err)
{
	struct header wanted = {.features = cache->features}, found;

	memcpy(wanted.magic, magic, sizeof(magic));
	if (pread(cache->file, &found, sizeof(found), 0) == (ssize_t)sizeof(found) &&
	    memcmp(&found, &wanted, sizeof(found)) == 0)
		return LU_OK;
	if (ftruncate(cache->file, 0) != 0)
		return lu_fail_errno(err, cache->path, "empty");
	return write_all(cache, &wanted, sizeof(wanted), err);
}

enum lu_status lu_feature_cache_open(const char *folder, size_t features, const struct lu_hooks *hooks,
				     struct lu_feature_cache **out, struct lu_error *err)
{
	struct lu_feature_cache *cache = NULL;
	enum lu_status status = lu_alloc(&cache, 1, sizeof(*cache), "a feature cache", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	cache->file = -1;
	cache->features = features;
	cache->record = sizeof(struct label) + (features * sizeof(float) + 7) / 8 * 8;
	pthread_mutex_init(&cache->writing, NULL);
	LU_TRY(lu_folder_make(folder, err));
	LU_TRY(lu_lock_wait(folder, "the feature cache", hooks, &cache->lock, err));
	cache->path = lu_path_join(folder, "features");
	LU_TRY(cache->path != NULL ? lu_alloc(&cache->room, cache->record, 1, "a feature cache", err)
				   : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a feature cache"));
	cache->file = open(cache->path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (cache->file < 0) {
		status = lu_fail_errno(err, cache->path, "open");
		goto out;
	}
	LU_TRY(check_header(cache, err));
	LU_TRY(lu_feature_cache_map(cache, err));
	*out = cache;
	cache = NULL; /* now the caller's */
out:
	lu_feature_cache_close(cache);
	return status;
}

void lu_feature_cache_close(struct lu_feature_cache *cache)
{
	if (cache == NULL)
		return;
	unmap(cache);
	if (cache->file >= 0)
		close(cache->file);
	lu_lock_drop(cache->lock);
	pthread_mutex_destroy(&cache->writing);
	lu_free(cache->room);
	lu_free(cache->path);
	lu_free(cache);
}

enum lu_status lu_feature_cache_add(struct lu_feature_cache *cache, const char sha256[LU_SHA256_HEX], uint8_t pose,
				    const float *row, struct lu_error *err)
{
	struct label label = {.pose = pose};

	unhex(sha256, label.digest);
	label.checksum = sum_of(&label, row, cache->features);
	pthread_mutex_lock(&cache->writing);
	memcpy(cache->room, &label, sizeof(label));
	memcpy(cache->room + sizeof(label), row, cache->features * sizeof(float));
	const enum lu_status status = write_all(cache, cache->room, cache->record, err);
	pthread_mutex_unlock(&cache->writing);
	return status;
}

/* Index the records from the first to the last whole one; returns how many those are. */
static size_t index_records(struct lu_feature_cache *cache)
{
	const size_t count = record_count(cache);

	for (size_t i = 0; i < count; i++) {
		const struct label *label = label_at(cache, i);
		const float *row = (const float *)(const void *)(label + 1);
		if (label->pose > UINT8_MAX || label->checksum != sum_of(label, row, cache->features))
			return i;
		*find_slot(cache, label->digest, (uint8_t)label->pose) = i + 1;
	}
	return count;
}

enum lu_status lu_feature_cache_map(struct lu_feature_cache *cache, struct lu_error *err)
{
	struct stat facts;
	size_t slots = 16;

	unmap(cache);
	if (fstat(cache->file, &facts) != 0)
		return lu_fail_errno(err, cache->path, "look at");
	const size_t size = (size_t)facts.st_size;
	while (slots < 2 * (size / cache->record + 1))
		slots *= 2;
	const enum lu_status status = lu_alloc(&cache->slots, slots, sizeof(size_t), "a feature cache", err);
	if (status != LU_OK)
		return status;
	cache->mask = slots - 1;
	void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, cache->file, 0);
	if (bytes == MAP_FAILED)
		return lu_fail_errno(err, cache->path, "map");
	cache->bytes = bytes;
	cache->size = size;
	const size_t whole = index_records(cache);
	const size_t kept = sizeof(struct header) + whole * cache->record;
	if (kept < size && ftruncate(cache->file, (off_t)kept) != 0)
		return lu_fail_errno(err, cache->path, "shorten");
	return LU_OK;
}

const float *lu_feature_cache_find(const struct lu_feature_cache *cache, const char sha256[LU_SHA256_HEX], uint8_t pose)
{
	uint8_t digest[32];

	unhex(sha256, digest);
	const size_t slot = *find_slot(cache, digest, pose);
	return slot > 0 ? (const float *)(const void *)(label_at(cache, slot - 1) + 1) : NULL;
}
