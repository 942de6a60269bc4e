#!/bin/sh
# shards.sh: a job in shards, each as a machine of its own would run it, and merged: byte for byte the outputs of one run.
. tests/support/shell.sh

"$sample_county" -q --cells 5x6 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
# job FILE OUTPUT KEYS...: a job of both dates with further keys.
job() {
	file=$1 output=$2
	shift 2
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' \
		'dates:' '  - {date: 2009, imagery: county/imagery_2009.tif}' '  - {date: 2015, imagery: county/imagery_2015.tif}' \
		"output: $output" "$@" >"$file"
}
same() {
	diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work whole out || fail 'differs from a run on one machine'
}
job whole.yaml whole 'grid: {chip: 128}' 'normalise: {to: 2015}'
job job.yaml out 'grid: {chip: 128}' 'normalise: {to: 2015}'
"$landuse" run -q whole.yaml >/dev/null

expect 2 'out: no plan of shards is here' "$landuse" run -q --shard 0/3 job.yaml
"$landuse" shard -q --count 3 job.yaml >told
grep -qx 'out: 3 shards of 2 dates' told && grep -q '^  0: rows 0 to [12], [0-9]* cells$' told || fail "the plan: $(cat told)"
expect 2 '--shard 3/3: the shards of the plan are 0 to 2' "$landuse" run -q --shard 3/3 job.yaml
expect 2 'none of SLURM_ARRAY_TASK_ID,' env -u SLURM_ARRAY_TASK_ID "$landuse" run -q --shard auto/3 job.yaml
[ ! -e out/2009 ] || fail 'a plan or a failure wrote outputs'

# Each number comes from another cluster's variable; what is missing is named as arrays of jobs take it.
env SLURM_ARRAY_TASK_ID=1 "$landuse" run -q --shard auto job.yaml >told
grep -q '^shard 1 of 3 (from 0): rows [0-9]* to [0-9]*, [0-9]* chips in ' told || fail "$(cat told)"
expect 1 'out: 2 of 3 shards are missing or not whole (run them again: --array=0,2)' "$landuse" merge -q job.yaml
env JOB_COMPLETION_INDEX=0 "$landuse" run -q --shard auto/3 job.yaml >told
# A plan that is there stays; one of another count does not go while a shard is at work.
says 'as planned before' "$landuse" shard -q --count 3 job.yaml || fail 'the plan went'
mkdir -p out/.shards/2
hold_lock out/.shards/2/.landuse.lock
expect 1 'another landuse job is writing here' "$landuse" shard -q --count 2 job.yaml
expect 1 'out/.shards/2: another landuse job is writing here' "$landuse" run -q --shard 2/3 job.yaml
release_lock
# A shard of other instructions than the rest is none of this map.
env ONEDNN_MAX_CPU_ISA=SSE41 AWS_BATCH_JOB_ARRAY_INDEX=2 "$landuse" run -q --shard auto/3 job.yaml >told
expect 1 'out: 1 of 3 shards were scored by a processor for ' "$landuse" merge -q job.yaml
grep -q ' (run them again: --array=2)$' stderr || fail "$(cat stderr)"
"$landuse" run -q --json --shard 2/3 job.yaml >told
grep -q '"shard": "shard 2 of 3 (from 0): ' told || fail "$(cat told)"
lacks ', 0 chips in' told || fail 'what another kind of processor has scored stays'
# A damaged block is found, its shard named, and that block alone scored again.
printf '\377\377' | dd of=out/.shards/0/2009.scores bs=1 seek=4100 conv=notrunc 2>/dev/null
expect 1 'out: 1 of 3 shards are damaged (run them again: --array=0)' "$landuse" merge -q job.yaml
[ ! -e out/manifest.json ] || fail 'half a county is mapped'
"$landuse" run --shard 0/3 job.yaml >told 2>log
grep -q '2009: 1 finished blocks of an earlier run were damaged' log || fail "$(cat log)"
"$landuse" merge job.yaml >told 2>log || fail "$(cat log)"
tail -1 told | grep -q '^done: 2 of 2 dates classified' || fail "$(tail -1 told)"
same
[ ! -e out/.shards ] || fail "left: $(ls -A out/.shards)"
says '"up_to_date": true' "$landuse" merge -q --json job.yaml || fail 'merged twice'

# Dates whose scores are kept are not sharded; other inputs than the plan's are found.
sed -i 's/^normalise.*//' job.yaml
"$landuse" shard -q --count 2 job.yaml >told
grep -qx 'out: 2 shards of 1 date' told || fail "the plan: $(cat told)"
touch county/imagery_2009.tif
expect 1 'plan.json: is of another job or version, or of imagery that is another one here' "$landuse" run -q --shard 0 job.yaml

# Cells of several windows.
job whole.yaml windows 'grid: {cell: 60m}'
job job.yaml joined 'grid: {cell: 60m}'
"$landuse" run -q whole.yaml >/dev/null
"$landuse" shard -q --count 2 job.yaml >/dev/null
for i in 1 0; do "$landuse" run -q --shard $i/2 job.yaml >/dev/null; done
"$landuse" merge -q --json job.yaml >joined.json
"$python" -c "
import json
told = json.load(open('joined.json'))
assert told['output'] == 'joined' and not told['up_to_date'] and [d['chips'] > 0 for d in told['dates']] == [True, True], told"
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work windows joined || fail 'windows differ from a run on one machine'
