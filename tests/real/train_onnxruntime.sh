#!/bin/sh
# train_onnxruntime.sh: models that landuse trains give the same probabilities in ONNX Runtime: logistic and forest.
#
# usage: NODE_PATH=FOLDER/node_modules sh tests/real/train_onnxruntime.sh
#
# FOLDER holds the Node package onnxruntime-node. The chips are among those that were learned from: their features
# are what trees take their thresholds from, so a difference in rounding would show there first.
if ! node -e 'require("onnxruntime-node")' 2>/dev/null; then
	echo "skipped: no ONNX Runtime (Node package onnxruntime-node, found by NODE_PATH)"
	exit 77
fi
. tests/support/shell.sh
net_logits=$(realpath "${NET_LOGITS:-build/tests/net_logits}")
support=$PWD/tests/support

draw_chips 10
cd "$scratch"
"$python" - <<'END'
# Every fourth chip as the network takes it: value / 127.5 - 1, band after band.
import glob
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
chips = [gdal.Open(name).ReadAsArray()[:3] for name in sorted(glob.glob("chips/*/*.png"))[::4]]
assert len(chips) >= 8, len(chips)
scaled = np.stack(chips[:8]).astype("<f4") * np.float32(1 / 127.5) - np.float32(1)
scaled.tofile("chips.bin")
END
for head in logistic forest-2017 forest; do
	"$landuse" train -q chips --backbone aerial-21 --cache cache -o $head --block-numbers 3 --head $head >log 2>&1 || {
		grep -q 'built without xgboost' log && { echo "$head: built without xgboost"; continue; }
		cat log
		fail "$head"
	}
	node "$support/onnxruntime.js" $head/model.onnx chips.bin answers.bin
	echo $head
	"$net_logits" $head/model.onnx chips.bin answers.bin || fail "$head"
done
