#!/bin/sh
# time.sh: four dates, one of them out of focus: the bad date's errors are told apart as unstable.
. tests/support/shell.sh

"$sample_county" -q --cells 14x14 --dates 2009,2012,2015,2018 --seed 21 --change-share 0.02 "$scratch/county"
"$python" - "$scratch/county" <<'END'
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
source = gdal.Open(f"{sys.argv[1]}/imagery_2015.tif")
a = source.ReadAsArray().astype(np.float32)
k = np.exp(-0.5 * (np.arange(-12, 13) / 4) ** 2)
for axis in (1, 2):
    a = sum(w * np.roll(a, i - 12, axis) for i, w in enumerate(k / k.sum()))
out = gdal.GetDriverByName("GTiff").Create(f"{sys.argv[1]}/soft.tif", a.shape[2], a.shape[1], 3, options=["TILED=YES"])
out.SetGeoTransform(source.GetGeoTransform())
out.SetProjection(source.GetProjection())
for i in range(3):
    out.GetRasterBand(i + 1).WriteArray(np.clip(a[i], 1, 255).astype(np.uint8))
END
cat >"$scratch/job.yaml" <<'END'
county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2009, imagery: county/imagery_2009.tif}
  - {date: 2012, imagery: county/imagery_2012.tif}
  - {date: 2015, imagery: county/soft.tif}
  - {date: 2018, imagery: county/imagery_2018.tif}
pairs: consecutive
output: out
END
"$landuse" run -q "$scratch/job.yaml" >/dev/null
"$python" - "$scratch" <<'END'
import csv, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d, years = sys.argv[1], (2009, 2012, 2015, 2018)
def read(name):
    return gdal.Open(f"{d}/{name}").ReadAsArray().astype(int)
raw = np.array([read(f"out/{y}/landuse.tif") for y in years])
smooth = np.array([read(f"out/{y}/landuse_consistent.tif") for y in years])
g, t = (gdal.Open(f"{d}/{n}").GetGeoTransform() for n in ("out/2009/landuse.tif", "county/truth_2009.tif"))
r0, c0 = round((g[3] - t[3]) / g[5]), round((g[0] - t[0]) / g[1])
truth = np.array([read(f"county/truth_{y}.tif")[r0:r0 + raw.shape[1], c0:c0 + raw.shape[2]] for y in years])
mapped = raw > 0
assert ((smooth > 0) == mapped).all(), "smoothing maps and unmaps nothing"
before, after = ((x == truth)[mapped].mean() for x in (raw, smooth))
print(f"right: {before:.3f} as mapped, {after:.3f} smoothed in time")
assert before < 0.99 and after > before and after > 0.98
trajectory, year = read("out/trajectory.tif"), read("out/year_of_change.tif")
assert set(np.unique(trajectory)) <= {0, 1, 2, 3, 4} and (trajectory == 3).any()
turns = (np.diff(smooth, axis=0) != 0).sum(0)
inside = mapped.all(0)
assert ((trajectory == 2) == (turns == 1))[inside].all() and (turns[inside & (trajectory == 1)] == 0).all()
assert ((year > 0) == (turns > 0))[inside].all() and set(np.unique(year)) <= {0, 2012, 2015, 2018}
once = inside & ((np.diff(truth, axis=0) != 0).sum(0) == 1)
when = np.array(years)[1 + (np.diff(truth, axis=0) != 0).argmax(0)]
assert (year == when)[once].mean() >= 0.7, "years of change"
rates = list(csv.DictReader(open(f"{d}/out/annual_rates.csv")))
assert {r["years"] for r in rates} == {"3.000"} and len({r["earlier"] for r in rates}) == 3
for r in rates:
    if float(r["earlier_ha"]) > 0 and float(r["later_ha"]) > 0:
        want = 100 * np.log(float(r["later_ha"]) / float(r["earlier_ha"])) / 3
        assert abs(float(r["annual_rate_percent"]) - want) < 1e-3
END

# Areas through time: the tables are of the rasters, and the picture's lines go where the tables say.
"$python" - "$scratch/out" <<'END'
import csv, sys
import xml.etree.ElementTree as xml
from osgeo import gdal
import numpy as np
gdal.UseExceptions()
d, years = sys.argv[1], (2009, 2012, 2015, 2018)
def read(name):
    return gdal.Open(f"{d}/{name}").ReadAsArray().astype(int)
rows = list(csv.DictReader(open(f"{d}/extent.csv")))
for r in rows:
    for what, file in (("mapped", "landuse"), ("consistent", "landuse_consistent")):
        assert int(r[f"{what}_cells"]) == (read(f"{r['date']}/{file}.tif") == int(r["value"])).sum(), (r, what)
    gap = float(r["mapped_ha"]) - float(r["consistent_ha"])
    assert abs(gap - float(r["only_mapped_ha"]) + float(r["only_consistent_ha"])) < 1e-5, r
areas = {(r["date"], r["value"]): float(r["area_ha"]) for r in csv.DictReader(open(f"{d}/class_areas.csv"))}
assert all(abs(areas[r["date"], r["value"]] - float(r["mapped_ha"])) < 1e-5 for r in rows)
told = {int(r["value"]): int(r["cells"]) for r in csv.DictReader(open(f"{d}/trajectories.csv"))}
trajectory = read("trajectory.tif")
assert all((trajectory == k).sum() == told[k] for k in (1, 2, 3, 4)) and told[3] > 0
svg = "{http://www.w3.org/2000/svg}"
panels = 0
for panel in xml.parse(f"{d}/extent.svg").getroot().iter(svg + "g"):
    name = panel.find(svg + "text").text
    for line, what in zip(panel.iter(svg + "polyline"), ("mapped_ha", "consistent_ha")):
        points = np.array([p.split(",") for p in line.get("points").split()], float)
        want = np.array([float(r[what]) for r in rows if r["name"] == name])
        height = 184 - points[:, 1]
        scale = height.max() / want.max()
        assert np.abs(height - scale * want).max() < 0.2, (name, what, points, want)
        assert np.abs(points[:, 0] - np.linspace(70, 370, len(years))).max() < 0.1
    panels += 1
assert panels == len({r["name"] for r in rows if float(r["mapped_ha"]) + float(r["consistent_ha"]) > 0}) >= 5
END
for file in trajectory.tif year_of_change.tif 2015/landuse_consistent.tif; do
	"$landuse" info --check-cog "$scratch/out/$file"
	grep -q "\"$file\"" "$scratch/out/manifest.json" || fail "$file is not in the manifest"
done
for file in extent.svg extent.csv trajectories.csv; do
	grep -q "\"$file\"" "$scratch/out/manifest.json" || fail "$file is not in the manifest"
done
