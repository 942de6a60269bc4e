/*
 * repair.c: rings by GEOS's structure method, shells and holes by our own hands: a hole wholly outside its shell, which
 * GEOS turns into land, takes nothing away.
 */
#include "raster/repair.h"

#include <cpl_string.h>
#include <gdal_version.h>
#include <math.h>
#include <ogr_api.h>
#include <stdio.h>
#include <string.h>

#include "base/hooks.h"
#include "raster/curves.h"

enum { MOST_TOLD = 5 };

/* The polygons inside 'geometry' and may be NULL: so is the result then. */
static OGRGeometryH polygons_of(OGRGeometryH geometry)
{
	OGRGeometryH parts;

	if (geometry == NULL)
		return NULL;
	parts = OGR_G_CreateGeometry(wkbMultiPolygon);
	lu_shape_collect(geometry, parts);
	OGR_G_DestroyGeometry(geometry);
	return parts;
}

static OGRGeometryH make_valid(OGRGeometryH geometry, bool structure)
{
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 4, 0)
	char **options = structure ? CSLAddNameValue(NULL, "METHOD", "STRUCTURE") : NULL;
	OGRGeometryH valid = OGR_G_MakeValidEx(geometry, options);

	CSLDestroy(options);
	return valid;
#else
	(void)structure;
	return OGR_G_MakeValid(geometry);
#endif
}

/* What one ring encloses; NULL when GEOS gives up. '*doubt' grows by what crossing lines leave open. */
static OGRGeometryH enclosed_by(OGRGeometryH ring, double *doubt)
{
	OGRGeometryH area = OGR_G_CreateGeometry(wkbPolygon), valid, lines;

	if (OGR_G_GetPointCount(ring) >= 4)
		OGR_G_AddGeometry(area, ring);
	if (OGR_G_IsEmpty(area) || OGR_G_IsValid(area))
		return polygons_of(area);
	valid = polygons_of(make_valid(area, true));
	lines = polygons_of(make_valid(area, false));
	if (valid != NULL && lines != NULL)
		*doubt += fabs(OGR_G_Area(valid) - OGR_G_Area(lines));
	OGR_G_DestroyGeometry(lines);
	OGR_G_DestroyGeometry(area);
	return valid;
}

/* Add to 'areas' what a ring encloses; false when GEOS gives up. */
static bool add_enclosed(OGRGeometryH areas, OGRGeometryH ring, double *doubt)
{
	OGRGeometryH area = enclosed_by(ring, doubt);

	if (area == NULL)
		return false;
	lu_shape_collect(area, areas);
	OGR_G_DestroyGeometry(area);
	return true;
}

/* One polygon: its shell less the union of its holes. NULL when GEOS gives up. */
static OGRGeometryH shell_less_holes(OGRGeometryH polygon, double *doubt)
{
	const int rings = OGR_G_GetGeometryCount(polygon);
	OGRGeometryH shell = OGR_G_CreateGeometry(wkbMultiPolygon), holes = OGR_G_CreateGeometry(wkbMultiPolygon);
	OGRGeometryH less = NULL, together = NULL;
	bool whole = true;

	for (int i = 0; i < rings && whole; i++)
		whole = add_enclosed(i == 0 ? shell : holes, OGR_G_GetGeometryRef(polygon, i), doubt);
	if (whole && OGR_G_IsEmpty(holes)) {
		less = shell;
		shell = NULL;
	} else if (whole) {
		together = OGR_G_UnionCascaded(holes);
		less = together != NULL ? polygons_of(OGR_G_Difference(shell, together)) : NULL;
		/* Holes take away what they enclose, unless they overlap or stick out. */
		if (less != NULL)
			*doubt += fabs(OGR_G_Area(holes) - (OGR_G_Area(shell) - OGR_G_Area(less)));
	}
	OGR_G_DestroyGeometry(together);
	OGR_G_DestroyGeometry(holes);
	OGR_G_DestroyGeometry(shell);
	return less;
}

/* The union of all polygons in 'parts', each by its structure. NULL when GEOS gives up. */
static OGRGeometryH by_structure(OGRGeometryH parts, double *doubt)
{
	OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon), united;
	bool whole = true;

	for (int i = 0; i < OGR_G_GetGeometryCount(parts) && whole; i++) {
		OGRGeometryH part = shell_less_holes(OGR_G_GetGeometryRef(parts, i), doubt);

		whole = part != NULL;
		if (whole)
			lu_shape_collect(part, all);
		OGR_G_DestroyGeometry(part);
	}
	if (whole && OGR_G_GetGeometryCount(all) < 2)
		return all;
	united = whole ? polygons_of(OGR_G_UnionCascaded(all)) : NULL;
	/* Parts add up, unless they overlap. */
	if (united != NULL)
		*doubt += fabs(OGR_G_Area(all) - OGR_G_Area(united));
	OGR_G_DestroyGeometry(all);
	return united;
}

/* Hectares in a square unit of the CRS, near 'geometry'; for a message. */
static double hectares_each(const struct lu_polygon_source *source, OGRGeometryH geometry)
{
	const double square = source->metres * source->metres / 1e4;
	OGREnvelope box;

	if (!source->geographic)
		return square;
	OGR_G_GetEnvelope(geometry, &box);
	return square * cos((box.MinY + box.MaxY) / 2 * 3.14159265358979323846 / 180);
}

static enum lu_status tell(struct lu_polygon_source *source, OGRGeometryH drawn, OGRGeometryH repaired, double doubt,
			   int64_t fid, const char *why, struct lu_error *err)
{
	const double ha = hectares_each(source, drawn), from = fabs(OGR_G_Area(drawn)) * ha;
	const double to = OGR_G_Area(repaired) * ha;

	if (doubt > LU_TRACE * fmax(OGR_G_Area(repaired), doubt))
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: feature %lld is invalid (%s), and what it means is open by %.2f ha: a repair would "
			       "make its area %.2f -> %.2f ha (repair it, in QGIS with Fix geometries, and look at the "
			       "result)",
			       source->path, (long long)fid, why, doubt * ha, from, to);
	if (source->repaired++ < MOST_TOLD)
		lu_log(source->hooks, LU_LEVEL_WARNING,
		       "%s: feature %lld is invalid (%s); repaired, area %.2f -> %.2f ha", source->path, (long long)fid,
		       why, from, to);
	return LU_OK;
}

static enum lu_status repair(struct lu_polygon_source *source, OGRGeometryH *parts, int64_t fid, const char *why,
			     struct lu_error *err)
{
	enum lu_status status = LU_OK;
	struct lu_trap trap;
	OGRGeometryH repaired;
	double doubt = 0;

	lu_trap_set(&trap);
	repaired = by_structure(*parts, &doubt);
	if (repaired == NULL)
		status = lu_fail(err, LU_ERROR_FORMAT,
				 "%s: feature %lld is invalid (%s) and cannot be repaired: %s (repair it in a GIS)",
				 source->path, (long long)fid, why, lu_trap_text(&trap, "unknown reason"));
	else if (fid >= 0)
		status = tell(source, *parts, repaired, doubt, fid, why, err);
	lu_trap_drop(&trap);
	if (status == LU_OK) {
		OGR_G_DestroyGeometry(*parts);
		*parts = repaired;
	} else {
		OGR_G_DestroyGeometry(repaired);
	}
	return status;
}

enum lu_status lu_shape_add(struct lu_polygon_source *source, void *shape, void *given, int64_t fid,
			    struct lu_error *err)
{
	enum lu_status status = LU_OK;
	OGRGeometryH parts;
	struct lu_trap trap;
	bool valid;

	lu_trap_set(&trap);
	parts = lu_straight(given, source->metres);
	if (parts != NULL) {
		OGR_G_FlattenTo2D(parts);
		OGR_G_CloseRings(parts);
	}
	parts = polygons_of(parts);
	if (parts == NULL)
		status = lu_fail(err, LU_ERROR_FORMAT, "%s: feature %lld: its arcs cannot be followed: %s",
				 source->path, (long long)fid, lu_trap_text(&trap, "unknown reason"));
	lu_trap_clear(&trap);
	valid = parts == NULL || OGR_G_IsEmpty(parts) || OGR_G_IsValid(parts);
	if (!valid)
		status = repair(source, &parts, fid, lu_trap_text(&trap, "no reason is known"), err);
	lu_trap_drop(&trap);
	if (status == LU_OK)
		lu_shape_collect(parts, shape);
	OGR_G_DestroyGeometry(parts);
	return status;
}

void lu_polygon_source_done(struct lu_polygon_source *source)
{
	if (source->repaired > MOST_TOLD)
		lu_log(source->hooks, LU_LEVEL_WARNING, "%s: %zu more features are invalid and were repaired",
		       source->path, source->repaired - MOST_TOLD);
}
