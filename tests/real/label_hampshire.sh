#!/bin/sh
# label_hampshire.sh: chips of 2001 labelled from NLCD 2001, against the truth and against an independent count of areas.
. tests/support/data.sh

h=$data/scenario_hampshire
"$landuse" label -q --rule plurality --block-cells 4 -o "$scratch/set" --imagery "$h/imagery_2001.tif" \
	--reference "$h/nlcd_2001.tif"
"$landuse" label -q --rule nine-point --block-cells 4 --no-chips -o "$scratch/nine" --imagery "$h/imagery_2001.tif" \
	--reference "$h/nlcd_2001.tif" >/dev/null
"$python" - "$h" "$scratch" <<'END'
import csv, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
data, scratch = sys.argv[1:]
names = ["", "Water", "Developed", "Barren", "Forest", "Shrub", "Herbaceous", "Cultivated"]
merge = np.zeros(256, int)
for value, codes in enumerate([[11, 12], [21, 22, 23, 24], [31], [41, 42, 43, 90], [51, 52], [71, 72, 73, 74, 95],
                               [81, 82]], 1):
    merge[codes] = value
nlcd, truth = gdal.Open(f"{data}/nlcd_2001.tif"), gdal.Open(f"{data}/truth_2001.tif")
codes, t, cells, c = nlcd.ReadAsArray(), nlcd.GetGeoTransform(), truth.ReadAsArray(), truth.GetGeoTransform()

def square_metres(row, col):
    """Classes on the metres of a cell: NLCD's cells end on whole metres, so this is its exact area."""
    x, y = c[0] + c[1] * col + np.arange(224) + 0.5, c[3] + c[5] * row - np.arange(224) - 0.5
    return merge[codes[np.ix_(((y - t[3]) / t[5]).astype(int), ((x - t[0]) / t[1]).astype(int))]]

exact = agree = clear = clear_agree = 0
rows = list(csv.DictReader(open(f"{scratch}/set/index.csv")))
for r in rows:
    row, col = int(r["row"]), int(r["col"])
    shares = np.bincount(square_metres(row, col).ravel(), minlength=8) / 224**2
    value = names.index(r["class"])
    exact += value == shares[1:].argmax() + 1 and abs(shares[value] - float(r["purity"])) < 1e-4
    agree += value == cells[row, col]
    if float(r["purity"]) > 0.55:
        clear += 1
        clear_agree += value == cells[row, col]
print(f"plurality: {exact} of {len(rows)} as an exact count of areas has it; {agree} ({agree / len(rows):.1%}) as the "
      f"truth, which counts cell centres; {clear_agree} of {clear} where a class covers more than 55 %")
assert exact == len(rows) == 400 and agree >= 0.97 * len(rows) and clear_agree == clear
nine = list(csv.DictReader(open(f"{scratch}/nine/index.csv")))
for r in nine:
    square = square_metres(int(r["row"]), int(r["col"]))
    at = [int(224 * k / 6) for k in (1, 3, 5)]
    assert {names[square[i, j]] for i in at for j in at} == {r["class"]}
mixed = sum(len({square_metres(i, j)[a, b] for a in (37, 112, 186) for b in (37, 112, 186)}) > 1
            for i in range(20) for j in range(20))
print(f"nine-point: {len(nine)} chips labelled, {mixed} mixed")
assert len(nine) + mixed == 400
END
