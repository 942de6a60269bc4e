/* cell_file.c: bytes by stdio. */
#include "job/county/cell_file.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"

struct lu_cell_file {
	char *path;	/* that it had, for messages */
	FILE *file;
	int64_t cols;
	uint8_t *bytes;	/* one row */
};

enum lu_status lu_cell_file_new(const char *folder, int64_t cols, struct lu_cell_file **out, struct lu_error *err)
{
	struct lu_cell_file *file;
	enum lu_status status = lu_alloc(&file, 1, sizeof(*file), "a map", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	file->cols = cols;
	file->path = lu_sprintf("%s/cells", folder);
	status = lu_alloc(&file->bytes, (size_t)cols, 1, "a row", err);
	if (status == LU_OK && file->path == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	if (status == LU_OK) {
		file->file = fopen(file->path, "w+be");
		if (file->file == NULL)
			status = lu_fail_errno(err, file->path, "make");
	}
	if (status != LU_OK) {
		lu_cell_file_free(file);
		return status;
	}
	unlink(file->path);
	*out = file;
	return LU_OK;
}

void lu_cell_file_free(struct lu_cell_file *file)
{
	if (file == NULL)
		return;
	if (file->file != NULL)
		fclose(file->file);
	lu_free(file->path);
	lu_free(file->bytes);
	lu_free(file);
}

enum lu_status lu_cell_file_add(struct lu_cell_file *file, const uint16_t *values, int64_t rows, struct lu_error *err)
{
	if (fseeko(file->file, 0, SEEK_END) != 0)
		return lu_fail_errno(err, file->path, "write");
	for (int64_t row = 0; row < rows; row++, values += file->cols) {
		for (int64_t col = 0; col < file->cols; col++) {
			assert(values[col] <= UINT8_MAX);
			file->bytes[col] = (uint8_t)values[col];
		}
		if (fwrite(file->bytes, 1, (size_t)file->cols, file->file) != (size_t)file->cols)
			return lu_fail_errno(err, file->path, "write");
	}
	/* A full disk is told here, not when the file is read. */
	return fflush(file->file) == 0 ? LU_OK : lu_fail_errno(err, file->path, "write");
}

enum lu_status lu_cell_file_rows(struct lu_cell_file *file, int64_t row0, int64_t rows, uint16_t *values,
				 struct lu_error *err)
{
	if (fseeko(file->file, (off_t)(row0 * file->cols), SEEK_SET) != 0)
		return lu_fail_errno(err, file->path, "read");
	for (int64_t row = 0; row < rows; row++, values += file->cols) {
		if (fread(file->bytes, 1, (size_t)file->cols, file->file) != (size_t)file->cols)
			return lu_fail_errno(err, file->path, "read");
		for (int64_t col = 0; col < file->cols; col++)
			values[col] = file->bytes[col];
	}
	return LU_OK;
}
