"""The QGIS plugin of landuse: its commands in the Processing toolbox, and a panel to judge places by eye."""


def classFactory(iface):
    from .plugin import Plugin
    return Plugin(iface)
