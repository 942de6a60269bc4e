#!/bin/sh
# s17_names_of_tables.sh: a matrix without its names, names in two spellings, and a map in another scheme's codes are refused:
# an agreement of 0 would be of names alone.
. tests/support/shell.sh
cd "$scratch"
matrix() { printf '%b' "$2" >"$1.csv"; }
matrix bare '66,0,5,4\n0,55,8,12\n1,0,153,11\n2,1,9,313\n'
matrix square '66,0\n0,55\n'
matrix no_head 'Forest,66,3\nWater,1,55\n'
matrix no_lines 'Forest,Water\n66,3\n1,55\n'
matrix codes_no_head '11,66,3\n41,1,55\n'
matrix codes_no_lines '11,41\n66,3\n1,55\n'
matrix two_tongues ',Wald,Wasser\nForest,66,3\nWater,1,55\n'
matrix good 'map\\reference,Forest,Water\nForest,66,3\nWater,1,55\n'
matrix codes ',11,41\n11,66,3\n41.0,1,55\n'
matrix folded ',FORÊT,Water,Total\nForêt,66,3,69\nwater,1,55,56\nTotal,67,58,125\n'
matrix slip ',Forest,Watr\nForest,66,3\nWater,1,55\n'
for name in bare square codes_no_head codes_no_lines; do
	expect 1 "$name.csv: its first line begins with the number" "$landuse" assess -q --counts $name.csv
done
for name in no_head no_lines two_tongues; do
	expect 1 "$name.csv: no map class has the name of a reference class (expected a line of class names" \
		"$landuse" assess -q --counts $name.csv
done
for name in good codes folded; do
	"$landuse" assess --counts $name.csv >out.txt 2>err || fail "$name: $(cat err)"
	[ ! -s err ] || fail "$name: $(cat err)"
	grep -q '^overall  0.96800' out.txt || fail "$name: $(grep ^overall out.txt)"
done
"$landuse" assess --counts slip.csv >/dev/null 2>err
grep -q "^warning: slip.csv: map class 'Water' has no column of its name" err || fail "$(cat err)"
grep -q "^warning: slip.csv: reference class 'Watr' has no line of its name" err || fail "$(cat err)"
# The same of a sample in fields.
printf 'stratum,size\n1,100\n2,200\n' >strata.csv
printf 'stratum,map,reference\n1,Forest,Wald\n1,Forest,Wald\n2,Water,Wasser\n2,Water,Wasser\n' >two.csv
expect 1 "two.csv: no map class has the name of a reference class ('Forest' and 'Wald'" "$landuse" assess -q --strata strata.csv two.csv
printf 'stratum,map,reference\n1,Forest,FOREST\n1,1,1.0\n2,Water,water\n2,Water,Forest\n' >one.csv
"$landuse" assess -q --strata strata.csv one.csv >out.txt || fail 'names in either case'
grep -q '^overall  0.66667' out.txt || fail "$(grep ^overall out.txt)"

python_here <<'END'
from fixtures import *
before, after = two_maps(classes=(1, 2, 4), size=(20, 30))
codes = np.array([0, 11, 23, 0, 41], "u1")
raster("nlcd_2001.tif", codes[before])
raster("nlcd_2011.tif", codes[after])
raster("map.tif", before)
odd = before.copy()
odd[0, :4] = 60
raster("odd.tif", odd)
END
expect 1 "nlcd_2001.tif: holds 11, 23, 41, and none of the classes of scheme landcover-7 (a map in NLCD's own codes?" \
	"$landuse" compare -q --scheme landcover-7 nlcd_2001.tif nlcd_2011.tif
"$landuse" compare -q --scheme nlcd nlcd_2001.tif nlcd_2011.tif >nlcd.txt 2>err
"$landuse" compare -q nlcd_2001.tif nlcd_2011.tif >none.txt 2>>err
"$landuse" compare -q --scheme landcover-7 map.tif nlcd_2011.tif >scheme.txt 2>>err
[ ! -s err ] || fail "$(cat err)"
for way in nlcd none scheme; do grep '^Overall' $way.txt; done | sort -u | wc -l | grep -qx 1 || fail "$(grep ^Overall ./*.txt)"
"$landuse" compare -q --scheme landcover-7 odd.tif nlcd_2011.tif 2>err >/dev/null
grep -q '^warning: odd.tif: 4 cells have codes that are no classes of scheme landcover-7 (60)' err || fail "$(cat err)"
