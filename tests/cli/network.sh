#!/bin/sh
# network.sh: imagery from a web server of its own that is busy, cuts bodies short and keeps silent: asked again, and then said
# which bytes of which file did not come.
. tests/support/shell.sh

"$sample_county" -q --cells 4x4 --dates 2009 --chip 128 --seed 11 "$scratch/county"
"$python" tests/support/flaky_server.py "$scratch/county" "$scratch/port" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$scratch"' EXIT
tries=0
until [ -s "$scratch/port" ]; do tries=$((tries + 1)); [ $tries -lt 200 ] || fail 'no server'; sleep 0.05; done
export GDAL_HTTP_RETRY_DELAY=0.05 GDAL_HTTP_LOW_SPEED_TIME=1 CPL_VSIL_CURL_CHUNK_SIZE=16384 no_proxy=127.0.0.1
cd "$scratch"
job() {
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' 'grid: {chip: 128}' \
		"output: $1" 'report: false' "dates: [{date: 2009, imagery: $2}]" >"$1.yaml"
}
# What never answers is waited for while the rest goes on.
job mute "/vsicurl/http://127.0.0.1:$(cat port)/mute/imagery_2009.tif"
(code=0; "$landuse" run -q mute.yaml >/dev/null 2>mute.log || code=$?; echo $code >mute.code) &
mute=$!
job file county/imagery_2009.tif
"$landuse" run -q file.yaml >/dev/null
for way in ok busy cut late ${SLOW:+slow}; do
	job $way "/vsicurl/http://127.0.0.1:$(cat port)/$way/imagery_2009.tif"
	"$landuse" run -q $way.yaml >/dev/null 2>log || fail "$way: $(cat log)"
	cmp file/class_areas.csv "$way/class_areas.csv" || fail "$way: another map"
done
for way in dead torn; do
	job $way "/vsicurl/http://127.0.0.1:$(cat port)/$way/imagery_2009.tif"
	refuses "/$way/imagery_2009.tif: " "$landuse" run -q $way.yaml
	cat stderr
	grep -qE 'bytes [0-9]+-[0-9]+' stderr || fail "the range is not told: $(cat stderr)"
done
wait $mute
[ "$(cat mute.code)" -eq 1 ] && [ "$(wc -l <mute.log)" -eq 1 ] || fail "exit code $(cat mute.code): $(cat mute.log)"
grep -qE '/mute/imagery_2009.tif: no answer over the network, though asked again and again: ' mute.log || fail "$(cat mute.log)"
