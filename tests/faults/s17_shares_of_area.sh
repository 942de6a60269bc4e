#!/bin/sh
# s17_shares_of_area.sh: compare takes the exact part of a cell that a class covers, as GEOS's intersections have it: on turned and
# on shifted grids, of pixels larger and smaller than a cell, at the reference's rim, and where two classes are nearly equal.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
random = np.random.default_rng(4)
place = (1882125, 100, 0, 2389155, 0, -100)
raster("map.tif", random.integers(1, 4, (5, 6)).astype("u1"), place=place)
fine = random.integers(1, 4, (60, 60)).astype("u1")
raster("shifted.tif", fine, place=(1882125 - 61.3, 23.7, 0, 2389155 + 47.9, 0, -23.7))
raster("turned.tif", fine, place=(1882125 - 250, 23, 9, 2389155 + 100, 9, -23))
raster("rim.tif", fine[:20, :20], place=(1882125 + 133, 23.7, 0, 2389155 - 77, 0, -23.7))
raster("coarse.tif", fine[:9, :9], place=(1882125 - 30, 170, 0, 2389155 + 60, 0, -170))
raster("nested.tif", random.integers(1, 4, (20, 24)).astype("u1"), place=(1882125, 25, 0, 2389155, 0, -25))
x, y, _ = osr.CoordinateTransformation(reference(MAP_CRS), reference(32618)).TransformPoint(place[0], place[3])
raster("utm.tif", fine, crs=32618, place=(x - 400, 31, 0, y + 300, 0, -31))
# Two classes whose shares are nearly equal: 0.5005 and 0.4995 of the first cells.
raster("halves.tif", np.tile(np.array([1, 2], "u1"), 8)[None].repeat(5, 0), place=(1882125, 49.95, 0, 2389155, 0, -100))
END
all='shifted:0 turned:0.45 rim:0 coarse:0.6 nested:0.45 utm:0 halves:0'
for one in $all; do
	"$landuse" compare -q --json --purity ${one#*:} map.tif ${one%:*}.tif >${one%:*}.json 2>/dev/null
done
python_here $all <<'END'
from fixtures import *
import json
import sys

mapped = gdal.Open("map.tif")
t, cells = mapped.GetGeoTransform(), mapped.ReadAsArray()


def polygon(points):
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in (*points, points[0]):
        ring.AddPoint_2D(x, y)
    out = ogr.Geometry(ogr.wkbPolygon)
    out.AddGeometry(ring)
    return out


def check(name, purity):
    """Cells by class of the map and of the reference, with shares from polygons, are those that compare found."""
    other = gdal.Open(f"{name}.tif")
    pixels, inverse = other.ReadAsArray(), gdal.InvGeoTransform(other.GetGeoTransform())
    there = osr.CoordinateTransformation(reference(mapped.GetProjection()), reference(other.GetProjection()))
    found = {}
    for row, col in np.ndindex(*cells.shape):
        corners = []
        for i, k in ((0, 0), (1, 0), (1, 1), (0, 1)):
            x, y, _ = there.TransformPoint(t[0] + (col + i) * t[1], t[3] + (row + k) * t[5])
            corners.append(gdal.ApplyGeoTransform(inverse, x, y))
        cell = polygon(corners)
        shares = {}
        left, top = (int(np.floor(min(c[k] for c in corners))) for k in (0, 1))
        right, bottom = (int(np.ceil(max(c[k] for c in corners))) for k in (0, 1))
        for y in range(max(top, 0), min(bottom, pixels.shape[0])):
            for x in range(max(left, 0), min(right, pixels.shape[1])):
                part = cell.Intersection(polygon([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)])).GetArea() / cell.GetArea()
                shares[int(pixels[y, x])] = shares.get(int(pixels[y, x]), 0) + part
        best = max(sorted(shares), key=lambda k: round(shares[k], 9), default=0)
        if sum(shares.values()) >= 0.5 - 1e-9 and shares[best] >= purity:
            key = int(cells[row, col]), best
            found[key] = found.get(key, 0) + 1
    c = json.load(open(f"{name}.json"))
    values = c["matrix"]["values"]
    got = {(a, b): n for a, line in zip(values, c["matrix"]["cells"]) for b, n in zip(values, line) if n}
    assert got == found, (name, got, found)


for one in sys.argv[1:]:
    name, purity = one.split(":")
    check(name, float(purity))
END
