#!/bin/sh
# agreement.sh: labels in 16 bits beside those in float32, their record in a package, and what precision auto makes of it.
. tests/support/shell.sh
export LANDUSE_HISTORY="$scratch/history.gpkg"

package=$PWD/models/aerial-21
"$sample_county" -q --chips "$scratch/chips" --per-class 4 --seed 4 --chip 224
"$sample_county" -q --cells 3x3 --dates 2023 --seed 3 "$scratch/county"
cd "$scratch"
image=$(find county -name '*.tif' ! -name 'truth*' | head -n 1)
mkdir models
cp -r "$package" models/mine
# What is recorded has to be asked for, measured and kept somewhere.
expect 2 '--keep-agreement is for --precision bf16 or fp16' "$landuse" evaluate -q models/mine chips --keep-agreement
expect 2 'is for --precision bf16 or fp16' "$landuse" evaluate -q models/mine chips --precision int8 --keep-agreement
expect 2 "precision 'half' should be auto, fp32, fp16, bf16 or int8" "$landuse" evaluate -q models/mine chips --precision half
expect 1 'engine blas does not run precision fp16' "$landuse" evaluate -q models/mine chips --precision fp16 --engine blas

code=0
"$landuse" info --precision fp16 models/mine/model.onnx >/dev/null 2>err || code=$?
if [ $code -ne 0 ]; then
	[ $code -eq 1 ] && grep 'precision fp16' err || { cat err; fail "info ended with $code"; }
	echo "skipped: the rest needs a processor with AVX512-FP16"
	exit 77
fi
expect 2 'is for packages' "$landuse" evaluate -q models/mine/model.onnx chips --mean 0.5 --std 0.5 --precision fp16 \
	--class-names "$("$python" -c 'print(",".join(map(str, range(21))))')" --keep-agreement
for precision in fp32 fp16; do
	"$landuse" evaluate -q models/mine chips --precision $precision --json >$precision.json || fail "evaluate in $precision"
done
cmp -s "$package/model.json" models/mine/model.json || fail "a record that nobody asked for"
"$landuse" evaluate -q models/mine chips --precision fp16 --keep-agreement >report || fail "--keep-agreement"
"$python" - "$package/model.json" <<'END'
import json, sys
exact, fp16 = (json.load(open(f"{p}.json")) for p in ("fp32", "fp16"))
assert exact["precision"] == "fp32" and "fp32" not in exact and fp16["precision"] == "fp16"
beside = fp16["fp32"]
assert beside["labels"] == exact["n"] and beside["overall_accuracy"] == exact["overall_accuracy"], beside
assert 0.98 * beside["labels"] <= beside["same_labels"] <= beside["labels"], beside
old, new = (json.load(open(p)) for p in (sys.argv[1], "models/mine/model.json"))
record = new["properties"].pop("landuse:fp16_agreement")
assert old == new, "other facts of the model have changed"
assert record == {"share": beside["same_labels"] / beside["labels"], "chips": beside["labels"], "in_training": 0, "set": "chips"}, record
line = f"precision fp16: {beside['same_labels']} of {beside['labels']} labels as in fp32"
assert line in open("report").read(), line
END
share() {
	"$python" -c 'import json, sys
p = "models/mine/model.json"
item = json.load(open(p))
item["properties"]["landuse:fp16_agreement"]["share"] = float(sys.argv[1])
json.dump(item, open(p, "w"))' "$1"
}
used() {
	rm -rf map
	"$landuse" classify -q --model models/mine --scheme ucmerced-21 "$@" -o map "$image" >/dev/null ||
		fail "classify $*"
	gdalinfo map/landuse.tif | sed -n 's/^ *LANDUSE_PRECISION=//p'
}
share 0.9990
[ "$(used)" = fp16 ] || fail "auto does not use what is proved"
[ "$(used --precision fp32)" = fp32 ] || fail "auto wins over what is asked"
[ "$(used --engine blas)" = fp32 ] || fail "auto on an engine without it"
[ "$(ONEDNN_MAX_CPU_ISA=AVX512_CORE used)" = fp32 ] || fail "auto on a processor without it"
says 'in fp16       99.90 % of labels as in float32: precision auto is fp16' "$landuse" info models/mine || fail info
# A quantised copy is another network: its labels in 16 bits were never compared.
"$landuse" quantize -q models/mine --chips chips -o models/small --calibration 20 >/dev/null || fail quantize
lacks fp16_agreement models/small/model.json || fail "the copy has a record of what it is not"
share 0.9989
[ "$(used)" = fp32 ] || fail "auto uses what changes more than 0.1 % of labels"
echo ok
