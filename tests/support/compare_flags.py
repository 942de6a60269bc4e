#!/usr/bin/python3
"""Hold the flagged changes of a run against two true maps, cell by cell.

usage: compare_flags.py OUT/A_B TRUTH_A TRUTH_B [MIN_PRECISION MIN_RECALL]
Prints precision (flags that are true), recall (true changes flagged) and how many flags name the right classes, beside
naive differencing of the two maps; exits 1 below the least asked for.
"""
import sys
import numpy as np
from osgeo import gdal

gdal.UseExceptions()


def read(path):
    ds = gdal.Open(path)
    return ds.ReadAsArray().astype(int), ds.GetGeoTransform()


def main():
    flagged, g = read(f"{sys.argv[1]}/flagged.tif")
    change, _ = read(f"{sys.argv[1]}/change.tif")
    maps = []
    for path in sys.argv[2:4]:
        truth, t = read(path)
        row, col = round((g[3] - t[3]) / g[5]), round((g[0] - t[0]) / g[1])
        maps.append(truth[row:row + change.shape[0], col:col + change.shape[1]])
    before, after = maps
    mapped = (change > 0) & (before > 0) & (after > 0)
    true = mapped & (before != after)
    for name, chosen in (("naive", mapped & (change > 99)), ("flagged", mapped & (flagged > 0))):
        hits = (chosen & true).sum()
        precision, recall = hits / max(1, chosen.sum()), hits / max(1, true.sum())
        print(f"{name}: {chosen.sum()} cells, {hits} of {true.sum()} true changes: precision {precision:.3f}, recall {recall:.3f}")
    print(f"with the right classes: {(flagged == before * 100 + after)[true & (flagged > 0)].sum()}")
    least = [float(x) for x in sys.argv[4:6]] or [0, 0]
    return int(precision < least[0] or recall < least[1])


sys.exit(main())
