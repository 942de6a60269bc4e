"""Mutated files of every format under sanitizers: an answer in time, no crash, no input or output harmed."""
import collections
import glob
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal

import workspace

# Of processor time, since others may want the machine, too; and by the clock, for what waits for ever.
SECONDS, MOST_SECONDS = 60, 900
# A job with all that a plan reads and little to compute, and one to stop and go on with.
PLAN = """county: {boundary: county/county.geojson}
model: aerial-21
scheme: ./scheme.yaml
zones: {path: ZONES, name: TOWN}
dates: [{date: 2018, imagery: county/imagery_2018.tif}]
precision: fp32
output: out
"""
STOPPED = """county: {boundary: county/county.geojson}
model: aerial-21
dates:
  - {date: 2012, imagery: county/imagery_2012.vrt}
  - {date: 2018, imagery: county/imagery_2018.tif}
precision: fp32
threads: 2
output: out
"""
# A file of a few kB that asks for more than this, or fills more memory than that, is a fault, too.
SANITIZERS = {"ASAN_OPTIONS": "exitcode=99:detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=4096:"
                              "hard_rss_limit_mb=3072",
              "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}
# format: file, then what reads it; OUT is a fresh folder. Most commands stop before they compute: they are the cheap ones.
READERS = {
    "job": ("job.yaml", ["run", "--dry-run", "job.yaml"]),
    "scheme": ("scheme.yaml", ["run", "--dry-run", "plan.yaml"]),
    "imagery": ("county/imagery_2018.tif", ["classify", "-q", "-o", "OUT", "county/imagery_2018.tif"]),
    "vrt": ("county/imagery_2012.vrt", ["info", "county/imagery_2012.vrt"]),
    "boundary": ("county/county.geojson", ["run", "--dry-run", "plan.yaml"]),
    "zones": ("zones.gpkg", ["run", "--dry-run", "plan.yaml"]),
    "network": ("model/model.onnx", ["info", "model/model.onnx"]),
    "model.json": ("model/model.json", ["info", "./model"]),
    "map": ("maps/2011.tif", ["change", "-q", "-o", "OUT", "maps/2001.tif", "maps/2011.tif"]),
    "map names": ("maps/2011.tif.aux.xml", ["info", "maps/2011.tif"]),
    "counts": ("counts.csv", ["assess", "--counts", "counts.csv"]),
    "points": ("points.csv", ["assess", "maps/2001.tif", "points.csv"]),
    "sample": ("sample.gpkg", ["assess", "--json", "maps/2001.tif", "sample.gpkg"]),
    "reference": ("nlcd.tif", ["compare", "--scheme", "landcover-7", "whole/2012/landuse.tif", "nlcd.tif"]),
    "index": ("labelled/index.csv", ["evaluate", "-q", "--no-history", "aerial-21", "labelled"]),
    "candidates": ("whole/2012_2024/new_development.gpkg", ["assess", "--candidates", "whole/2012_2024/new_development.gpkg"]),
    "manifest": ("whole/manifest.json", ["run", "-q", "--if-changed", "--dry-run", "-o", "whole", "job.yaml"]),
    "history": ("history.gpkg", ["history"]),
    "scores": ("stopped/.work/2012.scores", ["run", "-q", "-o", "stopped", "stopped.yaml"]),
    "done": ("stopped/.work/2012.done", ["run", "-q", "-o", "stopped", "stopped.yaml"]),
    "chip": ("set/forest/000.png", ["evaluate", "-q", "--no-history", "aerial-21", "set"]),
    "features": ("cache/one/features", ["train", "-q", "--no-history", "--cache", "cache", "-o", "OUT/mine", "set"]),
    "shapes": ("zones.shp", ["run", "--dry-run", "shapes.yaml"]),
    "shape rows": ("zones.dbf", ["run", "--dry-run", "shapes.yaml"]),
    "values": ("nlcd.tif.vat.dbf", ["info", "nlcd.tif"]),
}
# Readers that go on with what an earlier run left there: that folder is put back afterwards, and where they end well the
# first of these must hold what the second does, since a damaged record is made again.
GO_ON = {"scores": ("stopped", "stopped", "finished"), "done": ("stopped", "stopped", "finished"), "features": ("cache", "fresh", "trained")}
# Of those whose readers score a network or plan a whole job there are fewer: they are slow under sanitizers.
WEIGHTS = dict.fromkeys(("imagery", "index", "scores", "done", "chip", "features"), 1)
WEIGHTS |= dict.fromkeys(("job", "scheme", "boundary", "zones", "manifest", "shapes", "shape rows"), 4)
OTHERS = 8
BYTES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00")
WORDS = (b"-1", b"0", b"1e308", b"-1e308", b"nan", b"inf", b"99999999999999999999", b"", b"\xff\xfe", b"[" * 200, b"%s%n", b"../..",
         b"\x1b[2J", b"/dev/null", b"4294967296", b"0.0000001", b"null", b"true", b"{}", b"'\"")
BROKEN = re.compile(rb"AddressSanitizer|runtime error:|rss limit|LeakSanitizer|Assertion|ThreadSanitizer|terminate called")


def mutate(data, draw):
    """One to four changes: bits, bytes, numbers, words, cuts, copies."""
    data = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4))):
        kind = draw.randrange(8)
        at = draw.randrange(len(data)) if data else 0
        if not data or kind == 0:
            data[at:at] = draw.choice(BYTES)
        elif kind == 1:
            data[at] ^= 1 << draw.randrange(8)
        elif kind == 2:
            new = draw.choice(BYTES)
            data[at:at + len(new)] = new
        elif kind == 3:
            del data[at:at + draw.choice((1, 2, 16, 256))]
        elif kind == 4:
            del data[at:]
        elif kind == 5:
            size = draw.choice((4, 32, 512))
            source = draw.randrange(len(data))
            data[at:at + size] = data[source:source + size]
        elif kind == 6:
            size = draw.choice((4, 32, 512))
            data[at:at] = data[at:at + size]
        else:
            numbers = [m.span() for m in re.finditer(rb"[-+]?\d+\.?\d*|[A-Za-z_]{3,}", bytes(data[at:at + 4096]))]
            if numbers:
                low, high = draw.choice(numbers)
                data[at + low:at + high] = draw.choice(WORDS)
    return bytes(data)


def limit_time():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def kinds(count):
    """The format of each of 'count' files."""
    names = [name for name in READERS for _ in range(WEIGHTS.get(name, OTHERS))]
    random.Random(0).shuffle(names)
    return [names[i % len(names)] for i in range(count)]


class Folder:
    """A worker's own copy of the workspace."""

    def __init__(self, landuse, folder):
        self.landuse, self.folder = landuse, folder
        self.before = self.all_stamps()

    def all_stamps(self):
        return {name: stamp for name, stamp in workspace.stamps(self.folder).items() if not name.startswith("fresh")}

    def one(self, number, seed, kind):
        """Mutate, read, look. What is wrong, or None, and the exit code."""
        draw = random.Random(f"{seed} file {number}")
        name, argv = READERS[kind]
        path = os.path.join(self.folder, name)
        spare = os.path.join(self.folder, "..", f"spare-{os.path.basename(self.folder)}")
        shutil.copy2(path, spare)
        data = open(spare, "rb").read()
        keep = None
        if kind in GO_ON:
            going = os.path.join(self.folder, GO_ON[kind][0])
            keep = os.path.join(self.folder, "..", f"kept-{os.path.basename(self.folder)}")
            shutil.rmtree(keep, ignore_errors=True)
            shutil.copytree(going, keep)
        open(path, "wb").write(mutate(data, draw))
        about = os.stat(path)
        shutil.rmtree(os.path.join(self.folder, "fresh"), ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "fresh"))
        code, _, err = workspace.run([self.landuse] + [word.replace("OUT", "fresh") for word in argv], self.folder,
                                     MOST_SECONDS, env=SANITIZERS, preexec_fn=limit_time)
        wrong = None
        if code in (None, -signal.SIGXCPU):
            wrong = f"took more than {SECONDS} s of processor time, or {MOST_SECONDS} s by the clock"
        elif code not in (0, 1, 2, 3):
            wrong = f"exit code {code}"
        elif BROKEN.search(err):
            wrong = "a sanitizer's report"
        elif code != 0 and not err.strip():
            wrong = f"exit code {code} without a word"
        elif workspace.left_behind(self.folder):
            wrong = f"left behind: {workspace.left_behind(self.folder)}"
        elif keep is None and (os.stat(path).st_size, os.stat(path).st_mtime_ns) != (about.st_size, about.st_mtime_ns):
            wrong = "the file that was read has been written to"
        elif keep and code == 0:
            made, wanted = (workspace.contents(os.path.join(self.folder, name)) for name in GO_ON[kind][1:])
            if made != wanted:
                wrong = f"results differ: {workspace.differences(wanted, made)}"
        if keep:
            shutil.rmtree(going)
            os.rename(keep, going)
            os.remove(spare)
        else:
            shutil.move(spare, path)
        after = self.all_stamps()
        if wrong is None and after != self.before:
            wrong = f"touched: {[n for n in set(after) | set(self.before) if after.get(n) != self.before.get(n)]}"
        if wrong is not None:
            wrong += f"\n    {' '.join(argv)}\n    " + err.decode(errors="replace")[-1500:].replace("\n", "\n    ")
            self.before = after
        return wrong, code


def begin(landuse, folders):
    """In each worker, first: a folder of its own."""
    global own
    own = Folder(landuse, folders.get())


def work(task):
    seed, number, kind = task
    wrong, code = own.one(number, seed, kind)
    return kind, code, None if wrong is None else f"file {number} ({kind}): {wrong}"


def more_files(plain, folder, source):
    """What the kills have no use for: a package, shapefiles, ArcGIS's table, a cache of features, a history."""
    shutil.copytree(f"{source}/models/aerial-21", f"{folder}/model")
    workspace.must(["ogr2ogr", "-f", "ESRI Shapefile", "zones.shp", "zones.gpkg"], folder)
    for name, zones in (("plan", "zones.gpkg"), ("shapes", "zones.shp")):
        open(f"{folder}/{name}.yaml", "w").write(PLAN.replace("ZONES", zones))
    open(f"{folder}/stopped.yaml", "w").write(STOPPED)
    workspace.must([plain, "run", "-q", "-o", "finished", "stopped.yaml"], folder)
    open(f"{folder}/values.csv", "w").write("VALUE,COUNT,CLASS_NAME,RED,GREEN,BLUE\n" + "".join(
        f"{code},1,{name},{code},0,255\n" for code, name in ((11, "Lake"), (23, "Town"), (41, "Wood"), (82, "Crops"))))
    workspace.must(["ogr2ogr", "-f", "ESRI Shapefile", "-oo", "AUTODETECT_TYPE=YES", "values.dbf", "values.csv"], folder)
    os.rename(f"{folder}/values.dbf", f"{folder}/nlcd.tif.vat.dbf")
    os.makedirs(f"{folder}/trained")
    workspace.must([plain, "train", "-q", "--no-history", "--cache", "cache", "-o", "trained/mine", "set"], folder)
    READERS["features"] = (os.path.relpath(*glob.glob(f"{folder}/cache/*/features"), folder), READERS["features"][1])
    workspace.must([plain, "evaluate", "-q", "aerial-21", "set"], folder)


def all_formats(landuse, plain, folder, source, count, seed, workers, first, say):
    """'count' mutated files; a tally by format and exit code, and the failures."""
    more_files(plain, folder, source)
    # A job that was stopped: kill it as soon as it has scores.
    process = workspace.subprocess.Popen([plain, "run", "-q", "-o", "stopped", "stopped.yaml"], cwd=folder,
                                         stdout=workspace.subprocess.DEVNULL, stderr=workspace.subprocess.DEVNULL)
    while process.poll() is None and not os.path.exists(f"{folder}/stopped/.work/2018.scores"):
        pass
    process.kill()
    process.wait()
    folders = multiprocessing.Queue()
    for worker in range(workers):
        shutil.copytree(folder, f"{folder}-{worker}")
        folders.put(f"{folder}-{worker}")
    tasks = [(seed, number, kind) for number, kind in enumerate(kinds(first + count))][first:]
    tally, failures = collections.Counter(), []
    with multiprocessing.Pool(workers, begin, (landuse, folders)) as pool:
        for done, (kind, code, wrong) in enumerate(pool.imap_unordered(work, tasks)):
            tally[kind, code] += 1
            if wrong is not None:
                print(wrong, flush=True)
                failures.append(wrong)
            say(done + 1, count)
    return tally, failures
