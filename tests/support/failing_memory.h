/*
 * failing_memory.h: memory that is out at the n-th time that code of ours asks for it, for each n in turn.
 *
 * base/memory.c is the one door to the allocator; tests named test_memory_fails.c are linked so that its three calls come
 * here (tests/CMakeLists.txt). What libraries ask for themselves is served.
 */
#ifndef LU_TESTS_FAILING_MEMORY_H
#define LU_TESTS_FAILING_MEMORY_H

#include <stdatomic.h>

#include "support/check.h"

static atomic_long failing_at = -1, failing_asked;

static inline bool memory_is_out(void)
{
	return failing_at >= 0 && atomic_fetch_add(&failing_asked, 1) == failing_at;
}

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return memory_is_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return memory_is_out() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return memory_is_out() ? NULL : __real_aligned_alloc(alignment, size);
}

/*
 * Each allocation of 'scene' fails once, of those behind the first 32 one in so many that there are a hundred or so: the
 * scene then says LU_ERROR_MEMORY in one line and what it holds goes, or it does without (a name in a message) and has, as it
 * checks itself, what it wants.
 */
static inline void check_every_allocation(enum lu_status (*scene)(struct lu_error *err))
{
	struct lu_error err = {0};

	/* What is made once a process is made. */
	check_ok(scene(&err), err);
	for (long n = 0;; n += 1 + n / 32) {
		err = (struct lu_error){0};
		failing_asked = 0;
		failing_at = n;
		const enum lu_status status = scene(&err);
		failing_at = -1;
		if (failing_asked <= n) {
			check_ok(status, err);
			assert_true(n > 0);
			return;
		}
		if (status == LU_OK)
			continue;
		if (status != LU_ERROR_MEMORY || err.text[0] == '\0' || strchr(err.text, '\n') != NULL)
			fail_msg("allocation %ld fails: status %d, '%s'", n, (int)status, err.text);
	}
}

#endif
