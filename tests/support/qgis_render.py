#!/usr/bin/python3
"""Open our rasters in QGIS, without a screen, and hold every rendered pixel to the style's colour.

usage: qgis_render.py MAP.tif...        (needs Debian's python3-qgis)
A map is drawn at its own extent, nine pixels a cell each way; the middle one must have the colour that the
.qml beside it gives the cell's value, and be transparent where the map has nodata. (At one pixel a cell
QGIS 3.22 is at the mercy of rounding where the cell size is not a binary number, 67.2 m say.)
"""
import os
import sys
import tempfile
import xml.etree.ElementTree as xml

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = tempfile.mkdtemp()
from osgeo import gdal  # noqa: E402
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer  # noqa: E402
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402


SCALE = 9


def check(path):
    layer = QgsRasterLayer(path, "map")
    assert layer.isValid(), f"{path}: not valid in QGIS"
    assert layer.crs().isValid(), f"{path}: no CRS in QGIS"
    assert layer.renderer().type() == "paletted", f"{path}: renderer {layer.renderer().type()}"
    entries = xml.parse(os.path.splitext(path)[0] + ".qml").iter("paletteEntry")
    colors = {int(e.get("value")): QColor(e.get("color")).rgb() & 0xFFFFFF for e in entries}
    # Of changes those that occur.
    assert {v for v in colors if v >= 100} <= set(int(v) for v in gdal.Open(path).ReadAsArray().flat), "pairs that do not occur"
    legend = [item[0] for item in layer.legendSymbologyItems()]
    values = gdal.Open(path).ReadAsArray()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(SCALE * values.shape[1], SCALE * values.shape[0]))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    wrong = 0
    for row in range(values.shape[0]):
        for col in range(values.shape[1]):
            pixel, value = image.pixel(SCALE * col + SCALE // 2, SCALE * row + SCALE // 2), int(values[row, col])
            if value == 0:
                wrong += (pixel >> 24) != 0
            else:
                wrong += (pixel & 0xFFFFFF) != colors[value]
    print(f"{path}: {values.size} cells, {wrong} differ from the style; legend: {', '.join(legend[:4])}...")
    assert wrong == 0


application = QgsApplication([], False)
application.initQgis()
for name in sys.argv[1:]:
    check(name)
application.exitQgis()
