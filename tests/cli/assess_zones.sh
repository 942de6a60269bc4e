#!/bin/sh
# assess_zones.sh: areas of zones by their own places and by the county's errors, against numpy.
. tests/support/shell.sh
cd "$scratch"

# 40 x 40 cells of 1 ha: two classes, and a strip of water in the east; the truth errs in one of ten.
"$python" - <<'END'
import numpy as np
from osgeo import gdal, ogr, osr
gdal.UseExceptions()
rng = np.random.default_rng(3)
crs = osr.SpatialReference()
crs.ImportFromEPSG(26918)
values = np.where(rng.random((40, 40)) < np.where(np.arange(40) < 20, .3, .8), 4, 7).astype("u1")
values[:, 38:] = 1
out = gdal.GetDriverByName("GTiff").Create("map.tif", 40, 40, 1, gdal.GDT_Byte)
out.SetGeoTransform((500000, 100, 0, 4700000, 0, -100))
out.SetProjection(crs.ExportToWkt())
out.GetRasterBand(1).SetNoDataValue(0)
out.GetRasterBand(1).WriteArray(values)
np.save("truth.npy", np.where(rng.random((40, 40)) < .1, rng.choice([1, 4, 7], (40, 40)), values))
zones = ogr.GetDriverByName("GPKG").CreateDataSource("zones.gpkg")
layer = zones.CreateLayer("zones", crs, ogr.wkbPolygon)
layer.CreateField(ogr.FieldDefn("TOWN", ogr.OFTString))
for name, x0, x1 in (("West", 0, 20), ("East", 20, 40), ("Far", 90, 95)):
    feature = ogr.Feature(layer.GetLayerDefn())
    feature["TOWN"] = name
    corners = [(x0, 0), (x1, 0), (x1, -40), (x0, -40), (x0, 0)]
    ring = ",".join(f"{500000 + 100 * x} {4700000 + 100 * y}" for x, y in corners)
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))"))
    layer.CreateFeature(feature)
END
"$landuse" sample -q --scheme landcover-7 --size 150 --min-per-stratum 8 -o s.gpkg map.tif >/dev/null
"$python" - <<'END'
import numpy as np
from osgeo import ogr
ogr.UseExceptions()
truth = np.load("truth.npy")
data = ogr.Open("s.gpkg", 1)
layer = data.GetLayerByName("sample")
for row in list(layer):
    row["reference"] = int(truth[row["row"], row["col"]])
    layer.SetFeature(row)
END
"$landuse" assess -q --json --scheme landcover-7 --csv tables --zones zones.gpkg --zone-name TOWN map.tif s.gpkg >told.json 2>told.err
grep -q 'zone Far' told.err || fail "a zone off the map is not told: $(cat told.err)"
"$python" - <<'END'
import csv
import json
import numpy as np
from osgeo import gdal, ogr
values = gdal.Open("map.tif").ReadAsArray()
data = ogr.Open("s.gpkg")
rows = [(r["row"], r["col"], r["map"], r["reference"]) for r in data.GetLayerByName("sample")]
told = json.load(open("told.json"))
hectares = told["area_ha"] / 1600  # of a cell, on the ellipsoid
by_name = {z["name"]: z for z in told["zones"]}
assert set(by_name) == {"West", "East"}, by_name.keys()
# Water (1) is in the east alone, with eight places: fewer than ten.
assert by_name["West"]["estimation"] == "post-stratified" and by_name["West"]["assumes"] is None
assert by_name["East"]["estimation"] == "synthetic" and "as in the county" in by_name["East"]["assumes"]
for name, half in (("West", slice(0, 20)), ("East", slice(20, 40))):
    zone = by_name[name]
    here = [r for r in rows if half.start <= r[1] < half.stop]
    assert zone["labelled"] == len(here)
    used = here if zone["estimation"] == "post-stratified" else rows
    size = values[:, half].size
    for told_class in zone["classes"]:
        k, share, variance = told_class["value"], 0, 0
        mapped = (values[:, half] == k).sum()
        assert abs(told_class["mapped_ha"] / hectares - mapped) < 1e-3 * size, (name, k)
        for h in np.unique(values[:, half]):
            cells = (values[:, half] == h).sum()
            y = np.array([r[3] == k for r in used if r[2] == h], float)
            finite = 1 - len(y) / cells if used is here else 1
            share += cells / size * y.mean()
            variance += (cells / size) ** 2 * finite * y.var(ddof=1) / len(y)
        got = told_class["adjusted_ha"]
        whole = zone["area_ha"]
        assert abs(got["value"] - whole * share) < 1e-3 * whole and abs(got["se"] - whole * variance ** .5) < 1e-3 * whole, (
            name, k, got, whole * share, whole * variance ** .5)
        assert got["low_95"] <= got["value"] <= got["high_95"]
table = list(csv.DictReader(open("tables/zone_areas.csv")))
assert len(table) == 6 and abs(float(table[0]["adjusted_ha"]) - told["zones"][0]["classes"][0]["adjusted_ha"]["value"]) < 1e-3
END
says 'Zone East: .* synthetic (if the map errs here as in the county' "$landuse" assess -q --scheme landcover-7 --zones zones.gpkg \
	--zone-name TOWN map.tif s.gpkg || fail "the report does not say what it assumes"
expect 2 'TOWNS' "$landuse" assess -q --zones zones.gpkg --zone-name TOWNS map.tif s.gpkg
expect 2 'goes with neither' "$landuse" assess -q --zones zones.gpkg --counts x.csv
