#!/bin/sh
# s04_legends.sh: maps whose legends give one number two names, or one class two numbers, are not compared by number; names
# that may well mean the same get a warning, and those that differ in case, blanks and punctuation none.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps(classes=(1, 2, 3))
legends = {"a": ["", "Water", "Farm", "Wood"], "swapped": ["", "Forest", "Water", "Wood"], "moved": ["", "", "Farm", "", "", "Water"],
           "other": ["", "Water", "Farm", "Town"], "not": ["", "Water", "Farm", "Not wood"], "same": ["", " WATER ", "farm", "Wood"],
           "variant": ["", "Open Water", "Farms", "Woodland"], "numbers": ["", "1", "2", "Class 3"],
           "forêt": ["", "Water", "Farm", "Forêt, dense"], "FORÊT": ["", "Water", "Farm", "FORÊT (DENSE)"],
           "low": ["", "Water", "Farm", "Developed, low"], "high": ["", "Water", "Farm", "Developed, high"],
           "zero": ["No data", "Water", "Farm", "Wood", "No data"]}
for name, names in legends.items():
    raster(f"{name}.tif", before if name in ("a", "forêt", "low") else after, names=names)
raster("bare.tif", after)
END
change() { "$landuse" change -q --tables-only -o out "$@"; }
swapped="class 1 is 'Water' in a.tif and 'Forest' in swapped.tif (recode one of them, or --by-number"
expect 1 "swapped.tif: another legend than a.tif: $swapped" "$landuse" change -q -o none a.tif swapped.tif
expect 1 "'Water' is class 1 in a.tif and class 5 in moved.tif" "$landuse" change -q -o none a.tif moved.tif
expect 1 "class 3 is 'Wood' in a.tif and 'Town' in other.tif" "$landuse" change -q -o none a.tif other.tif
expect 1 "class 3 is 'Wood' in a.tif and 'Not wood' in not.tif" "$landuse" change -q -o none a.tif not.tif
expect 1 "class 3 is 'Developed, low' in low.tif and 'Developed, high'" "$landuse" change -q -o none low.tif high.tif
expect 1 "class 3 is 'Wood' in a.tif and 'Town'" "$landuse" change -q -o none a.tif same.tif bare.tif other.tif
expect 1 "$swapped" "$landuse" compare -q a.tif swapped.tif
expect 1 "$swapped" "$landuse" sample -q --size 20 -o s.gpkg a.tif swapped.tif
printf 'x,y,reference\n1882140,2389140,1\n' >points.csv
expect 1 "$swapped" "$landuse" assess -q a.tif swapped.tif points.csv
expect 1 "class 2 is 'Farm' in a.tif and 'Developed' in scheme landcover-7" "$landuse" compare -q --scheme landcover-7 a.tif bare.tif
[ ! -e none ] && [ ! -e s.gpkg ] || fail 'something was written'

# By number, whatever the names are, and without a word.
change --by-number a.tif swapped.tif >/dev/null 2>err
"$landuse" compare -q --by-number a.tif swapped.tif >/dev/null 2>>err
"$landuse" sample -q --by-number --size 20 -o s.gpkg a.tif swapped.tif >/dev/null 2>>err
"$landuse" assess -q --by-number a.tif swapped.tif points.csv >/dev/null 2>>err || fail "$(cat err)"
lacks -v 'not a probability sample' err || fail 'words about maps that go by number'

# The same in other letters, numbers for names, and classes that are none.
for good in same numbers bare zero; do
	change a.tif $good.tif >/dev/null 2>err
	[ ! -s err ] || fail "$good: $(cat err)"
done
change forêt.tif FORÊT.tif >/dev/null 2>err
[ ! -s err ] || fail "accents: $(cat err)"
change a.tif variant.tif >/dev/null 2>err
grep -q "^warning: a.tif and variant.tif call classes by different names: class 1 is 'Water' and 'Open Water', class 2" err ||
	fail "$(cat err)"
"$landuse" compare -q a.tif variant.tif 2>err >/dev/null
grep -q "class 3 is 'Wood' and 'Woodland'" err || fail 'compare'
