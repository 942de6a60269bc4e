/*
 * unreadable.h: skipped.gpkg: the cells of a county whose imagery could not be read, date by date, for a person to look at and
 * to mend.
 */
#ifndef LU_MAPS_UNREADABLE_H
#define LU_MAPS_UNREADABLE_H

#include "base/geometry.h"
#include "maps/store.h"

#define LU_UNREADABLE_NAME "skipped.gpkg"

struct lu_unreadable_task {
	const struct lu_frame *cells;
	const char *const *labels; /* labels and stores: one a date */
	struct lu_store *const *stores;
	size_t dates;
};

/*
 * Write FOLDER/skipped.gpkg durably: a polygon for each run of such cells in a row, with its date and how many they are. There
 * may be none. '*cells', one a date, has their numbers.
 */
enum lu_status lu_unreadable_write(const char *folder, const struct lu_unreadable_task *task, int64_t *cells,
				   struct lu_error *err);

#endif
