#!/bin/sh
# run_history.sh: every run into a folder is in its runs.gpkg, with the figures of its tables.
. tests/support/shell.sh

"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q job.yaml >/dev/null
echo 'min_valid: 0.8' >>job.yaml
"$landuse" run -q job.yaml >/dev/null

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

# The workbook has the tables, number by number, as OGR reads it; nothing in it tells the time.
"$python" - <<'END'
import csv, glob, os, zipfile
from osgeo import ogr
ogr.UseExceptions()
book = ogr.Open("out_job/statistics.xlsx")
sheets = {book.GetLayer(i).GetName(): book.GetLayer(i) for i in range(book.GetLayerCount())}
assert {"Class areas", "Confidence", "Transitions", "Change summary", "Significance", "Flagged changes", "Annual rates"} == set(sheets), sheets
for title, sheet in sheets.items():
    rows = list(csv.reader(open("out_job/" + title.lower().replace(" ", "_") + ".csv")))
    if len(rows) == 1:
        continue # of a sheet that is a header alone OGR does not know that it is one
    got = [[f.GetField(k) for k in range(f.GetFieldCount())] for f in sheet]
    assert [d.GetName() for d in sheet.schema] == rows[0] and len(got) == len(rows) - 1, (title, rows[0])
    for g, w in zip(got, rows[1:]):
        for a, b in zip(g, w):
            same = a == b or (a is None and b == "") or (a is not None and not isinstance(a, str) and abs(a - float(b)) <= 1e-9 * max(1, abs(a)))
            assert same, (title, a, b)
stamps = {i.date_time for i in zipfile.ZipFile("out_job/statistics.xlsx").infolist()}
assert len(stamps) == 1 and min(stamps)[0] <= 1980, stamps
END

# SQL by Debian's own SQLite, against the tables beside it.
"$python" - <<'END'
import csv, sqlite3
db = sqlite3.connect("out_job/runs.gpkg")
runs = db.execute("select fid, command, chips, alarms from runs order by fid").fetchall()
assert runs == [(1, "landuse run -q job.yaml", 18, 0), (2, "landuse run -q job.yaml", 18, 0)], runs
assert db.execute("select count(*) from dates where length(imagery) = 64 and chips = 9 and seconds > 0").fetchone() == (4,)
found = {(d, c): (n, h) for d, c, n, h in db.execute("select date, class, cells, hectares from areas where run = 2")}
want = {(r["date"], r["name"]): (int(r["cells"]), float(r["area_ha"])) for r in csv.DictReader(open("out_job/class_areas.csv"))}
for key, (cells, hectares) in want.items():
    assert found[key][0] == cells and abs(found[key][1] - hectares) < 1e-5, (key, found[key], want[key])
assert abs(sum(h for (d, c), (n, h) in found.items() if d == "2009") - sum(h for (d, c), (n, h) in want.items() if d == "2009")) < 1e-4
changes = {(a, b): n for a, b, n in db.execute("select from_class, to_class, cells from changes where run = 2")}
want = {(r["from_name"], r["to_name"]): int(r["cells"]) for r in csv.DictReader(open("out_job/transitions.csv")) if int(r["cells"])}
assert changes == want, (changes, want)
END
"$python" - <<'END'
import sqlite3
db = sqlite3.connect("out_job/runs.gpkg")
# Of a first run nobody knows what is new; the second found the same patches.
rows = db.execute("select run, pair, layer, patches, hectares, new_patches, new_hectares from candidates order by run").fetchall()
assert [r[:3] for r in rows] == [(1, "2009_2015", "new_development"), (2, "2009_2015", "new_development")], rows
assert rows[0][5:] == (None, None) and rows[0][3:5] == rows[1][3:5] and rows[1][5:] == (0, 0), rows
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
