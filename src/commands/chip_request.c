/* chip_request.c: options of chips, and the ground of a model's. */
#include "commands/chip_request.h"

#include "base/memory.h"
#include "models/locate.h"
#include "models/model.h"

/* The ground of a chip that the model has learnt from, in metres. */
static enum lu_status ground_of(const char *name, double *metres, struct lu_error *err)
{
	struct lu_model *model = NULL;
	char *path = NULL;
	enum lu_status status;

	LU_TRY(lu_locate_model(name, ".", &path, err));
	LU_TRY(lu_model_read(path, &model, err));
	*metres = model->chip_px * model->gsd_m;
out:
	lu_model_free(model);
	lu_free(path);
	return status;
}

enum lu_status lu_chip_request_make(const struct lu_chip_options *options, const struct lu_hooks *hooks,
				    struct lu_chip_request *out, struct lu_error *err)
{
	*out = (struct lu_chip_request){.imagery = {.paths = options->imagery,
						    .path_count = options->imagery_count,
						    .bands = options->bands,
						    .band_count = options->band_count,
						    .nodata = options->nodata,
						    .range = options->range},
					.grid = {.county = {.boundary = options->boundary,
							    .layer = options->layer,
							    .where = options->where,
							    .hooks = hooks},
						 .crs = options->crs,
						 .resolution = options->resolution,
						 .chip_px = options->chip_px,
						 .stride_px = options->stride_px,
						 .cell_m = options->cell_m},
					.min_valid = options->min_valid};
	if (options->model == NULL || options->cell_m > 0 || options->chip_px > 0 || options->stride_px > 0)
		return LU_OK;
	return ground_of(options->model, &out->grid.cell_m, err);
}
