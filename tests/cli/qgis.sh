#!/bin/sh
# qgis.sh: what a run of three dates with zones leaves, in the real QGIS; where it is not installed the test says so and skips
# (REQUIRE_QGIS=1: it fails).
. tests/support/shell.sh
if ! "$python" -c 'import qgis.core' 2>/dev/null; then
	[ -z "${REQUIRE_QGIS-}" ] || fail "no QGIS (Debian: python3-qgis)"
	echo "skipped: QGIS is not installed (Debian: python3-qgis)"
	exit 77
fi
support=$PWD/tests/support
"$sample_county" -q --cells 16x12 --chip 128 --dates 2010,2016,2021 --seed 5 --change-share 0.12 "$scratch/county"
cd "$scratch"
python_here <<'END'
from fixtures import *
from osgeo import gdal
frame = gdal.Open("county/imagery_2016.tif")
left, step, _, top, _, down = frame.GetGeoTransform()
right, bottom = left + step * frame.RasterXSize, top + down * frame.RasterYSize
def box(a, b):
    return f"POLYGON (({a} {bottom}, {b} {bottom}, {b + 90} {top}, {a} {top}, {a} {bottom}))"
middle = (left + right) / 2
layer("zones.gpkg", [box(left, middle), box(middle, right)], crs=frame.GetProjection(), fields={"name": ["West", "East"]})
END
cat >job.yaml <<'END'
county: {boundary: county/county.geojson, name: Sample County}
model: aerial-21
dates:
  - {date: 2010, imagery: county/imagery_2010.tif}
  - {date: 2016, imagery: county/imagery_2016.tif}
  - {date: 2021, imagery: county/imagery_2021.tif}
accept_gsd_mismatch: true
zones: {path: zones.gpkg, name: name}
smooth: {minimum_mapping_unit: 2}
change: {pictures: 8, false_discovery_rate: 0.5, min_probability: 0.01, rate: 0.3}
output: out
END
"$landuse" run -q job.yaml >/dev/null
"$landuse" sample -q --size 20 --imagery 2021=county/imagery_2021.tif -o sample.gpkg out/2021/landuse.tif >/dev/null
"$python" "$support/qgis_look.py" out sample.gpkg 2>log || { cat log; fail "QGIS"; }
