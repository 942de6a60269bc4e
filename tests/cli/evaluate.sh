#!/bin/sh
# evaluate.sh: a model against class folders: figures, files, and what is wrong with a set or a model.
. tests/support/shell.sh
export LANDUSE_HISTORY="$scratch/history.gpkg"

"$sample_county" -q --chips "$scratch/chips" --per-class 6 --seed 4 --chip 256
cd "$scratch"

# The figures of the three forms are the same, and one table of classes has a row a class and scheme.
"$landuse" evaluate -q aerial-21 chips --scheme landcover-7,developed-3 --json -o out >report.json
"$landuse" evaluate -q aerial-21 chips >report.txt
"$landuse" evaluate -q aerial-21 chips --csv >report.csv
"$python" - <<'END'
import csv, json
report = json.load(open("report.json"))
rows = report["confusion"]
assert report["n"] == sum(map(sum, rows)) == 6 * len({c["name"] for c in report["per_class"] if c["support"]})
assert abs(report["overall_accuracy"] - sum(rows[i][i] for i in range(len(rows))) / report["n"]) < 1e-6
for k, c in enumerate(report["per_class"]):
    assert c["support"] == sum(row[k] for row in rows) and c["predicted"] == sum(rows[k])
    assert c["name"] == report["classes"][k]
assert 0 <= report["ece"] <= 1 and report["balanced"] is True and report["unreadable"] == 0
low, high = report["overall_accuracy_interval_95"]
assert low < report["overall_accuracy"] <= high
assert set(report["schemes"]) == {"landcover-7", "developed-3"}
assert report["schemes"]["developed-3"]["n"] == report["n"]
# Classes of a scheme are sums: a coarser view is never less right.
assert report["schemes"]["developed-3"]["overall_accuracy"] >= report["overall_accuracy"] - 0.02
assert "%.4f" % report["overall_accuracy"] in open("report.txt").read()
assert len(list(csv.DictReader(open("report.csv")))) == 21
mistakes = list(csv.DictReader(open("out/mistakes.csv")))
assert len(mistakes) == report["n"] - sum(rows[i][i] for i in range(len(rows)))
saved = json.load(open("out/evaluation.json"))
assert saved["confusion"] == rows
END
for file in per_class.csv confusion.csv confusion.svg confusion_developed-3.svg confusion_landcover-7.csv; do
	[ -s "out/$file" ] || fail "no $file"
done
"$python" -c 'import sys, xml.dom.minidom as m; [m.parse(p) for p in sys.argv[1:]]' out/*.svg
# No line runs out of its picture, however few the classes, and mistakes have words: what it is, and what it was taken for.
mkdir wrong
cp -r chips/forest wrong/river
"$landuse" evaluate -q --no-history -o mistaken aerial-21 wrong >/dev/null
"$python" - <<'END' || fail "the pictures' words"
import csv, glob, xml.etree.ElementTree as tree
names = glob.glob("out/confusion*.svg")
assert len(names) == 3, names
for name in names + ["mistaken/mistakes.svg"]:
    root = tree.parse(name).getroot()
    texts = [(float(t.get("x")), float(t.get("font-size", 11)), "".join(t.itertext())) for t in root.iter("{http://www.w3.org/2000/svg}text")
             if t.get("x") and not t.get("text-anchor")]
    assert texts and all(x + .5 * size * len(text) <= float(root.get("width")) for x, size, text in texts), (name, texts)
words = " ".join("".join(t.itertext()) for t in tree.parse("mistaken/mistakes.svg").getroot().iter("{http://www.w3.org/2000/svg}text"))
first = next(csv.DictReader(open("mistaken/mistakes.csv")))
assert all(first[key] in words for key in ("reference", "predicted")), (first, words)
END
grep -q 'rows = map' out/confusion.svg || fail "the picture does not say what its rows are"
grep -q 'not a map' report.txt || fail "the report does not say that it is no map's accuracy"
[ -z "$(find out chips -name '*.aux.xml')" ] || fail "sidecar files left behind"

# The same figures for any number of threads and either engine's classes.
for option in '-j 1' '--engine blas'; do
	# shellcheck disable=SC2086
	"$landuse" evaluate -q aerial-21 chips --csv $option >again.csv
	cmp again.csv report.csv
done

# A bare network: classes by option; probabilities are known from its last operator.
model=$OLDPWD/models/aerial-21/model.onnx
classes=agricultural,airplane,baseballdiamond,beach,buildings,chaparral,denseresidential,forest,freeway,golfcourse
classes=$classes,harbor,intersection,mediumresidential,mobilehomepark,overpass,parkinglot,river,runway
classes=$classes,sparseresidential,storagetanks,tenniscourt
"$landuse" evaluate -q "$model" chips --class-names "$classes" --mean 0.5 --std 0.5 --csv >bare.csv
cut -d, -f2- bare.csv >bare.columns
cut -d, -f2- report.csv | cmp - bare.columns
expect 2 'lists 2 names' "$landuse" evaluate -q "$model" chips --class-names a,b --mean 0.5 --std 0.5
expect 2 '--mean names 2 numbers' "$landuse" evaluate -q "$model" chips --mean 0.5,0.4 --std 0.5
expect 2 'are for .onnx files' "$landuse" evaluate -q aerial-21 chips --mean 0.5 --std 0.5

# Labels of a map's classes find the model's scheme.
mkdir coarse
cp -r chips/forest coarse/Forest
cp -r chips/river coarse/Water
says '"scheme": "landcover-7"' "$landuse" evaluate -q aerial-21 coarse --json || fail "the scheme was not found"

# Pictures that cannot be read are named, counted and in no figure.
cp -r chips/forest/ odd_one && mkdir odd && mv odd_one odd/forest
echo 'not a picture' >odd/forest/broken.jpg
first=$(find odd/forest -type f ! -name 'broken*' | sort | head -1)
gdal_translate -q -ot UInt16 -of GTiff "$first" odd/forest/deep.tif
gdal_translate -q -b 1 -of PNG "$first" odd/forest/grey.png
rm -f odd/forest/*.aux.xml
"$landuse" evaluate -q aerial-21 odd --json >odd.json 2>odd.log
grep -q 'broken.jpg: not a picture' odd.log || fail "the broken picture is not named"
grep -q 'deep.tif: UInt16 pixels' odd.log || fail "the 16-bit picture is not named"
grep -q '"unreadable": 2' odd.json || fail "not counted"
grep -q '"n": 7' odd.json || fail "grey was not taken, or a broken one was"

# What is wrong with a set.
mkdir -p empty/forest none/forest stray/forrest
expect 1 'no pictures' "$landuse" evaluate -q aerial-21 empty
cp odd/forest/broken.jpg none/forest
refuses 'none of the 1 pictures could be scored' "$landuse" evaluate -q aerial-21 none
cp "$first" stray/forrest
expect 1 "(did you mean 'forest'?); it has: " "$landuse" evaluate -q aerial-21 stray
expect 2 'no such set' "$landuse" evaluate -q aerial-21 nowhere
expect 1 'has no chips in split test' "$landuse" evaluate -q aerial-21 chips --split test
expect 2 'train, validate, test or all' "$landuse" evaluate -q aerial-21 chips --split some
expect 2 'name a model and a labelled set' "$landuse" evaluate aerial-21
expect 2 'resize or crop' "$landuse" evaluate aerial-21 chips --fit stretch

# An index chooses its test split, and says so.
{
	echo path,class,split,block,source
	i=0
	for file in chips/*/*; do
		class=$(basename "$(dirname "$file")")
		case $i in *[05]) split=test ;; *) split=train ;; esac
		echo "$file,$class,$split,b$i,drawn"
		i=$((i + 1))
	done
} >index.csv
"$landuse" evaluate -q aerial-21 index.csv --json >index.json
grep -q '"split": "test"' index.json || fail "the test split was not taken"
