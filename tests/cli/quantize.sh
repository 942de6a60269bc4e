#!/bin/sh
# quantize.sh: a package in 8-bit integers: agreement and its record, who uses it, what is refused.
. tests/support/shell.sh

export LANDUSE_MODEL="$PWD/models/aerial-21/model.json"
"$sample_county" -q --chips "$scratch/chips" --per-class 4 --seed 5 --chip 224
"$sample_county" -q --cells 3x3 --dates 2023 --seed 3 "$scratch/county"
cd "$scratch"
if ! "$landuse" quantize -q aerial-21 --chips chips -o models/small --calibration 20 >log 2>err; then
	# Engine blas has no integers: told before any work, and before anything is written.
	grep -q 'built without oneDNN' err || { cat err; fail "quantize failed"; }
	[ ! -e models ] || fail "a refused package is there"
	exit 0
fi
grep -q '^layers in int8  51 of 53' log || { cat log; fail "other layers were quantised"; }
grep -q '^calibrated on   20 pictures' log || { cat log; fail "the calibration"; }
"$landuse" info models/small >about || fail "the package cannot be read"
grep -q '^  in int8       .* of labels as in float32: precision auto is ' about || { cat about; fail "info on a quantised package"; }
"$landuse" info --precision int8 models/small/model.onnx >about || fail "info in int8"
grep -q '^engine .*onednn, int8' about && lacks 'QuantizeLinear .*reference' about || { cat about; fail "info in int8"; }
says '"precision": "int8"' "$landuse" info --json --precision int8 models/small/model.onnx || fail "info --json in int8"
expect 2 "precision 'int9' should be auto, fp32, fp16, bf16 or int8" "$landuse" info --precision int9 models/small/model.onnx
"$python" - <<'END'
import json
old, new = (json.load(open(p))["properties"] for p in (__import__("os").environ["LANDUSE_MODEL"], "models/small/model.json"))
record = new.pop("landuse:int8_agreement")
assert record["share"] >= 0.9 and record["chips"] == 36 and record["model"] == "aerial-21", record
del old["mlm:name"], new["mlm:name"]
assert old == new, "other facts of the model have changed"
END
# Again, on one thread: the same bytes.
sum=$(sha256sum <models/small/model.onnx)
"$landuse" quantize -q aerial-21 --chips chips -o models/small --calibration 20 --overwrite -j 1 >/dev/null
[ "$sum" = "$(sha256sum <models/small/model.onnx)" ] || fail "another network from the same pictures"

# Where errors may be next to none, up to a quarter of the layers stay in float32 and the others do what they can.
"$landuse" quantize -q aerial-21 --chips chips -o models/guarded --calibration 2 --limit 0.000001 >log || fail "--limit"
grep -Eq '^layers in int8  (39|4[0-9]|50) of 53 .*, and those that err most\)' log || { cat log; fail "layers are not left"; }
"$landuse" info models/guarded >/dev/null || fail "the guarded package cannot be read"

# The engines agree: integers where there are any, their meaning in float32 elsewhere.
image=$(find county -name '*.tif' ! -name 'truth*' | head -n 1)
for precision in int8 fp32; do
	"$landuse" classify -q --model models/small --precision $precision -o map_$precision "$image" >/dev/null ||
		fail "classify in $precision"
done

# What is refused, and says why.
refused() {
	what=$1
	shift
	refuses "$what" "$landuse" quantize -q "$@"
}
refused 'there is a model already' aerial-21 --chips chips -o models/small
refused 'quantised already' models/small --chips chips -o models/twice
refused 'nowhere: no such file' aerial-21 --chips nowhere -o models/other
mkdir empty
refused '0 pictures' aerial-21 --chips empty -o models/other
refused 'name a model' --chips chips -o models/other
touch file
refuses 'cannot make the folder' "$landuse" quantize aerial-21 --chips chips -o file/model
lacks ranges stderr || fail "an output that cannot be is told late"
[ ! -e models/other/model.json ] || fail "a refused package is there"
echo ok
