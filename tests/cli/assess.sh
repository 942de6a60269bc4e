#!/bin/sh
# assess.sh: published examples to the last printed digit; a labelled sample against independent formulas and the truth.
. tests/support/shell.sh

mkdir "$scratch/county"
"$python" tests/support/make_truth.py "$scratch/county" 80
cd "$scratch"
boundary=county/county.gpkg
has() {
	grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "$1 misses '$2'"; }
}

# Olofsson et al. 2014, from tables alone.
cat >matrix.csv <<'END'
map\reference,deforestation,forest gain,stable forest,stable non-forest
deforestation,66,0,5,4
forest gain,0,55,8,12
stable forest,1,0,153,11
stable non-forest,2,1,9,313
END
cat >areas.csv <<'END'
class,pixels
stable non-forest,6450000
deforestation,200000
forest gain,150000
stable forest,3200000
END
"$landuse" assess -q --intervals wald --counts matrix.csv --areas areas.csv --unit-ha 0.09 >olofsson.txt 2>/dev/null
has olofsson.txt 'rows = map, columns = reference'
# An interval's ends are the article's estimate and margin, to a unit of the last digit that is printed.
"$python" - <<'END'
import re
text = open("olofsson.txt").read()


def near(got, expected, digits):
    assert abs(got - expected) <= 1.01 * 10 ** -digits, (got, expected)


def numbers(line):
    return [float(x) for x in re.findall(r"\d+\.\d+", line)]


areas = {"deforestation": (21157.76, 3141.65, 6157.63), "forest gain": (11686.15, 1916.24, 3755.83),
         "stable forest": (285769.93, 7913.18, 15509.84), "stable non-forest": (581386.15, 8306.97, 16281.66)}
accuracies = {"deforestation": (.880, .038, .074, .749, .109, .213), "forest gain": (.733, .051, .101, .847, .130, .254),
              "stable forest": (.927, .020, .040, .935, .018, .034), "stable non-forest": (.963, .010, .021, .962, .009, .018)}
part = text.split("\nArea in hectares")
for name, (value, se, margin) in areas.items():
    line = next(l for l in part[1].splitlines() if l.startswith(name + " "))
    for got, expected in zip(numbers(line)[1:5], (value, se, value - margin, value + margin)):
        near(got, expected, 2)
for name, (u, use, um, p, pse, pm) in accuracies.items():
    line = next(l for l in part[0].split("Accuracy (")[1].splitlines() if l.startswith(name + " "))
    for got, expected in zip(numbers(line), (u, use, u - um, u + um, p, pse, p - pm, p + pm)):
        near(got, expected, 3)
overall = numbers(next(l for l in text.splitlines() if l.startswith("overall")))
for got, expected in zip(overall, (.94651, .00943, .94651 - .01848, .94651 + .01848)):
    near(got, expected, 5)
END

# Stehman 2014: strata that are not the map's classes.
"$python" - <<'END'
strata = "A" * 10 + "B" * 10 + "C" * 10 + "D" * 10
mapped = "AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD"
reference = "AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB"
with open("units.csv", "w") as f:
    f.write("stratum,map,reference\n")
    for row in zip(strata, mapped, reference):
        f.write(",".join(row) + "\n")
open("sizes.csv", "w").write("stratum,pixels\nA,40000\nB,30000\nC,20000\nD,10000\n")
END
"$landuse" assess -q --strata sizes.csv units.csv >stehman.txt
has stehman.txt 'Stehman 2014'
for figure in '0.63000  0.084' '0.742   0.165' '0.574   0.125' '0.794   0.117' '0.3500   0.0822' '0.2000   0.0643'; do
	has stehman.txt "$figure"
done

# Strata known by area or by share: a population without an end. Other levels of confidence. Slips in the table.
printf 'A,0.4\nB,0.3\nC,0.2\nD,0.1\n' >shares.csv
sed '1d; s/0000$/0000.0/' sizes.csv >areas_of_strata.csv
"$landuse" assess -q --strata shares.csv --weights --intervals wald --confidence 90 --json --csv weighted units.csv >shares.json
"$landuse" assess -q --strata areas_of_strata.csv --weights --intervals wald --confidence 90 --json units.csv >weights.json
"$landuse" assess --strata shares.csv --intervals wald --confidence 90 --json units.csv >guessed.json 2>stderr
has stderr 'warning: shares.csv: sizes that are not whole are taken for areas or shares'
cmp shares.json guessed.json || fail "--weights and shares differ"
"$landuse" assess --intervals wald --confidence 99 --strata shares.csv --weights units.csv >ninety_nine.txt
has ninety_nine.txt 'Wald, 2.5758 SE either way'
has ninety_nine.txt '99 % interval'
head -1 weighted/class_accuracy.csv | grep -q users_accuracy_low_90 || fail "the level is not in the table's heads"
"$python" - <<'END'
import csv, json
from statistics import NormalDist, variance
z = NormalDist().inv_cdf(.95)
told, others = json.load(open("shares.json")), json.load(open("weights.json"))
rows = list(csv.DictReader(open("units.csv")))
def of(y):
    by = {h: [float(y(r)) for r in rows if r["stratum"] == h] for h in "ABCD"}
    w = dict(A=.4, B=.3, C=.2, D=.1)
    return sum(w[h] * sum(v) / len(v) for h, v in by.items()), sum(w[h] ** 2 * variance(v) / len(v) for h, v in by.items()) ** .5
for a in (told, others):
    figures = [(a["overall_accuracy"], of(lambda r: r["map"] == r["reference"]))]
    figures += [(c["proportion"], of(lambda r, c=c: r["reference"] == c["name"])) for c in a["classes"]]
    for figure, (value, se) in figures:
        assert abs(figure["value"] - value) < 1e-9 and abs(figure["se"] - se) < 1e-9 and abs(figure["margin_90"] - z * se) < 1e-9, figure
END
printf 'A,5\nB,30000\nC,20000\nD,10000\n' >small.csv
expect 2 'small.csv: stratum 1 has 5 units and 10 of them in the sample' "$landuse" assess -q --strata small.csv units.csv
has stderr '(--weights, if the sizes are areas or shares)'
printf 'A,40000\nB,30000\nA,20000\n' >twice.csv
expect 1 "twice.csv:3: stratum 'A' has two lines" "$landuse" assess -q --strata twice.csv units.csv
expect 2 '--weights needs --strata' "$landuse" assess -q --weights --counts matrix.csv
expect 2 '--confidence' "$landuse" assess -q --confidence 100 --counts matrix.csv

# A simple random sample: no areas. Congalton 1991, kappa .65.
printf 'x,D,C,B,S\nD,65,4,22,24\nC,6,81,5,8\nB,0,11,85,19\nS,4,7,3,90\n' >congalton.csv
"$landuse" assess -q --kappa --counts congalton.csv >congalton.txt
has congalton.txt '0.73963'
has congalton.txt '0.65'

# What cannot be known is a dash, never a NaN.
printf 'x,a,b,c\na,9,1,0\nb,0,1,0\nc,0,0,0\n' >odd.csv
printf 'a,80\nb,15\nc,5\n' >odd_areas.csv
"$landuse" assess -q --counts odd.csv --areas odd_areas.csv --csv tables >odd.txt 2>/dev/null
has odd.txt '1 strata without a labelled place are left out: figures hold for 95.00 ha, not for 5.00 ha'
has odd.txt '1 strata have one labelled place'
lacks -i nan odd.txt tables/*.csv || fail 'NaN'
"$landuse" assess -q --json --counts odd.csv --areas odd_areas.csv 2>/dev/null >"$scratch/answer.json"
"$python" -c '
import json, sys
a = json.load(sys.stdin)
assert a["matrix"]["rows"] == "map" and a["overall_accuracy"]["se"] is None
assert a["classes"][2]["users_accuracy"]["value"] is None' <"$scratch/answer.json" || fail 'JSON'

# A map with errors, sampled, labelled from the truth, assessed: compared with formulas written down anew.
cat >make.py <<'END'
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
truth, out, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
source = gdal.Open(truth)
values = source.ReadAsArray()
rng = np.random.default_rng(seed)
wrong = (rng.random(values.shape) < 0.12) & (values > 0)
values[wrong] = rng.integers(1, 8, wrong.sum())
copy = gdal.GetDriverByName("GTiff").CreateCopy(out, source)
copy.GetRasterBand(1).WriteArray(values)
del copy
END
cat >label.py <<'END'
import sys
from osgeo import gdal, ogr
gdal.UseExceptions()
maps = [gdal.Open(path) for path in sys.argv[2:]]
early, late = maps[0].ReadAsArray(), maps[1].ReadAsArray() if len(maps) > 1 else None
data = ogr.Open(sys.argv[1], 1)
layer = data.GetLayerByName("sample")
for f in layer:
    a = int(early[f["row"], f["col"]])
    if late is not None:
        b = int(late[f["row"], f["col"]])
        a = a if a == b else a * 100 + b
    f["reference"] = a
    layer.SetFeature(f)
del layer, data
END
"$python" make.py county/truth_2015.tif map_2015.tif 1
"$python" make.py county/truth_2023.tif map_2023.tif 2
"$landuse" sample -q --scheme landcover-7 --size 400 --boundary "$boundary" -o sample.gpkg map_2015.tif >/dev/null
expect 1 'none of 400 rows is labelled' "$landuse" assess -q map_2015.tif sample.gpkg
"$python" label.py sample.gpkg county/truth_2015.tif
"$landuse" assess -q --scheme landcover-7 --json map_2015.tif sample.gpkg >assess.json
"$landuse" assess -q --scheme landcover-7 map_2015.tif sample.gpkg >assess.txt
has assess.txt 'Olofsson'
"$python" - <<'END'
import json, math
import numpy as np
from osgeo import ogr
a = json.load(open("assess.json"))
data = ogr.Open("sample.gpkg")
area = {f["class"]: f["area_ha"] for f in data.GetLayerByName("design_classes")}
cells = {f["class"]: f["cells"] for f in data.GetLayerByName("design_classes")}
k = sorted(area)
N = np.array([cells[c] for c in k])
n = np.zeros((len(k), len(k)))
for f in data.GetLayerByName("sample"):
    n[k.index(f["map"]), k.index(f["reference"])] += 1
assert n.astype(int).tolist() == a["matrix"]["counts"]
A = np.array([area[c] for c in k])
W, ni = A / A.sum(), n.sum(1)
p = W[:, None] * n / ni[:, None]
f = 1 - ni / N  # finite populations
se = np.sqrt((f[:, None] * (W[:, None] * p - p ** 2) / (ni[:, None] - 1)).sum(0))
U = n.diagonal() / ni


def wilson(share, n, z=1.96):
    centre, reach = share + z * z / 2 / n, z * math.sqrt(share * (1 - share) / n + z * z / 4 / n / n)
    return (centre - reach) / (1 + z * z / n), (centre + reach) / (1 + z * z / n)


assert abs(a["overall_accuracy"]["value"] - p.trace()) < 1e-9
assert abs(a["overall_accuracy"]["se"] - math.sqrt((f * W ** 2 * U * (1 - U) / (ni - 1)).sum())) < 1e-9
for j, c in enumerate(a["classes"]):
    assert c["value"] == k[j]
    assert abs(c["adjusted_ha"]["value"] - A.sum() * p[:, j].sum()) < 1e-6
    assert abs(c["adjusted_ha"]["se"] - A.sum() * se[j]) < 1e-6
    assert c["adjusted_ha"]["low_95"] < c["adjusted_ha"]["value"] < c["adjusted_ha"]["high_95"]
    for got, end in zip(("low_95", "high_95"), wilson(U[j], ni[j] / f[j])):
        assert abs(c["users_accuracy"][got] - end) < 1e-9
    assert abs(c["mapped_ha"] - A[j]) < 1e-6
END

# The same sample compared with another map: its strata are not that map's classes.
"$python" make.py county/truth_2015.tif other.tif 3
"$landuse" assess --json other.tif sample.gpkg >other.json 2>other.err
has other.err 'not the file that the sample was drawn from'
"$python" -c '
import json
a = json.load(open("other.json"))
assert a["estimators"] == "ratio", a["estimators"]
assert 0.8 < a["overall_accuracy"]["value"] < 0.98 and a["overall_accuracy"]["se"] > 0' || fail 'another map'

# Without its design, but with stratum and weight, it is still a probability sample; without those it is not.
ogr2ogr -f CSV exported.csv sample.gpkg -sql 'SELECT lon, lat, reference, stratum, weight FROM sample'
"$landuse" assess --json --boundary "$boundary" map_2015.tif exported.csv >exported.json 2>exported.err
lacks 'probability' exported.err || fail "$(cat exported.err)"
ogr2ogr -f GeoJSON points.geojson sample.gpkg -sql 'SELECT reference, ST_Centroid(geom) FROM sample' -dialect SQLite 2>/dev/null
"$landuse" assess --boundary "$boundary" map_2015.tif points.geojson >points.txt 2>points.err
has points.err 'not a probability sample'
has points.txt 'NOT A PROBABILITY SAMPLE'
"$python" -c '
import json
a, b = json.load(open("assess.json")), json.load(open("exported.json"))
assert b["sample"]["probability_sample"] and b["sample"]["labelled"] == 400
assert abs(a["overall_accuracy"]["value"] - b["overall_accuracy"]["value"]) < 0.005' || fail 'exported'
# By name, in a CSV without places.
printf 'Map Class,reference\nForest,Forest\nWater,forest\nWater,1\nForest,4\n' >names.csv
"$landuse" assess -q --scheme landcover-7 --map-field 'map class' map_2015.tif names.csv >names.txt 2>/dev/null
has names.txt '4 places, 4 labelled'

# Change: maps of two dates; the truth lies within three standard errors, and unlabelled places are counted.
"$landuse" sample -q --scheme landcover-7 --size 900 --pool-below 10 --boundary "$boundary" -o change.gpkg map_2015.tif map_2023.tif >/dev/null 2>&1
"$python" label.py change.gpkg county/truth_2015.tif county/truth_2023.tif
ogrinfo -q change.gpkg -sql 'UPDATE sample SET reference = NULL WHERE id IN (3, 4)' >/dev/null
"$landuse" assess --scheme landcover-7 map_2015.tif map_2023.tif change.gpkg >change.txt 2>change.err
has change.err '2 of 9'
has change.txt 'Adjusted hectares: change'
"$landuse" assess -q --scheme landcover-7 --json --csv change_tables map_2015.tif map_2023.tif change.gpkg >change.json 2>/dev/null
"$python" - <<'END'
import json
import numpy as np
from osgeo import gdal
a = json.load(open("change.json"))
maps = [gdal.Open(f"county/truth_{y}.tif") for y in (2015, 2023)]
early, late = (m.ReadAsArray() for m in maps)
share = ((early != late) & (early > 0)).sum() / (early > 0).sum()
c = a["change"][0]
assert c["name"] == "Changed"
assert abs(c["proportion"]["value"] - share) < 4 * c["proportion"]["se"] + 0.01, (c, share)
assert a["sample"]["not_labelled"] == 2
total = sum(r["adjusted_ha"]["value"] for r in a["change"])
assert abs(total - a["area_ha"]) < 1e-6
for key in ("earlier_date", "later_date"):
    assert abs(sum(r["adjusted_ha"]["value"] for r in a[key]) - a["area_ha"]) < 1e-6
assert abs(sum(r["adjusted_ha"]["value"] for r in a["classes"]) - a["area_ha"]) < 1e-6
END

# Wrong input.
expect 2 'name a map' "$landuse" assess map_2015.tif
expect 2 'takes no map' "$landuse" assess --counts matrix.csv map_2015.tif sample.gpkg
expect 2 "no field 'truth'" "$landuse" assess -q --reference-field truth map_2015.tif sample.gpkg
expect 2 'nowhere.gpkg' "$landuse" assess -q map_2015.tif nowhere.gpkg
expect 1 'sample of change' "$landuse" assess -q map_2015.tif change.gpkg
printf 'lon,lat,reference\n-72,42,Forrest\n' >typo.csv
expect 2 "did you mean 'Forest'?" "$landuse" assess -q --scheme landcover-7 map_2015.tif typo.csv
printf 'x,a\na,1.5\n' >half.csv
expect 1 'not a count' "$landuse" assess -q --counts half.csv
printf 'D,10\nC,10\nB,10\n' >one_area.csv
expect 1 "no area of class 'S'" "$landuse" assess -q --counts congalton.csv --areas one_area.csv
expect 2 "estimator is 'best'" "$landuse" assess -q --estimator best --counts matrix.csv
