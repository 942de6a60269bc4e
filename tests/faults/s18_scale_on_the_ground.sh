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
image("half.tif", 26986, 200000, 900000, 0.5)
# 0.6 m in the middle and at the edge of a UTM zone: 0.6002 and 0.5994 m on the ground.
for name, x in (("middle", 500000), ("edge", 833000)):
    image(f"{name}.tif", 26918, x, 4600000, 0.6)
# Web Mercator at 60 N: 0.6 units are 0.3 m.
image("mercator.tif", 3857, 1000000, 8399738, 0.6)
image("mercator_coarse.tif", 3857, 1000000, 8399738, 1.4)
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
taken '' fine.tif
refused 'shows the network 3 m a pixel' fine.tif 'grid: {resolution: 3}'
refused 'shows the network 0.1 m a pixel' fine.tif 'grid: {resolution: 0.1}'
taken 'shows the network 3 m a pixel' fine.tif 'grid: {resolution: 3}' 'accept_gsd_mismatch: true'
refused 'the imagery has 1 m a pixel' coarse.tif 'grid: {resolution: 0.3}'
refused 'the imagery has 1 m a pixel' coarse.tif
taken 'the imagery has 0.5 m a pixel' half.tif 'grid: {resolution: 0.3}'
# Finer imagery is averaged: only what is shown counts.
taken '' finer.tif 'grid: {resolution: 0.3, chip: 224}'
refused 'shows the network 0.1 m a pixel' finer.tif
# Chips that are resized are shown at another scale.
taken 'the imagery has 0.6 m a pixel' middle.tif 'grid: {chip: 112}'
refused '(chips of 64 pixels made 224)' fine.tif 'grid: {chip: 64}'
for place in middle edge; do
	taken 'm a pixel, model aerial-21 was trained at 0.3 m' $place.tif
done
taken '' mercator.tif
refused 'm a pixel' mercator_coarse.tif
refused 'longer one way' degrees_65.tif
taken 'stretched 1.3 times' degrees_42.tif
taken '' degrees_0.tif

"$landuse" tile -q --chip 64 -o tiles degrees_65.tif >/dev/null 2>stderr || fail "$(cat stderr)"
grep -q 'stretched 2.4 times' stderr || fail "tile: $(cat stderr)"
