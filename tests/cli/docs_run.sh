#!/bin/sh
# docs_run.sh: the commands of README and guide, run as they stand there on the sample county under the names that they use (tests/support/run_docs.py).
. tests/support/shell.sh

root=$PWD
mkdir -p "$scratch/bin" "$scratch/home"
ln -s "$landuse" "$sample_county" "$scratch/bin"
cd "$scratch"
# What the pages call a county, its imagery, reference maps and chips.
mkdir drawn
"$sample_county" -q --chips drawn/chips --per-class 4 --seed 5
mkdir work work/naip_2010 work/naip_2016
cd work
county=$root/samples/county
ogr2ogr -q -nln county county.gpkg "$county/county.geojson"
ogr2ogr -q -nln towns -sql "SELECT 'Northfield' AS TOWN, * FROM county" towns.gpkg county.gpkg
ln -s "$county/imagery_2015.tif" naip_2010/a.tif
ln -s "$county"/imagery_2023/*.tif naip_2016
gdalbuildvrt -q ../whole.vrt "$county"/imagery_2023/*.tif
gdal_translate -q -co COMPRESS=JPEG -co PHOTOMETRIC=YCBCR -co TILED=YES -b 1 -b 2 -b 3 ../whole.vrt naip_2016.tif 2>"$scratch/gdal.log" || fail "$(cat "$scratch/gdal.log")"
ln -s naip_2016.tif image.tif
ln -s naip_2016.tif naip_2023.tif
ln -s naip_2016 naip
ln -s ../drawn/chips other_chips
"$python" - "$county" <<'END'
import sys
import numpy as np
from osgeo import gdal, ogr
gdal.UseExceptions()
ogr.UseExceptions()
codes = np.array([0, 11, 23, 31, 41, 52, 71, 82], "u1")  # NLCD's, of landcover-7
for year, drawn in ((2001, 2015), (2011, 2023), (2016, 2023)):
    truth = gdal.Open(f"{sys.argv[1]}/truth_{drawn}.tif")
    for name, cells in ((f"nlcd_{year}.tif", codes[truth.ReadAsArray()]), (f"{year}.tif", truth.ReadAsArray())):
        out = gdal.GetDriverByName("GTiff").Create(name, truth.RasterXSize, truth.RasterYSize, 1)
        out.SetGeoTransform(truth.GetGeoTransform())
        out.SetProjection(truth.GetProjection())
        out.GetRasterBand(1).SetNoDataValue(0)
        out.WriteArray(cells)
out = None  # closed: on disk
# Polygons that somebody drew, with words for uses.
uses = ["", "Water", "Developed", "Barren", "Forest", "Shrub", "Herbaceous", "Cultivated"]
truth = gdal.Open("2016.tif")
drawn = ogr.GetDriverByName("GPKG").CreateDataSource("drawn.gpkg")
layer = drawn.CreateLayer("drawn", truth.GetSpatialRef(), ogr.wkbPolygon)
layer.CreateField(ogr.FieldDefn("value", ogr.OFTInteger))
layer.CreateField(ogr.FieldDefn("use", ogr.OFTString))
gdal.Polygonize(truth.GetRasterBand(1), truth.GetRasterBand(1).GetMaskBand(), layer, 0)
for row in list(layer):
    row["use"] = uses[row["value"]]
    layer.SetFeature(row)
END
cp -r ../drawn/chips chips
# A table of a paper: rows = map, columns = reference.
cat >matrix.csv <<'END'
,Forest,Other
Forest,90,10
Other,5,95
END
printf 'class,pixels\nForest,10000\nOther,20000\n' >pixels.csv
export PATH="$scratch/bin:$PATH" HOME="$scratch/home" LANDUSE_DATA="$root"
pages=
for page in README.md docs/accuracy.md docs/change.md docs/cluster.md docs/own-models.md docs/maps.md; do pages="$pages $root/$page"; done
# shellcheck disable=SC2086
"$python" "$root/tests/support/run_docs.py" $pages || fail "a page's commands"
