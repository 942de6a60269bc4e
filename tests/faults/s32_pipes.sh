#!/bin/sh
# S32: a pipe or a device where a job, a model, its weights or a table belongs is one clear line at once, and no wait.
. tests/support/shell.sh

cd "$scratch"
mkfifo pipe pipe.onnx pipe.csv
mkdir -p package
mkfifo package/model.json
printf 'x: 1\n' >plain.yaml
regular='a regular file is expected'
now="timeout 120 $landuse"
expect 2 "pipe: is a pipe, $regular" $now run pipe
expect 2 "pipe: is a pipe, $regular" $now run --dry-run pipe
expect 2 "/dev/zero: is a device, $regular" $now run /dev/zero
expect 2 "pipe.onnx: is a pipe, $regular" $now info pipe.onnx
expect 2 "package/model.json: is a pipe, $regular" $now info package
expect 2 "package/model.json: is a pipe, $regular" $now models verify ./package
expect 2 "package/model.json: is a pipe, $regular" $now models add package
expect 2 "pipe.csv: is a pipe, $regular" $now assess --counts pipe.csv
expect 2 "pipe: is a pipe, $regular" $now classify -o out pipe
expect 2 "pipe: is a pipe, $regular" $now change -o out pipe pipe
expect 2 "pipe: is a pipe, $regular" $now sample -o sample.gpkg pipe
expect 2 "pipe: is a pipe, $regular" $now info pipe
python_here <<'P'
import numpy as np
from fixtures import raster
raster("map.tif", np.full((4, 4), 1, np.uint8), names=["", "Water"])
P
expect 2 "pipe.csv: is a pipe, $regular" $now assess map.tif pipe.csv
expect 2 "pipe: is a pipe, $regular" $now compare map.tif pipe
# A regular file by way of standard input is one, whatever is in it.
refuses "'x' is not a key of the job" "$landuse" run --dry-run /dev/stdin <plain.yaml
