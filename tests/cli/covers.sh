#!/bin/sh
# covers.sh: how much of the county the imagery covers is told before the run and after it.
. tests/support/shell.sh

cd "$scratch"
"$sample_county" -q --cells 8x8 --dates 2015 --seed 4 --chip 128 county
# The whole is 1024 px; a hole in the north-east of 2 x 2 cells, another in the south of 1, and what is west of a line.
gdal_translate -q -srcwin 0 0 768 1024 county/imagery_2015.tif west.tif
gdal_translate -q -srcwin 768 256 256 768 county/imagery_2015.tif east.tif
gdal_translate -q -srcwin 0 0 384 1024 county/imagery_2015.tif little.tif
gdal_translate -q -a_ullr 100000 900000 100300 899700 county/imagery_2015.tif elsewhere.tif
python_here <<'END'
from fixtures import *
from osgeo import gdal
x, step, _, y, _, _ = gdal.Open("county/imagery_2015.tif").GetGeoTransform()
layer("square.gpkg", [f"POLYGON({box(0, 0, 1024 * step, 1024 * step, (x, 1, 0, y, 0, -1))})"], IMAGE_CRS)
END
job() {
	name=$1
	shift
	{
		printf 'county: {boundary: square.gpkg}\nmodel: aerial-21\ngrid: {chip: 128}\naccept_gsd_mismatch: true\noutput: out\n'
		printf 'dates: [{date: 2015, imagery: [%s]}]\n' "$1"
	} >"$name.yaml"
}
job whole county/imagery_2015.tif
says 'imagery covers all of the county' "$landuse" run -q --dry-run whole.yaml || fail whole
job hole 'west.tif, east.tif'
says 'imagery covers 93.7 % of the county; 1 place without imagery, 0.6 ha in the north-east' "$landuse" run -q --dry-run hole.yaml || fail hole
"$landuse" run hole.yaml >said 2>stderr || fail "$(cat stderr)"
grep -q '^2015: imagery covers 93.7 % of the county; 1 place' said || fail "summary: $(cat said)"
lacks 'imagery covers' stderr || fail 'a warning for a small hole'
job little little.tif
"$landuse" run -q --dry-run little.yaml >said 2>stderr || fail "$(cat stderr)"
grep -q 'warning: imagery covers 37.5 % of the county; 1 place without imagery, 5.9 ha in the east' stderr || fail "$(cat stderr)"
job elsewhere elsewhere.tif
expect 1 'does not overlap the county' "$landuse" run -q --dry-run elsewhere.yaml

# Imagery that reaches one of the windows of a large cell, and not the one in its middle, reaches the cell.
"$sample_county" -q --cells 3x3 --dates 2009 --seed 3 large
gdal_translate -q -srcwin 0 0 150 150 large/imagery_2009.tif corner.tif
cat >large.yaml <<'END'
model: aerial-21
dates: [{date: 2009, imagery: large/imagery_2009.tif}, {date: 2015, imagery: corner.tif}]
grid: {cell: 201.6m}
output: out_large
END
"$landuse" run -q --dry-run large.yaml >plan 2>stderr || fail "a corner of a large cell: $(cat stderr)"
