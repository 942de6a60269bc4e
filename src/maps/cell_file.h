/*
 * cell_file.h: a map on its way, on disk: two bytes a cell, row by row, in a file without a name.
 *
 * The file loses its name as soon as it is open: however a job ends, nothing is left behind.
 */
#ifndef LU_MAPS_CELL_FILE_H
#define LU_MAPS_CELL_FILE_H

#include "base/error.h"

struct lu_cell_file;

/* An empty file of rows of 'cols' cells in 'folder'. One thread at a time. LU_ERROR_IO. */
enum lu_status lu_cell_file_new(const char *folder, int64_t cols, struct lu_cell_file **out, struct lu_error *err);
void lu_cell_file_free(struct lu_cell_file *file);

/* Add 'rows' rows at the end. */
enum lu_status lu_cell_file_add(struct lu_cell_file *file, const uint16_t *values, int64_t rows, struct lu_error *err);

/* Read rows row0 .. row0 + rows - 1, which were added before. */
enum lu_status lu_cell_file_rows(struct lu_cell_file *file, int64_t row0, int64_t rows, uint16_t *values,
				 struct lu_error *err);

#endif
