#!/usr/bin/python3
"""change_simulation.py: is what landuse flags as changed truly changed, and how much does it find?

Draws counties with known change, spoils their pictures as flights differ (lens, light, sensor,
compression, georeference), maps them with the shipped model and holds the flags of the first and the
last date against the truth, beside naive differencing of the same maps. One line a scenario, pooled
over all seeds.

usage: change_simulation.py [--build DIR] [--seeds A-B,C] [--cells WxH] [--only NAME]
                            [--model NAME] [--normalise METHOD] [--keep DIR] [--draw-only]

With --keep the flights stay in DIR and are not drawn again, so that models and constants can be
compared on the same pictures.

Needs Debian's python3-gdal, python3-numpy and python3-pil. Seeds 101 to 200 are for choosing the
constants in src/change/two_groups.c; tables are made with others.
"""
import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from osgeo import gdal
from PIL import Image, ImageFilter

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

# What a flight does to the picture: blur is the standard deviation of a Gaussian in pixels; cast how
# far each channel's gain and offset may stray; noise in grey levels; quality of JPEG; shift in pixels.
SHARP = dict(blur=0.8, cast=0.08, noise=3, quality=75, shift=0)
FAIR = dict(blur=1.3, cast=0.12, noise=4, quality=60, shift=15)
SOFT = dict(blur=1.6, cast=0.12, noise=4, quality=60, shift=25)
HARD = dict(blur=2.2, cast=0.2, noise=6, quality=45, shift=40)

# name, dates, share of the county that changes from each date to the next, flights
SCENARIOS = [
    ("2 dates, 0.5 % change, fair", 2, 0.005, [SHARP, FAIR]),
    ("2 dates, 1 % change, fair", 2, 0.01, [SHARP, FAIR]),
    ("2 dates, 2 % change, soft", 2, 0.02, [SHARP, SOFT]),
    ("2 dates, 2 % change, hard", 2, 0.02, [SHARP, HARD]),
    ("2 dates, 5 % change, hard", 2, 0.05, [SHARP, HARD]),
    ("4 dates, 3 x 0.5 % change", 4, 0.005, [SHARP, SOFT, SHARP, SOFT]),
    ("4 dates, 3 x 1 % change", 4, 0.01, [SOFT, FAIR, SOFT, SOFT]),
]
YEARS = ["2009", "2012", "2015", "2018"]
RATES = [0.05, 0.10, 0.20]  # false discovery rates asked for; the first is the job's


def spoil(source, target, flight, rng):
    """Write the picture 'source' as another camera on another day would have taken it."""
    ds = gdal.Open(source)
    image = Image.fromarray(ds.ReadAsArray().transpose(1, 2, 0))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(flight["blur"])))
    angle = rng.uniform(0, 2 * np.pi)
    pixels = np.roll(pixels, (round(flight["shift"] * np.sin(angle)), round(flight["shift"] * np.cos(angle))), (0, 1))
    cast = flight["cast"]
    gain, offset = 1 + rng.uniform(-cast, cast, 3), 60 * rng.uniform(-cast, cast, 3)
    table = np.arange(256)[:, None] * gain + offset
    # The noise repeats every 1021 rows, a prime: no two chips in a column get the same.
    noise = flight["noise"] * rng.standard_normal((1021, pixels.shape[1], 3), np.float32)
    memory = gdal.GetDriverByName("MEM").Create("", pixels.shape[1], pixels.shape[0], 3)
    memory.SetGeoTransform(ds.GetGeoTransform())
    memory.SetProjection(ds.GetProjection())
    for top in range(0, pixels.shape[0], len(noise)):
        strip = pixels[top:top + len(noise)]
        for band in range(3):
            lit = table[:, band].astype(np.float32)[strip[:, :, band]] + noise[:len(strip), :, band]
            memory.GetRasterBand(band + 1).WriteArray(np.clip(lit + 0.5, 1, 255).astype(np.uint8), 0, top)
    gdal.GetDriverByName("GTiff").CreateCopy(
        target, memory, options=["TILED=YES", "COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", f"JPEG_QUALITY={flight['quality']}"])


def grid(path):
    ds = gdal.Open(path)
    return ds.ReadAsArray().astype(int), ds.GetGeoTransform()


def on_cells(path, shape, transform):
    """A truth raster on the map's cells, which may begin further in."""
    truth, t = grid(path)
    row, col = round((transform[3] - t[3]) / t[5]), round((transform[0] - t[0]) / t[1])
    return truth[row:row + shape[0], col:col + shape[1]]


def flags_at(percent, rate):
    """The choice that landuse would make at another rate, from P(changed) in whole percent."""
    chosen = np.zeros(len(percent), bool)
    for least in np.unique(percent):  # cells that are equally sure are flagged together, or not at all
        above = percent >= least
        if (1 - percent[above] / 100).mean() <= rate and not chosen.any():
            chosen = above
    return chosen


def fly(args, folder, seed, dates, share, flights):
    """Draw a county and the flights over it, unless they are there; the flights are written last."""
    years = YEARS[-dates:]
    if os.path.exists(f"{folder}/flown"):
        return years
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([f"{args.build}/bin/sample-county", "-q", "--cells", args.cells, "--dates", ",".join(years), "--seed",
                    str(seed), "--change-share", str(share), "--quality", "92", folder], check=True)
    for i, (year, flight) in enumerate(zip(years, flights)):
        spoil(f"{folder}/imagery_{year}.tif", f"{folder}/flight_{year}.tif", flight, np.random.default_rng([seed, i]))
        os.remove(f"{folder}/imagery_{year}.tif")
    open(f"{folder}/flown", "w").close()
    return years


def one_county(args, folder, seed, dates, share, flights):
    """Counts of one county: naive flags and hits, flags and hits at each rate, true changes."""
    years = fly(args, folder, seed, dates, share, flights)
    if args.draw_only:
        return np.zeros(4 + 2 * len(RATES))
    job = ["county: {boundary: county.geojson}", f"model: {args.model}", "output: out", "pairs: all", "dates:"]
    job += [f"  - {{date: {year}, imagery: flight_{year}.tif}}" for year in years]
    if args.normalise != "none":
        job.append(f"normalise: {{to: {years[0]}, method: {args.normalise}}}")
    with open(f"{folder}/job.yaml", "w") as f:
        f.write("\n".join(job) + "\n")
    shutil.rmtree(f"{folder}/out", ignore_errors=True)
    subprocess.run([f"{args.build}/bin/landuse", "run", "-q", f"{folder}/job.yaml"], check=True, stdout=subprocess.DEVNULL)
    pair = f"{folder}/out/{years[0]}_{years[-1]}"
    change, transform = grid(f"{pair}/change.tif")
    mapped = change > 0
    before, after = (on_cells(f"{folder}/truth_{y}.tif", change.shape, transform)[mapped] for y in (years[0], years[-1]))
    true = before != after
    naive = change[mapped] > 99
    flagged = grid(f"{pair}/flagged.tif")[0][mapped] > 0
    percent = grid(f"{pair}/change_probability.tif")[0][mapped]
    with open(f"{folder}/out/statistics.json") as f:
        told = [p for p in json.load(f)["pairs"] if p["earlier"] == years[0] and p["later"] == years[-1]][0]
    counts = [true.sum(), naive.sum(), (naive & true).sum(), told["significance"]["change_rate"] * mapped.sum()]
    for chosen in [flagged] + [flags_at(percent, rate) for rate in RATES[1:]]:
        counts += [chosen.sum(), (chosen & true).sum()]
    return np.array(counts, float)


def seeds(text):
    """301-303,305 -> [301, 302, 303, 305]"""
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return [seed for part in ends for seed in range(part[0], part[-1] + 1)]


def share_of(part, whole):
    return f"{part / whole:.3f}" if whole > 0 else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--seeds", type=seeds, default="301-320", help="counties, as 301-310,315 (default %(default)s)")
    parser.add_argument("--cells", default="40x40", help="size of a county (default %(default)s)")
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    parser.add_argument("--model", default="aerial-21", help="package, by name or path (default %(default)s)")
    parser.add_argument("--normalise", default="regression", help="regression, histogram or none (default %(default)s)")
    parser.add_argument("--keep", default=None, help="folder for the counties, which stay there (default: temporary)")
    parser.add_argument("--draw-only", action="store_true", help="draw the flights into --keep and stop")
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    table = csv.writer(sys.stdout)
    table.writerow(["scenario", "seeds", "true_changes", "estimated_changes", "naive_precision", "naive_recall"] +
                   [f"{what}_{rate:.2f}" for rate in RATES for what in ("precision", "recall")])
    for name, dates, share, flights in SCENARIOS:
        if args.only not in name:
            continue
        sums = 0
        for seed in args.seeds:
            kept = args.keep and os.path.join(args.keep, f"{name.replace(' ', '_').replace('%', 'pc')}-{seed}")
            folder = kept or tempfile.mkdtemp(prefix="change-")
            try:
                counts = one_county(args, folder, seed, dates, share, flights)
            finally:
                if not kept:
                    shutil.rmtree(folder)
            sums = sums + counts
            print(f"{name}, seed {seed}: {counts.astype(int).tolist()}", file=sys.stderr)
        true, naive, naive_hits, estimated = sums[:4]
        row = [name, len(args.seeds), int(true), f"{estimated:.0f}", share_of(naive_hits, naive), share_of(naive_hits, true)]
        for flagged, hits in sums[4:].reshape(-1, 2):
            row += [share_of(hits, flagged), share_of(hits, true)]
        table.writerow(row)
        sys.stdout.flush()


main()
