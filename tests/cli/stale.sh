#!/bin/sh
# stale.sh: what a former run of a job wrote and this one does not goes; nothing of anybody else's does.
. tests/support/shell.sh

"$sample_county" -q --cells 3x3 --dates 2009,2012,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
# job FILE DATE...: a job of these dates.
job() {
	file=$1
	shift
	{
		printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' \
			'grid: {chip: 128}' 'output: out' 'dates:'
		for date; do echo "  - {date: $date, imagery: county/imagery_$date.tif}"; done
	} >"$file"
}
run() { "$landuse" run "$1" >/dev/null 2>log || fail "run of $1: $(cat log)"; }
names() { (cd "$1" && find . -mindepth 1 ! -name .landuse.lock | sort); }

job two.yaml 2009 2015
sed 's/^output: .*/output: plain/' two.yaml >plain.yaml
"$landuse" run -q plain.yaml >/dev/null
names plain >want

# A date is taken out: all of it goes, and what needs three dates.
job job.yaml 2009 2012 2015
run job.yaml
[ -e out/trajectory.tif ] && [ -d out/2012 ] || fail 'no third date'
job job.yaml 2009 2015
run job.yaml
names out >got
cmp want got || fail "left over: $(diff want got)"
grep -q 'and others that the former run wrote and this job no longer makes' log || fail "it is not said: $(cat log)"
"$landuse" verify -q out >/dev/null || fail 'the folder is not whole'

# What a person laid into the folder, and what a person wrote into, stays.
job job.yaml 2009 2012 2015
run job.yaml
echo mine >out/2012/notes.txt
echo mine >>out/2012/landuse.qml
sed -i 's/<qgis/<!-- mine --><qgis/' out/2012/confidence.qml
echo mine >out/trajectories.csv
cp out/2012/landuse.tif out/2012/landuse_mine.tif
job job.yaml 2009 2015
run job.yaml
names out | diff want - | sed -n 's/^> //p' >more
printf '%s\n' ./2012 ./2012/confidence.qml ./2012/landuse.qml ./2012/landuse_mine.tif ./2012/notes.txt ./trajectories.csv | sort | diff - more ||
	fail 'not what should stay'
grep -q 'out/trajectories.csv: the job no longer makes it, and it stays' log || fail "it is not said: $(cat log)"
rm -r out/2012 out/trajectories.csv

# Of a run that was stopped among its outputs the former manifest is not forgotten.
job job.yaml 2009 2012 2015
run job.yaml
job job.yaml 2009 2015
mv out/2009_2015/change.tif away
mkdir out/2009_2015/change.tif
expect 1 'change.tif' "$landuse" run -q job.yaml
[ ! -e out/manifest.json ] && [ -e out/2012/landuse.tif ] || fail 'a stopped run removes nothing'
rmdir out/2009_2015/change.tif
run job.yaml
names out | diff want - || fail 'left over after a stopped run'

# What the job reads stays, whoever wrote it.
job job.yaml 2009 2015
sed -i 's|county/county.geojson|out/boundary.gpkg|; 1i report: false' job.yaml
run job.yaml
[ -e out/boundary.gpkg ] && [ ! -e out/report.html ] || fail 'the boundary that the job reads went'
rm -r out

# Another job's outputs stay.
job job.yaml 2009 2012 2015
run job.yaml
run two.yaml
[ -e out/2012/landuse.tif ] || fail "another job's outputs went"
grep -q 'holds .* outputs of another job (job.yaml)' log || fail "it is not said: $(cat log)"

# A manifest that names what lies elsewhere: nothing of it goes.
run job.yaml
mkdir elsewhere
ln -s ../elsewhere out/linked
echo mine >elsewhere/file.txt
"$python" - <<'END'
import hashlib, json, os
m = json.load(open("out/manifest.json"))
data = open("elsewhere/file.txt", "rb").read()
for name in ("../elsewhere/file.txt", "linked/file.txt", os.path.abspath("elsewhere/file.txt")):
    m["outputs"].append({"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
json.dump(m, open("out/manifest.json", "w"))
END
job job.yaml 2009 2015
run job.yaml
[ -e elsewhere/file.txt ] || fail 'a file outside the folder went'
rm out/linked
names out | diff want - || fail 'left over'
