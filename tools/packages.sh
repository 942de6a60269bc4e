# packages.sh: the Debian/Ubuntu packages of a build and of the tests; sourced by quickstart and test.
# shellcheck disable=SC2034

build_packages="build-essential cmake ninja-build pkg-config git
	libgdal-dev gdal-bin libproj-dev libtiff-dev libopenblas-dev libdnnl-dev liblbfgs-dev
	libprotobuf-c-dev protobuf-c-compiler libonnx-dev libjansson-dev libyaml-dev libssl-dev libxgboost-dev libjs-leaflet
	libcurl4-openssl-dev"

# What shows outputs as people see them: 416 MB to fetch on Debian 12 (QGIS 266, the browser 183, shared by both 33).
look_packages="qgis python3-qgis chromium"

fuzz_packages="clang libomp-dev"

# Passed over where the distribution has none (Ubuntu 22.04): the build goes without, a test says what it lacks.
optional_packages="libxgboost-dev libjs-leaflet libcurl4-openssl-dev slurm-wlm munge mold $look_packages"

test_packages="libcmocka-dev python3 python3-gdal python3-numpy python3-onnx clang-format shellcheck slurm-wlm munge mold"

# Install those of "$@" that are missing, by apt-get, as root or through sudo.
install_packages() {
	missing=
	for package in "$@"; do
		if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
			missing="$missing $package"
		fi
	done
	if [ -z "$missing" ]; then
		echo "packages: all $# are installed"
		return 0
	fi
	if ! command -v apt-get >/dev/null; then
		echo "packages: please install by hand:$missing" >&2
		return 1
	fi
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
	fi
	echo "packages: installing$missing"
	$as_root apt-get update -qq
	for package in $optional_packages; do
		case "$missing " in
		*" $package "*)
			if ! apt-cache show "$package" >/dev/null 2>&1; then
				echo "packages: there is no $package here, going on without"
				missing=$(echo "$missing " | sed "s/ $package / /")
			fi
			;;
		esac
	done
	# shellcheck disable=SC2086
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Can Clang build a libFuzzer program?
can_fuzz() {
	command -v clang >/dev/null || return 1
	echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n > 9 ? 0 : 0; }' |
		clang -x c -fsanitize=fuzzer,address,undefined - -o /dev/null 2>/dev/null
}

# Clang, its OpenMP and its libFuzzer; a distribution that keeps the latter apart names the package by Clang's version.
install_fuzzer() {
	# shellcheck disable=SC2086
	install_packages $fuzz_packages
	can_fuzz || install_packages "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
	can_fuzz || { echo "packages: Clang has no libFuzzer here" >&2; return 1; }
}
