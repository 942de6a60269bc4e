#!/bin/sh
# compare_nlcd.sh: cells of 224 m compared with NLCD at 30 m, by exact areas, and against NLCD in another CRS.
. tests/support/data.sh
root=$PWD
cd "$scratch"
for year in 2001 2011; do
	map=$data/scenario_hampshire/truth_$year.tif nlcd=$data/scenario_hampshire/nlcd_$year.tif
	"$landuse" compare -q --json --scheme landcover-7 "$map" "$nlcd" >"$year.json"
	"$python" "$root/tests/support/exact_plurality.py" "$map" "$nlcd" "$year.json"
	gdalwarp -q -t_srs EPSG:26918 -tr 10 10 "$nlcd" "utm_$year.tif"
	"$landuse" compare -q --json --scheme landcover-7 "$map" "utm_$year.tif" >"utm_$year.json"
	"$python" - "$year.json" "utm_$year.json" <<'END'
import json
import sys
a, b = (json.load(open(path)) for path in sys.argv[1:3])
assert abs(a["agreement"] - b["agreement"]) < 0.02, (a["agreement"], b["agreement"])
END
done
