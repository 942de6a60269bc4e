#!/bin/sh
# s06_class_zero.sh: a class 0 is never dropped without a word: named, or told from nodata by another value; true nodata is.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
random = np.random.default_rng(3)
cells = random.choice([0, 1], (20, 30), p=[0.6, 0.4]).astype("u1")
later = cells.copy()
later[:4] = 0
edge = cells.copy()
edge[:, :3] = 255
np.savetxt("zeros", [(cells == 0).sum(), (later == 0).sum(), (edge == 0).sum()], "%d")
named = ["Not forest", "Forest"]
raster("named.tif", cells, names=named)
raster("named_later.tif", later, names=named)
raster("named_255.tif", edge, nodata=255, names=named)
raster("bare_255.tif", edge, nodata=255)
raster("minus.tif", np.where(edge == 255, -1, edge).astype("int16"), nodata=-1)
# Nothing is lost here: the file says that 0 is none, or says nothing, or there is no 0.
raster("nodata_0.tif", cells, nodata=0, names=["", "Forest"])
raster("silent.tif", cells)
raster("unclassified.tif", cells, nodata=255, names=["Unclassified", "Forest"])
raster("none.tif", (cells + 1).astype("u1"), nodata=255, names=["Not forest", "Forest"])
END
set -- $(cat zeros)
warned() { # FILE CELLS COMMAND...: the warning names the file and counts its zeros.
	file=$1 cells=$2
	shift 2
	"$@" >/dev/null 2>err || fail "$*: $(cat err)"
	grep -q "^warning: $file: $cells of 600 cells have value 0" err || fail "$*: $(cat err)"
	grep -q 'to keep them' err || fail "no remedy: $(cat err)"
}
change() { "$landuse" change -q --tables-only --dates 2001,2011 -o out "$@"; }
warned named.tif "$1" change named.tif named_later.tif
warned named_later.tif "$2" change named.tif named_later.tif
grep -q "which the file calls 'Not forest'" err || fail "$(cat err)"
warned named_255.tif "$3" change named_255.tif named.tif
warned bare_255.tif "$3" change bare_255.tif named.tif
grep -q "the file's nodata value is 255" err || fail "$(cat err)"
warned minus.tif "$3" change silent.tif minus.tif
warned named.tif "$1" "$landuse" compare -q named.tif silent.tif
warned bare_255.tif "$3" "$landuse" compare -q silent.tif bare_255.tif
warned named.tif "$1" "$landuse" sample -q --size 20 -o s.gpkg named.tif
warned named.tif "$1" "$landuse" sample -q --size 20 --overwrite -o s.gpkg named.tif named_later.tif
printf 'x,y,reference\n1882140,2389140,1\n1882170,2389140,1\n1882200,2389140,1\n1882230,2389140,1\n1882260,2389140,1\n' >points.csv
warned named.tif "$1" "$landuse" assess named.tif points.csv
for good in nodata_0 silent unclassified none; do
	change "$good.tif" "$good.tif" >/dev/null 2>err
	[ ! -s err ] || fail "$good: $(cat err)"
done
