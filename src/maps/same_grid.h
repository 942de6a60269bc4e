/*
 * same_grid.h: do two maps belong together, cell by cell?
 */
#ifndef LU_MAPS_SAME_GRID_H
#define LU_MAPS_SAME_GRID_H

#include "raster/map.h"

/* LU_OK when cell (i, j) is the same ground in both; else LU_ERROR_MISMATCH with what differs. Paths are for the message. */
enum lu_status lu_same_grid(const struct lu_map *first, const char *first_path, const struct lu_map *second,
			    const char *second_path, struct lu_error *err);

/*
 * LU_OK when classes mean the same in both maps and were found alike (model, smoothing, the radiometry of the imagery), as
 * far as the maps say; else LU_ERROR_MISMATCH. Two maps that go with a third need not go with each other: one of the
 * third's date brought to another's radiometry, and one that was left as it was.
 */
enum lu_status lu_same_scheme(const struct lu_map *first, const char *first_path, const struct lu_map *second,
			      const char *second_path, struct lu_error *err);

/*
 * The date of a map: what it states itself (LANDUSE_DATE), without blanks around it, else a label made from its file's
 * name without folder and endings; lu_free it. NULL: memory is out. What a map states may be no good label
 * (date_labels.h).
 */
char *lu_map_date(const struct lu_map *map, const char *path);

/* LU_ERROR_ARGUMENT when the second map's date is surely before the first's. */
enum lu_status lu_same_order(const struct lu_map *first, const char *first_path, const struct lu_map *second,
			     const char *second_path, struct lu_error *err);

#endif
