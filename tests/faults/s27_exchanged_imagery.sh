# s27_exchanged_imagery.sh: imagery exchanged during a run gives no map of both deliveries.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 11x11 --dates 2009,2015 --chip 128 --seed 11 county
"$sample_county" -q --cells 11x11 --dates 2009,2015 --chip 128 --seed 12 other
county_job job county/imagery_2015.tif 'accept_gsd_mismatch: true' 'grid: {chip: 128}'
"$landuse" run -q -j 1 job.yaml >said 2>told &
running=$!
# The work folder is made after the imagery was opened.
while [ ! -d out_job/.work ] && kill -0 $running 2>/dev/null; do sleep 0.005; done
mv other/imagery_2009.tif county/imagery_2009.tif
code=0
wait $running || code=$?
[ $code -eq 1 ] || { cat told; fail "exit code $code"; }
grep -q 'imagery_2009.tif: was exchanged' told || { cat told; fail "nothing is said of it"; }
[ ! -e out_job/manifest.json ] || fail "a mixture is vouched for"
"$landuse" run -q job.yaml >/dev/null
sed -i 's/^output: .*/output: fresh/' job.yaml
"$landuse" run -q job.yaml >/dev/null
cmp out_job/2009/landuse.tif fresh/2009/landuse.tif || fail "scores of both deliveries were taken"
