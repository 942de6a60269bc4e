#!/bin/sh
# s22_training.sh: train says when held-out chips are known to the backbone, keeps no temperature that makes calibration
# worse, and has no "nan" in its card.
. tests/support/shell.sh

draw_chips 8
cd "$scratch"
train() { "$landuse" train -q --no-history --cache cache --block-numbers 2 "$@"; }

# A backbone that has not seen the chips: not a word.
train chips --backbone aerial-21 -o models/first >log 2>err
lacks 'backbone aerial-21: the figures' log err || fail "a false alarm"
lacks 'flatter' models/first/README.md || fail "a false alarm in the card"

# One that has: said in the output, on stderr, in the card and in model.json; of a bare network in its package, too.
for backbone in ./models/first ./models/first/model.onnx; do
	name=models/second$(basename "$backbone" .onnx)
	set -- --backbone "$backbone"
	[ "$backbone" = ./models/first ] || set -- "$@" --mean 0.5 --std 0.5 --gsd 0.3
	train chips "$@" -o "$name" >log 2>err
	grep -q '32 of these chips were in the training of backbone' log || { cat log; fail "$backbone: the output"; }
	grep -q '^warning: chips: 32 of 32 chips held out were in the training of backbone' err ||
		{ cat err; fail "$backbone: no warning"; }
	grep -q '32 of the chips held out were in the training of the backbone' "$name/README.md" || fail "$backbone: the card"
	"$python" - "$name" <<'PY'
import json, sys
p = json.load(open(f"{sys.argv[1]}/model.json"))["properties"]
assert p["landuse:metrics"]["in_backbone_training"] == 32, p["landuse:metrics"]
PY
done
"$python" - <<'PY'
import json
read = lambda name: json.load(open(f"{name}/model.json"))["properties"]
assert read("models/first")["landuse:metrics"]["in_backbone_training"] == 0
# The list passes on: what aerial-21 has learned from, the second model has, too.
known = read("models/second" + "first")["landuse:training_chips"]
assert len(known) == len(set(known)) > 32 and set(read("models/first")["landuse:training_chips"]) == set(known)
PY

# A temperature is kept where it helps chips that it was not found on, and else it is 1 and told.
cat >check.py <<'PY'
import json, sys
used = []
for name in sys.argv[1:]:
    m = json.load(open(f"{name}/model.json"))["properties"]["landuse:metrics"]
    card = open(f"{name}/README.md").read()
    assert m["calibration_error_after"] <= m["calibration_error_before"], (name, m)
    if "temperature_not_used" in m:
        assert m["temperature"] == 1 and m["calibration_error_after"] == m["calibration_error_before"], (name, m)
        assert "and is not used" in card, card
    else:
        assert "before the temperature of" in card, card
    used.append("temperature_not_used" not in m)
print(used)
PY
i=0
for l2 in 1e-5 1e-2 1 10; do
	i=$((i + 1))
	train chips --backbone aerial-21 --l2 $l2 -o models/t$i >log 2>/dev/null
	grep -q 'after temperature\|is not used' log || { cat log; fail "calibration is not told"; }
done
"$python" check.py models/first models/t1 models/t2 models/t3 models/t4 >used
grep -q True used && grep -q False used || { cat used; fail "draw chips of which some need a temperature and some do not"; }

# A class without held-out chips has no figures: a dash, not "nan".
{
	echo path,class,split
	for class in forest river parkinglot; do
		i=0
		for file in chips/$class/*; do
			i=$((i + 1))
			split=train
			[ $i -gt 5 ] && [ $class != river ] && split=validate
			echo "$file,$class,$split"
		done
	done
} >index.csv
train index.csv --backbone aerial-21 -o models/dash >log 2>/dev/null
lacks -i 'nan' models/dash/README.md log || { cat models/dash/README.md; fail "nan in the card"; }
grep -q '^| river | 0 | .* | - |' models/dash/README.md || { cat models/dash/README.md; fail "no dash"; }
grep -q 'no chip of class river is held out' log || { cat log; fail "a class without chips goes unmentioned"; }
