/*
 * files.c: the few file operations GDAL does not do for us
 */
#include "files.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

bool sc_path(char *path, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(path, size, format, args);
	va_end(args);
	if (length >= 0 && (size_t)length < size)
		return true;
	fprintf(stderr, "sample-county: %.60s...: the path is longer than %zu bytes; choose a shorter one\n", path,
		size - 1);
	return false;
}

bool sc_make_folder(const char *path)
{
	struct stat found;

	if (mkdir(path, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode))
		return true;
	fprintf(stderr, "sample-county: %s: cannot make this folder: %s (its parent must exist and be writable)\n",
		path, strerror(errno));
	return false;
}

bool sc_publish(const char *part, const char *path)
{
	if (rename(part, path) == 0)
		return true;
	fprintf(stderr, "sample-county: %s: cannot take the name of the finished %s: %s\n", path, part,
		strerror(errno));
	return false;
}
