#!/bin/sh
# sample_county.sh: the generator as a person runs it. One thread and two must give the same pixels, everything that --help
# lists must be there and fit together, and wrong words must be refused with the right exit status.
# Usage: sample_county.sh [PROGRAM]; or the program's path in $SAMPLE_COUNTY.
set -eu

program=${1:-${SAMPLE_COUNTY:-build/bin/sample-county}}
if ! [ -x "$program" ]; then
	echo "sample_county.sh: no program at $program; build it, or name it as the first argument" >&2
	exit 1
fi
if ! command -v gdalinfo >/dev/null; then
	echo "sample_county.sh: skipped: no gdalinfo (package gdal-bin)"
	exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/sample-county-XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() {
	echo "sample_county.sh: $*" >&2
	exit 1
}

checksums() {
	(cd "$1" && find . -name '*.tif' | sort | while read -r file; do
		echo "$file"
		gdalinfo -checksum "$file" | grep -E 'Checksum|Size is|Origin|Pixel Size'
	done)
}

# The same county with one thread and two, in every way of delivery.
for how in '--deliver alternate' '--deliver quads --format deflate' '--cog'; do
	for threads in 1 2; do
		# shellcheck disable=SC2086 # $how is several words on purpose
		"$program" --cells 5x4 --chip 160 --seed 3 --change-share 0.2 --threads "$threads" --quiet $how \
			"$work/$threads"
		checksums "$work/$threads" >"$work/sums_$threads"
	done
	cmp "$work/sums_1" "$work/sums_2" || fail "$how: one thread and two drew different pixels"
	cmp "$work/1/truth_change.csv" "$work/2/truth_change.csv" || fail "$how: lists of change differ"
	cmp "$work/1/county.geojson" "$work/2/county.geojson" || fail "$how: boundaries differ"
	[ -z "$(find "$work/1" -name '*.part*')" ] || fail "$how: unfinished files were left behind"
	case $how in
	*alternate*) expected='imagery_2015.tif imagery_2023/q_nw.tif imagery_2023/q_se.tif' ;;
	*quads*) expected='imagery_2015/q_ne.tif imagery_2015/q_sw.tif imagery_2023/q_nw.tif' ;;
	*cog*) expected='imagery_2015.tif imagery_2023.tif' ;;
	esac
	for file in $expected truth_2015.tif truth_2023.tif truth_change.csv county.geojson; do
		[ -s "$work/1/$file" ] || fail "$how: $file is missing"
	done
	if [ "$how" = --cog ]; then
		gdalinfo "$work/1/imagery_2015.tif" | grep -q 'LAYOUT=COG' || fail "--cog: not a COG"
	fi
	rm -rf "$work/1" "$work/2"
done

# Another seed is another county; the picture has the size and the place asked for.
"$program" --cells 4x3 --dates 2001 --seed 9 --chip 128 --gsd 0.5 --crs EPSG:32619 --origin 300000,4700000 -q "$work/a"
"$program" --cells 4x3 --dates 2001 --seed 10 --chip 128 -q "$work/b"
gdalinfo "$work/a/imagery_2001.tif" >"$work/info"
for fact in 'Size is 512, 384' 'Origin = (300000.0' 'Pixel Size = (0.5' 'ID\["EPSG",32619\]'; do
	grep -q "$fact" "$work/info" || fail "imagery_2001.tif: gdalinfo does not say '$fact'"
done
gdalinfo "$work/a/truth_2001.tif" | grep -q 'Pixel Size = (64.0' || fail "truth_2001.tif: cells are not 64 m"
gdalinfo -checksum "$work/a/imagery_2001.tif" | grep Checksum >"$work/sums_a"
gdalinfo -checksum "$work/b/imagery_2001.tif" | grep Checksum >"$work/sums_b"
code=0
cmp -s "$work/sums_a" "$work/sums_b" || code=$?
[ $code -eq 1 ] || fail "seeds 9 and 10 drew the same picture"

# Chips: one folder for each style, as many as asked.
"$program" --chips "$work/chips" --per-class 2 --chip 128 -q
[ "$(find "$work/chips" -name '*.png' | wc -l)" -eq $((2 * $(ls "$work/chips" | wc -l))) ] ||
	fail "--chips: not two chips for each style"

# The sample county in the repository is what the command in its README draws.
samples=$(dirname "$0")/../../samples
"$program" --cells 12x12 --dates 2015,2023 --seed 12 --change-share 0.08 --deliver alternate -q "$work/sample"
cmp "$work/sample/truth_change.csv" "$samples/county/truth_change.csv" ||
	fail "samples/county/truth_change.csv is not what the README's command draws"
for file in truth_2015.tif truth_2023.tif; do
	gdalinfo -checksum "$work/sample/$file" | grep Checksum >"$work/drawn"
	gdalinfo -checksum "$samples/county/$file" | grep Checksum >"$work/kept"
	cmp "$work/drawn" "$work/kept" || fail "samples/county/$file is not what the README's command draws"
done

# Wrong words: status 2 and one hint; a wrong world: status 1.
refused() {
	want=$1
	shift
	got=0
	"$program" "$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" -eq "$want" ] || fail "$*: exit status $got, expected $want"
	grep -q 'sample-county: ' "$work/err" || fail "$*: said nothing of use"
}
refused 2
refused 2 --cells 2x2 "$work/c"
refused 2 --dates 2015,2015 "$work/c"
refused 2 --change-share 0.9 "$work/c"
refused 2 --deliver pigeon "$work/c"
refused 2 --no-such-option "$work/c"
refused 1 --crs EPSG:4326 "$work/c"
refused 1 "$work/no/such/parent"
"$program" --help >"$work/out"
grep -q 'Exit status' "$work/out" || fail "--help is not the manual"
echo "sample_county.sh: all well"
