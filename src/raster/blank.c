/*
 * blank.c: fill that no nodata value and no mask tells apart from pictures. See blank.h.
 */
#include "raster/blank.h"

#include <gdal.h>
#include <math.h>

#include "raster/open.h"
#include "raster/trap.h"

enum { SIDE = LU_BLANK_SIDE, LATTICE = 3 };

/* What lossy compression may do to fill, as a share of the scale. */
static const double slack = 0.01;

const char *lu_blank_name(double value)
{
	return value == 0 ? "black" : value > 0 ? "white" : "one negative number";
}

/* The largest value of the member's pixels. */
static double scale_of(const struct lu_member *member)
{
	return member->pixel == LU_PIXEL_FLOAT ? 0 : ldexp(1, member->bits) - 1;
}

/* Is a square of one band black, white or one negative number? '*value' is which. */
static bool is_blank(const double *pixels, double scale, double *value, bool *exact)
{
	double lowest = pixels[0], highest = pixels[0];

	for (int i = 1; i < SIDE * SIDE; i++) {
		lowest = fmin(lowest, pixels[i]);
		highest = fmax(highest, pixels[i]);
	}
	*exact = lowest == highest;
	*value = lowest;
	if (isnan(lowest) || (*exact && lowest < 0))
		return *exact && lowest < 0;
	if (lowest >= 0 && highest <= slack * scale)
		*value = 0;
	else if (scale > 0 && lowest >= (1 - slack) * scale)
		*value = scale;
	else
		return false;
	*exact = *exact && lowest == *value;
	return true;
}

/* Does the file itself say that this value is no data? */
static bool is_declared(const struct lu_member *member, size_t bands, double value)
{
	bool all = member->validity == LU_VALID_NODATA && member->wedge.cells == NULL;

	for (size_t i = 0; i < bands; i++)
		all = all && member->nodata[i] == value;
	return all;
}

/* What cannot be read is told when it is wanted. */
struct lu_blank lu_blank_square(void *dataset, const struct lu_member *member, size_t bands, int x, int y)
{
	struct lu_blank here = {.found = true, .exact = true};
	double pixels[SIDE * SIDE];

	for (size_t b = 0; b < bands && here.found; b++) {
		double value = 0;
		bool exact = false;

		if (GDALRasterIO(GDALGetRasterBand(dataset, member->bands[b]), GF_Read, x, y, SIDE, SIDE, pixels, SIDE,
				 SIDE, GDT_Float64, 0, 0) != CE_None)
			return (struct lu_blank){0};
		here.found = is_blank(pixels, scale_of(member), &value, &exact) && (b == 0 || value == here.value);
		here.value = value;
		here.exact = here.exact && exact;
	}
	here.found = here.found && !is_declared(member, bands, here.value);
	return here;
}

struct lu_blank lu_blank_look(const struct lu_member *member, const struct lu_selection *selection)
{
	const int right = (int)member->width - SIDE, down = (int)member->height - SIDE;
	struct lu_blank found = {0};
	GDALDatasetH dataset;
	struct lu_trap trap;

	if (member->validity == LU_VALID_MASK || right < 0 || down < 0)
		return found;
	lu_trap_set(&trap);
	dataset = lu_open_raster(member->path, member->trust);
	for (int i = 0; i < LATTICE * LATTICE && dataset != NULL && !found.found; i++)
		found = lu_blank_square(dataset, member, selection->count, right / (LATTICE - 1) * (i % LATTICE),
					down / (LATTICE - 1) * (i / LATTICE));
	if (dataset != NULL)
		GDALClose(dataset);
	lu_trap_drop(&trap);
	return found;
}
