"""A small county with everything that landuse reads, drawn from a seed, and what a folder holds, for comparing."""
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import numpy as np  # noqa: E402
from osgeo import gdal  # noqa: E402
import fixtures  # noqa: E402

JOB = """county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2012, imagery: county/imagery_2012.vrt}
  - {date: 2018, imagery: county/imagery_2018.tif}
  - {date: 2024, imagery: county/imagery_2024.tif}
zones: {path: zones.gpkg, name: TOWN}
smooth: {method: mrf, weight: 1, minimum_mapping_unit: {cells: 2}}
scheme: ./scheme.yaml
change: {pictures: 3, layers: [{name: new_development, to: [Developed]}, {name: all}]}
probabilities: true
precision: fp32
threads: 2
output: out
"""
COUNTS = ",Water,Forest,Farm,Town\nWater,66,0,5,4\nForest,0,55,8,12\nFarm,1,0,153,11\nTown,2,1,9,313\n"


def run(argv, folder, seconds=300, **more):
    """Run a command; (exit code, stdout, stderr). A time-out is exit code None."""
    env = dict(os.environ, LANDUSE_HISTORY=os.path.join(folder, "history.gpkg"), NO_COLOR="1")
    env.update(more.pop("env", {}))
    try:
        done = subprocess.run(argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=seconds, **more)
    except subprocess.TimeoutExpired:
        return None, b"", b"took too long"
    return done.returncode, done.stdout, done.stderr


def must(argv, folder):
    code, _, err = run(argv, folder)
    if code != 0:
        sys.exit(f"faults: {' '.join(argv)}: exit code {code}: {err.decode(errors='replace')}")


def make(folder, landuse, sample_county, source):
    """Draw the inputs into 'folder' and run the job once, into whole/."""
    os.makedirs(folder)
    must([sample_county, "-q", "--cells", "5x5", "--dates", "2012,2018,2024", "--seed", "11", "--change-share", "0.2",
          "county"], folder)
    must([sample_county, "-q", "--chips", "drawn", "--per-class", "4", "--seed", "5"], folder)
    os.makedirs(f"{folder}/set")
    for name in ("forest", "river", "agricultural"):
        os.rename(f"{folder}/drawn/{name}", f"{folder}/set/{name}")
    picture = gdal.Open(f"{folder}/county/imagery_2012.tif")
    x, y = picture.GetGeoTransform()[0], picture.GetGeoTransform()[3]
    size = picture.RasterXSize * 0.3
    gdal.BuildVRT(f"{folder}/county/imagery_2012.vrt", [f"{folder}/county/imagery_2012.tif"]).FlushCache()
    text = open(f"{folder}/county/imagery_2012.vrt").read()
    open(f"{folder}/county/imagery_2012.vrt", "w").write(
        re.sub(r'relativeToVRT="\d">[^<]*imagery_2012', 'relativeToVRT="1">imagery_2012', text))
    place = (x, 0.3, 0, y, 0, -0.3)
    boxes = [f"POLYGON({fixtures.box(*sides, place=place)})"
             for sides in ((0, 0, size / 2, size), (size / 2, 0, size, size))]
    fixtures.layer(f"{folder}/zones.gpkg", boxes, crs=fixtures.IMAGE_CRS, fields={"TOWN": ["West", "East"]})
    random = np.random.default_rng(3)
    codes = np.kron(random.choice([11, 23, 41, 82], (6, 6)), np.ones((2, 2), int)).astype(np.uint8)
    fixtures.raster(f"{folder}/nlcd.tif", codes, crs=fixtures.IMAGE_CRS, place=(x - 10, 30, 0, y + 10, 0, -30))
    open(f"{folder}/job.yaml", "w").write(JOB)
    open(f"{folder}/counts.csv", "w").write(COUNTS)
    open(f"{folder}/scheme.yaml", "w").write(open(f"{source}/config/schemes/landcover-7.yaml").read())
    before, after = fixtures.two_maps(size=(30, 40))
    names = ["", "Water", "Forest", "Farm", "", "", "", "Town"]
    for date, cells in (("2001", before), ("2011", after)):
        fixtures.raster(f"{folder}/maps/{date}.tif", cells, names=names, nodata=0)
    rows = ["x,y,reference"]
    for i in range(60):
        row, column = int(random.integers(30)), int(random.integers(40))
        rows.append(f"{fixtures.MAP_PLACE[0] + 30 * column + 15},{fixtures.MAP_PLACE[3] - 30 * row - 15},"
                    f"{names[before[row, column]]}")
    open(f"{folder}/points.csv", "w").write("\n".join(rows) + "\n")
    must([landuse, "run", "-q", "-o", "whole", "job.yaml"], folder)
    must([landuse, "sample", "-q", "--size", "40", "--min-per-stratum", "3", "-o", "sample.gpkg", "maps/2001.tif"], folder)
    base = sqlite3.connect(f"{folder}/sample.gpkg")
    base.create_function("ST_IsEmpty", 1, lambda g: 0)
    for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        base.create_function(name, 1, lambda g: 0.0)
    for trigger in [row[0] for row in base.execute("select name from sqlite_master where type = 'trigger'")]:
        base.execute(f'drop trigger "{trigger}"')
    base.execute("update sample set reference = 1 + id % 2")
    base.commit()
    base.close()
    must([landuse, "label", "-q", "--reference", "nlcd.tif", "--rule", "plurality", "--block-cells", "1", "-o", "labelled", "county/imagery_2012.tif"],
         folder)


def tables(path):
    """A GeoPackage as text, less the times at which tables were written."""
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    base.text_factory = bytes
    try:
        names = sorted(row[0].decode() for row in base.execute("select name from sqlite_master where type = 'table'")
                       if not row[0].startswith((b"rtree_", b"sqlite_")))
        lines = []
        for name in names:
            columns = [row[1].decode() for row in base.execute(f'pragma table_info("{name}")')]
            kept = [c for c in columns if c not in ("last_change", "timestamp", "update_time")]
            if kept:
                wanted = ",".join(f'"{c}"' for c in kept)
                lines += sorted(repr((name, row)) for row in base.execute(f'select {wanted} from "{name}"'))
        return "\n".join(lines).encode()
    finally:
        base.close()


def untimed(path):
    """evaluation.json tells how long it took; everything else in it repeats."""
    whole = json.load(open(path))
    return json.dumps({key: whole[key] for key in whole if key not in ("seconds", "chips_per_second")}).encode()


def digest(path):
    if path.endswith(".gpkg"):
        data = tables(path)
    elif os.path.basename(path) == "evaluation.json":
        data = untimed(path)
    else:
        data = open(path, "rb").read()
    return hashlib.sha256(data).hexdigest()


def is_final(name):
    """Does a file bear a name that users may rely on?"""
    return not any(part.startswith(".") for part in name.split(os.sep))


def names_in(folder):
    found = []
    for top, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(top, name), folder) for name in files]
    return sorted(found)


def contents(folder):
    """{name: SHA-256} of the files with final names, less the manifest, which carries times."""
    return {name: digest(os.path.join(folder, name)) for name in names_in(folder)
            if is_final(name) and os.path.basename(name) not in ("manifest.json", "features.lock")
            and not name.startswith("cache")}


def differences(wanted, found):
    """The names that two contents do not share."""
    return sorted(name for name in set(wanted) | set(found) if wanted.get(name) != found.get(name))


def left_behind(folder):
    """Temporary files that an orderly end should have removed."""
    return [name for name in names_in(folder) if ".tmp" in os.path.basename(name)]


def stamps(folder):
    """Sizes and times of everything in a folder: what was touched since?"""
    out = {}
    for name in names_in(folder):
        about = os.stat(os.path.join(folder, name))
        out[name] = (about.st_size, about.st_mtime_ns)
    return out
