#!/bin/sh
# s19_fill_without_nodata.sh: black or white wedges that no nodata value tells apart are no data, and that is told.
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
	told $name.tif "warning: $name.tif: has places of nothing but black, which look like fill and are taken for no data (--nodata none takes them for ground)"
done
told apart.vrt 'apart.vrt: has places of nothing but black'
told white.tif 'nothing but white, which look like fill and are taken for no data'
told twelve.tif 'nothing but white, which look like fill'
told negative.tif 'nothing but one negative number, which look like fill and are taken for no data'
told lossy.tif 'nothing but black, which look like fill and are taken for no data'
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
grep -q 'warning: black.tif: has places of nothing but black.*(nodata: none takes them for ground)' stderr || fail "--dry-run: $(cat stderr)"

# The chips that have data are those that a nodata value would leave, read as they are and warped.
chips() {
	"$landuse" tile -q -o tiles --overwrite --chip 32 "$@" >/dev/null 2>&1 || fail "$*"
	cut -d, -f1 tiles/index.csv | sort
}
for resolution in '' '--resolution 0.31'; do
	for name in black deep; do
		# shellcheck disable=SC2086
		chips $resolution $name.tif >got && chips $resolution --nodata 0 $name.tif >wanted
		cmp -s got wanted || fail "$name $resolution: $(wc -l <got) lines of chips, $(wc -l <wanted) with nodata: 0"
	done
done
chips white.tif >got && chips --nodata 255 white.tif >wanted
cmp -s got wanted || fail 'white: other chips than with --nodata 255'
chips lossy.tif >got && chips --nodata none lossy.tif >all
[ "$(wc -l <got)" -lt "$(wc -l <all)" ] || fail 'lossy fill is data'
chips black.tif >got && chips --nodata none black.tif >all
[ "$(wc -l <got)" -lt "$(wc -l <all)" ] || fail 'nodata: none takes no fill for ground'
