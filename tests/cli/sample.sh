#!/bin/sh
# sample.sh: a designed sample is what it says, opens with its form, and is the same every time.
. tests/support/shell.sh

mkdir "$scratch/county"
"$python" tests/support/make_truth.py "$scratch/county" 40
cd "$scratch"
boundary=county/county.gpkg
one=county/truth_2015.tif two=county/truth_2023.tif
sample() { "$landuse" sample -q --scheme landcover-7 "$@"; }

sample --boundary "$boundary" --size 200 --seed 7 -o a.gpkg "$one" >a.txt
grep -q 'a.gpkg: 200 cells, stratified random, proportional allocation, seed 7' a.txt || fail "summary: $(cat a.txt)"
"$python" - <<'END'
import re
text = open("a.txt").read()
strata = [(float(m[1]), int(m[2])) for m in re.findall(r"^(\S+) +\d+ +([\d.]+) +(\d+) +[\d.]+$", text, re.M)]
whole = sum(ha for ha, n in strata)
se = sum((ha / whole) ** 2 * .9 * .1 / (n - 1) for ha, n in strata) ** .5
told = float(re.search(r"standard error of overall accuracy to expect: ([\d.]+)", text)[1])
assert len(strata) == 7 and abs(told - se) < 6e-5, (told, se, strata)
END
OMP_NUM_THREADS=3 sample --boundary "$boundary" --size 200 --seed 7 -o b.gpkg "$one" >/dev/null
cmp a.gpkg b.gpkg || fail "the same seed gave another file"
sample --boundary "$boundary" --size 200 --seed 8 -o b8.gpkg "$one" >/dev/null
differ a.gpkg b8.gpkg || fail "another seed gave the same file"

# Cells are distinct, lie in the county, have their map class; probabilities are n_h / N_h of the design.
"$python" - a.gpkg "$one" "$boundary" <<'END'
import sys
from osgeo import gdal, ogr
gdal.UseExceptions()
data = ogr.Open(sys.argv[1])
raster = gdal.Open(sys.argv[2])
values, t = raster.ReadAsArray(), raster.GetGeoTransform()
facts = {f["fact"]: f["value"] for f in data.GetLayerByName("design_facts")}
design = {f["stratum"]: f for f in data.GetLayerByName("design")}
classes = {f["class"]: f for f in data.GetLayerByName("design_classes")}
assert facts["seed"] == "7" and facts["allocation"] == "proportional" and len(facts["map_sha256"]) == 64, facts
edge = ogr.Open(sys.argv[3])
outline = ogr.Geometry(ogr.wkbMultiPolygon)
layer = edge.GetLayer()
from osgeo import osr
to = osr.SpatialReference(wkt=raster.GetProjection())
for axis in (to, layer.GetSpatialRef()):
    axis.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
move = osr.CoordinateTransformation(layer.GetSpatialRef(), to)
for f in layer:
    g = f.GetGeometryRef().Clone()
    g.Transform(move)
    outline = outline.Union(g)
seen, drawn = set(), {}
for f in data.GetLayerByName("sample"):
    row, col = f["row"], f["col"]
    assert (row, col) not in seen
    seen.add((row, col))
    assert values[row, col] == f["map"] != 0
    assert not f.IsFieldSetAndNotNull("reference")
    g = f.GetGeometryRef()
    c = g.Centroid()
    assert int((c.GetX() - t[0]) / t[1]) == col and int((c.GetY() - t[3]) / t[5]) == row
    assert g.Intersection(outline).GetArea() >= 0.4999 * g.GetArea()
    s = design[f["stratum"]]
    assert abs(f["probability"] - s["sampled"] / s["cells"]) < 1e-12
    assert classes[f["map"]]["stratum"] == f["stratum"]
    drawn[f["stratum"]] = drawn.get(f["stratum"], 0) + 1
assert len(seen) == 200 and all(design[h]["sampled"] == n for h, n in drawn.items()), drawn
style = next(iter(data.GetLayerByName("layer_styles")))
qml = style["styleQML"]
assert style["f_table_name"] == "sample" and style["useAsDefault"] == 1
assert 'type="ValueMap"' in qml and 'name="Forest" value="4"' in qml, qml[:2000]
END

# The same cells by other suffixes: one layer, GeoJSON in degrees as RFC 7946 has it.
for suffix in fgb geojson; do
	sample --boundary "$boundary" --size 200 --seed 7 -o "a.$suffix" "$one" >/dev/null
	sample --boundary "$boundary" --size 200 --seed 7 -o "b.$suffix" "$one" >/dev/null
	cmp "a.$suffix" "b.$suffix" || fail "another $suffix of the same sample"
done
"$python" - <<'END' || fail "formats of one layer"
import json
from osgeo import ogr, osr
ogr.UseExceptions()
def rows(path):
    data = ogr.Open(path)
    layer = data.GetLayer("sample") or data.GetLayer(0)
    found = {f["id"]: (f["map"], f["stratum"], f["weight"], f["row"], f["col"], f["reference"], f.GetGeometryRef().Clone())
             for f in layer}
    return found, layer.GetSpatialRef().Clone(), data.GetLayerCount()
whole, crs, _ = rows("a.gpkg")
for path in ("a.fgb", "a.geojson"):
    cells, theirs, layers = rows(path)
    assert layers == 1 and cells.keys() == whole.keys(), path
    for key in whole:
        assert cells[key][:6] == whole[key][:6], (path, key)
    if path.endswith("fgb"):
        assert theirs.IsSame(crs) and all(cells[key][6].Equals(whole[key][6]) for key in whole)
        continue
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    for axis in (degrees, crs):
        axis.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    move = osr.CoordinateTransformation(crs, degrees)
    for key in whole:
        shape = whole[key][6].Clone()
        shape.Transform(move)
        a, b = shape.GetEnvelope(), cells[key][6].GetEnvelope()
        assert max(abs(x - y) for x, y in zip(a, b)) < 2e-7, (a, b)
assert "crs" not in json.load(open("a.geojson"))
END

# Strata of change: two maps, or the change raster between them, draw the same cells.
"$landuse" change -q --dates 2015,2023 -o change "$one" "$two" >/dev/null
sample --size 300 --pool-below 3 -o two.gpkg "$one" "$two" >two.txt 2>/dev/null
sample --size 300 --pool-below 3 -o code.gpkg change/2015_2023/change.tif >code.txt 2>/dev/null
[ "$(head -20 two.txt | grep -c ' to ')" -gt 0 ] || fail "no from-to strata: $(cat two.txt)"
ogrinfo -q two.gpkg -sql 'SELECT id, map, row, col, from_class, to_class FROM sample' >two.list
ogrinfo -q code.gpkg -sql 'SELECT id, map, row, col, from_class, to_class FROM sample' >code.list
cmp two.list code.list || fail "maps and change raster differ"
says 'Cultivated to Developed' ogrinfo -q two.gpkg -sql "SELECT styleQML FROM layer_styles" ||
	fail "the form lacks from-to pairs"

# Allocation and expected accuracy; the Olofsson formula.
sample --size 63 --allocation equal --min-per-stratum 0 -o equal.gpkg "$one" >equal.txt
awk '/Forest|Cultivated/ {print $4}' equal.txt | sort -u | wc -l | grep -qx 1 || fail "equal: $(cat equal.txt)"
sample --se 0.03 --expected-accuracy 0.8,Forest=0.95 --min-per-stratum 2 --allocation neyman \
	-o neyman.gpkg "$one" >neyman.txt
gdal_translate -q -b 1 -b 1 -b 1 -r nearest -outsize 3000% 3000% -scale 0 7 0 255 "$one" imagery_2015.tif
sample --size 30 --imagery 2015=imagery_2015.tif -o pictures.gpkg "$one" >/dev/null
[ "$(ls pictures_pictures/*_2015.jpg | wc -l)" -ge 30 ] || fail "pictures: $(ls pictures_pictures)"
ogrinfo -q pictures.gpkg -sql 'SELECT picture_2015 FROM sample WHERE id = 1' | grep -q 'pictures_pictures/1_2015.jpg' ||
	fail "no link to the picture"

# Wrong input.
expect 1 'is there already' sample --size 9 -o a.gpkg "$one"
expect 2 'should end in one of .gpkg, .fgb, .geojson' sample --size 9 -o a.shp "$one"
expect 2 'a check of flags needs tables' sample --flags --size 9 -o a.fgb "$one"
expect 2 'name one map' "$landuse" sample -o x.gpkg
expect 2 'name a sample to write' "$landuse" sample "$one"
expect 2 'no stratum has this name' sample --expected-accuracy Jungle=0.5 -o x.gpkg "$one"
expect 2 "allocation is 'fair'" sample --allocation fair -o x.gpkg "$one"
expect 2 'both a size and a standard error' sample --size 5 --se 0.1 -o x.gpkg "$one"
expect 2 'nowhere.tif' sample -o x.gpkg nowhere.tif
expect 1 'has 3 bands, a class map has one' sample -o x.gpkg "$one" imagery_2015.tif
[ ! -e x.gpkg ] || fail "a failed run left x.gpkg"
omits '\.tmp' ls -a || fail "a temporary file is left"
