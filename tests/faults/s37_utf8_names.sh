#!/bin/sh
# s37_utf8_names.sh: a name that is not UTF-8 is refused before any work, or taken for Latin-1 where it is only shown.
. tests/support/shell.sh
top=$PWD
cd "$scratch"
"$sample_county" -q --cells 4x4 --dates 2009,2015 --chip 128 --seed 1 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
image=county/imagery_2009.tif
# "ville", with an e acute of Latin-1 before it.
odd=$(printf '\351ville')

# On the command line, of whatever kind.
cp $image "$odd.tif"
cp job.yaml "$odd.yaml"
for words in "info $odd.tif" "run -q $odd.yaml" "classify -q -o out $odd.tif" "classify -q -o $odd $image" \
	"classify -q --date $odd -o out $image" "change -q --dates a,$odd -o out $image $image" "$odd"; do
	expect 2 '\xe9ville' "$landuse" $words
done
# In a folder of imagery, and as a class of a set.
mkdir tiles
cp "$odd.tif" tiles
expect 1 'not UTF-8 (rename the file)' "$landuse" classify -q -o out tiles
sed 's,county/imagery_2009.tif,tiles,' job.yaml >tiles.yaml
expect 1 '\xe9ville.tif' "$landuse" run -q tiles.yaml
mkdir -p chips/forest "chips/$odd"
"$sample_county" -q --chips drawn --per-class 2 --seed 8 --chip 224
cp drawn/forest/* chips/forest
cp drawn/river/* "chips/$odd"
expect 1 "the name '\\xe9ville' is not UTF-8 (rename the class's folder)" "$landuse" train -q chips --no-history --cache cache -o model
printf 'map,\351,B\n\351,40,2\nB,3,50\n' >counts.csv
expect 1 'counts.csv:1: not UTF-8 (save the table in UTF-8)' "$landuse" assess -q --counts counts.csv
[ ! -e out ] && [ ! -e model ] && [ ! -e "$odd" ] || fail "something was made"

# Names of classes and zones of old files are shown: Latin-1. The county's name in UTF-8 stays.
python_here <<'END'
import fixtures  # noqa: F401
from osgeo import gdal
gdal.UseExceptions()
import json, numpy
for name, values in (("a", [[1, 2], [2, 2]]), ("b", [[1, 1], [2, 2]])):
    raster = gdal.GetDriverByName("GTiff").Create(name + ".tif", 40, 40, 1)
    raster.SetGeoTransform([200000, 30, 0, 900000, 0, -30])
    raster.SetProjection(gdal.OpenEx("county/imagery_2009.tif").GetProjection())
    raster.GetRasterBand(1).WriteArray(numpy.kron(numpy.array(values, numpy.uint8), numpy.ones((20, 20), numpy.uint8)))
    raster = None
    page = ('<PAMDataset><PAMRasterBand band="1"><CategoryNames><Category></Category><Category>For\xeat</Category>'
            '<Category>Eau</Category></CategoryNames></PAMRasterBand></PAMDataset>')
    open(name + ".tif.aux.xml", "wb").write(page.encode("latin-1"))
END
"$landuse" change -q --dates 2009,2015 -o changed a.tif b.tif >said
grep -q 'Forêt' changed/class_areas.csv || fail "a class's name: $(cat changed/class_areas.csv)"
"$python" -c 'import json; assert "For\u00eat" in json.dumps(json.load(open("changed/statistics.json")), ensure_ascii=False)'

# UTF-8 of any script is a name like any other.
cp $image "земля.tif"
"$landuse" classify -q -o "карта" "земля.tif" >said
[ -s "карта/landuse.tif" ] || fail "names in UTF-8"

# A network's names are bytes.
"$python" -c 'import sys
net = open(sys.argv[1], "rb").read()
open("odd.onnx", "wb").write(net.replace(b"probabilities", b"probabilit\xe9es").replace(b"image", b"im\xe9ge"))' "$top/models/aerial-21/model.onnx"
"$landuse" info --json odd.onnx >odd.json || fail "a network with odd names"
"$python" -c 'import json; assert json.load(open("odd.json"))["input"] == "im\u00e9ge"'
