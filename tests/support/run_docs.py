"""The commands of pages, run in the order in which they stand there, in one folder that holds what the pages speak of.

usage: run_docs.py PAGE...    from the folder; landuse and sample-county are in $PATH, PAGEs are full paths

A command is run unless it stands in a block behind <!-- run by tests: NAME -->, which a test of its own runs, or matches ELSEWHERE.
The first yaml block of README.md is county.yaml. What a person does between two commands, before() does: label the sample.
"""
import os, pathlib, re, resource, subprocess, sys
from osgeo import gdal, ogr

gdal.UseExceptions()
ogr.UseExceptions()
# What is not run here, and what runs it or why nothing does.
ELSEWHERE = [
    (r"^tools/(quickstart|test|coverage|check-systems|package|site)\b", "sets up a machine: tests/style and the system checks"),
    (r"^(sudo |\(?cmake |ctest |cpack |cc |apt |apptainer |docker )", "builds or installs: the test 'install' and tools/package"),
    (r"^(plan|shards)=\$\(aws |^aws ", "a cloud's own queue"),
    (r"^(sbatch|sh config/slurm/)", "a queue: tests/slurm"),
    (r"^landuse history (show 12|compare 11 12)", "numbers of a reader's own runs: tests/cli/history.sh"),
    (r"~/roofs|^landuse quantize|aerial-21-int8 -o map", "a package of a reader's own, minutes long: tests/cli/models.sh, quantize.sh"),
]
# Where a county of 12 rows of cells is too small for a command, or a folder of a page before is in its way: what stands there, and here.
INSTEAD = [(r"(^landuse label --reference sample.*) -o", r"\1 --overwrite -o"), (r"(^landuse label --imagery naip_2016/.*) -o", r"\1 --block-cells 3 --overwrite -o"),
           (r"(^landuse train .*) -o", r"\1 --overwrite -o"), (r"(^landuse tile .*) -o chips", r"\1 -o tiles"), (r"--count 16", "--count 3"), (r"\bI/16", "I/3")]


def blocks(page):
    """(kind, mark, text) of each fenced block."""
    for found in re.finditer(r"(?:^<!-- run by tests: (\w+) -->\n)?^( *)```(\w*)\n(.*?)^ *```$", page, re.S | re.M):
        yield found[3], found[1], found[4]


def commands(text):
    """Whole commands of a block: lines, with those that go on and here-documents."""
    lines = iter(text.split("\n"))
    for line in lines:
        while line.endswith("\\"):
            line = line[:-1] + next(lines).strip()
        here = re.search(r"<<'(\w+)'", line)
        if here:
            for more in lines:
                line += "\n" + more
                if more == here[1]:
                    break
        if line.strip() and not line.strip().startswith("#"):
            yield line.strip()


def fill(path, field, value):
    """What somebody who looks at the places writes into the table's empty column."""
    source = ogr.Open(path, 1)
    layer = source.GetLayer(0)
    for at, row in enumerate(list(layer)):
        row[field] = value(row, at)
        layer.SetFeature(row)


def before(command):
    """What a person has done by the time of this command: the sample is labelled, candidates are reviewed."""
    sample = re.search(r"^landuse sample .*-o (\S+)", command)
    if sample and os.path.exists(sample[1]):  # of the page before
        os.remove(sample[1])
    table = re.search(r"^landuse assess .*?(\S+[.]gpkg)", command)
    if table:
        source = ogr.Open(table[1])
        names = [f.GetName() for f in source.GetLayer(0).schema]
        source = None
        if "review_status" in names:
            fill(table[1], "review_status", lambda row, at: 1 if at % 3 else 2)
        elif "reference" in names:
            fill(table[1], "reference", lambda row, at: row["map"])


ran = passed_over = 0
spent = []
for name in sys.argv[1:]:
    page = pathlib.Path(name)
    for kind, mark, text in blocks(page.read_text()):
        if kind == "yaml" and page.name == "README.md" and not os.path.exists("county.yaml"):
            pathlib.Path("county.yaml").write_text(text)
        if kind != "sh" or mark:
            continue
        for command in commands(text):
            why = [w for pattern, w in ELSEWHERE if re.search(pattern, command)]
            if why:
                print(f"not here: {page.name}: {command.splitlines()[0]} ({why[0]})")
                passed_over += 1
                continue
            # 'I/16', for I = 0 to 15.
            for written, here in INSTEAD:
                command = re.sub(written, here, command)
            # 'I/3', for I = 0 to 2.
            each = [re.sub(r"\bI/3", f"{i}/3", command) for i in range(3)] if " I/3" in command else [command]
            begun = resource.getrusage(resource.RUSAGE_CHILDREN)
            for one in each:
                before(one)
                end = subprocess.run(["sh", "-ec", one], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                if end.returncode != 0:
                    sys.exit(f"{page.name}: exit code {end.returncode}: {one}\n{end.stdout[-3000:]}")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append((after.ru_utime + after.ru_stime - begun.ru_utime - begun.ru_stime, f"{page.name}: {command}"))
            ran += 1
for seconds, command in sorted(spent, reverse=True)[:5]:
    print(f"{seconds:5.2f} s {command}")
print(f"{ran} commands run, {passed_over} elsewhere, {sum(s for s, _ in spent):.1f} s of processor")
