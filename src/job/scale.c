/* scale.c: the scale and shape of what the network is shown. See scale.h. */
#include "job/scale.h"

#include <stdio.h>

#include "base/hooks.h"
#include "grid/pixel_shape.h"

static const double warning_factor = LU_PIXEL_SHAPE_WARNING, refusal_factor = 2, tolerance = 1.02;

static double factor_of(double a, double b)
{
	return a > b ? a / b : b / a;
}

/* The grid's resolution in units of its CRS at which the network is shown the model's own. */
static double fitting_resolution(const struct lu_county *county, double shown_m)
{
	return county->grid.pixels.transform[1] * county->model->gsd_m / shown_m;
}

/* 'shown_m' metres a pixel of the network's input, whatever the imagery. */
static enum lu_status check_shown(const struct lu_county *county, double shown_m, const struct lu_hooks *hooks,
				  struct lu_error *err)
{
	const struct lu_model *model = county->model;
	const double factor = factor_of(shown_m, model->gsd_m);
	char resized[64] = "";

	if (county->grid.chip_px != model->chip_px)
		snprintf(resized, sizeof(resized), " (chips of %d pixels made %d)", county->grid.chip_px,
			 model->chip_px);
	if (factor > refusal_factor * tolerance && !county->job->accept_gsd_mismatch)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "the grid shows the network %.3g m a pixel%s, model %s was trained at %.3g m: a factor "
			       "of %.2g (grid: {resolution: %.4g} is its own; or accept_gsd_mismatch: true)",
			       shown_m, resized, model->name, model->gsd_m, factor,
			       fitting_resolution(county, shown_m));
	if (factor > warning_factor)
		lu_log(hooks, LU_LEVEL_WARNING,
		       "the grid shows the network %.3g m a pixel%s, model %s was trained at %.3g m", shown_m, resized,
		       model->name, model->gsd_m);
	return LU_OK;
}

/* Date 'i' may be coarser than what is shown; a word for each, but one for what is true of the grid anyway. */
static enum lu_status check_date(const struct lu_county *county, size_t i, double shown_m, const struct lu_hooks *hooks,
				 struct lu_error *err)
{
	const double imagery = lu_imagery_gsd_m(county->imagery[i]), model = county->model->gsd_m;
	const double factor = imagery / model;
	char buffer[LU_JOB_ABOUT];
	const char *about = lu_job_about(county->job, i, buffer);

	if (factor > refusal_factor * tolerance && !county->job->accept_gsd_mismatch)
		return lu_fail(err, LU_ERROR_MISMATCH,
			       "%sthe imagery has %.3g m a pixel, model %s was trained at %.3g m: a factor of %.2g "
			       "(use imagery or a model of a like scale, or accept_gsd_mismatch: true)",
			       about, imagery, county->model->name, model, factor);
	if (factor > warning_factor && factor_of(imagery, shown_m) > 1.01)
		lu_log(hooks, LU_LEVEL_WARNING, "%sthe imagery has %.3g m a pixel, model %s was trained at %.3g m",
		       about, imagery, county->model->name, model);
	return LU_OK;
}

enum lu_status lu_scale_check(const struct lu_county *county, const struct lu_hooks *hooks, struct lu_error *err)
{
	double stretch, pixel_m;
	enum lu_status status = lu_pixel_shape(&county->grid.pixels, hooks, &stretch, &pixel_m, err);

	if (status != LU_OK)
		return status;
	if (stretch > refusal_factor * tolerance && !county->job->accept_gsd_mismatch)
		return lu_fail(
			err, LU_ERROR_MISMATCH,
			"the grid's pixels are %.2g times longer one way than the other on the ground, and model "
			"%s was trained on undistorted pictures (" LU_PIXEL_SHAPE_REMEDY
			"; or accept_gsd_mismatch: true)",
			stretch, county->model->name);
	const double shown = pixel_m * county->grid.chip_px / county->model->chip_px;
	for (size_t i = 0; i < county->job->date_count && status == LU_OK; i++)
		status = check_date(county, i, shown, hooks, err);
	return status == LU_OK ? check_shown(county, shown, hooks, err) : status;
}
