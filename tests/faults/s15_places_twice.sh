#!/bin/sh
# s15_places_twice.sh: a place is one sampling unit however often it stands in a sample; two labels of it cannot both be right;
# cells that a design drew and the file lacks are told.
. tests/support/shell.sh
cd "$scratch"
python_here <<'END'
from fixtures import *
before, after = two_maps(classes=(1, 2, 3), size=(40, 40))
raster("map.tif", before, names=["", "Water", "Farm", "Wood"])
np.save("truth.npy", after)
END
"$landuse" sample -q --size 90 --min-per-stratum 20 -o sample.gpkg map.tif >/dev/null
python_here <<'END'
from fixtures import *
import csv
import shutil
truth = np.load("truth.npy")
source = ogr.Open("sample.gpkg", 1)
sheet = source.GetLayerByName("sample")
for row in list(sheet):
    row["reference"] = int(truth[row["row"], row["col"]])
    sheet.SetFeature(row)
del row, sheet, source


def edit(name, change):
    """sample.gpkg, every row given to 'change', with its layer."""
    shutil.copy("sample.gpkg", f"{name}.gpkg")
    out = ogr.Open(f"{name}.gpkg", 1)
    sheet = out.GetLayerByName("sample")
    for row in list(sheet):
        change(sheet, row)
    del row, sheet, out


def again(sheet, row, label=None):
    copy = row.Clone()
    copy.SetFID(-1)
    if label is not None:
        copy["reference"] = label
    sheet.CreateFeature(copy)


def once(of, act):
    return lambda sheet, row: act(sheet, row) if row.GetFID() in of else None


edit("twice", again)
edit("some", once(range(1, 11), again))
edit("empty", once(range(1, 11), lambda sheet, row: (again(sheet, row), row.SetFieldNull("reference"), sheet.SetFeature(row))))
edit("cut", once(range(1, 31), lambda sheet, row: sheet.DeleteFeature(row.GetFID())))
edit("both", once((3, 7), lambda sheet, row: again(sheet, row, row["reference"] % 3 + 1)))
# As a CSV without the tables of the design: its strata by their weights; then anyone's points, four of a cell.
fields = ["x", "y", "stratum", "weight", "reference"]
source = ogr.Open("sample.gpkg")
sheet = source.GetLayerByName("sample")
rows = [{"x": MAP_PLACE[0] + 30 * r["col"] + 15, "y": MAP_PLACE[3] - 30 * r["row"] - 15, "stratum": r["stratum"],
         "weight": r["weight"], "reference": r["reference"]} for r in sheet]


def table(name, rows, fields=fields):
    with open(f"{name}.csv", "w", newline="") as to:
        out = csv.DictWriter(to, fields, extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)


table("csv", rows)
table("csv_twice", rows + rows[:20])
table("points", rows, ["x", "y", "reference"])
table("corners", [dict(r, x=r["x"] + dx, y=r["y"] + dy) for r in rows for dx in (-9, 9) for dy in (-9, 9)], ["x", "y", "reference"])
table("split", rows + [dict(rows[0], x=rows[0]["x"] + 9, reference=rows[0]["reference"] % 3 + 1)], ["x", "y", "reference"])
table("strata", [dict(r, map="Farm", reference="Farm" if i % 4 else "Wood") for i, r in enumerate(rows)], fields + ["map"])
table("strata_twice", 2 * [dict(r, map="Farm", reference="Farm" if i % 4 else "Wood") for i, r in enumerate(rows)], fields + ["map"])
END
assess() { # assess NAME: overall accuracy with its interval, and what is said, into err.
	"$landuse" assess map.tif "$1" >"$1.txt" 2>err || fail "$1: $(cat err)"
	grep '^overall' "$1.txt" >"$1.overall"
}
same() { cmp "$1.overall" "$2.overall" || fail "$2: $(cat "$2.overall"), $1: $(cat "$1.overall")"; }
assess sample.gpkg
[ ! -s err ] || fail "words about a good sample: $(cat err)"
assess twice.gpkg
same sample.gpkg twice.gpkg
grep -q '^warning: twice.gpkg: 90 cells stand twice' err || fail "$(cat err)"
grep -q '^90 places, 90 labelled; 90 rows repeat' twice.gpkg.txt || fail "$(cat twice.gpkg.txt)"
assess some.gpkg
same sample.gpkg some.gpkg
grep -q '10 cells stand twice' err || fail "$(cat err)"
assess empty.gpkg
same sample.gpkg empty.gpkg
lacks 'not labelled' err || fail 'a label in one of two rows is a label'
assess cut.gpkg
grep -q '^warning: cut.gpkg: 30 of the 90 drawn cells are missing' err || fail "$(cat err)"
says '"missing": 30' "$landuse" assess --json map.tif cut.gpkg 2>/dev/null || fail 'JSON'
expect 1 "both.gpkg: 2 cells have two labels that differ, first rows 3 and 91" "$landuse" assess map.tif both.gpkg
assess csv.csv
assess csv_twice.csv
same csv.csv csv_twice.csv
assess points.csv
assess corners.csv
same points.csv corners.csv
grep -q '90 cells stand twice or more in it (270 rows' err || fail "$(cat err)"
assess split.csv
grep -q "^warning: split.csv: 1 cells have two labels that differ, first rows 1 and 91" err || fail "$(cat err)"
grep -q '89 labelled, 1 with two labels' split.csv.txt || fail "$(cat split.csv.txt)"
printf 'stratum,size\n1,500\n2,500\n3,600\n' >sizes.csv
for name in strata strata_twice; do
	"$landuse" assess -q --strata sizes.csv $name.csv 2>err >assessed
	grep '^overall' assessed >$name.overall
done
same strata strata_twice
grep -q '90 cells stand twice' err || fail "$(cat err)"
