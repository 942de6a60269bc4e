#!/bin/sh
# sample_flags.sh: a random check of flags, labelled, certifies how many of all are real.
. tests/support/shell.sh
cd "$scratch"

# 2,000 flags in two kinds, and the rest not flagged; change.tif has cells that stayed, too.
"$python" - <<'END'
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
crs = osr.SpatialReference()
crs.ImportFromEPSG(26918)
codes = np.zeros((100, 100), np.uint16)
codes[:20] = 402
codes[0, :50] = 702
for name, values in (("flagged", codes), ("change", np.where(codes > 0, codes, 4))):
    out = gdal.GetDriverByName("GTiff").Create(f"{name}.tif", 100, 100, 1, gdal.GDT_UInt16)
    out.SetGeoTransform((500000, 100, 0, 4700000, 0, -100))
    out.SetProjection(crs.ExportToWkt())
    out.SetMetadataItem("LANDUSE_CODES", "before*100+after, unchanged keeps its class")
    out.GetRasterBand(1).SetNoDataValue(0)
    out.GetRasterBand(1).WriteArray(values)
END
sample() { "$landuse" sample -q --scheme landcover-7 --flags "$@"; }
# label FILE WRONG [LEFT]: all drawn flags are real, but for WRONG; LEFT of them have no label.
label() {
	"$python" - "$@" <<'END'
import sys
from osgeo import ogr
ogr.UseExceptions()
data = ogr.Open(sys.argv[1], 1)
layer, wrong, left = data.GetLayerByName("sample"), int(sys.argv[2]), int((sys.argv + ["0"])[3])
for i, row in enumerate(list(layer)):
    if i >= left:
        row["reference"] = row["map"] // 100 if i - left < wrong else row["map"]
        layer.SetFeature(row)
END
}
certified() {
	"$landuse" assess -q --change --scheme landcover-7 --json flagged.tif "$1" >assessed.json 2>/dev/null || fail "assess of $1"
	"$python" -c 'import json; f = json.load(open("assessed.json"))["flags"]; print(f["all"], f["drawn"], f["real"], f["real_share_at_least"])'
}

sample -o check.gpkg flagged.tif >check.txt
grep -q '^Flagged  *2000 .* 93 ' check.txt || fail "one stratum of 93: $(cat check.txt)"
label check.gpkg 1
says 'Flags that are real: 92 of 93 drawn; of all 2000 at least 95.1 %, with 95 % confidence' \
	"$landuse" assess -q --change --scheme landcover-7 flagged.tif check.gpkg || fail "no certificate"
# The most wrong ones that 2,000 may have, so that at most 1 among 93 has still 1 chance in 20, by whole numbers.
"$python" - "$(certified check.gpkg)" <<'END'
import sys
from math import comb
all, drawn, real, share = (float(x) for x in sys.argv[1].split())
chance = lambda w: sum(comb(w, k) * comb(2000 - w, 93 - k) for k in range(2)) / comb(2000, 93)
most = max(w for w in range(1, 1000) if chance(w) > .05)
assert (all, drawn, real) == (2000, 93, 92) and abs(share - (1 - most / 2000)) < 1e-12, (sys.argv[1], most)
END
# Places without a label count as not real.
sample --size 181 -o more.gpkg flagged.tif >/dev/null
label more.gpkg 1 3
[ "$(certified more.gpkg | cut -d' ' -f2,3)" = '181 177' ] || fail "unlabelled: $(certified more.gpkg)"

expect 2 'class 4 has cells that did not change' sample -o x.gpkg change.tif
expect 2 'has neither an allocation nor a standard error' sample --se 0.1 -o x.gpkg flagged.tif
expect 2 'flags are one raster' sample -o x.gpkg flagged.tif flagged.tif
