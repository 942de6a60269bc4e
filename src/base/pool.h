/*
 * pool.h: work in numbered parts, shared out among a team of threads (team.h).
 *
 * Parts are taken in the order of their numbers, each by whoever is free. The first failure, or the caller's cancel, ends
 * it: parts that were taken are still finished, no more are. Of several failures that of the lowest number is told, which
 * is the same with any number of threads.
 */
#ifndef LU_BASE_POOL_H
#define LU_BASE_POOL_H

#include "base/error.h"

struct lu_pool_task {
	int threads; /* at most so many; no more than there are parts */
	int64_t parts; /* 0 .. parts - 1 */
	void *context; /* what all threads share */
	/* What a thread has of its own, zeroed bytes. 'release' is called whatever 'begin' came to; both may be NULL. */
	size_t worker_bytes;
	enum lu_status (*begin)(void *context, void *worker, struct lu_error *err);
	void (*release)(void *worker);
	/* Do a part; of several threads at once. */
	enum lu_status (*part)(void *context, void *worker, int64_t number, struct lu_error *err);
	/* The thread has done its last part, and nobody failed so far: one thread at a time. NULL: nothing to do. */
	enum lu_status (*finish)(void *context, void *worker, struct lu_error *err);
	const char *stage; /* for progress: in units, 'unit' a part and 'total' in all; NULL: none is told */
	uint64_t unit, total;
	const struct lu_hooks *hooks; /* 'cancelled' is asked before each part */
};

/* LU_ERROR_CANCELLED when the hooks ask for it; LU_ERROR_MEMORY when threads cannot be started. */
enum lu_status lu_pool_run(const struct lu_pool_task *task, struct lu_error *err);

#endif
