/* cell_file.c: values by stdio, as this machine holds them: the file does not outlive the job. */
#include "maps/cell_file.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

struct lu_cell_file {
	char *path; /* that it had, for messages */
	FILE *file;
	int64_t cols;
};

enum lu_status lu_cell_file_new(const char *folder, int64_t cols, struct lu_cell_file **out, struct lu_error *err)
{
	struct lu_cell_file *file;
	enum lu_status status = lu_alloc(&file, 1, sizeof(*file), "a map", err);

	*out = NULL;
	if (status != LU_OK)
		return status;
	file->cols = cols;
	char *cells = lu_sprintf("%s/cells", folder);
	if (cells != NULL)
		file->path = lu_file_temporary(cells);
	lu_free(cells);
	if (file->path == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
	const int fd = status == LU_OK ? lu_file_new(file->path) : -1;
	if (status == LU_OK && fd < 0)
		status = lu_fail_errno(err, file->path, "make");
	if (fd >= 0) {
		unlink(file->path);
		file->file = fdopen(fd, "w+b");
		if (file->file == NULL) {
			status = lu_fail_errno(err, file->path, "make");
			close(fd);
		}
	}
	if (status != LU_OK) {
		lu_cell_file_free(file);
		return status;
	}
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
	lu_free(file);
}

enum lu_status lu_cell_file_add(struct lu_cell_file *file, const uint16_t *values, int64_t rows, struct lu_error *err)
{
	const size_t count = (size_t)(rows * file->cols);

	/* A full disk is told here, not when the file is read. */
	if (fseeko(file->file, 0, SEEK_END) != 0 || fwrite(values, sizeof(*values), count, file->file) != count ||
	    fflush(file->file) != 0)
		return lu_fail_errno(err, file->path, "write");
	return LU_OK;
}

enum lu_status lu_cell_file_rows(struct lu_cell_file *file, int64_t row0, int64_t rows, uint16_t *values,
				 struct lu_error *err)
{
	const size_t count = (size_t)(rows * file->cols);
	const off_t at = (off_t)(row0 * file->cols) * (off_t)sizeof(*values);

	if (fseeko(file->file, at, SEEK_SET) != 0 || fread(values, sizeof(*values), count, file->file) != count)
		return lu_fail_errno(err, file->path, "read");
	return LU_OK;
}
