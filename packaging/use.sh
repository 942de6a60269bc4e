#!/bin/sh
# use.sh: the program in C of docs/library.md builds with the installed header and library, and runs.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
sed -n '/^```c$/,/^```$/p' /usr/share/landuse/docs/library.md | sed '/^```/d' >"$dir/county.c"
cp -r /usr/share/landuse/samples/county/* "$dir"
mv "$dir/job.yaml" "$dir/county.yaml"
cd "$dir"
# shellcheck disable=SC2046
cc -std=c11 -Wall -Wextra -Werror county.c -o county $(pkg-config --cflags --libs landuse)
./county >told || { cat told; exit 1; }
grep -q report.html told
echo "use.sh: ok"
