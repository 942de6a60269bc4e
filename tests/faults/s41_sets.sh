#!/bin/sh
# s41_sets.sh: what systems leave in folders is no class and no chip, deeper folders are refused, and a chip that stands
# in a set twice counts once or is refused.
. tests/support/shell.sh

"$sample_county" -q --chips "$scratch/drawn" --per-class 3 --seed 5 --chip 128
cd "$scratch"
mkdir chips
for class in forest river; do cp -r "drawn/$class" chips; done
evaluate() { "$landuse" evaluate -q --no-history aerial-21 "$@"; }
train() { "$landuse" train -q --no-history --cache cache --backbone aerial-21 -o models/new --overwrite "$@"; }
evaluate chips --json >clean.json 2>clean.err
[ ! -s clean.err ] || fail "a good set is complained of: $(cat clean.err)"

# A set that went through a Mac and a Windows share is the same set.
cp -r chips dusty
first=$(basename "$(find chips/forest -type f | sort | head -1)")
mkdir -p dusty/__MACOSX/forest dusty/forest/@eaDir dusty/.git
echo mac >dusty/__MACOSX/forest/._$first
echo mac >dusty/forest/._$first
echo thumbs >dusty/forest/Thumbs.db
echo thumbs >dusty/forest/@eaDir/$first
echo mac >dusty/river/.DS_Store
echo mac >dusty/.DS_Store
"$landuse" evaluate --no-history aerial-21 dusty --json >dusty.json 2>dusty.err
grep -q 'dusty: hidden files and what a system leaves in folders, passed over: 7 (' dusty.err ||
	{ cat dusty.err; fail "it does not say what it passed over"; }
"$python" - <<'PY'
import json
clean, dusty = json.load(open("clean.json")), json.load(open("dusty.json"))
for key in ("n", "overall_accuracy", "confusion", "classes"):
    assert clean[key] == dusty[key], (key, clean[key], dusty[key])
assert (clean["passed_over"], dusty["passed_over"]) == (0, 7), dusty["passed_over"]
assert any("7 files and folders that are no chips" in note for note in dusty["notes"]), dusty["notes"]
PY
train dusty >log 2>&1 || { cat log; fail "training took the dust for a class"; }
grep -q ': 6 chips of 2 classes (0 unreadable' log || { cat log; fail "training counted the dust"; }

# The same around folders of splits, which must not become classes by it; pictures beside the classes are told.
mkdir -p split/__MACOSX
cp -r chips split/train
cp -r chips split/test
cp "chips/forest/$first" split
"$landuse" evaluate -q --no-history aerial-21 split --json >split.json 2>split.err
grep -q '"split": "test"' split.json || fail "the splits were not found"
grep -qF "warning: split: pictures outside the class folders, passed over: 1 (split/$first)" split.err ||
	{ cat split.err; fail "a picture outside the classes goes unmentioned"; }

# Deeper folders: without pictures they are passed over, with them refused.
cp -r chips deep
mkdir -p deep/forest/notes/old
echo text >deep/forest/notes/old/readme.txt
says '"n": 6' evaluate deep --json || fail "a folder of notes changed the set"
mkdir deep/forest/2019
mv "deep/forest/$first" deep/forest/2019
mkdir wrapped
cp -r chips wrapped/set
for command in evaluate train; do
	expect 1 "deep/forest/2019/$first: lies in a folder inside the class folder 'forest'" $command deep
	expect 1 "lies in a folder inside the class folder 'set'" $command wrapped
done

# Rows twice: the same in all is once, with a warning; anything else is refused and named.
index() {
	echo path,class,split,block,weight
	for class in forest river; do
		for file in chips/$class/*; do echo "$file,$class,,b,1"; done
	done
}
index >once.csv
evaluate once.csv --json >once.json 2>once.err
[ ! -s once.err ] || fail "a good index is complained of: $(cat once.err)"
{
	index
	echo "chips/forest/$first,forest,,b,1"
	echo "./chips/../chips/forest/$first,forest,,b,1"
	echo "$PWD/chips/forest/$first,forest,,b,1"
} >twice.csv
for command in evaluate train; do
	code=0
	$command twice.csv >log 2>err || code=$?
	[ $code -le 1 ] || { cat err; fail "$command ended with $code"; }
	grep -qF 'warning: twice.csv: chips that stand there before, counted once: 3 (row 7 says what row 1 said)' err ||
		{ cat err; fail "$command does not tell of rows twice"; }
done
evaluate twice.csv --json 2>/dev/null >twice.json
"$python" - <<'PY'
import json
once, twice = json.load(open("once.json")), json.load(open("twice.json"))
for key in ("n", "overall_accuracy", "overall_accuracy_interval_95", "confusion"):
    assert once[key] == twice[key], (key, once[key], twice[key])
assert twice["repeated"] == 3 and once["repeated"] == 0
PY
while read -r name row fact; do
	{ index; echo "chips/forest/$first,$row"; } >"$name.csv"
	for command in evaluate train; do
		expect 1 "$name.csv: chips/forest/$first is $fact (rows 1 and 7)" $command "$name.csv"
	done
done <<'ROWS'
classes river,,b,1 of class 'forest' and of class 'river'
splits forest,test,b,1 in split no split and in split test
blocks forest,,c,1 in block 'b' and in block 'c'
ROWS
ln -s "../forest/$first" chips/river/link.jpg
expect 1 "chips/river/link.jpg is of class 'forest' and of class 'river'" evaluate chips
rm chips/river/link.jpg

# Copies under other names count, and are told.
cp "chips/forest/$first" chips/river/copy.jpg
evaluate chips --json >copy.json 2>copy.err
grep -q 'are the same picture: one label is wrong' copy.err || { cat copy.err; fail "two labels of one picture"; }
"$python" -c 'import json; assert json.load(open("copy.json"))["copies"] == 1'
