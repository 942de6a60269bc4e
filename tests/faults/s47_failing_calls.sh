#!/bin/sh
# S47: a disk that is full, over quota, read-only or broken, and memory that is not to be had, at any call of a run: one line
# says so, nothing half written has a name, and the next run makes what an undisturbed one does.
#
# CALLS=N does N places of each kind, spread over the run; without it one place of three kinds, in the middle. Every line of the
# report is a kind and how its places ended.
. tests/support/shell.sh
failing=${FAILING_CALLS:-$PWD/build/tests/libfailing_calls.so}

"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 "$scratch/county"
cd "$scratch"
job() {
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' 'grid: {chip: 128}' \
		'dates:' '  - {date: 2009, imagery: county/imagery_2009.tif}' '  - {date: 2015, imagery: county/imagery_2015.tif}' \
		'threads: 1' 'engine: blas' "output: $1" >"$1.yaml"
}
job whole
job out
"$landuse" run -q whole.yaml >/dev/null
sed -i "s|^output: out|output: $scratch/out|" out.yaml
# attempt "KIND N ERRNO": what became of it, in $code and 'words'.
attempt() {
	code=0
	FAIL_CALL=$1 FAIL_BELOW=$scratch/out FAIL_COUNT=$scratch/count LD_PRELOAD=$failing "$landuse" run -q out.yaml >told 2>words || code=$?
}
# ENOSPC 28, EDQUOT 122, EROFS 30, EIO 5, ENOMEM 12
kinds='write,+,28 write,+,122 open,+,30 rename,_,5 fsync,_,5 malloc,_,12'
[ -n "${CALLS:-}" ] || kinds='write,+,28,600 rename,_,5,36 malloc,_,12,340'
for kind in $kinds; do
	IFS=, read -r call plus error count <<-END
		$kind
	END
	[ "$plus" = + ] || plus=' '
	failed=0 passed=0 died=0
	if [ -z "$count" ]; then
		rm -rf out
		attempt "$call 1000000000$plus$error"
		[ $code -eq 0 ] || fail "$kind: $(cat words)"
		count=$(cat count)
		[ "$count" -gt 0 ] || fail "$kind: no such call"
	fi
	for place in $(seq 1 "${CALLS:-1}"); do
		# Spread over the run, and not at the same distance twice.
		at=$(((count * (2 * place - 1) / (2 * ${CALLS:-1}) + place * 7 % 5) % count))
		rm -rf out
		attempt "$call $at$plus$error"
		case $code in
		0)
			[ "$(cat count)" -gt "$at" ] || fail "$kind: no call $at"
			passed=$((passed + 1))
			;;
		1 | 2)
			failed=$((failed + 1))
			[ "$(grep -vc '^warning: ' words)" -eq 1 ] || fail "$kind at $at: $(cat words)"
			[ ! -e out/manifest.json ] || fail "$kind at $at: a run that failed vouches for its outputs"
			for map in out/*/*.tif; do
				[ ! -e "$map" ] || "$landuse" info --check-cog "$map" >/dev/null || fail "$kind at $at: half of $map"
			done
			;;
		134)
			# GDAL, PROJ and C++ libraries abort where they cannot have memory.
			[ "$call" = malloc ] || fail "$kind at $at: exit code $code: $(cat words)"
			grep -q 'what is finished is not lost; run the same command again' words || fail "$kind at $at: $(cat words)"
			died=$((died + 1))
			;;
		*) fail "$kind at $at: exit code $code: $(cat words)" ;;
		esac
		"$landuse" run -q out.yaml >told 2>words || fail "$kind at $at, and again: $(cat words)"
		diff -r --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock --exclude=.work --exclude=county.qgz whole out ||
			fail "$kind at $at: the next run differs from an undisturbed one"
	done
	echo "$kind: $count calls; of ${CALLS:-1} that fail: $failed are told, $passed do no harm, $died end the program"
done
