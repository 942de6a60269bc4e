#!/bin/sh
# mixture.sh: files of one date with different resolutions, or flown in different seasons by their names, are told.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
noise = np.random.default_rng(4)
def image(name, side, metres, east=0, crs=IMAGE_CRS):
    raster(name, noise.integers(5, 250, (3, side, side)).astype(np.uint8), crs, (IMAGE_PLACE[0] + east, metres, 0, IMAGE_PLACE[3], 0, -metres))
import os
for folder in ("mixed", "alike", "seasons"):
    os.mkdir(folder)
image("mixed/a.tif", 224, 0.6)
image("mixed/b.tif", 134, 1.0, 134.4)
image("mixed/c.tif", 134, 1.0, 268.4)
image("alike/m_4209363_nw_15_1_20100623_20101015.tif", 224, 0.6)
image("alike/m_4209363_ne_15_1_20100801_20101015.tif", 224, 0.6, 134.4)
image("alike/m_4209364_ne_15_1_99999999.tif", 200, 0.61, 268.8)
image("seasons/m_4209363_nw_15_1_20100623_20101015.tif", 224, 0.6)
image("seasons/m_4209363_ne_15_1_20101012.tif", 224, 0.6, 134.4)
END
"$landuse" tile -q --cell 67m -o tiles mixed >/dev/null 2>words
grep -qF 'mixed/a.tif has pixels of 0.6 m, mixed/b.tif (and 1 more) of 1 m: all are read at the first one' words || fail "$(cat words)"
"$landuse" tile -q --overwrite --cell 67m -o tiles alike >/dev/null 2>words
[ ! -s words ] || fail "$(cat words)"
"$landuse" tile -q --overwrite --cell 67m -o tiles seasons >/dev/null 2>words
grep -qF 'm_4209363_nw_15_1_20100623_20101015.tif is of 2010-06-23 and seasons/m_4209363_ne_15_1_20101012.tif of 2010-10-12, by their names' words ||
	fail "$(cat words)"
# Chips of a model's ground, where no other is said: 67.2 m of 0.6 m.
says ' of 112 x 112 pixels in tiles/' "$landuse" tile -q --overwrite --model aerial -o tiles alike
says ' of 64 x 64 pixels in tiles/' "$landuse" tile -q --overwrite --model aerial --chip 64 -o tiles alike
