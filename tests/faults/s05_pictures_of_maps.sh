#!/bin/sh
# s05_pictures_of_maps.sh: a picture of a map (RGB, RGBA, any two bands) is no map of classes; a band with its alpha is one.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps()
colours = {1: (0, 90, 200), 2: (90, 200, 40), 3: (10, 80, 30), 7: (40, 40, 40)}
for name, cells in (("2001", before), ("2011", after)):
    raster(f"{name}.tif", cells)
    picture = np.stack([np.vectorize(lambda c: colours[c][k])(cells) for k in range(3)]).astype("u1")
    opaque = np.full(cells.shape, 255, "u1")
    raster(f"rgb_{name}.tif", picture, colours=[gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand])
    raster(f"rgba_{name}.tif", np.concatenate([picture, opaque[None]]), options=["ALPHA=YES"],
           colours=[gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand, gdal.GCI_AlphaBand])
    raster(f"two_{name}.tif", np.stack([cells, opaque]))
    hidden = opaque.copy()
    hidden[:, :4] = 0
    raster(f"alpha_{name}.tif", np.stack([cells, hidden]), options=["ALPHA=YES"],
           colours=[gdal.GCI_GrayIndex, gdal.GCI_AlphaBand])
END
for kind in rgb:3 rgba:4 two:2; do
	bands="${kind#*:} bands, a class map has one (a picture of a map" kind=${kind%:*}
	expect 1 "${kind}_2001.tif: has $bands" "$landuse" change -q -o out "${kind}_2001.tif" "${kind}_2011.tif"
	expect 1 "${kind}_2011.tif: has $bands" "$landuse" change -q -o out 2001.tif "${kind}_2011.tif"
	expect 1 "has $bands" "$landuse" compare -q "${kind}_2001.tif" 2011.tif
	expect 1 "has $bands" "$landuse" compare -q 2001.tif "${kind}_2011.tif"
	expect 1 "has $bands" "$landuse" sample -q --size 20 -o s.gpkg "${kind}_2001.tif"
	expect 1 "has $bands" "$landuse" sample -q --size 20 -o s.gpkg 2001.tif "${kind}_2011.tif"
	printf 'x,y,reference\n1882140,2389140,1\n' >points.csv
	expect 1 "has $bands" "$landuse" assess -q "${kind}_2001.tif" points.csv
done
[ ! -e out ] && [ ! -e s.gpkg ] || fail 'something was written'
# Classes with an alpha are classes; what it hides is not mapped.
"$landuse" change -q --tables-only -o alpha alpha_2001.tif alpha_2011.tif >/dev/null 2>err
[ ! -s err ] || fail "words about a good map: $(cat err)"
grep -q '^alpha_2001,0,Not mapped,120,' alpha/class_areas.csv || fail "$(cat alpha/class_areas.csv)"
