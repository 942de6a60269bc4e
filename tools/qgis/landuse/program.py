"""program.py: the installed program: where it is, what its commands take, and a run of one of them. Needs nothing of QGIS.

What a command takes is asked of the program that is found (landuse help --json), so that forms are right for its version,
whatever the plugin's. Where none is found the table that this plugin was built with fills the toolbox, and nothing can be run.
"""
import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import threading
import time

NAME = "landuse"
PREFIXES = ("~/.local", "/usr/local", "/usr", "/opt/landuse", "/opt/local", "/opt/homebrew")
BUILT_WITH = pathlib.Path(__file__).with_name("commands.json")
INSTALL = ("The program landuse is not installed, or not where it is looked for (PATH, {prefixes}). Install it (in its source "
           "folder: tools/quickstart, then cmake --install build), or name it in Settings, Options, Processing, Providers, "
           "Land use.").format(prefixes=", ".join(PREFIXES))
PATIENCE_S = 60  # between the signal to stop and the one that ends the program wherever it is

_tables = {}


class ProgramError(Exception):
    """In words for a person."""


def find(setting=""):
    """The program's path: the setting's, else from PATH, else from the usual prefixes."""
    if setting:
        found = shutil.which(os.path.expanduser(setting))
        if found is None:
            raise ProgramError(f"{setting}: no such program (Settings, Options, Processing, Providers, Land use)")
        return found
    found = shutil.which(NAME)
    for prefix in PREFIXES:
        found = found or shutil.which(os.path.join(os.path.expanduser(prefix), "bin", NAME))
    if found is None:
        raise ProgramError(INSTALL)
    return found


def commands_of(program):
    """What each command of this program takes, by name."""
    state = os.stat(program)
    key = (program, state.st_mtime_ns, state.st_size)
    if key not in _tables:
        try:
            told = subprocess.run([program, "help", "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60, check=True).stdout
            _tables[key] = {command["name"]: command for command in json.loads(told)["commands"]}
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as wrong:
            raise ProgramError(f"{program} does not tell what its commands take (landuse help --json): {wrong}") from wrong
    return _tables[key]


def commands_built_with():
    """The same of the program that this plugin was built with; nothing in a source folder."""
    if not BUILT_WITH.exists():
        return {}
    return {command["name"]: command for command in json.loads(BUILT_WITH.read_text(encoding="utf-8"))["commands"]}


class Run:
    """One run of the program, told to a feedback of QGIS (or what has its methods)."""

    def __init__(self, program, words, feedback, folder=None):
        self.words = [program, *words]
        self.feedback = feedback
        self.error = ""
        self.stdout = []
        self.stopped_at = None
        self.process = subprocess.Popen(self.words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")

    def wait(self):
        """The exit code and what stdout said; stops the program where the feedback is cancelled."""
        lines = queue.Queue()
        readers = [threading.Thread(target=self._read, args=(stream, lines), daemon=True)
                   for stream in (self.process.stdout, self.process.stderr)]
        for reader in readers:
            reader.start()
        ended = 0
        while ended < len(readers):
            self._heed_cancel()
            try:
                stream, line = lines.get(timeout=0.1)
            except queue.Empty:
                continue
            if line is None:
                ended += 1
            elif stream is self.process.stdout:
                self.stdout.append(line)
            else:
                self._hear(line.rstrip("\n"))
        with self.process:  # closes its streams, and waits
            pass
        return self.process.returncode, "".join(self.stdout)

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.put((stream, line))
        lines.put((stream, None))

    def _heed_cancel(self):
        if not self.feedback.isCanceled() or self.process.poll() is not None:
            return
        now = time.monotonic()
        if self.stopped_at is None or now - self.stopped_at > PATIENCE_S:
            # The first lets it end whole blocks, so that the next run goes on from there; a second one ends it at once.
            self.feedback.pushInfo("Stopping ...")
            self.process.send_signal(signal.SIGINT if self.stopped_at is None else signal.SIGKILL)
            self.stopped_at = now

    def _hear(self, line):
        """A line of stderr: an event, or of commands without --json-log plain words."""
        event = None
        if line.startswith("{"):
            try:
                event = json.loads(line)
            except ValueError:
                pass
        if not isinstance(event, dict) or "event" not in event:
            self._hear_words(line)
        elif event["event"] == "stage":
            self.feedback.setProgressText(event["stage"])
        elif event["event"] == "progress":
            self.feedback.setProgress(100 * event["done"] / event["total"] if event["total"] else 100)
        elif event["event"] == "log":
            say = {"warning": self.feedback.pushWarning, "debug": self.feedback.pushDebugInfo}
            say.get(event["level"], self.feedback.pushInfo)(event["text"])
        elif event["event"] == "result":
            self.error = event.get("error") or ""

    def _hear_words(self, line):
        counts = re.match(r"(.+): (\d+) of (\d+) \(", line)
        if counts:
            self.feedback.setProgressText(counts[1])
            self.feedback.setProgress(100 * int(counts[2]) / max(1, int(counts[3])))
        elif line.startswith("warning: "):
            self.feedback.pushWarning(line[len("warning: "):])
        elif line.startswith("landuse: ") or re.match(r"landuse \w+: ", line):
            self.error = line
        elif line:
            self.feedback.pushInfo(line)
