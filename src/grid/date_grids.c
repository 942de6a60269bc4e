/* date_grids.c: the windows of every date, laid one by one. */
#include "grid/date_grids.h"

#include <math.h>

#include "base/memory.h"
#include "grid/grid_over.h"

/*
 * How many windows a side leave no part of a cell unseen, but for strips of a twentieth of a window. Neighbours overlap
 * where the cell is no multiple of the model's ground.
 */
static int windows_a_side(const struct lu_grid *grid)
{
	const double times = fmax(grid->step_px[0], grid->step_px[1]) / grid->chip_px;

	return (int)fmax(ceil(times / 1.05 - 1e-9), 1);
}

static enum lu_status lay_date(const struct lu_date_grids_request *request, size_t date, int windows,
			       struct lu_grid *out, struct lu_error *err)
{
	const struct lu_grid *cells = request->cells;
	const double *t = cells->pixels.transform;
	const double corner[2] = {t[0], t[3]}, pixel[2] = {t[1], -t[5]};
	struct lu_grid whole = {0};
	enum lu_status status;

	if (date == 0 || request->same_pixels)
		LU_TRY(lu_grid_lay(cells, pixel, corner, cells->chip_px, &whole, err));
	else
		LU_TRY(lu_grid_of_date(cells, lu_imagery_frame(request->imagery[date]), &request->model, &whole, err));
	if (windows == 1) {
		*out = whole;
		whole = (struct lu_grid){0}; /* now the caller's */
	} else {
		LU_TRY(lu_grid_divide(&whole, windows, out, err));
	}
out:
	lu_grid_release(&whole);
	return status;
}

enum lu_status lu_date_grids_make(const struct lu_date_grids_request *request, struct lu_date_grids *out,
				  struct lu_error *err)
{
	enum lu_status status;

	*out = (struct lu_date_grids){.windows = request->divide ? windows_a_side(request->cells) : 1};
	LU_TRY(lu_alloc(&out->dates, request->count, sizeof(*out->dates), "dates", err));
	out->count = request->count;
	for (size_t i = 0; i < request->count; i++)
		LU_TRY(lay_date(request, i, out->windows, &out->dates[i], err));
	if (out->windows > 1)
		LU_TRY(lu_coverage_new(&request->ground->county, &out->dates[0].cells, &out->coverage, err));
out:
	return status;
}

void lu_date_grids_release(struct lu_date_grids *grids)
{
	for (size_t i = 0; i < grids->count; i++)
		lu_grid_release(&grids->dates[i]);
	lu_free(grids->dates);
	lu_coverage_free(grids->coverage);
	*grids = (struct lu_date_grids){0};
}
