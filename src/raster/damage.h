/*
 * damage.h: inside raster/ only: what GDAL warns of while pixels are read.
 *
 * Decoders go on where compressed data is damaged (JPEG): they make pixels up and warn. So a warning during reading is
 * an error, but for those that opening gives as well: a VRT opens its sources when pixels are first asked for.
 */
#ifndef LU_RASTER_DAMAGE_H
#define LU_RASTER_DAMAGE_H

#include "base/error.h"
#include "raster/trap.h"

/* What is known of one open dataset; a zeroed one is ready for use. One thread. */
struct lu_damage {
	char **harmless; /* warnings of opening, a list of GDAL's */
	bool looked; /* they have been gathered */
};

/*
 * LU_ERROR_IO, naming 'path', when 'trap' (which kept warnings while 'dataset', a GDALDatasetH, was read) holds one
 * that opening does not give.
 */
enum lu_status lu_damage_judge(struct lu_damage *damage, void *dataset, const char *path, const struct lu_trap *trap,
			       struct lu_error *err);
void lu_damage_release(struct lu_damage *damage);

#endif
