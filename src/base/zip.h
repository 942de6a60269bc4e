/*
 * zip.h: one text as a ZIP archive (APPNOTE 6.3.10), stored, as a .qgz is. The same text gives the same bytes: the archive's
 * date is that of the format's beginning.
 */
#ifndef LU_BASE_ZIP_H
#define LU_BASE_ZIP_H

#include "base/error.h"

/* Write 'path' durably with one member 'name' of 'size' bytes, below 2^32. Any thread. */
enum lu_status lu_zip_write(const char *path, const char *name, const void *bytes, size_t size, struct lu_error *err);

#endif
