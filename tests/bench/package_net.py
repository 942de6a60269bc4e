#!/usr/bin/python3
"""Make a model package out of any ONNX classifier, for benchmarks: classes without meaning.

usage: package_net.py MODEL.onnx OUTDIR CLASSES [CHIP_PX]
Writes OUTDIR/model.onnx, OUTDIR/model.json and OUTDIR/scheme.yaml (two map classes: odd and even).
"""
import hashlib
import json
import os
import shutil
import sys

source, out, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
chip = int(sys.argv[4]) if len(sys.argv) > 4 else 224
os.makedirs(out, exist_ok=True)
shutil.copy(source, f"{out}/model.onnx")
digest = hashlib.sha256(open(source, "rb").read()).hexdigest()
names = [f"c{i}" for i in range(count)]
scaling = {"type": "z-score", "mean": 127.5, "stddev": 127.5}
item = {
    "type": "Feature", "stac_version": "1.0.0", "id": os.path.basename(os.path.abspath(out)), "geometry": None,
    "properties": {
        "mlm:architecture": os.path.basename(source), "license": "none: random weights",
        "mlm:input": [{"name": "chip", "bands": ["red", "green", "blue"], "value_scaling": [scaling]}],
        "mlm:output": [{"name": "logits", "classification:classes": [{"value": i, "name": n} for i, n in enumerate(names)]}],
        "landuse:chip_size_px": chip, "landuse:gsd_m": 0.3,
    },
    "assets": {"model": {"href": "./model.onnx", "landuse:sha256": digest}},
}
json.dump(item, open(f"{out}/model.json", "w"), indent=1)
with open(f"{out}/scheme.yaml", "w") as f:
    f.write("name: bench\nversion: 1\nclasses:\n")
    for value, rest in ((1, 0), (2, 1)):
        members = ", ".join(names[rest::2])
        f.write(f'  - {{value: {value}, name: Half{value}, color: "#{value * 40:02x}4040", from: [{members}]}}\n')
