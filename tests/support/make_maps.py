#!/usr/bin/python3
"""Make the maps of two dates: patches of classes, some of which change, and ground that nobody mapped.

usage: make_maps.py EARLIER.tif LATER.tif WIDTH HEIGHT CRS X Y CELL
The same arguments give the same maps: GeoTIFF, Byte, classes 11 to 90 by NLCD's codes, 0 not mapped.
"""
import sys
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()
CODES = np.array([11, 21, 22, 41, 42, 81, 82, 90], np.uint8)


def patches(random, height, width, side):
    """Squares of one class each, of 'side' cells."""
    coarse = random.integers(0, len(CODES), (height // side + 1, width // side + 1))
    return CODES[np.kron(coarse, np.ones((side, side), int))[:height, :width]]


def main():
    earlier, later, width, height, crs, x, y, cell = sys.argv[1:9]
    width, height = int(width), int(height)
    random = np.random.default_rng(2001)
    before = patches(random, height, width, 9)
    change = random.random((height // 5 + 1, width // 5 + 1)) < 0.05
    changed = np.kron(change, np.ones((5, 5), int))[:height, :width].astype(bool)
    after = np.where(changed, patches(random, height, width, 5), before)
    before[: height // 20] = 0
    after[:, : width // 30] = 0
    place = osr.SpatialReference()
    place.SetFromUserInput(crs)
    for path, cells in ((earlier, before), (later, after)):
        out = gdal.GetDriverByName("GTiff").Create(path, width, height, 1, gdal.GDT_Byte)
        out.SetGeoTransform((float(x), float(cell), 0, float(y), 0, -float(cell)))
        out.SetProjection(place.ExportToWkt())
        out.WriteArray(cells)


main()
