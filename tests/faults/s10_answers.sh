#!/bin/sh
# S10: what a network's numbers are is seen through the steps behind its softmax, and compared with what model.json says.
. tests/support/shell.sh

cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2015 county
"$sample_county" -q --chips drawn --per-class 1 --seed 5 --chip 128
mkdir chips named
number=0
for class in forest river parkinglot; do
	cp -r drawn/$class chips/
	cp -r drawn/$class named/c$number
	number=$((number + 1))
done
python_here <<'P'
import os
import shutil
from onnx_file import *
nodes, weights = small_classifier()
soft = node("Softmax", ["y"], ["s"], axis=1)
tails = {
    "logits": [], "softmax": [node("Softmax", ["y"], ["p"], axis=1)],
    "cast": [soft, node("Cast", ["s"], ["p"], to=1)], "identity": [soft, node("Identity", ["s"], ["p"])],
    "reshape": [soft, node("Reshape", ["s", "shape"], ["p"])], "clip": [soft, node("Clip", ["s", "low", "high"], ["p"])],
    "steps": [soft, node("Add", ["s", "low"], ["t"]), node("Unsqueeze", ["t", "two"], ["u"]),
              node("Squeeze", ["u", "two"], ["v"]), node("Dropout", ["v"], ["p"])],
    "written": [node("Exp", ["y"], ["s"]), node("ReduceSum", ["s", "axis"], ["t"], keepdims=1), node("Div", ["s", "t"], ["p"])],
    "sigmoid": [node("Sigmoid", ["y"], ["p"])],
    "sigmoid_cast": [node("Sigmoid", ["y"], ["s"]), node("Cast", ["s"], ["p"], to=1)]}
more = {"shape": np.array([-1, 3], np.int64), "low": np.array(1e-7, np.float32), "high": np.array(1 - 1e-7, np.float32),
        "axis": np.array([1], np.int64), "two": np.array([2], np.int64)}
for name, tail in tails.items():
    used = {value for n in nodes + tail for field, value in n if field == 1}
    network(f"{name}.onnx", nodes + tail, {k: v for k, v in {**weights, **more}.items() if k in used},
            output="p" if tail else "y")
for folder, tail, output in (("right", "logits", "logits"), ("right_too", "clip", "probabilities"),
                             ("logits_called_probabilities", "logits", "probabilities"),
                             ("sigmoid_called_probabilities", "sigmoid", "probabilities"),
                             ("probabilities_called_logits", "reshape", "logits")):
    os.makedirs(folder)
    shutil.copy(f"{tail}.onnx", f"{folder}/model.onnx")
    package(folder, output=output)
P

# A bare file: one confidence, however its softmax is wrapped.
confidence() {
	"$landuse" evaluate -q --no-history --class-names forest,river,parkinglot --mean 0 --std 1 --json "$1.onnx" chips \
		2>stderr | sed -n 's/.*"mean_confidence": \([0-9.]*\).*/\1/p'
}
wanted=$(confidence logits)
[ -n "$wanted" ] || fail "the network of logits was not evaluated"
for tail in softmax cast identity reshape clip steps written; do
	got=$(confidence $tail)
	[ "$got" = "$wanted" ] || fail "$tail: confidence $got instead of $wanted"
	[ ! -s stderr ] || { cat stderr >&2; fail "$tail: a needless warning"; }
done
one=$(confidence sigmoid)
two=$(confidence sigmoid_cast)
grep -q 'ends in a sigmoid' stderr || fail "no word on the sigmoid"
[ "$one" = "$two" ] || fail "a Cast hides the sigmoid: $one and $two"

# Packages that say what is not so: refused with the values seen, or warned of; nothing is left behind.
expect 1 "that sum to" "$landuse" classify -q -o out --model logits_called_probabilities county/imagery_2015.tif
grep -q "name the output 'logits'" stderr || fail "no remedy"
[ ! -e out/landuse.tif ] || fail "a map of nothing was written"
expect 1 "that sum to" "$landuse" evaluate -q --no-history logits_called_probabilities named

# Several labels a chip: probabilities as they are, which is said.
"$landuse" classify -q -o several --model sigmoid_called_probabilities county/imagery_2015.tif 2>stderr >/dev/null || { cat stderr >&2; fail "sigmoids are refused"; }
grep -q 'ends in a sigmoid: its values are taken as they are' stderr || { cat stderr >&2; fail "no word on the sigmoid"; }
"$landuse" classify -q -o twice --model probabilities_called_logits county/imagery_2015.tif 2>stderr >/dev/null || fail "refused what is warned of"
grep -q 'softmax is taken once more' stderr || { cat stderr >&2; fail "no word on two softmaxes"; }

# And those that are right stay silent, and agree.
for model in right right_too; do
	"$landuse" classify -q -o $model.out --model $model county/imagery_2015.tif 2>stderr >/dev/null || { cat stderr >&2; fail "$model is refused"; }
	[ ! -s stderr ] || { cat stderr >&2; fail "$model: a needless warning"; }
done
python_here <<'P'
from osgeo import gdal
for name in ("landuse.tif", "confidence.tif"):
    a, b = (gdal.Open(f"{m}.out/{name}").ReadAsArray() for m in ("right", "right_too"))
    assert (a == b).all() and a.max() > 0, name
P
