/*
 * error.h: filling struct lu_error.
 *
 * A function that fails writes one line for a person at work (file, fact, expectation, remedy)
 * and returns the status it wrote, so that `return lu_fail(err, LU_ERROR_IO, ...)` is the idiom.
 */
#ifndef LU_BASE_ERROR_H
#define LU_BASE_ERROR_H

#include "landuse/core.h"

/*
 * One step of a function with a single exit: does 'step', keeps what it returns in 'status', and leaves by the label
 * 'out' unless that is LU_OK. Behind the label stands what must be released either way, and `return status`.
 */
#define LU_TRY(step)                                                                                                   \
	do {                                                                                                           \
		status = (step);                                                                                       \
		if (status != LU_OK)                                                                                   \
			goto out;                                                                                      \
	} while (0)

/* Write 'status' and the printf-style text to 'err' (may be NULL); returns 'status'. */
enum lu_status lu_fail(struct lu_error *err, enum lu_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As lu_fail, for a failed system call on 'path': adds strerror(errno). */
enum lu_status lu_fail_errno(struct lu_error *err, const char *path, const char *act);

/*
 * As lu_fail_errno, for a file or folder that a person named and that cannot be opened for reading: a name that leads
 * to nothing is LU_ERROR_ARGUMENT.
 */
enum lu_status lu_fail_open(struct lu_error *err, const char *path);

/* Put "'prefix': " before the text already in 'err'; returns its status. */
enum lu_status lu_fail_within(struct lu_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* lu_nearest_word is in landuse.h. */

#endif
