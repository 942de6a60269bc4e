#!/bin/sh
# qgis.sh: the plugin, as its zip has it, and what its run of three dates with zones leaves, in the real QGIS; where it is not
# installed the test says so and skips (REQUIRE_QGIS=1: it fails).
. tests/support/shell.sh
if ! "$python" -c 'import qgis.core' 2>/dev/null || ! command -v qgis_process.bin >/dev/null; then
	[ -z "${REQUIRE_QGIS-}" ] || fail "no QGIS (Debian: qgis python3-qgis)"
	echo "skipped: QGIS is not installed (Debian: qgis python3-qgis)"
	exit 77
fi
support=$PWD/tests/support
plugin=${QGIS_PLUGIN:-$(echo build/tools/qgis/landuse-*.zip)}
"$python" -m zipfile -e "$plugin" "$scratch/plugins"
"$sample_county" -q --cells 16x12 --chip 128 --dates 2010,2016,2021 --seed 5 --change-share 0.12 "$scratch/county"
cd "$scratch"
python_here <<'END_OF_PYTHON'
from fixtures import *
from osgeo import gdal
frame = gdal.Open("county/imagery_2016.tif")
left, step, _, top, _, down = frame.GetGeoTransform()
right, bottom = left + step * frame.RasterXSize, top + down * frame.RasterYSize
def box(a, b):
    return f"POLYGON (({a} {bottom}, {b} {bottom}, {b + 90} {top}, {a} {top}, {a} {bottom}))"
middle = (left + right) / 2
layer("zones.gpkg", [box(left, middle), box(middle, right)], crs=frame.GetProjection(), fields={"name": ["West", "East"]})
END_OF_PYTHON
cat >job.yaml <<'END_OF_JOB'
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
END_OF_JOB
LANDUSE=$landuse "$python" -W ignore "$support/plugin_look.py" plugins county job.yaml >log 2>&1 || { cat log; fail "QGIS"; }
grep -v propagateSizeHints log

# The same without a window or Python of ours: QGIS's own command finds the plugin and the program, and runs it.
profile=$scratch/home/.local/share/QGIS/QGIS3/profiles/default
mkdir -p "$profile/QGIS" "$profile/python"
mv plugins "$profile/python/plugins"
printf '[PythonPlugins]\nlanduse=true\n' >"$profile/QGIS/QGIS3.ini"
HOME="$scratch/home" XDG_RUNTIME_DIR="$scratch" QT_QPA_PLATFORM=offscreen PATH="$(dirname "$landuse"):$PATH" \
	qgis_process.bin run landuse:change --MAP=out/2010/landuse.tif --MAP=out/2016/landuse.tif --PAIRS=consecutive \
	--OUTPUT=by_qgis >log 2>&1 || { cat log; fail "qgis_process"; }
"$landuse" change -q --pairs consecutive -o by_hand out/2010/landuse.tif out/2016/landuse.tif >/dev/null
cmp by_qgis/transitions.csv by_hand/transitions.csv || { cat log; fail "qgis_process has made something else"; }
