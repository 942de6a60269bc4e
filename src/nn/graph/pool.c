/*
 * pool.c: memory with one lifetime. Small pieces share chunks of 16 KiB, large ones get their own.
 */
#include <string.h>

#include "base/memory.h"
#include "nn/graph/pool.h"

#define CHUNK_BYTES ((size_t)16 << 10)

struct lu_pool_chunk {
	struct lu_pool_chunk *next;
	size_t used, size;
	unsigned char *bytes;
};

static size_t round_up(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

enum lu_status lu_pool_take(struct lu_pool *pool, void *out, size_t count, size_t size, const char *what,
			    struct lu_error *err)
{
	struct lu_pool_chunk *chunk = pool->chunks;
	enum lu_status status;
	size_t bytes;
	size_t align;
	void *piece = NULL;

	if (!lu_mul(count, size, &bytes) || bytes > SIZE_MAX / 2)
		return lu_fail(err, LU_ERROR_MEMORY, "no memory for %s", what);
	if (bytes == 0)
		bytes = 1;
	align = bytes >= LU_ALIGNMENT ? LU_ALIGNMENT : sizeof(max_align_t);
	if (chunk == NULL || chunk->size < round_up(chunk->used, align) + bytes) {
		status = lu_alloc(&chunk, 1, sizeof(*chunk), what, err);
		if (status != LU_OK)
			return status;
		chunk->size = bytes > CHUNK_BYTES / 4 ? bytes : CHUNK_BYTES;
		status = lu_alloc_aligned(&chunk->bytes, chunk->size, 1, what, err);
		if (status != LU_OK) {
			lu_free(chunk);
			return status;
		}
		/* A large piece fills its chunk; the one in use stays at the head for the small ones. */
		if (pool->chunks != NULL && bytes > CHUNK_BYTES / 4) {
			chunk->next = pool->chunks->next;
			pool->chunks->next = chunk;
		} else {
			chunk->next = pool->chunks;
			pool->chunks = chunk;
		}
	}
	chunk->used = round_up(chunk->used, align);
	piece = chunk->bytes + chunk->used;
	chunk->used += bytes;
	pool->bytes += bytes;
	memset(piece, 0, bytes);
	memcpy(out, &piece, sizeof(piece));
	return LU_OK;
}

enum lu_status lu_pool_copy(struct lu_pool *pool, void *out, const void *from, size_t count, size_t size,
			    const char *what, struct lu_error *err)
{
	enum lu_status status;
	void *piece = NULL;

	status = lu_pool_take(pool, &piece, count, size, what, err);
	if (status != LU_OK)
		return status;
	if (count && size)
		memcpy(piece, from, count * size);
	memcpy(out, &piece, sizeof(piece));
	return LU_OK;
}

enum lu_status lu_pool_text(struct lu_pool *pool, const char **out, const char *text, size_t length,
			    struct lu_error *err)
{
	enum lu_status status;
	char *copy = NULL;

	status = lu_pool_take(pool, &copy, length + 1, 1, "a name", err);
	if (status != LU_OK)
		return status;
	if (length)
		memcpy(copy, text, length);
	*out = copy;
	return LU_OK;
}

void lu_pool_release(struct lu_pool *pool)
{
	struct lu_pool_chunk *next;

	for (struct lu_pool_chunk *chunk = pool->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		lu_free(chunk->bytes);
		lu_free(chunk);
	}
	pool->chunks = NULL;
	pool->bytes = 0;
}
