/*
 * member.c: one file of a date's imagery, looked at once and closed again. See member.h.
 */
#include "raster/member.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/alpha.h"
#include "raster/bands.h"
#include "raster/open.h"
#include "raster/osr.h"
#include "raster/sources.h"
#include "raster/tiff.h"
#include "raster/trap.h"

static const struct {
	const char *name;
	size_t size;
	int bits;
	GDALDataType gdal;
} pixels[] = {
	[LU_PIXEL_BYTE] = {"Byte", 1, 8, GDT_Byte},
	[LU_PIXEL_UINT16] = {"UInt16", 2, 16, GDT_UInt16},
	[LU_PIXEL_INT16] = {"Int16", 2, 15, GDT_Int16},
	[LU_PIXEL_FLOAT] = {"Float32", 4, 0, GDT_Float32},
};

const char *lu_pixel_name(enum lu_pixel pixel)
{
	return pixels[pixel].name;
}

size_t lu_pixel_size(enum lu_pixel pixel)
{
	return pixels[pixel].size;
}

/* Can the selected bands be read, and as what? */
static enum lu_status look_at_bands(GDALDatasetH dataset, const struct lu_selection *selection, struct lu_member *out,
				    struct lu_error *err)
{
	const size_t kinds = sizeof(pixels) / sizeof(*pixels);
	GDALDataType type = GDT_Unknown;
	const char *nbits = NULL;

	enum lu_status status;

	LU_TRY(lu_bands_choose(dataset, selection, out, err));
	for (size_t i = 0; i < selection->count; i++) {
		const int number = out->bands[i];
		GDALRasterBandH band;

		band = GDALGetRasterBand(dataset, number);
		if (selection->count > 1 && GDALGetRasterColorInterpretation(band) == GCI_PaletteIndex)
			return lu_fail(
				err, LU_ERROR_UNSUPPORTED,
				"%s: band %d holds palette indices, not colours: expected plain bands (expand it: "
				"gdal_translate -expand rgb)",
				out->path, number);
		if (i > 0 && GDALGetRasterDataType(band) != type)
			return lu_fail(
				err, LU_ERROR_UNSUPPORTED,
				"%s: band %d is %s, band %d is %s: expected one type (convert with gdal_translate -ot)",
				out->path, number, GDALGetDataTypeName(GDALGetRasterDataType(band)), out->bands[0],
				GDALGetDataTypeName(type));
		type = GDALGetRasterDataType(band);
		if (i == 0) {
			GDALGetBlockSize(band, &out->block_width, &out->block_height);
			nbits = GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
		}
	}
	for (size_t kind = 0; kind < kinds; kind++) {
		if (pixels[kind].gdal != type)
			continue;
		if (kind == LU_PIXEL_FLOAT && !selection->ranged)
			break;
		out->pixel = (enum lu_pixel)kind;
		out->bits = pixels[kind].bits;
		if (nbits != NULL && atoi(nbits) > 0 && atoi(nbits) < out->bits)
			out->bits = atoi(nbits);
		return LU_OK;
	}
	if (type == GDT_Float32)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: pixels are Float32: expected 8 or 16 bits (set range: [LOW, HIGH])", out->path);
	return lu_fail(err, LU_ERROR_UNSUPPORTED,
		       "%s: pixels are %s: expected 8 or 16 bits (convert with gdal_translate -ot Byte -scale)",
		       out->path, GDALGetDataTypeName(type));
out:
	return status;
}

static bool selects(const struct lu_selection *selection, const struct lu_member *member, int band)
{
	for (size_t i = 0; i < selection->count; i++) {
		if (member->bands[i] == band)
			return true;
	}
	return false;
}

/* True when some pixel of this type could equal 'value'. */
static bool can_equal(enum lu_pixel pixel, double value)
{
	switch (pixel) {
	case LU_PIXEL_BYTE:
		return value >= 0 && value <= UINT8_MAX && value == floor(value);
	case LU_PIXEL_UINT16:
		return value >= 0 && value <= UINT16_MAX && value == floor(value);
	case LU_PIXEL_INT16:
		return value >= INT16_MIN && value <= INT16_MAX && value == floor(value);
	case LU_PIXEL_FLOAT:
		break;
	}
	return true;
}

/* The nodata value of each selected band, from the bands or the NODATA_VALUES tuple; false when one has none that it can hold. */
static bool declared_nodata(GDALDatasetH dataset, const struct lu_selection *selection, struct lu_member *out)
{
	double *nodata = out->nodata;
	const char *tuple = GDALGetMetadataItem(dataset, "NODATA_VALUES", NULL);
	bool all = true;

	if (tuple != NULL) {
		char **values = CSLTokenizeString(tuple);

		all = CSLCount(values) == GDALGetRasterCount(dataset);
		for (size_t i = 0; i < selection->count && all; i++) {
			nodata[i] = CPLAtof(values[out->bands[i] - 1]);
			all = can_equal(out->pixel, nodata[i]);
		}
		CSLDestroy(values);
		return all;
	}
	for (size_t i = 0; i < selection->count && all; i++) {
		int declared = 0;

		nodata[i] = GDALGetRasterNoDataValue(GDALGetRasterBand(dataset, out->bands[i]), &declared);
		all = declared != 0 && can_equal(out->pixel, nodata[i]);
	}
	return all;
}

/* An alpha band that is read as a colour, or looks like one, is a mislabelled band (NAIP's near infrared). */
static enum lu_status look_at_alpha(GDALDatasetH dataset, const struct lu_selection *selection, struct lu_member *out,
				    struct lu_error *err)
{
	struct lu_alpha alpha;
	const enum lu_status status = lu_alpha_look(dataset, &alpha, err);

	if (status != LU_OK)
		return lu_fail_within(err, "%s", out->path);
	if (selects(selection, out, alpha.band))
		return LU_OK;
	if (alpha.colour) {
		out->false_alpha = alpha.band;
		return LU_OK;
	}
	out->validity = LU_VALID_MASK;
	if (alpha.odd)
		out->alpha = alpha.band;
	out->opaque = alpha.opaque;
	return LU_OK;
}

/* The nodata value that the caller names, for every band. */
static enum lu_status take_nodata(const struct lu_selection *selection, struct lu_member *out, struct lu_error *err)
{
	if (!can_equal(out->pixel, selection->nodata))
		return lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: nodata %g asked for, pixels are %s and never have that value (expected one that they "
			"can have, such as 0, or none)",
			out->path, selection->nodata, pixels[out->pixel].name);
	for (size_t i = 0; i < selection->count; i++)
		out->nodata[i] = selection->nodata;
	out->validity = LU_VALID_NODATA;
	return LU_OK;
}

/* How does the file tell data from nothing? */
static enum lu_status look_at_validity(GDALDatasetH dataset, const struct lu_selection *selection,
				       struct lu_member *out, struct lu_error *err)
{
	const int flags = GDALGetMaskFlags(GDALGetRasterBand(dataset, out->bands[0]));
	enum lu_status status = LU_OK;

	out->validity = LU_VALID_ALL;
	if (selection->rule == LU_NODATA_NONE)
		return LU_OK;
	if (selection->rule == LU_NODATA_VALUE)
		LU_TRY(take_nodata(selection, out, err));
	else if ((flags & GMF_PER_DATASET) && (flags & GMF_ALPHA))
		LU_TRY(look_at_alpha(dataset, selection, out, err));
	else if ((flags & GMF_PER_DATASET) && !(flags & GMF_NODATA))
		out->validity = LU_VALID_MASK;
	if (out->validity == LU_VALID_ALL && declared_nodata(dataset, selection, out))
		out->validity = LU_VALID_NODATA;
out:
	/* A float that is not a number is never data. */
	if (out->validity == LU_VALID_ALL && out->pixel == LU_PIXEL_FLOAT) {
		for (size_t i = 0; i < selection->count; i++)
			out->nodata[i] = NAN;
		out->validity = LU_VALID_NODATA;
	}
	return status;
}

static enum lu_status look_at_ground(GDALDatasetH dataset, struct lu_member *out, char **crs_wkt, struct lu_error *err)
{
	const OGRSpatialReferenceH crs = GDALGetSpatialRef(dataset);
	const double *t = out->transform;
	enum lu_status status;

	out->width = GDALGetRasterXSize(dataset);
	out->height = GDALGetRasterYSize(dataset);
	if (GDALGetGeoTransform(dataset, out->transform) != CE_None)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no georeference: expected an image whose pixels have a place on the ground%s",
			       out->path,
			       GDALGetGCPCount(dataset) > 0 ? " (it has control points: warp it with gdalwarp first)"
							    : " (a world file such as .tfw beside it is enough)");
	if (!(fabs(t[1] * t[5] - t[2] * t[4]) > 0) || !isfinite(t[0]) || !isfinite(t[3]))
		return lu_fail(
			err, LU_ERROR_FORMAT,
			"%s: its georeference has pixels of no size (%g x %g): expected a proper one (gdal_edit.py "
			"-a_ullr)",
			out->path, t[1], t[5]);
	if (crs == NULL)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no coordinate reference system: expected one (gdal_edit.py -a_srs EPSG:CODE FILE)",
			       out->path);
	status = lu_osr_export(crs, crs_wkt, err);
	if (status != LU_OK)
		return lu_fail_within(err, "%s", out->path);
	return LU_OK;
}

/* What take_identity gathers from each file. */
struct digest {
	struct lu_sha256 *hash;
	uint64_t bytes;
	struct lu_inputs *files;
};

static enum lu_status digest_file(void *user, const char *path, const struct lu_vsi_info *info, struct lu_error *err)
{
	struct digest *digest = user;
	const char *name = lu_path_name(path);
	char line[96];

	digest->bytes += info->bytes;
	lu_sha256_add(digest->hash, name, strlen(name) + 1);
	const size_t before = digest->files->count;
	enum lu_status status = lu_inputs_add(digest->files, path, err);
	const bool here = status == LU_OK && digest->files->count > before;
	snprintf(line, sizeof(line), "%" PRIu64 " %" PRId64 " %" PRId64 "\n", info->bytes, info->modified,
		 here ? digest->files->files[before].nanoseconds : 0);
	lu_sha256_add(digest->hash, line, strlen(line));
	/* Two deliveries may share size and time: a link pointed elsewhere, times kept by a copy. */
	return here ? lu_sha256_add_sample(digest->hash, path, err) : status;
}

/* Digest what would tell that the file, or one that it reads from, was exchanged; they must all be there. */
static enum lu_status take_identity(GDALDatasetH dataset, struct lu_member *out, struct lu_error *err)
{
	struct digest digest = {.files = &out->files};
	enum lu_status status = lu_sha256_new(&digest.hash, err);
	char line[512];

	if (status != LU_OK)
		return status;
	status = lu_sources_walk(dataset, digest_file, &digest, err);
	out->bytes = digest.bytes;
	snprintf(line, sizeof(line), "%.17g %.17g %.17g %.17g %.17g %.17g %" PRId64 " %" PRId64 " %d %d %d %.17g\n",
		 out->transform[0], out->transform[1], out->transform[2], out->transform[3], out->transform[4],
		 out->transform[5], out->width, out->height, out->band_count, (int)out->pixel, (int)out->validity,
		 out->opaque);
	lu_sha256_add(digest.hash, out->bands, sizeof(out->bands));
	lu_sha256_add(digest.hash, line, strlen(line));
	lu_sha256_hex(digest.hash, out->identity);
	lu_sha256_free(digest.hash);
	return status;
}

static bool is_local_tiff(GDALDatasetH dataset, const char *path)
{
	return EQUAL(GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), "GTiff") && lu_file_exists(path);
}

/* Every map that landuse writes says so in its metadata; chips and pictures do not. */
static bool is_own_map(GDALDatasetH dataset)
{
	char **items = GDALGetMetadata(dataset, NULL);

	for (; items != NULL && *items != NULL; items++)
		if (STARTS_WITH(*items, "LANDUSE_"))
			return true;
	return false;
}

enum lu_status lu_member_probe(const char *path, enum lu_trust trust, const struct lu_selection *selection,
			       struct lu_member *out, char **crs_wkt, struct lu_error *err)
{
	enum lu_status status = LU_OK;
	GDALDatasetH dataset = NULL;
	char remedy[LU_VSI_REMEDY];
	struct lu_trap trap;

	*out = (struct lu_member){.trust = trust};
	*crs_wkt = NULL;
	lu_trap_set(&trap);
	out->path = lu_strdup(path);
	if (out->path == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of imagery");
		goto out;
	}
	LU_TRY(lu_file_check(path, err));
	dataset = lu_open_raster(path, trust);
	if (dataset == NULL) {
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: not an image that can be read: %s%s", path,
				 lu_trap_text(&trap, "unknown format"),
				 lu_vsi_remedy(path, remedy)[0] != '\0' ? remedy : " (expected GeoTIFF or the like)");
		goto out;
	}
	out->own_map = trust == LU_FOUND && is_own_map(dataset);
	if (out->own_map)
		goto out;
	LU_TRY(look_at_bands(dataset, selection, out, err));
	LU_TRY(look_at_ground(dataset, out, crs_wkt, err));
	if (is_local_tiff(dataset, path))
		LU_TRY(lu_tiff_whole(path, err));
	status = look_at_validity(dataset, selection, out, err);
	if (status == LU_OK)
		lu_wedge_look(dataset, selection, out);
	if (status == LU_OK)
		status = take_identity(dataset, out, err);
	out->tags = lu_bands_tags(dataset);
	if (status == LU_OK && out->tags == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of imagery");
out:
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	if (status != LU_OK) {
		lu_member_release(out);
		lu_free(*crs_wkt);
		*crs_wkt = NULL;
	}
	return status;
}

void lu_member_release(struct lu_member *member)
{
	lu_inputs_release(&member->files);
	lu_wedge_release(&member->wedge);
	lu_free(member->path);
	lu_free(member->tags);
	*member = (struct lu_member){0};
}
