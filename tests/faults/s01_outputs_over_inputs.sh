# s01_outputs_over_inputs.sh: no command writes over a file that it reads, by whatever name; neighbours go on as before.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 3 county
python_here <<'END'
from fixtures import *

early, late = two_maps()
names = ["", "Water", "Forest", "Fields", "", "", "", "Developed"]
for folder in ("maps", "linked"):
    raster(f"{folder}/2001/landuse.tif", early, nodata=0, names=names)
    raster(f"{folder}/2011/landuse.tif", late, nodata=0, names=names)
    layer(f"{folder}/zones.gpkg", [f"POLYGON({box(0, 0, 600, 900)})", f"POLYGON({box(600, 0, 1200, 900)})"],
          fields={"TOWN": ["Ashby", "Barton"], "CLERK": ["a", "b"]})
END
sum() { find "$@" -type f -exec sha256sum {} + | sort -k 2; }
over='is read by this job and would be written over ('
# spared WORDS FILES... -- COMMAND...: refused with the words, and the files as they were.
spared() {
	words=$1 files=
	shift
	while [ "$1" != -- ]; do files="$files $1"; shift; done
	shift
	before=$(sum $files)
	expect 2 "$words" "$@"
	[ "$before" = "$(sum $files)" ] || fail "written over: $*"
}

# Zones, maps and their links; another folder, and names that are not written, are fine.
(cd maps && spared "zones.gpkg $over" . -- "$landuse" change -q --dates 2001,2011 --zones zones.gpkg --zone-name TOWN -o . \
	2001/landuse.tif 2011/landuse.tif)
(cd maps && spared "2001/landuse.tif $over" . -- "$landuse" change -q --dates 2001,2011 --mmu 1ha -o . 2001/landuse.tif 2011/landuse.tif)
spared "$over" maps -- "$landuse" change -q --dates 2001,2011 --smooth plurality -o maps/../maps maps/2001/landuse.tif maps/2011/landuse.tif
echo '<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource relativeToVRT="1">zones.gpkg</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>' \
	>maps/zones.vrt
(cd maps && spared "zones.gpkg $over" . -- "$landuse" change -q --dates 2001,2011 --zones zones.vrt --zone-name TOWN -o . \
	2001/landuse.tif 2011/landuse.tif)
ln maps/2001/landuse.tif early.tif
ln -s "$PWD/maps/2011" late
spared "early.tif $over" maps early.tif -- "$landuse" change -q --dates 2001,2011 --mmu 2 -o maps early.tif late/landuse.tif
mkdir away && ln -s "$PWD/maps/zones.gpkg" away/zones.gpkg
spared "zones.gpkg $over" maps -- "$landuse" change -q --dates 2001,2011 --zones maps/zones.gpkg --zone-name TOWN -o away \
	maps/2001/landuse.tif maps/2011/landuse.tif
(cd linked && "$landuse" change -q --dates 2001,2011 -o . 2001/landuse.tif 2011/landuse.tif >/dev/null)
(cd linked && "$landuse" change -q --dates a,b --mmu 2 -o . 2001/landuse.tif 2011/landuse.tif >/dev/null)
"$landuse" change -q --dates 2001,2011 --zones maps/zones.gpkg --zone-name TOWN -o elsewhere maps/2001/landuse.tif maps/2011/landuse.tif >/dev/null

# A job: its zones, its boundary, its imagery (directly and in a VRT), the job file; told by --dry-run, too.
job() { # NAME KEYS...
	name=$1
	shift
	printf '%s\n' 'county: {boundary: county/county.geojson}' 'model: aerial-21' 'accept_gsd_mismatch: true' \
		'grid: {chip: 128}' 'dates: [{date: 2009, imagery: county/imagery_2009.tif}]' "$@" >"$name.yaml"
}
cp maps/zones.gpkg zones.gpkg
python_here <<'END'
from fixtures import *
source = ogr.Open("county/county.geojson")
county = source.GetLayer(0)
feature = county.GetNextFeature()
layer("zones.gpkg", [feature.GetGeometryRef().ExportToWkt()], crs=county.GetSpatialRef().ExportToWkt(), fields={"TOWN": ["Ashby"]})
os.makedirs("2009")
gdal.Translate("2009/landuse.tif", "county/imagery_2009.tif")
gdal.BuildVRT("inner.vrt", ["2009/landuse.tif"])
gdal.BuildVRT("outer.vrt", ["inner.vrt"])
END
job here 'output: .' 'zones: {path: zones.gpkg, name: TOWN}'
spared "zones.gpkg $over" zones.gpkg county -- "$landuse" run -q here.yaml
spared "zones.gpkg $over" zones.gpkg county -- "$landuse" run -q --dry-run here.yaml
job vrt 'output: .'
sed -i 's,county/imagery_2009.tif,outer.vrt,' vrt.yaml
spared "landuse.tif $over" 2009 -- "$landuse" run -q vrt.yaml
job manifest 'output: .'
mv manifest.yaml manifest.json
spared "manifest.json $over" manifest.json -- "$landuse" run -q manifest.json
rm manifest.json
cp county/county.geojson statistics.json
job boundary 'output: .'
sed -i 's,county/county.geojson,statistics.json,' boundary.yaml
spared "statistics.json $over" statistics.json -- "$landuse" run -q boundary.yaml
rm statistics.json
spared "2009/landuse.tif $over" 2009 -- "$landuse" classify -q --accept-gsd-mismatch -o 2009 2009/landuse.tif
job out 'output: out' 'zones: {path: zones.gpkg, name: TOWN}'
"$landuse" run -q out.yaml >/dev/null
"$landuse" run -q out.yaml >/dev/null # its own outputs are no inputs
says 'up to date' "$landuse" run --if-changed out.yaml || fail "out is not current"

# A run's folder is not one to compare maps in.
spared 'holds the outputs of a run (manifest.json), and statistics.json' out -- "$landuse" change -q --dates 2001,2011 -o out maps/2001/landuse.tif \
	maps/2011/landuse.tif
