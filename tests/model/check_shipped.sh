#!/bin/sh
# check_shipped.sh: do the shipped models, their descriptions and the class schemes still fit together?
#
# model.onnx, model.json and README.md are written by one program, the schemes by hand; what can
# drift apart is checked here with nothing but a shell, so that the check runs wherever tests do.
#
#   check_shipped.sh [SOURCE_DIR]
cd "${1:-$(dirname "$0")/../..}" || exit 1
models="models/aerial-21 models/aerial"
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

for model in $models; do
	# The hash in model.json is what maps carry as their origin.
	hash=$(sha256sum < $model/model.onnx | cut -d' ' -f1)
	grep -q "\"landuse:sha256\": \"$hash\"" $model/model.json ||
		complain "$model/model.json: landuse:sha256 is not that of model.onnx ($hash)"
	grep -q "\"file:size\": $(wc -c < $model/model.onnx)," $model/model.json ||
		complain "$model/model.json: file:size is not that of model.onnx"
	[ "$(wc -c < $model/model.onnx)" -lt 3000000 ] ||
		complain "$model/model.onnx: larger than 3 MB"

	# Figures must have been measured, not left out.
	grep -q '"landuse:metrics"' $model/model.json ||
		complain "$model/model.json: no landuse:metrics (built without --folds)"
	grep -q '"landuse:confusion"' $model/model.json ||
		complain "$model/model.json: no landuse:confusion"

	# Every class is one of those that the schemes below name.
	classes=$(sed -n '/"classification:classes"/,/\]/s/.*"name": "\([a-z]*\)".*/\1/p' $model/model.json)
	[ "$(echo "$classes" | wc -l)" -eq 21 ] ||
		complain "$model/model.json: 21 classes expected"
	[ "$classes" = "${same:-$classes}" ] ||
		complain "$model/model.json: other classes than the model before it, or in another order"
	same=$classes
done

# Every model class is mapped, or deliberately unmapped, exactly once in every scheme.
for scheme in config/schemes/*.yaml; do
	# The codes of NLCD have names for maps of others; no model answers with them.
	[ "$scheme" != config/schemes/nlcd.yaml ] || continue
	named=$(grep -v '^ *\(#\|- value:\|name:\|title:\)' "$scheme")
	for class in $classes; do
		count=$(echo "$named" | grep -ow "$class" | wc -l)
		[ "$count" -eq 1 ] ||
			complain "$scheme: model class '$class' named $count times, once expected"
	done
done
exit $failed
