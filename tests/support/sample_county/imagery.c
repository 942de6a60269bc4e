/*
 * imagery.c: GeoTIFFs as they are delivered: tiled JPEG or deflate, whole or in quarters, plain or cloud-optimised
 *
 * Quarters reach over the middle of the picture, and the flown edge is never quite straight: along the inner edges a
 * thin wedge is empty, under a mask (JPEG) or as nodata 0 (deflate). The overlap covers every wedge, so the
 * four together have no hole.
 */
#include "imagery.h"

#include "files.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far quarters reach over the middle, as a part of the side. */
#define OVERLAP 0.06

static char **creation_options(const struct sc_imagery_options *options, bool temporary)
{
	char **list = NULL;

	if (options->cog && !temporary) {
		list = CSLSetNameValue(list, "COMPRESS", options->jpeg ? "JPEG" : "DEFLATE");
		list = CSLSetNameValue(list, "BLOCKSIZE", "512");
		list = CSLSetNameValue(list, "OVERVIEWS", "IGNORE_EXISTING");
	} else {
		list = CSLSetNameValue(list, "TILED", "YES");
		list = CSLSetNameValue(list, "BLOCKXSIZE", "512");
		list = CSLSetNameValue(list, "BLOCKYSIZE", "512");
		if (options->jpeg && !temporary) {
			list = CSLSetNameValue(list, "COMPRESS", "JPEG");
			list = CSLSetNameValue(list, "PHOTOMETRIC", "YCBCR");
		} else {
			list = CSLSetNameValue(list, "COMPRESS", "DEFLATE");
			list = CSLSetNameValue(list, "PREDICTOR", "2");
			if (temporary)
				list = CSLSetNameValue(list, "ZLEVEL", "1");
		}
	}
	if (options->jpeg && !temporary)
		list = CSLSetNameValue(list, options->cog ? "QUALITY" : "JPEG_QUALITY",
				       CPLSPrintf("%d", options->quality));
	list = CSLSetNameValue(list, "BIGTIFF", "IF_SAFER");
	return CSLSetNameValue(list, "NUM_THREADS", CPLSPrintf("%d", options->threads));
}

static bool open_piece(struct sc_imagery *imagery, struct sc_imagery_file *piece)
{
	const struct sc_place *place = imagery->place;
	const struct sc_rect window = piece->window;
	double corner[6] = {place->east + window.x * place->gsd_m,  place->gsd_m, 0.0,
			    place->north - window.y * place->gsd_m, 0.0,          -place->gsd_m};
	char **list = creation_options(&imagery->options, imagery->options.cog);

	piece->file = GDALCreate(GDALGetDriverByName("GTiff"), piece->part, window.w, window.h, 3, GDT_Byte, list);
	CSLDestroy(list);
	if (!piece->file || GDALSetGeoTransform(piece->file, corner) != CE_None ||
	    GDALSetSpatialRef(piece->file, place->crs) != CE_None)
		return false;
	if (!imagery->options.quads)
		return true;
	if (imagery->options.jpeg)
		return GDALCreateDatasetMaskBand(piece->file, GMF_PER_DATASET) == CE_None;
	for (int band = 1; band <= 3; band++)
		if (GDALSetRasterNoDataValue(GDALGetRasterBand(piece->file, band), 0.0) != CE_None)
			return false;
	return true;
}

static bool cut_quads(struct sc_imagery *imagery, const char *dir, const char *name)
{
	static const char *const names[] = {"nw", "ne", "sw", "se"};
	const int w = imagery->width_px, h = imagery->height_px;
	const int over_x = (int)(OVERLAP * w), over_y = (int)(OVERLAP * h);
	/* Southern quarters start on a strip, so that strips are whole tiles in all four. */
	const int south = (h / 2 - over_y > 0 ? h / 2 - over_y : 0) / SC_STRIP_ROWS * SC_STRIP_ROWS;
	const int east = w / 2 - over_x;
	char folder[SC_PATH_BYTES];

	if (!sc_path(folder, sizeof(folder), "%s/imagery_%s", dir, name) || !sc_make_folder(folder))
		return false;
	for (int i = 0; i < 4; i++) {
		struct sc_imagery_file *piece = &imagery->piece[i];
		const bool is_east = i & 1, is_south = i & 2;

		piece->window.x = is_east ? east : 0;
		piece->window.w = is_east ? w - east : w / 2 + over_x;
		piece->window.y = is_south ? south : 0;
		piece->window.h = is_south ? h - south : h / 2 + over_y;
		piece->wedge_x = (is_east ? -0.5f : 0.5f) * (float)over_x;
		piece->wedge_y = (is_south ? -0.5f : 0.5f) * (float)over_y;
		if (!sc_path(piece->path, sizeof(piece->path), "%s/q_%s.tif", folder, names[i]))
			return false;
	}
	imagery->pieces = 4;
	return true;
}

bool sc_imagery_open(struct sc_imagery *imagery, const char *dir, const char *name, int width_px, int height_px,
		     const struct sc_place *place, const struct sc_imagery_options *options)
{
	*imagery =
		(struct sc_imagery){.place = place, .options = *options, .width_px = width_px, .height_px = height_px};
	CPLSetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
	imagery->scratch = malloc(4u * (size_t)width_px * SC_STRIP_ROWS);
	if (!imagery->scratch) {
		fprintf(stderr, "sample-county: no memory for a strip of %d pixels; ask for fewer --cells\n", width_px);
		goto fail;
	}
	if (options->quads) {
		if (!cut_quads(imagery, dir, name))
			goto fail;
	} else {
		imagery->piece[0].window = (struct sc_rect){0, 0, width_px, height_px};
		imagery->pieces = 1;
		if (!sc_path(imagery->piece[0].path, SC_PATH_BYTES, "%s/imagery_%s.tif", dir, name))
			goto fail;
	}
	for (int i = 0; i < imagery->pieces; i++) {
		struct sc_imagery_file *piece = &imagery->piece[i];

		if (!sc_path(piece->part, sizeof(piece->part), "%s.part", piece->path))
			goto fail;
		if (!open_piece(imagery, piece)) {
			fprintf(stderr, "sample-county: %s: cannot be created; is the folder writable?\n", piece->part);
			goto fail;
		}
	}
	return true;
fail:
	sc_imagery_close(imagery, false);
	return false;
}

/* Is pixel (x, y) of a piece less than 'slack' pixels beyond the flown edge? With slack 0: is it photographed? */
static bool flown(const struct sc_imagery_file *piece, int x, int y, float slack)
{
	const float along_x = (float)x / (float)piece->window.w, along_y = (float)y / (float)piece->window.h;
	const int from_x = piece->wedge_x > 0.0f ? piece->window.w - 1 - x : x;
	const int from_y = piece->wedge_y > 0.0f ? piece->window.h - 1 - y : y;

	return (float)from_x + slack >= fabsf(piece->wedge_x) * along_y &&
	       (float)from_y + slack >= fabsf(piece->wedge_y) * (1.0f - along_x);
}

static bool write_piece(struct sc_imagery *imagery, struct sc_imagery_file *piece, int row, int count, uint8_t *rgb)
{
	const struct sc_rect window = piece->window;
	const int first = row > window.y ? row : window.y;
	const int end = row + count < window.y + window.h ? row + count : window.y + window.h;
	const size_t from_stride = 3u * (size_t)imagery->width_px, to_stride = 3u * (size_t)window.w;
	uint8_t *pixels = imagery->scratch, *mask = pixels + to_stride * (size_t)count;
	const int rows = end - first;
	/* JPEG smears an edge over its 16-pixel blocks; there the black starts beyond, under the mask. */
	const float black_after = imagery->options.jpeg ? 20.0f : 0.0f;

	if (rows <= 0)
		return true;
	if (!imagery->options.quads)
		return GDALDatasetRasterIO(piece->file, GF_Write, 0, first, window.w, rows, rgb, window.w, rows,
					   GDT_Byte, 3, NULL, 3, (int)to_stride, 1) == CE_None;
	for (int y = 0; y < rows; y++) {
		uint8_t *to = pixels + (size_t)y * to_stride;

		memcpy(to, rgb + (size_t)(first - row + y) * from_stride + 3u * (size_t)window.x, to_stride);
		for (int x = 0; x < window.w; x++) {
			mask[(size_t)y * (size_t)window.w + (size_t)x] =
				flown(piece, x, first - window.y + y, 0.0f) ? 255 : 0;
			if (!flown(piece, x, first - window.y + y, black_after))
				to[3 * x] = to[3 * x + 1] = to[3 * x + 2] = 0;
		}
	}
	if (GDALDatasetRasterIO(piece->file, GF_Write, 0, first - window.y, window.w, rows, pixels, window.w, rows,
				GDT_Byte, 3, NULL, 3, (int)to_stride, 1) != CE_None)
		return false;
	if (!imagery->options.jpeg)
		return true;
	return GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(piece->file, 1)), GF_Write, 0, first - window.y, window.w,
			    rows, mask, window.w, rows, GDT_Byte, 0, 0) == CE_None;
}

bool sc_imagery_strip(struct sc_imagery *imagery, int row, int count, uint8_t *rgb)
{
	for (int i = 0; i < imagery->pieces; i++) {
		if (write_piece(imagery, &imagery->piece[i], row, count, rgb))
			continue;
		fprintf(stderr, "sample-county: %s: rows from %d on cannot be written; is the disk full?\n",
			imagery->piece[i].part, row);
		return false;
	}
	return true;
}

/* The temporary copy, whole by now, becomes a cloud-optimised file beside it. */
static bool make_cog(const struct sc_imagery *imagery, struct sc_imagery_file *piece)
{
	char cog[SC_PATH_BYTES];
	char **list = NULL;
	GDALDatasetH copy = NULL, source = NULL;

	if (!sc_path(cog, sizeof(cog), "%s.cog", piece->part))
		return false;
	source = GDALOpen(piece->part, GA_ReadOnly);
	if (!source)
		return false;
	list = creation_options(&imagery->options, false);
	copy = GDALCreateCopy(GDALGetDriverByName("COG"), cog, source, FALSE, list, NULL, NULL);
	CSLDestroy(list);
	if (copy)
		GDALClose(copy);
	GDALClose(source);
	remove(piece->part);
	if (!copy)
		remove(cog);
	return copy && sc_publish(cog, piece->part);
}

static bool close_piece(const struct sc_imagery *imagery, struct sc_imagery_file *piece, bool keep)
{
	bool whole;

	if (!piece->file)
		return false;
	CPLErrorReset();
	GDALClose(piece->file);
	piece->file = NULL;
	whole = keep && CPLGetLastErrorType() < CE_Failure;
	if (whole && imagery->options.cog)
		whole = make_cog(imagery, piece);
	if (keep && !whole)
		fprintf(stderr, "sample-county: %s: could not be finished; is the disk full?\n", piece->path);
	if (whole)
		return sc_publish(piece->part, piece->path);
	remove(piece->part);
	return false;
}

bool sc_imagery_close(struct sc_imagery *imagery, bool keep)
{
	bool ok = true;

	for (int i = 0; i < imagery->pieces; i++)
		ok = close_piece(imagery, &imagery->piece[i], keep && ok) && ok;
	free(imagery->scratch);
	*imagery = (struct sc_imagery){0};
	return ok;
}
