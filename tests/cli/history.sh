#!/bin/sh
# history.sh: runs recorded by several programs at once, listed, compared, and the best one named.
. tests/support/shell.sh

export LANDUSE_HISTORY="$scratch/sub/history.gpkg"
"$landuse" history >"$scratch/list"
grep -q 'no runs' "$scratch/list" || fail "an empty history"
[ ! -e "$LANDUSE_HISTORY" ] || fail "listing made a file"
expect 2 'no runs yet' "$landuse" history show 1

"$landuse" history add --kind train --name small --model models/small --data set --chips 400 --seconds 8 \
	--parameters '{"l2": 0.01, "head": "logistic"}' --metric f1=0.91 --metric ece=0.05 >"$scratch/added"
grep -qx 'run 1' "$scratch/added" || fail "no number: $(cat "$scratch/added")"
"$landuse" history add --kind train --name large --model models/large --data set --chips 400 --seconds 20 \
	--parameters '{"l2": 0.001, "head": "logistic"}' --metric f1=0.95 --metric ece=0.02 >/dev/null
"$landuse" history add --kind evaluate --name large --metric overall_accuracy=0.9 >/dev/null

"$landuse" history list >"$scratch/list"
[ "$(wc -l <"$scratch/list")" -eq 4 ] || fail "not three runs"
"$landuse" history --kind evaluate --json >"$scratch/answer.json"
"$python" -c "
import json, sys
runs = json.load(sys.stdin)
assert [r['run'] for r in runs] == [3] and runs[0]['metrics'] == {'overall_accuracy': 0.9}, runs" <"$scratch/answer.json"
"$landuse" history show 2 --json >"$scratch/answer.json"
"$python" -c "
import json, sys
run = json.load(sys.stdin)
assert run['parameters'] == {'l2': 0.001, 'head': 'logistic'} and run['chips_per_second'] == 20 and run['landuse'], run" <"$scratch/answer.json"
says '^l2  *0.01$' "$landuse" history show 1 || fail "show lacks a parameter"
"$landuse" history compare 1 2 >"$scratch/compare"
grep -q '^\* l2  *0.01  *0.001$' "$scratch/compare" || fail "compare lacks a parameter: $(cat "$scratch/compare")"
grep -q '^  head  *logistic  *logistic$' "$scratch/compare" || fail "compare marks what is the same"
grep -q '^\* metric f1 .*(+0.04)' "$scratch/compare" || fail "compare lacks the difference"
says -x 'model: models/large' "$landuse" history best --metric f1 || fail "best by f1"
says '^run 2 ' "$landuse" history best --metric ece --lowest || fail "best by the lowest"

# Eight programs at once, ten runs each: none is lost, none is written twice.
for writer in 1 2 3 4 5 6 7 8; do
	(for i in 1 2 3 4 5 6 7 8 9 10; do
		"$landuse" history add --kind run --name "w$writer-$i" --metric "i=$i" >/dev/null || echo bad >"$scratch/bad"
	done) &
done
wait
[ ! -e "$scratch/bad" ] || fail "a writer failed"
"$landuse" history list --kind run --json >"$scratch/answer.json"
"$python" -c "
import json, sys
names = [r['name'] for r in json.load(sys.stdin)]
assert len(names) == 80 and len(set(names)) == 80, len(names)" <"$scratch/answer.json"
"$python" -c "
import os, sqlite3
assert sqlite3.connect(os.environ['LANDUSE_HISTORY']).execute('SELECT count(*) FROM runs').fetchone() == (83,)"

# Wrong requests, and files that are not ours or not free.
expect 2 'no run 99' "$landuse" history show 99
expect 2 "run 'first'" "$landuse" history show first
expect 2 "no run has the metric 'f2' (there are:" "$landuse" history best --metric f2
expect 2 'name one metric' "$landuse" history best
expect 2 "--metric is 'f1'" "$landuse" history add --kind train --name x --metric f1
expect 2 'should be a JSON object' "$landuse" history add --kind train --name x --parameters '[1'
expect 2 "'forget' should be" "$landuse" history forget
expect 2 "'3' is one name too many" "$landuse" history compare 1 2 3
echo notes >"$scratch/notes.gpkg"
expect 1 'not a run history' "$landuse" history --file "$scratch/notes.gpkg" add --kind train --name x
[ "$(cat "$scratch/notes.gpkg")" = notes ] || fail "another file was changed"
cp "$LANDUSE_HISTORY" "$scratch/newer.gpkg"
"$python" -c "
import sqlite3, sys
file = sqlite3.connect(sys.argv[1])
# GeoPackage's triggers use functions of SpatiaLite's; the metadata table has none that matter here.
file.execute(\"UPDATE gpkg_metadata SET metadata = replace(metadata, '>1<', '>7<')\")
file.commit()" "$scratch/newer.gpkg"
expect 1 'use a newer landuse' "$landuse" history --file "$scratch/newer.gpkg" add --kind train --name x
expect 1 'use a newer landuse' "$landuse" history --file "$scratch/newer.gpkg"
"$python" - "$LANDUSE_HISTORY" >"$scratch/held" <<'END' &
import sqlite3, sys, time
file = sqlite3.connect(sys.argv[1], isolation_level=None)
file.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(30)
END
holder=$!
until grep -q held "$scratch/held"; do sleep 0.1; done
expect 1 'locked' "$landuse" history add --kind train --name x
kill $holder
wait $holder 2>/dev/null || true
"$landuse" history add --kind train --name x >/dev/null || fail "the history did not come free"
