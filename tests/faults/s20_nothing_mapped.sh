#!/bin/sh
# s20_nothing_mapped.sh: a date without a mapped cell is an error, one with few a warning, with the reason.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
random = np.random.default_rng(20)
cell, across = 64, 6
size = cell * across
pixels = random.integers(1, 255, (3, size, size)).astype(np.uint8)
def image(name, data=None, nodata=None, alpha=None, place=IMAGE_PLACE):
    cells = pixels.copy() if data is None else np.where(data, pixels, 0).astype(np.uint8)
    colours = [gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand]
    if alpha is not None:
        cells, colours = np.concatenate([cells, alpha[None].astype(np.uint8)]), colours + [gdal.GCI_AlphaBand]
    raster(name, cells, IMAGE_CRS, place, nodata=nodata, colours=colours)
x, y = np.meshgrid(np.arange(size), np.arange(size))
image("whole.tif")
image("empty.tif", data=x < 0, nodata=0)
image("hidden.tif", alpha=np.zeros((size, size)))
image("thin.tif", data=x % 4 != 0, nodata=0)
image("few.tif", data=(x < cell) & (y < 2 * cell), nodata=0)
image("more.tif", data=x < 4 * cell, nodata=0)
image("corner.tif", place=(IMAGE_PLACE[0] + 0.3 * (size - 2 * cell), 0.3, 0, IMAGE_PLACE[3] + 0.3 * 4 * cell, 0, -0.3))
side = 0.3 * size
layer("county.gpkg", [f"POLYGON({box(0, 0, side, side, IMAGE_PLACE)})"], IMAGE_CRS)
# A county whose boundary box meets the image, and whose ground does not.
layer("ring.gpkg", [f"POLYGON({box(-500, -500, 600, 600, IMAGE_PLACE)},{box(-400, -400, 500, 500, IMAGE_PLACE)})"], IMAGE_CRS)
west, east = np.zeros((2, 8, 8), np.uint8)
west[:, :4], east[:, 4:] = 1, 1
for name, cells in (("west", west), ("east", east), ("all", west + east)):
    raster(f"{name}.tif", cells, nodata=0, names=["", "Water"])
END
# job NAME IMAGES...: a job on the county, a date an image.
job() {
	name=$1
	shift
	{
		echo 'model: aerial-21'
		echo 'accept_gsd_mismatch: true'
		echo 'grid: {chip: 64}'
		echo 'dates:'
		for image in "$@"; do
			echo "  - {date: ${image%.tif}, imagery: $image}"
		done
		echo "output: out_$name"
		echo 'county: {boundary: '"${boundary:-county.gpkg}"'}'
	} >"$name.yaml"
}
failed() {
	name=$1 words=$2
	shift 2
	job "$name" "$@"
	expect 1 "$words" "$landuse" run -q "$name.yaml"
	[ -z "$(find "out_$name" -name '*.tif' -o -name '*.json' -o -name '*.csv')" ] || fail "$name: outputs of a failed job"
}
failed empty "none of the county's 36 cells could be mapped: 36 without data (beyond the files, or of the nodata value)" empty.tif
failed hidden 'or hidden by an alpha or mask band' hidden.tif
failed thin '36 with data on less than min_valid of their chip' thin.tif
failed second "date empty: none of the county's" whole.tif empty.tif
boundary=ring.gpkg failed ring 'could be mapped' whole.tif
job few few.tif
"$landuse" run -q few.yaml >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q "warning: few: only 2 of the county's 36 cells are mapped: 34 without data" stderr || fail "$(cat stderr)"
job corner corner.tif
"$landuse" run -q corner.yaml >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q "warning: corner: only 4 of the county's 36 cells are mapped" stderr || fail "$(cat stderr)"
job pair few.tif corner.tif
"$landuse" run -q pair.yaml >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q 'few and corner have no mapped cell in common' stderr || fail "$(cat stderr)"
for kind in whole more; do
	job $kind $kind.tif
	"$landuse" run -q $kind.yaml >/dev/null 2>stderr || fail "$kind: $(cat stderr)"
	lacks 'only .* cells are mapped' stderr || fail "$kind: $(cat stderr)"
done
expect 1 'west.tif, east.tif: no cell has a class at both dates' "$landuse" change -q -o change west.tif east.tif
"$landuse" change -q -o change west.tif east.tif all.tif >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q 'warning: west and east have no mapped cell in common' stderr || fail "$(cat stderr)"
