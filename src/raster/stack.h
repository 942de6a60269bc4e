/*
 * stack.h: maps of several dates as one netCDF file after the CF conventions: variables of (time, y, x) on a grid that it
 * describes (grid_mapping), classes with flag_values and flag_meanings.
 */
#ifndef LU_RASTER_STACK_H
#define LU_RASTER_STACK_H

#include "base/class.h"
#include "base/error.h"
#include "base/geometry.h"

struct lu_stack_spec {
	const struct lu_frame *frame; /* not rotated: LU_ERROR_UNSUPPORTED otherwise */
	const char *const *labels; /* of the dates */
	const double *days; /* since 1970-01-01, of each; NULL: labels tell no time, and dates are counted from 0 */
	size_t dates;
	const struct lu_class *classes;
	size_t class_count;
	const char *title, *source; /* what the file is, and what made it */
};

/* Does this GDAL write such files? */
bool lu_stack_possible(void);

/*
 * Give 'rows' rows of date 'date' from 'row0' on: classes, 0 where nothing is mapped, and percent, 255 there. Called date by
 * date and downwards.
 */
typedef enum lu_status (*lu_stack_rows)(void *user, size_t date, int64_t row0, int64_t rows, uint8_t *classes,
					uint8_t *percent, struct lu_error *err);

/*
 * Write 'path', with the variables landuse and confidence; it appears when it is whole, and the same input gives the same
 * bytes. LU_ERROR_UNSUPPORTED: lu_stack_possible says no. Memory: some rows.
 */
enum lu_status lu_stack_write(const char *path, const struct lu_stack_spec *spec, lu_stack_rows read, void *user,
			      struct lu_error *err);

#endif
