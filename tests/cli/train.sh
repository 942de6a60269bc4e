#!/bin/sh
# train.sh: from class folders to a model that maps a county; resuming; what is wrong with a set.
. tests/support/shell.sh
export LANDUSE_HISTORY="$scratch/history.gpkg"

repository=$PWD
draw_chips 12
"$sample_county" -q --cells 3x3 --dates 2023 --seed 3 "$scratch/county"
cd "$scratch"
# train SET NAME [OPTION...]
train() {
	set=$1 name=$2
	shift 2
	"$landuse" train -q "$set" --backbone aerial-21 --cache cache -o "models/$name" --block-numbers 3 "$@"
}

train chips county >log
grep -q '48 chips of 4 classes (0 unreadable, 0 repeated)' log || { cat log; fail "the set was not taken"; }
grep -q '48 made' log || fail "features were not made"
grep -q 'layer .*, 1280 features' log || { cat log; fail "the features of aerial-21 were not found"; }
grep -q '4 folds over 16 blocks\|5 folds over 16 blocks' log || { cat log; fail "blocks of three numbers"; }
"$landuse" info models/county >/dev/null

# Again: nothing is made anew, and the model has the same bytes for any number of threads.
sum=$(sha256sum <models/county/model.onnx)
train chips county --overwrite -j 1 >log
grep -q '0 made' log && grep -q '48 from the cache' log || fail "the cache was not used"
[ "$sum" = "$(sha256sum <models/county/model.onnx)" ] || fail "another model from the same chips"

# A model of drawn chips knows drawn chips, and evaluation says that it has learned from them.
"$landuse" evaluate -q models/county chips --json >report.json
"$landuse" evaluate -q models/county chips --json --engine blas >blas.json
"$python" - <<'END'
import json
report, blas = json.load(open("report.json")), json.load(open("blas.json"))
assert report["overall_accuracy"] > 0.95 and report["in_training"] == 48, report
assert report["confusion"] == blas["confusion"]
item = json.load(open("models/county/model.json"))
p = item["properties"]
assert [c["name"] for c in p["mlm:output"][0]["classification:classes"]] == ["agricultural", "forest", "parkinglot", "river"]
assert p["landuse:metrics"]["chips"] == 48 and p["landuse:metrics"]["in_backbone_training"] == 0
# The chips, and those that the backbone has learned from.
assert len(p["landuse:training_chips"]) > 1000 and len(set(p["landuse:training_chips"])) == len(p["landuse:training_chips"])
assert p["landuse:gsd_m"] == 0.3 and p["landuse:chip_size_px"] == 224
for one in p["mlm:input"][0]["value_scaling"]:
    assert abs(one["mean"] - 127.5) < 1e-3 and abs(one["stddev"] - 127.5) < 1e-3
END
# Each run is in the history; one that cannot be recorded is a warning, and --no-history leaves it alone.
"$landuse" history list --json >history.json
"$python" - <<'END'
import json
runs = json.load(open("history.json"))
runs = runs["runs"] if isinstance(runs, dict) else runs
assert [r["kind"] for r in runs] == ["train", "train", "evaluate", "evaluate"], runs
assert all("overall_accuracy" in r["metrics"] and "f1" in r["metrics"] for r in runs)
assert runs[0]["data_sha256"] == runs[1]["data_sha256"] == runs[2]["data_sha256"]
assert runs[0]["parameters"]["layer"]
END
"$landuse" evaluate -q models/county chips --no-history --csv >/dev/null
"$landuse" evaluate -q models/county chips --csv --history /proc/no/history.gpkg >/dev/null 2>warnings
grep -q 'not in the history' warnings || fail "a history that cannot be written goes unsaid"
"$landuse" history list --json >listed.json
cmp listed.json history.json
# It maps a county by its own scheme.
boundary=$(ls county/county.* | head -1)
"$landuse" classify -q --model models/county --boundary "$boundary" -o map county/imagery_2023.tif >/dev/null
says forest "$landuse" info map/landuse.tif || fail "the map does not know its classes"

# A killed training goes on from the features that it has made.
rm -rf cache
"$landuse" train -q drawn --backbone aerial-21 --cache cache -o models/killed -j 1 >/dev/null 2>&1 &
child=$!
until [ "$(cat cache/*/features 2>/dev/null | wc -c)" -gt 60000 ] || ! kill -0 $child 2>/dev/null; do sleep 0.05; done
kill -9 $child 2>/dev/null || true
wait $child 2>/dev/null || true
train drawn killed --overwrite >log
lacks ' 0 from the cache' log || fail "began anew"
lacks '^features    0 made' log || echo "note: the training was done before it was killed" >&2

# More ways to learn.
train chips posed --augment flips,rotations >log
grep -q '^features    336 made' log || { cat log; fail "eight poses of 48 chips, of which 48 were there"; }
train chips lit --augment colour >log
grep -q '^features    48 made in .* 48 from the cache' log || { cat log; fail "one other brightness for each of 48 chips"; }
train chips lit --augment colour --overwrite -j 1 >again
grep -q '^features    0 made' again || fail "lights are not kept"
cmp_model=$(sha256sum <models/lit/model.onnx)
rm -rf cache_lit
"$landuse" train -q chips --backbone aerial-21 --cache cache_lit -o models/lit --block-numbers 3 --augment colour --overwrite \
	-j 2 >/dev/null
[ "$cmp_model" = "$(sha256sum <models/lit/model.onnx)" ] || fail "another jitter when made anew"
grep -q '"augment": "colour"' models/lit/model.json || fail "the augmentation is not recorded"
train chips few --sample-frac 0.5 --class-weights none --l2 0.1 >log
grep -q 'fitted      to 24 chips' log || { cat log; fail "half the chips"; }

# An index with a split of its own: validated on that, and refused when a block or a picture is on both sides.
index() {
	echo path,class,split,block,source
	i=0
	for file in chips/*/*; do
		class=$(basename "$(dirname "$file")")
		case $i in *[048]) split=validate ;; *7) split=test ;; *) split=train ;; esac
		echo "$file,$class,$split,place$i,$i.tif"
		i=$((i + 1))
	done
}
index >split.csv
train split.csv split >log
grep -q "the set's own split, 14 chips" log || { cat log; fail "the validate split was not taken"; }
# Of the 48 chips, 5 test and 14 validate: only the other 29 are also looked at with colour jitter.
"$landuse" train -q split.csv --backbone aerial-21 --cache cache_split -o models/split_lit --augment colour >log
grep -q "^features    72 made" log || { cat log; fail "validation must see chips as they are"; }
sed 's/place1,/place0,/' split.csv >leak.csv
expect 1 "block 'place0' is in split" train leak.csv leak
cp "$(ls chips/river/* | head -2 | tail -1)" copy.png
cp copy.png again.png
{ index; echo copy.png,river,validate,elsewhere,x.tif; echo again.png,river,train,nowhere,x.tif; } >twice.csv
expect 1 'are the same picture' train twice.csv leak
sed 's/again.png/copy.png/' twice.csv >rows.csv
expect 1 'copy.png is in split validate and in split train (rows 49 and 50)' train rows.csv leak
expect 2 "no column 'county' for the blocks" "$landuse" train -q split.csv --backbone aerial-21 --cache cache -o models/x --block county
[ ! -e models/leak ] || fail "a refused training wrote a model"

# Sets that cannot be learned from, and pictures that cannot be read.
mkdir -p one empty/a empty/b lonely odd
cp -r chips/forest one
expect 1 "one class alone ('forest')" train one x
expect 1 'no pictures' train empty x
cp -r chips/forest lonely && mkdir lonely/river && cp "$(ls chips/river/* | head -1)" lonely/river
expect 1 "class 'river' has 1 readable picture" train lonely x
cp -r chips/forest chips/river odd
echo 'not a picture' >odd/river/broken.jpg
cp odd/forest/"$(ls odd/forest | head -1)" odd/forest/again.png
gdal_translate -q -ot UInt16 -of GTiff "$(ls chips/river/* | head -1)" odd/river/deep.tif
rm -f odd/river/*.aux.xml
train odd odd --augment flips >log 2>warnings
grep -q '24 chips of 2 classes (2 unreadable, 1 repeated)' log || { cat log; fail "not counted"; }
[ "$(grep -c 'broken.jpg: not a picture' warnings)" -eq 1 ] || fail "the broken picture is not named once"
cp -r odd/forest same && mkdir same_label && mv same same_label/forest && cp -r same_label/forest same_label/wood
refuses 'are the same picture: the first label is taken' train same_label x

# Wrong usage.
expect 2 "(it has '" train chips x --layer no_such_tensor
expect 2 "there is a model already (--overwrite" train chips county
expect 2 "it should be flips, rotations, colour" train chips x --augment spin
expect 2 "(did you mean 'flips'?)" train chips x --augment rotations,flip
expect 2 "(did you mean 'colour'?)" train chips x --augment color
expect 2 "--head is 'deep'" train chips x --head deep
code=0
"$landuse" models verify aerial-features >/dev/null 2>&1 || code=$?
if [ $code -ne 0 ]; then
	[ $code -eq 2 ] || fail "models verify ended with $code"
	expect 2 'name a network with --backbone (aerial-features, the default' "$landuse" train chips -o models/x
fi
expect 2 'name a folder for the model' "$landuse" train chips --backbone aerial-21
expect 2 'name a labelled set' "$landuse" train --backbone aerial-21 -o models/x
expect 2 'are for .onnx files' train chips x --mean 0.5 --std 0.5
expect 2 'no such set' train nowhere x
expect 2 "no model named 'nobody'" "$landuse" train -q chips --backbone nobody --cache cache -o models/x

# A bare network as backbone, named tensors included.
"$landuse" train -q chips --backbone "$repository/models/aerial-21/model.onnx" --mean 0.5 --std 0.5 --gsd 0.3 \
	--cache cache --block-numbers 3 -o models/bare >log
"$landuse" evaluate -q models/bare chips --csv >/dev/null
