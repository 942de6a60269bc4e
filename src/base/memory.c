/* memory.c: checked allocation over libc, with a counter that lets tests run out of it. */
#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((uintptr_t)2 << 20)

/* Allocations left before every further one fails; negative: no limit. */
static atomic_long allocations_left = -1;

void lu_memory_fail_after(long allocations)
{
	atomic_store(&allocations_left, allocations);
}

static bool may_allocate(void)
{
	if (atomic_load_explicit(&allocations_left, memory_order_relaxed) < 0)
		return true;
	if (atomic_fetch_sub(&allocations_left, 1) > 0)
		return true;
	atomic_store(&allocations_left, 0);
	return false;
}

bool lu_mul(size_t a, size_t b, size_t *product)
{
	return !__builtin_mul_overflow(a, b, product);
}

static enum lu_status fail_memory(size_t count, size_t size, const char *what, struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s needs %zu x %zu bytes", what, count, size);
}

/* 'out' is the address of any object pointer; all of them look alike on the platforms we build for. */
static void give(void *out, void *memory)
{
	memcpy(out, &memory, sizeof(memory));
}

enum lu_status lu_alloc(void *out, size_t count, size_t size, const char *what, struct lu_error *err)
{
	size_t bytes;

	give(out, NULL);
	if (!lu_mul(count, size, &bytes) || !may_allocate())
		return fail_memory(count, size, what, err);
	void *memory = calloc(1, bytes > 0 ? bytes : 1);
	if (memory == NULL)
		return fail_memory(count, size, what, err);
	give(out, memory);
	return LU_OK;
}

/*
 * A huge page takes one fault where small ones take 512, if the system has any to give ("madvise" or "always" in
 * /sys/kernel/mm/transparent_hugepage/enabled). What lies before the first whole one and behind the last stays in small pages,
 * so that no more is in use than was asked for.
 */
static void ask_for_huge_pages(unsigned char *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	const size_t before = (size_t)(-(uintptr_t)memory % HUGE_PAGE);

	if (bytes >= before + HUGE_PAGE)
		(void)madvise(memory + before, (bytes - before) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#else
	(void)memory;
	(void)bytes;
#endif
}

enum lu_status lu_alloc_aligned(void *out, size_t count, size_t size, const char *what, struct lu_error *err)
{
	size_t bytes;

	give(out, NULL);
	if (!lu_mul(count, size, &bytes) || bytes > SIZE_MAX - LU_ALIGNMENT || !may_allocate())
		return fail_memory(count, size, what, err);
	bytes = (bytes + LU_ALIGNMENT) / LU_ALIGNMENT * LU_ALIGNMENT;
	void *memory = aligned_alloc(LU_ALIGNMENT, bytes);
	if (memory == NULL)
		return fail_memory(count, size, what, err);
	ask_for_huge_pages(memory, bytes);
	give(out, memory);
	return LU_OK;
}

enum lu_status lu_grow(void *array, size_t count, size_t size, const char *what, struct lu_error *err)
{
	size_t bytes;
	void *memory;

	memcpy(&memory, array, sizeof(memory));
	if (!lu_mul(count, size, &bytes) || !may_allocate())
		return fail_memory(count, size, what, err);
	memory = realloc(memory, bytes > 0 ? bytes : 1);
	if (memory == NULL)
		return fail_memory(count, size, what, err);
	give(array, memory);
	return LU_OK;
}

char *lu_strndup(const char *text, size_t length)
{
	char *copy;

	if (lu_alloc(&copy, length + 1, 1, "text", NULL) != LU_OK)
		return NULL;
	memcpy(copy, text, length);
	return copy;
}

char *lu_strdup(const char *text)
{
	return lu_strndup(text, strlen(text));
}

char *lu_sprintf(const char *format, ...)
{
	va_list arguments, again;

	va_start(arguments, format);
	va_copy(again, arguments);
	const int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = NULL;
	if (length >= 0 && lu_alloc(&text, (size_t)length + 1, 1, "text", NULL) == LU_OK)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

void lu_free(void *memory)
{
	free(memory);
}
