/* byte_range.c: by the offsets of blocks that GDAL's TIFF driver tells as metadata. */
#include "raster/byte_range.h"

#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>

/* "BLOCK_OFFSET_3_4" of a band; -1: not told. */
static long long block_fact(GDALRasterBandH band, const char *what, int64_t col, int64_t row)
{
	char name[64];

	snprintf(name, sizeof(name), "BLOCK_%s_%lld_%lld", what, (long long)col, (long long)row);
	const char *value = GDALGetMetadataItem(band, name, "TIFF");
	return value != NULL ? atoll(value) : -1;
}

void lu_byte_range(void *dataset, struct lu_rect window, char text[LU_BYTE_RANGE])
{
	const struct lu_rect whole = {0, 0, GDALGetRasterXSize(dataset), GDALGetRasterYSize(dataset)};
	const struct lu_rect inside = lu_rect_intersect(window, whole);
	const GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
	long long first = -1, end = -1;
	int width = 1, height = 1;

	GDALGetBlockSize(band, &width, &height);
	for (int64_t row = inside.y / height; row * height < inside.y + inside.height; row++)
		for (int64_t col = inside.x / width; col * width < inside.x + inside.width; col++) {
			const long long at = block_fact(band, "OFFSET", col, row),
					size = block_fact(band, "SIZE", col, row);
			if (at < 0 || size <= 0)
				continue;
			first = first < 0 || at < first ? at : first;
			end = at + size > end ? at + size : end;
		}
	if (first >= 0)
		snprintf(text, LU_BYTE_RANGE, "bytes %lld-%lld", first, end - 1);
	else
		snprintf(text, LU_BYTE_RANGE, "its pixels");
}
