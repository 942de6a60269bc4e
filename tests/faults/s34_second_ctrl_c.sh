#!/bin/sh
# s34_second_ctrl_c.sh: the first Ctrl-C stops tidily, the second at once; scores that a disk lost are made again (S24).
. tests/support/shell.sh
failing=${FAILING_CALLS:-build/tests/libfailing_calls.so}
case $failing in /*) ;; *) failing=$PWD/$failing ;; esac
LD_PRELOAD=$failing "$landuse" --version >/dev/null 2>&1 || exit 77
cd "$scratch"
"$sample_county" -q --cells 5x5 --dates 2009,2015 --chip 128 --seed 1 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q -o good job.yaml >/dev/null

# A sync that fails: the job fails, and the next one ends with the bytes of an undisturbed one.
code=0
FAIL_SYNC='lost 0' LD_PRELOAD=$failing "$landuse" run -q job.yaml >/dev/null 2>words || code=$?
[ $code -eq 1 ] || fail "a failed sync ended with $code: $(cat words)"
grep -q '2009.scores: cannot write' words || fail "a failed sync said: $(cat words)"
"$landuse" run -q job.yaml >/dev/null
for map in 2009/landuse.tif 2015/landuse.tif class_areas.csv; do
	cmp "good/$map" "out_job/$map" || fail "$map of a job whose disk had failed"
done

# While a slow disk is waited for, the flag of the first signal is not asked for.
FAIL_SYNC='slow 20' LD_PRELOAD=$failing "$landuse" run -q -o slow job.yaml >/dev/null 2>&1 &
pid=$!
tries=0
until [ -e slow/.work/2009.done ]; do
	tries=$((tries + 1))
	[ $tries -lt 2000 ] || fail "the job did not begin"
	sleep 0.05
done
sleep 0.5
kill -INT $pid
sleep 0.3
kill -0 $pid 2>/dev/null || fail "the first signal ended the program at once"
before=$(date +%s)
kill -INT $pid
code=0
wait $pid || code=$?
[ $code -eq 130 ] || fail "two signals ended the program with $code"
[ $(($(date +%s) - before)) -lt 10 ] || fail "the second signal was not heard"
"$landuse" run -q -o slow job.yaml >/dev/null
cmp good/2015/landuse.tif slow/2015/landuse.tif || fail "the job after two signals"
