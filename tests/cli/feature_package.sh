#!/bin/sh
# feature_package.sh: a package that makes features: shown as what it is, trained on, and refused where classes are needed.
. tests/support/shell.sh

root=$PWD
draw_chips 6
cd "$scratch"
export LANDUSE_DATA="$scratch/data" XDG_DATA_HOME="$scratch/share"
# The shipped network's 21 numbers taken as features: what a package says of itself is what counts here.
# package FOLDER FEATURES
package() {
	mkdir -p "$1"
	cp "$root/models/aerial-21/model.onnx" "$1"
	"$python" - "$root/models/aerial-21/model.json" "$1" "$2" <<'END'
import json, os, sys
item = json.load(open(sys.argv[1]))
item["id"] = os.path.basename(sys.argv[2])
p = item["properties"]
p["mlm:tasks"] = ["feature-extraction"]
p.pop("landuse:scheme", None)
output = p["mlm:output"][0]
output.pop("classification:classes")
output["name"] = "features"
output["tasks"] = ["feature-extraction"]
output["result"]["shape"] = [-1, int(sys.argv[3])]
json.dump(item, open(os.path.join(sys.argv[2], "model.json"), "w"))
END
}
package made/aerial-features 21
"$landuse" models add made/aerial-features >added
grep -q 'train a head on it: landuse train --backbone aerial-features' added || { cat added; fail "what to do with it"; }
says '^aerial-features: whole' "$landuse" models verify aerial-features || fail "it does not verify"
says '^aerial-features  *whole  *features ' "$landuse" models || fail "the list does not say features"
"$landuse" models --json >"$scratch/answer.json"
"$python" -c "
import json, sys
found = [m for m in json.load(sys.stdin) if m['name'] == 'aerial-features' and not m['hidden']]
assert len(found) == 1 and found[0]['features'] == 21 and found[0]['classes'] == [], found" <"$scratch/answer.json"
"$landuse" info data/models/aerial-features >about
grep -q 'features      21 a chip, no classes' about || { cat about; fail "info"; }
"$landuse" info --json data/models/aerial-features >"$scratch/answer.json"
"$python" -c "
import json, sys
about = json.load(sys.stdin)
assert about['features'] == 21 and about['classes'] == [], about" <"$scratch/answer.json"

# It is the backbone that is used when none is named, and its output is the features.
"$landuse" train -q chips --cache cache -o head --block-numbers 2 --l2 0.01 >log
grep -q '^backbone    aerial-features, layer .*, 21 features' log || { cat log; fail "the default backbone"; }
"$landuse" train -q chips --backbone aerial-features --cache cache -o named --block-numbers 2 --l2 0.01 >log
grep -q '^features    0 made' log || fail "the same backbone by its name"
"$landuse" evaluate -q ./head chips --json --no-history >"$scratch/answer.json"
"$python" -c "
import json, sys
report = json.load(sys.stdin)
assert report['overall_accuracy'] > 0.9 and len(report['classes']) == 4, report" <"$scratch/answer.json"

# What needs classes says in one line what to do.
needs='aerial-features makes features, not classes: train a head on it with landuse train --backbone aerial-features'
image=$root/samples/county/imagery_2015.tif
expect 2 "$needs" "$landuse" classify -q --model aerial-features -o out "$image"
expect 2 "$needs" "$landuse" evaluate -q aerial-features chips
expect 2 "$needs" "$landuse" quantize -q aerial-features --chips chips -o q
printf 'county: {boundary: %s}\nmodel: aerial-features\ndates: [{date: 2015, imagery: %s}]\noutput: out\n' \
	"$root/samples/county/county.geojson" "$image" >job.yaml
expect 2 "$needs" "$landuse" run -q job.yaml
[ ! -e out ] && [ ! -e q ] || fail "a refused model left an output"

# A package whose network gives another number of features, or that does not say how many.
package odd/odd 1280
expect 1 'gives 21 values, model.json says 1280 features' "$landuse" train -q chips --backbone odd/odd --cache cache -o x
sed -i 's/\[-1, 1280\]/[]/' odd/odd/model.json
expect 1 "'mlm:output[0].result.shape' should be [-1, FEATURES]" "$landuse" info odd/odd
# A package that names fewer bands than its network takes.
package thin/thin 21
"$python" - thin/thin/model.json <<'END'
import json, sys
item = json.load(open(sys.argv[1]))
image = item["properties"]["mlm:input"][0]
image["bands"], image["value_scaling"] = image["bands"][:2], image["value_scaling"][:1]
json.dump(item, open(sys.argv[1], "w"))
END
expect 1 'takes 3 channels as its second axis, model.json says 2 bands' "$landuse" train -q chips --backbone thin/thin --cache cache -o x
# And one that names another size of chips, for whoever plans its network: to train on it, to map with it.
cp -r "$root/models/aerial-21" small
sed -i 's/"landuse:chip_size_px": 224/"landuse:chip_size_px": 160/' small/model.json
size='takes 224 x 224 pixels, model.json says 160 x 160'
expect 1 "$size" "$landuse" train -q chips --backbone small --cache cache -o x
expect 1 "$size" "$landuse" classify -q --model small --scheme ucmerced-21 -o out "$image"
[ ! -e out ] || fail "a refused model left a map"
[ ! -e x ] || fail "a refused backbone wrote a model"
