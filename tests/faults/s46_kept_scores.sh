#!/bin/sh
# S46: what is kept of a network's answers is kept under the version of its arithmetic: no features of before are taken for new ones.
. tests/support/shell.sh

draw_chips 2

numerics=$(sed -n 's/.*LU_NUMERICS_VERSION = \([0-9]*\).*/\1/p' src/nn/nn.h)
[ -n "$numerics" ] || fail "the arithmetic has no version"
package=models/aerial-21
chips=$scratch/chips
"$landuse" train -q "$chips" --backbone aerial-21 --engine blas --cache "$scratch/cache" -o "$scratch/m" --block-numbers 3 >/dev/null
"$landuse" train "$chips" --backbone aerial-21 --engine blas --cache "$scratch/cache" -o "$scratch/m2" --block-numbers 3 >"$scratch/told" 2>/dev/null
layer=$(sed -n 's/^backbone .*, layer \([^,]*\),.*/\1/p' "$scratch/told")
[ -n "$layer" ] || fail "the layer is not told"
python_here "$package" "$scratch/cache" "$numerics" "$layer" <<'P'
import hashlib, json, os, struct, sys
package, cache, numerics, layer = sys.argv[1:]
network = hashlib.sha256(open(f"{package}/model.onnx", "rb").read()).hexdigest()
third = struct.pack("<3f", *[1 / 127.5] * 3), struct.pack("<3f", *[-1.0] * 3)
def name(arithmetic):
    text = f"features 2 {arithmetic} fit resize chip 224\0{network}\0{layer}\0".encode()
    return hashlib.sha256(text + third[0] + third[1]).hexdigest()[:16]
found = os.listdir(cache)
assert name("blas fp32") not in found, "kept under the name that it had before the arithmetic changed"
assert name(f"blas fp32 {numerics}") in found, (found, name(f"blas fp32 {numerics}"))
P
