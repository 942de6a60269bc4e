#!/bin/sh
# S31: a delivered x.tif that is a VRT read /etc/passwd into chips and called a network, and so did an index.
. tests/support/shell.sh
cd "$scratch"
printf 'root:x:0:0:a secret that no chip may hold:/root:/bin/sh\n%400000s' x >secret.txt
python_here <<'END'
from fixtures import *
pixels = np.random.default_rng(1).integers(1, 255, (3, 300, 300)).astype(np.uint8)
for path in ("good/a.tif", "elsewhere/a.tif"):
    raster(path, pixels, IMAGE_CRS, IMAGE_PLACE)
HEAD = ('<VRTDataset rasterXSize="300" rasterYSize="300"><SRS>EPSG:26986</SRS><GeoTransform>200000,0.3,0,900000,0,-0.3'
        '</GeoTransform>')
here = os.getcwd()
def write(path, text):
    make_folder(path)
    open(path, "w").write(text)
def raw(file):
    return HEAD + ''.join(
        f'<VRTRasterBand dataType="Byte" band="{b}" subClass="VRTRawRasterBand"><SourceFilename relativetoVRT="0">{file}'
        '</SourceFilename><ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset><LineOffset>1</LineOffset>'
        '</VRTRasterBand>' for b in (1, 2, 3)) + '</VRTDataset>'
def bands(file, relative=0):
    return HEAD + ''.join(
        f'<VRTRasterBand dataType="Byte" band="{b}"><SimpleSource><SourceFilename relativeToVRT="{relative}">{file}'
        f'</SourceFilename><SourceBand>{b}</SourceBand></SimpleSource></VRTRasterBand>' for b in (1, 2, 3)) + '</VRTDataset>'
web = "/vsicurl/http://127.0.0.1:9/x.tif"
wms = ('<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:9/${z}/${x}/${y}.png</ServerUrl></Service><DataWindow>'
       '<UpperLeftX>0</UpperLeftX><UpperLeftY>1</UpperLeftY><LowerRightX>1</LowerRightX><LowerRightY>0</LowerRightY>'
       '<TileLevel>1</TileLevel></DataWindow><BandsCount>3</BandsCount></GDAL_WMS>')
write("raw/x.tif", raw(here + "/secret.txt"))
write("web/x.tif", bands(web))
write("wms/x.png", wms)
write("local/x.jp2", bands(here + "/elsewhere/a.tif"))
write("vrt_raw/x.vrt", raw(here + "/secret.txt"))
write("vrt_raw_beside/x.vrt", raw("secret.txt").replace('relativetoVRT="0"', 'relativetoVRT="1"'))
write("vrt_raw_beside/secret.txt", open("secret.txt").read())
write("vrt_web/x.vrt", bands(web))
write("vrt_away/x.vrt", bands("../elsewhere/a.tif", 1))
write("vrt_in_vrt/x.vrt", bands("deeper/y.vrt", 1))
write("vrt_in_vrt/deeper/y.vrt", bands(web))
write("vrt_disguised/x.vrt", bands("below/y.tif", 1))
write("vrt_disguised/below/y.tif", bands(web))
write("vrt_good/x.vrt", bands("below/y.vrt", 1))
write("vrt_good/below/y.vrt", bands("a.tif", 1))
raster("vrt_good/below/a.tif", pixels, IMAGE_CRS, IMAGE_PLACE)
# Maps and layers.
classes = np.random.default_rng(1).integers(1, 4, (20, 20)).astype(np.uint8)
for name in ("2001", "2011"):
    raster(name + ".tif", classes, names=["", "Water", "Farm", "Town"])
gdal.BuildVRT("map.vrt", ["2001.tif"])
shutil = __import__("shutil")
shutil.copy("map.vrt", "map.tif")
layer("county.gpkg", ["POLYGON(%s)" % box(0, 0, 500, 500)], fields={"T": ["a"]})
table = '<OGRVRTDataSource><OGRVRTLayer name="%s"><SrcDataSource>%s</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
write("good.vrt", table % ("county", here + "/county.gpkg"))
write("bad.gpkg", table % ("county", here + "/county.gpkg"))
# Sets.
for name in ("set_good", "set_web", "set_vrt"):
    for c in ("Farm", "Town"):
        for i in range(3):
            raster(f"{name}/{c}/{i}.tif", pixels[:, :64, :64])
rows = "path,class\n" + "".join(f"{c}/{i}.tif,{c}\n" for c in ("Farm", "Town") for i in range(3))
write("set_good/index.csv", rows)
write("set_web/index.csv", rows + web + ",Farm\n")
write("set_vrt/rows.csv", rows)
write("set_vrt/index.csv", table % ("rows", here + "/set_vrt/rows.csv"))
END
tile="$landuse tile -q --format tif --chip 128 -o chips"
for folder in raw web wms local; do
	expect 1 "by its contents it is no image but a " $tile $folder
done
expect 1 "by its contents it is no image but a " $tile "web/*.tif"
expect 1 "by its contents it is no image but a " $tile web/x.tif
expect 1 "by its contents it is no image but a " "$landuse" info wms/x.png
for folder in vrt_raw vrt_raw_beside vrt_web vrt_away vrt_in_vrt vrt_disguised; do
	expect 1 "a VRT that was found and not named may only hold images of its own folder" $tile $folder
done
[ ! -e chips ] || [ -z "$(grep -rl secret chips)" ] || fail "a secret is in the chips"
for folder in good vrt_good; do
	$tile $folder >/dev/null 2>stderr || fail "$folder: $(cat stderr)"
	[ ! -s stderr ] || fail "$folder: $(cat stderr)"
	rm -r chips
done
# A VRT that is named may lead anywhere.
$tile vrt_away/x.vrt >/dev/null || fail "a named VRT"
rm -r chips
change="$landuse change -q -o out"
expect 1 "map.tif: not a map that can be read: by its contents it is no image but a VRT file" $change map.tif 2011.tif
$change map.vrt 2011.tif >/dev/null || fail "a map as a VRT"
expect 1 "by its contents it holds no rows but is a OGR_VRT file" $change --boundary bad.gpkg 2001.tif 2011.tif
$change --boundary good.vrt 2001.tif 2011.tif >/dev/null || fail "a boundary as a VRT"
evaluate="$landuse evaluate -q aerial-21"
expect 1 "leads out of this machine's folders" $evaluate set_web
expect 1 "by its contents it holds no rows but is a OGR_VRT file" $evaluate set_vrt
