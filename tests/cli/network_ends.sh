#!/bin/sh
# Networks as people bring them: channels last, bytes, several outputs, weights beside them; bare files and packages.
. tests/support/shell.sh

cd "$scratch"
"$sample_county" -q --chips drawn --per-class 2 --seed 5 --chip 128
mkdir chips
number=0
for class in forest river parkinglot; do
	mv drawn/$class chips/c$number
	number=$((number + 1))
done
python_here <<'P'
import json
import os
import shutil
from onnx_file import *
nodes, weights = small_classifier()
soft = [node("Softmax", ["y"], ["p"], axis=1)]
turn = node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2])


def from_image(name):
    """The network's nodes, which read value 'name'."""
    return [node("Conv", [name, "w1", "b1"], ["c"], kernel_shape=[1, 1])] + nodes[1:] + soft


last = (None, 64, 64, 3)
network("plain.onnx", nodes + soft, weights, output="p")
network("last.onnx", [turn] + from_image("t"), weights, shape=last, output="p")
network("two.onnx", nodes + soft, weights, output=("c", "p"))
network("beside.onnx", nodes + soft, put_beside(".", weights), output="p")
scaled = [node("Cast", ["x"], ["n"], to=1), node("Div", ["n", "most"], ["s"])]
network("bytes.onnx", scaled + from_image("s"), {**weights, "most": np.array(255, np.float32)}, output="p", kind="uint8")
both = [turn, node("Cast", ["t"], ["n"], to=1), node("Div", ["n", "most"], ["s"])]
network("both.onnx", both + from_image("s"), {**weights, "most": np.array(255, np.float32)}, shape=last, output="p", kind="uint8")
deeper = [node("Conv", ["s", "w1", "b1"], ["c1"], kernel_shape=[1, 1]), node("Relu", ["c1"], ["r1"]),
          node("Conv", ["r1", "w3"], ["c2"], kernel_shape=[1, 1]), node("Conv", ["c2", "w3"], ["c"], kernel_shape=[1, 1])]
network("deep.onnx", both + deeper + nodes[1:] + soft,
        {**weights, "w3": np.eye(4, dtype=np.float32).reshape(4, 4, 1, 1), "most": np.array(255, np.float32)}, shape=last, output="p", kind="uint8")


def pack(name, tensor=None, scaling=True, **properties):
    """A package around NAME.onnx, with these words in model.json."""
    os.makedirs(name)
    shutil.copy(f"{name.split('-')[0]}.onnx", f"{name}/model.onnx")
    package(name, output="probabilities")
    item = json.load(open(f"{name}/model.json"))
    image = item["properties"]["mlm:input"][0]
    image["input"] = tensor or {}
    if not scaling:
        del image["value_scaling"]
    item["properties"].update(properties)
    json.dump(item, open(f"{name}/model.json", "w"))


pack("plain")
order = ["batch", "height", "width", "channel"]
pack("both", {"dim_order": order, "data_type": "uint8"}, scaling=False)
pack("deep", {"dim_order": order, "data_type": "uint8"}, scaling=False)
pack("two", **{"landuse:output": "p"})
pack("two-wrong", **{"landuse:output": "q"})
pack("last-wrong", {"dim_order": ["batch", "bands", "height", "width"]})
pack("last-odd", {"dim_order": ["batch", "height", "channel", "width"]})
pack("bytes-scaled")
P

# told MODEL OPTION...: the labels and confidences of a model, as one line.
told() {
	"$landuse" evaluate -q --no-history --json "$@" >stdout 2>stderr || return 1
	grep -E '"(mean_confidence|correct|overall_accuracy)"' stdout | tr -d ' \n'
}
bare="--class-names c0,c1,c2"
wanted=$(told $bare --mean 0 --std 1 plain.onnx chips)
[ -n "$wanted" ] || { cat stderr >&2; fail "the plain network was not evaluated"; }
alike() {
	got=$(told "$@") || true
	[ "$got" = "$wanted" ] || { cat stderr >&2; fail "$*: $got instead of $wanted"; }
	[ ! -s stderr ] || { cat stderr >&2; fail "$*: a needless word"; }
}
alike $bare --mean 0 --std 1 last.onnx chips
alike $bare --mean 0 --std 1 beside.onnx chips
alike $bare --mean 0 --std 1 --output-name p two.onnx chips
alike $bare both.onnx chips
for model in plain both two; do
	alike $model chips
done

# What does not fit is said by file and remedy.
expect 2 "no output 'q' (it has 'c', 'p')" "$landuse" evaluate -q --no-history $bare --mean 0 --std 1 --output-name q two.onnx chips
expect 2 "takes pixels as they are, uint8: leave --mean and --std out" "$landuse" evaluate -q --no-history $bare --mean 0 --std 1 bytes.onnx chips
expect 1 "no output 'q'" "$landuse" evaluate -q --no-history two-wrong chips
expect 1 "takes 64 channels as its second axis, model.json says 3 bands" "$landuse" evaluate -q --no-history last-wrong chips
expect 1 "should be [batch, channel, height, width]" "$landuse" evaluate -q --no-history last-odd chips
expect 1 "model.json scales its pixels" "$landuse" evaluate -q --no-history bytes-scaled chips
expect 2 "output-name are for .onnx files" "$landuse" evaluate -q --no-history --output-name p plain chips
says "the network has 'c', too" "$landuse" info --output-name p two.onnx || fail "info does not tell of the other output"

# A head on features of a network whose weights lie beside it, and whose channels come last.
for model in beside last; do
	"$landuse" train -q --no-history --backbone $model.onnx --mean 0 --std 1 --gsd 0.3 --cache cache -o head-$model chips >stdout 2>stderr || {
		cat stderr >&2
		fail "no head on $model"
	}
done
grep -q '"height"' head-last/model.json || fail "the order of axes is not told"
"$landuse" evaluate -q --no-history head-last chips --split all >stdout || fail "a head on a network with channels last does not run"

# In integers a network of bytes takes floats, and its model.json says so.
if "$landuse" quantize -q deep --chips chips -o deep-int8 --calibration 3 >stdout 2>stderr; then
	python_here <<'P'
import json
image = json.load(open("deep-int8/model.json"))["properties"]["mlm:input"][0]
assert image["input"]["data_type"] == "float32" and image["value_scaling"] == [{"type": "z-score", "mean": 0, "stddev": 1}], image
P
	"$landuse" evaluate -q --no-history --precision fp32 deep-int8 chips >stdout || fail "a quantised network of bytes does not run"
else
	grep -q 'built without oneDNN' stderr || { cat stderr >&2; fail "a network of bytes is not quantised"; }
fi
