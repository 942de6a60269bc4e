/*
 * paths.h: inside raster/ only: from what a job names to the list of files it means.
 *
 * A name is a file, a pattern (*, ?, [...]), a folder or anything GDAL opens ("/vsicurl/...").
 * A folder means the rasters directly in it, by extension, sorted by byte value so that every
 * machine mosaics in the same order; a .vrt in it counts only when there is nothing else, since
 * it usually is an index of its neighbours. Maps that landuse made are told from imagery later (member.h).
 */
#ifndef LU_RASTER_PATHS_H
#define LU_RASTER_PATHS_H

#include "base/error.h"
#include "raster/trust.h"

struct lu_paths {
	char **names;
	enum lu_trust *trust; /* named itself, or found by a pattern or in a folder */
	size_t count;
};

/* Append the files that 'name' means; a file already in the list is not repeated. At least one, or an error. */
enum lu_status lu_paths_add(struct lu_paths *paths, const char *name, struct lu_error *err);
/* Append the one file of this name, which a catalogue gave: never a pattern, nor a folder. */
enum lu_status lu_paths_add_found(struct lu_paths *paths, const char *name, struct lu_error *err);
/* Does a file of this name in a folder count as imagery, by its extension? A .vrt does not. */
bool lu_path_is_raster(const char *name);
void lu_paths_release(struct lu_paths *paths);

#endif
