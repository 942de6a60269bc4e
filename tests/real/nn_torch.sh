# nn_torch.sh: the classifiers that people export from PyTorch, on every engine, against PyTorch's own logits.
#
# usage: sh tests/real/nn_torch.sh [--whole | NAME...]
#
# Without a word, those that take seconds; --whole, all. These are made one at a time and deleted, since some hold half a
# gigabyte of weights.
python=/usr/bin/python3
net_logits=${NET_LOGITS:-build/tests/net_logits}
if ! $python -c 'import numpy, torch, torch.onnx, onnx' 2>/dev/null; then
	echo "skipped: no PyTorch (python3-torch, python3-onnx)"
	exit 77
fi
set -eu
scratch=$(mktemp -d "${TMPDIR:-/tmp}/landuse-torch-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failures=0
if [ $# -eq 0 ]; then
	$python tests/support/make_torch_nets.py "$scratch" --light
	set -- $(cd "$scratch" && ls ./*.onnx | sed 's|^./||; s|.onnx$||')
elif [ "$1" = --whole ]; then
	set -- $($python tests/support/make_torch_nets.py --list)
fi
for name in "$@"; do
	echo "$name"
	[ -e "$scratch/$name.onnx" ] || $python tests/support/make_torch_nets.py "$scratch" "$name"
	"$net_logits" "$scratch/$name.onnx" "$scratch/${name}_input.bin" "$scratch/${name}_logits.bin" ||
		failures=$((failures + 1))
	rm -f "$scratch/$name.onnx" "$scratch/${name}_"*
done
echo "$failures failures"
[ "$failures" -eq 0 ]
