/*
 * workbook.h: tables as the sheets of one spreadsheet file (Office Open XML), by OGR.
 */
#ifndef LU_RASTER_WORKBOOK_H
#define LU_RASTER_WORKBOOK_H

#include "base/error.h"
#include "base/table.h"

struct lu_sheet {
	const char *title; /* at most 31 characters */
	const struct lu_table *table; /* its first row has the columns' names */
};

/* Does this GDAL write them? */
bool lu_workbook_possible(void);

/*
 * Write 'path', which appears when it is whole; the same tables give the same bytes. A column is of numbers where all that is
 * in it is a number, but those called date, earlier and later are labels. LU_ERROR_UNSUPPORTED: lu_workbook_possible says no.
 */
enum lu_status lu_workbook_write(const char *path, const struct lu_sheet *sheets, size_t count, struct lu_error *err);

#endif
