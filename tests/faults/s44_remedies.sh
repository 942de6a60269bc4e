#!/bin/sh
# s44_remedies.sh: a remedy is one for the command at hand, and slips in names and values are told.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
import zipfile
from fixtures import *
pixels = np.random.default_rng(44).integers(1, 255, (3, 240, 240)).astype(np.uint8)
raster("plain.tif", pixels, IMAGE_CRS, IMAGE_PLACE)
raster("grey.tif", pixels[:1], IMAGE_CRS, IMAGE_PLACE)
raster("float.tif", pixels.astype(np.float32), IMAGE_CRS, IMAGE_PLACE)
raster("coarse.tif", pixels, IMAGE_CRS, (200000, 3, 0, 900000, 0, -3))
layer("town.gpkg", [f"POLYGON({box(0, 0, 72, 72, IMAGE_PLACE)})"], IMAGE_CRS)
for name, inside in (("town.zip", "town.gpkg"), ("image.zip", "plain.tif")):
    zipfile.ZipFile(name, "w").write(inside)
END
job() {
	name=$1
	shift
	printf '%s\n' 'model: aerial-21' 'output: out' "$@" >"$name.yaml"
}
# The same fact in a job's words and in options.
job grey 'dates: [{date: 2015, imagery: grey.tif}]'
expect 2 '(set bands: [1, 1, 1])' "$landuse" run -q --dry-run grey.yaml
for command in classify tile; do
	expect 2 '(set --bands 1,1,1)' "$landuse" $command -q -o out grey.tif
	expect 1 '(set --range LOW,HIGH)' "$landuse" $command -q -o out float.tif
	lacks 'in the job' "$scratch/stderr" || fail "$command speaks of a job: $(cat "$scratch/stderr")"
done
expect 1 '--accept-gsd-mismatch' "$landuse" classify -q -o out coarse.tif
job coarse 'dates: [{date: 2015, imagery: coarse.tif}]'
expect 1 'accept_gsd_mismatch: true' "$landuse" run -q --dry-run coarse.yaml
# Values that pixels never have.
for value in 300 -1 0.5; do
	expect 2 "plain.tif: nodata $value asked for, pixels are Byte and never have that value" "$landuse" classify -q --nodata=$value \
		-o out plain.tif
done
job nodata 'dates: [{date: 2015, imagery: plain.tif, nodata: 300}]'
expect 2 'nodata 300 asked for' "$landuse" run -q --dry-run nodata.yaml
for value in 0 255 none; do
	"$landuse" classify -q --nodata $value -o fine plain.tif >/dev/null 2>words || fail "--nodata $value: $(cat words)"
done
# Archives, and the home folder.
expect 1 'town.zip: not a boundary that can be read' "$landuse" classify -q --boundary town.zip -o out plain.tif
grep -qF 'name /vsizip/town.zip' "$scratch/stderr" || fail "$(cat "$scratch/stderr")"
"$landuse" classify -q --boundary /vsizip/town.zip -o fine plain.tif >/dev/null 2>words || fail "/vsizip: $(cat words)"
expect 1 'name /vsizip/image.zip' "$landuse" classify -q -o out image.zip
for line in 'dates: [{date: 2015, imagery: ~/naip}]' 'dates: [{date: 2015, imagery: [plain.tif, ~/b.tif]}]' \
	'dates: [{date: 2015, imagery: plain.tif}], county: {boundary: ~/town.gpkg}'; do
	job home "$(echo "$line" | sed 's/, county: /\ncounty: /')"
	expect 2 '~ is not expanded in a job' "$landuse" run -q --dry-run home.yaml
done
# shellcheck disable=SC2088
expect 2 '~ is not expanded here' "$landuse" classify -q -o out '~/naip'
