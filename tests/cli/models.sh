#!/bin/sh
# models.sh: packages found, verified and added; a flipped byte is refused and nothing half copied.
. tests/support/shell.sh

root=$PWD
export XDG_DATA_HOME="$scratch/share"
unset LANDUSE_DATA || true
"$landuse" models >"$scratch/list"
grep -q '^aerial-21  *whole  *21 ' "$scratch/list" || fail "the shipped model is not listed: $(cat "$scratch/list")"
says 'aerial-21: whole, SHA-256 ' "$landuse" models verify aerial-21 || fail "the shipped model does not verify"
"$landuse" models verify >"$scratch/all"
grep -q '^aerial-21: whole' "$scratch/all" || fail "verify without a name"

# A package of one's own: the shipped network under another name.
mkdir "$scratch/pk"
cp -r models/aerial-21 "$scratch/pk/roofs"
sed -i 's/"id": *"aerial-21"/"id": "roofs"/' "$scratch/pk/roofs/model.json"
expect 2 "no model named 'roofs'" "$landuse" models verify roofs
"$landuse" models add "$scratch/pk/roofs" >"$scratch/added"
grep -q '^roofs: added' "$scratch/added" || fail "not added: $(cat "$scratch/added")"
own=$scratch/share/landuse/models/roofs
cmp "$own/model.onnx" models/aerial-21/model.onnx || fail "the copy differs"
cd "$scratch"
says -F "$own" "$landuse" models verify roofs || fail "the copy is not on the search path"
"$landuse" models --json >"$scratch/answer.json"
"$python" -c "
import json, sys
found = {m['name']: m for m in json.load(sys.stdin)}
assert found['roofs']['whole'] and len(found['roofs']['classes']) == 21 and not found['roofs']['hidden'], found['roofs']
assert found['aerial-21']['sha256'] == found['roofs']['sha256']" <"$scratch/answer.json"
says 'already' "$landuse" models add "$scratch/pk/roofs/model.json" || fail "adding twice"
"$landuse" classify -q --model roofs --accept-gsd-mismatch -o out "$root/samples/county/imagery_2015.tif" >/dev/null
[ -s out/landuse.tif ] || fail "the added model maps nothing"

# A flipped byte is found where it lies, and not let in.
cp -r pk/roofs pk/flipped
sed -i 's/"id": *"roofs"/"id": "flipped"/' pk/flipped/model.json
printf '\377' | dd of=pk/flipped/model.onnx bs=1 seek=100000 conv=notrunc status=none
expect 1 'SHA-256' "$landuse" models add pk/flipped
[ ! -e share/landuse/models/flipped ] || fail "a damaged package was added"
[ -z "$(find share -name '*.tmp*')" ] || fail "something half copied was left"
printf '\377' | dd of="$own/model.onnx" bs=1 seek=100000 conv=notrunc status=none
expect 1 'SHA-256' "$landuse" models verify roofs
expect 1 '1 of ' "$landuse" models verify
says '^roofs  *damaged' "$landuse" models || fail "damage is not listed"
expect 1 'holds another package' "$landuse" models add pk/roofs

# LANDUSE_DATA comes first, and gets what is added.
mkdir data
LANDUSE_DATA=$scratch/data "$landuse" models add pk/roofs >/dev/null
[ -s data/models/roofs/model.json ] || fail "LANDUSE_DATA did not get the package"
says 'data/models' env LANDUSE_DATA=$scratch/data "$landuse" models verify roofs || fail "LANDUSE_DATA is not first"

# Refusals.
expect 2 'nowhere' "$landuse" models add nowhere
expect 2 "'burn' should be" "$landuse" models burn
expect 2 "name the package's folder" "$landuse" models add
cp -r pk/roofs pk/odd
sed -i 's/"id": *"roofs"/"id": "..\/odd"/' pk/odd/model.json
expect 1 "cannot be a folder's name" "$landuse" models add pk/odd
chmod 555 share/landuse/models
if [ "$(id -u)" -ne 0 ]; then
	sed -i 's/"id": *"..\/odd"/"id": "odd"/' pk/odd/model.json
	expect 1 'share/landuse/models' "$landuse" models add pk/odd
fi
expect 2 'no folder of your own' env -u XDG_DATA_HOME -u HOME "$landuse" models add pk/roofs
