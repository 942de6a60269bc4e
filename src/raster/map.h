/*
 * map.h: rasters of cells, out and in: land use, confidence, change.
 *
 * Out: a Cloud Optimized GeoTIFF and the files that go beside it (base/beside.h). Classes carry a table
 * of attributes, for GDAL (NAME.tif.aux.xml) and for ArcGIS (NAME.tif.vat.dbf), and a QGIS style
 * (NAME.qml), in a Byte map also a palette and category names. Nothing appears under its final name
 * before all of it is whole and checked, and the same input gives the same bytes.
 *
 * In: any raster of integers that GDAL reads, as UInt16 with 0 for "not mapped".
 */
#ifndef LU_RASTER_MAP_H
#define LU_RASTER_MAP_H

#include "base/error.h"
#include "base/geometry.h"
#include "raster/style.h"

enum lu_map_type {
	LU_MAP_BYTE,
	LU_MAP_UINT16,
};

struct lu_map_spec {
	const struct lu_frame *frame; /* CRS, place and size; not kept */
	int bands;
	enum lu_map_type type;
	double nodata;
	bool has_nodata;
	const struct lu_class *entries; /* the classes of band 1; none: measured values */
	size_t entry_count;
	int style_from; /* entries of this value and above are in style and tables only where they occur; 0: all are */
	bool palette; /* Byte: palette and category names, too */
	const char *const *metadata; /* "KEY=VALUE" ..., NULL; may be NULL */
	const char *const *band_names; /* one a band; may be NULL */
	const char *const
		*creation_options; /* "NAME=VALUE", further ones of GDAL's COG driver: lu_map_check_creation */
	size_t creation_option_count;
	const char *qml_title; /* the layer's title in QGIS, and the name of a band that has none; may be NULL */
	enum lu_map_ramp ramp; /* without entries: the .qml's colours, over ramp_low .. ramp_high */
	double ramp_low, ramp_high;
	int threads; /* that compress a map of one band, within GDAL; any number gives the same bytes; 0: this one alone */
};

/*
 * Writing by rows: begin, add every row of every band, finish. Several maps may be written side by side from one pass
 * over what they are made of.
 *
 * Classes get overviews by mode, measured values by average, so a map that is all nodata in a block stays so. On failure
 * nothing is left: no file under a final name that was not there before, no temporary. LU_ERROR_IO when the folder
 * cannot be written or the disk is full. Memory: one row of tiles a band. One writer serves one thread at a
 * time; writers of different paths may run in parallel.
 */
struct lu_map_writer;

/*
 * Are these "NAME=VALUE" options of GDAL's COG driver that leave a map of classes what it is? LU_ERROR_ARGUMENT in one line:
 * one that GDAL does not know or take, one that would warp the map or make other values of its classes.
 */
enum lu_status lu_map_check_creation(const char *const *options, size_t count, struct lu_error *err);

/* Rows of tiles are so high: as many rows a writer may hold of each band. */
#define LU_MAP_TILE 256

/* Begin 'path' and its sidecars. What 'spec' points to must outlive the writer. */
enum lu_status lu_map_begin(const char *path, const struct lu_map_spec *spec, struct lu_map_writer **out,
			    struct lu_error *err);
/* The next 'count' rows of 'band' (1-based): count x width values of the spec's type. After a failure: lu_map_drop. */
enum lu_status lu_map_add(struct lu_map_writer *writer, int band, const void *rows, int64_t count,
			  struct lu_error *err);
/* All rows are there: put the map in place. Frees the writer, also on failure. */
enum lu_status lu_map_finish(struct lu_map_writer *writer, struct lu_error *err);
/* Give the map up; NULL is fine. */
void lu_map_drop(struct lu_map_writer *writer);

/*
 * Give rows row0 .. row0 + rows - 1 of 'band' (1-based) in 'dst', rows x width values of the spec's
 * type. Called band by band and downwards, each row once. An error stops the writing and is
 * returned by lu_map_write.
 */
typedef enum lu_status (*lu_map_rows)(void *user, int64_t row0, int64_t rows, int band, void *dst,
				      struct lu_error *err);

/* All of it at once, from a source of rows. */
enum lu_status lu_map_write(const char *path, const struct lu_map_spec *spec, lu_map_rows read, void *user,
			    struct lu_error *err);

struct lu_map;

/* Open a map for reading. LU_ERROR_FORMAT when it is damaged or has no place; one map serves one thread. */
enum lu_status lu_map_open(const char *path, struct lu_map **out, struct lu_error *err);
void lu_map_close(struct lu_map *map);

const struct lu_frame *lu_map_frame(const struct lu_map *map);
int lu_map_bands(const struct lu_map *map);
/* Of its values, as numpy and STAC call it: "uint8", "uint16", ... */
const char *lu_map_type_name(const struct lu_map *map);
/* Is the last band, or the file's mask, an alpha that says which cells are mapped? */
bool lu_map_has_alpha(const struct lu_map *map);
/* The value that the file declares as nodata; false: none. */
bool lu_map_nodata(const struct lu_map *map, double *nodata);

/* The file's own tiles or strips, in cells: rectangles of whole ones are read fastest. */
void lu_map_tile(const struct lu_map *map, int64_t *width, int64_t *height);

/*
 * Read rows of band 1 into 'dst' (rows x width): integers of any type; what is below 0, nodata, or masked
 * (by a mask or an alpha band of the file) becomes 0. LU_ERROR_UNSUPPORTED for values above 65535 and
 * for numbers that are not whole by type.
 */
enum lu_status lu_map_read_rows(struct lu_map *map, int64_t row0, int64_t rows, uint16_t *dst, struct lu_error *err);

/* The same for a rectangle of cells, which must lie inside the map; 'dst' takes height x width values. */
enum lu_status lu_map_read_rect(struct lu_map *map, struct lu_rect rect, uint16_t *dst, struct lu_error *err);

/* Cells of value 0 that neither a mask hides nor the file calls nodata, and which values up to 99 occur. Reads all cells. */
struct lu_map_zeros {
	uint64_t cells;
	bool seen[100];
};
enum lu_status lu_map_count_zeros(struct lu_map *map, struct lu_map_zeros *out, struct lu_error *err);

/* The classes by value: from the RAT, else the category names, else the .qml beside it. The map's own. */
const struct lu_class *lu_map_entries(const struct lu_map *map, size_t *count);

/* The colour of 'value' in the map's palette, whether it is a class with a name or not; false: there is none. */
bool lu_map_colour(const struct lu_map *map, int value, uint8_t rgb[3]);

/* The class's name, or NULL when the map does not name that value. */
const char *lu_map_class_name(const struct lu_map *map, int value);

/* The value of a metadata key ("LANDUSE_SCHEME"), or NULL. The map's own. */
const char *lu_map_metadata(const struct lu_map *map, const char *key);

#endif
