/*
 * vsi.h: inside raster/ only: asking GDAL's file systems (local, /vsicurl/, /vsis3/, ...) about a name.
 */
#ifndef LU_RASTER_VSI_H
#define LU_RASTER_VSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "landuse/core.h"

struct lu_vsi_info {
	bool folder;
	uint64_t bytes;
	int64_t modified; /* seconds since 1970; 0 where the file system does not tell */
	bool silent; /* of a name that is not found: a network was asked and did not say */
};

/*
 * For a name where nothing is: LU_ERROR_ARGUMENT, as the name is wrong; LU_ERROR_IO where GDAL has to ask a network for
 * it, so that nobody can say which of the two is.
 */
enum lu_status lu_vsi_missing(const char *path);

/* Does reading 'path' ask a network? */
bool lu_vsi_remote(const char *path);
/*
 * Before 'path' is asked for once more: forget what was fetched of it and what failed, and wait, longer each time. False at
 * once: it is not across a network, or that was tried often enough. '*tries' begins with 0.
 */
bool lu_vsi_again(const char *path, int *tries);

/* False when nothing has that name. A network that keeps silent is asked again and again. */
bool lu_vsi_stat(const char *path, struct lu_vsi_info *info);

/* Why 'path' cannot be opened, as its file system says it ("HTTP response code: 403"); "": it does not say. */
void lu_vsi_why(const char *path, char *text, size_t size);

/*
 * What helps where 'path' exists and cannot be opened, or does not exist: " (it is an archive: name /vsizip/PATH)"; "" where
 * nothing is known. 'text' is returned.
 */
enum { LU_VSI_REMEDY = 512 };
const char *lu_vsi_remedy(const char *path, char text[LU_VSI_REMEDY]);

#endif
