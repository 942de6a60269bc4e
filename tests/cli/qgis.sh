#!/bin/sh
# qgis.sh: the sample county's maps as QGIS draws them, and its candidates with their pictures; where QGIS is not installed the test says so and skips.
. tests/support/shell.sh
if ! "$python" -c 'import qgis.core' 2>/dev/null; then
	[ -z "${REQUIRE_QGIS-}" ] || fail "no QGIS (Debian: python3-qgis)"
	echo "skipped: QGIS is not installed (Debian: python3-qgis)"
	exit 77
fi
"$landuse" run -q -o "$scratch/out" samples/county/job.yaml >/dev/null
"$python" tests/support/qgis_render.py "$scratch/out/2015/landuse.tif" "$scratch/out/2023/landuse.tif" \
	"$scratch/out/2015_2023/change.tif" 2>/dev/null
"$python" tests/support/qgis_form.py "$scratch/out/2015_2023/new_development.gpkg" new_development review_status 2>/dev/null
# The project and its layout; then once more with the folder somewhere else, and three dates with zones.
"$python" tests/support/qgis_project.py "$scratch/out" 2>/dev/null
mv "$scratch/out" "$scratch/moved"
"$python" tests/support/qgis_project.py "$scratch/moved" 2>/dev/null
mv "$scratch/moved" "$scratch/out"
"$landuse" sample -q --size 30 --imagery 2015=samples/county/imagery_2015.tif -o "$scratch/sample.gpkg" \
	"$scratch/out/2015/landuse.tif" >/dev/null
"$python" tests/support/qgis_form.py "$scratch/sample.gpkg" sample reference 2>/dev/null
