#!/bin/sh
# redo.sh: a run of what has changed gives the bytes of a whole run, makes no more than it has to, and says what.
. tests/support/shell.sh
"$sample_county" -q --cells 6x6 --chip 128 --dates 2006,2009,2012 --seed 3 --change-share 0.2 --format jpeg "$scratch/county"
cd "$scratch"

job() { # job NAME DATE...: further lines are on stdin
	name=$1
	shift
	{
		printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' 'grid: {chip: 128}' \
			"output: $name" 'dates:'
		for date; do echo "  - {date: $date, imagery: county/imagery_$date.tif}"; done
		cat
	} >"$name.yaml"
}
run() { "$landuse" run -q --if-changed "$1.yaml" >told 2>&1 || { cat told >&2; fail "run $1"; }; }
# same A B: the folders hold the same, but what carries times.
same() {
	diff -r -x manifest.json -x 'runs.gpkg*' -x .work -x '.landuse*' "$1" "$2" >&2 || fail "$1 is not $2"
}
# as_before FILE...: was not written again.
as_before() { for file; do [ -z "$(find "$file" -newer mark)" ] || fail "$file was made again"; done; }
anew() { for file; do [ -n "$(find "$file" -newer mark)" ] || fail "$file was not made again"; done; }
mark() { sleep 0.02; : >mark; sleep 0.02; }

# A new date: older maps and their differences stay, what all dates judge together is made again.
job gained 2006 2009 </dev/null
run gained
job gained 2006 2009 2012 </dev/null
says '^change 2006-2009: judged again' "$landuse" run --if-changed --dry-run gained.yaml
mark
run gained
grep -q '^done: 1 of 3 dates' told || fail 'a date was classified again'
job whole 2006 2009 2012 </dev/null
as_before gained/2006/landuse.tif gained/2009/confidence.tif gained/2006_2009/change.tif
anew gained/2006_2009/flagged.tif gained/2012/landuse.tif gained/trajectory.tif
run whole
same gained whole

# A lost file is made again, and its pair is told; nothing else is.
rm gained/2006_2012/flagged.tif
says '^change 2006-2012: flagged.tif is not there any more' "$landuse" run --if-changed --dry-run gained.yaml
says '^change 2006-2009, 2009-2012: kept' "$landuse" run --if-changed --dry-run gained.yaml
picture=$(find gained -name '*.jpg' | head -1)
[ -n "$picture" ] || fail 'no picture was drawn'
echo >>"$picture"
mark
run gained
as_before gained/2006_2012/change.tif gained/2006_2009/flagged.tif gained/2006_2009/new_development.gpkg gained/trajectory.tif
anew gained/2006_2012/flagged.tif "$picture"
same gained whole

# A key of change leaves maps alone.
echo 'change: {rate: 0.05}' | job gained 2006 2009 2012
says '^change 2006-2009, 2006-2012, 2009-2012: change.rate differs' "$landuse" run --if-changed --dry-run gained.yaml
mark
run gained
as_before gained/2006_2012/change.tif gained/2012/landuse.tif
anew gained/2006_2012/flagged.tif
rm -rf whole
echo 'change: {rate: 0.05}' | job whole 2006 2009 2012
run whole
same gained whole
