# s26_damaged_outputs.sh: outputs that are damaged or gone are not called current; what people write into them is.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 5x5 --dates 2009,2015 --chip 128 --change-share 0.3 --seed 11 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}' \
	'change: {false_discovery_rate: 0.3, min_probability: 0.1, layers: [{name: any, to: [Developed, Water, Forest]}]}'
"$landuse" run -q job.yaml >/dev/null
cp -a out_job whole
again() { rm -rf out_job && cp -a whole out_job; }
current() {
	"$landuse" run --if-changed job.yaml >said 2>told
	grep -q 'up to date' said || { cat told; fail "$1: not current"; }
}
# stale FILE: the run says what is not as it was, and sets to work; a lock on the folder spares us the work.
stale() {
	refuses "$1 is not" flock out_job/.landuse.lock "$landuse" run --if-changed job.yaml
	grep -q 'another landuse job is writing here' stderr || { cat stderr; fail "$1: the run did not set to work"; }
	again
}
flip() { printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; touch -r "whole/${1#out_job/}" "$1"; }

current "as it was written"
ls out_job/2009_2015/any.gpkg out_job/2009/landuse.tif.aux.xml out_job/2009/confidence.qml >/dev/null
flip out_job/2009/landuse.tif "$(($(stat -c %s out_job/2009/landuse.tif) - 3))"
stale 2009/landuse.tif
flip out_job/class_areas.csv 40
stale class_areas.csv
rm out_job/2009/confidence.qml
stale 2009/confidence.qml
rm out_job/2009/landuse.tif.aux.xml
stale 2009/landuse.tif.aux.xml
head -c 300 whole/2009/landuse.tif.aux.xml >out_job/2009/landuse.tif.aux.xml
stale 2009/landuse.tif.aux.xml
head -c 20000 /dev/urandom >out_job/2009_2015/any.gpkg
stale 2009_2015/any.gpkg
dd if=/dev/urandom of=out_job/2009_2015/any.gpkg bs=4096 seek=5 count=6 conv=notrunc status=none
stale 2009_2015/any.gpkg
rm out_job/2009/confidence.qml
"$landuse" run -q --if-changed job.yaml >/dev/null
current "mended"
again

# Statistics, a style and reviews belong to whoever wrote them.
python_here <<'END'
from fixtures import *
source = gdal.Open("out_job/2009/landuse.tif")
source.GetRasterBand(1).ComputeStatistics(False)
source = None
candidates = ogr.Open("out_job/2009_2015/any.gpkg", 1)
rows = candidates.GetLayer(0)
assert rows.GetFeatureCount() > 0
row = rows.GetNextFeature()
row["review_status"] = 1
rows.SetFeature(row)
candidates = None
END
sed -i 's/<qgis /<qgis mine="yes" /' out_job/2009/landuse.qml
cp -a out_job edited
current "with statistics, a style and a review"
diff -r --exclude=.landuse.lock edited out_job || fail "edits were touched"
