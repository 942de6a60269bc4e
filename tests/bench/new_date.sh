#!/bin/sh
# new_date.sh: what a fourth date costs a job of three with --if-changed, against classifying that date alone.
#
# usage: new_date.sh LANDUSE SAMPLE_COUNTY [CELLS [ROUNDS]]: 40 cells a side, median of 5; seconds by the clock and of the
# processor. Exit 1 where the ratio of the medians is above 1.3.
set -eu
landuse=$1 sample_county=$2 cells=${3:-40} rounds=${4:-5}
case $landuse in /*) ;; *) landuse=$PWD/$landuse ;; esac
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$sample_county" -q --cells "${cells}x$cells" --dates 2006,2009,2012,2015 --seed 5 --format jpeg "$scratch/county"
cd "$scratch"
boundary=$(ls county/county.* | head -1)
job() {
	name=$1
	shift
	printf '%s\n' "county: {boundary: $boundary}" 'model: aerial-21' "output: $name" 'dates:' >"$name.yaml"
	for date; do echo "  - {date: $date, imagery: county/imagery_$date.tif}" >>"$name.yaml"; done
}
# timed FILE COMMAND...: a line of seconds by the clock and of the processor into FILE.
timed() {
	to=$1
	shift
	python3 - "$@" >>"$to" <<'PY'
import resource, subprocess, sys, time
clock = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.monotonic() - clock, used.ru_utime + used.ru_stime)
PY
}
for _ in $(seq "$rounds"); do
	rm -rf series alone
	job series 2006 2009 2012
	"$landuse" run -q series.yaml >/dev/null 2>&1
	job series 2006 2009 2012 2015
	job alone 2015
	timed gained "$landuse" run -q --if-changed series.yaml
	timed fourth "$landuse" run -q alone.yaml
done
python3 - <<'PY'
import statistics, sys
gained, fourth = ([tuple(map(float, l.split())) for l in open(f)] for f in ("gained", "fourth"))
for k, what in enumerate(("by the clock", "of the processor")):
    a, b = (statistics.median(v[k] for v in x) for x in (gained, fourth))
    print(f"{what}: the fourth date gained {a:.2f} s, alone {b:.2f} s, ratio {a / b:.2f}; {['%.2f' % (g[k] / f[k]) for g, f in zip(gained, fourth)]}")
sys.exit(a / b > 1.3)
PY
