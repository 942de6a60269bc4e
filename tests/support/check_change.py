#!/usr/bin/python3
"""Check transitions.csv against the maps, by numpy and PROJ alone.

usage: check_change.py TRANSITIONS.csv EARLIER.tif LATER.tif [HECTARES]
Cells must be the same; hectares within 1e-7, where a cell's area is HECTARES or else that of the quadrangle of its
corners (and of points between them) in the cylindrical equal-area projection of the map's own ellipsoid.
"""
import csv
import sys
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()
PIECES = 4


def equal_area(crs):
    """From 'crs' to the equal-area plane of its ellipsoid, without a change of datum."""
    a, inverse = crs.GetSemiMajor(), crs.GetInvFlattening()
    plane, degrees = osr.SpatialReference(), osr.SpatialReference()
    plane.ImportFromProj4(f"+proj=cea +a={a} +rf={inverse} +units=m")
    degrees.ImportFromProj4(f"+proj=longlat +a={a} +rf={inverse}")
    own = crs.CloneGeogCS()
    for srs in (crs, own, degrees, plane):
        srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    steps = [osr.CoordinateTransformation(degrees, plane)]
    if crs.IsProjected():
        steps.insert(0, osr.CoordinateTransformation(crs, own))

    def carry(points):
        for step in steps:
            points = np.array(step.TransformPoints(points))[:, :2]
        return points

    return carry


def cell_areas(source):
    """Square metres of every cell."""
    height, width = source.RasterYSize, source.RasterXSize
    x0, dx, _, y0, _, dy = source.GetGeoTransform()
    carry = equal_area(source.GetSpatialRef())
    areas = np.empty((height, width))
    col = np.arange(width)
    for row in range(height):
        sides = []
        for k in range(PIECES + 1):  # left to right and back: the upper side, then the lower
            sides.append((col + k / PIECES, np.full(width, row)))
        for k in range(1, PIECES):
            sides.append((col + 1.0, np.full(width, row + k / PIECES)))
        for k in range(PIECES + 1):
            sides.append((col + 1 - k / PIECES, np.full(width, row + 1)))
        for k in range(1, PIECES):
            sides.append((col + 0.0, np.full(width, row + 1 - k / PIECES)))
        cols, rows = (np.concatenate(list(a)) for a in zip(*sides))
        plane = carry(np.column_stack([x0 + cols * dx, y0 + rows * dy])).reshape(len(sides), width, 2)
        plane = plane - plane[0]
        x, y = plane[..., 0], plane[..., 1]
        areas[row] = abs((x * np.roll(y, -1, 0) - np.roll(x, -1, 0) * y).sum(0)) / 2
    return areas


def main():
    table, earlier, later = sys.argv[1:4]
    sources = [gdal.Open(path) for path in (earlier, later)]
    before, after = (s.ReadAsArray().astype(int) for s in sources)
    if len(sys.argv) > 4:
        hectares = np.full(before.shape, float(sys.argv[4]))
    else:
        hectares = cell_areas(sources[0]) / 1e4
    keys, pair = np.unique(before * 65536 + after, return_inverse=True)
    cells, areas = np.bincount(pair.ravel()), np.bincount(pair.ravel(), hectares.ravel())
    wanted = {divmod(key, 65536): both for key, *both in zip(keys, cells, areas) if key // 65536 and key % 65536}
    found = {}
    for row in csv.DictReader(open(table)):
        key = int(row["from_code"]), int(row["to_code"])
        if all(key):
            found[key] = int(row["cells"]), float(row["area_ha"])
    assert found.keys() == wanted.keys(), found.keys() ^ wanted.keys()
    for key, (cells, area) in wanted.items():
        assert found[key][0] == cells, (key, found[key], cells)
        assert abs(found[key][1] - area) <= 1e-7 * area + 1e-6, (key, found[key], area)


main()
