/* ground.c: boundary, coverage and areas put together. */
#include "grid/ground.h"

#include <string.h>

#include "base/memory.h"
#include "raster/boundary.h"

static enum lu_status rectangle(struct lu_box box, struct lu_polygon *polygon, struct lu_error *err)
{
	const struct lu_point corners[4] = {
		{box.min_x, box.min_y}, {box.max_x, box.min_y}, {box.max_x, box.max_y}, {box.min_x, box.max_y}};
	enum lu_status status;

	LU_TRY(lu_alloc(&polygon->rings, 1, sizeof(*polygon->rings), "a rectangle", err));
	polygon->count = 1;
	LU_TRY(lu_alloc(&polygon->rings[0].points, 4, sizeof(corners[0]), "a rectangle", err));
	memcpy(polygon->rings[0].points, corners, sizeof(corners));
	polygon->rings[0].count = 4;
out:
	return status;
}

enum lu_status lu_county_polygon(const struct lu_county_source *source, const char *crs_wkt, struct lu_polygon *polygon,
				 char **name, struct lu_error *err)
{
	memset(polygon, 0, sizeof(*polygon));
	*name = NULL;
	if (source->boundary == NULL) {
		const enum lu_status status = rectangle(source->box, polygon, err);
		if (status != LU_OK)
			lu_polygon_release(polygon);
		return status;
	}
	const struct lu_boundary_options options = {.path = source->boundary,
						    .layer = source->layer,
						    .where = source->where,
						    .crs_wkt_target = crs_wkt,
						    .hooks = source->hooks};
	return lu_boundary_read(&options, polygon, name, err);
}

static enum lu_status to_lonlat(void *user, struct lu_point *points, size_t count, struct lu_error *err)
{
	return lu_transform_points(user, points, count, err);
}

enum lu_status lu_ground_make(struct lu_polygon *county, const struct lu_frame *cells, struct lu_ground *out,
			      struct lu_error *err)
{
	double inverse_flattening = 0;
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	out->county = *county;
	memset(county, 0, sizeof(*county));
	LU_TRY(lu_coverage_new(&out->county, cells, &out->coverage, err));
	LU_TRY(lu_transform_new(cells->crs_wkt, NULL, &out->transform, err));
	LU_TRY(lu_crs_ellipsoid(cells->crs_wkt, &out->geodesy.a_m, &inverse_flattening, err));
	out->geodesy.f = inverse_flattening > 0 ? 1 / inverse_flattening : 0;
	out->geodesy.to_lonlat = to_lonlat;
	out->geodesy.user = out->transform;
	LU_TRY(lu_geodesic_area(&out->geodesy, &out->county, &out->county_m2, err));
	/* The meter keeps the address of out->geodesy: a ground must not be moved after this. */
	LU_TRY(lu_cell_meter_new(&out->geodesy, cells, &out->meter, err));
out:
	if (status != LU_OK)
		lu_ground_release(out);
	return status;
}

void lu_ground_release(struct lu_ground *ground)
{
	if (ground == NULL)
		return;
	lu_cell_meter_free(ground->meter);
	lu_transform_free(ground->transform);
	lu_coverage_free(ground->coverage);
	lu_polygon_release(&ground->county);
	lu_free(ground->name);
	memset(ground, 0, sizeof(*ground));
}

enum lu_status lu_ground_meter_make(const struct lu_ground *ground, const struct lu_frame *cells,
				    struct lu_ground_meter *out, struct lu_error *err)
{
	enum lu_status status;

	memset(out, 0, sizeof(*out));
	LU_TRY(lu_transform_new(cells->crs_wkt, NULL, &out->transform, err));
	out->geodesy = ground->geodesy;
	out->geodesy.user = out->transform;
	LU_TRY(lu_cell_meter_new(&out->geodesy, cells, &out->cells, err));
out:
	if (status != LU_OK)
		lu_ground_meter_release(out);
	return status;
}

void lu_ground_meter_release(struct lu_ground_meter *meter)
{
	lu_cell_meter_free(meter->cells);
	lu_transform_free(meter->transform);
	memset(meter, 0, sizeof(*meter));
}
