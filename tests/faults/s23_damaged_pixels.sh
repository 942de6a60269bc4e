#!/bin/sh
# s23_damaged_pixels.sh: pixels that GDAL makes up where JPEG data is damaged are refused; words about tags are not.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
import random
from fixtures import *
noise = np.random.default_rng(23)
x, y = np.meshgrid(np.arange(512), np.arange(512))
base = (x // 16 * 7 + y // 16 * 13) % 200 + 20
pixels = np.clip(base[None] + noise.integers(0, 30, (3, 512, 512)), 0, 255).astype(np.uint8)
jpeg = ["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256"]
raster("good.tif", pixels, IMAGE_CRS, IMAGE_PLACE, options=jpeg)
bytes_ = open("good.tif", "rb").read()
said = []
def catch(level, number, text):
    said.append(level)
gdal.PushErrorHandler(catch)
# Three files that GDAL reads with warnings alone, and other pixels.
found = 0
for seed in range(60):
    random.seed(seed)
    damaged = bytearray(bytes_)
    at = random.randrange(len(damaged) // 4, len(damaged) * 3 // 4)
    for k in range(at, at + random.choice((1, 4, 200))):
        damaged[k] = random.randrange(256)
    name = f"damaged_{found}.tif"
    open(name, "wb").write(damaged)
    said.clear()
    try:
        got = gdal.Open(name).ReadAsArray()
    except RuntimeError:
        continue
    if gdal.CE_Warning in said and gdal.CE_Failure not in said and (got != gdal.Open("good.tif").ReadAsArray()).any():
        found += 1
        if found == 3:
            break
gdal.PopErrorHandler()
assert found == 3, found
gdal.BuildVRT("damaged.vrt", ["damaged_0.tif"])
# A tag that nobody knows, out of order: GDAL warns when the file is opened, and a VRT opens it late.
raster("tags.tif", pixels, IMAGE_CRS, IMAGE_PLACE, options=jpeg, metadata={"TIFFTAG_SOFTWARE": "a camera of some make"})
tags = bytearray(open("tags.tif", "rb").read())
at = tags.index(b"\x31\x01\x02\x00")
tags[at:at + 2] = b"\xfe\xfd"
open("tags.tif", "wb").write(tags)
said.clear()
gdal.PushErrorHandler(catch)
gdal.BuildVRT("tags.vrt", ["tags.tif"])
gdal.Open("tags.tif").ReadAsArray()
gdal.PopErrorHandler()
assert gdal.CE_Warning in said
END
for name in damaged_0.tif damaged_1.tif damaged_2.tif damaged.vrt; do
	expect 1 "$name: damaged: its pixels cannot be trusted" "$landuse" classify -q --stride 56 -o out "$name"
done
expect 1 'damaged_0.tif: damaged' "$landuse" classify -q --crs EPSG:32619 --resolution 0.3 -o out damaged_0.tif
expect 1 'damaged_0.tif: damaged' "$landuse" tile -q -o tiles damaged_0.tif
for name in good.tif tags.tif tags.vrt; do
	"$landuse" classify -q --min-valid 0.05 -o out "$name" >/dev/null 2>words || fail "$name: $(cat words)"
	[ ! -s words ] || fail "$name: $(cat words)"
done
"$landuse" classify -q --min-valid 0.05 --crs EPSG:32619 --resolution 0.3 -o out tags.vrt >/dev/null 2>words || fail "tags.vrt, warped: $(cat words)"
