#!/bin/sh
# option_words.sh: the library speaks of members of its options, the program of options: every member that a message names
# is an option of some command, and of one name in all that have it.
. tests/support/shell.sh

"$landuse" help --json >"$scratch/commands.json"
python_here "$scratch/commands.json" <<'END' || fail "the library's messages and the program's options differ"
import collections, json, pathlib, re, sys

LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
# Commands of others that a message tells to run, and their options.
EXCEPT = ("gdal_calc.py -A %s --calc", "gdalinfo --format COG", "run them again: --array=%s")
bad = []
named = set()
members = collections.defaultdict(set)
for command in json.load(open(sys.argv[1]))["commands"]:
    for option in command["options"]:
        if "member" in option:
            members[option["member"]].add(option["name"])
headers = "".join(path.read_text() for path in pathlib.Path("src/landuse").glob("*.h"))
header = re.sub(r"/\*.*?\*/", "", headers, flags=re.S)
identifiers = set(re.findall(r"(\w+)(?:\[\d+\])?\s*[;,]", header))
for path in sorted(pathlib.Path("src").rglob("*.c")):
    text = path.read_text()
    if path.name == "browser.c": # its options are those of Chromium
        continue
    for literal in LITERAL.findall(text):
        if re.search(r"(?<![\w-])--[a-z]", literal) and not any(e in literal or literal.strip('"') in e for e in EXCEPT):
            bad.append(f"{path}: speaks of an option: {literal}")
        if path.parts[1] == "nn" or re.fullmatch(r'"\.\w+"', literal):
            continue  # names of kernels and attributes; a file's ending
        for member in re.findall(r'(?:^"|[ (])\.([a-z0-9_]+)(?![\w./-])', literal):
            if member in identifiers - {"json"}:  # a file's ending more often
                named.add(member)
                if member not in members:
                    bad.append(f"{path}: '.{member}' is no command's option: {literal}")
            elif member in members and member != "json":  # the program leaves that one alone
                bad.append(f"{path}: '.{member}' would be told as an option: {literal}")
bad += [f"'.{member}' is {' and '.join(sorted(members[member]))}" for member in sorted(named) if len(members[member]) > 1]
print("\n".join(bad))
sys.exit(bool(bad) or len(members) < 100 or len(named) < 30)
END

# As they are told: a plain member, one with a value, and a file that looks like one.
cd "$scratch"
mkdir -p .layer chips
expect 2 "--l2 is for --head logistic" "$landuse" train --head forest --l2 1 -o model chips
expect 2 "(.csv, .gpkg)" "$landuse" evaluate aerial-21 none
expect 2 " .layer" "$landuse" info .layer/.layer
