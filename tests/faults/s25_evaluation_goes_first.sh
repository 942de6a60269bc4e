# s25_evaluation_goes_first.sh: an evaluation that stops among its tables leaves no evaluation.json that speaks for two.
. tests/support/shell.sh
models=$PWD/models
cd "$scratch"
draw_chips 3
evaluate() { "$landuse" evaluate -q --no-history -o out "$models/aerial-21" chips; }
evaluate >/dev/null
[ -s out/evaluation.json ] || fail "no evaluation"
rm out/confusion.svg
mkdir out/confusion.svg
expect 1 confusion.svg evaluate
[ ! -e out/evaluation.json ] || fail "it speaks for tables of two evaluations"
rmdir out/confusion.svg
evaluate >/dev/null
[ -s out/evaluation.json ] || fail "no evaluation"
