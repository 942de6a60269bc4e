#!/bin/sh
# read_errors.sh: a tile that cannot be read stops a run, or is skipped: not mapped, counted, listed as a layer, tried again.
. tests/support/shell.sh

"$sample_county" -q --cells 6x5 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
job() {
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' 'grid: {chip: 128}' \
		'dates:' '  - {date: 2009, imagery: county/imagery_2009.tif}' '  - {date: 2015, imagery: county/imagery_2015.tif}' \
		"output: $1" "on_read_error: $2"
}
job whole skip >whole.yaml
job out fail >fail.yaml
job out skip >skip.yaml
"$landuse" run -q whole.yaml >/dev/null
# The zeros that a disk gives where a tile was: 512 pixels of 768 or so.
"$python" - <<'END'
from osgeo import gdal
gdal.UseExceptions()
source = gdal.Open("county/imagery_2015.tif")
band = source.GetRasterBand(1)
across, down = (-(-n // b) for n, b in zip((source.RasterXSize, source.RasterYSize), band.GetBlockSize()))
col, row = across // 2, down // 2
at, size = (int(band.GetMetadataItem(f"BLOCK_{what}_{col}_{row}", "TIFF")) for what in ("OFFSET", "SIZE"))
del source, band
with open("county/imagery_2015.tif", "r+b") as f:
    f.seek(at)
    f.write(b"\0" * size)
END
expect 1 'date 2015: county/imagery_2015.tif: cannot be read: ' "$landuse" run -q fail.yaml
[ ! -e out/manifest.json ] || fail 'a run that failed has a manifest'
"$landuse" run skip.yaml >told 2>log || fail "$(cat log)"
grep -qE '^warning: 2015: [0-9]+ cells are skipped: county/imagery_2015.tif: cannot be read: ' log || fail "$(cat log)"
grep -qE '^warning: 2015: [0-9]+ cells could not be read and are not mapped \(skipped.gpkg\)' log || fail "$(cat log)"
"$python" - <<'END'
import json
import numpy as np
from osgeo import gdal, ogr
gdal.UseExceptions()
whole, out = (gdal.Open(f"{d}/2015/landuse.tif").ReadAsArray() for d in ("whole", "out"))
lost = (whole > 0) & (out == 0)
assert 0 < lost.sum() < (whole > 0).sum() and (whole == out)[~lost].all(), lost.sum()
assert (gdal.Open("whole/2009/landuse.tif").ReadAsArray() == gdal.Open("out/2009/landuse.tif").ReadAsArray()).all()
# The layer's polygons cover those cells, and no others.
source = gdal.Open("out/2015/landuse.tif")
layers = ogr.Open("out/skipped.gpkg")
layer = layers.GetLayer("skipped")
burnt = gdal.GetDriverByName("MEM").Create("", source.RasterXSize, source.RasterYSize, 1)
burnt.SetGeoTransform(source.GetGeoTransform())
burnt.SetProjection(source.GetProjection())
gdal.RasterizeLayer(burnt, [1], layer, burn_values=[1])
assert ((burnt.ReadAsArray() == 1) == lost).all()
layer.ResetReading()
rows = [(f["date"], f["cells"]) for f in layer]
assert {d for d, _ in rows} == {"2015"} and sum(n for _, n in rows) == lost.sum(), rows
dates = json.load(open("out/statistics.json"))["dates"]
assert [d.get("unreadable_cells") for d in dates] == [None, int(lost.sum())], dates
none = ogr.Open("whole/skipped.gpkg")
assert none.GetLayer("skipped").GetFeatureCount() == 0
END
# The next run tries them again, and nothing else.
"$landuse" run skip.yaml >told 2>log || fail "$(cat log)"
grep -qE '^2015: going on after [0-9]+ finished blocks' log || fail "$(cat log)"
lacks '^2009: .* chips in' log || fail "$(cat log)"
# A date is normalised without what cannot be read of it.
{ job normalised skip; echo 'normalise: {to: 2009}'; } >normalised.yaml
"$landuse" run normalised.yaml >told 2>log || fail "$(cat log)"
grep -qE '^warning: 2015: [0-9]+ of [0-9]+ places to normalise by cannot be read; ' log || fail "$(cat log)"
expect 1 'date 2015: county/imagery_2015.tif: cannot be read: ' "$landuse" run -q fail.yaml
grep -q '"unreadable_cells"' out/statistics.json || fail 'a run that failed took the figures away'
