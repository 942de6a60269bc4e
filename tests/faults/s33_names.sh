#!/bin/sh
# s33_names.sh: a class, zone, county or file may be called anything: no name steers a terminal, breaks XML or is run by a
# spreadsheet, and our own readers get the name back.
. tests/support/shell.sh
export TOP="$PWD"
cd "$scratch"
"$sample_county" -q --cells 4x4 --dates 2009,2015 --chip 128 --seed 1 county
python_here <<'END'
import json
esc = chr(27)
county = json.load(open("county/county.geojson"))
county["features"][0]["properties"]["NAME"] = "A" + esc + "[31mB & <C>"
json.dump(county, open("odd.geojson", "w"))
county["features"][0]["properties"]["NAME"] = "@zone" + esc + "]0;x"
json.dump(county, open("zones.geojson", "w"))
names = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "Red" + esc + "[31m", "Water & <b>", "Plain"]
text = open("%s/config/schemes/landcover-7.yaml" % __import__("os").environ["TOP"]).read()
import re
found = iter(names)
text = re.sub(r"(?m)(\bname:\s*)([A-Z][A-Za-z ]*)", lambda m: m.group(1) + json.dumps(next(found)), text)
open("odd.yaml", "w").write(text)
END
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}' 'scheme: ./odd.yaml' \
	'zones: {path: zones.geojson, name: NAME}'
sed 's,boundary: county/county.geojson,boundary: odd.geojson,' job.yaml >odd_job.yaml
"$landuse" run -v odd_job.yaml >said 2>&1 || { cat said; fail "a job of odd names"; }
one=out_job/2009/landuse.tif two=out_job/2015/landuse.tif
"$landuse" change -q --dates a,b -o changed "$one" "$two" >>said 2>&1 || { cat said; fail "change"; }
"$landuse" compare -q "$one" "$two" >>said
"$landuse" info "$one" >>said
for words in "no$(printf '\033')[31m.tif" "--no$(printf '\r')such"; do
	refuses 'no' "$landuse" info "$words"
	cat stdout stderr >>said
done
[ "$(tr -d '\000-\010\013-\037\177' <said | wc -c)" -eq "$(wc -c <said)" ] || { cat -v said; fail "control characters on the terminal"; }
grep -qF 'Red\u001b[31m' said || fail "the class's name is not spelt out"
"$landuse" info --json "$one" >one.json
"$landuse" compare -q --json "$one" "$two" >compare.json
python_here <<'END'
import csv, glob, json, xml.dom.minidom
for path in ("one.json", "compare.json"):
    json.load(open(path))
assert "Red\\u001b[31m" in json.dumps(json.load(open("out_job/statistics.json")))
pages = [p for end in ("svg", "qml", "xml") for p in glob.glob("out_job/**/*." + end, recursive=True) + glob.glob("changed/**/*." + end, recursive=True)]
assert len(pages) > 4, pages
for path in pages:
    xml.dom.minidom.parse(path)
tables = glob.glob("out_job/**/*.csv", recursive=True) + glob.glob("changed/**/*.csv", recursive=True)
assert len(tables) > 4, tables
seen = set()
for path in tables:
    for row in csv.reader(open(path, newline="")):
        for cell in row:
            if cell[:1] in "=+-@\t\r" and cell:
                float(cell)
            seen.add(cell)
for name in ("'=cmd|' /C calc'!A0", "'+1+1", "'-2", "'@SUM(A1)", "Water & <b>", "Plain"):
    assert name in seen, (name, sorted(seen))
END

# What guards a cell is not part of the name: our own tables and sets come back.
printf "map,'=A,-B\n'=A,40,2\n-B,3,50\n" >counts.csv
"$landuse" assess -q --json --counts counts.csv >counts.json
grep -qF '"=A"' counts.json && grep -qF '"-B"' counts.json || fail "names of a matrix: $(cat counts.json)"
