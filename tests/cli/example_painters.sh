#!/bin/sh
# example_painters.sh: three painters' pictures, no georeference anywhere: the page's commands, and what they must give.
. tests/support/shell.sh
. tests/support/readme.sh

run_readme painters >"$scratch/log" 2>"$scratch/talk" || { cat "$scratch/talk"; fail "the page's commands fail"; }
cd "$scratch/clone"

# Left out: the copies that the generator made, all of them and nothing else, the same each time; and the stray file.
"$python" - <<'END'
import csv, json, os
from osgeo import gdal
rows = list(csv.DictReader(open("models/painters/left_out.csv")))
name = lambda path: path.replace("pictures/", "").rsplit(".", 1)[0]
pairs = {(name(r["picture"]), name(r["kept"])) for r in rows if r["reason"] == "near-duplicate"}
wanted = set()
for painter in ("planes", "strokes", "washes"):
    for copy, own in ((27, 1), (28, 6), (29, 11), (30, 16)):
        wanted.add((f"train/{painter}/{copy:03d}", f"train/{painter}/{own:03d}"))
    # One of the test pictures is a copy of a picture to learn from: that is not learned from.
    wanted.add((f"train/{painter}/002", f"test/{painter}/101"))
assert pairs == wanted, pairs ^ wanted
assert [name(r["picture"]) for r in rows if r["reason"] == "unreadable"] == ["train/washes/031"] and len(rows) == 16
item = json.load(open("models/painters/model.json"))["properties"]
# 75 pictures, beside those that the backbone has learned from.
root = os.path.dirname(os.path.realpath("samples"))
known = set(json.load(open(root + "/models/aerial-21/model.json"))["properties"]["landuse:training_chips"])
assert len(item["landuse:training_chips"]) == 75 + len(known) and item["mlm:hyperparameters"]["dedupe_bits"] == 8
report = json.load(open("evaluation/evaluation.json"))
assert report["n"] == 36 and report["overall_accuracy"] > 0.9 and report["in_training"] == 0, report
assert report["classes"] == ["planes", "strokes", "washes"] and sum(map(sum, report["confusion"])) == 36
# Sizes and shapes differ, and no file of the set has a place on the ground.
sizes = set()
for folder, _, files in os.walk("pictures"):
    for file in files:
        if file == "031.jpg":
            continue
        picture = gdal.Open(f"{folder}/{file}")
        sizes.add((picture.RasterXSize, picture.RasterYSize))
        assert picture.GetGeoTransform(can_return_null=True) is None and not picture.GetProjection(), file
assert len(sizes) > 100, len(sizes)
END
grep -q '75 chips of 3 classes (1 unreadable, 0 repeated, 15 near-duplicates, 3 of them of another split)' "$scratch/log" ||
	fail "not counted: $(head -3 "$scratch/log")"
grep -q 'pictures/train/washes/030.jpg is a near-duplicate of pictures/train/washes/016.jpg' "$scratch/talk" ||
	fail "near-duplicates are not named"
grep -q 'rows = map' evaluation/confusion.svg || fail "no confusion picture"
"$python" -c 'import xml.dom.minidom as m; m.parse("evaluation/confusion.svg")'

# Other bits leave out fewer; pictures under two labels are told of; the list is the same on any number of threads.
again() { "$landuse" train -q pictures --backbone aerial-21 --block-numbers 1 --cache "$scratch/again" --no-history "$@"; }
again --dedupe 8 -j 1 -o models/one >/dev/null 2>&1
cmp models/one/left_out.csv models/painters/left_out.csv || fail "another list on one thread"
again --dedupe 0 -o models/none >log 2>/dev/null
grep -q ', [1-6] near-duplicates' log || fail "0 bits: $(head -1 log)"
again -o models/all >log 2>/dev/null
grep -q '90 chips of 3 classes (1 unreadable, 0 repeated)' log || fail "no --dedupe: $(head -1 log)"
cp pictures/train/washes/005.jpg pictures/train/planes/099.jpg
gdal_translate -q -of JPEG -outsize 50% 50% -co QUALITY=50 pictures/train/planes/004.jpg pictures/train/strokes/098.jpg
rm -f pictures/train/strokes/*.aux.xml
again --dedupe 8 -o models/two >log 2>talk
grep -q 'planes/004.jpg (planes) and .*strokes/098.jpg (strokes) are near-duplicates: the first label is taken' talk ||
	{ cat talk; fail "two labels for near-duplicates are not named"; }
grep -q 'planes/099.jpg (planes) and .*washes/005.jpg (washes) are the same picture' talk || fail "the same picture"
expect 2 '--dedupe' again --dedupe 65 -o models/x
