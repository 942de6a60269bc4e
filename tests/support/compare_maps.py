#!/usr/bin/python3
"""Hold one of our maps against a true one, cell by cell where they lie on the same ground.

usage: compare_maps.py MAP TRUTH [MIN_SHARE [COUNT_SHARE COUNT_CELLS]]
Prints agreement and the cells of each class; exits 1 when fewer than MIN_SHARE of the cells mapped
in both agree, or a class's count is off by more than COUNT_SHARE of the truth and COUNT_CELLS.
"""
import sys
import numpy as np
from osgeo import gdal

gdal.UseExceptions()


def read(path):
    ds = gdal.Open(path)
    return ds.ReadAsArray(), ds.GetGeoTransform()


def main():
    ours, g = read(sys.argv[1])
    truth, t = read(sys.argv[2])
    least = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    # Truth on our cells: the value at each cell's centre, 0 beyond it.
    rows, cols = np.indices(ours.shape)
    x = g[0] + (cols + 0.5) * g[1]
    y = g[3] + (rows + 0.5) * g[5]
    c = np.floor((x - t[0]) / t[1]).astype(int)
    r = np.floor((y - t[3]) / t[5]).astype(int)
    inside = (c >= 0) & (c < truth.shape[1]) & (r >= 0) & (r < truth.shape[0])
    want = np.zeros_like(ours)
    want[inside] = truth[r[inside], c[inside]]
    both = (ours > 0) & (want > 0)
    share = (ours == want)[both].mean()
    print(f"{sys.argv[1]}: {100 * share:.2f} % of {both.sum()} cells agree")
    bad = share < least or not both.any()
    for value in np.unique(np.concatenate([ours[both], want[both]])):
        got, true = int((ours[both] == value).sum()), int((want[both] == value).sum())
        print(f"  class {value}: {got} cells, truth {true}")
        if len(sys.argv) > 5 and abs(got - true) > max(float(sys.argv[4]) * true, float(sys.argv[5])):
            print("  ^ too far off")
            bad = True
    return 1 if bad else 0


sys.exit(main())
