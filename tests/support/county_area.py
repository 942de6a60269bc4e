#!/usr/bin/python3
"""Check that statistics.json reconciles with a boundary, by a way of our own.

usage: county_area.py STATISTICS.json BOUNDARY [WHERE]
The boundary's area on the ellipsoid is found without landuse: edges are divided into short pieces
and projected with PROJ's cylindrical equal-area projection of the same ellipsoid. For every date
the classes and the unmapped part must add up to it to 1e-6.
"""
import json
import sys
from osgeo import ogr, osr

ogr.UseExceptions()
osr.UseExceptions()


def densified(ring, step):
    """The ring's points (in its own CRS) with every edge cut into pieces of at most 'step' units."""
    points = [ring.GetPoint_2D(i) for i in range(ring.GetPointCount())]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        pieces = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) / step) + 1)
        for k in range(pieces):
            yield x0 + (x1 - x0) * k / pieces, y0 + (y1 - y0) * k / pieces


def area(path, where):
    source = ogr.Open(path)
    layer = source.GetLayer(0)
    layer.SetAttributeFilter(where)
    crs = layer.GetSpatialRef().Clone()
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    a, inverse = crs.GetSemiMajor(), crs.GetInvFlattening()
    equal = osr.SpatialReference()
    equal.ImportFromProj4(f"+proj=cea +a={a} +rf={inverse} +units=m")
    lonlat = osr.SpatialReference()
    lonlat.ImportFromProj4(f"+proj=longlat +a={a} +rf={inverse}")
    for srs in (equal, lonlat):
        srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    # No datum shift: the polygon's own longitudes and latitudes are projected.
    to_equal = osr.CoordinateTransformation(lonlat if crs.IsGeographic() else crs, equal)
    step = 0.001 if crs.IsGeographic() else 100.0
    union = None
    for feature in layer:
        geometry = feature.GetGeometryRef().Clone()
        union = geometry if union is None else union.Union(geometry)
    polygons = [union] if union.GetGeometryName() == "POLYGON" else [union.GetGeometryRef(i) for i in range(union.GetGeometryCount())]
    total = 0.0
    for polygon in polygons:
        for i in range(polygon.GetGeometryCount()):
            points = to_equal.TransformPoints(list(densified(polygon.GetGeometryRef(i), step)))
            twice = 0.0
            x0, y0 = points[0][:2]
            for p, q in zip(points, points[1:] + points[:1]):
                twice += (p[0] - x0) * (q[1] - y0) - (q[0] - x0) * (p[1] - y0)
            total += (1 if i == 0 else -1) * abs(twice) / 2
    return total


def main():
    statistics = json.load(open(sys.argv[1]))
    own = area(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    bad = False
    for date in statistics["dates"]:
        total = (sum(c["area_ha"] for c in date["classes"]) + date["not_mapped_ha"]) * 1e4
        difference = total / own - 1
        print(f"{date['label']}: classes + not mapped = {total:.2f} m2, boundary {own:.2f} m2, relative difference {difference:.2e}")
        bad = bad or abs(difference) > 1e-6
    return 1 if bad else 0


sys.exit(main())
