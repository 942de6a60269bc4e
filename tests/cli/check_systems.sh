#!/bin/sh
# check_systems.sh: the arguments of tools/check-systems, where it finds a mirror, and what it says where it cannot work.
. tests/support/shell.sh

check=tools/check-systems
mkdir -p "$scratch/apt/sources.list.d" "$scratch/bin"
export CHECK_SYSTEMS_APT="$scratch/apt" CHECK_SYSTEMS_RELEASE=bookworm
sources=$scratch/apt/sources.list.d

mirror_is() {
	"$check" --plan >"$scratch/plan"
	grep -qxF "mirror: $1" "$scratch/plan" || { cat "$scratch/plan" >&2; fail "the mirror is not $1"; }
}

"$check" --help | grep -q '^usage: tools/check-systems' || fail "no usage"
expect 2 "there is no option --miror" "$check" --miror http://mirror.example/debian
expect 2 "--mirror wants a value" "$check" --mirror
expect 2 "--only wants a value" "$check" --only ''
expect 2 "--mirror mirror.example: expected http://" "$check" --mirror mirror.example --plan
expect 2 "system '../trixie': expected a release's code name" "$check" ../trixie
expect 2 "--only trixie and the systems bookworm" "$check" --only trixie bookworm

# Without sources there is no mirror, and that is no failure of a system.
expect 77 "no mirror in this system's apt sources" "$check" --plan
expect 77 "no mirror in this system's apt sources" "$check" trixie

# One line a source; other releases, sources without programs and what is commented out are passed over.
cat >"$scratch/apt/sources.list" <<'END'
# deb http://never.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb [arch=amd64 signed-by=/usr/share/keyrings/some.gpg] http://line.example/debian bookworm main contrib
deb http://later.example/debian bookworm main
END
mirror_is http://line.example/debian
grep -qxF "systems: bookworm trixie" "$scratch/plan" || fail "not Debian 12 and 13"

# Stanzas: folded lines, several words, and sources that are switched off.
rm "$scratch/apt/sources.list"
cat >"$sources/a.sources" <<'END'
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
END
expect 77 "no mirror" "$check" --plan
cat >"$sources/b.sources" <<'END'
Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main

# http://comment.example/debian
Types: deb deb-src
URIs: http://stanza.example/debian http://second.example/debian
Suites:
 bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/some.gpg
END
mirror_is http://stanza.example/debian

# A list of mirrors, as cloud images have it.
rm "$sources"/*
printf '# mirrors\nhttps://listed.example/debian\nhttps://other.example/debian\n' >"$scratch/mirrors.list"
printf 'Types: deb\nURIs: mirror+file://%s\nSuites: bookworm\nComponents: main\n' "$scratch/mirrors.list" \
	>"$sources/debian.sources"
mirror_is https://listed.example/debian

# What is named goes before what is found; real data are told.
mkdir "$scratch/data"
LANDUSE_TEST_DATA="$scratch/data" "$check" --plan --mirror http://named.example/debian --only sid >"$scratch/plan"
for line in "systems: sid" "mirror: http://named.example/debian" "real data: $(cd "$scratch/data" && pwd)"; do
	grep -qxF "$line" "$scratch/plan" || { cat "$scratch/plan" >&2; fail "no line '$line'"; }
done

# Where it cannot work it leaves with a code of its own, and nothing behind.
for tool in sh dirname sed tr awk id git; do ln -s "$(command -v $tool)" "$scratch/bin/$tool"; done
expect 77 "cannot check here" env PATH="$scratch/bin" "$check" --into "$scratch/roots"
[ ! -e "$scratch/roots" ] || fail "folders are left"
