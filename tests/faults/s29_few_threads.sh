#!/bin/sh
# S29: with little address space every command ends, and threads that cannot be started are one clear line.
. tests/support/shell.sh

cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2015 county
"$sample_county" -q --chips drawn --per-class 1 --seed 5 --chip 128
python_here <<'P'
import os
from onnx_file import *
os.makedirs("net")
nodes, weights = small_classifier(classes=14)
network("net/model.onnx", nodes, weights)
package("net", classes=14)
P
# No library starts threads of its own: where it could not, it would be waited for at exit. Whatever is said, it ends.
for kilobytes in 270000 300000 330000 360000; do
	got=0
	(ulimit -v $kilobytes; timeout -k 1 20 "$landuse" info net/model.onnx >/dev/null 2>&1) || got=$?
	[ "$got" -ne 124 ] && [ "$got" -ne 137 ] || fail "with $kilobytes KiB of address space it hangs"
done
few() {
	(ulimit -v 3000000; timeout -k 1 60 "$landuse" "$@")
}
# Pictures ask for no more threads than there are of them; the reading of imagery does.
expect 1 ' threads, the system allows' few classify -q -j 500 -o many --model net county/imagery_2015.tif
few evaluate -q --no-history -j 500 --class-names "$(ls drawn | paste -sd, -)" --mean 0 --std 1 net/model.onnx drawn >/dev/null ||
	fail "five hundred threads for some pictures"
"$landuse" classify -q -j 3 -o out --model net county/imagery_2015.tif >/dev/null || fail "three threads were refused"
