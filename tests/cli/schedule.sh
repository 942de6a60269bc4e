#!/bin/sh
# schedule.sh: the command line of the systemd service, as its timer starts it, twice; and what a program that watches it hears.
. tests/support/shell.sh
service=$PWD/config/schedule/landuse@.service timer=$PWD/config/schedule/landuse@.timer crontab=$PWD/config/schedule/crontab

"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
mkdir -p etc naip/2009 naip/spoilt
mv county/imagery_2009.tif naip/2009
cat >etc/county.yaml <<'END'
county: {boundary: ../county/county.geojson}
model: aerial-21
accept_gsd_mismatch: true
grid: {chip: 128}
dates: {pattern: "../naip/{date}/*.tif"}
log: landuse.log
notify: [tee, heard]
output: ../out
END

# What systemd makes of the line: %i is the instance, words are divided by blanks, nothing is expanded by a shell.
line=$(sed -n 's/^ExecStart=//p' "$service" | sed "s|%i|county|g; s|^/usr/bin/landuse|$landuse|; s|/etc/landuse/|$scratch/etc/|")
case $line in "$landuse run --if-changed $scratch/etc/county.yaml") ;; *) fail "the line is: $line" ;; esac
# As the timer has it: no terminal, no environment of a person's, started elsewhere.
start() {
	code=0
	# shellcheck disable=SC2086
	(cd / && env -i PATH="$PATH" $line --json-log >"$scratch/told" 2>"$scratch/events" </dev/null) || code=$?
	[ $code -eq "$1" ] || fail "exit code $code: $(cat events)"
}
# The program that is told hears it in the folder that the service stands in.
sed -i "s|tee, heard|tee, $scratch/heard|" etc/county.yaml
start 0
tail -1 told | grep -qx 'done: 1 of 1 date classified, [0-9]* outputs' || fail "the last line: $(tail -1 told)"
cmp told heard || fail 'who is notified hears something else'
grep -qE '^[-0-9]+T[0-9:]+Z done: 1 of 1 date' out/landuse.log || fail "the log: $(cat out/landuse.log)"
grep -qE 'Z warning: .*0.171 m a pixel' out/landuse.log || fail "the log lacks what was said first: $(cat out/landuse.log)"
"$python" - <<'END'
import json
events = [json.loads(line) for line in open("events")]
assert events[0]["event"] == "start" and events[0]["command"][1:3] == ["run", "--if-changed"], events[0]
assert events[-1]["event"] == "result" and events[-1]["exit_code"] == 0 and "done: 1 of 1" in events[-1]["summary"], events[-1]
assert {"log", "stage", "progress"} <= {e["event"] for e in events}
assert all(e["time"].endswith("Z") for e in events)
END
rm heard
before=$(cat out/landuse.log)
start 0
grep -q 'up to date' told || fail "the second night did something: $(cat told)"
[ ! -e heard ] || fail 'somebody is told of nothing'
[ "$before" = "$(cat out/landuse.log)" ] || fail 'the log grew by nothing'

# A new folder is a new date.
mkdir naip/2015
mv county/imagery_2015.tif naip/2015
start 0
grep -q '"text":"2015: a new date"' events && grep -q '"text":"2009: kept"' events || fail "the third night: $(cat events)"
tail -1 told | grep -q '^done: 1 of 2 dates classified' || fail "the last line: $(tail -1 told)"
rm heard

# An alarm that fires: exit code 3, told by all.
cp out/2009_2015/../transitions.csv before.csv
cat >>etc/county.yaml <<'END'
change: {false_discovery_rate: 0.9}
alarms:
  - {class: Developed, net_gain_ha: 0.0001, net_loss_ha: 0.0001, confidence_level: 0.5}
  - {class: Developed, net_gain_ha: 1000000}
END
code=0
"$landuse" run --if-changed etc/county.yaml >told 2>log || code=$?
flagged=$(awk -F, 'NR > 1 && ($4 == "Developed") != ($6 == "Developed")' out/flagged_changes.csv | wc -l)
if [ "$flagged" -gt 0 ]; then
	[ $code -eq 3 ] || fail "exit code $code: $(cat told log)"
	grep -q '^alarm: Developed: a net .* of at least .* ha from 2009 to 2015, by 50 % confidence' told || fail "$(cat told)"
	tail -1 told | grep -q ', 1 alarm$' || fail "$(tail -1 told)"
	cmp told heard || fail 'who is notified hears no alarm'
else
	[ $code -eq 0 ] || fail "exit code $code: $(cat told log)"
fi
# Patches that the run before had not: of a layer without a former one none is new, and all where that had found none.
sed -i '/^alarms:/,$d; /^change:/d' etc/county.yaml
printf '%s\n' 'change: {false_discovery_rate: 0.9, min_probability: 1, layers: [{name: any}]}' 'alarms: [{patches: any, new_ha: 0.01}]' >>etc/county.yaml
"$landuse" run --json etc/county.yaml >told.json 2>log || fail "a layer of no former run is new: $(cat log)"
sed -i 's/min_probability: 1, //' etc/county.yaml
code=0
"$landuse" run --json --stats etc/county.yaml >again.json 2>log || code=$?
"$python" - $code <<'END'
import json, sys
told, again = json.load(open("told.json")), json.load(open("again.json"))
assert all("new_patches" not in l for l in told["layers"]), told["layers"]
stats = again["stats"]
parts = [stats[f"{k}_seconds"] for k in ("reading", "network", "writing")]
assert "stats" not in told and 2e7 < stats["peak_bytes"] < 2e9 and min(parts) >= 0 and parts[2] > 0, stats
assert sum(parts) <= stats["processor_seconds"] + 0.01 and stats["processor_seconds"] < 600, stats
assert all(l["new_patches"] == l["patches"] and l["new_ha"] == l["area_ha"] for l in again["layers"]), again["layers"]
found = sum(l["patches"] for l in again["layers"] if l["pair"] == "2009_2015")
assert (sys.argv[1] == "3") == (found > 0) == (len(again["alarms"]) > 0), (sys.argv, found, again["alarms"])
assert again["open_first"] == ["report.html", "county.qgz"] and not again["up_to_date"]
END
sed -i 's/patches: any/patches: nowhere/' etc/county.yaml
expect 2 "alarms: patches 'nowhere' is no layer of the job" "$landuse" run -q etc/county.yaml
printf '%s\n' 'alarms: [{class: Nowhere, net_gain_ha: 1}]' >alarm
sed -i '/^alarms:/d; /^change:/d' etc/county.yaml
cat alarm >>etc/county.yaml
expect 2 "alarms: class 'Nowhere' is none of scheme" "$landuse" run -q etc/county.yaml

# A failure is told, too; a program that is not there, or ends badly, is a warning.
grep -q 'Nowhere' heard || fail 'nobody hears of a failure'
sed -i '/^alarms:/,$d; s|^notify: .*|notify: ["no such program"]|' etc/county.yaml
"$landuse" run -q etc/county.yaml >told 2>log || fail "$(cat log)"
grep -q 'warning: notify: no such program cannot be started' log || fail "$(cat log)"
sed -i 's|^notify: .*|notify: ["false", "; touch broken"]|' etc/county.yaml
"$landuse" run -q etc/county.yaml >told 2>log || fail "$(cat log)"
grep -q 'warning: notify: false ended with 1' log || fail "$(cat log)"
[ ! -e broken ] || fail 'a shell was asked'

# The other files are what they are for.
grep -q '^OnCalendar=' "$timer" && grep -q '^WantedBy=timers.target' "$timer" || fail 'the timer'
grep -qE '^([0-9*]+ +){5}landuse  /usr/bin/landuse run -q --if-changed ' "$crontab" || fail 'the crontab'
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify --man=no "$service" "$timer" 2>verified || lacks '@.service:[0-9]\|@.timer:[0-9]' verified || fail "$(cat verified)"
fi
