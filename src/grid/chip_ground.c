/* chip_ground.c: pixels measured on the ground, and chips counted in them. See chip_ground.h. */
#include "grid/chip_ground.h"

#include <math.h>

#include "raster/crs.h"
#include "raster/ground.h"

/* Stretch that no network minds, and by which a projection of a county's own country may be off. */
static const double square_enough = 1.05;
/* Resizing by less than this blurs and shows nothing else. */
static const double same_scale = 0.02;
/* Beyond twice what the network takes, detail is lost whichever way it is averaged. */
enum { MOST_TIMES = 2 };

static enum lu_status pixel_m(const char *crs_wkt, struct lu_point at, const double pixel[2], double metres[2],
			      struct lu_error *err)
{
	const struct lu_frame one = {.crs_wkt = (char *)(uintptr_t)crs_wkt,
				     .transform = {at.x - pixel[0] / 2, pixel[0], 0, at.y + pixel[1] / 2, 0, -pixel[1]},
				     .width = 1,
				     .height = 1};
	const enum lu_status status = lu_frame_pixel_m(&one, &metres[0], &metres[1], err);

	if (status == LU_OK && !(metres[0] > 0 && metres[1] > 0))
		return lu_fail(err, LU_ERROR_MISMATCH, "grid: a pixel has no size on the ground at %.9g %.9g", at.x,
			       at.y);
	return status;
}

static bool alike(double a, double b)
{
	return a < b * square_enough && b < a * square_enough;
}

enum lu_status lu_chip_pixels_find(const struct lu_chip_ground *ground, const char *crs_wkt, struct lu_point at,
				   const double native[2], struct lu_chip_pixels *out, struct lu_error *err)
{
	double metres[2];
	const enum lu_status status = pixel_m(crs_wkt, at, native, metres, err);

	if (status != LU_OK)
		return status;
	*out = (struct lu_chip_pixels){.pixel = {native[0], native[1]}, .pixel_m = sqrt(metres[0] * metres[1])};
	for (int i = 0; i < 2 && !alike(metres[0], metres[1]); i++)
		out->pixel[i] *= out->pixel_m / metres[i];
	double chip = ground->side_m / out->pixel_m;
	if (chip > MOST_TIMES * ground->network_px) {
		const double coarser = chip / (MOST_TIMES * ground->network_px);
		chip = MOST_TIMES * ground->network_px;
		out->pixel[0] *= coarser;
		out->pixel[1] *= coarser;
		out->pixel_m *= coarser;
	}
	if (fabs(chip / ground->network_px - 1) <= same_scale)
		chip = ground->network_px;
	out->chip_px = (int)fmax(round(chip), 1);
	return LU_OK;
}

enum lu_status lu_ground_units(const char *crs_wkt, struct lu_point at, const double step[2], double metres,
			       double units[2], struct lu_error *err)
{
	double own, ground[2];
	bool geographic;
	enum lu_status status;

	LU_TRY(lu_crs_unit(crs_wkt, &own, &geographic, err));
	LU_TRY(pixel_m(crs_wkt, at, step, ground, err));
	for (int i = 0; i < 2; i++) {
		const double unit = ground[i] / step[i];
		units[i] = metres / (!geographic && alike(unit, own) ? own : unit);
	}
out:
	return status;
}
