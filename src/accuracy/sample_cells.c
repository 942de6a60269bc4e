/* sample_cells.c: the box of a sample's first cell. See sample_cells.h. */
#include "accuracy/sample_cells.h"

#include "accuracy/sample_file.h"
#include "base/geometry.h"
#include "base/memory.h"
#include "grid/chip_ground.h"
#include "raster/vector.h"

static enum lu_status read_first(struct lu_vector_reader *reader, const char *path, struct lu_sample_cells *out,
				 struct lu_error *err)
{
	struct lu_polygon polygon = {0};
	double metre[2];
	bool more;
	enum lu_status status;

	LU_TRY(lu_vector_next(reader, &more, err));
	if (more)
		LU_TRY(lu_vector_outline(reader, 0, &polygon, err));
	if (polygon.count == 0 || lu_vector_crs(reader) == NULL)
		goto out;
	const struct lu_box box = lu_polygon_box(&polygon);
	out->origin[0] = box.min_x;
	out->origin[1] = box.max_y;
	out->side[0] = box.max_x - box.min_x;
	out->side[1] = box.max_y - box.min_y;
	LU_TRY(lu_ground_units(lu_vector_crs(reader), (struct lu_point){box.min_x, box.max_y}, out->side, 1, metre,
			       err));
	out->side_m = out->side[0] / metre[0];
	out->crs_wkt = lu_strdup(lu_vector_crs(reader));
	if (out->crs_wkt == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: a sample");
out:
	lu_polygon_release(&polygon);
	return status == LU_OK ? LU_OK : lu_fail_within(err, "%s", path);
}

enum lu_status lu_sample_cells_read(const char *path, struct lu_sample_cells *out, struct lu_error *err)
{
	struct lu_vector_reader *reader = NULL;
	enum lu_status status;

	*out = (struct lu_sample_cells){0};
	LU_TRY(lu_vector_open(path, LU_NAMED, NULL, LU_SAMPLE_LAYER, &reader, err));
	if (lu_vector_has_layer(reader, LU_SAMPLE_LAYER) && lu_vector_has_layer(reader, LU_SAMPLE_FACTS))
		LU_TRY(read_first(reader, path, out, err));
out:
	lu_vector_close(reader);
	return status;
}

void lu_sample_cells_release(struct lu_sample_cells *cells)
{
	lu_free(cells->crs_wkt);
	*cells = (struct lu_sample_cells){0};
}
