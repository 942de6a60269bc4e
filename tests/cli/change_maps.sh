#!/bin/sh
# change_maps.sh: maps that are not one family are refused, each with its reason and a remedy; class sets are united.
. tests/support/shell.sh

"$python" - "$scratch" <<'END'
import sys
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
def write(name, cells, corner=(500000, 4500000), step=30, epsg=32618, **metadata):
    d = gdal.GetDriverByName("GTiff").Create(f"{sys.argv[1]}/{name}.tif", cells.shape[1], cells.shape[0], 1, gdal.GDT_Byte)
    d.SetGeoTransform((corner[0], step, 0, corner[1], 0, -step))
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    d.SetProjection(srs.ExportToWkt())
    for key, value in metadata.items():
        d.SetMetadataItem(f"LANDUSE_{key}", value)
    d.GetRasterBand(1).SetNoDataValue(0)
    d.GetRasterBand(1).WriteArray(cells)
random = np.random.default_rng(3)
ours = dict(SCHEME="landcover-7", SCHEME_VERSION="1", MODEL_SHA256="a" * 64, SOFTWARE="0.1.0")
before = random.choice([0, 1, 2, 4], (20, 30)).astype(np.uint8)
after = random.choice([0, 2, 4, 9, 41], (20, 30)).astype(np.uint8)
write("a", before, **ours)
write("b", before, **ours)
write("larger", np.ones((20, 31), np.uint8), **ours)
write("moved", before, corner=(500010, 4500000), **ours)
write("finer", before, step=29, **ours)
write("zone", before, epsg=32617, **ours)
write("scheme", before, **{**ours, "SCHEME": "azure-6"})
write("version", before, **{**ours, "SCHEME_VERSION": "2"})
write("model", before, **{**ours, "MODEL_SHA256": "b" * 64})
write("smoothed", before, **{**ours, "SMOOTHED": "mrf, weight 1"})
write("smoother", before, **{**ours, "SMOOTHED": "mrf, weight 2"})
write("of_2009", before, **{**ours, "DATE": "2009"})
write("of_2012", before, **{**ours, "DATE": "2012"})
write("to_2009", before, **{**ours, "DATE": "2015", "NORMALISED": "to 2009 by regression"})
write("by_curve", before, **{**ours, "DATE": "2018", "NORMALISED": "to 2009 by histogram"})
write("theirs_1", before)
write("theirs_2", after)
END
cd "$scratch"
refused() {
	expect 1 "$1" "$landuse" change -q --dates 1,2 -o refused "$2.tif" "$3.tif"
	grep -qF -- "$4" "$scratch/stderr" || { cat "$scratch/stderr" >&2; fail "no remedy: $4"; }
	[ ! -e refused/statistics.json ] || fail "refused, and yet compared"
}
warp='warp one to the other'"'"'s grid first (gdalwarp -r mode -t_srs -te -ts)'
refused 'larger.tif: 31 x 20 cells, a.tif has 30 x 20' a larger "$warp"
refused 'moved.tif: its corners differ from those of a.tif' a moved "$warp"
refused 'finer.tif: its corners differ from those of a.tif' a finer "$warp"
refused 'zone.tif: another coordinate system than a.tif' a zone "$warp"
one='map both dates in one job'
refused 'scheme.tif: made with another class scheme (azure-6) than a.tif (landcover-7)' a scheme "$one"
refused 'version.tif: made with another version of the class scheme (2) than a.tif (1)' a version "$one"
refused 'model.tif: made with another model (bbbbbbbb' a model "$one"
refused 'smoothed.tif: smoothed otherwise (mrf, weight 1) than a.tif (not at all)' a smoothed 'landuse_raw.tif'
refused 'smoother.tif: smoothed otherwise (mrf, weight 2) than smoothed.tif (mrf, weight 1)' smoothed smoother 'landuse_raw.tif'
"$landuse" change -q --dates 1,2 -o alike a.tif b.tif >/dev/null

# A date that was brought to the radiometry of another goes with that date and with others in its radiometry, not with flights as they were.
radiometry="map both dates in one job, with one 'normalise' or none"
refused 'to_2009.tif: its imagery was normalised otherwise (to 2009 by regression) than that of of_2012.tif (not at all)' \
	of_2012 to_2009 "$radiometry"
refused 'by_curve.tif: its imagery was normalised otherwise (to 2009 by histogram)' to_2009 by_curve "$radiometry"
refused 'a.tif: its imagery was normalised otherwise (not at all)' to_2009 a "$radiometry"
for maps in 'of_2009 to_2009' 'to_2009 of_2009' 'of_2009 of_2012'; do
	"$landuse" change -q --dates 1,2 -o alike "${maps% *}.tif" "${maps#* }.tif" >/dev/null
done
"$landuse" change -q --tables-only --dates 1,2 -o alike theirs_1.tif to_2009.tif >/dev/null
# Each goes with the first map, but not with each other.
expect 1 'normalised otherwise' "$landuse" change -q --dates 1,2,3 -o refused of_2009.tif of_2012.tif to_2009.tif
expect 1 'normalised otherwise' "$landuse" sample -q -o refused.gpkg of_2012.tif to_2009.tif

# Foreign maps with other classes at each date: all of them are in every table.
"$landuse" change -q --dates 1,2 -o out theirs_1.tif theirs_2.tif >/dev/null
"$python" - <<'END'
import csv, json
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
before, after, change = (gdal.Open(n).ReadAsArray().astype(int) for n in ("theirs_1.tif", "theirs_2.tif", "out/1_2/change.tif"))
union = [1, 2, 4, 9, 41]
told = json.load(open("out/statistics.json"))
assert told["pairs"][0]["transition"]["values"] == [0] + union
for date, cells in zip(told["dates"], (before, after)):
    assert {c["value"]: c["cells"] for c in date["classes"]} == {v: (cells == v).sum() for v in union if (cells == v).any()}
matrix = np.array(told["pairs"][0]["transition"]["cells"])
assert (matrix == [[((before == a) & (after == b)).sum() for b in [0] + union] for a in [0] + union]).all()
assert (change == np.where((before > 0) & (after > 0), np.where(before == after, before, before * 100 + after), 0)).all()
corner = next(csv.reader(open("out/transition_1_2.csv")))
assert corner[0] == "rows: 1, columns: 2 (cells)" and len(corner) == len(union) + 2, corner
END

# GDAL's creation options pass through; what GDAL does not know, or what would make another map, is one line before anything is read.
"$landuse" change -q --dates 1,2 -co COMPRESS=LZW -co BLOCKSIZE=128 -o packed theirs_1.tif theirs_2.tif >/dev/null
says 'COMPRESSION=LZW' gdalinfo packed/1_2/change.tif
"$landuse" info --check-cog packed/1_2/change.tif
cmp out/statistics.json packed/statistics.json || fail "packing makes other figures"
expect 2 'creation option COMPRES=LZW: ' "$landuse" change -q --dates 1,2 -co COMPRES=LZW -o refused theirs_1.tif theirs_2.tif
expect 2 'would alter the cells of the maps' "$landuse" change -q --dates 1,2 -co TARGET_SRS=EPSG:3857 -o refused theirs_1.tif theirs_2.tif
[ ! -e refused ] || fail "a refused option left a folder"
