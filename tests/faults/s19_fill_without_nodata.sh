#!/bin/sh
# s19_fill_without_nodata.sh: black or white wedges that no nodata value tells apart give a warning before the run.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
noise = np.random.default_rng(19)
size = 448
x, y = np.meshgrid(np.arange(size), np.arange(size))
rgb = noise.integers(5, 250, (3, size, size))
wedge = x + 3 * y < 300
hole = (abs(x - 224) < 40) & (abs(y - 224) < 40)
def image(name, cells, kind=np.uint8, nodata=None, options=()):
    raster(name, cells.astype(kind), IMAGE_CRS, IMAGE_PLACE, nodata=nodata, options=options)
image("whole.tif", rgb)
image("black.tif", np.where(wedge, 0, rgb))
image("white.tif", np.where(wedge, 255, rgb))
image("hole.tif", np.where(hole, 0, rgb))
image("deep.tif", np.where(wedge, 0, rgb * 200), np.uint16)
image("twelve.tif", np.where(wedge, 4095, rgb * 15), np.uint16, options=["NBITS=12"])
image("negative.tif", np.where(wedge, -9999, rgb), np.int16)
image("lossy.tif", np.where(wedge, 0, rgb // 8 * 4), options=["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "TILED=YES"])
image("wrong.tif", np.where(wedge, 0, rgb), nodata=255)
image("declared.tif", np.where(wedge, 0, rgb), nodata=0)
# Dark water and bright sand are no fill.
image("dark.tif", np.where(wedge, noise.integers(0, 9, (3, size, size)), rgb))
image("bright.tif", np.where(wedge, noise.integers(245, 256, (3, size, size)), rgb))
image("red.tif", np.where(wedge, np.array([0, 90, 90])[:, None, None], rgb))
gdal.Warp("turned.tif", "whole.tif", dstSRS="EPSG:32618", xRes=0.3, yRes=0.3)
raster("far.tif", rgb.astype(np.uint8), IMAGE_CRS, (IMAGE_PLACE[0] + 400, 0.3, 0, IMAGE_PLACE[3] - 400, 0, -0.3))
gdal.BuildVRT("apart.vrt", ["whole.tif", "far.tif"])
END
# told IMAGE WORDS OPTIONS...: tile says the words ('' for none).
told() {
	file=$1 words=$2
	shift 2
	"$landuse" tile -q -o tiles --overwrite --min-valid 0.1 "$@" "$file" >/dev/null 2>stderr || fail "$file: $(cat stderr)"
	if [ -n "$words" ]; then
		grep -qF -- "$words" stderr || fail "$file: no '$words' in: $(cat stderr)"
	else
		lacks 'look like fill' stderr || fail "$file gets a warning"
	fi
}
for name in black hole deep turned wrong; do
	told $name.tif "warning: $name.tif: has places of nothing but black, which look like fill and would be classified (--nodata 0 leaves it out)"
done
told apart.vrt 'apart.vrt: has places of nothing but black'
told white.tif 'nothing but white, which look like fill and would be classified (--nodata 255 leaves it out)'
told twelve.tif '(--nodata 4095 leaves it out)'
told negative.tif 'nothing but one negative number, which look like fill and would be classified (--nodata -9999 leaves it out)'
told lossy.tif 'nothing but black, which look like fill and would be classified'
for name in whole declared dark bright red; do
	told $name.tif ''
done
told black.tif '' --nodata 0
told black.tif '' --nodata none

cat >job.yaml <<END
model: aerial-21
dates:
  - {date: 2015, imagery: black.tif}
output: out
END
"$landuse" run -q --dry-run job.yaml >plan 2>stderr || fail "$(cat stderr)"
grep -q 'warning: black.tif: has places of nothing but black.*(nodata: 0 leaves it out)' stderr || fail "--dry-run: $(cat stderr)"
