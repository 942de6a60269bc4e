#!/bin/sh
# run_history.sh: every run into a folder is in its runs.gpkg, with the figures of its tables; two writers lose nothing.
. tests/support/shell.sh

"$sample_county" -q --cells 4x3 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q job.yaml >/dev/null
echo 'min_valid: 0.8' >>job.yaml
"$landuse" run -q job.yaml >/dev/null
"$landuse" run -q --if-changed job.yaml >/dev/null

# What is there is what it says of itself.
"$landuse" info --json out_job >about.json
"$python" - <<'END'
import csv, json
about, got = json.load(open("about.json")), list(csv.DictReader(open("out_job/class_areas.csv")))
assert about["kind"] == "outputs of a run" and about["open_first"] == ["report.html", "county.qgz"], about
for date in about["hectares"]:
    for row in got:
        if row["date"] == date["date"]:
            assert abs(date[row["name"]] - float(row["area_ha"])) < 1e-6, row
END

# SQL by Debian's own SQLite, against the tables beside it.
"$python" - <<'END'
import csv, sqlite3
db = sqlite3.connect("out_job/runs.gpkg")
runs = db.execute("select fid, command, chips, alarms from runs order by fid").fetchall()
assert runs == [(1, "landuse run -q job.yaml", 24, 0), (2, "landuse run -q job.yaml", 24, 0)], runs
assert db.execute("select count(*) from dates where length(imagery) = 64 and chips = 12 and seconds > 0").fetchone() == (4,)
found = {(d, c): (n, h) for d, c, n, h in db.execute("select date, class, cells, hectares from areas where run = 2")}
want = {(r["date"], r["name"]): (int(r["cells"]), float(r["area_ha"])) for r in csv.DictReader(open("out_job/class_areas.csv"))}
for key, (cells, hectares) in want.items():
    assert found[key][0] == cells and abs(found[key][1] - hectares) < 1e-5, (key, found[key], want[key])
assert abs(sum(h for (d, c), (n, h) in found.items() if d == "2009") - sum(h for (d, c), (n, h) in want.items() if d == "2009")) < 1e-4
changes = {(a, b): n for a, b, n in db.execute("select from_class, to_class, cells from changes where run = 2")}
want = {(r["from_name"], r["to_name"]): int(r["cells"]) for r in csv.DictReader(open("out_job/transitions.csv")) if int(r["cells"])}
assert changes == want, (changes, want)
END
ogrinfo -so out_job/runs.gpkg areas >described
grep -q 'Feature Count' described || fail 'OGR does not open it'

"$landuse" history areas --file out_job --class Developed >series
[ "$(sed -n 1p series)" = out_job/runs.gpkg ] || fail "it does not say what it read: $(cat series)"
[ "$(awk 'NR > 2 {print $1, $3, $4}' series)" = "$(printf '%s\n' '1 2009 Developed' '1 2015 Developed' '2 2009 Developed' '2 2015 Developed')" ] ||
	fail "$(cat series)"
"$landuse" history areas --json --file out_job/runs.gpkg >series.json
"$python" -c "
import json
rows = json.load(open('series.json'))
assert {r['run'] for r in rows} == {1, 2} and {r['date'] for r in rows} == {'2009', '2015'} and all(r['hectares'] >= 0 for r in rows)"
expect 2 "no areas of class 'Developd' (did you mean 'Developed'?" "$landuse" history areas --file out_job --class Developd
expect 2 'county/runs.gpkg: no such file' "$landuse" history areas --file county
expect 2 'name the output folder' "$landuse" history areas

# One that QGIS has locked, or somebody spoilt: a warning, and the outputs are whole.
cp out_job/runs.gpkg kept.gpkg
echo spoilt >out_job/runs.gpkg
echo 'pairs: consecutive' >>job.yaml
"$landuse" run -q job.yaml >/dev/null 2>log || fail "$(cat log)"
grep -q 'warning: this run is not in runs.gpkg: ' log || fail "$(cat log)"
"$landuse" verify -q out_job >/dev/null || fail 'not whole'
# Nothing of it is an output: classify, with nothing to compare, keeps none.
"$landuse" classify -q --accept-gsd-mismatch --boundary county/county.geojson -o single county/imagery_2009.tif >/dev/null
[ ! -e single/runs.gpkg ] || fail 'classify has a history'
