"""places.py: a layer of places to be judged by eye: cells of a sample ('reference'), or candidates of change ('review_status').

Blind: of each place its number, pictures, remark and judgement are read, and nothing that the map says of it. A judgement is
written at once and can be undone: outside an edit session as one of its own, which is saved; within one that somebody has begun
as a part of it, which they save.
"""
import os

from qgis.core import NULL, QgsFeatureRequest, QgsProviderRegistry, QgsVectorLayer

KINDS = (("reference", "id"), ("review_status", "patch"))  # what is judged, and what numbers the places
NO_VALUE = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"  # how QGIS writes NULL into the list of a ValueMap
# What the map says of places: a layer that has one of these would lead the eye.
LEADING = {"map", "map_name", "stratum_name", "from_name", "to_name"}


class PlacesError(Exception):
    """In words for a person."""


def is_null(value):
    return value is None or value == NULL


def kind_of(layer):
    """The fields that judge and number, or None of another layer."""
    names = {field.name() for field in layer.fields()} if isinstance(layer, QgsVectorLayer) and layer.isValid() else set()
    return next((kind for kind in KINDS if names.issuperset(kind)), None)


def choices_of(layer, field):
    """(value, name) of the form's list; [] where the layer has not got its form."""
    setup = layer.editorWidgetSetup(layer.fields().indexOf(field))
    entries = setup.config().get("map", []) if setup.type() == "ValueMap" else []
    entries = [entries] if isinstance(entries, dict) else entries
    return [(int(value), name) for entry in entries for name, value in entry.items() if value != NO_VALUE]


class Places:
    def __init__(self, layer):
        kind = kind_of(layer)
        if kind is None:
            raise PlacesError(f"{layer.name()} has no field 'reference' or 'review_status'")
        self.layer, (self.field, self.number) = layer, kind
        if not choices_of(layer, self.field):
            layer.loadDefaultStyle()
        self.choices = choices_of(layer, self.field)
        if not self.choices:
            raise PlacesError(f"{layer.name()} has no list of choices: its style is not in the file")
        names = [field.name() for field in layer.fields()]
        # Of a sample of change a label is a pair of classes, each with a key of its own.
        self.has_pairs = self.field == "reference" and "from_class" in names
        self.singles = [choice for choice in self.choices if choice[0] < 100] if self.has_pairs else self.choices
        self.pictures = [name for name in names
                         if layer.editorWidgetSetup(layer.fields().indexOf(name)).type() == "ExternalResource"]
        self.remark = "remark" if "remark" in names else None
        path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path", "")
        self.folder = os.path.dirname(path)
        self.read_fields = [name for name in (self.number, self.field, self.remark, "earlier", "later", *self.pictures)
                            if name in names]
        self.undone = []  # (fid, what was there, what was written) of each judgement, the last at the end
        self.order = []
        self.values = {}
        self.refresh()

    def refresh(self):
        """Read the judgements anew: others may have written, too."""
        request = QgsFeatureRequest().setSubsetOfAttributes([self.number, self.field], self.layer.fields())
        rows = sorted((f[self.number], f.id(), f[self.field]) for f in self.layer.getFeatures(request))
        self.order = [fid for _, fid, _ in rows]
        self.values = {fid: None if is_null(value) else int(value) for _, fid, value in rows}

    def count(self):
        return len(self.order)

    def done(self):
        return sum(value is not None for value in self.values.values())

    def place(self, fid):
        """What may be seen of a place, by field."""
        request = QgsFeatureRequest(fid).setSubsetOfAttributes(self.read_fields, self.layer.fields())
        feature = next(self.layer.getFeatures(request), None)
        return {} if feature is None else {name: None if is_null(feature[name]) else feature[name] for name in self.read_fields}

    def pictures_of(self, place):
        """(title, path) of each picture; the path is None where the imagery has no data."""
        titles = {"before": place.get("earlier"), "after": place.get("later")}
        return [(str(titles.get(name) or name.replace("picture_", "")),
                 os.path.join(self.folder, place[name]) if place.get(name) else None) for name in self.pictures]

    def extent(self, fid):
        feature = next(self.layer.getFeatures(QgsFeatureRequest(fid)), None)
        return None if feature is None else feature.geometry().boundingBox()

    def name_of(self, value):
        return next((name for number, name in self.choices if number == value), str(value))

    def pair(self, before, after):
        """The label of two classes: unchanged it is the class."""
        return before if before == after else 100 * before + after

    def judge(self, fid, value):
        """Write a judgement, None for none, and remember what was there."""
        former = self.values.get(fid)
        self._write(fid, self.field, value)
        self.undone.append((fid, former, value))
        self.values[fid] = value

    def say(self, fid, text):
        self._write(fid, self.remark, text or None)

    def undo(self):
        """Take the last judgement back; its place, or None where there is nothing to undo."""
        if not self.undone:
            return None
        fid, former, written = self.undone[-1]
        self.refresh()
        if self.values.get(fid, written) != written:
            self.undone.pop()
            raise PlacesError("Somebody has judged that place since: it stays as it is")
        self._write(fid, self.field, former)
        self.undone.pop()
        self.values[fid] = former
        return fid

    def _write(self, fid, field, value):
        layer, at = self.layer, self.layer.fields().indexOf(field)
        if layer.isEditable():
            layer.beginEditCommand(f"{layer.name()}: {field}")
            if not layer.changeAttributeValue(fid, at, value):
                layer.destroyEditCommand()
                raise PlacesError(f"{layer.name()} does not take it: is the field editable?")
            layer.endEditCommand()
            return
        # A session of its own, saved at once: behind every judgement other programs read it from the file.
        if not layer.startEditing():
            raise PlacesError(f"{layer.name()} cannot be edited: is its file read-only?")
        if not layer.changeAttributeValue(fid, at, value) or not layer.commitChanges():
            errors = "; ".join(layer.commitErrors())
            layer.rollBack()
            raise PlacesError(f"{layer.name()} was not saved: {errors or 'the layer does not take it'}")
        layer.triggerRepaint()


def leading_layers(project, layer):
    """Layers shown on the map that say what the map says: maps of classes, and candidates by class."""
    shown = []
    for other in project.layerTreeRoot().checkedLayers():
        # While a project is being read the tree has layers that are not there yet.
        if other is None or other.id() == layer.id():
            continue
        renderer = getattr(other, "renderer", lambda: None)()
        if renderer is not None and renderer.type() == "paletted":
            shown.append(other)
        elif isinstance(other, QgsVectorLayer) and LEADING & {field.name() for field in other.fields()}:
            shown.append(other)
    return shown
