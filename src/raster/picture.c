/*
 * picture.c: a PNG or JPEG through GDAL. See picture.h.
 */
#include "raster/picture.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/fault.h"
#include "raster/start.h"
#include "raster/trap.h"

static const struct format {
	const char *extension, *driver;
	const char *options[2];
} formats[] = {{"png", "PNG", {NULL}}, {"jpg", "JPEG", {"QUALITY=85", NULL}}};

/* By the name's end; PNG where it says nothing. */
static const struct format *format_of(const char *path)
{
	const char *dot = strrchr(lu_path_name(path), '.');

	for (size_t i = 0; dot != NULL && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(dot + 1, formats[i].extension) == 0)
			return &formats[i];
	return &formats[0];
}

/*
 * Both can only be copied from another dataset: one in memory, whose bands are the caller's own bytes, the 'step' of which
 * leads from pixel to pixel and 'plane' from colour to colour.
 */
static GDALDatasetH in_memory(const uint8_t *bytes, int width_px, int height_px, size_t step, size_t plane)
{
	GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("MEM"), "", width_px, height_px, 0, GDT_Byte, NULL);

	for (size_t band = 0; dataset != NULL && band < 3; band++) {
		char at[64], pixel[64], line[64], pointer[32] = "";
		CPLPrintPointer(pointer, (void *)(uintptr_t)(bytes + band * plane), sizeof(pointer) - 1);
		snprintf(at, sizeof(at), "DATAPOINTER=%s", pointer);
		snprintf(pixel, sizeof(pixel), "PIXELOFFSET=%zu", step);
		snprintf(line, sizeof(line), "LINEOFFSET=%zu", step * (size_t)width_px);
		char *options[] = {at, pixel, line, NULL};
		if (GDALAddBand(dataset, GDT_Byte, options) != CE_None) {
			GDALClose(dataset);
			return NULL;
		}
	}
	return dataset;
}

enum lu_status lu_picture_place(const char *path, const uint8_t *pixels, int width_px, int height_px,
				struct lu_error *err)
{
	const struct format *format = format_of(path);
	char *temporary = lu_file_temporary(path);
	GDALDatasetH from = NULL, to = NULL;
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	if (temporary == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: %s", path);
	lu_raster_start(0);
	lu_trap_set(&trap);
	from = in_memory(pixels, width_px, height_px, 3, 1);
	if (from != NULL)
		to = GDALCreateCopy(GDALGetDriverByName(format->driver), temporary, from, FALSE,
				    (char **)(uintptr_t)format->options, NULL, NULL);
	if (to != NULL)
		GDALClose(to);
	if (from != NULL)
		GDALClose(from);
	if (to == NULL || trap.failed) {
		status = lu_fault_write(path, &trap, err);
		unlink(temporary);
	}
	lu_trap_drop(&trap);
	if (status == LU_OK)
		status = lu_file_place(temporary, path, err);
	lu_free(temporary);
	return status;
}

enum lu_status lu_picture_png(const uint8_t *planes, int width_px, int height_px, uint8_t **bytes, size_t *size,
			      struct lu_error *err)
{
	/* A name of its own for each thread: nobody else has this array. */
	char *name = lu_sprintf("/vsimem/landuse/%p.png", (void *)&planes);
	GDALDatasetH from = NULL, to = NULL;
	enum lu_status status = LU_OK;
	struct lu_trap trap;
	vsi_l_offset length = 0;

	*bytes = NULL;
	*size = 0;
	if (name == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory: a picture");
	lu_raster_start(0);
	lu_trap_set(&trap);
	from = in_memory(planes, width_px, height_px, 1, (size_t)width_px * (size_t)height_px);
	if (from != NULL)
		to = GDALCreateCopy(GDALGetDriverByName("PNG"), name, from, FALSE, NULL, NULL, NULL);
	if (to != NULL)
		GDALClose(to);
	if (from != NULL)
		GDALClose(from);
	const GByte *png = to != NULL && !trap.failed ? VSIGetMemFileBuffer(name, &length, FALSE) : NULL;
	if (png == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "a picture of %d x %d pixels: %s", width_px, height_px,
				 lu_trap_text(&trap, "out of memory"));
	if (status == LU_OK)
		status = lu_alloc(bytes, (size_t)length, 1, "a picture", err);
	if (status == LU_OK) {
		memcpy(*bytes, png, (size_t)length);
		*size = (size_t)length;
	}
	VSIUnlink(name);
	lu_trap_drop(&trap);
	lu_free(name);
	return status;
}
