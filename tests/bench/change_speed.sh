#!/bin/sh
# change_speed.sh: landuse change on 100 million cells, beside GDAL and numpy doing the same.
# usage: tests/bench/change_speed.sh [EARLIER.tif LATER.tif]   (default: NLCD around Northampton, of the test data)
# The two maps are laid out side by side, mirrored so that no seams show, until there are 10,000 x 10,000 cells: the
# patterns, and so the compression, are those of a real map. Tiled DEFLATE, Byte. Prints a table in Markdown.
. tests/support/shell.sh
data=${LANDUSE_TEST_DATA:-../shared/data}
earlier=${1:-$data/nlcd_northampton_ma/nlcd_2001.tif} later=${2:-$data/nlcd_northampton_ma/nlcd_2011.tif}
side=${SIDE:-10000} rounds=${ROUNDS:-3}
"$python" tests/bench/change_speed.py "$landuse" "$scratch" "$earlier" "$later" "$side" "$rounds"
