#!/bin/sh
# change_northampton.sh: landuse change on NLCD 2001 and 2011 around Northampton, Massachusetts, compared with a cross-tabulation made by other means.
. tests/support/data.sh
maps=$data/nlcd_northampton_ma
"$landuse" change -q --dates 2001,2011 -o "$scratch/out" "$maps/nlcd_2001.tif" "$maps/nlcd_2011.tif" >/dev/null
"$landuse" change -q --tables-only --dates 2001,2011 -o "$scratch/tables" "$maps/nlcd_2001.tif" "$maps/nlcd_2011.tif" >/dev/null
for table in transitions transition_2001_2011 class_areas; do
	cmp "$scratch/out/$table.csv" "$scratch/tables/$table.csv"
done
"$python" - "$maps/crosstab_2001_2011.csv" "$scratch/out" <<'END'
import csv
import sys
crosstab, out = sys.argv[1:3]


def matrix(path):
    """{(from, to): cells} of a table with classes in its first row and column: 41, or Class 41."""
    header, *rows = csv.reader(open(path))
    entries = [(row[0], to, int(n)) for row in rows for to, n in zip(header[1:], row[1:]) if int(n)]
    return {(int(a.split()[-1]), int(b.split()[-1])): n for a, b, n in entries}


wanted = matrix(crosstab)
assert matrix(f"{out}/transition_2001_2011.csv") == wanted
found = {}
for row in csv.DictReader(open(f"{out}/transitions.csv")):
    found[int(row["from_code"]), int(row["to_code"])] = int(row["cells"])
    # The projection keeps areas: a cell of 30 m is 0.09 ha.
    assert abs(float(row["area_ha"]) - 0.09 * int(row["cells"])) < 1e-6, row
assert found == wanted, {pair: (found.get(pair), wanted.get(pair)) for pair in found.keys() | wanted.keys()
                         if found.get(pair) != wanted.get(pair)}
assert sum(found.values()) == 340828
END
