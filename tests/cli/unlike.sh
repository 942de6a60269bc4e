#!/bin/sh
# unlike.sh: imagery that looks unlike what a model has learned from is counted and told; numpy counts the same.
. tests/support/shell.sh

"$sample_county" -q --chips "$scratch/chips" --per-class 8 --seed 5
"$sample_county" -q --cells 6x6 --dates 2009,2015 --seed 3 "$scratch/county"
cd "$scratch"
"$landuse" train -q chips --backbone aerial-features --l2 1 --folds 2 --cache cache --no-history --block-numbers 1 -o models/mine >/dev/null
job() {
	name=$1
	shift
	{
		printf 'county: {boundary: county/county.geojson}\nmodel: %s\noutput: %s\n' "$1" "$name"
		printf 'dates:\n  - {date: 2009, imagery: county/imagery_2009.tif}\n  - {date: 2015, imagery: county/imagery_2015.tif%s}\n' "$2"
	} >"$name.yaml"
}
job mine ./models/mine ', bands: [3, 1, 2]'
"$landuse" run -q mine.yaml --threads 1 >summary 2>told
grep -q '^warning: date 2015: .*% of 36 cells looked at are unlike what mine has learned from' told || fail "$(cat told)"
[ "$(wc -l <told)" -eq 1 ] || fail "$(cat told)"
grep -q '^2015: .* % of 36 cells looked at are unlike' summary || fail "$(cat summary)"
lacks '^2009: .*unlike' summary || fail 'a date like the training is told'
says "% of 36 cells looked at are unlike" "$landuse" run -q --dry-run mine.yaml 2>told || fail 'the plan says nothing'

"$python" - <<'END'
import json
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
reach = json.load(open("models/mine/model.json"))["properties"]["landuse:reach"]
mean, deviation = np.array(reach["mean"]), np.array(reach["deviation"])
factor = np.zeros((20, 20))
for i, row in enumerate(reach["factor"]):
    factor[i, :i + 1] = row
assert reach["chips"] >= 100
# The factor is that of a correlation, drawn a tenth of the way to none.
correlation = factor @ factor.T
assert np.allclose(np.diag(correlation), 1, atol=1e-4) and (abs(correlation - np.eye(20)) <= .9001).all()

def appearance(chip):
    bands = chip.astype(float)
    out = [b.mean() for b in bands] + [np.log(b.std() + 1) for b in bands]
    out += [np.arctanh(np.clip(np.corrcoef(a.ravel(), b.ravel())[0, 1], -.999, .999)) for a, b in zip(bands, bands[1:])]
    for b in bands:
        for _ in range(4):
            out.append(np.log((abs(np.diff(b, axis=0)).mean() + abs(np.diff(b, axis=1)).mean()) / 2 + .5))
            n = len(b) // 2 * 2
            b = b[:n, :n].reshape(n // 2, 2, n // 2, 2).mean((1, 3))
    return np.array(out)

statistics = json.load(open("mine/statistics.json"))
found = []
for date, order in zip(statistics["dates"], ([0, 1, 2], [2, 0, 1])):
    pixels = gdal.Open(f"county/imagery_{date['label']}.tif").ReadAsArray()[order]
    frame = statistics["grid"]
    assert pixels.shape[1:] == (6 * 224, 6 * 224), pixels.shape
    cells = [pixels[:, r:r + 224, c:c + 224] for r in range(0, 1344, 224) for c in range(0, 1344, 224)]
    distances = [np.linalg.norm(np.linalg.solve(factor, (appearance(c) - mean) / deviation)) for c in cells]
    beyond = sum(d > reach["distance"] for d in distances)
    assert date["unlike_training"] == {"cells_looked_at": 36, "beyond": beyond}, (date["unlike_training"], beyond)
    found.append(beyond)
assert found[0] <= 1 and found[1] >= 5, found
END

# The same for any number of threads, and after a run that kept its scores.
cp mine/statistics.json first.json
"$landuse" run -q mine.yaml --threads 3 >/dev/null 2>&1
cmp first.json mine/statistics.json || fail 'threads or kept scores make a difference'

# A package that does not say what it has learned from, and one that is told later.
cp -r "$OLDPWD/models/aerial-21" models/other
job other ./models/other ', bands: [3, 1, 2]'
"$landuse" run -q other.yaml >/dev/null 2>told
[ ! -s told ] && lacks unlike_training other/statistics.json || fail 'words about a training that nobody knows'
"$landuse" evaluate -q models/other chips --scheme landcover-7 --keep-reach --no-history >/dev/null
"$landuse" run -q --if-changed other.yaml >/dev/null 2>told
grep -q 'unlike what aerial-21 has learned from' told || fail "$(cat told)"
expect 1 'properties.landuse:reach should be 20 numbers' sh -c 'sed "s/\"distance\": [0-9.]*/\"distance\": 0/" models/other/model.json >models/broken.json &&
	mv models/broken.json models/other/model.json && exec "$0" run -q other.yaml' "$landuse"
mkdir few
cp -r chips/forest chips/river few
expect 1 '16 chips are too few' "$landuse" evaluate -q models/mine few --keep-reach --no-history
expect 2 '--keep-reach is for packages' "$landuse" evaluate -q models/mine/model.onnx few --keep-reach --no-history
