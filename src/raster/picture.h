/*
 * picture.h: a small picture for a person, as PNG or JPEG.
 */
#ifndef LU_RASTER_PICTURE_H
#define LU_RASTER_PICTURE_H

#include "base/error.h"

/*
 * Write 'pixels' (red, green and blue side by side, height x width of them) to 'path', which appears when it is whole and is
 * safe from a power cut after lu_folder_sync: JPEG where it ends in .jpg, else PNG. LU_ERROR_IO when it cannot be written.
 * Any thread; the same pixels give the same bytes.
 */
enum lu_status lu_picture_place(const char *path, const uint8_t *pixels, int width_px, int height_px,
				struct lu_error *err);

/* The bytes of a PNG of 'planes' (red, green, blue, each height x width bytes) in memory; lu_free '*bytes'. */
enum lu_status lu_picture_png(const uint8_t *planes, int width_px, int height_px, uint8_t **bytes, size_t *size,
			      struct lu_error *err);

#endif
