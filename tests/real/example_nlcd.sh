#!/bin/sh
# example_nlcd.sh: Hampshire County from NLCD 2001: the page's commands, compared with the truth.
. tests/support/data.sh
. tests/support/readme.sh

mkdir -p "$scratch/clone"
for file in imagery_2001.tif imagery_2011 nlcd_2001.tif nlcd_2011.tif county.geojson; do
	ln -s "$data/scenario_hampshire/$file" "$scratch/clone/$file"
done
run_readme nlcd >"$scratch/log" 2>"$scratch/talk" || { cat "$scratch/talk"; fail "the page's commands fail"; }
cd "$scratch/clone"
"$python" - "$data/scenario_hampshire" <<'END'
import csv, json, sys
from osgeo import gdal
rows = list(csv.DictReader(open("chips/index.csv")))
assert len(rows) == 400
report = json.load(open("evaluation/evaluation.json"))
print(f"test chips: {report['overall_accuracy']:.4f} of {report['n']}")
assert report["split"] == "test" and report["n"] >= 40 and report["overall_accuracy"] > 0.85
for date in ("2001", "2011"):
    landuse, reference = gdal.Open(f"out/{date}/landuse.tif"), gdal.Open(f"{sys.argv[1]}/truth_{date}.tif")
    a, b = landuse.GetGeoTransform(), reference.GetGeoTransform()
    # The map covers the county alone, on the same cells.
    col, row = round((a[0] - b[0]) / b[1]), round((a[3] - b[3]) / b[5])
    mapped = landuse.ReadAsArray()
    truth = reference.ReadAsArray()[row:row + mapped.shape[0], col:col + mapped.shape[1]]
    both = (mapped > 0) & (truth > 0)
    agree = (mapped == truth)[both].mean()
    print(f"{date}: {agree:.4f} of {both.sum()} cells as the truth")
    assert both.sum() > 200 and agree > 0.95
END
agreement=$(sed -n 's/^Overall agreement: \([0-9.]*\) of area.*/\1/p' "$scratch/log")
"$python" -c "assert 0.93 < $agreement <= 1, '$agreement with NLCD 2011'"
