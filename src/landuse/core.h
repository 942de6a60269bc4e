/*
 * core.h: what every function of landuse.h shares: status, error, the caller's hooks, texts.
 *
 * Part of landuse.h: include that one.
 */
#ifndef LANDUSE_CORE_H
#define LANDUSE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is declared with it is all that the library exports. */
#if defined(__GNUC__)
#define LU_API __attribute__((visibility("default")))
#else
#define LU_API
#endif

/* What a fallible function returns. The words for a person are in struct lu_error. A later version may add some: treat what you
 * do not know as a failure. */
enum lu_status {
	LU_OK = 0,
	LU_ERROR_ARGUMENT, /* an option, a job key or a path named by them is wrong, or nothing is there: usage */
	LU_ERROR_IO, /* a file that is there cannot be opened or read, or one cannot be written */
	LU_ERROR_FORMAT, /* a file is read, and is not what it should be */
	LU_ERROR_UNSUPPORTED, /* valid, but not something this build does */
	LU_ERROR_MISMATCH, /* inputs that do not belong together (grid, scheme, scale) */
	LU_ERROR_BUSY, /* another job holds the output folder */
	LU_ERROR_MEMORY,
	LU_ERROR_CANCELLED, /* the caller's hook asked to stop */
};
/* "ok", "argument", "io", ...: the constant's name in small letters; "unknown" for any other number. */
LU_API const char *lu_status_name(enum lu_status status);

/*
 * One failure, told to a person: file, fact, expectation, remedy, in one line of UTF-8. Where a remedy is a member of the
 * function's options it is named as C does, ".map_field = NAME"; of a job's keys, as the job does, "range: [LOW, HIGH]".
 *
 * The caller owns it; a zeroed one ({0} in C, {} in C++) is ready for use, and may be used again. Never NULL. Every function that fails fills it, and
 * its text means nothing after one that succeeds. The text is for people, not for programs to compare: it changes from
 * version to version, the status does not.
 */
struct lu_error {
	enum lu_status status;
	char text[1024];
};

enum lu_level {
	LU_LEVEL_DEBUG,
	LU_LEVEL_INFO,
	LU_LEVEL_WARNING,
};

/*
 * The caller's ear. Each member may be NULL, as may the struct; both last until the call returns.
 *
 * 'log' and 'progress' are called from any thread, one at a time in the whole process: they should be quick, and must not call
 * back into the library. 'text' is one line, and 'stage' a word or two; both last for the call of the hook. 'done' goes up
 * to 'total' within a stage; stages come one after another. 'cancelled' is asked often, from any thread and several at once,
 * and must be cheap (a volatile flag): once it has said true the call ends with LU_ERROR_CANCELLED, soon.
 */
struct lu_hooks {
	void (*log)(void *user, enum lu_level level, const char *text);
	void (*progress)(void *user, const char *stage, uint64_t done, uint64_t total);
	bool (*cancelled)(void *user);
	void *user;
};

/* Release a text that the library has made; NULL does nothing. */
LU_API void lu_text_free(char *text);
/*
 * 'text' for a terminal (lu_text_free it): names come from files, and control characters in them are spelt out (\u001b), as
 * are bytes that are not UTF-8 (\xe9); \n and \t stay. NULL when memory is out.
 */
LU_API char *lu_text_printable(const char *text);
/* Whether 'text' is UTF-8, as every path and name given to the library should be. */
LU_API bool lu_utf8_valid(const char *text);
/* Of 'count' known words, the one that may be meant by 'word' (edit distance at most 1/3 of its length), or NULL. */
LU_API const char *lu_nearest_word(const char *word, const char *const *known, size_t count);

/* "0.1.0": the version of the library that runs. */
LU_API const char *lu_version(void);
/*
 * The same with the engines of this build (their libraries, and the processor that they compute for here), GDAL and PROJ,
 * as text or JSON; lu_text_free it.
 */
LU_API enum lu_status lu_versions(bool json, char **text, struct lu_error *err);

#ifdef __cplusplus
}
#endif
#endif
