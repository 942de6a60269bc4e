#!/bin/sh
# dry_run.sh: the plan names every file that the run then writes, and no other.
. tests/support/shell.sh

"$sample_county" -q --cells 12x10 --dates 2012,2015,2018 --seed 5 --change-share 0.2 "$scratch/county"
cat >"$scratch/job.yaml" <<'END'
county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2012, imagery: county/imagery_2012.tif}
  - {date: 2015, imagery: county/imagery_2015.tif}
  - {date: 2018-06-01, imagery: county/imagery_2018.tif}
probabilities: true
normalise: {to: 2012}
smooth: {method: mrf, weight: 1, minimum_mapping_unit: 2}
zones: {path: zones.gpkg, name: name}
change: {pictures: 2}
vectors: [geojson, fgb]
output: out
END
cat >"$scratch/plain.yaml" <<'END'
county: {boundary: county/county.geojson}
model: ./package
dates: [{date: 2012, imagery: county/imagery_2012.tif}, {date: spring, imagery: county/imagery_2015.tif}]
output: plain
END
check_stac=$PWD/tests/support/check_stac.py
cp -r models/aerial-21 "$scratch/package"
cd "$scratch"
python_here <<'END'
from fixtures import *
from osgeo import gdal
frame = gdal.Open("county/imagery_2012.tif")
left, step, _, top, _, down = frame.GetGeoTransform()
right, bottom = left + step * frame.RasterXSize, top + down * frame.RasterYSize
middle = (left + right) / 2
def square(a, b):
    return f"POLYGON (({a} {bottom}, {b} {bottom}, {b} {top}, {a} {top}, {a} {bottom}))"
layer("zones.gpkg", [square(left, middle), square(middle, right)], crs=frame.GetProjection(), fields={"name": ["West", "East"]})
END
for job in job plain; do
	"$landuse" run --dry-run $job.yaml >$job.plan || fail "dry run of $job"
	"$landuse" run -q $job.yaml >/dev/null || fail "run of $job"
done
# One model is installed, the other lies beside the outputs: folder and package may then be moved together.
for folder in out plain; do
	"$python" "$check_stac" $folder || fail "the STAC collection of $folder is not what it should be"
done
grep -q '"file:///.*/model.onnx"' out/stac/model.json || fail 'no URL of an installed model'
grep -q '"../../package/model.onnx"' plain/stac/model.json || fail 'no way to a model beside the outputs'
# Layers as files of their own have what county.gpkg has.
"$python" - <<'END' || fail 'vectors/'
import glob
from osgeo import ogr
ogr.UseExceptions()
package = ogr.Open("out/county.gpkg")
shapes = {package.GetLayer(i).GetName() for i in range(package.GetLayerCount()) if package.GetLayer(i).GetGeomType() != ogr.wkbNone}
files = glob.glob("out/vectors/*")
assert {(f.split("/")[-1].split(".")[0], f.split(".")[-1]) for f in files} == {(s, e) for s in shapes for e in ("fgb", "geojson")}, files
for path in files:
    name = path.split("/")[-1].split(".")[0]
    data = ogr.Open(path)
    copy, whole = data.GetLayer(0), package.GetLayerByName(name)
    def rows(layer):
        layer.ResetReading()
        return sorted(repr(sorted(f.items().items())) for f in layer)
    assert rows(copy) == rows(whole), name
    assert copy.GetSpatialRef().IsGeographic() == path.endswith("geojson"), path
END
"$python" - <<'END' || fail "the plan and the files differ"
import fnmatch, os, re, sys
bad = False
for job, folder in (("job", "out"), ("plain", "plain")):
    section = open(f"{job}.plan").read().split("writes into ")[1].split("\n\n")[0].split("\n", 1)[1]
    planned = set()
    for line in section.split("\n"):
        at = line[2:20].strip() or at
        planned |= {os.path.normpath(at + name.strip()) for name in line[20:].split(",") if name.strip()}
    written = {os.path.relpath(os.path.join(d, f), folder) for d, _, fs in os.walk(folder) for f in fs}
    written = {f for f in written if not f.endswith((".aux.xml", ".qml", ".vat.dbf", ".lock")) and not f.startswith(".work/")}
    # A pair of dates in which nothing is flagged has no patches to picture.
    pictured = {p for p in planned if p.endswith("pictures/*.jpg")}
    more = {p for p in planned - pictured if not any(fnmatch.fnmatchcase(f, p) for f in written)}
    assert job != "job" or any(fnmatch.fnmatchcase(f, p) for p in pictured for f in written), "no pictures at all"
    less = {f for f in written if not any(fnmatch.fnmatchcase(f, p) for p in planned)}
    if more or less:
        print(f"{job}: planned alone: {sorted(more)}; written alone: {sorted(less)}")
        bad = True
    print(job, len(planned), "planned", len(written), "written")
sys.exit(bad)
END
