#!/bin/bash
# build.sh: see meta.yaml.
set -euo pipefail
# onnx.proto comes with the Python package.
proto=$(find "$PREFIX" -path '*/onnx/onnx.proto' -print -quit)
cmake -S . -B build -G Ninja $CMAKE_ARGS -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DLANDUSE_TESTS=OFF -DLANDUSE_SOURCE_DATA=OFF \
	-DONNX_PROTO_DIR="${proto%/onnx/onnx.proto}"
cmake --build build -j "$CPU_COUNT"
cmake --install build
