#!/bin/sh
# s48_clock_jumps.sh: a time of day that jumps by weeks, forward and back, changes no output, no fingerprint and no lock, and no
# duration is negative.
. tests/support/shell.sh
failing=${FAILING_CALLS:-$PWD/build/tests/libfailing_calls.so}
cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}' 'log: run.log'
"$landuse" run -q job.yaml >/dev/null
# One that died has left its lock, by a clock that was ahead.
mkdir jumped
echo 'process 4194304 of a on b, since 2101-01-01T00:00:00Z' >jumped/.landuse.lock
clock() { seconds=$1; shift; FAIL_CLOCK=$seconds LD_PRELOAD=$failing "$@"; }
clock 4000000 "$landuse" run --json-log -o jumped job.yaml >told 2>events || fail "$(cat events)"
grep -q 'since 2101-01-01' events || fail "the lock of one that died was not taken over: $(head -3 events)"
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=run.log --exclude='*.done' out_job jumped ||
	fail 'another output'
for seconds in 4000000 -4000000; do
	clock $seconds "$landuse" run --if-changed -q -o jumped job.yaml >told || fail 'the second run'
	grep -q 'up to date' told || fail "run again: $(head -5 told)"
done
says 'whole: ' clock 4000000 "$landuse" verify jumped || fail 'not whole'
"$python" - <<'END'
import json, sqlite3
manifest = json.load(open("jumped/manifest.json"))
times = [manifest["seconds"], *(d["seconds"] for d in manifest["dates"])]
times += [n for row in sqlite3.connect("jumped/runs.gpkg").execute("select seconds from runs union all select seconds from dates") for n in row]
assert len(times) == 6 and all(0 <= t < 3600 for t in times), times
events = [json.loads(line) for line in open("events")]
assert {e["time"][:4] for e in events} and events[-1]["event"] == "result" and events[-1]["exit_code"] == 0
# The clock did jump.
assert len({e["time"][:7] for e in events}) > 1, "the clock of this test stands still"
END
