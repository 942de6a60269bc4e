#!/usr/bin/python3
"""county.qgz in QGIS, without a screen: every layer valid, with its CRS, name, place in the tree and time; the layout exports.

usage: qgis_project.py FOLDER [PNG]       (needs Debian's python3-qgis; PNG: the first view, 1600 x 1000)
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = tempfile.mkdtemp()
from qgis.core import (QgsApplication, QgsLayoutExporter, QgsMapRendererParallelJob, QgsMapSettings, QgsProject,  # noqa: E402
                       QgsVectorLayer)
from qgis.PyQt.QtCore import QSize, Qt  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402


def check(folder, png):
    project = QgsProject.instance()
    assert project.read(str(folder / "county.qgz")), "QGIS cannot read the project"
    figures = json.loads((folder / "statistics.json").read_text())
    labels = [d["label"] for d in figures["dates"]]
    assert project.title().startswith("Land use of " + (figures["county"]["name"] or "")), project.title()
    layers = {layer.name(): layer for layer in project.mapLayers().values()}
    assert len(layers) == len(project.mapLayers()), "two layers of one name"
    for name, layer in layers.items():
        assert layer.isValid(), f"{name}: not valid ({layer.source()})"
        assert layer.crs().isValid(), f"{name}: no CRS"
    expected = {f"Land use {label}" for label in labels} | {f"Confidence {label}" for label in labels}
    for pair in figures["pairs"]:
        expected |= {f"{what} {pair['earlier']} to {pair['later']}"
                     for what in ("Change", "Significant change", "Probability of change")}
    assert expected <= set(layers), expected - set(layers)
    assert project.crs() == layers[f"Land use {labels[0]}"].crs() and project.crs().isValid()
    tree = project.layerTreeRoot()
    groups = [g.name() for g in tree.findGroups()]
    order = ["Candidates", "Boundary and zones", "Significance", "Change", "Dates", "Confidence", "Imagery"]
    assert groups == [g for g in order if g in groups] and {"Dates", "Confidence", "Boundary and zones"} <= set(groups), groups
    assert {n.layerId() for n in tree.findLayers()} == set(project.mapLayers()), "a layer that is not in the tree"
    shown = [n.layer().name() for n in tree.findLayers() if n.isVisible()]
    assert f"Land use {labels[-1]}" in shown and "County boundary" in shown, shown
    assert not any(name.startswith(("Imagery", "Confidence")) for name in shown), shown
    # The styles are those beside the maps, and of the class scheme.
    entries = {e.label: e.color.name() for e in layers[f"Land use {labels[0]}"].renderer().classes()}
    assert {c["name"] for c in figures["scheme"]["classes"]} >= set(entries), entries
    for name, layer in layers.items():
        if isinstance(layer, QgsVectorLayer) and name not in ("County boundary", "Zones"):
            assert "[%" in layer.mapTipTemplate() and layer.renderer().type() == "RuleRenderer", name
    # The dates follow each other in time.
    times = [layers[f"Land use {label}"].temporalProperties() for label in labels]
    if labels[0][:4].isdigit():
        assert all(t.isActive() for t in times)
        assert [t.fixedTemporalRange().begin().date().year() for t in times] == [int(label[:4]) for label in labels]
        assert all(a.fixedTemporalRange().end() == b.fixedTemporalRange().begin() for a, b in zip(times, times[1:]))
        assert project.timeSettings().temporalRange().begin() == times[0].fixedTemporalRange().begin()
    # The first view shows the county.
    extent = project.viewSettings().defaultViewExtent()
    assert extent.contains(layers["County boundary"].extent()), "the first view misses the county"
    settings = QgsMapSettings()
    settings.setLayers([n.layer() for n in tree.findLayers() if n.isVisible()])
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(1600, 1000))
    settings.setExtent(extent)
    settings.setBackgroundColor(QColor(255, 255, 255))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = {image.pixel(x, y) for x in range(0, 1600, 16) for y in range(0, 1000, 10)}
    assert len(colours) > 3, "an empty view"
    if png:
        image.save(png)
    # The layout: two clicks to a PDF.
    layout = project.layoutManager().layoutByName("A3 map")
    assert layout is not None, "no layout"
    pdf = os.path.join(os.environ["HOME"], "map.pdf")
    assert QgsLayoutExporter(layout).exportToPdf(pdf, QgsLayoutExporter.PdfExportSettings()) == QgsLayoutExporter.Success
    assert os.path.getsize(pdf) > 10000
    legend = layout.itemById("legend")
    page = layout.pageCollection().page(0).sizeWithUnits()
    assert (page.width(), page.height()) == (420, 297), "not A3"
    assert legend.pagePos().y() + legend.rect().height() <= 218, f"the legend does not fit: {legend.rect().height()} mm"
    if png:
        shutil.copy(pdf, png + ".pdf")
    print(f"{folder}: {len(layers)} layers in {', '.join(groups)}; seen first: {', '.join(shown)}")


application = QgsApplication([], False)
application.initQgis()
folder = pathlib.Path(sys.argv[1]).resolve()
check(folder, sys.argv[2] if len(sys.argv) > 2 else None)
application.exitQgis()
