#!/bin/sh
# errors.sh: wrong input gives one line that names file, fact and remedy, and leaves nothing half written.
. tests/support/shell.sh

cd_root=$PWD
"$sample_county" -q --cells 6x6 --dates 2015,2023 --seed 3 --format jpeg "$scratch/county"
cd "$scratch"
boundary=$(ls county/county.* | head -1)

# job NAME IMAGERY [LINE...]: a job file with one date.
job() {
	name=$1 imagery=$2
	shift 2
	{
		echo "county: {boundary: $boundary}"
		echo "model: ${model:-aerial-21}"
		echo "dates: [{date: 2015, imagery: $imagery}]"
		echo "output: out_$name"
		for line in "$@"; do echo "$line"; done
	} >"$name.yaml"
}
nothing_in() {
	[ ! -e "$1" ] || [ -z "$(find "$1" -type f ! -name '.landuse.lock' ! -path '*/.work/*')" ] ||
		fail "left behind: $(find "$1" -type f)"
}

job good county/imagery_2015.tif
"$landuse" run -q good.yaml >/dev/null

job missing county/nowhere.tif
expect 2 'nowhere.tif' "$landuse" run -q missing.yaml
nothing_in out_missing

size=$(stat -c %s county/imagery_2015.tif)
head -c $((size * 2 / 3)) county/imagery_2015.tif >truncated.tif
job truncated truncated.tif
expect 1 'truncated.tif' "$landuse" run -q truncated.yaml
nothing_in out_truncated

echo 'not a picture' >text.tif
job text text.tif
expect 1 'text.tif' "$landuse" run -q text.yaml
nothing_in out_text

gdal_translate -q -of GTiff -co PROFILE=BASELINE county/imagery_2015.tif nocrs.tif
rm -f nocrs.tif.aux.xml
job nocrs nocrs.tif
expect 1 'nocrs.tif' "$landuse" run -q nocrs.yaml
nothing_in out_nocrs

cp county/imagery_2015.tif elsewhere.tif
gdal_edit.py -a_srs EPSG:26986 -a_ullr 30000 800000 30403.2 799596.8 elsewhere.tif
job elsewhere elsewhere.tif
expect 1 'does not overlap the county' "$landuse" run -q elsewhere.yaml
nothing_in out_elsewhere

job misspelt county/imagery_2015.tif 'min_vald: 0.5'
expect 2 "misspelt.yaml:5: 'min_vald' is not a key of the job (did you mean 'min_valid'?)" "$landuse" run -q misspelt.yaml
nothing_in out_misspelt

job bands county/imagery_2015.tif
sed -i 's/}\]/, bands: [1, 2, 4]}]/' bands.yaml
expect 2 'band 4 asked for, file has 3' "$landuse" run -q bands.yaml
job scale county/imagery_2015.tif 'grid: {resolution: 0.3}'
gdal_translate -q -tr 2 2 county/imagery_2015.tif coarse.tif
job scale coarse.tif
expect 1 'accept_gsd_mismatch: true' "$landuse" run -q scale.yaml

# A model with a flipped byte, and one with an operator that nobody knows.
cp -r "$cd_root/models/aerial-21" flipped
printf '\377' | dd of=flipped/model.onnx bs=1 seek=100000 conv=notrunc status=none
model=./flipped job flipped county/imagery_2015.tif
expect 1 'SHA-256' "$landuse" run -q flipped.yaml
nothing_in out_flipped
cp -r "$cd_root/models/aerial-21" odd
sed -i 's/Softmax/Softmox/' odd/model.onnx
sum=$(sha256sum odd/model.onnx | cut -d' ' -f1)
sed -i "s/\"landuse:sha256\": \"[0-9a-f]*\"/\"landuse:sha256\": \"$sum\"/" odd/model.json
model=./odd job odd county/imagery_2015.tif
expect 1 "Softmox" "$landuse" run -q odd.yaml
nothing_in out_odd
model=nobody job nobody county/imagery_2015.tif
expect 2 "no model named 'nobody'" "$landuse" run -q nobody.yaml

# A folder that nobody may write, and one that is a file.
expect 1 '/proc/landuse' "$landuse" run -q -o /proc/landuse good.yaml
echo x >file
expect 1 'file' "$landuse" run -q -o file good.yaml

# The output folder of a running job.
hold_lock out_good/.landuse.lock
expect 1 'another landuse job is writing here' "$landuse" run -q good.yaml
release_lock

# Wrong usage.
expect 2 'name a job file' "$landuse" run
expect 2 "unknown option '--nope'" "$landuse" run --nope
expect 2 "'walk' is not a command" "$landuse" walk
expect 2 'name an output folder' "$landuse" classify x.tif
expect 2 "--pairs is 'clever', it should be all or consecutive" "$landuse" change --pairs clever -o out x.tif y.tif
expect 2 'two or more' "$landuse" change -o out x.tif
expect 2 'x.tif' "$landuse" change -o out_change x.tif y.tif
expect 2 "--threads is 'lots'" "$landuse" run --threads lots good.yaml

# Maps of different schemes are not compared.
job other county/imagery_2015.tif 'scheme: azure-6'
"$landuse" run -q other.yaml >/dev/null
expect 1 'another class scheme' "$landuse" change --dates a,b -o out_change out_good/2015/landuse.tif out_other/2015/landuse.tif
