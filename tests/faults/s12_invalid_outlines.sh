#!/bin/sh
# S12: invalid boundaries and zones were repaired in silence, by a rule that changed their area; arcs lost area.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
a, b = two_maps()
raster("2001.tif", a), raster("2011.tif", b)
ring = lambda *sides: box(*sides)
x, y = MAP_PLACE[0], MAP_PLACE[3]
layer("nested.gpkg", ["MULTIPOLYGON((%s),(%s))" % (ring(0, 0, 1200, 900), ring(300, 300, 600, 600))], fields={"T": ["a"]})
layer("hole_outside.gpkg", ["POLYGON(%s,%s)" % (ring(0, 0, 300, 300), ring(600, 600, 900, 900))], fields={"T": ["a"]})
layer("bow_tie.gpkg", [f"POLYGON(({x} {y},{x+1200} {y-900},{x+1200} {y},{x} {y-900},{x} {y}))"], fields={"T": ["a"]})
layer("parts.shp", ["MULTIPOLYGON((%s),(%s))" % (ring(0, 0, 600, 900), ring(600, 0, 1200, 900))], fields={"T": ["a"]},
      driver="ESRI Shapefile")
layer("circle.gpkg", [f"CURVEPOLYGON(CIRCULARSTRING({x+200} {y-450},{x+600} {y-50},{x+1000} {y-450},{x+600} {y-850},{x+200} {y-450}))"])
END
# hectares NAME: of the county
hectares() {
	awk -F, '$1 == "2001" { s += $5 } END { printf "%.3f\n", s }' out/class_areas.csv
}
map="$landuse change -q -o out"
for name in nested hole_outside; do
	expect 1 "$name.gpkg: feature 1 is invalid (" $map --boundary $name.gpkg 2001.tif 2011.tif
	expect 1 "$name.gpkg: feature 1 is invalid (" $map --zones $name.gpkg --zone-name T 2001.tif 2011.tif
	expect 1 "a repair would make its area " "$landuse" sample -q -o s.gpkg --boundary $name.gpkg 2001.tif
	[ ! -e out/class_areas.csv ] && [ ! -e s.gpkg ] || fail "$name: something was written"
done
$map --boundary bow_tie.gpkg 2001.tif 2011.tif >log 2>&1 || fail "bow tie: $(cat log)"
grep -q "bow_tie.gpkg: feature 1 is invalid (.*); repaired, area 0.00 -> 54.00 ha" log || fail "bow tie: $(cat log)"
[ "$(hectares)" = 54.000 ] || fail "bow tie: $(hectares) ha"
$map --zones bow_tie.gpkg --zone-name T 2001.tif 2011.tif >log 2>&1 || fail "bow tie as a zone: $(cat log)"
grep -q "repaired, area 0.00 -> 54.00 ha" log || fail "bow tie as a zone: $(cat log)"
$map --boundary parts.shp 2001.tif 2011.tif >log 2>&1 || fail "parts: $(cat log)"
[ "$(hectares)" = 108.000 ] || fail "parts: $(hectares) ha"
$map --boundary circle.gpkg 2001.tif 2011.tif >log 2>&1 || fail "circle: $(cat log)"
[ "$(hectares)" = 50.265 ] || fail "circle: $(hectares) ha"
lacks invalid log || fail "circle: $(cat log)"
