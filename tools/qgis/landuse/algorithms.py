"""algorithms.py: a command of the program as an algorithm of Processing."""
import html
import json
import os
import pathlib

from qgis.core import (QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingOutputFile, QgsProcessingOutputHtml,
                       QgsProcessingOutputString, QgsProcessingParameterBoolean)
from qgis.PyQt.QtGui import QIcon

from . import outputs
from .parameters import CommandLine, help_of, parameters_of, rows_of, title_of
from .program import ProgramError, Run, find

ICON = str(pathlib.Path(__file__).with_name("icon.svg"))
ALARM = 3  # the exit code: done, and an alarm of the job fired
# In the toolbox: command, its title, its group.
TOOLBOX = {
    "run": ("Run a county", "Maps"),
    "classify": ("Classify a raster", "Maps"),
    "change": ("Change between maps", "Maps"),
    "report": ("Report of a run", "Maps"),
    "label": ("Label chips", "Models"),
    "train": ("Train a model", "Models"),
    "sample": ("Design a sample", "Accuracy"),
    "assess": ("Assess accuracy", "Accuracy"),
}


def page_of(command):
    """The command's page as HTML."""
    parts = []
    for text in (command.get("description"), command.get("notes")):
        for paragraph in (text or "").split("\n\n"):
            lines = paragraph.split("\n")
            is_verbatim = all(line.startswith(" ") for line in lines)
            parts.append(f"<pre>{html.escape(paragraph)}</pre>" if is_verbatim else f"<p>{html.escape(paragraph)}</p>")
    items = [f"<dt><b>{html.escape(title_of(row).split(':')[0])}</b></dt><dd>{html.escape(help_of(row)).replace(chr(10), '<br>')}</dd>"
             for row in rows_of(command)]
    return "".join(part for part in parts if part != "<p></p>") + f"<dl>{''.join(items)}</dl>"


class CommandAlgorithm(QgsProcessingAlgorithm):
    """'setting' returns the program that the user has named, or an empty text."""

    def __init__(self, command, setting):
        super().__init__()
        self.command, self.setting = command, setting

    def createInstance(self):
        return CommandAlgorithm(self.command, self.setting)

    def name(self):
        return self.command["name"]

    def displayName(self):
        return TOOLBOX[self.name()][0]

    def group(self):
        return TOOLBOX[self.name()][1]

    def groupId(self):
        return self.group().lower()

    def icon(self):
        return QIcon(ICON)

    def shortDescription(self):
        return self.command["summary"]

    def shortHelpString(self):
        return page_of(self.command)

    def initAlgorithm(self, configuration=None):
        for parameter in parameters_of(self.command):
            self.addParameter(parameter)
        if self.name() in outputs.LAYERS:
            self.addParameter(QgsProcessingParameterBoolean("LOAD", "Open the outputs in the project", True))
        self.addOutput(QgsProcessingOutputString("SUMMARY", "Summary"))
        if self.name() in ("run", "report"):
            self.addOutput(QgsProcessingOutputHtml("REPORT", "Report"))
            self.addOutput(QgsProcessingOutputFile("PROJECT", "Project of QGIS"))

    def canExecute(self):
        try:
            find(self.setting())
        except ProgramError as missing:
            return False, str(missing)
        return True, ""

    def processAlgorithm(self, parameters, context, feedback):
        try:
            program = find(self.setting())
        except ProgramError as missing:
            raise QgsProcessingException(str(missing)) from missing
        line = CommandLine(self, self.command, parameters, context, feedback)
        words = self.words_of(line)
        feedback.pushCommandInfo(" ".join([os.path.basename(program), *line.words]))
        try:
            run = Run(program, words, feedback, self.folder_of(line))
            code, told = run.wait()
        except OSError as wrong:
            raise QgsProcessingException(f"{program}: {wrong}") from wrong
        if feedback.isCanceled():
            raise QgsProcessingException("Stopped; the same run goes on from here" if self.name() == "run" else "Stopped")
        if code not in (0, ALARM):
            raise QgsProcessingException(run.error or f"{os.path.basename(program)} ended with exit code {code}")
        if code == ALARM:
            feedback.pushWarning("An alarm of the job fired")
        return self.results(line, told, parameters, context, feedback)

    def words_of(self, line):
        """The command line, and what lets this plugin follow it."""
        known = {row["name"] for row in self.command["options"]}
        extra = ["--json-log"] if "json-log" in known else []
        if self.name() == "run" and "--dry-run" not in line.options:
            extra.append("--json")
        return [line.words[0], *extra, *line.words[1:]]

    def folder_of(self, line):
        """Where the program runs: of a job beside it, whose relative paths then stay as they are told."""
        return os.path.dirname(os.path.abspath(line.operands[0])) if self.name() == "run" else None

    def results(self, line, told, parameters, context, feedback):
        results = dict(line.outputs, SUMMARY=told)
        output = line.outputs.get("OUTPUT")
        if self.name() == "run" and "--json" in self.words_of(line):
            summary = json.loads(told)
            output = results["OUTPUT"] = os.path.join(self.folder_of(line), summary["output"])
            self.tell_run(summary, output, feedback)
        elif self.name() == "report":
            output = line.operands[0]
            feedback.pushInfo(told)
        else:
            feedback.pushInfo(told)
        if self.name() in ("run", "report") and output is not None:
            for key, name in (("REPORT", "report.html"), ("PROJECT", "county.qgz")):
                path = os.path.join(output, name)
                if os.path.exists(path):
                    results[key] = path
        if output is not None and self.name() in outputs.LAYERS and self.parameterAsBool(parameters, "LOAD", context):
            names = outputs.load(self.name(), output, context)
            feedback.pushInfo("Opened: " + (", ".join(names) or "nothing"))
        return results

    @staticmethod
    def tell_run(summary, output, feedback):
        if summary.get("up_to_date"):
            feedback.pushInfo("Up to date: nothing to do")
        for date in summary.get("dates", []):
            feedback.pushInfo(f"{date['date']}: {100 * date['coverage']:.0f} % of the county, {date['chips']} chips")
        for layer in summary.get("layers", []):
            feedback.pushInfo(f"{layer['pair']}: {layer['patches']} patches of {layer['layer']}")
        for name in summary.get("open_first", []):
            feedback.pushInfo(f"Open first: {os.path.join(output, name)}")
