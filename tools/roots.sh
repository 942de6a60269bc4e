# roots.sh: root folders of Debian releases, made by debootstrap, and commands inside them; sourced by check-systems and package.
# shellcheck disable=SC2034,SC2154
tool_name=${0##*/}

wrong() {
	echo "$tool_name: $1 (--help)" >&2
	exit 2
}

cannot() {
	echo "$tool_name: cannot $purpose here: $1" >&2
	exit 77
}

# The archive that apt reads the packages of this system from, of the sources in folder $1 for the release $2.
find_mirror() {
	found=$(
		{
			cat "$1/sources.list" 2>/dev/null
			for list in "$1"/sources.list.d/*.list; do
				if [ -f "$list" ]; then cat "$list"; fi
			done
		} | awk -v suite="$2" '
			$1 == "deb" {
				sub(/\[[^]]*\]/, "")
				if ($3 == suite && !found) { print $2; found = 1 }
			}'
	)
	for sources in "$1"/sources.list.d/*.sources; do
		if [ -z "$found" ] && [ -f "$sources" ]; then
			found=$(awk -v suite="$2" '
				function flush() {
					if ((" " types " ") ~ / deb / && (" " suites " ") ~ " " suite " " && enabled !~ /^no/ && uri && !found) {
						print uri
						found = 1
					}
					types = suites = uri = enabled = key = ""
				}
				/^#/ { next }
				/^[ \t]*$/ { flush(); next }
				{
					line = $0
					if (line !~ /^[ \t]/) {
						key = tolower(substr(line, 1, index(line, ":") - 1))
						line = substr(line, index(line, ":") + 1)
					}
					gsub(/[ \t]+/, " ", line)
					sub(/^ /, "", line)
					if (key == "types") types = types " " line
					if (key == "suites") suites = suites " " line
					if (key == "enabled") enabled = line
					if (key == "uris" && !uri) { split(line, words, " "); uri = words[1] }
				}
				END { flush() }' "$sources")
		fi
	done
	case "$found" in
	mirror+file:*)
		list=${found#mirror+file:}
		found=$(awk '!/^#/ && NF { print $1; exit }' "${list#//}" 2>/dev/null || true)
		;;
	esac
	printf '%s\n' "$found"
}

# The systems and the mirror that are asked for are well named; without a mirror, this system's own.
check_systems() {
	for system in $systems; do
		case "$system" in
		*[!a-z0-9.-]* | [!a-z]*) wrong "system '$system': expected a release's code name, as trixie" ;;
		esac
	done
	case "$mirror" in
	'' | http://?* | https://?* | file:/?*) ;;
	*) wrong "--mirror $mirror: expected http://, https:// or file:/" ;;
	esac
	if [ -z "$mirror" ]; then
		release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
		mirror=$(find_mirror "${CHECK_SYSTEMS_APT:-/etc/apt}" "${CHECK_SYSTEMS_RELEASE:-$release}")
	fi
	[ -n "$mirror" ] || cannot "no mirror in this system's apt sources (name one: --mirror URL)"
}

# What making root folders takes is here; 'into', the folder for them and for logs, is there.
can_make_roots() {
	git -c safe.directory="$top" -C "$top" rev-parse --quiet --verify HEAD >/dev/null || cannot "$top is no git clone"
	[ "$(id -u)" -eq 0 ] || cannot "root folders are made by root (sudo tools/$tool_name)"
	for tool in debootstrap unshare; do
		command -v "$tool" >/dev/null || cannot "$tool is not installed"
	done
	unshare --mount --pid --fork --kill-child --propagation private true 2>/dev/null ||
		cannot "this system lets nobody have mounts of their own (unshare)"

	if [ -n "$into" ]; then
		mkdir -p "$into"
		into=$(cd "$into" && pwd)
	else
		into=$(mktemp -d "${TMPDIR:-/tmp}/landuse-roots.XXXXXX")
	fi
}

child='' root='' apart_options='' failed='' unmade=''

forget_root() {
	if [ -n "$root" ] && [ -z "$keep" ]; then
		# Its last processes may be on their way out.
		rm -rf --one-file-system "$root" 2>/dev/null || { sleep 2 && rm -rf --one-file-system "$root"; } || true
	fi
	root=''
}

# Run a command with mounts and processes of its own, in the background so that a signal finds this shell awake.
apart() {
	# shellcheck disable=SC2086
	unshare --mount --pid --fork --kill-child --propagation private $apart_options -- "$@" &
	child=$!
	code=0
	wait "$child" || code=$?
	child=''
	return "$code"
}

# shellcheck disable=SC2016 # for the shell inside
enter='
	root=$1 data=$2
	shift 2
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
	mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || true
	if [ -n "$data" ]; then
		mkdir -p "$root/root/shared/data"
		mount --bind "$data" "$root/root/shared/data"
		mount -o remount,bind,ro "$root/root/shared/data"
	fi
	exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"'

inside() {
	apart sh -ec "$enter" sh "$root" "$data" "$@"
}

# A step: its name, then a command whose output goes to a log of that name.
step() {
	name=$1
	shift
	log="$into/$system-$name.log"
	echo "== $system: $name"
	began=$(date +%s)
	code=0
	"$@" >"$log" 2>&1 </dev/null || code=$?
	took=$(($(date +%s) - began))
	printf '%-12s %-12s %5d %5d:%02d\n' "$system" "$name" "$code" $((took / 60)) $((took % 60)) >>"$table"
	if [ "$code" -ne 0 ]; then
		tail -40 "$log"
		echo "== $system: $name ended with exit code $code; all of it: $log"
	elif [ -z "$keep" ]; then
		rm -f "$log"
	fi
	return "$code"
}

# make_root [PACKAGE]: the folder $root of the release $system, with nothing in it but this.
make_root() {
	include=${1:-}
	case "$mirror" in
	https:*) include=${1:+$1,}ca-certificates ;;
	esac
	components=main
	# Ubuntu keeps most of what is needed in a component of its own.
	case "$(readlink -f "/usr/share/debootstrap/scripts/$system" 2>/dev/null)" in
	*/gutsy) components=main,universe ;;
	esac
	apart debootstrap --variant=minbase ${include:+--include="$include"} --components="$components" "$system" "$root" "$mirror"
}

finish() {
	trap '' INT TERM HUP
	if [ -n "$child" ]; then
		# unshare waits for its child whatever it is told but this, which ends the child and all that it has begun.
		kill -KILL "$child" 2>/dev/null || true
		wait "$child" 2>/dev/null || true
	fi
	forget_root
	for leftover in $leftovers table table.versions; do rm -f "$into/$leftover"; done
	if [ -z "$failed$unmade$keep" ]; then rm -f "$into"/*-*.log; fi
	rmdir "$into" 2>/dev/null || true
}

# The steps' table begins; when this shell ends, root folders go, and the files "$@" in 'into'.
begin_table() {
	leftovers=$*
	trap finish EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	table="$into/table"
	printf '%-12s %-12s %5s %8s\n' system step exit time >"$table"
}

# It is told, and this shell ends by it.
end_table() {
	echo
	cat "$table"
	if [ -f "$table.versions" ]; then
		echo
		cat "$table.versions"
	fi
	[ -z "$failed" ] || exit 1
	[ -z "$unmade" ] || cannot "debootstrap has made no root folder of$unmade from $mirror"
}
