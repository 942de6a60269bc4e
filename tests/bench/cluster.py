#!/usr/bin/python3
"""How long a job takes on N nodes, and what it costs: a model from measured costs of the stages, compared with real shards.

usage: cluster.py LANDUSE SAMPLE_COUNTY [--cells 24] [--cores 8] [--dollars 0.05] [--storage 2.0]

Measured in processor seconds with one thread (so that a busy machine gives the same figures), on a drawn county:

    open(C)    planning, and the start of every shard and merge: program, network, grid of C cells
    score      a chip: reading and decoding, the network, writing its scores
    join       a chip in the merge: scores joined, maps and figures written

Model: T(N) = open + max(open + score C / (N cores), C bytes / storage) + open + join C, for one county of C chips; the
merge is one thread. A state or a country is so many counties of 63,175 chips, each a job of its own, side by side. --storage
is what the shared folder gives to all nodes together (GB/s), --dollars the price of a core for an hour. The model must meet
1, 2 and 4 real shards of the drawn county within 15 %: exit 1 otherwise.
"""
import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"
COUNTY = 63175


def seconds(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def line(points):
    """Least squares: y = a + b x."""
    n = len(points)
    mx, my = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    b = sum((x - mx) * (y - my) for x, y in points) / (sum((x - mx) ** 2 for x, _ in points) or 1)
    return my - b * mx, b


def main():
    p = argparse.ArgumentParser()
    p.add_argument("landuse", type=os.path.abspath)
    p.add_argument("sample_county", type=os.path.abspath)
    p.add_argument("--cells", type=int, default=24, help="a side of the drawn county")
    p.add_argument("--cores", type=int, default=8, help="of a node")
    p.add_argument("--dollars", type=float, default=0.05, help="a core for an hour")
    p.add_argument("--storage", type=float, default=2.0, help="GB/s of the shared folder")
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        seconds(args.sample_county, "-q", "--cells", f"{args.cells}x{args.cells}", "--dates", "2009", "--seed", "5", "--format", "jpeg", "county")
        bytes_ = os.path.getsize("county/imagery_2009.tif")
        boundary = next(f for f in sorted(os.listdir("county")) if f.startswith("county."))

        def job(name, grid=""):
            with open(f"{name}.yaml", "w") as f:
                f.write(f"county: {{boundary: county/{boundary}}}\nmodel: aerial-21\nthreads: 1\nreport: false\n{grid}"
                        f"dates: [{{date: 2009, imagery: county/imagery_2009.tif}}]\noutput: {name}\n")
            return f"{name}.yaml"

        def cells(text):
            return sum(int(n) for n in re.findall(r", (\d+) cells$", text, re.M))

        opens = []
        for grid in ("", "grid: {chip: 224, stride: 56}\n", "grid: {chip: 224, stride: 28}\n"):
            cost, text = seconds(args.landuse, "shard", "-q", "--count", "1", job(f"open{len(opens)}", grid))
            opens.append((cells(text), cost))
        open_a, open_b = line(opens)
        shards, merges, totals = [], [], {}
        for count in (1, 2, 4):
            name = job(f"of{count}")
            seconds(args.landuse, "shard", "-q", "--count", str(count), name)
            of_this = []
            for i in range(count):
                cost, text = seconds(args.landuse, "run", "-q", "--shard", f"{i}/{count}", name)
                of_this.append((int(re.search(r", (\d+) chips", text)[1]), cost))
            merge, _ = seconds(args.landuse, "merge", "-q", name)
            shards += of_this
            merges.append(merge)
            totals[count] = opens[0][1] + max(cost for _, cost in of_this) + merge
    chips = sum(n for n, _ in shards) // 3
    score_a, score_b = line(shards)
    # The merge of a small county is its start and its writing: a chip's part is the rest, spread.
    join = max(sum(merges) / 3 - opens[0][1], 0) / chips
    print(f"county of {chips} chips; processor seconds of one thread: open {open_a:.2f} + {open_b * 1e6:.2f} a million cells, "
          f"a shard {score_a:.2f} + {score_b * 1e3:.2f} ms a chip, join {join * 1e3:.2f} ms a chip; {bytes_ / chips / 1e3:.0f} kB read a chip")
    worst = 0
    for count, measured in totals.items():
        model = opens[0][1] + score_a + score_b * max(n for n, _ in shards[count - 1:2 * count - 1]) + opens[0][1] + join * chips
        worst = max(worst, abs(model / measured - 1))
        print(f"{count} shard{'s' if count > 1 else ''}: measured {measured:.2f} s, model {model:.2f} s ({100 * (model / measured - 1):+.0f} %)")

    def county(nodes):
        start = open_a + open_b * COUNTY
        score = max(start + score_b * COUNTY / (nodes * args.cores), COUNTY * bytes_ / chips / args.storage / 1e9 * (nodes > 0))
        return start, score, start + join * COUNTY

    for what, total in (("a state", 3_000_000), ("the country", 180_000_000)):
        jobs = -(-total // COUNTY)
        print(f"\n{what}: {total:,} chips, {jobs} counties; {args.cores} cores a node, ${args.dollars} a core and hour, {args.storage} GB/s of storage")
        print(f"{'nodes':>7} {'hours':>8} {'dollars':>9} {'busy':>6}")
        last = None
        for power in range(0, 17):
            nodes = 2 ** power
            # Nodes go to counties side by side; more nodes than counties share each.
            waves, share = (-(-jobs // nodes), 1) if nodes < jobs else (1, nodes // jobs)
            plan, score, merge = county(share)
            # All counties that are scored at once share the storage.
            reading = min(nodes, jobs) * COUNTY * bytes_ / chips / args.storage / 1e9
            hours = waves * (plan + max(score, reading) + merge) / 3600
            busy = total * score_b / args.cores / (nodes * hours * 3600)
            print(f"{nodes:7} {hours:8.2f} {nodes * hours * args.cores * args.dollars:9.2f} {100 * busy:5.0f}%")
            if last is not None and hours > 0.9 * last:
                print(f"        no faster beyond {nodes // 2} nodes: {'the storage' if reading > score else 'opening and merging one county'} is the limit")
                break
            last = hours
    if worst > 0.15:
        sys.exit(f"the model is {100 * worst:.0f} % off")


main()
