#!/usr/bin/python3
"""Time landuse change on large maps, and GDAL with numpy on the same: see change_speed.sh.

usage: change_speed.py LANDUSE FOLDER EARLIER.tif LATER.tif SIDE ROUNDS
"""
import csv
import os
import resource
import subprocess
import sys
import time
import numpy as np
from osgeo import gdal

gdal.UseExceptions()
TILE = 512


def enlarge(path, out, width, height):
    """'path' beside and below itself, mirrored, until it fills width x height."""
    source = gdal.Open(path)
    cells = source.ReadAsArray()
    cells = np.block([[cells, cells[:, ::-1]], [cells[::-1], cells[::-1, ::-1]]])
    across = np.tile(cells, (1, width // cells.shape[1] + 1))[:, :width]
    options = ["TILED=YES", f"BLOCKXSIZE={TILE}", f"BLOCKYSIZE={TILE}", "COMPRESS=DEFLATE"]
    target = gdal.GetDriverByName("GTiff").Create(out, width, height, 1, gdal.GDT_Byte, options)
    target.SetGeoTransform(source.GetGeoTransform())
    target.SetProjection(source.GetProjection())
    for row in range(0, height, TILE):
        rows = np.arange(row, min(row + TILE, height)) % cells.shape[0]
        target.GetRasterBand(1).WriteArray(np.ascontiguousarray(across[rows]), 0, row)


def peer(earlier, later):
    """The cross-tabulation by GDAL and numpy, a row of tiles at a time."""
    maps = [gdal.Open(path) for path in (earlier, later)]
    counts = np.zeros(65536, np.int64)
    for row in range(0, maps[0].RasterYSize, TILE):
        rows = min(TILE, maps[0].RasterYSize - row)
        a, b = (m.ReadAsArray(0, row, m.RasterXSize, rows) for m in maps)
        counts += np.bincount((a.astype(np.uint16) << 8 | b).ravel(), minlength=65536)
    return counts


def timed(work):
    """(wall seconds, processor seconds, peak MB) of a child process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit("a run failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def command(*words):
    def work():
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.execv(words[0], words)

    return work


def main():
    landuse, folder, earlier, later = sys.argv[1:5]
    side, rounds = int(sys.argv[5]), int(sys.argv[6])
    sizes = {"": (side, side), "_tenth": (side, side // 10)}
    for end, (width, height) in sizes.items():
        enlarge(earlier, f"{folder}/a{end}.tif", width, height)
        enlarge(later, f"{folder}/b{end}.tif", width, height)
    a, b = f"{folder}/a.tif", f"{folder}/b.tif"
    change = [landuse, "change", "-q", "--dates", "2001,2011", "-o", f"{folder}/out"]
    tables = change + ["--tables-only"]
    runs = [
        ("`change --tables-only`", command(*tables, a, b), 1),
        ("`change --tables-only -j 1`", command(*tables, "-j", "1", a, b), 1),
        ("`change --tables-only`, a tenth of the rows", command(*tables, f"{folder}/a_tenth.tif", f"{folder}/b_tenth.tif"), 0.1),
        ("`change`, with the raster", command(*change, a, b), 1),
        ("`sample`", command(landuse, "sample", "-q", "--overwrite", "-o", f"{folder}/s.gpkg", a), 1),
        ("GDAL + numpy.bincount (no areas)", lambda: peer(a, b), 1),
    ]
    print(f"{side * side:,} cells; load of the machine {os.getloadavg()[0]:.1f}; the best of {rounds} rounds\n")
    print("| | s | CPU s | million cells / s | million cells / CPU s | peak, MB |")
    print("|---|---|---|---|---|---|")
    for name, work, share in runs:
        results = [timed(work) for _ in range(rounds)]
        wall, cpu = min(r[0] for r in results), min(r[1] for r in results)
        million = share * side * side / 1e6
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {million / wall:.0f} | {million / cpu:.0f} "
              f"| {max(r[2] for r in results):.0f} |", flush=True)
    counts = peer(a, b)
    with open(f"{folder}/out/transitions.csv") as table:
        for row in csv.DictReader(table):
            key = int(row["from_code"]) << 8 | int(row["to_code"])
            assert int(row["cells"]) == counts[key], row
            counts[key] = 0
    assert not counts.any()


main()
