#!/bin/sh
# compatibility.sh: what landuse 0.1 wrote and read still works: a job, a package, a sample, a history and the runs of a folder.
. tests/support/shell.sh

old=$PWD/tests/support/v0_1
county=$PWD/samples/county
export LANDUSE_DATA="$PWD"
network=$PWD/models/aerial-21/model.onnx
cp -r "$old/package" "$scratch/roofs"
cp "$network" "$scratch/roofs"
sha=$(sha256sum "$network" | cut -d' ' -f1)
cd "$scratch"
sed -i "s/SHA256/$sha/" roofs/model.json

# The one key that has another name now: the line says which.
sed "s#COUNTY#$county#; s#COUNTY#$county#" "$old/job.yaml" >old.yaml
line=$(grep -n min_mapping_unit old.yaml | cut -d: -f1)
expect 2 "old.yaml:$line: 'min_mapping_unit' is called 'minimum_mapping_unit' now (rename it)" "$landuse" run --dry-run old.yaml
sed 's/min_mapping_unit/minimum_mapping_unit/' old.yaml >new.yaml
says 'grid  *12 x 12 cells of 67.2 m' "$landuse" run --dry-run new.yaml || fail "a job of 0.1"

# A package of 0.1, in a job of one date whose folder has runs of 0.1.
says "^roofs: model package, hash verified" "$landuse" info roofs || fail "a package of 0.1"
"$python" "$old/tables.py" "$county/truth_2015.tif" >counts
mkdir out
cp runs.gpkg out
cat >one.yaml <<END
county: {boundary: $county/county.geojson}
model: roofs
scheme: landcover-7
dates: [{date: 2015, imagery: $county/imagery_2015.tif}]
output: out
END
"$landuse" run -q one.yaml >told 2>&1 || { cat told; fail "a run with a package of 0.1"; }
says '^ *1 .*0[.]1[.]0\|^1 .* 7[.]25\|7[.]25' "$landuse" history areas --file out --class Developed || fail "a run of 0.1 is forgotten"
[ "$(ogrinfo -q -al out/runs.gpkg runs | grep -c '^OGRFeature')" -eq 2 ] || fail "the run is not beside the one of 0.1"

# A sample: what it says of the map is what was written into it.
read -r rows right <counts
"$landuse" assess -q --json --scheme landcover-7 "$county/truth_2015.tif" sample.gpkg >assessed.json || fail "a sample of 0.1"
"$python" - "$rows" "$right" <<'END' || fail "figures of a sample of 0.1"
import json, sys
rows, right = map(int, sys.argv[1:])
found = json.load(open("assessed.json"))
assert abs(found["overall_accuracy"]["value"] - right / rows) < 0.01, (found["overall_accuracy"], right, rows)
END

# A history of training: listed, chosen from, and written on.
says roofs "$landuse" history best --file history.gpkg --metric f1 || fail "a history of 0.1"
"$landuse" history add --file history.gpkg --kind train --name later --metric f1=0.5 >told || fail "a history of 0.1 takes no run"
says '0.875' "$landuse" history compare --file history.gpkg 1 2 || fail "a run of 0.1 beside one of now"
echo ok
