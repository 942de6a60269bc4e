/*
 * alpha.h: inside raster/ only: is a band that is tagged "alpha" a mask, and what is opaque in it?
 *
 * Four-band aerial pictures are often delivered with their near infrared tagged as alpha, and programs write 255 (or 1)
 * for "opaque" into 16-bit alpha. A mask is empty or opaque nearly everywhere, with soft edges at most; a band of
 * which most pixels that are not empty are of values between is a colour.
 */
#ifndef LU_RASTER_ALPHA_H
#define LU_RASTER_ALPHA_H

#include "base/error.h"

struct lu_alpha {
	int band; /* 1-based; 0: there is none */
	bool colour; /* it is no mask */
	bool odd; /* opaque is another value than the type's largest, which GDAL expects */
	double opaque; /* the value of a pixel that is data; half of it and more is taken as data */
};

/*
 * Look at the dataset's (GDALDatasetH) first band that is tagged alpha, in blocks from its middle outwards until
 * enough of them hold pixels that are not 0. LU_ERROR_IO, without the file's name, when they cannot be read.
 */
enum lu_status lu_alpha_look(void *dataset, struct lu_alpha *out, struct lu_error *err);

#endif
