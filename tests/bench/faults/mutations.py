"""Mutated files of every format under sanitizers: an answer in time, no crash, no input or output harmed."""
import collections
import multiprocessing
import os
import random
import re
import shutil

import workspace

SECONDS = 90
# format: file, then what reads it; OUT is a fresh folder. Most commands stop before they compute: they are the cheap ones.
READERS = {
    "job": ("job.yaml", ["run", "--dry-run", "job.yaml"]),
    "scheme": ("scheme.yaml", ["run", "--dry-run", "job.yaml"]),
    "imagery": ("county/imagery_2018.tif", ["classify", "-q", "-o", "OUT", "county/imagery_2018.tif"]),
    "vrt": ("county/imagery_2012.vrt", ["info", "county/imagery_2012.vrt"]),
    "boundary": ("county/county.geojson", ["run", "--dry-run", "job.yaml"]),
    "zones": ("zones.gpkg", ["run", "--dry-run", "job.yaml"]),
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
    "scores": ("stopped/.work/2012.scores", ["run", "-q", "-o", "stopped", "job.yaml"]),
    "chip": ("set/forest/000.png", ["evaluate", "-q", "--no-history", "aerial-21", "set"]),
}
# Formats whose readers score a network are slow under sanitizers: fewer of them.
SLOW = ("imagery", "index", "scores", "chip")
BYTES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00")
WORDS = (b"-1", b"0", b"1e308", b"-1e308", b"nan", b"inf", b"99999999999999999999", b"", b"\xff\xfe", b"[" * 200, b"%s%n", b"../..",
         b"\x1b[2J", b"/dev/null", b"4294967296", b"0.0000001", b"null", b"true", b"{}", b"'\"")
BROKEN = re.compile(rb"AddressSanitizer|runtime error:|LeakSanitizer|Assertion|ThreadSanitizer|terminate called")


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


def kinds(count):
    """The format of each of 'count' files."""
    names = [name for name in READERS for _ in range(1 if name in SLOW else 6)]
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
        if kind == "scores":
            keep = os.path.join(self.folder, "..", f"stopped-{os.path.basename(self.folder)}")
            shutil.rmtree(keep, ignore_errors=True)
            shutil.copytree(os.path.join(self.folder, "stopped"), keep)
        open(path, "wb").write(mutate(data, draw))
        about = os.stat(path)
        shutil.rmtree(os.path.join(self.folder, "fresh"), ignore_errors=True)
        code, out, err = workspace.run(
            [self.landuse] + [word.replace("OUT", "fresh") for word in argv], self.folder, SECONDS,
            env={"ASAN_OPTIONS": "exitcode=99:detect_leaks=0:allocator_may_return_null=1", "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"})
        wrong = None
        if code is None:
            wrong = f"took more than {SECONDS} s"
        elif code not in (0, 1, 2, 3):
            wrong = f"exit code {code}"
        elif BROKEN.search(err):
            wrong = "a sanitizer's report"
        elif code != 0 and not err.strip():
            wrong = f"exit code {code} without a word"
        elif code != 0 and workspace.left_behind(self.folder):
            wrong = f"left behind: {workspace.left_behind(self.folder)}"
        elif (os.stat(path).st_size, os.stat(path).st_mtime_ns) != (about.st_size, about.st_mtime_ns) and kind != "scores":
            wrong = "the file that was read has been written to"
        if keep:
            shutil.rmtree(os.path.join(self.folder, "stopped"), ignore_errors=True)
            os.rename(keep, os.path.join(self.folder, "stopped"))
            os.remove(spare)
        else:
            shutil.move(spare, path)
        after = self.all_stamps()
        if wrong is None and kind != "scores" and after != self.before:
            wrong = f"touched: {[n for n in set(after) | set(self.before) if after.get(n) != self.before.get(n)]}"
        if wrong is not None:
            wrong += f"\n    {' '.join(argv)}\n    " + err.decode(errors="replace")[-1500:].replace("\n", "\n    ")
            self.before = after
        return wrong, code


def work(task):
    landuse, folder, seed, numbers, kinds_of = task
    own = Folder(landuse, folder)
    out = []
    for number in numbers:
        wrong, code = own.one(number, seed, kinds_of[number])
        out.append((kinds_of[number], code, None if wrong is None else f"file {number} ({kinds_of[number]}): {wrong}"))
        if wrong is not None:
            print(out[-1][2], flush=True)
    return out


def all_formats(landuse, plain, folder, source, count, seed, workers, first=0):
    """'count' mutated files; a tally by format and exit code, and the failures."""
    shutil.copytree(f"{source}/models/aerial-21", f"{folder}/model")
    if not os.path.exists(f"{folder}/maps/2011.tif.aux.xml"):
        workspace.must(["gdal_translate", "-q", "-of", "VRT", "maps/2011.tif", "maps/2011.vrt"], folder)
    # A job that was stopped: kill it as soon as it has scores.
    process = workspace.subprocess.Popen([plain, "run", "-q", "-o", "stopped", "job.yaml"], cwd=folder,
                                         stdout=workspace.subprocess.DEVNULL, stderr=workspace.subprocess.DEVNULL)
    while process.poll() is None and not os.path.exists(f"{folder}/stopped/.work/2018.scores"):
        pass
    process.kill()
    process.wait()
    workspace.must([plain, "evaluate", "-q", "aerial-21", "set"], folder)  # a history
    kinds_of = kinds(first + count)
    tasks = []
    for worker in range(workers):
        own = f"{folder}-{worker}"
        shutil.copytree(folder, own)
        tasks.append((landuse, own, seed, range(first + worker, first + count, workers), kinds_of))
    with multiprocessing.Pool(workers) as pool:
        results = [row for rows in pool.map(work, tasks) for row in rows]
    tally = collections.Counter((kind, code) for kind, code, _ in results)
    return tally, [wrong for _, _, wrong in results if wrong]
