"""plugin.py: what QGIS starts and ends: the provider of Processing, and where there is a window the panel."""
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QMenu

from .algorithms import ICON
from .export import ask_and_export
from .provider import Provider

MENU = "Land use"


class Plugin:
    def __init__(self, iface):
        self.iface = iface
        self.provider = self.panel = self.action = self.menu = self.export = None

    def initProcessing(self):
        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        from .panel import Panel
        self.initProcessing()
        self.panel = Panel(self.iface)
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        self.panel.hide()
        self.action = self.panel.toggleViewAction()
        self.action.setIcon(QIcon(ICON))
        self.iface.addPluginToMenu(MENU, self.action)
        self.iface.addToolBarIcon(self.action)
        self.menu = QMenu()  # its owner: the class of an action has moved in Qt 6
        self.export = self.menu.addAction(QIcon(ICON), "Export the map as PDF")
        self.export.triggered.connect(lambda: ask_and_export(self.iface))
        self.iface.addPluginToMenu(MENU, self.export)

    def unload(self):
        if self.panel is not None:
            self.iface.removePluginMenu(MENU, self.action)
            self.iface.removePluginMenu(MENU, self.export)
            self.iface.removeToolBarIcon(self.action)
            self.iface.removeDockWidget(self.panel)
            self.panel.close_project()
            self.panel.deleteLater()
        QgsApplication.processingRegistry().removeProvider(self.provider)
