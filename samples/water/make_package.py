#!/usr/bin/python3
"""Write a model package that tells water from land in four-band imagery: an index as a network.

usage: make_package.py FOLDER [--chip 8] [--gsd 5] [--threshold 0.2] [--pixel-slope 10] [--share-slope 8]

landuse runs any ONNX classifier, and a spectral index is one: the normalised difference water index
(S. K. McFeeters: The use of the normalized difference water index in the delineation of open water features.
International Journal of Remote Sensing 17(7), 1996)

    NDWI = (green - nir) / (green + nir)

of every pixel becomes a share of water, sigmoid(slope (NDWI - threshold)); the mean share of a chip above one half
speaks for Water. The slopes say how far an answer is to be trusted: a steep one is sure of itself, and where flights
differ in colour a sure answer is often a wrong one. Needs Debian's python3-onnx.
"""
import argparse
import hashlib
import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BANDS = ["red", "green", "blue", "nir"]
CLASSES = [("water", "Water", "466B9F"), ("land", "Land", "ABC17F")]


def weights(name, values):
    return numpy_helper.from_array(np.array(values, np.float32), name)


def network(args):
    """N x 4 x chip x chip values of 0..1 to two logits."""
    k, t, s = args.pixel_slope, args.threshold, args.share_slope
    # Channels of the first layer: green - nir, and green + nir with a trifle against division by 0.
    first = np.array([[0, 1, 0, -1], [0, 1, 0, 1]]).reshape(2, 4, 1, 1)
    nodes = [
        helper.make_node("Conv", ["chip", "bands", "trifle"], ["parts"], kernel_shape=[1, 1]),
        helper.make_node("Split", ["parts"], ["difference", "sum"], axis=1),
        helper.make_node("Div", ["difference", "sum"], ["ndwi"]),
        helper.make_node("Conv", ["ndwi", "slope", "offset"], ["scaled"], kernel_shape=[1, 1]),
        helper.make_node("Sigmoid", ["scaled"], ["wet"]),
        helper.make_node("GlobalAveragePool", ["wet"], ["share"]),
        helper.make_node("Flatten", ["share"], ["flat"]),
        helper.make_node("Gemm", ["flat", "vote", "bias"], ["logits"]),
    ]
    tables = [weights("bands", first), weights("trifle", [0, 1e-3]), weights("slope", [[[[k]]]]),
              weights("offset", [-k * t]), weights("vote", [[s, -s]]), weights("bias", [-s / 2, s / 2])]
    graph = helper.make_graph(
        nodes, "water", [helper.make_tensor_value_info("chip", TensorProto.FLOAT, ["N", 4, args.chip, args.chip])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 2])], tables)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], producer_name="make_package.py")
    model.ir_version = 7
    onnx.checker.check_model(model)
    return model.SerializeToString()


def item(args, digest):
    classes = [{"value": i, "name": name, "title": title, "color_hint": hint}
               for i, (name, title, hint) in enumerate(CLASSES)]
    properties = {
        "title": "Water by its spectrum", "license": "Apache-2.0", "mlm:name": "water-ndwi", "mlm:architecture": "NDWI",
        "mlm:tasks": ["scene-classification"], "mlm:framework": "ONNX",
        "mlm:input": [{"name": "chip", "bands": BANDS, "value_scaling": [{"type": "scale", "value": 255}]}],
        "mlm:output": [{"name": "logits", "classification:classes": classes}],
        "landuse:chip_size_px": args.chip, "landuse:gsd_m": args.gsd, "landuse:scheme": "./scheme.yaml"}
    return {"type": "Feature", "stac_version": "1.0.0", "id": "water-ndwi", "geometry": None, "properties": properties,
            "links": [], "assets": {"model": {"href": "./model.onnx", "landuse:sha256": digest}}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--chip", type=int, default=8, help="pixels across a chip")
    parser.add_argument("--gsd", type=float, default=5, help="metres a pixel of the imagery")
    parser.add_argument("--threshold", type=float, default=0.2, help="NDWI at which a pixel is as likely water as land")
    parser.add_argument("--pixel-slope", type=float, default=10, help="log-odds for each unit of NDWI")
    parser.add_argument("--share-slope", type=float, default=8, help="half the log-odds for each unit of a chip's share")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    model = network(args)
    with open(f"{args.folder}/model.onnx", "wb") as f:
        f.write(model)
    with open(f"{args.folder}/model.json", "w") as f:
        json.dump(item(args, hashlib.sha256(model).hexdigest()), f, indent=1)
        f.write("\n")
    with open(f"{args.folder}/scheme.yaml", "w") as f:
        f.write("name: water-land\nversion: 1\ntitle: Water and land\nclasses:\n")
        for value, (name, title, hint) in enumerate(CLASSES, 1):
            f.write(f'  - {{value: {value}, name: {title}, color: "#{hint}", from: [{name}]}}\n')


main()
