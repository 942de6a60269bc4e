/*
 * files.h: paths, folders, and outputs that appear only when whole
 */
#ifndef SC_FILES_H
#define SC_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* printf a path; false, with a line on stderr, when it does not fit. */
bool sc_path(char *path, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Make a folder unless it is there; false, with a line on stderr, when that fails. */
bool sc_make_folder(const char *path);

/* Give a finished temporary file its name; false, with a line on stderr, when that fails. */
bool sc_publish(const char *part, const char *path);

#endif
