/* scale.c: the scale, detail and shape of what the network is shown, compared with its model. */
#include "maps/scale.h"

#include <math.h>
#include <stdio.h>

#include "base/hooks.h"
#include "grid/date_labels.h"
#include "grid/pixel_shape.h"
#include "raster/ground.h"

static const double warning_factor = LU_PIXEL_SHAPE_WARNING, refusal_factor = 2, tolerance = 1.02;

static double factor_of(double a, double b)
{
	return a > b ? a / b : b / a;
}

/* 'shown_m' metres a pixel of the network's input, of chips whose pixels the job states. */
static enum lu_status check_ground(const struct lu_scale *scale, double shown_m, const struct lu_hooks *hooks,
				   struct lu_error *err)
{
	const struct lu_model *model = scale->model;
	const double factor = factor_of(shown_m, model->gsd_m);
	char resized[64] = "";

	if (scale->grid->chip_px != model->chip_px)
		snprintf(resized, sizeof(resized), " (chips of %d pixels made %d)", scale->grid->chip_px,
			 model->chip_px);
	if (factor > refusal_factor * tolerance && !scale->accept)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "the grid shows the network %.3g m a pixel%s, model %s was trained at %.3g m: a factor "
			       "of %.2g (leave grid: chip out, and chips are cut to the model's ground)",
			       shown_m, resized, model->name, model->gsd_m, factor);
	if (factor > warning_factor)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "the grid shows the network %.3g m a pixel%s, model %s was trained at %.3g m", shown_m, resized,
		       model->name, model->gsd_m);
	return LU_OK;
}

/* Date 'i': 'pixel_m' metres a pixel of its chips, 'shown_m' of the network's input. */
static enum lu_status check_detail(const struct lu_scale *scale, size_t i, double pixel_m, double shown_m,
				   struct lu_error *err)
{
	const struct lu_model *model = scale->model;
	const double imagery = lu_imagery_gsd_m(scale->imagery[i]);
	const double detail = fmax(fmax(imagery, pixel_m), shown_m);
	const bool flown = imagery * tolerance >= detail;
	char buffer[LU_DATE_ABOUT];
	const char *about = lu_date_about(scale->labels, scale->dates->count, i, buffer);

	if (scale->accept)
		return LU_OK;
	if (detail > model->gsd_range[1] * tolerance)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%s%s has %.3g m a pixel, model %s was trained on imagery of %.3g to %.3g m (use finer "
			       "imagery%s, or a model for this scale; accept_gsd_mismatch: true maps it all the same)",
			       about, flown ? "the imagery" : "the grid", detail, model->name, model->gsd_range[0],
			       model->gsd_range[1], flown ? "" : " or leave grid: resolution out");
	if (detail * tolerance < model->gsd_range[0])
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"%sthe network is shown %.3g m a pixel, model %s was trained on imagery of %.3g to %.3g m "
			"(leave grid: chip out, and chips are cut to the model's ground)",
			about, detail, model->name, model->gsd_range[0], model->gsd_range[1]);
	return LU_OK;
}

/* Pixels that the job states may be oblong; those that are cut by the ground are square. */
static enum lu_status check_shape(const struct lu_scale *scale, const struct lu_hooks *hooks, struct lu_error *err)
{
	double stretch, pixel_m;
	const enum lu_status status = lu_pixel_shape(&scale->grid->pixels, hooks, &stretch, &pixel_m, err);

	if (status == LU_OK && stretch > refusal_factor * tolerance && !scale->accept)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"the grid's pixels are %.2g times longer one way than the other on the ground, and model "
			"%s was trained on undistorted pictures (" LU_PIXEL_SHAPE_REMEDY ")",
			stretch, scale->model->name);
	return status;
}

enum lu_status lu_scale_check(const struct lu_scale *scale, const struct lu_hooks *hooks, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	if (scale->stated)
		LU_TRY(check_shape(scale, hooks, err));
	for (size_t i = 0; i < scale->dates->count; i++) {
		const struct lu_grid *grid = &scale->dates->dates[i];
		double pixel_m = 0;
		LU_TRY(lu_frame_gsd_m(&grid->pixels, &pixel_m, err));
		const double shown = pixel_m * grid->chip_px / scale->model->chip_px;
		if (scale->stated && i == 0)
			LU_TRY(check_ground(scale, shown, hooks, err));
		LU_TRY(check_detail(scale, i, pixel_m, shown, err));
	}
out:
	return status;
}
