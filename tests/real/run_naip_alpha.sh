#!/bin/sh
# run_naip_alpha.sh: real NAIP whose near infrared is tagged as alpha: no chip is hidden, and it is said why.
. tests/support/data.sh

cd "$scratch"
for file in "$data"/naip_alpha/*.tif; do
	for rule in file none; do
		"$landuse" classify -q --accept-gsd-mismatch --resolution 0.5 $([ $rule = none ] && echo --nodata none) -o $rule \
			"$file" >/dev/null 2>words
		[ $rule = none ] || grep -q 'band 4 is tagged alpha but looks like a colour' words || fail "$(cat words)"
	done
	cmp file/class_areas.csv none/class_areas.csv || fail "$file: the near infrared hides cells"
	says 'looks like a colour' "$landuse" info "$file" || fail "info: $file"
done
