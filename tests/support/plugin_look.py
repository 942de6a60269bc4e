#!/usr/bin/python3
"""The plugin in the real QGIS: every command through Processing, the labelling panel by keys, and then what the run left (qgis_look.py).

usage: plugin_look.py PLUGINS COUNTY JOB.yaml [PNG]    PLUGINS: the folder with the unpacked plugin; LANDUSE: the program
"""
import contextlib
import os
import pathlib
import sqlite3
import subprocess
import sys

plugins, county, job = (os.path.abspath(path) for path in sys.argv[1:4])
png = sys.argv[4] if len(sys.argv) > 4 else None
program = os.environ["LANDUSE"]
search_path = os.environ["PATH"]
from qgis_start import run_and_leave  # noqa: E402
from qgis.core import (Qgis, QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback,  # noqa: E402
                       QgsProcessingUtils, QgsProject, QgsVectorLayer)
from qgis.gui import QgsMapCanvas  # noqa: E402
from qgis.PyQt.QtCore import QPoint, Qt  # noqa: E402
from qgis.PyQt.QtTest import QTest  # noqa: E402
from qgis.PyQt.QtWidgets import QApplication, QLabel  # noqa: E402

sys.path += [plugins, str(pathlib.Path(QgsApplication.pkgDataPath()) / "python" / "plugins"), "/usr/share/qgis/python/plugins"]
import qgis_look  # noqa: E402
from landuse import classFactory  # noqa: E402
from landuse.algorithms import TOOLBOX  # noqa: E402
from landuse.export import ExportError, export_pdf, layout_of  # noqa: E402
from landuse.panel import Panel  # noqa: E402
from landuse.parameters import CommandLine  # noqa: E402
from landuse.places import PlacesError, leading_layers  # noqa: E402
from landuse.provider import SETTING  # noqa: E402
from processing.core.ProcessingConfig import ProcessingConfig  # noqa: E402

registry = QgsApplication.processingRegistry()
contexts = []  # layers go with their context


class Told(QgsProcessingFeedback):
    """What an algorithm says; cancelled at its first progress where that is asked for."""

    def __init__(self, stops=False):
        super().__init__(False)
        self.stops, self.shares = stops, []
        self.progressChanged.connect(self.hear)

    def hear(self, share):
        self.shares.append(share)
        if self.stops:
            self.cancel()


def run(name, told=None, **parameters):
    """The results, and the layers that would be opened, with their styles."""
    context, told = QgsProcessingContext(), told or Told()
    contexts.append(context)
    context.setProject(QgsProject.instance())
    algorithm = registry.algorithmById(f"landuse:{name}").create()
    right, why = algorithm.checkParameterValues(parameters, context)
    assert right, why
    results, right = algorithm.run(parameters, context, told)
    assert right, told.textLog()
    layers = {}
    for source, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(source, context)
        assert layer is not None and layer.isValid(), source
        details.postProcessor().postProcessLayer(layer, context, told)
        layers[details.name] = context.takeResultLayer(layer.id())
    return results, layers


def paletted(layers, name):
    assert name in layers, (name, list(layers))
    assert layers[name].renderer().type() == "paletted", f"{name}: opened without its style"
    return layers[name]


def check_provider():
    """The toolbox is filled from the program; without one from the plugin's own table, and says how to install it."""
    plugin = classFactory(None)
    os.environ["PATH"] = "/nowhere"
    plugin.initProcessing()
    provider = plugin.provider
    import landuse.program
    prefixes, landuse.program.PREFIXES = landuse.program.PREFIXES, ("/nowhere",)
    provider.refreshAlgorithms()
    missing = {a.name(): a for a in provider.algorithms()}
    assert set(missing) == set(TOOLBOX), list(missing)
    can, why = missing["run"].canExecute()
    assert not can and "tools/quickstart" in why and "Options" in why, why
    assert "tools/quickstart" in provider.warningMessage()
    landuse.program.PREFIXES = prefixes
    ProcessingConfig.setSettingValue(SETTING, job)  # a file, and no program
    assert "no such program" in missing["run"].canExecute()[1]
    ProcessingConfig.setSettingValue(SETTING, program)
    os.environ["PATH"] = search_path
    provider.refreshAlgorithms()
    assert provider.warningMessage() == "" and provider.algorithm("run").canExecute()[0]
    for algorithm in provider.algorithms():
        page = algorithm.shortHelpString()
        assert len(page) > 200 and algorithm.displayName() and algorithm.group(), algorithm.name()
        for definition in algorithm.parameterDefinitions():
            assert definition.name() == "LOAD" or definition.name().endswith("_FOLDER") or definition.help() in page.replace(
                "&#x27;", "'").replace("<br>", "\n").replace("&quot;", '"').replace("&gt;", ">").replace("&lt;", "<"), definition.name()
    classify = provider.algorithm("classify")
    assert classify.parameterDefinition("MODEL").defaultValue() == "aerial-21"
    number = classify.parameterDefinition("MIN_CONFIDENCE")
    assert (number.minimum(), number.maximum(), number.defaultValue()) == (0, 1, None)
    assert "fp16" in classify.parameterDefinition("PRECISION").options()
    assert classify.parameterDefinition("OUTPUT").isDestination()
    return provider


def words(provider, name, **parameters):
    algorithm = provider.algorithm(name).create()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return CommandLine(algorithm, algorithm.command, parameters, context, Told()).words


def check_words(provider):
    """Values become the command line that a person would have typed."""
    image = f"{county}/imagery_2010.tif"
    told = words(provider, "classify", IMAGERY=[image], OUTPUT="/tmp/x/o", MODEL="aerial", THREADS=2, MIN_VALID=0.5, PROBABILITIES=True,
                 PRECISION="fp32", BANDS="3,2,1")
    assert told == ["classify", "--output", "/tmp/x/o", "--model", "aerial", "--bands", "3,2,1", "--min-valid", "0.5",
                    "--probabilities", "--precision", "fp32", "--threads", "2", "--", image], told
    assert words(provider, "classify", IMAGERY_FOLDER=county, OUTPUT="/tmp/x/o", MODEL="aerial-21")[-2:] == ["--", county]
    try:
        words(provider, "classify", OUTPUT="/tmp/x/o")
        assert False, "no imagery"
    except QgsProcessingException as wrong:
        assert "folder" in str(wrong)
    zones = QgsVectorLayer(f"{os.path.dirname(job)}/zones.gpkg|layername=zones|subset=\"name\" = 'West'", "zones")
    assert zones.isValid() and zones.featureCount() == 1
    QgsProject.instance().addMapLayer(zones)
    told = words(provider, "classify", IMAGERY=[image], OUTPUT="/tmp/x/o", BOUNDARY=zones.id())
    assert told[3:9] == ["--layer", "zones", "--where", "\"name\" = 'West'", "--boundary",
                         f"{os.path.dirname(job)}/zones.gpkg"], told
    # A layer that is in no file is written to one.
    memory = QgsVectorLayer("Polygon?crs=EPSG:4326", "drawn", "memory")
    QgsProject.instance().addMapLayer(memory)
    told = words(provider, "classify", IMAGERY=[image], OUTPUT="/tmp/x/o", BOUNDARY=memory.id())
    assert told[told.index("--boundary") + 1].endswith(".gpkg") and os.path.exists(told[told.index("--boundary") + 1])
    told = words(provider, "sample", MAP=[image], OUTPUT="/tmp/x/s.gpkg", IMAGERY="2010=a b\n2016=c\n", ALLOCATION="equal", SEED=1)
    assert told == ["sample", "--output", "/tmp/x/s.gpkg", "--allocation", "equal", "--imagery", "2010=a b", "--imagery", "2016=c",
                    "--", image], told
    QgsProject.instance().clear()


def check_algorithms(provider):
    out = os.path.join(os.path.dirname(job), "out")
    told = Told(stops=True)
    algorithm = registry.algorithmById("landuse:run").create()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results, right = algorithm.run({"JOB": job}, context, told)
    assert not right and told.isCanceled() and "Stopped" in told.textLog(), told.textLog()
    assert not os.path.exists(f"{out}/county.qgz"), "it was not stopped"
    told = Told()
    results, layers = run("run", told, JOB=job)
    assert len(told.shares) > 3 and max(told.shares) == 100, told.shares
    assert os.path.samefile(results["OUTPUT"], out) and os.path.samefile(results["PROJECT"], f"{out}/county.qgz"), results
    assert os.path.samefile(results["REPORT"], f"{out}/report.html")
    for year in (2010, 2016, 2021):
        paletted(layers, f"Land use {year}")
    paletted(layers, "Change 2010 to 2016")
    assert layers["New development 2010 to 2016"].renderer().type() == "RuleRenderer", list(layers)
    _, layers = run("run", JOB=job, IF_CHANGED=True, LOAD=False)
    assert layers == {}
    results, _ = run("run", JOB=job, DRY_RUN=True, LOAD=False)
    assert "landuse.tif" in results["SUMMARY"]
    print("run: ends at cancel, goes on, opens its maps")

    image = f"{county}/imagery_2021.tif"
    results, layers = run("classify", IMAGERY_FOLDER=f"{county}/imagery_20[2-9]*.tif", OUTPUT="classified", DATE="2021", ACCEPT_GSD_MISMATCH=True, THREADS=1)
    paletted(layers, "Land use")
    maps = [f"{out}/2010/landuse.tif", f"{out}/2021/landuse.tif"]
    results, layers = run("change", MAP=maps, OUTPUT="changed")
    paletted(layers, "Change 2010 to 2021")
    _, layers = run("sample", MAP=[maps[1]], OUTPUT="sample.gpkg", SIZE=20, IMAGERY=f"2010={county}/imagery_2010.tif\n2021={image}")
    assert layers["Sample sample"].renderer().type() == "RuleRenderer" and layers["Sample sample"].featureCount() == 20
    run("sample", MAP=maps, OUTPUT="change_sample.gpkg", SIZE=12, IMAGERY=f"2010={county}/imagery_2010.tif\n2021={image}", LOAD=False)
    # Chips with the classes of the map itself, and a model of them.
    _, layers = run("label", IMAGE=[image], REFERENCE=maps[1], CODES="scheme", RULE="plurality", SCHEME="landcover-7", CELL="40m", BLOCK_CELLS=2,
                    TEST=0, OUTPUT="chips")
    assert layers["Chips of chips"].featureCount() > 10
    results, _ = run("train", SET="chips", OUTPUT="models/own", L2="0.01", FOLDS=2, NO_HISTORY=True, CACHE="cache")
    assert os.path.exists("models/own/model.json")
    results, _ = run("report", OUT=out)
    assert os.path.samefile(results["REPORT"], f"{out}/report.html")
    print("classify, change, sample, label, train, report: as told")
    # What the program refuses is what the user reads.
    context, told = QgsProcessingContext(), Told()
    _, right = registry.algorithmById("landuse:sample").create().run({"MAP": [maps[1]], "OUTPUT": "sample.gpkg"}, context, told)
    assert not right and "sample.gpkg" in told.textLog() and "(--overwrite," in told.textLog(), told.textLog()
    return out


def stored(path, field, number, table):
    """What the file itself says, by another library than QGIS."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        return dict(file.execute(f'SELECT "{number}", "{field}" FROM "{table}" ORDER BY "{number}"'))


def check_panel(out):
    """Label, next, undo and count by keys, in a sample, in one of change, and in candidates; blind."""
    project = QgsProject.instance()
    panel = Panel()
    panel.resize(700, 800)
    panel.show()
    assert panel.fid() is None and panel.told.text()
    sample = QgsVectorLayer("sample.gpkg|layername=sample", "Sample 2021")
    project.addMapLayer(sample)
    QApplication.processEvents()
    assert panel.places is not None and panel.places.layer.id() == sample.id()
    body = panel.body

    def key(*keys, control=False):
        for one in keys:
            QTest.keyClick(body, one, Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier)

    assert panel.progress.format() == "0 of 20 done" and panel.at == 0 and "No. 1:" in panel.head.text()
    assert len(panel.pictures) == 2 and not any(picture.whole.isNull() for _, picture in panel.pictures)
    assert [title.text() for title, _ in panel.pictures] == ["2010", "2021"]
    left, right = (title.mapTo(panel, QPoint(0, 0)) for title, _ in panel.pictures)
    assert left.y() == right.y() and left.x() < right.x(), "before and after are not side by side"
    # Blind: nothing of the map is read, none of its words is shown.
    assert not set(panel.places.read_fields) & {"map", "map_name", "stratum", "stratum_name", "probability", "weight"}
    names = {feature["map_name"] for feature in sample.getFeatures()}
    assert not any(name in label.text() for name in names for label in panel.findChildren(QLabel)), "the map's class is shown"

    classes = panel.places.choices
    key(Qt.Key.Key_1)
    assert panel.at == 1 and panel.progress.value() == 1 and stored("sample.gpkg", "reference", "id", "sample")[1] == classes[0][0]
    key(Qt.Key.Key_Right, Qt.Key.Key_2)
    assert panel.at == 3 and panel.progress.format() == "2 of 20 done"
    assert stored("sample.gpkg", "reference", "id", "sample")[3] == classes[1][0]
    key(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert panel.at == 1
    key(Qt.Key.Key_Space)
    assert panel.at == 3, "the next open one"
    key(Qt.Key.Key_Z, control=True)
    assert panel.at == 2 and panel.progress.value() == 1 and stored("sample.gpkg", "reference", "id", "sample")[3] is None
    key(Qt.Key.Key_Z, control=True)
    key(Qt.Key.Key_Z, control=True)
    assert panel.told.text() == "Nothing to undo." and panel.progress.value() == 0
    assert set(stored("sample.gpkg", "reference", "id", "sample").values()) == {None}
    # Another key changes a label, Delete clears it, and undo brings back each.
    key(Qt.Key.Key_1, Qt.Key.Key_Left, Qt.Key.Key_2, Qt.Key.Key_Left, Qt.Key.Key_Delete)
    assert stored("sample.gpkg", "reference", "id", "sample")[1] is None and panel.at == 0
    key(Qt.Key.Key_Z, control=True)
    assert stored("sample.gpkg", "reference", "id", "sample")[1] == classes[1][0]
    key(Qt.Key.Key_Z, control=True)
    assert stored("sample.gpkg", "reference", "id", "sample")[1] == classes[0][0]
    # A remark is saved with the place that it was written at.
    panel.remark.setFocus()
    QTest.keyClicks(panel.remark, "half in shade 1")
    QTest.keyClick(panel.remark, Qt.Key.Key_Return)
    assert stored("sample.gpkg", "remark", "id", "sample")[1] == "half in shade 1"
    assert stored("sample.gpkg", "reference", "id", "sample")[1] == classes[0][0], "a digit in a remark is no label"
    # Within an edit session of somebody's the label is a part of it, and goes with it.
    sample.startEditing()
    key(Qt.Key.Key_Right, Qt.Key.Key_1)
    assert panel.progress.value() == 2 and stored("sample.gpkg", "reference", "id", "sample")[2] is None
    sample.rollBack()
    QApplication.processEvents()
    panel.places.refresh()
    assert panel.places.done() == 1 and not sample.isEditable()
    # Everything, by one key each; then the program reads it.
    key(Qt.Key.Key_Space)
    while panel.places.done() < 20:
        key(Qt.Key.Key_1 if panel.at % 2 else Qt.Key.Key_2)
        if panel.places.values[panel.fid()] is not None:
            key(Qt.Key.Key_Space)
    key(Qt.Key.Key_Space)
    assert panel.told.text() == "Every place has been judged." and panel.progress.format() == "20 of 20 done"
    if png:
        key(Qt.Key.Key_Left)
        panel.grab().save(png)
    results, _ = run("assess", MAP=[f"{out}/2021/landuse.tif"], SAMPLE="sample.gpkg")
    assert "20" in results["SUMMARY"] and "accuracy" in results["SUMMARY"], results["SUMMARY"]

    # Pairs of classes: two keys, the same twice for no change.
    change = QgsVectorLayer("change_sample.gpkg|layername=sample", "Sample of change")
    project.addMapLayer(change)
    panel.choose(change)
    assert panel.places.has_pairs and panel.progress.format() == f"0 of {change.featureCount()} done" and change.featureCount() > 3
    first, second = (value for value, _ in panel.places.singles[:2])
    key(Qt.Key.Key_1)
    assert panel.at == 0 and "after" in panel.told.text() and panel.places.done() == 0
    key(Qt.Key.Key_Escape, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_1)
    labels = stored("change_sample.gpkg", "reference", "id", "sample")
    assert (labels[1], labels[2], labels[3]) == (100 * first + second, first, None), labels

    # Candidates; and what somebody else writes meanwhile stays.
    path = f"{out}/2010_2021/new_development.gpkg"
    candidates = QgsVectorLayer(f"{path}|layername=new_development", "New development")
    project.addMapLayer(candidates)
    panel.choose(candidates)
    assert [name for _, name in panel.places.singles] == ["change", "no change", "unsure"]
    assert [title.text() for title, _ in panel.pictures] == ["2010", "2021"]
    assert not set(panel.places.read_fields) & {"from_name", "to_name", "from_code", "to_code", "probability"}
    count = panel.places.count()
    key(Qt.Key.Key_2)
    assert panel.progress.format() == f"1 of {count} done" and stored(path, "review_status", "patch", "new_development")[1] == 2
    fid = panel.places.undone[-1][0]
    candidates.startEditing()
    candidates.changeAttributeValue(fid, candidates.fields().indexOf("review_status"), 3)
    candidates.commitChanges()
    assert panel.places.values[fid] == 3
    try:
        panel.places.undo()
        assert False, "undone over somebody's head"
    except PlacesError as why:
        assert "since" in str(why)
    assert stored(path, "review_status", "patch", "new_development")[1] == 3
    panel.places.judge(fid, None)
    project.clear()
    QApplication.processEvents()
    assert panel.places is None and panel.fid() is None
    left = [path.name for path in pathlib.Path(".").glob("*sample.gpkg*")]
    assert sorted(left) == ["change_sample.gpkg", "sample.gpkg"], left
    print("panel: a sample, one of change and candidates by keys")


class Window:
    """What the plugin asks of QGIS's window."""

    def __init__(self):
        self.canvas, self.docks, self.menu, self.tools = QgsMapCanvas(), [], [], []

    def mapCanvas(self):
        return self.canvas

    def mainWindow(self):
        return None

    def addDockWidget(self, area, dock):
        self.docks.append(dock)

    def removeDockWidget(self, dock):
        self.docks.remove(dock)

    def addPluginToMenu(self, menu, action):
        self.menu.append(action.text())

    def removePluginMenu(self, menu, action):
        self.menu.remove(action.text())

    def addToolBarIcon(self, action):
        self.tools.append(action)

    def removeToolBarIcon(self, action):
        self.tools.remove(action)


def check_window(out):
    """As QGIS starts it: a panel, its button, and a way to a PDF; the panel beside a map that shows classes."""
    window = Window()
    plugin = classFactory(window)
    plugin.initProcessing = lambda: setattr(plugin, "provider", None)  # the toolbox has it already
    plugin.initGui()
    assert window.docks == [plugin.panel] and len(window.tools) == 1 and window.menu == ["Label places", "Export the map as PDF"]
    project, panel = QgsProject.instance(), plugin.panel
    assert project.read(f"{out}/county.qgz")
    QApplication.processEvents()
    assert panel.places is not None and panel.places.field == "review_status"
    leading = {layer.name() for layer in leading_layers(project, panel.places.layer)}
    assert "Land use 2021" in leading and not any(name.startswith(("Imagery", "County")) for name in leading), leading
    assert not panel.hide_maps.isHidden() and str(len(leading)) in panel.hide_maps.text()
    QTest.mouseClick(panel.hide_maps, Qt.MouseButton.LeftButton)
    assert not leading_layers(project, panel.places.layer) and panel.hide_maps.isHidden()
    window.canvas.setDestinationCrs(project.crs())
    panel.follow.setChecked(True)
    assert project.layerTreeRoot().findLayer(panel.places.layer.id()).isVisible()
    shown, place = window.canvas.extent(), panel.places.extent(panel.fid())
    assert shown.contains(place) and shown.width() < 20 * place.width(), (shown.toString(), place.toString())
    project.clear()
    QApplication.processEvents()
    QgsApplication.processingRegistry().removeProvider = lambda provider: None
    plugin.unload()
    assert not window.docks and not window.menu and not window.tools


def check_export(out):
    """The layout as a PDF: rasters whole and without loss."""
    project = QgsProject.instance()
    try:
        layout_of(project)
        assert False, "a layout of an empty project"
    except ExportError as why:
        assert "county.qgz" in str(why)
    assert project.read(f"{out}/county.qgz")
    export_pdf(layout_of(project), "map.pdf")
    made = pathlib.Path("map.pdf").read_bytes()
    assert made.startswith(b"%PDF") and b"/DCTDecode" not in made, "a map compressed as a photograph is"
    try:
        export_pdf(layout_of(project), f"{job}/map.pdf")  # a folder that is a file
        assert False, "written into a file"
    except ExportError as why:
        assert "could not be written" in str(why)
    project.clear()


def main():
    provider = check_provider()
    check_words(provider)
    out = check_algorithms(provider)
    check_panel(out)
    check_window(out)
    check_export(out)
    qgis_look.main(pathlib.Path(out), pathlib.Path("sample.gpkg").resolve(), None)


if __name__ == "__main__":
    print("QGIS", Qgis.QGIS_VERSION)
    run_and_leave(main)
