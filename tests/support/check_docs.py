"""What the documentation says that a program can check: links and anchors, command lines, constants of the method page.

usage: check_docs.py COMMANDS.json    (landuse help --json), from the root of the repository
"""
import json, pathlib, re, shlex, sys

PAGES = [pathlib.Path(p) for p in ("README.md", "CHANGELOG.md", "SECURITY.md")] + sorted(
    p for folder in ("docs", "models", "samples", "tests/bench", "tests/faults", "tests/fuzz") for p in pathlib.Path(folder).rglob("*.md"))
faults = []


def without_code(text):
    """Fenced blocks and spans of code hold no links."""
    text = re.sub(r"^( *)```.*?^ *```$", "", text, flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`", "``", text)


def slug(heading):
    """The anchor of a heading, as GitHub and the site make it."""
    heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


anchors_of = {}


def anchors(page):
    if page not in anchors_of:
        text = re.sub(r"^( *)```.*?^ *```$", "", page.read_text(), flags=re.S | re.M)
        found, slugs = set(re.findall(r'<a id="([^"]+)"', text)), [slug(h) for h in re.findall(r"^#+ (.*)$", text, re.M)]
        for at, s in enumerate(slugs):
            found.add(s if slugs.index(s) == at else f"{s}-{slugs[:at].count(s)}")
        anchors_of[page] = found
    return anchors_of[page]


def check_links(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = page.parent / name if name else page
        if not there.is_file():  # of a folder the site has no page
            faults.append(f"{page}: no file {target}")
        elif anchor and (there.suffix != ".md" or anchor not in anchors(there) or "--" in anchor):  # the site has one dash
            faults.append(f"{page}: no heading for {target}")


def command_lines(text):
    """(words, whole): lines of fenced blocks, which are whole, and spans of code that begin with landuse."""
    for block in re.findall(r"^ *```(?:sh|text)?\n(.*?)^ *```$", text, re.S | re.M):
        for line in re.sub(r"\\\n\s*", " ", block).split("\n"):
            if re.match(r"\s*([A-Z_]+=\S+ )*(build/bin/)?landuse( |$)", line) and "[options]" not in line and " COMMAND" not in line:
                yield line.strip(), True
    for span in re.findall(r"`((?:build/bin/)?landuse [a-z][^`\n]*)`", text):
        yield span, False


# A place where a reader puts something of their own, and what has no end.
OWN = re.compile(r"^[A-Z][A-Z_.-]*$|^\.\.\.$|^[A-Z]/\d+$")


def check_value(option, value):
    kind, known = option["type"], option.get("choices")
    if OWN.match(value) or "$" in value:
        return None
    if kind == "choice" and value not in known:
        return f"is none of {known}"
    if kind in ("integer", "number", "numbers", "integers", "range"):
        for part in value.split(",") if kind in ("numbers", "integers", "range") else [value]:
            try:
                number = float(part)
            except ValueError:
                return "is no number"
            if not option.get("least", number) <= number <= option.get("most", number):
                return "is out of range"
    return None


def check_command(line, whole, commands):
    words = shlex.split(line, comments=True)
    while words and re.match(r"^[A-Z_]+=", words[0]):
        words.pop(0)
    for end in ("|", ">", "&&", ";", "2>"):
        words = words[:words.index(end)] if end in words else words
    words = [w for w in words[1:] if not re.match(r"^[<>|]", w)]
    if not words or words[0].startswith("--"):
        return None if words == [] or words[0] in ("--help", "--version") else f"unknown option {words[0]}"
    if words[0] not in commands:
        return f"no command {words[0]}" if whole or re.fullmatch(r"[a-z]+", words[0]) else None
    command = commands[words.pop(0)]
    options = {o["name"]: o for o in command["options"]}
    options.update({o["short"]: o for o in command["options"] if "short" in o})
    operands, given = [], set()
    while words:
        word = words.pop(0)
        if not re.match(r"^--?[a-z]", word):
            operands.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if name not in options and not word.startswith("--") and name[:1] in options:
            name, equals, value = name[0], "=", word[2:]
        if name not in options:
            return f"no option {word}"
        option = options[name]
        given.add(option["name"])
        if option["type"] == "flag":
            continue
        if not equals:
            if not words:
                return None if not whole else f"{word} needs a value"
            value = words.pop(0)
        if option["type"] == "argument":
            operands.append(value)
        wrong = check_value(option, value)
        if wrong:
            return f"{word} {value} {wrong}"
    if whole and not given & {"help"}:
        lacking = [o["name"] for o in command["options"] if o["needed"] and o["name"] not in given]
        most = sum(a.get("most_values", 1 << 20 if "least_values" in a else 1) for a in command["arguments"])
        least = sum(a.get("least_values", 1 if a["needed"] else 0) for a in command["arguments"])
        if lacking or not least <= len(operands) <= most:
            return f"lacks --{lacking[0]}" if lacking else f"{len(operands)} arguments, of {least} to {most}"
    return None


def check_constants(page):
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| (\S+\.[ch]) \|", page.read_text(), re.M)
    for name, value, file in rows:
        source = pathlib.Path("src", file)
        text = source.read_text() if source.exists() else ""
        found = re.search(rf"\b{name}\s*=?\s*(\.?\d[\d.]*(?:e-?\d+)?)", text)
        if not found or float(found[1]) != float(value):
            faults.append(f"{page}: {name} is {value}, src/{file} has {found[1] if found else 'no such constant'}")
    return len(rows)


def check_files(page):
    """Names in brackets, such as (change/fdr), are files of src."""
    for name in re.findall(r"[(;,] ?([a-z]+/[a-z_]+)\b(?=[,;)])", without_code(page.read_text())):
        if not list(pathlib.Path("src").glob(name + ".[ch]")):
            faults.append(f"{page}: there is no src/{name}.c or .h")


commands = {c["name"]: c for c in json.load(open(sys.argv[1]))["commands"]}
lines = 0
for page in PAGES:
    check_links(page)
    if page.name != "CHANGELOG.md":
        for line, whole in command_lines(page.read_text()):
            lines += 1
            wrong = check_command(line, whole, commands)
            if wrong:
                faults.append(f"{page}: {wrong}: {line}")
constants = check_constants(pathlib.Path("docs/method.md"))
check_files(pathlib.Path("docs/method.md"))
if faults:
    sys.exit("\n".join(faults))
assert lines > 100 and constants > 30 and len(PAGES) > 15, (lines, constants, len(PAGES))
print(f"{len(PAGES)} pages, {lines} command lines, {constants} constants")
