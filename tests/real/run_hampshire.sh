#!/bin/sh
# run_hampshire.sh: three dates in three delivery forms against their truth; threads and engines agree.
. tests/support/data.sh

cat >"$scratch/job.yaml" <<END
county: {boundary: $data/scenario_hampshire/county.geojson}
model: aerial-21
dates:
  - {date: 2001, imagery: $data/scenario_hampshire/imagery_2001.tif}
  - {date: 2006, imagery: $data/scenario_hampshire/imagery_2006.tif}
  - {date: 2011, imagery: $data/scenario_hampshire/imagery_2011}
accept_gsd_mismatch: true
grid: {chip: 224}
probabilities: true
output: out
END
"$landuse" run -q "$scratch/job.yaml"
for date in 2001 2006 2011; do
	"$python" tests/support/compare_maps.py "$scratch/out/$date/landuse.tif" \
		"$data/scenario_hampshire/truth_$date.tif" 0.97 0.03 4
	"$landuse" info --check-cog "$scratch/out/$date/landuse.tif" "$scratch/out/$date/confidence.tif"
done
"$python" tests/support/county_area.py "$scratch/out/statistics.json" "$data/scenario_hampshire/county.geojson"

# What is flagged of eleven years' change, and of the five years before and after.
for pair in 2001_2006 2006_2011 2001_2011; do
	"$python" tests/support/compare_flags.py "$scratch/out/$pair" "$data/scenario_hampshire/truth_${pair%_*}.tif" \
		"$data/scenario_hampshire/truth_${pair#*_}.tif" 0.95 0.8
done

# The same job with another number of threads gives the same bytes; work in between is done again.
"$landuse" run -q -j 1 -o "$scratch/one" "$scratch/job.yaml"
"$landuse" run -q -j 3 -o "$scratch/three" "$scratch/job.yaml"
for other in one three; do
	diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock "$scratch/out" "$scratch/$other" ||
		fail "outputs depend on the number of threads"
done

# The other engine: the same classes but for near-ties.
"$landuse" run -q --engine blas -o "$scratch/blas" "$scratch/job.yaml"
for date in 2001 2006 2011; do
	"$python" tests/support/compare_maps.py "$scratch/blas/$date/landuse.tif" "$scratch/out/$date/landuse.tif" 0.995
done
