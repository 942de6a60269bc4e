#!/bin/sh
# ground.sh: cells are ground: dates of 1, 0.6 and 0.3 m on one grid, cells larger and smaller than the model's, in any CRS.
. tests/support/shell.sh

cd "$scratch"
"$sample_county" -q --cells 6x6 --dates 2010,2016,2023 --change-share 0.2 --seed 21 county
gdal_translate -q -tr 1 1 -r average county/imagery_2010.tif coarse.tif
gdal_translate -q -tr 0.6 0.6 -r average county/imagery_2016.tif middle.tif
job() {
	name=$1 dates=$2
	shift 2
	{
		printf 'county: {boundary: county/county.geojson}\nmodel: aerial-21\ndates:\n'
		for date in $dates; do printf '  - {date: %s, imagery: %s}\n' "${date%=*}" "${date#*=}"; done
		printf 'output: %s\n' "$name"
		printf '%s\n' "$@"
	} >"$name.yaml"
}
run() {
	"$landuse" run -q "$1.yaml" >"$1.said" 2>stderr || fail "$1: $(cat stderr)"
}

# The change of three resolutions is that of the land.
job three '2010=coarse.tif 2016=middle.tif 2023=county/imagery_2023.tif'
says 'cells of 67 m (0.45 ha), 1.0, 0.6 and 0.3 m imagery' "$landuse" run --dry-run three.yaml || fail plan
run three
[ ! -s stderr ] || fail "of scale: $(cat stderr)"
python_here <<'END'
from osgeo import gdal
gdal.UseExceptions()
from fixtures import np
labels = ("2010", "2016", "2023")
maps = [gdal.Open(f"three/{label}/landuse.tif") for label in labels]
frame = maps[0].GetGeoTransform()
assert all(m.GetGeoTransform() == frame and m.RasterXSize == maps[0].RasterXSize for m in maps)
assert frame[1] == 67
said, true = [], []
for label, found in zip(labels, maps):
    truth = gdal.Open(f"county/truth_{label}.tif")
    x0, side, _, y0, _, _ = truth.GetGeoTransform()
    cells, here = truth.ReadAsArray(), found.ReadAsArray()
    rows, cols = np.nonzero(here)
    at = [(int((y0 - frame[3] + (r + .5) * 67) / side), int((frame[0] - x0 + (c + .5) * 67) / side)) for r, c in zip(rows, cols)]
    keep = [i for i, (r, c) in enumerate(at) if 0 <= r < cells.shape[0] and 0 <= c < cells.shape[1]]
    said.append({(rows[i], cols[i]): here[rows[i], cols[i]] for i in keep})
    true.append({(rows[i], cols[i]): cells[at[i]] for i in keep})
both = [k for k in said[0] if all(k in s for s in said)]
assert len(both) >= 30, len(both)
for d, label in enumerate(labels):
    right = np.mean([said[d][k] == true[d][k] for k in both])
    assert right >= 0.9, (label, right)
for a, b in ((0, 1), (1, 2), (0, 2)):
    right = np.mean([(said[a][k] != said[b][k]) == (true[a][k] != true[b][k]) for k in both])
    assert right >= 0.85, (labels[a], labels[b], right)
END

# A cell of twice the model's ground: the mean of its windows' probabilities. One of half: the same as half the stride.
fine=2023=county/imagery_2023.tif
job windows "$fine" 'probabilities: true'
job larger "$fine" 'probabilities: true' 'grid: {cell: 134.4m}'
job smaller "$fine" 'grid: {cell: 33.6 m}'
job stride "$fine" 'grid: {stride: 112}'
for name in windows larger smaller stride; do run $name; done
says '2 x 2 windows a cell' "$landuse" run --dry-run larger.yaml || fail 'no windows in the plan'
says 'cells of 134 m (1.81 ha)' "$landuse" run --dry-run larger.yaml || fail 'size of larger cells'
cmp smaller/2023/landuse.tif stride/2023/landuse.tif || fail 'cells of 33.6 m are not those of a stride of 112 px'
cmp smaller/2023/confidence.tif stride/2023/confidence.tif
python_here <<'END'
from osgeo import gdal
gdal.UseExceptions()
from fixtures import np
few, many = (gdal.Open(f"{name}/2023/probabilities.tif").ReadAsArray().astype(int) for name in ("windows", "larger"))
bands, rows, cols = many.shape
assert (rows, cols) == (3, 3)
compared = 0
for row in range(rows):
    for col in range(cols):
        windows = few[:, 2 * row:2 * row + 2, 2 * col:2 * col + 2].reshape(bands, 4)
        if (windows == 255).any():
            continue
        compared += 1
        assert abs(windows.mean(1) - many[:, row, col]).max() <= 1, (row, col)
assert compared >= 4
END
# On any number of threads, and after a stop, the same bytes.
mv larger first
sed 's/^output: .*/output: larger/' larger.yaml >again.yaml
"$landuse" run -q -j 1 again.yaml >/dev/null
cmp first/2023/probabilities.tif larger/2023/probabilities.tif || fail 'one thread makes another map'
[ -z "$(find larger/.work -type f ! -name '[0-9]*.[sd]*')" ] || fail "left: $(ls larger/.work)"

# classify, and other units than metres.
"$landuse" classify -q --cell 33.6m --boundary county/county.geojson -o classified county/imagery_2023.tif >/dev/null
sed 's/^2023,/map,/' smaller/class_areas.csv >wanted.csv
cmp wanted.csv classified/class_areas.csv || fail 'classify has other cells than run'
gdalwarp -q -t_srs EPSG:4326 -r bilinear county/imagery_2023.tif degrees.tif
job degrees '2023=degrees.tif' 'grid: {cell: 30m}'
run degrees
python_here <<'END'
from osgeo import gdal
gdal.UseExceptions()
_, across, _, _, _, down = gdal.Open("degrees/2023/landuse.tif").GetGeoTransform()
lat = 42.35 # the drawn county's
import math
assert abs(across * 111320 * math.cos(math.radians(lat)) - 30) < 0.2 and abs(-down * 111070 - 30) < 0.2, (across, down)
END

# Bad input: one line each.
bad() {
	words=$1 keys=$2
	job bad "$fine" "$keys"
	expect 2 "$words" "$landuse" run -q bad.yaml
	[ ! -e bad ] || fail "$keys: something is written"
}
bad "bad.yaml:6: 'cell' stands beside 'chip' or 'stride'" 'grid: {cell: 67m, stride: 112}'
bad "it should be metres on the ground such as 67m" 'grid: {cell: 67 acres}'
bad 'cells of 0.1 m are smaller than a pixel of 0.3 m' 'grid: {cell: 0.1m}'
bad 'cells of 500 m are larger than the county, of 334 x 349 m' 'grid: {cell: 500m}'
expect 2 'give --cell, or --chip and --stride' "$landuse" classify -q --cell 30m --stride 112 -o bad county/imagery_2023.tif
