# exact_plurality.py: MAP REFERENCE AGREEMENT.json: the matrix of landuse compare --json against exact areas.
#
# For north-up rasters of one CRS: a cell is divided into its overlaps with the reference's pixels, and
# NLCD codes are merged as landcover-7 does. Cells whose two largest classes are within 1 % may go either way.
import json
import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
merge = {11: 1, 12: 1, 21: 2, 22: 2, 23: 2, 24: 2, 31: 3, 41: 4, 42: 4, 43: 4, 90: 4, 51: 5, 52: 5, 71: 6, 72: 6,
         73: 6, 74: 6, 95: 6, 81: 7, 82: 7}
cells, pixels = gdal.Open(sys.argv[1]), gdal.Open(sys.argv[2])
result = json.load(open(sys.argv[3]))
t, r = cells.GetGeoTransform(), pixels.GetGeoTransform()
mapped, codes = cells.ReadAsArray(), pixels.ReadAsArray()


def parts(start, end):
    """Pixels under start .. end (in pixels) with the length of each."""
    first, last = int(np.floor(start)), int(np.ceil(end))
    return [(i, min(end, i + 1) - max(start, i)) for i in range(first, last)]


n, doubtful = np.zeros((8, 8), int), 0
for row in range(mapped.shape[0]):
    rows = parts((t[3] + row * t[5] - r[3]) / r[5], (t[3] + (row + 1) * t[5] - r[3]) / r[5])
    for col in range(mapped.shape[1]):
        cols = parts((t[0] + col * t[1] - r[0]) / r[1], (t[0] + (col + 1) * t[1] - r[0]) / r[1])
        share, whole = np.zeros(8), 0
        for i, a in rows:
            for j, b in cols:
                whole += a * b
                if 0 <= i < codes.shape[0] and 0 <= j < codes.shape[1]:
                    share[merge.get(int(codes[i, j]), 0)] += a * b
        share[0] = 0
        if mapped[row, col] == 0 or share.sum() < whole / 2:
            continue
        first, second = np.sort(share)[:-3:-1]
        doubtful += (first - second) < 0.01 * whole
        n[mapped[row, col], share.argmax()] += 1
got = np.zeros((8, 8), int)
values = result["matrix"]["values"]
for i, a in enumerate(values):
    for j, b in enumerate(values):
        got[a, b] = result["matrix"]["cells"][i][j]
off = np.abs(n - got).sum() // 2
assert n.sum() == got.sum() == result["compared_cells"], (n.sum(), got.sum())
assert off <= doubtful, (off, doubtful, n, got)
print(f"{n.sum()} cells, {off} differ from exact areas, {doubtful} are near ties")
