"""SIGKILL at random times and at the n-th system call: what bears its final name is whole, and a rerun gives the same bytes."""
import collections
import os
import random
import shutil
import signal
import subprocess
import time

import workspace

# What writes; OUT is the folder of this try.
COMMANDS = {
    "run": ["run", "-q", "--if-changed", "-o", "OUT", "job.yaml"],
    "classify": ["classify", "-q", "-o", "OUT", "county/imagery_2018.tif"],
    "change": ["change", "-q", "--mmu", "2", "-o", "OUT", "maps/2001.tif", "maps/2011.tif"],
    "sample": ["sample", "-q", "--overwrite", "--size", "40", "--min-per-stratum", "3", "-o", "OUT/sample.gpkg", "maps/2001.tif"],
    "tile": ["tile", "-q", "-o", "OUT", "county/imagery_2018.tif"],
    "label": ["label", "-q", "--reference", "nlcd.tif", "--rule", "plurality", "--block-cells", "1", "-o", "OUT", "county/imagery_2018.tif"],
    "train": ["train", "-q", "--no-history", "--overwrite", "--cache", "OUT/cache", "-o", "OUT/mine", "set"],
    "evaluate": ["evaluate", "-q", "--no-history", "-o", "OUT", "aerial-21", "set"],
    "assess": ["assess", "-q", "--csv", "OUT", "--counts", "counts.csv"],
}
# Half of the tries go to the job, which has most stages.
WEIGHTS = {"run": len(COMMANDS) - 1}
CALLS = ("openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,mkdir,mkdirat,rmdir,"
         "flock,close")


def command(landuse, name, out):
    return [landuse] + [word.replace("OUT", out) for word in COMMANDS[name]]


def prepare(out, folder):
    shutil.rmtree(os.path.join(folder, out), ignore_errors=True)
    os.makedirs(os.path.join(folder, out))


class Reference:
    """An undisturbed run of each command: its outputs, its time, its system calls. Twice: outputs must not differ."""

    def __init__(self, landuse, folder, count_calls):
        self.contents, self.seconds, self.calls = {}, {}, {}
        for name in COMMANDS:
            for again in range(2):
                prepare("reference", folder)
                start = time.monotonic()
                workspace.must(command(landuse, name, "reference"), folder)
                seconds = time.monotonic() - start
                found = workspace.contents(os.path.join(folder, "reference"))
                if again and found != self.contents[name]:
                    raise SystemExit(f"faults: {name}: two undisturbed runs differ: {workspace.differences(self.contents[name], found)}")
                self.contents[name], self.seconds[name] = found, seconds
            if count_calls:
                prepare("reference", folder)
                log = os.path.join(folder, "calls")
                workspace.must(["strace", "-qq", "-e", f"trace={CALLS}", "-o", log] + command(landuse, name, "reference"), folder)
                self.calls[name] = max(1, sum(1 for _ in open(log, errors="replace")))


def check(landuse, folder, name, reference):
    """After a kill: nothing half written, and the rerun is like an undisturbed run. What is wrong, or None."""
    out = os.path.join(folder, "killed")
    wanted = reference.contents[name]
    try:
        found = workspace.contents(out)
    except Exception as error:  # a GeoPackage that cannot be read is half written
        return f"cannot read what is left: {error}"
    wrong = [n for n in found if n in wanted and found[n] != wanted[n]] + [n for n in found if n not in wanted]
    if wrong:
        return f"half written under a final name: {wrong}"
    code, _, err = workspace.run(command(landuse, name, "killed"), folder)
    if code != 0:
        return f"the rerun ended with {code}: {err.decode(errors='replace')}"
    found = workspace.contents(out)
    if found != wanted:
        return f"the rerun differs: {workspace.differences(wanted, found)}"
    left = workspace.left_behind(out)
    return f"left behind: {left}" if left else None


def choose(draw):
    names = [name for name in COMMANDS for _ in range(WEIGHTS.get(name, 1))]
    return draw.choice(names)


def by_time(landuse, folder, count, seed, reference, say):
    """'count' kills at times drawn over the whole of each command."""
    tally, failures, killed, tried = collections.Counter(), [], 0, 0
    while killed < count and tried < 4 * count:
        draw = random.Random(f"{seed} time {tried}")
        name = choose(draw)
        wait = draw.uniform(0, reference.seconds[name])
        tried += 1
        prepare("killed", folder)
        env = dict(os.environ, LANDUSE_HISTORY=os.path.join(folder, "history.gpkg"))
        process = subprocess.Popen(command(landuse, name, "killed"), cwd=folder, env=env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.returncode != -signal.SIGKILL:
            continue
        killed += 1
        tally[name] += 1
        wrong = check(landuse, folder, name, reference)
        if wrong:
            failures.append(f"kill {tried - 1} ({name} after {wait:.3f} s): {wrong}")
            print(failures[-1], flush=True)
        say(killed, count)
    return tally, failures


def by_call(landuse, folder, count, seed, reference, say):
    """'count' kills at the entry of the n-th system call that opens, writes, syncs, renames or removes."""
    tally, failures, killed, tried = collections.Counter(), [], 0, 0
    while killed < count and tried < 4 * count:
        draw = random.Random(f"{seed} call {tried}")
        name = choose(draw)
        number = draw.randint(1, reference.calls[name])
        tried += 1
        prepare("killed", folder)
        code, _, _ = workspace.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e",
                                    f"inject={CALLS}:signal=KILL:when={number}"] + command(landuse, name, "killed"), folder)
        if code not in (-signal.SIGKILL, 128 + signal.SIGKILL):
            continue
        killed += 1
        tally[name] += 1
        wrong = check(landuse, folder, name, reference)
        if wrong:
            failures.append(f"call {tried - 1} ({name} at call {number}): {wrong}")
            print(failures[-1], flush=True)
        say(killed, count)
    return tally, failures
