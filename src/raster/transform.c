/*
 * transform.c: points from one CRS to another. See transform.h.
 */
#include "raster/transform.h"

#include <cpl_conv.h>
#include <math.h>
#include <ogr_srs_api.h>

#include "base/memory.h"
#include "raster/osr.h"
#include "raster/trap.h"

/* OCTTransformEx takes separate arrays of x and y: this many points are moved at a time. */
#define BATCH 512

struct lu_transform {
	OGRCoordinateTransformationH handle;
	char *from_name, *to_name; /* for messages */
};

/* The geographic CRS below 'from', in degrees. */
static OGRSpatialReferenceH own_degrees(OGRSpatialReferenceH from)
{
	OGRSpatialReferenceH crs = OSRCloneGeogCS(from);

	if (crs == NULL)
		return NULL;
	OSRSetAngularUnits(crs, SRS_UA_DEGREE, CPLAtof(SRS_UA_DEGREE_CONV));
	OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
	return crs;
}

enum lu_status lu_transform_new(const char *from_wkt, const char *to_wkt, struct lu_transform **out,
				struct lu_error *err)
{
	struct lu_transform *transform = NULL;
	enum lu_status status;
	struct lu_trap trap;
	void *from = NULL;
	void *to = NULL;

	*out = NULL;
	LU_TRY(lu_alloc(&transform, 1, sizeof(*transform), "a coordinate transformation", err));
	LU_TRY(lu_osr_import(from_wkt, &from, err));
	if (to_wkt != NULL)
		LU_TRY(lu_osr_import(to_wkt, &to, err));
	lu_trap_set(&trap);
	if (to == NULL)
		to = own_degrees(from);
	if (to != NULL)
		transform->handle = OCTNewCoordinateTransformation(from, to);
	transform->from_name = lu_crs_name(from_wkt);
	transform->to_name = to_wkt != NULL ? lu_crs_name(to_wkt) : lu_strdup("longitude and latitude");
	lu_trap_drop(&trap);
	if (transform->from_name == NULL || transform->to_name == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for a coordinate transformation");
		goto out;
	}
	if (transform->handle == NULL) {
		status = lu_fail(err, LU_ERROR_MISMATCH, "no way from %s to %s: %s", transform->from_name,
				 transform->to_name, lu_trap_text(&trap, "PROJ knows no operation"));
		goto out;
	}
	*out = transform;
	transform = NULL;
out:
	lu_transform_free(transform);
	lu_osr_free(from);
	lu_osr_free(to);
	return status;
}

void lu_transform_free(struct lu_transform *transform)
{
	if (transform == NULL)
		return;
	if (transform->handle != NULL)
		OCTDestroyCoordinateTransformation(transform->handle);
	lu_free(transform->from_name);
	lu_free(transform->to_name);
	lu_free(transform);
}

size_t lu_transform_points_if_possible(struct lu_transform *transform, struct lu_point *points, size_t count)
{
	double x[BATCH], y[BATCH];
	int done[BATCH];
	struct lu_trap trap;
	size_t good = 0;

	lu_trap_set(&trap);
	for (size_t start = 0; start < count; start += BATCH) {
		const size_t n = count - start < BATCH ? count - start : BATCH;
		struct lu_point *batch = points + start;

		for (size_t i = 0; i < n; i++) {
			x[i] = batch[i].x;
			y[i] = batch[i].y;
			done[i] = 0;
		}
		OCTTransformEx(transform->handle, (int)n, x, y, NULL, done);
		for (size_t i = 0; i < n; i++) {
			const bool ok = done[i] && isfinite(x[i]) && isfinite(y[i]);

			batch[i].x = ok ? x[i] : NAN;
			batch[i].y = ok ? y[i] : NAN;
			good += ok;
		}
	}
	lu_trap_drop(&trap);
	return good;
}

enum lu_status lu_transform_points(struct lu_transform *transform, struct lu_point *points, size_t count,
				   struct lu_error *err)
{
	for (size_t start = 0; start < count; start += BATCH) {
		const size_t n = count - start < BATCH ? count - start : BATCH;
		struct lu_point before[BATCH];

		for (size_t i = 0; i < n; i++)
			before[i] = points[start + i];
		if (lu_transform_points_if_possible(transform, points + start, n) == n)
			continue;
		for (size_t i = 0; i < n; i++) {
			if (isnan(points[start + i].x))
				return lu_fail(
					err, LU_ERROR_MISMATCH,
					"the point %.10g, %.10g of %s has no image in %s: expected ground that both "
					"cover (is the declared CRS the right one?)",
					before[i].x, before[i].y, transform->from_name, transform->to_name);
		}
	}
	return LU_OK;
}
