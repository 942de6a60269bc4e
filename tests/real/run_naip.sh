#!/bin/sh
# run_naip.sh: dates whose origins are off by metres, and zones of two UTM numbers, on one grid.
. tests/support/data.sh

# Five years of one place; origins differ by up to 3 m, one file has another number of rows. 5 m is coarser than aerial knows: chips
# of its pixels as flown, accepted.
cat >"$scratch/stutsman.yaml" <<END
county: {boundary: $data/us_counties/county_38093.geojson}
model: aerial
grid: {chip: 128}
dates:
$(for file in "$data"/naip_5m_stutsman_nd/*.tif; do
	date=$(basename "$file" .tif | sed 's/.*_//')
	echo "  - {date: $date, imagery: $file}"
done)
accept_gsd_mismatch: true
pairs: consecutive
output: stutsman
END
"$landuse" run -q "$scratch/stutsman.yaml"
"$python" tests/support/county_area.py "$scratch/stutsman/statistics.json" "$data/us_counties/county_38093.geojson"

# Either side of the seam of zones 17 and 18, the same day: both on zone 17's grid, by the README's least job.
cat >"$scratch/seam.yaml" <<END
model: aerial
dates:
  - {date: 2016a, imagery: $data/naip_1m/m_3607824_se_17_1_20160620_subset.tif}
  - {date: 2016b, imagery: [$data/naip_1m/m_3607824_se_17_1_20160620_subset.tif, $data/naip_1m/m_3607717_sw_18_1_20160620_subset.tif]}
output: seam
END
"$landuse" run -q "$scratch/seam.yaml" 2>"$scratch/told" || fail "$(cat "$scratch/told")"
lacks 'm a pixel' "$scratch/told" || fail "words about scale: $(cat "$scratch/told")"
"$python" - "$scratch" <<'END'
import glob, sys
from osgeo import gdal
gdal.UseExceptions()
for folder in ("stutsman", "seam"):
    frames = set()
    for path in sorted(glob.glob(f"{sys.argv[1]}/{folder}/*/*.tif")):
        ds = gdal.Open(path)
        frames.add((ds.RasterXSize, ds.RasterYSize, ds.GetGeoTransform(), ds.GetProjection()))
        if path.endswith("landuse.tif"):
            band = ds.GetRasterBand(1)
            mapped = sum(band.GetHistogram(-0.5, 255.5, 256, approx_ok=0)[1:])
            print(path.split("/", 3)[-1], "mapped cells:", mapped)
            assert mapped > 0, path
    assert len(frames) == 1, f"{folder}: maps of one job on {len(frames)} grids"
    print(folder, "one grid:", frames.pop()[:3])
END
