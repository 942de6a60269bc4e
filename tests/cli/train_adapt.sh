#!/bin/sh
# train_adapt.sh: labels correct a package's head where it errs, and leave it alone where they do not show that it does.
. tests/support/shell.sh

"$sample_county" -q --chips "$scratch/chips" --per-class 6 --seed 5
cd "$scratch"
# A head that has learnt two classes of four the wrong way round, and labels in the words of its own classes.
for class in forest river parkinglot agricultural; do mkdir -p right/$class; cp chips/$class/*.png right/$class; done
mkdir wrong
cp -r right/parkinglot right/agricultural wrong
cp -r right/forest wrong/river
cp -r right/river wrong/forest
train() { "$landuse" train -q "$@" --cache cache --no-history --block-numbers 1 --folds 3; }
train wrong --backbone aerial-features --l2 1 -o models/base >/dev/null
train right --adapt ./models/base -o models/adapted >summary 2>told
[ ! -s told ] || fail "$(cat told)"
grep -q '^set         right: 24 labels in 24 blocks, classes of base' summary || fail "$(cat summary)"
grep -q '^head        corrected (l2 ' summary || fail "$(cat summary)"
grep -q '^right       .* % before, .* % after: +' summary || fail "$(cat summary)"
# The network itself is right now, on both engines; other programs read it.
for engine in onednn blas; do
	"$landuse" evaluate -q ./models/adapted right --engine $engine --no-history --json >evaluation.json 2>/dev/null
	"$python" - <<'END' || fail "engine $engine"
import json
accuracy = json.load(open("evaluation.json"))["overall_accuracy"]
assert accuracy > .9, accuracy
END
done
"$python" - <<'END'
import json
import onnx
from onnx import numpy_helper
net = onnx.load("models/adapted/model.onnx")
onnx.checker.check_model(net)
assert [n.op_type for n in net.graph.node][-2:] == ["Add", "Softmax"]
base, new = (json.load(open(f"models/{m}/model.json"))["properties"] for m in ("base", "adapted"))
names = lambda p: [c["name"] for c in p["mlm:output"][0]["classification:classes"]]
assert names(new) == names(base) and new["mlm:name"] == "adapted"
record = new["landuse:adapted"]
assert record["from"] == "base" and record["helped"] and record["labels"] == 24
assert record["accuracy_after"] > record["accuracy_before"] and record["gain_interval_95"][0] > 0
# Change is judged by what the corrected head says of held-out labels, not by what the old one said.
assert 0.2 <= new["landuse:score_scale"] <= 5 and new["landuse:score_scale"] != base["landuse:score_scale"], new["landuse:score_scale"]
assert "landuse:confusion" not in new and "landuse:metrics" not in new
said = open("summary").read()
assert f"{record['log_loss_before']:.4f} before, {record['log_loss_after']:.4f} after" in said
END

# Labels that say what it says already.
train wrong --adapt ./models/base -o models/same >summary 2>told
grep -q '^warning: wrong: 24 labels do not show that a correction helps .*: the head of base is kept' told ||
	grep -q '^head        corrected' summary || fail "$(cat summary told)"
# Adapted once more, by threads or not: the same bytes.
printf '{"chip_px": 112, "gsd_m": 2}' >right/set.json
train right --adapt ./models/base -o again/adapted --threads 1 >/dev/null 2>told
grep -q '^warning: right: its chips show 224 m of ground, base is shown 67.2 m at work (landuse label with --model ./models/base' told ||
	fail "chips of other ground: $(cat told)"
cmp models/adapted/model.onnx again/adapted/model.onnx || fail 'threads make a difference'

mkdir odd
cp -r right/forest odd/moor
cp -r right/river odd
expect 1 "'moor' is no class of base nor of its scheme" train odd --adapt ./models/base -o models/no
expect 2 '--backbone makes a new head, --adapt corrects the one of ./models/base' train right --adapt ./models/base --backbone aerial-features -o models/no
expect 2 '--adapt needs a package whose network gives probabilities' train right --adapt models/base/model.onnx -o models/no
rm right/forest/* right/river/00[0-4].png
expect 1 'are too few to tell whether they help' train right --adapt ./models/base -o models/no
[ ! -e models/no ] || fail 'a package was left behind'
