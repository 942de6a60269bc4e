#!/bin/sh
# s49_inputs_that_go.sh: imagery that disappears, is cut short or written to during a run gives one line that names it and no
# outputs that anybody vouches for; the next run makes what an undisturbed one does.
. tests/support/shell.sh
failing=${FAILING_CALLS:-$PWD/build/tests/libfailing_calls.so}
cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}' 'threads: 1' 'report: false'
"$landuse" run -q -o whole job.yaml >/dev/null
cp -p county/imagery_2009.tif county/imagery_2015.tif .
# disturb HOW N WORDS: it happens to the later date's file as the run writes for the N-th time: before it is scored, and after.
disturb() {
	code=0
	FAIL_BELOW=$scratch/out_job FAIL_ACT="write $2 $1 $scratch/county/imagery_2015.tif" LD_PRELOAD=$failing \
		"$landuse" run -q -o "$scratch/out_job" job.yaml >told 2>words || code=$?
	[ $code -eq 1 ] || fail "$1 at $2: exit code $code: $(cat words)"
	[ "$(grep -vc '^warning: ' words)" -eq 1 ] && grep -q "county/imagery_2015.tif: $3" words || fail "$1 at $2: $(cat words)"
	[ ! -e out_job/manifest.json ] || fail "$1 at $2: outputs that are vouched for"
	cp -p imagery_2015.tif county/
}
disturb remove 3 'was taken away'
disturb cut 3 'was exchanged or written to'
disturb touch 40 'was exchanged or written to'
"$landuse" run -q job.yaml >/dev/null
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work whole out_job ||
	fail 'differs from an undisturbed run'
# A boundary that goes after it was read harms nobody: its bytes are not known, which verify tells.
FAIL_BELOW=$scratch/again FAIL_ACT="write 3 touch $scratch/county/county.geojson" LD_PRELOAD=$failing \
	"$landuse" run -q -o "$scratch/again" job.yaml >/dev/null
code=0
"$landuse" verify again >told 2>words || code=$?
[ $code -eq 1 ] && grep -q 'county/county.geojson' told || fail "exit code $code: $(cat told words)"
