# shell.sh: what the shell tests share: the programs, a scratch folder, checks that stop the test.
set -eu
landuse=${LANDUSE:-build/bin/landuse}
case $landuse in /*) ;; *) landuse=$PWD/$landuse ;; esac
sample_county=${SAMPLE_COUNTY:-build/bin/sample-county}
case $sample_county in /*) ;; *) sample_county=$PWD/$sample_county ;; esac
# Debian's own: it has GDAL's bindings.
python=/usr/bin/python3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/landuse-cli-XXXXXX")
# No test writes into the history of whoever runs it.
export LANDUSE_HISTORY="$scratch/history.gpkg"
trap 'chmod -R u+w "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# expect CODE WORDS COMMAND...: the exit code, and one line on stderr that holds the words.
expect() {
	code=$1 words=$2
	shift 2
	got=0
	"$@" >"$scratch/stdout" 2>"$scratch/stderr" || got=$?
	[ "$got" -eq "$code" ] || { cat "$scratch/stderr" >&2; fail "exit code $got instead of $code: $*"; }
	grep -qF -- "$words" "$scratch/stderr" || { cat "$scratch/stderr" >&2; fail "stderr misses '$words': $*"; }
	lines=$(grep -vc '^warning: ' "$scratch/stderr" || true)
	[ "$lines" -eq 1 ] || { cat "$scratch/stderr" >&2; fail "$lines lines of error instead of 1: $*"; }
	lacks 'ERROR [0-9]' "$scratch/stderr" || fail "GDAL printed by itself: $*"
}

# What a program that crashes leaves is silence, and an exit code that a pipe or a '!' would hide: these two look at both.
# says [OPTIONS OF grep] WORDS COMMAND...: the command ends well, and a line of its stdout matches.
# omits [OPTIONS OF grep] WORDS COMMAND...: the command ends well, and no line of its stdout matches.
said() {
	said_options=
	while :; do case $1 in -?) said_options="$said_options $1"; shift ;; *) break ;; esac; done
	said_words=$1 said_code=0
	shift
	"$@" >"$scratch/.said" || said_code=$?
	[ $said_code -eq 0 ] || { echo "exit code $said_code: $*" >&2; return 2; }
	# shellcheck disable=SC2086
	grep -q $said_options -e "$said_words" "$scratch/.said"
}
says() { said "$@" || { cat "$scratch/.said" >&2; return 1; }; }
omits() {
	said_found=0
	said "$@" || said_found=$?
	[ $said_found -eq 1 ]
}

# lacks [OPTIONS OF grep] WORDS FILE...: the files are there, and no line of them matches.
lacks() {
	lacks_code=0
	grep "$@" >&2 || lacks_code=$?
	[ $lacks_code -eq 1 ]
}

# differ FILE FILE: both are there, and their bytes are not the same.
differ() {
	differ_code=0
	cmp -s "$1" "$2" || differ_code=$?
	[ $differ_code -eq 1 ]
}

# refuses WORDS COMMAND...: the command ends with 1 or 2, not by a crash, and stderr (any number of lines) holds the words.
refuses() {
	refuses_words=$1 refuses_code=0
	shift
	"$@" >"$scratch/stdout" 2>"$scratch/stderr" || refuses_code=$?
	case $refuses_code in 1 | 2) ;; *) cat "$scratch/stderr" >&2; fail "exit code $refuses_code: $*" ;; esac
	grep -qF -- "$refuses_words" "$scratch/stderr" || { cat "$scratch/stderr" >&2; fail "stderr misses '$refuses_words': $*"; }
}

# hold_lock FILE: another program holds the lock FILE when this returns, until release_lock.
hold_lock() {
	rm -f "$scratch/locked"
	(
		flock 9
		: >"$scratch/locked"
		exec sleep 300
	) 9>"$1" &
	holder=$!
	until [ -e "$scratch/locked" ]; do sleep 0.05; done
}
release_lock() {
	kill "$holder" 2>/dev/null || true
	wait "$holder" 2>/dev/null || true
}

# draw_chips N: N drawn pictures of each of four classes in "$scratch/chips" (of all classes in "$scratch/drawn").
draw_chips() {
	"$sample_county" -q --chips "$scratch/drawn" --per-class "$1" --seed 5 --chip 224
	mkdir "$scratch/chips"
	for class in forest river agricultural parkinglot; do cp -r "$scratch/drawn/$class" "$scratch/chips"; done
}

# county_job NAME LATER KEYS...: a job NAME.yaml on the drawn county in $scratch/county, 2009 and 2015 (imagery LATER),
# with these lines of further keys and the output out_NAME.
county_job() {
	name=$1 later=$2
	shift 2
	cat >"$scratch/$name.yaml" <<END
county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2009, imagery: county/imagery_2009.tif}
  - {date: 2015, imagery: $later}
$(printf '%s\n' "$@")
output: out_$name
END
}

# python_here ARGUMENTS...: Debian's Python with tests/support/fixtures.py at hand, the script on stdin.
fixtures=$PWD/tests/support
python_here() {
	PYTHONPATH=$fixtures "$python" - "$@"
}
