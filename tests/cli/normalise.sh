#!/bin/sh
# normalise.sh: a flight with a cast, and one with clouds besides, are brought to the other date's radiometry.
. tests/support/shell.sh

"$sample_county" -q --cells 10x10 --dates 2009,2015 --seed 3 --change-share 0.05 "$scratch/county"
spoil() {
	spoilt=$1
	shift
	"$python" tests/support/spoil_imagery.py "$scratch/county/imagery_2015.tif" "$scratch/$spoilt" "$@"
}
spoil cast.tif --gain 0.8,0.9,1.1 --offset 30,5,-10
spoil clouds.tif --gain 0.8,0.9,1.1 --offset 30,5,-10 --clouds 0.15
spoil white.tif --gain 0,0,0 --offset 255,255,255
county_job as_is county/imagery_2015.tif 'normalise: {to: 2009}'
county_job cast cast.tif 'normalise: {to: 2009}'
county_job clouds clouds.tif 'normalise: {to: 2009, method: regression}'
county_job curve cast.tif 'normalise: {to: 2009, method: histogram}'
county_job plain cast.tif ''
for name in as_is cast clouds curve plain; do
	"$landuse" run -q "$scratch/$name.yaml" >/dev/null
done

"$python" - "$scratch" <<'END'
import csv, json, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d = sys.argv[1]
gain, offset = np.array([.8, .9, 1.1]), np.array([30, 5, -10])
def read(name):
    return gdal.Open(f"{d}/{name}").ReadAsArray()
def tables(job):
    found = {x["date"]: x.get("normalised") for x in json.load(open(f"{d}/out_{job}/manifest.json"))["dates"]}
    assert found["2009"] is None and found["2015"]["to"] == "2009"
    told = next(x for x in json.load(open(f"{d}/out_{job}/statistics.json"))["dates"] if x["label"] == "2015")["normalisation"]
    rows = [r for r in csv.DictReader(open(f"{d}/out_{job}/normalisation.csv")) if r["date"] == "2015"]
    for band, x, row in zip(found["2015"]["bands"], told["bands"], rows):
        for key in ("gain", "offset"):
            assert abs(band[key] - x[key]) < 1e-6 and abs(x[key] - float(row[key])) < 1e-6
        assert x["difference_after"] <= x["difference_before"] and x["correlation"] > 0.7
        if told["method"] == "regression":
            v = np.arange(256)
            assert (np.array(band["table"]) == np.floor(np.clip(band["gain"] * v + band["offset"], 0, 255) + .5)).all()
    assert 0.5 * told["blocks"] < told["invariant_blocks"] < told["blocks"]
    return np.array([b["table"] for b in found["2015"]["bands"]], float)
# The way from the flight as it was to 2009 is known from the job 'as_is'; a cast before it must be undone as well.
straight = tables("as_is")
v = np.arange(60, 181)
for job, most in (("cast", 2), ("clouds", 4)):
    got = tables(job)
    for b in range(3):
        through = np.interp(gain[b] * v + offset[b], np.arange(256), got[b])
        off = abs(through - straight[b][v]).max()
        print(f"{job}: band {b + 1} is off by {off:.1f} grey values at most")
        assert off <= most
# Mean and standard deviation of everything, which clouds throw off.
reference, clouded = read("county/imagery_2009.tif").astype(float), read("clouds.tif").astype(float)
for b in range(3):
    g = reference[b].std() / clouded[b].std()
    naive = g * (gain[b] * v + offset[b] - clouded[b].mean()) + reference[b].mean()
    off = abs(naive - straight[b][v]).max()
    print(f"by mean and deviation: band {b + 1} is off by {off:.1f}")
    assert off > 15
# On the land that did not change, the bands agree as they do without a cast.
same = np.kron(read("county/truth_2009.tif") == read("county/truth_2015.tif"), np.ones((224, 224), bool))
flight = read("cast.tif")
for job in ("cast", "curve"):
    table = tables(job)
    for b in range(3):
        left = table[b][flight[b]][same].mean() - reference[b][same].mean()
        was = flight[b][same].astype(float).mean() - reference[b][same].mean()
        print(f"{job}: mean of band {b + 1} differs by {left:.1f}, was {was:.1f}")
        assert abs(left) < 5
json.dump([[int(x) for x in t] for t in tables("cast")], open(f"{d}/table.json", "w"))
END

# The tables are what the network's pixels went through: done beforehand, they give the same maps.
"$python" tests/support/spoil_imagery.py "$scratch/cast.tif" "$scratch/done.tif" --table "$(cat "$scratch/table.json")"
county_job done done.tif ''
"$landuse" run -q "$scratch/done.yaml" >/dev/null
for map in 2015/landuse.tif 2015/confidence.tif; do
	"$python" tests/support/compare_maps.py "$scratch/out_done/$map" "$scratch/out_cast/$map" 1
done
# The reference is left alone.
cmp "$scratch/out_plain/2009/landuse.tif" "$scratch/out_cast/2009/landuse.tif" || fail "the reference date was touched"
differ "$scratch/out_plain/2015/confidence.tif" "$scratch/out_cast/2015/confidence.tif" || fail "nothing was normalised"
says 'LANDUSE_NORMALISED=to 2009 by regression' gdalinfo "$scratch/out_cast/2015/landuse.tif" || fail "the map does not know"
omits LANDUSE_NORMALISED gdalinfo "$scratch/out_cast/2009/landuse.tif" || fail "the reference says that it was normalised"

"$landuse" change -q -o "$scratch/lights" "$scratch/out_cast/2009/landuse.tif" "$scratch/out_cast/2015/landuse.tif" >/dev/null
expect 1 'normalised otherwise (not at all)' "$landuse" change -q --dates a,b -o "$scratch/lights" \
	"$scratch/out_cast/2015/landuse.tif" "$scratch/out_plain/2015/landuse.tif"

# Threads, repetition, and what is another job.
"$landuse" run -q -j 1 -o "$scratch/single" "$scratch/clouds.yaml" >/dev/null
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock "$scratch/out_clouds" "$scratch/single" || fail "threads make a difference"
says 'up to date' "$landuse" run --if-changed -q "$scratch/cast.yaml" || fail "--if-changed ran again"
sed -i 's/to: 2009/to: 2009, method: histogram/' "$scratch/cast.yaml"
omits 'up to date' "$landuse" run --if-changed -q "$scratch/cast.yaml" || fail "--if-changed missed another method"
cmp "$scratch/out_cast/2015/confidence.tif" "$scratch/out_curve/2015/confidence.tif" || fail "old scores were used again"

county_job white white.tif 'normalise: {to: 2009}'
expect 1 'date 2015 cannot be normalised to 2009: only 0 of' "$landuse" run -q "$scratch/white.yaml"
county_job nowhen cast.tif 'normalise: {to: 2012}'
expect 2 "'to' is '2012', it should be 2009 or 2015" "$landuse" run -q "$scratch/nowhen.yaml"
