#!/bin/sh
# s35_stdout.sh: results that could not be written to stdout are a failure, whatever prints them.
. tests/support/shell.sh
[ -w /dev/full ] || exit 77
cd "$scratch"
"$sample_county" -q --cells 4x4 --dates 2009,2015 --chip 128 --seed 1 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q job.yaml >/dev/null
one=out_job/2009/landuse.tif two=out_job/2015/landuse.tif
printf ',A,B\nA,40,2\nB,3,50\n' >counts.csv

to_full() { "$@" >/dev/full; }
to_closed() { "$@" >&-; }
each() { expect 1 'landuse: cannot write to stdout: No space left on device' to_full "$landuse" "$@"; }
each --help
each --version
each help run
each run --help
each run -q --dry-run job.yaml
each run -q --if-changed job.yaml
each change -q --tables-only --dates a,b -o change "$one" "$two"
each compare -q "$one" "$two"
each compare -q --json "$one" "$two"
each assess -q --counts counts.csv
each assess -q --json --counts counts.csv
each info "$one"
each info --json "$one"
each info --check-cog "$one"
each models list

expect 1 'landuse: cannot write to stdout: ' to_closed "$landuse" --help
expect 1 'landuse: cannot write to stdout: ' to_closed "$landuse" compare -q "$one" "$two"
# More than one buffer of text.
expect 1 'No space left on device' to_full "$landuse" info "$one" "$two" "$one" "$two" "$one" "$two" "$one" "$two"
# Another failure keeps its code, and what needs no stdout runs without one.
code=0
"$landuse" info "$one" none.tif >/dev/full 2>/dev/null || code=$?
[ $code -eq 2 ] || fail "a missing file and a full disk gave $code"

# Files that are opened while stdout is closed do not get its number, and so no results in them.
expect 1 'landuse: cannot write to stdout: ' to_closed "$landuse" change -q --tables-only --dates a,b -o closed "$one" "$two"
for file in change/*.csv change/*.json; do
	case $file in */manifest.json) continue ;; esac
	cmp "$file" "closed/$(basename "$file")" || fail "$file, with stdout closed"
done
