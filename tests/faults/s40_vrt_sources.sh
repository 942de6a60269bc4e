#!/bin/sh
# s40_vrt_sources.sh: what a VRT lacks is found before the run, in masks and in VRTs in VRTs, too.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
import os, shutil, subprocess
import numpy as np
from fixtures import *
pixels = np.random.default_rng(1).integers(1, 255, (3, 448, 448)).astype(np.uint8)
for name in ("tile", "cut", "gone", "empty"):
    raster(f"tiles/{name}.tif", pixels, IMAGE_CRS, IMAGE_PLACE)
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "NO")
raster("masked.tif", pixels, IMAGE_CRS, IMAGE_PLACE)
def build(name, *sources):
    assert gdal.BuildVRT(name, list(sources)) is not None
for name in ("tile", "cut", "gone", "empty"):
    build(f"{name}.vrt", f"tiles/{name}.tif")
raster("deep/tiles/gone.tif", pixels, IMAGE_CRS, IMAGE_PLACE)
build("deep/inner.vrt", "deep/tiles/gone.tif")
build("outer.vrt", "tiles/tile.tif", "deep/inner.vrt")
build("good_outer.vrt", "tile.vrt")
gdal.Warp("warped.vrt", "tiles/gone.tif", format="VRT", dstSRS="EPSG:32618")
# A mask of its own: a VRT whose bands are there and whose mask is not.
xml = open("tile.vrt").read()
mask = '<MaskBand><VRTRasterBand dataType="Byte"><SimpleSource><SourceFilename relativeToVRT="1">tiles/mask.tif' \
       '</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></MaskBand></VRTDataset>'
open("mask.vrt", "w").write(xml.replace("</VRTDataset>", mask))
open("round.vrt", "w").write(xml.replace("tiles/tile.tif", "circle.vrt"))
open("circle.vrt", "w").write(xml.replace("tiles/tile.tif", "round.vrt"))
os.remove("tiles/gone.tif")
os.remove("deep/tiles/gone.tif")
os.truncate("tiles/cut.tif", 200000)
os.truncate("tiles/empty.tif", 0)
classes = np.random.default_rng(1).integers(1, 4, (20, 20)).astype(np.uint8)
raster("a.tif", classes, names=["", "Water", "Farm", "Town"])
raster("b.tif", classes, names=["", "Water", "Farm", "Town"])
build("b.vrt", "b.tif")
os.remove("b.tif")
END
for name in tile cut gone empty outer good_outer warped mask; do
	cat >"$name.yaml" <<END
model: aerial-21
dates:
  - {date: 2015, imagery: $name.vrt}
output: out
END
done
missing="no such file"
expect 1 "gone.vrt: tiles/gone.tif: $missing" "$landuse" run -q --dry-run gone.yaml
expect 1 "gone.vrt: tiles/gone.tif: $missing" "$landuse" run -q gone.yaml
expect 1 "gone.vrt: $scratch/tiles/gone.tif: $missing" "$landuse" classify -q -o out "$scratch/gone.vrt"
expect 1 "gone.vrt: tiles/gone.tif: $missing" "$landuse" tile -q -o out gone.vrt
expect 1 "gone.vrt: tiles/gone.tif: $missing" "$landuse" info gone.vrt
expect 1 "outer.vrt: deep/inner.vrt: deep/tiles/gone.tif: $missing" "$landuse" run -q --dry-run outer.yaml
expect 1 "mask.vrt: tiles/mask.tif: $missing" "$landuse" run -q --dry-run mask.yaml
expect 1 "warped.vrt: " "$landuse" run -q --dry-run warped.yaml
expect 1 "cut.vrt: tiles/cut.tif: cut off" "$landuse" run -q --dry-run cut.yaml
expect 1 "empty.vrt: tiles/empty.tif: not an image" "$landuse" run -q --dry-run empty.yaml
expect 1 "round.vrt: circle.vrt: round.vrt: is a source of itself" "$landuse" classify -q -o out round.vrt
expect 1 "b.vrt: b.tif: $missing" "$landuse" change -q -o out a.tif b.vrt
[ ! -e out ] || fail "a refused job left a folder"
for name in tile good_outer; do
	"$landuse" run -q --dry-run "$name.yaml" >plan 2>words || fail "$name.vrt was refused: $(cat words)"
	[ ! -s words ] || fail "$name.vrt: $(cat words)"
done
