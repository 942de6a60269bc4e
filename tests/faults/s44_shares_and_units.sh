#!/bin/sh
# S44: words that help where a share is given in percent, a unit in short, a filter with a wrong field.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
a, b = two_maps()
raster("2001.tif", a), raster("2011.tif", b)
layer("county.gpkg", ["POLYGON(%s)" % box(0, 0, 900, 900)], fields={"NAME": ["Here"], "CODE": [7]})
layer("county.geojson", ["POLYGON(%s)" % box(0, 0, 900, 900)], fields={"NAME": ["Here"], "CODE": [7]}, driver="GeoJSON")
layer("county.shp", ["POLYGON(%s)" % box(0, 0, 900, 900)], fields={"NAME": ["Here"], "CODE": [7]}, driver="ESRI Shapefile")
END
# job LINE: a dry run of a job with this line; its imagery is not there, which is found after the keys are read.
job() {
	printf 'model: aerial-21\ndates:\n  - {date: 2009, imagery: none.tif}\noutput: out\n%s\n' "$1" >job.yaml
	"$landuse" run --dry-run job.yaml
}
share="(a share: 0.9 is 90 %)"
expect 2 "'min_valid' is 90, it should be between 1e-06 and 1 $share" job 'min_valid: 90'
expect 2 "'min_valid' should be a number, not '90%' $share" job 'min_valid: 90%'
expect 2 "$share" job 'change: {false_discovery_rate: 5}'
expect 2 "$share" job 'change: {min_probability: 50}'
expect 2 "--min-valid is '90', it should be a number from 1e-06 to 1 $share" "$landuse" tile --min-valid 90 -o chips none.tif
expect 2 "'chip' is 3, it should be between 8 and 4096" job 'grid: {chip: 3}'
lacks 'a share' "$scratch/stderr" || fail "a chip is no share"
for unit in '1 ha' 0.5ha 4 '{cells: 4, corners: true}'; do
	expect 2 "none.tif: no such file" job "smooth: {minimum_mapping_unit: $unit}"
done
expect 2 "'minimum_mapping_unit' is '1', it should be 2 cells or more, or hectares such as 0.5ha" job 'smooth: {minimum_mapping_unit: 1}'
expect 2 "'minimum_mapping_unit' is '1km', it should be" job 'smooth: {minimum_mapping_unit: 1km}'
for file in county.geojson county.shp; do
	expect 2 "(fields: NAME, CODE)" "$landuse" sample -q -o s.gpkg --boundary $file --where "NOFIELD = 1" 2001.tif
	"$landuse" sample -q -o s.gpkg --boundary $file --where "NAME = 'Here' AND CODE = 7" 2001.tif >/dev/null || fail "$file"
	rm s.gpkg
done
expect 2 "(fields: NAME, CODE)" "$landuse" sample -q -o s.gpkg --boundary county.gpkg --where "NOFIELD = 1" 2001.tif
lacks SELECT "$scratch/stderr" || fail "the statement is no news"
expect 2 "(fields: NAME, CODE)" "$landuse" change -q -o out --zones county.gpkg --zone-name NAME --zone-where "NOFIELD = 1" 2001.tif 2011.tif
expect 2 "is not understood: " "$landuse" sample -q -o s.gpkg --boundary county.gpkg --where "NAME = = 3" 2001.tif
