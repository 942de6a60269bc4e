/*
 * pool.h: memory that lives and dies with one graph or plan.
 *
 * Names, attributes, folded constants: many pieces with one lifetime. They are taken one by one
 * and given back all at once, so nothing in a graph needs to say who owns it.
 */
#ifndef LU_NN_GRAPH_POOL_H
#define LU_NN_GRAPH_POOL_H

#include "base/error.h"

/* A zeroed one is ready. One thread. */
struct lu_pool {
	struct lu_pool_chunk *chunks;
	size_t bytes; /* handed out so far */
};

/* 'count' zeroed elements of 'size' bytes, aligned to LU_ALIGNMENT when 64 bytes or more. Never NULL on LU_OK. */
enum lu_status lu_pool_take(struct lu_pool *pool, void *out, size_t count, size_t size, const char *what,
			    struct lu_error *err);
/* A copy of 'count' elements; the result is never NULL on LU_OK. */
enum lu_status lu_pool_copy(struct lu_pool *pool, void *out, const void *from, size_t count, size_t size,
			    const char *what, struct lu_error *err);
/* A copy of the first 'length' bytes of 'text', ended by a 0. */
enum lu_status lu_pool_text(struct lu_pool *pool, const char **out, const char *text, size_t length,
			    struct lu_error *err);
void lu_pool_release(struct lu_pool *pool);

#endif
