#!/bin/sh
# s50_read_only_and_quota.sh: a folder that nobody may write to and a quota that is used up are told in a line, before and during
# a run; what lies in such a folder can be read.
. tests/support/shell.sh
failing=${FAILING_CALLS:-$PWD/build/tests/libfailing_calls.so}
cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}' 'threads: 1'
sed -i "s|^output: |&$scratch/|" job.yaml
"$landuse" run -q -o whole job.yaml >/dev/null
# failing CALL COMMAND...: with this call failing below the folder.
failing() {
	call=$1
	shift
	FAIL_CALL=$call FAIL_BELOW=$scratch/out_job LD_PRELOAD=$failing "$@"
}
read_only='open 0+ 30' quota='122'
mkdir out_job
expect 1 'Read-only file system' failing "$read_only" "$landuse" run -q job.yaml
# SQLite keeps the system's word to itself.
for at in 60 500; do
	words="this user's quota is used up"
	[ $at -lt 500 ] || words='.gpkg: cannot be written'
	expect 1 "$words" failing "write $at+ $quota" "$landuse" run -q job.yaml
	[ ! -e out_job/manifest.json ] || fail "at $at: outputs that are vouched for"
done
"$landuse" run -q job.yaml >/dev/null
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work --exclude=county.qgz whole out_job ||
	fail 'differs from an undisturbed run'
says 'Developed' failing "$read_only" "$landuse" history areas --file out_job --class Developed || fail 'its history'
says 'whole: ' failing "$read_only" "$landuse" verify out_job || fail 'it cannot be verified'
expect 1 'Read-only file system' failing "$read_only" "$landuse" run -q job.yaml
says 'whole: ' "$landuse" verify out_job || fail 'a run that may not write did harm'
