/* looks.c: the windows of every date. See looks.h. */
#include "job/looks.h"

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

/* Each date at its own resolution, unless the job says the pixels. */
enum lu_status lu_looks_make(struct lu_county *county, struct lu_error *err)
{
	const struct lu_job *job = county->job;
	const struct lu_chip_ground model = {county->model->chip_px * county->model->gsd_m, county->model->chip_px};
	const bool stated = job->chip_px > 0 || job->stride_px > 0 || job->resolution > 0;
	const double *t = county->grid.pixels.transform;
	const double corner[2] = {t[0], t[3]}, pixel[2] = {t[1], -t[5]};
	enum lu_status status = lu_alloc(&county->looks, job->date_count, sizeof(*county->looks), "dates", err);

	county->windows = job->cell_m > 0 ? windows_a_side(&county->grid) : 1;
	for (size_t i = 0; i < job->date_count && status == LU_OK; i++)
		status = i == 0 || stated ? lu_grid_lay(&county->grid, pixel, corner, county->grid.chip_px,
							&county->looks[i], err)
					  : lu_grid_of_date(&county->grid, lu_imagery_frame(county->imagery[i]), &model,
							    &county->looks[i], err);
	if (county->windows > 1) {
		for (size_t i = 0; i < job->date_count && status == LU_OK; i++) {
			struct lu_grid cells = county->looks[i];
			status = lu_grid_divide(&cells, county->windows, &county->looks[i], err);
			lu_grid_release(&cells);
		}
		if (status == LU_OK)
			status = lu_coverage_new(&county->ground.county, &county->looks[0].cells,
						 &county->window_coverage, err);
	}
	return status;
}

int64_t lu_looks_count(const struct lu_county *county)
{
	return lu_coverage_cells(county->windows > 1 ? county->window_coverage : county->ground.coverage);
}
