#!/bin/sh
# train_adapt.sh: a hundred labels drawn over half of real NAIP pictures correct aerial-21, which has seen none; the other half tests it.
. tests/support/data.sh

cd "$scratch"
# The pictures side by side, each cut to its nine windows of 67 pixels; every second one is a half. Who draws the windows of one
# class as polygons gets chips every 22 px: windows, and what lies between two of one class.
mkdir even odd
i=0
for chip in "$data"/naip_windows/*.png; do
	half=even
	[ $((i % 2)) -eq 0 ] || half=odd
	gdal_translate -q -srcwin 27 27 201 201 -a_srs EPSG:26915 \
		-a_ullr $((500000 + 201 * i)) 4600201 $((500201 + 201 * i)) 4600000 "$chip" "$half/$(basename "$chip" .png).tif" 2>/dev/null
	i=$((i + 1))
done
"$python" - "$data/naip_windows/labels.csv" <<'END'
import csv, sys
from osgeo import ogr, osr
ogr.UseExceptions()
crs = osr.SpatialReference(); crs.ImportFromEPSG(26915)
rows = list(csv.DictReader(open(sys.argv[1])))
chips = sorted({r["chip"] for r in rows})
dataset = ogr.GetDriverByName("GPKG").CreateDataSource("drawn.gpkg")
layer = dataset.CreateLayer("drawn", crs, ogr.wkbPolygon)
layer.CreateField(ogr.FieldDefn("use", ogr.OFTString))
for r in rows:
    if r["classes"] and "|" not in r["classes"]:
        x, y = 500000 + 201 * chips.index(r["chip"]) + 67 * int(r["col"]), 4600201 - 67 * int(r["row"])
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["use"] = r["classes"]
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({x} {y},{x+67} {y},{x+67} {y-67},{x} {y-67},{x} {y}))"))
        layer.CreateFeature(feature)
END
# map MODEL FOLDER: right windows of one class, and how many there are.
map() {
	printf 'model: %s\ndates: [{date: 2017, imagery: %s}]\noutput: out\ngrid: {origin: [500000, 4600201]}\n' "$1" "$2" >job.yaml
	"$landuse" run -q job.yaml >/dev/null 2>told || fail "$(cat told)"
	"$python" - "$data/naip_windows/labels.csv" "$2" <<'END'
import csv, os, sys
from osgeo import gdal
gdal.UseExceptions()
source = gdal.Open("out/2017/landuse.tif")
cells, rat, t = source.ReadAsArray(), source.GetRasterBand(1).GetDefaultRAT(), source.GetGeoTransform()
names = {rat.GetValueAsInt(i, 0): rat.GetValueAsString(i, 2) for i in range(rat.GetRowCount())} | {0: ""}
assert abs(t[1] - 67) < 1e-6, t
rows = list(csv.DictReader(open(sys.argv[1])))
chips = sorted({r["chip"] for r in rows})
right = total = 0
for r in rows:
    if r["classes"] and "|" not in r["classes"] and os.path.exists(f"{sys.argv[2]}/{r['chip'][:-4]}.tif"):
        col = round((500000 - t[0]) / 67) + 3 * chips.index(r["chip"]) + int(r["col"])
        right += names[cells[int(r["row"]), col]] == r["classes"]
        total += 1
print(right, total)
END
	rm -r out
}
before=0 after=0 total=0
for half in even odd; do
	other=odd
	[ $half = even ] || other=even
	"$landuse" label -q $half/*.tif --reference drawn.gpkg --field use --split-by file --validate 0 --test 0 --chip 67 --stride 22 \
		-o set_$half >/dev/null 2>told || fail "$(cat told)"
	"$python" - set_$half <<'END'
import csv, random, sys
path = sys.argv[1] + "/index.csv"
rows = list(csv.DictReader(open(path)))
random.Random(1).shuffle(rows)
assert len(rows) >= 100, len(rows)
with open(path, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0])
    writer.writeheader()
    writer.writerows(sorted(rows[:100], key=lambda r: r["path"]))
END
	"$landuse" train -q set_$half --adapt aerial-21 --cache cache --no-history -o adapted_$half >summary 2>told || fail "$(cat told)"
	cat summary
	grep -q '^head *corrected' summary || fail "100 labels of the $half pictures do not help: $(cat summary)"
	set -- $(map aerial-21 $other) $(map ./adapted_$half $other)
	echo "the $other pictures: $1 of $2 before, $3 after"
	[ "$3" -gt "$1" ] || fail "no better on pictures that it has not seen"
	before=$((before + $1)) after=$((after + $3)) total=$((total + $2))
done
echo "windows of one class in pictures not learned from: $before of $total before, $after after"
[ $total -eq 108 ] && [ $((100 * after)) -ge $((90 * total)) ] || fail "$after of $total"

# The labels of an assessment do as well: a sample of the map of one half, looked at, without a word about chips.
printf 'model: aerial-21\ndates: [{date: 2017, imagery: even}]\noutput: out\n' >job.yaml
"$landuse" run -q job.yaml >/dev/null 2>told || fail "$(cat told)"
"$landuse" sample -q --size 80 -o sample.gpkg out/2017/landuse.tif >/dev/null
"$python" - "$data/naip_windows/labels.csv" <<'END'
import csv, sys
from osgeo import gdal, ogr
gdal.UseExceptions(); ogr.UseExceptions()
source = gdal.Open("out/2017/landuse.tif")
table, left = source.GetRasterBand(1).GetDefaultRAT(), round((source.GetGeoTransform()[0] - 500000) / 67)
values = {table.GetValueAsString(i, 2): table.GetValueAsInt(i, 0) for i in range(table.GetRowCount())}
rows = list(csv.DictReader(open(sys.argv[1])))
chips = sorted({r["chip"] for r in rows})
seen = {(int(r["row"]), 3 * chips.index(r["chip"]) + int(r["col"]) - left): r["classes"] for r in rows}
dataset = ogr.Open("sample.gpkg", 1)
layer = dataset.GetLayer("sample")
for cell in layer:
    looked = seen[cell["row"], cell["col"]]
    if looked and "|" not in looked:
        cell["reference"] = values[looked]
        layer.SetFeature(cell)
END
rm -r out
"$landuse" label -q even/*.tif --reference sample.gpkg --split-by file --validate 0 --test 0 -o sampled >/dev/null 2>told || fail "$(cat told)"
"$landuse" train -q sampled --adapt aerial-21 --cache cache --no-history -o adapted_sample >summary 2>told || fail "$(cat told)"
cat summary
set -- $(map aerial-21 odd) $(map ./adapted_sample odd)
echo "the odd pictures, by the sample of an assessment: $1 of $2 before, $3 after"
[ "$3" -gt "$1" ] || fail "no better on pictures that it has not seen"
