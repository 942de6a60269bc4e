# readme.sh: the own commands of docs/own-models.md, so that text and test cannot drift apart; sourced after shell.sh, from the root.
# shellcheck disable=SC2154
# A block of commands that a test runs stands behind the line <!-- run by tests: NAME -->.
readme_commands() {
	awk -v mark="<!-- run by tests: $1 -->" '
		$0 == mark { found = 1; next }
		found && /^```sh$/ { inside = 1; next }
		inside && /^```$/ { exit }
		inside { print }
		found && !inside && NF > 0 { exit }' docs/own-models.md >"$scratch/commands.sh"
	[ -s "$scratch/commands.sh" ] || fail "docs/own-models.md has no commands named $1"
}

# run_readme NAME: run them in a fresh folder that has the repository's samples and models, as a person in a clone would.
run_readme() {
	readme_commands "$1"
	mkdir -p "$scratch/bin" "$scratch/clone" "$scratch/cache"
	ln -sf "$landuse" "$scratch/bin/landuse"
	ln -sf "$sample_county" "$scratch/bin/sample-county"
	for folder in samples config; do ln -sfn "$PWD/$folder" "$scratch/clone/$folder"; done
	(cd "$scratch/clone" && PATH="$scratch/bin:$PATH" XDG_CACHE_HOME="$scratch/cache" sh -eu "$scratch/commands.sh")
}
