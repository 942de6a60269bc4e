/*
 * info_more.h: what `landuse info` says of things that are no raster and no network: jobs, schemes, output folders, vectors.
 */
#ifndef LU_COMMANDS_INFO_MORE_H
#define LU_COMMANDS_INFO_MORE_H

#include "landuse/commands.h"

/* Is 'path' one of them? */
bool lu_info_knows(const char *path);
/* As lu_info. */
enum lu_status lu_info_tell(const char *path, bool json, char **text, struct lu_error *err);

#endif
