#!/bin/sh
# S46: in floats, the QuantizeLinear and DequantizeLinear between layers of a quantised file are a range, and cost nothing.
. tests/support/shell.sh

cd "$scratch"
"$sample_county" -q --chips drawn --per-class 1 --seed 5 --chip 128
mkdir chips
for class in forest river parkinglot; do cp -r drawn/$class chips/; done
python_here <<'P'
from onnx_file import *
nodes, w = small_classifier()
conv, relu, rest = nodes[0], nodes[1], nodes[2:]
w["w2"] = w["w2"] * 3
scale, shifted, eight = np.array(2 / 255, np.float32), np.array(3 / 255, np.float32), np.full(4, 2 / 255, np.float32)
zero, least, half = np.array(0, np.uint8), np.array(-128, np.int8), np.array(100, np.uint8)


def pair(x, y, scale="scale", zero="zero", other="scale"):
    return [node("QuantizeLinear", [x, scale, zero], [f"{y}_q"]), node("DequantizeLinear", [f"{y}_q", other, zero], [y])]


def write(name, middle, more):
    used = {value for n in [conv] + middle + rest for field, value in n if field == 1}
    network(f"{name}.onnx", [conv] + middle + rest, {k: v for k, v in {**w, **more}.items() if k in used})


more = {"scale": scale, "shifted": shifted, "eight": eight, "zero": zero, "least": least, "half": half,
        "zeros": np.zeros(4, np.uint8), "low": np.array(0, np.float32), "high": np.array(2, np.float32),
        "down": np.array(-100 * 3 / 255, np.float32), "up": np.array(155 * 3 / 255, np.float32)}
clip = node("Clip", ["c", "low", "high"], ["r"])
write("clip", [clip], more)
write("pair", pair("c", "r"), more)
write("signed", pair("c", "r", zero="least"), more)
write("relu", [node("Relu", ["c"], ["k"])] + pair("k", "r"), more)
# One quantised value that two dequantise; half of each is the whole.
write("twice", pair("c", "a") + [node("DequantizeLinear", ["a_q", "scale", "zero"], ["b"]), node("Mean", ["a", "b"], ["r"])], more)
write("offset_clip", [node("Clip", ["c", "down", "up"], ["r"])], more)
write("offset", pair("c", "r", "shifted", "half", "shifted"), more)
# No range: another scale on the way back, and a scale a channel.
write("other", pair("c", "r", other="shifted"), more)
write("channels", pair("c", "r", "eight", "zeros", "eight"), more)
P
confidence() {
	"$landuse" evaluate -q --no-history --engine "$2" --precision fp32 --class-names forest,river,parkinglot --mean 0 --std 1 \
		--json "$1.onnx" chips >scored || fail "evaluate $1"
	sed -n 's/.*"mean_confidence": \([0-9.]*\).*/\1/p' scored
}
engines=blas
"$landuse" info clip.onnx >about
grep -q '^engine *onednn' about && engines="blas onednn"
for engine in $engines; do
	wanted=$(confidence clip "$engine") offset=$(confidence offset_clip "$engine")
	[ -n "$wanted" ] && [ -n "$offset" ] || fail "$engine: not evaluated"
	for name in pair signed relu twice; do
		got=$(confidence $name "$engine")
		[ "$got" = "$wanted" ] || fail "$engine: $name gives $got, its range gives $wanted"
	done
	got=$(confidence offset "$engine")
	[ "$got" = "$offset" ] || fail "$engine: the pair with an offset gives $got, its range gives $offset"
done
for name in pair signed relu twice offset; do
	"$landuse" info --precision fp32 $name.onnx >table || fail "$name: no table"
	grep -q Conv table && lacks QuantizeLinear table || { cat table >&2; fail "$name: steps that do nothing"; }
done
for name in other channels; do
	says DequantizeLinear "$landuse" info --precision fp32 $name.onnx || fail "$name: what is no range was dropped"
done
