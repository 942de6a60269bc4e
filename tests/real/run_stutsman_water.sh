#!/bin/sh
# run_stutsman_water.sh: water's extent at five dates of prairie potholes, trend apart from unstable cells, compared with numpy.
#
# The dates' grids differ by up to 3 m, and so do the colours of the flights: on those of 2010 and 2014 the index that
# the model looks at is off. What a rule on the near infrared alone says, which the model never sees, tells whether
# smoothing in time set these two right.
. tests/support/data.sh
if ! "$python" -c 'import onnx' 2>/dev/null; then
	echo "skipped: no python3-onnx to make the model with"
	exit 77
fi

cp samples/water/job.yaml "$scratch/"
ln -s "$data/naip_5m_stutsman_nd" "$scratch/naip"
"$python" samples/water/make_package.py "$scratch/water-ndwi"
"$landuse" run -q "$scratch/job.yaml" >/dev/null
"$python" - "$scratch" <<'END'
import csv, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d, px, threshold = sys.argv[1], 8, 0.2
dates = ["20090818", "20100629", "20140720", "20170827", "20200831"]
frames = set()
def read(name):
    ds = gdal.Open(f"{d}/out/{name}")
    frames.add((ds.RasterXSize, ds.RasterYSize, ds.GetGeoTransform(), ds.GetProjection()))
    return ds.ReadAsArray().astype(int)
mapped, smoothed = (np.array([read(f"{date}/{f}.tif") for date in dates]) for f in ("landuse", "landuse_consistent"))
trajectory, year = read("trajectory.tif"), read("year_of_change.tif")
assert len(frames) == 1, f"{len(frames)} grids"
wide, high, g, crs = frames.pop()

# The same cells by GDAL's warper and numpy.
def by_rule(rule):
    answers = []
    for date in dates:
        pixels = gdal.Warp("", f"{d}/naip/m_4709963_se_14_1_{date}.tif", format="MEM", dstSRS=crs, resampleAlg="near",
                           outputBounds=(g[0], g[3] + high * g[5], g[0] + wide * g[1], g[3]), width=wide * px,
                           height=high * px).ReadAsArray().astype(float)
        answers.append(rule(*pixels).reshape(high, px, wide, px).mean((1, 3)) > 0.5)
    return np.array(answers)
ndwi = by_rule(lambda r, g, b, n: g - n > threshold * (g + n))
infrared = by_rule(lambda r, g, b, n: n < 75)
rows = [r for r in csv.DictReader(open(f"{d}/out/extent.csv")) if r["name"] == "Water"]
raw_ha, smooth_ha = (np.array([float(r[f"{w}_ha"]) for r in rows]) for w in ("mapped", "consistent"))
inside = mapped > 0
cell_ha = abs(g[1] * g[5]) / 1e4
print("date      water ha: mapped  smoothed   numpy NDWI  agreement   agreement with infrared: mapped  smoothed")
better = []
for i, date in enumerate(dates):
    m = inside[i]
    rule_ha = (ndwi[i] & m).sum() * cell_ha
    same = ((mapped[i] == 1) == ndwi[i])[m].mean()
    by_map, by_time = (((x[i] == 1) == infrared[i])[m].mean() for x in (mapped, smoothed))
    better.append(by_time - by_map)
    print(f"{date} {raw_ha[i]:16.1f} {smooth_ha[i]:9.1f} {rule_ha:12.1f} {same:10.4f} {by_map:32.4f} {by_time:9.4f}")
    # A cell of half water may fall either way; area is by cells here, on the ellipsoid there (0.06 % apart).
    assert same > 0.98 and abs(raw_ha[i] - rule_ha) < 0.01 * m.sum() * cell_ha, date
    assert abs(raw_ha[i] - (mapped[i] == 1).sum() * cell_ha) < 0.002 * raw_ha[i] + 1
assert better[1] > 0 and better[2] > 0, "smoothing in time did not set the flights of 2010 and 2014 right"

told = {r["name"]: int(r["cells"]) for r in csv.DictReader(open(f"{d}/out/trajectories.csv"))}
comparable = (inside.sum(0) >= 2).sum()
kinds = [told[k] for k in ("Stable", "One change", "Unstable", "Several changes")]
print("stable, one change, unstable, several changes:", kinds, "of", comparable, "cells")
assert sum(kinds) == comparable and [(trajectory == k).sum() for k in (1, 2, 3, 4)] == kinds
turns = (np.diff(smoothed, axis=0) != 0).sum(0)
whole = inside.all(0)
assert (turns[whole & (trajectory == 2)] == 1).all() and (turns[whole & (trajectory == 1)] == 0).all()
assert ((year > 0) == (turns > 0))[whole].all()
# The trend (potholes fill from 2010 to 2014, and stay full) is left; the ups and downs about it are not.
sway = lambda ha: np.abs(np.diff(ha)).sum() - abs(ha[-1] - ha[0])
print(f"net change {raw_ha[-1] - raw_ha[0]:.0f} ha mapped, {smooth_ha[-1] - smooth_ha[0]:.0f} ha smoothed; "
      f"to and fro {sway(raw_ha):.0f} and {sway(smooth_ha):.0f} ha")
assert smooth_ha[-1] - smooth_ha[0] > 0.75 * (raw_ha[-1] - raw_ha[0]) and sway(smooth_ha) < 0.25 * sway(raw_ha)
END
grep -q '<polyline' "$scratch/out/extent.svg" || fail "no picture of the extents"
[ -z "${KEEP:-}" ] || cp "$scratch/out/extent.svg" "$KEEP"
