/*
 * base64.h: bytes as text (RFC 4648), for what is laid into a page.
 */
#ifndef LU_BASE_BASE64_H
#define LU_BASE_BASE64_H

#include <stddef.h>

/* 'prefix' ("data:image/png;base64," or "") and the bytes behind it; lu_free it. NULL: no memory. Any thread. */
char *lu_base64(const char *prefix, const void *bytes, size_t size);

/* The bytes that 'length' letters stand for, '*size' of them; lu_free it. NULL: no memory, or other letters. Any thread. */
char *lu_base64_bytes(const char *text, size_t length, size_t *size);

#endif
