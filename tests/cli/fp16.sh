#!/bin/sh
# fp16.sh: precision fp16: which kernels run, the same bytes on any number of threads, nearly the same labels, one clear refusal.
. tests/support/shell.sh

export LANDUSE_MODEL="$PWD/models/aerial-21/model.json"
network=$PWD/models/aerial-21/model.onnx
cd "$scratch"
"$sample_county" -q --cells 12x12 --dates 2023 --seed 3 county
image=$(find county -name '*.tif' ! -name 'truth*' | head -n 1)
map() {
	"$landuse" classify -q --model aerial-21 --scheme ucmerced-21 -o "$@" "$image" >/dev/null || fail "classify: $*"
}

# A lesser processor, which this one can play, or none at all.
(export ONEDNN_MAX_CPU_ISA=AVX512_CORE
expect 1 "precision fp16" "$landuse" info --precision fp16 "$network")
grep -qE 'needs a processor with AVX512-FP16 \(use auto or fp32\)|engine blas does not run' stderr || fail "another remedy"
expect 1 "engine blas does not run precision fp16 (use auto or fp32)" \
	"$landuse" classify -q --engine blas --precision fp16 -o refused "$image"
[ ! -e refused/landuse.tif ] || fail "a map in spite of the refusal"

code=0
"$landuse" info --precision fp16 "$network" >about 2>err || code=$?
if [ $code -ne 0 ]; then
	[ $code -eq 1 ] && grep 'precision fp16' err || { cat err; fail "info ended with $code"; }
	echo "skipped: the rest needs a processor with AVX512-FP16"
	exit 77
fi
grep -q '^engine .*onednn, fp16' about || fail "info says another precision"
[ "$(grep -c 'inverted_residual:avx512_fp16$' about)" -eq 17 ] || { cat about; fail "not all inverted residuals run in fp16"; }
map one --precision fp16 -j 1
map three --precision fp16 -j 3
map fp32 --precision fp32
cmp one/landuse.tif three/landuse.tif && cmp one/confidence.tif three/confidence.tif || fail "threads change the bytes"
"$python" - <<'END'
from osgeo import gdal
gdal.UseExceptions()
fp16, floats = (gdal.Open(f"{name}/landuse.tif") for name in ("one", "fp32"))
same = (fp16.ReadAsArray() == floats.ReadAsArray()).mean()
assert same >= 143 / 144, same
assert fp16.GetMetadataItem("LANDUSE_PRECISION") == "fp16", fp16.GetMetadata()
END
echo ok
