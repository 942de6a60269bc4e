#!/bin/sh
# option_words.sh: the library speaks of members of its options, the program of options: every member that a message names
# is known to the program, and is an option of some command.
. tests/support/shell.sh

python_here "$landuse" <<'END' || fail "the library's messages and the program's options differ"
import pathlib, re, subprocess, sys

LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
# Commands of others that a message tells to run.
EXCEPT = ("gdal_calc.py -A %s --calc",)
bad = []
named = set()
table = pathlib.Path("tools/landuse/option_words.c").read_text()
header = re.sub(r"/\*.*?\*/", "", pathlib.Path("src/landuse.h").read_text(), flags=re.S)
identifiers = set(re.findall(r"(\w+)(?:\[\d+\])?\s*[;,]", header))
members = dict(re.findall(r'\{"(\w+)", (NULL|"--[\w-]+")\}', table.split("keys[] =")[0]))
for path in sorted(pathlib.Path("src").rglob("*.c")):
    text = path.read_text()
    for literal in LITERAL.findall(text):
        if re.search(r"(?<![\w-])--[a-z]", literal) and not any(e in literal or literal.strip('"') in e for e in EXCEPT):
            bad.append(f"{path}: speaks of an option: {literal}")
        if path.parts[1] == "nn":
            continue  # its literals are names of kernels and attributes
        for member in re.findall(r'(?:^"|[ (])\.([a-z0-9_]+)(?![\w./-])', literal):
            if member in identifiers - {"json"}:  # a file's ending more often
                named.add(member)
                if member not in members:
                    bad.append(f"{path}: '.{member}' is not in tools/landuse/option_words.c: {literal}")
bad += [f"option_words.c: no message names '.{member}'" for member in sorted(set(members) - named)]
pages = "".join(subprocess.run([sys.argv[1], name, "--help"], capture_output=True, text=True, check=True).stdout
                for name in ("assess", "change", "compare", "evaluate", "label", "quantize", "sample", "tile", "train"))
for member, option in members.items():
    option = "--" + member.replace("_", "-") if option == "NULL" else option.strip('"')
    if not re.search(re.escape(option) + r"(?![\w-])", pages):
        bad.append(f"option_words.c: '.{member}' is {option}, which no command has")
print("\n".join(bad))
sys.exit(bool(bad) or len(members) < 30 or len(named) < 30)
END

# As they are told: a plain member, one with a value, and a file that looks like one.
cd "$scratch"
mkdir -p .layer chips
expect 2 "--l2 is for --head logistic" "$landuse" train --head forest --l2 1 -o model chips
expect 2 " .layer" "$landuse" info .layer/.layer
