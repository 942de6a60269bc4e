#!/bin/sh
# run_zones.sh: a real town's outline, moved east until it splits the county: both zones against GEOS and PROJ, and their sum is the county.
. tests/support/data.sh

"$python" - "$data" "$scratch/zones.geojson" <<'END'
import json, sys
from osgeo import ogr
ogr.UseExceptions()
def outline(path):
    source = ogr.Open(f"{sys.argv[1]}/{path}")
    feature = source.GetLayer(0).GetNextFeature()
    return feature.GetGeometryRef().Clone()
town, county = outline("nlcd_northampton_ma/northampton_city_outline.geojson"), outline("scenario_hampshire/county.geojson")
# Northampton ends 1.7 km before the county begins.
town = ogr.CreateGeometryFromWkt(town.ExportToWkt())
def move(g):
    for i in range(g.GetGeometryCount()):
        move(g.GetGeometryRef(i))
    for i in range(g.GetPointCount() if g.GetGeometryCount() == 0 else 0):
        g.SetPoint_2D(i, g.GetX(i) + 0.05, g.GetY(i) + 0.01)
move(town)
assert town.Intersects(county) and not town.Contains(county)
json.dump({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"TOWN": name}, "geometry": json.loads(g.ExportToJson(["COORDINATE_PRECISION=15"]))}
    for name, g in (("Northampton", town), ("East of it", county.Difference(town)))]}, open(sys.argv[2], "w"))
END
cat >"$scratch/job.yaml" <<END
county: {boundary: $data/scenario_hampshire/county.geojson}
model: aerial-21
dates:
  - {date: 2001, imagery: $data/scenario_hampshire/imagery_2001.tif}
  - {date: 2011, imagery: $data/scenario_hampshire/imagery_2011}
accept_gsd_mismatch: true
grid: {chip: 224}
zones: {path: zones.geojson, name: TOWN}
output: out
END
"$landuse" run -q "$scratch/job.yaml" >/dev/null
"$python" tests/support/zone_areas.py "$scratch/out" "$scratch/zones.geojson" TOWN "$data/scenario_hampshire/county.geojson"
"$python" - "$scratch/out" <<'END'
import json, sys
told = json.load(open(f"{sys.argv[1]}/statistics.json"))
zones = told["zones"]["zones"]
assert len(zones) == 2 and told["zones"]["overlap_ha"] == told["zones"]["in_no_zone_ha"] == 0
for i, date in enumerate(told["dates"]):
    for k, c in enumerate(date["classes"]):
        total = sum(z["dates"][i]["classes"][k]["area_ha"] for z in zones)
        print(f"{date['label']} {c['name']}: {zones[0]['dates'][i]['classes'][k]['area_ha']:.4f} + {zones[1]['dates'][i]['classes'][k]['area_ha']:.4f} = {c['area_ha']:.4f} ha")
        assert abs(total - c["area_ha"]) < 1e-6 * told["county"]["area_ha"]
END
