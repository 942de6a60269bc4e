#!/bin/sh
# zones.sh: towns of a county: areas and change of each against GEOS and PROJ, and what is wrong with a layer.
. tests/support/shell.sh

"$sample_county" -q --cells 8x8 --dates 2009,2015 --seed 4 --change-share 0.1 "$scratch/county"
support=$PWD/tests/support
cd "$scratch"
# Towns in degrees that tile the county and reach beyond it: A of two features, B beside it, C elsewhere. Lakes overlap.
"$python" - county/county.geojson <<'END'
import json, sys
from osgeo import ogr, osr
source = ogr.Open(sys.argv[1])
layer = source.GetLayer(0)
county = layer.GetNextFeature()
g = county.GetGeometryRef().Clone()
crs = layer.GetSpatialRef().Clone()
crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
degrees = osr.SpatialReference()
degrees.ImportFromEPSG(4326)
degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
g.Transform(osr.CoordinateTransformation(crs, degrees))
x0, x1, y0, y1 = g.GetEnvelope()
x0, x1, y0, y1 = x0 - .001, x1 + .001, y0 - .001, y1 + .001
w, h = x1 - x0, y1 - y0
def at(*points):
    ring = [[x0 + u * w, y0 + v * h] for u, v in points]
    return [ring + ring[:1]]
def layer_of(name, features):
    json.dump({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"TOWN": n, "KIND": k}, "geometry": {"type": "Polygon", "coordinates": c}}
        for n, k, c in features]}, open(name, "w"))
towns = [("Ashby", "t", at((0, 0), (.4, 0), (.55, .5), (0, .5))), ("Béthel, \"new\"", "t", at((.4, 0), (1, 0), (1, 1), (.7, 1))),
         ("Ashby", "t", at((0, .5), (.55, .5), (.7, 1), (0, 1))), ("Carver", "t", at((2, 0), (3, 0), (3, 1), (2, 1)))]
layer_of("towns.geojson", towns)
lakes = [("North", "l", at((.2, .3), (.6, .2), (.7, .7), (.3, .8))), ("South", "l", at((.3, .25), (.8, .2), (.6, .6)))]
layer_of("lakes.geojson", lakes)
layer_of("nameless.geojson", towns[:1] + [(None, "t", at((.5, 0), (1, 0), (1, 1)))])
layer_of("elsewhere.geojson", towns[3:])
END
# job NAME ZONES
job() {
	county_job "$1" county/imagery_2015.tif "zones: $2"
}
job towns '{path: towns.geojson, name: TOWN}'
job lakes '{path: lakes.geojson, name: TOWN}'
for name in towns lakes; do
	"$landuse" run "$name.yaml" >"$name.summary" 2>"$name.talk"
	"$python" "$support/zone_areas.py" "out_$name" "$name.geojson" TOWN county/county.geojson
done
grep -q '^2 zones by TOWN: 0.00 ha of the county in none, 0.00 ha in several' towns.summary || fail "the summary: $(tail -3 towns.summary)"
grep -q '1 of 3 lie outside the county and are left out' towns.talk || fail "nothing is said of Carver: $(cat towns.talk)"
grep -q 'warning: .*zones overlap by' lakes.talk || fail "nothing is said of the overlap: $(cat lakes.talk)"
"$python" - <<'END'
import json
told = json.load(open("out_lakes/statistics.json"))
z = told["zones"]
total = sum(x["area_ha"] for x in z["zones"])
assert z["overlap_ha"] > 0.1 and z["in_no_zone_ha"] > 1
assert abs(total - z["overlap_ha"] + z["in_no_zone_ha"] - told["county"]["area_ha"]) < 1e-6 * told["county"]["area_ha"]
END
"$python" - <<'END' || fail "zones of county.gpkg"
import csv, sqlite3
file = sqlite3.connect("out_towns/county.gpkg")
assert file.execute("pragma foreign_key_check").fetchall() == []
told = {(r["zone"], r["date"], int(r["value"])): float(r["area_ha"]) for r in csv.DictReader(open("out_towns/zone_areas.csv")) if r["value"] != "0"}
rows = {r[:3]: r[3] for r in file.execute("select zone, date, class_code, area_ha from zone_class_areas")}
assert {k for k, v in rows.items() if v} <= told.keys() and all(abs(told[k] - rows[k]) < 1e-4 for k in rows if k in told)
nets = {(r["zone"], int(r["value"])): float(r["net_ha"]) for r in csv.DictReader(open("out_towns/zone_change_summary.csv"))}
assert all(abs(nets[z, c] - n) < 1e-4 for z, c, n in file.execute("select zone, class_code, net_ha from zone_class_changes") if (z, c) in nets)
assert {r[0] for r in file.execute("select zone from zones")} == {k[0] for k in rows}
END
for file in zones.gpkg zone_areas.csv zone_transitions.csv zone_change_summary.csv; do
	grep -q "\"$file\"" out_towns/manifest.json || fail "$file is not in the manifest"
done
"$landuse" run -q -j 1 -o single towns.yaml >/dev/null
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock out_towns single || fail "threads make a difference"

# landuse change of the job's maps gives the same tables, and zones of any maps without a county.
for name in towns lakes; do
	"$landuse" change -q --boundary county/county.geojson --zones $name.geojson --zone-name TOWN -o change_$name \
		out_$name/2009/landuse.tif out_$name/2015/landuse.tif >change.summary 2>/dev/null
	tail -n +2 $name.summary | grep 'zones by TOWN' >told
	grep 'zones by TOWN' change.summary | cmp - told || fail "the summary of landuse change tells other zones"
	for file in zone_areas.csv zone_transitions.csv zone_change_summary.csv zones.gpkg; do
		cmp change_$name/$file out_$name/$file || fail "$file of landuse change is not the job's"
	done
done
"$landuse" change -q --tables-only --zones towns.geojson --zone-where "TOWN = 'Ashby'" --zone-name TOWN -o whole \
	out_towns/2009/landuse.tif out_towns/2015/landuse.tif >/dev/null
[ "$(cut -d, -f1 whole/zone_areas.csv | sort -u | wc -l)" -eq 2 ] || fail "--zone-where chose other zones: $(cat whole/zone_areas.csv)"
maps='out_towns/2009/landuse.tif out_towns/2015/landuse.tif'
expect 2 '--zones FILE and --zone-name FIELD go together' "$landuse" change -q -o no --zones towns.geojson $maps
expect 2 '--zone-layer and --zone-where need --zones' "$landuse" change -q -o no --zone-where x $maps
expect 2 "no field 'NAME' to name the zones by" "$landuse" change -q -o no --zones towns.geojson --zone-name NAME $maps
expect 1 'none of its 1 zones lies in the county' "$landuse" change -q -o no --zones elsewhere.geojson --zone-name TOWN $maps
[ ! -e no ] || fail "wrong zones, and yet a folder"

# Another outline is another job.
says 'up to date' "$landuse" run --if-changed -q towns.yaml || fail "--if-changed ran again"
cp lakes.geojson towns.geojson
omits 'up to date' "$landuse" run --if-changed -q towns.yaml || fail "--if-changed missed other zones"

job field '{path: lakes.geojson, name: NAME}'
expect 2 "no field 'NAME' to name the zones by (fields: TOWN, KIND)" "$landuse" run -q field.yaml
job nameless '{path: nameless.geojson, name: TOWN}'
expect 2 'has no TOWN (name it, or leave it out: where: "TOWN IS NOT NULL")' "$landuse" run -q nameless.yaml
job filtered '{path: nameless.geojson, name: TOWN, where: "TOWN IS NOT NULL"}'
"$landuse" run --dry-run filtered.yaml >plan
grep -q 'zones.gpkg' plan || fail "the plan does not tell of zones"
job elsewhere '{path: elsewhere.geojson, name: TOWN}'
expect 1 'none of its 1 zones lies in the county' "$landuse" run -q elsewhere.yaml
job none '{path: lakes.geojson, name: TOWN, where: "KIND = '"'x'"'"}'
expect 2 'matches none of 2 features (fields: TOWN, KIND)' "$landuse" run -q none.yaml
job missing '{path: nowhere.gpkg, name: TOWN}'
expect 2 'nowhere.gpkg: no such file (check the name of the layer of zones)' "$landuse" run -q missing.yaml
job nofield '{path: lakes.geojson}'
expect 2 "'zones' lacks the key 'name'" "$landuse" run -q nofield.yaml
