/*
 * vector.h: features and tables, out to a GeoPackage and in from anything that OGR reads.
 *
 * Out: one GeoPackage with layers of polygons, plain tables and QGIS styles; or, by the suffix of its name
 * (vector_format.h), a file of one layer, the first that is begun: further layers, tables, styles and words are taken
 * and left out. It appears under its name only when it is whole, and the same calls give the same bytes: the date that a
 * GeoPackage records of itself is fixed.
 *
 * In: a layer's rows one after the other, each with its fields as text and its place as one point.
 */
#ifndef LU_RASTER_VECTOR_H
#define LU_RASTER_VECTOR_H

#include <math.h>

#include "base/error.h"
#include "base/geometry.h"
#include "raster/trust.h"

enum lu_vector_type {
	LU_VECTOR_INTEGER,
	LU_VECTOR_REAL,
	LU_VECTOR_TEXT,
};
struct lu_vector_field {
	const char *name;
	enum lu_vector_type type;
};

/* What goes into one field: the member of the field's type, or nothing at all (NULL in the file). */
struct lu_vector_value {
	bool set;
	int64_t integer;
	double real;
	const char *text;
};

static inline struct lu_vector_value lu_vector_integer(int64_t integer)
{
	return (struct lu_vector_value){.set = true, .integer = integer};
}
static inline struct lu_vector_value lu_vector_real(double real)
{
	return (struct lu_vector_value){.set = true, .real = real};
}
/* To so many decimals: what a person reads, and what a table can hold. */
static inline struct lu_vector_value lu_vector_rounded(double real, int decimals)
{
	const double one = pow(10, decimals);

	return lu_vector_real(round(real * one) / one);
}
/* NULL stays NULL. 'text' is UTF-8. */
static inline struct lu_vector_value lu_vector_text(const char *text)
{
	return (struct lu_vector_value){.set = text != NULL, .text = text};
}

struct lu_vector_writer;

/* Begin 'path'. LU_ERROR_ARGUMENT: its suffix; LU_ERROR_IO when it cannot be made there. One writer serves one thread. */
enum lu_status lu_vector_create(const char *path, struct lu_vector_writer **out, struct lu_error *err);

/*
 * Begin a layer of polygons, or with 'crs_wkt' NULL a plain table. Rows go to the layer begun last.
 * 'fields' is copied. A layer of polygons has its geometry in column "geom".
 */
enum lu_status lu_vector_layer(struct lu_vector_writer *writer, const char *name, const char *crs_wkt,
			       const struct lu_vector_field *fields, size_t count, struct lu_error *err);

/* The same, for areas of several parts. */
enum lu_status lu_vector_layer_of_areas(struct lu_vector_writer *writer, const char *name, const char *crs_wkt,
					const struct lu_vector_field *fields, size_t count, struct lu_error *err);

/* Add a row: 'outline' is a ring as in geometry.h, NULL in a plain table; 'values' has one entry a field. */
enum lu_status lu_vector_add(struct lu_vector_writer *writer, const struct lu_ring *outline,
			     const struct lu_vector_value *values, struct lu_error *err);

/* The same with a polygon of one outer ring, the first, and any holes; in a layer of areas, of any such in turn. */
enum lu_status lu_vector_add_polygon(struct lu_vector_writer *writer, const struct lu_polygon *polygon,
				     const struct lu_vector_value *values, struct lu_error *err);

/*
 * Store 'qml' as the default style of 'layer' in the table layer_styles, where QGIS finds it by
 * itself. Call it after the last row of the last layer: it begins a table of its own.
 */
enum lu_status lu_vector_style(struct lu_vector_writer *writer, const char *layer, const char *qml,
			       struct lu_error *err);

/* Close the file and give it its name. The writer is then only good for lu_vector_drop. */
enum lu_status lu_vector_finish(struct lu_vector_writer *writer, struct lu_error *err);
/* Release; what was not finished is deleted. NULL is fine. */
void lu_vector_drop(struct lu_vector_writer *writer);

struct lu_vector_reader;

/*
 * Open 'layer' of 'path', or with NULL the layer called 'usual' if there is one, else the first.
 * A CSV file has places when it has columns lon and lat (or longitude, latitude: degrees), or else x and
 * y (or easting, northing: no CRS known). LU_ERROR_ARGUMENT: no such file; LU_ERROR_FORMAT: not vector
 * data; LU_ERROR_ARGUMENT: no such layer, with those there are. One reader serves one thread.
 */
enum lu_status lu_vector_open(const char *path, enum lu_trust trust, const char *layer, const char *usual,
			      struct lu_vector_reader **out, struct lu_error *err);
void lu_vector_close(struct lu_vector_reader *reader);

/* True when the file has such a layer; 'path' may be anything. */
bool lu_vector_has_layer(const struct lu_vector_reader *reader, const char *layer);

/* The number of a field (upper and lower case are the same), or -1. */
int lu_vector_find(const struct lu_vector_reader *reader, const char *field);
/* All fields' names with commas between, the reader's own. */
const char *lu_vector_field_names(const struct lu_vector_reader *reader);

/* The layer's CRS as WKT2, the reader's own; NULL when it has none. */
const char *lu_vector_crs(const struct lu_vector_reader *reader);

/* Go to the next row. '*more' is false after the last one. */
enum lu_status lu_vector_next(struct lu_vector_reader *reader, bool *more, struct lu_error *err);

/* Of the current row: a field without surrounding blanks, NULL when it is empty; valid until the next row. */
const char *lu_vector_get(const struct lu_vector_reader *reader, int field);
/* Of the current row: the point, or a polygon's centroid, in the layer's CRS; false when it has no geometry. */
bool lu_vector_place(const struct lu_vector_reader *reader, struct lu_point *place);
/* Is it a point? */
bool lu_vector_is_point(const struct lu_vector_reader *reader);
/*
 * Of the current row: its polygons in the layer's CRS, with no more points than a drawing needs that may be 'tolerance' CRS
 * units off (0: all of them); no ring at all when it has none. Release '*out', also after a failure.
 */
enum lu_status lu_vector_outline(const struct lu_vector_reader *reader, double tolerance, struct lu_polygon *out,
				 struct lu_error *err);

#endif
