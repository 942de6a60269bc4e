/*
 * vector_tables.h: what makes a GeoPackage explain itself: tables that refer to each other, a word for every table and
 * column, names for codes.
 *
 * Tables are plain SQL, with primary and foreign keys, so that pandas, R and any SQLite reader find their way without
 * GDAL. Words and names of codes go into the tables of the GeoPackage's schema extension (gpkg_data_columns,
 * gpkg_data_column_constraints), where QGIS and GDAL look for them.
 */
#ifndef LU_RASTER_VECTOR_TABLES_H
#define LU_RASTER_VECTOR_TABLES_H

#include "base/class.h"
#include "raster/vector.h"

struct lu_vector_column {
	const char *name;
	enum lu_vector_type type;
	const char *references; /* "classes(class_code)": its values stand there; NULL: anything */
	const char *codes; /* a list by lu_vector_codes whose names its values have; NULL: they are no codes */
	const char *description; /* units, what NULL means */
};

/* A column's name: a word, so that SQL and expressions need no quotes. 'name' is altered. */
void lu_vector_word(char *name);

/*
 * Begin a table without shapes: 'key' columns, from the first, are its primary key (0: row numbers are). Layers begun before
 * are complete. What columns refer to is there already. The texts stay until the writer is finished.
 */
enum lu_status lu_vector_table(struct lu_vector_writer *writer, const char *name, const char *description,
			       const struct lu_vector_column *columns, size_t count, size_t key, struct lu_error *err);
/* Add a row to it: a value a column. */
enum lu_status lu_vector_row(struct lu_vector_writer *writer, const struct lu_vector_value *values,
			     struct lu_error *err);

/* The same words for a layer begun and filled before; 'unique': its values are all different, so that tables may refer to it. */
enum lu_status lu_vector_explain(struct lu_vector_writer *writer, const char *layer, const char *description,
				 const struct lu_vector_column *columns, size_t count, const char *unique,
				 struct lu_error *err);

/* A list of codes and their names. Before it no table may be described. */
enum lu_status lu_vector_codes(struct lu_vector_writer *writer, const char *list, const struct lu_class *classes,
			       size_t count, struct lu_error *err);

#endif
