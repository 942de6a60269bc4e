#!/bin/sh
# s44_names_of_classes.sh: classes are found in either case of any script; what is not found is told with what there is; change
# takes a scheme.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps(classes=(1, 2, 3), size=(20, 30))
raster("map.tif", before, names=["", "Water", "Forêt", "Open  farm land"])
codes = np.array([0, 11, 41, 82], "u1")
raster("2001.tif", codes[before])
raster("2011.tif", codes[after])
labels = {"same": "FORÊT", "case": "forêt", "latin": "FOR\udccaT", "blanks": "OPEN FARM  LAND", "slip": "Forrêt", "none": "Jungle",
          "na": "NA", "slash": "n/a"}
for name, label in labels.items():
    with open(f"{name}.csv", "w", errors="surrogateescape") as to:
        to.write("x,y,reference\n1882140,2389140,1\n1882170,2389140,Water\n1882200,2389140,1\n")
        to.write(f'1882230,2389140,"{label}"\n')
END
for good in same case latin blanks; do
	"$landuse" assess -q map.tif $good.csv >/dev/null 2>err || fail "$good: $(cat err)"
done
list='it has: Water, Forêt, Open  farm land'
expect 2 "row 4: reference: 'Forrêt' is not a class of the map (did you mean 'Forêt'?); $list" "$landuse" assess -q map.tif slip.csv
expect 2 "'Jungle' is not a class of the map; $list" "$landuse" assess -q map.tif none.csv
expect 2 "'NA' is not a class of the map (where there is no label, leave the field empty" "$landuse" assess -q map.tif na.csv
expect 2 "'n/a' is not a class of the map (where there is no label" "$landuse" assess -q map.tif slash.csv
expect 2 "expected accuracy of 'Fort': no stratum has this name or number (there are: Water, Forêt," \
	"$landuse" sample -q --expected-accuracy Fort=0.5 -o s.gpkg map.tif
"$landuse" sample -q --size 20 --expected-accuracy FORÊT=0.5,Water=0.9 -o s.gpkg map.tif >/dev/null

"$landuse" change -q --tables-only -o bare 2001.tif 2011.tif >/dev/null
grep -q ',11,Class 11,' bare/transitions.csv || fail 'without names'
"$landuse" change -q --scheme nlcd -o named 2001.tif 2011.tif >/dev/null
grep -q ',11,Open Water,41,Deciduous Forest,' named/transitions.csv || fail 'names of NLCD'
grep -q 'color="#68ab5f".*label="Open Water to Deciduous Forest"' named/2001_2011/change.qml || fail 'colours of NLCD'
expect 2 "no class scheme named 'nldc'" "$landuse" change -q --scheme nldc -o none 2001.tif 2011.tif
[ ! -e none ] || fail 'something was written'
