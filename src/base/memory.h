/*
 * memory.h: checked allocation.
 *
 * Every size that comes from a file is multiplied here, where overflow is an error and not a
 * small buffer. Tests make the n-th allocation fail (lu_memory_fail_after).
 */
#ifndef LU_BASE_MEMORY_H
#define LU_BASE_MEMORY_H

#include "base/error.h"

/* Cache line and AVX-512 register: every aligned buffer starts on this many bytes. */
#define LU_ALIGNMENT 64

/*
 * Allocate 'count' zeroed elements of 'size' bytes into '*out' (never NULL on LU_OK, also for 0).
 * Release with lu_free. On overflow or exhaustion '*out' is NULL and LU_ERROR_MEMORY is returned;
 * 'what' names the thing in the message. Any thread.
 */
enum lu_status lu_alloc(void *out, size_t count, size_t size, const char *what, struct lu_error *err);

/* The same, aligned to LU_ALIGNMENT and not zeroed; large ones lie in huge pages if they can. Release with lu_free. */
enum lu_status lu_alloc_aligned(void *out, size_t count, size_t size, const char *what, struct lu_error *err);

/* Grow '*array' (from lu_alloc or NULL) to hold 'count' elements; the new part is not zeroed. */
enum lu_status lu_grow(void *array, size_t count, size_t size, const char *what, struct lu_error *err);

/* A copy of 'text' (or of its first 'length' bytes), released with lu_free; NULL when memory is out. */
char *lu_strdup(const char *text);
char *lu_strndup(const char *text, size_t length);
/* printf into a new string, released with lu_free; NULL when memory is out. */
char *lu_sprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

void lu_free(void *memory);

/* '*product' = a * b; false when it does not fit. */
bool lu_mul(size_t a, size_t b, size_t *product);

/* Tests only: let 'allocations' more succeed and then fail every one; a negative number turns it off. */
void lu_memory_fail_after(long allocations);

#endif
