#!/bin/sh
# examples.sh [CELLS]: how long the README's three examples take: a table of seconds by the clock, processor seconds and chips.
# CELLS (default 240x240) is the size of the county of the first example: 240x240 gives 44,900 chips to train on, a few GB of
# PNG files and, on two cores, half an hour, most of it for drawing and labelling. The CIFAR-10 example needs ../shared/data.
. tests/support/shell.sh
. tests/support/readme.sh

root=$PWD
cells=${1:-240x240}
data=$(cd "${LANDUSE_TEST_DATA:-../shared/data}" 2>/dev/null && pwd) || data=
cat >"$scratch/timed.py" <<'END'
"""timed.py WHAT COMMAND...: run it, and print a row of the table; its own talk goes to the log."""
import re, resource, subprocess, sys, time
start = time.monotonic()
run = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, text=True)
wall, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
if run.returncode != 0:
    sys.exit(f"failed: {' '.join(sys.argv[2:])}")
facts = [m.group(0).strip() for m in (re.search(p, run.stdout, re.M) for p in (
    r"[\d]+ chips(?= from \d+ blocks)", r"\d+ made in [\d.]+ s", r"^fitted +to \d+ chips in [\d.]+ s",
    r"^scored \d+ chips in [\d.]+ s", r"^overall accuracy +[\d.]+", r"\d+ chips in [\d.]+ s \(\d+ chips/s while scoring\)",
    r"^Overall agreement: [\d.]+")) if m]
print(f"| {sys.argv[1]} | {wall:.1f} | {used.ru_utime + used.ru_stime:.1f} | {re.sub(' +', ' ', '; '.join(facts))} |", flush=True)
END
timed() { "$python" "$scratch/timed.py" "$@" 2>>"$scratch/talk" || { tail -3 "$scratch/talk" >&2; exit 1; }; }
# example NAME: the README's commands as a script, in a folder that looks like a clone.
example() {
	mkdir -p "$scratch/clone"
	ln -sfn "$root/samples" "$scratch/clone/samples"
	cd "$root"
	readme_commands "$1"
	cd "$scratch/clone"
	{ echo "landuse() { '$landuse' \"\$@\"; }"; cat "$scratch/commands.sh"; } >"$scratch/$1.sh"
}

echo "| step | seconds | processor seconds | |"
echo "|---|---|---|---|"
mkdir "$scratch/one"
cd "$scratch/one"
timed "a county of $cells cells is drawn" "$sample_county" -q --cells "$cells" --dates 2015 --seed 3 county
timed "1 label" "$landuse" label -q --codes scheme --rule plurality --validate 0.15 --test 0 \
	--reference county/truth_2015.tif -o chips county/imagery_2015.tif
timed "1 train" "$landuse" train -q chips --backbone aerial-21 --cache cache -o models/county
timed "1 train again, features kept" "$landuse" train -q chips --backbone aerial-21 --cache cache -o models/again
timed "1 evaluate" "$landuse" evaluate -q models/county chips -o evaluation
timed "1 map the county" "$landuse" classify -q --model models/county --boundary county/county.geojson -o map \
	county/imagery_2015.tif
timed "1 compare with the truth" "$landuse" compare map/landuse.tif county/truth_2015.tif

if [ -n "$data" ] && [ -d "$data/cifar10_parity" ]; then
	mkdir "$scratch/clone"
	"$python" - "$data/cifar10_parity" "$scratch/clone/cifar10" <<'END'
import os, sys
import numpy as np
from osgeo import gdal
# 10,000 different pictures: fifty of each of the reference's 200, with a little noise of their own.
names = "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck".split(",")
pictures = np.load(sys.argv[1] + "/ref_input_u8_200x32x32x3.npy").astype(int)
classes = np.load(sys.argv[1] + "/ref_logits_resnet20-12fca82f_200x10_f32.npy").argmax(1)
rng = np.random.default_rng(1)
for name in names:
    os.makedirs(f"{sys.argv[2]}/{name}")
for i in range(10000):
    picture = np.clip(pictures[i % 200] + rng.integers(-2, 3, (32, 32, 3)), 0, 255).astype("u1")
    memory = gdal.GetDriverByName("MEM").Create("", 32, 32, 3)
    for b in range(3):
        memory.GetRasterBand(b + 1).WriteArray(np.ascontiguousarray(picture[:, :, b]))
    gdal.GetDriverByName("PNG").CreateCopy(f"{sys.argv[2]}/{names[classes[i % 200]]}/{i:05d}.png", memory)
END
	ln -s "$data/models/resnet20_cifar10.onnx" "$scratch/clone/resnet20_cifar10.onnx"
	example cifar
	timed "2 CIFAR-10, 10,000 pictures" sh -eu "$scratch/cifar.sh"
	timed "2 once more" sh -eu "$scratch/cifar.sh"
else
	echo "skipped: no test data for CIFAR-10" >&2
fi
example painters
timed "3 three painters, drawing included" sh -eu "$scratch/painters.sh"
