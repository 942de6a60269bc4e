/*
 * date_notes.h: what there is to say of imagery, once however many dates it is true of.
 */
#ifndef LU_GRID_DATE_NOTES_H
#define LU_GRID_DATE_NOTES_H

#include "base/hooks.h"
#include "raster/imagery.h"

/* Tell the notes of 'count' dates to 'hooks'. Of two that differ by the file's name alone the first one is told. */
void lu_date_notes_tell(const char *const *labels, struct lu_imagery *const *imagery, size_t count,
			const struct lu_hooks *hooks);

#endif
