#!/bin/sh
# label_vectors.sh: polygons and points with a code label chips as a raster of the same classes does; tables of codes.
. tests/support/shell.sh

"$sample_county" -q --cells 8x8 --dates 2009 --seed 3 "$scratch/county"
cd "$scratch"
"$python" - <<'END'
import csv, json
from osgeo import gdal, ogr, osr
gdal.UseExceptions(); ogr.UseExceptions()
truth = gdal.Open("county/truth_2009.tif")
band, crs, t = truth.GetRasterBand(1), truth.GetSpatialRef(), truth.GetGeoTransform()
words = {1: "W", 2: "R-1", 3: "BARE", 4: "4.0", 5: "SH", 6: "GR", 7: "AG"}
def layer(path, kind=ogr.wkbPolygon, crs=crs, driver="GPKG"):
    dataset = ogr.GetDriverByName(driver).CreateDataSource(path)
    made = dataset.CreateLayer("labels", crs, kind)
    for name, kind in (("code", ogr.OFTInteger), ("use", ogr.OFTString), ("reference", ogr.OFTString)):
        made.CreateField(ogr.FieldDefn(name, kind))
    return dataset, made
mem = ogr.GetDriverByName("Memory").CreateDataSource("")
shapes = mem.CreateLayer("s", crs, ogr.wkbPolygon)
shapes.CreateField(ogr.FieldDefn("v", ogr.OFTInteger))
gdal.Polygonize(band, band.GetMaskBand(), shapes, 0)
degrees = osr.SpatialReference(); degrees.ImportFromEPSG(4326); degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
def fill(path, crs_out, names, driver="GPKG", declared=True):
    dataset, made = layer(path, ogr.wkbPolygon if driver == "ESRI Shapefile" else ogr.wkbUnknown, crs_out if declared else None, driver)
    to = osr.CoordinateTransformation(crs, crs_out)
    shapes.ResetReading()
    for f in shapes:
        g = f.GetGeometryRef().Clone()
        g.Segmentize(20); g.Transform(to)
        new = ogr.Feature(made.GetLayerDefn()); new.SetGeometry(g)
        v = f["v"]
        new["code"], new["use"], new["reference"] = v, words[v], names[v]
        made.CreateFeature(new)
    # Two features that are left out.
    for g in () if driver == "ESRI Shapefile" else (None, ogr.CreateGeometryFromWkt("LINESTRING (0 0, 1 1)")):
        new = ogr.Feature(made.GetLayerDefn())
        if g is not None:
            new.SetGeometry(g); new["reference"] = names[1]; new["code"] = 1; new["use"] = words[1]
        made.CreateFeature(new)
legend = {1: "Water", 2: "Developed", 3: "Barren", 4: "forest", 5: "Shrub", 6: "Herbaceous", 7: "7"}
fill("drawn.gpkg", crs, legend)
fill("degrees.geojson", degrees, legend, "GeoJSON")
fill("nowhere.shp", crs, legend, "ESRI Shapefile", declared=False)
# A point in each cell, off its middle.
dataset, made = layer("points.gpkg", ogr.wkbPoint)
values = band.ReadAsArray()
for row in range(values.shape[0]):
    for col in range(values.shape[1]):
        if values[row, col]:
            new = ogr.Feature(made.GetLayerDefn())
            p = ogr.Geometry(ogr.wkbPoint); p.AddPoint_2D(t[0] + (col + .3) * t[1], t[3] + (row + .6) * t[5])
            new.SetGeometry(p); new["reference"] = legend[int(values[row, col])]
            made.CreateFeature(new)
END
# labels OUT OPTIONS...: path and class of each chip of the set.
labels() {
	out=$1
	shift
	"$landuse" label -q --no-chips --overwrite --validate 0 --test 0 -o set_$out "$@" county/imagery_2009.tif >text_$out 2>words_$out ||
		fail "$out: $(cat words_$out)"
	awk -F, -v purity="${purity+1}" 'NR > 1 { printf "%s %s %s", $7, $8, $2; if (purity) printf " %.3f", $12; print "" }' \
		"set_$out/index.csv" >labels_$out
	[ "$(wc -l <labels_$out)" -gt 20 ] || fail "$out: $(cat text_$out)"
}
for rule in nine-point plurality purity:0.6; do
	purity=1
	labels raster --rule $rule --codes scheme --reference county/truth_2009.tif
	labels drawn --rule $rule --reference drawn.gpkg
	diff labels_raster labels_drawn >&2 || fail "$rule: polygons label other chips than the raster they were drawn from"
	unset purity
	labels raster --rule $rule --codes scheme --reference county/truth_2009.tif
	labels degrees --rule $rule --reference degrees.geojson
	cmp labels_raster labels_degrees >&2 || fail "$rule: in degrees"
done
grep -q 'drawn.gpkg: 1 features without a label and 1 without area or place are left out' words_drawn || fail "$(cat words_drawn)"
labels points --reference points.gpkg
labels raster --rule plurality --codes scheme --reference county/truth_2009.tif
cmp labels_raster labels_points >&2 || fail 'points label other chips'
# By a field of numbers, and of words that a table explains; what it does not explain is counted by its word.
labels numbers --rule plurality --field code --reference drawn.gpkg
cmp labels_raster labels_numbers >&2 || fail 'a field of numbers'
cat >parcels.yaml <<'END'
name: parcels
version: 1
codes:
  - {class: Water, of: [w]}
  - {nlcd: 22, of: [R-1, R-2]}
  - {nlcd: 41, of: [4]}
  - {nlcd: 81, of: [AG]}
unmapped: [GR]
END
labels table --rule plurality --field use --codes parcels.yaml --reference drawn.gpkg
grep -v 'Barren\|Shrub\|Herbaceous' labels_raster >wanted
cmp wanted labels_table >&2 || fail 'a table of codes'
grep -q "drawn.gpkg: codes that table parcels does not know: .*BARE (in [0-9]* chip" words_table || fail "$(cat words_table)"
grep -q 'of codes that the scheme leaves out' text_table || fail "$(cat text_table)"

# A raster of somebody's codes: each table that ships knows its own.
"$python" - <<'END'
from osgeo import gdal
import numpy as np
truth = gdal.Open("county/truth_2009.tif")
v = truth.ReadAsArray()
for name, codes in {"cdl": [0, 111, 122, 131, 141, 152, 176, 1], "ccap": [0, 21, 4, 20, 9, 12, 8, 6],
                    "annual-nlcd": [0, 11, 22, 31, 41, 52, 71, 82], "massgis-2005": [0, 20, 13, 5, 3, 40, 6, 1]}.items():
    made = gdal.GetDriverByName("GTiff").Create(f"{name}.tif", v.shape[1], v.shape[0])
    made.SetGeoTransform(truth.GetGeoTransform()); made.SetProjection(truth.GetProjection())
    made.WriteArray(np.array(codes, np.uint8)[v])
END
for codes in cdl ccap annual-nlcd massgis-2005; do
	labels codes --rule plurality --codes $codes --reference $codes.tif
	cmp labels_raster labels_codes >&2 || fail "$codes"
	[ ! -s words_codes ] || fail "$codes: $(cat words_codes)"
	"$landuse" compare -q --json --scheme landcover-7 --codes $codes county/truth_2009.tif $codes.tif >compared
	grep -q '"agreement": 1.0,' compared || fail "$codes: $(cat compared)"
done

set_label() { "$landuse" label -q -o refused "$@" county/imagery_2009.tif; }
expect 1 'nowhere.shp: labels without a coordinate reference system' set_label --reference nowhere.shp
expect 2 "drawn.gpkg: no field 'landuse' with the labels (it has: code, use, reference)" set_label --field landuse --reference drawn.gpkg
printf 'lon,lat,odd\n-100,45,Q\n' >odd.csv
expect 1 "and the other labels are no classes of scheme landcover-7" set_label --field odd --reference odd.csv
expect 2 "no table of codes named 'ccapp' (did you mean 'ccap'?" set_label --codes ccapp --reference ccap.tif
printf 'lon,lat,reference\n-100,45,Water\n' >elsewhere.csv
expect 1 'elsewhere.csv: does not overlap the imagery' set_label --reference elsewhere.csv
[ ! -e refused ] || fail 'a refused command left a set'
