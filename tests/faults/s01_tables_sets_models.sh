# s01_tables_sets_models.sh: tables, chip sets and model packages are not written over what the command reads.
. tests/support/shell.sh
models=$PWD/models
cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 3 county
sum() { find "$@" -type f -exec sha256sum {} + | sort -k 2; }
over='is read by this job and would be written over (output: another folder)'
# spared WORDS FILES... -- COMMAND...: refused with the words, and the files as they were.
spared() {
	words=$1 files=
	shift
	while [ "$1" != -- ]; do files="$files $1"; shift; done
	shift
	before=$(sum $files)
	expect 2 "$words" "$@"
	[ "$before" = "$(sum $files)" ] || fail "written over: $*"
}

# Tables of an assessment.
mkdir counts
printf 'map,Forest,Water\nForest,50,3\nWater,2,45\n' >counts/error_matrix.csv
spared "counts/error_matrix.csv $over" counts -- "$landuse" assess --counts counts/error_matrix.csv --csv counts
"$landuse" assess --counts counts/error_matrix.csv --csv tables >/dev/null
[ -s tables/error_matrix.csv ] || fail "no table"

# Sets: the index, and chips that a new set would sweep away.
"$landuse" tile -q --chip 128 -o set county/imagery_2009.tif >/dev/null
chip=$(ls set/chips/*.tif | head -n 1)
spared "$chip $over" set -- "$landuse" tile -q --chip 64 --overwrite -o set "$chip"
"$landuse" tile -q --chip 64 -o other "$chip" >/dev/null

# Models: what is learned from, and what is quantised.
cp -r "$models/aerial-21" model
draw_chips 3
spared "model/model.onnx $over" model -- "$landuse" quantize -q --overwrite --chips chips -o model model
{ echo path,class; find "$PWD/chips" -name '*.*' -type f | sed 's,.*/\([a-z]*\)/[^/]*$,&,; s,\(.*\)/\([^/]*\)/\([^/]*\)$,\1/\2/\3\,\2,'; } >mistakes.csv
spared "mistakes.csv $over" mistakes.csv chips -- "$landuse" evaluate -q --no-history -o . model mistakes.csv
cp -r "$models/aerial-features" features
spared "features/model.onnx $over" features -- "$landuse" train -q --no-history --overwrite --backbone features -o features chips

# A sample, over the boundary that it was drawn in.
python_here <<'END'
from fixtures import *
early, late = two_maps()
raster("map.tif", early, nodata=0)
layer("town.gpkg", [f"POLYGON({box(0, 0, 900, 900)})"])
END
spared "town.gpkg $over" town.gpkg -- "$landuse" sample -q --overwrite --boundary town.gpkg --size 20 -o town.gpkg map.tif
"$landuse" sample -q --boundary town.gpkg --size 20 --min-per-stratum 2 -o sample.gpkg map.tif >/dev/null
