#!/bin/sh
# s21_normalise_by_way.sh: a date without pseudo-invariant ground in common with the reference goes by way of one that both agree with.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
random = np.random.default_rng(21)
def field():
    coarse = random.normal(0, 1, (3, 16, 16))
    return np.kron(coarse, np.ones((1, 16, 16)))
u, v, w = field(), field(), field()
fields = {"a": u, "b": (u + v) * 0.8, "c": v - 0.2 * u, "stray": w - 0.25 * u - 0.25 * v}
for name, f in fields.items():
    cells = np.clip(120 + 22 * f + random.normal(0, 3, f.shape), 5, 250).astype(np.uint8)
    raster(f"{name}.tif", cells, IMAGE_CRS, IMAGE_PLACE)
END
# job NAME METHOD REFERENCE DATES...
job() {
	name=$1 method=$2 reference=$3
	shift 3
	{
		printf 'model: aerial-21\naccept_gsd_mismatch: true\ngrid: {chip: 64}\ndates:\n'
		for date in "$@"; do echo "  - {date: $date, imagery: $date.tif}"; done
		printf 'normalise: {to: %s, method: %s}\noutput: %s\n' "$reference" "$method" "$name"
	} >"$name.yaml"
}
for method in regression histogram; do
	job $method $method a a b c
	"$landuse" run -q $method.yaml >/dev/null 2>stderr || fail "$method: $(cat stderr)"
	grep -q 'warning: c has no pseudo-invariant ground in common with a: it is normalised by way of b' stderr || fail "$method: $(cat stderr)"
done
job other regression c a b c
"$landuse" run -q other.yaml >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q 'warning: a has no pseudo-invariant ground in common with c: it is normalised by way of b' stderr || fail "$(cat stderr)"
python_here <<'END'
import json
import numpy as np
from fixtures import gdal
image = {name: gdal.Open(f"{name}.tif").ReadAsArray().astype(float) for name in "abc"}
for method in ("regression", "histogram"):
    manifest = {d["date"]: d.get("normalised") for d in json.load(open(f"{method}/manifest.json"))["dates"]}
    told = {d["label"]: d.get("normalisation") for d in json.load(open(f"{method}/statistics.json"))["dates"]}
    assert manifest["a"] is None and "via" not in manifest["b"] and manifest["c"]["via"] == told["c"]["via"] == "b"
    assert manifest["c"]["to"] == "a"
    for band in range(3):
        b, c = manifest["b"]["bands"][band], manifest["c"]["bands"][band]
        # The line from c to a takes c's mean and deviation to b's, and b's line goes on from there.
        onward = image["b"][band].std() / image["c"][band].std()
        assert abs(c["gain"] / (b["gain"] * onward) - 1) < 0.12, (c["gain"], b["gain"], onward)
        middle = c["gain"] * image["c"][band].mean() + c["offset"]
        assert abs(middle - (b["gain"] * image["b"][band].mean() + b["offset"])) < 3, middle
        table = np.array(c["table"])
        if method == "regression":
            line = np.floor(np.clip(c["gain"] * np.arange(256) + c["offset"], 0, 255) + .5)
            assert (table == line).all()
        assert (np.diff(table) >= 0).all()
END
job stray regression a a b c stray
expect 1 'date stray cannot be normalised to a, nor to a date that can' "$landuse" run -q stray.yaml
