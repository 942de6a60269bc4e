#!/usr/bin/python3
"""Open a layer of places to judge in QGIS, without a screen: are its form, its pictures and its tips there?

usage: qgis_form.py FILE.gpkg LAYER FIELD        (needs Debian's python3-qgis; FIELD is the one with the list)
"""
import os
import re
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = tempfile.mkdtemp()
from qgis.core import (QgsApplication, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils,  # noqa: E402
                       QgsVectorLayer)


def check(path, name, field):
    layer = QgsVectorLayer(f"{path}|layername={name}", name)
    assert layer.isValid() and layer.crs().isValid(), path

    def widget(name):
        return layer.editorWidgetSetup(layer.fields().indexOf(name)).type()

    assert widget(field) == "ValueMap", widget(field)
    assert layer.renderer().type() == "RuleRenderer", layer.renderer().type()
    form = layer.editFormConfig()
    assert not form.readOnly(layer.fields().indexOf(field)) and form.readOnly(1), "what may be edited"
    pictures = [f.name() for f in layer.fields() if widget(f.name()) == "ExternalResource"]
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
    print(f"{path}: {layer.featureCount()} places, {shown} pictures in forms and tips")
    assert shown > 0


application = QgsApplication([], False)
application.initQgis()
check(*sys.argv[1:])
application.exitQgis()
