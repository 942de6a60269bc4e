#!/bin/sh
# tile.sh: chips of the sample county on disk: every pixel at its place, an index that agrees, stopping and refusing.
. tests/support/shell.sh

"$sample_county" -q --cells 6x5 --dates 2015 --seed 5 --deliver quads --format deflate "$scratch/county"
cd "$scratch"
boundary=$(ls county/county.* | head -1)

"$landuse" tile -q -o all county/imagery_2015 >summary
grep -q 'chips of 224 x 224 pixels' summary || fail "no summary"
[ -s all/index.gpkg ] && [ -s all/set.json ] || fail "no index"
"$python" - all county/imagery_2015 <<'END'
import csv, sys, glob
import numpy as np
from osgeo import gdal, ogr
gdal.UseExceptions()
ogr.UseExceptions()
folder, imagery = sys.argv[1:]
rows = list(csv.DictReader(open(f"{folder}/index.csv")))
assert rows and list(rows[0]) == "path,source,date,row,col,x,y,valid_share".split(","), rows[:1]
mosaic = gdal.Warp("", sorted(glob.glob(f"{imagery}/*.tif"), reverse=True), format="MEM", resampleAlg="near")
m = mosaic.GetGeoTransform()
pixels = mosaic.ReadAsArray()
checked = 0
for r in rows:
    chip = gdal.Open(f"{folder}/{r['path']}")
    t = chip.GetGeoTransform()
    assert abs(t[0] + 112 * t[1] - float(r["x"])) < 1e-6 and abs(t[3] + 112 * t[5] - float(r["y"])) < 1e-6
    assert r["date"] == "2015" and float(r["valid_share"]) >= 0.9
    if float(r["valid_share"]) < 1:
        continue
    col, row = round((t[0] - m[0]) / m[1]), round((t[3] - m[3]) / m[5])
    want = pixels[:3, row:row + 224, col:col + 224]
    if want.shape == (3, 224, 224) and abs((t[0] - m[0]) / m[1] - col) < 1e-6:
        assert (chip.ReadAsArray()[:3] == want).all(), r["path"]
        checked += 1
assert checked > 10, checked
index = ogr.Open(f"{folder}/index.gpkg")
layer = index.GetLayer("chips")
assert layer.GetFeatureCount() == len(rows)
for feature, r in zip(layer, rows):
    assert feature["path"] == r["path"] and feature["source"] == r["source"]
    e = feature.GetGeometryRef().GetEnvelope()
    assert e[0] < float(r["x"]) < e[1] and e[2] < float(r["y"]) < e[3]
    assert feature["date"] == r["date"]
END

# The same again writes nothing new; a chip that is gone, and an index, are written again.
rm all/chips/r00002_c00002.tif all/index.csv
"$landuse" tile -q -o all county/imagery_2015 >summary
grep -q '(1 written now' summary || fail "the run did not go on: $(cat summary)"
[ -s all/index.csv ] || fail "no index after going on"

# Stopped in the middle: no index, and the next run finishes with the same bytes.
code=0
timeout -s INT 0.3 "$landuse" tile -q -j 1 --format png --stride 96 -o stopped county/imagery_2015 >/dev/null 2>&1 || code=$?
case $code in 0 | 124) ;; *) fail "a stopped run ended with $code" ;; esac
[ ! -e stopped/index.csv ] || echo "note: the machine was too fast to stop"
"$landuse" tile -q --format png --stride 96 -o stopped county/imagery_2015 >/dev/null
"$landuse" tile -q -j 3 --format png --stride 96 -o whole county/imagery_2015 >/dev/null
diff -r --exclude=.landuse.lock stopped whole || fail "a resumed set differs"
[ -z "$(find stopped -name '*.tmp*')" ] || fail "temporaries were left"

# Only the county, other bands and grid.
"$landuse" tile -q --boundary "$boundary" --bands 2 --chip 64 --resolution 0.6 --format png -o county_only \
	county/imagery_2015 >/dev/null
"$python" -c "
from osgeo import gdal
import csv
rows = list(csv.DictReader(open('county_only/index.csv')))
assert len(rows) > 20
d = gdal.Open('county_only/' + rows[0]['path'])
assert d.RasterXSize == 64 and d.RasterCount == 1"

# Refusals: nothing is written, nothing is lost.
expect 1 'holds chips of other imagery or options' "$landuse" tile -q --chip 128 -o all county/imagery_2015
[ -s all/chips/r00002_c00002.tif ] || fail "a refused run took chips away"
"$landuse" tile -q --overwrite --chip 128 -o all county/imagery_2015 >/dev/null
[ "$(ls all/chips | wc -l)" -eq "$(($(wc -l <all/index.csv) - 1))" ] || fail "chips of the former set stayed"
mkdir foreign
echo mine >foreign/notes.txt
expect 1 'holds other files and no chip set' "$landuse" tile -q -o foreign county/imagery_2015
[ "$(ls foreign)" = notes.txt ] || fail "a foreign folder was changed"
"$landuse" tile -q --overwrite -o foreign county/imagery_2015 >/dev/null
[ "$(cat foreign/notes.txt)" = mine ] || fail "--overwrite took other files away"
expect 2 "format 'gif'" "$landuse" tile -q --format gif -o new county/imagery_2015
expect 2 'do not fit into png' "$landuse" tile -q --format png --bands 1,2 -o new county/imagery_2015
expect 2 'name the imagery' "$landuse" tile -o new
expect 2 'name an output folder' "$landuse" tile county/imagery_2015
expect 2 'nowhere.tif' "$landuse" tile -q -o new nowhere.tif
expect 2 'band 9 asked for' "$landuse" tile -q --bands 1,2,9 -o new county/imagery_2015
[ ! -e new ] || fail "a failed run left a folder"
gdal_translate -q -b 1 -b 2 -b 3 -a_nodata 0 -scale 0 255 0 0 county/imagery_2015/q_ne.tif nothing.tif
expect 1 'of its pixels with data' "$landuse" tile -q -o nothing nothing.tif
[ ! -e nothing/index.csv ] || fail "an empty set has an index"
hold_lock all/.landuse.lock
expect 1 'another landuse job is writing here' "$landuse" tile -q --chip 128 -o all county/imagery_2015
release_lock
