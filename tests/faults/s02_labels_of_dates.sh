#!/bin/sh
# s02_labels_of_dates.sh: one rule for what a date is called, in a job, in --dates and in a map that states its own: no way
# out of the output folder, no two pairs in one folder, no date in the place of a file.
. tests/support/shell.sh
mkdir "$scratch/work"
cd "$scratch/work"
python_here <<'END'
from fixtures import *
before, after = two_maps()
raster("a.tif", before)
raster("b.tif", after)
raster("c.tif", before)
raster("d.tif", after)
raster("Land Cover (2001).v2.tif", before)
long = "x" * 300
for name, label in (("up", ".."), ("here", "."), ("deep", "../../x"), ("line", "20\n01"), ("long", long), ("mark", "é"),
                    ("hidden", ".work"), ("file", "statistics.json"), ("good", " 2001-08-18 ")):
    raster(f"{name}.tif", before, metadata={"LANDUSE_DATE": label})
END
job() { # job LABEL...: a job of dates with these labels.
	echo 'model: aerial-21'
	echo 'output: out'
	echo 'dates:'
	for label; do printf '  - {date: "%s", imagery: a.tif}\n' "$label"; done
}
files() { (cd .. && find . -type f ! -name std\* ! -name job.yaml | sort); }
files >"$scratch/before"
for label in .. ../../x 'two words' .work "$(printf '%065d' 0)" transitions.CSV; do
	expect 2 "date '" "$landuse" change -q --mmu 2 --dates "2001,$label" -o out a.tif b.tif
	job 2001 "$label" >job.yaml
	expect 2 "date '" "$landuse" run --dry-run job.yaml
done
for name in up here deep line long mark hidden file; do
	expect 2 "$name.tif: date '" "$landuse" change -q --mmu 2 -o out "$name.tif" b.tif
done
# Joined names: of two pairs, of a pair and a date, of two tables.
expect 2 "'a_b_c'" "$landuse" change -q --dates a,a_b,b_c,c -o out a.tif b.tif c.tif d.tif
expect 2 "'a_b'" "$landuse" change -q --dates a,b,a_b -o out a.tif b.tif c.tif
expect 2 "'a_b_ha'" "$landuse" change -q --dates a,b,b_ha -o out a.tif b.tif c.tif
job a a_b b_c c >job.yaml
expect 2 "'a_b_c'" "$landuse" run --dry-run job.yaml
files | cmp - "$scratch/before" || fail 'a refused label left files'

# What may be a label is one still; blanks around it are not of it, and a file's name is made one.
"$landuse" change -q --pairs consecutive --dates 'a, a_b ,b_c,c' -o consecutive a.tif b.tif c.tif d.tif >/dev/null
[ -f consecutive/a_b_b_c/change.tif ] || fail 'consecutive pairs do not share a name'
"$landuse" change -q --dates v1.0,2011-07-01_b -o labels a.tif b.tif >/dev/null
[ -f labels/v1.0_2011-07-01_b/change.tif ] || fail 'dots, dashes and lines below'
"$landuse" change -q -o named 'Land Cover (2001).v2.tif' b.tif >/dev/null
[ -f named/Land_Cover__2001__b/change.tif ] || fail "a file's name: $(ls named)"
"$landuse" change -q -o stated good.tif b.tif >/dev/null
[ -f stated/2001-08-18_b/change.tif ] || fail "a date that a map states: $(ls stated)"
