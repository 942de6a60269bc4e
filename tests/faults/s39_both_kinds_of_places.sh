#!/bin/sh
# s39_both_kinds_of_places.sh: a CSV with x, y and lon, lat has its places in degrees, in any order of columns; each pair alone works.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
import csv
cells = np.arange(600).reshape(20, 30) % 5 + 1
raster("map.tif", cells.astype("u1"))
to_degrees = osr.CoordinateTransformation(reference(MAP_CRS), reference(4326))
rows = []
for row, col in ((1, 2), (5, 7), (9, 20), (15, 3), (19, 29)):
    x, y = MAP_PLACE[0] + 30 * col + 15, MAP_PLACE[3] - 30 * row - 15
    lon, lat, _ = to_degrees.TransformPoint(x, y)
    rows.append({"x": x, "y": y, "easting": x, "northing": y, "lon": f"{lon:.9f}", "lat": f"{lat:.9f}", "longitude": f"{lon:.9f}",
                 "latitude": f"{lat:.9f}", "X": x, "Y": y, "reference": cells[row, col]})
for name, columns in (("xy_lonlat", "x y lon lat"), ("lonlat_xy", "lon lat x y"), ("mixed", "lat x lon y"), ("as_xy", "X Y lon lat"),
                      ("long", "easting northing longitude latitude"), ("xy", "x y"), ("lonlat", "lon lat"), ("en", "easting northing"),
                      ("x_and_lonlat", "x lon lat"), ("xy_and_lon", "x y lon")):
    with open(f"{name}.csv", "w", newline="") as to:
        out = csv.DictWriter(to, columns.split() + ["reference"], extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)
# Attributes called lon and lat are no places where there is a shape: a Shapefile without .prj is on the map's own grid.
layer("shape.shp", [f"POINT ({r['x']} {r['y']})" for r in rows], driver="ESRI Shapefile",
      fields={"reference": [int(r["reference"]) for r in rows], "lon": [float(r["lon"]) for r in rows]})
os.remove("shape.prj")
END
for name in xy_lonlat.csv lonlat_xy.csv mixed.csv as_xy.csv long.csv xy.csv lonlat.csv en.csv x_and_lonlat.csv xy_and_lon.csv shape.shp; do
	"$landuse" assess -q map.tif $name >out.txt 2>err || fail "$name: $(cat err)"
	grep -q '^5 places, 5 labelled$' out.txt || fail "$name: $(sed -n 2p out.txt)"
	grep -q '^overall *1.0000' out.txt || fail "$name: $(grep '^overall' out.txt)"
done
