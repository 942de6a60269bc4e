#!/bin/sh
# s44_exit_codes.sh: 2 where an option, key or named path is wrong or absent, 1 where reading failed, 128 + n on a signal.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 4x4 --dates 2009,2015 --chip 128 --seed 1 county
image=county/imagery_2009.tif
cat >good.yaml <<'END'
county: {boundary: county/county.geojson}
model: aerial-21
accept_gsd_mismatch: true
grid: {chip: 128}
dates:
  - {date: 2009, imagery: county/imagery_2009.tif}
  - {date: 2015, imagery: county/imagery_2015.tif}
output: out
END

# Nothing has that name, whoever says it.
job() { sed "$1" good.yaml >job.yaml; [ $# -lt 2 ] || echo "$2" >>job.yaml; "$landuse" run -q job.yaml; }
expect 2 'none.yaml: no such file' "$landuse" run -q none.yaml
expect 2 'good.yaml/job.yaml: no such file' "$landuse" run -q good.yaml/job.yaml
expect 2 'none.geojson: no such file' job s,county.geojson,none.geojson,
expect 2 'none.tif: no such file' job s,imagery_2009,none,
expect 2 'none*.tif: the pattern matches no file' job 's,imagery_2009,none*,'
expect 2 '/vsizip/none.zip/a.tif: no such file' job s,county/imagery_2009.tif,/vsizip/none.zip/a.tif,
expect 2 './none: no such model' job s,aerial-21,./none,
expect 2 "no model named 'none' (looked in" job s,aerial-21,none,
expect 2 './none.yaml: no such class scheme' job s,x,x, 'scheme: ./none.yaml'
expect 2 'none.gpkg: no such file' job s,x,x, 'zones: {path: none.gpkg, name: NAME}'
expect 2 'none.tif' "$landuse" classify -q -o out none.tif
expect 2 'none.tif: no such file' "$landuse" change -q -o out none.tif no.tif
expect 2 'none.tif: no such file' "$landuse" compare -q none.tif no.tif
expect 2 'none.tif: no such file' "$landuse" sample -q -o s.gpkg none.tif
expect 2 'none.gpkg: no such file' "$landuse" assess -q $image none.gpkg
expect 2 'none.csv: no such file' "$landuse" assess -q --counts none.csv
expect 2 'none.tif: no such file' "$landuse" tile -q -o out none.tif
expect 2 'none.tif: no such file' "$landuse" label -q -o out --reference none.tif $image
expect 2 'none: no such set' "$landuse" evaluate -q aerial-21 none
expect 2 'none: no such set' "$landuse" train -q none -o out
expect 2 'none: no such file' "$landuse" quantize -q aerial-21 --chips none -o out
expect 2 'none.onnx: no such file' "$landuse" info none.onnx
expect 2 'none.tif: no such file' "$landuse" info none.tif
expect 2 'none.tif: no such file' "$landuse" info --check-cog none.tif
expect 2 'no model named' "$landuse" models verify none
expect 2 './none: no such model' "$landuse" models verify ./none
expect 2 'none/model.json: no such file' "$landuse" models add none
expect 2 'none.gpkg: no such file' "$landuse" history --file none.gpkg
[ ! -e out ] || fail "an output of nothing"

# What is there and cannot be read, or not be written, is no wrong usage.
echo 'not imagery' >text.tif
expect 1 'text.tif: not an image' "$landuse" classify -q -o out text.tif
expect 1 'text.tif: not a map' "$landuse" change -q -o out text.tif text.tif
expect 1 'text.tif: not a boundary' "$landuse" classify -q --boundary text.tif -o out $image
expect 1 'text.tif: is a file' "$landuse" run -q -o text.tif good.yaml
# The usual history begins with the first run.
"$landuse" history >/dev/null

# Only folders that are there were looked in.
expect 2 'looked in ' env LANDUSE_DATA="$scratch/nothing" "$landuse" classify -q --model none -o out $image
looked=$(sed 's/.*looked in //; s/; .*//; s/, / /g' stderr)
[ -n "$looked" ] || fail "looked nowhere: $(cat stderr)"
for folder in $looked; do [ -d "$folder" ] || fail "looked in '$folder', which is not there"; done

# A signal: the job stops tidily, with 128 + n.
stop() {
	"$landuse" run -q --threads 1 -o "$scratch/stop_$1" good.yaml >/dev/null 2>words &
	pid=$!
	tries=0
	until [ -e "stop_$1/.work" ]; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || fail "the job did not begin"
		kill -0 $pid 2>/dev/null || fail "the job ended before it could be stopped: $(cat words)"
		sleep 0.01
	done
	kill "-$1" $pid
	code=0
	wait $pid || code=$?
	[ $code -eq "$2" ] || fail "$1 gave exit code $code: $(cat words)"
	grep -q 'run the same job again' words || fail "$1 said: $(cat words)"
	[ ! -e "stop_$1/manifest.json" ] || fail "a manifest of a stopped job"
}
stop INT 130
stop TERM 143
