#!/bin/sh
# s19_fill_without_nodata.sh: black or white wedges that no nodata value tells apart are left out, other such places told.
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
# Fill that is worn by some noise is not exact.
image("worn.tif", np.where(wedge, noise.integers(0, 3, (3, size, size)), rgb))
# A lake and a roof of the fill's own value inside, a roof at an edge; they are pictures.
lake = (abs(x - 300) < 60) & (abs(y - 300) < 60)
image("lake.tif", np.where(wedge | lake, 0, rgb))
image("filled.tif", np.where(wedge, 0, np.where(lake, 1, rgb)), nodata=0)
image("roof.tif", np.where((x > 430) & (abs(y - 300) < 30), 255, rgb))
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
		lacks 'look like fill\|in its corners' stderr || fail "$file gets a warning"
	fi
}
for name in hole wrong; do
	told $name.tif "warning: $name.tif: has places of nothing but black, which look like fill and would be classified (--nodata 0 leaves it out)"
done
for file in black.tif deep.tif turned.tif apart.vrt lossy.tif; do
	told $file "warning: $file: nothing but black in its corners, without a nodata value: taken for no data (--nodata none takes it for ground)"
	lacks 'look like fill' stderr || fail "$file is told twice"
done
for file in white.tif twelve.tif; do
	told $file "warning: $file: nothing but white in its corners"
done
told negative.tif 'negative.tif: nothing but one negative number in its corners'
told worn.tif 'nothing but black, which look like fill and would be classified'
for name in whole declared dark bright red roof; do
	told $name.tif ''
done
# The pixels that have data are those that a nodata value would leave (a pixel of the wedge's tip aside), but for the lake's.
shares() {
	"$landuse" tile -q -o tiles --overwrite --chip 32 --min-valid 0.01 "$@" >/dev/null 2>&1 || fail "$*"
	cat tiles/index.csv
}
alike() {
	"$python" - got wanted <<'END' || fail "$1: other pixels are data"
import csv, sys
read = lambda name: {r["path"]: float(r["valid_share"]) for r in csv.DictReader(open(name))}
got, wanted = map(read, sys.argv[1:])
assert len(wanted) > 100 and any(0.1 < v < 0.9 for v in wanted.values())
assert max(abs(got.get(k, 0) - wanted.get(k, 0)) for k in got.keys() | wanted.keys()) < 0.01
END
}
shares deep.tif >got && shares --nodata 0 deep.tif >wanted && alike deep
for options in '' '--crs EPSG:32618'; do
	# shellcheck disable=SC2086
	shares $options lake.tif >got && shares $options filled.tif >wanted && alike "lake $options"
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
grep -q 'warning: black.tif: nothing but black in its corners.*(nodata: none takes it for ground)' stderr || fail "--dry-run: $(cat stderr)"
