#!/bin/sh
# candidates.sh: patches of change come with pictures of the ground before and after, and what is written of them stays.
. tests/support/shell.sh

"$sample_county" -q --cells 12x12 --dates 2012,2018 --seed 78 --change-share 0.08 "$scratch/county"
cat >"$scratch/job.yaml" <<'END'
county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2012, imagery: county/imagery_2012.tif}
  - {date: 2018, imagery: county/imagery_2018.tif}
change: {layers: [{name: anything}]}
output: out
END
says '2012_2018/  *change.tif, .*anything.gpkg, pictures/\*.jpg' "$landuse" run --dry-run "$scratch/job.yaml" ||
	fail "the plan does not tell the pictures"
"$landuse" run -q "$scratch/job.yaml" >"$scratch/summary"

# Each picture shows its patch, outlined, on the ground where the patch is: compared with the imagery by GDAL.
"$python" - "$scratch" <<'END'
import json, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d = sys.argv[1]
listed = {o["path"] for o in json.load(open(f"{d}/out/manifest.json"))["outputs"]}
imagery = {y: gdal.Open(f"{d}/county/imagery_{y}.tif") for y in ("2012", "2018")}
pixels = {y: i.ReadAsArray().astype(float) for y, i in imagery.items()}
cell, shown, singles = 224, 0, 0
package = gdal.OpenEx(f"{d}/out/2012_2018/anything.gpkg")
for patch in package.GetLayer("anything"):
    x0, x1, y0, y1 = patch.GetGeometryRef().GetEnvelope()
    for field, year in (("before", "2012"), ("after", "2018")):
        assert f"2012_2018/{patch[field]}" in listed, patch[field]
        picture = gdal.Open(f"{d}/out/2012_2018/{patch[field]}").ReadAsArray().astype(float)
        g = imagery[year].GetGeoTransform()
        col, row = round((x0 - g[0]) / g[1]), round((y1 - g[3]) / g[5])
        wide, high = round((x1 - x0) / g[1]) + 2 * cell, round((y0 - y1) / g[5]) + 2 * cell
        factor = -(-max(wide, high) // 720)
        assert picture.shape == (3, high // factor, wide // factor), (picture.shape, wide, high)
        shown += 1
        yellow = (picture[0] > 180) & (picture[1] > 160) & (picture[2] < 110)
        if factor > 1:
            assert yellow.any(), patch[field]
            continue
        singles += 1
        # The middle ninth is the cell itself; the line runs along its inside.
        want = pixels[year][:, row:row + cell, col:col + cell]
        inside = picture[:, cell:2 * cell, cell:2 * cell]
        assert np.abs(inside - want)[:, 8:-8, 8:-8].mean() < 8, (patch[field], np.abs(inside - want).mean())
        assert yellow[cell, cell:2 * cell].mean() > .9 and yellow[cell:2 * cell, 2 * cell - 1].mean() > .9
        assert yellow[cell - 4, :].mean() < .1
print(f"{shown} pictures, {singles} of single cells compared with the imagery")
assert shown >= 8 and singles >= 4
END
grep -q '2012_2018/pictures/ ([0-9]* pictures)' "$scratch/summary" || fail "the summary: $(cat "$scratch/summary")"

# A review does not make the outputs old, and survives the layer's being written again, as when a picture is gone.
says 'up to date' "$landuse" run -q --if-changed "$scratch/job.yaml" || fail "done again for nothing"
"$python" - "$scratch/out/2012_2018/anything.gpkg" <<'END'
import sys
from osgeo import ogr
ogr.UseExceptions()
package = ogr.Open(sys.argv[1], 1)
layer = package.GetLayer("anything")
patch = layer.GetFeature(1)
patch["review_status"], patch["remark"] = 2, "the crane moved " * 5000
layer.SetFeature(patch)
END
says 'up to date' "$landuse" run -q --if-changed "$scratch/job.yaml" || fail "a review made everything old"
picture=$(ls "$scratch"/out/2012_2018/pictures/*_2012.jpg | head -1)
mv "$picture" "$scratch/first.jpg"
"$landuse" run -q --if-changed "$scratch/job.yaml" >/dev/null 2>"$scratch/stderr"
cmp "$picture" "$scratch/first.jpg"
[ ! -e "$scratch/out/2012_2018/anything_reviewed.gpkg" ] || fail "a layer that has all reviews was kept twice: $(cat "$scratch/stderr")"
ogrinfo -q -sql 'SELECT review_status, LENGTH(remark) AS n FROM anything WHERE patch = 1' "$scratch/out/2012_2018/anything.gpkg" >"$scratch/row"
grep -q 'review_status (Integer64) = 2' "$scratch/row" && grep -q 'n (Integer.*) = 79999' "$scratch/row" ||
	fail "the review is gone: $(cat "$scratch/row")"
echo mine >"$scratch/out/2012_2018/anything.gpkg"
"$landuse" run -q "$scratch/job.yaml" >/dev/null 2>"$scratch/stderr"
grep -q 'was no layer of candidates: it is now .*/anything_reviewed.gpkg' "$scratch/stderr" ||
	fail "no word of a foreign file: $(cat "$scratch/stderr")"
grep -qx mine "$scratch/out/2012_2018/anything_reviewed.gpkg" || fail "a foreign file is gone"
: >"$scratch/out/2012_2018/anything.gpkg-wal"
expect 1 'anything.gpkg is open in another program' "$landuse" run -q "$scratch/job.yaml"
rm "$scratch/out/2012_2018/anything.gpkg-wal"

# So many and no more; none.
sed 's/change: {/change: {pictures: 2, /' "$scratch/job.yaml" >"$scratch/two.yaml"
"$landuse" run -o "$scratch/two" "$scratch/two.yaml" >/dev/null 2>"$scratch/stderr"
grep -q 'anything.gpkg: [0-9]* patches, pictures of the best 2' "$scratch/stderr" || fail "what is left out is not told"
[ "$(ls "$scratch/two/2012_2018/pictures" | wc -l)" -eq 4 ] || fail "not two pairs of pictures"
ogrinfo -q -sql 'SELECT MAX(patch) AS last FROM anything WHERE before IS NOT NULL' "$scratch/two/2012_2018/anything.gpkg" |
	grep -q 'last (Integer[0-9]*) = 2' || fail "pictures are not of the best"
sed 's/change: {/change: {pictures: 0, /' "$scratch/job.yaml" >"$scratch/none.yaml"
"$landuse" run -q -o "$scratch/none" "$scratch/none.yaml" >/dev/null
[ ! -e "$scratch/none/2012_2018/pictures" ] || fail "pictures though none were wanted"
