#!/bin/sh
# example_county.sh: from a land-cover raster to a county mapped by a model of one's own: the page's commands.
. tests/support/shell.sh
. tests/support/readme.sh

run_readme county >"$scratch/log" 2>"$scratch/talk" || { cat "$scratch/talk"; fail "the page's commands fail"; }
cd "$scratch/clone"
"$python" - <<'END'
import csv, json, os, re
import numpy as np
from osgeo import gdal
# The model keeps the scheme of its labels, has learned from train chips alone, and knows the test chips.
item = json.load(open("models/county/model.json"))["properties"]
rows = list(csv.DictReader(open("chips/index.csv")))
assert item["landuse:scheme"] == "landcover-7"
root = os.path.dirname(os.path.realpath("samples"))
known = set(json.load(open(root + "/models/aerial-21/model.json"))["properties"]["landuse:training_chips"])
assert len(item["landuse:training_chips"]) == len(known) + sum(r["split"] == "train" for r in rows)
report = json.load(open("evaluation/evaluation.json"))
assert report["split"] == "test" and report["n"] == sum(r["split"] == "test" for r in rows) > 15
assert report["overall_accuracy"] >= 0.9 and report["in_training"] == 0, report
# The maps against the truth, cell by cell: 2023 is a flight that nothing was learned from.
for date in ("2015", "2023"):
    mapped, truth = (gdal.Open(p).ReadAsArray() for p in (f"out/{date}/landuse.tif",
                                                           f"samples/county/truth_{date}.tif"))
    both = (mapped > 0) & (truth > 0)
    agree = (mapped == truth)[both].mean()
    print(f"{date}: {agree:.4f} of {both.sum()} cells")
    assert both.sum() >= 130 and agree >= 0.95
# What the page says of it; processors of other tiers may tip a cell.
told = re.search(r"agrees with the truth in (\d+) of (\d+) cells", open(root + "/docs/own-models.md").read())
right, of = int((mapped == truth)[both].sum()), int(both.sum())
assert told and int(told[2]) == of and abs(int(told[1]) - right) <= 1, (told and told[0], right, of)
END
grep -q 'Overall agreement: 0.9[5-9]\|Overall agreement: 1.0' "$scratch/log" || fail "compare tells another agreement"
