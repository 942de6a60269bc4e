#!/bin/sh
# S32: a small network file asks for no more time and memory than its length deserves: an answer, or one clear line.
. tests/support/shell.sh

cd "$scratch"
python_here <<'P'
import os
from onnx_file import *


def chain(name, count, ops):
    """'count' nodes behind each other; an operator of two inputs takes the value before twice."""
    nodes = [node(ops[i % len(ops)][0], ["x" if i == 0 else f"v{i - 1}"] * ops[i % len(ops)][1], [f"v{i}"]) for i in range(count)]
    nodes += [node("GlobalAveragePool", [f"v{count - 1}"], ["g"]), node("Flatten", ["g"], ["y"])]
    network(name, nodes, {}, shape=(1, 3, 4, 4))


chain("relus.onnx", 5000, [("Relu", 1)])
chain("mixed.onnx", 5000, [("Sigmoid", 1), ("Mul", 2), ("Identity", 1), ("Add", 2), ("Neg", 1)])
chain("long.onnx", 30000, [("Relu", 1)])
# Two hundred tensors that name the same 40 MB; and one tensor that names them once, which is too many classes but no fault.
os.truncate(os.open("big.bin", os.O_CREAT | os.O_WRONLY), 40 << 20)
nodes, weights = small_classifier()
same = [[(1, 10 << 20), (2, 1), (8, f"t{i}")] + [(13, [(1, k), (2, v)]) for k, v in (("location", "big.bin"), ("offset", "0"))] + [(14, 1)]
        for i in range(200)]
network("same.onnx", nodes, [tensor(*pair) for pair in weights.items()] + same)
network("once.onnx", nodes, [tensor(*pair) for pair in weights.items()] + same[:1])
# A constant of more than a gigabyte in a few bytes.
grown = [node("ConstantOfShape", ["shape"], ["k"]), node("ReduceMean", ["k"], ["m"], keepdims=0), node("Add", ["y", "m"], ["p"])]
network("constant.onnx", nodes + grown, {**weights, "shape": np.array([3, 100 << 20], np.int64)}, output="p")
P
# info FILE: within 2 GB of address space, and of time so much that only work without end exceeds it on a busy machine.
info() {
	(ulimit -v 2000000; timeout 120 "$landuse" info "$1")
}
for file in relus mixed; do
	info $file.onnx >stdout || fail "$file.onnx: no answer in time"
	grep -q GlobalAveragePool stdout || fail "$file.onnx: not described"
done
info once.onnx >stdout || fail "a tensor nobody uses was refused"
expect 1 "it has 30002 nodes, landuse reads up to" info long.onnx
expect 1 "they name the same bytes many times" info same.onnx
expect 1 "the model's constants need more than" info constant.onnx
