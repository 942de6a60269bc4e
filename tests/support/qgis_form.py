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
    # What would lead the eye is neither in the form nor in the table nor in a place's name; people's words are there.
    blind = {"stratum", "stratum_name", "map", "map_name", "from_class", "to_class", "probability", "weight"}
    hidden = ({"fid"} | blind if field == "reference" else {"fid", "from_code", "to_code"}) & {f.name() for f in layer.fields()}
    assert all(widget(name) == "Hidden" for name in hidden), [name for name in hidden if widget(name) != "Hidden"]
    columns = {c.name: c.hidden for c in layer.attributeTableConfig().columns()}
    assert all(columns[name] for name in hidden), columns
    title = layer.displayExpression()
    assert not any(name in title for name in hidden) and (field != "reference" or title == '"id"'), title
    assert layer.attributeAlias(layer.fields().indexOf(field)) not in ("", field), "a raw field name"
    outlines = [rule.symbol() for rule in layer.renderer().rootRule().children()]
    assert all(s.symbolLayer(0).color().name() == "#ffffff" for s in outlines), "an outline without a white edge"
    assert len({s.symbolLayer(1).penStyle() for s in outlines}) == len(outlines), "open and done differ by colour alone"
    boxes = layer.editFormConfig().tabs()
    assert [b.name() for b in boxes] == ["Review", "Imagery", "Facts"], [b.name() for b in boxes]
    form = layer.editFormConfig()
    assert form.readOnly(layer.fields().indexOf("fid"))
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
