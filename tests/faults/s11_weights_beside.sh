#!/bin/sh
# S11: a package's hash covers the weights that lie beside its network, everywhere: verify, info, jobs, maps, add.
. tests/support/shell.sh

cd "$scratch"
export XDG_DATA_HOME="$scratch/data"
"$sample_county" -q --cells 3x3 --dates 2015 county
python_here <<'P'
import os
from onnx_file import *
nodes, weights = small_classifier()
os.makedirs("net")
network("net/model.onnx", nodes, put_beside("net", weights))
package("net")
os.makedirs("one")
network("one/model.onnx", nodes, weights)
package("one")
os.makedirs("far")
package("far", href=os.path.abspath("one/model.onnx"))
os.makedirs("up")
package("up", href="../one/model.onnx")
P
cat >job.yaml <<'END'
county: {boundary: county/county.geojson}
model: net
dates:
  - {date: 2015, imagery: county/imagery_2015.tif}
output: out
END
# flip FILE PLACE: one bit of a file.
flip() {
	python_here "$1" "$2" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); byte = f.read(1)[0]
    f.seek(int(sys.argv[2])); f.write(bytes([byte ^ 64]))
P
}
hash_of() {
	gdalinfo "$1" | sed -n 's/.*LANDUSE_MODEL_SHA256=//p'
}

# A hash of model.onnx alone covers nothing beside it: that runs, with a word, and does not verify.
"$landuse" run job.yaml >stdout 2>stderr || { cat stderr >&2; fail "the job does not run"; }
grep -q 'says nothing of the weights beside it' stderr || { cat stderr >&2; fail "no word on the weights"; }
"$landuse" run --dry-run job.yaml >stdout 2>&1
grep -q 'says nothing of the weights beside it' stdout || fail "no word before the run"
expect 1 'says nothing of the weights beside it' "$landuse" models verify ./net
says 'NOT covered' "$landuse" info net || fail "info calls the weights verified"
says 'up to date' "$landuse" run --if-changed job.yaml || fail "an unchanged job runs again"
joined=$(cd net && sha256sum model.onnx weights.bin | sha256sum | cut -d' ' -f1)
[ "$(hash_of out/2015/landuse.tif)" = "$joined" ] || fail "the map does not carry the digest of both files"

# A changed weight is another model, to jobs and to their maps.
flip net/weights.bin 3
"$landuse" run --if-changed job.yaml >stdout 2>/dev/null || fail "the job does not run again"
lacks 'up to date' stdout || fail "a flipped weight is up to date"
[ "$(hash_of out/2015/landuse.tif)" != "$joined" ] || fail "two models carry one hash"
flip net/weights.bin 3

# The digest that the message offers is what sha256sum makes; with it, a flipped byte of either file is refused.
sed -i "s/\"landuse:sha256\": \"[0-9a-f]*\"/\"landuse:sha256\": \"$joined\"/" net/model.json
says whole "$landuse" models verify ./net || fail "a covered package does not verify"
says 'hash verified' "$landuse" info net || fail "info does not verify a covered package"
for file in weights.bin model.onnx; do
	flip "net/$file" 30
	expect 1 'is damaged or was changed' "$landuse" models verify ./net
	expect 1 'is damaged or was changed' "$landuse" run -q job.yaml
	expect 1 'is damaged or was changed' "$landuse" models add net
	flip "net/$file" 30
done

# Weights too short, or not there.
cp -r net short
head -c 40 net/weights.bin >short/weights.bin
expect 1 'weights.bin ends before its' "$landuse" models add short
rm short/weights.bin
expect 2 'weights.bin: no such file' "$landuse" models add short
mkdir -p data/landuse/models
cp -r short data/landuse/models/
says '^short .*damaged' "$landuse" models list || fail "the list calls a package without weights whole"
rm -r data/landuse/models/short

# What is whole goes in, and verifies there; what names files elsewhere is no package to copy.
says '^net: added' "$landuse" models add net || fail "a whole package was not added"
says whole "$landuse" models verify net || fail "the copy does not verify"
expect 1 'outside the package' "$landuse" models add far
expect 1 'outside the package' "$landuse" models add up
[ ! -e data/landuse/models/far ] && [ ! -e data/landuse/models/up ] || fail "half a package was copied"
says whole "$landuse" models verify ./far || fail "a package that names its network by a full path does not run"

# The hash of a network in one file is that of the file, as it always was.
says "\"sha256\": \"$(sha256sum <one/model.onnx | cut -d' ' -f1)\"" "$landuse" info --json one || fail "another hash"
