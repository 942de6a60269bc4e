#!/bin/sh
# s16_labels_of_change.sh: 202, 2 and 'Farm to Farm' are one label, in samples and in rasters; classes may have numbers for names.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps(classes=(1, 2, 3), size=(20, 30))
names = ["", "Water", "Farm", "Wood"]
raster("2001.tif", before, names=names)
raster("2011.tif", after, names=names)
pairs = before.astype("u2") * 100 + after
codes = np.where(before == after, before, pairs).astype("u2")
raster("codes.tif", codes)
raster("pairs.tif", pairs)
# 1, 2, 3 called by the codes of NLCD; and a legend in which a number is both.
raster("nlcd.tif", before, names=["", "11", "82", "41"])
raster("both.tif", before, names=["", "2", "1", "3"])
np.savetxt("ha", [(codes == k).sum() * 0.09 for k in (1, 2, 3)], "%.2f")
random = np.random.default_rng(1)
places = [(int(r), int(c)) for r, c in zip(random.permutation(20).repeat(6)[:90], np.tile(random.permutation(30), 3))]
places = sorted(set(places))


def points(name, label, of=codes):
    with open(f"{name}.csv", "w") as to:
        to.write("x,y,reference\n")
        for r, c in places:
            to.write(f'{MAP_PLACE[0] + 30 * c + 15},{MAP_PLACE[3] - 30 * r - 15},"{label(int(before[r, c]), int(after[r, c]))}"\n')


points("bare", lambda a, b: a if a == b else 100 * a + b)
points("pair", lambda a, b: 100 * a + b)
points("words", lambda a, b: f"{names[a]} to {names[b]}")
points("upper", lambda a, b: f"{names[a].upper()} TO {names[b]}" if a != b else f"{names[a]}, Unchanged")
points("of_nlcd", lambda a, b: (0, 11, 82, 41)[a])
points("of_nlcd_real", lambda a, b: f"{(0, 11, 82, 41)[a]}.0")
points("values", lambda a, b: a)
END
perfect() { # perfect WHAT COMMAND...: overall accuracy is 1, and nobody says that a class is none.
	what=$1
	shift
	"$@" >out.txt 2>err || fail "$what: $(cat err)"
	grep -q '^overall  1.00000' out.txt || fail "$what: $(grep ^overall out.txt) $(cat err)"
	lacks 'not a class' err || fail "$what"
}
for labels in bare pair words upper; do
	perfect "two maps, $labels" "$landuse" assess 2001.tif 2011.tif $labels.csv
done
for labels in bare pair; do
	perfect "codes, $labels" "$landuse" assess --change codes.tif $labels.csv
	perfect "pairs of equal classes, $labels" "$landuse" assess --change pairs.tif $labels.csv
done
# The raster's own areas, whichever way it writes an unchanged cell.
"$landuse" assess --change pairs.tif bare.csv 2>/dev/null >pairs.txt
"$landuse" assess --change codes.tif bare.csv 2>/dev/null >codes.txt
grep -v '\.tif' pairs.txt >a
grep -v '\.tif' codes.txt | cmp - a || fail 'areas'
for ha in $(cat ha); do grep -q " $ha " codes.txt || fail "no class of $ha ha"; done
# Names that are numbers.
perfect 'names that are codes' "$landuse" assess nlcd.tif of_nlcd.csv
perfect 'names that are codes, as a spreadsheet has them' "$landuse" assess nlcd.tif of_nlcd_real.csv
perfect 'values where names are codes' "$landuse" assess nlcd.tif values.csv
expect 2 "is the name of class" "$landuse" assess -q both.tif values.csv
perfect 'values by number' "$landuse" assess --by-number both.tif values.csv
"$landuse" sample -q --strata change --size 30 --min-per-stratum 2 -o s.gpkg pairs.tif >/dev/null
