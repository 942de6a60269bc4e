#!/bin/sh
# golden.sh [--update]: everything the program writes, byte for byte, against what it wrote before. See README.md.
. tests/support/shell.sh

golden=$PWD/tests/golden
# Every processor with AVX2 is to take the same way; GOLDEN_FREE=1 leaves the environment as it is.
if [ -z "${GOLDEN_FREE-}" ]; then
	export ONEDNN_MAX_CPU_ISA=AVX2 OPENBLAS_CORETYPE=Haswell OMP_NUM_THREADS=2
fi
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
unset LANDUSE_DATA COLUMNS
export HOME="$scratch/home" XDG_DATA_HOME="$scratch/home/data" XDG_CACHE_HOME="$scratch/home/cache"
# Fingerprints hold the times of files.
inputs() {
	OGR_CURRENT_DATE=2020-01-01T00:00:00Z PYTHONPATH="$golden/../support" "$python" "$golden/inputs.py" "$@"
}

mkdir -p "$scratch/work/told" "$scratch/work/whole" "$scratch/work/deeper" "$XDG_DATA_HOME"
cd "$scratch/work"

# step NAME CODE ARGUMENTS...: one command of landuse; what it told is kept as told/NAME.*.
step() {
	name=$1 code=$2 got=0
	shift 2
	"$landuse" "$@" >"told/$name.stdout" 2>"told/$name.stderr" || got=$?
	[ "$got" -eq "$code" ] || { cat "told/$name.stderr" >&2; fail "$name: exit code $got instead of $code: landuse $*"; }
}

"$sample_county" -q --cells 6x6 --chip 128 --dates 2010,2016-07-01,2021 --seed 3 --change-share 0.15 --format deflate \
	--deliver alternate county
"$sample_county" -q --chips chips --per-class 6 --seed 5 --chip 128
inputs package whole
inputs package deeper deeper
inputs zones
inputs tables
inputs deep
find . -exec touch -d 2020-01-01T00:00:00Z {} +

# Every page.
step version 0 --version
step help 0 --help
for command in $(sed -n '/^commands:/,/^$/s/^  \([a-z]*\)  .*/\1/p' told/help.stdout); do
	step "help_$command" 0 "$command" --help
done

# A county of three dates, with every key of config/job.yaml.
cat >full.yaml <<'END'
county: {boundary: county/county.geojson, layer: county, where: "1 = 1", name: Goldenshire}
model: ./whole
scheme: ./whole/scheme.yaml
dates:
  - {date: 2010, imagery: county/imagery_2010.tif, bands: [1, 2, 3], nodata: none}
  - {date: 2016-07-01, imagery: county/imagery_2016-07-01}
  - {date: 2021, imagery: [county/imagery_2021.t*f], range: [0, 250]}
grid: {crs: "EPSG:26986", resolution: 0.3, origin: [200000, 900000], chip: 64, stride: 32}
min_valid: 0.8
accept_gsd_mismatch: true
output: full
probabilities: true
pairs: all
change:
  false_discovery_rate: 0.2
  min_probability: 0.1
  rate: 0.1
  unlikely: [{from: [Developed], factor: 0.1}, {from: [Water], to: [Forest, Shrub], factor: 0.5}]
  layers:
    - {name: new_development, to: [Developed]}
    - {name: lost_farmland, from: [Cultivated]}
    - {name: anything}
  error_model: package
  pictures: 3
normalise: {to: 2016-07-01, method: regression}
zones: {path: zones.gpkg, name: TOWN, layer: towns, where: "KIND = 't'"}
smooth: {method: mrf, weight: 1, minimum_mapping_unit: {cells: 3, corners: true}}
engine: onednn
precision: fp32
threads: 2
cache_mb: 16
END
step full_dry 0 run --dry-run full.yaml
step full 0 run full.yaml
step full_again 0 run -v --if-changed full.yaml

# The other choices, by the other engine, on one thread.
cat >other.yaml <<'END'
county: {boundary: county/county.geojson}
model: ./whole
dates:
  - {date: 2010, imagery: county/imagery_2010.tif}
  - {date: 2016-07-01, imagery: county/imagery_2016-07-01}
  - {date: 2021, imagery: county/imagery_2021.tif}
pairs: consecutive
grid: {stride: 64}
change: {error_model: none}
normalise: {to: 2021, method: histogram}
smooth: {method: plurality, weight: 2, minimum_mapping_unit: 0.01ha}
output: other
END
step other_dry 0 run --dry-run other.yaml
step other 0 run -q -j 1 --engine blas other.yaml
# No more than needed.
cat >least.yaml <<'END'
county: {boundary: county/county.geojson}
model: ./whole
dates: [{date: 2010, imagery: county/imagery_2010.tif}]
output: least
END
step least 0 run -q least.yaml

# Warped to another grid, from 16 bits.
cat >warped.yaml <<'END'
county: {boundary: county/county.geojson}
model: ./whole
dates:
  - {date: 2016-07-01, imagery: county/imagery_2016-07-01}
  - {date: 2021, imagery: deep.tif, bands: [3, 2, 1], range: [100, 2140]}
grid: {crs: "EPSG:26919", resolution: 0.5}
output: warped
END
step warped 0 run warped.yaml

step classify 0 classify --model ./whole --boundary county/county.geojson --stride 32 --date 2021 --probabilities \
	-o classified county/imagery_2021.tif
maps="full/2010/landuse.tif full/2016-07-01/landuse.tif full/2021/landuse.tif"
raw="full/2010/landuse_raw.tif full/2021/landuse_raw.tif"
# shellcheck disable=SC2086 # lists of names
{
	step change 0 change -o changed $maps
	step change_smooth 0 change --smooth plurality --mmu 3 --corners --boundary county/county.geojson --zones zones.gpkg \
		--zone-name TOWN --zone-where "KIND = 't'" --dates early,late -o changed_smooth $raw
	step change_tables 0 change -q --tables-only --by-number -o changed_tables $raw
}

step sample 0 sample --boundary county/county.geojson --size 60 --min-per-stratum 5 --seed 7 \
	--imagery 2010=county/imagery_2010.tif -o sample.gpkg full/2010/landuse_raw.tif
step sample_change 0 sample --size 50 --allocation equal --min-per-stratum 4 --pool-below 20 -o sample_change.gpkg \
	full/2010_2021/change.tif
cp sample.gpkg labelled.gpkg
cp sample_change.gpkg labelled_change.gpkg
inputs labels labelled.gpkg 2010
inputs labels labelled_change.gpkg 2010 2021
step assess 0 assess --kappa --csv assessed full/2010/landuse_raw.tif labelled.gpkg
step assess_json 0 assess -q --confidence 90 --kappa --json full/2010/landuse_raw.tif labelled.gpkg
step assess_ratio 0 assess -q --estimator ratio full/2010/landuse.tif labelled.gpkg
step assess_change 0 assess --csv assessed_change full/2010_2021/change.tif labelled_change.gpkg
step assess_change_json 0 assess -q --json full/2010_2021/change.tif labelled_change.gpkg
step assess_counts 0 assess --counts matrix.csv --areas areas.csv --unit-ha 0.09 --csv assessed_counts
step assess_counts_json 0 assess -q --counts matrix.csv --json
cp full/2010_2021/anything.gpkg judged.gpkg
inputs review judged.gpkg
step assess_candidates 0 assess --candidates judged.gpkg
step assess_candidates_json 0 assess --json --candidates judged.gpkg
step compare 0 compare --scheme ./whole/scheme.yaml --boundary county/county.geojson full/2021/landuse.tif reference.tif
step compare_json 0 compare -q --json --purity 0.6 --scheme ./whole/scheme.yaml full/2021/landuse.tif reference.tif

step tile 0 tile --chip 128 --boundary county/county.geojson -o tiles county/imagery_2016-07-01
step tile_png 0 tile -q --format png --chip 256 --stride 384 -o tiles_png county/imagery_2010.tif
step label 0 label --reference reference.tif --scheme ./whole/scheme.yaml --rule purity:0.7 --chip 128 --block-cells 2 \
	--per-class 3 --balance weight --dedupe 4 -o labelled county/imagery_2021.tif

step train 0 train -j 1 --engine blas --backbone ./whole --cache cache --block-numbers 2 --augment flips --l2 0.1,0.01 \
	--dedupe 2 -o models/logistic chips
step train_forest 0 train -q -j 1 --engine blas --backbone ./whole --cache cache --block-numbers 2 --head forest --trees 5 \
	--depth 3 -o models/forest chips
step evaluate 0 evaluate --engine blas -o evaluation models/logistic chips
step evaluate_json 0 evaluate -q --engine blas --json models/forest chips
step evaluate_csv 0 evaluate -q --csv --split all --fit crop ./whole labelled

step quantize 0 quantize -j 1 --chips chips -o models/int8 ./deeper

step models 0 models list
step models_json 0 models --json list
step models_verify 0 models verify ./whole models/logistic
step models_add 0 models add ./whole
step info_model 0 info ./whole
step info_network 0 info --precision fp32 whole/model.onnx
step info_map 0 info full/2010/landuse.tif
step info_change 0 info full/2010_2021/change.tif
step info_imagery 0 info county/imagery_2010.tif
step info_json 0 info --json full/2010/landuse.tif county/imagery_2021.tif ./whole
step check_cog 0 info --check-cog full/2010/landuse.tif full/2010_2021/change.tif
step history 0 history list
step history_json 0 history --json list
step history_show 0 history show 1
step history_compare 0 history compare 1 2
step history_best 0 history best --metric overall_accuracy

"$python" "$golden/golden.py" "$golden" "$scratch" "$(sed -n "1s/landuse //p" "$scratch/work/told/version.stdout")" "$@"

# Every column of it is in the data dictionary.
"$python" "$golden/../support/check_dictionary.py" "$golden/../../docs/outputs.md" full other classified changed changed_smooth \
	sample.gpkg sample_change.gpkg assessed assessed_change tiles labelled models evaluation "$scratch/history.gpkg" ||
	fail "the data dictionary"
