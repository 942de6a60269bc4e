/*
 * photo.h: an ordinary picture, decoded whole: a photograph or a chip, of any size, with or
 * without a place on the ground.
 *
 * JPEG, PNG, TIFF, JPEG 2000, WebP, BMP and GIF. What a viewer would show is what comes out: palettes
 * are looked up, and grey serves where colour is asked for. Pixels of 16 bits and Float32 need a range, the values
 * that become 0 and 255, and go through the same formula as imagery (raster/depth.h); bytes stay what they are.
 */
#ifndef LU_RASTER_PHOTO_H
#define LU_RASTER_PHOTO_H

#include "base/error.h"

struct lu_photo {
	int width, height, bands; /* pixels; bands as asked for */
	uint8_t *pixels; /* bands planes of height x width bytes, owned */
	size_t room; /* bytes allocated */
	float *raw; /* the same planes before they became bytes; NULL where they were bytes all along */
	size_t raw_room;
};

/*
 * Decode 'path' into 'photo' (a zeroed one, or one read before: its memory is used again).
 *
 *	bands asked for	a file may have
 *	1		1, or 2 (grey and alpha)
 *	3		1 or 2 (grey, repeated), a palette, 3, or 4 (the fourth is left out)
 *	more		at least as many; the first are taken
 *
 * 'range' is NULL or {low, high}. LU_ERROR_IO: no such file; LU_ERROR_FORMAT: not a picture, or damaged;
 * LU_ERROR_UNSUPPORTED: more than 8 bits a band and no range, or over 2^28 pixels; LU_ERROR_MISMATCH: too few bands. Any number of threads,
 * each with its own 'photo'. Release with lu_photo_release, also after a failure.
 */
enum lu_status lu_photo_read(const char *path, int bands, const double *range, struct lu_photo *photo,
			     struct lu_error *err);
void lu_photo_release(struct lu_photo *photo);

/* Does the name end as a picture's does (.jpg, .jpeg, .png, .tif, .tiff, .jp2, .webp, .bmp, .gif; any case)? */
bool lu_photo_named(const char *name);

#endif
