#!/bin/sh
# No shell script of the repository gets a warning from the program shellcheck.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v shellcheck >/dev/null; then
	echo "skipped: no shellcheck (package shellcheck)"
	exit 77
fi
scripts=$(find .ci tests tools -type f \( -name '*.sh' -o -exec sh -c 'head -n 1 "$1" | grep -q "^#!/bin/sh"' sh {} \; \) -print | sort)
# Left out: words split on purpose (SC2046), files named as some command is (SC2209, SC2238), the word 'done' as a job's
# name (SC1010), and ulimit -n and -v, which POSIX does not have and every sh of Debian does (SC3045).
# shellcheck disable=SC2086
shellcheck --shell sh --severity warning --external-sources --exclude SC1010,SC2046,SC2209,SC2238,SC3045 $scripts
echo "$(echo "$scripts" | wc -l) scripts"
