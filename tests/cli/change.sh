#!/bin/sh
# change.sh: maps made by anyone, however they are stored, give the tables that numpy and PROJ give.
. tests/support/shell.sh
root=$PWD
cd "$scratch"
make() { "$python" "$root/tests/support/make_maps.py" "$@"; }
check() { "$python" "$root/tests/support/check_change.py" "$@"; }
change() { "$landuse" change -q --dates 2001,2011 "$@" >/dev/null; }

# Areas, in a projection that keeps them, in two that do not, and in degrees: near and beyond what a patch spans.
while read -r name crs x y cell; do
	make "a_$name.tif" "b_$name.tif" 160 120 "$crs" "$x" "$y" "$cell"
	change --tables-only -o "t_$name" "a_$name.tif" "b_$name.tif"
	check "t_$name/transitions.csv" "a_$name.tif" "b_$name.tif"
done <<END
albers EPSG:5070 1882125 2389155 30
utm EPSG:26918 190000 4690000 10
mercator EPSG:3857 -8100000 5210000 100
degrees EPSG:4269 -72.9 42.5 0.0003
coarse EPSG:4326 -120 60 0.2
END

# However the cells are stored, in blocks of many sizes, and by however many threads: the same tables.
make a.tif b.tif 1400 900 EPSG:5070 1882125 2389155 30
gdal_translate -q -co TILED=YES -co BLOCKXSIZE=256 -co BLOCKYSIZE=192 -co COMPRESS=DEFLATE a.tif a_tiles.tif
gdal_translate -q -co BLOCKYSIZE=7 -co COMPRESS=LZW b.tif b_strips.tif
gdal_translate -q -ot UInt16 -of COG b.tif b_wide.tif
gdal_translate -q -ot Int32 -a_nodata -9999 -co TILED=YES b.tif b_signed.tif
change --tables-only -j 1 -o t a.tif b.tif
check t/transitions.csv a.tif b.tif 0.09
for later in b_strips b_wide b_signed; do
	for threads in 2 5; do
		change --tables-only -j "$threads" -o "t_$later" a_tiles.tif "$later.tif"
		diff -r t "t_$later"
	done
done

# The rasters add themselves to the same tables, and threads do not change a byte; nor with a boundary.
cat >part.geojson <<END
{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5070"}},
 "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates":
 [[[1882500, 2363000], [1923000, 2364100], [1920000, 2388000], [1890000, 2387000], [1882500, 2363000]]]}}]}
END
for threads in 1 3; do
	change -j "$threads" -o "whole_$threads" a_tiles.tif b_strips.tif
	change -j "$threads" -o "part_$threads" --boundary part.geojson a_tiles.tif b_strips.tif
	diff -r whole_1 "whole_$threads"
	diff -r part_1 "part_$threads"
done
diff -r -x .landuse.lock -x 2001_2011 t whole_1
[ -e whole_1/2001_2011/change.tif ] || fail 'no change raster'
[ ! -e t/2001_2011 ] || fail '--tables-only wrote a folder of rasters'
"$landuse" info --check-cog whole_1/2001_2011/change.tif >/dev/null
"$python" - part_1/statistics.json <<'END'
import json
import sys
for date in json.load(open(sys.argv[1]))["dates"]:
    assert abs(date["reconciles_to"]) < 1e-6, date["reconciles_to"]
END

# Maps alone do not say how sure they are, so nothing is flagged, and that is said.
"$landuse" change -q --tables-only --dates 2001,2011 -o t a.tif b.tif >told
grep -q 'no change is flagged: these are maps alone' told || fail 'the summary does not say why nothing is flagged'

# A map that breaks off, or whose cells are damaged, is one line of error, and no table.
gdal_translate -q -co TILED=YES -co COMPRESS=DEFLATE b.tif b_broken.tif
size=$(stat -c %s b_broken.tif)
head -c $((size / 2)) b_broken.tif >b_cut.tif
dd if=/dev/zero of=b_broken.tif bs=1 seek=$((size / 2)) count=3000 conv=notrunc status=none
expect 1 'b_cut.tif: cut off' "$landuse" change --tables-only --dates 2001,2011 -o broken a.tif b_cut.tif
expect 1 'b_broken.tif: cannot be read' "$landuse" change -q --tables-only --dates 2001,2011 -o broken a.tif b_broken.tif
[ ! -e broken/statistics.json ] || fail 'statistics of a broken map'
