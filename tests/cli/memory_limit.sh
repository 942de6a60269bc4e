#!/bin/sh
# memory_limit.sh: a run stays below the memory that its job allows, with the same outputs; what cannot be is said before.
. tests/support/shell.sh

"$sample_county" -q --cells 5x5 --dates 2009 --seed 11 "$scratch/county"
job() {
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'dates: [{date: 2009, imagery: county/imagery_2009.tif}]' \
		'threads: 4' 'cache_mb: 256' "output: $1" "$2" >"$scratch/$1.yaml"
}
job free 'probabilities: false'
job held 'memory: 260MiB'
job small 'memory: 20MiB'
job wrong 'memory: much'
planned() { # planned NAME: megabytes that the plan tells.
	"$landuse" run --dry-run "$scratch/$1.yaml" >"$scratch/plan" 2>/dev/null || fail "no plan of $1"
	sed -n 's/^memory .* about \([0-9]*\) MB.*/\1/p' "$scratch/plan"
}
echo "planned: $(planned free) MB without a limit, $(planned held) MB with one of 260 MiB"
[ "$(planned held)" -le 273 ] && [ "$(planned free)" -gt 273 ] || fail 'the limit is not kept, or none'
"$landuse" run -q "$scratch/free.yaml" >/dev/null 2>&1
peak=$("$python" tests/support/peak.py "$landuse" run -q "$scratch/held.yaml" 2>/dev/null)
"$python" -c "raise SystemExit(not float('$peak') <= 260)" || fail "a peak of $peak MiB"
cd "$scratch"
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work --exclude=report.html free held || fail 'other outputs'
expect 1 "'memory' is 20 MiB, and with one thread and the least buffers this job takes " "$landuse" run -q small.yaml
[ ! -e small ] || fail 'something was written'
expect 2 "'memory' is much, a size is expected (2GiB, 800MiB)" "$landuse" run -q wrong.yaml
