#!/bin/sh
# passes.sh: what is made of a county's scores is made in few passes over them.
. tests/support/shell.sh

"$sample_county" -q --cells 12x10 --dates 2012,2015,2018 --seed 5 "$scratch/county"

# job DATES EXTRA: a job over the first DATES dates
job() {
	{
		echo "county: {boundary: county/county.geojson}"
		echo "model: aerial-21"
		echo "dates:"
		for year in $(echo 2012 2015 2018 | cut -d' ' -f1-"$1"); do
			echo "  - {date: $year, imagery: county/imagery_$year.tif}"
		done
		echo "output: out_$1"
		[ -z "$2" ] || echo "$2"
	} >"$scratch/job_$1.yaml"
	"$landuse" run --verbose "$scratch/job_$1.yaml" >/dev/null 2>"$scratch/log" || fail "job of $1 dates"
	sed -n 's/.*scores were read \([0-9.]*\) times.*/\1/p' "$scratch/log" | sort -u | xargs
}

# One date: classes, confidence, probabilities and figures from one pass.
passes=$(job 1 "probabilities: true")
[ "$passes" = 1.0 ] || fail "one date: expected 1.0 passes, found '$passes'"
# Three dates: that, the thresholds of all pairs, and all rasters, tables and patches.
passes=$(job 3 "")
[ "$passes" = 3.0 ] || fail "three dates: expected 3.0 passes, found '$passes'"
