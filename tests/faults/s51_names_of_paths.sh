#!/bin/sh
# s51_names_of_paths.sh: blanks, quotes, signs of shells, SQL, XML and URLs, and letters of any script in the paths of a job.
. tests/support/shell.sh
cd "$scratch"
odd="it's \"a\" côté #1 %20 & <z>;\$x"
mkdir "$odd"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 plain
mkdir "$odd/2009 - naip"
cp -p plain/imagery_2009.tif "$odd/2009 - naip/m_'1'.tif"
cp -p plain/imagery_2015.tif plain/county.geojson "$odd"
"$python" - "$odd" <<'END'
import json, sys
def write(job, first, second, boundary, output):
    with open(job, "w") as to:
        json.dump({"county": {"boundary": boundary}, "model": "aerial-21", "accept_gsd_mismatch": True, "grid": {"chip": 128},
                   "dates": [{"date": 2009, "imagery": first}, {"date": 2015, "imagery": second}], "output": output,
                   "zones": {"path": boundary, "name": "NAME"}, "keep_scores": False}, to, ensure_ascii=False)
odd = sys.argv[1]
write("plain.yaml", "plain/imagery_2009.tif", "plain/imagery_2015.tif", "plain/county.geojson", "out")
write(f"{odd}/the job.yaml", "2009 - naip", "imagery_2015.tif", "county.geojson", "out")
END
"$landuse" run -q plain.yaml >/dev/null
"$landuse" run -q "$odd/the job.yaml" >told 2>words || fail "$(cat words)"
grep -qF "open first: $odd/out/report.html" told || fail "$(tail -5 told)"
for same in statistics.json class_areas.csv zone_transitions.csv 2015/landuse.tif 2015/confidence.tif; do
	cmp "out/$same" "$odd/out/$same" || fail "$same differs by the names of the paths"
done
says 'up to date' "$landuse" run --if-changed "$odd/the job.yaml" || fail 'made again'
says 'whole: ' "$landuse" verify "$odd/out" || fail 'not whole'
says 'Developed' "$landuse" history areas --file "$odd/out" --class Developed || fail 'no history'
says -F "$odd/out" "$landuse" info "$odd/out" || fail 'no word of the outputs'
"$landuse" change -q --dates a,b -o "$odd/change" "$odd/out/2009/landuse.tif" "$odd/out/2015/landuse.tif" >/dev/null
"$landuse" sample -q --size 8 --min-per-stratum 1 -o "$odd/a sample.gpkg" "$odd/out/2015/landuse.tif" >/dev/null
"$landuse" shard -q --count 1 -o "$odd/shards" "$odd/the job.yaml" >/dev/null
"$landuse" run -q --shard 0/1 -o "$odd/shards" "$odd/the job.yaml" >/dev/null
"$landuse" merge -q -o "$odd/shards" "$odd/the job.yaml" >/dev/null
cmp "$odd/shards/2009_2015/change.tif" "$odd/out/2009_2015/change.tif"
# What other programs open by these names.
"$python" - "$odd" <<'END'
import sys, zipfile, os, re
import xml.dom.minidom
from osgeo import gdal, ogr
gdal.UseExceptions()
odd = sys.argv[1]
project = zipfile.ZipFile(f"{odd}/out/county.qgz")
text = next(project.read(n) for n in project.namelist() if n.endswith(".qgs"))
page = xml.dom.minidom.parseString(text)
sources = {"".join(n.data for n in e.childNodes) for e in page.getElementsByTagName("datasource")}
found = 0
for source in sources:
    path = os.path.join(f"{odd}/out", source.split("|")[0])
    if path.endswith(".tif"):
        gdal.Open(path)
        found += "imagery" in path or "naip" in path
assert found == 2, sources
END
