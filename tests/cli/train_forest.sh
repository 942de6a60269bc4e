#!/bin/sh
# train_forest.sh: random forests from class folders: bytes, calibration, the ONNX file, maps, history, wrong usage.
. tests/support/shell.sh

draw_chips 12
"$sample_county" -q --cells 3x3 --dates 2023 --seed 3 "$scratch/county"
cd "$scratch"
# train OUTPUT [OPTION...]
train() {
	output=$1
	shift
	"$landuse" train -q chips --backbone aerial-21 --cache cache -o "$output" --block-numbers 3 "$@"
}
if ! train probe/m --head forest-2017 >/dev/null 2>probe.err; then
	grep -q 'built without xgboost' probe.err || { cat probe.err; fail "no forest"; }
	echo "skipped: built without xgboost"
	exit 77
fi

# The same bytes for one thread and for two, also where the subforests are not alike; another seed is another forest.
for threads in 1 2; do
	train "$threads/woods" --head forest --trees 7 --depth 2,4 -j $threads >log
done
cmp 1/woods/model.onnx 2/woods/model.onnx
cmp 1/woods/model.json 2/woods/model.json
train 3/woods --head forest --trees 7 --depth 2,4 --seed 2 >/dev/null
differ 1/woods/model.onnx 3/woods/model.onnx || fail "the seed changes nothing"
grep -q '^head        random forest' log && grep -q '  7 trees, depth 2 ' log && grep -q '  7 trees, depth 4 ' log ||
	{ cat log; fail "the grid over depths"; }
[ "$(grep -c '<- taken' log)" -eq 1 ] || fail "one depth is taken"
grep -q 'calibration error 0\.[0-9]* before, 0\.[0-9]* after temperature' log || fail "calibration is not told"

# What is written: an ordinary file with the trees' domain, and what it was made with.
train trees --head forest-2017 --class-weights forest=2,river=0.5 >/dev/null
says TreeEnsembleClassifier "$landuse" info trees/model.onnx || fail "no trees in the file"
"$python" - <<'END'
import json
item = json.load(open("trees/model.json"))["properties"]
made = item["mlm:hyperparameters"]
assert (made["head"], made["trees"], made["depth"]) == ("forest-2017", 20, 5), made
assert made["class_weights"] == "forest=2,river=0.5" and "l2" not in made, made
m = item["landuse:metrics"]
assert m["calibration_error_after"] <= m["calibration_error_before"], m
assert m["overall_accuracy"] > 0.8, m
END
grep -q 'random forest (20 trees, depth 5)' trees/README.md || fail "the card does not say what head it is"

# It evaluates and maps as any other model, on both engines alike.
for engine in onednn blas; do
	"$landuse" evaluate -q ./trees chips --json --no-history --engine $engine >$engine.json
done
"$python" - <<'END'
import json
a, b = json.load(open("onednn.json")), json.load(open("blas.json"))
assert a["overall_accuracy"] > 0.95 and a["in_training"] == 48 and a["confusion"] == b["confusion"], a
assert abs(a["ece"] - b["ece"]) < 1e-5, (a, b)
END
boundary=$(ls county/county.* | head -1)
"$landuse" classify -q --model ./trees --boundary "$boundary" -o map county/imagery_2023.tif >/dev/null
says forest "$landuse" info map/landuse.tif || fail "the map does not know its classes"
"$landuse" history best --metric overall_accuracy >/dev/null
"$landuse" history list --json >history.json
"$python" - <<'END'
import json
runs = json.load(open("history.json"))
runs = runs["runs"] if isinstance(runs, dict) else runs
last = [r for r in runs if r["kind"] == "train"][-1]["parameters"]
assert (last["head"], last["trees"], last["depth"]) == ("forest-2017", 20, 5) and last["temperature"] > 0, last
END

# In integers the network, not the trees: an ordinary file again.
"$landuse" quantize -q ./trees --chips drawn -o trees8 --calibration 20 >log
grep -q 'of labels as in fp32' log || { cat log; fail "quantising a forest"; }
says TreeEnsembleClassifier "$landuse" info trees8/model.onnx || fail "quantising lost the trees"

# Wrong usage.
expect 2 "should be logistic, forest or forest-2017" train x --head woods
expect 2 "--trees and --depth are for --head forest" train x --trees 5
expect 2 "--trees and --depth are for --head forest" train x --head forest-2017 --depth 4
expect 2 "--l2 is for --head logistic" train x --head forest --l2 1
expect 2 "--depth is '2.5', it should be up to 16 whole numbers" train x --head forest --depth 2.5
expect 2 "--depth has 17" train x --head forest --depth 5,17
expect 2 "(did you mean 'river'?)" train x --class-weights rivers=2
expect 2 "has no class 'lava'" train x --class-weights lava=2
expect 2 "gives class 'river' '-1', it should be above 0" train x --class-weights river=-1
expect 2 "it should be balanced, none, or NAME=WEIGHT" train x --class-weights heavy
[ ! -e x ] || fail "wrong usage wrote a model"
