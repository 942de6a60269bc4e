#!/usr/bin/python3
"""The outputs of a run in the real QGIS, without a screen and in one start of it, which is most of the cost.

usage: qgis_look.py FOLDER SAMPLE.gpkg [PNG]   (needs Debian's python3-qgis; PNG: the first view, 1600 x 1000, and the layout beside it)

county.qgz: layers, legends, times, layout, and once more with the folder somewhere else. Every raster of classes: each
pixel as its style says. Forms: what a person sees of places to judge. Areas: QGIS's own counts against statistics.json.
FOLDER is moved away and back.
"""
import json
import math
import os
import pathlib
import re
import shutil
import sys
import xml.etree.ElementTree as xml

from qgis_start import run_and_leave
from osgeo import gdal  # noqa: E402
from qgis.core import (QgsApplication, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils,  # noqa: E402
                       QgsFeature, QgsLayerTreeModel, QgsLayoutExporter, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

gdal.UseExceptions()
SCALE = 9  # pixels a cell: at one, QGIS 3.22 is at the mercy of rounding where the cell size is not a binary number


def render(layers, extent, width, height, crs, background):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(width, height))
    settings.setBackgroundColor(background)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def values_of(path):
    return gdal.Open(str(path)).ReadAsArray()


def check_raster(path):
    """A map drawn at its own extent: the middle of each cell has its style's colour, and nothing where nodata is."""
    layer = QgsRasterLayer(str(path), "map")
    assert layer.isValid() and layer.crs().isValid(), f"{path}: not valid, or no CRS"
    assert layer.renderer().type() == "paletted", f"{path}: renderer {layer.renderer().type()}"
    entries = xml.parse(path.with_suffix(".qml")).iter("paletteEntry")
    colors, labels = {}, {}
    for e in entries:
        colors[int(e.get("value"))] = QColor(e.get("color")).rgb() & 0xFFFFFF
        labels[int(e.get("value"))] = e.get("label")
    if path.stem == "year_of_change":
        assert colors and all(labels[v] == str(v) for v in colors), f"{path}: years are called {labels}"
        assert all(QColor(c).lightness() < 230 for c in colors.values()), f"{path}: white on white"
    values = values_of(path)
    assert {v for v in colors if v >= 100 and v < 1900} <= set(int(v) for v in values.flat), f"{path}: pairs that do not occur"
    rows, cols = values.shape
    image = render([layer], layer.extent(), SCALE * cols, SCALE * rows, layer.crs(), QColor(0, 0, 0, 0))
    for row in range(rows):
        for col in range(cols):
            pixel, value = image.pixel(SCALE * col + SCALE // 2, SCALE * row + SCALE // 2), int(values[row, col])
            right = (pixel >> 24) == 0 if value == 0 else (pixel & 0xFFFFFF) == colors[value]
            assert right, f"{path}: cell {row}, {col} of value {value} is drawn {pixel:x}"
    return values.size


def check_form(path, name, field):
    """Is the form there, with its pictures and tips, and does nothing in it lead the eye?"""
    layer = QgsVectorLayer(f"{path}|layername={name}", name)
    assert layer.isValid() and layer.crs().isValid(), path

    def widget(name):
        return layer.editorWidgetSetup(layer.fields().indexOf(name)).type()

    assert widget(field) == "ValueMap", widget(field)
    assert layer.renderer().type() == "RuleRenderer", layer.renderer().type()
    # What would lead the eye is neither in the form nor in the table nor in a place's name; people's words are there.
    blind = {"stratum", "stratum_name", "map", "map_name", "from_class", "to_class", "probability", "weight"}
    hidden = ({"fid"} | blind if field == "reference" else {"fid", "from_code", "to_code"}) & {f.name() for f in layer.fields()}
    assert all(widget(name) == "Hidden" for name in hidden), [name for name in hidden if widget(name) != "Hidden"]
    columns = {c.name: c.hidden for c in layer.attributeTableConfig().columns()}
    assert all(columns[name] for name in hidden), columns
    title = layer.displayExpression()
    assert not any(name in title for name in hidden) and (field != "reference" or title == '"id"'), title
    check_words(layer, hidden)
    outlines = [rule.symbol() for rule in layer.renderer().rootRule().children()]
    assert all(s.symbolLayer(0).color().name() == "#ffffff" for s in outlines), "an outline without a white edge"
    assert len({s.symbolLayer(1).penStyle() for s in outlines}) == len(outlines), "open and done differ by colour alone"
    assert not any(s.symbolLayer(1).color().red() > 100 for s in outlines), "red on red"
    boxes = layer.editFormConfig().tabs()
    assert [b.name() for b in boxes] == ["Review", "Imagery", "Facts"], [b.name() for b in boxes]
    form = layer.editFormConfig()
    assert form.readOnly(layer.fields().indexOf("fid"))
    assert not form.readOnly(layer.fields().indexOf(field)) and form.readOnly(1), "what may be edited"
    pictures = [f.name() for f in layer.fields() if widget(f.name()) == "ExternalResource"]
    assert len(pictures) < 2 or boxes[1].columnCount() == len(pictures), "pictures that are not side by side"
    shown = 0
    for feature in layer.getFeatures():
        links = [feature[p] for p in pictures if feature[p]]
        for link in links:
            assert os.path.getsize(os.path.join(os.path.dirname(path), link)) > 1000, link
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
        files = re.findall(r'src="file://([^"]*)"', tip)
        assert len(files) == len(links) and all(os.path.exists(f) for f in files) and "[%" not in tip, tip
        shown += len(files)
    assert shown > 0, f"{path}: no pictures"
    return layer.featureCount()


def check_words(layer, hidden):
    """Every column that is seen has a name for a person, and no number has more digits than it is worth."""
    for at, field in enumerate(layer.fields()):
        if field.name() in hidden or layer.editorWidgetSetup(at).type() == "ExternalResource":
            continue
        alias = layer.attributeAlias(at)
        assert alias and alias[0].isupper() and "_" not in alias, f"{layer.name()}: {field.name()} is called {alias!r}"
        for feature in layer.getFeatures():
            if isinstance(feature[at], float):
                assert len(f"{feature[at]!r}".split(".")[1]) <= 7, f"{layer.name()}: {field.name()} is {feature[at]!r}"


def legend_of(layer, node, model):
    return [item.data(0) for item in model.layerLegendNodes(node)]


def check_legends(folder, figures, tree, layers):
    """Of maps the classes that occur at any date, in one order; of change the pairs that occur; and no bands."""
    model = QgsLayerTreeModel(tree)
    names = {c["value"]: c["name"] for c in figures["scheme"]["classes"]}
    maps = {n: l for n, l in layers.items() if n.startswith("Land use ")}
    occur = set()
    for layer in maps.values():
        occur |= {int(v) for v in values_of(layer.dataProvider().dataSourceUri()).flat} - {0}
    expected = [names[v] for v in sorted(occur)]
    for name, layer in layers.items():
        if not isinstance(layer, QgsRasterLayer) or name.startswith("Imagery"):
            continue
        legend = legend_of(layer, tree.findLayer(layer), model)
        assert legend and not any("Band" in str(entry) for entry in legend), (name, legend)
        if name in maps:
            assert legend == expected, (name, legend, expected)
        elif name.startswith(("Change", "Significant")):
            codes = {int(v) for v in values_of(layer.dataProvider().dataSourceUri()).flat if v >= 100}
            pairs = {f"{names[v // 100]} to {names[v % 100]}" for v in codes}
            assert {e for e in legend if " to " in e} == pairs, (name, legend, pairs)


def check_project(folder, figures, png):
    project = QgsProject.instance()
    assert project.read(str(folder / "county.qgz")), "QGIS cannot read the project"
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
    for name, layer in layers.items():
        if not name.startswith("Imagery"):
            assert layer.crs() == project.crs(), f"{name}: {layer.crs().authid()}"
    tree = project.layerTreeRoot()
    groups = [g.name() for g in tree.findGroups()]
    order = ["Candidates", "Boundary and zones", "Significance", "Change", "Dates", "Confidence", "Imagery"]
    assert groups == [g for g in order if g in groups] and {"Dates", "Confidence", "Boundary and zones"} <= set(groups), groups
    assert {n.layerId() for n in tree.findLayers()} == set(project.mapLayers()), "a layer that is not in the tree"
    shown = [n.layer().name() for n in tree.findLayers() if n.isVisible()]
    assert f"Land use {labels[-1]}" in shown and "County boundary" in shown, shown
    assert not any(name.startswith(("Imagery", "Confidence", "Probability")) for name in shown), shown
    for name, layer in layers.items():
        if name.startswith("Probability of change"):
            low = layer.renderer().shader().rasterShaderFunction().colorRampItemList()[0].color
            assert low.alpha() < 64, f"{name}: covers what did not change"
        elif name == "Zones":
            assert len(layer.fields()) <= 4 + 3 * len(figures["scheme"]["classes"]), f"zones: {len(layer.fields())} columns"
            assert layer.renderer().type() == "singleSymbol" and layer.labelsEnabled(), "zones without a style"
    check_legends(folder, figures, tree, layers)
    for name, layer in layers.items():
        if isinstance(layer, QgsVectorLayer) and name in ("County boundary", "Zones"):
            assert layer.editorWidgetSetup(layer.fields().indexOf("fid")).type() == "Hidden", name
            check_words(layer, {"fid"})
        elif isinstance(layer, QgsVectorLayer):
            assert "[%" in layer.mapTipTemplate() and layer.renderer().type() == "RuleRenderer", name
    # The dates follow each other in time.
    times = [layers[f"Land use {label}"].temporalProperties() for label in labels]
    assert all(t.isActive() for t in times)
    assert [t.fixedTemporalRange().begin().date().year() for t in times] == [int(label[:4]) for label in labels]
    assert all(a.fixedTemporalRange().end() == b.fixedTemporalRange().begin() for a, b in zip(times, times[1:]))
    assert project.timeSettings().temporalRange().begin() == times[0].fixedTemporalRange().begin()
    # The first view shows the county.
    extent = project.viewSettings().defaultViewExtent()
    assert extent.contains(layers["County boundary"].extent()), "the first view misses the county"
    image = render([n.layer() for n in tree.findLayers() if n.isVisible()], extent, 1600, 1000, project.crs(),
                   QColor(255, 255, 255))
    colours = {image.pixel(x, y) for x in range(0, 1600, 16) for y in range(0, 1000, 10)}
    assert len(colours) > 3, "an empty view"
    if png:
        image.save(png)
    check_layout(project, png)
    return f"{len(layers)} layers in {', '.join(groups)}; seen first: {', '.join(shown)}"


def check_layout(project, png):
    """Two clicks to a PDF."""
    layout = project.layoutManager().layoutByName("A3 map")
    assert layout is not None, "no layout"
    # What the dialog of an export begins with: a map whole, not in tiles with seams between, and its colours as they are.
    assert layout.customProperty("pdfDisableRasterTiles") and layout.customProperty("pdfLosslessImages"), "seams in the PDF"
    pdf = os.path.join(os.environ["HOME"], "map.pdf")
    assert QgsLayoutExporter(layout).exportToPdf(pdf, QgsLayoutExporter.PdfExportSettings()) == QgsLayoutExporter.ExportResult.Success
    assert os.path.getsize(pdf) > 10000
    legend = layout.itemById("legend")
    page = layout.pageCollection().page(0).sizeWithUnits()
    assert (page.width(), page.height()) == (420, 297), "not A3"
    assert legend.pagePos().y() + legend.rect().height() <= 218, f"the legend does not fit: {legend.rect().height()} mm"
    for node in legend.model().rootGroup().findLayers():
        entries = legend_of(node.layer(), node, legend.model())
        assert not any("Band" in str(entry) for entry in entries), entries
    if png:
        shutil.copy(pdf, png + ".pdf")


def run(name, **parameters):
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    results, right = QgsApplication.processingRegistry().algorithmById(name).run(parameters, context, feedback)
    assert right, feedback.textLog()
    return {key: context.takeResultLayer(value) if key.startswith("OUTPUT") and isinstance(value, str) else value
            for key, value in results.items()}


def check_areas(folder, figures):
    """Counts of cells by QGIS are ours, and the areas of zones lie between what QGIS finds within and around them."""
    cells = 0
    for date in figures["dates"]:
        path = str(folder / date["label"] / "landuse.tif")
        table = run("native:rasterlayeruniquevaluesreport", INPUT=path, BAND=1, OUTPUT_TABLE="memory:")["OUTPUT_TABLE"]
        found = {int(f["value"]): (int(f["count"]), f["m2"]) for f in table.getFeatures()}
        for c in date["classes"]:
            count, m2 = found.get(c["value"], (0, 0))
            assert count == c["cells"], (date["label"], c["name"], count, c["cells"])
            # The county's edge cuts cells, which QGIS counts whole.
            assert c["area_ha"] * 1e4 <= m2 * 1.002, (date["label"], c["name"], m2, c["area_ha"])
            cells += count
    zones = QgsVectorLayer(f"{folder / 'zones.gpkg'}|layername=zones", "zones")
    raster = QgsRasterLayer(path, "map")
    size = raster.rasterUnitsPerPixelX()
    bounds = []
    for reach in (-size * math.sqrt(0.5), size * math.sqrt(0.5)):
        grown = QgsVectorLayer(f"MultiPolygon?crs={zones.crs().authid()}&field=name:string", "grown", "memory")
        for zone in zones.getFeatures():
            feature = QgsFeature(grown.fields())
            feature["name"] = zone["name"]
            shape = zone.geometry().buffer(reach, 32)
            shape.convertToMultiType()
            feature.setGeometry(shape)
            assert grown.dataProvider().addFeatures([feature])[0]
        counts = run("native:zonalhistogram", INPUT_RASTER=path, RASTER_BAND=1, INPUT_VECTOR=grown, COLUMN_PREFIX="H_",
                     OUTPUT="memory:")["OUTPUT"]
        bounds.append({f["name"]: {x.name(): f[x.name()] for x in counts.fields()} for f in counts.getFeatures()})
    within = 0
    for zone in figures["zones"]["zones"]:
        for c in zone["dates"][-1]["classes"]:
            low, high = (b[zone["name"]].get(f"H_{c['value']}") or 0 for b in bounds)
            assert low * size * size * 0.998 <= c["area_ha"] * 1e4 <= high * size * size * 1.002, (zone["name"], c, low, high)
            within += low
    assert cells > 0 and within > 0
    return cells


def main(folder, sample, png):
    figures = json.loads((folder / "statistics.json").read_text())
    print("project:", check_project(folder, figures, png))
    rasters = [p for pattern in ("*/landuse*.tif", "*/change.tif", "*/flagged.tif", "trajectory.tif", "year_of_change.tif")
               for p in sorted(folder.glob(pattern))]
    assert len(rasters) >= 6, rasters
    print("rasters:", len(rasters), "with", sum(check_raster(p) for p in rasters), "cells, all as their styles say")
    candidates = sorted(folder.glob("*_*/pictures"))[0].parent / "new_development.gpkg"
    print("forms:", check_form(str(candidates), "new_development", "review_status"), "candidates,",
          check_form(str(sample), "sample", "reference"), "sampled cells")
    print("areas:", check_areas(folder, figures), "cells counted by QGIS as by us")
    QgsProject.instance().clear()
    away = folder.with_name(folder.name + " moved")
    folder.rename(away)
    project = QgsProject.instance()
    assert project.read(str(away / "county.qgz"))
    for layer in project.mapLayers().values():
        assert layer.isValid(), f"moved: {layer.source()}"
    project.clear()
    away.rename(folder)


if __name__ == "__main__":
    run_and_leave(lambda: main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(),
                               sys.argv[3] if len(sys.argv) > 3 else None))
