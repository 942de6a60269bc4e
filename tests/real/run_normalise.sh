#!/bin/sh
# run_normalise.sh: three dates, each with a cast of its own, normalised: bands agree, maps stay right, false change does not grow.
. tests/support/data.sh

for name in plain regression histogram; do
	cat >"$scratch/$name.yaml" <<END
county: {boundary: $data/scenario_hampshire/county.geojson}
model: aerial-21
dates:
  - {date: 2001, imagery: $data/scenario_hampshire/imagery_2001.tif}
  - {date: 2006, imagery: $data/scenario_hampshire/imagery_2006.tif}
  - {date: 2011, imagery: $data/scenario_hampshire/imagery_2011}
accept_gsd_mismatch: true
grid: {chip: 224}
$([ $name = plain ] || echo "normalise: {to: 2006, method: $name}")
output: $name
END
	"$landuse" run -q "$scratch/$name.yaml" >/dev/null
	for date in 2001 2006 2011; do
		"$python" tests/support/compare_maps.py "$scratch/$name/$date/landuse.tif" \
			"$data/scenario_hampshire/truth_$date.tif" 0.97 0.03 4
	done
done
"$python" - "$scratch" "$data/scenario_hampshire" <<'END'
import glob, json, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d, data = sys.argv[1:]
mosaic = {2001: f"{data}/imagery_2001.tif", 2006: f"{data}/imagery_2006.tif", 2011: sorted(glob.glob(f"{data}/imagery_2011/*.tif"))}
truth = {y: gdal.Open(f"{data}/truth_{y}.tif") for y in mosaic}
t, cols, rows = truth[2006].GetGeoTransform(), truth[2006].RasterXSize, truth[2006].RasterYSize
bounds = (t[0], t[3] + rows * t[5], t[0] + cols * t[1], t[3])
def means(year, tables):
    """Band means of every cell, its pixels looked up first; and whether it is all data."""
    m = gdal.Warp("", mosaic[year], format="MEM", outputBounds=bounds, xRes=t[1] / 224, yRes=-t[5] / 224, dstAlpha=True)
    a = m.ReadAsArray()
    bands = np.stack([np.array(tables[b])[a[b]] if tables else a[b] for b in range(3)]).astype(float)
    cut = lambda x: x.reshape(x.shape[0], rows, 224, cols, 224).mean((2, 4))
    return cut(bands), cut(a[3:].astype(float))[0] == 255
classes = {y: x.ReadAsArray() for y, x in truth.items()}
reference, whole = means(2006, None)
for method in ("regression", "histogram"):
    found = {int(x["date"]): x.get("normalised") for x in json.load(open(f"{d}/{method}/manifest.json"))["dates"]}
    for year in (2001, 2011):
        was, seen = means(year, None)
        now, _ = means(year, [b["table"] for b in found[year]["bands"]])
        same = (classes[year] == classes[2006]) & seen & whole
        before, after = (abs(x - reference)[:, same].mean(1) for x in (was, now))
        print(f"{method}: {year} differs from 2006 by {before.round(1)} grey values a band, normalised by {after.round(1)} ({same.sum()} cells)")
        assert after.max() < 1 and after.mean() < before.mean() / 4, (before, after)
    told = {x["label"]: x for x in json.load(open(f"{d}/{method}/statistics.json"))["dates"]}
    assert "normalisation" not in told["2006"] and told["2001"]["normalisation"]["method"] == method
    def differing(job):
        pairs = json.load(open(f"{d}/{job}/statistics.json"))["pairs"]
        return {f"{p['earlier']}-{p['later']}": p["difference_cells"]["total"] for p in pairs}
    print(f"cells that differ: as flown {differing('plain')}, {method} {differing(method)}")
END
