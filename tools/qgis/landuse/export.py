"""export.py: a project's layout as a PDF in two clicks: the map whole, without the seams of tiles, its colours as they are."""
import os

from qgis.core import QgsLayoutExporter, QgsLayoutRenderContext, QgsProject
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QFileDialog


class ExportError(Exception):
    """In words for a person."""


def layout_of(project):
    layouts = project.layoutManager().printLayouts()
    if not layouts:
        raise ExportError("This project has no layout: open the county.qgz of a run")
    return layouts[0]


def export_pdf(layout, path):
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.flags = (settings.flags | QgsLayoutRenderContext.Flag.FlagDisableTiledRasterLayerRenders |
                      QgsLayoutRenderContext.Flag.FlagLosslessImageRendering)
    before = os.stat(path).st_mtime_ns if os.path.exists(path) else None
    made = QgsLayoutExporter(layout).exportToPdf(path, settings) == QgsLayoutExporter.ExportResult.Success
    # QGIS tells success of a file that could not be made.
    if not made or not os.path.exists(path) or os.stat(path).st_mtime_ns == before:
        raise ExportError(f"{path} could not be written")


def ask_and_export(iface):
    """Ask where to, beside the project unless another place is chosen, and tell what came of it."""
    project, bar = QgsProject.instance(), iface.messageBar()
    try:
        layout = layout_of(project)
        path, _ = QFileDialog.getSaveFileName(iface.mainWindow(), "Export the map as PDF",
                                              os.path.join(project.absolutePath(), f"{layout.name()}.pdf"), "PDF (*.pdf)")
        if path:
            export_pdf(layout, path)
            bar.pushSuccess("Exported", f'<a href="{QUrl.fromLocalFile(path).toString()}">{path}</a>')
    except ExportError as wrong:
        bar.pushWarning("Not exported", str(wrong))
