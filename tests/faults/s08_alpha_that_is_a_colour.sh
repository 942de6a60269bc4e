#!/bin/sh
# s08_alpha_that_is_a_colour.sh: near infrared tagged as alpha hides nothing, whatever it looks like; a real alpha does.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
random = np.random.default_rng(8)
size, colours = 256, [gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand, gdal.GCI_AlphaBand]
x, y = np.meshgrid(np.arange(size), np.arange(size))
rgb = random.integers(1, 255, (3, size, size))
left = x < size / 2
def image(name, alpha, kind=np.uint8, options=("TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64")):
    cells = np.concatenate([rgb, np.clip(alpha, 0, np.iinfo(kind).max)[None]]).astype(kind)
    raster(name, cells, IMAGE_CRS, IMAGE_PLACE, colours=colours, options=options)
noise = random.normal(0, 12, (size, size))
image("nir_lake.tif", np.where(left, 20, 140) + noise)
image("nir_black_lake.tif", np.where(left, 0, 140 + noise), options=["COMPRESS=DEFLATE"])
image("nir_flat.tif", np.full((size, size), 100))
image("nir_12.tif", np.where(left, 300, 2000) + 20 * noise, np.uint16, ["NBITS=12"])
# Real ones: half is empty; with a soft edge, in the values of lossy compression, opaque at 255 of 16 bits, at 1 of 8.
image("alpha.tif", np.where(left, 0, 255))
image("alpha_soft.tif", np.clip((x - 112) * 8, 0, 255))
image("alpha_lossy.tif", np.where(left, 1, 254) + random.integers(-1, 2, (size, size)))
image("alpha_255_of_16.tif", np.where(left, 0, 255), np.uint16)
image("alpha_1_of_8.tif", np.where(left, 0, 1))
image("alpha_none_empty.tif", np.full((size, size), 255))
image("alpha_255_none_empty.tif", np.full((size, size), 255), np.uint16)
END
# chips FILE NUMBER WARNS OPTIONS...: so many chips of 64 pixels have data, with or without the warning.
chips() {
	file=$1 number=$2 warns=$3
	shift 3
	"$landuse" tile -q --chip 64 "$@" -o out "$file" >words 2>&1 || fail "$file: $(cat words)"
	got=$(($(wc -l <out/index.csv) - 1))
	[ "$got" -eq "$number" ] || fail "$file $*: $got chips instead of $number"
	got=$(grep -c "warning: $file: band 4 is tagged alpha but looks like a colour" words || true)
	[ "$got" -eq "$warns" ] || fail "$file: $got warnings instead of $warns: $(cat words)"
	rm -r out
}
for name in nir_lake nir_black_lake nir_flat nir_12; do
	chips $name.tif 16 1
done
"$landuse" info nir_lake.tif >words
grep -q 'validity *band 4 is tagged alpha but looks like a colour' words || fail "info: $(cat words)"
chips nir_lake.tif 16 0 --nodata none
chips nir_lake.tif 16 0 --bands 4,1,2
for name in alpha alpha_soft alpha_lossy alpha_255_of_16 alpha_1_of_8; do
	chips $name.tif 8 0
done
chips alpha_none_empty.tif 16 0
chips alpha_255_none_empty.tif 16 0
# The same where pixels are warped: a shift by half a pixel costs no chip but those at the edge.
for name in alpha alpha_255_of_16 alpha_1_of_8 nir_lake; do
	"$landuse" tile -q --chip 32 --resolution 0.31 -o out $name.tif >/dev/null 2>&1 || fail "$name is not warped"
	echo "$(($(wc -l <out/index.csv) - 1))" >$name.count
	rm -r out
done
for name in alpha_255_of_16 alpha_1_of_8; do
	cmp -s alpha.count $name.count || fail "$name: $(cat $name.count) chips warped, $(cat alpha.count) with a plain alpha"
done
[ "$(cat nir_lake.count)" -gt "$(cat alpha.count)" ] || fail "near infrared hides pixels when warped"

cat >job.yaml <<END
model: aerial-21
dates:
  - {date: 2015, imagery: nir_lake.tif}
output: out
END
"$landuse" run -q --dry-run job.yaml >plan 2>words || fail "$(cat words)"
grep -q 'band 4 is tagged alpha but looks like a colour' words || fail "--dry-run: $(cat words)"
grep -q 'bands 1, 2, 3 of red, green, blue, alpha' plan || fail "--dry-run: $(cat plan)"
