#!/bin/sh
# stac.sh: a date's imagery out of a STAC catalogue: on disk, and from an API on the loopback that pages, is busy, or refuses.
. tests/support/shell.sh

"$sample_county" -q --cells 4x4 --dates 2009 --chip 128 --seed 11 "$scratch/county"
"$python" tests/support/make_stac.py "$scratch/county/imagery_2009.tif" "$scratch/stac"
"$python" tests/support/stac_server.py "$scratch/stac" "$scratch/port" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$scratch"' EXIT
export GDAL_HTTP_MAX_RETRY=2 GDAL_HTTP_RETRY_DELAY=0.05 no_proxy=127.0.0.1
cd "$scratch"
job() {
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' 'grid: {chip: 128}' \
		"output: $1" 'report: false' "dates: [{date: 2009, imagery: $2}]" >"$1.yaml"
}
job file county/imagery_2009.tif
"$landuse" run -q file.yaml >/dev/null
job disk '{stac: stac/catalog.json, collection: naip}'
"$landuse" run -q disk.yaml >/dev/null
cmp file/class_areas.csv disk/class_areas.csv || fail 'another map from the catalogue'
# Up to date, until the catalogue says that an item was made anew.
says 'up to date' "$landuse" run -q --if-changed disk.yaml
"$python" - <<'END'
import json
date = json.load(open("disk/manifest.json"))["dates"][0]
assert [item["id"] for item in date["items"]] == ["m_east", "m_west"], date
assert date["items"][1]["version"] == "2020-01-02T03:04:05Z", date
assert [name.split("/")[-1] for name in date["imagery"]] == ["east.tif", "west.tif"], date
END
sed 's/2020-01-02T03:04:05Z/2021-01-02T03:04:05Z/' stac/naip/0.json >new
cp stac/naip/0.json kept && mv new stac/naip/0.json
omits 'up to date' "$landuse" run -q --dry-run --if-changed disk.yaml 2>/dev/null
mv kept stac/naip/0.json
refuses_nothing_written() {
	refuses "$1" "$landuse" run -q "$2.yaml"
	[ "$(wc -l <stderr)" -eq "$(grep -c '^\(warning\|landuse\): ' stderr)" ] || fail "not one line: $(cat stderr)"
	[ ! -e "$2" ] || fail "$2 was written"
}
mv stac/east.tif kept.tif
job gone '{stac: stac/catalog.json, collection: naip}'
refuses_nothing_written 'item m_east, asset image: ' gone
mv kept.tif stac/east.tif

tries=0
until [ -s port ]; do tries=$((tries + 1)); [ $tries -lt 200 ] || fail 'no server'; sleep 0.05; done
api="http://127.0.0.1:$(cat port)"
job get "{stac: $api/get/, collection: naip, asset: image}"
code=0
"$landuse" run -q get.yaml >/dev/null 2>log || code=$?
[ $code -eq 1 ] && grep -q 'built without libcurl' log && exit 0
[ $code -eq 0 ] || fail "get: $(cat log)"
cmp file/class_areas.csv get/class_areas.csv || fail 'another map from the API'
job post "{stac: $api/post/, collection: naip, asset: image}"
says ' 2 files' "$landuse" run -q --dry-run post.yaml 2>/dev/null
for way in dead:503 shut:403; do
	code=${way#*:} way=${way%:*}
	job $way "{stac: $api/$way/, collection: naip}"
	refuses_nothing_written "item m_east, asset image: /vsicurl/$api/$way/east.tif: does not come: " $way
	grep -q "$code" stderr || fail "$way: no $code: $(cat stderr)"
done
job closed "{stac: $api/closed/, collection: naip}"
refuses_nothing_written "$api/closed/: the server answered 403" closed
# Tokens that expire in the middle: the program prints the next one, and nobody else gets to see it.
cat >token <<'END'
#!/bin/sh
echo run >>"$0.runs"
read -r number <stac/current || number=0
[ "$1" = query ] && echo "?sig=$number" || echo "$number"
END
chmod +x token
for way in query bearer; do
	rm -f token.runs
	job $way "{stac: $api/$way/, collection: naip, token_command: [./token, $way]}"
	"$landuse" run -q $way.yaml >/dev/null 2>log || fail "$way: $(cat log)"
	cmp file/class_areas.csv "$way/class_areas.csv" || fail "$way: another map"
	[ "$(wc -l <token.runs)" -gt 1 ] || fail "$way: the token did not expire"
done
lacks -r 'sig=' query log || fail "the token stands in an output"
job lost "{stac: $api/query/, collection: naip, token_command: [echo, '?sig=no']}"
refuses_nothing_written "$api/query/: the server answered 403: it wants to know who asks, and takes no token" lost
job mute "{stac: $api/shut/, collection: naip, token_command: ['false']}"
refuses_nothing_written 'token_command: false ended with 1' mute
job held "{stac: $api/shut/, collection: naip, token_command: [echo, '?sig=no']}"
refuses_nothing_written "/vsicurl/$api/shut/east.tif: does not come: HTTP response code: 403" held
kill $server
job down "{stac: $api/get/, collection: naip}"
refuses_nothing_written "$api/get/: does not come over the network" down
