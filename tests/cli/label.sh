#!/bin/sh
# label.sh: a labelled set of the sample county: labels, counts, caps, repetitions, splits that do not leak, refusals.
. tests/support/shell.sh

"$sample_county" -q --cells 12x12 --dates 2015 --seed 7 --format deflate "$scratch/county"
cd "$scratch"
cat >check.py <<'END'
"""check.py SET [STRIDE]: index, files and splits of a labelled set agree with each other."""
import csv, os, sys
from collections import Counter
from osgeo import gdal, ogr
gdal.UseExceptions()
ogr.UseExceptions()
folder, reach = sys.argv[1], -(-224 // int(sys.argv[2] if len(sys.argv) > 2 else 224)) - 1
rows = list(csv.DictReader(open(f"{folder}/index.csv")))
assert list(rows[0]) == ("path,class,split,block,source,date,row,col,x,y,valid_share,purity,phash,weight").split(",")
sides = {}
for r in rows:
    assert sides.setdefault(r["block"], r["split"]) == r["split"], f"block {r['block']} is on both sides"
    assert r["split"] in ("train", "validate", "test")
    if r["path"]:
        assert r["path"].split("/")[0] == r["class"] and os.path.getsize(f"{folder}/{r['path']}") > 0
places = {(int(r["row"]), int(r["col"])): r["split"] for r in rows}
for (row, col), split in places.items():
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            assert places.get((row + i, col + j), split) == split, "chips of two sides overlap"
on_disk = sum(f.endswith((".png", ".jpg", ".tif")) for _, _, files in os.walk(folder) for f in files)
assert on_disk == sum(bool(r["path"]) for r in rows), (on_disk, len(rows))
index = ogr.Open(f"{folder}/index.gpkg")
layer = index.GetLayer("chips")
assert [(f["path"] or "", f["class"], f["split"], f["block"]) for f in layer] == \
    [(r["path"], r["class"], r["split"], r["block"]) for r in rows]
print(Counter(r["class"] for r in rows), Counter(r["split"] for r in rows))
END

# The county's truth is a raster of the scheme's own values, one cell a chip: every label is its cell's.
"$landuse" label -q --codes scheme --rule plurality --block-cells 3 -o set --reference county/truth_2015.tif \
	county/imagery_2015.tif >summary
grep -q 'left out' summary || fail "no summary"
"$python" check.py set
"$python" - <<'END'
import csv
from osgeo import gdal
truth = gdal.Open("county/truth_2015.tif")
names = {i: n for i, n in enumerate(truth.GetRasterBand(1).GetCategoryNames() or [])}
t, cells = truth.GetGeoTransform(), truth.ReadAsArray()
rows = list(csv.DictReader(open("set/index.csv")))
assert len(rows) == (cells > 0).sum(), (len(rows), (cells > 0).sum())
seen = {}
for r in rows:
    value = cells[int((float(r["y"]) - t[3]) / t[5]), int((float(r["x"]) - t[0]) / t[1])]
    assert seen.setdefault(value, r["class"]) == r["class"], (value, r)
    assert names.get(int(value), r["class"]) == r["class"]
    assert float(r["purity"]) > 0.99
END

# Perceptual hashes are those that numpy makes of the chips, but for frequencies within rounding of the median.
"$python" - <<'END'
import csv
import numpy as np
from osgeo import gdal
cosines = np.cos(np.pi * np.outer(np.arange(8), 2 * np.arange(32) + 1) / 64)
turned = 0
rows = list(csv.DictReader(open("set/index.csv")))
for r in rows:
    grey = gdal.Open("set/" + r["path"]).ReadAsArray()[:3].astype(float).mean(0).reshape(32, 7, 32, 7).mean((1, 3))
    low = (cosines @ grey @ cosines.T).ravel()
    bits = "".join("01"[int(v > np.median(low[1:]))] for v in low[1:])
    turned += bin(int(bits, 2) ^ int(r["phash"], 16)).count("1")
assert turned <= len(rows) / 20, turned
END

# Again: nothing is written twice, and the bytes are the same for any number of threads.
"$landuse" label -q --codes scheme --rule plurality --block-cells 3 -o set --reference county/truth_2015.tif \
	county/imagery_2015.tif >summary
grep -q '(0 files written now)' summary || fail "a whole set was written again"
"$landuse" label -q -j 3 --codes scheme --rule plurality --block-cells 3 -o other --reference county/truth_2015.tif \
	--imagery county/imagery_2015.tif >/dev/null
diff -r --exclude=.landuse.lock set other || fail "sets differ"

# NLCD codes: truth values to codes, one of them unknown (127), one left out by the scheme (11, of azure-6).
"$python" - <<'END'
from osgeo import gdal
import numpy as np
truth = gdal.Open("county/truth_2015.tif")
codes = np.array([0, 11, 23, 31, 42, 52, 71, 127] + [0] * 248)[truth.ReadAsArray()]
out = gdal.GetDriverByName("GTiff").Create("nlcd.tif", truth.RasterXSize, truth.RasterYSize)
out.SetGeoTransform(truth.GetGeoTransform())
out.SetProjection(truth.GetProjection())
out.GetRasterBand(1).WriteArray(codes.astype("u1"))
out = None
gdal.Warp("nlcd_4326.tif", "nlcd.tif", dstSRS="EPSG:4326", resampleAlg="near", xRes=1e-5, yRes=1e-5)
END
"$landuse" label --scheme azure-6 --block-cells 3 -o nlcd --reference nlcd.tif county/imagery_2015.tif >summary 2>talk
grep -q 'azure-6 does not know: 127' summary || fail "unknown codes are not in the summary"
grep -q '127' talk || fail "unknown codes are not told"
grep -q 'of codes that the scheme leaves out' summary || fail "codes left out are not counted"
"$python" check.py nlcd
"$landuse" label -q --scheme azure-6 --rule purity:0.9 --block-cells 3 -o degrees --reference nlcd_4326.tif \
	county/imagery_2015.tif >/dev/null 2>&1
"$python" - <<'END'
import csv
read = lambda s: {(r["row"], r["col"]): r["class"] for r in csv.DictReader(open(f"{s}/index.csv"))}
a, b = read("nlcd"), read("degrees")
assert len(b) > 0.9 * len(a) and all(a[k] == v for k, v in b.items()), (len(a), len(b))
END

# Overlapping chips, a cap, repetitions, no chips on disk.
"$landuse" label -q --codes scheme --rule purity:0.6 --stride 112 --block-cells 6 --no-chips -o half \
	--reference county/truth_2015.tif county/imagery_2015.tif >summary
grep -q 'between splits' summary || fail "no chip gave way"
"$python" check.py half 112
"$landuse" label -q --codes scheme --rule plurality --block-cells 3 --per-class 5 --seed 9 -o capped --format jpg \
	--reference county/truth_2015.tif county/imagery_2015.tif >summary
grep -q 'over the cap' summary || fail "nothing was capped"
"$python" check.py capped
"$python" -c "
import csv
from collections import Counter
assert max(Counter(r['class'] for r in csv.DictReader(open('capped/index.csv'))).values()) == 5"
gdal_translate -q -srcwin 0 0 2688 672 county/imagery_2015.tif north.tif
gdal_translate -q -a_ullr $("$python" -c "
from osgeo import gdal
t = gdal.Open('north.tif').GetGeoTransform()
print(t[0], t[3] + 672 * t[5], t[0] + 2688 * t[1], t[3] + 1344 * t[5])") north.tif again.tif
"$landuse" label -q --codes scheme --rule plurality --block-cells 1 --dedupe 0 --no-chips -o once \
	--reference county/truth_2015.tif north.tif again.tif >summary
[ "$(grep -o '[0-9]* like another' summary | cut -d' ' -f1)" -ge 25 ] || fail "repeated pictures stayed: $(cat summary)"

# Weights let every class of the training chips count the same, and the model heeds them.
"$landuse" label -q --codes scheme --rule plurality --block-cells 3 --balance weight -o weighed \
	--reference county/truth_2015.tif county/imagery_2015.tif >summary
grep -q '^class .* weight$' summary || fail "the weights are not told"
"$python" check.py weighed
"$python" - <<'END'
import csv
from collections import defaultdict
rows = list(csv.DictReader(open("weighed/index.csv")))
sums, of = defaultdict(float), defaultdict(set)
for r in rows:
    of[r["class"]].add(r["weight"])
    if r["split"] == "train":
        sums[r["class"]] += float(r["weight"])
trained = sum(r["split"] == "train" for r in rows)
assert len(sums) > 3 and all(len(w) == 1 for w in of.values())
assert all(abs(s - trained / len(sums)) < 1e-3 for s in sums.values()), sums
assert all(float(r["weight"]) == 1 for r in csv.DictReader(open("set/index.csv")))
END
for set in set weighed; do
	for weights in none balanced; do
		"$landuse" train -q $set --backbone aerial-21 --cache cache --class-weights $weights --l2 0.01 \
			-o models/$set-$weights >/dev/null 2>&1 || fail "no model of $set, $weights"
	done
done
differ models/set-none/model.onnx models/weighed-none/model.onnx || fail "weights change nothing"
"$python" - <<'END'
import json
# Balanced already: balancing again is the same fit, to rounding.
l = [json.load(open(f"models/{m}/model.json"))["properties"]["landuse:metrics"]["overall_accuracy"]
     for m in ("set-balanced", "weighed-none", "weighed-balanced")]
assert max(l) - min(l) < 0.03, l
END

# Splits by file and by a field of the boundary's layer.
"$landuse" label -q --codes scheme --rule plurality --split-by file --validate 0 --test 0.5 --no-chips -o files \
	--reference county/truth_2015.tif north.tif again.tif >/dev/null
"$python" check.py files
"$python" - <<'END'
import json
from osgeo import gdal, osr
image = gdal.Open("county/imagery_2015.tif")
t, w, h = image.GetGeoTransform(), image.RasterXSize, image.RasterYSize
def part(name, code, low, high):
    xs, ys = (t[0] + w * t[1] * low, t[0] + w * t[1] * high), (t[3], t[3] + h * t[5])
    ring = [[xs[0], ys[1]], [xs[1], ys[1]], [xs[1], ys[0]], [xs[0], ys[0]], [xs[0], ys[1]]]
    return {"type": "Feature", "properties": {"NAME": name, "FIPS": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}
crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26986"}}
json.dump({"type": "FeatureCollection", "crs": crs, "features": [
    part("O'Brien", 25015, 0, 0.5), part("Middlesex", 25017, 0.5, 0.75), part("Essex", 25009, 0.75, 1)]},
    open("towns.geojson", "w"))
END
"$landuse" label -q --codes scheme --rule plurality --boundary towns.geojson --split-by NAME --validate 0 --test 0 \
	--test-blocks "O'Brien" --no-chips -o towns --reference county/truth_2015.tif county/imagery_2015.tif >/dev/null
"$python" check.py towns
"$landuse" label -q --codes scheme --rule plurality --boundary towns.geojson --split-by FIPS --validate 0 --test 0 \
	--validate-blocks 25017 --no-chips -o fips --reference county/truth_2015.tif county/imagery_2015.tif >/dev/null
"$python" - <<'END'
import csv
rows = list(csv.DictReader(open("towns/index.csv")))
assert {(r["block"], r["split"]) for r in rows} == {("O'Brien", "test"), ("Middlesex", "train"), ("Essex", "train")}
rows = list(csv.DictReader(open("fips/index.csv")))
assert {(r["block"], r["split"]) for r in rows} == {("25015", "train"), ("25017", "validate"), ("25009", "train")}
END

# Refusals: one line, the right exit code, nothing left behind.
label() {
	"$landuse" label -q --codes scheme --rule plurality -o new "$@"
}
truth="--reference county/truth_2015.tif"
# shellcheck disable=SC2086
{
expect 2 'name the imagery' label $truth
expect 2 'name a land-cover raster' label county/imagery_2015.tif
expect 2 "rule 'purity:2'" label --rule purity:2 $truth county/imagery_2015.tif
expect 2 "no table of codes named 'mine'" label --codes mine $truth county/imagery_2015.tif
expect 2 "no class scheme named 'nobody'" label --scheme nobody $truth county/imagery_2015.tif
expect 1 'no class has NLCD codes' label --codes nlcd --scheme ucmerced-21 $truth county/imagery_2015.tif
expect 2 'nowhere.tif' label --reference nowhere.tif county/imagery_2015.tif
gdal_translate -q -a_ullr 0 900000 1000 899000 county/truth_2015.tif far.tif
expect 1 'does not overlap the imagery' label --reference far.tif county/imagery_2015.tif
expect 1 'no chip got a label' label --scheme azure-6 --rule nine-point --codes nlcd $truth county/imagery_2015.tif
expect 2 'is on both sides' label --validate-blocks r000_c000 --test-blocks r000_c000 $truth county/imagery_2015.tif
expect 2 "no chip lies in block 'nowhere'" label --test-blocks nowhere $truth county/imagery_2015.tif
expect 1 'too few to give' label --block-cells 50 $truth county/imagery_2015.tif
expect 2 'leave nothing to train on' label --validate 0.6 --test 0.6 $truth county/imagery_2015.tif
expect 2 'there is no boundary' label --split-by NAME $truth county/imagery_2015.tif
expect 2 'it has: NAME, FIPS' label --split-by TOWN --boundary towns.geojson $truth county/imagery_2015.tif
}
[ ! -e new ] || fail "a refused run left a folder"
expect 1 'holds chips of other imagery or options' "$landuse" label -q --codes scheme -o set --reference \
	county/truth_2015.tif --block-cells 3 county/imagery_2015.tif
"$python" check.py set
"$landuse" label -q --codes scheme --block-cells 3 --overwrite -o set --reference county/truth_2015.tif \
	county/imagery_2015.tif >/dev/null
"$python" check.py set
