#!/bin/sh
# smooth.sh: smoothing in space, compared with numpy and GDAL's sieve; what it altered is told to the cell.
. tests/support/shell.sh

"$sample_county" -q --cells 12x12 --dates 2009,2015 --seed 3 --change-share 0.03 "$scratch/county"
# job NAME KEYS: run the county with these keys under 'smooth' into out_NAME.
job() {
	county_job "$1" county/imagery_2015.tif 'grid: {stride: 112}' 'probabilities: true' "smooth: $2"
	"$landuse" run -q "$scratch/$1.yaml" >"$scratch/summary_$1" 2>"$scratch/stderr"
	[ ! -s "$scratch/stderr" ] || fail "a quiet run said: $(cat "$scratch/stderr")"
}
job one '{method: plurality, weight: 1}'
job nine '{method: plurality, weight: 9}'
job field '{method: mrf, weight: 4}'
# A cell has 33.6 m a side, 0.113 ha: 0.4 ha are four cells.
job unit '{minimum_mapping_unit: {hectares: 0.4}}'
job both '{method: mrf, weight: 1, minimum_mapping_unit: {cells: 6, corners: true}}'

"$python" - "$scratch" <<'END'
import csv, json, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d, years = sys.argv[1], (2009, 2015)
def read(name):
    return gdal.Open(f"{d}/{name}").ReadAsArray().astype(int)
def shifted(a, dr, dc):
    out = np.zeros_like(a)
    rows, cols = a.shape[:2]
    out[max(0, -dr):rows - max(0, dr), max(0, -dc):cols - max(0, dc)] = \
        a[max(0, dr):rows - max(0, -dr), max(0, dc):cols - max(0, -dc)]
    return out
around = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c]

def plurality(a, weight):
    votes = np.array([sum((shifted(a, r, c) == k).astype(float) for r, c in around) + weight * (a == k) for k in range(1, 8)])
    mine = np.take_along_axis(votes, np.maximum(a - 1, 0)[None], 0)[0]
    return np.where(a == 0, 0, np.where(mine == votes.max(0), a, 1 + votes.argmax(0)))

def field(p, weight):
    mapped = (p.sum(2) > 0)[..., None]
    q = p.copy()
    for _ in range(8):
        count = sum(shifted(mapped.astype(float), r, c) for r, c in around)
        mean = sum(shifted(q, r, c) for r, c in around) / np.maximum(count, 1)
        new = p * np.exp(weight * mean)
        new /= np.maximum(new.sum(2, keepdims=True), 1e-30)
        q = np.where(mapped & (count > 0), (q + new) / 2, q)
    return np.where(mapped[..., 0], 1 + q.argmax(2), 0)

def sieve(a, cells, connected):
    m = gdal.GetDriverByName("MEM").Create("", a.shape[1], a.shape[0], 1, gdal.GDT_Int32)
    m.GetRasterBand(1).WriteArray(a)
    mask = gdal.GetDriverByName("MEM").Create("", a.shape[1], a.shape[0], 1, gdal.GDT_Byte)
    mask.GetRasterBand(1).WriteArray((a > 0).astype(np.uint8))
    gdal.SieveFilter(m.GetRasterBand(1), mask.GetRasterBand(1), m.GetRasterBand(1), cells, connected)
    return m.ReadAsArray()

def table(job):
    rows = {}
    for r in csv.DictReader(open(f"{d}/out_{job}/smoothing.csv")):
        rows.setdefault((r["date"], r["step"]), {})[int(r["from_code"]), int(r["to_code"])] = (int(r["cells"]), float(r["area_ha"]))
    return rows

altered = 0
for year in years:
    raw = read(f"out_one/{year}/landuse_raw.tif")
    one, nine = read(f"out_one/{year}/landuse.tif"), read(f"out_nine/{year}/landuse.tif")
    assert (one == plurality(raw, 1)).all() and (one != raw).sum() > 10, "plurality at weight 1"
    assert (nine == raw).all() and (nine == read(f"out_nine/{year}/landuse_raw.tif")).all(), "plurality at weight 9"
    lone = (raw > 0) & (sum(shifted(raw, r, c) == raw for r, c in around) == 0) & (sum(shifted(raw, r, c) > 0 for r, c in around) == 8)
    assert lone.sum() > 0 and (one != raw)[lone].all(), "a lone cell stays"

    p = np.moveaxis(read(f"out_field/{year}/probabilities.tif").astype(float), 0, 2)
    p[raw == 0] = 0
    p /= np.maximum(p.sum(2, keepdims=True), 1)
    got, want = read(f"out_field/{year}/landuse.tif"), field(p, 4.0)
    # The rounding to whole percents decides a near-tie now and then.
    assert ((got > 0) == (raw > 0)).all() and (got == want)[raw > 0].mean() > 0.995, "mrf"
    assert (got != raw).sum() > 10 and (got == want)[got != raw].mean() > 0.9
    percent = np.take_along_axis(np.moveaxis(read(f"out_field/{year}/probabilities.tif"), 0, 2), np.maximum(got - 1, 0)[..., None], 2)[..., 0]
    confidence = read(f"out_field/{year}/confidence.tif")
    assert (confidence == np.where(raw > 0, np.maximum(percent, 1), 0)).all(), "confidence is of the class on the map"

    unit = read(f"out_unit/{year}/landuse.tif")
    assert ((unit > 0) == (raw > 0)).all() and (sieve(unit, 4, 4) == unit).all(), "a patch of under 4 cells is left"
    gdals = sieve(raw, 4, 4)
    assert (unit == gdals)[gdals != raw].mean() > 0.6 and (unit == raw)[(gdals == raw) & (raw > 0)].mean() > 0.98, "sieve"
    both = read(f"out_both/{year}/landuse.tif")
    assert (sieve(both, 6, 8) == both).all(), "a patch of under 6 cells is left"

    # What is told is what was done, and the figures are of the smoothed map.
    for job in ("one", "nine", "field", "unit"):
        after, told = read(f"out_{job}/{year}/landuse.tif"), {}
        step = {"one": "plurality", "nine": "plurality", "field": "mrf", "unit": "minimum_mapping_unit"}[job]
        told = table(job).get((str(year), step), {})
        pairs, counts = np.unique((raw * 100 + after)[raw != after], return_counts=True)
        assert {k: v[0] for k, v in told.items()} == {(p // 100, p % 100): n for p, n in zip(pairs.tolist(), counts.tolist())}, (job, told)
        s = json.load(open(f"{d}/out_{job}/statistics.json"))
        date = next(x for x in s["dates"] if x["label"] == str(year))
        assert [x["step"] for x in date["smoothing"]] == [step]
        assert date["smoothing"][0]["altered_cells"] == (raw != after).sum()
        assert abs(date["smoothing"][0]["altered_ha"] - sum(v[1] for v in told.values())) < 1e-4
        assert all(c["cells"] == (after == c["value"]).sum() for c in date["classes"])
        assert abs(date["reconciles_to"]) < 1e-6
        altered += (raw != after).sum()
    both = {k[1] for k in table("both") if k[0] == str(year)}
    assert both == {"mrf", "minimum_mapping_unit"}, both
print(f"smoothed: {altered} cells altered in all")
change = read("out_unit/2009_2015/change.tif")
before, after = (read(f"out_unit/{y}/landuse.tif") for y in years)
assert (change == np.where((before > 0) & (after > 0), np.where(before == after, before, before * 100 + after), 0)).all()
# Probabilities are of the network's own answers; what is flagged has changed on the smoothed maps, from and to what they say.
contradicted = 0
for job in ("one", "field", "unit"):
    p, flagged, change = (read(f"out_{job}/2009_2015/{n}.tif") for n in ("change_probability", "flagged", "change"))
    assert (p == read("out_nine/2009_2015/change_probability.tif")).all(), job
    assert (flagged == change)[flagged > 0].all(), f"{job}: flags that the maps do not tell of"
    told = json.load(open(f"{d}/out_{job}/statistics.json"))["pairs"][0]["significance"]
    sure, p = told["threshold"] or 2, np.where(p == 255, 0, p)
    assert told["flagged_cells"] == (flagged > 0).sum() and told["expected_false_share"] <= 0.05
    away, still = told["smoothing"]["unchanged_cells"], (change >= 100)
    # The raster has whole percents.
    assert (~still & (p >= 100 * sure + 1)).sum() <= away <= (~still & (p >= 100 * sure - 1)).sum(), (job, away)
    assert (still & (p >= 100 * sure + 1)).sum() <= told["flagged_cells"] <= (still & (p >= 100 * sure - 1)).sum(), job
    contradicted += away + told["smoothing"]["other_pair_cells"]
    assert gdal.Open(f"{d}/out_{job}/2009_2015/flagged.tif").GetMetadataItem("LANDUSE_FLAGS"), job
    assert ("significant" in open(f"{d}/summary_{job}").read().split("smoothed away")[-1]) and (away == 0) != ("smoothed away" in open(f"{d}/summary_{job}").read()), job
assert contradicted > 0, "this county cannot tell"
END

grep -q 'the minimum mapping unit altered' "$scratch/summary_unit" || fail "the summary does not tell what was altered"
says 'LANDUSE_SMOOTHED=mrf, weight 1; minimum mapping unit of 6 cells joined by corners too' gdalinfo "$scratch/out_both/2009/landuse.tif" ||
	fail "the map does not know that it was smoothed"
omits LANDUSE_SMOOTHED gdalinfo "$scratch/out_both/2009/landuse_raw.tif" || fail "the raw map says that it was smoothed"
"$landuse" info --check-cog "$scratch/out_both/2009/landuse_raw.tif"
grep -q '"2009/landuse_raw.tif"' "$scratch/out_both/manifest.json" || fail "the raw map is not in the manifest"
[ -z "$(find "$scratch/out_both/.work" -type f ! -name '*.scores' ! -name '*.done')" ] || fail "files were left behind"

# landuse change smooths maps that are there just as the job did: the same maps, tables and words.
smooth() {
	job=$1
	shift
	"$landuse" change -q --boundary "$scratch/county/county.geojson" "$@" -o "$scratch/change_$job" \
		"$scratch/out_$job/2009/landuse_raw.tif" "$scratch/out_$job/2015/landuse_raw.tif" >"$scratch/summary_change"
	for table in smoothing class_areas transitions; do
		cmp "$scratch/out_$job/$table.csv" "$scratch/change_$job/$table.csv" || fail "$table.csv is not the job's"
	done
	# The last four columns need scores: those of landuse change are empty.
	for tables in out change; do
		sed 's/\(,[^,]*\)\{4\}$//' "$scratch/${tables}_$job/change_summary.csv" >"$scratch/$tables.csv"
	done
	cmp "$scratch/out.csv" "$scratch/change.csv" || fail "change_summary.csv is not the job's"
	grep -q ',,,,$' "$scratch/change_$job/change_summary.csv" || fail 'figures of flags without scores'
	for map in 2009/landuse.tif 2015/landuse.tif 2009_2015/change.tif; do
		"$python" -c 'import sys; from osgeo import gdal; a, b = (gdal.Open(n) for n in sys.argv[1:])
assert (a.ReadAsArray() == b.ReadAsArray()).all() and a.GetMetadataItem("LANDUSE_SMOOTHED") == b.GetMetadataItem("LANDUSE_SMOOTHED")' \
			"$scratch/out_$job/$map" "$scratch/change_$job/$map" || fail "$map of landuse change is not the job's"
	done
	grep -E 'altered' "$scratch/summary_change" >"$scratch/told"
	grep -E 'altered' "$scratch/summary_$job" | cmp - "$scratch/told" || fail "another word of what was altered"
}
smooth one --smooth plurality
smooth nine --smooth plurality:9
smooth unit --mmu 0.4ha
"$landuse" info --check-cog "$scratch/change_unit/2009/landuse.tif"
says LANDUSE_MODEL_SHA256 gdalinfo "$scratch/change_unit/2009/landuse.tif" || fail "a smoothed map forgot its model"
expect 1 'smoothed otherwise' "$landuse" change -q -o "$scratch/no" "$scratch/change_unit/2009/landuse.tif" "$scratch/out_unit/2015/landuse_raw.tif"
# Any class values, and what went before is not forgotten.
"$python" - "$scratch" <<'END'
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
d = sys.argv[1]
for year in (2009, 2015):
    a = gdal.Open(f"{d}/out_one/{year}/landuse_raw.tif")
    out = gdal.GetDriverByName("GTiff").Create(f"{d}/coded_{year}.tif", a.RasterXSize, a.RasterYSize, 1, gdal.GDT_UInt16)
    out.SetGeoTransform(a.GetGeoTransform())
    out.SetProjection(a.GetProjection())
    out.GetRasterBand(1).WriteArray(a.ReadAsArray().astype(np.uint16) * 8000)
END
"$landuse" change -q --boundary "$scratch/county/county.geojson" --tables-only --smooth plurality:1 --dates 2009,2015 \
	-o "$scratch/coded" "$scratch/coded_2009.tif" "$scratch/coded_2015.tif" >/dev/null
"$python" - "$scratch" <<'END'
import csv, sys
def rows(folder, factor):
    return [[r["date"], r["step"], int(r["from_code"]) * factor, int(r["to_code"]) * factor, r["cells"], r["area_ha"]]
            for r in csv.DictReader(open(f"{sys.argv[1]}/{folder}/smoothing.csv"))]
assert rows("coded", 1) == rows("out_one", 8000), "class values up to 65535"
END
[ ! -e "$scratch/coded/2009" ] || fail "--tables-only wrote a map"
"$landuse" change -q --mmu 3 -o "$scratch/twice" "$scratch/out_one/2009/landuse.tif" "$scratch/out_one/2015/landuse.tif" >/dev/null
says 'LANDUSE_SMOOTHED=plurality, weight 1; minimum mapping unit of 3 cells' gdalinfo "$scratch/twice/2009/landuse.tif" ||
	fail "a smoothed map forgot how it had been smoothed before"
wrong() { expect 2 "$1" "$landuse" change -q -o "$scratch/no" "$2" "$3" "$scratch/coded_2009.tif" "$scratch/coded_2015.tif"; }
wrong 'maps have none (plurality; or' --smooth mrf:1
wrong "smoothing is 'plural', it should be plurality" --smooth plural
wrong "minimum mapping unit is '1', it should be 2 cells or more" --mmu 1
wrong 'corners join the cells of a minimum mapping unit' --corners -q

# Any number of threads; another weight is another job; the plan states the memory.
"$landuse" run -q -j 1 -o "$scratch/single" "$scratch/both.yaml" >/dev/null
diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock "$scratch/out_both" "$scratch/single" || fail "threads make a difference"
says 'up to date' "$landuse" run --if-changed -q "$scratch/both.yaml" || fail "--if-changed ran again"
sed -i 's/weight: 1/weight: 1.25/' "$scratch/both.yaml"
omits 'up to date' "$landuse" run --if-changed -q "$scratch/both.yaml" || fail "--if-changed missed another weight"
"$landuse" run --dry-run "$scratch/both.yaml" >"$scratch/plan"
grep -q 'for the minimum mapping unit' "$scratch/plan" || fail "the plan does not tell the memory of the minimum mapping unit"
