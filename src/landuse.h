/*
 * landuse.h: the public interface of liblanduse, the land-use mapping pipeline.
 *
 * Imagery of a county goes in; classified GeoTIFFs and change statistics come out. This is the
 * only installed header. The library never prints, never exits, reads no argv and installs no
 * signal handler: text goes to the caller's hooks, failures to the caller's struct lu_error.
 */
#ifndef LANDUSE_H
#define LANDUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a fallible function returns. The words for a person are in struct lu_error. */
enum lu_status {
	LU_OK = 0,
	LU_ERROR_ARGUMENT,	/* an option or a job key is wrong: usage */
	LU_ERROR_IO,		/* a file cannot be opened, read or written */
	LU_ERROR_FORMAT,	/* a file is read, and is not what it should be */
	LU_ERROR_UNSUPPORTED,	/* valid, but not something this build does */
	LU_ERROR_MISMATCH,	/* inputs that do not belong together (grid, scheme, scale) */
	LU_ERROR_BUSY,		/* another job holds the output folder */
	LU_ERROR_MEMORY,
	LU_ERROR_CANCELLED,	/* the caller's hook asked to stop */
};

/*
 * One failure, told to a person: file, fact, expectation, remedy, in one line.
 * The caller owns it; a zeroed one is ready for use. Every function that fails fills it.
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
 * The caller's ear. Each member may be NULL. They are called from one thread at a time; 'log'
 * and 'progress' must not call back into the library. 'cancelled' is asked often, from any
 * thread, and must be cheap (a volatile flag).
 */
struct lu_hooks {
	void (*log)(void *user, enum lu_level level, const char *text);
	void (*progress)(void *user, const char *stage, uint64_t done, uint64_t total);
	bool (*cancelled)(void *user);
	void *user;
};

/* "0.1.0": the version of the library that runs. */
const char *lu_version(void);

#ifdef __cplusplus
}
#endif
#endif
