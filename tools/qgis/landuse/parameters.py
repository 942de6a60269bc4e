"""parameters.py: the rows of a command (landuse help --json) as parameters of Processing, and their values as a command line."""
import os
import re

from qgis.core import (QgsProcessing, QgsProcessingException, QgsProcessingParameterBoolean, QgsProcessingParameterDefinition,
                       QgsProcessingParameterEnum, QgsProcessingParameterFile, QgsProcessingParameterFileDestination,
                       QgsProcessingParameterFolderDestination, QgsProcessingParameterMapLayer,
                       QgsProcessingParameterMultipleLayers, QgsProcessingParameterNumber, QgsProcessingParameterRasterLayer,
                       QgsProcessingParameterString, QgsProcessingParameterVectorLayer, QgsProcessingUtils,
                       QgsProviderRegistry, QgsRasterLayer)

# What a form has no use for: it has a log, a button for help and a number for each run.
LEFT_OUT = {"help", "quiet", "verbose", "json-log", "json", "shard"}
# The options that name a layer and a filter in the file of another, where one layer says all of it.
WITHIN = {"boundary": ("layer", "where"), "zones": ("zone-layer", "zone-where"), "reference": ("reference-layer", None),
          "SAMPLE": ("sample-layer", None), "candidates": ("sample-layer", None)}
# Options that stand in the form at once; all others are under "Advanced".
PLAIN = {"date", "dates", "model", "scheme", "boundary", "imagery", "reference", "zones", "zone-name", "size", "probability", "adapt",
         "backbone", "pairs", "candidates", "overwrite", "dry-run"}
ACRONYMS = {"CRS", "CSV", "MMU", "SE", "L2", "GSD"}
MOST_INT = 2147483647


def rows_of(command):
    """Arguments, then options, that the form asks for."""
    rows = [dict(row, positional=True) for row in command["arguments"]]
    rows += [dict(row, positional=False) for row in command["options"] if row["type"] != "argument" and row["name"] not in LEFT_OUT]
    return rows


def name_of(row):
    """MAP.tif is MAP, min-valid MIN_VALID."""
    return re.sub(r"[^A-Z0-9]+", "_", re.sub(r"\.\w+$", "", row["name"]).upper())


def is_needed(row):
    return row["needed"] or (row["positional"] and row.get("least_values", 0) > 0)


def title_of(row):
    """The name, and what it is where that is short."""
    words = re.sub(r"\.\w+$", "", row["name"]).replace("-", " ")
    words = words.upper() if words.upper() in ACRONYMS else words.capitalize()
    meaning = row["meaning"].split("\n")[0]
    return f"{words}: {meaning}" if len(meaning) <= 48 and "--" not in meaning else words


def help_of(row):
    text = row["meaning"]
    text = text[0].upper() + text[1:]
    conditions = [f"with {row['needs']}"] if "needs" in row else []
    if "default" in row or "otherwise" in row:
        conditions.append(f"default: {row.get('default', row.get('otherwise'))}")
    return text + (f" ({'; '.join(conditions)})" if conditions else "") + "."


def _number(row):
    kind = QgsProcessingParameterNumber.Type.Integer if row["type"] == "integer" else QgsProcessingParameterNumber.Type.Double
    number = QgsProcessingParameterNumber(name_of(row), title_of(row), kind, None, True)
    if row["type"] == "integer":
        number.setMaximum(min(row["most"], MOST_INT))
    else:
        number.setMaximum(row["most"])
    number.setMinimum(row["least"])
    return number


def _choice(row):
    return QgsProcessingParameterEnum(name_of(row), title_of(row), row["choices"], False, row.get("default"), True, True)


def _text(row):
    several = row["type"] == "list"
    return QgsProcessingParameterString(name_of(row), title_of(row) + (" (a line each)" if several else ""), row.get("default"),
                                        several, not is_needed(row))


def _made(row):
    name, title, needed = name_of(row), title_of(row), is_needed(row)
    if row["kind"] == "folder":
        return QgsProcessingParameterFolderDestination(name, title, None, not needed, needed)
    filters = "GeoPackage (*.gpkg)" if row["kind"] == "vector" else "*"
    return QgsProcessingParameterFileDestination(name, title, filters, None, not needed, needed)


def _layers(row):
    kind = QgsProcessing.SourceType.TypeRaster
    # Imagery may be a folder instead: see parameters_of.
    return QgsProcessingParameterMultipleLayers(name_of(row), title_of(row), kind, None, not is_needed(row) or row["kind"] == "imagery")


def _file(row):
    behaviour = QgsProcessingParameterFile.Behavior.Folder if row["kind"] == "folder" else QgsProcessingParameterFile.Behavior.File
    return QgsProcessingParameterFile(name_of(row), title_of(row), behaviour, "", None, not is_needed(row))


def _parameter(row):
    optional = not is_needed(row)
    kind = row.get("kind")
    if row["type"] == "flag":
        return QgsProcessingParameterBoolean(name_of(row), title_of(row), False, True)
    if row["type"] in ("integer", "number"):
        return _number(row)
    if row.get("choices") and not row.get("open"):
        return _choice(row)
    if row["written"] and kind in ("folder", "vector", "raster", "table", "file"):
        return _made(row)
    if row["positional"] and row["type"] == "list" and kind in ("raster", "imagery"):
        return _layers(row)
    if row["name"] == "reference":
        return QgsProcessingParameterMapLayer(name_of(row), title_of(row), None, optional)
    if kind == "raster" and row["type"] == "text":
        return QgsProcessingParameterRasterLayer(name_of(row), title_of(row), None, optional)
    if kind == "vector" and row["type"] == "text":
        return QgsProcessingParameterVectorLayer(name_of(row), title_of(row), [QgsProcessing.SourceType.TypeVector], None, optional)
    if kind in ("file", "table", "folder") and row["type"] == "text":
        return _file(row)
    return _text(row)


def parameters_of(command):
    """The parameters of a command, each with its help."""
    parameters = []
    for row in rows_of(command):
        parameter = _parameter(row)
        parameter.setHelp(help_of(row))
        if not (row["positional"] or is_needed(row) or row["name"] in PLAIN or row["name"] == "output"):
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        parameters.append(parameter)
        if row["positional"] and row.get("kind") == "imagery":
            folder = QgsProcessingParameterFile(name_of(row) + "_FOLDER", "Or a folder or a pattern",
                                                QgsProcessingParameterFile.Behavior.Folder, "", None, True)
            folder.setHelp("All the imagery of one date: a folder, such as one of quarter-quads, or a pattern as naip_2016/*.tif.")
            parameters.append(folder)
    return parameters


class CommandLine:
    """The words of a command, read from the parameters' values."""

    def __init__(self, algorithm, command, parameters, context, feedback):
        self.algorithm, self.parameters, self.context, self.feedback = algorithm, parameters, context, feedback
        self.rows = rows_of(command)
        self.options, self.operands = [], []
        self.outputs = {}  # parameter: path
        self.given = {row["name"] for row in self.rows if self._is_given(name_of(row))}
        for row in self.rows:
            self._read(row)
        self.words = [command["name"], *self.options, *(["--", *self.operands] if self.operands else [])]

    def _is_given(self, name):
        value = self.parameters.get(name)
        return value is not None and value != "" and value != []

    def _add(self, row, value):
        if row["positional"]:
            self.operands.append(value)
        else:
            self.options += [f"--{row['name']}", value]

    def _read(self, row):
        name, algorithm = name_of(row), self.algorithm
        if row.get("kind") == "imagery" and row["positional"]:
            self._read_imagery(row)
        elif row["type"] == "flag":
            if algorithm.parameterAsBool(self.parameters, name, self.context):
                self.options.append(f"--{row['name']}")
        elif row["written"] and row.get("kind"):
            self._read_output(row)
        elif not self._is_given(name):
            pass
        elif row["type"] == "integer":
            self._add_unless_default(row, str(algorithm.parameterAsInt(self.parameters, name, self.context)))
        elif row["type"] == "number":
            self._add_unless_default(row, f"{algorithm.parameterAsDouble(self.parameters, name, self.context):.15g}")
        elif row.get("choices") and not row.get("open"):
            self._add_unless_default(row, algorithm.parameterAsEnumString(self.parameters, name, self.context))
        elif row["positional"] and row["type"] == "list":
            for layer in algorithm.parameterAsLayerList(self.parameters, name, self.context):
                self._add(row, self._path(layer, row))
        elif row["name"] == "reference" or (row["type"] == "text" and row.get("kind") in ("raster", "vector")):
            self._read_layer(row)
        else:
            text = algorithm.parameterAsString(self.parameters, name, self.context)
            for line in text.splitlines() if row["type"] == "list" else [text]:
                if line.strip():
                    self._add_unless_default(row, line.strip())

    def _add_unless_default(self, row, value):
        if value and value != row.get("default"):
            self._add(row, value)

    def _read_imagery(self, row):
        name = name_of(row)
        layers = self.algorithm.parameterAsLayerList(self.parameters, name, self.context) if self._is_given(name) else []
        folder = self.algorithm.parameterAsString(self.parameters, name + "_FOLDER", self.context)
        for layer in layers:
            self._add(row, self._path(layer, row))
        if folder:
            self._add(row, folder)
        if not layers and not folder and is_needed(row):
            raise QgsProcessingException("No imagery: choose layers, or name a folder or a pattern")

    def _read_output(self, row):
        name = name_of(row)
        if not is_needed(row) and not self._is_given(name):
            return
        if row["kind"] == "folder":
            path = self.algorithm.parameterAsString(self.parameters, name, self.context)
        else:
            path = self.algorithm.parameterAsFileOutput(self.parameters, name, self.context)
        if not path:
            return
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        self.outputs[name] = os.path.abspath(path)
        self._add(row, os.path.abspath(path))

    def _read_layer(self, row):
        name = name_of(row)
        layer = self.algorithm.parameterAsLayer(self.parameters, name, self.context)
        if layer is None:
            raise QgsProcessingException(f"{title_of(row)}: {self.parameters[name]} is no layer")
        self._add(row, self._path(layer, row))

    def _path(self, layer, row):
        """The layer's file; of a layer in a file of several also the options that say which, and of a filter."""
        if isinstance(layer, QgsRasterLayer):
            return layer.source()
        if layer.providerType() != "ogr":
            return QgsProcessingUtils.convertToCompatibleFormat(layer, False, name_of(row), ["gpkg"], "gpkg", self.context,
                                                                self.feedback)
        parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
        of_layer, of_filter = WITHIN.get(row["name"], (None, None))
        known = {r["name"] for r in self.rows}
        if parts.get("layerName") and of_layer in known and of_layer not in self.given:
            self.options += [f"--{of_layer}", parts["layerName"]]
        if layer.subsetString() and of_filter in known and of_filter not in self.given:
            self.options += [f"--{of_filter}", layer.subsetString()]
        elif layer.subsetString() and of_filter not in self.given:
            raise QgsProcessingException(f"{layer.name()} has a filter, which would be passed over: clear it")
        return parts["path"]
