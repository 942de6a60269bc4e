#!/bin/sh
# format.sh: every C file is laid out as .clang-format says, by version 14: others lay out some lines differently.
set -eu
cd "$(dirname "$0")/../.."
format=
for name in clang-format-14 clang-format; do
	if command -v "$name" >/dev/null && "$name" --version | grep -q 'version 14\.'; then
		format=$name
		break
	fi
done
[ -n "$format" ] || { echo "skipped: no clang-format of version 14 (package clang-format in Debian 12)"; exit 77; }
files=$(find src tools tests -name '*.[ch]' | sort)
# shellcheck disable=SC2086
"$format" --dry-run -Werror $files
echo "$(echo "$files" | wc -l) files"
