#!/bin/sh
# verify.sh: an output folder is judged by its manifest: sums of outputs and inputs, layout, palette, version.
. tests/support/shell.sh

"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q -o out job.yaml >/dev/null

# What the manifest says is so, by Debian's own tools.
"$python" - <<'END'
import hashlib, json, os
manifest = json.load(open("out/manifest.json"))
sums = {f: hashlib.sha256(open(f, "rb").read()).hexdigest() for f in ["job.yaml"] + ["county/" + n for n in os.listdir("county")]}
inputs = {i["path"]: i for i in manifest["inputs"]}
for name in ("job.yaml", "county/county.geojson", "county/imagery_2009.tif", "county/imagery_2015.tif"):
    assert inputs[name]["sha256"] == sums[name] and inputs[name]["bytes"] == os.path.getsize(name), name
assert any(name.endswith("aerial-21/model.onnx") for name in inputs), list(inputs)
for item in manifest["outputs"]:
    assert item["sha256"] == hashlib.sha256(open("out/" + item["path"], "rb").read()).hexdigest(), item
assert manifest["command"] == ["landuse", "run", "-q", "-o", "out", "job.yaml"], manifest["command"]
assert manifest["job"] == {"path": "job.yaml", "text": open("job.yaml").read()}
assert manifest["working_folder"] == os.getcwd()
assert manifest["libraries"]["gdal"] and manifest["seeds"] == []
assert manifest["seconds"] > 0 and manifest["started"].endswith("Z")
assert [d["chips"] for d in manifest["dates"]] == [9, 9] and all(d["seconds"] > 0 for d in manifest["dates"])
END

says 'out: whole: [0-9]* outputs and [0-9]* inputs as they were' "$landuse" verify -q out || fail 'a whole folder is not called so'
(mkdir elsewhere && cd elsewhere && "$landuse" verify -q ../out >/dev/null) || fail 'it depends on where one stands'
"$landuse" verify -q --json out >answer.json
"$python" -c "
import json
a = json.load(open('answer.json'))
assert a['whole'] and a['problems'] == [] and a['outputs'] > 10 and a['inputs'] >= 4, a"

# finds FILE WORDS: of a copy that 'spoil' has changed, one problem, in one line.
finds() {
	expect 1 'bad: 1 problem' "$landuse" verify -q bad
	[ "$(wc -l <stdout)" -eq 1 ] || fail "not one line: $(cat stdout)"
	grep -qF -- "$1: $2" stdout || fail "said: $(cat stdout)"
}
spoil() { rm -rf bad; cp -r out bad; }
spoil; rm bad/transitions.csv; finds bad/transitions.csv 'is not there any more'
code=0
"$landuse" verify -q --json bad >answer.json 2>/dev/null || code=$?
"$python" - $code <<'END' || fail '--json'
import json, sys
a = json.load(open("answer.json"))
assert sys.argv[1] == "1" and not a["whole"] and [(p["kind"], p["file"]) for p in a["problems"]] == [("output", "bad/transitions.csv")], a
END
spoil; printf x >>bad/statistics.json; finds bad/statistics.json 'is not as it was written'
spoil; sed -i 's/"version": "[0-9.]*"/"version": "0.0.7"/' bad/manifest.json; finds bad 'was made by landuse 0.0.7'
spoil; cp county/county.geojson kept; printf '\n' >>county/county.geojson
finds "$scratch/county/county.geojson" 'is not as it was when it was read'
says 'bad: whole' "$landuse" verify -q --outputs-only bad || fail '--outputs-only looks at inputs'
mv county/county.geojson away; finds "$scratch/county/county.geojson" 'is not there any more'
mv kept county/county.geojson
rm away

# A manifest that vouches for what no run writes: a map that is no COG, and cells of no class.
python_here <<'END'
import hashlib, json, os, shutil
from osgeo import gdal
gdal.UseExceptions()
def vouch(name):
    manifest = json.load(open("bad/manifest.json"))
    for item in manifest["outputs"]:
        if item["path"] == name:
            item["bytes"], item["sha256"] = os.path.getsize("bad/" + name), hashlib.sha256(open("bad/" + name, "rb").read()).hexdigest()
    json.dump(manifest, open("bad/manifest.json", "w"))
shutil.rmtree("bad")
shutil.copytree("out", "bad")
source = gdal.Open("out/2009/landuse.tif")
copy = gdal.GetDriverByName("GTiff").CreateCopy("bad/2009/landuse.tif", source, options=["TILED=YES", "COPY_SRC_OVERVIEWS=NO"])
cells = copy.ReadAsArray()
cells[0, 0] = 77
copy.GetRasterBand(1).WriteArray(cells)
copy = None
gdal.Open("bad/2009/landuse.tif", gdal.GA_Update).SetMetadataItem("LATER", "x" * 5000)
vouch("2009/landuse.tif")
END
expect 1 'bad: ' "$landuse" verify -q bad
grep -qF 'bad/2009/landuse.tif: has cells of 77, which is no class of it' stdout || fail "said: $(cat stdout)"
grep -qF 'bad/2009/landuse.tif: not a Cloud Optimized GeoTIFF' stdout || fail "said: $(cat stdout)"

# A style that somebody wrote into is theirs; half a folder, another folder and none.
spoil; sed -i 's/<qgis/<!-- mine --><qgis/' bad/2009/landuse.qml
says 'note: bad/2009/landuse.qml: was edited' "$landuse" verify -q bad || fail 'an edited style'
spoil; rm bad/manifest.json
expect 1 'bad: has no manifest.json' "$landuse" verify -q bad
printf '{"outputs": 3}' >bad/manifest.json
expect 1 'bad/manifest.json: has no outputs' "$landuse" verify -q bad
expect 2 'none: no such folder' "$landuse" verify -q none

# Sums are not made again of inputs that stayed: those of the former manifest are taken where number and times are the same.
cp out/manifest.json before.json
"$landuse" run -q -o out job.yaml >/dev/null
"$python" -c "
import json
a, b = ([(i['path'], i['sha256']) for i in json.load(open(name))['inputs']] for name in ('before.json', 'out/manifest.json'))
assert a == b, (a, b)"
"$python" - <<'END'
import json
m = json.load(open("out/manifest.json"))
for item in m["inputs"]:
    if item["path"] == "county/imagery_2009.tif":
        item["sha256"] = "0" * 64
json.dump(m, open("out/manifest.json", "w"))
END
"$landuse" run -q -o out job.yaml >/dev/null
grep -q '"sha256": "0\{64\}"' out/manifest.json || fail 'the sum of a file that stayed was made again'
touch county/imagery_2009.tif
"$landuse" run -q -o out job.yaml >/dev/null
lacks '"sha256": "0\{64\}"' out/manifest.json || fail 'the sum of a file that was touched was not made again'
