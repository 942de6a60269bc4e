#!/bin/sh
# install.sh: what is installed works by itself: the program finds its models, and a C program builds against landuse.h
# with nothing but pkg-config. BUILD is the build tree.
. tests/support/shell.sh
build=${BUILD:-build}
DESTDIR="$scratch/root" cmake --install "$build" >"$scratch/log" || { cat "$scratch/log"; fail "cmake --install"; }
program=$(find "$scratch/root" -type f -name landuse -perm -u+x)
pc=$(find "$scratch/root" -name landuse.pc)
[ -x "$program" ] && [ -s "$pc" ] || fail "the program or landuse.pc is missing: $(cat "$scratch/log")"
unset LANDUSE_DATA
export XDG_DATA_HOME="$scratch/nothing"
says "^aerial-21  *whole .*$scratch/root" "$program" models || fail "the installed program does not find its own models"
says -F "$scratch/root" "$program" models verify aerial-21 || fail "the installed model does not verify"

for file in README.md docs/index.md docs/pictures/report.png samples/county/job.yaml config/schemes/landcover-7.yaml; do
	[ -n "$(find "$scratch/root" -path "*/share/landuse/$file")" ] || fail "no $file"
done

# Links of the installed pages hold.
"$python" - "$(dirname "$(find "$scratch/root" -path '*/share/landuse/README.md')")" <<'END_OF_PYTHON' || fail "links of the pages"
import pathlib, re, sys
gone = [f"{page}: {link}" for page in pathlib.Path(sys.argv[1]).rglob("*.md")
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text()) if not (page.parent / link).exists()]
print(*gone, sep="\n")
sys.exit(len(gone) > 0)
END_OF_PYTHON

# A page a command, and completion where the shells look for it.
"$program" help --json >"$scratch/commands.json"
names=$("$python" -c 'import json, sys; print(*(c["name"] for c in json.load(sys.stdin)["commands"]))' <"$scratch/commands.json")
for page in landuse $(printf 'landuse-%s ' $names); do
	file=$(find "$scratch/root" -path "*/man/man1/$page.1")
	[ -s "$file" ] || fail "no man page $page"
	if command -v man >/dev/null; then
		says "$page" man --warnings -l "$file" 2>"$scratch/warnings" || fail "man -l $file"
		[ ! -s "$scratch/warnings" ] || { cat "$scratch/warnings" >&2; fail "$page has warnings"; }
	else
		echo "no man: $page is not formatted"
	fi
done
completion=$(find "$scratch/root" -path '*/bash-completion/completions/landuse')
[ -s "$completion" ] && [ -s "$(find "$scratch/root" -path '*/zsh/site-functions/_landuse')" ] || fail "no completion"
says 'complete -F _landuse landuse' bash -c '. "$1" && complete -p landuse' bash "$completion" || fail "the completion"

# The plugin for QGIS: a folder with what QGIS wants of one, and what the program's commands take.
plugin=$(find "$scratch/root" -path '*/share/landuse/qgis/landuse-*.zip')
[ -s "$plugin" ] || fail "no plugin for QGIS"
"$python" - "$plugin" "$scratch/commands.json" "$("$program" --version)" <<'END_OF_PYTHON' || fail "the plugin for QGIS"
import configparser, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as plugin:
    assert plugin.testzip() is None and all(name.startswith("landuse/") for name in plugin.namelist())
    metadata = configparser.ConfigParser()
    metadata.read_string(plugin.read("landuse/metadata.txt").decode())
    general = metadata["general"]
    assert general["version"] in sys.argv[3].split(), general["version"]
    assert (general["qgisMinimumVersion"], general["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert general["hasProcessingProvider"] == "yes"
    assert plugin.read("landuse/commands.json") == open(sys.argv[2], "rb").read()
    for name in ("__init__.py", "provider.py", "panel.py", general["icon"], "LICENSE"):
        assert len(plugin.read("landuse/" + name)) > 100, name
END_OF_PYTHON

cat >"$scratch/use.c" <<'END_OF_C'
#include <landuse.h>
#include <stdio.h>
int main(void)
{
	struct lu_error error = {0};
	struct lu_run_options options;
	struct lu_run_summary summary = {0};
	struct lu_smoothing smoothing = {0};
	int shard, count;
	/* Training needs libraries that a run does not. */
	enum lu_status (*volatile train)(const struct lu_train_options *, struct lu_run_summary *, struct lu_error *) = lu_train;
	lu_run_options_init(&options);
	options.job_path = "none.yaml";
	const enum lu_status status = lu_run(&options, &summary, &error);
	printf("%s: %s, %s\n", lu_version(), lu_status_name(status), error.text);
	if (lu_mapping_unit_parse("0.5ha", &smoothing, &error) != LU_OK || smoothing.min_hectares != 0.5 ||
	    lu_shard_parse("3/8", &shard, &count, &error) != LU_OK || shard != 3 || count != 8)
		return 1;
	return status == LU_ERROR_ARGUMENT && train != NULL ? 0 : 1;
}
END_OF_C
# The header is C++, too; what it scores with is the installed model.
cat >"$scratch/score.cpp" <<'END_OF_CPP'
#include <landuse.h>
#include <cmath>
#include <cstdio>
#include <vector>
int main()
{
	lu_error error = {};
	lu_model_options options;
	lu_open_model *model = nullptr;
	lu_model_options_init(&options);
	options.model = "aerial-21";
	options.precision = LU_PRECISION_FP32;
	if (lu_model_open(&options, &model, &error) != LU_OK) {
		std::fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	const lu_model_description *d = lu_model_describe(model);
	std::vector<uint8_t> pixels(2 * size_t(d->side_px) * size_t(d->side_px) * d->bands, 90);
	std::vector<float> probabilities(2 * d->class_count);
	const lu_status status = lu_model_score(model, pixels.data(), 2, probabilities.data(), &error);
	double sum = 0;
	for (const float p : probabilities)
		sum += p;
	lu_model_close(model);
	std::printf("%s: %.3f\n", lu_status_name(status), sum);
	return std::fabs(sum - 2) < 1e-4 ? 0 : 1;
}
END_OF_CPP
export PKG_CONFIG_SYSROOT_DIR="$scratch/root" PKG_CONFIG_PATH="${pc%/*}"
kind=--static
[ -z "$(find "$scratch/root" -name 'liblanduse.so*')" ] || kind=--shared
flags=$(pkg-config --cflags --libs $kind landuse) || fail "pkg-config"
cd "$scratch"
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -Wall -Wextra -Werror use.c -o use $flags || fail "a program does not build: $flags"
libraries=$(dirname "$(find "$scratch/root" -name 'liblanduse*' | head -n 1)")
says 'none.yaml: no such file' env LD_LIBRARY_PATH="$libraries" ./use || fail "a program does not run"
# shellcheck disable=SC2086
${CXX:-c++} -std=c++11 -Wall -Wextra -Werror score.cpp -o score $flags || fail "a C++ program does not build: $flags"
data=$(find "$scratch/root" -type d -path '*/share/landuse')
says 'ok: 2.000' env LANDUSE_DATA="$data" LD_LIBRARY_PATH="$libraries" ./score || fail "a C++ program does not score"

# The page's Python, with the library as a shared one.
sed -n '/^```python/,/^```/p' "$OLDPWD/docs/library.md" | sed '/^```/d' >page.py
"$sample_county" -q --cells 3x3 --dates 2009,2015 --seed 5 county && "$program" change -q --tables-only -o change county/truth_*.tif >change.log ||
	fail "$(cat change.log)"
shared=$(find "$libraries" -name 'liblanduse.so')
if [ -z "$shared" ]; then
	shared=$scratch/liblanduse.so
	# shellcheck disable=SC2086
	${CC:-cc} -shared -o "$shared" -Wl,--whole-archive "$libraries/liblanduse.a" -Wl,--no-whole-archive $flags || fail 'no shared library'
fi
LANDUSE_DATA=$data "$python" page.py "$shared" change >told || fail "docs/library.md: $(cat told)"
"$python" - change/statistics.json >expected <<'END_OF_PYTHON' || fail "statistics.json"
import json, sys
for pair in json.load(open(sys.argv[1]))["pairs"]:
    for row in pair["classes"]:
        print(pair["earlier"], pair["later"], row["name"], f'{row["area_ha"]["net"]:.6f}', "ha")
END_OF_PYTHON
grep ' ha$' told | diff - expected || fail "the library's statistics are others than statistics.json"
[ "$(grep -c ': 0[.][0-9]* of 1.000$' told)" -eq 3 ] && grep -q '^truth_2009 truth_2015 .* ha$' told || fail "docs/library.md: $(cat told)"

# The library exports what landuse.h declares, and nothing else (but names of the linker and of OpenMP).
library=$(find "$libraries" -name 'liblanduse.so' -o -name 'liblanduse.a')
case $library in *.so) names='nm -D' ;; *) names=nm ;; esac
$names --defined-only "$library" | sed -n 's/^[0-9a-f]* [A-TV-Z] //p' | grep -v '^[.]gomp\|^_\(_bss_start\|edata\|end\)$' | sort -u >exported
headers=$(find "$scratch/root" -path '*/include/*landuse*.h' -o -path '*/include/landuse/*.h')
# shellcheck disable=SC2086
grep -ho '^LU_API [^;(]*(' $headers | sed 's/($//; s/.*[ *]//' | sort -u >declared
diff declared exported || fail "exported is something else than declared (<, above)"

# Every struct of options has what writes its defaults; that of chips is a part of others.
# shellcheck disable=SC2086
cat $headers >headers
for options in $(sed -n 's/^struct \(lu_[a-z]*_options\) {$/\1/p' headers | grep -v '^lu_chip_options$'); do
	grep -q "^LU_API void ${options}_init(struct $options [*]options);$" headers || fail "no ${options}_init"
done
[ "$(grep -c '_options_init(struct' headers)" -ge 15 ] || fail "no structs of options in the headers"
