#!/bin/sh
# docs.sh: links of the documentation lead somewhere, its command lines parse, and the constants of the method page are the code's.
. tests/support/shell.sh

"$landuse" help --json >"$scratch/commands.json"
"$python" tests/support/check_docs.py "$scratch/commands.json" || fail "the documentation (tests/support/check_docs.py)"

# The version that is cited is the one that is built.
version=$(sed -n 's/^version: //p' CITATION.cff)
says "^landuse $version\$" "$landuse" --version || fail "CITATION.cff cites version '$version'"

# The check finds what is wrong.
mkdir "$scratch/wrong"
for name in *; do ln -s "$PWD/$name" "$scratch/wrong/$name"; done
rm "$scratch/wrong/docs"
cp -r docs "$scratch/wrong"
cat >>"$scratch/wrong/docs/method.md" <<'END2'
[gone](nowhere.md) [heading](glossary.md#nothing)

    | `usual_rate` | 0.5 | change/detect.c | not what it is |

```sh
landuse run --nope county.yaml
landuse sample --seed often -o a.gpkg map.tif
landuse run
```
END2
sed -i 's/^    | `usual/| `usual/' "$scratch/wrong/docs/method.md"
check="$PWD/tests/support/check_docs.py"
cd "$scratch/wrong"
code=0
"$python" "$check" ../commands.json 2>"$scratch/faults" || code=$?
[ $code -eq 1 ] || fail "faults are not found: exit code $code"
for fault in 'no file nowhere.md' 'no heading for glossary.md#nothing' 'usual_rate is 0.5, src/change/detect.c has 0.01' 'no option --nope' \
	'--seed often is no number' '0 arguments, of 1 to 1: landuse run'; do
	grep -qF -- "$fault" "$scratch/faults" || { cat "$scratch/faults" >&2; fail "'$fault' is not found"; }
done
[ "$(wc -l <"$scratch/faults")" -eq 6 ] || { cat "$scratch/faults" >&2; fail "other faults"; }
