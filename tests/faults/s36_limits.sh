#!/bin/sh
# s36_limits.sh: a file-size limit, a full disk and a limit on open files are told as what they are.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 4x4 --dates 2009,2015 --chip 128 --seed 1 county
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q job.yaml >/dev/null
one=out_job/2009/landuse.tif two=out_job/2015/landuse.tif
mkdir small

writes() {
	expect 1 "$1" $limited "$landuse" run -q -o small/run job.yaml
	expect 1 "$1" $limited "$landuse" change -q -o small/change --dates a,b $one $two
	expect 1 "$1" $limited "$landuse" sample -q --size 9 -o small/s.gpkg $one
	expect 1 "$1" $limited "$landuse" history --file small/h.gpkg add --kind train --name x
	left=$(find small -name '*.gpkg' -o -name 'manifest.json' -o -name 'change.tif')
	[ -z "$left" ] || fail "left behind: $left"
}

# Signal SIGXFSZ would end the program without a word.
limited() { (ulimit -f 2 && "$@"); }
limited=limited
writes '(raise ulimit -f'

# Every file that is opened again is one more: none of them was moved.
open_files() { (ulimit -n "$1" && shift && "$@"); }
mkdir tiles
cp county/imagery_2009.tif tiles/a.tif
cp county/imagery_2009.tif tiles/b.tif
sed 's,county/imagery_2009.tif,tiles,' job.yaml >tiles.yaml
for most in 5 7 9 11 13; do
	code=0
	open_files $most "$landuse" run -q -o "small/files$most" tiles.yaml >/dev/null 2>words || code=$?
	[ $code -eq 0 ] && continue
	[ $code -eq 1 ] && lacks 'moved' words && grep -qi 'too many open files' words ||
		fail "$most open files: exit $code, $(cat words)"
done

# A disk that fills up, on a file system of our own where that is allowed.
rm -rf small/*
limited=
if mount -t tmpfs -o size=16k tmpfs small 2>/dev/null; then
	trap 'umount "$scratch/small"; rm -rf "$scratch"' EXIT
	writes 'the disk is full (free some space and run again)'
else
	echo "no rights to mount a small file system: the full disk is not tried" >&2
fi
