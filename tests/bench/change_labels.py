#!/usr/bin/python3
"""change_labels.py: how well do 500 labels tell the growth of a class, and does the interval hold? Through the command line.

usage: change_labels.py [LANDUSE] [--counties N] [--labels N] [--cells N]

Counties are drawn (tests/support/make_change.py): 3 % of the cells changed, P(changed) as good as a network's whose scores of
change lie 'gap' standard deviations from those of no change, and as sure as it should be (trust 1), surer (2), or less (0.5).
Each is sampled three ways: strata of change; the same, helped by P; strata of P for the growth of Developed. A row: root mean
square error and mean half-width of the interval in hectares, how often it holds the truth, the standard error that the
design had promised.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from make_change import county, label, write

ask = argparse.ArgumentParser()
ask.add_argument("landuse", nargs="?", default="build/bin/landuse")
ask.add_argument("--counties", type=int, default=60)
ask.add_argument("--labels", type=int, default=500)
ask.add_argument("--cells", type=int, default=100)
args = ask.parse_args()
landuse = os.path.abspath(args.landuse)
P = ["--probability", "change_probability.tif"]
WAYS = (("strata of change", []), ("strata of change, helped", [*P, "--strata", "change"]),
        ("strata of P, for growth", [*P, "--growth", "Developed"]), ("strata of P, for change", P))


def run(folder, *words):
    return subprocess.run([landuse, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


print(f"{'':34}{'growth: rmse':>13}{'half-width':>11}{'held':>6}{'promised':>9}   change: rmse  half-width  held")
for gap, trust in ((5, 1), (3, 1), (3, 2), (3, .5)):
    kept = {name: [] for name, _ in WAYS}
    for seed in range(1, args.counties + 1):
        with tempfile.TemporaryDirectory() as folder:
            truth, codes, p = county(seed, args.cells, trust=trust, gap=gap)
            write(folder, codes, p)
            ha = 0.25
            growth = ha * (((truth > 99) & (truth % 100 == 2)).sum() - ((truth > 99) & (truth // 100 == 2)).sum())
            change = ha * (truth > 99).sum()
            for name, words in WAYS:
                told = run(folder, "sample", "-q", "--scheme", "landcover-7", "--overwrite", "--seed", str(seed), "--size",
                           str(args.labels), *words, "-o", "s.gpkg", "change.tif")
                label(f"{folder}/s.gpkg", truth)
                said = json.loads(run(folder, "assess", "-q", "--json", "--scheme", "landcover-7", "change.tif", "s.gpkg"))
                promised = re.search(r"growth of Developed to expect: ([\d.]+)", told)
                row = [float(promised[1]) if promised else np.nan]
                for figure, true in ((said["growth"][1]["adjusted_ha"], growth), (said["change"][0]["adjusted_ha"], change)):
                    row += [figure["value"] - true, (figure["high_95"] - figure["low_95"]) / 2,
                            figure["low_95"] <= true <= figure["high_95"]]
                kept[name].append(row)
    for name, _ in WAYS:
        k = np.array(kept[name], float)
        rms = np.sqrt((k[:, (1, 4)] ** 2).mean(0))
        print(f"gap {gap}, trust {trust:3g}: {name:24}{rms[0]:9.1f}{k[:, 2].mean():11.1f}{100 * k[:, 3].mean():6.0f}"
              f"{k[:, 0].mean():9.1f}{rms[1]:15.1f}{k[:, 5].mean():12.1f}{100 * k[:, 6].mean():6.0f}", flush=True)
