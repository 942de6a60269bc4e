#!/bin/sh
# same_chips.sh: a chip that is resized is the same to the map as to an evaluation of the same pixels on disk.
. tests/support/shell.sh

"$sample_county" -q --cells 8x8 --dates 2015 --seed 7 --format deflate "$scratch/county"
cd "$scratch"
cat >job.yaml <<'END'
model: aerial-21
scheme: landcover-7
dates: [{date: 2015, imagery: county/imagery_2015.tif}]
min_valid: 1
output: out
END

# All chips are called shrub: of each that is not seen as such an evaluation tells what it saw, and how surely.
for chip in 224 160 300; do
	rm -rf set named seen out
	{ cat job.yaml; echo "grid: {chip: $chip, stride: $chip}"; } >sized.yaml
	"$landuse" run -q sized.yaml >summary
	"$landuse" tile -q --format png --chip "$chip" --min-valid 1 -o set county/imagery_2015.tif >summary
	mkdir named
	mv set/chips named/Shrub
	"$landuse" evaluate -q --no-history aerial-21 named --scheme landcover-7 -o seen >report
	"$python" - "$chip" <<'END'
import csv, os, re, sys
from osgeo import gdal
gdal.UseExceptions()
found = gdal.Open("out/2015/landuse.tif")
table = found.GetRasterBand(1).GetDefaultRAT()
column = table.GetColOfUsage(gdal.GFU_Name)
names = {table.GetValueAsInt(i, 0): table.GetValueAsString(i, column) for i in range(table.GetRowCount())}
classes, sure = found.ReadAsArray(), gdal.Open("out/2015/confidence.tif").ReadAsArray()
place = lambda path: tuple(map(int, re.findall(r"\d+", os.path.basename(path))))
chips = {place(name) for name in os.listdir("named/Shrub")}
assert len(chips) >= 25 and (classes > 0).sum() == len(chips), (sys.argv[1], len(chips))
seen = {place(row["path"]): row for row in csv.DictReader(open("seen/mistakes.csv"))}
assert len(seen) >= 20 and set(seen) == {at for at in chips if names[classes[at]] != "Shrub"}, (len(seen), len(chips))
for at, row in seen.items():
    assert row["predicted"] == names[classes[at]], (row, names[classes[at]])
    # Whole percent beside four digits.
    assert abs(100 * float(row["confidence"]) - sure[at]) <= 0.506 or sure[at] == 1, (row, sure[at])
END
done
