/*
 * alpha.c: is a band that is tagged "alpha" a mask, and what is opaque in it? See alpha.h.
 */
#include "raster/alpha.h"

#include <gdal.h>
#include <math.h>

#include "base/memory.h"
#include "raster/trap.h"

/* So many pixels that are not empty settle it; a lattice of so many blocks is searched for them at most. */
enum { ENOUGH = 32768, LATTICE = 9, MOST_PIXELS = 1 << 20 };

/* What lossy compression may do to 0 and to the opaque value, as a share of it. */
static const double slack = 0.01;

struct sample {
	double *values; /* of one block */
	double *kept; /* those that are not 0, of all blocks */
	size_t kept_count;
};

/* Keep what is not 0 of block (col, row); a block that is too large is cut. */
static enum lu_status read_block(GDALRasterBandH band, int col, int row, struct sample *sample, struct lu_error *err)
{
	int block_width, block_height;
	enum lu_status status;
	struct lu_trap trap;

	GDALGetBlockSize(band, &block_width, &block_height);
	const int left = col * block_width, top = row * block_height;
	const int within_x = GDALGetRasterBandXSize(band) - left, within_y = GDALGetRasterBandYSize(band) - top;
	int width = block_width < within_x ? block_width : within_x;
	int height = block_height < within_y ? block_height : within_y;

	width = width < MOST_PIXELS ? width : MOST_PIXELS;
	height = height < MOST_PIXELS / width ? height : MOST_PIXELS / width;
	const size_t count = (size_t)width * (size_t)height;
	status = lu_grow(&sample->values, count, sizeof(*sample->values), "a look at an alpha band", err);
	if (status == LU_OK)
		status = lu_grow(&sample->kept, sample->kept_count + count, sizeof(*sample->kept),
				 "a look at an alpha band", err);
	if (status != LU_OK)
		return status;
	lu_trap_set(&trap);
	if (GDALRasterIO(band, GF_Read, left, top, width, height, sample->values, width, height, GDT_Float64, 0, 0) !=
	    CE_None)
		status =
			lu_fail(err, LU_ERROR_IO, "cannot be read: %s (is the file damaged? copy or download it again)",
				lu_trap_text(&trap, "unknown reason"));
	lu_trap_drop(&trap);
	for (size_t i = 0; i < count && status == LU_OK; i++) {
		if (sample->values[i] != 0)
			sample->kept[sample->kept_count++] = sample->values[i];
	}
	return status;
}

/* Positions of a lattice's lines, the middle one first. */
static int outwards(int i, int lines, int blocks)
{
	const int step = i % 2 != 0 ? -(i + 1) / 2 : i / 2;

	return (int)(((int64_t)(lines / 2 + step) * 2 + 1) * blocks / (2 * lines));
}

static enum lu_status read_sample(GDALRasterBandH band, struct sample *sample, struct lu_error *err)
{
	int block_width, block_height;
	enum lu_status status = LU_OK;

	GDALGetBlockSize(band, &block_width, &block_height);
	const int across = (GDALGetRasterBandXSize(band) + block_width - 1) / block_width;
	const int down = (GDALGetRasterBandYSize(band) + block_height - 1) / block_height;
	const int columns = across < LATTICE ? across : LATTICE, rows = down < LATTICE ? down : LATTICE;
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < columns && sample->kept_count < ENOUGH; col++)
			LU_TRY(read_block(band, outwards(col, columns, across), outwards(row, rows, down), sample,
					  err));
	}
out:
	return status;
}

/* Programs disagree on what is opaque: the type's largest value, that of the pixels' own depth, 255 or 1. */
static double opaque_of(double largest, double of_type)
{
	if (largest == 1 || largest == UINT8_MAX)
		return largest;
	for (int bits = 9; bits < 16; bits++) {
		if (largest == ldexp(1, bits) - 1 && largest < of_type)
			return largest;
	}
	return of_type;
}

enum lu_status lu_alpha_look(void *dataset, struct lu_alpha *out, struct lu_error *err)
{
	struct sample sample = {0};
	GDALRasterBandH band = NULL;
	double largest = 0;
	size_t between = 0;

	*out = (struct lu_alpha){0};
	for (int i = 1; i <= GDALGetRasterCount(dataset) && band == NULL; i++) {
		if (GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset, i)) == GCI_AlphaBand) {
			band = GDALGetRasterBand(dataset, i);
			out->band = i;
		}
	}
	if (band == NULL)
		return LU_OK;
	const GDALDataType type = GDALGetRasterDataType(band);
	const double of_type = type == GDT_Byte     ? UINT8_MAX
			       : type == GDT_UInt16 ? UINT16_MAX
			       : type == GDT_Int16  ? INT16_MAX
						    : 1;
	const enum lu_status status = read_sample(band, &sample, err);
	for (size_t i = 0; i < sample.kept_count; i++)
		largest = fmax(largest, sample.kept[i]);
	out->opaque = opaque_of(largest, of_type);
	for (size_t i = 0; i < sample.kept_count; i++)
		between += fabs(sample.kept[i] - out->opaque) > slack * out->opaque;
	out->odd = out->opaque != of_type;
	out->colour = between > sample.kept_count / 2;
	lu_free(sample.values);
	lu_free(sample.kept);
	return status;
}
