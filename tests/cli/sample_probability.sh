#!/bin/sh
# sample_probability.sh: a sample drawn where change is open, and what landuse assess makes of it, against numpy.
. tests/support/shell.sh

"$python" tests/support/make_change.py "$scratch" 5 60
PYTHONPATH=$PWD/tests/support
export PYTHONPATH
cd "$scratch"
sample() { "$landuse" sample -q --scheme landcover-7 "$@"; }

sample --probability change_probability.tif --growth Developed --size 300 -o growth.gpkg change.tif >told.txt
sample --probability change_probability.tif --strata change --size 300 --pool-below 4 -o pairs.gpkg change.tif >/dev/null
"$python" - <<'END'
import sqlite3
import numpy as np
from make_change import label
from osgeo import gdal
codes, p = (gdal.Open(f"change{x}.tif").ReadAsArray().astype(int) for x in ("", "_probability"))
db = sqlite3.connect("growth.gpkg")
strata = db.execute("SELECT stratum, name, cells, sampled, area_ha FROM design ORDER BY stratum").fetchall()
edges = np.array([0, 1, 5, 20, 50, 80, 95])
side = np.where((codes > 99) & (codes % 100 == 2), 0, np.where((codes > 99) & (codes // 100 == 2), 1, 2))
key = side * 7 + np.searchsorted(edges, p, "right") - 1
there = np.unique(key)
assert [s[2] for s in strata] == [(key == k).sum() for k in there], strata
# Neyman by P, between 1 and 199 in 200, of other cells halved; the mean P of each class in its stratum.
n = np.array([s[3] for s in strata])
size = np.array([s[2] for s in strata])
spread2, promised = np.zeros(len(there)), np.zeros(len(there))
for value, stratum, cells, mean in db.execute("SELECT class, stratum, cells, change_probability FROM design_classes"):
    here = (key == there[stratum - 1]) & (codes == value)
    assert here.sum() == cells and abs(p[here].mean() / 100 - mean) < 1e-12, (value, stratum)
    for least, sum in ((.005, spread2), (.001, promised)):
        q = np.clip(mean / (2 if there[stratum - 1] >= 14 else 1), least, 1 - least)
        sum[stratum - 1] += cells / size[stratum - 1] * q * (1 - q)
assert n.sum() == 300 and (n >= np.minimum(size, 300 // (2 * len(n)))).all(), n
free = (n > 300 // (2 * len(n)) + 1) & (n < size)
ideal = size * spread2 ** .5
assert np.ptp(n[free] / ideal[free] / (n[free] / ideal[free]).mean()) < .2, (n, ideal)
ha = np.array([s[4] for s in strata])
se = np.sqrt((ha ** 2 * (1 - n / size) * promised / np.maximum(n - 1, 1))[n < size].sum())
told = open("told.txt").read()
assert f"standard error of the growth of Developed to expect: {se:.2f} ha" in told, (se, told)
for r, c, q in db.execute("SELECT row, col, change_probability FROM sample"):
    assert abs(q - p[r, c] / 100) < 1e-12
db.close()
for name in ("growth", "pairs"):
    label(f"{name}.gpkg", np.load("truth.npy"))
END

for name in growth pairs; do
	"$landuse" assess -q --json --scheme landcover-7 change.tif $name.gpkg >$name.json
done
says 'model-assisted, by the probability of change' "$landuse" assess -q --scheme landcover-7 change.tif growth.gpkg ||
	fail "the report does not say what helps"
"$python" - <<'END'
import json
import sqlite3
import numpy as np
for name in ("growth", "pairs"):
    db = sqlite3.connect(f"{name}.gpkg")
    told = json.load(open(f"{name}.json"))
    assert told["helped_by_change_probability"] is True
    design = db.execute("SELECT stratum, cells, area_ha FROM design ORDER BY stratum").fetchall()
    classes = db.execute("SELECT class, stratum, cells, change_probability FROM design_classes").fetchall()
    rows = db.execute("SELECT stratum, map, reference, change_probability FROM sample").fetchall()
    whole = sum(ha for _, _, ha in design)
    gains = lambda code, k: code > 99 and code % 100 == k
    loses = lambda code, k: code > 99 and code // 100 == k
    changed = lambda code, k: code > 99

    def helped(parts):
        value, variance = 0, 0
        for h, size, ha in design:
            of = [r for r in rows if r[0] == h]
            n, left, weight = len(of), np.zeros(len(of)), []
            for sign, y_of, f_of in parts:
                y = np.array([y_of(r[2]) for r in of], float)
                f = np.array([f_of(r[1]) * r[3] for r in of])
                mean = sum(c[2] * f_of(c[0]) * c[3] for c in classes if c[1] == h) / size
                cov = np.cov(y, f) if n > 1 else np.zeros((2, 2))
                w = min(1, max(0, cov[0, 1] / cov[1, 1] / (1 + n / size))) if cov[1, 1] > 1e-12 else 0
                weight.append(w)
                left += sign * (y - w * f)
                value += sign * ha / whole * w * mean
            value += ha / whole * left.mean()
            if n > 1:
                variance += (ha / whole) ** 2 * (1 - n / size) * left.var(ddof=2 if max(weight) > 0 and n > 2 else 1) / n
        return value, variance ** .5

    assert len(told["growth"]) == 7
    for k, row in enumerate(told["growth"], 1):
        value, se = helped([(1, lambda c: gains(c, k), lambda c: gains(c, k)), (-1, lambda c: loses(c, k), lambda c: loses(c, k))])
        g = row["proportion"]
        assert abs(g["value"] - value) < 1e-9 and abs(g["se"] - se) < 1e-9, (name, k, g, value, se)
        assert g["low_95"] < g["value"] < g["high_95"] and abs(row["adjusted_ha"]["value"] - whole * value) < 1e-6
    value, se = helped([(1, lambda c: changed(c, 0), lambda c: 1)])
    c = told["change"][0]["proportion"]
    assert abs(c["value"] - value) < 1e-9 and abs(c["se"] - se) < 1e-9, (name, c, value, se)
    assert abs(told["change"][1]["proportion"]["value"] - 1 + c["value"]) < 1e-12
END

expect 2 'needs --probability' sample --growth Developed -o x.gpkg change.tif
expect 2 'which is not named' sample --strata probability -o x.gpkg change.tif
expect 2 'is no aim for strata of change probability' sample --probability change_probability.tif --se 0.1 -o x.gpkg change.tif
expect 2 'the guesses come from it' sample --probability change_probability.tif --expected-accuracy 0.9 -o x.gpkg change.tif
expect 1 'expected percents, 0 to 100' sample --probability change.tif -o x.gpkg change.tif
expect 2 "'Jungle' is not a class" sample --probability change_probability.tif --growth Jungle -o x.gpkg change.tif
[ ! -e x.gpkg ] || fail "a failed run left x.gpkg"
