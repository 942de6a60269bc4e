#!/bin/sh
# report.sh: report.html: its figures are those of statistics.json, names are text whatever they hold, it asks for nothing, the
# same outputs give the same bytes; in a browser, where there is one (REQUIRE_BROWSER=1: there must be), it draws and can be worked.
. tests/support/shell.sh

"$sample_county" -q --cells 6x6 --chip 128 --dates 2010,2016 --seed 3 --change-share 0.3 "$scratch/county"
support=$PWD/tests/support schemes=$PWD/config/schemes
cd "$scratch"
nasty='"</script><script>alert(1)</script> & <b>'"'"'{{data}}'
cp county/imagery_2010.tif "county/<img src=x onerror=alert(2)>&'.tif"
sed 's/^    name: Developed$/    name: "Built <\/script><script>alert(3)<\/script> \\"\&amp;"/' "$schemes/developed-3.yaml" >scheme.yaml
grep -q 'alert(3)' scheme.yaml
python_here "$nasty" <<'END'
import json, sys
from fixtures import *
from osgeo import gdal
frame = gdal.Open("county/imagery_2016.tif")
left, step, _, top, _, down = frame.GetGeoTransform()
right, bottom = left + step * frame.RasterXSize, top + down * frame.RasterYSize
middle = (left + right) / 2
def square(a, b):
    return f"POLYGON (({a} {bottom}, {b} {bottom}, {b} {top}, {a} {top}, {a} {bottom}))"
layer("zones.gpkg", [square(left, middle), square(middle, right)], crs=frame.GetProjection(), fields={"name": ["West\n" + sys.argv[1], "East"]})
json.dump(sys.argv[1] + "\nsecond line", open("name.json", "w"))
END
cat >job.yaml <<END
county: {boundary: county/county.geojson, name: $(cat name.json)}
model: aerial-21
scheme: scheme.yaml
dates:
  - {date: 2010, imagery: "county/<img src=x onerror=alert(2)>&'.tif"}
  - {date: 2016, imagery: county/imagery_2016.tif}
accept_gsd_mismatch: true
change: {layers: [{name: anything}], pictures: 3, false_discovery_rate: 0.5, min_probability: 0.01, rate: 0.3}
zones: {path: zones.gpkg, name: name}
output: out
END
"$landuse" run -q job.yaml >/dev/null
"$python" - "$nasty" <<'END' || fail "report.html"
import json, os, re, sys
text = open("out/report.html").read()
data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])
assert data["statistics"] == json.load(open("out/statistics.json")), "figures of its own"
assert data["files"] and "2010/landuse.tif" in data["files"]
import csv, math, pathlib, xml.etree.ElementTree as xml
rest = re.sub(r'(?s)id="data">.*?</script>', "", text)
assert not re.search(r"<script>alert|<img src=x|<b>", rest), "a name that is markup"
figures = data["statistics"]
charts = sorted(path.name for path in pathlib.Path("out/charts").iterdir())
assert charts == ["class_areas.svg", "confidence.svg", "flows_2010_2016.svg", "gains_2010_2016.svg", "matrix_2010_2016.svg"], charts
for name in charts:
    drawn = open("out/charts/" + name).read()
    assert len(list(xml.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text"))) > 2, name # well-formed
    assert (drawn in text) == (not name.startswith("matrix")), name
def told(value):
    return f"{value:,.{0 if value >= 100 or value == 0 else 1 if value >= 10 else 2 if value >= 1 else 3}f}"
tips = [t.text for t in xml.parse("out/charts/gains_2010_2016.svg").iter("{http://www.w3.org/2000/svg}title")]
for c in figures["pairs"][0]["classes"]:
    for verb, key in (("gained", "gain"), ("lost", "loss")):
        wanted = f'{c["name"]} {verb} {told(c["area_ha"][key])} ha'
        assert (wanted in tips) == (c["area_ha"]["gain"] > 0 or c["area_ha"]["loss"] > 0), (wanted, tips)
for d in figures["dates"]:
    # The histogram holds the mapped land, as the table has it.
    assert math.isclose(sum(b["area_ha"] for b in d["confidence"]), sum(c["area_ha"] for c in d["classes"]), rel_tol=1e-6)
    rows = [r for r in csv.DictReader(open("out/confidence.csv")) if r["date"] == d["label"]]
    assert [int(r["cells"]) for r in rows] == [b["cells"] for b in d["confidence"]] and len(rows) == 20
    mean = sum(b["cells"] * (b["from_percent"] + 2.5) for b in d["confidence"]) / sum(b["cells"] for b in d["confidence"])
    assert abs(mean - d["mean_confidence_percent"]) < 2.6, (mean, d)
assert not re.search(r"""(?:src|href)\s*=\s*["']?(?!#)[a-z/.]""", re.sub(r"(?s)<script.*?</script>", "", text)), "something is fetched"
assert "{{" not in re.sub(r"(?s)<script.*?</script>", "", text).replace("{{data}}", ""), "a place that was not filled"
assert os.path.getsize("out/report.html") < 5e6
assert [z["name"] for z in data["zones"]] == ["West\n" + sys.argv[1], "East"] and all(z["rings"] for z in data["zones"])
assert len(data["boundary"]) == 1
END
"$landuse" run -q -o again job.yaml >/dev/null
cmp out/report.html again/report.html || fail "the same outputs, other bytes"
# Once more of outputs that are there: the same bytes, and a clear word where there are none.
cp -r out kept
"$landuse" report out >told || fail "landuse report"
grep -q '^out/report.html$' told || fail "what it wrote is not told"
cmp out/report.html kept/report.html || fail "landuse report makes another page than the run"
cmp out/county.qgz kept/county.qgz || fail "landuse report makes another project than the run"
rm kept/report.html kept/zones.gpkg
"$landuse" report kept >/dev/null || fail "outputs of which one was taken away"
[ -e kept/report.html ] || fail "no report of the rest"
expect 2 "no manifest.json: expected the output folder of a run" "$landuse" report county
# Labelled samples of a map and of the change, and a reference map: their figures are those of assess and compare.
"$landuse" sample -q --boundary county/county.geojson --size 6 out/2016/landuse.tif -o map.gpkg >/dev/null 2>&1
"$landuse" sample -q --boundary county/county.geojson out/2010/landuse.tif out/2016/landuse.tif -o change.gpkg >/dev/null 2>&1
browser=$(command -v chromium || true)
cat job.yaml - >seen.yaml <<END
accuracy: [map.gpkg, change.gpkg]
reference: {path: "nlcd <b>.tif", date: 2016}
${browser:+pdf: true}
END
"$python" - <<'END'
from osgeo import gdal
gdal.UseExceptions()
source = gdal.Open("out/2016/landuse.tif")
codes = source.ReadAsArray()
codes[codes > 0] = 24
codes[0, :2] = 82
nlcd = gdal.GetDriverByName("GTiff").Create("nlcd <b>.tif", source.RasterXSize, source.RasterYSize)
nlcd.SetGeoTransform(source.GetGeoTransform())
nlcd.SetProjection(source.GetProjection())
nlcd.GetRasterBand(1).WriteArray(codes)
END
expect 1 'cells is labelled yet (fill in' "$landuse" run -q --dry-run seen.yaml
"$python" - <<'END'
from osgeo import ogr
ogr.UseExceptions()
for name in ("map.gpkg", "change.gpkg"):
    file = ogr.Open(name, 1)
    sample = file.GetLayerByName("sample")
    for cell in list(sample):
        cell["reference"] = cell["map"] if cell["id"] % 4 else 1
        sample.SetFeature(cell)
END
says 'open first: seen/report.html in a browser, seen/county.qgz in QGIS' "$landuse" run -q -o seen seen.yaml
"$landuse" assess -q --json seen/2016/landuse.tif map.gpkg >map.json
"$landuse" assess -q --json --boundary county/county.geojson --zones zones.gpkg --zone-name name seen/2016/landuse.tif map.gpkg >zoned.json
"$landuse" assess -q --json seen/2010/landuse.tif seen/2016/landuse.tif change.gpkg >change.json
"$landuse" compare -q --json --scheme scheme.yaml --boundary county/county.geojson seen/2016/landuse.tif "nlcd <b>.tif" >compared.json
"$python" - <<'END' || fail "accuracy and reference"
import csv, json, sqlite3
told = json.load(open("seen/statistics.json"))
assert [(a.pop("date", None), a.pop("earlier", None), a.pop("later", None)) for a in told["accuracy"]] == [("2016", None, None), (None, "2010", "2016")]
zones = told["accuracy"][0].pop("zones")
assert zones == json.load(open("zoned.json"))["zones"] and len(zones) == 2 and "zones" not in told["accuracy"][1]
wanted = sorted((z["name"], c["value"], round(c["adjusted_ha"]["value"], 4), z["estimation"]) for z in zones for c in z["classes"])
for package, table in (("county", "zone_class_areas"), ("zones", "class_areas")):
    rows = sqlite3.connect(f"seen/{package}.gpkg").execute(
        f"SELECT zone, class_code, sampled_area_ha, sampled_way, sampled_low_ha, sampled_high_ha FROM {table} WHERE sampled_area_ha IS NOT NULL").fetchall()
    assert sorted(r[:4] for r in rows) == wanted and all(r[4] <= r[2] <= r[5] for r in rows), (rows, wanted)
rows = list(csv.DictReader(open("seen/2016/zone_areas.csv", newline="")))
assert sorted((r["zone"], int(r["class"]), float(r["adjusted_ha"])) for r in rows) == [w[:3] for w in wanted], rows
for said, name in zip(told["accuracy"], ("map", "change")):
    alone = json.load(open(name + ".json"))
    alone["map"] = "landuse.tif"
    assert said == alone, name
assert told["reference"].pop("date") == "2016"
alone = json.load(open("compared.json"))
assert told["reference"] == {**alone, "map": "landuse.tif"} and 0 < alone["agreement"] < 1
rows = list(csv.DictReader(open("seen/2016/class_accuracy.csv")))
assert [float(r["adjusted_ha"]) for r in rows[:-1]] == [round(c["adjusted_ha"]["value"], 4) for c in told["accuracy"][0]["classes"]]
rows = list(csv.DictReader(open("seen/reference_areas.csv")))
assert [float(r["reference_ha"]) for r in rows] == [round(c["reference_ha"], 6) for c in alone["classes"]]
outputs = {o["path"] for o in json.load(open("seen/manifest.json"))["outputs"]}
assert {"2016/error_matrix.csv", "2016/zone_areas.csv", "2010_2016/class_accuracy.csv", "reference_matrix.csv"} <= outputs
END
cp -r seen first
"$landuse" report -q seen >/dev/null
cmp seen/report.html first/report.html || fail "landuse report makes another page of assessed maps"
"$landuse" verify -q seen >told || fail "$(cat told)"
sed 's/^output: out/report: false\noutput: plain/' job.yaml >plain.yaml
"$landuse" run -q plain.yaml >/dev/null
[ -e plain/statistics.json ] || fail "report: false leaves out too much"
[ ! -e plain/report.html ] || fail "report: false"
[ ! -e plain/county.qgz ] || fail "report: false"

# What prints it is looked for before the work is begun.
sed 's/^output: out/pdf: true\noutput: printed/' job.yaml >printed.yaml
expect 2 'pdf: report.pdf: is printed by Chromium, and PATH has none (install chromium' env PATH=/nowhere "$landuse" run -q printed.yaml
[ ! -e printed ] || fail "a run without what it needs has begun"
sed 's/^output: out/report: false\npdf: true\noutput: printed/' job.yaml >printed.yaml
expect 2 "'pdf' is true, and prints the report, which 'report: false' leaves out" "$landuse" run -q printed.yaml
if [ -z "$browser" ]; then
	[ -z "${REQUIRE_BROWSER-}" ] || fail "no browser (Debian: chromium)"
	echo "no browser here: the page was not looked at in one (Debian: chromium)"
	exit 0
fi
"$python" "$support/page_look.py" "$browser" seen "$nasty" "East" 'Built </script><script>alert(3)</script>' "<img src=x onerror=alert(2)>&'.tif" "nlcd <b>.tif" ||
	fail "the page in the browser"
# Printed: by the run and once more from its outputs, the same bytes; every figure is a picture, too.
"$python" - <<'END' || fail "report.pdf"
import json, pathlib, re
from osgeo import gdal
gdal.UseExceptions()
first, again = pathlib.Path("first"), pathlib.Path("seen")
printed = (again / "report.pdf").read_bytes()
assert printed == (first / "report.pdf").read_bytes(), "other bytes"
assert printed.startswith(b"%PDF-") and set(re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d+)", printed)) == {b"20000101000000"}
assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 3, "no pages"
listed = {o["path"] for o in json.load(open("seen/manifest.json"))["outputs"]}
drawings = sorted((again / "charts").glob("*.svg"))
assert len(drawings) == 5 and "report.pdf" in listed and not list(again.glob(".landuse-browser*"))
for drawing in drawings:
    picture = drawing.with_suffix(".png")
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing.read_text()).groups())
    source = gdal.Open(str(picture))
    assert (source.RasterXSize, source.RasterYSize) == (2 * width, 2 * height), picture
    pixels = source.ReadAsArray()
    assert (pixels[:3, 0, 0] == 255).all() and (pixels[:3] < 100).any(), "nothing is drawn"
    assert picture.read_bytes() == (first / "charts" / picture.name).read_bytes() and f"charts/{picture.name}" in listed
END
# A job that does not print leaves no print of another page.
sed -i '/^pdf: true$/d' seen.yaml
"$landuse" run -q -o seen seen.yaml >/dev/null
[ -z "$(find seen -name '*.pdf' -o -name '*.png')" ] || fail "what was printed is stale"
