"""ONNX networks and model packages for the shell tests, written byte by byte: no library of ONNX is needed.

A message is a list of (field, value): int -> varint, float -> 32 bits, str or bytes -> bytes, list -> a message.
Field numbers are those of onnx.proto.
"""
import hashlib
import json
import os
import struct

import numpy as np


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def message(fields):
    out = bytearray()
    for field, value in fields:
        if isinstance(value, (int, np.integer)):
            out += varint(field << 3) + varint(int(value))
        elif isinstance(value, float):
            out += varint(field << 3 | 5) + struct.pack("<f", value)
        else:
            data = value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, (bytes, bytearray)) else message(value)
            out += varint(field << 3 | 2) + varint(len(data)) + data
    return bytes(out)


KINDS = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}


def tensor(name, array, beside=None):
    """An initializer; 'beside' = (location, offset, length) puts its elements into another file."""
    array = np.asarray(array)
    fields = [(1, n) for n in array.shape] + [(2, KINDS[str(array.dtype)]), (8, name)]
    if beside is None:
        return fields + [(9, array.tobytes())]
    entries = zip(("location", "offset", "length"), beside)
    return fields + [(13, [(1, key), (2, str(value))]) for key, value in entries] + [(14, 1)]


def node(op, inputs, outputs, **attributes):
    """Attributes: int, float, str, or a list of ints."""
    fields = [(1, name) for name in inputs] + [(2, name) for name in outputs] + [(3, f"{op}_{outputs[0]}"), (4, op)]
    for key, value in attributes.items():
        if isinstance(value, (list, tuple)):
            fields.append((5, [(1, key)] + [(8, n) for n in value] + [(20, 7)]))
        elif isinstance(value, float):
            fields.append((5, [(1, key), (2, value), (20, 1)]))
        elif isinstance(value, str):
            fields.append((5, [(1, key), (4, value), (20, 3)]))
        else:
            fields.append((5, [(1, key), (3, value), (20, 2)]))
    return fields


def value_info(name, shape, kind="float32"):
    dims = [(1, [(2, "N") if n is None else (1, n)]) for n in shape]
    return [(1, name), (2, [(1, [(1, KINDS[kind]), (2, dims)])])]


def network(path, nodes, tensors, shape=(None, 3, 64, 64), output="y", opset=13, kind="float32"):
    """Write a network from image "x" to 'output', or to outputs. 'tensors' are arrays by name, or made by tensor()."""
    initializers = [tensor(*pair) for pair in tensors.items()] if isinstance(tensors, dict) else tensors
    graph = [(1, n) for n in nodes] + [(2, "test")] + [(5, t) for t in initializers]
    graph += [(11, value_info("x", shape, kind))]
    graph += [(12, value_info(name, (None, None))) for name in ([output] if isinstance(output, str) else output)]
    with open(path, "wb") as to:
        to.write(message([(1, 8), (8, [(1, ""), (2, opset)]), (7, graph)]))


def small_classifier(seed=4, classes=3):
    """Nodes and weights of a network of one layer of colours: it tells classes apart, at no cost."""
    random = np.random.default_rng(seed)
    weights = {"w1": random.normal(0, 1, (4, 3, 1, 1)), "b1": random.normal(0, .1, 4),
               "w2": random.normal(0, 3, (classes, 4)), "b2": np.zeros(classes)}
    nodes = [node("Conv", ["x", "w1", "b1"], ["c"], kernel_shape=[1, 1]), node("Relu", ["c"], ["r"]),
             node("GlobalAveragePool", ["r"], ["g"]), node("Flatten", ["g"], ["f"]),
             node("Gemm", ["f", "w2", "b2"], ["y"], transB=1)]
    return nodes, {name: values.astype(np.float32) for name, values in weights.items()}


def put_beside(folder, arrays, location="weights.bin"):
    """Write the arrays one behind the other into a file of 'folder'; the tensors that name it."""
    out, at = [], 0
    with open(f"{folder}/{location}", "wb") as to:
        for name, values in arrays.items():
            out.append(tensor(name, values, (location, at, values.nbytes)))
            to.write(values.tobytes())
            at += values.nbytes
    return out


def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def package(folder, output="logits", classes=3, sha256=None, href="./model.onnx", chip=64):
    """model.json and scheme.yaml around the network in 'folder'."""
    listed = [{"value": i, "name": f"c{i}", "title": f"Class {i}"} for i in range(classes)]
    scaling = {"type": "scale", "value": 255}
    properties = {"license": "none", "mlm:name": folder, "mlm:architecture": "test", "mlm:tasks": ["scene-classification"],
                  "mlm:input": [{"name": "x", "bands": ["red", "green", "blue"], "value_scaling": [scaling]}],
                  "mlm:output": [{"name": output, "classification:classes": listed}],
                  "landuse:chip_size_px": chip, "landuse:gsd_m": 0.3, "landuse:scheme": "./scheme.yaml"}
    asset = {"href": href, "landuse:sha256": sha256 or digest(os.path.join(folder, href))}
    item = {"type": "Feature", "stac_version": "1.0.0", "id": os.path.basename(folder), "geometry": None,
            "properties": properties, "links": [], "assets": {"model": asset}}
    with open(f"{folder}/model.json", "w") as to:
        json.dump(item, to)
    with open(f"{folder}/scheme.yaml", "w") as to:
        to.write("name: t\nversion: 1\ntitle: T\nclasses:\n")
        for i in range(classes):
            to.write(f'  - {{value: {i + 1}, name: Class {i}, color: "#{i * 40 % 256:02x}8040", from: [c{i}]}}\n')
