#!/bin/sh
# s42_table_of_arcgis.sh: names and colours from the table that ArcGIS puts beside a GeoTIFF, whatever its columns are called.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps()


def table(path, columns):
    """A dBASE table as ArcGIS writes it: {name: (type, values)}."""
    out = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(os.path.dirname(path) or ".")
    sheet = out.CreateLayer("made", None, ogr.wkbNone, ["ENCODING=UTF-8"])
    for name, (kind, values) in columns.items():
        sheet.CreateField(ogr.FieldDefn(name, kind))
    for i in range(4):
        row = ogr.Feature(sheet.GetLayerDefn())
        for name, (kind, values) in columns.items():
            row[name] = values[i]
        sheet.CreateFeature(row)
    del sheet, out
    os.rename("made.dbf", path)
    os.path.exists("made.cpg") and os.rename("made.cpg", path[:-4] + ".cpg")


codes, count = (ogr.OFTInteger, [1, 2, 3, 7]), (ogr.OFTReal, [1.0, 1.0, 1.0, 1.0])
names = (ogr.OFTString, ["Open Water", "Crops", "Forêt", "Urban"])
real = lambda *v: (ogr.OFTReal, list(v))
for name in ("class", "own", "upper", "plain", "beside", "later"):
    raster(f"{name}.tif", after if name == "later" else before)
table("class.tif.vat.dbf", {"VALUE": codes, "COUNT": count, "CLASS": (ogr.OFTInteger, [11, 82, 41, 23]),
                            "CLASS_NAME": names, "RED": real(0, 1, 0, 1), "GREEN": real(0, .5, 1, 0),
                            "BLUE": real(1, 0, 0, 0)})
table("own.tif.vat.dbf", {"Value": codes, "Count": count, "NLCD_Land_": names,
                          "Red": (ogr.OFTInteger, [70, 171, 104, 235]), "Green": (ogr.OFTInteger, [107, 108, 171, 0]),
                          "Blue": (ogr.OFTInteger, [159, 40, 95, 0])})
table("upper.tif.VAT.DBF", {"VALUE": codes, "COUNT": count, "NAME": names})
with open("plain.tif.vat.dbf", "wb") as damaged:
    damaged.write(b"not a table")
# What the raster says of itself comes first.
raster("beside.tif", before, names=["", "Lake", "Field", "Wood", "", "", "", "Town"])
os.link("upper.tif.VAT.DBF", "beside.tif.vat.dbf")
END
change() { "$landuse" change -q --dates 2001,2011 -o "$1" "$1.tif" later.tif >/dev/null 2>err || fail "$1: $(cat err)"; }
for one in class own upper; do
	change $one
	grep -q '^2001,2011,1,Open Water,2,Crops,' $one/transitions.csv || fail "$one: $(head -3 $one/transitions.csv)"
	grep -q ',3,Forêt,7,Urban,' $one/transitions.csv || fail "$one: letters"
done
grep -q 'color="#ff8000".*label="Open Water to Crops"' class/2001_2011/change.qml || fail 'colours in parts of 1'
grep -q 'color="#ab6c28".*label="Open Water to Crops"' own/2001_2011/change.qml || fail 'colours up to 255'
lacks 'color="#000000"' upper/2001_2011/change.qml || fail 'a table without colours made classes black'
change plain
grep -q ',1,Class 1,2,Class 2,' plain/transitions.csv || fail 'a damaged table'
change beside
grep -q ',1,Lake,2,Field,' beside/transitions.csv || fail 'the raster itself comes first'
says 'Open Water' "$landuse" info class.tif || fail 'info'
