#!/bin/sh
# S14: areas of a class beyond 8.8 million km2 wrapped, and cells about a pole counted twice.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
raster("earth.tif", np.full((9, 18), 3, np.uint8), crs="EPSG:4326", place=(-180, 20, 0, 90, 0, -20), nodata=0)
# The south polar stereographic projection, with the pole inside a cell: 16 cells of 250 km.
raster("pole.tif", np.full((4, 4), 3, np.uint8), crs="EPSG:3031", place=(-625000, 250000, 0, 625000, 0, -250000), nodata=0)
END
# sum FILE: hectares of all classes
sum() {
	"$landuse" change -q -o out --dates 2001,2011 "$1" "again_$1" >/dev/null
	awk -F, '$1 == 2011 { s += $5 } END { printf "%.0f\n", s }' out/class_areas.csv
	rm -r out
}
for name in earth pole; do cp $name.tif again_$name.tif; done
earth=$(sum earth.tif)
# Karney 2013: 510 065 621.724 km2
[ "$earth" = 51006562172 ] || fail "the earth has $earth ha"
# By geodesics along the square's sides: true within a hectare in ten million.
pole=$(sum pole.tif)
"$python" - "$pole" <<'END' || fail "about the pole: $pole ha"
import sys
import numpy as np
# The ellipsoidal polar stereographic projection's inverse (Snyder 1987, 21-33 to 21-39), its scale, and a fine sum.
a, f = 6378137.0, 1 / 298.257223563
e = np.sqrt(f * (2 - f))
true = np.radians(71)
t = lambda p: np.tan(np.pi / 4 - p / 2) / ((1 - e * np.sin(p)) / (1 + e * np.sin(p))) ** (e / 2)
m = lambda p: np.cos(p) / np.sqrt(1 - (e * np.sin(p)) ** 2)
n = 400
x = -625000 + (np.arange(n) + .5) * 1e6 / n
y = 625000 - (np.arange(n) + .5) * 1e6 / n
r = np.hypot(x[None], y[:, None])
goal = r * t(true) / (a * m(true))
p = np.pi / 2 - 2 * np.arctan(goal)
for _ in range(8):
    p = np.pi / 2 - 2 * np.arctan(goal * ((1 - e * np.sin(p)) / (1 + e * np.sin(p))) ** (e / 2))
k = r / (a * m(p))
exact = np.sum((1e6 / n) ** 2 / k ** 2) / 1e4
sys.exit(int(abs(float(sys.argv[1]) / exact - 1) > 1e-7))
END
