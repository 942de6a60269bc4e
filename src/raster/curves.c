/*
 * curves.c: arc by arc, because OGR takes one angle for all arcs of a geometry: a kerb of 3 m and a bend of 300 km
 * need angles that differ by a factor of 300.
 */
#include "raster/curves.h"

#include <math.h>
#include <ogr_api.h>
#include <stdbool.h>

static const double sagitta_m = 1e-3, most_degrees = 0.1;

/* The radius of the circle through three points; infinite for points in line. */
static double radius_of(OGRGeometryH arc)
{
	const double ax = OGR_G_GetX(arc, 0), ay = OGR_G_GetY(arc, 0);
	const double bx = OGR_G_GetX(arc, 1) - ax, by = OGR_G_GetY(arc, 1) - ay;
	const double cx = OGR_G_GetX(arc, 2) - ax, cy = OGR_G_GetY(arc, 2) - ay;

	if (cx == 0 && cy == 0)
		return hypot(bx, by) / 2; /* a whole circle: the middle point lies opposite */
	return hypot(bx, by) * hypot(cx, cy) * hypot(bx - cx, by - cy) / (2 * fabs(bx * cy - by * cx));
}

/* A step below this would be lost in the digits of the centre: such an arc is a straight line. */
static double step_of(OGRGeometryH arc, double metres)
{
	const double cosine = 1 - sagitta_m / (radius_of(arc) * metres);
	const double step = 2 * acos(cosine > 0 ? cosine : 0) * 180 / 3.14159265358979323846;

	return step < most_degrees ? fmax(step, 1e-5) : most_degrees;
}

static void add_points(OGRGeometryH to, OGRGeometryH from)
{
	for (int i = 0; i < OGR_G_GetPointCount(from); i++) {
		const double x = OGR_G_GetX(from, i), y = OGR_G_GetY(from, i);
		const int last = OGR_G_GetPointCount(to) - 1;

		if (last < 0 || OGR_G_GetX(to, last) != x || OGR_G_GetY(to, last) != y)
			OGR_G_AddPoint_2D(to, x, y);
	}
}

/* Append a line, a chain of arcs, or a compound of both. */
static bool append_curve(OGRGeometryH ring, OGRGeometryH curve, double metres)
{
	const OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(curve));
	bool whole = true;

	if (type == wkbCompoundCurve) {
		for (int i = 0; i < OGR_G_GetGeometryCount(curve) && whole; i++)
			whole = append_curve(ring, OGR_G_GetGeometryRef(curve, i), metres);
		return whole;
	}
	if (type != wkbCircularString) {
		add_points(ring, curve);
		return true;
	}
	for (int i = 0; i + 2 < OGR_G_GetPointCount(curve) && whole; i += 2) {
		OGRGeometryH arc = OGR_G_CreateGeometry(wkbCircularString), chords;

		for (int k = i; k <= i + 2; k++)
			OGR_G_AddPoint_2D(arc, OGR_G_GetX(curve, k), OGR_G_GetY(curve, k));
		chords = OGR_G_GetLinearGeometry(arc, step_of(arc, metres), NULL);
		whole = chords != NULL;
		if (whole)
			add_points(ring, chords);
		OGR_G_DestroyGeometry(chords);
		OGR_G_DestroyGeometry(arc);
	}
	return whole;
}

static OGRGeometryH straight_polygon(OGRGeometryH curved, double metres)
{
	OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
	bool whole = true;

	for (int i = 0; i < OGR_G_GetGeometryCount(curved) && whole; i++) {
		OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);

		whole = append_curve(ring, OGR_G_GetGeometryRef(curved, i), metres);
		OGR_G_AddGeometryDirectly(polygon, ring);
	}
	if (!whole) {
		OGR_G_DestroyGeometry(polygon);
		return NULL;
	}
	return polygon;
}

void *lu_straight(void *geometry, double metres)
{
	const OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
	OGRGeometryH straight;

	if (!OGR_G_HasCurveGeometry(geometry, 0))
		return OGR_G_Clone(geometry);
	if (type == wkbCurvePolygon)
		return straight_polygon(geometry, metres);
	if (!OGR_GT_IsSubClassOf(type, wkbGeometryCollection))
		return OGR_G_GetLinearGeometry(geometry, 0, NULL); /* a curve: no area */
	straight = OGR_G_CreateGeometry(wkbGeometryCollection);
	for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++) {
		OGRGeometryH part = lu_straight(OGR_G_GetGeometryRef(geometry, i), metres);

		if (part == NULL) {
			OGR_G_DestroyGeometry(straight);
			return NULL;
		}
		OGR_G_AddGeometryDirectly(straight, part);
	}
	return straight;
}
