"""coverage.py BUILD: shares of the lines of src that ran, by room and in all, from gcov's counters in the build tree."""
import collections
import glob
import json
import os
import subprocess
import sys

root = os.path.realpath(os.path.join(os.path.dirname(__file__), ".."))
source = os.path.join(root, "src") + os.sep
counts = collections.defaultdict(lambda: collections.defaultdict(int))  # file -> line -> times
# Objects that never ran have no counters, and all their lines count as not run.
notes = glob.glob(os.path.join(os.path.realpath(sys.argv[1]), "CMakeFiles", "*.dir", "**", "*.gcno"), recursive=True)
for start in range(0, len(notes), 50):
    gcov = subprocess.run(["gcov", "--json-format", "--stdout", *notes[start:start + 50]], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True, text=True)
    for text in gcov.stdout.splitlines():
        for file in json.loads(text)["files"]:
            path = os.path.realpath(os.path.join(root, file["file"]))
            if path.startswith(source):
                for line in file["lines"]:
                    counts[path[len(source):]][line["line_number"]] += line["count"]
if not counts:
    sys.exit("coverage.py: no counters of src in " + sys.argv[1])
rooms = collections.defaultdict(lambda: [0, 0])
for path, lines in counts.items():
    for name in (path.split(os.sep)[0], "src"):
        rooms[name][0] += sum(times > 0 for times in lines.values())
        rooms[name][1] += len(lines)
print(f"{'room':<12} {'lines':>7} {'run':>7} {'share':>8}")
for name, (run, lines) in sorted(rooms.items(), key=lambda room: (room[0] == "src", room[0])):
    print(f"{name:<12} {lines:>7} {run:>7} {100 * run / lines:>7.1f} %")
