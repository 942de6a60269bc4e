#!/bin/sh
# kept_scores.sh: only what changed is classified again, and the log says why; the outputs are those of a job that did it all.
. tests/support/shell.sh

"$sample_county" -q --cells 4x3 --dates 2009,2012,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
# job FILE OUTPUT KEY DATE...: a job of these dates with one more line.
job() {
	file=$1 output=$2 key=$3
	shift 3
	{
		printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' \
			'grid: {chip: 128}' "output: $output" "$key" 'dates:'
		for date; do echo "  - {date: $date, imagery: county/imagery_$date.tif}"; done
	} >"$file"
}
# again WANTED [OPTIONS...]: run job.yaml with --if-changed: the dates that are classified, with commas, and none else.
again() {
	wanted=$1
	shift
	"$landuse" run --if-changed "$@" job.yaml >told 2>log || fail "run: $(cat log)"
	got=$(sed -n 's/^\([-0-9]*\): [0-9]* chips in .*/\1/p' log | paste -sd, -)
	[ "$got" = "$wanted" ] || fail "classified '$got' instead of '$wanted': $(cat log)"
}
# logs LINE...: each is a line of the log.
logs() {
	for line; do grep -qxF "$line" log || fail "the log misses '$line': $(cat log)"; done
}
# same FOLDER: but for times and scores, the outputs are those of FOLDER.
same() {
	diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work out "$1" || fail "differs from $1"
}

job job.yaml out '' 2009 2015
again 2009,2015
again ''
grep -q 'up to date' told || fail "$(cat told)"

# A new date costs one date. The plan tells it before.
job job.yaml out '' 2009 2012 2015
"$landuse" run --if-changed --dry-run job.yaml >told 2>/dev/null
[ "$(sed -n 1,5p told)" = "$(printf '%s\n' 'to do' '2012: a new date' '2009, 2015: kept' \
	'change 2009-2015: judged again, with the dates that there are now' '')" ] || fail "the plan: $(head -6 told)"
[ ! -e out/2012 ] || fail 'the plan wrote'
again 2012
logs '2012: a new date' '2009, 2015: kept'
job whole.yaml whole '' 2009 2012 2015
"$landuse" run -q whole.yaml >/dev/null
same whole

# A lost table and a lost map are made again from what is there.
rm out/transitions.csv out/2012/landuse.tif
again ''
logs 'out/2012/landuse.tif is not there any more' '2009, 2012, 2015: kept'
same whole
# A setting that is of no weight to scores, and one that is.
job job.yaml out 'change: {rate: 0.2}' 2009 2012 2015
again ''
logs 'change.rate: 0.2, it was the usual' '2009, 2012, 2015: kept'
job job.yaml out '' 2009 2012 2015
again ''
logs 'change.rate: the usual, it was 0.2'
same whole
job job.yaml out 'min_valid: 0.8' 2009 2012 2015
again 2009,2012,2015
logs 'min_valid: 0.8, it was the usual' '2009: is classified again'
job job.yaml out '' 2009 2012 2015
again 2009,2012,2015

# New imagery of one date; scores that are gone or damaged; a date that is taken out takes its scores along.
cp county/imagery_2012.tif kept.tif
cp county/imagery_2009.tif county/imagery_2012.tif
again 2012
logs '2012: its imagery is new' '2009, 2015: kept'
cp kept.tif county/imagery_2012.tif
again 2012
rm out/.work/2009.done
printf '\377\377' | dd of=out/.work/2015.scores bs=1 seek=4100 conv=notrunc 2>/dev/null
rm out/class_areas.csv
again 2009,2015
logs '2009: is classified again'
grep -q '2015: 1 finished blocks of an earlier run were damaged' log || fail "$(cat log)"
same whole
job job.yaml out '' 2009 2015
again ''
logs '2012: was taken out' '2009, 2015: kept'
[ "$(ls out/.work)" = "$(printf '%s\n' 2009.done 2009.scores 2015.done 2015.scores)" ] || fail "kept: $(ls out/.work)"

# Bytes that size, times and a sample of a large file do not tell from others: --strict reads them all.
truncate -s 6M county/imagery_2015.tif
again 2015
"$python" - <<'END'
import os
path = "county/imagery_2015.tif"
facts = os.stat(path)
with open(path, "r+b") as to:
    to.seek(4900000)
    to.write(b"x")
os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
END
again ''
again 2015 --strict
logs '2015: its imagery is new' '2009: kept'
again '' --strict
grep -q 'up to date' told || fail "$(cat told)"

# keep_scores: false leaves none, and what that costs.
job job.yaml out 'keep_scores: false' 2009 2015
"$landuse" run -q job.yaml >/dev/null
[ ! -e out/.work ] || fail "kept: $(ls out/.work)"
rm out/class_areas.csv
again 2009,2015
says 'disk .* of scores stay in .work' "$landuse" run --dry-run whole.yaml || fail 'the plan does not tell'
omits 'disk .*scores' "$landuse" run --dry-run job.yaml || fail 'the plan tells of scores that do not stay'
# classify leaves none.
"$landuse" classify -q --accept-gsd-mismatch --boundary county/county.geojson -o single county/imagery_2009.tif >/dev/null
[ ! -e single/.work ] || fail 'classify keeps scores'
