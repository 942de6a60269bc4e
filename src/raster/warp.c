/*
 * warp.c: a member resampled to the grid on the fly, by GDAL's warper. See warp.h.
 *
 *   member --(plain: chosen bands, validity as alpha)--> VRT --+--(bilinear)--> colours, alpha
 *                                                              +--(nearest)---> validity
 */
#include "raster/warp.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <gdal_alg.h>
#include <gdal_utils.h>
#include <gdalwarper.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "raster/trap.h"
#include "raster/validity.h"

/* How far, in pixels of the source, the approximate transformer may be off. */
#define TRANSFORM_ERROR 0.05

/* A ratio of resolutions this near to one is one: the kernel stays two pixels wide. */
#define SAME_SCALE 0.05

struct lu_warp {
	const struct lu_member *member;
	size_t bands;
	struct lu_rect place; /* where pixel 0, 0 of the VRTs is on the grid */
	GDALDatasetH plain;
	GDALDatasetH smooth; /* bilinear: bands, then alpha */
	GDALDatasetH nearest; /* bands (nodata) or alpha (mask); NULL when every pixel is data */
	int block_width, block_height;
	size_t block_area;
	void *block; /* bands + 1 planes of one block, in the member's type */
	void *look; /* the same for 'nearest' */
	uint8_t *look_valid; /* validity of one block */
};

static GDALDataType gdal_type(enum lu_pixel pixel)
{
	static const GDALDataType types[] = {
		[LU_PIXEL_BYTE] = GDT_Byte,
		[LU_PIXEL_UINT16] = GDT_UInt16,
		[LU_PIXEL_INT16] = GDT_Int16,
		[LU_PIXEL_FLOAT] = GDT_Float32,
	};

	return types[pixel];
}

/* A VRT of the chosen bands, with the mask as alpha where the member has one, and no nodata or mask of its own. */
static GDALDatasetH open_plain(GDALDatasetH dataset, const struct lu_member *member,
			       const struct lu_selection *selection)
{
	GDALTranslateOptions *options;
	GDALDatasetH plain = NULL;
	char **words = NULL;
	int bad_usage = 0;

	words = CSLAddString(words, "-of");
	words = CSLAddString(words, "VRT");
	for (size_t i = 0; i < selection->count; i++) {
		words = CSLAddString(words, "-b");
		words = CSLAddString(words, CPLSPrintf("%d", member->bands[i]));
	}
	if (member->validity == LU_VALID_MASK) {
		words = CSLAddString(words, "-b");
		/* What is opaque becomes 255, as in GDAL's own masks. */
		if (member->alpha > 0) {
			words = CSLAddString(words, CPLSPrintf("%d", member->alpha));
			words = CSLAddString(words, CPLSPrintf("-scale_%zu", selection->count + 1));
			words = CSLAddString(words, "0");
			words = CSLAddString(words, CPLSPrintf("%.17g", member->opaque));
			words = CSLAddString(words, "0");
			words = CSLAddString(words, "255");
		} else {
			words = CSLAddString(words, "mask");
		}
	}
	words = CSLAddString(words, "-mask");
	words = CSLAddString(words, "none");
	words = CSLAddString(words, "-a_nodata");
	words = CSLAddString(words, "none");
	/* Bands may be in any order: none of them may pass for the alpha band. */
	for (size_t i = 0; i < selection->count + (member->alpha > 0); i++) {
		words = CSLAddString(words, CPLSPrintf("-colorinterp_%zu", i + 1));
		words = CSLAddString(words, "undefined");
	}
	options = GDALTranslateOptionsNew(words, NULL);
	if (options != NULL)
		plain = GDALTranslate("", dataset, options, &bad_usage);
	GDALTranslateOptionsFree(options);
	CSLDestroy(words);
	return plain;
}

/* The transform of the grid's pixels, counted from the corner of 'place'. */
static void transform_of(const struct lu_frame *grid, struct lu_rect place, double out[6])
{
	const double *g = grid->transform;
	const double x = (double)place.x;
	const double y = (double)place.y;

	memcpy(out, g, 6 * sizeof(*out));
	out[0] = g[0] + x * g[1] + y * g[2];
	out[3] = g[3] + x * g[4] + y * g[5];
}

/* The exact way from pixels of the place on the grid to pixels of the member. NULL on failure. */
static void *exact_transformer(GDALDatasetH plain, const char *member_crs, const struct lu_placement *placement,
			       const struct lu_frame *grid)
{
	char **options = NULL;
	void *transformer;
	double place[6];

	options = CSLSetNameValue(options, "SRC_METHOD", "GEOTRANSFORM");
	if (!placement->same_crs) {
		options = CSLSetNameValue(options, "SRC_SRS", member_crs);
		options = CSLSetNameValue(options, "DST_SRS", grid->crs_wkt);
	}
	transformer = GDALCreateGenImgProjTransformer2(plain, NULL, options);
	CSLDestroy(options);
	transform_of(grid, placement->rect, place);
	if (transformer != NULL)
		GDALSetGenImgProjTransformerDstGeoTransform(transformer, place);
	return transformer;
}

/*
 * Grid pixels per source pixel along the source's two axes, at the middle of the place. GDAL would
 * work it out anew for every block, and the kernel's width would change from block to block.
 */
static void find_scale(void *transformer, const struct lu_rect *place, double scale[2])
{
	const double col = (double)place->width / 2;
	const double row = (double)place->height / 2;
	double x[3] = {col, col + 1, col};
	double y[3] = {row, row, row + 1};
	double z[3] = {0, 0, 0};
	int done[3] = {0, 0, 0};

	scale[0] = 1;
	scale[1] = 1;
	GDALGenImgProjTransform(transformer, 1, 3, x, y, z, done);
	if (!done[0] || !done[1] || !done[2])
		return;
	scale[0] = 1 / hypot(x[1] - x[0], x[2] - x[0]);
	scale[1] = 1 / hypot(y[1] - y[0], y[2] - y[0]);
	for (int i = 0; i < 2; i++) {
		if (!isfinite(scale[i]) || scale[i] > 1 - SAME_SCALE)
			scale[i] = 1;
	}
}

static void set_option(GDALWarpOptions *options, const char *key, const char *value)
{
	options->papszWarpOptions = CSLSetNameValue(options->papszWarpOptions, key, value);
}

/* INIT_DEST of a nodata member: outside of it everything is nodata ("0,0,255"). */
static void start_with_nodata(GDALWarpOptions *options, const struct lu_member *member, int bands)
{
	char list[LU_BANDS_MAX * 26] = "";
	size_t used = 0;

	for (int i = 0; i < bands; i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%.17g", i > 0 ? "," : "",
					 member->nodata[i]);
	set_option(options, "INIT_DEST", list);
}

/* Bands first, first + 1, ... of the source become 1, 2, ... of the destination. */
static void map_bands(GDALWarpOptions *options, int first, int count)
{
	options->nBandCount = count;
	options->panSrcBands = CPLMalloc(sizeof(int) * (size_t)count);
	options->panDstBands = CPLMalloc(sizeof(int) * (size_t)count);
	for (int i = 0; i < count; i++) {
		options->panSrcBands[i] = first + i;
		options->panDstBands[i] = i + 1;
	}
}

/* Colours by bilinear interpolation among data pixels only, then an alpha band. */
static void want_smooth(GDALWarpOptions *options, const struct lu_member *member, int bands)
{
	options->eResampleAlg = GRA_Bilinear;
	map_bands(options, 1, bands);
	options->nDstAlphaBand = bands + 1;
	if (member->validity == LU_VALID_MASK)
		options->nSrcAlphaBand = bands + 1;
	if (member->validity == LU_VALID_NODATA) {
		options->padfSrcNoDataReal = CPLMalloc(sizeof(double) * (size_t)bands);
		memcpy(options->padfSrcNoDataReal, member->nodata, sizeof(double) * (size_t)bands);
		/* Missing only where every band says so. */
		set_option(options, "UNIFIED_SRC_NODATA", "YES");
	}
	set_option(options, "INIT_DEST", "0");
}

/* What tells data from nothing, by nearest neighbour: the alpha band, or the bands themselves. */
static void want_nearest(GDALWarpOptions *options, const struct lu_member *member, int bands)
{
	options->eResampleAlg = GRA_NearestNeighbour;
	if (member->validity == LU_VALID_MASK) {
		map_bands(options, bands + 1, 1);
		set_option(options, "INIT_DEST", "0");
	} else {
		map_bands(options, 1, bands);
		start_with_nodata(options, member, bands);
	}
}

static GDALDatasetH warped(struct lu_warp *warp, const char *member_crs, const struct lu_placement *placement,
			   const struct lu_frame *grid, void (*want)(GDALWarpOptions *, const struct lu_member *, int))
{
	void *exact = exact_transformer(warp->plain, member_crs, placement, grid);
	GDALDatasetH dataset = NULL;
	GDALWarpOptions *options;
	double place[6];
	double scale[2];

	if (exact == NULL)
		return NULL;
	options = GDALCreateWarpOptions();
	options->hSrcDS = warp->plain;
	options->eWorkingDataType = gdal_type(warp->member->pixel);
	want(options, warp->member, (int)warp->bands);
	find_scale(exact, &placement->rect, scale);
	set_option(options, "XSCALE", CPLSPrintf("%.17g", scale[0]));
	set_option(options, "YSCALE", CPLSPrintf("%.17g", scale[1]));
	options->pfnTransformer = GDALApproxTransform;
	options->pTransformerArg = GDALCreateApproxTransformer(GDALGenImgProjTransform, exact, TRANSFORM_ERROR);
	GDALApproxTransformerOwnsSubtransformer(options->pTransformerArg, TRUE);
	transform_of(grid, placement->rect, place);
	dataset = GDALCreateWarpedVRT(warp->plain, (int)placement->rect.width, (int)placement->rect.height, place,
				      options);
	/* The VRT has taken the transformer over; without a VRT it is still ours. */
	if (dataset == NULL)
		GDALDestroyTransformer(options->pTransformerArg);
	options->pTransformerArg = NULL;
	GDALDestroyWarpOptions(options);
	return dataset;
}

enum lu_status lu_warp_new(void *dataset, const struct lu_member *member, const char *member_crs,
			   const struct lu_selection *selection, const struct lu_placement *placement,
			   const struct lu_frame *grid, struct lu_warp **out, struct lu_error *err)
{
	struct lu_warp *warp = NULL;
	enum lu_status status;
	struct lu_trap trap;
	size_t plane;

	*out = NULL;
	lu_trap_set(&trap);
	LU_TRY(lu_alloc(&warp, 1, sizeof(*warp), "a warped image", err));
	warp->member = member;
	warp->bands = selection->count;
	warp->place = placement->rect;
	warp->plain = open_plain(dataset, member, selection);
	if (warp->plain != NULL)
		warp->smooth = warped(warp, member_crs, placement, grid, want_smooth);
	if (warp->smooth != NULL && member->validity != LU_VALID_ALL)
		warp->nearest = warped(warp, member_crs, placement, grid, want_nearest);
	if (warp->smooth == NULL || (warp->nearest == NULL && member->validity != LU_VALID_ALL)) {
		status = lu_fail(err, LU_ERROR_MISMATCH, "%s: cannot be warped to the analysis grid: %s", member->path,
				 lu_trap_text(&trap, "unknown reason"));
		goto out;
	}
	GDALGetBlockSize(GDALGetRasterBand(warp->smooth, 1), &warp->block_width, &warp->block_height);
	warp->block_area = (size_t)warp->block_width * (size_t)warp->block_height;
	plane = warp->block_area * lu_pixel_size(member->pixel);
	LU_TRY(lu_alloc(&warp->block, warp->bands + 1, plane, "a warped block", err));
	LU_TRY(lu_alloc(&warp->look, warp->bands, plane, "a warped block", err));
	LU_TRY(lu_alloc(&warp->look_valid, 1, warp->block_area, "a warped block", err));
	*out = warp;
	warp = NULL;
out:
	lu_warp_free(warp);
	lu_trap_drop(&trap);
	return status;
}

void lu_warp_free(struct lu_warp *warp)
{
	if (warp == NULL)
		return;
	if (warp->nearest != NULL)
		GDALClose(warp->nearest);
	if (warp->smooth != NULL)
		GDALClose(warp->smooth);
	if (warp->plain != NULL)
		GDALClose(warp->plain);
	lu_free(warp->block);
	lu_free(warp->look);
	lu_free(warp->look_valid);
	lu_free(warp);
}

/* Set the validity of 'count' pixels of the block just read. */
static void judge(struct lu_warp *warp, const void *alpha, size_t count)
{
	const struct lu_member *member = warp->member;
	const size_t size = lu_pixel_size(member->pixel);
	const uint8_t *bytes = alpha;

	switch (member->validity) {
	case LU_VALID_ALL:
		memset(warp->look_valid, 1, count);
		break;
	case LU_VALID_MASK:
		/* Read as bytes: see read_block. */
		for (size_t i = 0; i < count; i++)
			warp->look_valid[i] = ((const uint8_t *)warp->look)[i] >> 7;
		break;
	case LU_VALID_NODATA:
		lu_validity_by_nodata(member, warp->bands, warp->look, count, warp->look_valid);
		break;
	}
	/* Where nothing was interpolated there is no colour, whatever the nearest neighbour says. */
	for (size_t i = 0; i < count; i++) {
		bool some = false;

		for (size_t b = 0; b < size; b++)
			some = some || bytes[i * size + b] != 0;
		warp->look_valid[i] &= some;
	}
}

/* Warp one whole block ('w' x 'h' at the right and lower edge) into warp->block and warp->look_valid. */
static CPLErr read_block(struct lu_warp *warp, int x, int y, int w, int h)
{
	const GDALDataType type = gdal_type(warp->member->pixel);
	const size_t count = (size_t)w * (size_t)h;
	const int bands = (int)warp->bands;
	const bool masked = warp->member->validity == LU_VALID_MASK;

	if (GDALDatasetRasterIO(warp->smooth, GF_Read, x, y, w, h, warp->block, w, h, type, bands + 1, NULL, 0, 0, 0) !=
	    CE_None)
		return CE_Failure;
	if (warp->nearest != NULL &&
	    GDALDatasetRasterIO(warp->nearest, GF_Read, x, y, w, h, warp->look, w, h, masked ? GDT_Byte : type,
				masked ? 1 : bands, NULL, 0, 0, 0) != CE_None)
		return CE_Failure;
	judge(warp, (const char *)warp->block + warp->bands * count * lu_pixel_size(warp->member->pixel), count);
	return CE_None;
}

/* Copy what 'rect' and the block at 'block' share (both in grid pixels). */
static void copy_shared(const struct lu_warp *warp, struct lu_rect block, struct lu_rect rect, void *raw,
			uint8_t *valid)
{
	const struct lu_rect shared = lu_rect_intersect(block, rect);
	const size_t size = lu_pixel_size(warp->member->pixel);
	const size_t block_area = (size_t)block.width * (size_t)block.height;
	const size_t rect_area = (size_t)rect.width * (size_t)rect.height;

	for (int64_t row = shared.y; row < shared.y + shared.height; row++) {
		const size_t from = (size_t)((row - block.y) * block.width + shared.x - block.x);
		const size_t to = (size_t)((row - rect.y) * rect.width + shared.x - rect.x);
		const size_t run = (size_t)shared.width;

		memcpy(valid + to, warp->look_valid + from, run);
		for (size_t band = 0; band < warp->bands; band++)
			memcpy((char *)raw + (band * rect_area + to) * size,
			       (const char *)warp->block + (band * block_area + from) * size, run * size);
	}
}

enum lu_status lu_warp_read(struct lu_warp *warp, struct lu_rect rect, void *raw, uint8_t *valid,
			    const struct lu_trap *trap, struct lu_error *err)
{
	const int64_t bw = warp->block_width;
	const int64_t bh = warp->block_height;
	const int64_t first_col = (rect.x - warp->place.x) / bw;
	const int64_t last_col = (rect.x + rect.width - 1 - warp->place.x) / bw;
	const int64_t first_row = (rect.y - warp->place.y) / bh;
	const int64_t last_row = (rect.y + rect.height - 1 - warp->place.y) / bh;
	enum lu_status status = LU_OK;

	for (int64_t row = first_row; row <= last_row && status == LU_OK; row++) {
		for (int64_t col = first_col; col <= last_col && status == LU_OK; col++) {
			struct lu_rect block = {warp->place.x + col * bw, warp->place.y + row * bh, bw, bh};

			block = lu_rect_intersect(block, warp->place);
			if (read_block(warp, (int)(col * bw), (int)(row * bh), (int)block.width, (int)block.height) !=
			    CE_None)
				status = lu_fail(err, LU_ERROR_IO,
						 "cannot be read: %s (is the file damaged? copy or download "
						 "it again)",
						 lu_trap_text(trap, "unknown reason"));
			else
				copy_shared(warp, block, rect, raw, valid);
		}
	}
	return status;
}
