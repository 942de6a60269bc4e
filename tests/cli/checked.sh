#!/bin/sh
# checked.sh: reviews of candidates become a share with its interval, and it is told of which patches.
. tests/support/shell.sh

# A list of 12 patches as landuse run writes it.
"$python" - "$scratch" <<'END'
import sys
from osgeo import gdal, ogr, osr
gdal.UseExceptions()
ogr.UseExceptions()
srs = osr.SpatialReference()
srs.ImportFromEPSG(32618)
def write(name, reviews, kind=ogr.OFTInteger64, driver="GPKG", end=".gpkg", status="review_status"):
    d = ogr.GetDriverByName(driver).CreateDataSource(f"{sys.argv[1]}/{name}{end}")
    layer = d.CreateLayer("new_development", srs, ogr.wkbPolygon if driver == "GPKG" else ogr.wkbNone)
    for field, of in (("patch", ogr.OFTInteger64), ("from_name", ogr.OFTString), ("to_name", ogr.OFTString),
                      ("area_ha", ogr.OFTReal), ("probability", ogr.OFTReal), (status, kind)):
        layer.CreateField(ogr.FieldDefn(field, of))
    for i in range(12):
        f = ogr.Feature(layer.GetLayerDefn())
        f["patch"], f["from_name"], f["to_name"] = i + 1, ("Forest", "Cultivated")[i % 2], "Developed"
        f["area_ha"], f["probability"] = 5 * (i % 3 + 1), 1 - i / 20
        if driver == "GPKG":
            f.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({i} 0,{i} 1,{i + 1} 1,{i + 1} 0,{i} 0))"))
        if i < len(reviews) and reviews[i]:
            f[status] = reviews[i]
        layer.CreateFeature(f)
write("open", [])
write("first", [1, 1, 2, 1, 3, 1, 2])
write("former", [1, 1, 2, 1, 3, 1, 2], status="checked")
write("some", [1, 0, 2, 1, 0, 0, 0, 0, 0, 3])
write("all", [1, 1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 2])
write("unsure", [3, 3])
write("wrong", [1, 7])
write("words", ["change", "Change", "no change", "change", "unsure", "change", "no change"], ogr.OFTString, "CSV", ".csv")
END
cd "$scratch"
told() { "$landuse" assess --candidates "$@"; }

# The last one has the field by its former name.
for list in first.gpkg words.csv former.gpkg; do
	told "$list" >text
	grep -q '^all  *12  *7  *4  *2  *1$' text || fail "$list: $(cat text)"
	grep -q '^Forest to Developed  *6  *4  *1  *2  *1$' text || fail "$list: $(cat text)"
	grep -q '^real: 4 of 6, 66.7 %' text || fail "$list: $(cat text)"
	grep -q '^1 unsure left out: 57.1 % if none of them is real, 71.4 % if all are' text || fail "$list: $(cat text)"
	grep -q 'NOT A PROBABILITY SAMPLE: these are the first 7 of a list' text || fail "$list: $(cat text)"
done
told some.gpkg >text
grep -q 'NOT A PROBABILITY SAMPLE, unless chance alone' text || fail "$(cat text)"
grep -q '^Mean probability of those reviewed 0.825, of the whole list 0.725' text || fail "$(cat text)"
told all.gpkg >text
grep -q '^All of the list was reviewed' text || fail "$(cat text)"
lacks 'PROBABILITY SAMPLE' text || fail "$(cat text)"
told unsure.gpkg | grep -q '^none was called real or not' || fail "no word of nothing"

for list in first some all unsure; do told "$list.gpkg" --json >"$list.json"; done
"$python" - <<'END'
import json, math
from statistics import NormalDist
z = NormalDist().inv_cdf(.975)
parts = {"first": "first", "some": "some", "all": "all", "unsure": "first"}
# By E. B. Wilson 1927: the shares p from which what was seen is z standard deviations away, p by bisection.
def end(k, n, sign):
    low, high = (0, k / n) if sign < 0 else (k / n, 1)
    for _ in range(200):
        p = (low + high) / 2
        far = abs(k / n - p) > z * math.sqrt(p * (1 - p) / n)
        if sign < 0: low, high = (p, high) if far else (low, p)
        else: low, high = (low, p) if far else (p, high)
    return low
for name, part in parts.items():
    told = json.load(open(f"{name}.json"))
    assert told["part_checked"] == part and told["patches"] == 12
    for x in [told] + told["kinds"]:
        k, n = x["change"], x["change"] + x["no_change"]
        assert x["checked"] == n + x["unsure"]
        if n == 0:
            assert x["real"] is None
            continue
        assert x["real"]["of"] == n and abs(x["real"]["share"] - k / n) < 1e-12
        assert all(abs(a - end(k, n, s)) < 1e-9 for a, s in zip(x["real"]["wilson_95"], (-1, 1))), (x, end(k, n, -1), end(k, n, 1))
first = json.load(open("first.json"))
assert abs(first["expected_real"] - sum(1 - i / 20 for i in (0, 1, 2, 3, 5, 6))) < 1e-9
assert (first["change_ha"], first["no_change_ha"], first["unsure_ha"], first["patches_ha"]) == (5 + 10 + 5 + 15, 20, 10, 120)
END

expect 2 'none of its 12 patches is reviewed' told open.gpkg
expect 1 "wrong.gpkg: row 2: 'review_status' is '7', it should be 1 (change), 2 (no change), 3 (unsure) or empty" told wrong.gpkg
expect 2 "no layer 'other'" told first.gpkg --sample-layer other
expect 2 '--candidates takes no map' told first.gpkg map.tif
expect 2 '--candidates takes no map' told first.gpkg --kappa
expect 2 'nowhere.gpkg' told nowhere.gpkg
