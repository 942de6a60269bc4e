#!/usr/bin/python3
"""What a large county costs: time, memory and where the processor time goes, of loads that are asked for.

usage: loads.py [--share S] [--bin DIR] [--keep DIR] LOAD...      (S = 1: as asked; 0.02: a fiftieth of the cells)

    county    65,563 chips at 0.3 m with the shipped model, one date: the whole against reading and network alone (bench_county;
              asked: ratio <= 1.10, peak <= 400 MiB), and landuse run
    coarse    486,000 cells of 67 m from 1 m imagery (Middlesex, Massachusetts, has as many), asked: at most 3 times the time of
    fine      63,175 chips at 0.3 m, which it is run beside
    files     one date of 10,000 files, as a pattern and as a VRT, by a process that may open 1,024 files
    cells     1,000,000 cells of 16 m, two dates, smoothed, patches below 4 cells merged
    growth    'cells' at a fourth and at all of its size: what grows faster than the cells do is told

A line a run: cells, seconds by the clock and of the processor, chips a second, peak memory, and the shares of landuse run
--stats. The counties are drawn first, into --keep DIR where they are to be used again (county at S = 1: 3 GB).
"""
import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time

KEYS = {
    "coarse": {"model": "aerial", "grid": {"cell": "67m"}},
    "cells": {"model": "aerial", "grid": {"cell": "16m"},
              "smooth": {"method": "mrf", "weight": 1, "minimum_mapping_unit": {"cells": 4}}},
    "files": {"model": "aerial-21"},
    "county": {"model": "aerial-21"},
    "fine": {"model": "aerial-21"},
}


def draw(args, name, side, chip=224, gsd=0.3, dates="2015"):
    """A drawn county of side x side squares of 'chip' pixels: its folder."""
    folder = os.path.join(args.keep, f"{name}-{side}")
    if not os.path.exists(f"{folder}/county.geojson"):
        subprocess.run([f"{args.bin}/sample-county", "-q", "--cells", f"{side}x{side}", "--chip", str(chip), "--gsd", str(gsd),
                        "--dates", dates, "--seed", "11", folder], check=True)
    return folder


def imagery(folder, date):
    whole = f"{folder}/imagery_{date}.tif"
    return whole if os.path.exists(whole) else whole[:-4]


def job(args, name, folder, dates, **more):
    path = os.path.join(args.keep, f"{name}.yaml")
    with open(path, "w", encoding="utf-8") as to:
        json.dump({"county": {"boundary": f"{folder}/county.geojson"}, "accept_gsd_mismatch": True, "output": f"{args.keep}/out-{name}",
                   "dates": [{"date": d, "imagery": i} for d, i in dates], "keep_scores": False, **more}, to)
    return path


def run(args, name, path, limit=None):
    """landuse run; prints its line and returns (seconds, processor seconds, peak MiB, chips)."""
    subprocess.run(["rm", "-rf", f"{args.keep}/out-{name}"], check=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    command = [f"{args.bin}/landuse", "run", "-q", "--json", "--stats", path]
    if limit:
        command = ["sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", *command]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr}")
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(done.stdout)
    stats = told["stats"]
    parts = [100 * stats[f"{k}_seconds"] / stats["processor_seconds"] for k in ("reading", "network", "writing")]
    peak = stats["peak_bytes"] / 2**20
    print(f"{name}: {told['chips']:,} chips, {seconds:.1f} s ({used:.1f} s of the processor), {told['chips'] / seconds:.0f} chips/s, "
          f"peak {peak:.0f} MiB; reading {parts[0]:.1f} %, network {parts[1]:.1f} %, writing {parts[2]:.1f} %, "
          f"the rest {100 - sum(parts):.1f} %", flush=True)
    return seconds, used, peak, told["chips"]


def side_of(cells, share):
    return max(3, round(math.sqrt(cells * share)))


def fine(args):
    folder = draw(args, "fine", side_of(63175, args.share))
    return run(args, "fine", job(args, "fine", folder, [(2015, imagery(folder, 2015))], **KEYS["fine"]))


def county(args):
    # A boundary touches fewer cells than its square has: 65,563 of 264 x 264 or so.
    folder = draw(args, "county", side_of(65563 * 1.06, args.share))
    path = job(args, "county", folder, [(2015, imagery(folder, 2015))], **KEYS["county"])
    told = subprocess.run([f"{args.bin}/bench_county", path], check=True, capture_output=True, text=True).stdout
    figures = json.loads(told)
    print(f"county, scoring alone: {figures['chips']:,} chips in {figures['whole_seconds']} s on {figures['threads']} cores; reading alone "
          f"{figures['reading_processor_seconds']} s, network alone {figures['network_processor_seconds']} s of the processor, both by the "
          f"cores {figures['bound_seconds']} s: ratio {figures['ratio']} (of processor seconds {figures['processor_ratio']}), peak "
          f"{figures['peak_rss_mb']} MiB", flush=True)
    run(args, "county", path)


def coarse(args):
    # Squares of 128 pixels of 1 m are what the generator draws; cells of 67 m are laid over them.
    folder = draw(args, "coarse", max(3, round(side_of(486000, args.share) * 67 / 128)), chip=128, gsd=1)
    many = run(args, "coarse", job(args, "coarse", folder, [(2015, imagery(folder, 2015))], **KEYS["coarse"]))
    few = fine(args)
    print(f"coarse / fine: {many[0] / few[0]:.2f} by the clock, {many[1] / few[1]:.2f} of the processor (asked: at most 3)")


def cut(source, folder, side):
    """side x side files of equal size."""
    from osgeo import gdal
    gdal.UseExceptions()
    image = gdal.Open(source)
    width, height = image.RasterXSize // side, image.RasterYSize // side
    os.makedirs(folder, exist_ok=True)
    paths = [f"{folder}/t{r:03d}_{c:03d}.tif" for r in range(side) for c in range(side)]
    if not os.path.exists(paths[-1]):
        for n, path in enumerate(paths):
            gdal.Translate(path, image, srcWin=[n % side * width, n // side * height, width, height])
    gdal.BuildVRT(f"{folder}.vrt", paths).FlushCache()
    return folder


def files(args):
    side = side_of(10000, args.share)
    folder = draw(args, "files", max(3, side * 65 // 224))
    tiles = cut(imagery(folder, 2015), f"{args.keep}/tiles-{side}", side)
    for name, what in (("pattern", f"{tiles}/*.tif"), ("vrt", f"{tiles}.vrt")):
        run(args, f"files-{name}", job(args, f"files-{name}", folder, [(2015, what)], **KEYS["files"]), limit=1024)


def cells(args):
    folder = draw(args, "cells", max(3, round(side_of(1000000, args.share) * 16 / 128)), chip=128, gsd=1, dates="2015,2023")
    dates = [(d, imagery(folder, d)) for d in (2015, 2023)]
    return run(args, "cells", job(args, "cells", folder, dates, **KEYS["cells"]))


def growth(args):
    whole = args.share
    args.share = whole / 4
    small = cells(args)
    args.share = whole
    large = cells(args)
    times = large[3] / small[3]
    print(f"{times:.2f} times the chips: {large[1] / small[1]:.2f} times the processor time, {large[2] - small[2]:+.0f} MiB")


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("--share", type=float, default=1)
    parser.add_argument("--bin", default=os.path.join(os.getcwd(), "build/bin"))
    parser.add_argument("--keep")
    parser.add_argument("loads", nargs="+", choices=["county", "coarse", "fine", "files", "cells", "growth"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        args.keep = os.path.realpath(args.keep or scratch)
        os.makedirs(args.keep, exist_ok=True)
        for load in args.loads:
            globals()[load](args)


main()
