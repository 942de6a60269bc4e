#!/bin/sh
# package.sh: the arguments of tools/package, and what it says where it cannot work. What it does takes root and an archive of packages.
. tests/support/shell.sh

package=tools/package
mkdir -p "$scratch/apt"
export CHECK_SYSTEMS_APT="$scratch/apt" CHECK_SYSTEMS_RELEASE=bookworm
"$package" --help | grep -q '^usage: tools/package' || fail "no usage"
expect 2 "there is no option --sauce" "$package" --sauce
expect 2 "--to wants a value" "$package" --to
expect 2 "system '../trixie': expected a release's code name" "$package" ../trixie
expect 77 "no mirror in this system's apt sources" "$package" --plan
"$package" --plan --to "$scratch/to" --mirror http://mirror.example/debian trixie >"$scratch/plan" || fail "$(cat "$scratch/plan")"
version=$(sed -n 's/^version: //p' CITATION.cff)
grep -qxF "source: $scratch/to/landuse-$version.tar.xz" "$scratch/plan" && grep -qxF 'systems: trixie' "$scratch/plan" || { cat "$scratch/plan"; fail "another plan"; }
[ ! -e "$scratch/to" ] || fail "a plan does something"
# What the recipes name is there.
for file in packaging/debian/copyright packaging/debian/finish.cmake packaging/use.sh packaging/try.sh; do [ -s "$file" ] || fail "no $file"; done
