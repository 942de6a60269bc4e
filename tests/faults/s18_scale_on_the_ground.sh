#!/bin/sh
# s18_scale_on_the_ground.sh: what the network is shown counts, in metres on the ground and in shape.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
pixels = np.random.default_rng(18).integers(1, 255, (3, 240, 240)).astype(np.uint8)
def image(name, crs, x, y, step, down=None):
    raster(name, pixels, crs, (x, step, 0, y, 0, -(down or step)))
image("fine.tif", 26986, 200000, 900000, 0.3)
image("finer.tif", 26986, 200000, 900000, 0.1)
image("coarse.tif", 26986, 200000, 900000, 1.0)
image("coarser.tif", 26986, 200000, 900000, 2.0)
image("half.tif", 26986, 200000, 900000, 0.5)
# 0.6 m in the middle and at the edge of a UTM zone: 0.6002 and 0.5994 m on the ground.
for name, x in (("middle", 500000), ("edge", 833000)):
    image(f"{name}.tif", 26918, x, 4600000, 0.6)
# Web Mercator at 60 N: 0.6 units are 0.3 m.
image("mercator.tif", 3857, 1000000, 8399738, 0.6)
image("mercator_coarser.tif", 3857, 1000000, 8399738, 2.6)
# Square degrees are oblong ground: 2.4 times at 65 N, 1.35 at 42 N; nearly square at the equator.
image("degrees_65.tif", 4326, 25, 65, 4e-6)
image("degrees_42.tif", 4326, -72, 42, 3.1e-6)
image("degrees_0.tif", 4326, 10, 0.001, 2.7e-6)
END
# job NAME IMAGE KEYS...: --dry-run of a job on one image.
job() {
	name=$1 image=$2
	shift 2
	{
		printf 'model: aerial-21\ndates: [{date: 2015, imagery: %s}]\noutput: out\n' "$image"
		printf '%s\n' "$@"
	} >"$name.yaml"
}
refused() {
	words=$1
	shift
	job refused "$@"
	expect 1 "$words" "$landuse" run -q --dry-run refused.yaml
}
# taken WARNING IMAGE KEYS...: the plan is made; WARNING '' means without one.
taken() {
	words=$1
	shift
	job taken "$@"
	"$landuse" run -q --dry-run taken.yaml >plan 2>stderr || fail "$*: $(cat stderr)"
	if [ -z "$words" ]; then
		[ ! -s stderr ] || fail "$*: $(cat stderr)"
	else
		grep -qF -- "$words" stderr || fail "$*: no '$words' in: $(cat stderr)"
	fi
}
# Imagery of 0.2 to 1.2 m is what the model was trained on, and chips are cut to its ground, whatever the pixels.
for name in fine half coarse middle edge mercator; do
	taken '' $name.tif
	grep -q 'cells of 6[678][.0-9]* m (0.4[56] ha)' plan || fail "$name: $(grep '^grid' plan)"
done
grep -q '0.3 m imagery' plan || fail "mercator: $(grep '^grid' plan)"
taken '' fine.tif 'grid: {resolution: 0.1}'
taken '' coarse.tif 'grid: {resolution: 0.3}'
refused 'the grid has 3 m a pixel' fine.tif 'grid: {resolution: 3}'
taken '' fine.tif 'grid: {resolution: 3}' 'accept_gsd_mismatch: true'
refused 'the imagery has 2 m a pixel, model aerial-21 was trained on imagery of 0.2 to 1.2 m' coarser.tif
refused 'the imagery has 2 m a pixel' coarser.tif 'grid: {resolution: 0.3}'
taken '' coarser.tif 'accept_gsd_mismatch: true'
grep -q 'chips of 34 px' plan || fail "$(cat plan)"
# Finer imagery is averaged: only what is shown counts.
taken '' finer.tif
taken '' finer.tif 'grid: {resolution: 0.3, chip: 224}'
refused 'shows the network 0.1 m a pixel' finer.tif 'grid: {chip: 224}'
# Chips of a stated number of pixels are shown as flown.
refused 'shows the network 1 m a pixel' coarse.tif 'grid: {chip: 224}'
taken 'shows the network 1 m a pixel' coarse.tif 'grid: {chip: 224}' 'accept_gsd_mismatch: true'
grep -q 'cells of 224 m (5.02 ha), 1.0 m imagery' plan || fail "$(grep '^grid' plan)"
taken '' middle.tif 'grid: {chip: 112}'
refused '(chips of 64 pixels made 224)' fine.tif 'grid: {chip: 64}'
refused 'm a pixel' mercator_coarser.tif
# Square degrees are oblong ground: chips and cells are square all the same.
for name in degrees_65 degrees_42 degrees_0; do
	taken '' $name.tif
done
refused 'longer one way' degrees_65.tif 'grid: {chip: 200}'
taken 'stretched 1.3 times' degrees_42.tif 'grid: {chip: 224}'
job square degrees_65.tif 'min_valid: 0.1'
"$landuse" run -q square.yaml >/dev/null 2>stderr || fail "$(cat stderr)"
python_here <<'END'
from osgeo import gdal
gdal.UseExceptions()
_, across, _, _, _, down = gdal.Open("out/2015/landuse.tif").GetGeoTransform()
# A degree of longitude is 47.18 km at 65 N, one of latitude 111.47 km (WGS 84).
across, down = across * 47178, -down * 111473
assert abs(across / down - 1) < 0.01 and 60 < across < 75, (across, down)
END

"$landuse" tile -q --chip 64 -o tiles degrees_65.tif >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q 'stretched 2.4 times' stderr || fail "tile: $(cat stderr)"
