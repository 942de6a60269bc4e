#!/bin/sh
# s45_plan_memory.sh: a run takes no more memory than its plan says, and the plan does not say far too much.
. tests/support/shell.sh

"$sample_county" -q --cells 12x12 --dates 2009,2015,2023 --seed 2 --format jpeg "$scratch/county"
for threads in 1 4; do
	for kind in two three; do
		{
			echo "county: {boundary: county/county.geojson}"
			echo "model: aerial-21"
			echo "threads: $threads"
			echo "dates:"
			[ $kind = two ] || echo "  - {date: 2009, imagery: county/imagery_2009.tif}"
			echo "  - {date: 2015, imagery: county/imagery_2015.tif}"
			echo "  - {date: 2023, imagery: county/imagery_2023.tif}"
			[ $kind = two ] || printf 'probabilities: true\nsmooth: {method: mrf, weight: 1}\nchange: {pictures: 5}\n'
			echo "output: out_$kind$threads"
		} >"$scratch/$kind.yaml"
		"$landuse" run --dry-run "$scratch/$kind.yaml" >"$scratch/plan" 2>/dev/null
		planned=$(sed -n 's/^memory .* about \([0-9]*\) MB.*/\1/p' "$scratch/plan")
		peak=$("$python" tests/support/peak.py "$landuse" run -q "$scratch/$kind.yaml" 2>/dev/null)
		echo "$kind dates, $threads threads: planned $planned MB, peak $peak MiB"
		"$python" -c "
planned, peak = float('$planned'), float('$peak') * 1.048576
raise SystemExit(not peak <= planned <= 1.8 * peak)" || fail "the plan's memory is no upper figure of what the run takes"
	done
done
