#!/bin/sh
# terminal.sh: what a terminal sees: progress within its width, colours unless NO_COLOR forbids them; a file sees neither.
. tests/support/shell.sh
cd "$scratch"
"$sample_county" -q --cells 3x3 --chip 128 --dates 2009,2015 --seed 3 county
cat >job.yaml <<'END'
county: {boundary: county/county.geojson}
model: aerial-21
accept_gsd_mismatch: true
grid: {chip: 128}
dates:
  - {date: 2009, imagery: county/imagery_2009.tif}
  - {date: 2015, imagery: county/imagery_2015.tif}
output: out
END
cat >look.py <<'END'
import fcntl, os, pty, re, struct, subprocess, sys, termios

def told(columns, **more):
    """All that a terminal of so many columns gets on stderr."""
    above, below = pty.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm", **more}
    environment = {name: value for name, value in environment.items() if value is not None}
    program = subprocess.Popen([sys.argv[1], "run", "job.yaml"], stdout=subprocess.DEVNULL, stderr=below, env=environment)
    os.close(below)
    out = b""
    try:
        while part := os.read(above, 65536):
            out += part
    except OSError:  # the other end is closed
        pass
    assert program.wait() == 0, out
    return out.decode()

for columns in (80, 50, 20):
    out = told(columns, NO_COLOR=None)
    bars = [line for line in re.split(r"[\r\n]+", out.replace("\033[K", "")) if " % " in line]
    assert bars, out
    assert all(len(bar) < columns for bar in bars), (columns, bars)
    assert any("[###" in bar for bar in bars) == (columns >= 50), (columns, bars)
    assert columns < 80 or any(re.search(r"\] 100 %  \d+ of \d+, ", bar) for bar in bars), (columns, bars)
    assert "\033[33mwarning:\033[0m " in out, out
for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
    plain = told(80, **{"NO_COLOR": None, **environment})
    assert "warning: " in plain and "\033[3" not in plain, plain
END
"$python" look.py "$landuse" || fail "the terminal"
"$landuse" run job.yaml >stdout 2>stderr
lacks "$(printf '\033')" stdout stderr || fail "a file gets signs of a terminal"
