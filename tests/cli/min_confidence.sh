#!/bin/sh
# min_confidence.sh: cells below it are in no class: on the map, in every table, between dates, in a sample and an assessment.
. tests/support/shell.sh

"$sample_county" -q --cells 6x6 --dates 2009,2015,2021 --seed 3 --change-share 0.05 "$scratch/county"
# job NAME KEYS...: three dates of the drawn county into out_NAME.
job() {
	name=$1
	shift
	county_job "$name" county/imagery_2015.tif 'grid: {stride: 112}' 'probabilities: true' "$@"
	sed -i 's|^  - {date: 2015.*|&\n  - {date: 2021, imagery: county/imagery_2021.tif}|' "$scratch/$name.yaml"
	"$landuse" run -q "$scratch/$name.yaml" >"$scratch/summary_$name"
}
job plain
job doubt 'min_confidence: 0.9'
job smooth 'min_confidence: 0.9' 'smooth: {method: mrf, weight: 2, minimum_mapping_unit: {cells: 3}}'

"$python" - "$scratch" <<'END'
import csv, json, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d, years = sys.argv[1], (2009, 2015, 2021)
def read(name):
    return gdal.Open(f"{d}/{name}").ReadAsArray().astype(int)
def rows(name):
    return list(csv.DictReader(open(f"{d}/{name}", encoding="utf-8")))

for y in years:
    plain, best = read(f"out_plain/{y}/landuse.tif"), read(f"out_plain/{y}/probabilities.tif").max(0)
    doubt, percent = read(f"out_doubt/{y}/landuse.tif"), read(f"out_doubt/{y}/confidence.tif")
    unsure = doubt == 99
    assert 5 < unsure.sum() < (plain > 0).sum() / 2, unsure.sum()
    # Probabilities are whole percents: what rounds to 90 may be on either side.
    assert (best[unsure] <= 90).all() and (best[(doubt > 0) & ~unsure] >= 90).all()
    assert (doubt[~unsure] == plain[~unsure]).all() and (plain[unsure] > 0).all()
    assert (percent == read(f"out_plain/{y}/confidence.tif")).all()
    assert (read(f"out_doubt/{y}/landuse_consistent.tif") == 99)[unsure].all()
    # Smoothing neither makes nor takes uncertain cells, and they have no vote.
    assert ((read(f"out_smooth/{y}/landuse.tif") == 99) == unsure).all()
    assert (read(f"out_smooth/{y}/landuse_raw.tif") == doubt).all()
    assert (read(f"out_smooth/{y}/confidence.tif")[unsure] == percent[unsure]).all()
    dataset = gdal.Open(f"{d}/out_doubt/{y}/landuse.tif")
    assert dataset.GetMetadataItem("LANDUSE_MIN_CONFIDENCE") == "0.9"
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    names = {table.GetValueAsInt(i, 0): [table.GetValueAsString(i, c) for c in range(table.GetColumnCount())]
             for i in range(table.GetRowCount())}
    assert "Uncertain" in names[99] and "Uncertain" not in sum((v for k, v in names.items() if k != 99), [])
    assert 'label="Uncertain"' in open(f"{d}/out_doubt/{y}/landuse.qml", encoding="utf-8").read()
    assert dataset.GetRasterBand(1).GetColorTable().GetColorEntry(99)[:3] == (158, 150, 172)

statistics = json.load(open(f"{d}/out_doubt/statistics.json", encoding="utf-8"))
assert statistics["scheme"]["uncertain"] == {"value": 99, "name": "Uncertain"}
assert 99 not in [c["value"] for c in statistics["scheme"]["classes"]]
county = statistics["county"]["area_ha"]
for k, date in enumerate(statistics["dates"]):
    values = read(f"out_doubt/{date['label']}/landuse.tif")
    assert date["uncertain_cells"] == (values == 99).sum() and 99 not in [c["value"] for c in date["classes"]]
    assert date["mapped_cells"] == ((values > 0) & (values != 99)).sum()
    together = sum(c["area_ha"] for c in date["classes"]) + date["uncertain_ha"] + date["not_mapped_ha"]
    assert abs(together / county - 1) < 1e-6 and abs(date["reconciles_to"]) < 1e-6
    areas = [r for r in rows("out_doubt/class_areas.csv") if r["date"] == date["label"]]
    assert [r["name"] for r in areas][-2:] == ["Uncertain", "Not mapped"]
    assert abs(sum(float(r["area_ha"]) for r in areas) / county - 1) < 1e-6
for pair in statistics["pairs"]:
    a, b = (read(f"out_doubt/{pair[k]}/landuse.tif") for k in ("earlier", "later"))
    classes = (a > 0) & (a != 99) & (b > 0) & (b != 99)
    folder = f"out_doubt/{pair['earlier']}_{pair['later']}"
    change = read(f"{folder}/change.tif")
    assert ((change > 0) == classes).all() and (change[classes] == np.where(a == b, a, a * 100 + b)[classes]).all()
    assert pair["significance"]["compared_cells"] == classes.sum()
    assert (read(f"{folder}/change_probability.tif")[~classes] == 255).all() and (read(f"{folder}/flagged.tif")[~classes] == 0).all()
    matrix, values = np.array(pair["transition"]["cells"]), pair["transition"]["values"]
    dates = {x["label"]: x for x in statistics["dates"]}
    assert values[-1] == 99 and all(
        matrix.sum() == sum(dates[pair[k]][n + "_cells"] for n in ("mapped", "uncertain", "not_mapped")) for k in ("earlier", "later"))
    assert matrix[-1].sum() == (a == 99).sum() and matrix[:, -1].sum() == (b == 99).sum()
    assert 99 not in [c["value"] for c in pair["classes"]]
    assert pair["difference_cells"]["total"] == ((a != b) & classes).sum()
    for r in rows("out_doubt/transitions.csv") + rows("out_doubt/change_summary.csv") + rows("out_doubt/annual_rates.csv"):
        assert "99" not in (r.get("from_code"), r.get("to_code"), r.get("value"))
END
grep -q '^Uncertain  ' "$scratch/summary_doubt" || fail "the summary has no line of uncertain cells"
if "$python" -c 'import jsonschema' 2>/dev/null; then
	"$python" -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open("config/schema/statistics.schema.json")))' "$scratch/out_doubt/statistics.json"
fi

# Maps that have them are compared as the job compares them, and smoothed without them.
cd "$scratch"
"$landuse" change -q --dates 2009,2015 -o changed out_doubt/2009/landuse.tif out_doubt/2015/landuse.tif >/dev/null
"$landuse" change -q --smooth plurality --mmu 0.3ha --dates 2009,2015 -o smoothed out_doubt/2009/landuse.tif out_doubt/2015/landuse.tif >/dev/null
"$python" - <<'END'
import json
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
def read(name):
    return gdal.Open(name).ReadAsArray()
assert (read("changed/2009_2015/change.tif") == read("out_doubt/2009_2015/change.tif")).all()
assert ((read("smoothed/2009/landuse.tif") == 99) == (read("out_doubt/2009/landuse.tif") == 99)).all()
assert gdal.Open("smoothed/2009/landuse.tif").GetMetadataItem("LANDUSE_MIN_CONFIDENCE") == "0.9"
mine, job = (json.load(open(f"{f}/statistics.json")) for f in ("changed", "out_doubt"))
assert mine["dates"][0]["uncertain_cells"] == job["dates"][0]["uncertain_cells"]
assert mine["pairs"][0]["difference_cells"] == job["pairs"][0]["difference_cells"]
END

# One date: a stratum of its own, which nobody labels so; two dates: not in the population.
"$landuse" sample -q --size 60 -o sample.gpkg out_doubt/2009/landuse.tif >/dev/null
"$landuse" sample -q --size 40 --min-per-stratum 2 -o pairs.gpkg out_doubt/2009/landuse.tif out_doubt/2015/landuse.tif >/dev/null
"$python" - <<'END'
from osgeo import ogr, gdal
gdal.UseExceptions()
sample = ogr.Open("sample.gpkg", 1)
strata = {f["name"]: f["cells"] for f in sample.GetLayer("design")}
assert strata["Uncertain"] == (gdal.Open("out_doubt/2009/landuse.tif").ReadAsArray() == 99).sum()
styles = sample.GetLayer("layer_styles")
style = next(f["styleQML"] for f in styles if f["f_table_name"] == "sample")
assert "Forest" in style and "Uncertain" not in style
# Labelled by the plain map: whatever has a class is right, whatever is uncertain is not.
layer, plain = sample.GetLayer("sample"), gdal.Open("out_plain/2009/landuse.tif").ReadAsArray()
for feature in layer:
    feature["reference"] = int(plain[feature["row"], feature["col"]])
    layer.SetFeature(feature)
pairs = ogr.Open("pairs.gpkg")
assert all(99 not in (f["from_class"], f["to_class"]) for f in pairs.GetLayer("sample"))
END
"$landuse" assess -q --json out_doubt/2009/landuse.tif sample.gpkg >assessed.json
"$python" - <<'END'
import json
a = json.load(open("assessed.json"))
assert abs(a["overall_accuracy"]["value"] - (1 - a["uncertain_share"])) < 1e-9 and 0.01 < a["uncertain_share"] < 0.5
assert abs(a["accuracy_of_what_is_in_a_class"] - 1) < 1e-9
END
says 'of what is in a class  1.00000' "$landuse" assess out_doubt/2009/landuse.tif sample.gpkg
says 'left out: [0-9]* cells uncertain on the map' "$landuse" compare out_doubt/2009/landuse.tif county/truth_2009.tif

# The same by an option, and a scheme that needs 99 for itself.
"$landuse" classify -q --min-confidence 0.9 --stride 112 --boundary county/county.geojson --date 2009 -o one county/imagery_2009.tif >/dev/null
"$python" -c 'from osgeo import gdal
assert (gdal.Open("one/landuse.tif").ReadAsArray() == gdal.Open("out_doubt/2009/landuse.tif").ReadAsArray()).all()'
cd - >/dev/null
sed 's/- value: 7$/- value: 99/' config/schemes/landcover-7.yaml >"$scratch/ninety_nine.yaml"
expect 2 "has the value 99, which cells below 'min_confidence' get" "$landuse" classify -q --min-confidence 0.5 \
	--scheme "$scratch/ninety_nine.yaml" -o "$scratch/refused" "$scratch/county/imagery_2009.tif"
