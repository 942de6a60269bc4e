/*
 * check.h: cmocka and the few helpers that every test here uses.
 */
#ifndef LU_TESTS_CHECK_H
#define LU_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "landuse/core.h"

/* Fails the test with the error's own words. */
#define check_ok(status, err)                                                                                          \
	do {                                                                                                           \
		if ((status) != LU_OK)                                                                                 \
			fail_msg("expected success, got: %s", (err).text);                                             \
	} while (0)

/* The status is 'expected' and the one-line text holds 'words'. */
#define check_fails(status, expected, err, words)                                                                      \
	do {                                                                                                           \
		assert_int_equal((status), (expected));                                                                \
		if (strstr((err).text, (words)) == NULL)                                                               \
			fail_msg("error text misses '%s': %s", (words), (err).text);                                   \
		assert_null(strchr((err).text, '\n'));                                                                 \
	} while (0)

/* A new empty folder below TMPDIR or /tmp; 'path' needs 64 bytes. The folder is left for a look when a test fails. */
static inline void make_scratch(char *path)
{
	snprintf(path, 64, "/tmp/landuse-test-XXXXXX");
	assert_non_null(mkdtemp(path));
}

#endif
