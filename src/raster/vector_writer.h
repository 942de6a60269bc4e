/*
 * vector_writer.h: inside raster/ only: what vector_write.c and vector_tables.c share of a file that is being written.
 */
#ifndef LU_RASTER_VECTOR_WRITER_H
#define LU_RASTER_VECTOR_WRITER_H

#include "raster/trap.h"
#include "raster/vector.h"
#include "raster/vector_format.h"

/* What a GeoPackage says of when it was changed: the same input gives the same bytes. */
#define LU_VECTOR_FIXED_DATE "2000-01-01T00:00:00.000Z"

struct lu_vector_writer {
	char *path, *temporary;
	const struct lu_vector_format *format;
	bool dropping; /* what comes is not of the one layer that the format has */
	void *dataset; /* GDALDatasetH */
	void *layer; /* OGRLayerH, begun last */
	enum lu_vector_type *types; /* of its fields */
	size_t field_count;
	void *styles; /* OGRLayerH: layer_styles; NULL: there is none yet */
	bool described; /* the schema extension's tables are there */
	/* Of a table by lu_vector_table: rows that are not in the file yet, as SQL. */
	char *table;
	struct lu_text_stream *rows;
	size_t row_count;
};

/* GDAL's calls between these two: errors are caught, and the date is fixed on this thread. */
void lu_vector_enter(struct lu_trap *trap);
void lu_vector_leave(struct lu_trap *trap);

/* Put the rows of the table begun last into the file. */
enum lu_status lu_vector_flush_rows(struct lu_vector_writer *writer, struct lu_error *err);

#endif
