/* unreadable.c: one pass over the scores of the dates that have such cells. */
#include "maps/unreadable.h"

#include "base/memory.h"
#include "raster/form.h"
#include "raster/vector.h"

/* The outline of cells 'first' .. 'end' - 1 of a row. */
static enum lu_status add_run(struct lu_vector_writer *writer, const struct lu_frame *cells, const char *label,
			      int64_t row, int64_t first, int64_t end, struct lu_error *err)
{
	const double *t = cells->transform;
	const double x0 = t[0] + (double)first * t[1], x1 = t[0] + (double)end * t[1];
	const double y0 = t[3] + (double)(row + 1) * t[5], y1 = t[3] + (double)row * t[5];
	struct lu_point corners[] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
	const struct lu_ring ring = {corners, 4};
	const struct lu_vector_value values[] = {lu_vector_text(label), lu_vector_integer(row),
						 lu_vector_integer(first), lu_vector_integer(end - first)};

	return lu_vector_add(writer, &ring, values, err);
}

static enum lu_status add_date(struct lu_vector_writer *writer, const struct lu_unreadable_task *task, size_t date,
			       int64_t *count, struct lu_error *err)
{
	struct lu_store *store = task->stores[date];
	const size_t classes = lu_store_classes(store);
	const int64_t rows = task->cells->height, cols = task->cells->width;
	enum lu_status status = LU_OK;

	*count = 0;
	for (int64_t row = 0; row < rows && lu_store_unreadable_cells(store) > 0; row++) {
		const float *scores;
		LU_TRY(lu_store_row(store, row, &scores, err));
		for (int64_t end, col = 0; col < cols; col = end + 1) {
			for (end = col; end < cols && lu_store_unreadable(scores + (size_t)end * classes);)
				end++;
			if (end > col)
				LU_TRY(add_run(writer, task->cells, task->labels[date], row, col, end, err));
			*count += end - col;
		}
	}
out:
	return status;
}

enum lu_status lu_unreadable_write(const char *folder, const struct lu_unreadable_task *task, int64_t *cells,
				   struct lu_error *err)
{
	static const struct lu_vector_field fields[] = {{"date", LU_VECTOR_TEXT},
							{"row", LU_VECTOR_INTEGER},
							{"column", LU_VECTOR_INTEGER},
							{"cells", LU_VECTOR_INTEGER}};
	static const struct lu_form_name names[] = {
		{"date", "Date"}, {"row", "Row"}, {"column", "First column"}, {"cells", "Cells"}};
	static const struct lu_outline outline = {
		.width = "0.6", .broken = true, .label = "date", .names = names, .name_count = 4};
	char *path = lu_sprintf("%s/" LU_UNREADABLE_NAME, folder), *qml = NULL;
	struct lu_vector_writer *writer = NULL;
	enum lu_status status;

	LU_TRY(path != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	LU_TRY(lu_vector_create(path, &writer, err));
	LU_TRY(lu_vector_layer(writer, "skipped", task->cells->crs_wkt, fields, 4, err));
	for (size_t i = 0; i < task->dates; i++)
		LU_TRY(add_date(writer, task, i, &cells[i], err));
	LU_TRY(lu_outline_qml(&outline, &qml, err));
	LU_TRY(lu_vector_style(writer, "skipped", qml, err));
	LU_TRY(lu_vector_finish(writer, err));
out:
	lu_vector_drop(writer);
	lu_free(qml);
	lu_free(path);
	return status;
}
