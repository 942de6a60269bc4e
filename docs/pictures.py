#!/usr/bin/python3
"""Draw the pictures of docs/: the sample county, run by the program and drawn by QGIS, and its report in a browser.

usage: docs/pictures.py LANDUSE PLUGINS [FOLDER]    LANDUSE: the program; PLUGINS: the folder with the plugin (build/tools/qgis);
                                                    FOLDER: where to (docs/pictures)
Needs Debian's python3-qgis and chromium.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

top = pathlib.Path(__file__).resolve().parent.parent
program, plugins = (os.path.abspath(path) for path in sys.argv[1:3])
folder = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else top / "docs" / "pictures").resolve()
sys.path[:0] = [str(top / "tests" / "support"), plugins]
from qgis_start import run_and_leave  # noqa: E402
from landuse.panel import Panel  # noqa: E402
from qgis.core import (QgsLayerTreeModel, QgsLayoutExporter, QgsMapRendererParallelJob, QgsMapSettings, QgsProject,  # noqa: E402
                       QgsVectorLayer)
from qgis.gui import QgsLayerTreeMapCanvasBridge, QgsLayerTreeView, QgsMapCanvas  # noqa: E402
from qgis.PyQt.QtCore import QEventLoop, QPointF, QSize, Qt, QTimer  # noqa: E402
from qgis.PyQt.QtGui import QColor, QFont, QImage, QPainter  # noqa: E402
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow  # noqa: E402

MOST_BYTES = 200000
scratch = pathlib.Path(tempfile.mkdtemp())
out = scratch / "out"


def wait(ms):
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def save(image, name):
    """PNG where it is small enough, else JPEG."""
    path = folder / f"{name}.png"
    image.save(str(path), None, 10)
    if path.stat().st_size > MOST_BYTES:
        path.unlink()
        path = folder / f"{name}.jpg"
        quality = 88
        while image.save(str(path), None, quality) and path.stat().st_size > MOST_BYTES:
            quality -= 8
    print(path.name, path.stat().st_size)


def draw(layers, side):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    extent = layers[-1].extent()
    extent.scale(1.02)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(side, side))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def legend(painter, entries, left, top_px):
    for i, (colour, name) in enumerate(entries):
        painter.fillRect(left, top_px + 26 * i, 18, 18, colour)
        painter.drawText(QPointF(left + 26, top_px + 14.5 + 26 * i), name)


def side_by_side(pictures, entries, name):
    """Square pictures with titles, and a legend at their right."""
    side, gap, head, right = pictures[0][1].width(), 14, 30, 250
    sheet = QImage(len(pictures) * (side + gap) + right, side + head, QImage.Format.Format_RGB32)
    sheet.fill(QColor("white"))
    painter = QPainter(sheet)
    painter.setFont(QFont("DejaVu Sans", 11))
    for i, (title, image) in enumerate(pictures):
        painter.drawText(QPointF(i * (side + gap) + 2, 20), title)
        painter.drawImage(i * (side + gap), head, image)
    legend(painter, entries, len(pictures) * (side + gap) + 6, head + 4)
    painter.end()
    save(sheet, name)


def entries_of(layer):
    return [(c.color, c.label) for c in layer.renderer().classes() if c.label and c.color.alpha() > 0]


def by_name(project):
    return {layer.name(): layer for layer in project.mapLayers().values()}


def maps(project):
    """The imagery beside the map, and the change with places to look at."""
    layers = by_name(project)
    latest = sorted(name for name in layers if name.startswith("Land use "))[-1]
    date = latest.rsplit(" ", 1)[1]
    imagery = [layer for name, layer in sorted(layers.items()) if name.startswith("Imagery") and date in name]
    boundary = layers["County boundary"]
    layers[latest].renderer().setOpacity(1)  # in the project the imagery shows through
    side_by_side([(f"Imagery of {date}", draw([boundary, *imagery, layers[latest]], 460)),
                  (latest, draw([boundary, layers[latest]], 460))], entries_of(layers[latest]), "map")
    change = next(layer for name, layer in layers.items() if name.startswith("Change "))
    places = [layer for name, layer in layers.items() if name.startswith("New development")]
    entries = [entry for entry in entries_of(change) if " to " in entry[1]]
    side_by_side([(f"Imagery of {date}, places to look at", draw([*places, boundary, *imagery, change], 460)),
                  (change.name(), draw([*places, boundary, change], 460))], entries, "change")


def window(project):
    """The project as QGIS shows it, with the panel that labels a sample."""
    main, canvas, tree = QMainWindow(), QgsMapCanvas(), QgsLayerTreeView()
    model = QgsLayerTreeModel(project.layerTreeRoot())
    model.setFlag(QgsLayerTreeModel.Flag.AllowNodeChangeVisibility)
    tree.setModel(model)
    bridge = QgsLayerTreeMapCanvasBridge(project.layerTreeRoot(), canvas)
    main.setCentralWidget(canvas)
    layers = QDockWidget("Layers")
    layers.setWidget(tree)
    main.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, layers)
    panel = Panel()
    main.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
    sample = QgsVectorLayer(f"{scratch / 'sample.gpkg'}|layername=sample", "Sample")
    project.addMapLayer(sample, False)
    panel.choose(sample)
    for i in range(7):
        panel.key_class(panel.places.singles[i % 4][0])
    main.resize(1500, 860)
    main.resizeDocks([layers, panel], [330, 520], Qt.Orientation.Horizontal)
    main.show()
    canvas.setDestinationCrs(project.crs())
    canvas.setExtent(project.viewSettings().defaultViewExtent())
    bridge.setCanvasLayers()
    canvas.refresh()
    wait(4000)
    save(main.grab().toImage(), "qgis")


def layout(project):
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 90
    path = scratch / "layout.png"
    exporter = QgsLayoutExporter(project.layoutManager().layoutByName("A3 map"))
    assert exporter.exportToImage(str(path), settings) == QgsLayoutExporter.ExportResult.Success
    save(QImage(str(path)), "layout")


def report():
    path = scratch / "report.png"
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={scratch}/browser",
                    "--window-size=1200,1500", "--virtual-time-budget=20000", f"--screenshot={path}", (out / "report.html").as_uri()],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    save(QImage(str(path)), "report")


def main():
    folder.mkdir(parents=True, exist_ok=True)
    county = top / "samples" / "county"
    subprocess.run([program, "run", "-q", "-o", out, county / "job.yaml"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([program, "sample", "-q", "--size", "40", "--imagery", f"2015={county / 'imagery_2015.tif'}", "--imagery",
                    f"2023={county / 'imagery_2023'}", "-o", scratch / "sample.gpkg", out / "2023" / "landuse.tif"],
                   check=True, stdout=subprocess.DEVNULL)
    project = QgsProject.instance()
    assert project.read(str(out / "county.qgz"))
    maps(project)
    layout(project)
    report()
    window(project)


run_and_leave(main)
