/*
 * chip_file.c: one chip of imagery as a picture file. See chip_file.h.
 *
 * GDAL's MEM driver lays a dataset over the caller's planes without copying them; the format's own
 * driver copies that into the file.
 */
#include "raster/chip_file.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/fault.h"
#include "raster/osr.h"
#include "raster/start.h"
#include "raster/trap.h"

/*
 * PNG's level: 3 takes 5 ms a chip of 224 x 224 aerial pixels and 73 KiB, the default 6 takes 13 ms
 * and 74 KiB (150 chips, GDAL 3.6, one core). Measure again with GDALCreateCopy over a set's chips.
 */
static const struct {
	const char *extension, *driver;
	const char *options[4];
} formats[] = {
	[LU_CHIP_GEOTIFF] = {"tif", "GTiff", {"COMPRESS=DEFLATE", "PREDICTOR=2", "INTERLEAVE=PIXEL", NULL}},
	[LU_CHIP_PNG] = {"png", "PNG", {"ZLEVEL=3", NULL}},
	[LU_CHIP_JPEG] = {"jpg", "JPEG", {"QUALITY=90", NULL}},
};

const char *lu_chip_extension(enum lu_chip_format format)
{
	return formats[format].extension;
}

enum lu_status lu_chip_format_check(enum lu_chip_format format, size_t bands, struct lu_error *err)
{
	if (format == LU_CHIP_GEOTIFF || bands == 1 || bands == 3)
		return LU_OK;
	return lu_fail(err, LU_ERROR_ARGUMENT,
		       "%zu bands do not fit into %s, which takes 1 or 3 (name three bands, or take tif)", bands,
		       formats[format].extension);
}

/* Add a band that is the plane itself. */
static bool add_plane(GDALDatasetH dataset, const uint8_t *plane)
{
	char pointer[64];

	pointer[CPLPrintPointer(pointer, (void *)(uintptr_t)plane, sizeof(pointer) - 1)] = '\0';
	char **options = CSLSetNameValue(NULL, "DATAPOINTER", pointer);
	const bool added = GDALAddBand(dataset, GDT_Byte, options) == CE_None;
	CSLDestroy(options);
	return added;
}

static bool add_planes(GDALDatasetH dataset, const struct lu_chip_picture *chip)
{
	static const GDALColorInterp colours[] = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand};
	const size_t area = (size_t)chip->size_px * (size_t)chip->size_px;

	for (size_t b = 0; b < chip->bands; b++) {
		if (!add_plane(dataset, chip->planes + b * area))
			return false;
		GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset, (int)b + 1), chip->bands == 1
												 ? GCI_GrayIndex
											 : b < 3 ? colours[b]
												 : GCI_Undefined);
	}
	return true;
}

static bool add_mask(GDALDatasetH dataset, const struct lu_chip_picture *chip)
{
	const size_t area = (size_t)chip->size_px * (size_t)chip->size_px;
	uint8_t *mask;
	bool written = false;

	if (memchr(chip->valid, 0, area) == NULL)
		return true;
	if (GDALCreateDatasetMaskBand(dataset, GMF_PER_DATASET) != CE_None ||
	    lu_alloc(&mask, area, 1, "a mask", NULL) != LU_OK)
		return false;
	for (size_t i = 0; i < area; i++)
		mask[i] = chip->valid[i] ? 255 : 0;
	written = GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(dataset, 1)), GF_Write, 0, 0, chip->size_px,
			       chip->size_px, mask, chip->size_px, chip->size_px, GDT_Byte, 0, 0) == CE_None;
	lu_free(mask);
	return written;
}

static enum lu_status place(GDALDatasetH dataset, const struct lu_frame *frame, struct lu_error *err)
{
	void *crs;
	double transform[6];
	const enum lu_status status = lu_osr_import(frame->crs_wkt, &crs, err);

	if (status != LU_OK)
		return status;
	memcpy(transform, frame->transform, sizeof(transform));
	GDALSetSpatialRef(dataset, crs);
	GDALSetGeoTransform(dataset, transform);
	lu_osr_free(crs);
	return LU_OK;
}

/* Copy 'memory' to 'path' by the format's driver. */
static bool copy(GDALDatasetH memory, const char *path, enum lu_chip_format format, const struct lu_trap *trap)
{
	GDALDriverH driver = GDALGetDriverByName(formats[format].driver);
	GDALDatasetH file;

	/* Without it GTiff puts the mask into a second file. */
	CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
	file = GDALCreateCopy(driver, path, memory, FALSE, (char **)(uintptr_t)formats[format].options, NULL, NULL);
	if (file != NULL)
		GDALClose(file);
	CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", NULL);
	return file != NULL && !trap->failed;
}

enum lu_status lu_chip_write(const char *path, enum lu_chip_format format, const struct lu_chip_picture *chip,
			     struct lu_error *err)
{
	GDALDatasetH memory = NULL;
	enum lu_status status = LU_OK;
	struct lu_trap trap;
	char *temporary = lu_file_temporary(path);

	lu_raster_start(0);
	lu_trap_set(&trap);
	if (temporary == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	memory = GDALCreate(GDALGetDriverByName("MEM"), "", chip->size_px, chip->size_px, 0, GDT_Byte, NULL);
	if (memory == NULL || !add_planes(memory, chip)) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
		goto out;
	}
	if (format == LU_CHIP_GEOTIFF) {
		LU_TRY(place(memory, chip->frame, err));
		if (!add_mask(memory, chip)) {
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
			goto out;
		}
	}
	lu_trap_clear(&trap);
	if (copy(memory, temporary, format, &trap)) {
		status = lu_file_commit(temporary, path, err);
	} else {
		status = lu_fault_write(path, &trap, err);
		unlink(temporary);
	}
out:
	if (memory != NULL)
		GDALClose(memory);
	lu_trap_drop(&trap);
	lu_free(temporary);
	return status;
}
