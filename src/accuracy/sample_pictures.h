/*
 * sample_pictures.h: what each sampled cell looks like, one picture a date.
 *
 * A picture shows the cell, framed, with half a cell of its surroundings on every side. Pictures
 * lie in a folder beside the sample, and the sample links them by relative paths:
 *
 *	sample.gpkg
 *	sample_pictures/12_2010.jpg
 */
#ifndef LU_ACCURACY_SAMPLE_PICTURES_H
#define LU_ACCURACY_SAMPLE_PICTURES_H

#include "base/geometry.h"
#include "base/inputs.h"
#include "landuse/types.h"

struct lu_pictures;

/* The path of an entry of 'imagery' is whatever lu_imagery_open takes. 'cells' is the map's frame. */
enum lu_status lu_pictures_open(const struct lu_dated_imagery *imagery, size_t count, const struct lu_frame *cells,
				const char *sample_path, struct lu_pictures **out, struct lu_error *err);
void lu_pictures_close(struct lu_pictures *pictures);

/* Names of the fields that hold the links ("picture_2010"), one a date. */
const char *const *lu_pictures_fields(const struct lu_pictures *pictures, size_t *count);

/* Make all pictures written so far safe from a power cut. NULL is fine. */
enum lu_status lu_pictures_sync(const struct lu_pictures *pictures, struct lu_error *err);

/* Write the picture of date 'i' of a cell; '*link' (lu_free it) is NULL where the imagery has no data. */
enum lu_status lu_pictures_write(struct lu_pictures *pictures, size_t i, int64_t id, int64_t row, int64_t col,
				 char **link, struct lu_error *err);

/* Add the imagery's files to 'inputs', and to 'names' those of pictures, beside the sample. Both may be asked of NULL. */
enum lu_status lu_pictures_files(const struct lu_pictures *pictures, struct lu_inputs *inputs,
				 struct lu_output_names *names, struct lu_error *err);

/* Make the folder; the first thing written. */
enum lu_status lu_pictures_begin(const struct lu_pictures *pictures, struct lu_error *err);

#endif
