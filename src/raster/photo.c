/*
 * photo.c: pictures in through GDAL. See photo.h.
 *
 * A set has ten thousands of small files in one folder, so what GDAL does per file counts: it is told
 * which drivers to try and not to list the folder for sidecar files.
 */
#include "raster/photo.h"

#include <cpl_conv.h>
#include <gdal.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/depth.h"
#include "raster/start.h"
#include "raster/trap.h"

enum { MOST_PIXELS = 1 << 28 };

static const char *const drivers[] = {"PNG",    "JPEG", "GTiff", "JP2OpenJPEG", "JPEG2000", "JP2ECW",
				      "JP2KAK", "WEBP", "BMP",   "BIGGIF",      "GIF",      NULL};
static const char *const endings[] = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".jp2", ".webp", ".bmp", ".gif"};

bool lu_photo_named(const char *name)
{
	const char *ending = strrchr(name, '.');

	for (size_t i = 0; ending != NULL && i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcasecmp(ending, endings[i]) == 0)
			return true;
	return false;
}

/* Pixels that a range makes bytes of: a Float32 holds each of their values. */
static bool is_deep(GDALDataType type)
{
	return type == GDT_UInt16 || type == GDT_Int16 || type == GDT_Float32;
}

static enum lu_status make_room(struct lu_photo *photo, const char *path, struct lu_error *err)
{
	size_t bytes;

	if (!lu_mul((size_t)photo->width * (size_t)photo->height, (size_t)photo->bands, &bytes))
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: too large", path);
	if (bytes <= photo->room)
		return LU_OK;
	lu_free(photo->pixels);
	photo->pixels = NULL;
	photo->room = 0;
	const enum lu_status status = lu_alloc_aligned(&photo->pixels, bytes, 1, "a picture", err);
	if (status == LU_OK)
		photo->room = bytes;
	return status;
}

/* Replace the indices in the first plane by the palette's colours, in as many planes as there are. */
static void look_up(const GDALColorTableH table, struct lu_photo *photo)
{
	const size_t plane = (size_t)photo->width * (size_t)photo->height;
	uint8_t colors[256][4] = {{0}};

	for (int i = 0; i < GDALGetColorEntryCount(table) && i < 256; i++) {
		GDALColorEntry entry;

		GDALGetColorEntryAsRGB(table, i, &entry);
		colors[i][0] = (uint8_t)entry.c1;
		colors[i][1] = (uint8_t)entry.c2;
		colors[i][2] = (uint8_t)entry.c3;
		colors[i][3] = (uint8_t)entry.c4;
	}
	for (size_t i = 0; i < plane; i++) {
		const uint8_t *color = colors[photo->pixels[i]];

		for (int b = 0; b < photo->bands; b++)
			photo->pixels[(size_t)b * plane + i] = color[b];
	}
}

/* 'numbers' of the bands into the first planes: bytes as they are, others by their range. */
static enum lu_status read_bands(GDALDatasetH dataset, const char *path, int *numbers, int wanted, const double *range,
				 struct lu_photo *photo, const struct lu_trap *trap, struct lu_error *err)
{
	const size_t plane = (size_t)photo->width * (size_t)photo->height, count = plane * (size_t)wanted;
	const bool deep = GDALGetRasterDataType(GDALGetRasterBand(dataset, 1)) != GDT_Byte;
	const int size = deep ? (int)sizeof(float) : 1;
	enum lu_status status = LU_OK;

	if (deep && count > photo->raw_room) {
		lu_free(photo->raw);
		photo->raw = NULL;
		photo->raw_room = 0;
		status = lu_alloc_aligned(&photo->raw, count, sizeof(float), "a picture", err);
		if (status != LU_OK)
			return status;
		photo->raw_room = count;
	}
	if (GDALDatasetRasterIO(dataset, GF_Read, 0, 0, photo->width, photo->height,
				deep ? (void *)photo->raw : (void *)photo->pixels, photo->width, photo->height,
				deep ? GDT_Float32 : GDT_Byte, wanted, numbers, size, photo->width * size,
				(int)(plane * (size_t)size)) != CE_None ||
	    trap->failed)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: damaged: %s", path, lu_trap_text(trap, "cannot be decoded"));
	if (deep) {
		const struct lu_depth depth = {.pixel = LU_PIXEL_FLOAT, .low = range[0], .high = range[1]};
		for (size_t i = 0; i < count; i++)
			photo->pixels[i] = lu_depth_byte(&depth, photo->raw, i);
	}
	return status;
}

static enum lu_status read_pixels(GDALDatasetH dataset, const char *path, const double *range, struct lu_photo *photo,
				  const struct lu_trap *trap, struct lu_error *err)
{
	const size_t plane = (size_t)photo->width * (size_t)photo->height;
	const int bands = photo->bands, count = GDALGetRasterCount(dataset);
	const GDALRasterBandH first = GDALGetRasterBand(dataset, 1);
	const GDALColorTableH table = count == 1 ? GDALGetRasterColorTable(first) : NULL;
	int numbers[64], wanted = count < bands ? 1 : bands;

	if (bands == 3 && table != NULL)
		wanted = 1;
	for (int b = 0; b < wanted; b++)
		numbers[b] = b + 1;
	const enum lu_status status = read_bands(dataset, path, numbers, wanted, range, photo, trap, err);
	if (status != LU_OK)
		return status;
	if (bands == 3 && table != NULL)
		look_up(table, photo);
	else if (wanted < bands)
		for (int b = 1; b < bands; b++)
			memcpy(photo->pixels + (size_t)b * plane, photo->pixels, plane);
	return LU_OK;
}

static enum lu_status check_form(GDALDatasetH dataset, const char *path, int bands, const double *range,
				 struct lu_error *err)
{
	const int count = GDALGetRasterCount(dataset);
	const GDALDataType type = count > 0 ? GDALGetRasterDataType(GDALGetRasterBand(dataset, 1)) : GDT_Byte;
	const double pixels = (double)GDALGetRasterXSize(dataset) * GDALGetRasterYSize(dataset);

	if (count < 1 || pixels < 1)
		return lu_fail(err, LU_ERROR_FORMAT, "%s: no pixels", path);
	if (pixels > MOST_PIXELS)
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: %d x %d pixels is no chip (landuse tile cuts chips)",
			       path, GDALGetRasterXSize(dataset), GDALGetRasterYSize(dataset));
	if (is_deep(type) && range == NULL)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: %s pixels, more than 8 bits a band need a range, the values that become 0 and 255 "
			       "(range LOW,HIGH)",
			       path, GDALGetDataTypeName(type));
	if (type != GDT_Byte && !is_deep(type))
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: %s pixels, pictures have 8 or 16 bits a band (gdal_translate -ot Byte -scale)",
			       path, GDALGetDataTypeName(type));
	if (count < bands && !(bands == 3 && count <= 2))
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: has %d band%s, the model takes %d", path, count,
			       count == 1 ? "" : "s", bands);
	if (bands == 1 && count >= 3)
		return lu_fail(err, LU_ERROR_MISMATCH, "%s: has %d bands, the model takes one (gdal_translate -b 1)",
			       path, count);
	return LU_OK;
}

enum lu_status lu_photo_read(const char *path, int bands, const double *range, struct lu_photo *photo,
			     struct lu_error *err)
{
	struct lu_trap trap;
	GDALDatasetH dataset = NULL;
	enum lu_status status;

	lu_raster_start(0);
	lu_trap_set(&trap);
	LU_TRY(lu_file_check(path, err));
	CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
	/* Formats that only point elsewhere are not among the drivers. */
	dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, NULL, NULL);
	CPLSetThreadLocalConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", NULL);
	if (dataset == NULL) {
		status = lu_file_exists(path)
				 ? lu_fail(err, LU_ERROR_FORMAT, "%s: not a picture: %s", path,
					   lu_trap_text(&trap, "no JPEG, PNG, TIFF, JPEG 2000, WebP, BMP or GIF"))
				 : lu_fail(err, LU_ERROR_IO, "%s: no such file", path);
		goto out;
	}
	LU_TRY(check_form(dataset, path, bands, range, err));
	photo->width = GDALGetRasterXSize(dataset);
	photo->height = GDALGetRasterYSize(dataset);
	photo->bands = bands;
	LU_TRY(make_room(photo, path, err));
	LU_TRY(read_pixels(dataset, path, range, photo, &trap, err));
out:
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	return status;
}

void lu_photo_release(struct lu_photo *photo)
{
	lu_free(photo->pixels);
	lu_free(photo->raw);
	*photo = (struct lu_photo){0};
}
