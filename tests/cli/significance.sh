#!/bin/sh
# significance.sh: real change is flagged, blur and tint are not; keys of 'change' do what they say.
. tests/support/shell.sh

"$sample_county" -q --cells 16x16 --dates 2012,2018 --seed 77 --change-share 0.04 "$scratch/county"
# Another camera at the later date: softer, tinted, noisier.
"$python" - "$scratch/county" <<'END'
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
folder = sys.argv[1]
source = gdal.Open(f"{folder}/imagery_2018.tif")
a = source.ReadAsArray().astype(np.float32)
k = np.exp(-0.5 * (np.arange(-5, 6) / 1.2) ** 2)
k /= k.sum()
for axis in (1, 2):
    a = sum(w * np.roll(a, i - 5, axis) for i, w in enumerate(k))
a *= np.array([1.06, 1.0, 0.94], np.float32)[:, None, None]
a += np.random.default_rng(1).normal(0, 3, a.shape)
b = np.clip(a, 1, 255).astype(np.uint8)
out = gdal.GetDriverByName("GTiff").Create(f"{folder}/soft_2018.tif", b.shape[2], b.shape[1], 3, options=["TILED=YES"])
out.SetGeoTransform(source.GetGeoTransform())
out.SetProjection(source.GetProjection())
for i in range(3):
    out.GetRasterBand(i + 1).WriteArray(b[i])
END
cat >"$scratch/job.yaml" <<'END'
county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2012, imagery: county/imagery_2012.tif}
  - {date: 2018, imagery: county/soft_2018.tif}
output: out
END
"$landuse" run -q "$scratch/job.yaml" >"$scratch/summary"
grep -q 'significant: ' "$scratch/summary" || fail "no word of significance in the summary"
"$python" - "$scratch" <<'END'
import csv, json, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d = sys.argv[1]
flagged, probability, change = (gdal.Open(f"{d}/out/2012_2018/{n}.tif") for n in ("flagged", "change_probability", "change"))
assert probability.GetRasterBand(1).GetNoDataValue() == 255 and flagged.GetRasterBand(1).GetNoDataValue() == 0
p, f, c = (x.ReadAsArray().astype(int) for x in (probability, flagged, change))
assert ((p == 255) == (c == 0)).all(), "not mapped"
truth = [gdal.Open(f"{d}/county/truth_{y}.tif") for y in (2012, 2018)]
g, t = change.GetGeoTransform(), truth[0].GetGeoTransform()
r0, c0 = round((g[3] - t[3]) / g[5]), round((g[0] - t[0]) / g[1])
a, b = (x.ReadAsArray()[r0:r0 + c.shape[0], c0:c0 + c.shape[1]].astype(int) for x in truth)
mapped = c > 0
true = (a != b) & mapped
hits = ((f > 0) & true).sum()
print(f"true changes {true.sum()}, differences {(c > 99).sum()}, flagged {(f > 0).sum()}, of them true {hits}")
assert hits >= 0.8 * true.sum() and (f > 0).sum() - hits <= 1
assert (f[true & (f > 0)] == (a * 100 + b)[true & (f > 0)]).mean() >= 0.8, "from and to"
assert p[f > 0].min() >= p[(f == 0) & mapped].max() - 1, "a threshold"
pair = json.load(open(f"{d}/out/statistics.json"))["pairs"][0]["significance"]
assert pair["flagged_cells"] == (f > 0).sum() and pair["compared_cells"] == mapped.sum()
assert pair["expected_false_share"] <= 0.05
rows = list(csv.DictReader(open(f"{d}/out/flagged_changes.csv")))
package = gdal.OpenEx(f"{d}/out/2012_2018/new_development.gpkg")
patches = [p for p in package.GetLayer("new_development")]
developed = f // 100 * 100 + 2 == f
assert sum(p["cells"] for p in patches) == (developed & (f > 0)).sum()
assert abs(sum(p["area_ha"] for p in patches) - sum(float(r["area_ha"]) for r in rows if r["to_name"] == "Developed")) < 1e-4 * len(patches)
assert [p["probability"] for p in patches] == sorted((p["probability"] for p in patches), reverse=True)
cell = abs(g[1] * g[5])
for p in patches:
    assert p.GetGeometryRef().IsValid() and abs(p.GetGeometryRef().GetArea() - p["cells"] * cell) < 1e-3 * cell
    assert p["to_name"] == "Developed" and p["earlier"] == "2012" and p["around_later"]
assert sum(int(r["cells"]) for r in rows) == (f > 0).sum()
assert abs(sum(float(r["area_ha"]) for r in rows) - pair["flagged_ha"]) < 1e-5
END

# The number of threads changes nothing; a stated rate and a forbidden change do.
"$landuse" run -q -j 1 -o "$scratch/one" "$scratch/job.yaml" >/dev/null
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock "$scratch/out" "$scratch/one" || fail "threads change the outputs"
{ cat "$scratch/job.yaml"; echo 'change: {rate: 0.02, false_discovery_rate: 0.01, min_probability: 0.9, unlikely: [{from: [Cultivated], factor: 0}]}'; } >"$scratch/ruled.yaml"
"$landuse" run -q -o "$scratch/ruled" "$scratch/ruled.yaml" >/dev/null
grep -q '^2012,2018,[0-9]*,0.010000,0.900000,0.020000,job,' "$scratch/ruled/significance.csv" || fail "the job's figures are not told"
lacks ',Cultivated,[0-9]*,' "$scratch/ruled/flagged_changes.csv" || fail "a forbidden change was flagged"

# Layers of one's own.
{ cat "$scratch/job.yaml"; echo 'change: {layers: [{name: anything}, {name: lost_forest, from: Forest}]}'; } >"$scratch/layers.yaml"
"$landuse" run -q -o "$scratch/layers" "$scratch/layers.yaml" >/dev/null
[ ! -e "$scratch/layers/2012_2018/new_development.gpkg" ] || fail "the usual layer was written beside the job's own"
says "= $(tail -n +2 "$scratch/layers/flagged_changes.csv" | awk -F, '{n += $7} END {print n}')\$" \
	ogrinfo -q -sql "SELECT SUM(cells) AS cells FROM anything" "$scratch/layers/2012_2018/anything.gpkg" ||
	fail "a layer misses flagged cells"
[ -s "$scratch/layers/2012_2018/lost_forest.gpkg" ] || fail "no second layer"

# The package's confusion matrix as error model: told in the manifest, and another answer.
grep -q '"error_model": "none"' "$scratch/out/manifest.json" || fail "the manifest does not tell the error model"
{ cat "$scratch/job.yaml"; echo 'change: {error_model: package}'; } >"$scratch/errors.yaml"
"$landuse" run -q -o "$scratch/errors" "$scratch/errors.yaml" >/dev/null
grep -q '"error_model": "package"' "$scratch/errors/manifest.json" || fail "the manifest does not tell the error model"
cmp -s "$scratch/out/2012/landuse.tif" "$scratch/errors/2012/landuse.tif" || fail "an error model changed the maps"
differ "$scratch/out/significance.csv" "$scratch/errors/significance.csv" ||
	fail "an error model changed nothing"
cp -r models/aerial-21 "$scratch/bare"
"$python" - "$scratch/bare/model.json" <<'END'
import json, sys
item = json.load(open(sys.argv[1]))
del item["properties"]["landuse:confusion"]
json.dump(item, open(sys.argv[1], "w"))
END
sed "s|^model: .*|model: bare|" "$scratch/errors.yaml" >"$scratch/bare.yaml"
expect 2 'carries no confusion matrix' "$landuse" run -q -o "$scratch/no" "$scratch/bare.yaml"

# Another matrix, another count of chips: the outputs of before are not those of this job; without an error model they are.
cp -r models/aerial-21 "$scratch/recounted"
for job in job errors; do
	sed "s|^model: .*|model: recounted|" "$scratch/$job.yaml" >"$scratch/recounted_$job.yaml"
	"$landuse" run -q -o "$scratch/recounted_$job" "$scratch/recounted_$job.yaml" >/dev/null
	says 'up to date' "$landuse" run -q --if-changed -o "$scratch/recounted_$job" "$scratch/recounted_$job.yaml" ||
		fail "done again for nothing"
done
"$python" - "$scratch/recounted/model.json" <<'END'
import json, sys
item = json.load(open(sys.argv[1]))
counts = item["properties"]["landuse:confusion"]["counts"]
counts[0][1] += 7
json.dump(item, open(sys.argv[1], "w"))
END
says 'up to date' "$landuse" run -q --if-changed -o "$scratch/recounted_job" "$scratch/recounted_job.yaml" ||
	fail "a confusion matrix that the job does not use made its outputs old"
omits 'up to date' "$landuse" run -q --if-changed -o "$scratch/recounted_errors" "$scratch/recounted_errors.yaml" ||
	fail "--if-changed missed another confusion matrix"
# So is a model of another name: maps tell it.
sed -i 's/"id": "aerial-21"/"id": "aerial-22"/' "$scratch/recounted/model.json"
omits 'up to date' "$landuse" run -q --if-changed -o "$scratch/recounted_job" "$scratch/recounted_job.yaml" ||
	fail "--if-changed missed another name of the model"
says 'LANDUSE_MODEL=aerial-22' gdalinfo "$scratch/recounted_job/2012/landuse.tif" || fail "the map tells an old name"

{ cat "$scratch/job.yaml"; echo 'change: {unlikely: [{from: [Cultivatd], factor: 0}]}'; } >"$scratch/typo.yaml"
expect 2 "'Cultivatd' is not a class of scheme landcover-7 (did you mean 'Cultivated'?)" "$landuse" run -q "$scratch/typo.yaml"
