#!/bin/sh
# commands.sh: what is made from the rows of the commands: pages of 80 columns, docs/commands.md, JSON, man pages, completion,
# and the word that may have been meant.
. tests/support/shell.sh

"$landuse" help --json >"$scratch/commands.json"
"$landuse" help --markdown >"$scratch/commands.md"
cmp "$scratch/commands.md" docs/commands.md ||
	fail "docs/commands.md is not what the program says (landuse help --markdown >docs/commands.md)"

cat >"$scratch/look.py" <<'END'
import json, pathlib, re, subprocess, sys

program = sys.argv[1]
def told(*words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout

table = json.load(open(sys.argv[2]))
commands = {command["name"]: command for command in table["commands"]}
overview = told("--help")
assert overview == told("help")
assert table["version"] == told("--version").split("\n")[0].split()[1]
assert re.findall(r"^  (\w+)  ", overview.split("commands:")[1].split("\n\n")[0], re.M) == list(commands)
keys, section = set(), ""  # of docs/job-file.md: a heading a mapping, a row a key
for line in pathlib.Path("docs/job-file.md").read_text().split("\n"):
    heading, row = re.match(r"#+ .*?`([\w.\[\]]+)`", line), re.match(r"\| `(\w+)` \|", line)
    section = heading[1] + "." if heading else section
    if heading or row:
        keys.add(heading[1] if heading else section + row[1])
pages = {"": overview}
for name, command in commands.items():
    pages[name] = page = told(name, "--help")
    assert name not in ("run", "train") or page == told("help", name) == told(name, "-h")
    assert page.startswith(f"landuse {name}: {command['summary']}\n\nusage: landuse {name} "), page
    flat = re.sub(r"\s+", " ", page)
    names = [option["name"] for option in command["options"]]
    assert len(names) == len(set(names)), names
    shorts = [option["short"] for option in command["options"] if "short" in option]
    assert len(shorts) == len(set(shorts)), shorts
    for option in command["options"]:
        term = f"--{option['name']}" + (f" {option['value']}" if "value" in option else "")
        term = f"-{option['short']}, {term}" if "short" in option else term
        assert f"  {term}" in page, (name, term)
        assert re.sub(r"\s+", " ", option["meaning"].split("\n")[0]) in flat, (name, option["meaning"])
        assert (option["type"] != "flag") == ("value" in option), (name, option)
        assert option.get("needs", names[0]) in names, (name, option)
        if "default" in option:
            assert f"default {option['default']}" in flat, (name, option)
        assert option.get("job_key", "model") in keys, (name, option["job_key"], keys)
    for argument in command["arguments"]:
        assert argument["meaning"].split()[0] in page and f"  {argument['name']}  " in page, (name, argument)
for name, page in pages.items():
    for line in page.split("\n"):
        assert len(line) <= 80 and line == line.rstrip(), (name, line)
assert len(commands) >= 16 and sum(len(c["options"]) for c in commands.values()) > 180
by_name = {o["name"]: o for o in commands["classify"]["options"]}
assert by_name["model"]["default"] == "aerial-21" and by_name["model"]["kind"] == "model"
assert by_name["threads"] == {"name": "threads", "short": "j", "type": "integer", "value": "N", "meaning": "worker threads",
                              "least": 1.0, "most": 1024.0, "otherwise": "every core", "needed": False, "written": False,
                              "job_key": "threads", "member": "threads"}, by_name["threads"]
assert by_name["output"]["needed"] and by_name["output"]["kind"] == "folder" and by_name["output"]["written"]
# A form offers a list alone where the list is all; the program is asked whether it is.
options = {(name, row["name"]): row for name, command in commands.items() for row in command["options"]}
for (name, option), other, is_open in ((("label", "rule"), "purity:0.7", True), (("sample", "allocation"), "random", False)):
    assert options[name, option]["open"] == is_open and other not in options[name, option]["choices"]
# Events instead of words, wherever a command takes long.
for name in ("run", "merge", "classify", "change", "tile", "label", "train", "evaluate", "sample", "assess", "compare", "quantize"):
    assert (name, "json-log") in options, name
done = subprocess.run([program, "change", "--json-log", "-o", "none", "none.tif", "nor.tif"], capture_output=True, text=True)
events = [json.loads(line) for line in done.stderr.splitlines()]
assert done.returncode == 2 and done.stdout == "", done
assert [e["event"] for e in events] == ["start", "result"], events
assert events[0]["command"][1] == "change" and events[1]["exit_code"] == 2 and "none.tif" in events[1]["error"], events
END
"$python" "$scratch/look.py" "$landuse" "$scratch/commands.json" || fail "pages and table differ"

# Engines and libraries, as the libraries themselves say.
"$landuse" version >"$scratch/version"
"$landuse" --version >"$scratch/short" && cmp "$scratch/short" "$scratch/version" || fail "--version is another"
ONEDNN_MAX_CPU_ISA=AVX2 OPENBLAS_CORETYPE=Haswell "$landuse" version --json >"$scratch/version.json"
cat >"$scratch/look.py" <<'END'
import json, re, sys
from osgeo import gdal, osr
told, text = json.load(open(sys.argv[1])), open(sys.argv[2]).read()
assert told["gdal"] == gdal.VersionInfo("RELEASE_NAME"), told
assert told["proj"] == f"{osr.GetPROJVersionMajor()}.{osr.GetPROJVersionMinor()}.{osr.GetPROJVersionMicro()}", told
assert told["engines"]["blas"]["library"] == "OpenBLAS", told
assert told["engines"].get("onednn", {"processor": "AVX2"})["processor"] in ("AVX2", "any", "SSE4.1"), told
assert text.startswith(f"landuse {told['landuse']}\n")
for name, engine in told["engines"].items():
    assert re.fullmatch(r"\d+(\.\d+)+\S*", engine["version"]), told
    assert re.search(rf"^engine {name} +{engine['library']} {re.escape(engine['version'])} for \w", text, re.M), text
assert f"\nGDAL           {told['gdal']}\nPROJ           {told['proj']}\n" in text
END
"$python" "$scratch/look.py" "$scratch/version.json" "$scratch/version" || fail "versions"

# What may have been meant; nothing, where nothing is near.
expect 2 "unknown option '--thread', did you mean --threads?" "$landuse" run --thread 4 job.yaml
expect 2 "unknown option '--ouput=x', did you mean --output?" "$landuse" classify --ouput=x a.tif
expect 2 "unknown option '-mmu', did you mean --mmu?" "$landuse" change -mmu 4 a.tif b.tif
expect 2 "unknown option '--nope' (landuse run --help)" "$landuse" run --nope
expect 2 "'clasify' is not a command, did you mean classify?" "$landuse" clasify
expect 2 "'chnage' is not a command, did you mean change?" "$landuse" help chnage
expect 2 "no model named 'aerial21' (did you mean 'aerial-21'? looked in " "$landuse" classify --model aerial21 -o out a.tif
expect 2 "no class scheme named 'landcover7' (did you mean 'landcover-7'? looked in " "$landuse" classify --scheme landcover7 -o out a.tif
expect 2 "no model named 'woods' (looked in " "$landuse" classify --model woods -o out a.tif
expect 2 "'walk' is not a command (landuse --help lists them)" "$landuse" walk

# Forms of an option, and what stands alone; tests/tools/test_options.c has all of them.
expect 2 '--threads needs a value' "$landuse" run job.yaml -j
expect 2 "--threads is '0', it should be a number from 1 to 1024" "$landuse" run -j0 job.yaml
expect 2 "'b.yaml' is one name too many" "$landuse" run a.yaml b.yaml
expect 2 '--dry-run: no such file' "$landuse" run -- --dry-run
expect 2 "--areas needs --counts" "$landuse" assess --areas a.csv a.tif b.gpkg
expect 2 "--completion is 'fish', it should be bash or zsh" "$landuse" help --completion fish

# Man pages, without a warning where groff is; the install test reads all of them.
for command in '' train; do
	# shellcheck disable=SC2086
	"$landuse" help --man $command >"$scratch/page.1"
	grep -q '^\.SH NAME' "$scratch/page.1" || fail "the man page of '$command' has no name"
	if command -v groff >/dev/null; then
		groff -man -ww -Tutf8 -P-cbou "$scratch/page.1" >"$scratch/page" 2>"$scratch/warnings" || fail "groff: $command"
		[ ! -s "$scratch/warnings" ] || { cat "$scratch/warnings" >&2; fail "the man page of '$command' has warnings"; }
		grep -q 'EXIT STATUS' "$scratch/page" || fail "the man page of '$command' is cut"
	else
		echo "no groff: man pages are not formatted"
	fi
done

# Completion in bash, as Tab calls it.
if command -v bash >/dev/null; then
	"$landuse" help --completion bash >"$scratch/landuse.bash"
	mkdir "$scratch/place" && touch "$scratch/place/job.yaml" && mkdir "$scratch/place/folder"
	cat >"$scratch/tab.bash" <<'END'
set -u
source "$1/landuse.bash"
cd "$1/place"
program=$2
complete_words() { COMP_WORDS=("$program" "$@"); COMP_CWORD=$#; COMPREPLY=(); _landuse; echo "$* -> ${COMPREPLY[*]}"; }
complete -p landuse
complete_words cla
complete_words run --dr
complete_words run --precision b
complete_words run --precision = b
complete_words run -o ""
complete_words run j
complete_words change --pairs ""
complete_words help ch
complete_words history sh
complete_words classify --model aerial-21-
complete_words models verify aerial-f
END
	bash "$scratch/tab.bash" "$scratch" "$landuse" >"$scratch/tabs" || fail "the completion for bash"
	cat >"$scratch/tabs.expected" <<'END'
complete -F _landuse landuse
cla -> classify
run --dr -> --dry-run
run --precision b -> bf16
run --precision = b -> bf16
run -o  -> folder
run j -> job.yaml
change --pairs  -> all consecutive
help ch -> change
history sh -> show
classify --model aerial-21- -> aerial-21-int8
models verify aerial-f -> aerial-features
END
	diff "$scratch/tabs.expected" "$scratch/tabs" >&2 || fail "the completion for bash"
fi
"$landuse" help --completion zsh >"$scratch/_landuse"
if command -v zsh >/dev/null; then
	zsh -n "$scratch/_landuse" || fail "the completion for zsh"
fi
