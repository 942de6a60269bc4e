#!/bin/sh
# resume.sh: Ctrl-C, a kill and a full disk lose nothing that was finished, and the result is the same.
. tests/support/shell.sh

"$sample_county" -q --cells 12x12 --dates 2015,2023 --seed 5 --format jpeg "$scratch/county"
boundary=$(ls "$scratch"/county/county.* | head -1)
cat >"$scratch/job.yaml" <<END
county: {boundary: $boundary}
model: aerial-21
dates:
  - {date: 2015, imagery: county/imagery_2015.tif}
  - {date: 2023, imagery: county/imagery_2023.tif}
engine: blas
threads: 1
output: out
END
"$landuse" run -q -o "$scratch/whole" "$scratch/job.yaml" >/dev/null
# county.qgz names the imagery by its way from the folder.
same() {
	depth=--exclude=
	case "$1" in */*) depth=--exclude=county.qgz ;; esac
	diff -r "$depth" --exclude=manifest.json --exclude='runs.gpkg*' --exclude=.landuse.lock "$scratch/whole" "$scratch/$1" || fail "$1 differs from a run in one go"
}

# stop_at SIGNAL FOLDER: send the signal as soon as some blocks are finished, and see what is left.
stop_at() {
	"$landuse" run -q -o "$scratch/$2" "$scratch/job.yaml" >/dev/null 2>"$scratch/stderr" &
	pid=$!
	tries=0
	until [ -s "$scratch/$2/.work/2015.done" ] && grep -q . "$scratch/$2/.work/2015.done" 2>/dev/null &&
		[ "$(tr -d '\000' <"$scratch/$2/.work/2015.done" | wc -c)" -gt 0 ]; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || fail "no block was finished in a minute"
		kill -0 $pid 2>/dev/null || fail "the job ended before it could be stopped"
		sleep 0.1
	done
	kill "-$1" $pid
	code=0
	wait $pid || code=$?
	[ -z "$(find "$scratch/$2" -name '*.tif' -o -name '*.json' -o -name '*.csv')" ] || fail "outputs of a stopped job"
}

stop_at INT ctrl_c
[ $code -eq 130 ] || fail "Ctrl-C gave exit code $code"
grep -q 'run the same job again' "$scratch/stderr" || fail "Ctrl-C said: $(cat "$scratch/stderr")"
"$landuse" run -o "$scratch/ctrl_c" "$scratch/job.yaml" >/dev/null 2>"$scratch/stderr"
grep -qE 'going on after|2015: kept' "$scratch/stderr" || fail "the job did not resume: $(cat "$scratch/stderr")"
same ctrl_c

stop_at KILL killed
"$landuse" run -o "$scratch/killed" "$scratch/job.yaml" >/dev/null 2>"$scratch/stderr"
grep -qE 'going on after|2015: kept' "$scratch/stderr" || fail "the job did not resume: $(cat "$scratch/stderr")"
same killed

# A disk that fills up, on a file system of our own where that is allowed.
mkdir "$scratch/small"
if mount -t tmpfs -o size=64k tmpfs "$scratch/small" 2>/dev/null; then
	for kilobytes in 4 24 48; do
		mount -o remount,size=${kilobytes}k "$scratch/small"
		expect 1 'disk is full' "$landuse" run -q -o "$scratch/small/out" "$scratch/job.yaml"
		[ ! -e "$scratch/small/out/manifest.json" ] || fail "a manifest on a full disk"
		find "$scratch/small" -name 'landuse.tif' -o -name 'confidence.tif' >"$scratch/maps"
		while read -r map; do
			"$landuse" info --check-cog "$map" >/dev/null || fail "half a map under its final name"
		done <"$scratch/maps"
	done
	mount -o remount,size=64m "$scratch/small"
	"$landuse" run -q -o "$scratch/small/out" "$scratch/job.yaml" >/dev/null
	same small/out
	umount "$scratch/small"
else
	echo "skipped: no full disk here (mounting a tmpfs is not allowed)"
fi

# Up to date: nothing is scored, nothing is touched.
before=$(stat -c %Y.%i "$scratch/whole/2015/landuse.tif")
says 'up to date' "$landuse" run --if-changed -o "$scratch/whole" "$scratch/job.yaml" || fail "--if-changed ran again"
[ "$before" = "$(stat -c %Y.%i "$scratch/whole/2015/landuse.tif")" ] || fail "--if-changed touched a map"
rm "$scratch/whole/2015/confidence.tif"
says 'confidence.tif' "$landuse" run --if-changed -q -o "$scratch/whole" "$scratch/job.yaml" || fail "--if-changed missed a lost file"

# What model.json says of pixels is part of the job, too: the network's own hash does not know it.
cp -r models/aerial-21 "$scratch/model"
sed "s|^model: .*|model: $scratch/model|" "$scratch/job.yaml" >"$scratch/model.yaml"
"$landuse" run -q -o "$scratch/other" "$scratch/model.yaml" >/dev/null
says 'up to date' "$landuse" run --if-changed -q -o "$scratch/other" "$scratch/model.yaml" || fail "--if-changed ran again"
sed -i 's/"stddev": 127.5/"stddev": 120/' "$scratch/model/model.json"
omits 'up to date' "$landuse" run --if-changed -q -o "$scratch/other" "$scratch/model.yaml" || fail "--if-changed missed another scaling"
exit 0
