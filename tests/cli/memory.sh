#!/bin/sh
# memory.sh: a county five times as large takes the same memory. tests/bench/memory.sh does it with 40,000 chips.
. tests/support/shell.sh

small=${1:-20x20} large=${2:-45x45}
for cells in $small $large; do
	"$sample_county" -q --cells "$cells" --dates 2015,2023 --seed 2 --format jpeg "$scratch/$cells"
	cat >"$scratch/$cells.yaml" <<END
county: {boundary: $cells/county.geojson}
model: aerial-21
dates:
  - {date: 2015, imagery: $cells/imagery_2015.tif}
  - {date: 2023, imagery: $cells/imagery_2023.tif}
output: out_$cells
END
	"$python" tests/support/peak.py "$landuse" run -q "$scratch/$cells.yaml" 2>/dev/null >"$scratch/$cells.mb"
	echo "$cells cells: $(cat "$scratch/$cells.mb") MB"
done
"$python" -c "
small, large = (float(open('$scratch/' + c + '.mb').read()) for c in ('$small', '$large'))
print(f'ratio {large / small:.3f}')
raise SystemExit(not 0.9 < large / small < 1.1)" || fail "peak memory depends on the county's size"
