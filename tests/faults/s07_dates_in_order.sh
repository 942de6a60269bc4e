#!/bin/sh
# s07_dates_in_order.sh: maps in the wrong order are refused, as run refuses imagery; no annual rate of an unknown time.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps()
for name, cells, date in (("new", after, "2023"), ("old", before, "2015"), ("july", after, "2015-07-01"), ("x", after, None),
                          ("2016_map", before, None), ("2001_map", after, None)):
    raster(f"{name}.tif", cells, metadata={"LANDUSE_DATE": date} if date else None)
END
change() { "$landuse" change -q --tables-only "$@"; }
order() { # order LATER EARLIER COMMAND...
	words="date '$1' stands after '$2' (list the maps in time order)"
	shift 2
	expect 2 "$words" "$@"
}
order 2015 2023 "$landuse" change -q -o out new.tif old.tif
order 2011 2016 "$landuse" change -q -o out --dates 2016,other,2011 old.tif new.tif x.tif
order 2015-07-01 2015-08-01 "$landuse" change -q -o out --dates 2015-08-01,2015-07-01 old.tif new.tif
order 20150701 2015-08 "$landuse" change -q -o out --dates 2015-08,20150701 old.tif new.tif
order 2001_map 2016_map "$landuse" change -q -o out 2016_map.tif 2001_map.tif
order 2015 2023 "$landuse" sample -q --size 20 -o s.gpkg new.tif old.tif
printf 'x,y,reference\n1882140,2389140,1\n' >points.csv
order 2015 2023 "$landuse" assess -q new.tif old.tif points.csv
[ ! -e out ] && [ ! -e s.gpkg ] || fail 'something was written'

# Right orders, and labels that tell none.
change -o a old.tif new.tif >/dev/null
change -o c --dates 2015,2015-07-01 old.tif new.tif >/dev/null
change -o d --dates 2015-07,2015 old.tif new.tif >/dev/null
change -o e --dates 2015-summer,2015-autumn old.tif new.tif >/dev/null
change -o f --dates 90000,later,80000,earlier old.tif new.tif old.tif new.tif >/dev/null

# Rates only where the labels tell how long it was.
rates() { # rates DATES YEARS: the years of the first row; "none": there is no table.
	rm -rf r
	change -o r --dates "$1" old.tif new.tif >/dev/null
	found=none
	[ ! -e r/annual_rates.csv ] || found=$(sed -n 2p r/annual_rates.csv | cut -d, -f5)
	[ "$found" = "$2" ] || fail "$1: $found years"
	case $(grep -c annual_rates r/statistics.json) in
	0) [ "$2" = none ] || fail "$1: no rates in JSON" ;;
	*) [ "$2" != none ] || fail "$1: rates in JSON" ;;
	esac
}
rates 2001,2001-07 none
rates 2001-07,2002 none
rates 2001,2002 1.000
rates '2001, 2011' 10.000
rates 2001-01,2001-02 0.081
rates 2001,2003-01 1.542
