#!/bin/sh
# s09_bands_by_tag.sh: a file that says which band is red, green and blue is read by that, in any order.
. tests/support/shell.sh

cd "$scratch"
python_here <<'END'
from fixtures import *
size = 64
rgb = np.stack([np.full((size, size), v) for v in (200, 100, 50)]).astype(np.uint8)
nir = np.full((1, size, size), 230, np.uint8)
U, G0, A = gdal.GCI_Undefined, gdal.GCI_GrayIndex, gdal.GCI_AlphaBand
R, G, B = gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand
plain = ("PHOTOMETRIC=MINISBLACK", "ALPHA=NO")
def image(name, cells, colours=None, options=plain, words=()):
    raster(name, cells, IMAGE_CRS, IMAGE_PLACE, colours=colours, options=options)
    out = gdal.Open(name, gdal.GA_Update)
    for i, word in enumerate(words):
        out.GetRasterBand(i + 1).SetDescription(word)
image("nir_first.tif", np.concatenate([nir, rgb]), [U, R, G, B])
image("blue_first.tif", rgb[::-1], [B, G, R])
image("satellite.tif", np.concatenate([rgb[::-1], nir]), words=["Blue", "Green", "Red", "NIR"])
image("plain.tif", rgb)
image("tagged.tif", rgb, [R, G, B], options=("PHOTOMETRIC=RGB",))
image("half.tif", rgb, [G0, R, U])
image("grey.tif", rgb[:1], [G0])
image("grey_alpha.tif", np.stack([rgb[0], np.full_like(rgb[0], 255)]), [G0, A], options=())
for i in range(4):
    image(f"single/b{i}.tif", rgb[:1] + np.uint8(i), [G0])
image("mixed/a.tif", rgb, [R, G, B], options=("PHOTOMETRIC=RGB",))
image("mixed/b.tif", rgb[::-1], [B, G, R])
END
# colours FILE BANDS...: the first pixel of its one chip is 200, 100, 50.
colours() {
	file=$1
	shift
	"$landuse" tile -q --chip 64 "$@" -o out "$file" >words 2>&1 || fail "$file: $(cat words)"
	got=$(gdallocationinfo -valonly "$(find out -name '*.tif')" 0 0)
	rm -r out
	[ "$(echo $got)" = "200 100 50" ] || fail "$file $*: $(echo $got)"
}
for name in nir_first blue_first satellite plain tagged; do
	colours $name.tif
	[ "$(grep -c warning words || true)" -eq 0 ] || fail "$name.tif warns: $(cat words)"
done
colours nir_first.tif --bands 2,3,4
# Both files of a folder are read by their own tags, and the difference is said.
"$landuse" tile -q --chip 64 -o out mixed >words 2>&1 || fail "$(cat words)"
grep -q 'warning: .*mixed/a.tif has bands red, green, blue and mixed/b.tif has bands blue, green, red' words || fail "$(cat words)"
rm -r out
# Tags that contradict the model's names without giving them all.
"$landuse" tile -q --chip 64 -o out half.tif >words 2>&1 || fail "$(cat words)"
grep -q 'warning: half.tif: its bands are grey, red, undefined; the model takes red, green, blue' words || fail "$(cat words)"
rm -r out

cat >job.yaml <<END
model: aerial-21
dates:
  - {date: 2015, imagery: nir_first.tif}
grid: {chip: 64}
accept_gsd_mismatch: true
output: out
END
"$landuse" run -q --dry-run job.yaml >plan 2>words || fail "$(cat words)"
grep -q 'bands 2, 3, 4 of undefined, red, green, blue' plan || fail "--dry-run: $(cat plan)"
says 'colours  *undefined, red, green, blue' "$landuse" info nir_first.tif || fail "info shows no tags"

cat >grey.yaml <<END
model: aerial-21
dates:
  - {date: 2015, imagery: grey_alpha.tif}
output: out
END
expect 2 "grey_alpha.tif: band 3 asked for, file has 2 (set bands: [1, 1, 1])" "$landuse" run -q --dry-run grey.yaml
expect 2 "gdalbuildvrt -separate" "$landuse" classify -q -o out single
expect 2 "--bands 1,1,1" "$landuse" classify -q -o out grey.tif
