#!/bin/sh
# s43_deep_chips.sh: chips of 16 bits and Float32 are read with a range as imagery is, by evaluate, train and quantize.
. tests/support/shell.sh

"$sample_county" -q --chips "$scratch/drawn" --per-class 4 --seed 5 --chip 128
cd "$scratch"
for class in forest river parkinglot; do mkdir -p "bytes/$class" && cp drawn/$class/* "bytes/$class"; done
# The same chips in other pixel types: a value v of 8 bits lies at LOW + v / 255 (HIGH - LOW).
python_here <<'PY'
import glob, os
import numpy as np
from fixtures import raster
from osgeo import gdal
for path in sorted(glob.glob("bytes/*/*")):
    cells = gdal.Open(path).ReadAsArray()
    name = path.rsplit(".", 1)[0].split("/", 1)[1] + ".tif"
    # Half a step off every border between two grey values, so that rounding has no say.
    raster("uint16/" + name, np.round(1000 + cells * (5080 / 255)).astype(np.uint16), crs=None)
    raster("int16/" + name, np.round(-2540 + cells * (5080 / 255)).astype(np.int16), crs=None)
    raster("float32/" + name, (cells / 255).astype(np.float32), crs=None)
PY
find . -name '*.aux.xml' -delete
evaluate() { "$landuse" evaluate -q --no-history "$@"; }
figures() {
	"$python" -c 'import json, sys
r = json.load(open(sys.argv[1]))
print(r["n"], r["overall_accuracy"], r["ece"], r["confusion"])' "$1"
}

evaluate aerial-21 bytes --json >bytes.json
figures bytes.json >wanted
while read -r type range; do
	evaluate aerial-21 $type --range=$range --json >$type.json
	figures $type.json | cmp - wanted || fail "$type with range $range is another set"
	# Without a range nothing says which values are dark and which are light.
	refuses 'pixels, more than 8 bits a band need a range' evaluate aerial-21 $type
done <<'ROWS'
uint16 1000,6080
int16 -2540,2540
float32 0,1
ROWS

# Training: the same head as from bytes, and the package keeps the range for whoever reads chips with it.
train() { "$landuse" train -q --no-history --backbone aerial-21 --block-numbers 2 --cache cache "$@"; }
train bytes -o models/m >/dev/null
mv models/m models/from_bytes
train uint16 --range 1000,6080 -o models/m >log
grep -q '12 chips of 3 classes (0 unreadable' log || { cat log; fail "chips were left out"; }
cmp models/m/model.onnx models/from_bytes/model.onnx || fail "another head from the same pixels"
train uint16 --range 0,65535 -o models/dark >/dev/null
differ models/m/model.onnx models/dark/model.onnx || fail "features of another range came from the cache"
"$python" -c 'import json
p = json.load(open("models/m/model.json"))["properties"]
assert p["landuse:range"] == [1000, 6080], p.get("landuse:range")
assert "landuse:range" not in json.load(open("models/from_bytes/model.json"))["properties"]'
evaluate ./models/m uint16 --json >own.json
evaluate ./models/from_bytes bytes --json >plain.json
[ "$(figures own.json)" = "$(figures plain.json)" ] || fail "the package's range is not used"
"$landuse" quantize -q ./models/m --chips uint16 -o models/m8 --calibration 6 >log
grep -q 'of 6 pictures held out' log || { cat log; fail "quantize left pictures out"; }

# Maps too: 16-bit imagery is read by the model's range where the job names none.
"$sample_county" -q --cells 3x3 --dates 2015 --seed 3 --format deflate county
python_here <<'PY'
import numpy as np
from fixtures import gdal
src = gdal.Open("county/imagery_2015.tif")
cells = src.ReadAsArray()
out = gdal.GetDriverByName("GTiff").Create("deep.tif", src.RasterXSize, src.RasterYSize, 3, gdal.GDT_UInt16)
out.SetGeoTransform(src.GetGeoTransform())
out.SetProjection(src.GetProjection())
out.WriteArray(np.round(1000 + cells[:3] * (5080 / 255)).astype(np.uint16))
PY
"$landuse" classify -q --model ./models/m -o map8 county/imagery_2015.tif >/dev/null 2>err
[ ! -s err ] || fail "bytes are warned of: $(cat err)"
"$landuse" classify -q --model ./models/m -o map16 deep.tif >/dev/null 2>err
lacks 'is mapped to 0..255' err || fail "the model's range was passed over"
python_here <<'PY'
from fixtures import gdal
a, b = (gdal.Open(f"{m}/landuse.tif").ReadAsArray() for m in ("map8", "map16"))
assert (a == b).all() and (a > 0).any()
PY

expect 2 "--range is '5,5', it should be LOW,HIGH" evaluate aerial-21 uint16 --range 5,5
expect 2 "--range is '5', it should be LOW,HIGH" train uint16 --range 5 -o x
expect 2 "--range is '9,1', it should be LOW,HIGH" "$landuse" quantize aerial-21 --chips uint16 -o x --range 9,1
sed -i 's/6080/0/' models/m/model.json
expect 1 "'landuse:range' should be [LOW, HIGH]" evaluate ./models/m uint16
