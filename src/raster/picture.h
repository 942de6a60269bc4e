/*
 * picture.h: a small picture for a person, as PNG or JPEG.
 */
#ifndef LU_RASTER_PICTURE_H
#define LU_RASTER_PICTURE_H

#include "base/error.h"

/*
 * Write 'planes' (red, green, blue, each height x width bytes) to 'path', which appears when it is
 * whole: JPEG where it ends in .jpg, else PNG. LU_ERROR_IO when it cannot be written. Any thread; the same pixels give the same bytes.
 */
enum lu_status lu_picture_write(const char *path, const uint8_t *planes, int width_px, int height_px,
				struct lu_error *err);

/* The same for one of many in a folder: safe from a power cut after lu_folder_sync. */
enum lu_status lu_picture_place(const char *path, const uint8_t *planes, int width_px, int height_px,
				struct lu_error *err);

/* The same as the bytes of a PNG in memory; lu_free '*bytes'. */
enum lu_status lu_picture_png(const uint8_t *planes, int width_px, int height_px, uint8_t **bytes, size_t *size,
			      struct lu_error *err);

#endif
