/* chip_index.c: one table of columns, written as GeoPackage and as CSV. See chip_index.h. */
#include "chipset/chip_index.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "chipset/set_folder.h"
#include "raster/vector.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum column { PATH, CLASS, SPLIT, BLOCK, SOURCE, DATE, ROW, COL, X, Y, VALID_SHARE, PURITY, PHASH, WEIGHT, COLUMNS };

/* 'decimals' are those of the CSV. */
static const struct {
	struct lu_vector_field field;
	int decimals;
} columns[COLUMNS] = {
	[PATH] = {{"path", LU_VECTOR_TEXT}, 0},
	[CLASS] = {{"class", LU_VECTOR_TEXT}, 0},
	[SPLIT] = {{"split", LU_VECTOR_TEXT}, 0},
	[BLOCK] = {{"block", LU_VECTOR_TEXT}, 0},
	[SOURCE] = {{"source", LU_VECTOR_TEXT}, 0},
	[DATE] = {{"date", LU_VECTOR_TEXT}, 0},
	[ROW] = {{"row", LU_VECTOR_INTEGER}, 0},
	[COL] = {{"col", LU_VECTOR_INTEGER}, 0},
	/* A hundredth of a millimetre in metres, and a millimetre or so in degrees. */
	[X] = {{"x", LU_VECTOR_REAL}, 8},
	[Y] = {{"y", LU_VECTOR_REAL}, 8},
	[VALID_SHARE] = {{"valid_share", LU_VECTOR_REAL}, 4},
	[PURITY] = {{"purity", LU_VECTOR_REAL}, 4},
	[PHASH] = {{"phash", LU_VECTOR_TEXT}, 0},
	[WEIGHT] = {{"weight", LU_VECTOR_REAL}, 6},
};

static const enum column tile_columns[] = {PATH, SOURCE, DATE, ROW, COL, X, Y, VALID_SHARE};
static const enum column label_columns[] = {PATH, CLASS, SPLIT, BLOCK,       SOURCE, DATE,  ROW,
					    COL,  X,     Y,     VALID_SHARE, PURITY, PHASH, WEIGHT};

struct lu_chip_index {
	char *csv_path;
	const enum column *chosen;
	size_t count;
	struct lu_vector_writer *places;
	struct lu_csv csv;
};

enum lu_status lu_chip_index_begin(const char *folder, const char *crs_wkt, bool labelled, struct lu_chip_index **out,
				   struct lu_error *err)
{
	struct lu_vector_field fields[COLUMNS];
	struct lu_chip_index *index;
	char *gpkg = lu_path_join(folder, LU_SET_PLACES);
	enum lu_status status;

	*out = NULL;
	LU_TRY(lu_alloc(&index, 1, sizeof(*index), "an index", err));
	index->chosen = labelled ? label_columns : tile_columns;
	index->count = labelled ? COUNT(label_columns) : COUNT(tile_columns);
	index->csv_path = lu_path_join(folder, LU_SET_INDEX);
	if (gpkg == NULL || index->csv_path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		goto out;
	}
	for (size_t i = 0; i < index->count; i++) {
		fields[i] = columns[index->chosen[i]].field;
		lu_csv_text(&index->csv, fields[i].name);
	}
	lu_csv_end_row(&index->csv);
	LU_TRY(lu_vector_create(gpkg, &index->places, err));
	LU_TRY(lu_vector_layer(index->places, "chips", crs_wkt, fields, index->count, err));
	*out = index;
	index = NULL; /* now the caller's */
out:
	lu_chip_index_free(index);
	lu_free(gpkg);
	return status;
}

enum lu_status lu_chip_index_add(struct lu_chip_index *index, const struct lu_chip_row *row, struct lu_error *err)
{
	const double *t = row->frame->transform;
	const double right = t[0] + (double)row->frame->width * t[1], bottom = t[3] + (double)row->frame->height * t[5];
	struct lu_point corners[] = {{t[0], bottom}, {right, bottom}, {right, t[3]}, {t[0], t[3]}};
	const struct lu_ring outline = {corners, COUNT(corners)};
	struct lu_vector_value values[COLUMNS];
	char hash[17];

	snprintf(hash, sizeof(hash), "%016" PRIx64, row->phash);
	const struct lu_vector_value all[COLUMNS] = {[PATH] = lu_vector_text(row->path),
						     [CLASS] = lu_vector_text(row->class),
						     [SPLIT] = lu_vector_text(row->split),
						     [BLOCK] = lu_vector_text(row->block),
						     [SOURCE] = lu_vector_text(row->source),
						     [DATE] = lu_vector_text(row->date[0] != '\0' ? row->date : NULL),
						     [ROW] = lu_vector_integer(row->row),
						     [COL] = lu_vector_integer(row->col),
						     [X] = lu_vector_real((t[0] + right) / 2),
						     [Y] = lu_vector_real((t[3] + bottom) / 2),
						     [VALID_SHARE] = lu_vector_real(row->valid_share),
						     [PURITY] = lu_vector_real(row->purity),
						     [PHASH] = lu_vector_text(hash),
						     [WEIGHT] = lu_vector_real(row->weight)};
	for (size_t i = 0; i < index->count; i++) {
		const enum column column = index->chosen[i];
		values[i] = all[column];
		if (columns[column].field.type == LU_VECTOR_TEXT)
			lu_csv_text(&index->csv, values[i].text);
		else if (columns[column].field.type == LU_VECTOR_INTEGER)
			lu_csv_integer(&index->csv, values[i].integer);
		else
			lu_csv_fixed(&index->csv, values[i].real, columns[column].decimals);
	}
	lu_csv_end_row(&index->csv);
	return lu_vector_add(index->places, &outline, values, err);
}

enum lu_status lu_chip_index_finish(struct lu_chip_index *index, struct lu_error *err)
{
	const enum lu_status status = lu_vector_finish(index->places, err);

	return status == LU_OK ? lu_csv_write(&index->csv, index->csv_path, err) : status;
}

void lu_chip_index_free(struct lu_chip_index *index)
{
	if (index == NULL)
		return;
	lu_vector_drop(index->places);
	lu_csv_release(&index->csv);
	lu_free(index->csv_path);
	lu_free(index);
}
