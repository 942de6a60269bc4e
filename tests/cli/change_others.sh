#!/bin/sh
# change_others.sh: landuse change on maps that others made: their names, types, nodata and masks, and what is refused.
. tests/support/shell.sh
cd "$scratch"
cat >make.py <<'END'
"""Maps of 40 x 30 cells as other programs write them: make.py NAME."""
import sys
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
osr.UseExceptions()
random = np.random.default_rng(5)
before = random.choice([1, 2, 7], (30, 40))
after = np.where(random.random((30, 40)) < 0.2, random.choice([2, 7, 9], (30, 40)), before)


def write(name, cells, kind=gdal.GDT_Byte, nodata=None, epsg=5070, place=(1882125, 30, 0, 2389155, 0, -30), mask=None,
          colours=None, **metadata):
    """A map; the caller may go on with the dataset. GDAL 3.10 takes a palette only before the cells."""
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    out = gdal.GetDriverByName("GTiff").Create(f"{name}.tif", cells.shape[1], cells.shape[0], 1, kind)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    out.SetProjection(crs.ExportToWkt())
    out.SetGeoTransform(place)
    if nodata is not None:
        out.GetRasterBand(1).SetNoDataValue(nodata)
    out.SetMetadata(metadata)
    if colours is not None:
        palette = gdal.ColorTable()
        for value, rgb in colours.items():
            palette.SetColorEntry(value, (*rgb, 255))
        out.GetRasterBand(1).SetRasterColorTable(palette)
    out.WriteArray(cells)
    if mask is not None:
        out.CreateMaskBand(gdal.GMF_PER_DATASET)
        out.GetRasterBand(1).GetMaskBand().WriteArray(mask)
    return out


def table(out, rows, value, name):
    """An attribute table as ArcGIS writes it: columns that do not say what they are for."""
    rat = gdal.RasterAttributeTable()
    for column, kind in ((value, gdal.GFT_Integer), ("Count", gdal.GFT_Integer), (name, gdal.GFT_String),
                         ("Red", gdal.GFT_Real), ("Green", gdal.GFT_Real), ("Blue", gdal.GFT_Real)):
        rat.CreateColumn(column, kind, gdal.GFU_Generic)
    for at, (code, words, rgb) in enumerate(rows):
        rat.SetValueAsInt(at, 0, code)
        rat.SetValueAsString(at, 2, words)
        for k in range(3):
            rat.SetValueAsDouble(at, 3 + k, rgb[k])
    out.GetRasterBand(1).SetDefaultRAT(rat)


edge = np.arange(40) % 4 == 0
write("plain_a", before)
write("plain_b", after)
table(write("rat_a", before), [(1, "Open Water", (0, 0, 1)), (2, "Farm", (1, 0.5, 0)), (7, "Wood", (0, 1, 0))], "VALUE",
      "Class_Name")
named = write("names_b", after, colours={2: (255, 128, 0), 7: (0, 255, 0), 9: (200, 0, 0)})
named.GetRasterBand(1).SetCategoryNames(["", "", "Farm", "", "", "", "", "Wood", "", "Town"])
write("palette_a", before, colours={1: (10, 20, 30), 2: (40, 50, 60), 7: (70, 80, 90)})
write("wide_b", np.where(edge, 2147483647, after), gdal.GDT_Int32, 2147483647)
write("byte_b", np.where(edge, 255, after), gdal.GDT_Byte, 255)
write("masked_b", after, mask=np.where(edge, 0, 255) * np.ones((30, 1), int))
write("zero_b", np.where(edge, 0, after))
write("south_up_b", after[::-1], place=(1882125, 30, 0, 2389155 - 900, 0, 30))
write("south_up_a", before[::-1], place=(1882125, 30, 0, 2389155 - 900, 0, 30))
write("high_a", before * 4000, gdal.GDT_UInt16)
write("high_b", after * 4000, gdal.GDT_UInt16)
write("huge_b", after * 70000, gdal.GDT_UInt32)
write("float_b", after, gdal.GDT_Float32)
write("small_b", after[:20])
write("shifted_b", after, place=(1882140, 30, 0, 2389155, 0, -30))
write("crs_b", after, epsg=5071)
write("rotated_a", before, place=(1882125, 30, 1, 2389155, 1, -30))
write("rotated_b", after, place=(1882125, 30, 1, 2389155, 1, -30))
write("scheme_a", before, LANDUSE_SCHEME="landcover-7", LANDUSE_SCHEME_VERSION="1", LANDUSE_MODEL_SHA256="aa")
write("scheme_b", after, LANDUSE_SCHEME="azure-6", LANDUSE_SCHEME_VERSION="1", LANDUSE_MODEL_SHA256="aa")
write("version_b", after, LANDUSE_SCHEME="landcover-7", LANDUSE_SCHEME_VERSION="2", LANDUSE_MODEL_SHA256="aa")
write("model_b", after, LANDUSE_SCHEME="landcover-7", LANDUSE_SCHEME_VERSION="1", LANDUSE_MODEL_SHA256="bb")
END
"$python" make.py
change() { "$landuse" change -q --dates 2001,2011 "$@" >/dev/null; }

# Class sets that differ are united: 1 is gone at the later date, 9 is new.
change -o plain plain_a.tif plain_b.tif
"$python" - plain <<'END'
import csv
import sys
import numpy as np
from osgeo import gdal
before, after = (gdal.Open(f"plain_{k}.tif").ReadAsArray().astype(int) for k in "ab")
found = {(int(r["from_code"]), int(r["to_code"])): int(r["cells"]) for r in csv.DictReader(open("plain/transitions.csv"))}
keys, counts = np.unique(before * 100 + after, return_counts=True)
assert found == {(k // 100, k % 100): n for k, n in zip(keys, counts)}
codes = gdal.Open("plain/2001_2011/change.tif").ReadAsArray()
assert (codes == np.where(before == after, before, before * 100 + after)).all()
END
head -1 plain/transition_2001_2011.csv | grep -q 'Class 1,Class 2,Class 7,Class 9' || fail 'class sets are not united'

# Names and colours come from whatever the map has; a class has the name of the first map that names it.
change -o names rat_a.tif names_b.tif
grep -q '^2001,2011,1,Open Water,2,Farm,' names/transitions.csv || fail 'names of an attribute table'
grep -q '^2001,2011,7,Wood,9,Town,' names/transitions.csv || fail 'category names'
grep -q 'color="#ff8000".*label="Open Water to Farm"' names/2001_2011/change.qml || fail 'colours of an attribute table'
change -o palette palette_a.tif plain_b.tif
grep -q 'color="#28323c".*label="Class 1 to Class 2"' palette/2001_2011/change.qml || fail 'colours of a palette'

# Nodata of any size, a mask and zeros: the same cells are not mapped.
change --tables-only -o zero plain_a.tif zero_b.tif
for way in wide byte masked; do
	change --tables-only -o "$way" plain_a.tif "${way}_b.tif"
	diff -r zero "$way"
done

# A map whose rows run to the north is the same ground.
change --tables-only -o south south_up_a.tif south_up_b.tif
cmp plain/transitions.csv south/transitions.csv

# Values above 99 have no change code, but they have tables.
expect 1 'class 28000 is above 99, and change codes are before*100+after (renumber the classes, or --tables-only)' \
	"$landuse" change --dates 2001,2011 -o high high_a.tif high_b.tif
change --tables-only -o high high_a.tif high_b.tif
grep -q '^2001,2011,28000,Class 28000,36000,Class 36000,' high/transitions.csv || fail 'classes above 255'

# What is refused, why, and what to do.
refuse() { expect 1 "$3" "$landuse" change --tables-only --dates 2001,2011 -o refused "$1.tif" "$2.tif"; }
refuse plain_a huge_b 'expected classes from 1 to 65535'
refuse plain_a float_b 'cells are Float32: expected whole numbers, one a class (gdal_translate -ot UInt16'
refuse plain_a small_b '40 x 20 cells, plain_a.tif has 40 x 30 (warp one to the other'
refuse plain_a shifted_b 'its corners differ from those of plain_a.tif (warp'
refuse plain_a crs_b 'another coordinate system than plain_a.tif (warp'
refuse plain_a south_up_b 'corners differ'
refuse rotated_a rotated_b 'rotated_a.tif: its rows and columns are rotated against the axes'
refuse scheme_a scheme_b 'another class scheme (azure-6) than scheme_a.tif (landcover-7): differences would not be change (map both'
refuse scheme_a version_b 'another version of the class scheme (2)'
refuse scheme_a model_b 'another model (bb)'
[ ! -e refused/statistics.json ] || fail 'statistics of maps that were refused'
