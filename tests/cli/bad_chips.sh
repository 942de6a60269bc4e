#!/bin/sh
# bad_chips.sh: tile, label and evaluate on what is no imagery, no land-cover map and no set: one line each, nothing left behind.
. tests/support/shell.sh

root=$PWD
cd "$scratch"
image=$root/samples/county/imagery_2015.tif truth=$root/samples/county/truth_2015.tif
head -c 60000 "$image" >truncated.tif
echo 'no image' >text.tif
mkdir empty
gdal_translate -q -b 1 "$image" one.tif
gdal_translate -q -b 1 -b 2 "$image" two.tif
gdal_translate -q -co PROFILE=BASELINE -co TILED=YES "$image" nowhere.tif
rm -f nowhere.tif.aux.xml
gdal_translate -q -co PROFILE=BASELINE "$truth" placeless.tif
rm -f placeless.tif.aux.xml
gdal_translate -q -ot Float32 -colorinterp gray "$truth" real.tif 2>/dev/null
gdal_translate -q -a_ullr 0 900000 1000 899000 "$truth" far.tif
cat >far.geojson <<'END'
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
 "coordinates": [[[10, 50], [10.1, 50], [10.1, 50.1], [10, 50.1], [10, 50]]]}}]}
END

# Imagery that cannot be read, of too few bands, of no place, of another place.
label() { "$landuse" label -q --codes scheme --rule plurality --block-cells 3 -o new "$@"; }
of_truth() { label --reference "$truth" "$@"; }
tile() { "$landuse" tile -q -o new "$@"; }
for command in tile of_truth; do
	expect 1 'truncated.tif: cut off: 60000 bytes' $command truncated.tif
	expect 1 'text.tif: not an image' $command text.tif
	expect 1 'empty: no imagery in this folder' $command empty
	expect 2 'one.tif: band 2 asked for, file has 1' $command one.tif
	expect 2 'two.tif: band 3 asked for, file has 2' $command two.tif
	expect 1 'nowhere.tif' $command nowhere.tif
	expect 1 'does not reach the county' $command --boundary far.geojson "$image"
	expect 1 'text.tif: not a boundary' $command --boundary text.tif "$image"
	expect 2 'missing.tif' $command missing.tif
	[ ! -e new ] || fail "$command left a folder"
done

# A reference that is no land-cover raster, or one of elsewhere.
refers() { label --reference "$1" "$image"; }
expect 1 'truncated.tif: cut off' refers truncated.tif
expect 1 'text.tif: not a map' refers text.tif
expect 1 'imagery_2015.tif: has 3 bands, a class map has one (a picture of a map, or imagery?' refers "$image"
expect 1 'real.tif: cells are Float32' refers real.tif
expect 1 'placeless.tif' refers placeless.tif
expect 1 'far.tif: does not overlap the imagery' refers far.tif
expect 2 'missing.tif' refers missing.tif
expect 1 'empty' refers empty
[ ! -e new ] || fail "a refused label left a folder"

# Indexes: empty, without columns, of pictures that are not there, with a split that would leak.
evaluate() { "$landuse" evaluate -q --no-history aerial-21 "$@"; }
train() { "$landuse" train -q --no-history --cache cache --backbone aerial-21 -o models/new "$@"; }
: >nothing.csv
echo path,class,split,block >header.csv
echo file,kind >other.csv
printf 'path,class\ngone.png,forest\n' >gone.csv
"$sample_county" -q --chips chips --per-class 2 --seed 8 --chip 224
for class in forest river; do
	echo path,class,split,block >"$class.csv"
	for file in chips/$class/*; do echo "$file,$class"; done >"$class.rows"
done
paste -d, forest.rows - <<'END' >leak.rows
train,a
test,a
END
{ cat header.csv leak.rows; sed 's/$/,train,b/' river.rows; } >leak.csv
for command in evaluate train; do
	expect 1 'nothing.csv' $command nothing.csv
	expect 1 'header.csv: no pictures' $command header.csv
	expect 1 'needs the columns path and class' $command other.csv
	expect 1 'empty: no pictures' $command empty
	expect 2 'missing: no such set' $command missing
done
refuses 'none of the 1 pictures could be scored' evaluate gone.csv
grep -q 'gone.png' stderr || { cat stderr; fail "gone.csv"; }
expect 1 "block 'a' is in split" train leak.csv
[ ! -e models ] || fail "a refused training left a model"
evaluate leak.csv >/dev/null 2>talk
grep -q "block 'a' is in split test and in split train\|block 'a' is in split train and in split test" talk ||
	{ cat talk; fail "evaluate says nothing of the leak"; }
evaluate chips >/dev/null 2>talk
lacks 'is in split' talk || fail "a leak where there is no split"
