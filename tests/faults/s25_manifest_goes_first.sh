# s25_manifest_goes_first.sh: a job that stops while it replaces outputs leaves no manifest that vouches for a mixture.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 3x3 --dates 2009,2015 --chip 128 --seed 11 county
keys='accept_gsd_mismatch: true
grid: {chip: 128}'
layers='change: {layers: [{name: new_development, to: [Developed]}, {name: other, to: [Water]}]}'
county_job a county/imagery_2015.tif "$keys"
county_job b county/imagery_2015.tif "$keys" "$layers"
sed -i 's/^output: .*/output: out/' a.yaml b.yaml

"$landuse" run -q a.yaml >/dev/null
says 'up to date' "$landuse" run --if-changed a.yaml || fail "the first job is not current"
# The second job cannot put its last layer in place: it stops among its outputs, as if it were killed.
mkdir out/2009_2015/other.gpkg
expect 1 "other.gpkg" "$landuse" run -q b.yaml
[ ! -e out/manifest.json ] || fail "a manifest vouches for files of two jobs"
rmdir out/2009_2015/other.gpkg
"$landuse" run -q --if-changed a.yaml >said
lacks 'up to date' said || fail "files of two jobs are called current"
says 'up to date' "$landuse" run --if-changed a.yaml || fail "the repeated job is not current"
