#!/bin/sh
# county.sh: landuse beside a GDAL + PyTorch script on the same picture, in one sitting.
#
#	tests/bench/county.sh PEERS [CELLS]
#
# PEERS is the folder with gdal_torch_pipeline.py and make_nets.py (needs Debian's python3-torch and
# python3-onnx). Draws a county of CELLS x CELLS chips (default 32), then prints one line a program.
. tests/support/shell.sh
peers=$(cd "$1" && pwd)
cells=${2:-32}
bench=$PWD/build/bin/bench_county
"$sample_county" -q --cells "${cells}x$cells" --dates 2015,2023 --seed 11 --format jpeg "$scratch/county"
(cd "$peers" && PYTHONDONTWRITEBYTECODE=1 "$python" make_nets.py "$scratch" >/dev/null)
"$python" tests/bench/package_net.py "$scratch/resnet18.onnx" "$scratch/resnet18" 1000
for model in resnet18 aerial-21; do
	path=$model scheme=landcover-7
	[ $model = aerial-21 ] || { path=./resnet18 scheme=./resnet18/scheme.yaml; }
	cat >"$scratch/$model.yaml" <<END
model: $path
scheme: $scheme
dates: [{date: 2015, imagery: county/imagery_2015.tif}]
output: out
END
	"$bench" "$scratch/$model.yaml"
done
for precision in fp32 bf16; do
	echo "gdal_torch_pipeline.py resnet18 $precision:"
	(cd "$peers" && PYTHONDONTWRITEBYTECODE=1 "$python" gdal_torch_pipeline.py "$scratch/county/imagery_2015.tif" "$scratch/out.tif" resnet18 $precision)
done
