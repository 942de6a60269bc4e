#!/usr/bin/python3
"""faults.py: kill landuse, and feed it damaged files; nothing may be lost, and nothing may crash.

usage: faults.py [--kills N] [--syscalls N] [--mutations N] [--first N] [--seed N] [--build DIR] [--asan DIR] [--workers N]

  --kills N      SIGKILL at random times of every command that writes (default 50)
  --syscalls N   SIGKILL at the n-th system call that opens, writes, syncs, renames or removes (default 100; needs strace)
  --mutations N  damaged files of every format, read under ASan + UBSan (default 4000; needs --asan)
  --first N      the number of the first damaged file: with --mutations 1 it repeats one
  --build, --asan   build folders (default build and build-asan: cmake --preset asan && cmake --build --preset asan)

After a kill every file under its final name is whole, and the same command run again gives the bytes of an undisturbed run.
A damaged file gets an answer in time: exit code 0 to 3, a word on failure, no sanitizer's report, and no other file touched.
Exit code 1 where any of that does not hold; each failure names the number that repeats it with the same seed.
"""
import argparse
import os
import shutil
import sys
import tempfile
import time

import kills
import mutations
import workspace


def table(tally):
    rows = {}
    for (name, code), number in tally.items():
        rows.setdefault(name, {})[code] = number
    for name, codes in sorted(rows.items()):
        print(f"  {name:12s} {sum(codes.values()):5d}   " + "  ".join(f"exit {c}: {n}" for c, n in sorted(codes.items(), key=str)))


def progress(label):
    def say(done, total):
        if sys.stderr.isatty():
            print(f"\r{label}: {done} of {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif done * 20 // total > (done - 1) * 20 // total:
            print(f"{label}: {done} of {total}", file=sys.stderr, flush=True)
    return say


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1], add_help=True)
    for name, value in (("kills", 50), ("syscalls", 100), ("mutations", 4000), ("first", 0), ("seed", 1), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--build", default="build")
    parser.add_argument("--asan", default="build-asan")
    args = parser.parse_args()
    source = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
    landuse, sample_county = (os.path.abspath(f"{args.build}/bin/{name}") for name in ("landuse", "sample-county"))
    sanitized = os.path.abspath(f"{args.asan}/bin/landuse")
    for needed in [landuse, sample_county] + ([sanitized] if args.mutations else []):
        if not os.path.exists(needed):
            sys.exit(f"faults: {needed}: not there (build first; --build and --asan name the folders)")
    if args.syscalls and not shutil.which("strace"):
        sys.exit("faults: strace is not installed (apt-get install strace, or --syscalls 0)")
    top = tempfile.mkdtemp(prefix="landuse-faults-")
    failures = []
    try:
        folder = os.path.join(top, "county")
        workspace.make(folder, landuse, sample_county, source)
        if args.kills or args.syscalls:
            reference = kills.Reference(landuse, folder, bool(args.syscalls))
        for label, count, act in (("kills at random times", args.kills, kills.by_time),
                                  ("kills at a system call", args.syscalls, kills.by_call)):
            if not count:
                continue
            start = time.monotonic()
            tally, wrong = act(landuse, folder, count, args.seed, reference, progress(label))
            print(f"{label}: {sum(tally.values())} ({', '.join(f'{n} {c}' for n, c in sorted(tally.items()))}), "
                  f"{len(wrong)} failures, {time.monotonic() - start:.0f} s", flush=True)
            failures += wrong
            if sum(tally.values()) < count:
                failures.append(f"{label}: only {sum(tally.values())} of {count} took place")
        if args.mutations:
            start = time.monotonic()
            tally, wrong = mutations.all_formats(sanitized, landuse, folder, source, args.mutations, args.seed, args.workers,
                                                 args.first, progress("damaged files"))
            print(f"damaged files: {sum(tally.values())}, {len(wrong)} failures, {time.monotonic() - start:.0f} s")
            table(tally)
            failures += wrong
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f"faults: {len(failures)} failures (seed {args.seed})")
    sys.exit(1 if failures else 0)


main()
