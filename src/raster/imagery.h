/*
 * imagery.h: one date's imagery, whatever form it was delivered in.
 *
 * A date may be one file, a pattern, a folder of overlapping quarter-quads, a VRT or names in
 * GDAL's /vsi file systems. All of it is opened once here, checked (readable, whole, georeferenced,
 * the bands asked for, one pixel type) and described; pixels are read through view.h. Where files
 * overlap the first in the list is on top, and its holes are filled by the next.
 */
#ifndef LU_RASTER_IMAGERY_H
#define LU_RASTER_IMAGERY_H

#include "base/error.h"
#include "base/geometry.h"
#include "base/hash.h"
#include "base/inputs.h"
#include "landuse/types.h"

struct lu_imagery;

struct lu_imagery_options {
	const char *const *paths; /* each: a file, a pattern, a folder, a VRT, a "/vsi..." name */
	size_t path_count;
	/*
	 * What a catalogue says of the files that it knows (their versions), a part of the fingerprint: each path is then one
	 * file, and no more trusted than one that was found in a folder. NULL: a person named them.
	 */
	const char *catalogue;
	/* 1-based, 'wanted' of them, may repeat; NULL: by the file's tags where they have all 'names', else 1, 2, ... */
	const int *bands;
	size_t band_count;
	size_t wanted; /* how many bands the model takes, */
	const char *const
		*names; /* and their names ("red"), borrowed for the call; NULL, and NULL entries: not named */
	struct lu_nodata nodata;
	const double *range; /* NULL or {low, high}: 16-bit and float values mapped to 0..255 */
	const double *usual_range; /* the same where 'range' is NULL; bytes are no cause for a warning then */
};

/*
 * Open and check all files of a date. They must agree in band count and pixel type; CRS and
 * resolution may differ. LU_ERROR_ARGUMENT: missing; LU_ERROR_FORMAT: not an image, cut off, no CRS, no
 * georeference; LU_ERROR_UNSUPPORTED: pixel type; LU_ERROR_ARGUMENT: an option. Costs one open of
 * each file, and of what a VRT names (sources.h), and a few pixels (is an alpha band a mask, is there fill?), so
 * a missing end is found now in local TIFFs only; in other formats and file systems reading finds it. After this
 * call the imagery is
 * constant: any thread may use it.
 */
enum lu_status lu_imagery_open(const struct lu_imagery_options *options, struct lu_imagery **out, struct lu_error *err);
void lu_imagery_free(struct lu_imagery *imagery);

/*
 * The north-up mosaic of all files in the first file's CRS and resolution. Its pixel corners are
 * the first file's, and of a single north-up file it is exactly that file's frame.
 */
const struct lu_frame *lu_imagery_frame(const struct lu_imagery *imagery);

/* Ground sample distance: metres on the ellipsoid along a pixel's side at the mosaic's centre (geometric mean). */
double lu_imagery_gsd_m(const struct lu_imagery *imagery);

/* The files, in mosaic order (first on top). */
size_t lu_imagery_count(const struct lu_imagery *imagery);
const char *lu_imagery_path(const struct lu_imagery *imagery, size_t i);

/* Bands that a view delivers: options.wanted. */
size_t lu_imagery_bands(const struct lu_imagery *imagery);

/* Size of all files, those that belong to them (masks, overviews, a VRT's sources) included. */
uint64_t lu_imagery_bytes(const struct lu_imagery *imagery);

/* Add all of them that lie on this machine to 'inputs', as they were when they were opened. */
enum lu_status lu_imagery_inputs(const struct lu_imagery *imagery, struct lu_inputs *inputs, struct lu_error *err);

/* LU_ERROR_MISMATCH when one of them was exchanged or written to since: what was read is a mixture. */
enum lu_status lu_imagery_unchanged(const struct lu_imagery *imagery, struct lu_error *err);

/*
 * How the files tell data from nothing, as part of a sentence: "hidden by an alpha or mask band", "of the nodata
 * value"; NULL: they do not.
 */
const char *lu_imagery_validity(const struct lu_imagery *imagery);

/* Blocks of the first file in pixels; false when its blocks are whole rows (stripped: costly to read in part). */
bool lu_imagery_tiled(const struct lu_imagery *imagery);
void lu_imagery_block(const struct lu_imagery *imagery, int *width_px, int *height_px);

/*
 * Sentences that the user should see, one after the other (how 16-bit values are scaled, bands taken by their tags,
 * what is tagged alpha and is a colour); NULL after the last. Each a warning or, where all is well, information.
 */
const char *lu_imagery_note(const struct lu_imagery *imagery, size_t i, enum lu_level *level);

/* The bands taken of the first file: "bands 2, 3, 4 of undefined, red, green, blue"; lu_free it. */
char *lu_imagery_band_text(const struct lu_imagery *imagery);

/*
 * A digest of names, sizes, modification times, bytes from all over the files, geometry, band choice, nodata rule and range:
 * equal when the same pixels would be read. Reads no pixel.
 */
enum lu_status lu_imagery_fingerprint(const struct lu_imagery *imagery, char hex[LU_SHA256_HEX], struct lu_error *err);

#endif
