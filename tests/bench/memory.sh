#!/bin/sh
# memory.sh: peak memory of a 400-chip and a 40,000-chip county (draws 12 GB of pixels: ten minutes on 2 cores).
exec sh tests/cli/memory.sh 20x20 200x200
