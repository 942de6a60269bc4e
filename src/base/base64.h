/*
 * base64.h: bytes as text (RFC 4648), for what is laid into a page.
 */
#ifndef LU_BASE_BASE64_H
#define LU_BASE_BASE64_H

#include <stddef.h>

/* 'prefix' ("data:image/png;base64," or "") and the bytes behind it; lu_free it. NULL: no memory. Any thread. */
char *lu_base64(const char *prefix, const void *bytes, size_t size);

#endif
