#!/bin/sh
# run_normalise_naip.sh: five real flights, each of which can be the reference though two have no radiometry in common.
. tests/support/data.sh

cd "$scratch"
for reference in 20090818 20100629 20140720 20170827 20200831; do
	{
		printf 'model: aerial-21\naccept_gsd_mismatch: true\ndates:\n'
		for file in "$data"/naip_5m_stutsman_nd/*.tif; do
			echo "  - {date: $(basename "$file" .tif | sed 's/.*_//'), imagery: $file}"
		done
		# How a date is normalised hardly depends on the cells: large ones are few to classify.
		printf 'grid: {chip: 64}\nnormalise: {to: %s}\noutput: %s\n' $reference $reference
	} >$reference.yaml
	"$landuse" run -q $reference.yaml >/dev/null 2>stderr || fail "$reference: $(cat stderr)"
done
"$python" - <<'END'
import glob, json
by_way = []
for name in sorted(glob.glob("*/statistics.json")):
    for date in json.load(open(name))["dates"]:
        found = date.get("normalisation")
        if found and "via" in found:
            by_way.append(f"{date['label']} to {found['to']} by way of {found['via']}")
        assert found is None or all(band["gain"] > 0 for band in found["bands"])
print("\n".join(by_way))
assert by_way, "no pair of these dates needs another one"
END
