#!/bin/sh
# compare.sh: a map against itself, against finer and shifted and warped copies, against other codes.
. tests/support/shell.sh

mkdir "$scratch/county"
"$python" tests/support/make_truth.py "$scratch/county" 40
cd "$scratch"
one=county/truth_2015.tif two=county/truth_2023.tif
has() {
	grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "$1 misses '$2'"; }
}

"$landuse" compare -q "$one" "$one" >self.txt
has self.txt 'Overall agreement: 1.0000 of area, 1.0000 of cells'
has self.txt 'rows = map, columns = reference'
has self.txt 'it is not accuracy'
# Finer pixels on the same ground, and the same in longitude and latitude.
gdalwarp -q -tr 25 25 "$one" fine.tif
says 'agreement: 1.0000' "$landuse" compare -q "$one" fine.tif || fail 'finer pixels'
gdalwarp -q -t_srs EPSG:4326 -ts 400 400 "$one" degrees.tif
"$landuse" compare -q "$one" degrees.tif >degrees.txt
grep -qE 'agreement: (1.0000|0.99[0-9]*) of area' degrees.txt || fail "degrees: $(cat degrees.txt)"
# Coarser pixels: every cell takes the one that it lies in.
gdalwarp -q -tr 400 400 -r near "$one" coarse.tif
"$landuse" compare -q "$one" coarse.tif >coarse.txt

# The figures, cell by cell: equal areas but for the ellipsoid's bending.
"$landuse" compare -q --json "$one" "$two" >two.json
"$python" - "$one" "$two" <<'END'
import json
import sys
import numpy as np
from osgeo import gdal
maps = [gdal.Open(path) for path in sys.argv[1:]]
a, b = (m.ReadAsArray().astype(int) for m in maps)
c = json.load(open("two.json"))
k = c["matrix"]["values"]
n = np.array([[((a == i) & (b == j)).sum() for j in k] for i in k])
assert n.tolist() == c["matrix"]["cells"]
assert abs(c["agreement_of_cells"] - n.trace() / n.sum()) < 1e-12
assert abs(c["agreement"] - n.trace() / n.sum()) < 1e-4
for i, one in enumerate(c["classes"]):
    assert abs(one["users_agreement"] - n[i, i] / n[i].sum()) < 1e-3
    assert abs(one["producers_agreement"] - n[i, i] / n[:, i].sum()) < 1e-3
d, p = c["disagreement"], n / n.sum()
quantity = abs(p.sum(0) - p.sum(1)).sum() / 2
exchange = sum(2 * min(p[i, j], p[j, i]) for i in range(len(k)) for j in range(i))
assert abs(d["quantity"] - quantity) < 1e-3 and abs(d["exchange"] - exchange) < 1e-3
assert abs(d["total"] - d["quantity"] - d["exchange"] - d["shift"]) < 1e-12
END

# NLCD codes: merged, unknown ones counted, classes that the scheme leaves out set apart.
"$python" - "$one" <<'END'
import sys
import numpy as np
from osgeo import gdal
source = gdal.Open(sys.argv[1])
nlcd = np.array([0, 11, 23, 31, 43, 52, 71, 82])[source.ReadAsArray()]
nlcd[0, :5] = 99
copy = gdal.GetDriverByName("GTiff").CreateCopy("nlcd.tif", source)
copy.GetRasterBand(1).WriteArray(nlcd.astype("u1"))
del copy
END
"$landuse" compare --scheme landcover-7 "$one" nlcd.tif >nlcd.txt 2>nlcd.err
has nlcd.txt 'Overall agreement: 1.0000'
has nlcd.txt 'left out: 5 cells of reference codes that nobody knows'
has nlcd.txt 'reference code 99: not known to the scheme, about 5.0 cells'
has nlcd.err 'does not know'
"$landuse" compare -q --scheme azure-6 "$one" nlcd.tif >azure.txt 2>/dev/null
has azure.txt 'of reference classes that the scheme leaves out'
"$landuse" compare "$one" nlcd.tif >/dev/null 2>codes.err
has codes.err 'no cell agrees'
"$landuse" compare -q --boundary county/county.gpkg --purity 0.9 "$one" coarse.tif >inside.txt
[ "$(sed -n 's/^\([0-9]*\) cells, .*/\1/p' inside.txt)" -lt 1600 ] || fail 'the boundary does nothing'

# Wrong input.
expect 2 'name a map and a reference' "$landuse" compare "$one"
expect 2 'nowhere.tif' "$landuse" compare -q "$one" nowhere.tif
expect 1 'names no NLCD codes' "$landuse" compare -q --scheme ucmerced-21 "$one" nlcd.tif
gdal_translate -q -a_ullr 400000 700000 404000 696000 nlcd.tif far.tif
expect 1 'no mapped cell' "$landuse" compare -q "$one" far.tif
