#!/bin/sh
# init.sh: landuse init writes a job of what lies in a folder, which run takes as it is; info tells of jobs, vectors and folders.
. tests/support/shell.sh

"$sample_county" -q --cells 3x3 --dates 2009,2015 --seed 11 "$scratch/drawn"
source=$PWD
cd "$scratch"
mkdir -p 'my county/naip_2009' 'my county/old' 'my county/out'
mv drawn/imagery_2009.tif 'my county/naip_2009/m_4207105_20090812.tif'
mv drawn/imagery_2015.tif 'my county/ortho_2015.tif'
mv drawn/truth_2015.tif 'my county'
mv drawn/county.geojson 'my county/county boundary.geojson'
echo '{"type": "FeatureCollection", "features": []}' >'my county/nothing.geojson'
gdal_translate -q -b 1 'my county/ortho_2015.tif' 'my county/dem.tif'
echo '{}' >'my county/out/manifest.json' # what a run writes into is no imagery
cp 'my county/ortho_2015.tif' 'my county/out/landuse_2017.tif'

"$landuse" init 'my county' >told
grep -q '^my county/county.yaml: dates 2009, 2015, model aerial, boundary county boundary.geojson$' told || fail "$(cat told)"
grep -q '^# - not used: .*dem.tif' 'my county/county.yaml' && grep -q '^# - not used: .*truth_2015.tif' 'my county/county.yaml' || fail 'what is no imagery is not told'
grep -q '^# - not used: .*nothing.geojson' 'my county/county.yaml' || fail 'the file without polygons is not told'
grep -q '^  - date: 2009' 'my county/county.yaml' && grep -q '^    imagery: naip_2009/ .*# 1 file, 0.3 m a pixel, bands 1, 2, 3' 'my county/county.yaml' ||
	fail "$(grep -A4 '^dates' 'my county/county.yaml')"
"$landuse" run --dry-run 'my county/county.yaml' >plan 2>&1 || fail "run does not take it: $(cat plan)"
# Every comment that is a key is one: with "# " taken away a job whose keys all are known.
awk '/^# (smooth|zones|normalise|change|alarms):/ {on = 1} !/^#/ {on = 0} !on' 'my county/county.yaml' |
	sed 's/^# \(min_valid\|keep_scores\|probabilities\|pairs\):/\1:/' >'my county/more.yaml'
[ "$(grep -cE '^(min_valid|keep_scores|probabilities|pairs):' 'my county/more.yaml')" -eq 4 ] || fail 'keys are missing as comments'
"$landuse" info "my county/more.yaml" >/dev/null 2>err || fail "$(cat err)"

# Never over a file; and elsewhere its paths lead back.
cp 'my county/county.yaml' kept
expect 2 'county.yaml: is there already (--output another name)' "$landuse" init 'my county'
cmp kept 'my county/county.yaml' || fail 'it was written over'
mkdir jobs
"$landuse" init -o jobs/a.yaml 'my county' >/dev/null
"$landuse" info jobs/a.yaml >/dev/null 2>err || fail "$(cat err)"
mkdir empty
expect 2 'empty: no imagery that can be used' "$landuse" init empty
expect 2 'nowhere' "$landuse" init nowhere
[ ! -e empty/county.yaml ] || fail 'half a job'

# info: a job, a boundary, a scheme, and what is none of them.
"$landuse" info 'my county/county.yaml' >told
grep -q ': job$' told && grep -q '^  dates  *2009; imagery .*naip_2009/' told && grep -q '^  has_run  *yes$' told || fail "$(cat told)"
"$landuse" info --json 'my county/county boundary.geojson' >told
"$python" - <<'END'
import json
told = json.load(open("told"))
layer, = told["layers"]
assert told["kind"] == "vectors" and layer["features"] == 1 and layer["geometry"] == "Polygon", told
END
expect 2 "precision 'fp8' should be" "$landuse" info --precision fp8 county.yaml
says Developed "$landuse" info "$source/config/schemes/landcover-7.yaml" || fail 'info of a scheme'
