#!/bin/sh
# learn_cifar.sh: a bare network on class folders of 32 x 32 pictures gives the classes of the reference logits.
# The command is the README's own.
. tests/support/data.sh
. tests/support/readme.sh
names=airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck

"$python" - "$data/cifar10_parity" "$scratch/clone/cifar10" "$names" <<'END'
import os, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
folder, out, names = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
pictures = np.load(folder + "/ref_input_u8_200x32x32x3.npy")
logits = np.load(folder + "/ref_logits_resnet20-12fca82f_200x10_f32.npy")
for i, (picture, row) in enumerate(zip(pictures, logits)):
    memory = gdal.GetDriverByName("MEM").Create("", 32, 32, 3)
    for b in range(3):
        memory.GetRasterBand(b + 1).WriteArray(np.ascontiguousarray(picture[:, :, b]))
    os.makedirs(f"{out}/{names[row.argmax()]}", exist_ok=True)
    gdal.GetDriverByName("PNG").CreateCopy(f"{out}/{names[row.argmax()]}/{i:05d}.png", memory)
# What the probabilities of the right classes must be on average.
e = np.exp(logits - logits.max(1, keepdims=True))
print("%.5f" % (e / e.sum(1, keepdims=True)).max(1).mean(), file=open(out + ".confidence", "w"))
END
ln -s "$data/models/resnet20_cifar10.onnx" "$scratch/clone/resnet20_cifar10.onnx"
run_readme cifar >/dev/null
"$python" - "$scratch/clone/evaluation/evaluation.json" "$scratch/clone/cifar10.confidence" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["n"] == 200 and report["overall_accuracy"] == 1, report["overall_accuracy"]
assert abs(report["mean_confidence"] - float(open(sys.argv[2]).read())) < 1e-4
END
