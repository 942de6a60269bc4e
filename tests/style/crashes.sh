#!/bin/sh
# crashes.sh: no check of the shell tests can pass because the program that it runs has crashed.
#
# A crash is silence and a large exit code. A '!' and '&& fail' take any failure for the one that was expected, a pipe and
# '|| true' lose the code. tests/support/shell.sh has what looks at both: says, omits, lacks, differ, refuses, expect.
set -eu
cd "$(dirname "$0")/../.."
found=0
# look WHY PATTERN [EXCEPT]: no line of a test's script matches, comments and the lines that match EXCEPT aside.
look() {
	lines=$(grep -nE "$2" tests/*/*.sh | grep -vE "^[^:]*:[0-9]+:[[:space:]]*#|^tests/style/${3:+|$3}" || true)
	[ -z "$lines" ] && return
	printf '%s:\n%s\n' "$1" "$lines" >&2
	found=1
}
program='"\$(landuse|sample_county|program|net_logits)"'
begin='(^|[;&|{(]|then|do|else|if|while|until)[[:space:]]*'
look "'!' takes a crash for the failure that was meant (lacks, omits, differ)" "$begin! [^[]" '! kill -0|if ! (node -e|"?\$python"? -c|command -v|train probe/m|"\$landuse" quantize -q aerial-21)'
look "'&& fail' takes a crash for the refusal that was meant (refuses, expect, omits, lacks)" '&& *fail( |$)'
look "a pipe hides how the program ended (says, or a file)" "$program([^|]|\|\|)*[^|]\|([^|]|\$)"
look "'|| true' hides how the program ended (keep the code, and look at it)" "$program.*\|\| *(true|:)"
exit $found
