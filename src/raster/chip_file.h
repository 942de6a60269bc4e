/*
 * chip_file.h: one chip of imagery as a picture file of its own.
 *
 * A GeoTIFF carries CRS, place and (where pixels lack data) a mask; PNG and JPEG carry the picture
 * alone: where they lie is told by the index beside them.
 */
#ifndef LU_RASTER_CHIP_FILE_H
#define LU_RASTER_CHIP_FILE_H

#include "base/error.h"
#include "base/geometry.h"
#include "landuse/types.h"

/* Without a dot. */
const char *lu_chip_extension(enum lu_chip_format format);

/* LU_ERROR_ARGUMENT when the format cannot hold that many bands: PNG and JPEG take 1 or 3. */
enum lu_status lu_chip_format_check(enum lu_chip_format format, size_t bands, struct lu_error *err);

struct lu_chip_picture {
	const uint8_t *planes; /* bands x size_px x size_px */
	const uint8_t *valid; /* size_px x size_px, 0: no data there */
	size_t bands;
	int size_px;
	const struct lu_frame *frame; /* of its pixels: CRS and place; the size is size_px */
};

/*
 * Write 'path' durably. No sidecar appears beside it. LU_ERROR_IO when the folder cannot be written
 * or the disk is full; then nothing is left. Any thread; calls on different paths may run in parallel.
 */
enum lu_status lu_chip_write(const char *path, enum lu_chip_format format, const struct lu_chip_picture *chip,
			     struct lu_error *err);

#endif
