#!/bin/sh
# s44_quiet_log.sh: a log has no line of stages that were over at once; -q says nothing on stderr where all is well.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 4x4 --dates 2009,2015 --seed 1 county
county_job job county/imagery_2015.tif
before=$(date +%s)
"$landuse" run job.yaml >summary 2>log
[ $(($(date +%s) - before)) -ge 9 ] || lacks '%)' log || fail "progress of stages that took no time"
[ -s log ] && [ -s summary ] || fail "no log or no summary"
one=out_job/2009/landuse.tif two=out_job/2015/landuse.tif
quiet() {
	"$landuse" "$@" >said 2>talk || fail "$*: $(cat talk)"
	[ ! -s talk ] || fail "-q talks: $* $(cat talk)"
	[ -s said ] || fail "-q leaves out the results: $*"
}
quiet run -q -o again job.yaml
quiet change -q --dates 2009,2015 -o changed "$one" "$two"
quiet compare -q "$one" "$two"
quiet sample -q --size 12 -o sample.gpkg "$one"
quiet tile -q -o chips county/imagery_2015.tif
