#!/bin/sh
# fp16_ucmerced.sh: in half precision aerial-21 keeps at least 99.5 % of its labels on real chips, and its accuracy.
#
# Every fourth chip, and the same mirrored: 840 answers.
. tests/support/data.sh

code=0
"$landuse" info --precision fp16 models/aerial-21/model.onnx >/dev/null 2>"$scratch/err" || code=$?
if [ $code -ne 0 ]; then
	[ $code -eq 1 ] && grep 'precision fp16' "$scratch/err" || { cat "$scratch/err"; fail "info ended with $code"; }
	echo "skipped: no processor with AVX512-FP16"
	exit 77
fi
"$python" - "$data/ucmerced_train" "$scratch" <<'END'
import glob, os, sys
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
data, out = sys.argv[1:]
size, across = 224, 24
files = sorted(glob.glob(f"{data}/*/*"))[::4]
down = -(-2 * len(files) // across)
mosaic = gdal.GetDriverByName("GTiff").Create(f"{out}/chips.tif", across * size, down * size, 3, options=["TILED=YES"])
mosaic.SetGeoTransform((500000, 0.3, 0, 4000000, 0, -0.3))
utm = osr.SpatialReference()
utm.ImportFromEPSG(26910)
mosaic.SetProjection(utm.ExportToWkt())
for i, file in enumerate(files):
    picture = gdal.Open(file).ReadAsArray()[:3]
    top, left = (picture.shape[1] - size) // 2, (picture.shape[2] - size) // 2
    chip = picture[:, top:top + size, left:left + size]
    for at, turned in ((2 * i, chip), (2 * i + 1, chip[:, :, ::-1])):
        mosaic.WriteRaster(at % across * size, at // across * size, size, size, np.ascontiguousarray(turned).tobytes(),
                           band_list=[1, 2, 3])
np.save(f"{out}/classes.npy", np.repeat([os.path.basename(os.path.dirname(file)) for file in files], 2))
END
for precision in fp32 fp16; do
	"$landuse" classify -q --model aerial-21 --scheme ucmerced-21 --nodata none --precision $precision \
		-o "$scratch/$precision" "$scratch/chips.tif" >/dev/null || fail "classify in $precision"
done
"$python" - "$scratch" <<'END'
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
folder = sys.argv[1]
truth = np.load(f"{folder}/classes.npy")
names = sorted(set(truth))
maps = [gdal.Open(f"{folder}/{p}/landuse.tif").ReadAsArray().ravel()[:len(truth)] for p in ("fp32", "fp16")]
right = [np.mean([names[value - 1] == name for value, name in zip(found, truth)]) for found in maps]
same = np.mean(maps[0] == maps[1])
print(f"{len(truth)} answers: {same:.2%} of labels kept; accuracy {right[0]:.4f} in fp32, {right[1]:.4f} in fp16")
assert len(truth) >= 800 and right[0] > 0.9
assert same >= 0.995 and right[1] >= right[0] - 0.003
END
