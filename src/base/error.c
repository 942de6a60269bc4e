/* error.c: one line for a person, and the nearest known word for a misspelt one; the names of statuses. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/words.h"

const char *lu_status_name(enum lu_status status)
{
	static const char *const names[] = {
		[LU_OK] = "ok",
		[LU_ERROR_ARGUMENT] = "argument",
		[LU_ERROR_IO] = "io",
		[LU_ERROR_FORMAT] = "format",
		[LU_ERROR_UNSUPPORTED] = "unsupported",
		[LU_ERROR_MISMATCH] = "mismatch",
		[LU_ERROR_BUSY] = "busy",
		[LU_ERROR_MEMORY] = "memory",
		[LU_ERROR_CANCELLED] = "cancelled",
	};

	return (size_t)status < sizeof(names) / sizeof(names[0]) ? names[status] : "unknown";
}

enum lu_status lu_fail(struct lu_error *err, enum lu_status status, const char *format, ...)
{
	if (err == NULL)
		return status;
	va_list arguments;
	va_start(arguments, format);
	/* Through a second buffer: callers may pass err->text itself as an argument. */
	char text[sizeof(err->text)];
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
	memcpy(err->text, text, sizeof(text));
	err->status = status;
	return status;
}

enum lu_status lu_fail_errno(struct lu_error *err, const char *path, const char *act)
{
	const int code = errno;
	const enum lu_status status = code == ENOMEM ? LU_ERROR_MEMORY : LU_ERROR_IO;

	if (code == ENOSPC)
		return lu_fail(err, status, "%s: cannot %s: the disk is full (free some space and run again)", path,
			       act);
	if (code == EDQUOT)
		return lu_fail(err, status,
			       "%s: cannot %s: this user's quota is used up (free some space, or ask for more, and run "
			       "again)",
			       path, act);
	if (code == EFBIG)
		return lu_fail(err, status, "%s: cannot %s: larger than a file may be here (raise ulimit -f)", path,
			       act);
	if (code == EMFILE || code == ENFILE)
		return lu_fail(err, status, "%s: cannot %s: too many open files (raise ulimit -n)", path, act);
	return lu_fail(err, status, "%s: cannot %s: %s", path, act, strerror(code));
}

enum lu_status lu_fail_open(struct lu_error *err, const char *path)
{
	const int code = errno;

	if (code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG || code == ELOOP)
		return lu_fail(err, LU_ERROR_ARGUMENT, "%s: %s", path,
			       code == ENOENT || code == ENOTDIR ? "no such file" : strerror(code));
	return lu_fail_errno(err, path, "open");
}

enum lu_status lu_fail_within(struct lu_error *err, const char *format, ...)
{
	if (err == NULL)
		return LU_ERROR_IO;
	char prefix[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(prefix, sizeof(prefix), format, arguments);
	va_end(arguments);
	return lu_fail(err, err->status, "%s: %s", prefix, err->text);
}

const char *lu_nearest_word(const char *word, const char *const *known, size_t count)
{
	const char *best = NULL;
	size_t best_distance = (strlen(word) + 2) / 3;

	for (size_t i = 0; i < count; i++) {
		const size_t distance = lu_word_distance(word, known[i]);
		if (distance < best_distance || (distance == best_distance && best == NULL)) {
			best = known[i];
			best_distance = distance;
		}
	}
	return best;
}
