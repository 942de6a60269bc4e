#!/bin/sh
# sample_run.sh: the sample county as shipped, through the main job: what a newcomer sees.
. tests/support/shell.sh

"$landuse" run -q -of netCDF -co COMPRESS=LZW -o "$scratch/out" samples/county/job.yaml >"$scratch/summary"
grep -q 'hectares' "$scratch/summary" || fail "no table in the summary"
for file in 2015/landuse.tif 2015/landuse.tif.aux.xml 2015/landuse.qml 2015/confidence.tif 2023/landuse.tif \
	2015_2023/change.tif 2015_2023/change.qml statistics.json class_areas.csv transitions.csv change_summary.csv \
	transition_2015_2023.csv manifest.json; do
	[ -s "$scratch/out/$file" ] || fail "$file is missing"
done
[ "$(ls "$scratch/out/.work")" = "$(printf '%s\n' 2015.done 2015.scores 2023.done 2023.scores)" ] || fail "not the scores alone are kept"
for date in 2015 2023; do
	"$python" tests/support/compare_maps.py "$scratch/out/$date/landuse.tif" "samples/county/truth_$date.tif" 0.9
	"$landuse" info --check-cog "$scratch/out/$date/landuse.tif" "$scratch/out/$date/confidence.tif"
done
"$landuse" info --check-cog "$scratch/out/2015_2023/change.tif"
"$python" tests/support/county_area.py "$scratch/out/statistics.json" samples/county/county.geojson

# GDAL's own tools see palette, names, nodata and CRS.
gdalinfo "$scratch/out/2023/landuse.tif" >"$scratch/gdalinfo"
for words in 'Color Table' 'Categories:' 'Developed' 'NoData Value=0' 'LAYOUT=COG' 'LANDUSE_MODEL_SHA256=' \
	'GDALRasterAttributeTable' 'ID["EPSG",26986]'; do
	grep -qF "$words" "$scratch/gdalinfo" || fail "gdalinfo does not show $words"
done

# Every raster explains itself to GDAL and ArcGIS, and every layer to QGIS.
"$python" - "$scratch/out" <<'END' || fail "an output that does not explain itself"
import glob, os, sys
from osgeo import gdal, ogr
gdal.UseExceptions()
rasters, layers = (sorted(glob.glob(f"{sys.argv[1]}/**/*.{end}", recursive=True)) for end in ("tif", "gpkg"))
layers = [path for path in layers if not path.endswith("runs.gpkg")]  # which has tables alone
assert len(rasters) == 7 and len(layers) == 3, (rasters, layers)
for path in rasters:
    dataset = gdal.Open(path)
    band = dataset.GetRasterBand(1)
    assert band.GetDescription() and os.path.exists(path[:-3] + "qml"), path
    table, is_class = band.GetDefaultRAT(), not path.endswith(("confidence.tif", "probability.tif"))
    assert (table is not None) == is_class == os.path.exists(path + ".vat.dbf"), path
    assert (band.GetCategoryNames() is not None) == (band.GetColorTable() is not None) == path.endswith("landuse.tif"), path
    if not is_class:
        continue
    cells = {}
    for value in band.ReadAsArray().flat:
        cells[int(value)] = cells.get(int(value), 0) + 1
    dbf = ogr.Open(path + ".vat.dbf")
    rows = [(f["Value"], f["Count"], f["Class"], f["Red"], f["Green"], f["Blue"]) for f in dbf.GetLayer(0)]
    assert rows == [(table.GetValueAsInt(r, 0), table.GetValueAsInt(r, 1), table.GetValueAsString(r, 2),
                     *(table.GetValueAsInt(r, c) for c in (3, 4, 5))) for r in range(table.GetRowCount())], path
    assert all(cells.get(value, 0) == count for value, count, *_ in rows), path
    assert {v for v in cells if v} <= {value for value, *_ in rows}, path
for path in layers:
    dataset = ogr.Open(path)
    assert [f["styleQML"] for f in dataset.GetLayerByName("layer_styles")][0].startswith("<!DOCTYPE qgis"), path
END

# county.gpkg says in SQL and in shapes what tables and rasters say, and refers to what is there.
"$python" - "$scratch/out" <<'END' || fail "county.gpkg"
import csv, sqlite3, sys
from osgeo import gdal, ogr
gdal.UseExceptions()
out = sys.argv[1]
file = sqlite3.connect(f"{out}/county.gpkg")
def rows(sql):
    return file.execute(sql).fetchall()
def table(name):
    return list(csv.DictReader(open(f"{out}/{name}.csv")))
assert rows("pragma foreign_key_check") == [] and rows("pragma integrity_check") == [("ok",)]
assert len(rows("pragma foreign_key_list(transitions)")) == 4
assert {(d, c, n, round(a, 3)) for d, c, n, a in rows("select date, class_code, cells, area_ha from class_areas")} == \
    {(r["date"], int(r["value"]), int(r["cells"]), round(float(r["area_ha"]), 3)) for r in table("class_areas") if r["value"] != "0"}
assert {(a, b, n) for a, b, n in rows("select from_code, to_code, cells from transitions where cells > 0")} == \
    {(int(r["from_code"]), int(r["to_code"]), int(r["cells"])) for r in table("transitions") if int(r["from_code"]) and int(r["to_code"])}
assert sum(r[0] or 0 for r in rows("select flagged_cells from transitions")) == sum(int(r["cells"]) for r in table("flagged_changes"))
names = dict(rows("select class_code, class from classes"))
assert dict((int(c), n) for c, n in rows("select value, description from gpkg_data_column_constraints where constraint_name = 'landuse_class'")) == names
described = {(t, c) for t, c, d in rows("select table_name, column_name, description from gpkg_data_columns") if d}
for name, description, when in rows("select table_name, description, last_change from gpkg_contents"):
    columns = [r[1] for r in rows(f"pragma table_info({name})")]
    assert when == "2000-01-01T00:00:00.000Z", (name, when)
    assert name == "layer_styles" or description and all((name, c) in described or c in ("fid", "geom") for c in columns), name
maps = {y: gdal.Open(f"{out}/{y}/landuse.tif").ReadAsArray() for y in ("2015", "2023")}
sure = gdal.Open(f"{out}/2023/confidence.tif").ReadAsArray()
changed, flagged = (gdal.Open(f"{out}/2015_2023/{n}.tif").ReadAsArray() for n in ("change_probability", "flagged"))
cells = rows("select row, col, class_2015, class_2023, probability_2023_percent, changed_2015_2023_percent, flagged_2015_2023, history, area_ha from cells")
for row, col, before, after, percent, change, flag, history, area in cells:
    at = row, col
    assert (before or 0, after or 0, flag or 0) == (maps["2015"][at], maps["2023"][at], flagged[at])
    assert after is None or percent == sure[at]
    assert (change is None) == (before is None or after is None) and (change is None or change == changed[at])
    assert history == " > ".join(names.get(c, "Not mapped") for c in (before, after))
assert len(cells) >= sum((m > 0).sum() for m in maps.values()) / 2
assert abs(sum(c[-1] for c in cells) - rows("select area_ha from boundary")[0][0]) < 0.01
# The areas of classes, drawn again on the grid, are the map.
grid = gdal.Open(f"{out}/2023/landuse.tif")
drawn = gdal.GetDriverByName("MEM").Create("", grid.RasterXSize, grid.RasterYSize)
drawn.SetGeoTransform(grid.GetGeoTransform())
shapes = ogr.Open(f"{out}/county.gpkg")
layer = shapes.GetLayerByName("landuse_2023")
gdal.RasterizeLayer(drawn, [1], layer, options=["ATTRIBUTE=class_code"])
assert (drawn.ReadAsArray() == maps["2023"]).all()
assert layer.GetFeatureCount() == len({v for v in maps["2023"].flat if v})
END

# county.nc has the same cells, at their place and time, by GDAL's two ways to read it; -co went into every raster.
"$python" - "$scratch/out" <<'END' || fail "county.nc"
import json, sys
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
out = sys.argv[1]
maps, sure = ({y: gdal.Open(f"{out}/{y}/{n}.tif") for y in ("2015", "2023")} for n in ("landuse", "confidence"))
assert all(m.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "LZW" for m in [*maps.values(), *sure.values()])
root = gdal.OpenEx(f"{out}/county.nc", gdal.OF_MULTIDIM_RASTER).GetRootGroup()
classes, percent = (root.OpenMDArray(n) for n in ("landuse", "confidence"))
assert [d.GetName() for d in classes.GetDimensions()] == ["time", "y", "x"]
assert [str(x) for x in root.OpenMDArray("date").Read()] == ["2015", "2023"]
days = np.frombuffer(root.OpenMDArray("time").Read())
assert [str(np.datetime64("1970-01-01") + np.timedelta64(int(d), "D"))[:7] for d in days] == ["2015-07", "2023-07"], days
cells = np.frombuffer(classes.Read(), np.uint8).reshape(2, -1)
for i, y in enumerate(("2015", "2023")):
    mapped = maps[y].ReadAsArray().ravel()
    assert (cells[i] == mapped).all()
    told = np.frombuffer(percent.Read(), np.uint8).reshape(2, -1)[i]
    assert (told == np.where(mapped > 0, sure[y].ReadAsArray().ravel(), 255)).all()
names = {c["value"]: c["name"] for c in json.load(open(f"{out}/statistics.json"))["scheme"]["classes"]}
flags = dict(zip(classes.GetAttribute("flag_values").Read(), classes.GetAttribute("flag_meanings").Read().split()))
assert flags == {k: n.replace(" ", "_") for k, n in names.items()}
flat = gdal.Open(f'NETCDF:"{out}/county.nc":landuse')
assert np.allclose(flat.GetGeoTransform(), maps["2015"].GetGeoTransform()) and flat.GetRasterBand(1).GetNoDataValue() == 0
ours, theirs = osr.SpatialReference(maps["2015"].GetProjection()), osr.SpatialReference(flat.GetProjection())
assert ours.IsSame(theirs) and (flat.GetRasterBand(2).ReadAsArray() == maps["2023"].ReadAsArray()).all()
END

# The change raster is before * 100 + after of the two maps, unchanged cells keep their class.
"$python" - "$scratch/out" <<'END'
import csv, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
read = lambda name: gdal.Open(f"{sys.argv[1]}/{name}").ReadAsArray().astype(int)
before, after, change = read("2015/landuse.tif"), read("2023/landuse.tif"), read("2015_2023/change.tif")
both = (before > 0) & (after > 0)
want = np.where(both, np.where(before == after, before, before * 100 + after), 0)
assert (change == want).all(), "change codes"
cells = {(int(r["from_code"]), int(r["to_code"])): int(r["cells"]) for r in csv.DictReader(open(f"{sys.argv[1]}/transitions.csv"))}
for (a, b), n in cells.items():
    if a and b:
        assert ((before == a) & (after == b)).sum() == n, (a, b, n)
assert sum(n for (a, b), n in cells.items() if a and b) == both.sum()
END

# The plan writes nothing.
"$landuse" run --dry-run -o "$scratch/plan" samples/county/job.yaml >"$scratch/plan.txt"
[ ! -e "$scratch/plan" ] || fail "--dry-run wrote"
for words in 'cells of 67.2 m (0.45 ha)' 'aerial-21' 'memory' 'time'; do
	grep -qF "$words" "$scratch/plan.txt" || fail "the plan does not tell: $words"
done

# landuse change on the maps just made finds the same transitions.
"$landuse" change -q --boundary samples/county/county.geojson -o "$scratch/again" \
	"$scratch/out/2015/landuse.tif" "$scratch/out/2023/landuse.tif" >/dev/null
cmp "$scratch/out/transitions.csv" "$scratch/again/transitions.csv"
"$python" - "$scratch" <<'END'
import sys
from osgeo import gdal
a, b = (gdal.Open(f"{sys.argv[1]}/{d}/2015_2023/change.tif").ReadAsArray() for d in ("out", "again"))
assert (a == b).all()
END

# landuse classify on one date gives the job's map where both are mapped.
"$landuse" classify -q -o "$scratch/one" samples/county/imagery_2015.tif >/dev/null
"$python" tests/support/compare_maps.py "$scratch/one/landuse.tif" "$scratch/out/2015/landuse.tif" 1

# Overlapping chips: those of the outermost cells reach beyond the county, where the imagery goes on.
cat >"$scratch/inner.geojson" <<'END'
{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26986"}},
 "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates":
  [[[200100, 899400], [200500, 899400], [200500, 899800], [200100, 899800], [200100, 899400]]]}}]}
END
"$landuse" classify -q --stride 56 --boundary "$scratch/inner.geojson" -o "$scratch/fine" \
	samples/county/imagery_2015.tif >"$scratch/summary"
grep -q '^Not mapped  *0.00$' "$scratch/summary" || fail "cells at the county's edge are not mapped: $(cat "$scratch/summary")"
