/*
 * source.c: one member, open, seen on a grid of pixels. See source.h.
 */
#include "raster/source.h"

#include <gdal.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "raster/byte_range.h"
#include "raster/damage.h"
#include "raster/fault.h"
#include "raster/open.h"
#include "raster/transform.h"
#include "raster/trap.h"
#include "raster/validity.h"
#include "raster/vsi.h"
#include "raster/warp.h"

struct lu_source {
	const struct lu_member *member;
	const struct lu_selection *selection;
	const struct lu_placement *placement;
	GDALDatasetH dataset;
	struct lu_warp *warp; /* NULL: read directly */
	const struct lu_frame *grid; /* with a wedge or across a network, as the next two */
	struct lu_transform *to_member; /* from the grid's CRS; NULL: the same */
	double inverse[6]; /* from the member's CRS to its pixels */
	struct lu_damage damage;
};

/* What leads from pixels of the grid to those of the member. */
static enum lu_status know_place(struct lu_source *source, const char *member_crs, const struct lu_frame *grid,
				 struct lu_error *err)
{
	double transform[6];

	source->grid = grid;
	memcpy(transform, source->member->transform, sizeof(transform));
	if (!GDALInvGeoTransform(transform, source->inverse))
		return lu_fail(err, LU_ERROR_FORMAT, "%s: its pixels have no size", source->member->path);
	return source->placement->same_crs ? LU_OK
					   : lu_transform_new(grid->crs_wkt, member_crs, &source->to_member, err);
}

enum lu_status lu_source_open(const struct lu_member *member, const char *member_crs,
			      const struct lu_selection *selection, const struct lu_placement *placement,
			      const struct lu_frame *grid, struct lu_source **out, struct lu_error *err)
{
	struct lu_source *source = NULL;
	enum lu_status status;
	struct lu_trap trap;

	*out = NULL;
	lu_trap_set(&trap);
	LU_TRY(lu_alloc(&source, 1, sizeof(*source), "an open image", err));
	source->member = member;
	source->selection = selection;
	source->placement = placement;
	source->dataset = lu_open_raster(member->path, member->trust);
	if (source->dataset == NULL) {
		status = lu_fail(err, LU_ERROR_IO, "%s: cannot be opened again: %s (%s)", member->path,
				 lu_trap_text(&trap, "unknown reason"),
				 lu_fault_too_many_files(&trap) ? "too many files are open: raise ulimit -n"
								: "was it moved while the job ran?");
		goto out;
	}
	if (GDALGetRasterXSize(source->dataset) != member->width ||
	    GDALGetRasterYSize(source->dataset) != member->height ||
	    GDALGetRasterCount(source->dataset) != member->band_count) {
		status = lu_fail(err, LU_ERROR_IO, "%s: changed while the job ran (start it again)", member->path);
		goto out;
	}
	if (!placement->direct)
		LU_TRY(lu_warp_new(source->dataset, member, member_crs, selection, placement, grid, &source->warp,
				   err));
	if (member->wedge.cells != NULL || lu_vsi_remote(member->path))
		LU_TRY(know_place(source, member_crs, grid, err));
	*out = source;
	source = NULL;
out:
	lu_source_close(source);
	lu_trap_drop(&trap);
	return status;
}

void lu_source_close(struct lu_source *source)
{
	struct lu_trap trap;

	if (source == NULL)
		return;
	lu_trap_set(&trap);
	lu_warp_free(source->warp);
	if (source->dataset != NULL)
		GDALClose(source->dataset);
	lu_damage_release(&source->damage);
	lu_transform_free(source->to_member);
	lu_trap_drop(&trap);
	lu_free(source);
}

/* An alpha band in which another value is opaque than GDAL expects. */
static CPLErr read_odd_alpha(const struct lu_source *source, int x, int y, int w, int h, uint8_t *valid)
{
	const GDALRasterBandH band = GDALGetRasterBand(source->dataset, source->member->alpha);
	const double least = source->member->opaque / 2;
	float values[1024];
	enum { RUN = sizeof(values) / sizeof(*values) };

	for (int row = 0; row < h; row++) {
		for (int col = 0; col < w; col += RUN) {
			const int n = w - col < RUN ? w - col : RUN;

			if (GDALRasterIO(band, GF_Read, x + col, y + row, n, 1, values, n, 1, GDT_Float32, 0, 0) !=
			    CE_None)
				return CE_Failure;
			for (int i = 0; i < n; i++)
				valid[(size_t)row * (size_t)w + (size_t)(col + i)] = values[i] >= least;
		}
	}
	return CE_None;
}

static CPLErr read_direct(struct lu_source *source, struct lu_rect rect, void *raw, uint8_t *valid)
{
	static const GDALDataType types[] = {
		[LU_PIXEL_BYTE] = GDT_Byte,
		[LU_PIXEL_UINT16] = GDT_UInt16,
		[LU_PIXEL_INT16] = GDT_Int16,
		[LU_PIXEL_FLOAT] = GDT_Float32,
	};
	const struct lu_member *member = source->member;
	const size_t count = (size_t)rect.width * (size_t)rect.height;
	const int x = (int)(rect.x - source->placement->rect.x);
	const int y = (int)(rect.y - source->placement->rect.y);
	const int w = (int)rect.width;
	const int h = (int)rect.height;
	int bands[LU_BANDS_MAX];
	GDALRasterBandH mask;

	memcpy(bands, member->bands, sizeof(bands));
	if (GDALDatasetRasterIO(source->dataset, GF_Read, x, y, w, h, raw, w, h, types[member->pixel],
				(int)source->selection->count, bands, 0, 0, 0) != CE_None)
		return CE_Failure;
	switch (member->validity) {
	case LU_VALID_ALL:
		memset(valid, 1, count);
		break;
	case LU_VALID_MASK:
		if (member->alpha > 0)
			return read_odd_alpha(source, x, y, w, h, valid);
		mask = GDALGetMaskBand(GDALGetRasterBand(source->dataset, bands[0]));
		if (GDALRasterIO(mask, GF_Read, x, y, w, h, valid, w, h, GDT_Byte, 0, 0) != CE_None)
			return CE_Failure;
		for (size_t i = 0; i < count; i++)
			valid[i] = valid[i] >> 7;
		break;
	case LU_VALID_NODATA:
		lu_validity_by_nodata(member, source->selection->count, raw, count, valid);
		break;
	}
	return CE_None;
}

/* A pixel of the member for each end of a row of the grid's pixels, at their middles. */
static bool ends_of(struct lu_source *source, struct lu_rect rect, int64_t row, struct lu_point ends[2])
{
	const double *g = source->grid->transform, *m = source->inverse;

	for (int i = 0; i < 2; i++) {
		const double col = (double)rect.x + (i == 0 ? 0.5 : (double)rect.width - 0.5);
		const double line = (double)(rect.y + row) + 0.5;
		ends[i] = (struct lu_point){g[0] + col * g[1] + line * g[2], g[3] + col * g[4] + line * g[5]};
	}
	if (source->to_member != NULL && lu_transform_points_if_possible(source->to_member, ends, 2) != 2)
		return false;
	for (int i = 0; i < 2; i++) {
		const struct lu_point at = ends[i];
		ends[i] = (struct lu_point){m[0] + at.x * m[1] + at.y * m[2], m[3] + at.x * m[4] + at.y * m[5]};
	}
	return true;
}

static void put_value(enum lu_pixel pixel, void *plane, size_t i, double value)
{
	switch (pixel) {
	case LU_PIXEL_BYTE:
		((uint8_t *)plane)[i] = (uint8_t)value;
		break;
	case LU_PIXEL_UINT16:
		((uint16_t *)plane)[i] = (uint16_t)value;
		break;
	case LU_PIXEL_INT16:
		((int16_t *)plane)[i] = (int16_t)value;
		break;
	case LU_PIXEL_FLOAT:
		((float *)plane)[i] = (float)value;
		break;
	}
}

/*
 * Pixels of the fill's value away from the wedges are ground after all. Along a row of a piece (raster/view.c) a projection
 * bends by far less than a cell of the wedge.
 */
static void keep_picture(struct lu_source *source, struct lu_rect rect, void *raw, uint8_t *valid)
{
	const struct lu_member *member = source->member;
	const size_t area = (size_t)rect.width * (size_t)rect.height, size = lu_pixel_size(member->pixel);
	struct lu_point ends[2];

	for (int64_t row = 0; row < rect.height; row++) {
		const size_t from = (size_t)(row * rect.width);
		if (memchr(valid + from, 0, (size_t)rect.width) == NULL || !ends_of(source, rect, row, ends))
			continue;
		for (int64_t col = 0; col < rect.width; col++) {
			const double t = rect.width > 1 ? (double)col / (double)(rect.width - 1) : 0;
			if (valid[from + (size_t)col] ||
			    lu_wedge_holds(&member->wedge, member, ends[0].x + t * (ends[1].x - ends[0].x),
					   ends[0].y + t * (ends[1].y - ends[0].y)))
				continue;
			valid[from + (size_t)col] = 1;
			for (size_t b = 0; b < source->selection->count; b++)
				put_value(member->pixel, (char *)raw + b * area * size, from + (size_t)col,
					  member->wedge.value);
		}
	}
}

/* What of a file across a network did not come. */
static enum lu_status fail_remote(struct lu_source *source, struct lu_rect rect, const struct lu_trap *trap,
				  struct lu_error *err)
{
	struct lu_point ends[4];
	struct lu_box box;
	char range[LU_BYTE_RANGE] = "its pixels", why[sizeof(trap->text)];

	snprintf(why, sizeof(why), "%s", lu_trap_text(trap, "unknown reason"));
	if (ends_of(source, rect, 0, ends) && ends_of(source, rect, rect.height - 1, ends + 2)) {
		box = (struct lu_box){ends[0].x, ends[0].y, ends[0].x, ends[0].y};
		for (int i = 1; i < 4; i++) {
			box.min_x = fmin(box.min_x, ends[i].x);
			box.max_x = fmax(box.max_x, ends[i].x);
			box.min_y = fmin(box.min_y, ends[i].y);
			box.max_y = fmax(box.max_y, ends[i].y);
		}
		const struct lu_rect window = {(int64_t)box.min_x, (int64_t)box.min_y,
					       (int64_t)(box.max_x - floor(box.min_x)) + 1,
					       (int64_t)(box.max_y - floor(box.min_y)) + 1};
		lu_byte_range(source->dataset, window, range);
	}
	return lu_fail(err, LU_ERROR_IO,
		       "%s: %s do not come over the network, though asked for again and again: %s (try later; what is "
		       "finished is kept)",
		       source->member->path, range, why);
}

enum lu_status lu_source_read(struct lu_source *source, struct lu_rect rect, void *raw, uint8_t *valid,
			      struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;

	lu_trap_set(&trap);
	lu_trap_keep_warnings(&trap);
	if (source->warp != NULL) {
		status = lu_warp_read(source->warp, rect, raw, valid, &trap, err);
		if (status != LU_OK)
			lu_fail_within(err, "%s", source->member->path);
	} else if (read_direct(source, rect, raw, valid) != CE_None) {
		status = lu_fail(err, LU_ERROR_IO,
				 "%s: cannot be read: %s (is the file damaged? copy or download it again)",
				 source->member->path, lu_trap_text(&trap, "unknown reason"));
	}
	if (status != LU_OK && lu_vsi_remote(source->member->path))
		status = fail_remote(source, rect, &trap, err);
	if (status != LU_OK)
		goto out;
	if (source->member->wedge.cells != NULL)
		keep_picture(source, rect, raw, valid);
	LU_TRY(lu_damage_judge(&source->damage, source->dataset, source->member->path, &trap, err));
out:
	lu_trap_drop(&trap);
	return status;
}
